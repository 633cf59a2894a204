import KubeAPI
import KubeJSON

/// What of a PodDisruptionBudget decides about victims.
struct DisruptionBudget: Sendable {
    let namespace: String
    let selector: LabelSelector
    let allowed: Int
    /// Pods that the API server evicts already.
    let disrupted: Set<String>

    init(namespace: String, _ budget: JSON) {
        self.namespace = namespace
        let selector = (try? LabelSelector(object: budget["spec"]?["selector"])) ?? .nothing
        // Here an empty selector selects nothing.
        self.selector = selector.isEverything ? .nothing : selector
        allowed = budget["status"]?["disruptionsAllowed"]?.int ?? 0
        var disrupted: Set<String> = []
        for (name, _) in budget["status"]?["disruptedPods"]?.object ?? [:] { disrupted.insert(name) }
        self.disrupted = disrupted
    }
}
