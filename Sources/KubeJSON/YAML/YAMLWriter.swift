extension YAML {
    /// The value as `sigs.k8s.io/yaml` writes it, and with it `kubectl -o yaml`: keys in go-yaml's order,
    /// block style, lists at the indent of their key, and text of several lines as a literal block.
    ///
    /// - Parameter width: lines that are longer are broken at the next single space of their text; go-yaml
    ///   itself has 80.
    public static func string(_ value: JSON, width: Int = .max) -> String {
        var output = ""
        YAMLWriter(width: width).write(value, into: &output, indent: 0)
        return output
    }

    /// go-yaml's order of keys: letters after everything else, numbers by their value.
    public static func keyLess(_ left: String, _ right: String) -> Bool {
        let a = Array(left.unicodeScalars)
        let b = Array(right.unicodeScalars)
        func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .decimalNumber }
        func isLetter(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
            default: false
            }
        }
        for position in 0..<min(a.count, b.count) where a[position] != b[position] {
            let (first, second) = (a[position], b[position])
            switch (isLetter(first), isLetter(second)) {
            case (true, true): return first.value < second.value
            case (true, false), (false, true): return isLetter(second)
            case (false, false): break
            }
            // A zero counts only where a number has begun.
            var start = 0
            if first == "0" || second == "0" {
                let before = a[..<position].reversed().prefix(while: isDigit)
                if before.contains(where: { $0 != "0" }) { start = 1 }
            }
            func number(_ text: [Unicode.Scalar]) -> (value: Int, digits: Int) {
                var value = start
                let digits = text[position...].prefix(while: isDigit)
                for digit in digits { value = value &* 10 &+ Int(digit.value) &- 48 }
                return (value, digits.count)
            }
            let (m, n) = (number(a), number(b))
            if m.value != n.value { return m.value < n.value }
            if m.digits != n.digits { return m.digits < n.digits }
            return first.value < second.value
        }
        return a.count < b.count
    }
}

private struct YAMLWriter {
    let width: Int

    /// Writes a value that starts where the output ends, with its line end.
    func write(_ value: JSON, into output: inout String, indent: Int) {
        switch value {
        case .object(let object) where !object.isEmpty:
            for (position, member) in object.sorted(by: { YAML.keyLess($0.key, $1.key) }).enumerated() {
                if position > 0 { output += String(repeating: " ", count: indent) }
                output += member.key.contains("\n") ? Self.quoted(member.key) : Self.scalar(member.key).text
                output += ":"
                writeMember(member.value, into: &output, indent: indent)
            }
        case .array(let items) where !items.isEmpty:
            for (position, item) in items.enumerated() {
                if position > 0 { output += String(repeating: " ", count: indent) }
                output += "- "
                write(item, into: &output, indent: indent + 2)
            }
        case .string(let text) where Self.isLiteral(text):
            Self.writeLiteral(text, into: &output, indent: indent)
        case .string(let text):
            let scalar = Self.scalar(text)
            writeBroken(scalar.text, scalar.style, into: &output, indent: max(indent, 2))
            output += "\n"
        default: output += Self.number(value) + "\n"
        }
    }

    private func writeMember(_ value: JSON, into output: inout String, indent: Int) {
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

    private enum Style { case plain, single, double }

    /// Writes a scalar, broken where it is wider than a line: at a space that stands alone.
    private func writeBroken(_ text: String, _ style: Style, into output: inout String, indent: Int) {
        let start = output.utf8.lastIndex(of: 0x0A).map(output.utf8.index(after:)) ?? output.startIndex
        var column = output[start...].unicodeScalars.count
        let scalars = Array(text.unicodeScalars)
        guard column + scalars.count > width else {
            output += text
            return
        }
        // Quotes are no part of the text, so that no break is at its very first or last character.
        let edge = style == .plain ? 0 : 1
        var afterSpace = false
        for (position, scalar) in scalars.enumerated() {
            guard scalar == " " else {
                output.unicodeScalars.append(scalar)
                column += 1
                afterSpace = false
                continue
            }
            let nextIsSpace = position + 1 < scalars.count && scalars[position + 1] == " "
            let isInside = style == .plain || (position > edge && position < scalars.count - 1 - edge)
            if !afterSpace, column > width, isInside, style == .double || !nextIsSpace {
                output += "\n" + String(repeating: " ", count: indent)
                column = indent
                if nextIsSpace {
                    output += "\\"
                    column += 1
                }
            } else {
                output += " "
                column += 1
            }
            afterSpace = true
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
    private static func scalar(_ text: String) -> (text: String, style: Style) {
        if case .string? = YAMLScalar.resolve(text) {
        } else {
            return (quoted(text), .double)
        }
        guard text.unicodeScalars.allSatisfy({ $0 != "\t" && isPrintable($0) }) else {
            return (quoted(text), .double)
        }
        if looksLikeTimestamp(text) { return (quoted(text), .double) }
        if isPlain(Array(text.utf8)) { return (text, .plain) }
        let parts = text.split(separator: "'", omittingEmptySubsequences: false)
        return ("'" + parts.joined(separator: "''") + "'", .single)
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

    /// In double quotes, with go-yaml's escapes.
    private static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x00: output += "\\0"
            case 0x07: output += "\\a"
            case 0x08: output += "\\b"
            case 0x09: output += "\\t"
            case 0x0A: output += "\\n"
            case 0x0B: output += "\\v"
            case 0x0C: output += "\\f"
            case 0x0D: output += "\\r"
            case 0x1B: output += "\\e"
            case 0x22: output += "\\\""
            case 0x5C: output += "\\\\"
            case 0x85: output += "\\N"
            case 0x2028: output += "\\L"
            case 0x2029: output += "\\P"
            default:
                if isPrintable(scalar) {
                    output.unicodeScalars.append(scalar)
                } else {
                    let hex = String(scalar.value, radix: 16, uppercase: true)
                    let (mark, width) = scalar.value <= 0xFF ? ("x", 2) : ("u", 4)
                    output += "\\" + mark + String(repeating: "0", count: max(0, width - hex.count)) + hex
                }
            }
        }
        return output + "\""
    }

    /// A number that is small is written with an exponent sooner than in JSON.
    private static func number(_ value: JSON) -> String {
        if case .double(let number) = value, number != 0, abs(number) < 1e-4 { return "\(number)" }
        return JSONWriter.string(value)
    }
}
