import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Keeps a ConfigMap with the certificate of the cluster's authority in every active namespace, where pods
/// mount it from (pkg/controller/certificates/rootcacertpublisher).
public struct RootCAPublisher: Controller {
    public let name = "root-ca-certificate-publisher-controller"
    public let alias = "root-ca-cert-publisher"
    public let account = "root-ca-cert-publisher"
    private static let kept = "kube-root-ca.crt"
    private static let note = "kubernetes.io/description"
    private static let words =
        "The certificate authority to check the API server by, at its addresses inside the cluster."
    private let certificate: String

    /// - Parameter certificate: the authority's certificate, PEM.
    public init(certificate: String) { self.certificate = certificate }

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .namespaces where event.kind != .deleted: [event.object.key]
        case .configMaps where event.object.name == Self.kept: [event.object.namespace]
        default: []
        }
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard view.isActive(namespace: key) else { return .nothing }
        let data: JSON = ["ca.crt": .string(certificate)]
        guard var map = view.object(.configMaps, key + "/" + Self.kept) else {
            return write(
                .create([
                    "kind": "ConfigMap", "apiVersion": "v1",
                    "metadata": [
                        "name": .string(Self.kept), "namespace": .string(key),
                        "annotations": [Self.note: .string(Self.words)],
                    ],
                    "data": data,
                ]), key)
        }
        if map["data"] == data, map.at("metadata", "annotations", Self.note)?.string == Self.words {
            return .nothing
        }
        map["data"] = data
        map.set(.string(Self.words), at: "metadata", "annotations", Self.note)
        return write(.update(map), key)
    }

    private func write(_ operation: ControllerWrite.Operation, _ namespace: String) -> Reconciliation {
        Reconciliation(writes: [
            ControllerWrite(
                group: "", version: "v1", plural: "configmaps", namespace: namespace, name: Self.kept,
                operation)
        ])
    }
}
