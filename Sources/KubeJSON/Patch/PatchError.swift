/// Why a patch cannot be read or applied, in the words of kube-apiserver.
public struct PatchError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The patch is not one: 400, BadRequest.
        case malformed
        /// The patch is one but does not fit the object: 422. kube-apiserver hides the message of these
        /// behind a general one.
        case unprocessable
        /// More operations than are allowed: 413.
        case tooLarge
        /// What kube-apiserver reports as an internal error: 500.
        case failed
    }

    public let kind: Kind
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var description: String { message }
}

extension JSON {
    /// The value as Go's `%v` prints the maps, slices and scalars that JSON is decoded into; part of
    /// messages that clients see.
    var goText: String {
        switch self {
        case .null: return "<nil>"
        case .string(let value): return value
        case .array(let values): return "[" + values.map(\.goText).joined(separator: " ") + "]"
        case .object(let object):
            let members = object.sorted { utf8Less($0.key, $1.key) }
            return "map[" + members.map { $0.key + ":" + $0.value.goText }.joined(separator: " ") + "]"
        case .bool, .integer, .double: return JSONWriter.string(self)
        }
    }

    /// The Go type that the value is decoded into.
    var goType: String {
        switch self {
        case .null: "%!s(<nil>)"
        case .bool: "bool"
        case .integer: "int64"
        case .double: "float64"
        case .string: "string"
        case .array: "[]interface {}"
        case .object: "map[string]interface {}"
        }
    }

    /// How many containers are nested, counted no further than the limit (and one more).
    func nesting(upTo limit: Int) -> Int {
        guard limit >= 0 else { return 1 }
        var deepest = 0
        switch self {
        case .array(let values):
            for value in values { deepest = max(deepest, value.nesting(upTo: limit - 1)) }
        case .object(let object):
            for member in object.members { deepest = max(deepest, member.value.nesting(upTo: limit - 1)) }
        default: return 0
        }
        return deepest + 1
    }
}
