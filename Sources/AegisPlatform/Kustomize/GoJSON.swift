import KubeJSON

/// JSON as Go's `encoding/json` writes it: keys in order, `<`, `>` and `&` escaped. Content hashes are made of
/// it.
enum GoJSON {
    /// - Parameter indent: the depth that the value is at, where it is to be written on lines of its own.
    static func string(_ value: JSON, indent: Int? = nil) -> String {
        switch value {
        case .string(let text): return quoted(text)
        case .array(let items):
            return wrapped(items.map { string($0, indent: indent.map { $0 + 1 }) }, "[", "]", indent)
        case .object(let object):
            let members = object.sortedKeys.map { key in
                quoted(key) + (indent == nil ? ":" : ": ")
                    + string(object[key] ?? .null, indent: indent.map { $0 + 1 })
            }
            return wrapped(members, "{", "}", indent)
        default: return JSONWriter.string(value)
        }
    }

    private static func wrapped(_ parts: [String], _ open: String, _ close: String, _ indent: Int?) -> String
    {
        guard let indent, !parts.isEmpty else { return open + parts.joined(separator: ",") + close }
        let margin = String(repeating: "  ", count: indent)
        return open + "\n" + parts.map { margin + "  " + $0 }.joined(separator: ",\n") + "\n" + margin + close
    }

    private static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\u{8}": output += "\\b"
            case "\u{C}": output += "\\f"
            case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..<" ":
                let hex = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }
}
