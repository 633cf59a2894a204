/// Whether a text can be the name of an image (github.com/distribution/reference). Pure.
enum ImageReference {
    /// Why it cannot; nil when it can.
    static func problem(_ text: String) -> String? {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, !isDigest(parts[1]) { return "invalid reference format" }
        var name = parts[0]
        if let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") {
            guard isTag(name[name.index(after: colon)...]) else { return "invalid reference format" }
            name = name[..<colon]
        }
        var path = name.split(separator: "/", omittingEmptySubsequences: false)
        if path.count > 1, let first = path.first, isHost(first) { path.removeFirst() }
        if path.allSatisfy(isComponent) { return name.utf8.count > 255 ? "repository name too long" : nil }
        let lower = path.map { $0.lowercased()[...] }
        guard lower.allSatisfy(isComponent) else { return "invalid reference format" }
        return "invalid reference format: repository name (\(path.joined(separator: "/"))) must be lowercase"
    }

    private static func isHost(_ text: Substring) -> Bool {
        guard text == "localhost" || text.contains(where: { $0 == "." || $0 == ":" }) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || isDigit($0) || ".-:[]".utf8.contains($0) }
    }

    /// Letters and digits, parted by one point, one or two underscores, or dashes.
    private static func isComponent(_ text: Substring) -> Bool {
        let bytes = Array(text.utf8)
        func isWord(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x7a).contains(byte) }
        guard let first = bytes.first, let last = bytes.last, isWord(first), isWord(last) else {
            return false
        }
        return bytes.split(whereSeparator: isWord).allSatisfy { separator in
            let text = String(decoding: separator, as: UTF8.self)
            return [".", "_", "__"].contains(text) || text.allSatisfy { $0 == "-" }
        }
    }

    private static func isTag(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 128, first != UInt8(ascii: "."),
            first != UInt8(ascii: "-")
        else { return false }
        return text.utf8.allSatisfy { isLetter($0) || isDigit($0) || isMark($0) }
    }

    private static func isDigest(_ text: Substring) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts[0].utf8.first, isLetter(first), parts[1].utf8.count >= 32
        else {
            return false
        }
        return parts[1].allSatisfy { $0.isHexDigit && $0.isASCII }
            && parts[0].utf8.allSatisfy {
                isLetter($0) || isDigit($0) || isMark($0) || $0 == UInt8(ascii: "+")
            }
    }

    private static func isMark(_ byte: UInt8) -> Bool { "_.-".utf8.contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) }
}
