import Foundation
import KubeAPI
import KubeAuth
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
        /// Told in one line what goes wrong outside of any pod.
        public var tell: @Sendable (String) -> Void = { _ in }

        public init(directory: String) { self.directory = directory }
    }

    /// Whether containerd and the containers of an earlier run were found running.
    public let isAdopted: Bool
    public let runtime: CRIRuntime
    public let metrics: CRIMetrics
    let client: CRIClient
    let volumes: PodVolumes
    let options: Options
    private let supervisor: ContainerdSupervisor
    private let objects: StoreObjects
    private let wakes: AgentWakes
    private let tokens: PodTokens
    private let network: ContainerNetwork
    private let follower = Mutex<VolumeFollower?>(nil)
    private let version: String

    /// Starts containerd, or finds the one that an earlier run left.
    /// - Throws: `ContainerdSupervisor.Failure` and others, whose description says what to do.
    public init(_ options: Options) async throws {
        self.options = options
        let layout = options.layout
        let network = ContainerNetwork(options)
        try await network.prepare()
        supervisor = try ContainerdSupervisor(layout.containerd, tell: options.tell)
        isAdopted = try await supervisor.start()
        let client = try CRIClient(socket: layout.containerd.socket)
        let running = try await client.version()
        version = "\(running.name)://\(running.version)"
        try await ImageArchives.load(from: layout.images, layout, client)
        objects = StoreObjects()
        wakes = AgentWakes()
        tokens = PodTokens()
        let wakes = wakes
        volumes = PodVolumes(
            directory: layout.pods, persistent: layout.persistentVolumes, objects: objects, tokens: tokens, now: { Self.now }, report: options.tell)
        var resolver = ResolverSettings()
        resolver.read((try? String(contentsOfFile: "/etc/resolv.conf", encoding: .utf8)) ?? "")
        network.complete(&resolver)
        let cluster = try layout.clusterName()
        runtime = CRIRuntime(
            client: client,
            settings: CRIRuntime.Settings(
                dataDirectory: options.directory, cluster: cluster,
                cgroupRoot: ContainerLayout.cgroupRoot(cluster), resolver: resolver),
            objects: objects, volumes: volumes, tell: options.tell, wake: { wakes.wake($0) })
        metrics = CRIMetrics(client: client, cluster: cluster)
        self.client = client
        self.network = network
    }

    private static var now: Timestamp { Timestamp(seconds: Int64(Date().timeIntervalSince1970)) }

    /// Takes the cluster's objects, and finds the containers that run already. To be awaited before any
    /// controller runs: what is not among the objects is taken for a remnant.
    public func join(_ registry: Registry, _ pki: ClusterPKI) async throws {
        objects.use(registry.store)
        tokens.use(registry, pki)
        let wakes = wakes
        let follower = try VolumeFollower(volumes, store: registry.store) { wakes.evict($0, $1) }
        self.follower.withLock { $0 = follower }
        try await runtime.start()
        metrics.start()
    }

    /// Has the agents look at pods when something came of what they asked for.
    /// - Parameter wake: a controller and a key of it.
    public func follow(_ wake: @escaping @Sendable (_ controller: String, _ key: String) -> Void) {
        wakes.use { wake("container-nodes", $0) }
    }

    /// The kind of the nodes that run here.
    public var kind: any NodeKind {
        let (runtime, version, wakes) = (runtime, version, wakes)
        return ContainerNode(
            MachineFacts.read(),
            ContainerNode.Readings(
                runtimeVersion: { version }, problem: { runtime.trouble },
                images: { runtime.listedImages }, eviction: { wakes.eviction(of: $0) }))
    }

    /// Every control loop of a cluster whose nodes are here, in groups that run side by side.
    public func loops(of server: ServerContext) -> [[any Controller]] {
        var agents = NodeAgents.Options()
        agents.seed = options.seed
        var loops = ClusterControllers.loops(
            of: server, seed: options.seed, metrics: metrics, nodeKind: kind,
            volumeDirectory: options.layout.persistentVolumes)
        loops.append([NodeAgents(kind, runtime, agents)])
        if !network.controllers.isEmpty { loops.append(network.controllers) }
        return loops
    }

    /// Ends following; containers go on, and are found again by the next start.
    public func letGo() {
        follower.withLock { follower in
            follower?.stop()
            follower = nil
        }
        metrics.stop()
        runtime.stop()
        network.letGo()
        supervisor.letGo()
    }

    /// Ends and removes all containers, the network and containerd. What is in persistent volumes stays, and so
    /// do images.
    public func takeDown() async throws {
        letGo()
        try await runtime.removeAll()
        await supervisor.stop()
        try await network.tearDown()
        ContainerLayout.removeRemnants(options.layout)
    }

    /// The same for a cluster whose process has ended; does nothing where nothing is left.
    public static func takeDown(_ options: Options) async throws {
        guard options.layout.hasRemnants else { return }
        let cluster = try await ContainerCluster(options)
        try await cluster.takeDown()
    }
}
