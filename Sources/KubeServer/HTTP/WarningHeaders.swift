import KubeJSON

/// The `Warning` headers of an answer (RFC 7234, code 299), as upstream writes them: each text once, none with
/// control characters in it, which no header may hold, and all of them cut short when together they are too long.
enum WarningHeaders {
    /// How many characters all texts may have together before each is cut to ``mostOfOne``.
    static let mostOfAll = 4_096
    static let mostOfOne = 256

    static func headers(_ warnings: [String]) -> [(String, String)] {
        if warnings.isEmpty { return [] }
        var seen: Set<String> = []
        let texts = warnings.filter { !$0.isEmpty && seen.insert($0).inserted }
        let whole = texts.filter(isWritten)
        if whole.reduce(0, { $0 + $1.unicodeScalars.count }) <= mostOfAll { return whole.map(header) }
        var written = 0
        var result: [(String, String)] = []
        for text in texts where written < mostOfAll {
            let short = String(String.UnicodeScalarView(text.unicodeScalars.prefix(mostOfOne)))
            guard isWritten(short) else { continue }
            written += short.unicodeScalars.count
            result.append(header(short))
        }
        return result
    }

    private static func isWritten(_ text: String) -> Bool {
        !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    private static func header(_ text: String) -> (String, String) {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return ("warning", "299 - \"\(escaped)\"")
    }
}
