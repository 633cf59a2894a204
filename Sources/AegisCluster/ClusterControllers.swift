import KubeAuth
import KubeControllers
import KubeEngine
import KubeNode
import KubeScheduler

/// Every control loop of a cluster in one process: controllers, scheduler, and the agents of hollow nodes
/// (which do nothing in a cluster that has none).
public enum ClusterControllers {
    /// Of each group in the order in which they are asked for keys.
    /// - Parameters:
    ///   - server: the API server in whose process they run.
    ///   - seed: for the choices that are left to chance, such as between nodes that are equally good.
    ///   - metrics: what pods use; as hollow ones do when nil.
    ///   - nodeKind: of the nodes that are made for node groups.
    ///   - volumeDirectory: below which volumes are made that are directories of their node.
    ///   - selection: which of `known` run; the server's own loops always do.
    /// - Returns: groups that run side by side, as upstream's programs do: what makes pods, what places them,
    ///   and what runs them.
    public static func loops(
        of server: ServerContext, seed: UInt64, metrics: (any MetricsSource)? = nil,
        nodeKind: any NodeKind = HollowNode(),
        volumeDirectory: String = DirectoryProvisioner.usualDirectory, selection: ControllerSelection = .all
    ) -> [[any Controller]] {
        var groups = managed(server.trust, seed, metrics, nodeKind, volumeDirectory)
            .map { $0.filter(selection.contains) }
        groups[0] = Controllers.ofServer(server) + groups[0]
        return groups
    }

    /// Those that may be chosen from, for their names.
    public static var known: [any Controller] { managed(.none, 0, nil, HollowNode(), "").flatMap { $0 } }

    private static func managed(
        _ trust: ClusterTrust, _ seed: UInt64, _ metrics: (any MetricsSource)?, _ nodeKind: any NodeKind,
        _ volumeDirectory: String
    ) -> [[any Controller]] {
        var nodes = NodeAgents.Options()
        nodes.seed = seed
        let metrics = MeasuredMetrics(metrics ?? Self.metrics(seed: seed))
        return [
            Controllers.all(
                rootCertificate: trust.rootCertificate, metrics: metrics, volumeDirectory: volumeDirectory)
                + Controllers.ofCertificates(trust),
            [
                SchedulerController(seed: seed), NodeGroupController(kind: nodeKind),
                NodeAutoscaler(seed: seed),
            ],
            [NodeAgents.hollow(nodes)],
        ]
    }

    /// What pods on hollow nodes use, as these controllers see it under the same seed.
    public static func metrics(seed: UInt64) -> any MetricsSource { HollowMetrics(seed: seed) }
}
