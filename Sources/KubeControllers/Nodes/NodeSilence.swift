import KubeAPI
import KubeEngine
import KubeJSON

/// What is said of a node that says nothing itself, and of the pods on it.
enum NodeSilence {
    static let reason = "NodeStatusUnknown"

    /// The status of a node with the kubelet's conditions unknown.
    static func write(_ node: JSON, _ resource: ResourceInfo, _ now: Timestamp) -> ControllerWrite {
        let wasReady = NodeConditions.ready(node) == .true
        var conditions = node["status"]?["conditions"]?.array ?? []
        for type in NodeConditions.ofKubelet {
            if let position = conditions.firstIndex(where: { $0["type"]?.string == type }) {
                if conditions[position]["status"]?.string == "Unknown" { continue }
                conditions[position]["status"] = "Unknown"
                conditions[position]["reason"] = .string(reason)
                conditions[position]["message"] = "Kubelet stopped posting node status."
                conditions[position]["lastTransitionTime"] = .string(now.rfc3339)
            } else {
                conditions.append([
                    "type": .string(type), "status": "Unknown", "reason": "NodeStatusNeverUpdated",
                    "message": "Kubelet never posted node status.",
                    "lastHeartbeatTime": node["metadata"]?["creationTimestamp"] ?? .null,
                    "lastTransitionTime": .string(now.rfc3339),
                ])
            }
        }
        var node = node
        node.set(.array(conditions), at: "status", "conditions")
        var write = ControllerWrite.updateStatus(resource, name: node.name, node)
        write.letsOthersGoOn = true
        return wasReady
            ? write.recording(NodeConditions.statusChange("NodeNotReady", node: node.name, uid: node.uid))
            : write
    }

    /// Says that a pod is not ready; why it was is kept, as upstream keeps it.
    static func markNotReady(_ pod: PodSummary, _ now: Timestamp) -> ControllerWrite {
        let value = pod.value
        let conditions = (value["status"]?["conditions"]?.array ?? []).map { condition -> JSON in
            guard condition["type"]?.string == "Ready" else { return condition }
            var condition = condition
            condition["status"] = "False"
            condition["lastTransitionTime"] = .string(now.rfc3339)
            return condition
        }
        var write = ControllerWrite(
            group: "", version: "v1", plural: "pods", namespace: pod.namespace, name: pod.name,
            subresource: "status",
            .patch([
                "metadata": [
                    "uid": .string(pod.uid), "resourceVersion": .string(String(pod.stored.revision)),
                ],
                "status": ["conditions": .array(conditions)],
            ]))
        write.letsOthersGoOn = true
        return write.recording(
            RecordedEvent(
                .warning, "NodeNotReady", "Node is not ready", of: value,
                component: NodeConditions.component))
    }
}
