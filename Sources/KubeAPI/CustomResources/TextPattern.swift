import Synchronization

/// A regular expression of a schema, searched for anywhere in a text. Upstream's expressions are RE2's: they
/// work on code points, and their classes are those of ASCII.
final class TextPattern: Sendable {
    let text: String
    private let expression: Mutex<Regex<AnyRegexOutput>>

    /// Nil when the text is no expression.
    init?(_ text: String) {
        guard let expression = Self.compile(text) else { return nil }
        self.text = text
        self.expression = Mutex(expression)
    }

    private static func compile(_ text: String) -> sending Regex<AnyRegexOutput>? {
        guard let expression = try? Regex(text) else { return nil }
        return expression.matchingSemantics(.unicodeScalar).asciiOnlyCharacterClasses()
    }

    func matches(_ value: String) -> Bool {
        expression.withLock { expression in
            do { return try expression.firstMatch(in: value) != nil } catch { return false }
        }
    }
}
