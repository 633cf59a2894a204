import KubeAPI
import KubeRegistry
import KubeStore

/// Runs controllers, one key after the other: the deterministic core. It is told what changed and what time
/// it is, and hands each write to whoever drives it. The same calls give the same writes in the same order.
public struct ControllerEngine: Sendable {
    /// What became of one reconciliation.
    public struct Trace: Sendable, CustomStringConvertible {
        public let time: Timestamp
        public let controller: String
        public let key: String
        public let writes: [ControllerWrite]
        public let failure: String?
        /// Somebody else wrote in between; it is done again from what is there now.
        public var isConflict = false

        public init(
            time: Timestamp, controller: String, key: String, writes: [ControllerWrite], failure: String?,
            isConflict: Bool = false
        ) {
            self.time = time
            self.controller = controller
            self.key = key
            self.writes = writes
            self.failure = failure
            self.isConflict = isConflict
        }

        public var description: String {
            let head = "\(time.rfc3339) \(controller) \(key)"
            let lines = [head] + writes.map { "  \($0)" } + (failure.map { ["  failed: \($0)"] } ?? [])
            return lines.joined(separator: "\n")
        }
    }

    /// Makes a write; fails as the API would. One that has to wait for somebody outside fails with an error
    /// that `asksToWait` before it has changed anything: it is put off (``takePutOff()``), and so is its key.
    /// - Parameter account: in whose name.
    /// - Returns: the name of the object that was written.
    public typealias Apply = (ControllerWrite, _ account: String) throws(APIStatus) -> String

    public private(set) var controllers: [any Controller]
    public private(set) var view: ClusterView
    private var queue = WorkQueue()
    /// Keys of controllers that nobody waits for, while they are held back.
    private var heldBack: [WorkItem]?
    private var failures: [WorkItem: (count: Int, message: String)] = [:]
    private var counters: [ControllerMetrics]
    private var recorder = EventRecorder()
    /// Events are written when no key waits: a flood of them delays nothing that matters.
    private var unrecorded: [(event: RecordedEvent, account: String)] = []
    private var nextUnrecorded = 0
    /// As many are kept at most; client-go's broadcaster drops what is over 1,000.
    static let mostUnrecorded = 20_000
    private var putOff: [PutOffWrite] = []
    /// Keys of which a write is put off, and whether anything came up meanwhile that concerns them.
    private var waiting: [WorkItem: Bool] = [:]
    /// Whether an Event is put off: the next ones come after it.
    private var isRecordingPutOff = false
    /// Some were dropped since the last time that none waited: said once.
    private var isDropping = false
    /// What the driver is to report, besides what became of keys.
    private var notice: String?
    /// Seconds on any scale that only goes up, for latencies; a constant where none are wanted.
    private let stopwatch: @Sendable () -> Double

    public init(
        _ controllers: [any Controller], resources: ResourceCatalogue,
        stopwatch: @escaping @Sendable () -> Double = { 0 }
    ) {
        self.controllers = controllers
        self.stopwatch = stopwatch
        view = ClusterView(resources: resources)
        counters = controllers.map { ControllerMetrics(name: $0.name) }
    }

    /// Replaces the served resources.
    public mutating func serve(_ resources: ResourceCatalogue) { view.resources = resources }

    /// Takes a change in and notes the keys that it concerns.
    public mutating func observe(_ kind: Event.Kind, _ collection: CollectionID, _ object: StoredObject) {
        guard let event = view.apply(kind, collection, object) else { return }
        for index in controllers.indices {
            for key in controllers[index].keys(for: event, in: view) { add(index, key) }
        }
    }

    /// Notes a key that something outside the store concerns: a container that ended.
    public mutating func wake(_ controller: String, _ key: String) {
        guard let index = controllers.firstIndex(where: { $0.name == controller }) else { return }
        add(index, key)
    }

    /// Lets the controllers that nobody waits for rest.
    mutating func holdBack() { heldBack = [] }

    /// Lets them begin.
    mutating func letGo() {
        let items = heldBack ?? []
        heldBack = nil
        for item in items { add(item.controller, item.key) }
    }

