/// The addresses of one node's pods: the lowest that is free, so that the same order of events gives the same
/// addresses.
struct AddressPool: Sendable {
    private let base: UInt32
    private let size: Int
    private var isTaken: [Bool]
    private var lowestFree = 0

    /// - Parameter cidr: of IPv4; its network address, the gateway and the broadcast address are left out.
    init?(_ cidr: String) {
        let parts = cidr.split(separator: "/")
        guard parts.count == 2, let bits = Int(parts[1]), (8...29).contains(bits),
            let address = Self.number(String(parts[0]))
        else { return nil }
        self.init(base: address, bits: bits)
    }

    init(base: UInt32, bits: Int) {
        self.base = base
        size = (1 << (32 - bits)) - 3
        isTaken = []
    }

    var cidr: String { "\(Self.text(base))/\(32 - (size + 3).trailingZeroBitCount)" }

    mutating func take() -> String? {
        while lowestFree < isTaken.count, isTaken[lowestFree] { lowestFree += 1 }
        guard lowestFree < size else { return nil }
        if lowestFree == isTaken.count { isTaken.append(true) } else { isTaken[lowestFree] = true }
        return Self.text(base + 2 + UInt32(lowestFree))
    }

    mutating func mark(_ address: String) {
        guard let index = index(address) else { return }
        while isTaken.count <= index { isTaken.append(false) }
        isTaken[index] = true
    }

    mutating func release(_ address: String) {
        guard let index = index(address), index < isTaken.count else { return }
        isTaken[index] = false
        lowestFree = min(lowestFree, index)
    }

    private func index(_ address: String) -> Int? {
        guard let number = Self.number(address), number >= base &+ 2 else { return nil }
        let index = Int(number - base - 2)
        return index < size ? index : nil
    }

    static func number(_ text: String) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard let byte = UInt8(part) else { return nil }
            number = number << 8 | UInt32(byte)
        }
        return number
    }

    static func text(_ number: UInt32) -> String {
        "\(number >> 24).\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
    }
}
