import KubeJSON
import KubeStore

/// Where an agent's runtime and volumes read the objects that pods refer to.
public protocol ObjectSource: Sendable {
    /// - Parameter namespace: empty for objects without one.
    func object(_ collection: CollectionID, _ namespace: String, _ name: String) -> JSON?
    /// - Parameter namespace: nil for those of all namespaces.
    func objects(_ collection: CollectionID, in namespace: String?) -> [JSON]
}
