/// A regular expression as a tree.
indirect enum PatternNode: Sendable {
    case empty
    case scalar(UInt32, foldsCase: Bool)
    case set(ScalarSet)
    case sequence([PatternNode])
    case choice([PatternNode])
    /// Between `least` and `most` times; without bound where `most` is nil.
    case repeated(PatternNode, least: Int, most: Int?, isGreedy: Bool)
    case assertion(PatternAssertion)
}

enum PatternAssertion: Sendable {
    case textStart
    case textEnd
    case lineStart
    case lineEnd
    case wordBoundary
    case noWordBoundary
}

/// Why a text is no regular expression, in the words of Go's regexp/syntax.
public struct PatternError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ problem: String, _ part: some StringProtocol) {
        description = "error parsing regexp: \(problem): `\(part)`"
    }
}

/// Reads the syntax of RE2 as Go does.
struct PatternParser {
    /// Go's bounds on repetition and nesting.
    private static let maximumRepeat = 1_000
    private static let maximumDepth = 1_000

    private let text: [UnicodeScalar]
    private var position = 0
    private var depth = 0
    private var flags = Flags()

    private struct Flags {
        var foldsCase = false
        var isMultiline = false
        var dotMatchesNewline = false
        var isUngreedy = false
    }

    static func parse(_ text: String) throws(PatternError) -> PatternNode {
        var parser = PatternParser(text: Array(text.unicodeScalars))
        let node = try parser.choice()
        if parser.position < parser.text.count {
            throw PatternError("unexpected )", text)
        }
        return node
    }

    private init(text: [UnicodeScalar]) { self.text = text }

    private var next: UnicodeScalar? { position < text.count ? text[position] : nil }

