import KubeAPI
import KubeEngine

/// Tells the cluster's DNS what changes in the cluster. It writes nothing.
public struct DNSController: Controller {
    public let name = "dns-controller"
    public let alias = "dns"
    public let account = "coredns"
    private static let key = "zone"
    private let server: ClusterDNS

    public init(_ server: ClusterDNS) { self.server = server }

    /// A change is in force when this returns: the next question gets the answer after it.
    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        let key = event.object.key
        let isGone = event.kind == .deleted
        switch event.collection {
        case .services:
            let service = isGone ? nil : event.object.value
            server.update { $0.setService(key, service) }
        case .endpointSlices:
            let slice = isGone ? nil : event.object.value
            server.update { $0.setEndpointSlice(key, slice) }
        case .namespaces:
            server.update { $0.setNamespace(key, exists: !isGone) }
        default: return []
        }
        return server.isSynced ? [] : [Self.key]
    }

    /// Every event that the store had is taken in before any key is looked at.
    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) -> Reconciliation {
        server.setSynced()
        return .nothing
    }
}
