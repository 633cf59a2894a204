import Crypto
import KubeClient
import KubeJSON
import Logging
import NIOConcurrencyHelpers

/// A request as the handlers see it.
struct APIRequest: Sendable {
    let method: String
    let path: String
    let query: String?
    let requestID: String
    /// Of the other end of the connection.
    let address: String
    let authorization: String?
    let contentType: String?
    let idempotencyKey: String?
    let lastEventID: String?
    let body: [UInt8]
}

/// An answer before it is HTTP.
struct APIAnswer: Sendable {
    enum Body: Sendable {
        case json(JSON)
        case text(String, contentType: String)
        case bytes([UInt8], contentType: String)
        case events(EventStream)
    }

    var status = 200
    var headers: [(name: String, value: String)] = []
    var body: Body

    static func json(
        _ value: JSON, status: Int = 200, headers: [(name: String, value: String)] = []
    ) -> APIAnswer {
        APIAnswer(status: status, headers: headers, body: .json(value))
    }
}

/// Events for one client: first those that it missed, then those that happen.
struct EventStream: Sendable {
    let follower: Int
    /// Where what it missed begins; nil when it wants none.
    let after: Int64?
    /// Where the live part begins.
    let from: Int64
    let items: AsyncStream<EventHub.Item>
    let workload: String?
    let release: String?

    func wants(_ event: ReleaseEvent) -> Bool {
        (workload == nil || workload == event.workload) && (release == nil || release == event.release)
    }
}

/// What each operation does.
struct Handlers: Sendable {
    struct Limits: Sendable {
        var body = 65_536
        /// A caller's requests a second, and how many at once.
        var rate = 50.0
        var burst = 100.0
        /// How long an event stream lives, in seconds.
        var stream = 300.0
        /// Requests that are worked on at once.
        var concurrent = 512
    }

    let namespace: String
    let store: ReleaseStore
    let mirror: ClusterMirror
    let extras: WorkloadExtras
    let driver: ReleaseDriver
    let hub: EventHub
    let redis: RedisLink?
    let access: Access
    let figures: ServiceFigures
    let limits: Limits
    let limiter: RateLimiter
    let now: @Sendable () -> Int64
    let clock: @Sendable () -> Double
    let readiness: Readiness
    let openAPI: [UInt8]

    func handle(_ request: APIRequest, _ route: Routes.Route, _ parameters: [String: String]) async throws
        -> APIAnswer
    {
        if route.operation.isOpen {
            _ = try QueryParameters(request.query, known: route.query)
            return try await open(route.operation)
        }
        let user = try await access.user(authorization: request.authorization, address: request.address)
        guard limiter.admits(user.name, now: clock()) else {
            figures.limited()
            throw Problem.tooMany
        }
        let query = try QueryParameters(request.query, known: route.query)
        switch route.operation {
        case .listWorkloads: return try await listWorkloads(user)
        case .showWorkload: return try await showWorkload(parameters["workload"] ?? "", user)
        case .createRelease: return try await createRelease(request, user)
        case .listReleases: return try await listReleases(query, user)
        case .showRelease: return try await showRelease(parameters["id"] ?? "", user)
        case .rollBackRelease: return try await end(.rollback, parameters["id"] ?? "", request, user)
        case .cancelRelease: return try await end(.cancel, parameters["id"] ?? "", request, user)
        case .followEvents: return try await followEvents(query, request, user)
        case .listAudit: return try await listAudit(query, user)
        case .health, .ready, .metrics, .openAPI: throw Problem.notFound
        }
    }

    private func open(_ operation: Operation) async throws -> APIAnswer {
        switch operation {
        case .health: return .json(["status": "alive"])
        case .ready:
            let faults = await readiness.faults()
            guard faults.isEmpty else {
                return .json(
                    ["status": "not ready", "faults": .array(faults.map { .string($0) })], status: 503)
            }
            return .json([
                "status": "ready", "faults": [],
                "degraded": redis.map { .bool(!$0.isUp) } ?? .bool(false),
            ])
        case .metrics:
            let isReady = await readiness.faults().isEmpty
            return APIAnswer(
                body: .text(
                    figures.text(pool: store.pool.figures, redis: redis?.isUp, isReady: isReady),
                    contentType: "text/plain; version=0.0.4; charset=utf-8"))
        case .openAPI: return APIAnswer(body: .bytes(openAPI, contentType: "application/json"))
        default: throw Problem.notFound
        }
    }

