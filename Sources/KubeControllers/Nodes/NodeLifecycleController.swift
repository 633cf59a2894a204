import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Notices nodes that have fallen silent, and taints nodes as their conditions say
/// (pkg/controller/nodelifecycle).
///
/// A renewed lease costs one look into a dictionary and a flag: who renewed since is asked every five
/// seconds by one timer, as upstream does.
public struct NodeLifecycleController: Controller {
    public struct Configuration: Sendable {
        /// Seconds of silence until nothing is known of a node (`--node-monitor-grace-period`).
        public var gracePeriod = 50.0
        /// The same for a node that never said anything (`--node-startup-grace-period`).
        public var startupGracePeriod = 60.0
        /// Seconds between two looks (`--node-monitor-period`).
        public var period = 5.0
        /// Nodes a second whose pods are evicted, in a zone that is well (`--node-eviction-rate`).
        public var evictionRate = 0.1
        /// In a zone of which a part is down (`--secondary-node-eviction-rate`).
        public var secondaryEvictionRate = 0.01
        /// A zone of so many nodes or fewer evicts nothing when a part is down.
        public var largeClusterThreshold = 50
        /// The part of a zone that must be down (`--unhealthy-zone-threshold`).
        public var unhealthyZoneThreshold = 0.55

        public init() {}
    }

    /// What is known of a node without asking it.
    struct Health: Sendable {
        let uid: String
        let created: Timestamp
        var zone: String
        var ready: NodeConditions.Status
        /// Excluded from what says how well its zone is.
        var isExcluded: Bool
        /// The lease was renewed, or the condition Ready reported anew, since the last look.
        var hasNews: Bool
        /// The look at which there was news for the last time.
        var probed: Timestamp?
        var isRegistered = false
        /// The pods on it must be said not to be ready.
        var mustMarkPods = false
    }

    public let name = "node-lifecycle-controller"
    public let alias = "nodelifecycle"
    public let account = "node-controller"

    private static let monitor = "monitor"
    private static let nodePrefix = "node:"
    private static let podPrefix = "pod:"
    private static let leaseNamespace = "kube-node-lease"

    let configuration: Configuration
    /// In order of coming, so that equal inputs give equal writes; a place that is free is nil.
    var places: [(name: String, health: Health)?] = []
    var index: [String: Int] = [:]
    private var free: [Int] = []
    var zones: [String: EvictionZone] = [:]
    /// Whether the timer runs.
    private var isMonitoring = false

    public init(configuration: Configuration = Configuration()) { self.configuration = configuration }

