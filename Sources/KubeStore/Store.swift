import Dispatch

/// One change to make.
public enum Write: Sendable {
    case create(CollectionID, key: String, EncodedObject)
    /// Without an expected revision the object is replaced whatever it is.
    case update(CollectionID, key: String, EncodedObject, expected: UInt64?)
    /// The final object, where it differs from the stored one, is what the DELETED event carries.
    case delete(CollectionID, key: String, expected: UInt64?, final: EncodedObject?)
}

/// Objects in ordered collections under one revision, with their recent past.
///
/// There is one writer at a time. Readers take a snapshot and hold no lock while they read. A write is
/// seen by readers and watchers as soon as it is in the journal, that is with the kernel; under
/// `Durability.full` this may be before it is on the disk, so a write that nobody was told had succeeded
/// may be seen and yet be lost with the power. `whenDurable` says when a write is safe to acknowledge.
public final class Store: @unchecked Sendable {
    private let lock = Lock()
    private let journal: (any Journal)?
    private let durability: Durability
    private let limits: HistoryLimits
    private let trees: TreeCache

    // Everything below is touched under the lock only.
    private var current: UInt64 = 1
    private var collections: [CollectionID: CollectionState] = [:]
    private var history = EventQueue()
    private var historyBytes = 0
    private var floor: UInt64 = 0
    /// What earlier runs forgot: the past of a collection that this one has not touched begins here.
    private var initialFloor: UInt64 = 0
    /// The oldest revision that is shown.
    private var compacted: UInt64 = 0
    private var superseded: [UInt64] = []
    private var maintaining = false
    private var failure: StoreError?
    /// Deferred writes that the journal does not have yet. Nobody but the writers themselves may see them:
    /// what reads or tells flushes first.
    private var unwritten: [JournalRecord] = []
    private var watchAll: [Watch] = []
    private var nextWatch: UInt64 = 0
    private var outbox: [(watches: [Watch], events: [Event])] = []
    private var delivering = false
    private var waiting: [(revision: UInt64, completion: @Sendable (StoreError?) -> Void)] = []
    private var durable: UInt64 = 0
    private var syncing = false

    private let syncQueue = DispatchQueue(label: "aegis.store.sync")
    private let maintenanceQueue = DispatchQueue(label: "aegis.store.maintenance", qos: .utility)

    /// - Parameter journal: nil keeps everything in memory only.
    init(
        journal: (any Journal)?, durability: Durability = .process,
        limits: HistoryLimits = HistoryLimits()
    ) throws(StoreError) {
        self.journal = journal
        self.durability = durability
        self.limits = limits
        trees = TreeCache(limit: limits.parsedBytes)
        guard let journal else { return }
        var pending: [JournalRecord] = []
        let floor = try journal.load(trees) { pending.append($0) }
        self.floor = floor
        initialFloor = floor
        current = max(1, floor)
        for record in pending { restore(record) }
        durable = current
        trimHistory()
    }

    /// A store in memory only.
    public convenience init(limits: HistoryLimits = HistoryLimits()) throws(StoreError) {
        try self.init(journal: nil, limits: limits)
    }

    /// Opens, or makes, the store of a directory.
    public convenience init(
        directory: String, durability: Durability = .process, limits: HistoryLimits = HistoryLimits()
    ) throws(StoreError) {
        try self.init(
            journal: SQLiteJournal(directory: directory, durability: durability), durability: durability,
            limits: limits)
    }

    private func restore(_ record: JournalRecord) {
        let state = state(of: record.collection)
        let object = record.object
        let previous =
            record.kind == .deleted
            ? state.objects.removeValue(for: object.key)
            : state.objects.insert(object, for: object.key, tag: object.labelBits)
        current = max(current, object.revision)
        guard object.revision > floor else {
            // An earlier run ended before it had removed these.
            if let previous { superseded.append(previous.revision) }
            if record.kind == .deleted { superseded.append(object.revision) }
            return
        }
        remember(
            Event(kind: record.kind, collection: record.collection, object: object, previous: previous),
            in: state)
    }

