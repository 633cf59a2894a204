import KubeAPI
import KubeJSON

/// What the autoscaler remembers of one target: what metrics asked for, and what was done. It damps what
/// metrics ask for now (pkg/controller/podautoscaler/horizontal.go).
struct ScalingHistory: Sendable {
    struct Entry: Sendable {
        var count: Int
        var time: Timestamp
    }

    /// How fast one direction may go.
    struct Rules: Sendable {
        struct Policy: Sendable {
            var isPercent: Bool
            var value: Int
            var period: Int
        }

        /// `Max`, `Min` or `Disabled`.
        var select: String
        var window: Int
        var policies: [Policy]
        var tolerance: Double?

        /// - Parameter defaults: for what is left out.
        init(_ json: JSON?, defaults: Rules) {
            self = defaults
            guard let json, !json.isNull else { return }
            if let select = json["selectPolicy"]?.string { self.select = select }
            if let window = json["stabilizationWindowSeconds"]?.int { self.window = window }
            if let policies = json["policies"]?.array {
                self.policies = policies.map {
                    Policy(
                        isPercent: $0["type"]?.string == "Percent", value: $0["value"]?.int ?? 0,
                        period: $0["periodSeconds"]?.int ?? 0)
                }
            }
            tolerance = json["tolerance"]?.string.flatMap { Quantity($0) }.map {
                Double($0.milliValue) / 1_000
            }
        }

        init(select: String, window: Int, policies: [Policy]) {
            self.select = select
            self.window = window
            self.policies = policies
        }

        static let up = Rules(
            select: "Max", window: 0,
            policies: [
                Policy(isPercent: false, value: 4, period: 15),
                Policy(isPercent: true, value: 100, period: 15),
            ])
        static let down = Rules(
            select: "Max", window: 300, policies: [Policy(isPercent: true, value: 100, period: 15)])
    }

    struct Verdict: Sendable, Equatable {
        var replicas: Int
        /// Of the condition AbleToScale.
        var able: (reason: String, message: String)
        /// Of the condition ScalingLimited.
        var limited: (isTrue: Bool, reason: String, message: String)

        static func == (left: Verdict, right: Verdict) -> Bool {
            left.replicas == right.replicas && left.able == right.able && left.limited == right.limited
        }
    }

    static let within = (
        "DesiredWithinRange", "the desired count is within the acceptable range"
    )
    private static let tooFast = (
        "ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate"
    )
    private static let tooSlow = (
        "ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate"
    )
    private static let tooMany = (
        "TooManyReplicas", "the desired replica count is more than the maximum replica count"
    )
    private static let tooFew = (
        "TooFewReplicas", "the desired replica count is less than the minimum replica count"
    )

    var recommendations: [Entry] = []
    var ups: [Entry] = []
    var downs: [Entry] = []

    /// Without a behavior: no way down below what was asked for in the last five minutes, and no more than
    /// twice as many (or four) at once.
    mutating func normalize(
        current: Int, wanted: Int, minimum: Int, maximum: Int, now: Timestamp
    ) -> Verdict {
        let cutoff = now.adding(-Double(Rules.down.window))
        let highest = recommendations.filter { $0.time >= cutoff }.map(\.count).max() ?? wanted
        let stable = max(highest, wanted)
        remember(wanted, now, obsoleteBefore: cutoff)
        let limit = max(2 * current, 4)
        let (most, reason) = maximum > limit ? (limit, Self.tooFast) : (maximum, Self.tooMany)
        let (replicas, why) =
            stable < minimum ? (minimum, Self.tooFew) : stable > most ? (most, reason) : (stable, Self.within)
        return verdict(replicas, stable, wanted, why, isUp: false)
    }

