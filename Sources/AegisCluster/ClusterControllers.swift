import KubeControllers
import KubeEngine
import KubeNode
import KubeScheduler

/// Every control loop of a cluster in one process: controllers, scheduler, and the agents of hollow nodes
/// (which do nothing in a cluster that has none).
public enum ClusterControllers {
    /// In the order in which they are asked for keys, when one thread drives them all.
    /// - Parameters:
    ///   - rootCertificate: of the cluster's authority, PEM.
    ///   - seed: for the choices that are left to chance, such as between nodes that are equally good.
    ///   - nodes: how hollow nodes behave; their seed is the one above.
    public static func all(
        rootCertificate: String, seed: UInt64, nodes: HollowNodes.Options = HollowNodes.Options()
    ) -> [any Controller] {
        loops(rootCertificate: rootCertificate, seed: seed, nodes: nodes).flatMap { $0 }
    }

    /// The same in groups that run side by side, as upstream's programs do: what makes pods, what places them,
    /// and what runs them.
    public static func loops(
        rootCertificate: String, seed: UInt64, nodes: HollowNodes.Options = HollowNodes.Options()
    ) -> [[any Controller]] {
        var nodes = nodes
        nodes.seed = seed
        let metrics = MeasuredMetrics(Self.metrics(seed: seed))
        return [
            Controllers.all(rootCertificate: rootCertificate, metrics: metrics),
            [SchedulerController(seed: seed), NodeGroupController(), NodeAutoscaler(seed: seed)],
            [HollowNodes(nodes)],
        ]
    }

    /// What pods on hollow nodes use, as these controllers see it under the same seed.
    public static func metrics(seed: UInt64) -> any MetricsSource { HollowMetrics(seed: seed) }

    /// For their names.
    public static var known: [any Controller] { all(rootCertificate: "", seed: 0) }
}
