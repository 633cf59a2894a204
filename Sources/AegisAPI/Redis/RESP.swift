/// A value of the Redis protocol (RESP 2).
public enum RESPValue: Sendable, Equatable {
    case string([UInt8])
    case error(String)
    case integer(Int64)
    case array([RESPValue])
    case null

    var text: String? {
        if case .string(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
    }
}

/// Bytes that are no Redis protocol.
struct RESPError: Error, Equatable, Sendable {
    let description: String
}

/// Reads values out of bytes that come in pieces. What has not arrived whole is looked at again from its start;
/// values are small.
struct RESPParser {
    /// The longest string and the most elements that are taken.
    static let longest = 8 << 20
    static let most = 100_000
    static let depth = 8

    private var bytes: [UInt8] = []
    private var start = 0

    mutating func append(_ more: some Sequence<UInt8>) {
        if start > 4_096, start * 2 > bytes.count {
            bytes.removeFirst(start)
            start = 0
        }
        bytes += more
    }

    /// The next value; nil when it is not there yet.
    mutating func next() throws(RESPError) -> RESPValue? {
        var position = start
        guard let value = try value(&position, depth: 0) else {
            if bytes.count - start > 4 * Self.longest {
                throw RESPError(description: "a value that is too long")
            }
            return nil
        }
        start = position
        return value
    }

    private func value(_ position: inout Int, depth: Int) throws(RESPError) -> RESPValue? {
        guard depth < Self.depth else { throw RESPError(description: "nested too deep") }
        guard let line = try line(&position) else { return nil }
        guard let kind = line.first else { throw RESPError(description: "an empty line") }
        let rest = line.dropFirst()
        switch kind {
        case UInt8(ascii: "+"): return .string(Array(rest))
        case UInt8(ascii: "-"): return .error(String(decoding: rest, as: UTF8.self))
        case UInt8(ascii: ":"): return .integer(try number(rest))
        case UInt8(ascii: "$"):
            let count = try number(rest)
            if count == -1 { return .null }
            guard (0...Int64(Self.longest)).contains(count) else {
                throw RESPError(description: "a string of \(count) bytes")
            }
            let end = position + Int(count)
            guard bytes.count >= end + 2 else { return nil }
            guard bytes[end] == 13, bytes[end + 1] == 10 else {
                throw RESPError(description: "a string that does not end")
            }
            defer { position = end + 2 }
            return .string(Array(bytes[position..<end]))
        case UInt8(ascii: "*"):
            let count = try number(rest)
            if count == -1 { return .null }
            guard (0...Int64(Self.most)).contains(count) else {
                throw RESPError(description: "an array of \(count) elements")
            }
            var values: [RESPValue] = []
            for _ in 0..<count {
                guard let value = try value(&position, depth: depth + 1) else { return nil }
                values.append(value)
            }
            return .array(values)
        default: throw RESPError(description: "a value of kind \(kind)")
        }
    }

    private func line(_ position: inout Int) throws(RESPError) -> ArraySlice<UInt8>? {
        guard let end = bytes[position...].firstIndex(of: 13) else {
            if bytes.count - position > 65_536 { throw RESPError(description: "a line that is too long") }
            return nil
        }
        guard end + 1 < bytes.count else { return nil }
        guard bytes[end + 1] == 10 else { throw RESPError(description: "a line that does not end") }
        defer { position = end + 2 }
        return bytes[position..<end]
    }

    private func number(_ digits: ArraySlice<UInt8>) throws(RESPError) -> Int64 {
        guard let number = Int64(String(decoding: digits, as: UTF8.self)) else {
            throw RESPError(description: "a number that is none")
        }
        return number
    }
}

/// A command as an array of strings, which is how Redis takes them.
func respCommand(_ words: [String]) -> [UInt8] {
    var bytes = Array("*\(words.count)\r\n".utf8)
    for word in words {
        bytes += Array("$\(word.utf8.count)\r\n".utf8)
        bytes += Array(word.utf8)
        bytes += [13, 10]
    }
    return bytes
}

/// Where a Redis server is: `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]`.
struct RedisAddress: Sendable, Equatable {
    var host: String
    var port = 6379
    var user: String?
    var password: String?
    var database = 0

    init?(_ url: String) {
        guard url.hasPrefix("redis://") else { return nil }
        var rest = Substring(url.dropFirst("redis://".count))
        if let slash = rest.firstIndex(of: "/") {
            let path = rest[rest.index(after: slash)...].prefix { $0 != "?" }
            if !path.isEmpty {
                guard let number = Int(path), number >= 0 else { return nil }
                database = number
            }
            rest = rest[..<slash]
        }
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 {
                user = parts[0].isEmpty ? nil : percentDecoded(parts[0])
                password = percentDecoded(parts[1])
            } else {
                password = percentDecoded(parts[0])
            }
            rest = rest[rest.index(after: at)...]
        }
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            host = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
        } else {
            host = String(rest.prefix { $0 != ":" })
            rest = rest.drop { $0 != ":" }
        }
        if rest.hasPrefix(":") {
            guard let number = Int(rest.dropFirst()), (1...65_535).contains(number) else { return nil }
            port = number
        }
        if host.isEmpty { return nil }
    }
}

/// Text with `%41` and the like taken back to what they stand for; nil when that is not UTF-8 or an escape is
/// broken.
func percentDecoded(_ text: some StringProtocol) -> String? {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
            rest.prefix(2).allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") })
        else { return nil }
        bytes.append(value)
        rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
}
