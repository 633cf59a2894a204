import Dispatch
import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The servers behind this one, as APIServices name them (k8s.io/kube-aggregator): which request is theirs,
/// whether they are there, and what they serve. It knows of a change of an APIService before whoever made it
/// is answered.
final class Aggregator: Sendable {
    /// One version of a group that another server serves.
    struct Route: Sendable {
        let service: APIServiceSummary
        let reference: APIServiceSummary.Reference
        /// How it is spoken to, or why it cannot be.
        let tls: Result<NIOSSLContext, FrontProxy.Failure>
    }

    struct Entry {
        var route: Route
        var uid: String
        var found: RemoteVersion
        /// What its OpenAPI index says of this version.
        var openAPI: JSON?
        /// nil until the server has begun to ask others.
        var jobs: Jobs?
    }

    struct Jobs {
        let probe: Recurring
        let fetch: Recurring
        var all: [Recurring] { [probe, fetch] }
    }

    struct State {
        /// Every APIService, by name.
        var services: [String: APIServiceSummary] = [:]
        /// Those that others serve.
        var entries: [String: Entry] = [:]
        var generation = 0
        var loop: (any EventLoop)?
        var watches: [Watch] = []
        /// Namespaces that are being emptied, by their uids.
        var rounds: [String: Round] = [:]
        /// Namespaces that are to be emptied when the server has begun to ask others, by their uids.
        var waiting: [String: Waiting] = [:]
        /// Wakes a controller for a namespace whose round is done.
        var answered: (@Sendable (_ controller: String, _ namespace: String) -> Void)?
        var isStopped = false
    }

    let registry: Registry
    let proxy: FrontProxy
    let logger: Logger
    let state = Mutex(State())
    /// Whether there is any other server: what is asked at each request.
    private let hasEntries = Atomic<Bool>(false)
    /// Writes may have to wait for webhooks.
    let queue = DispatchQueue(label: "aegis.aggregation")

    var store: Store { registry.store }

    init(registry: Registry, proxy: FrontProxy, logger: Logger) throws {
        (self.registry, self.proxy, self.logger) = (registry, proxy, logger)
        let snapshot = registry.store.snapshot(.apiServices)
        for object in snapshot.page().items { follow(object.value, isGone: false) }
        let watch = try registry.store.watch(.apiServices, from: snapshot.revision) { [weak self] events in
            for event in events {
                self?.follow(
                    event.object.value, before: event.previous?.value, isGone: event.kind == .deleted)
            }
        }
        state.withLock { $0.watches.append(watch) }
    }

    /// Begins to ask the other servers.
    func start(on loop: any EventLoop) throws {
        let revision = store.revision
        let jobs = state.withLock { state in
            state.loop = loop
            for name in state.entries.keys { state.entries[name]?.jobs = self.jobs(name, on: loop) }
            return state.entries.values.compactMap(\.jobs).flatMap(\.all)
        }
        for job in jobs { job.ask() }
        let waiting = state.withLock { state in
            for uid in state.waiting.keys { state.rounds[uid] = .asked }
            defer { state.waiting = [:] }
            return state.waiting
        }
        for (uid, who) in waiting { begin(who, uid, on: loop) }
        let watches = try [CollectionID.services, .endpointSlices].map { collection in
            try store.watch(collection, from: revision) { [weak self] events in
                self?.look(at: events, areSlices: collection == .endpointSlices)
            }
        }
        state.withLock { $0.watches += watches }
    }

    /// Nothing is asked or written any more when it returns.
    func stop() {
        let (watches, jobs) = state.withLock { state in
            state.isStopped = true
            return (state.watches, state.entries.values.compactMap(\.jobs).flatMap(\.all))
        }
        for watch in watches { watch.cancel() }
        for job in jobs { job.stop() }
        queue.sync {}
    }

    /// - Parameter wake: a controller that may ask `empty` again about a namespace.
    func onAnswer(_ wake: @escaping @Sendable (_ controller: String, _ namespace: String) -> Void) {
        state.withLock { $0.answered = wake }
    }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    // MARK: Changes

    private func jobs(_ name: String, on loop: any EventLoop) -> Jobs {
        let probe = Recurring(
            on: loop, .init(first: .milliseconds(5), most: .seconds(30), usual: .seconds(30))
        ) { [weak self] in self?.probe(name, on: loop) ?? loop.makeSucceededFuture(true) }
        let fetch = Recurring(
            on: loop, .init(first: .milliseconds(500), most: .seconds(60), usual: .seconds(60))
        ) { [weak self] in self?.fetch(name, on: loop) ?? loop.makeSucceededFuture(true) }
        return Jobs(probe: probe, fetch: fetch)
    }

    /// Without what a write of the status changes.
    private static func rest(_ object: JSON) -> JSON {
        var rest = object
        rest.set(nil, at: "status")
        for key in ["resourceVersion", "managedFields"] { rest.set(nil, at: "metadata", key) }
        return rest
    }

