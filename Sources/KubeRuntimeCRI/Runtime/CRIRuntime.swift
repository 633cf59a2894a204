import KubeAPI
import KubeJSON
import KubeNode
import Synchronization

/// Runs pods as containers through the CRI. It keeps what it last saw of each pod, so that an agent's question
/// never waits; what an agent asks for runs as a task, and the agent is woken when something came of it. What
/// happens without being asked for it learns from the runtime's events within milliseconds, and from a listing
/// every second in case one was missed.
public final class CRIRuntime: PodRuntime, Sendable {
    public struct Settings: Sendable {
        /// Where the pods' files and logs are.
        public var dataDirectory: String
        /// Tells the pods of this cluster from others in the same runtime.
        public var cluster: String
        /// The control group above all nodes', beginning with `/`.
        public var cgroupRoot: String
        public var resolver: ResolverSettings
        /// Seconds between listings.
        public var relistPeriod = 1.0
        /// Bytes after which a log is begun anew, and how many files of a log there are at most.
        public var logSize: Int64 = 10 << 20
        public var logFiles = 5

        public init(
            dataDirectory: String, cluster: String, cgroupRoot: String,
            resolver: ResolverSettings = ResolverSettings()
        ) {
            self.dataDirectory = dataDirectory
            self.cluster = cluster
            self.cgroupRoot = cgroupRoot
            self.resolver = resolver
        }
    }

    struct State: Sendable {
        var pods: [String: PodEntry] = [:]
        /// By id, as last listed.
        var containers: [String: ContainerRecord] = [:]
        var sandboxes: [String: SandboxRecord] = [:]
        var images: [String: RuntimeImage] = [:]
        var isListed = false
        /// Pods of which only remains are left, and for how many listings nobody has known them.
        var orphans: [String: Int] = [:]
        var loops: [Task<Void, Never>] = []
        /// How many sandboxes of a pod are being made or taken away.
        var busy: [String: Int] = [:]
        /// What a listing found worth telling.
        var lastTrouble: String?
    }

    public let name = "containerd"
    public let client: CRIClient
    public let settings: Settings
    let objects: any ObjectSource
    let volumes: any VolumeProvider
    let network: (any PodNetwork)?
    let cgroups: CgroupTree
    let paths: PodPaths
    let probes = ProbeRunner()
    /// Makes an image on this machine and puts it into the runtime's store; false where it knows none of the name.
    let makeImage: @Sendable (String) async throws -> Bool
    private let wakeAgent: @Sendable (PodIdentity) -> Void
    let tell: @Sendable (String) -> Void
    let state = Mutex(State())

    /// - Parameters:
    ///   - makeImage: asked for an image that is not there, before a registry is: makes it on this machine and
    ///     puts it into the runtime's store; false where it knows none of that name.
    ///   - wake: called when a pod's observation changed.
    ///   - tell: told in one line what went wrong outside of any pod.
    public init(
        client: CRIClient, settings: Settings, objects: any ObjectSource, volumes: any VolumeProvider,
        network: (any PodNetwork)? = nil,
        makeImage: @escaping @Sendable (String) async throws -> Bool = { _ in false },
        tell: @escaping @Sendable (String) -> Void = { _ in }, wake: @escaping @Sendable (PodIdentity) -> Void
    ) {
        self.client = client
        self.settings = settings
        self.objects = objects
        self.volumes = volumes
        self.network = network
        self.makeImage = makeImage
        self.tell = tell
        wakeAgent = wake
        paths = PodPaths(data: settings.dataDirectory)
        cgroups = CgroupTree()
    }

    var labels: [String: String] { [PodLabels.cluster: settings.cluster] }
    var cgroupNames: PodCgroups { PodCgroups(root: settings.cgroupRoot) }

