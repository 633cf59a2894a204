/// What a plain YAML scalar means to Kubernetes (YAML 1.1, as go-yaml v2 reads it).
enum YAMLScalar {
    /// Nil for infinities and not-a-number, which JSON cannot say. Timestamps stay strings.
    static func resolve(_ text: String) -> JSON? {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": return true
        case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": return false
        case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf",
            "-.INF":
            return nil
        default: return number(text) ?? .string(text)
        }
    }

    private static func number(_ text: String) -> JSON? {
        guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else { return nil }
        let plain = first == UInt8(ascii: ".") ? text : text.filter { $0 != "_" }
        if let integer = integer(plain) { return integer }
        guard isFloat(Array(plain.utf8)), let value = Double(plain), value.isFinite else { return nil }
        return .double(value)
    }

    private static func integer(_ text: String) -> JSON? {
        let signed = text.first == "-" || text.first == "+"
        let body = signed ? String(text.dropFirst()) : text
        guard let lead = body.utf8.first, lead &- UInt8(ascii: "0") < 10 else { return nil }
        let magnitude: UInt64?
        switch body.prefix(2).lowercased() {
        case "0x": magnitude = unsigned(body.dropFirst(2), 16)
        case "0o": magnitude = unsigned(body.dropFirst(2), 8)
        case "0b": magnitude = unsigned(body.dropFirst(2), 2)
        default:
            let isOctal = body.utf8.count > 1 && lead == UInt8(ascii: "0")
            magnitude = unsigned(body[...], isOctal ? 8 : 10)
        }
        guard let magnitude else { return nil }
        if text.first == "-" {
            guard magnitude <= UInt64(Int64.max) + 1 else { return nil }
            return .integer(Int64(truncatingIfNeeded: 0 &- magnitude))
        }
        return Int64(exactly: magnitude).map(JSON.integer) ?? .double(Double(magnitude))
    }

    private static func unsigned(_ digits: Substring, _ radix: Int) -> UInt64? {
        guard let first = digits.first, first != "+", first != "-" else { return nil }
        return UInt64(digits, radix: radix)
    }

    private static func isFloat(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            rest.removeFirst()
        }
        let whole = rest.prefix(while: isDigit).count
        rest = rest.dropFirst(whole)
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = rest.prefix(while: isDigit).count
            rest = rest.dropFirst(fraction)
        }
        guard whole + fraction > 0 else { return false }
        guard let mark = rest.first else { return true }
        guard mark | 0x20 == UInt8(ascii: "e") else { return false }
        rest.removeFirst()
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            rest.removeFirst()
        }
        return !rest.isEmpty && rest.allSatisfy(isDigit)
    }
}
