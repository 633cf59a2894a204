import KubeAPI

/// A value over time: controllers act on what it was a little while ago, when that is what they saw.
struct Recent<Value: Sendable>: Sendable {
    private var entries: [(since: Timestamp, value: Value)] = []

    init() {}

    mutating func set(_ value: Value, at time: Timestamp) {
        if let last = entries.last, last.since == time, entries.count > 64 { entries.removeLast() }
        entries.append((time, value))
    }

    var last: Value? { entries.last?.value }

    /// What it is and what it was so many seconds ago and since.
    mutating func values(_ now: Timestamp, back seconds: Double) -> [Value] {
        let cut = now.adding(-seconds)
        // The one that held at the cut counts still.
        while entries.count > 1, entries[1].since <= cut { entries.removeFirst() }
        return entries.map(\.value)
    }
}
