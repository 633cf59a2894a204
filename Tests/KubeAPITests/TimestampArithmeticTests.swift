import Testing

@testable import KubeAPI

@Suite struct TimestampArithmeticTests {
    /// What is due in `due.since(now)` is due at `due`: a nanosecond too early would be put off for nothing, and
    /// again, without end.
    @Test func addingUndoesSince() {
        var bits: UInt64 = 42
        func next(_ bound: UInt64) -> UInt64 {
            bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (bits >> 33) % bound
        }
        for _ in 0..<20_000 {
            let now = Timestamp(
                seconds: 1_700_000_000 + Int64(next(100_000)), nanoseconds: Int32(next(1_000_000_000)))
            let due = Timestamp(
                seconds: now.seconds + Int64(next(4_000)), nanoseconds: Int32(next(1_000_000_000)))
            #expect(now.adding(due.since(now)) == due, "\(now) \(due)")
        }
    }

    @Test func carries() {
        let time = Timestamp(seconds: 10, nanoseconds: 900_000_000)
        #expect(time.adding(0.2) == Timestamp(seconds: 11, nanoseconds: 100_000_000))
        #expect(time.adding(-1.0) == Timestamp(seconds: 9, nanoseconds: 900_000_000))
        #expect(time.adding(0.099_999_999_9) == Timestamp(seconds: 11))
    }
}
