/// A URL in its parts, as Go's net/url has them. Only what stands alone is one: with a scheme, or an absolute
/// path.
public struct URLValue: Sendable {
    public let text: String
    let scheme: String
    /// With the port.
    let host: String
    let escapedPath: String
    let rawQuery: String

    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        if bytes.isEmpty || bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) { return nil }
        var rest = Substring(text)
        var scheme = ""
        if let colon = rest.firstIndex(of: ":"), let first = rest.utf8.first, Self.isLetter(first),
            rest[..<colon].utf8.allSatisfy({
                Self.isLetter($0) || ($0 >= 48 && $0 <= 57) || "+-.".utf8.contains($0)
            })
        {
            scheme = rest[..<colon].lowercased()
            rest = rest[rest.index(after: colon)...]
        } else if rest.hasPrefix(":") {
            return nil
        }
        if let mark = rest.firstIndex(of: "?") {
            rawQuery = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        } else {
            rawQuery = ""
        }
        if !rest.hasPrefix("/") {
            // Opaque ones have a scheme.
            if scheme.isEmpty { return nil }
            self.text = text
            (self.scheme, host, escapedPath) = (scheme, "", "")
            return
        }
        var host = ""
        if rest.hasPrefix("//"), !scheme.isEmpty || !rest.hasPrefix("///") {
            let authority = rest.dropFirst(2).prefix { $0 != "/" }
            rest = rest.dropFirst(2 + authority.count)
            host = String(authority.split(separator: "@", omittingEmptySubsequences: false).last ?? "")
            guard Self.isHost(host) else { return nil }
        }
        guard Self.isEscaped(rest) else { return nil }
        self.text = text
        self.scheme = scheme
        self.host = host
        escapedPath = Self.escape(rest)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 97 && byte | 0x20 <= 122 }

    private static func isHost(_ host: String) -> Bool {
        var rest = Substring(host)
        if rest.hasPrefix("[") {
            guard let close = rest.lastIndex(of: "]") else { return false }
            rest = rest[rest.index(after: close)...]
            if !rest.isEmpty, !rest.hasPrefix(":") { return false }
        } else if let colon = rest.lastIndex(of: ":") {
            rest = rest[colon...]
        } else {
            rest = ""
        }
        if !rest.dropFirst().utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) { return false }
        return !host.utf8.contains { " \"\\^`{|}".utf8.contains($0) } && isEscaped(host[...])
    }

    private static func isEscaped(_ text: Substring) -> Bool {
        var left = 0
        for byte in text.utf8 {
            if left > 0 {
                let isHex = (byte >= 48 && byte <= 57) || (byte | 0x20 >= 97 && byte | 0x20 <= 102)
                if !isHex { return false }
                left -= 1
            } else if byte == UInt8(ascii: "%") {
                left = 2
            }
        }
        return left == 0
    }

    private static let pathBytes = Set("-_.~$&+,/:;=@!'()*[]%".utf8)

    private static func escape(_ path: Substring) -> String {
        var output: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in path.utf8 {
            if isLetter(byte) || (byte >= 48 && byte <= 57) || pathBytes.contains(byte) {
                output.append(byte)
            } else {
                output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    var port: String {
        let tail = host.hasPrefix("[") ? host[(host.lastIndex(of: "]") ?? host.startIndex)...] : host[...]
        guard let colon = tail.lastIndex(of: ":") else { return "" }
        return String(tail[tail.index(after: colon)...])
    }

    var hostname: String {
        if host.hasPrefix("["), let close = host.lastIndex(of: "]") {
            return String(host[host.index(after: host.startIndex)..<close])
        }
        guard let colon = host.lastIndex(of: ":") else { return host }
        return String(host[..<colon])
    }

    /// The query's values by name, in the order in which they are written.
    var query: [(name: String, values: [String])] {
        var result: [(name: String, values: [String])] = []
        for pair in rawQuery.split(separator: "&") where !pair.contains(";") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.unescape(parts[0]),
                let value = Self.unescape(parts.count > 1 ? parts[1] : "")
            else { continue }
            if let index = result.firstIndex(where: { sameText($0.name, name) }) {
                result[index].values.append(value)
            } else {
                result.append((name, [value]))
            }
        }
        return result
    }

    private static func unescape(_ text: Substring) -> String? {
        guard isEscaped(text) else { return nil }
        var output: [UInt8] = []
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            if byte == UInt8(ascii: "%"), let high = bytes.next(), let low = bytes.next() {
                output.append(UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16) ?? 0)
            } else {
                output.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
