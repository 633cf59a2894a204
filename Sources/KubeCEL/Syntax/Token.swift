/// A word of an expression.
struct Token: Sendable {
    enum Kind: Sendable, Equatable {
        case end
        case identifier(String)
        /// In backquotes: a field name that is no identifier.
        case quoted(String)
        case int(String)
        case uint(String)
        case double(String)
        case string(String)
        case bytes([UInt8])
        /// Operators, brackets, and the words `in`, `true`, `false` and `null`.
        case symbol(String)
    }

    let kind: Kind
    let start: Int
    let end: Int

    func isSymbol(_ text: String) -> Bool {
        if case .symbol(let symbol) = kind { symbol == text } else { false }
    }
}