    private func state(of collection: CollectionID) -> CollectionState {
        if let state = collections[collection] { return state }
        let state = CollectionState(lost: initialFloor)
        collections[collection] = state
        return state
    }

    // MARK: Writing

    /// Makes all changes, at consecutive revisions, or none.
    /// - Parameter isDeferred: the journal may get them later, together with others. The caller calls `flush`
    ///   soon, and tells nobody before that; watchers hear of them, and readers find them, only then.
    /// - Returns: the event of each write.
    @discardableResult
    public func commit(_ writes: [Write], isDeferred: Bool = false) throws(StoreError) -> [Event] {
        lock.lock()
        let events: [Event]
        do {
            events = try commitLocked(writes, isDeferred)
        } catch {
            lock.unlock()
            throw error
        }
        lock.unlock()
        if !isDeferred { deliverOutbox() }
        return events
    }

    /// Brings deferred writes into the journal, in one transaction, and tells the watchers of them.
    /// - Throws: why the journal does not take them; they are kept, and the next flush or write tries again.
    public func flush() throws(StoreError) {
        try lock.withLock { () throws(StoreError) in try flushLocked() }
        deliverOutbox()
    }

    /// The last revision that the journal has.
    private var written: UInt64 { unwritten.first.map { $0.object.revision - 1 } ?? current }

    private func flushLocked() throws(StoreError) {
        if unwritten.isEmpty { return }
        try write([])
    }

    /// Brings records into the journal behind those that wait.
    private func write(_ records: [JournalRecord]) throws(StoreError) {
        guard let journal else { return }
        if let failure {
            if case .diskFull = failure { self.failure = nil } else { throw failure }
        }
        do {
            try journal.append(unwritten.isEmpty ? records : unwritten + records)
        } catch {
            failure = error
            throw error
        }
        unwritten.removeAll(keepingCapacity: true)
    }

    private func commitLocked(_ writes: [Write], _ isDeferred: Bool) throws(StoreError) -> [Event] {
        if let failure {
            if case .diskFull = failure { self.failure = nil } else { throw failure }
        }
        struct Place: Hashable {
            let collection: CollectionID
            let key: String
        }
        var overlay: [Place: StoredObject?] = [:]
        var events: [Event] = []
        events.reserveCapacity(writes.count)
        var revision = current
        for write in writes {
            revision += 1
            let event: Event
            func present(_ collection: CollectionID, _ key: String) -> StoredObject? {
                if writes.count > 1, let staged = overlay[Place(collection: collection, key: key)] {
                    return staged
                }
                return collections[collection]?.objects[key]
            }
            func expect(_ expected: UInt64?, _ collection: CollectionID, _ key: String) throws(StoreError)
                -> StoredObject
            {
                guard let present = present(collection, key) else { throw .notFound }
                if let expected, present.revision != expected { throw .conflict(present) }
                return present
            }
            switch write {
            case .create(let collection, let key, let object):
                if let present = present(collection, key) { throw .alreadyExists(present) }
                event = Event(
                    kind: .added, collection: collection,
                    object: object.stored(
                        key: key, revision: revision, createRevision: revision, cache: trees),
                    previous: nil)
            case .update(let collection, let key, let object, let expected):
                let old = try expect(expected, collection, key)
                event = Event(
                    kind: .modified, collection: collection,
                    object: object.stored(
                        key: key, revision: revision, createRevision: old.createRevision, cache: trees),
                    previous: old)
            case .delete(let collection, let key, let expected, let final):
                let old = try expect(expected, collection, key)
                event = Event(
                    kind: .deleted, collection: collection,
                    object: (final ?? old.encodedAgain())
                        .stored(
                            key: key, revision: revision, createRevision: old.createRevision, cache: trees),
                    previous: old)
            }
            if writes.count > 1 {
                overlay[Place(collection: event.collection, key: event.object.key)] =
                    .some(event.kind == .deleted ? nil : event.object)
            }
            events.append(event)
        }
        if journal != nil {
            let records = events.map {
                JournalRecord(kind: $0.kind, collection: $0.collection, object: $0.object)
            }
            if isDeferred, unwritten.count + records.count < Self.mostUnwritten {
                unwritten += records
            } else {
                try write(records)
            }
        }
        current = revision
        for event in events {
            let state = state(of: event.collection)
            if event.kind == .deleted {
                state.objects.removeValue(for: event.object.key)
            } else {
                state.objects.insert(
                    event.object, for: event.object.key, tag: event.object.labelBits)
            }
            remember(event, in: state)
        }
        post(events)
        trimHistory()
        return events
    }