    private func shown(from start: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text[min(start, text.count)..<min(position, text.count)])
        return String(view)
    }

    private func rest(from start: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text[min(start, text.count)...])
        return String(view)
    }

    private mutating func accept(_ scalar: UnicodeScalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private func looks(at word: String) -> Bool {
        let scalars = Array(word.unicodeScalars)
        return position + scalars.count <= text.count
            && text[position..<position + scalars.count].elementsEqual(scalars)
    }

    private mutating func choice() throws(PatternError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.maximumDepth {
            throw PatternError("expression nests too deeply", rest(from: 0))
        }
        var branches = [try sequence()]
        while accept("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var items: [PatternNode] = []
        var lastRepeat: Int?
        while let scalar = next, scalar != "|", scalar != ")" {
            let start = position
            if let (least, most) = try bounds(scalar) {
                guard let operand = items.popLast() else {
                    throw PatternError("missing argument to repetition operator", shown(from: start))
                }
                let isLazy = accept("?")
                if let lastRepeat {
                    throw PatternError("invalid nested repetition operator", shown(from: lastRepeat))
                }
                lastRepeat = start
                let node = PatternNode.repeated(
                    operand, least: least, most: most, isGreedy: isLazy == flags.isUngreedy)
                if Self.copies(node) > Self.maximumRepeat {
                    throw PatternError("invalid repeat count", shown(from: start))
                }
                items.append(node)
                continue
            }
            lastRepeat = nil
            items += try atom()
        }
        return items.count == 1 ? items[0] : (items.isEmpty ? .empty : .sequence(items))
    }

    /// How many copies counted repetitions make of what is innermost.
    private static func copies(_ node: PatternNode) -> Int {
        switch node {
        case .sequence(let nodes), .choice(let nodes): return nodes.map(copies).max() ?? 1
        case .repeated(let inner, let least, let most, _):
            let own = most ?? least
            let product = copies(inner).multipliedReportingOverflow(by: max(own, 1))
            return product.overflow ? .max : product.partialValue
        default: return 1
        }
    }

    /// The bounds of a repetition operator; nil, and nothing read, where none starts here.
    private mutating func bounds(_ scalar: UnicodeScalar) throws(PatternError) -> (Int, Int?)? {
        switch scalar {
        case "*":
            position += 1
            return (0, nil)
        case "+":
            position += 1
            return (1, nil)
        case "?":
            position += 1
            return (0, 1)
        case "{":
            let start = position
            position += 1
            guard let least = number() else {
                position = start
                return nil
            }
            var most: Int? = least
            if accept(",") {
                most = nil
                if next != "}" {
                    guard let number = number() else {
                        position = start
                        return nil
                    }
                    most = number
                }
            }
            guard accept("}") else {
                position = start
                return nil
            }
            if least > Self.maximumRepeat || (most ?? 0) > Self.maximumRepeat
                || (most.map { $0 < least } ?? false)
            {
                throw PatternError("invalid repeat count", shown(from: start))
            }
            return (least, most)
        default: return nil
        }
    }

    private mutating func number() -> Int? {
        let start = position
        var value = 0
        while let scalar = next, ("0"..."9").contains(scalar) {
            value = min(value * 10 + Int(scalar.value) - 48, 1_000_000)
            position += 1
        }
        // Go takes no number with a leading zero for a count.
        if position == start || (position > start + 1 && text[start] == "0") { return nil }
        return value
    }

    private mutating func atom() throws(PatternError) -> [PatternNode] {
        let start = position
        guard let scalar = next else { return [] }
        position += 1
        switch scalar {
        case "(": return [try group(start)]
        case "[": return [.set(try bracket(start))]
        case ".":
            return [.set(flags.dotMatchesNewline ? .everything : .everythingButNewline)]
        case "^": return [.assertion(flags.isMultiline ? .lineStart : .textStart)]
        case "$": return [.assertion(flags.isMultiline ? .lineEnd : .textEnd)]
        case "\\": return try escape(start)
        default: return [.scalar(scalar.value, foldsCase: flags.foldsCase)]
        }
    }

    private mutating func group(_ start: Int) throws(PatternError) -> PatternNode {
        let outer = flags
        if accept("?") {
            if looks(at: "P<") || looks(at: "<") {
                position += looks(at: "P<") ? 2 : 1
                let nameStart = position
                while let scalar = next, scalar != ">" {
                    guard scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    else {
                        throw PatternError("invalid named capture", shown(from: start))
                    }
                    position += 1
                }
                guard position > nameStart, accept(">") else {
                    throw PatternError("invalid named capture", rest(from: start))
                }
            } else if try setFlags(start) {
                // Flags for the rest of the group that this is in.
                return .empty
            }
        }
        let inner = try choice()
        guard accept(")") else { throw PatternError("missing closing )", rest(from: 0)) }
        flags = outer
        return inner
    }

    /// Reads `i-s:` or `i-s)`.
    /// - Returns: whether it was the latter.
    private mutating func setFlags(_ start: Int) throws(PatternError) -> Bool {
        var isOn = true
        var hasFlag = false
        while let scalar = next {
            position += 1
            switch scalar {
            case "i": flags.foldsCase = isOn
            case "m": flags.isMultiline = isOn
            case "s": flags.dotMatchesNewline = isOn
            case "U": flags.isUngreedy = isOn
            case "-" where isOn:
                isOn = false
                hasFlag = false
                continue
            case ":" where isOn || hasFlag: return false
            case ")" where isOn || hasFlag: return true
            default: throw PatternError("invalid or unsupported Perl syntax", shown(from: start))
            }
            hasFlag = true
        }
        throw PatternError("missing closing )", rest(from: 0))
    }

    // MARK: Escapes

    private mutating func escape(_ start: Int) throws(PatternError) -> [PatternNode] {
        guard let scalar = next else {
            throw PatternError("trailing backslash at end of expression", "")
        }
        switch scalar {
        case "A", "z", "b", "B":
            position += 1
            let assertion: PatternAssertion =
                switch scalar {
                case "A": .textStart
                case "z": .textEnd
                case "b": .wordBoundary
                default: .noWordBoundary
                }
            return [.assertion(assertion)]
        case "Q":
            position += 1
            var nodes: [PatternNode] = []
            while let scalar = next {
                if looks(at: "\\E") {
                    position += 2
                    break
                }
                nodes.append(.scalar(scalar.value, foldsCase: flags.foldsCase))
                position += 1
            }
            return nodes
        default: break
        }
        if let set = try classEscape(start) { return [.set(set)] }
        return [.scalar(try scalarEscape(start), foldsCase: flags.foldsCase)]
    }

    /// `\d` and its like, `\pL`, `\p{Greek}`; nil, and nothing read, where it is none of them.
    private mutating func classEscape(_ start: Int) throws(PatternError) -> ScalarSet? {
        guard let scalar = next else { return nil }
        if let set = ScalarSet(perl: scalar) {
            position += 1
            return set
        }
        guard scalar == "p" || scalar == "P" else { return nil }
        position += 1
        var isNegated = scalar == "P"
        var name = ""
        if accept("{") {
            if accept("^") { isNegated.toggle() }
            while let scalar = next, scalar != "}" {
                name.unicodeScalars.append(scalar)
                position += 1
            }
            guard accept("}") else {
                throw PatternError("invalid character class range", rest(from: start))
            }
        } else if let scalar = next {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard let set = ScalarSet(unicode: name) else {
            throw PatternError("invalid character class range", shown(from: start))
        }
        return isNegated ? set.inverted() : set
    }

    private mutating func scalarEscape(_ start: Int) throws(PatternError) -> UInt32 {
        guard let scalar = next else {
            throw PatternError("trailing backslash at end of expression", "")
        }
        position += 1
        switch scalar {
        case "a": return 0x07
        case "f": return 0x0c
        case "n": return 0x0a
        case "r": return 0x0d
        case "t": return 0x09
        case "v": return 0x0b
        case "0", "1", "2", "3", "4", "5", "6", "7":
            // One digit alone would be a back-reference, but for zero.
            if scalar != "0", !(next.map { ("0"..."7").contains($0) } ?? false) { break }
            var value = scalar.value - 48
            for _ in 0..<2 {
                guard let digit = next, ("0"..."7").contains(digit) else { break }
                value = value * 8 + digit.value - 48
                position += 1
            }
            return value
        case "x":
            if accept("{") {
                var value: UInt32 = 0
                var count = 0
                while let digit = next.flatMap({ Self.hex($0) }) {
                    value = value * 16 + digit
                    count += 1
                    position += 1
                    if value > 0x10ffff { throw PatternError("invalid escape sequence", shown(from: start)) }
                }
                guard count > 0, accept("}") else { break }
                return value
            }
            guard let high = next.flatMap({ Self.hex($0) }) else { break }
            position += 1
            guard let low = next.flatMap({ Self.hex($0) }) else { break }
            position += 1
            return high * 16 + low
        default:
            // Punctuation stands for itself.
            let isWord = scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            if scalar.isASCII, !isWord { return scalar.value }
        }
        throw PatternError("invalid escape sequence", shown(from: start))
    }

    private static func hex(_ scalar: UnicodeScalar) -> UInt32? {
        switch scalar {
        case "0"..."9": scalar.value - 48
        case "a"..."f": scalar.value - 87
        case "A"..."F": scalar.value - 55
        default: nil
        }
    }

    // MARK: Classes

    private mutating func bracket(_ start: Int) throws(PatternError) -> ScalarSet {
        let isNegated = accept("^")
        var set = ScalarSet(foldsCase: flags.foldsCase)
        var isFirst = true
        while true {
            guard let scalar = next else { throw PatternError("missing closing ]", rest(from: start)) }
            if scalar == "]", !isFirst {
                position += 1
                break
            }
            isFirst = false
            let itemStart = position
            if looks(at: "[:") {
                let isOther = position + 2 < text.count && text[position + 2] == "^"
                var name = ""
                var end = position + (isOther ? 3 : 2)
                while end < text.count, text[end] != ":", text[end] != "]" {
                    name.unicodeScalars.append(text[end])
                    end += 1
                }
                if end + 1 < text.count, text[end] == ":", text[end + 1] == "]" {
                    position = end + 2
                    guard let named = ScalarSet(posix: name) else {
                        throw PatternError("invalid character class range", shown(from: itemStart))
                    }
                    set.formUnion(isOther ? named.inverted() : named)
                    continue
                }
            }
            if scalar == "\\" {
                position += 1
                if let named = try classEscape(itemStart) {
                    set.formUnion(named)
                    continue
                }
                position = itemStart
            }
            let low = try member(itemStart)
            var high = low
            if next == "-", position + 1 < text.count, text[position + 1] != "]" {
                position += 1
                high = try member(itemStart)
                if high < low { throw PatternError("invalid character class range", shown(from: itemStart)) }
            }
            set.insert(low...high)
        }
        return isNegated ? set.inverted() : set
    }

    private mutating func member(_ start: Int) throws(PatternError) -> UInt32 {
        guard let scalar = next else { throw PatternError("missing closing ]", rest(from: start)) }
        position += 1
        return scalar == "\\" ? try scalarEscape(start) : scalar.value
    }
}