    // MARK: Events

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .leases:
            noteRenewal(event)
            return []
        case .nodes: return noteNode(event, view)
        case .pods: return podKeys(event)
        default: return []
        }
    }

    private mutating func noteRenewal(_ event: ObjectEvent) {
        guard event.kind != .deleted, event.object.namespace == Self.leaseNamespace,
            let place = index[event.object.name]
        else { return }
        guard let renewed = event.object.value["spec"]?["renewTime"]?.string else { return }
        if let before = event.previous?.value["spec"]?["renewTime"]?.string {
            guard renewed != before, let old = Timestamp(before), let new = Timestamp(renewed), old < new
            else { return }
        }
        places[place]?.health.hasNews = true
    }

    private mutating func noteNode(_ event: ObjectEvent, _ view: ClusterView) -> [String] {
        let name = event.object.name
        // The health stays until the removal has been told of.
        if event.kind == .deleted { return [Self.nodePrefix + name] }
        let node = event.object.value
        let ready = NodeConditions.condition("Ready", of: node)
        let status = NodeConditions.Status(ready)
        if let place = index[name], var health = places[place]?.health, health.uid == node.uid {
            let before = event.previous.flatMap { NodeConditions.condition("Ready", of: $0.value) }
            if ready?["lastHeartbeatTime"] != before?["lastHeartbeatTime"] { health.hasNews = true }
            if health.ready == .true, status == .unknown,
                ready?["reason"]?.string == NodeSilence.reason
            {
                health.mustMarkPods = true
            }
            health.ready = status
            let zone = NodeConditions.zone(node)
            if zone != health.zone {
                zones[health.zone]?.remove(name)
                health.zone = zone
            }
            health.isExcluded = Self.isExcluded(node)
            places[place]?.health = health
        } else {
            forget(name)
            add(
                name,
                Health(
                    uid: node.uid,
                    created: node["metadata"]?["creationTimestamp"]?.string.flatMap { Timestamp($0) }
                        ?? Timestamp(seconds: 0),
                    zone: NodeConditions.zone(node), ready: status, isExcluded: Self.isExcluded(node),
                    hasNews: view.stored(.leases, Self.leaseNamespace + "/" + name) != nil))
        }
        updateQueue(name, node)
        if isMonitoring { return [Self.nodePrefix + name] }
        isMonitoring = true
        return [Self.nodePrefix + name, Self.monitor]
    }

    private static func isExcluded(_ node: JSON) -> Bool {
        node["metadata"]?["labels"]?["node.kubernetes.io/exclude-disruption"] != nil
    }

    private mutating func add(_ name: String, _ health: Health) {
        if let place = free.popLast() {
            places[place] = (name, health)
            index[name] = place
        } else {
            index[name] = places.count
            places.append((name, health))
        }
        if zones[health.zone] == nil {
            zones[health.zone] = EvictionZone(rate: configuration.evictionRate)
        }
    }

    private mutating func forget(_ name: String) {
        guard let place = index.removeValue(forKey: name) else { return }
        if let zone = places[place]?.health.zone { zones[zone]?.remove(name) }
        places[place] = nil
        free.append(place)
    }

    /// A node whose pods are to go waits for its zone's turn; one that has the wrong taint of the two is
    /// given the right one at once, in `reconcile`.
    private mutating func updateQueue(_ name: String, _ node: JSON) {
        guard let place = index[name], let health = places[place]?.health else { return }
        if zones[health.zone] == nil {
            zones[health.zone] = EvictionZone(rate: configuration.evictionRate)
        }
        let taints = node["spec"]?["taints"]?.array ?? []
        let isTainted =
            NodeTaint.contains(taints, NodeTaint.notReady, "NoExecute")
            || NodeTaint.contains(taints, NodeTaint.unreachable, "NoExecute")
        if !isTainted, health.ready == .false || health.ready == .unknown {
            zones[health.zone]?.enqueue(name)
        } else {
            zones[health.zone]?.remove(name)
        }
    }

    /// A pod that was given to a node that is not well is not ready, whatever it says.
    private func podKeys(_ event: ObjectEvent) -> [String] {
        guard let pod = event.pod, event.kind != .deleted, pod.isReady, !pod.nodeName.isEmpty,
            event.previousPod?.nodeName != pod.nodeName, let place = index[pod.nodeName],
            let ready = places[place]?.health.ready, ready == .false || ready == .unknown
        else { return [] }
        return [Self.podPrefix + pod.key]
    }

    // MARK: What is done

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        if key == Self.monitor { return look(view, now) }
        if key.hasPrefix(Self.nodePrefix) {
            return reconcile(node: String(key.dropFirst(Self.nodePrefix.count)), view, now)
        }
        guard let pod = view.pod(String(key.dropFirst(Self.podPrefix.count))), pod.isReady,
            let place = index[pod.nodeName], let ready = places[place]?.health.ready,
            ready == .false || ready == .unknown
        else { return .nothing }
        return Reconciliation(writes: [NodeSilence.markNotReady(pod, now)])
    }

    private mutating func reconcile(node name: String, _ view: ClusterView, _ now: Timestamp)
        -> Reconciliation
    {
        guard let place = index[name], let health = places[place]?.health else { return .nothing }
        guard let node = view.object(.nodes, name) else {
            forget(name)
            guard health.isRegistered else { return .nothing }
            return Reconciliation(events: [
                NodeConditions.event(
                    "RemovingNode", "Node \(name) event: Removing Node \(name) from Controller", node: name,
                    uid: health.uid)
            ])
        }
        var result = Reconciliation()
        if !health.isRegistered {
            places[place]?.health.isRegistered = true
            result.events.append(
                NodeConditions.event(
                    "RegisteredNode", "Node \(name) event: Registered Node \(name) in Controller", node: name,
                    uid: health.uid))
        }
        let taints = Self.taints(of: node, now)
        if taints != node["spec"]?["taints"]?.array ?? [] {
            result.writes.append(NodeTaint.write(taints, node))
        }
        if let write = Self.labels(of: node) { result.writes.append(write) }
        if health.mustMarkPods || view.lastFailure != nil, health.ready != .true {
            places[place]?.health.mustMarkPods = false
            for pod in view.pods(onNode: name) where pod.isReady {
                result.writes.append(NodeSilence.markNotReady(pod, now))
            }
        }
        return result
    }

    /// With the NoSchedule taints that are wanted, and without a NoExecute taint that is not: that is taken
    /// off at once, where putting it on waits for the zone's turn.
    private static func taints(of node: JSON, _ now: Timestamp) -> [JSON] {
        var taints = NodeTaint.schedulingTaints(node, now)
        switch NodeConditions.ready(node) {
        case .absent: break
        case .true: taints = executionTaints(taints, with: nil, now)
        case .false where NodeTaint.contains(taints, NodeTaint.unreachable, "NoExecute"):
            taints = executionTaints(taints, with: NodeTaint.notReady, now)
        case .unknown where NodeTaint.contains(taints, NodeTaint.notReady, "NoExecute"):
            taints = executionTaints(taints, with: NodeTaint.unreachable, now)
        default: break
        }
        return taints
    }

    /// At most one of the two taints that send pods away.
    static func executionTaints(_ taints: [JSON], with key: String?, _ now: Timestamp) -> [JSON] {
        var result = taints.filter { taint in
            guard taint["effect"]?.string == "NoExecute" else { return true }
            let other = taint["key"]?.string
            return (other != NodeTaint.notReady && other != NodeTaint.unreachable) || other == key
        }
        if let key, !NodeTaint.contains(result, key, "NoExecute") {
            result.append(NodeTaint.make(key, "NoExecute", now))
        }
        return result
    }

    /// The old names of two labels say what the new ones say.
    private static func labels(of node: JSON) -> ControllerWrite? {
        let labels = node["metadata"]?["labels"]
        var changed: JSONObject = [:]
        for word in ["os", "arch"] {
            if let value = labels?["kubernetes.io/" + word], labels?["beta.kubernetes.io/" + word] != value {
                changed["beta.kubernetes.io/" + word] = value
            }
        }
        guard !changed.isEmpty else { return nil }
        return ControllerWrite(
            group: "", version: "v1", plural: "nodes", name: node.name,
            .patch(["metadata": ["uid": .string(node.uid), "labels": .object(changed)]]))
    }

    // MARK: The timer

    private mutating func look(_ view: ClusterView, _ now: Timestamp) -> Reconciliation {
        if index.isEmpty {
            isMonitoring = false
            return .nothing
        }
        var writes: [ControllerWrite] = []
        for place in places.indices {
            guard let (name, known) = places[place] else { continue }
            var health = known
            if health.probed == nil { health.probed = health.ready == .absent ? health.created : now }
            if health.hasNews {
                health.probed = now
                health.hasNews = false
            }
            places[place]?.health = health
            let grace =
                health.ready == .absent ? configuration.startupGracePeriod : configuration.gracePeriod
            guard health.ready != .unknown, let probed = health.probed, now.since(probed) > grace,
                let node = view.object(.nodes, name), let resource = view.resource(of: .nodes)
            else { continue }
            writes.append(NodeSilence.write(node, resource, now))
        }
        writes += assessDisruption(view, now)
        let (taints, next) = taintWaiting(view, now)
        return Reconciliation(
            writes: writes + taints, requeueAfter: min(configuration.period, next ?? configuration.period))
    }

    /// Puts the NoExecute taint on as many nodes as each zone's pace allows.
    /// - Returns: seconds until the next may follow; nil when none waits.
    private mutating func taintWaiting(
        _ view: ClusterView, _ now: Timestamp
    ) -> ([ControllerWrite], Double?) {
        var writes: [ControllerWrite] = []
        var next: Double?
        for key in zones.keys.sorted(by: utf8Less) {
            guard var zone = zones[key], !zone.waiting.isEmpty else { continue }
            var left = zone.waiting.count
            for name in zone.waiting {
                // One that was tainted leaves the queue with the change itself.
                guard let node = view.object(.nodes, name) else { continue }
                guard zone.take(now) else { break }
                left -= 1
                let isUnknown = NodeConditions.ready(node) == .unknown
                let taints = Self.executionTaints(
                    NodeTaint.schedulingTaints(node, now),
                    with: isUnknown ? NodeTaint.unreachable : NodeTaint.notReady, now)
                var write = NodeTaint.write(taints, node)
                write.letsOthersGoOn = true
                writes.append(write)
            }
            if left > 0, let seconds = zone.secondsToNext() { next = min(next ?? seconds, seconds) }
            zones[key] = zone
        }
        return (writes, next)
    }
}
