/// An IP address: four bytes or sixteen.
public struct IPAddress: Sendable, Hashable {
    public let bytes: [UInt8]

    var isV4: Bool { bytes.count == 4 }

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Reads an address as Go's net/netip does: no leading zeros, no zone. Addresses of IPv4 in those of IPv6
    /// are refused, as Kubernetes does.
    public init?(_ text: String) {
        let utf8 = Array(text.utf8)
        if utf8.contains(UInt8(ascii: ":")) {
            guard let bytes = Self.v6(utf8) else { return nil }
            if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff { return nil }
            self.bytes = bytes
        } else {
            guard let bytes = Self.v4(utf8[...]) else { return nil }
            self.bytes = bytes
        }
    }

    private static func v4(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        for part in text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard !part.isEmpty, part.count <= 3, part.count == 1 || part.first != 48 else { return nil }
            var value = 0
            for digit in part {
                guard digit >= 48, digit <= 57 else { return nil }
                value = value * 10 + Int(digit) - 48
            }
            guard let byte = UInt8(exactly: value) else { return nil }
            bytes.append(byte)
        }
        return bytes.count == 4 ? bytes : nil
    }

    private static func v6(_ text: [UInt8]) -> [UInt8]? {
        let colon = UInt8(ascii: ":")
        var bytes: [UInt8] = []
        var gap: Int?
        var position = 0
        if text.starts(with: [colon, colon]) {
            gap = 0
            position = 2
        }
        while position < text.count {
            if bytes.count >= 16 { return nil }
            let end = text[position...].firstIndex(of: colon) ?? text.count
            let group = text[position..<end]
            if group.contains(UInt8(ascii: ".")) {
                guard end == text.count, bytes.count <= 12, let tail = v4(group) else { return nil }
                bytes += tail
                position = end
                break
            }
            guard !group.isEmpty, group.count <= 4,
                let value = UInt16(String(decoding: group, as: UTF8.self), radix: 16), group.first != 43
            else { return nil }
            bytes += [UInt8(value >> 8), UInt8(value & 0xff)]
            position = end
            if position == text.count { break }
            position += 1
            if position == text.count { return nil }
            if text[position] == colon {
                if gap != nil { return nil }
                gap = bytes.count
                position += 1
            }
        }
        guard let gap else { return bytes.count == 16 ? bytes : nil }
        guard bytes.count < 16 else { return nil }
        return bytes[..<gap] + Array(repeating: 0, count: 16 - bytes.count) + bytes[gap...]
    }

    /// The canonical text (RFC 5952).
    public var text: String {
        if isV4 { return bytes.map { String($0) }.joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        var best = 0..<0
        var index = 0
        while index < 8 {
            var end = index
            while end < 8, groups[end] == 0 { end += 1 }
            if end - index > max(best.count, 1) { best = index..<end }
            index = max(end, index + 1)
        }
        func join(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        if best.isEmpty { return join(groups[...]) }
        return join(groups[..<best.lowerBound]) + "::" + join(groups[best.upperBound...])
    }

    var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }
    var isLoopback: Bool {
        isV4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }
    var isMulticast: Bool { isV4 ? bytes[0] & 0xf0 == 0xe0 : bytes[0] == 0xff }
    var isLinkLocalMulticast: Bool {
        isV4
            ? bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0
            : bytes[0] == 0xff && bytes[1] & 0x0f == 0x02
    }
    var isLinkLocalUnicast: Bool {
        isV4 ? bytes[0] == 169 && bytes[1] == 254 : bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80
    }
    var isGlobalUnicast: Bool {
        !(isUnspecified || isLoopback || isMulticast || isLinkLocalUnicast || bytes == [255, 255, 255, 255])
    }

    func masked(_ length: Int) -> IPAddress {
        var result = bytes
        for index in result.indices {
            let kept = min(max(length - index * 8, 0), 8)
            result[index] &= UInt8(truncatingIfNeeded: 0xff00 >> kept)
        }
        return IPAddress(bytes: result)
    }
}

/// An address and how many of its bits name the network.
public struct IPNetwork: Sendable, Hashable {
    public let address: IPAddress
    public let length: Int

    init(address: IPAddress, length: Int) {
        self.address = address
        self.length = length
    }

    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])),
            !parts[1].isEmpty, parts[1].utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let length = Int(parts[1]),
            parts[1].utf8.count == 1 || parts[1].utf8.first != 48, length <= address.bytes.count * 8
        else { return nil }
        self.address = address
        self.length = length
    }

    public var text: String { "\(address.text)/\(length)" }

    func contains(_ other: IPAddress) -> Bool {
        other.bytes.count == address.bytes.count && other.masked(length) == address.masked(length)
    }
}
