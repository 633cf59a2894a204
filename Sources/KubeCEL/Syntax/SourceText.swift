/// One complaint about an expression and where it is.
public struct CompileIssue: Error, Sendable, Equatable {
    public let message: String
    /// A byte offset into the text; nil when it concerns the whole.
    public let position: Int?

    init(_ message: String, at position: Int?) {
        self.message = message
        self.position = position
    }
}

/// Why an expression was refused: every complaint in the form that cel-go prints.
public struct CompileError: Error, Sendable, Equatable, CustomStringConvertible {
    public let issues: [CompileIssue]
    public let description: String

    init(_ issues: [CompileIssue], in text: String) {
        self.issues = issues
        description = issues.map { Self.show($0, in: text) }.joined(separator: "\n")
    }

    /// `ERROR: <input>:line:column: message`, the line, and a mark under the column.
    private static func show(_ issue: CompileIssue, in text: String) -> String {
        guard let position = issue.position else { return "ERROR: <input>:-1:0: \(issue.message)" }
        let bytes = Array(text.utf8)
        let end = min(position, bytes.count)
        let newline = UInt8(ascii: "\n")
        let start = bytes[..<end].lastIndex(of: newline).map { $0 + 1 } ?? 0
        let line = bytes[..<end].reduce(1) { $1 == newline ? $0 + 1 : $0 }
        let stop = bytes[end...].firstIndex(of: newline) ?? bytes.count
        let snippet = String(decoding: bytes[start..<stop], as: UTF8.self)
        let before = String(decoding: bytes[start..<end], as: UTF8.self).unicodeScalars
        var shown = "ERROR: <input>:\(line):\(before.count + 1): \(issue.message)"
        guard snippet.unicodeScalars.count <= 16_384 else { return shown }
        shown +=
            "\n | " + snippet.split(separator: "\t", omittingEmptySubsequences: false).joined(separator: " ")
        // Marks are as wide as what they stand under.
        var marks = ""
        for scalar in before { marks += scalar.isASCII ? "." : "\u{ff0e}" }
        let pointed =
            end < stop ? String(decoding: bytes[end..<stop], as: UTF8.self).unicodeScalars.first : nil
        marks += pointed?.isASCII ?? true ? "^" : "\u{ff3e}"
        return shown + "\n | " + marks
    }
}
