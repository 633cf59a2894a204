/// How much of the past is kept for watchers and for lists at older revisions.
public struct HistoryLimits: Sendable {
    /// Events of all collections together.
    public var events: Int
    /// Bytes of the objects in those events.
    public var bytes: Int

    /// Bytes of JSON text of the objects that keep their parsed tree.
    public var parsedBytes: Int

    public init(events: Int = 100_000, bytes: Int = 64 << 20, parsedBytes: Int = 8 << 20) {
        self.events = events
        self.bytes = bytes
        self.parsedBytes = parsedBytes
    }
}

/// Events in order of revision, taken away at the front.
struct EventQueue {
    private var storage: [Event?] = []
    private var head = 0

    var count: Int { storage.count - head }
    var last: Event? { storage.last ?? nil }

    mutating func append(_ event: Event) { storage.append(event) }

    mutating func popFirst() -> Event? {
        guard head < storage.count, let event = storage[head] else { return nil }
        storage[head] = nil
        head += 1
        if head > 64, head * 2 > storage.count {
            storage.removeFirst(head)
            head = 0
        }
        return event
    }

    /// The events above a revision, in order.
    func after(_ revision: UInt64) -> [Event] {
        var low = head
        var high = storage.count
        while low < high {
            let middle = (low + high) / 2
            if let event = storage[middle], event.revision > revision {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return storage[low...].compactMap { $0 }
    }
}

/// What the store knows of one collection. Touched only under the store's lock.
final class CollectionState {
    var objects = PersistentSortedMap<StoredObject>()
    var history = EventQueue()
    /// The revision of the youngest event that history has lost.
    var lost: UInt64
    /// The revision of the last change.
    var changed: UInt64 = 0
    var watches: [Watch] = []

    init(lost: UInt64) { self.lost = lost }
}
