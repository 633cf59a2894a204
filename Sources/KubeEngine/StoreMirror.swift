import KubeAPI
import KubeRegistry
import KubeStore
import Synchronization

/// The cluster as the store has it, with the same indices as controllers have: for whoever looks on from
/// outside, and for checks of what controllers that see less do.
public final class StoreMirror: Sendable {
    private struct Change: Sendable {
        let kind: Event.Kind
        let collection: CollectionID
        let object: StoredObject
    }
    private let registry: Registry
    private let inbox = Mutex<[Change]>([])
    private let mirrored: Mutex<ClusterView>
    private let watch = Mutex<Watch?>(nil)

    public init(_ registry: Registry) throws {
        self.registry = registry
        mirrored = Mutex(ClusterView(resources: registry.resources))
        let store = registry.store
        let revision = store.revision
        for (collection, _) in store.counts {
            let objects = store.snapshot(collection).page().items
            inbox.withLock { inbox in
                inbox += objects.map { Change(kind: .added, collection: collection, object: $0) }
            }
        }
        let watch = try store.watch(nil, from: revision) { [weak self] events in
            self?.inbox.withLock { inbox in
                inbox += events.map { Change(kind: $0.kind, collection: $0.collection, object: $0.object) }
            }
        }
        self.watch.withLock { $0 = watch }
    }

    deinit { watch.withLock { $0?.cancel() } }

    public var view: ClusterView { mirrored.withLock { $0 } }

    /// Brings the view up to date.
    /// - Returns: what changed, in order.
    public func update() throws -> [ObjectEvent] {
        try registry.store.flush()
        let changes = inbox.withLock { inbox in
            defer { inbox = [] }
            return inbox
        }
        return mirrored.withLock { view in
            changes.compactMap { view.apply($0.kind, $0.collection, $0.object) }
        }
    }
}