    private mutating func add(_ controller: Int, _ key: String) {
        if heldBack != nil, !controllers[controller].isAwaited {
            heldBack?.append(WorkItem(controller: controller, key: key))
            return
        }
        if queue.add(WorkItem(controller: controller, key: key), at: stopwatch()) {
            counters[controller].adds += 1
        }
    }

    /// Whether nothing is to be done before `nextDue`.
    public var isIdle: Bool {
        queue.isIdle && (nextUnrecorded == unrecorded.count || isRecordingPutOff)
    }
    /// When a key is to be looked at again; nil when none is.
    public var nextDue: Timestamp? { queue.nextDue }

    public var metrics: [ControllerMetrics] {
        let depths = queue.depths(controllers.count)
        return counters.indices.map { index in
            var metrics = counters[index]
            metrics.depth = depths[index]
            return metrics
        }
    }

    /// Runs one key that is due. The driver observes what its writes changed before it steps again.
    /// - Returns: nil when nothing was due.
    public mutating func step(now: Timestamp, apply: Apply) -> Trace? {
        for item in queue.release(until: now, at: stopwatch()) { counters[item.controller].adds += 1 }
        var next = queue.next()
        while let (item, _) = next, waiting[item] != nil {
            waiting[item] = true
            next = queue.next()
        }
        guard let (item, since) = next else { return recordNext(now: now, apply: apply) }
        let (name, account) = (controllers[item.controller].name, controllers[item.controller].account)
        let start = stopwatch()
        counters[item.controller].waited.add(start - since)
        view.lastFailure = failures[item]?.message
        var made: [ControllerWrite] = []
        var failure: String?
        var isConflict = false
        var isPutOff = false
        do {
            let outcome = try controllers[item.controller].reconcile(item.key, view, now: now)
            for event in outcome.events { note(event, item.controller) }
            for write in outcome.writes {
                do {
                    let written = try apply(write, account)
                    if let event = write.onSuccess { note(event.filled(name: written), item.controller) }
                    counters[item.controller].writes += 1
                    made.append(write)
                } catch {
                    if error.asksToWait {
                        putOff.append(PutOffWrite(write: write, account: account, item: item))
                        waiting[item] = false
                        isPutOff = true
                        break
                    }
                    if write.isDone(inSpiteOf: error) { continue }
                    counters[item.controller].failedWrites += 1
                    if let event = write.onFailure {
                        note(event.filled(name: write.name, error: error.message), item.controller)
                    }
                    if failure == nil { isConflict = error.reason == "Conflict" }
                    failure = failure ?? error.message
                    if !write.letsOthersGoOn { break }
                }
            }
            if failure == nil, !isPutOff, let delay = outcome.requeueAfter {
                queue.add(item, due: now.adding(delay))
            }
        } catch let status as APIStatus {
            failure = status.message
        } catch {
            failure = "\(error)"
        }
        if !isPutOff { settle(item, failure, now) }
        counters[item.controller].worked.add(stopwatch() - start)
        return Trace(
            time: now, controller: name, key: item.key, writes: made, failure: failure,
            isConflict: isConflict)
    }

    private mutating func note(_ event: RecordedEvent, _ controller: Int) {
        guard unrecorded.count - nextUnrecorded < Self.mostUnrecorded else {
            counters[controller].droppedEvents += 1
            if !isDropping { notice = "\(Self.mostUnrecorded) Events wait: further ones are dropped" }
            isDropping = true
            return
        }
        unrecorded.append((event, controllers[controller].account))
    }

    /// What is to be reported since the last call.
    mutating func takeNotice(now: Timestamp) -> Trace? {
        guard let notice else { return nil }
        self.notice = nil
        return Trace(time: now, controller: "event-recorder", key: "", writes: [], failure: notice)
    }

