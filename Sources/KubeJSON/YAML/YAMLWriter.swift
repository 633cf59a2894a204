extension YAML {
    /// The value as `kubectl -o yaml` and `kubectl kustomize` print it: sorted keys, block style, lists at
    /// the indent of their key, text of several lines as a literal block, and longer lines folded at a space
    /// after the eightieth column.
    public static func string(_ value: JSON) -> String {
        var writer = YAMLWriter()
        writer.write(value, indent: 0)
        return writer.output
    }
}

/// Writes as libyaml's emitter does under go-yaml v2.
private struct YAMLWriter {
    private static let width = 80

    private(set) var output = ""
    private var column = 0

    private mutating func put(_ text: String) {
        output += text
        column += text.unicodeScalars.count
    }

    private mutating func put(_ scalar: UnicodeScalar) {
        output.unicodeScalars.append(scalar)
        column += 1
    }

    private mutating func breakLine() {
        output += "\n"
        column = 0
    }

    private mutating func pad(_ indent: Int) { put(String(repeating: " ", count: indent)) }

    /// Writes a value that starts where the output ends, with its line end.
    mutating func write(_ value: JSON, indent: Int) {
        switch value {
        case .object(let object) where !object.isEmpty:
            for (position, member) in object.sorted(by: { utf8Less($0.key, $1.key) }).enumerated() {
                if position > 0 { pad(indent) }
                writeScalar(member.key, indent: nil)
                put(":")
                writeMember(member.value, indent: indent)
            }
        case .array(let items) where !items.isEmpty:
            for (position, item) in items.enumerated() {
                if position > 0 { pad(indent) }
                put("- ")
                write(item, indent: indent + 2)
            }
        case .string(let text) where Self.isLiteral(text): writeLiteral(text, indent: indent)
        case .string(let text):
            writeScalar(text, indent: max(indent, 2))
            breakLine()
        default:
            put(JSONWriter.string(value))
            breakLine()
        }
    }

    private mutating func writeMember(_ value: JSON, indent: Int) {
        switch value {
        case .object(let object) where !object.isEmpty:
            breakLine()
            pad(indent + 2)
            write(value, indent: indent + 2)
        case .array(let items) where !items.isEmpty:
            breakLine()
            pad(indent)
            write(value, indent: indent)
        default:
            put(" ")
            write(value, indent: indent + 2)
        }
    }

    // MARK: Blocks

