import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Deletes the pods that nobody else would: of nodes that are gone or out of service, terminating ones that
/// never had a node, and the oldest of too many that have ended (pkg/controller/podgc).
public struct PodGarbageCollector: Controller {
    public let name = "pod-garbage-collector-controller"
    public let alias = "podgc"
    public let account = "pod-garbage-collector"

    /// Seconds that a node has to be gone: it may only be slow to come.
    private static let quarantine = 40.0
    /// Seconds between two looks at how many pods have ended.
    private static let period = 20.0
    private static let outOfService = "node.kubernetes.io/out-of-service"
    private static let ended = "ended"
    private static let nodePrefix = "node:"
    private static let podPrefix = "pod:"

    /// How many pods that have ended may stay.
    private let threshold: Int
    private var endedCount = 0
    private var lastSweep: Timestamp?
    /// Since when nodes are missed.
    private var missed: [String: Timestamp] = [:]

    /// - Parameter threshold: of `--terminated-pod-gc-threshold`; 0 keeps them all.
    public init(threshold: Int = 12_500) { self.threshold = threshold }

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .nodes:
            if event.kind == .deleted || Self.isOutOfService(event.object.value) {
                return [Self.nodePrefix + event.object.key]
            }
            return []
        case .pods:
            guard let pod = event.pod else { return [] }
            let isThere = event.kind != .deleted
            let before = event.previousPod?.isFinished == true
            let after = isThere && pod.isFinished
            if before != after { endedCount += after ? 1 : -1 }
            guard isThere else { return [] }
            var keys: [String] = []
            if after, !before, threshold > 0, endedCount > threshold { keys.append(Self.ended) }
            if pod.nodeName.isEmpty {
                if pod.isTerminating { keys.append(Self.podPrefix + pod.key) }
            } else if let node = view.stored(.nodes, pod.nodeName) {
                if pod.isTerminating, Self.isOutOfService(node.value) {
                    keys.append(Self.nodePrefix + pod.nodeName)
                }
            } else {
                keys.append(Self.nodePrefix + pod.nodeName)
            }
            return keys
        default: return []
        }
    }

    /// Tainted so by hand, and not ready.
    private static func isOutOfService(_ node: JSON) -> Bool {
        guard let taints = node["spec"]?["taints"]?.array,
            taints.contains(where: { $0["key"]?.string == outOfService })
        else { return false }
        return node["status"]?["conditions"]?.array?.contains {
            $0["type"]?.string == "Ready" && $0["status"]?.string == "True"
        } != true
    }

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        if key == Self.ended { return sweep(view, now) }
        if key.hasPrefix(Self.nodePrefix) {
            return reconcile(node: String(key.dropFirst(Self.nodePrefix.count)), view, now)
        }
        guard let pod = view.pod(String(key.dropFirst(Self.podPrefix.count))), pod.isTerminating,
            pod.nodeName.isEmpty
        else { return .nothing }
        return Reconciliation(writes: Self.delete(pod, now, because: nil))
    }

    private mutating func reconcile(node: String, _ view: ClusterView, _ now: Timestamp) -> Reconciliation {
        let pods = view.pods(onNode: node)
        if let present = view.object(.nodes, node) {
            missed[node] = nil
            guard Self.isOutOfService(present) else { return .nothing }
            return Reconciliation(
                writes: pods.filter(\.isTerminating).flatMap { Self.delete($0, now, because: nil) })
        }
        if pods.isEmpty {
            missed[node] = nil
            return .nothing
        }
        let since = missed[node] ?? now
        missed[node] = since
        let left = Self.quarantine - now.since(since)
        if left > 0 { return Reconciliation(requeueAfter: left) }
        return Reconciliation(
            writes: pods.flatMap { Self.delete($0, now, because: "PodGC: node no longer exists") })
    }

    /// The evicted first, then the oldest.
    private mutating func sweep(_ view: ClusterView, _ now: Timestamp) -> Reconciliation {
        if let lastSweep, now.since(lastSweep) < Self.period {
            return Reconciliation(requeueAfter: Self.period - now.since(lastSweep))
        }
        lastSweep = now
        let pods = view.pods().filter(\.isFinished)
        let excess = pods.count - threshold
        guard threshold > 0, excess > 0 else { return .nothing }
        func isEvicted(_ pod: PodSummary) -> Bool {
            pod.phase == .failed && pod.value["status"]?["reason"]?.string == "Evicted"
        }
        let sorted = pods.map { (pod: $0, isEvicted: isEvicted($0)) }.sorted { left, right in
            if left.isEvicted != right.isEvicted { return left.isEvicted }
            if left.pod.created != right.pod.created { return left.pod.created < right.pod.created }
            return utf8Less(left.pod.name, right.pod.name)
        }
        return Reconciliation(
            writes: sorted.prefix(excess).flatMap { Self.delete($0.pod, now, because: nil) })
    }

    /// Says that the pod failed, where it has not ended, and deletes it at once.
    private static func delete(_ pod: PodSummary, _ now: Timestamp, because message: String?)
        -> [ControllerWrite]
    {
        var writes: [ControllerWrite] = []
        if !pod.isFinished {
            var status: JSON = ["phase": "Failed"]
            if let message {
                let value = pod.value
                var condition: JSON = [
                    "type": "DisruptionTarget", "status": "True", "reason": "DeletionByPodGC",
                    "message": .string(message), "lastTransitionTime": .string(now.rfc3339),
                ]
                if value.generation > 0 { condition["observedGeneration"] = .integer(value.generation) }
                let others = (value["status"]?["conditions"]?.array ?? []).filter {
                    $0["type"]?.string != "DisruptionTarget"
                }
                status["conditions"] = .array(others + [condition])
            }
            var write = ControllerWrite(
                group: "", version: "v1", plural: "pods", namespace: pod.namespace, name: pod.name,
                subresource: "status", .patch(["metadata": ["uid": .string(pod.uid)], "status": status]))
            write.letsOthersGoOn = true
            writes.append(write)
        } else if pod.isTerminating,
            pod.value["metadata"]?["deletionGracePeriodSeconds"]?.integer ?? 0 == 0
        {
            // Only its finalizers keep it.
            return []
        }
        var delete = PodTemplates.delete(pod)
        if case .delete(var options) = delete.operation {
            options.gracePeriodSeconds = 0
            delete.operation = .delete(options)
        }
        delete.letsOthersGoOn = true
        writes.append(delete)
        return writes
    }
}
