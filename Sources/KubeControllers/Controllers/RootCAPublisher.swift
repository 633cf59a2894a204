import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Keeps a ConfigMap with the certificate of the cluster's authority in every active namespace, where pods
/// mount it from (pkg/controller/certificates/rootcacertpublisher), and another for the certificates of
/// services: the token volume that admission gives to pods names both, and a pod whose volume names what is
/// not there does not start.
public struct RootCAPublisher: Controller {
    public let name = "root-ca-certificate-publisher-controller"
    public let alias = "root-ca-cert-publisher"
    public let account = "root-ca-cert-publisher"
    /// The ConfigMaps, and the key of each under which the certificate stands.
    private static let kept = ["kube-root-ca.crt": "ca.crt", "openshift-service-ca.crt": "service-ca.crt"]
    private static let note = "kubernetes.io/description"
    private static let words =
        "The certificate authority to check the API server by, at its addresses inside the cluster."
    private let certificate: String

    /// - Parameter certificate: the authority's certificate, PEM.
    public init(certificate: String) { self.certificate = certificate }

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .namespaces where event.kind != .deleted: [event.object.key]
        case .configMaps where Self.kept[event.object.name] != nil: [event.object.namespace]
        default: []
        }
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard view.isActive(namespace: key) else { return .nothing }
        var result = Reconciliation()
        for (name, field) in Self.kept.sorted(by: { utf8Less($0.key, $1.key) }) {
            guard let operation = operation(name, [field: .string(certificate)], in: key, view) else {
                continue
            }
            result.writes.append(
                ControllerWrite(
                    group: "", version: "v1", plural: "configmaps", namespace: key, name: name, operation))
        }
        return result
    }

    private func operation(
        _ name: String, _ data: JSON, in namespace: String, _ view: ClusterView
    ) -> ControllerWrite.Operation? {
        guard var map = view.object(.configMaps, namespace + "/" + name) else {
            return .create([
                "kind": "ConfigMap", "apiVersion": "v1",
                "metadata": [
                    "name": .string(name), "namespace": .string(namespace),
                    "annotations": [Self.note: .string(Self.words)],
                ],
                "data": data,
            ])
        }
        if map["data"] == data, map.at("metadata", "annotations", Self.note)?.string == Self.words {
            return nil
        }
        map["data"] = data
        map.set(.string(Self.words), at: "metadata", "annotations", Self.note)
        return .update(map)
    }
}
