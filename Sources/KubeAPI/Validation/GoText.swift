import KubeJSON

/// Values in the forms in which Go prints them, which clients see in the messages of errors.
extension GoText {
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
}
