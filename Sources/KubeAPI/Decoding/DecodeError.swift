/// Why a body is not an object of its kind, in the words of Go's decoder, which clients know.
public struct DecodeError: Error, Sendable, CustomStringConvertible {
    enum Reason: Sendable {
        /// A value of the wrong JSON type: what was found, and the Go type that was wanted.
        case type(found: String, wanted: String)
        /// What a type's own reader said.
        case text(String)
    }

    let reason: Reason
    /// The Go structure that holds the field, and the fields on the way to it from the root.
    var structure = ""
    var path: [String] = []

    init(_ reason: Reason) { self.reason = reason }

    public var description: String {
        switch reason {
        case .text(let text): text
        case .type(let found, let wanted):
            path.isEmpty
                ? "json: cannot unmarshal \(found) into Go value of type \(wanted)"
                : "json: cannot unmarshal \(found) into Go struct field "
                    + "\(structure).\(path.reversed().joined(separator: ".")) of type \(wanted)"
        }
    }

    /// The message of the 400 answer: `Pod in version "v1" cannot be handled as a Pod: …`.
    public func message(kind: String, version: String) -> String {
        "\(kind) in version \"\(version)\" cannot be handled as a \(kind): \(self)"
    }
}