    // MARK: Workloads

    private func may(_ verb: String, _ workload: String = "") -> ResourceAccess {
        ResourceAccess(
            verb: verb, group: "apps", resource: "deployments", namespace: namespace, name: workload)
    }

    private func requireMirror() throws {
        if let trouble = mirror.trouble {
            throw Problem.unavailable("Kubernetes cannot be followed: \(trouble)")
        }
    }

    private func listWorkloads(_ user: ReviewedUser) async throws -> APIAnswer {
        try await access.require(may("list"), of: user)
        try requireMirror()
        return .json(["items": .array(mirror.deployments().map(WorkloadViews.summary))])
    }

    private func showWorkload(_ name: String, _ user: ReviewedUser) async throws -> APIAnswer {
        guard Checker.isWorkloadName(name) else { throw Problem.notFound }
        try await access.require(may("get", name), of: user)
        try requireMirror()
        guard let family = mirror.family(of: name) else { throw Problem.noWorkload(name) }
        async let extra = extras.extras(of: name, replicaSets: family.replicaSets, pods: family.pods)
        let release = try await store.activeRelease(namespace: namespace, workload: name)
        return .json(
            WorkloadViews.detail(
                family.deployment, replicaSets: family.replicaSets, pods: family.pods, extra: await extra,
                release: release))
    }

    // MARK: Releases

    private func createRelease(_ request: APIRequest, _ user: ReviewedUser) async throws -> APIAnswer {
        let body = try Self.parse(request)
        let wanted = try ReleaseRequest(body)
        try Self.checkKey(request)
        try await access.require(may("patch", wanted.workload), of: user)
        let digest = Self.digest(["release", JSONWriter.string(body)])
        // A repetition is answered whatever became of the workload since.
        if let key = request.idempotencyKey,
            let earlier = try await store.earlier(key: key, of: user.name, digest: digest)
        {
            return try await answer(earlier, for: wanted.workload)
        }
        let deployment = try await deployment(wanted.workload)
        guard let observation = WorkloadObservation(deployment: deployment) else {
            throw Problem.noWorkload(wanted.workload)
        }
        do {
            _ = try wanted.change.applied(to: observation.state, at: 0)
        } catch {
            throw Problem(409, "change-impossible", "The change does not fit the workload", error.description)
        }
        if wanted.change.replicas != nil, let scaler = await extras.autoscaler(of: wanted.workload),
            let name = scaler["name"]?.string
        {
            throw Problem(
                409, "autoscaled", "The workload is scaled automatically",
                "the replicas of \(wanted.workload) are set by the HorizontalPodAutoscaler \(name): "
                    + "change its bounds")
        }
        let release = Release(
            id: releaseID(now()), namespace: namespace, workload: wanted.workload, change: wanted.change,
            createdBy: user.name, createdAt: now(), note: wanted.note, deadline: wanted.deadline)
        return try await begin(release, request, user, digest: digest)
    }

    private func begin(_ release: Release, _ request: APIRequest, _ user: ReviewedUser, digest: String)
        async throws -> APIAnswer
    {
        let summary = release.change.summary
        let creation = try await store.create(
            release, key: request.idempotencyKey, digest: digest, owner: driver.replica, lease: driver.lease,
            step: ReleaseStep(
                .created, state: .pending, at: release.createdAt, replica: driver.replica,
                message: "\(user.name) asked for \(summary)"),
            audit: AuditEntry(
                at: release.createdAt, actor: user.name,
                action: release.change.undoes == nil ? "release" : "undo",
                namespace: namespace, workload: release.workload, release: release.id,
                requestID: request.requestID, outcome: summary))
        return try await answer(creation, for: release.workload)
    }

    private func answer(_ creation: Creation, for workload: String) async throws -> APIAnswer {
        switch creation {
        case .created(let release, let fence, let events):
            await driver.start(HeldRelease(release: release, fence: fence))
            await driver.announce(events)
            return .json(
                ReleaseViews.release(release), status: 201,
                headers: [("Location", "/v1/releases/\(release.id)")])
        case .repeated(let release):
            return .json(
                ReleaseViews.release(release), status: 200,
                headers: [("Location", "/v1/releases/\(release.id)"), ("Idempotency-Replayed", "true")])
        case .keyTaken:
            throw Problem(
                409, "key-reused", "The idempotency key was used before",
                "the Idempotency-Key was used for another request; a new request needs a new key")
        case .busy(let id):
            throw Problem(
                409, "release-active", "Another release is under way",
                "release \(id) of \(workload) has not ended; there is one at a time", release: id)
        }
    }

