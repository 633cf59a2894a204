import Dispatch
import KubeAPI
import KubeRegistry
import KubeStore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Feeds an engine from a registry's store and writes through the registry: in real time on a queue of its
/// own once started, or pumped by hand at whatever time the caller says.
public final class ControllerLoop: Sendable {
    /// What controllers failed at; for a log.
    public typealias Report = @Sendable (ControllerEngine.Trace) -> Void

    /// Says of a write that it fails and how, or nil; for tests of what controllers make of it.
    public typealias Refusal = @Sendable (ControllerWrite, _ account: String) -> APIStatus?

    private struct Change: Sendable {
        let kind: Event.Kind
        let collection: CollectionID
        let object: StoredObject
    }

    /// A write that was put off, and what became of it.
    private struct Ended: Sendable {
        let write: PutOffWrite
        let result: Result<String, APIStatus>
        /// Of what it wrote.
        let revision: UInt64
    }

    /// Writes that wait for somebody outside: a few at a time, the others after them.
    private struct PutOff: Sendable {
        static let atOnce = 8
        var running = 0
        var queue: [PutOffWrite] = []
    }

    private struct Inbox: Sendable {
        var changes: [Change] = []
        var woken: [(controller: String, key: String)] = []
        var ended: [Ended] = []
        var isScheduled = false
        var isRunning = false
        var isStopped = false
        var wakeUp: Timestamp?
        /// Until then only what its own writes make needful is taken in.
        var heldUntil: Timestamp?

        mutating func take(upTo revision: UInt64) -> [Change] {
            var later: [Change] = []
            if heldUntil != nil {
                let end = changes.firstIndex { $0.object.revision > revision } ?? changes.count
                later = Array(changes[end...])
                changes.removeSubrange(end...)
            }
            defer { changes = later }
            return changes
        }

        /// Whether a run is to be put into the queue now, for none is.
        mutating func schedules() -> Bool {
            guard isRunning, !isScheduled else { return false }
            isScheduled = true
            return true
        }
    }

    private let registry: Registry
    private let writer: RegistryWriter
    private let report: Report
    private let engine: Mutex<ControllerEngine>
    private let inbox = Mutex(Inbox())
    private let watch = Mutex<Watch?>(nil)
    private let published: Mutex<[ControllerMetrics]>
    private let generation = Mutex(-1)
    /// In a struct: a bare function in a Mutex is wrapped anew each time that it is read.
    private struct Rule: Sendable {
        let refusal: Refusal?
    }
    private let rule = Mutex(Rule(refusal: nil))
    private let queue = DispatchQueue(label: "aegis.controllers", qos: .userInitiated)
    private let putOff = Mutex(PutOff())
    private let waitingQueue = DispatchQueue(label: "aegis.controllers.waiting", attributes: .concurrent)

    /// - Parameter stopwatch: seconds for latencies; a constant keeps metrics the same on every run.
    public init(
        _ controllers: [any Controller], registry: Registry,
        stopwatch: @escaping @Sendable () -> Double = ControllerLoop.monotonicSeconds,
        report: @escaping Report = { _ in }
    ) throws(StoreError) {
        self.registry = registry
        self.report = report
        writer = RegistryWriter(registry: registry)
        let engine = ControllerEngine(controllers, resources: registry.resources, stopwatch: stopwatch)
        published = Mutex(engine.metrics)
        self.engine = Mutex(engine)
        try load()
    }

    /// Every object that is there now, and from then on every change.
    private func load() throws(StoreError) {
        let store = registry.store
        let revision = store.revision
        for (collection, _) in store.counts {
            let objects = store.snapshot(collection).page().items
            inbox.withLock { inbox in
                inbox.changes += objects.map { Change(kind: .added, collection: collection, object: $0) }
            }
        }
        // What the snapshots have already is seen to be old by its revision.
        let watch = try store.watch(nil, from: revision) { [weak self] events in self?.receive(events) }
        self.watch.withLock { $0 = watch }
    }

    /// Has a controller look at a key though nothing changed in the store: a container of the pod ended, say.
    /// From any thread.
    public func wake(_ controller: String, _ key: String) {
        let wakes = inbox.withLock { inbox in
            inbox.woken.append((controller, key))
            return inbox.schedules()
        }
        guard wakes else { return }
        queue.async { [weak self] in self?.run() }
    }