    private func follow(_ object: JSON, before: JSON? = nil, isGone: Bool) {
        let service = APIServiceSummary(object)
        // Other words of the same finding are this server's own, and no reason to look again.
        let isNews =
            before.map {
                APIServiceSummary($0).isAvailable != service.isAvailable || Self.rest($0) != Self.rest(object)
            } ?? true
        let route = isGone ? nil : self.route(service)
        let (jobs, ended) = state.withLock { state -> ([Recurring], [Recurring]) in
            let before = state.services[service.name]
            state.services[service.name] = isGone ? nil : service
            if isGone || before?.priority != service.priority || before?.service != service.service {
                state.generation += 1
            }
            let known = state.entries.removeValue(forKey: service.name)
            defer { hasEntries.store(!state.entries.isEmpty, ordering: .relaxed) }
            guard let route else { return ([], known?.jobs?.all ?? []) }
            var entry: Entry
            var ended: [Recurring] = []
            if let known, known.uid == object.uid, known.route.reference == route.reference {
                entry = known
                entry.route = route
                entry.found = RemoteVersion(
                    service, resources: known.found.resources, isStale: known.found.isStale)
            } else {
                ended = known?.jobs?.all ?? []
                entry = Entry(
                    route: route, uid: object.uid, found: RemoteVersion(service),
                    jobs: state.loop.map { self.jobs(service.name, on: $0) })
            }
            state.entries[service.name] = entry
            return (entry.jobs?.all ?? [], ended)
        }
        for job in ended { job.stop() }
        guard isNews else { return }
        for job in jobs { job.ask() }
    }

    private func route(_ service: APIServiceSummary) -> Route? {
        guard let reference = service.service else { return nil }
        let tls: Result<NIOSSLContext, FrontProxy.Failure>
        do throws(FrontProxy.Failure) {
            tls = .success(
                try proxy.context(
                    authorities: service.authorities, skipsVerification: service.skipsVerification))
        } catch {
            tls = .failure(error)
        }
        return Route(service: service, reference: reference, tls: tls)
    }

    /// Services and their endpoints changed: those that lead to another server are asked again.
    private func look(at events: [Event], areSlices: Bool) {
        guard hasEntries.load(ordering: .relaxed) else { return }
        var places: Set<String> = []
        for event in events {
            let object = event.object
            guard areSlices else {
                places.insert(object.key)
                continue
            }
            for version in [object, event.previous].compactMap({ $0 }) {
                if let name = version.labels?["kubernetes.io/service-name"]?.string {
                    places.insert("\(version.namespace)/\(name)")
                }
            }
        }
        let jobs = state.withLock { state in
            state.entries.values.filter {
                places.contains("\($0.route.reference.namespace)/\($0.route.reference.name)")
            }.compactMap { $0.jobs?.probe }
        }
        for job in jobs { job.ask() }
    }

    // MARK: What is known

    /// The server that a version of a group is of; nil where this one serves it, or nobody.
    func route(group: String, version: String) -> Route? {
        guard hasEntries.load(ordering: .relaxed) else { return nil }
        let name = APIServiceSummary.name(group: group, version: version)
        return state.withLock { $0.entries[name]?.route }
    }

    /// The server that a request is for.
    func route(of info: RequestInfo) -> Route? {
        guard hasEntries.load(ordering: .relaxed) else { return nil }
        if info.isResourceRequest { return route(group: info.group, version: info.version) }
        let parts = info.path.split(separator: "/")
        switch (parts.first, parts.count) {
        // The core group's APIService stands for everything below its path.
        case ("api", _): return route(group: "", version: "v1")
        case ("apis", 3): return route(group: String(parts[1]), version: String(parts[2]))
        default: return nil
        }
    }

    func route(named name: String) -> (route: Route, uid: String)? {
        state.withLock { state in state.entries[name].map { ($0.route, $0.uid) } }
    }

    /// For discovery: every APIService, and what others serve.
    var discovered: (services: [APIServiceSummary], remote: [RemoteVersion]) {
        state.withLock { ($0.services.values.map { $0 }, $0.entries.values.map(\.found)) }
    }

    /// A number that grows with each change of what discovery and the OpenAPI index tell.
    var generation: Int { state.withLock { $0.generation } }

    /// What the OpenAPI indices of other servers say of their versions, by `apis/GROUP/VERSION`.
    var openAPI: [String: JSON] {
        state.withLock { state in
            var paths: [String: JSON] = [:]
            for entry in state.entries.values {
                let service = entry.route.service
                if let document = entry.openAPI {
                    paths["apis/\(service.group)/\(service.version)"] = document
                }
            }
            return paths
        }
    }

    /// The server that has the schemas of `apis/GROUP/VERSION`; nil where this one has them, or nobody.
    func documenter(of path: String) -> Route? {
        guard hasEntries.load(ordering: .relaxed) else { return nil }
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count == 3, parts[0] == "apis" else { return nil }
        let name = APIServiceSummary.name(group: parts[1], version: parts[2])
        return state.withLock { state in
            state.entries[name].flatMap { $0.openAPI == nil ? nil : $0.route }
        }
    }

    /// Remembers what a server serves, if it is still the one that was asked.
    func note(_ name: String, uid: String, resources: [JSON], isStale: Bool) {
        state.withLock { state in
            guard var entry = state.entries[name], entry.uid == uid else { return }
            let found = RemoteVersion(entry.route.service, resources: resources, isStale: isStale)
            guard found != entry.found else { return }
            entry.found = found
            state.entries[name] = entry
            state.generation += 1
        }
    }

    func note(_ name: String, uid: String, openAPI: JSON?) {
        state.withLock { state in
            guard var entry = state.entries[name], entry.uid == uid, entry.openAPI != openAPI else { return }
            entry.openAPI = openAPI
            state.entries[name] = entry
            state.generation += 1
        }
    }

    /// Where a server can be asked now.
    func places(_ reference: APIServiceSummary.Reference) throws(FrontProxy.Failure) -> [ProxyLocation] {
        try AvailabilityRules.places(
            reference,
            service: store.get(.services, key: "\(reference.namespace)/\(reference.name)")?.value,
            slices: store.endpointSlices(of: reference.namespace, reference.name))
    }
}
