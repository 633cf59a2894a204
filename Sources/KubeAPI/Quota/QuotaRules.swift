import KubeJSON

/// What a quota says of a write, and what it has to say of itself (k8s.io/apiserver's resourcequota plug-in
/// and the resource quota controller), as pure functions.
public enum QuotaRules {
    /// What a write adds to a quota's `status.used`.
    public enum Verdict: Sendable {
        /// The quota is not about the object, or nothing that it counts grows.
        case unaffected
        /// The new `status.used`.
        case charged(ResourceAmounts)
        /// The words after `… is forbidden: `.
        case refused(String)
    }

    /// - Parameters:
    ///   - enforces: whether what exceeds the quota is refused; writes of a status are only counted.
    public static func verdict(
        _ quota: JSON, for object: JSON, replacing old: JSON?, _ evaluator: QuotaEvaluator,
        usage: ResourceAmounts, oldUsage: ResourceAmounts?, enforces: Bool
    ) -> Verdict {
        let status = quota["status"]
        let hard = ResourceAmounts(status?["hard"])
        let restricted = hard.names.filter(evaluator.matches)
        guard !restricted.isEmpty, evaluator.isInScope(quota, object) else { return .unaffected }
        if let missing = evaluator.missing(restricted, in: object) {
            return .refused("failed quota: \(quota.name): \(missing)")
        }
        let used = ResourceAmounts(status?["used"])
        if restricted.contains(where: { used[$0] == nil }) {
            return .refused(
                "status unknown for quota: \(quota.name), resources: \(restricted.joined(separator: ","))")
        }
        let negative = usage.filter { $1.sign < 0 }
        if !negative.isEmpty {
            return .refused(
                "quota usage is negative for resource(s): \(negative.names.joined(separator: ","))")
        }
        // What the old object used counts only if this quota counted it.
        let wasCounted = old.map { evaluator.isInScope(quota, $0) } ?? false
        let growth = wasCounted ? usage.growth(from: oldUsage ?? ResourceAmounts()) : usage
        let requested = growth.filter { hard[$0] != nil && !$1.isZero }
        if requested.isEmpty { return .unaffected }
        let total = used.adding(requested)
        let exceeded = requested.names.filter { name in
            guard let sum = total[name], let most = hard[name] else { return false }
            return sum > most
        }
        if enforces, !exceeded.isEmpty {
            return .refused(
                "exceeded quota: \(quota.name), requested: \(requested.only(exceeded).text), used: \(used.only(exceeded).text), limited: \(hard.only(exceeded).text)"
            )
        }
        return .charged(total)
    }

    /// The status that a quota should have, counted anew from the objects of its namespace.
    /// - Parameters:
    ///   - objects: all objects of a resource in the quota's namespace, in the version that is stored.
    ///   - resources: every resource whose objects a quota may count.
    ///   - now: seconds since 1970.
    public static func status(
        of quota: JSON, resources: some Sequence<GroupResource>, now: Int64,
        objects: (GroupResource) -> [JSON]
    ) -> JSON {
        let hard = ResourceAmounts(quota["spec"]?["hard"])
        var used = ResourceAmounts(quota["status"]?["used"]).only(hard.names)
        var fresh = ResourceAmounts()
        for resource in resources where !QuotaEvaluator.isIgnored(resource) {
            let evaluator = QuotaEvaluator(resource)
            let names = hard.names.filter(evaluator.matches)
            if names.isEmpty { continue }
            fresh.add(ResourceAmounts(Dictionary(uniqueKeysWithValues: names.map { ($0, Quantity.zero) })))
            for object in objects(resource) where evaluator.isInScope(quota, object) {
                fresh.add(evaluator.usage(of: object, now: now).only(names))
            }
        }
        // What nothing counts any more keeps its last word, as upstream leaves it.
        for (name, amount) in fresh.amounts { used[name] = amount }
        return ["hard": hard.json, "used": used.json]
    }
}
