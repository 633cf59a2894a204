/// An IPv4 or IPv6 address, read as Go reads it and written in canonical form (RFC 5952).
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// Sixteen bytes; an IPv4 address is held in its mapped form.
    public let bytes: [UInt8]
    /// Written with dots, or as an IPv4-mapped IPv6 address, which Go takes for the same address.
    public let isIPv4: Bool
    /// Written as `::ffff:a.b.c.d` or with leading zeros in an IPv4 part: taken only where upstream is lenient.
    public let isMapped: Bool
    public let hasLeadingZeros: Bool

    /// Reads an address, leading zeros in IPv4 octets included.
    public init?(_ text: some StringProtocol) {
        let source = Array(text.utf8)
        if source.contains(0x3A) {
            guard let parsed = Self.parseIPv6(source) else { return nil }
            bytes = parsed.bytes
            hasLeadingZeros = parsed.zeros
            isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
            isIPv4 = isMapped
        } else {
            guard let parsed = Self.parseIPv4(source[...]) else { return nil }
            bytes = Self.mapped + parsed.bytes
            hasLeadingZeros = parsed.zeros
            isMapped = false
            isIPv4 = true
        }
    }

    /// An address of the given bytes: 4 or 16 of them.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes.count == 4 ? Self.mapped + bytes : bytes
        isIPv4 = self.bytes.starts(with: Self.mapped)
        isMapped = false
        hasLeadingZeros = false
    }

    public static func == (left: IPAddress, right: IPAddress) -> Bool { left.bytes == right.bytes }
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    private static func parseIPv4(_ source: ArraySlice<UInt8>) -> (bytes: [UInt8], zeros: Bool)? {
        let parts = source.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        var zeros = false
        for part in parts {
            guard !part.isEmpty else { return nil }
            var value = 0
            for byte in part {
                guard ByteRules.isDigit(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
                if value > 255 { return nil }
            }
            if part.count > 1, part.first == 0x30 { zeros = true }
            bytes.append(UInt8(value))
        }
        return (bytes, zeros)
    }

    private static func parseIPv6(_ source: [UInt8]) -> (bytes: [UInt8], zeros: Bool)? {
        var head: [UInt8] = []
        var tail: [UInt8] = []
        var elided = false
        var zeros = false
        var rest = source[...]
        if rest.starts(with: [0x3A, 0x3A]) {
            elided = true
            rest = rest.dropFirst(2)
        } else if rest.first == 0x3A {
            return nil
        }
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x3A) ?? rest.endIndex
            let part = rest[..<end]
            var piece: [UInt8]
            if part.contains(0x2E) {
                guard end == rest.endIndex, let parsed = parseIPv4(part) else { return nil }
                piece = parsed.bytes
                zeros = parsed.zeros
            } else {
                guard !part.isEmpty, part.count <= 4 else { return nil }
                var value = 0
                for byte in part {
                    guard let digit = hexDigit(byte) else { return nil }
                    value = value << 4 | digit
                }
                piece = [UInt8(value >> 8), UInt8(value & 0xFF)]
            }
            if elided { tail += piece } else { head += piece }
            rest = rest[end...]
            guard rest.first == 0x3A else { break }
            rest = rest.dropFirst()
            if rest.first == 0x3A {
                if elided { return nil }
                elided = true
                rest = rest.dropFirst()
            } else if rest.isEmpty {
                return nil
            }
        }
        let count = head.count + tail.count
        if elided ? count > 14 : count != 16 { return nil }
        return (head + [UInt8](repeating: 0, count: 16 - count) + tail, zeros)
    }

    private static func hexDigit(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte - 0x30)
        case 0x41...0x46: Int(byte - 0x41) + 10
        case 0x61...0x66: Int(byte - 0x61) + 10
        default: nil
        }
    }

    public var isUnspecified: Bool { (isIPv4 ? bytes[12...] : bytes[...]).allSatisfy { $0 == 0 } }
    public var isLoopback: Bool {
        isIPv4 ? bytes[12] == 127 : bytes[..<15].allSatisfy { $0 == 0 } && bytes[15] == 1
    }
    public var isLinkLocalUnicast: Bool {
        isIPv4 ? bytes[12] == 169 && bytes[13] == 254 : bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
    }
    public var isLinkLocalMulticast: Bool {
        isIPv4
            ? bytes[12] == 224 && bytes[13] == 0 && bytes[14] == 0 : bytes[0] == 0xFF && bytes[1] & 0x0F == 2
    }

    /// The canonical text: dotted, or RFC 5952's shortest form.
    public var description: String {
        if isIPv4 { return bytes[12...].map { String($0) }.joined(separator: ".") }
        let groups = (0..<8).map { Int(bytes[2 * $0]) << 8 | Int(bytes[2 * $0 + 1]) }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(best.count, 1) { best = start..<end }
            start = max(end, start + 1)
        }
        let hex = { (part: Range<Int>) in part.map { String(groups[$0], radix: 16) }.joined(separator: ":") }
        return best.isEmpty ? hex(0..<8) : hex(0..<best.lowerBound) + "::" + hex(best.upperBound..<8)
    }
}

/// A network in CIDR form.
public struct CIDR: Hashable, Sendable, CustomStringConvertible {
    /// The address as written; bits beyond the prefix may be set.
    public let address: IPAddress
    /// The length of the prefix: at most 32 for IPv4, 128 for IPv6.
    public let prefix: Int
    public let hasLeadingZeros: Bool

    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(parts[0]) else { return nil }
        let digits = parts[1].utf8
        guard !digits.isEmpty, digits.count <= 5, digits.allSatisfy(ByteRules.isDigit),
            let length = Int(parts[1]), length <= (address.isIPv4 && !address.isMapped ? 32 : 128)
        else { return nil }
        self.address = address
        prefix = length
        hasLeadingZeros = address.hasLeadingZeros || (digits.count > 1 && digits.first == 0x30)
    }

    private var wholePrefix: Int { address.isIPv4 && !address.isMapped ? prefix + 96 : prefix }

    /// The first address of the network.
    public var network: IPAddress {
        let length = wholePrefix
        let masked = address.bytes.enumerated().map { index, byte -> UInt8 in
            let bits = min(max(length - index * 8, 0), 8)
            return bits == 0 ? 0 : byte & (0xFF << UInt8(8 - bits))
        }
        return IPAddress(bytes: masked) ?? address
    }

    /// The last address of the network: of IPv4 that of its broadcasts.
    public var last: IPAddress {
        let length = wholePrefix
        let filled = network.bytes.enumerated().map { index, byte -> UInt8 in
            byte | UInt8(truncatingIfNeeded: 0xFF >> min(max(length - index * 8, 0), 8))
        }
        return IPAddress(bytes: filled) ?? address
    }

    public var hasHostBits: Bool { network.bytes != address.bytes }

    public func contains(_ other: IPAddress) -> Bool {
        guard other.isIPv4 == address.isIPv4 else { return false }
        let base = network.bytes
        let length = wholePrefix
        for index in 0..<16 {
            let bits = min(max(length - index * 8, 0), 8)
            if bits == 0 { break }
            let mask = 0xFF << UInt8(8 - bits)
            if base[index] & UInt8(truncatingIfNeeded: mask) != other.bytes[index]
                & UInt8(truncatingIfNeeded: mask)
            {
                return false
            }
        }
        return true
    }

    public var description: String { "\(network)/\(prefix)" }
}
