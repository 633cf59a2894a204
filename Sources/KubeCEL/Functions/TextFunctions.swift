extension FunctionTable {
    mutating func addTexts() {
        let tests: [(String, @Sendable (String, String) -> Bool)] = [
            ("startsWith", { a, b in a.utf8.starts(with: b.utf8) }),
            ("endsWith", { a, b in a.utf8.reversed().starts(with: b.utf8.reversed()) }),
            ("contains", { a, b in TextFunctions.contains(a, b) }),
        ]
        for (name, test) in tests {
            member(name, [.string, .string], .bool, name == "contains" ? .product : .traversal(0)) {
                args throws(EvaluationError) in
                .bool(test(try args[0].asText(), try args[1].asText()))
            }
        }
        let matches: Overload.Implementation = { args throws(EvaluationError) in
            .bool(try args[1].asPattern().matches(try args[0].asText()))
        }
        function("matches", [.string, .string], .bool, .expression(text: 0, pattern: 1), matches)
        member("matches", [.string, .string], .bool, .expression(text: 0, pattern: 1), matches)
        member("find", [.string, .string], .string, .expression(text: 0, pattern: 1)) {
            args throws(EvaluationError) in
            .string(try args[1].asPattern().findAll(in: try args[0].asText(), limit: 1).first ?? "")
        }
        for parameters in [[CELType.string, .string], [.string, .string, .int]] {
            member("findAll", parameters, .list(.string), .expression(text: 0, pattern: 1)) {
                args throws(EvaluationError) in
                let limit = args.count > 2 ? try args[2].asInt() : -1
                let found = try args[1].asPattern().findAll(
                    in: try args[0].asText(), limit: limit < 0 ? .max : Int(limit))
                return .list(.values(found.map { .string($0) }))
            }
        }
        addPositions()
        addChanges()
    }

    private mutating func addPositions() {
        member("charAt", [.string, .int], .string) { args throws(EvaluationError) in
            let text = Array(try args[0].asText().unicodeScalars)
            let index = try args[1].asInt()
            guard index >= 0, index <= Int64(text.count) else { throw TextFunctions.outOfRange(index) }
            return .string(index == Int64(text.count) ? "" : String(text[Int(index)]))
        }
        for (name, isLast) in [("indexOf", false), ("lastIndexOf", true)] {
            for parameters in [[CELType.string, .string], [.string, .string, .int]] {
                member(name, parameters, .int, .traversal(0)) { args throws(EvaluationError) in
                    let text = Array(try args[0].asText().unicodeScalars)
                    let part = Array(try args[1].asText().unicodeScalars)
                    let offset = args.count > 2 ? try args[2].asInt() : (isLast ? Int64(text.count) : 0)
                    return .int(
                        try isLast
                            ? TextFunctions.lastIndex(of: part, in: text, from: offset)
                            : TextFunctions.index(of: part, in: text, from: offset))
                }
            }
        }
        for parameters in [[CELType.string, .int], [.string, .int, .int]] {
            member("substring", parameters, .string, .traversal(0)) { args throws(EvaluationError) in
                let text = Array(try args[0].asText().unicodeScalars)
                let start = try args[1].asInt()
                let end = args.count > 2 ? try args[2].asInt() : Int64(text.count)
                if args.count > 2, start > end {
                    throw .failure("invalid substring range. start: \(start), end: \(end)")
                }
                guard start >= 0, start <= Int64(text.count) else { throw TextFunctions.outOfRange(start) }
                guard end >= 0, end <= Int64(text.count) else { throw TextFunctions.outOfRange(end) }
                return .string(TextFunctions.text(text[Int(start)..<Int(end)]))
            }
        }
    }

    private mutating func addChanges() {
        for (name, first) in [("lowerAscii", UInt8(ascii: "A")), ("upperAscii", UInt8(ascii: "a"))] {
            member(name, [.string], .string, .traversal(0)) { args throws(EvaluationError) in
                let bytes = try args[0].asText().utf8.map { byte in
                    byte >= first && byte < first + 26 ? byte ^ 0x20 : byte
                }
                return .string(String(decoding: bytes, as: UTF8.self))
            }
        }
        for parameters in [[CELType.string, .string, .string], [.string, .string, .string, .int]] {
            member("replace", parameters, .string, .twice(0)) { args throws(EvaluationError) in
                let limit = args.count > 3 ? try args[3].asInt() : -1
                return .string(
                    TextFunctions.replace(
                        try args[0].asText(), try args[1].asText(), try args[2].asText(), Int(limit)))
            }
        }
        for parameters in [[CELType.string, .string], [.string, .string, .int]] {
            member("split", parameters, .list(.string), .twice(0)) { args throws(EvaluationError) in
                let limit = args.count > 2 ? try args[2].asInt() : -1
                let parts = TextFunctions.split(try args[0].asText(), try args[1].asText(), Int(limit))
                return .list(.values(parts.map { .string($0) }))
            }
        }
        member("trim", [.string], .string, .traversal(0)) { args throws(EvaluationError) in
            let text = Array(try args[0].asText().unicodeScalars)
            let start = text.firstIndex { !$0.properties.isWhitespace } ?? text.count
            let end = text.lastIndex { !$0.properties.isWhitespace }.map { $0 + 1 } ?? start
            return .string(TextFunctions.text(text[start..<end]))
        }
        for parameters in [[CELType.list(.string)], [.list(.string), .string]] {
            member("join", parameters, .string, .joined) { args throws(EvaluationError) in
                let separator = args.count > 1 ? try args[1].asText() : ""
                var parts: [String] = []
                for value in try args[0].asList().all() {
                    guard case .string(let text) = value else {
                        throw .failure("join: invalid input: \(value.shown)")
                    }
                    parts.append(text)
                }
                return .string(parts.joined(separator: separator))
            }
        }
        function("strings.quote", [.string], .string, .traversal(0)) { args throws(EvaluationError) in
            .string(TextFunctions.quote(try args[0].asText()))
        }
        member("format", [.string, .list(.dyn)], .string, .traversal(0)) { args throws(EvaluationError) in
            .string(try FormatFunction.format(try args[0].asText(), try args[1].asList().all()))
        }
    }
}

