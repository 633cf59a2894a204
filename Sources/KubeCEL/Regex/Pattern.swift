/// A compiled regular expression in RE2's syntax. It is run as a set of states moving over the text together:
/// the time is the product of the lengths of text and expression, whatever they are (Thompson's construction,
/// Pike's order of preference).
public final class Pattern: Sendable {
    enum Instruction: Sendable {
        case scalar(UInt32)
        /// The code point is folded before it is compared.
        case folded(UInt32)
        case set(ScalarSet)
        case assertion(PatternAssertion)
        /// The first is preferred.
        case split(Int, Int)
        case jump(Int)
        case match
    }

    public let text: String
    private let program: [Instruction]
    /// Whether every match starts at the start of the text.
    private let isAnchored: Bool
    /// More instructions than any sensible expression has.
    private static let maximumSize = 200_000

    /// Nil when the text is no expression.
    public convenience init?(_ text: String) {
        do { try self.init(parsing: text) } catch { return nil }
    }

    public init(parsing text: String) throws(PatternError) {
        self.text = text
        let node = try PatternParser.parse(text)
        var builder = PatternBuilder(limit: Self.maximumSize)
        builder.add(node)
        guard builder.program.count <= Self.maximumSize else {
            throw PatternError("expression too large", text)
        }
        program = builder.program + [.match]
        if case .assertion(.textStart) = program[0] { isAnchored = true } else { isAnchored = false }
    }

    /// Whether the expression matches anywhere in a text.
    public func matches(_ text: String) -> Bool {
        var run = PatternRun(program, Array(text.unicodeScalars), isAnchored: isAnchored)
        return run.search(from: 0, wantsRange: false) != nil
    }

    /// The parts of a text that match, from the left, none overlapping another; of those at one place the one
    /// that the expression prefers.
    func ranges(in text: [UnicodeScalar], limit: Int) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var run = PatternRun(program, text, isAnchored: isAnchored)
        var position = 0
        var lastEnd = -1
        while found.count < limit, position <= text.count {
            guard let range = run.search(from: position, wantsRange: true) else { break }
            // An empty match right after another is none.
            if !range.isEmpty || range.lowerBound != lastEnd { found.append(range) }
            lastEnd = range.upperBound
            position =
                range.isEmpty || range.upperBound <= position
                ? max(range.upperBound, position) + 1 : range.upperBound
        }
        return found
    }

    /// The first `limit` parts of a text that match.
    public func findAll(in text: String, limit: Int = .max) -> [String] {
        let scalars = Array(text.unicodeScalars)
        return ranges(in: scalars, limit: limit).map { range in
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[range])
            return String(view)
        }
    }
}

/// Lays a tree out as instructions.
private struct PatternBuilder {
    let limit: Int
    var program: [Pattern.Instruction] = []

    init(limit: Int) { self.limit = limit }

    mutating func add(_ node: PatternNode) {
        if program.count > limit { return }
        switch node {
        case .empty: break
        case .scalar(let value, let foldsCase):
            program.append(foldsCase ? .folded(CaseFolding.fold(value)) : .scalar(value))
        case .set(let set): program.append(.set(set))
        case .assertion(let assertion): program.append(.assertion(assertion))
        case .sequence(let nodes):
            for node in nodes { add(node) }
        case .choice(let nodes):
            var ends: [Int] = []
            for (index, node) in nodes.enumerated() {
                guard index + 1 < nodes.count else {
                    add(node)
                    break
                }
                let split = program.count
                program.append(.jump(0))
                add(node)
                ends.append(program.count)
                program.append(.jump(0))
                program[split] = .split(split + 1, program.count)
            }
            for end in ends { program[end] = .jump(program.count) }
        case .repeated(let inner, let least, let most, let isGreedy):
            for _ in 0..<least { add(inner) }
            guard let most else {
                let split = program.count
                program.append(.jump(0))
                add(inner)
                program.append(.jump(split))
                program[split] = choice(split + 1, program.count, isGreedy)
                return
            }
            var splits: [Int] = []
            for _ in 0..<max(most - least, 0) {
                splits.append(program.count)
                program.append(.jump(0))
                add(inner)
            }
            for split in splits { program[split] = choice(split + 1, program.count, isGreedy) }
        }
    }

