#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a rule may not fetch for itself: the time and unpredictable bits. Real in the server, scripted in
/// simulation and tests.
public struct RegistryEnvironment: Sendable {
    /// Seconds and nanoseconds since 1970.
    public var now: @Sendable () -> (seconds: Int64, nanoseconds: Int)
    public var random: @Sendable () -> UInt64

    public init(
        now: @escaping @Sendable () -> (seconds: Int64, nanoseconds: Int),
        random: @escaping @Sendable () -> UInt64
    ) {
        self.now = now
        self.random = random
    }

    public static let system = RegistryEnvironment(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return (Int64(time.tv_sec), Int(time.tv_nsec))
        },
        random: { UInt64.random(in: .min ... .max) })

    /// A random UUID (RFC 9562, version 4).
    public func uuid() -> String {
        let high = random() & ~0xF000 | 0x4000
        let low = random() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: 36) { text in
            var position = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    text[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = index < 16 ? high : low
                let nibble = Int((word >> (60 - UInt64(index % 16) * 4)) & 15)
                text[position] = digits.utf8Start[nibble]
                position += 1
            }
            return 36
        }
    }

    /// Characters for generated names: no vowels, no look-alikes, as upstream chooses them.
    public func suffix(_ length: Int) -> String {
        let letters: StaticString = "bcdfghjklmnpqrstvwxz2456789"
        var bits = random()
        return String(unsafeUninitializedCapacity: length) { text in
            for index in 0..<length {
                if bits < 27 { bits = random() }
                text[index] = letters.utf8Start[Int(bits % 27)]
                bits /= 27
            }
            return length
        }
    }
}
