extension Timestamp {
    /// The time some seconds later (or, below zero, earlier), rounded to nanoseconds.
    public func adding(_ interval: Double) -> Timestamp {
        // Bounded, so that no requeue overflows.
        let interval = min(max(interval, -1e9), 1e9)
        let whole = interval.rounded(.down)
        var result = Timestamp(
            seconds: seconds + Int64(whole),
            // Rounded: `now.adding(due.since(now))` is `due`, not a nanosecond before it.
            nanoseconds: nanoseconds + Int32(((interval - whole) * 1e9).rounded()))
        if result.nanoseconds >= 1_000_000_000 {
            result.nanoseconds -= 1_000_000_000
            result.seconds += 1
        }
        return result
    }

    /// Seconds from another time to this one.
    public func since(_ other: Timestamp) -> Double {
        Double(seconds - other.seconds) + Double(nanoseconds - other.nanoseconds) / 1e9
    }
}
