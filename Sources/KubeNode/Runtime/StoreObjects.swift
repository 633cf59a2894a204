import KubeJSON
import KubeStore
import Synchronization

/// The objects of a store, which may come to be known only after those who ask were made.
public final class StoreObjects: ObjectSource {
    private let store = Mutex<Store?>(nil)

    public init(_ store: Store? = nil) { self.store.withLock { $0 = store } }

    public func use(_ store: Store) { self.store.withLock { $0 = store } }

    public func object(_ collection: CollectionID, _ namespace: String, _ name: String) -> JSON? {
        guard let store = store.withLock({ $0 }) else { return nil }
        return store.get(collection, key: namespace.isEmpty ? name : namespace + "/" + name)?.value
    }

    public func objects(_ collection: CollectionID, in namespace: String?) -> [JSON] {
        guard let store = store.withLock({ $0 }) else { return [] }
        let prefix = namespace.map { $0 + "/" } ?? ""
        return store.snapshot(collection).page(prefix: prefix).items.map(\.value)
    }
}
