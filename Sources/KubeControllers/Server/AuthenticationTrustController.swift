import Foundation
import KubeAPI
import KubeAuth
import KubeEngine
import KubeJSON
import KubeStore

/// Keeps the ConfigMap from which servers behind this one learn whom to believe
/// (pkg/controlplane/controller/clusterauthenticationtrust).
public struct AuthenticationTrustController: Controller {
    public let name = "cluster-authentication-trust-controller"
    public let alias = "cluster-authentication-trust"
    public let account = "kube-apiserver"
    static let key = "kube-system/extension-apiserver-authentication"
    private let trust: AuthenticationTrust

    public init(trust: AuthenticationTrust) { self.trust = trust }

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .configMaps where event.object.key == Self.key: [Self.key]
        // There from the start.
        case .namespaces where event.kind == .added && event.object.key == "kube-system": [Self.key]
        default: []
        }
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let locator = ObjectLocator("configmaps:" + key) else { return .nothing }
        let present = view.object(.configMaps, key)
        let data = try trust.data(
            keeping: present?["data"], now: Date(timeIntervalSince1970: Double(now.seconds)))
        let operation: ControllerWrite.Operation
        if var changed = present {
            if changed["data"] == data { return .nothing }
            changed["data"] = data
            operation = .update(changed)
        } else {
            operation = .create([
                "metadata": [
                    "name": .string(locator.name), "namespace": .string(locator.namespace),
                ],
                "data": data,
            ])
        }
        return Reconciliation(writes: [
            ControllerWrite(
                group: "", version: "v1", plural: "configmaps", namespace: locator.namespace,
                name: locator.name, operation)
        ])
    }
}
