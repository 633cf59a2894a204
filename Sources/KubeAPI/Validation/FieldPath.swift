/// Where a field is in an object, written as upstream writes it: `spec.containers[0].env[1].name`,
/// `metadata.labels[a/b]`.
public struct FieldPath: Sendable, CustomStringConvertible {
    public let description: String

    public static let root = FieldPath(description: "")

    init(description: String) { self.description = description }

    /// The path of top-level fields, as `FieldPath("spec", "template")`.
    public init(_ first: String, _ more: String...) {
        description = more.isEmpty ? first : first + "." + more.joined(separator: ".")
    }

    public func child(_ name: String) -> FieldPath {
        description.isEmpty ? FieldPath(description: name) : FieldPath(description: description + "." + name)
    }
    public func child(_ name: String, _ more: String...) -> FieldPath {
        more.reduce(child(name)) { $0.child($1) }
    }
    public func index(_ index: Int) -> FieldPath { FieldPath(description: "\(description)[\(index)]") }
    public func key(_ key: String) -> FieldPath { FieldPath(description: "\(description)[\(key)]") }
}
