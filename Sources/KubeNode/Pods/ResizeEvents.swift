import KubeEngine
import KubeJSON

/// What the agent of a node tells of a pod that is to have other resources (pkg/kubelet/events).
enum ResizeEvents {
    /// The node gives what is asked for; the runtime has it as soon as it is told.
    static func taken(_ pod: JSON, node: String) -> [RecordedEvent] {
        [("Started", "started"), ("Completed", "completed")].map { reason, word in
            RecordedEvent(
                .normal, "Resize" + reason, "Pod resize \(word): \(summary(pod))", of: pod,
                component: "kubelet", host: node)
        }
    }

    /// - Parameter refusal: `Deferred` or `Infeasible`, and why.
    static func refused(
        _ pod: JSON, _ refusal: (reason: String, message: String), node: String
    ) -> RecordedEvent {
        RecordedEvent(
            .warning, "Resize" + refusal.reason,
            "Pod resize \(refusal.reason): \(summary(pod, error: refusal.message))", of: pod,
            component: "kubelet", host: node)
    }

    /// The resources of all containers as Go writes them in JSON.
    private static func summary(_ pod: JSON, error: String = "") -> String {
        var summary: JSONObject = [:]
        for list in ["initContainers", "containers"] {
            let containers = (pod["spec"]?[list]?.array ?? []).map { container -> JSON in
                var resources: JSONObject = [:]
                for part in ["limits", "requests"] {
                    guard let amounts = container["resources"]?[part]?.object, !amounts.isEmpty else {
                        continue
                    }
                    var sorted: JSONObject = [:]
                    for name in amounts.sortedKeys { sorted[name] = amounts[name] }
                    resources[part] = .object(sorted)
                }
                return ["name": container["name"] ?? "", "resources": .object(resources)]
            }
            if !containers.isEmpty { summary[list] = .array(containers) }
        }
        summary["generation"] = .integer(pod.generation)
        if !error.isEmpty { summary["error"] = .string(error) }
        return JSONWriter.string(.object(summary))
    }
}
