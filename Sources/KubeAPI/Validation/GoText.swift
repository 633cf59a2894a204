import KubeJSON

/// Values in the forms in which Go prints them, which clients see in the messages of errors.
enum GoText {
    /// A text in double quotes as `%q` and `strconv.Quote` write it: what cannot be printed is escaped.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{07}": result += "\\a"
            case "\u{08}": result += "\\b"
            case "\u{0C}": result += "\\f"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0B}": result += "\\v"
            default:
                if isPrintable(scalar) {
                    result.unicodeScalars.append(scalar)
                } else if scalar.value < 0x80 {
                    result += "\\x" + hex(scalar.value, 2)
                } else {
                    result +=
                        scalar.value < 0x1_0000 ? "\\u" + hex(scalar.value, 4) : "\\U" + hex(scalar.value, 8)
                }
            }
        }
        return result + "\""
    }

    /// JSON as `json.Marshal` writes it: what HTML gives a meaning is escaped.
    static func json(_ value: JSON) -> String {
        let text = JSONWriter.string(value)
        // Outside of strings none of these occur, so they can be replaced in the text as a whole.
        let special: [Unicode.Scalar] = ["<", ">", "&", "\u{2028}", "\u{2029}"]
        guard text.unicodeScalars.contains(where: special.contains) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if special.contains(scalar) {
                result += "\\u" + hex(scalar.value, 4)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Letters, marks, numbers, punctuation, symbols and the plain space.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }

    private static func hex(_ number: UInt32, _ width: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
