import KubeAPI

/// An IPv4 block that Service addresses come from.
public struct ServiceRange: Sendable, Equatable, CustomStringConvertible {
    public let base: UInt32
    public let prefix: Int

    public struct Malformed: Error, Sendable, CustomStringConvertible {
        public let text: String
        public var description: String { "\(text) is not an IPv4 block with a prefix between /12 and /28" }
    }

    /// The block that a server is started with.
    public init(_ text: String) throws(Malformed) {
        guard let range = ServiceRange(block: text), (12...28).contains(range.prefix) else {
            throw Malformed(text: text)
        }
        self = range
    }

    /// A block of any size, as a ServiceCIDR may name it; nil when it is none of IPv4.
    public init?(block text: String) {
        guard let block = CIDR(text), let address = Self.number(block.address) else { return nil }
        prefix = block.prefix
        base = prefix == 0 ? 0 : address & (UInt32.max << UInt32(32 - prefix))
    }

    /// How many addresses a Service may have: neither that of the network nor that of its broadcasts.
    var hostCount: Int { prefix > 30 ? 0 : (1 << (32 - prefix)) - 2 }
    /// How many of them, from the first on, are given away last: people choose their own from there.
    var reservedCount: Int {
        let size = 1 << (32 - prefix)
        return size <= 16 ? 0 : min(max(size / 16, 16), 256)
    }
    /// The address of the API's own Service.
    public var first: String { Self.text(base + 1) }
    public var description: String { "\(Self.text(base))/\(prefix)" }

    public func contains(_ address: UInt32) -> Bool {
        address > base && Int(address - base) <= hostCount
    }

    public static func number(_ text: String) -> UInt32? { IPAddress(text).flatMap(number) }

    private static func number(_ address: IPAddress) -> UInt32? {
        guard address.isIPv4 else { return nil }
        return address.bytes[12...].reduce(0) { $0 << 8 | UInt32($1) }
    }

    public static func text(_ address: UInt32) -> String {
        "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)"
    }
}