    /// By the behavior of the autoscaler.
    mutating func normalize(
        current: Int, wanted: Int, minimum: Int, maximum: Int, up: Rules, down: Rules, now: Timestamp
    ) -> Verdict {
        let upCutoff = now.adding(-Double(up.window))
        let downCutoff = now.adding(-Double(down.window))
        var least = wanted
        var most = wanted
        for entry in recommendations {
            if entry.time > upCutoff { least = min(least, entry.count) }
            if entry.time > downCutoff { most = max(most, entry.count) }
        }
        // As it is, unless everything that counts asked for more, or for less.
        let stable = min(max(current, least), most)
        remember(wanted, now, obsoleteBefore: min(upCutoff, downCutoff))
        var (replicas, why) = (stable, Self.within)
        if stable > current {
            let limit = max(current, upLimit(current, up, now))
            let (bound, reason) = maximum > limit ? (limit, Self.tooFast) : (maximum, Self.tooMany)
            if stable > bound { (replicas, why) = (bound, reason) }
        } else if stable < current {
            let limit = min(current, downLimit(current, down, now))
            let (bound, reason) = minimum < limit ? (limit, Self.tooSlow) : (minimum, Self.tooFew)
            if stable < bound { (replicas, why) = (bound, reason) }
        }
        return verdict(replicas, stable, wanted, why, isUp: wanted >= current)
    }

    private func verdict(
        _ replicas: Int, _ stable: Int, _ wanted: Int, _ why: (String, String), isUp: Bool
    ) -> Verdict {
        var able = (reason: "ReadyForNewScale", message: "recommended size matches current size")
        if stable != wanted {
            able = (
                isUp ? "ScaleUpStabilized" : "ScaleDownStabilized",
                isUp
                    ? "recent recommendations were lower than current one, applying the lowest recent "
                        + "recommendation"
                    : "recent recommendations were higher than current one, applying the highest recent "
                        + "recommendation"
            )
        }
        return Verdict(replicas: replicas, able: able, limited: (replicas != stable, why.0, why.1))
    }

    private mutating func remember(_ count: Int, _ now: Timestamp, obsoleteBefore cutoff: Timestamp) {
        Self.add(Entry(count: count, time: now), to: &recommendations, obsoleteBefore: cutoff)
    }

    /// One that counts no more gives its place, so that there are never more than once were needed.
    private static func add(_ entry: Entry, to entries: inout [Entry], obsoleteBefore cutoff: Timestamp) {
        if let old = entries.lastIndex(where: { $0.time < cutoff }) {
            entries[old] = entry
        } else {
            entries.append(entry)
        }
    }

    /// The target was scaled under a behavior.
    mutating func scaled(from old: Int, to new: Int, up: Rules, down: Rules, now: Timestamp) {
        let rules = new > old ? up : down
        let cutoff = now.adding(-Double(rules.policies.map(\.period).max() ?? 0))
        let entry = Entry(count: abs(new - old), time: now)
        if new > old {
            Self.add(entry, to: &ups, obsoleteBefore: cutoff)
        } else {
            Self.add(entry, to: &downs, obsoleteBefore: cutoff)
        }
    }

    /// That did not happen after all.
    mutating func undo(from old: Int, to new: Int) {
        func drop(_ entries: inout [Entry]) {
            guard let last = entries.map(\.time).max(),
                let index = entries.lastIndex(where: { $0.time == last })
            else { return }
            entries.remove(at: index)
        }
        if new > old { drop(&ups) } else { drop(&downs) }
    }

    /// How many there were before the last so many seconds.
    private func start(_ current: Int, _ period: Int, _ now: Timestamp) -> Int {
        let cutoff = now.adding(-Double(period))
        func sum(_ events: [Entry]) -> Int { events.reduce(0) { $0 + ($1.time > cutoff ? $1.count : 0) } }
        return current - sum(ups) + sum(downs)
    }

    private func upLimit(_ current: Int, _ rules: Rules, _ now: Timestamp) -> Int {
        if rules.select == "Disabled" { return current }
        var result = rules.select == "Min" ? Int(Int32.max) : 0
        for policy in rules.policies {
            let start = start(current, policy.period, now)
            let proposed =
                policy.isPercent
                ? ReplicaCalculator.ceil(Double(start) * (1 + Double(policy.value) / 100))
                : start + policy.value
            result = rules.select == "Min" ? min(result, proposed) : max(result, proposed)
        }
        return result
    }

    private func downLimit(_ current: Int, _ rules: Rules, _ now: Timestamp) -> Int {
        if rules.select == "Disabled" { return current }
        var result = rules.select == "Min" ? Int(Int32.min) : Int(Int32.max)
        for policy in rules.policies {
            let start = start(current, policy.period, now)
            let proposed =
                policy.isPercent
                ? Int(Double(start) * (1 - Double(policy.value) / 100)) : start - policy.value
            result = rules.select == "Min" ? max(result, proposed) : min(result, proposed)
        }
        return result
    }
}
