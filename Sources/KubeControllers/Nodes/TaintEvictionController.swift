import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Deletes the pods that do not tolerate their node's NoExecute taints, or no longer
/// (pkg/controller/tainteviction). The time that a pod has counts from when the taint was first seen.
public struct TaintEvictionController: Controller {
    public let name = "taint-eviction-controller"
    public let alias = "taint-eviction-controller"
    public let account = "node-controller"

    private struct Eviction: Sendable {
        let uid: String
        let due: Timestamp
        /// The Event was made, and the pod deleted or nearly.
        var isDone = false
    }

    /// Node by node, because the taints are the node's.
    private var taints: [String: [JSON]] = [:]
    private var evictions: [String: Eviction] = [:]
    /// Pods that went, or moved to no taint, while their eviction was ahead: the key's work is to say so.
    private var cancelled: [String: [String]] = [:]

    public init() {}

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .nodes:
            let name = event.object.key
            let present = event.kind == .deleted ? [] : Self.executing(event.object.value)
            if present == taints[name] ?? [] { return [] }
            taints[name] = present.isEmpty ? nil : present
            // The pods of a node that is gone are somebody else's; what was due stays due.
            return [name]
        case .pods:
            guard let pod = event.pod, !pod.nodeName.isEmpty else { return [] }
            if event.kind == .deleted {
                guard let eviction = evictions.removeValue(forKey: pod.key), !eviction.isDone else {
                    return []
                }
                cancelled[pod.nodeName, default: []].append(pod.key)
                return [pod.nodeName]
            }
            guard taints[pod.nodeName] != nil else { return [] }
            if let before = event.previousPod, before.nodeName == pod.nodeName, before.uid == pod.uid,
                before.value["spec"]?["tolerations"] == pod.value["spec"]?["tolerations"]
            {
                return []
            }
            return [pod.nodeName]
        default: return []
        }
    }

    private static func executing(_ node: JSON) -> [JSON] {
        (node["spec"]?["taints"]?.array ?? []).filter { $0["effect"]?.string == "NoExecute" }
    }

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        var result = Reconciliation()
        for pod in cancelled.removeValue(forKey: key) ?? [] {
            result.events.append(Self.event("Cancelling deletion of Pod", pod))
        }
        let isThere = view.stored(.nodes, key) != nil
        let present = taints[key] ?? []
        if present.isEmpty, evictions.isEmpty { return result }
        for pod in view.pods(onNode: key) {
            // Nothing new is decided for a node that is gone, and nothing is called off.
            if isThere { decide(pod, present, now, &result) }
            guard var eviction = evictions[pod.key], eviction.uid == pod.uid else { continue }
            let left = eviction.due.since(now)
            if left > 0 {
                result.requeueAfter = min(result.requeueAfter ?? left, left)
                continue
            }
            if eviction.isDone, view.lastFailure == nil || pod.isTerminating { continue }
            if !eviction.isDone { result.events.append(Self.event("Marking for deletion Pod", pod.key)) }
            eviction.isDone = true
            evictions[pod.key] = eviction
            result.writes += Self.delete(pod, now)
        }
        return result
    }

    private mutating func decide(
        _ pod: PodSummary, _ taints: [JSON], _ now: Timestamp, _ result: inout Reconciliation
    ) {
        let known = evictions[pod.key]
        let isKnown = known?.uid == pod.uid
        if isKnown, known?.isDone == true, !taints.isEmpty { return }
        let time =
            taints.isEmpty
            ? .forever
            : TolerationTime(
                of: Toleration.all(of: pod.value["spec"]), taints: taints.compactMap(Taint.init))
        switch time {
        case .forever:
            guard let eviction = evictions.removeValue(forKey: pod.key), !eviction.isDone else { return }
            result.events.append(Self.event("Cancelling deletion of Pod", pod.key))
        case .seconds(0):
            if isKnown, let known, known.due <= now { return }
            if isKnown { result.events.append(Self.event("Cancelling deletion of Pod", pod.key)) }
            evictions[pod.key] = Eviction(uid: pod.uid, due: now)
        case .seconds(let seconds):
            // Once it counts, it goes on counting: another taint starts nothing anew.
            if isKnown { return }
            evictions[pod.key] = Eviction(uid: pod.uid, due: now.adding(Double(seconds)))
        }
    }

    /// Upstream refers to the pod by name alone.
    private static func event(_ words: String, _ key: String) -> RecordedEvent {
        let place = ObjectLocator(.pods, key)
        return RecordedEvent(
            .normal, "TaintManagerEviction", "\(words) \(key)",
            of: [
                "kind": "Pod", "apiVersion": "v1",
                "metadata": ["name": .string(place.name), "namespace": .string(place.namespace)],
            ], component: "taint-eviction-controller")
    }

    /// Says why in the pod's status, then deletes it with the grace that it asks for.
    private static func delete(_ pod: PodSummary, _ now: Timestamp) -> [ControllerWrite] {
        var writes: [ControllerWrite] = []
        let value = pod.value
        let conditions = value["status"]?["conditions"]?.array ?? []
        let before = conditions.first { $0["type"]?.string == "DisruptionTarget" }
        if before?["status"]?.string != "True" || before?["reason"]?.string != "DeletionByTaintManager" {
            var condition: JSON = [
                "type": "DisruptionTarget", "status": "True", "reason": "DeletionByTaintManager",
                "message": "Taint manager: deleting due to NoExecute taint",
                "lastTransitionTime": .string(now.rfc3339),
            ]
            if value.generation > 0 { condition["observedGeneration"] = .integer(value.generation) }
            let others = conditions.filter { $0["type"]?.string != "DisruptionTarget" }
            var write = ControllerWrite(
                group: "", version: "v1", plural: "pods", namespace: pod.namespace, name: pod.name,
                subresource: "status",
                .patch([
                    "metadata": ["uid": .string(pod.uid)],
                    "status": ["conditions": .array(others + [condition])],
                ]))
            write.letsOthersGoOn = true
            writes.append(write)
        }
        var delete = PodTemplates.delete(pod)
        delete.letsOthersGoOn = true
        return writes + [delete]
    }
}
