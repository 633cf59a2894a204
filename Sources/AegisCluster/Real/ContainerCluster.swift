import Foundation
import KubeAPI
import KubeAuth
import KubeControllers
import KubeEngine
import KubeJSON
import KubeNode
import KubeRegistry
import KubeRuntimeCRI
import KubeStore
import Synchronization

/// What a cluster's nodes need where their pods are containers of this machine: containerd, the runtime over it,
/// the volumes, the network. Made before the control plane, joined to it by `join`, and let go or taken down
/// at the end.
public final class ContainerCluster: Sendable {
    public struct Options: Sendable {
        /// The data directory; everything on the machine is beneath it.
        public var directory: String
        public var layout: ContainerLayout { ContainerLayout(directory) }
        public var seed: UInt64 = 1
        public var serviceRange = "10.96.0.0/12"
        public var podRange = "10.244.0.0/16"
        /// Of Services of type LoadBalancer.
        public var loadBalancerRange: String? = "10.64.0.0/24"
        /// Told in one line what goes wrong outside of any pod.
        public var tell: @Sendable (String) -> Void = { _ in }

        public init(directory: String) { self.directory = directory }
    }

    /// What there is once the cluster's objects are known.
    private struct Parts: Sendable {
        let runtime: CRIRuntime
        let volumes: PodVolumes
        let network: ContainerNetwork
        let follower: VolumeFollower
        let kind: any NodeKind
    }

    /// Whether containerd, and with it the containers of an earlier run, were found running.
    public let isAdopted: Bool
    public let metrics: CRIMetrics
    private let options: Options
    private let cluster: String
    private let client: CRIClient
    private let supervisor: ContainerdSupervisor
    private let wakes = AgentWakes()
    private let version: String
    private let parts = Mutex<Parts?>(nil)

    /// Starts containerd, or finds the one that an earlier run left.
    /// - Throws: errors whose description says what to do.
    public init(_ options: Options) async throws {
        self.options = options
        let layout = options.layout
        cluster = try layout.clusterName()
        try ContainerNetwork.prepare(options)
        supervisor = try ContainerdSupervisor(layout.containerd, tell: options.tell)
        isAdopted = try await supervisor.start()
        client = try CRIClient(socket: layout.containerd.socket)
        let running = try await client.version()
        version = "\(running.name)://\(running.version)"
        try await ImageArchives.load(from: layout.images, layout)
        metrics = CRIMetrics(client: client, cluster: cluster)
    }

    /// Takes the cluster's objects, and finds the containers that run already. To be awaited before any
    /// controller runs.
    public func join(_ registry: Registry, _ pki: ClusterPKI) async throws {
        let parts = try makeParts(registry.store, PodTokens(registry, pki.tokenSigner))
        self.parts.withLock { $0 = parts }
        try await parts.runtime.start()
        metrics.start()
    }

    private func makeParts(_ store: Store, _ tokens: any TokenSource) throws -> Parts {
        let (layout, wakes, version) = (options.layout, wakes, version)
        let objects = StoreObjects(store)
        let volumes = PodVolumes(
            directory: layout.pods, persistent: layout.persistentVolumes, objects: objects, tokens: tokens,
            now: { Timestamp(seconds: Int64(Date().timeIntervalSince1970)) }, report: options.tell)
        let network = try ContainerNetwork(options, cluster: cluster, objects: objects)
        let runtime = CRIRuntime(
            client: client, settings: try settings(), objects: objects, volumes: volumes, network: network,
            tell: options.tell, wake: { wakes.wake($0) })
        let kind = ContainerNode(
            MachineFacts.read(),
            ContainerNode.Readings(
                runtimeVersion: { version }, problem: { runtime.trouble },
                images: { runtime.listedImages }, eviction: { wakes.eviction(of: $0) }))
        return Parts(
            runtime: runtime, volumes: volumes, network: network,
            follower: try VolumeFollower(volumes, store: store) { wakes.evict($0, $1) }, kind: kind)
    }

    private func settings() throws -> CRIRuntime.Settings {
        var resolver = ResolverSettings()
        resolver.read((try? String(contentsOfFile: "/etc/resolv.conf", encoding: .utf8)) ?? "")
        return CRIRuntime.Settings(
            dataDirectory: options.directory, cluster: cluster,
            cgroupRoot: ContainerLayout.cgroupRoot(cluster), resolver: resolver)
    }

    /// Has the agents look at pods when something came of what they asked for.
    /// - Parameter wake: a controller and a key of it.
    public func follow(_ wake: @escaping @Sendable (_ controller: String, _ key: String) -> Void) {
        wakes.use { wake("container-nodes", $0) }
    }

    /// Every control loop of a cluster whose nodes are here, in groups that run side by side. To be asked after
    /// `join`.
    public func loops(of server: ServerContext) -> [[any Controller]] {
        guard let parts = parts.withLock({ $0 }) else { return [] }
        var agents = NodeAgents.Options()
        agents.seed = options.seed
        let loops = ClusterControllers.loops(
            of: server, seed: options.seed, metrics: metrics, nodeKind: parts.kind,
            volumeDirectory: options.layout.persistentVolumes)
        return loops + [[NodeAgents(parts.kind, parts.runtime, agents)], parts.network.controllers]
    }

    // MARK: The end

    /// Follows nothing any more; containers go on, and are found again by the next start.
    public func letGo() {
        metrics.stop()
        let parts = parts.withLock { $0 }
        parts?.follower.stop()
        parts?.runtime.stop()
        parts?.network.letGo()
        supervisor.letGo()
    }

    /// Ends and removes all containers, the network and containerd. What is in persistent volumes stays, and so
    /// do images and logs.
    public func takeDown() async throws {
        letGo()
        let parts = try self.parts.withLock({ $0 }) ?? makeParts(Store(), NoTokens())
        try await parts.runtime.removeAll()
        try parts.network.tearDown()
        parts.follower.stop()
        await supervisor.stop()
        client.close()
        ContainerLayout.removeRemnants(options.layout)
    }

    /// The same for a cluster whose process has ended; does nothing where nothing is left.
    public static func takeDown(_ options: Options) async throws {
        guard options.layout.hasRemnants else { return }
        try await ContainerCluster(options).takeDown()
    }
}

/// For a cluster that is only taken down.
private struct NoTokens: TokenSource {
    func token(account: String, audience: String, seconds: Int, pod: PodIdentity) throws -> VolumeToken {
        throw StartProblem("nobody issues tokens")
    }
}