    private static let mostUnwritten = 256

    @discardableResult
    public func create(_ collection: CollectionID, key: String, _ object: EncodedObject) throws(StoreError)
        -> StoredObject
    {
        try one(.create(collection, key: key, object))
    }

    @discardableResult
    public func update(
        _ collection: CollectionID, key: String, _ object: EncodedObject, expected: UInt64?
    ) throws(StoreError) -> StoredObject {
        try one(.update(collection, key: key, object, expected: expected))
    }

    /// - Returns: the last object, with the deletion's revision.
    @discardableResult
    public func delete(
        _ collection: CollectionID, key: String, expected: UInt64? = nil, final: EncodedObject? = nil
    ) throws(StoreError) -> StoredObject {
        try one(.delete(collection, key: key, expected: expected, final: final))
    }

    private func one(_ write: Write) throws(StoreError) -> StoredObject {
        guard let event = try commit([write]).first else { throw .notFound }
        return event.object
    }

    /// Calls back when all writes up to a revision survive what the durability promises: at once under
    /// `.process` or in memory, otherwise on a thread of the store's.
    public func whenDurable(_ revision: UInt64, _ completion: @escaping @Sendable (StoreError?) -> Void) {
        guard let journal, durability == .full else { return completion(nil) }
        let (safe, failure): (Bool, StoreError?) = lock.withLock {
            if durable >= revision { return (true, nil) }
            if case .readOnly = self.failure { return (false, self.failure) }
            waiting.append((revision, completion))
            if !syncing {
                syncing = true
                syncQueue.async { self.syncLoop(journal) }
            }
            return (false, nil)
        }
        if safe { completion(nil) } else if let failure { completion(failure) }
    }

    private func syncLoop(_ journal: any Journal) {
        while true {
            let batch = lock.withLock { () -> (UInt64, [(UInt64, @Sendable (StoreError?) -> Void)])? in
                guard !waiting.isEmpty else {
                    syncing = false
                    return nil
                }
                defer { waiting = [] }
                return (written, waiting.map { ($0.revision, $0.completion) })
            }
            guard let (reached, waiters) = batch else { return }
            var result: StoreError?
            do { try journal.sync() } catch { result = error }
            lock.withLock {
                if let result {
                    failure = .readOnly(reason: "\(result)")
                } else {
                    durable = max(durable, reached)
                }
            }
            for (_, completion) in waiters { completion(result) }
        }
    }

    // MARK: Reading

    public var revision: UInt64 {
        lock.withLock {
            flushToRead()
            return current
        }
    }

    /// Before anybody is told what is there. While the journal takes nothing, readers may see deferred writes
    /// that a crash would lose; better than no answer.
    private func flushToRead() {
        if !unwritten.isEmpty { try? flushLocked() }
    }

    /// How many objects each collection holds.
    public var counts: [(collection: CollectionID, count: Int)] {
        lock.withLock { collections.map { ($0.key, $0.value.objects.count) } }
            .sorted { $0.0.description < $1.0.description }
    }

    /// The revision of the last change in any of some collections since the store was opened; 0 when nothing
    /// changed. What was derived from them at a revision is good while this does not go above it.
    public func lastChange(in some: [CollectionID]) -> UInt64 {
        lock.withLock { some.reduce(0) { max($0, collections[$1]?.changed ?? 0) } }
    }

