import KubeJSON

/// Reads the query syntax of label selectors, refusing with upstream's words
/// (k8s.io/apimachinery/pkg/labels).
struct LabelSelectorParser {
    private enum Token: String {
        case error, end, identifier
        case close = ")"
        case comma = ","
        case not = "!"
        case doubleEquals = "=="
        case equals = "="
        case greater = ">"
        case less = "<"
        case `in`
        case notEquals = "!="
        case notIn = "notin"
        case open = "("
    }

    private var tokens: [(token: Token, text: String)] = []
    private var position = 0

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var index = 0
        while true {
            while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
            // A zero byte ends the text, as it does upstream.
            guard index < bytes.count, bytes[index] != 0 else { break }
            let start = index
            if Self.isSymbol(bytes[index]) {
                tokens.append(Self.symbol(bytes, &index))
            } else {
                while index < bytes.count, bytes[index] != 0, !Self.isSymbol(bytes[index]),
                    !Self.isSpace(bytes[index])
                {
                    index += 1
                }
                let word = String(decoding: bytes[start..<index], as: UTF8.self)
                let token: Token = word == "in" ? .in : word == "notin" ? .notIn : .identifier
                tokens.append((token, word))
            }
        }
        tokens.append((.end, ""))
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
    }

    private static func isSymbol(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x3D, 0x21, 0x28, 0x29, 0x2C, 0x3E, 0x3C: true
        default: false
        }
    }

    /// The longest operator here: `=`, `!` and their doubled forms; the others are of one byte.
    private static func symbol(_ bytes: [UInt8], _ index: inout Int) -> (Token, String) {
        let first = bytes[index]
        index += 1
        if first == 0x3D || first == 0x21, index < bytes.count, bytes[index] == 0x3D {
            index += 1
            return first == 0x3D ? (.doubleEquals, "==") : (.notEquals, "!=")
        }
        let text = String(UnicodeScalar(first))
        return (Token(rawValue: text) ?? .error, text)
    }

    /// The next token; where a value is read, the words of operators are plain words.
    private func look(asValue: Bool = true) -> (token: Token, text: String) {
        let item = position < tokens.count ? tokens[position] : (.end, "")
        if asValue, item.token == .in || item.token == .notIn { return (.identifier, item.text) }
        return item
    }

    private mutating func take(asValue: Bool = true) -> (token: Token, text: String) {
        let item = look(asValue: asValue)
        position += 1
        return item
    }

    mutating func requirements() throws(SelectorError) -> [LabelSelector.Requirement] {
        var result: [LabelSelector.Requirement] = []
        while true {
            let next = look()
            switch next.token {
            case .end: return result
            case .identifier, .not:
                do {
                    result.append(try requirement())
                } catch {
                    throw SelectorError("unable to parse requirement: \(error.message)")
                }
                let after = take()
                if after.token == .end { return result }
                guard after.token == .comma else {
                    throw SelectorError("found '\(after.text)', expected: ',' or 'end of string'")
                }
                let following = look()
                guard following.token == .identifier || following.token == .not else {
                    throw SelectorError("found '\(following.text)', expected: identifier after ','")
                }
            default:
                throw SelectorError(
                    "found '\(next.text)', expected: !, identifier, or 'end of string'")
            }
        }
    }

    private mutating func requirement() throws(SelectorError) -> LabelSelector.Requirement {
        var item = take()
        let isNegated = item.token == .not
        if isNegated { item = take() }
        guard item.token == .identifier else {
            throw SelectorError("found '\(item.text)', expected: identifier")
        }
        let key = item.text
        let faults = LabelSyntax.keyErrors(key)
        if !faults.isEmpty {
            // Upstream has no path here, and prints that as <nil>.
            throw SelectorError(
                "<nil>: Invalid value: \(GoText.quoted(key)): \(faults.joined(separator: "; "))")
        }
        if isNegated { return try .init(key: key, op: .doesNotExist, values: []) }
        let next = look().token
        if next == .end || next == .comma { return try .init(key: key, op: .exists, values: []) }

        let word = take(asValue: false)
        switch word.token {
        case .in: return try .init(key: key, op: .in, values: try valueList())
        case .notIn: return try .init(key: key, op: .notIn, values: try valueList())
        case .equals: return try .init(key: key, op: .equals, values: [try exactValue()])
        case .doubleEquals: return try .init(key: key, op: .doubleEquals, values: [try exactValue()])
        case .notEquals: return try .init(key: key, op: .notEquals, values: [try exactValue()])
        case .greater: return try .init(key: key, op: .greaterThan, values: [try exactValue()])
        case .less: return try .init(key: key, op: .lessThan, values: [try exactValue()])
        default:
            throw SelectorError(
                "found '\(word.text)', expected: in, notin, =, ==, !=, gt, lt")
        }
    }

    private mutating func exactValue() throws(SelectorError) -> String {
        let next = look().token
        if next == .end || next == .comma { return "" }
        let item = take()
        guard item.token == .identifier else {
            throw SelectorError("found '\(item.text)', expected: identifier")
        }
        return item.text
    }

    private mutating func valueList() throws(SelectorError) -> [String] {
        let open = take()
        guard open.token == .open else { throw SelectorError("found '\(open.text)' expected: '('") }
        let next = look()
        switch next.token {
        case .close:
            _ = take()
            return [""]
        case .identifier, .comma: break
        default: throw SelectorError("found '\(next.text)', expected: ',', ')' or identifier")
        }
        var values: Set<String> = []
        while true {
            let item = take()
            switch item.token {
            case .identifier:
                values.insert(item.text)
                let after = look()
                guard after.token == .comma || after.token == .close else {
                    throw SelectorError("found '\(after.text)', expected: ',' or ')'")
                }
            case .comma:
                let after = look().token
                if values.isEmpty || after == .close || after == .comma { values.insert("") }
            default:
                throw SelectorError("found '\(item.text)', expected: ',', or identifier")
            }
            if look().token == .close {
                _ = take()
                return values.sorted()
            }
        }
    }
}
