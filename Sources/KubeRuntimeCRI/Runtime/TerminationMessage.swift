import KubeNode

/// A container's last words (kuberuntime_container.go: getTerminationMessage).
enum TerminationMessage {
    /// Bytes of the file, and bytes and lines of the log, that are read at most.
    static let longest = 4_096
    static let longestFromLog = 2_048
    static let mostLines = 80

    static func read(path: String, log: String, fallsBack: Bool, exitCode: Int) -> String {
        let words = FileBytes.read(path, limit: longest) ?? []
        if !words.isEmpty { return String(decoding: words, as: UTF8.self) }
        guard fallsBack, exitCode != 0 else { return "" }
        return fromLog(FileBytes.read(log, limit: 65_536, fromEnd: true) ?? [])
    }

    /// The end of a log, without the frame of its lines.
    static func fromLog(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")).suffix(mostLines) {
            guard let line = LogLine(line) else { continue }
            text += line.content
            if !line.isPartial { text.append(UInt8(ascii: "\n")) }
        }
        return String(decoding: text.suffix(longestFromLog), as: UTF8.self)
    }
}
