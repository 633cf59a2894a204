import KubeAPI
import KubeAuth
import KubeJSON
import KubeRegistry
import KubeStore
import Synchronization

/// A cluster in memory on virtual time: the API's operations and controllers, no sockets and no threads. The
/// same seed and the same calls give the same objects and the same trace, byte for byte.
public final class VirtualCluster: Sendable {
    public let registry: Registry
    private let running: Mutex<[ControllerLoop]>
    private let report: ControllerLoop.Report
    private let clock: VirtualClock
    private let generator: SharedGenerator

    /// - Parameters:
    ///   - start: the time of the first moment, whole seconds since 1970.
    ///   - controllers: in the order in which they are asked for keys.
    public convenience init(
        seed: UInt64 = 1, start: Int64 = 1_700_000_000, controllers: [any Controller],
        report: @escaping ControllerLoop.Report = { _ in }
    ) throws {
        try self.init(seed: seed, start: start, loops: [controllers], report: report)
    }

    /// - Parameter loops: controllers in groups, each of which has a view of its own, as programs have that
    ///   run side by side. They take turns.
    public init(
        seed: UInt64 = 1, start: Int64 = 1_700_000_000, loops: [[any Controller]],
        report: @escaping ControllerLoop.Report = { _ in }
    ) throws {
        let clock = VirtualClock(start)
        let generator = SharedGenerator(seed: seed)
        self.clock = clock
        self.generator = generator
        registry = Registry(
            store: try Store(),
            environment: RegistryEnvironment(
                now: { (clock.now.seconds, Int(clock.now.nanoseconds)) }, random: { generator.next() }),
            allocators: ServiceAllocators(range: try ServiceRange("10.96.0.0/12")),
            authorizer: { _ in .allow(nil) }, policy: { RBACPolicy() })
        self.report = report
        let registry = registry
        running = Mutex(
            try loops.map {
                try ControllerLoop($0, registry: registry, stopwatch: { 0 }, report: report)
            })
        for name in ["default", "kube-system", "kube-public", "kube-node-lease"] {
            try create("v1", "namespaces", ["metadata": ["name": .string(name)]], in: "")
        }
    }

    public var now: Timestamp { clock.now }

    /// The first of the loops; usually there is no other.
    public var loop: ControllerLoop { running.withLock { $0[0] } }
    public var loops: [ControllerLoop] { running.withLock { $0 } }

    /// Ends a loop and begins it anew with other controllers, which know nothing but what is there now.
    public func restart(_ index: Int, with controllers: [any Controller]) throws {
        let fresh = try ControllerLoop(
            controllers, registry: registry, stopwatch: { 0 }, report: report)
        let old = running.withLock { running in
            defer { running[index] = fresh }
            return running[index]
        }
        old.stop()
    }

    /// Keys that one loop may run before the next has its turn.
    private static let turn = 8

    /// Runs what is due now in all loops.
    /// - Returns: when to come again; nil when only a change gives work.
    private func pump(limit: Int, trace: (ControllerEngine.Trace) -> Void) -> Timestamp? {
        let loops = loops
        if loops.count == 1 { return loops[0].pump(now: clock.now, limit: limit, trace: trace) }
        for _ in 0..<max(limit / Self.turn, 1) {
            var next: Timestamp?
            for loop in loops {
                guard let due = loop.pump(now: clock.now, limit: Self.turn, trace: trace) else { continue }
                next = next.map { min($0, due) } ?? due
            }
            if loops.contains(where: \.hasNews) { continue }
            if let next, next <= clock.now { continue }
            return next
        }
        return clock.now
    }

    /// Random bits from the cluster's seed, for what happens to it from outside.
    public func random() -> UInt64 { generator.next() }

    /// Runs what is due now and, while nothing else is, what is due later, up to a time; then it is that time.
    /// - Parameter limit: the most keys in one moment, so that controllers that undo each other's work end.
    public func run(
        until end: Timestamp, limit: Int = 1_000_000, trace: (ControllerEngine.Trace) -> Void = { _ in }
    ) {
        while true {
            let next = pump(limit: limit, trace: trace)
            guard let next, next <= end else { break }
            // A key that is due in this moment and has had its share waits a moment.
            clock.now = next > clock.now ? next : clock.now.adding(0.001)
        }
        if end > clock.now { clock.now = end }
    }

