import KubeClient
import KubeJSON
import Logging
import NIOConcurrencyHelpers

/// Drives the release machines of this replica: looks at workloads, stores what came of it, sends what is to be
/// sent, and takes over what other replicas left.
actor ReleaseDriver {
    struct Settings: Sendable {
        /// How long a replica that says nothing keeps its releases, in seconds.
        var lease = 15.0
        /// How long a sign of life in Redis counts, in seconds.
        var beat = 4.0
        var timing = ReleaseMachine.Timing()
    }

    private struct Moving {
        let task: Task<Void, Never>
        let inbox: Inbox
        let workload: String
    }

    /// What a release's task waits for.
    final class Inbox: Sendable {
        let wakes: AsyncStream<Void>
        private let continuation: AsyncStream<Void>.Continuation
        private let intent = NIOLockedValueBox<(ReleaseIntent, String)?>(nil)

        init() {
            (wakes, continuation) = AsyncStream.makeStream(
                of: Void.self, bufferingPolicy: .bufferingNewest(1))
        }

        func wake() { continuation.yield() }
        func end() { continuation.finish() }

        func ask(_ wanted: ReleaseIntent, by user: String) {
            intent.withLockedValue { if $0 == nil { $0 = (wanted, user) } }
            wake()
        }

        var asked: (ReleaseIntent, String)? { intent.withLockedValue { $0 } }
    }

    nonisolated let replica: String
    private let store: ReleaseStore
    private let mirror: ClusterMirror
    private let hub: EventHub
    private let redis: RedisLink?
    private let figures: ServiceFigures
    private let logger: Logger
    private let settings: Settings
    private let now: @Sendable () -> Int64
    private var moving: [String: Moving] = [:]
    /// Replicas that gave no sign of life in the last look.
    private var suspects: Set<String> = []
    /// Renewing and claiming that is under way.
    private var round: Task<ContinuousClock.Instant?, Never>?
    private var ending: Task<Void, Never>?
    private var isEnding = false

    init(
        replica: String, store: ReleaseStore, mirror: ClusterMirror, hub: EventHub, redis: RedisLink?,
        figures: ServiceFigures, settings: Settings, logger: Logger, now: @escaping @Sendable () -> Int64
    ) {
        self.replica = replica
        self.store = store
        self.mirror = mirror
        self.hub = hub
        self.redis = redis
        self.figures = figures
        self.settings = settings
        self.logger = logger
        self.now = now
    }

    nonisolated var lease: Int64 { Int64(settings.lease * 1000) }

    /// Renews leases and takes over releases until the task is cancelled, or the replica ends.
    func run() async {
        var lastRenewal = ContinuousClock.now
        while !Task.isCancelled, !isEnding {
            // A round is never abandoned half way: whoever ends waits for it, so that what it took is let go too.
            let began = lastRenewal
            let current = Task { await self.turn(after: began) }
            round = current
            if let renewed = await current.value { lastRenewal = renewed }
            round = nil
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// One round.
    /// - Returns: when leases were renewed; nil when they could not be.
    private func turn(after lastRenewal: ContinuousClock.Instant) async -> ContinuousClock.Instant? {
        var renewed: ContinuousClock.Instant?
        await redis?.beat(replica, milliseconds: Int(settings.beat * 1000))
        do {
            // The lease counts from before the question: the answer may take long.
            let now = ContinuousClock.now
            if !moving.isEmpty { try await renew() }
            renewed = now
            try await claim()
        } catch {
            logger.warning("the database is away: releases wait", metadata: ["error": "\(error)"])
            // Others may have taken over what was not renewed; what is stored meanwhile would be refused.
            if (ContinuousClock.now - (renewed ?? lastRenewal)) / .seconds(1) > settings.lease {
                await dropAll()
            }
        }
        figures.active(moving.count)
        return renewed
    }

    /// Stops moving releases and gives them to others, once.
    func end() async {
        let task = ending ?? Task { await self.letAllGo() }
        ending = task
        await task.value
    }

    private func letAllGo() async {
        isEnding = true
        // What a round under way claims would be this replica's again after it has let go.
        _ = await round?.value
        await dropAll()
        do {
            try await store.letGo(owner: replica)
        } catch {
            logger.warning("releases could not be handed over", metadata: ["error": "\(error)"])
        }
        await redis?.leave(replica)
    }

    private func dropAll() async {
        let all = moving.values
        moving = [:]
        for one in all {
            one.task.cancel()
            one.inbox.end()
        }
        for one in all { await one.task.value }
    }

    private func renew() async throws {
        let names = moving.keys.sorted()
        let held = try await store.renew(names, owner: replica, lease: lease)
        // What began meanwhile was not asked about.
        for (id, one) in moving where names.contains(id) {
            guard let asked = held[id] else {
                // Over, or another replica's.
                one.task.cancel()
                one.inbox.end()
                moving[id] = nil
                continue
            }
            if let asked { one.inbox.ask(asked.0, by: asked.1) }
        }
    }

    private func claim() async throws {
        guard !isEnding else { return }
        let dead = await silentReplicas()
        let holding = Set(moving.keys)
        for held in try await store.claim(owner: replica, holding: holding, lease: lease, dead: dead) {
            logger.info(
                "took over a release", metadata: ["release": "\(held.release.id)", "fence": "\(held.fence)"])
            start(held, isTakenOver: true)
        }
    }

    /// Replicas that own releases and whose sign of life in Redis was missing twice in a row. Redis itself must
    /// have been there for longer than a sign counts: a fresh one knows nobody. A wrong guess does no harm, the
    /// fence decides who may store.
    private func silentReplicas() async -> [String] {
        guard let redis, let upFor = redis.upFor, upFor > settings.beat + 2 else {
            suspects = []
            return []
        }
        guard let owners = try? await store.otherOwners(than: replica),
            let silent = await redis.silent(among: owners)
        else { return [] }
        defer { suspects = Set(silent) }
        return silent.filter(suspects.contains)
    }

    /// Moves a release that this replica holds.
    func start(_ held: HeldRelease, isTakenOver: Bool = false) {
        let id = held.release.id
        guard moving[id] == nil, !isEnding else { return }
        let inbox = Inbox()
        if let asked = held.asked { inbox.ask(asked.intent, by: asked.by) }
        let task = Task {
            await self.move(held, inbox, isTakenOver: isTakenOver)
            self.ended(id, inbox)
        }
        moving[id] = Moving(task: task, inbox: inbox, workload: held.release.workload)
        figures.active(moving.count)
    }

    private func ended(_ id: String, _ inbox: Inbox) {
        if moving[id]?.inbox === inbox { moving[id] = nil }
        figures.active(moving.count)
    }

    /// A workload may look different now; nil for all.
    func changed(_ workload: String?) {
        for one in moving.values where workload == nil || one.workload == workload { one.inbox.wake() }
    }

    /// Somebody asked for something; when another replica has the release, it learns of it with its next renewal.
    func asked(_ intent: ReleaseIntent, of id: String, by user: String) {
        moving[id]?.inbox.ask(intent, by: user)
    }

    // MARK: One release

    private nonisolated func move(_ held: HeldRelease, _ inbox: Inbox, isTakenOver: Bool) async {
        var logger = logger
        logger[metadataKey: "release"] = "\(held.release.id)"
        logger[metadataKey: "workload"] = "\(held.release.workload)"
        var machine = ReleaseMachine(held.release, replica: replica, timing: settings.timing)
        if isTakenOver { machine.takeOver(now: now()) }
        var stored = machine.release
        var wakes = inbox.wakes.makeAsyncIterator()
        while !Task.isCancelled {
            var pause = settings.timing.interval
            if let (intent, by) = inbox.asked, machine.release.intent == nil {
                _ = machine.handle(.asked(intent, by: by), now: now())
            }
            do {
                let observation = try await look(at: machine.release)
                var commands = machine.handle(.observed(observation), now: now())
                while true {
                    guard try await persist(&machine, &stored, fence: held.fence, logger) else { return }
                    guard machine.release.state.isActive else {
                        figures.finished(machine.release.state)
                        logger.info(
                            "release ended",
                            metadata: [
                                "outcome": "\(machine.release.state.rawValue)",
                                "why": "\(machine.release.message)",
                            ])
                        return
                    }
                    var following: [ReleaseCommand]?
                    for command in commands {
                        switch command {
                        case .look(let after): pause = after
                        case .send(let patch):
                            let input = await send(patch, of: machine.release)
                            following = machine.handle(input, now: now())
                        }
                    }
                    guard let following else { break }
                    commands = following
                }
            } catch is CancellationError {
                return
            } catch {
                logger.info("the release waits", metadata: ["error": "\(error)"])
                pause = 1
            }
            if pause <= 0 { continue }
            let timer = Task {
                try await Task.sleep(for: .seconds(pause))
                inbox.wake()
            }
            let isOver = await wakes.next() == nil
            timer.cancel()
            if isOver { return }
        }
    }

    private nonisolated func look(at release: Release) async throws -> WorkloadObservation? {
        switch release.state {
        case .progressing, .restoring:
            // A mirror that is not there yet, or stale, would take a workload for gone.
            if mirror.trouble == nil, let observation = mirror.observation(of: release.workload) {
                return observation
            }
        default: break
        }
        do {
            let object = try await mirror.client.get(
                .deployments, release.workload, namespace: release.namespace)
            guard let observation = WorkloadObservation(deployment: object) else {
                throw ClientError.malformed("a Deployment without a template")
            }
            return observation
        } catch let error as ClientError where error.isNotFound {
            return nil
        }
    }

    private nonisolated func send(_ patch: JSON, of release: Release) async -> ReleaseInput {
        do {
            let object = try await mirror.client.patch(
                .deployments, release.workload, .json, patch, namespace: release.namespace,
                fieldManager: "aegis-api")
            guard let observation = WorkloadObservation(deployment: object) else {
                return .notSent(.unknown("a Deployment without a template"))
            }
            return .sent(observation)
        } catch let error as ClientError {
            switch error.code {
            case 409: return .notSent(.conflict)
            // Too many requests, or who we are was in doubt for a moment.
            case 401, 408, 429: return .notSent(.unknown(error.description))
            case let code? where code < 500: return .notSent(.refused(error.description))
            default: return .notSent(.unknown(error.description))
            }
        } catch {
            return .notSent(.unknown("\(error)"))
        }
    }

    /// Stores the release if there is something to store.
    /// - Returns: false when this replica no longer holds it.
    private nonisolated func persist(
        _ machine: inout ReleaseMachine, _ stored: inout Release, fence: Int64, _ logger: Logger
    ) async throws -> Bool {
        let release = machine.release
        let steps = machine.pendingSteps
        // Time that was watched is stored now and then, everything else at once.
        guard !steps.isEmpty || release.differs(from: stored, byMoreThan: 5_000) else { return true }
        while true {
            do {
                guard let (version, events) = try await store.save(release, fence: fence, steps: steps) else {
                    logger.info("another replica has the release now")
                    return false
                }
                machine.stored(version: version)
                await announce(events)
            } catch let error as DatabaseError where error.isTransient {
                logger.warning("the release cannot be stored", metadata: ["error": "\(error)"])
                try await Task.sleep(for: .milliseconds(500))
                guard case .uncertain = error else { continue }
                // Only who holds the fence saves: one version more is what we saved.
                while true {
                    do {
                        if let (found, _) = try await store.release(release.id) {
                            guard found.version == release.version + 1 else { break }
                            machine.stored(version: found.version)
                            break
                        }
                        return false
                    } catch let error as DatabaseError where error.isTransient {
                        try await Task.sleep(for: .milliseconds(500))
                    }
                }
                if machine.release.version == release.version { continue }
            }
            machine.clearSteps(steps.count)
            stored = machine.release
            return true
        }
    }

    /// Tells everybody who follows, on this replica and the others.
    nonisolated func announce(_ events: [ReleaseEvent]) async {
        guard !events.isEmpty else { return }
        await hub.offer(events)
        for event in events { await redis?.publish(JSONWriter.string(event.publishable)) }
    }
}
