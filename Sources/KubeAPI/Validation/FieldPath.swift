/// Where a field is in an object, written as upstream writes it: `spec.containers[0].env[1].name`,
/// `metadata.labels[a/b]`.
///
/// A path is a chain of steps that shares its beginning with the paths it was made from, and is written out
/// only when an error needs it: validation makes thousands of paths and almost never an error.
public struct FieldPath: Sendable, CustomStringConvertible {
    private indirect enum Step: Sendable {
        case root
        case child(Step, String)
        case index(Step, Int)
        case key(Step, String)
    }

    private let step: Step

    private init(_ step: Step) { self.step = step }

    /// The object itself; its path is written as nothing.
    public static let root = FieldPath(.root)

    /// The path of top-level fields, as `FieldPath("spec", "template")`.
    public init(_ first: String, _ more: String...) {
        step = more.reduce(.child(.root, first)) { .child($0, $1) }
    }

    public func child(_ name: String) -> FieldPath { FieldPath(.child(step, name)) }
    public func child(_ name: String, _ more: String...) -> FieldPath {
        more.reduce(child(name)) { $0.child($1) }
    }
    public func index(_ index: Int) -> FieldPath { FieldPath(.index(step, index)) }
    public func key(_ key: String) -> FieldPath { FieldPath(.key(step, key)) }

    public var description: String {
        var text = ""
        Self.write(step, into: &text)
        return text
    }

    private static func write(_ step: Step, into text: inout String) {
        switch step {
        case .root: break
        case .child(let parent, let name):
            write(parent, into: &text)
            if !text.isEmpty { text += "." }
            text += name
        case .index(let parent, let index):
            write(parent, into: &text)
            text += "[\(index)]"
        case .key(let parent, let key):
            write(parent, into: &text)
            text += "[\(key)]"
        }
    }
}
