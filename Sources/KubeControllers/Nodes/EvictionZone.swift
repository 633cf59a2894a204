import KubeAPI

/// How many nodes of a zone are in trouble decides how fast their pods are sent away: a zone in which all is
/// down is likelier cut off than dead (pkg/controller/nodelifecycle, zone states).
struct EvictionZone: Sendable {
    enum State: Sendable {
        case initial
        case normal
        case partialDisruption
        case fullDisruption

        /// - Parameter threshold: the part of nodes that is not ready from which a zone counts as disrupted.
        init(ready: Int, notReady: Int, threshold: Double) {
            if ready == 0, notReady > 0 {
                self = .fullDisruption
            } else if notReady > 2, Double(notReady) / Double(notReady + ready) >= threshold {
                self = .partialDisruption
            } else {
                self = .normal
            }
        }
    }

    var state = State.initial
    /// Names of nodes that wait for their NoExecute taint, in order of coming.
    private(set) var waiting: [String] = []
    /// Nodes a second.
    private var rate: Double
    /// At most one is saved up.
    private var tokens = 1.0
    private var filled: Timestamp?

    init(rate: Double) { self.rate = rate }

    mutating func enqueue(_ node: String) {
        if !waiting.contains(node) { waiting.append(node) }
    }

    mutating func remove(_ node: String) { waiting.removeAll { $0 == node } }

    mutating func removeAll(where isDone: (String) -> Bool) { waiting.removeAll(where: isDone) }

    /// Changes the pace; what was used up stays so.
    mutating func setRate(_ new: Double, _ now: Timestamp) {
        guard new != rate else { return }
        fill(now)
        rate = new
        tokens = tokens >= 1 ? 1 : 0
    }

    /// Whether one more node may be tainted now.
    mutating func take(_ now: Timestamp) -> Bool {
        guard rate > 0 else { return false }
        fill(now)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    /// Seconds until `take` gives the next; nil when it will not.
    func secondsToNext() -> Double? {
        guard rate > 0 else { return nil }
        return max(0.001, (1 - tokens) / rate)
    }

    private mutating func fill(_ now: Timestamp) {
        if let filled { tokens = min(1, tokens + max(0, now.since(filled)) * rate + 1e-9) }
        filled = now
    }
}