    private func deployment(_ name: String) async throws -> JSON {
        if mirror.trouble == nil, let known = mirror.deployment(name) { return known }
        do {
            return try await mirror.client.get(.deployments, name, namespace: namespace)
        } catch let error as ClientError {
            if error.isNotFound { throw Problem.noWorkload(name) }
            throw Problem.unavailable("Kubernetes: \(error)")
        }
    }

    private func listReleases(_ parameters: QueryParameters, _ user: ReviewedUser) async throws -> APIAnswer {
        var query = parameters
        let workload = query.string("workload", like: Checker.isWorkloadName, "the name of a workload")
        let state = query.string(
            "state", like: { ReleaseState(rawValue: $0) != nil },
            "one of " + ReleaseState.allCases.map(\.rawValue).joined(separator: ", "))
        let limit = query.integer("limit", in: 1...200) ?? 50
        let before = query.integer("before", in: 1...Int64.max)
        try query.check()
        try await access.require(may("list"), of: user)
        let found = try await store.releases(
            namespace: namespace, workload: workload, state: state.flatMap(ReleaseState.init(rawValue:)),
            before: before, limit: Int(limit) + 1)
        let page = found.prefix(Int(limit))
        return .json([
            "items": .array(page.map { ReleaseViews.release($0.release) }),
            "next": found.count > page.count ? page.last.map { .integer($0.number) } ?? .null : .null,
        ])
    }

    private func find(_ id: String) async throws -> (Release, [ReleaseEvent]) {
        guard Checker.isReleaseID(id), let found = try await store.release(id), found.0.namespace == namespace
        else { throw Problem.noRelease(String(id.prefix(60))) }
        return found
    }

    private func showRelease(_ id: String, _ user: ReviewedUser) async throws -> APIAnswer {
        let (release, events) = try await find(id)
        try await access.require(may("get", release.workload), of: user)
        return .json(ReleaseViews.release(release, events: events))
    }

    private func end(_ intent: ReleaseIntent, _ id: String, _ request: APIRequest, _ user: ReviewedUser)
        async throws -> APIAnswer
    {
        try Self.checkKey(request)
        let (release, _) = try await find(id)
        try await access.require(may("patch", release.workload), of: user)
        if release.state.isActive {
            let asked = try await store.ask(
                intent, of: id, by: user.name,
                audit: AuditEntry(
                    at: now(), actor: user.name, action: intent.rawValue, namespace: namespace,
                    workload: release.workload, release: id, requestID: request.requestID, outcome: "asked"))
            if let asked {
                await driver.asked(intent, of: id, by: user.name)
                return .json(ReleaseViews.release(asked), status: 202)
            }
        }
        guard let current = try await store.release(id)?.0 else { throw Problem.noRelease(id) }
        guard intent == .rollback, current.state == .succeeded, let before = current.before else {
            throw Problem(
                409, "release-over", "The release has ended",
                "release \(id) is \(current.state.rawValue): there is nothing to "
                    + (intent == .cancel ? "cancel" : "roll back"))
        }
        let undo = Release(
            id: releaseID(now()), namespace: namespace, workload: current.workload,
            // Replicas only where the release changed them: an autoscaler may have had reasons since.
            change: ReleaseChange(
                replicas: current.change.replicas == nil ? nil : before.replicas, undoes: id,
                restored: before.template), createdBy: user.name, createdAt: now(),
            deadline: current.deadline)
        return try await begin(undo, request, user, digest: Self.digest(["undo", id]))
    }

    // MARK: Events and audit

    private func followEvents(_ parameters: QueryParameters, _ request: APIRequest, _ user: ReviewedUser)
        async throws -> APIAnswer
    {
        var query = parameters
        let workload = query.string("workload", like: Checker.isWorkloadName, "the name of a workload")
        let release = query.string("release", like: Checker.isReleaseID, "the id of a release")
        var after = query.integer("after", in: 0...Int64.max)
        try query.check()
        // What a browser sends when it comes back.
        if let text = request.lastEventID {
            guard let number = Int64(text), number >= 0, !text.hasPrefix("+") else {
                throw Problem.badRequest([.init(at: "Last-Event-ID", detail: "is not the number of an event")]
                )
            }
            after = number
        }
        try await access.require(may("watch", workload ?? ""), of: user)
        if request.method == "HEAD" {
            return APIAnswer(body: .text("", contentType: "text/event-stream"))
        }
        guard let (id, from, items) = await hub.follow() else {
            throw Problem.unavailable("there are too many event streams, or the service is about to end")
        }
        return APIAnswer(
            headers: [("X-Accel-Buffering", "no")],
            body: .events(
                EventStream(
                    follower: id, after: after, from: from, items: items, workload: workload, release: release
                )))
    }