    /// Writes some of the Events that came up: several, so that they share a transaction of the journal. One
    /// that is refused is not tried again: an Event is a courtesy.
    private mutating func recordNext(now: Timestamp, apply: Apply) -> Trace? {
        var made: [ControllerWrite] = []
        while made.count < Self.eventsAtOnce, nextUnrecorded < unrecorded.count, !isRecordingPutOff {
            let (event, account) = unrecorded[nextUnrecorded]
            nextUnrecorded += 1
            if nextUnrecorded == unrecorded.count {
                unrecorded.removeAll(keepingCapacity: nextUnrecorded < 1_024)
                nextUnrecorded = 0
                isDropping = false
            }
            guard let write = recorder.record(event, now: now) else { continue }
            do {
                _ = try apply(write, account)
                made.append(write)
            } catch {
                if error.asksToWait {
                    putOff.append(PutOffWrite(write: write, account: account, item: nil))
                    isRecordingPutOff = true
                    break
                }
                recorder.forget(name: write.name)
                // Nobody needs to hear of Events of a namespace that is going.
                if error.code == 404 || error.code == 403 { continue }
                return Trace(
                    time: now, controller: "event-recorder", key: write.name, writes: made,
                    failure: error.message)
            }
        }
        guard let first = made.first else { return nil }
        return Trace(time: now, controller: "event-recorder", key: first.name, writes: made, failure: nil)
    }

    private static let eventsAtOnce = 32

    // MARK: Writes that wait for somebody outside

    /// The writes that were put off since the last call: the driver makes each where it may wait, and says by
    /// ``finish(_:_:now:)`` what became of it. Meanwhile its key rests, and all others go on.
    mutating func takePutOff() -> [PutOffWrite] {
        defer { putOff = [] }
        return putOff
    }

    /// Goes on with a key from what is there now. The driver has observed what the write changed.
    mutating func finish(_ ended: PutOffWrite, _ result: Result<String, APIStatus>, now: Timestamp) -> Trace?
    {
        guard let item = ended.item else {
            isRecordingPutOff = false
            guard case .failure(let error) = result else { return nil }
            recorder.forget(name: ended.write.name)
            if error.code == 404 || error.code == 403 { return nil }
            return Trace(
                time: now, controller: "event-recorder", key: ended.write.name, writes: [],
                failure: error.message)
        }
        let isNew = waiting.removeValue(forKey: item) ?? false
        switch result {
        case .success(let name):
            if let event = ended.write.onSuccess { note(event.filled(name: name), item.controller) }
            counters[item.controller].writes += 1
            add(item.controller, item.key)
            return nil
        case .failure(let error) where ended.write.isDone(inSpiteOf: error):
            add(item.controller, item.key)
            return nil
        case .failure(let error):
            counters[item.controller].failedWrites += 1
            if let event = ended.write.onFailure {
                note(event.filled(name: ended.write.name, error: error.message), item.controller)
            }
            settle(item, error.message, now)
            if isNew { add(item.controller, item.key) }
            return Trace(
                time: now, controller: controllers[item.controller].name, key: item.key, writes: [],
                failure: error.message, isConflict: error.reason == "Conflict")
        }
    }

    /// Forgets earlier failures, or comes back later: after 5 ms at first and twice as long each time, up to
    /// 1,000 s (client-go's default rate limiter).
    private mutating func settle(_ item: WorkItem, _ failure: String?, _ now: Timestamp) {
        guard let failure else {
            failures[item] = nil
            return
        }
        let count = (failures[item]?.count ?? 0) + 1
        failures[item] = (count, failure)
        counters[item.controller].retries += 1
        let delay = min(1_000, 0.005 * Double(UInt64(1) << UInt64(min(count - 1, 40))))
        queue.add(item, due: now.adding(delay))
    }
}

extension RecordedEvent {
    fileprivate func filled(name: String, error: String = "") -> RecordedEvent {
        guard message.utf8.contains(UInt8(ascii: "{")) else { return self }
        var event = self
        event.message = event.message.replacing("{name}", with: name).replacing("{error}", with: error)
        return event
    }
}

extension ControllerWrite {
    /// Whether a failure leaves nothing to do: gone already is what a delete is for, and what makes a patch
    /// needless.
    func isDone(inSpiteOf error: APIStatus) -> Bool {
        if error.code == 404 {
            switch operation {
            case .delete, .patch, .evict: return true
            case .create, .update, .bind: break
            }
        }
        return error.reason == "AlreadyExists" && existingIsDone
    }
}
