import KubeAPI

/// Cordoned nodes take only pods that tolerate their taint.
enum NodeUnschedulable {
    static let reason = "node(s) were unschedulable"
    private static let taint = Taint(
        key: "node.kubernetes.io/unschedulable", value: "", effect: .noSchedule)

    static func admits(_ shape: PodShape, _ node: NodeDescription) -> Bool {
        !node.isUnschedulable || shape.tolerations.contains { $0.tolerates(taint) }
    }
}
