import KubeAuth
import KubeControllers
import KubeEngine
import KubeNode
import KubeScheduler

/// Every control loop of a cluster in one process: controllers, scheduler, and the agents of hollow nodes
/// (which do nothing in a cluster that has none).
public enum ClusterControllers {
    /// In the order in which they are asked for keys.
    /// - Parameters:
    ///   - server: the API server in whose process they run.
    ///   - seed: for the choices that are left to chance, such as between nodes that are equally good.
    ///   - selection: which of `known` run; the server's own loops always do.
    public static func all(
        of server: ServerContext, seed: UInt64, selection: ControllerSelection = .all
    ) -> [any Controller] {
        Controllers.ofServer(server) + managed(server.trust, seed: seed).filter(selection.contains)
    }

    /// Those that may be chosen from, for their names.
    public static var known: [any Controller] { managed(.none, seed: 0) }

    private static func managed(_ trust: ClusterTrust, seed: UInt64) -> [any Controller] {
        var nodes = HollowNodes.Options()
        nodes.seed = seed
        let metrics = MeasuredMetrics(Self.metrics(seed: seed))
        return Controllers.all(rootCertificate: trust.rootCertificate, metrics: metrics)
            + Controllers.ofCertificates(trust) + [
                SchedulerController(seed: seed), NodeGroupController(), NodeAutoscaler(seed: seed),
                HollowNodes(nodes),
            ]
    }

    /// What pods on hollow nodes use, as these controllers see it under the same seed.
    public static func metrics(seed: UInt64) -> any MetricsSource { HollowMetrics(seed: seed) }
}