    /// Learns what runs already, and begins to follow it. To be awaited before any pod is restored.
    /// - Throws: `CRIError` when nothing answers.
    public func start() async throws {
        _ = try await client.version()
        try FileBytes.makeDirectory(settings.dataDirectory + "/cni/addresses")
        try FileBytes.makeDirectory(paths.logs)
        try await relist()
        let relisting = Task { [weak self] in
            while !Task.isCancelled {
                guard let period = self?.settings.relistPeriod else { return }
                try? await Task.sleep(for: .seconds(period))
                await self?.relistOnce()
            }
        }
        let following = Task { [weak self] in
            while !Task.isCancelled {
                await self?.followEvents()
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
        let rotating = Task { [weak self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(10))
                await self?.rotateLogs()
            }
        }
        state.withLock { $0.loops += [relisting, following, rotating] }
    }

    /// Follows nothing any more; containers go on.
    public func stop() {
        state.withLock { state in
            for loop in state.loops { loop.cancel() }
            state.loops = []
        }
    }

    // MARK: Pods

    public func add(_ pod: PodIdentity, _ object: JSON, shape: PodShape) {
        state.withLock { state in
            guard state.pods[pod.uid] == nil else { return }
            state.pods[pod.uid] = PodEntry(identity: pod, object: object, shape: shape)
        }
    }

    public func change(_ pod: PodIdentity, _ object: JSON, shape: PodShape) {
        let old = state.withLock { state in
            let old = state.pods[pod.uid]?.object
            state.pods[pod.uid]?.take(object, shape)
            return old
        }
        if let old { resize(pod, from: old, to: object) }
    }

    public func remove(_ pod: PodIdentity) {
        let entry = state.withLock { $0.pods.removeValue(forKey: pod.uid) }
        guard let entry else { return }
        // What is being made or ended already is taken away by those who are at it.
        if entry.observation.sandbox?.isReady ?? !isBusy(pod) {
            let id = entry.sandboxID
            work(pod) { await $0.takeAway(id, pod) }
        }
    }

    public func isGone(_ pod: PodIdentity) -> Bool {
        state.withLock { $0.pods[pod.uid] == nil && $0.busy[pod.uid] == nil }
    }

    private func isBusy(_ pod: PodIdentity) -> Bool { state.withLock { $0.busy[pod.uid] != nil } }

    /// Makes or takes away a sandbox; the pod is not gone before that is over.
    private func work(_ pod: PodIdentity, _ body: @escaping @Sendable (CRIRuntime) async -> Void) {
        state.withLock { $0.busy[pod.uid, default: 0] += 1 }
        Task {
            await body(self)
            let isOver = state.withLock { state in
                let left = (state.busy[pod.uid] ?? 1) - 1
                state.busy[pod.uid] = left > 0 ? left : nil
                return left <= 0 && state.pods[pod.uid] == nil
            }
            if isOver { wakeAgent(pod) }
        }
    }

    public func restore(_ pod: PodIdentity, _ object: JSON, shape: PodShape, now: Timestamp) {
        var entry = PodEntry(identity: pod, object: object, shape: shape)
        state.withLock { state in
            entry.adopt(
                state.sandboxes.values.filter { $0.identity.uid == pod.uid },
                state.containers.values.filter { $0.identity.uid == pod.uid })
            state.pods[pod.uid] = entry
        }
        guard entry.observation.sandbox != nil else { return }
        // Volumes are kept up to date only for pods that their keeper knows.
        let volumes = volumes
        Task {
            if let paths = try? await volumes.prepare(pod: object, identity: pod) {
                self.state.withLock { $0.pods[pod.uid]?.volumes = paths }
            }
        }
    }

    public func observe(_ pod: PodIdentity, now: Timestamp) -> PodObservation {
        state.withLock { state in
            guard let observation = state.pods[pod.uid]?.observation else {
                return PodObservation(containers: 0)
            }
            state.pods[pod.uid]?.observation.probes.removeAll()
            return observation
        }
    }

    public func nextChange(of pod: PodIdentity) -> Timestamp? { nil }

    public func hasImage(_ image: String, for pod: PodIdentity) -> Bool {
        state.withLock { $0.images[ImageName.normalized(image)] != nil || $0.images[image] != nil }
    }

    public func perform(_ action: RuntimeAction, of pod: PodIdentity, now: Timestamp, address: String?) {
        switch action {
        case .createSandbox(let attempt):
            update(pod, wakes: false) { entry in
                entry.observation.sandbox = nil
                entry.address = address
            }
            work(pod) { await $0.makeSandbox(pod, attempt: attempt) }
        case .removeSandbox:
            let id = state.withLock { $0.pods[pod.uid]?.sandboxID }
            update(pod, wakes: false) { $0.observation.sandbox?.isReady = false }
            work(pod) { await $0.takeAway(id, pod) }
        case .pullImage(let index):
            update(pod, wakes: false) { entry in
                entry.observation.pulls[index] = ImagePull(started: now, outcome: .running)
            }
            Task { await pull(index, of: pod) }
        case .startContainer(let index, let attempt):
            update(pod, wakes: false) { entry in
                // What failed before must not be taken for what comes of this.
                if entry.observation.containers[index]?.creationFailure != nil {
                    entry.observation.containers[index] = nil
                }
            }
            Task { await startContainer(index, attempt: attempt, of: pod) }
        case .runHook(let index, let hook):
            var isNew = false
            update(pod, wakes: false) { entry in
                let key = hook == .postStart ? \ContainerInstance.postStart : \.preStop
                guard var instance = entry.observation.containers[index] else { return }
                isNew = instance[keyPath: key] == .notRun
                if isNew { instance[keyPath: key] = .running }
                entry.observation.containers[index] = instance
            }
            // A machine may ask twice in one step: what it has seen is older than what it has asked.
            if isNew { Task { await run(hook, index, of: pod) } }
        case .stopContainer(let index, let grace):
            guard let id = state.withLock({ $0.pods[pod.uid]?.observation.containers[index]?.id }) else {
                return
            }
            Task { await stopContainer(id, grace: grace, of: pod) }
        case .probe(let index, let kind):
            Task { await probe(kind, index, of: pod) }
        }
    }

    // MARK: State

    /// Changes what is known of a pod and wakes its agent.
    /// - Returns: whether the pod is still asked for.
    @discardableResult
    func update(_ pod: PodIdentity, wakes: Bool = true, _ change: (inout PodEntry) -> Void) -> Bool {
        let isKnown = state.withLock { state in
            guard var entry = state.pods.removeValue(forKey: pod.uid) else { return false }
            change(&entry)
            state.pods[pod.uid] = entry
            return true
        }
        if isKnown, wakes { wakeAgent(pod) }
        return isKnown
    }

    func entry(_ pod: PodIdentity) -> PodEntry? { state.withLock { $0.pods[pod.uid] } }

    func facts(_ entry: PodEntry) -> PodFacts {
        let node = objects.object(.nodes, "", entry.identity.node)
        let listed = node?["status"]?["addresses"]?.array ?? []
        let host = listed.filter { $0["type"]?.string == "InternalIP" }.compactMap { $0["address"]?.string }
        let addresses = entry.shape.usesHostNetwork ? host : entry.observation.sandbox?.addresses ?? []
        return PodFacts(
            pod: entry.object, identity: entry.identity, addresses: addresses, hostAddresses: host,
            allocatable: ResourceAmounts(node?["status"]?["allocatable"]),
            capacity: ResourceAmounts(node?["status"]?["capacity"]))
    }

    /// Does something with the runtime, and waits for the runtime while it is away: it is started again.
    func whileAway<Result: Sendable>(
        for limit: Duration = .seconds(30), _ work: @Sendable () async throws -> Result
    ) async throws -> Result {
        let end = ContinuousClock.now + limit
        while true {
            do {
                return try await work()
            } catch let error as CRIError where error.kind == .unavailable && ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }
}
