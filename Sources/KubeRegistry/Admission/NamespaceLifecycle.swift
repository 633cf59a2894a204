import KubeAPI
import KubeJSON

/// Nothing is created in a namespace that is not there or is being deleted, and the namespaces that the
/// cluster itself needs are never deleted.
struct NamespaceLifecycle: AdmissionPlugin {
    private static let immortal: Set<String> = ["default", "kube-system", "kube-public"]

    func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        if attributes.operation == .delete, attributes.resource.groupKind == GroupKind("", "Namespace"),
            Self.immortal.contains(attributes.name)
        {
            throw .forbidden(
                attributes.resource.groupResource, attributes.name, "this namespace may not be deleted")
        }
        guard attributes.resource.isNamespaced, attributes.operation == .create else { return }
        // Reviews of access ask about namespaces; they create nothing in them.
        if attributes.resource.group == "authorization.k8s.io" { return }
        guard let namespace = registry.lookup("", "namespaces", attributes.namespace) else {
            throw .notFound(GroupResource("", "namespaces"), attributes.namespace)
        }
        guard namespace["status"]?["phase"]?.string == "Terminating" else { return }
        var status = APIStatus.forbidden(
            attributes.resource.groupResource, attributes.name,
            "unable to create new content in namespace \(attributes.namespace) because it is being terminated"
        )
        status.details?["causes"] = [
            [
                "reason": "NamespaceTerminating",
                "message": .string("namespace \(attributes.namespace) is being terminated"),
                "field": "metadata.namespace",
            ]
        ]
        throw status
    }
}
