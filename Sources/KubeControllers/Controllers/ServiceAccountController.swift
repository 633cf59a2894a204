import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

extension ClusterView {
    /// Whether a namespace is there and takes new objects.
    func isActive(namespace: String) -> Bool {
        guard let object = object(.namespaces, namespace) else { return false }
        return object.deletionTimestamp == nil && object["status"]?["phase"]?.string == "Active"
    }
}

/// Keeps a ServiceAccount `default` in every active namespace (pkg/controller/serviceaccount).
public struct ServiceAccountController: Controller {
    public let name = "serviceaccount-controller"
    public let alias = "serviceaccount"
    public let account = "service-account-controller"
    private static let kept = "default"

    public init() {}

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .namespaces where event.kind != .deleted: [event.object.key]
        case .serviceAccounts where event.kind == .deleted && event.object.name == Self.kept:
            [event.object.namespace]
        default: []
        }
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard view.isActive(namespace: key), view.stored(.serviceAccounts, key + "/" + Self.kept) == nil
        else { return .nothing }
        return Reconciliation(writes: [
            ControllerWrite(
                group: "", version: "v1", plural: "serviceaccounts", namespace: key, name: Self.kept,
                .create([
                    "kind": "ServiceAccount", "apiVersion": "v1",
                    "metadata": ["name": .string(Self.kept), "namespace": .string(key)],
                ]))
        ])
    }
}
