import KubeCEL

/// A regular expression of a schema, searched for anywhere in a text.
final class TextPattern: Sendable {
    var text: String { expression.text }
    private let expression: Pattern

    /// Nil when the text is no expression.
    init?(_ text: String) {
        guard let expression = Pattern(text) else { return nil }
        self.expression = expression
    }

    /// Why a text is no expression, as Go says it; nil when it is one.
    static func problem(_ text: String) -> String? {
        do {
            _ = try Pattern(parsing: text)
            return nil
        } catch {
            return error.description
        }
    }

    func matches(_ value: String) -> Bool { expression.matches(value) }
}
