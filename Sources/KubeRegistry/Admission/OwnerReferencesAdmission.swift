import KubeAPI
import KubeAuth
import KubeJSON

/// Whoever sets owners of an object that is there must be able to delete it (an owner's end deletes it), and whoever
/// makes an object hold up its owner's deletion must be able to set that owner's finalizers.
struct OwnerReferencesPermissionEnforcement: AdmissionPlugin {
    func validate(
        _ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.operation == .create || attributes.operation == .update else { return }
        let owners = object["metadata"]?["ownerReferences"]?.array ?? []
        let before = attributes.old?["metadata"]?["ownerReferences"]?.array ?? []
        if owners == before { return }
        // A pod's status strategy keeps the owners.
        let resource = attributes.resource
        if resource.group.isEmpty, resource.plural == "pods", attributes.subresource == "status" { return }

        // Whoever creates an object may say whose it is: it was not there for anybody else.
        if attributes.operation == .update { try checkDeletion(attributes, registry) }
        for owner in newlyBlocking(owners, before) {
            try checkFinalizers(owner, attributes, registry)
        }
    }

    private func checkDeletion(_ attributes: AdmissionAttributes, _ registry: Registry) throws(APIStatus) {
        let resource = attributes.resource
        let decision = registry.authorizer(
            Attributes(
                user: attributes.user, verb: "delete", apiGroup: resource.group,
                apiVersion: resource.version, resource: resource.plural,
                subresource: attributes.subresource, namespace: attributes.namespace, name: attributes.name))
        if decision.isAllowed { return }
        throw refusal(
            attributes, "cannot set an ownerRef on a resource you can't delete: \(decision.reason), <nil>")
    }

    private func checkFinalizers(
        _ owner: JSON, _ attributes: AdmissionAttributes, _ registry: Registry
    ) throws(APIStatus) {
        let apiVersion = owner["apiVersion"]?.string ?? ""
        let kind = owner["kind"]?.string ?? ""
        let mapped = registry.resources.resources.filter { $0.apiVersion == apiVersion && $0.kind == kind }
        if mapped.isEmpty {
            throw refusal(
                attributes,
                "cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion \(apiVersion) Kind \(kind): no matches for kind \"\(kind)\" in version \"\(apiVersion)\""
            )
        }
        for resource in mapped {
            let question = Attributes(
                user: attributes.user, verb: "update", apiGroup: resource.group,
                apiVersion: resource.version, resource: resource.plural, subresource: "finalizers",
                namespace: resource.isNamespaced ? attributes.namespace : "",
                name: owner["name"]?.string ?? "")
            let decision = registry.authorizer(question)
            if !decision.isAllowed {
                throw refusal(
                    attributes,
                    "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: \(decision.reason), <nil>"
                )
            }
        }
    }

    /// References that hold up their owner's deletion and did not before.
    private func newlyBlocking(_ owners: [JSON], _ before: [JSON]) -> [JSON] {
        owners.filter { owner in
            guard owner["blockOwnerDeletion"]?.bool == true else { return false }
            guard let old = before.last(where: { $0["uid"] == owner["uid"] }) else { return true }
            return old["blockOwnerDeletion"]?.bool != true
        }
    }

    private func refusal(_ attributes: AdmissionAttributes, _ why: String) -> APIStatus {
        .forbidden(attributes.resource.groupResource, attributes.name, why)
    }
}
