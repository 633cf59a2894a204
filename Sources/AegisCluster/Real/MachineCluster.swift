import AegisImages
import Foundation
import KubeAPI
import KubeEngine
import KubeJSON
import KubeNetwork
import KubeNode
import KubeRuntimeCRI
import KubeServer
import KubeStore
import Logging
import Synchronization

/// The part of a cluster that makes its nodes real: containerd, the network of pods and Services, volumes, and
/// the agents of nodes. The API server is started between `prepare` and `run`.
public final class MachineCluster: Sendable {
    public struct Options: Sendable {
        public var dataDirectory: String
        /// A containerd that somebody else runs; nil for one of our own.
        public var containerdSocket: String?
        /// The path of this program, which is the address plugin too.
        public var program: String

        public init(dataDirectory: String, program: String) {
            self.dataDirectory = dataDirectory
            self.program = program
        }
    }

    private struct Running: Sendable {
        var server: ControlPlane?
        var runtime: CRIRuntime?
        var metrics: CRIMetrics?
        var plane: NetworkPlane?
        var names: ClusterDNS?
        var statusServers: [StatusServer] = []
        var healthChecks: HealthCheckPorts?
        var images: ImageMaker?
        var watch: Watch?
        var renewal: Task<Void, Never>?
        /// Why pods must end, by their uids.
        var evictions: [String: String] = [:]
    }

    /// Which of the machine's clusters it is.
    public let instance: MachineInstance
    public var addresses: MachineAddresses { instance.addresses }
    private let options: Options
    private let logger: Logger
    private let supervisor: ContainerdSupervisor?
    private let client: CRIClient
    private let facts: MachineFacts
    private let late = LateMetrics()
    private let running = Mutex(Running())

    /// Checks the machine, starts containerd or finds it running, and makes the machine's network ready.
    /// - Throws: what is missing and what to do about it, in one line.
    public static func prepare(_ options: Options, logger: Logger) async throws -> MachineCluster {
        try MachineChecks(options).run()
        let instance = try MachineRegister().claim(
            options.dataDirectory, containerdSocket: options.containerdSocket,
            isTaken: { instance in
                NetworkPlane.isThere(table: instance.name) || CgroupTree().hasProcesses(instance.controlGroup)
            },
            prepare: { try HostSettings(directory: $0).apply() })
        try CNIConfiguration(dataDirectory: options.dataDirectory).install(program: options.program)
        var supervisor: ContainerdSupervisor?
        let socket: String
        if let given = options.containerdSocket {
            socket = given
        } else {
            let own = try ContainerdSupervisor(
                ContainerdConfiguration(dataDirectory: options.dataDirectory),
                tell: { logger.notice("containerd", metadata: ["what": .string($0)]) })
            try await own.start()
            supervisor = own
            socket = own.configuration.socket
        }
        guard let routes = routes(instance) else { throw HostError(wrongRanges) }
        try routes.add()
        let client = try CRIClient(socket: socket)
        let version = try await client.version()
        try ContainerdSupervisor.check(version, socket: socket)
        let facts = MachineFacts.read(runtimeVersion: "\(version.name)://\(version.version)")
        return MachineCluster(options, instance, logger, supervisor, client, facts)
    }

    static let wrongRanges = "the cluster's ranges of addresses are wrong"

    /// - Returns: nil when a range is none.
    static func routes(_ instance: MachineInstance) -> MachineRoutes? {
        let addresses = instance.addresses
        guard let nodes = CIDR(addresses.nodes), let balancers = CIDR(addresses.balancers),
            let services = CIDR(instance.serviceRange), let pods = CIDR(addresses.pods)
        else { return nil }
        return MachineRoutes(local: [nodes, balancers], services: services, pods: pods)
    }

    private init(
        _ options: Options, _ instance: MachineInstance, _ logger: Logger,
        _ supervisor: ContainerdSupervisor?, _ client: CRIClient, _ facts: MachineFacts
    ) {
        self.options = options
        self.instance = instance
        self.logger = logger
        self.supervisor = supervisor
        self.client = client
        self.facts = facts
    }

    /// The images of this machine's containerd.
    public func images(_ book: RecipeBook, _ builder: ImageBuilder) -> MachineImages {
        MachineImages(
            client: client, socket: options.containerdSocket ?? Self.socket(options.dataDirectory),
            dataDirectory: options.dataDirectory, book: book, builder: builder)
    }

    /// Has pods that name an image with a recipe later find it as well.
    public func serve(_ images: MachineImages) {
        running.withLock { $0.images = ImageMaker(images) }
    }

    /// Where the containerd answers that `prepare` starts.
    public static func socket(_ dataDirectory: String) -> String {
        ContainerdConfiguration(dataDirectory: dataDirectory).socket
    }

    /// What pods use, once they run.
    public var metrics: any MetricsSource { late }
    /// Where persistent volumes are.
    public var volumes: String { options.dataDirectory + "/volumes" }

    public var kind: MachineNode {
        MachineNode(
            facts, addresses: addresses,
            images: { [weak self] in self?.running.withLock { $0.runtime }?.nodeImages ?? [] },
            problem: { [supervisor] in
                guard let supervisor, !supervisor.isRunning else { return nil }
                return "container runtime is down"
            },
            evictions: { [weak self] uid in self?.running.withLock { $0.evictions[uid] } })
    }