    private func receive(_ events: [Event]) {
        let wakes = inbox.withLock { inbox in
            for event in events {
                inbox.changes.append(
                    Change(kind: event.kind, collection: event.collection, object: event.object))
            }
            return inbox.schedules()
        }
        guard wakes else { return }
        queue.async { [weak self] in
            // Clients write in bursts: one awakening for what comes within a millisecond costs the server
            // less than one for each write.
            usleep(1_000)
            self?.run()
        }
    }

    // MARK: By hand

    /// Takes in what changed and runs every key that is due, until nothing is left to do at this time.
    /// - Parameters:
    ///   - limit: the most keys to run, so that controllers that undo each other's work do not go on forever.
    ///   - trace: is told of each reconciliation.
    /// - Returns: when to come again; nil when only a change gives work.
    @discardableResult
    public func pump(
        now: Timestamp, limit: Int = .max, trace: (ControllerEngine.Trace) -> Void = { _ in }
    ) -> Timestamp? {
        let held = inbox.withLock { inbox in
            if let until = inbox.heldUntil, until <= now { inbox.heldUntil = nil }
            return inbox.heldUntil
        }
        let refusal = rule.withLock { $0.refusal }
        return engine.withLock { engine in
            var written: UInt64 = 0
            for _ in 0..<limit {
                takeIn(&engine, upTo: written, now: now)
                let step = engine.step(now: now) { write, account throws(APIStatus) in
                    if let failure = refusal?(write, account) { throw failure }
                    guard let object = try writer.apply(write, account) else { return write.name }
                    if let revision = object.revision { written = max(written, revision) }
                    return write.name.isEmpty ? object.value.name : write.name
                }
                guard let step else {
                    // The last Event may have been put off.
                    for write in engine.takePutOff() { makeLater(write) }
                    break
                }
                for write in engine.takePutOff() { makeLater(write) }
                if step.failure != nil { report(step) }
                if let notice = engine.takeNotice(now: now) { report(notice) }
                trace(step)
            }
            let metrics = engine.metrics
            published.withLock { $0 = metrics }
            guard engine.isIdle else { return now }
            guard let held else { return engine.nextDue }
            return min(engine.nextDue ?? held, held)
        }
    }

    /// Whether something changed that the next pump takes in.
    public var hasNews: Bool {
        inbox.withLock {
            ($0.heldUntil == nil && !$0.changes.isEmpty) || !$0.woken.isEmpty || !$0.ended.isEmpty
        }
    }

    /// Keeps from the controllers what others change until a time, as a watch does that is slow. What they
    /// write themselves they see, and so all that came before it.
    public func hold(until time: Timestamp) { inbox.withLock { $0.heldUntil = time } }

    /// Asked before each write.
    public func refuse(_ refusal: Refusal?) { rule.withLock { $0 = Rule(refusal: refusal) } }

    /// The cluster as the controllers know it. Not from within `trace`.
    public var view: ClusterView { engine.withLock { $0.view } }

    /// Brings the engine's view up to date, with at least a revision that it wrote itself: a controller that
    /// does not see its own last write would make it again.
    private func takeIn(_ engine: inout ControllerEngine, upTo revision: UInt64, now: Timestamp) {
        let ended = inbox.withLock { inbox in
            defer { inbox.ended = [] }
            return inbox.ended
        }
        observeUp(&engine, to: ended.reduce(revision) { max($0, $1.revision) })
        for one in ended {
            if let trace = engine.finish(one.write, one.result, now: now) { report(trace) }
        }
    }

    private func observeUp(_ engine: inout ControllerEngine, to revision: UInt64) {
        let (resources, number) = registry.served
        let isNew = generation.withLock { generation in
            defer { generation = number }
            return generation != number
        }
        if isNew { engine.serve(resources) }
        while true {
            // What one key wrote goes into the journal in one transaction. While it does not take it nothing
            // goes on here, and is tried again.
            do { try registry.store.flush() } catch { usleep(100_000) }
            let (changes, woken) = inbox.withLock { inbox in
                let changes = inbox.take(upTo: revision)
                defer { inbox.woken = [] }
                return (changes, inbox.woken)
            }
            for item in woken { engine.wake(item.controller, item.key) }
            for change in changes { engine.observe(change.kind, change.collection, change.object) }
            if engine.view.revision >= revision || inbox.withLock({ $0.isStopped }) { return }
            // Another thread is delivering, ours among what it has.
            usleep(20)
        }
    }

