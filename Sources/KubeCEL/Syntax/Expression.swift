/// An expression as it was written, its macros expanded into folds.
struct Expression: Sendable {
    /// Where messages about it point to: a byte offset into the text.
    let position: Int
    let kind: Kind

    indirect enum Kind: Sendable {
        case literal(Value)
        case identifier(String)
        case select(Expression, String)
        case optionalSelect(Expression, String)
        /// `has(e.f)`.
        case has(Expression, String)
        case call(String, target: Expression?, [Expression])
        case and([Expression])
        case or([Expression])
        case list([Element])
        case map([Entry])
        case message(String, [Field])
        case fold(Fold)
    }

    struct Element: Sendable {
        let value: Expression
        let isOptional: Bool
    }

    struct Entry: Sendable {
        let key: Expression
        let value: Expression
        let isOptional: Bool
    }

    struct Field: Sendable {
        let position: Int
        let name: String
        let value: Expression
        let isOptional: Bool
    }

    /// A macro that binds names: the range, one or two variables, and what is done with each element.
    struct Fold: Sendable {
        let kind: FoldKind
        let range: Expression
        let variables: [String]
        let filter: Expression?
        let body: Expression
    }
}

enum FoldKind: Sendable {
    case all
    case exists
    case existsOne
    case map
    case filter
    case transformList
    case transformMap
    case transformMapEntry
    case sortBy
    case optMap
    case optFlatMap
}