    private func choice(_ inside: Int, _ after: Int, _ isGreedy: Bool) -> Pattern.Instruction {
        isGreedy ? .split(inside, after) : .split(after, inside)
    }
}

/// One text being searched.
private struct PatternRun {
    private let program: [Pattern.Instruction]
    private let text: [UnicodeScalar]
    private let isAnchored: Bool
    private var current: PatternThreads
    private var following: PatternThreads

    init(_ program: [Pattern.Instruction], _ text: [UnicodeScalar], isAnchored: Bool) {
        self.program = program
        self.text = text
        self.isAnchored = isAnchored
        current = PatternThreads(count: program.count)
        following = current
    }

    /// The first match at or after a position; with `wantsRange` false any range, as soon as there is one.
    mutating func search(from first: Int, wantsRange: Bool) -> Range<Int>? {
        current.clear()
        var best: Range<Int>?
        var position = first
        while true {
            if best == nil, !isAnchored || position == 0 {
                current.add(0, start: position, at: position, program, text)
            }
            if current.threads.isEmpty, best != nil || isAnchored { return best }
            following.clear()
            let scalar = position < text.count ? text[position].value : nil
            threads: for thread in current.threads {
                let isTaken: Bool
                switch program[thread.state] {
                case .match:
                    best = thread.start..<position
                    if !wantsRange { return best }
                    // What is less preferred than a match is of no interest.
                    break threads
                case .scalar(let value): isTaken = scalar == value
                case .folded(let value): isTaken = scalar.map { CaseFolding.fold($0) == value } ?? false
                case .set(let set): isTaken = scalar.map { set.contains($0) } ?? false
                case .assertion, .split, .jump: isTaken = false
                }
                if isTaken {
                    following.add(thread.state + 1, start: thread.start, at: position + 1, program, text)
                }
            }
            swap(&current, &following)
            if scalar == nil { return best }
            position += 1
        }
    }
}

/// The states that are alive, the most preferred first, and where the match of each began.
private struct PatternThreads {
    private(set) var threads: [(state: Int, start: Int)] = []
    /// For each state the generation in which it was last added.
    private var marks: [Int]
    private var generation = 0
    private var stack: [Int] = []

    init(count: Int) { marks = Array(repeating: 0, count: count) }

    mutating func clear() {
        threads.removeAll(keepingCapacity: true)
        generation += 1
    }

    /// Adds a state and all that are reached from it without reading.
    mutating func add(
        _ state: Int, start: Int, at position: Int, _ program: [Pattern.Instruction], _ text: [UnicodeScalar]
    ) {
        stack.append(state)
        while let state = stack.popLast() {
            if marks[state] == generation { continue }
            marks[state] = generation
            switch program[state] {
            case .jump(let target): stack.append(target)
            case .split(let preferred, let other):
                stack.append(other)
                stack.append(preferred)
            case .assertion(let assertion):
                if Self.holds(assertion, at: position, text) { stack.append(state + 1) }
            default: threads.append((state, start))
            }
        }
    }

    private static func holds(
        _ assertion: PatternAssertion, at position: Int, _ text: [UnicodeScalar]
    ) -> Bool {
        switch assertion {
        case .textStart: return position == 0
        case .textEnd: return position == text.count
        case .lineStart: return position == 0 || text[position - 1] == "\n"
        case .lineEnd: return position == text.count || text[position] == "\n"
        case .wordBoundary, .noWordBoundary:
            func isWord(_ index: Int) -> Bool {
                guard index >= 0, index < text.count else { return false }
                return ScalarSet.word.contains { $0.contains(text[index].value) }
            }
            return (isWord(position - 1) != isWord(position)) == (assertion == .wordBoundary)
        }
    }
}
