/// A hash of 128 bits over a text that comes in parts: FNV-1a's idea in two lanes, eight bytes at a time. The
/// same on every machine and in every run; no protection against somebody who looks for collisions.
public struct TraceHash: Sendable, Equatable, CustomStringConvertible {
    private var first: UInt64 = 0xCBF2_9CE4_8422_2325
    private var second: UInt64 = 0x9E37_79B9_7F4A_7C15
    public private(set) var count = 0

    public init() {}

    public mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    /// A part: its end counts, so that parts cannot be taken for other ones.
    public mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        while offset + 8 <= bytes.count {
            mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset += 1
        }
        mix(rest)
        mix(UInt64(bytes.count))
        count += bytes.count
    }

    private mutating func mix(_ word: UInt64) {
        first = (first ^ word) &* 0x0000_0100_0000_01B3
        first ^= first >> 29
        let turned = (second << 23 | second >> 41) &+ word
        second = (turned ^ (turned >> 31)) &* 0xBF58_476D_1CE4_E5B9
    }

    /// 32 hexadecimal digits.
    public var description: String {
        func digits(_ value: UInt64) -> String {
            let text = String(value ^ (value >> 32), radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        return digits(first) + digits(second)
    }
}
