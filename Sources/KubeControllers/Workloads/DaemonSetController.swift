import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Keeps one pod of a DaemonSet on every node that it belongs on (pkg/controller/daemon). A key is a set's
/// `namespace/name`.
public struct DaemonSetController: Controller {
    public let name = "daemonset-controller"
    public let alias = "daemonset"
    public let account = "daemon-set-controller"
    private var memories: [String: DaemonMemory] = [:]

    public init() {}

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .daemonSets:
            if event.kind == .deleted {
                memories[event.object.key] = nil
                return []
            }
            return [event.object.key]
        case .pods:
            return event.pod.map { Self.keys(ofPod: $0, event, view) } ?? []
        case .nodes: return keys(ofNode: event, view)
        // As upstream's: what others do to its history is put in order when something else is to be done.
        default: return []
        }
    }

    private static func keys(ofPod pod: PodSummary, _ event: ObjectEvent, _ view: ClusterView) -> [String] {
        var keys: [String] = []
        if pod.controllerKind == "DaemonSet", let name = pod.controllerName {
            keys.append(pod.namespace + "/" + name)
        }
        if let before = event.previousPod, before.controllerUID != pod.controllerUID,
            before.controllerKind == "DaemonSet", let name = before.controllerName
        {
            keys.append(pod.namespace + "/" + name)
        }
        keys.removeAll { view.stored(.daemonSets, $0) == nil }
        guard pod.controllerUID == nil, event.kind != .deleted, !pod.isTerminating else { return keys }
        if let before = event.previousPod, before.controllerUID == nil, before.labels == pod.labels {
            return keys
        }
        // An orphan: any set that selects it may adopt it.
        for set in view.objects(.daemonSets, in: pod.namespace) where !keys.contains(set.key) {
            let selector = try? LabelSelector(object: set.value.at("spec", "selector"))
            if selector?.matches(labels: pod.labels) == true { keys.append(set.key) }
        }
        return keys
    }

    /// The sets to which a change of a node makes a difference.
    private mutating func keys(ofNode event: ObjectEvent, _ view: ClusterView) -> [String] {
        if view.isEmpty(.daemonSets) { return [] }
        let isThere = event.kind != .deleted
        let node = event.object.value
        if isThere, let before = event.previous?.value {
            let labels = before["metadata"]?["labels"] == node["metadata"]?["labels"]
            if labels, before["spec"]?["taints"] == node["spec"]?["taints"] { return [] }
        }
        return view.objects(.daemonSets).compactMap { set in
            // One that was not looked at yet is going to be.
            guard let hasChanged = memories[set.key]?.observe(node, isThere: isThere) else { return set.key }
            return hasChanged ? set.key : nil
        }
    }

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        guard let set = view.object(.daemonSets, key), let resource = view.resource(of: .daemonSets),
            set.deletionTimestamp == nil
        else { return .nothing }
        let selector = try LabelSelector(object: set.at("spec", "selector"))
        let claim = PodClaim(controller: set, selector: selector, view: view)
        let kept = RevisionClaim(owner: set, selector: selector, view: view, releases: true)
        let history = DaemonHistory(set, kept.revisions, claim.pods, view)
        if let collision = history.collision {
            // The next try is with another name.
            var changed = set
            changed.set(.integer(collision), at: "status", "collisionCount")
            return Reconciliation(
                writes: kept.writes + claim.writes + [
                    .updateStatus(resource, namespace: set.namespace, name: set.name, changed)
                ])
        }

        var memory = memories[key] ?? DaemonMemory()
        memory.prepare(for: set, view)
        var plan = DaemonSetPlan(set: set, hash: history.hash, pods: claim.pods, memory: memory, now: now)
        plan.manage()
        if plan.isIdle, set.at("spec", "updateStrategy", "type")?.string != "OnDelete" { plan.roll() }
        memories[key] = plan.memory

        var outcome = Reconciliation(writes: kept.writes + claim.writes + history.writes)
        outcome.writes += history.truncation(set, claim.pods)
        if let status = plan.status(after: set["status"]) {
            var changed = set
            changed["status"] = status
            outcome.writes.append(
                .updateStatus(resource, namespace: set.namespace, name: set.name, changed))
        }
        // What the pods are is said even if what they are to be is refused.
        outcome.writes += plan.writes(isLeaving: !view.isActive(namespace: set.namespace))
        outcome.events = plan.events
        outcome.requeueAfter = plan.requeueAfter
        return outcome
    }
}

/// What is remembered of a DaemonSet between looks at it, all of which can be found out again: where its pods
/// belong, which node a pod is for, and how long failed pods wait for the next.
struct DaemonMemory {
    struct Backoff {
        var delay: Double
        var since: Timestamp
    }

    private static let firstDelay = 1.0
    private static let longestDelay = 900.0

    private var uid = ""
    private var generation: Int64 = -1
    private var rules: DaemonNodeRules?
    /// In order of name.
    private(set) var nodes: [String] = []
    private var fits: [String: DaemonFit] = [:]
    var backoffs: [String: Backoff] = [:]
    /// By the uids of pods without a node.
    var targets: [String: String] = [:]

    /// Looks at all nodes when the template is another one.
    mutating func prepare(for set: JSON, _ view: ClusterView) {
        if uid == set.uid, generation == set.generation { return }
        if uid != set.uid { backoffs = [:] }
        uid = set.uid
        generation = set.generation
        let rules = DaemonNodeRules(template: set.at("spec", "template") ?? [:])
        self.rules = rules
        nodes = []
        fits = [:]
        for node in view.objects(.nodes) {
            nodes.append(node.name)
            fits[node.name] = rules.fit(node.value)
        }
    }

    /// - Returns: nil for nothing; no node of the name is there.
    func fit(_ node: String) -> DaemonFit? { fits[node] }

    /// Takes a change of a node in.
    /// - Returns: whether it matters to the set.
    mutating func observe(_ node: JSON, isThere: Bool) -> Bool {
        guard let rules else { return true }
        let name = node.name
        let old = fits[name]
        let new = isThere ? rules.fit(node) : nil
        fits[name] = new
        if (old == nil) != (new == nil) {
            var low = 0
            var high = nodes.count
            while low < high {
                let middle = (low + high) / 2
                if utf8Less(nodes[middle], name) { low = middle + 1 } else { high = middle }
            }
            if new != nil {
                nodes.insert(name, at: low)
            } else if low < nodes.count, nodes[low] == name {
                nodes.remove(at: low)
            }
            // Pods that wait for a node that went go with it.
            return new == nil || new?.shouldRun == true
        }
        return old != new
    }

    /// Asks to delete a failed pod of a node: each time after twice as long.
    /// - Returns: nil when it may go now, seconds to wait otherwise.
    mutating func delay(of node: String, at now: Timestamp) -> Double? {
        let key = "\(generation)/\(node)"
        guard let known = backoffs[key], now.since(known.since) <= 2 * Self.longestDelay else {
            backoffs[key] = Backoff(delay: Self.firstDelay, since: now)
            return nil
        }
        let elapsed = now.since(known.since)
        if elapsed < known.delay { return known.delay - elapsed }
        backoffs[key] = Backoff(delay: min(Self.longestDelay, known.delay * 2), since: now)
        return nil
    }

    mutating func forgetOldBackoffs(_ now: Timestamp) {
        if backoffs.isEmpty { return }
        backoffs = backoffs.filter { now.since($0.value.since) <= 2 * Self.longestDelay }
    }
}
