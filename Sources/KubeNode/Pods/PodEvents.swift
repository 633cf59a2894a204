import KubeEngine
import KubeJSON

extension PodEvent {
    /// As the agent of a node records it (kubelet's Events name the container's field).
    func recorded(of pod: JSON, shape: PodShape, node: String) -> RecordedEvent {
        var path: String?
        if let container, shape.containers.indices.contains(container) {
            let list =
                switch shape.containers[container].kind {
                case .initial: "initContainers"
                case .main: "containers"
                case .ephemeral: "ephemeralContainers"
                }
            path = "spec.\(list){\(shape.containers[container].name)}"
        }
        return RecordedEvent(
            isWarning ? .warning : .normal, reason, message, of: pod, component: "kubelet", host: node,
            fieldPath: path)
    }
}
