import KubeAuth
import KubeControllers
import KubeEngine
import KubeNode
import KubeScheduler

/// Every control loop of a cluster in one process: controllers, scheduler, and the agents of hollow nodes
/// (which do nothing in a cluster that has none).
public enum ClusterControllers {
    /// What control loops need to know of the machine whose containers the pods are.
    public struct Machine: Sendable {
        public var kind: MachineNode
        public var metrics: any MetricsSource
        /// The directory of persistent volumes.
        public var volumes: String
        /// The range of the pods' addresses.
        public var pods: String

        public init(kind: MachineNode, metrics: any MetricsSource, volumes: String, pods: String) {
            self.kind = kind
            self.metrics = metrics
            self.volumes = volumes
            self.pods = pods
        }
    }

    /// Of each group in the order in which they are asked for keys.
    /// - Parameters:
    ///   - server: the API server in whose process they run.
    ///   - seed: for the choices that are left to chance, such as between nodes that are equally good.
    ///   - selection: which of `known` run; the server's own loops always do.
    ///   - machine: of a cluster whose nodes are this machine; their agents are not among these loops.
    /// - Returns: groups that run side by side, as upstream's programs do: what makes pods, what places them,
    ///   and what runs them.
    public static func loops(
        of server: ServerContext, seed: UInt64, selection: ControllerSelection = .all,
        machine: Machine? = nil
    ) -> [[any Controller]] {
        var groups = managed(server.trust, seed: seed, machine: machine, others: server.others).map {
            $0.filter(selection.contains)
        }
        groups[0] = Controllers.ofServer(server) + groups[0]
        return groups
    }

    /// Those that may be chosen from, for their names.
    public static var known: [any Controller] { managed(.none, seed: 0).flatMap { $0 } }

    /// All of them on one loop, for a cluster in virtual time.
    /// - Parameters:
    ///   - nodes: how the agents of hollow nodes behave; their seed is the other one.
    ///   - model: how pods behave that say nothing of it.
    public static func all(
        _ trust: ClusterTrust, seed: UInt64, nodes: NodeAgents.Options = NodeAgents.Options(),
        model: HollowModel = .instant
    ) -> [any Controller] {
        managed(trust, seed: seed, nodes: nodes, model: model).flatMap { $0 }
    }

    private static func managed(
        _ trust: ClusterTrust, seed: UInt64, nodes: NodeAgents.Options = NodeAgents.Options(),
        model: HollowModel = .instant,
        machine: Machine? = nil, others: (any AggregatedContent)? = nil
    ) -> [[any Controller]] {
        var nodes = nodes
        nodes.seed = seed
        let metrics = MeasuredMetrics(machine?.metrics ?? Self.metrics(seed: seed))
        let groups =
            machine.map { NodeGroupController(kind: $0.kind) } ?? NodeGroupController()
        return [
            Controllers.all(
                rootCertificate: trust.rootCertificate, metrics: metrics,
                volumes: machine?.volumes ?? DirectoryProvisioner.usualDirectory,
                addresses: machine.flatMap { NodeIPAMController(range: $0.pods) } ?? NodeIPAMController(),
                others: others)
                + Controllers.ofCertificates(trust),
            [SchedulerController(seed: seed), groups, NodeAutoscaler(seed: seed)],
            machine == nil ? [NodeAgents.hollow(nodes, model: model)] : [],
        ]
    }

    /// What pods on hollow nodes use, as these controllers see it under the same seed.
    public static func metrics(seed: UInt64) -> any MetricsSource { HollowMetrics(seed: seed) }
}
