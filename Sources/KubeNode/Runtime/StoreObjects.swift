import KubeJSON
import KubeStore

/// The objects of a store in this process.
public struct StoreObjects: ObjectSource {
    private let store: Store

    public init(_ store: Store) { self.store = store }

    public func object(_ collection: CollectionID, _ namespace: String, _ name: String) -> JSON? {
        store.get(collection, key: namespace.isEmpty ? name : "\(namespace)/\(name)")?.value
    }

    public func objects(_ collection: CollectionID, in namespace: String?) -> [JSON] {
        let snapshot = store.snapshot(collection)
        return snapshot.page(prefix: namespace.map { $0 + "/" } ?? "").items.map(\.value)
    }
}