    private static func isLiteral(_ text: String) -> Bool {
        guard text.utf8.contains(0x0A), text.utf8.last != 0x20,
            text.unicodeScalars.allSatisfy({ $0 == "\n" || isPrintable($0) })
        else { return false }
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == 0x0A, previous == 0x20 { return false }
            previous = byte
        }
        return true
    }

    private mutating func writeLiteral(_ text: String, indent: Int) {
        let margin = String(repeating: " ", count: max(indent, 2))
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        put("|")
        if text.utf8.first == 0x20 || text.utf8.first == 0x0A { put("2") }
        if lines.last?.isEmpty == true {
            lines.removeLast()
            if lines.last?.isEmpty == true { put("+") }
        } else {
            put("-")
        }
        breakLine()
        for line in lines {
            if !line.isEmpty { put(margin + line) }
            breakLine()
        }
    }

    // MARK: Scalars

    /// Plain where that reads back as the same string, else in single quotes, else in double ones.
    /// - Parameter indent: of the lines that follow the first; nil for a key, which is never folded.
    private mutating func writeScalar(_ text: String, indent: Int?) {
        let isText = if case .string? = YAMLScalar.resolve(text) { true } else { false }
        let bytes = Array(text.utf8)
        if !isText && text != "<<" || Self.looksLikeTimestamp(bytes) || bytes.contains(0x0A)
            || !text.unicodeScalars.allSatisfy(Self.isPrintable)
        {
            return writeDoubleQuoted(text, indent: indent)
        }
        if Self.isPlain(bytes) { return writeFolded(text, indent: indent) }
        put("'")
        writeFolded(text, indent: indent, isQuoted: true)
        put("'")
    }

    /// Text without line ends. A single space beyond the width becomes a line end.
    private mutating func writeFolded(_ text: String, indent: Int?, isQuoted: Bool = false) {
        let scalars = Array(text.unicodeScalars)
        var isAfterSpace = false
        for (position, scalar) in scalars.enumerated() {
            guard scalar == " " else {
                put(scalar)
                if isQuoted, scalar == "'" { put(scalar) }
                isAfterSpace = false
                continue
            }
            let isInside = position > 0 && position < scalars.count - 1
            if let indent, !isAfterSpace, column > Self.width, isInside, scalars[position + 1] != " " {
                breakLine()
                pad(indent)
            } else {
                put(scalar)
            }
            isAfterSpace = true
        }
    }

    private mutating func writeDoubleQuoted(_ text: String, indent: Int?) {
        put("\"")
        let scalars = Array(text.unicodeScalars)
        var isAfterSpace = false
        for (position, scalar) in scalars.enumerated() {
            guard scalar == " " else {
                if Self.isPrintable(scalar), scalar != "\"", scalar != "\\", scalar != "\u{FEFF}" {
                    put(scalar)
                } else {
                    put(Self.escape(scalar))
                }
                isAfterSpace = false
                continue
            }
            let isInside = position > 0 && position < scalars.count - 1
            if let indent, !isAfterSpace, column > Self.width, isInside {
                breakLine()
                pad(indent)
                // A space at the start of a line would be lost.
                if scalars[position + 1] == " " { put("\\") }
            } else {
                put(scalar)
            }
            isAfterSpace = true
        }
        put("\"")
    }

    private static func escape(_ scalar: UnicodeScalar) -> String {
        switch scalar.value {
        case 0x00: return "\\0"
        case 0x07: return "\\a"
        case 0x08: return "\\b"
        case 0x09: return "\\t"
        case 0x0A: return "\\n"
        case 0x0B: return "\\v"
        case 0x0C: return "\\f"
        case 0x0D: return "\\r"
        case 0x1B: return "\\e"
        case 0x22: return "\\\""
        case 0x5C: return "\\\\"
        case 0x85: return "\\N"
        case 0xA0: return "\\_"
        case 0x2028: return "\\L"
        case 0x2029: return "\\P"
        default: break
        }
        let hexadecimal = String(scalar.value, radix: 16, uppercase: true)
        let (letter, count) = scalar.value <= 0xFF ? ("x", 2) : scalar.value <= 0xFFFF ? ("u", 4) : ("U", 8)
        return "\\" + letter + String(repeating: "0", count: count - hexadecimal.count) + hexadecimal
    }

    private static func isPlain(_ text: [UInt8]) -> Bool {
        guard let first = text.first, let last = text.last else { return false }
        if first == 0x20 || last == 0x20 || text.starts(with: "---".utf8) || text.starts(with: "...".utf8) {
            return false
        }
        if "#,[]{}&*!|>'\"%@`".utf8.contains(first) { return false }
        if "-?:".utf8.contains(first), text.count == 1 || text[1] == 0x20 { return false }
        for (position, byte) in text.enumerated() {
            let next: UInt8 = position + 1 < text.count ? text[position + 1] : 0x20
            if byte == UInt8(ascii: ":"), next == 0x20 { return false }
            if byte == UInt8(ascii: "#"), position > 0, text[position - 1] == 0x20 { return false }
        }
        return true
    }

    /// Dates (`2001-01-01…`) and base-60 numbers (`1:30`), which YAML 1.1 readers take for something else.
    private static func looksLikeTimestamp(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, "+-0123456789".utf8.contains(first) else { return false }
        let digits = bytes.prefix { $0 &- UInt8(ascii: "0") < 10 }.count
        if digits == 4, bytes.count >= 8, bytes[4] == UInt8(ascii: "-") {
            return bytes.allSatisfy { "0123456789-:.TtZz+ ".utf8.contains($0) }
        }
        return bytes.contains(UInt8(ascii: ":")) && bytes.allSatisfy { "+-0123456789_:.".utf8.contains($0) }
    }

    /// libyaml's notion, in which tabs and what lies beyond the basic plane are not.
    private static func isPrintable(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD: true
        default: false
        }
    }
}
