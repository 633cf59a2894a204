import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Renews the Lease by which the API server says that it is there, as kube-apiserver does
/// (k8s.io/component-helpers/apimachinery/lease, pkg/controlplane/apiserver).
public struct ServerLeaseController: Controller {
    public let name = "apiserver-lease-controller"
    public let alias = "apiserver-lease"
    public let account = "kube-apiserver"
    static let namespace = "kube-system"
    static let label = "apiserver.kubernetes.io/identity"
    /// Seconds.
    static let duration: Int64 = 3_600
    private static let interval = 10.0
    private let identity: ServerIdentity

    public init(identity: ServerIdentity) { self.identity = identity }

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        // There from the start: the first renewal.
        case .namespaces where event.kind == .added && event.object.key == Self.namespace: [identity.name]
        // Its own renewals tell it nothing.
        case .leases
        where event.kind == .deleted && event.object.key == "\(Self.namespace)/\(identity.name)":
            [identity.name]
        default: []
        }
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let resource = view.resource(of: .leases), view.object(.namespaces, Self.namespace) != nil
        else {
            return .nothing
        }
        let lease = view.object(.leases, "\(Self.namespace)/\(key)")
        let isMine = lease?["spec"]?["holderIdentity"]?.string == identity.holder
        if isMine, let renewed = Timestamp(lease?["spec"]?["renewTime"]?.string ?? "") {
            let rest = Self.interval - now.since(renewed)
            if rest > 0.001, rest <= Self.interval { return Reconciliation(requeueAfter: rest) }
        }
        var spec: JSON = ["renewTime": .string(now.rfc3339Micro)]
        if !isMine {
            spec["holderIdentity"] = .string(identity.holder)
            spec["leaseDurationSeconds"] = .integer(Self.duration)
        }
        let operation: ControllerWrite.Operation
        if lease != nil {
            operation = .patch(["spec": spec])
        } else {
            operation = .create([
                "metadata": [
                    "name": .string(key), "namespace": .string(Self.namespace),
                    "labels": [
                        Self.label: "kube-apiserver", "kubernetes.io/hostname": .string(identity.hostname),
                    ],
                ],
                "spec": spec,
            ])
        }
        return Reconciliation(
            writes: [ControllerWrite(resource, namespace: Self.namespace, name: key, operation)],
            requeueAfter: Self.interval)
    }
}