    public func run(for seconds: Double, trace: (ControllerEngine.Trace) -> Void = { _ in }) {
        run(until: clock.now.adding(seconds), trace: trace)
    }

    /// Runs until a condition holds, looking at it whenever nothing is due.
    /// - Returns: whether it came to hold within so many seconds of virtual time.
    public func run(
        atMost seconds: Double, trace: (ControllerEngine.Trace) -> Void = { _ in }, until holds: () -> Bool
    ) -> Bool {
        let end = clock.now.adding(seconds)
        while true {
            let next = pump(limit: 1_000_000, trace: trace)
            if holds() { return true }
            guard let next, next <= end else {
                clock.now = end
                return false
            }
            clock.now = next > clock.now ? next : clock.now.adding(0.001)
        }
    }

    // MARK: What clients do

    public func request(
        _ apiVersion: String, _ plural: String, _ namespace: String, _ name: String = ""
    ) throws -> RegistryRequest {
        let parts = apiVersion.split(separator: "/")
        let group = parts.count > 1 ? String(parts[0]) : ""
        guard
            let resource = registry.resources.resource(
                group: group, version: String(parts[parts.count - 1]), plural: plural)
        else { throw ControllerError("the server has no resource \(plural) in \(apiVersion)") }
        return RegistryRequest(
            resource: resource, namespace: namespace, name: name,
            user: UserInfo(name: "admin", groups: [Group.masters, Group.authenticated]), manager: "client")
    }

    @discardableResult
    public func create(
        _ apiVersion: String, _ plural: String, _ object: JSON, in namespace: String = "default"
    ) throws -> JSON {
        var request = try request(apiVersion, plural, namespace)
        return try registry.create(&request, body: object).value
    }

    /// A JSON merge patch.
    public func patch(
        _ apiVersion: String, _ plural: String, _ name: String, _ patch: JSON,
        in namespace: String = "default", subresource: String = ""
    ) throws {
        var request = try request(apiVersion, plural, namespace, name)
        request.subresource = subresource
        _ = try registry.patch(&request, .merge(patch))
    }

    public func delete(
        _ apiVersion: String, _ plural: String, _ name: String, in namespace: String = "default",
        policy: String? = nil, gracePeriodSeconds: Int? = nil
    ) throws {
        var request = try request(apiVersion, plural, namespace, name)
        var options = DeleteOptions()
        options.propagationPolicy = policy
        options.gracePeriodSeconds = gracePeriodSeconds
        _ = try registry.delete(&request, options)
    }

    public func get(
        _ apiVersion: String, _ plural: String, _ name: String, in namespace: String = "default"
    ) throws -> JSON? {
        let request = try request(apiVersion, plural, namespace, name)
        return registry.lookup(
            request.resource.group, plural, request.resource.isNamespaced ? "\(namespace)/\(name)" : name)
    }

    /// In order of name.
    public func list(
        _ apiVersion: String, _ plural: String, in namespace: String? = "default"
    ) throws -> [JSON] {
        let resource = try request(apiVersion, plural, "").resource
        return registry.objects(
            StorageLocation(resource).group, plural, in: resource.isNamespaced ? namespace : nil)
    }
}

/// A clock that moves when it is told to.
final class VirtualClock: Sendable {
    private let time: Mutex<Timestamp>

    init(_ start: Int64) { time = Mutex(Timestamp(seconds: start)) }

    var now: Timestamp {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }
}

/// Random bits that any thread may draw.
private final class SharedGenerator: Sendable {
    private let generator: Mutex<SeededGenerator>

    init(seed: UInt64) { generator = Mutex(SeededGenerator(seed: seed)) }

    func next() -> UInt64 { generator.withLock { $0.next() } }
}