    /// Why writes fail, if they do.
    public var writeFailure: StoreError? { lock.withLock { failure } }

    /// - Parameter isDeferred: on the way to a deferred write: nobody is told of the object before the flush.
    public func get(_ collection: CollectionID, key: String, isDeferred: Bool = false) -> StoredObject? {
        // The copy keeps the nodes of this tree as they are after the lock is let go.
        let objects = lock.withLock { () -> PersistentSortedMap<StoredObject>? in
            guard let state = collections[collection] else { return nil }
            if !isDeferred, state.changed > written { flushToRead() }
            return state.objects
        }
        return objects?[key]
    }

    /// The collection as it is now.
    public func snapshot(_ collection: CollectionID) -> Snapshot {
        lock.withLock { snapshotLocked(collection) }
    }

    private func snapshotLocked(_ collection: CollectionID) -> Snapshot {
        flushToRead()
        return Snapshot(
            revision: current, objects: collections[collection]?.objects ?? PersistentSortedMap())
    }

    /// No collection is shown as it was before a revision any more, also one that has not changed since:
    /// clients that page through a list rely on its token's coming to an end. Watches are not concerned.
    public func compact(to revision: UInt64) {
        lock.withLock { compacted = max(compacted, min(revision, current)) }
    }

    /// The collection as it was at a revision.
    /// - Throws: `.expired` or `.tooLarge`.
    public func snapshot(_ collection: CollectionID, at revision: UInt64) throws(StoreError) -> Snapshot {
        let (now, events) = try lock.withLock { () throws(StoreError) -> (Snapshot, [Event]) in
            if revision < compacted { throw .expired(oldest: compacted) }
            return (snapshotLocked(collection), try eventsLocked(collection, after: revision))
        }
        var objects = now.objects
        for event in events.reversed() {
            if let previous = event.previous {
                objects.insert(previous, for: previous.key, tag: previous.labelBits)
            } else {
                objects.removeValue(for: event.object.key)
            }
        }
        return Snapshot(revision: revision, objects: objects)
    }

    private func eventsLocked(_ collection: CollectionID?, after revision: UInt64) throws(StoreError)
        -> [Event]
    {
        flushToRead()
        if revision > current { throw .tooLarge(current: current) }
        guard let collection else {
            if revision < floor { throw .expired(oldest: floor) }
            return history.after(revision)
        }
        guard let state = collections[collection] else {
            if revision < initialFloor { throw .expired(oldest: initialFloor) }
            return []
        }
        if revision < state.lost { throw .expired(oldest: state.lost) }
        return state.history.after(revision)
    }

    // MARK: Watching

    /// Calls the sink with every event above a revision, in order, each once. Calls never overlap; they
    /// hold no lock, and may come from any thread that writes, so the sink must be quick.
    /// - Parameters:
    ///   - collection: nil for all of them, in the order of the revisions.
    ///   - prefix: of the keys, "namespace/" or empty.
    /// - Throws: `.expired` or `.tooLarge`.
    public func watch(
        _ collection: CollectionID?, prefix: String = "", from revision: UInt64,
        _ sink: @escaping @Sendable ([Event]) -> Void
    ) throws(StoreError) -> Watch {
        let watch = try lock.withLock { () throws(StoreError) -> Watch in
            let missed = try eventsLocked(collection, after: revision)
            let watch = attach(collection, prefix, sink)
            if !missed.isEmpty { outbox.append(([watch], missed)) }
            return watch
        }
        deliverOutbox()
        return watch
    }

    /// A snapshot, and a watch that goes on exactly where it ends.
    public func listAndWatch(
        _ collection: CollectionID, prefix: String = "", _ sink: @escaping @Sendable ([Event]) -> Void
    ) -> (snapshot: Snapshot, watch: Watch) {
        lock.withLock { (snapshotLocked(collection), attach(collection, prefix, sink)) }
    }

