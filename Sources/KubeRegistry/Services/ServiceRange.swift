import KubeAPI

/// The IPv4 block that Service addresses come from.
public struct ServiceRange: Sendable, CustomStringConvertible {
    public let base: UInt32
    public let prefix: Int

    public struct Malformed: Error, Sendable, CustomStringConvertible {
        public let text: String
        public var description: String { "\(text) is not an IPv4 block with a prefix between /12 and /28" }
    }

    public init(_ text: String) throws(Malformed) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let address = Self.number(String(parts[0])), let prefix = Int(parts[1]),
            (12...28).contains(prefix)
        else { throw Malformed(text: text) }
        self.prefix = prefix
        base = address & (UInt32.max << UInt32(32 - prefix))
    }

    var size: UInt32 { 1 << UInt32(32 - prefix) }
    /// The address of the API's own Service.
    public var first: String { Self.text(base + 1) }
    public var description: String { "\(Self.text(base))/\(prefix)" }

    func contains(_ address: UInt32) -> Bool { address > base && address < base + size - 1 }

    static func number(_ text: String) -> UInt32? {
        guard let address = IPAddress(text), address.isIPv4 else { return nil }
        return address.bytes[12...].reduce(0) { $0 << 8 | UInt32($1) }
    }

    static func text(_ address: UInt32) -> String {
        "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)"
    }
}
