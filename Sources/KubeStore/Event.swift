import Synchronization

/// One change of one object. Shared by everybody who watches.
public final class Event: Sendable {
    public enum Kind: UInt8, Sendable {
        case added = 0
        case modified = 1
        case deleted = 2

        /// The name on the wire.
        public var name: String {
            switch self {
            case .added: "ADDED"
            case .modified: "MODIFIED"
            case .deleted: "DELETED"
            }
        }
    }

    public let kind: Kind
    public let collection: CollectionID
    /// The object after the change; of a deletion the last one, with the deletion's revision.
    public let object: StoredObject
    public let previous: StoredObject?
    public var revision: UInt64 { object.revision }

    private let encoded = Mutex<[UInt8]?>(nil)
    private let otherForm = Mutex<[UInt8]?>(nil)

    init(kind: Kind, collection: CollectionID, object: StoredObject, previous: StoredObject?) {
        self.kind = kind
        self.collection = collection
        self.object = object
        self.previous = previous
    }

    /// `{"type":"ADDED","object":…}` and a newline, encoded once.
    public var wire: [UInt8] {
        encoded.withLock { encoded in
            if let encoded { return encoded }
            let bytes = Self.wire(kind, object)
            encoded = bytes
            return bytes
        }
    }

    /// What the event is to watchers that do not take JSON, made once. All who ask must ask for the same.
    public func form<Failure: Error>(
        _ make: (Event) throws(Failure) -> [UInt8]
    ) throws(Failure) -> [UInt8] {
        if let known = otherForm.withLock({ $0 }) { return known }
        let made = try make(self)
        otherForm.withLock { $0 = made }
        return made
    }

    /// The wire form for a watcher that sees the change as one of another kind (its selector began or
    /// ceased to match), or for an initial ADDED event.
    public static func wire(_ kind: Kind, _ object: StoredObject) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(object.bytes.count + 40)
        bytes += #"{"type":""#.utf8
        bytes += kind.name.utf8
        bytes += #"","object":"#.utf8
        bytes += object.bytes
        bytes += "}\n".utf8
        return bytes
    }
}

/// A watch: hold it, and cancel it when done.
public final class Watch: Sendable {
    let id: UInt64
    let collection: CollectionID?
    let prefix: String
    let sink: @Sendable ([Event]) -> Void
    private let cancelled = Atomic<Bool>(false)
    private let detach: @Sendable (Watch) -> Void

    init(
        id: UInt64, collection: CollectionID?, prefix: String, sink: @escaping @Sendable ([Event]) -> Void,
        detach: @escaping @Sendable (Watch) -> Void
    ) {
        self.id = id
        self.collection = collection
        self.prefix = prefix
        self.sink = sink
        self.detach = detach
    }

    public var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    /// No new call of the sink begins after this; one that is under way may still end.
    public func cancel() {
        if !cancelled.exchange(true, ordering: .acquiringAndReleasing) { detach(self) }
    }

    func deliver(_ events: [Event]) {
        guard !isCancelled else { return }
        if prefix.isEmpty { return sink(events) }
        if events.count == 1 {
            if events[0].object.key.utf8.starts(with: prefix.utf8) { sink(events) }
            return
        }
        let mine = events.filter { $0.object.key.utf8.starts(with: prefix.utf8) }
        if !mine.isEmpty { sink(mine) }
    }
}
