import KubeAPI
import KubeEngine
import KubeJSON

/// Whether the pods of a node may be moved, by cluster-autoscaler's rules (simulator/drainability).
struct Drainability {
    static let safeToEvict = "cluster-autoscaler.kubernetes.io/safe-to-evict"
    static let safeVolumes = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"

    private struct Budget {
        let namespace: String
        let selector: LabelSelector
        var allowed: Int
    }
    private var budgets: [Budget] = []

    init(_ view: ClusterView) {
        budgets = view.objects(.podDisruptionBudgets).compactMap { object in
            guard let selector = try? LabelSelector(object: object.value.at("spec", "selector")) else {
                return nil
            }
            return Budget(
                namespace: object.namespace, selector: selector,
                allowed: object.value.at("status", "disruptionsAllowed")?.int ?? 0)
        }
    }

    /// Whether a pod goes with its node and needs no other place.
    static func staysWithNode(_ pod: PodSummary) -> Bool {
        pod.isFinished || pod.controllerKind == "DaemonSet"
            || pod.value.at("metadata", "annotations", "kubernetes.io/config.mirror") != nil
    }

    /// The pods that have to move; nil when one of them may not.
    func podsToMove(_ pods: [PodSummary]) -> [PodSummary]? {
        var moving: [PodSummary] = []
        var left = self
        for pod in pods where !Self.staysWithNode(pod) {
            if pod.isTerminating {
                moving.append(pod)
                continue
            }
            guard mayMove(pod), left.take(pod) else { return nil }
            moving.append(pod)
        }
        return moving
    }

    /// Takes one disruption from each budget of a pod; false, and nothing is taken, when one has none left.
    mutating func take(_ pod: PodSummary) -> Bool {
        let own = budgets.indices.filter { has(budgets[$0], pod) }
        guard own.allSatisfy({ budgets[$0].allowed > 0 }) else { return false }
        for index in own { budgets[index].allowed -= 1 }
        return true
    }

    private func has(_ budget: Budget, _ pod: PodSummary) -> Bool {
        budget.namespace == pod.namespace && budget.selector.matches(labels: pod.labels)
    }

    /// Whether a pod may move as far as budgets are not asked.
    func mayMove(_ pod: PodSummary) -> Bool {
        let annotations = pod.value.at("metadata", "annotations")
        switch annotations?[Self.safeToEvict]?.string {
        case "true": return true
        case "false": return false
        default: break
        }
        guard pod.controllerUID != nil else { return false }
        if pod.namespace == "kube-system", !budgets.contains(where: { has($0, pod) }) { return false }
        let safe = Set(
            (annotations?[Self.safeVolumes]?.string ?? "").split(separator: ",").map(String.init))
        return !(pod.value.at("spec", "volumes")?.array ?? []).contains { volume in
            let isLocal =
                volume["hostPath"] != nil
                || volume["emptyDir"].map { $0["medium"]?.string != "Memory" } ?? false
            return isLocal && !safe.contains(volume["name"]?.string ?? "")
        }
    }
}
