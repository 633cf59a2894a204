import KubeAPI
import KubeEngine
import KubeJSON

/// Which pods go first when there are too many (pkg/controller/controller_utils.go, ActivePodsWithRanks): those
/// whose loss costs least.
enum PodDeletionOrder {
    private static let costAnnotation = "controller.kubernetes.io/pod-deletion-cost"

    /// What the order asks of a pod, read once.
    private struct Candidate {
        let pod: PodSummary
        let phase: Int
        let cost: Int
        /// Active pods of the same application on its node.
        let rank: Int
        let restarts: Int
        let sidecarRestarts: Int

        init(_ pod: PodSummary, rank: Int) {
            self.pod = pod
            self.rank = rank
            phase =
                switch pod.phase {
                case .pending: 0
                case .unknown: 1
                case .running: 2
                case .succeeded, .failed: 0
                }
            let value = pod.value
            cost = Int32(value.at("metadata", "annotations", costAnnotation)?.string ?? "").map(Int.init) ?? 0
            func most(_ field: String, _ isCounted: (JSON) -> Bool = { _ in true }) -> Int {
                (value["status"]?[field]?.array ?? []).reduce(0) { most, status in
                    isCounted(status) ? max(most, status["restartCount"]?.int ?? 0) : most
                }
            }
            restarts = pod.restarts == 0 ? 0 : most("containerStatuses")
            let sidecars = (value["spec"]?["initContainers"]?.array ?? [])
                .filter { $0["restartPolicy"]?.string == "Always" }.compactMap { $0["name"] }
            sidecarRestarts =
                sidecars.isEmpty
                ? 0 : most("initContainerStatuses") { $0["name"].map(sidecars.contains) ?? false }
        }
    }

    /// - Parameters:
    ///   - pods: active ones; the result is as many of them as are too many.
    ///   - related: the pods of the same application, these among them, for spreading over nodes.
    static func first(_ count: Int, of pods: [PodSummary], related: [PodSummary], now: Timestamp)
        -> [PodSummary]
    {
        if count >= pods.count { return pods }
        var onNode: [String: Int] = [:]
        for pod in related where pod.isActive { onNode[pod.nodeName, default: 0] += 1 }
        let candidates = pods.map { Candidate($0, rank: onNode[$0.nodeName] ?? 0) }
        return candidates.sorted { goesBefore($0, $1, now) }.prefix(count).map(\.pod)
    }

    private static func goesBefore(_ left: Candidate, _ right: Candidate, _ now: Timestamp) -> Bool {
        let (one, other) = (left.pod, right.pod)
        if one.nodeName.isEmpty != other.nodeName.isEmpty { return one.nodeName.isEmpty }
        if left.phase != right.phase { return left.phase < right.phase }
        if one.isReady != other.isReady { return !one.isReady }
        if left.cost != right.cost { return left.cost < right.cost }
        if left.rank != right.rank { return left.rank > right.rank }
        if one.isReady, one.readySince != other.readySince {
            guard let since = one.readySince, let otherSince = other.readySince else {
                return one.readySince == nil
            }
            return isYounger(one, since, other, otherSince, now)
        }
        if left.restarts != right.restarts { return left.restarts > right.restarts }
        if left.sidecarRestarts != right.sidecarRestarts {
            return left.sidecarRestarts > right.sidecarRestarts
        }
        if one.created != other.created { return isYounger(one, one.created, other, other.created, now) }
        return utf8Less(one.key, other.key)
    }

    /// By powers of two of the age: pods of about one age go in the order of their uids, that is in any, so
    /// that scaling down does not take all pods of the newest node.
    private static func isYounger(
        _ one: PodSummary, _ since: Timestamp, _ other: PodSummary, _ otherSince: Timestamp, _ now: Timestamp
    ) -> Bool {
        let (age, otherAge) = (bucket(now.since(since)), bucket(now.since(otherSince)))
        return age == otherAge ? utf8Less(one.uid, other.uid) : age < otherAge
    }

    private static func bucket(_ seconds: Double) -> Int {
        seconds > 0 ? Int((seconds * 1e9).exponent) : -1
    }
}
