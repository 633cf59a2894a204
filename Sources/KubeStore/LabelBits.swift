import KubeJSON

/// Labels as 64 bits: each key sets one of them and each key with its value another. An object that has the
/// labels of a selector has all of the selector's bits; one that has the bits must still be looked at.
public struct LabelBits: Sendable, Hashable {
    public private(set) var bits: UInt64 = 0

    public init() {}

    /// Those of an object's labels.
    init(_ labels: JSONObject?) {
        for (key, value) in labels ?? [:] { insert(key: key, value: value.string) }
    }

    /// - Parameter value: nil for a key that may have any value.
    public mutating func insert(key: String, value: String?) {
        var hash = Self.hash(key, 0xCBF2_9CE4_8422_2325)
        bits |= 1 << (hash >> 58)
        guard let value else { return }
        hash = Self.hash(value, hash ^ 0xFF)
        bits |= 1 << (hash >> 58)
    }

    /// FNV-1a, with its better bits at the top.
    private static func hash(_ text: String, _ seed: UInt64) -> UInt64 {
        var hash = seed
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash &* 0x9E37_79B9_7F4A_7C15
    }
}