    private func listAudit(_ parameters: QueryParameters, _ user: ReviewedUser) async throws -> APIAnswer {
        var query = parameters
        let limit = query.integer("limit", in: 1...200) ?? 50
        let before = query.integer("before", in: 1...Int64.max)
        try query.check()
        try await access.require(may("list"), of: user)
        let found = try await store.audit(namespace: namespace, before: before, limit: Int(limit) + 1)
        let page = found.prefix(Int(limit))
        return .json([
            "items": .array(page.map(ReleaseViews.audit)),
            "next": found.count > page.count ? page.last.map { .integer($0.number) } ?? .null : .null,
        ])
    }

    // MARK: Parts

    private static func parse(_ request: APIRequest) throws -> JSON {
        let type = (request.contentType ?? "").prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        guard type == "application/json" else {
            throw Problem(
                415, "unsupported-media-type", "Not JSON", "the body has to be application/json",
                headers: [("Accept", "application/json")])
        }
        do {
            return try JSONParser.parse(request.body, limits: .init(depth: 16, size: request.body.count + 1))
        } catch {
            throw Problem.badRequest([.init(at: "", detail: "the body is not JSON: \(error)")])
        }
    }

    private static func checkKey(_ request: APIRequest) throws {
        if let key = request.idempotencyKey, !Checker.isKey(key) {
            throw Problem.badRequest([
                .init(at: "Idempotency-Key", detail: "is not 1 to 128 visible ASCII characters")
            ])
        }
    }

    private static func digest(_ parts: [String]) -> String {
        var hash = SHA256()
        for part in parts { hash.update(data: Array((part + "\u{0}").utf8)) }
        return hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

/// An identifier that sorts by time (UUID version 7).
func releaseID(_ now: Int64) -> String {
    var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
    for position in 0..<6 { bytes[position] = UInt8(truncatingIfNeeded: now >> Int64(40 - 8 * position)) }
    bytes[6] = 0x70 | bytes[6] & 0x0F
    bytes[8] = 0x80 | bytes[8] & 0x3F
    var text = ""
    for (position, byte) in bytes.enumerated() {
        if [4, 6, 8, 10].contains(position) { text += "-" }
        text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    return text
}

/// Whether requests can be served, and why not.
final class Readiness: Sendable {
    private struct State {
        var isMigrated = false
        var isDraining = false
        var isOver = false
        var database: (fault: String?, at: Double)?
    }

    private let store: ReleaseStore
    private let mirror: ClusterMirror
    private let clock: @Sendable () -> Double
    private let state = NIOLockedValueBox(State())

    init(_ store: ReleaseStore, _ mirror: ClusterMirror, clock: @escaping @Sendable () -> Double) {
        self.store = store
        self.mirror = mirror
        self.clock = clock
    }

    func migrated() { state.withLockedValue { $0.isMigrated = true } }
    func drain() { state.withLockedValue { $0.isDraining = true } }
    func end() { state.withLockedValue { $0.isOver = true } }
    var isMigrated: Bool { state.withLockedValue { $0.isMigrated } }
    var isOver: Bool { state.withLockedValue { $0.isOver } }
    var isDraining: Bool { state.withLockedValue { $0.isDraining } }

    func faults() async -> [String] {
        let (isMigrated, isDraining, known) = state.withLockedValue {
            ($0.isMigrated, $0.isDraining, $0.database)
        }
        if isDraining { return ["the service is about to end"] }
        var faults: [String] = []
        if !isMigrated {
            faults.append("the database's tables are not up to date yet")
        } else if let known, clock() - known.at < 1 {
            // Probes come from many sides; one look a second is enough.
            if let fault = known.fault { faults.append(fault) }
        } else {
            var fault: String?
            do { try await store.ping() } catch { fault = "\(error)" }
            let found = (fault, clock())
            state.withLockedValue { $0.database = found }
            if let fault { faults.append(fault) }
        }
        if let trouble = mirror.trouble { faults.append("Kubernetes: \(trouble)") }
        return faults
    }
}
