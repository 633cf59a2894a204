/// Random numbers as a function of what they are for: the same seed and words give the same number, in any
/// order of asking.
struct SeededHash: Sendable {
    private(set) var value: UInt64

    init(_ seed: UInt64) { value = 0xCBF2_9CE4_8422_2325 ^ seed }

    /// FNV-1a of the bytes.
    func with(_ text: String) -> SeededHash {
        var copy = self
        for byte in text.utf8 { copy.value = (copy.value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return copy
    }

    func with(_ number: Int) -> SeededHash {
        var copy = self
        copy.value = (copy.value ^ UInt64(bitPattern: Int64(number))) &* 0x9E37_79B9_7F4A_7C15
        return copy
    }

    /// Well-mixed bits (SplitMix64's end).
    var bits: UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 up to 1, without 1.
    var fraction: Double { Double(bits >> 11) / 9_007_199_254_740_992 }

    /// 64 hexadecimal digits, as identifiers of containers and images have.
    var identifier: String {
        var text = ""
        text.reserveCapacity(64)
        for part in 0..<4 {
            let digits = String(with(part).bits, radix: 16)
            for _ in digits.utf8.count..<16 { text += "0" }
            text += digits
        }
        return text
    }
}
