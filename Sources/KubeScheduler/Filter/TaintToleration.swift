import KubeAPI

/// Nodes with a NoSchedule or NoExecute taint take only pods that tolerate it.
enum TaintToleration {
    /// Taints are not named, because their values may be nobody else's business.
    static let reason = "node(s) had untolerated taint(s)"

    static func untolerated(_ shape: PodShape, _ node: NodeDescription) -> Taint? {
        node.taints.first { taint in
            taint.effect != .preferNoSchedule && !shape.tolerations.contains { $0.tolerates(taint) }
        }
    }

    /// The score before normalising: fewer are better.
    static func untoleratedPreferences(_ shape: PodShape, _ node: NodeDescription) -> Int32 {
        var count: Int32 = 0
        for taint in node.taints where taint.effect == .preferNoSchedule {
            if !shape.tolerations.contains(where: { $0.tolerates(taint) }) { count += 1 }
        }
        return count
    }
}