    /// Runs the nodes of a cluster whose server answers. Pods that run already are found and go on.
    public func run(_ server: ControlPlane) async throws {
        let store = server.registry.store
        let objects = StoreObjects(store)
        let logger = logger
        let report: @Sendable (String) -> Void = { logger.warning("\($0)") }
        let volumes = PodVolumes(
            directory: options.dataDirectory + "/pods", persistent: self.volumes, objects: objects,
            tokens: PodTokens(issuer: server.tokens), now: Self.now, report: report)
        guard let pods = CIDR(addresses.pods), let services = CIDR(instance.serviceRange),
            let balancers = CIDR(addresses.balancers)
        else { throw HostError(Self.wrongRanges) }
        let podAddresses = PodAddresses(dataDirectory: options.dataDirectory)
        try Self.routes(instance)?.removeStale(in: pods, but: podAddresses.all)
        guard let resolver = IPAddress(addresses.resolver),
            let service = ClusterDNSService(services: services, endpoint: resolver)
        else { throw HostError("\(instance.serviceRange) has no address for the cluster's DNS") }
        let plane = NetworkPlane(
            NetworkConfiguration(
                table: instance.name, podRange: pods, serviceRange: services, loadBalancerRange: balancers,
                resolver: resolver, foreignRanges: instance.foreignRanges),
            report: report)
        var settings = CRIRuntime.Settings(
            dataDirectory: options.dataDirectory, cluster: instance.name,
            cgroupRoot: instance.controlGroup)
        settings.resolver = MachineResolver.read()
        let names = try await Self.startNames(service)
        let namesStatus = try await names.serveMetrics(
            at: DNSEndpoint(resolver, port: ClusterDNSService.metricsPort))
        let fills = VolumeStats(store, directory: self.volumes)
        let stateStatus = try await StateMetricsService.serve(StateMetrics(store), fills, at: resolver)
        settings.resolver.clusterServers = [service.address.description]
        let runtime = CRIRuntime(
            client: client, settings: settings, objects: objects, volumes: volumes,
            network: MachineNetwork(
                plane: plane, addresses: podAddresses,
                objects: objects),
            makeImage: { [weak self] name in
                guard let maker = self?.running.withLock({ $0.images }) else { return false }
                return try await maker.make(name)
            },
            tell: report,
            wake: { [weak self] pod in
                self?.running.withLock { $0.server }?.wake("node-agents", "pod/\(pod.namespace)/\(pod.name)")
            })
        try await runtime.start()
        let metrics = CRIMetrics(client: client, cluster: instance.name)
        metrics.start()
        late.fill(metrics)
        running.withLock {
            $0.runtime = runtime
            $0.metrics = metrics
            $0.plane = plane
        }
        let healthChecks = HealthCheckPorts(report: report)
        let watch = try Self.keep(volumes, store)
        let renewal = Task { [weak self] in
            while !Task.isCancelled {
                fills.measure()
                try? await Task.sleep(for: .seconds(10))
                volumes.renewTokens()
                for (pod, words) in volumes.outgrown() + runtime.overStorage() { self?.evict(pod, words) }
            }
        }
        running.withLock {
            $0.server = server
            $0.names = names
            $0.statusServers = [namesStatus, stateStatus]
            $0.healthChecks = healthChecks
            $0.watch = watch
            $0.renewal = renewal
        }
        server.serve(MachineStreams(runtime: runtime))
        try server.add([
            // Names and rules are there before the first pod starts.
            [
                LocalServiceController(service), StateMetricsService.controller(at: resolver),
                DNSController(names), NetworkController(plane, owns: { [kind] in kind.owns($0) }),
                LoadBalancerController(range: balancers),
                HealthCheckController(healthChecks, owns: { [kind] in kind.owns($0) }),
            ],
            [NodeAgents(kind, runtime)],
        ])
    }

    /// Has a pod end for the sake of its node.
    private func evict(_ pod: PodIdentity, _ words: String) {
        let server = running.withLock { running in
            let isNew = running.evictions.updateValue(words, forKey: pod.uid) == nil
            return isNew ? running.server : nil
        }
        server?.wake("node-agents", "pod/\(pod.namespace)/\(pod.name)")
    }

    /// Starts the cluster's DNS.
    static func startNames(_ service: ClusterDNSService) async throws -> ClusterDNS {
        guard let zone = ClusterZone.Configuration(serverAddresses: [service.address]) else {
            throw HostError("the cluster's domain is none")
        }
        let names = ClusterDNS(
            ClusterDNS.Configuration(
                zone: zone, endpoint: DNSEndpoint(service.endpoint),
                upstreams: ResolverConfiguration.system().servers))
        _ = try await names.start()
        return names
    }

    /// Has volumes follow what they are made of.
    private static func keep(_ volumes: PodVolumes, _ store: Store) throws -> Watch {
        let queue = DispatchQueue(label: "aegis.volumes")
        return try store.watch(nil, from: store.revision) { events in
            let meant = events.filter {
                switch $0.collection {
                case .configMaps, .secrets: true
                case .pods: $0.kind != .deleted
                case .persistentVolumes: $0.kind == .deleted
                default: false
                }
            }
            guard !meant.isEmpty else { return }
            queue.async {
                for event in meant {
                    if event.collection == .persistentVolumes {
                        volumes.volumeDeleted(event.object.value)
                    } else if event.collection == .pods {
                        volumes.podChanged(event.object.value)
                    } else {
                        volumes.objectChanged(
                            event.collection, namespace: event.object.namespace, name: event.object.name,
                            isGone: event.kind == .deleted)
                    }
                }
            }
        }
    }

    @Sendable private static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
    }

    /// Stops the agents. Containers and what connects them go on, for the next start.
    public func stop() async {
        let parts = running.withLock { running in
            defer { running = Running() }
            return running
        }
        parts.server?.stopControllers()
        parts.watch?.cancel()
        parts.renewal?.cancel()
        parts.metrics?.stop()
        parts.runtime?.stop()
        parts.plane?.stop()
        for server in parts.statusServers { await server.stop() }
        await parts.healthChecks?.stop()
        await parts.names?.stop()
        supervisor?.letGo()
        client.close()
    }
}
