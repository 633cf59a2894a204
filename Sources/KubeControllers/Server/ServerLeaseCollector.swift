import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Deletes the Leases of API servers that are no more (pkg/controlplane/controller/apiserverleasegc).
public struct ServerLeaseCollector: Controller {
    public let name = "apiserver-lease-gc-controller"
    public let alias = "apiserver-lease-gc"
    public let account = "kube-apiserver"
    /// Seconds between two looks at a Lease that is not over.
    private static let period = 3_600.0

    public init() {}

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        // Renewals tell nothing: each Lease is looked at in its own time.
        guard event.collection == .leases, event.kind == .added,
            event.object.namespace == ServerLeaseController.namespace, Self.isServers(event.object.value)
        else { return [] }
        return [event.object.key]
    }

    private static func isServers(_ lease: JSON) -> Bool {
        lease.at("metadata", "labels", ServerLeaseController.label)?.string == "kube-apiserver"
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let lease = view.object(.leases, key), Self.isServers(lease) else { return .nothing }
        let spec = lease["spec"]
        if let renewed = Timestamp(spec?["renewTime"]?.string ?? ""),
            let duration = spec?["leaseDurationSeconds"]?.int, now.since(renewed) <= Double(duration)
        {
            return Reconciliation(requeueAfter: Self.period)
        }
        return Reconciliation(writes: [
            .delete(
                ("coordination.k8s.io", "v1", "leases"), namespace: lease.namespace, name: lease.name,
                uid: lease.uid)
        ])
    }
}
