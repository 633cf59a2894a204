import AegisPlatform
import KubeAPI
import KubeEngine
import KubeJSON
import KubeScheduler
import KubeStore

/// Changes how many nodes the groups have, as upstream's cluster-autoscaler does: up for pods that fit
/// nowhere, down when nodes have little to do and their pods fit elsewhere. It writes `status.targetSize` of
/// InstanceGroups, which ``NodeGroupController`` follows.
///
/// Every ten seconds, while a group has a maximum above its minimum. Defaults are upstream's flags'.
public struct NodeAutoscaler: Controller {
    /// How one of several groups that would help is chosen (`--expander`).
    public enum Expander: String, Sendable, CaseIterable {
        case leastWaste = "least-waste"
        case price
    }

    public struct Options: Sendable {
        public var expander = Expander.leastWaste
        /// Seconds, as all times here.
        public var scanInterval = 10.0
        public var utilizationThreshold = 0.5
        public var unneededTime = 600.0
        public var delayAfterAdd = 600.0
        public var delayAfterFailure = 180.0
        /// After so long a node that does not become ready is no longer waited for.
        public var provisionTime = 900.0
        public var evictionTime = 120.0
        /// Longer terminations are not waited for.
        public var longestGrace = 600.0
        public var emptyAtOnce = 10
        /// Nodes with pods that are tried as candidates in one look.
        public var drainCandidates = 30
        /// Pods below this priority are worth no node.
        public var expendablePriority = -10

        public init() {}
    }

    public let name = "cluster-autoscaler"
    public let alias = "clusterautoscaler"
    public let account = "cluster-autoscaler"

    static let component = "cluster-autoscaler"
    private static let key = "cluster"

    let options: Options
    private let seed: UInt64
    /// The cluster as the scheduler sees it; nil while there is nothing to scale.
    private var scheduler: Scheduler?
    /// Pods without a node, by key.
    private var waiting: Set<String> = []
    private var nextScan: Timestamp?
    var lastScaleUp: Timestamp?
    var lastFailure: Timestamp?
    /// Nodes that could go, by name.
    var unneededSince: [String: Timestamp] = [:]

    public init(_ options: Options = Options(), seed: UInt64 = 1) {
        self.options = options
        self.seed = seed
    }

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        scheduler?.take(event)
        if let pod = event.pod {
            if event.kind != .deleted, pod.nodeName.isEmpty, pod.isActive {
                waiting.insert(pod.key)
            } else {
                waiting.remove(pod.key)
            }
            return []
        }
        guard event.collection == NodeGroupController.collection, scheduler == nil else { return [] }
        return [Self.key]
    }

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        let pools = NodePool.all(view)
        guard pools.contains(where: { $0.group.maximum > $0.group.minimum }) else {
            scheduler = nil
            nextScan = nil
            unneededSince = [:]
            return .nothing
        }
        if let nextScan, now < nextScan { return Reconciliation(requeueAfter: nextScan.since(now)) }
        nextScan = now.adding(options.scanInterval)
        var present = scheduler ?? Scheduler(of: view, seed: seed)
        scheduler = present

        let daemons = DaemonPods(view)
        addComing(pools, daemons, to: &present, now)
        let pending = waiting.sorted(by: utf8Less).compactMap { view.pod($0) }.filter(isUnschedulable)
        if !pending.isEmpty {
            let result = present.simulate(pods: pending.map(\.value))
            present = result.scheduler
            let left = pending.filter { result.placements[$0.key] == nil }
            return scan(pools, daemons, present, left, view, now)
        }
        return scan(pools, daemons, present, [], view, now)
    }

    /// Whether the scheduler has tried the pod and found no node.
    private func isUnschedulable(_ pod: PodSummary) -> Bool {
        guard pod.isActive, pod.controllerKind != "DaemonSet" else { return false }
        let value = pod.value
        guard (value.at("spec", "priority")?.int ?? 0) >= options.expendablePriority,
            value.at("status", "nominatedNodeName")?.string ?? "" == ""
        else { return false }
        return value.at("status", "conditions")?.array?.contains {
            $0["type"]?.string == "PodScheduled" && $0["status"]?.string == "False"
                && $0["reason"]?.string == "Unschedulable"
        } ?? false
    }

    /// Nodes that were asked for, and those that are there but not ready, as they are going to be.
    private func addComing(
        _ pools: [NodePool], _ daemons: DaemonPods, to scheduler: inout Scheduler, _ now: Timestamp
    ) {
        for pool in pools {
            for number in pool.coming { daemons.add(pool.template(number), to: &scheduler) }
            for node in pool.nodes where !NodePool.isReady(node.value) && !isMarked(node.value) {
                let created = node.value.at("metadata", "creationTimestamp")?.string.flatMap { Timestamp($0) }
                guard now.since(created ?? now) < options.provisionTime else { continue }
                var ready = pool.template(NodeGroupController.number(of: node))
                ready.set(.string(node.name), at: "metadata", "name")
                scheduler.nodeChanged(node.name, ready)
            }
        }
    }

    private mutating func scan(
        _ pools: [NodePool], _ daemons: DaemonPods, _ scheduler: Scheduler, _ left: [PodSummary],
        _ view: ClusterView, _ now: Timestamp
    ) -> Reconciliation {
        var result = Reconciliation(requeueAfter: options.scanInterval)
        var grown: String?
        if !left.isEmpty {
            var scaleUp = ScaleUp(pools, daemons, scheduler)
            if let option = scaleUp.best(for: left, options.expander) {
                grown = option.pool.key
                lastScaleUp = now
                grow(option, &result)
            } else {
                for pod in left {
                    result.events.append(
                        RecordedEvent(
                            .normal, "NotTriggerScaleUp", scaleUp.message(pod), of: pod.value,
                            component: Self.component))
                }
            }
        }
        scaleDown(pools, scheduler, grown: grown, view, now, &result)
        return result
    }

    private func grow(_ option: ScaleUp.Option, _ result: inout Reconciliation) {
        let pool = option.pool
        let size = pool.target + option.count
        var write = pool.resized(to: size)
        write.letsOthersGoOn = true
        result.writes.append(
            write.recording(
                RecordedEvent(
                    .normal, "ScaledUpGroup",
                    "Scale-up: group \(pool.group.name) size set to \(size) instead of \(pool.target) "
                        + "(max: \(pool.group.maximum))",
                    of: pool.object, component: Self.component),
                orFailure: RecordedEvent(
                    .warning, "FailedToScaleUpGroup",
                    "Scale-up failed for group \(pool.group.name): {error}", of: pool.object,
                    component: Self.component)))
        for pod in option.pods {
            result.events.append(
                RecordedEvent(
                    .normal, "TriggeredScaleUp",
                    "pod triggered scale-up: [{\(pool.group.name) \(pool.target)->\(size) "
                        + "(max: \(pool.group.maximum))}]",
                    of: pod.value, component: Self.component))
        }
    }
}
