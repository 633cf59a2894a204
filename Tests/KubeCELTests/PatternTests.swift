import Testing

@testable import KubeCEL

@Suite struct PatternTests {
    @Test(arguments: [
        ("a+b", "xaaby", ["aab"]), ("a|ab", "ab", ["a"]), ("(?i)HeL", "hello", ["hel"]),
        ("^b", "ab", []), ("(?m)^b", "a\nb", ["b"]), ("\\bfoo\\b", "a foo b", ["foo"]),
        ("a{2,3}", "aaaa", ["aaa"]), ("a{2,3}?", "aaaa", ["aa", "aa"]), ("[^a-c]+", "abcdef", ["def"]),
        ("[[:digit:]]+", "a12", ["12"]), ("\\d\\D", "1a", ["1a"]), ("\\p{Lu}", "aÄb", ["Ä"]),
        ("x*", "axb", ["", "x", ""]), ("\\Qa.b\\E", "a.b", ["a.b"]), ("(?:ab)+", "ababa", ["abab"]),
        ("(?P<n>a)(?<m>b)", "ab", ["ab"]), ("[]a]", "]", ["]"]), ("\\x{e9}", "é", ["é"]), ("é", "é", ["é"]),
        (".", "\n", []), ("(?s).", "\n", ["\n"]), ("a{,2}", "a{,2}", ["a{,2}"]), ("", "a", ["", ""]),
    ])
    func finds(_ pattern: String, _ text: String, _ wanted: [String]) throws {
        let pattern = try Pattern(parsing: pattern)
        #expect(pattern.findAll(in: text) == wanted)
        #expect(pattern.matches(text) == !wanted.isEmpty)
    }

    @Test(arguments: [
        ("(", "error parsing regexp: missing closing ): `(`"),
        (")", "error parsing regexp: unexpected ): `)`"),
        ("*", "error parsing regexp: missing argument to repetition operator: `*`"),
        ("[a", "error parsing regexp: missing closing ]: `[a`"),
        ("a{1001}", "error parsing regexp: invalid repeat count: `{1001}`"),
        ("(?!a)", "error parsing regexp: invalid or unsupported Perl syntax: `(?!`"),
        ("\\8", "error parsing regexp: invalid escape sequence: `\\8`"),
    ])
    func refuses(_ pattern: String, _ wanted: String) {
        #expect(throws: PatternError.self) { try Pattern(parsing: pattern) }
        do { _ = try Pattern(parsing: pattern) } catch { #expect("\(error)" == wanted) }
    }

    /// What takes others exponential time takes time by the product of the lengths here.
    @Test func isLinear() throws {
        let pattern = try Pattern(parsing: "^(a+)+$")
        #expect(!pattern.matches(String(repeating: "a", count: 5_000) + "b"))
        let optional = try Pattern(
            parsing: String(repeating: "a?", count: 60) + String(repeating: "a", count: 60))
        #expect(optional.matches(String(repeating: "a", count: 60)))
    }

    // MARK: Against a matcher that tries everything

    private indirect enum Node {
        case letter(Character)
        case any
        case sequence(Node, Node)
        case choice(Node, Node)
        case star(Node)

        var text: String {
            switch self {
            case .letter(let letter): String(letter)
            case .any: "."
            case .sequence(let a, let b): a.text + b.text
            case .choice(let a, let b): "(?:\(a.text)|\(b.text))"
            case .star(let a): "(?:\(a.text))*"
            }
        }

        /// All ends of matches that start at a place.
        func ends(_ text: [Character], _ start: Int) -> Set<Int> {
            switch self {
            case .letter(let letter):
                return start < text.count && text[start] == letter ? [start + 1] : []
            case .any: return start < text.count ? [start + 1] : []
            case .sequence(let a, let b):
                return a.ends(text, start).reduce(into: []) { $0.formUnion(b.ends(text, $1)) }
            case .choice(let a, let b): return a.ends(text, start).union(b.ends(text, start))
            case .star(let a):
                var all: Set<Int> = [start]
                var fresh = all
                while !fresh.isEmpty {
                    var next: Set<Int> = []
                    for place in fresh { next.formUnion(a.ends(text, place)) }
                    fresh = next.subtracting(all)
                    all.formUnion(fresh)
                }
                return all
            }
        }
    }

    private func node(_ depth: Int, _ chance: inout SplitMix) -> Node {
        switch depth == 0 ? chance.next(2) : chance.next(6) {
        case 0: .letter(["a", "b", "c"][chance.next(3)])
        case 1: .any
        case 2, 3: .sequence(node(depth - 1, &chance), node(depth - 1, &chance))
        case 4: .choice(node(depth - 1, &chance), node(depth - 1, &chance))
        default: .star(node(depth - 1, &chance))
        }
    }

    @Test func agreesWithTryingEverything() throws {
        for seed in 0..<600 {
            var chance = SplitMix(seed: UInt64(seed))
            let node = node(3, &chance)
            let text = (0..<chance.next(8)).map { _ in ["a", "b", "c", "d"][chance.next(4)] as Character }
            let wanted = (0...text.count).contains { !node.ends(text, $0).isEmpty }
            let whole = node.ends(text, 0).contains(text.count)
            let shown = String(text)
            #expect(
                try Pattern(parsing: node.text).matches(shown) == wanted,
                "seed \(seed): \(node.text) in \(shown)")
            #expect(
                try Pattern(parsing: "^(?:\(node.text))$").matches(shown) == whole,
                "seed \(seed): all of \(shown) is \(node.text)")
        }
    }
}

/// Chance that repeats.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }

    mutating func next(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
