extension YAML {
    /// The value as `kubectl -o yaml` prints it: sorted keys, block style, lists at the indent of their
    /// key, and text of several lines as a literal block. Lines are never folded.
    public static func string(_ value: JSON) -> String {
        var output = ""
        YAMLWriter.write(value, into: &output, indent: 0)
        return output
    }
}

private enum YAMLWriter {
    /// Writes a value that starts where the output ends, with its line end.
    static func write(_ value: JSON, into output: inout String, indent: Int) {
        switch value {
        case .object(let object) where !object.isEmpty:
            for (position, member) in object.sorted(by: { utf8Less($0.key, $1.key) }).enumerated() {
                if position > 0 { output += String(repeating: " ", count: indent) }
                output += member.key.contains("\n") ? quoted(member.key) : scalar(member.key)
                output += ":"
                writeMember(member.value, into: &output, indent: indent)
            }
        case .array(let items) where !items.isEmpty:
            for (position, item) in items.enumerated() {
                if position > 0 { output += String(repeating: " ", count: indent) }
                output += "- "
                write(item, into: &output, indent: indent + 2)
            }
        case .string(let text) where isLiteral(text): writeLiteral(text, into: &output, indent: indent)
        case .string(let text): output += scalar(text) + "\n"
        default: output += JSONWriter.string(value) + "\n"
        }
    }

    private static func writeMember(_ value: JSON, into output: inout String, indent: Int) {
        switch value {
        case .object(let object) where !object.isEmpty:
            output += "\n" + String(repeating: " ", count: indent + 2)
            write(value, into: &output, indent: indent + 2)
        case .array(let items) where !items.isEmpty:
            output += "\n" + String(repeating: " ", count: indent)
            write(value, into: &output, indent: indent)
        default:
            output += " "
            write(value, into: &output, indent: indent + 2)
        }
    }

    private static func isLiteral(_ text: String) -> Bool {
        guard text.utf8.contains(0x0A), text.utf8.contains(where: { $0 != 0x0A }) else { return false }
        guard text.utf8.last != 0x20, text.unicodeScalars.allSatisfy({ $0 == "\n" || isPrintable($0) })
        else { return false }
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == 0x0A, previous == 0x20 { return false }
            previous = byte
        }
        return true
    }

    private static func writeLiteral(_ text: String, into output: inout String, indent: Int) {
        let margin = String(repeating: " ", count: max(indent, 2))
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        output += "|"
        if text.utf8.first == 0x20 || text.utf8.first == 0x0A { output += "2" }
        if lines.last?.isEmpty == true {
            lines.removeLast()
            if lines.last?.isEmpty == true { output += "+" }
        } else {
            output += "-"
        }
        output += "\n"
        for line in lines { output += line.isEmpty ? "\n" : margin + line + "\n" }
    }

    /// Plain where that reads back as the same string, else in single quotes, else in double ones.
    private static func scalar(_ text: String) -> String {
        if case .string? = YAMLScalar.resolve(text) {
        } else {
            return quoted(text)
        }
        guard text.unicodeScalars.allSatisfy({ $0 != "\t" && isPrintable($0) }) else { return quoted(text) }
        if looksLikeTimestamp(text) { return quoted(text) }
        if isPlain(Array(text.utf8)) { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
            + "'"
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
        return text != Array("<<".utf8) && text != Array("=".utf8)
    }

    /// Dates (`2001-01-01…`) and base-60 numbers (`1:30`), which YAML 1.1 readers take for something else.
    private static func looksLikeTimestamp(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, "+-0123456789".utf8.contains(first) else { return false }
        let digits = bytes.prefix { $0 &- UInt8(ascii: "0") < 10 }.count
        if digits == 4, bytes.count >= 8, bytes[4] == UInt8(ascii: "-") {
            return bytes.allSatisfy { "0123456789-:.TtZz+ ".utf8.contains($0) }
        }
        return bytes.contains(UInt8(ascii: ":")) && bytes.allSatisfy { "+-0123456789_:.".utf8.contains($0) }
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD: true
        default: scalar.value >= 0x10000
        }
    }

    /// JSON's escapes are YAML's too; what else is not printable is written as an escape of its own.
    private static func quoted(_ text: String) -> String {
        var output = ""
        for scalar in JSONWriter.string(.string(text)).unicodeScalars {
            if isPrintable(scalar), scalar.value != 0x09 {
                output.unicodeScalars.append(scalar)
            } else {
                let hex = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
            }
        }
        return output
    }
}