/// Texts as sequences of code points.
enum TextFunctions {
    static func outOfRange(_ index: Int64) -> EvaluationError { .failure("index out of range: \(index)") }

    static func text(_ scalars: some Sequence<UnicodeScalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    static func contains(_ text: String, _ part: String) -> Bool {
        search(Array(text.utf8), Array(part.utf8), from: 0) != nil
    }

    private static func search<T: Equatable>(_ text: [T], _ part: [T], from start: Int) -> Int? {
        if part.isEmpty { return start }
        guard let first = part.first, text.count >= part.count else { return nil }
        var position = start
        while position + part.count <= text.count {
            if text[position] == first, text[position..<position + part.count].elementsEqual(part) {
                return position
            }
            position += 1
        }
        return nil
    }

    static func index(
        of part: [UnicodeScalar], in text: [UnicodeScalar], from offset: Int64
    ) throws(EvaluationError) -> Int64 {
        guard offset >= 0 else { throw outOfRange(offset) }
        if part.isEmpty { return min(offset, Int64(text.count)) }
        if offset >= Int64(text.count) { return -1 }
        return search(text, part, from: Int(offset)).map { Int64($0) } ?? -1
    }

    static func lastIndex(
        of part: [UnicodeScalar], in text: [UnicodeScalar], from offset: Int64
    ) throws(EvaluationError) -> Int64 {
        guard offset >= 0 else { throw outOfRange(offset) }
        if part.isEmpty { return min(offset, Int64(text.count)) }
        if offset > Int64(text.count) { return -1 }
        var position = min(Int(offset), text.count - part.count)
        while position >= 0 {
            if text[position..<position + part.count].elementsEqual(part) { return Int64(position) }
            position -= 1
        }
        return -1
    }

    /// - Parameter limit: how often at most; without bound when negative.
    static func replace(_ text: String, _ old: String, _ new: String, _ limit: Int) -> String {
        if limit == 0 { return text }
        let scalars = Array(text.unicodeScalars)
        let part = Array(old.unicodeScalars)
        var result = ""
        var count = 0
        if part.isEmpty {
            for (index, scalar) in scalars.enumerated() {
                if limit < 0 || index < limit { result += new }
                result.unicodeScalars.append(scalar)
            }
            if limit < 0 || scalars.count < limit { result += new }
            return result
        }
        var position = 0
        while limit < 0 || count < limit, let found = search(scalars, part, from: position) {
            result.unicodeScalars.append(contentsOf: scalars[position..<found])
            result += new
            position = found + part.count
            count += 1
        }
        result.unicodeScalars.append(contentsOf: scalars[position...])
        return result
    }

    /// - Parameter limit: of parts; without bound when negative.
    static func split(_ text: String, _ separator: String, _ limit: Int) -> [String] {
        if limit == 0 { return [] }
        let scalars = Array(text.unicodeScalars)
        let part = Array(separator.unicodeScalars)
        var parts: [String] = []
        var position = 0
        if part.isEmpty {
            while position < scalars.count {
                if limit > 0, parts.count == limit - 1 { break }
                parts.append(String(scalars[position]))
                position += 1
            }
            if position < scalars.count { parts.append(self.text(scalars[position...])) }
            return parts
        }
        while limit < 0 || parts.count < limit - 1, let found = search(scalars, part, from: position) {
            parts.append(self.text(scalars[position..<found]))
            position = found + part.count
        }
        return parts + [self.text(scalars[position...])]
    }

    static func quote(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{7}": result += "\\a"
            case "\u{8}": result += "\\b"
            case "\u{c}": result += "\\f"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{b}": result += "\\v"
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
