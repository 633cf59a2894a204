/// The parts of a Markdown text that hold data: fenced code blocks and tables (CommonMark's fences, GitHub's
/// tables).
public struct MarkdownDocument: Sendable {
    public struct Block: Sendable {
        /// What stands after the opening fence.
        public let info: String
        public let text: String
        /// The line, from 1, of the first line of the text.
        public let line: Int

        var isYAML: Bool {
            let language = info.prefix { $0 != " " && $0 != "\t" && $0 != "{" }.lowercased()
            return language == "yaml" || language == "yml" || language == "json"
        }
    }

    public struct Table: Sendable {
        public let header: [String]
        public let rows: [[String]]
        /// The line, from 1, of the header.
        public let line: Int
    }

    public private(set) var blocks: [Block] = []
    public private(set) var tables: [Table] = []

    public init(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var index = 0
        while index < lines.count {
            if let fence = Self.fence(lines[index]) {
                let first = index + 1
                var end = first
                while end < lines.count, !Self.closes(lines[end], fence.marker) { end += 1 }
                let body = lines[first..<end].map { Self.unindent($0, fence.indent) }
                blocks.append(
                    Block(info: fence.info, text: body.joined(separator: "\n") + "\n", line: first + 1))
                index = end + 1
            } else if index + 1 < lines.count, Self.isDelimiter(lines[index + 1]),
                lines[index].contains("|")
            {
                let header = Self.cells(lines[index])
                let start = index
                var rows: [[String]] = []
                index += 2
                while index < lines.count, lines[index].contains("|") {
                    rows.append(Self.cells(lines[index]))
                    index += 1
                }
                tables.append(Table(header: header, rows: rows, line: start + 1))
            } else {
                index += 1
            }
        }
    }

    private static func fence(_ line: Substring) -> (indent: Int, marker: Substring, info: String)? {
        let indent = line.prefix { $0 == " " }.count
        guard indent < 4 else { return nil }
        let rest = line.dropFirst(indent)
        guard let mark = rest.first, mark == "`" || mark == "~" else { return nil }
        let marker = rest.prefix { $0 == mark }
        guard marker.count >= 3 else { return nil }
        let info = trimmed(rest.dropFirst(marker.count))
        if mark == "`", info.contains("`") { return nil }
        return (indent, marker, info)
    }

    private static func closes(_ line: Substring, _ marker: Substring) -> Bool {
        let text = trimmed(line)
        return text.count >= marker.count && text.allSatisfy { $0 == marker.first }
    }

    private static func unindent(_ line: Substring, _ count: Int) -> Substring {
        let spaces = line.prefix(count).prefix { $0 == " " }.count
        return line.dropFirst(spaces)
    }

    private static func isDelimiter(_ line: Substring) -> Bool {
        let cells = cells(line)
        return !cells.isEmpty && line.contains("-")
            && cells.allSatisfy { cell in
                !cell.isEmpty && cell.contains("-") && cell.allSatisfy { $0 == "-" || $0 == ":" }
            }
    }

    /// Without the emphasis that tables often put on names.
    private static func cells(_ line: Substring) -> [String] {
        var text = Substring(trimmed(line))
        if text.first == "|" { text = text.dropFirst() }
        if text.last == "|" { text = text.dropLast() }
        return text.split(separator: "|", omittingEmptySubsequences: false).map { cell in
            trimmed(cell).filter { $0 != "*" && $0 != "`" }
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        func isSpace(_ character: Character) -> Bool {
            character == " " || character == "\t" || character == "\r" || character == "\r\n"
        }
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text = text.dropLast() }
        return String(text)
    }
}