    private func attach(
        _ collection: CollectionID?, _ prefix: String, _ sink: @escaping @Sendable ([Event]) -> Void
    )
        -> Watch
    {
        nextWatch += 1
        let watch = Watch(id: nextWatch, collection: collection, prefix: prefix, sink: sink) {
            [weak self] watch in
            self?.detach(watch)
        }
        if let collection { state(of: collection).watches.append(watch) } else { watchAll.append(watch) }
        return watch
    }

    private func detach(_ watch: Watch) {
        lock.withLock {
            if let collection = watch.collection {
                collections[collection]?.watches.removeAll { $0 === watch }
            } else {
                watchAll.removeAll { $0 === watch }
            }
        }
    }

    private func post(_ events: [Event]) {
        if !watchAll.isEmpty { outbox.append((watchAll, events)) }
        if events.count == 1 {
            let watches = collections[events[0].collection]?.watches ?? []
            if !watches.isEmpty { outbox.append((watches, events)) }
            return
        }
        var byCollection: [CollectionID: [Event]] = [:]
        for event in events { byCollection[event.collection, default: []].append(event) }
        for (collection, events) in byCollection {
            let watches = collections[collection]?.watches ?? []
            if !watches.isEmpty { outbox.append((watches, events)) }
        }
    }

    /// Delivers what is posted, unless another thread is at it: that one then delivers this as well.
    private func deliverOutbox() {
        lock.lock()
        if delivering {
            lock.unlock()
            return
        }
        delivering = true
        while !outbox.isEmpty {
            flushToRead()
            // What the journal does not take is not told; the next write that it takes brings it.
            if !unwritten.isEmpty { break }
            let batches = outbox
            outbox = []
            lock.unlock()
            for batch in batches {
                for watch in batch.watches { watch.deliver(batch.events) }
            }
            lock.lock()
        }
        delivering = false
        lock.unlock()
    }

    // MARK: History

    private func remember(_ event: Event, in state: CollectionState) {
        state.changed = event.revision
        state.history.append(event)
        history.append(event)
        historyBytes += event.object.bytes.count
    }

    private func trimHistory() {
        while history.count > limits.events || historyBytes > limits.bytes, let event = history.popFirst() {
            let state = state(of: event.collection)
            _ = state.history.popFirst()
            state.lost = event.revision
            floor = event.revision
            historyBytes -= event.object.bytes.count
            guard journal != nil else { continue }
            // In this order a tombstone never goes before what it buries.
            if let previous = event.previous { superseded.append(previous.revision) }
            if event.kind == .deleted { superseded.append(event.revision) }
        }
        if superseded.count >= 1_000 { startMaintenance() }
        if current &- lastMaintained >= 4_096 { startMaintenance() }
    }

    private var lastMaintained: UInt64 = 0

    private func startMaintenance() {
        guard let journal, !maintaining else { return }
        maintaining = true
        lastMaintained = current
        maintenanceQueue.async { self.maintain(journal) }
    }

    private func maintain(_ journal: any Journal) {
        var more = true
        while more {
            // A step is short, so that a writer that waits for the lock does not wait long.
            more = lock.withLock {
                guard failure == nil, !superseded.isEmpty else { return false }
                flushToRead()
                if !unwritten.isEmpty { return false }
                let step = Array(superseded.prefix(256))
                // All that is superseded lies at or below the floor, which goes to disk with the removal.
                do { try journal.remove(step, floor: floor) } catch { return false }
                superseded.removeFirst(step.count)
                return true
            }
        }
        journal.maintain()
        lock.withLock { maintaining = false }
    }

    /// Ends writing and closes the journal. Reading goes on.
    public func close() {
        maintenanceQueue.sync {}
        syncQueue.sync {}
        lock.withLock {
            if case .closed = failure { return }
            flushToRead()
            failure = .closed
            journal?.close()
        }
    }
}