    // MARK: Writes that wait

    private func makeLater(_ write: PutOffWrite) {
        let starts = putOff.withLock { putOff in
            guard putOff.running < PutOff.atOnce else {
                putOff.queue.append(write)
                return false
            }
            putOff.running += 1
            return true
        }
        if starts { waitingQueue.async { [weak self] in self?.makeWaiting(write) } }
    }

    private func makeWaiting(_ first: PutOffWrite) {
        var next: PutOffWrite? = first
        while let write = next {
            var revision: UInt64 = 0
            let result: Result<String, APIStatus>
            do throws(APIStatus) {
                let object = try writer.apply(write.write, write.account, mayWait: true)
                revision = object?.revision ?? 0
                let name = write.write.name
                result = .success(name.isEmpty ? object?.value.name ?? "" : name)
            } catch {
                result = .failure(error)
            }
            let ended = Ended(write: write, result: result, revision: revision)
            let wakes = inbox.withLock { inbox in
                inbox.ended.append(ended)
                return inbox.schedules()
            }
            if wakes { queue.async { [weak self] in self?.run() } }
            next = putOff.withLock { putOff in
                if putOff.queue.isEmpty || inbox.withLock({ $0.isStopped }) {
                    putOff.running -= 1
                    return nil
                }
                return putOff.queue.removeFirst()
            }
        }
    }

    // MARK: In real time

    /// Runs what is due now before it returns, but for controllers that nobody waits for, and everything
    /// later on a queue of its own.
    public func start() {
        inbox.withLock {
            $0.isRunning = true
            $0.isScheduled = true
        }
        engine.withLock { $0.holdBack() }
        queue.sync { run() }
        queue.async { [weak self] in self?.letGo() }
    }

    private func letGo() {
        engine.withLock { $0.letGo() }
        if inbox.withLock({ $0.schedules() }) { run() }
    }

    /// Returns when no controller runs any more.
    public func stop() {
        inbox.withLock {
            $0.isRunning = false
            $0.isStopped = true
        }
        watch.withLock { watch in
            watch?.cancel()
            watch = nil
        }
        queue.sync {}
    }

    private func run() {
        guard inbox.withLock({ $0.isRunning }) else { return }
        // In slices, so that stopping does not wait for all there is to do.
        let due = pump(now: Self.now(), limit: 1_000)
        let delay = due.map { $0.since(Self.now()) }
        let next = inbox.withLock { inbox -> Next in
            guard inbox.isRunning else { return .nothing }
            if !inbox.changes.isEmpty || !inbox.woken.isEmpty || !inbox.ended.isEmpty { return .again }
            if let delay, delay <= 0 { return .again }
            inbox.isScheduled = false
            guard let due, let delay else { return .nothing }
            // One timer for the earliest time is enough.
            if let set = inbox.wakeUp, set <= due { return .nothing }
            inbox.wakeUp = due
            return .after(delay)
        }
        switch next {
        case .nothing: break
        case .again: queue.async { [weak self] in self?.run() }
        case .after(let delay): queue.asyncAfter(deadline: .now() + delay) { [weak self] in self?.timeCame() }
        }
    }

    private enum Next {
        case nothing
        case again
        case after(Double)
    }

    private func timeCame() {
        let runs = inbox.withLock { inbox in
            inbox.wakeUp = nil
            defer { inbox.isScheduled = true }
            return !inbox.isScheduled
        }
        if runs { run() }
    }

    private static func now() -> Timestamp {
        let time = RegistryEnvironment.system.now()
        return Timestamp(seconds: time.seconds, nanoseconds: Int32(time.nanoseconds))
    }

    public static let monotonicSeconds: @Sendable () -> Double = {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// As they stood after the last run.
    public var metrics: [ControllerMetrics] { published.withLock { $0 } }
    public var metricsText: String { ControllerMetrics.text(metrics) }
}
