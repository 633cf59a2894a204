/// Cuts the text of an expression into tokens.
struct Lexer {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// All tokens, the last of which is `.end`.
    static func tokens(of text: String) throws(CompileIssue) -> [Token] {
        var lexer = Lexer(text)
        var tokens: [Token] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private func byte(_ offset: Int = 0) -> UInt8 {
        position + offset < bytes.count ? bytes[position + offset] : 0
    }

    private mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0a, 0x0c, 0x0d: position += 1
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
                while position < bytes.count, bytes[position] != 0x0a { position += 1 }
            default: return
            }
        }
    }

    private mutating func next() throws(CompileIssue) -> Token {
        skipBlanks()
        let start = position
        guard position < bytes.count else { return Token(kind: .end, start: start, end: start) }
        let kind = try scan()
        return Token(kind: kind, start: start, end: position)
    }

    private mutating func scan() throws(CompileIssue) -> Token.Kind {
        let first = byte()
        if let kind = try text() { return kind }
        if isLetter(first) { return word() }
        if isDigit(first) || (first == UInt8(ascii: ".") && isDigit(byte(1))) { return number() }
        if first == UInt8(ascii: "`") { return try quotedName() }
        let two = String(decoding: bytes[position..<min(position + 2, bytes.count)], as: UTF8.self)
        if ["==", "!=", "<=", ">=", "&&", "||"].contains(two) {
            position += 2
            return .symbol(two)
        }
        if "<>[]{}().,-!?:+*/%".utf8.contains(first) {
            position += 1
            return .symbol(String(UnicodeScalar(first)))
        }
        var end = position + 1
        while end < bytes.count, bytes[end] & 0xc0 == 0x80 { end += 1 }
        let shown = String(decoding: bytes[position..<end], as: UTF8.self)
        throw CompileIssue("Syntax error: token recognition error at: '\(shown)'", at: position)
    }

    private mutating func word() -> Token.Kind {
        let start = position
        while isLetter(byte()) || isDigit(byte()) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        return ["in", "true", "false", "null"].contains(word) ? .symbol(word) : .identifier(word)
    }

    private mutating func quotedName() throws(CompileIssue) -> Token.Kind {
        let start = position + 1
        var end = start
        while end < bytes.count,
            isLetter(bytes[end]) || isDigit(bytes[end]) || "./- ".utf8.contains(bytes[end])
        {
            end += 1
        }
        guard end > start, end < bytes.count, bytes[end] == UInt8(ascii: "`") else {
            throw CompileIssue("Syntax error: token recognition error at: '`'", at: position)
        }
        position = end + 1
        return .quoted(String(decoding: bytes[start..<end], as: UTF8.self))
    }

    private mutating func number() -> Token.Kind {
        let start = position
        if byte() == UInt8(ascii: "0"), byte(1) == UInt8(ascii: "x"), hexValue(byte(2)) != nil {
            position += 2
            while hexValue(byte()) != nil { position += 1 }
            return integer(from: start)
        }
        while isDigit(byte()) { position += 1 }
        var isDouble = false
        if byte() == UInt8(ascii: "."), isDigit(byte(1)) {
            isDouble = true
            position += 1
            while isDigit(byte()) { position += 1 }
        }
        if byte() | 0x20 == UInt8(ascii: "e") {
            let sign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
            if isDigit(byte(1 + sign)) {
                isDouble = true
                position += 1 + sign
                while isDigit(byte()) { position += 1 }
            }
        }
        if isDouble { return .double(String(decoding: bytes[start..<position], as: UTF8.self)) }
        return integer(from: start)
    }

    private mutating func integer(from start: Int) -> Token.Kind {
        let digits = String(decoding: bytes[start..<position], as: UTF8.self)
        guard byte() | 0x20 == UInt8(ascii: "u") else { return .int(digits) }
        position += 1
        return .uint(digits)
    }

    // MARK: Strings

    /// A string or bytes literal with its prefixes; nil when none starts here.
    private mutating func text() throws(CompileIssue) -> Token.Kind? {
        var isRaw = false
        var isBytes = false
        var prefix = 0
        prefixes: while prefix < 2 {
            switch byte(prefix) | 0x20 {
            case UInt8(ascii: "r") where !isRaw && isLetter(byte(prefix)): isRaw = true
            case UInt8(ascii: "b") where !isBytes && isLetter(byte(prefix)): isBytes = true
            default: break prefixes
            }
            prefix += 1
        }
        // The grammar has b'', r'' and br'', but not rb''.
        if prefix == 2, byte(0) | 0x20 == UInt8(ascii: "r") { return nil }
        let quote = byte(prefix)
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        let start = position
        let isTriple = byte(prefix + 1) == quote && byte(prefix + 2) == quote
        position += prefix + (isTriple ? 3 : 1)
        var content: [UInt8] = []
        while true {
            guard position < bytes.count else { throw unfinished(start) }
            let current = bytes[position]
            if current == quote, !isTriple || (byte(1) == quote && byte(2) == quote) {
                position += isTriple ? 3 : 1
                break
            }
            if !isTriple, current == 0x0a || current == 0x0d { throw unfinished(start) }
            if current == UInt8(ascii: "\\"), !isRaw {
                try escape(into: &content, isBytes: isBytes)
            } else if current == 0x0d, isTriple {
                // Line ends are the same on every system.
                content.append(0x0a)
                position += byte(1) == 0x0a ? 2 : 1
            } else {
                content.append(current)
                position += 1
            }
        }
        return isBytes ? .bytes(content) : .string(String(decoding: content, as: UTF8.self))
    }

    private func unfinished(_ start: Int) -> CompileIssue {
        let shown = String(decoding: bytes[start..<min(position, bytes.count)], as: UTF8.self)
        return CompileIssue("Syntax error: token recognition error at: '\(shown)'", at: start)
    }

    private mutating func escape(into content: inout [UInt8], isBytes: Bool) throws(CompileIssue) {
        let start = position
        let code = byte(1)
        position += 2
        switch code {
        case UInt8(ascii: "a"): content.append(0x07)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0c)
        case UInt8(ascii: "n"): content.append(0x0a)
        case UInt8(ascii: "r"): content.append(0x0d)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "v"): content.append(0x0b)
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "?"), UInt8(ascii: "`"):
            content.append(code)
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            try append(try digits(2, radix: 16, start), to: &content, isBytes, start)
        case UInt8(ascii: "u") where !isBytes:
            try append(try digits(4, radix: 16, start), to: &content, false, start)
        case UInt8(ascii: "U") where !isBytes:
            try append(try digits(8, radix: 16, start), to: &content, false, start)
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            position -= 1
            try append(try digits(3, radix: 8, start), to: &content, isBytes, start)
        default: throw badEscape(start)
        }
    }

    private func badEscape(_ start: Int) -> CompileIssue {
        let end = min(start + 2, bytes.count)
        let shown = String(decoding: bytes[start..<end], as: UTF8.self)
        return CompileIssue("Syntax error: token recognition error at: '\(shown)'", at: start)
    }

    private mutating func digits(_ count: Int, radix: UInt32, _ start: Int) throws(CompileIssue) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = hexValue(byte()), digit < radix else { throw badEscape(start) }
            value = value &* radix &+ digit
            position += 1
        }
        return value
    }

    /// In bytes an escape is a byte, in strings a code point.
    private func append(
        _ value: UInt32, to content: inout [UInt8], _ isBytes: Bool, _ start: Int
    ) throws(CompileIssue) {
        if isBytes {
            content.append(UInt8(truncatingIfNeeded: value))
        } else if let scalar = UnicodeScalar(value) {
            content += Array(String(Character(scalar)).utf8)
        } else {
            throw badEscape(start)
        }
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") || byte == UInt8(ascii: "_")
    }
    private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
    private func hexValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
