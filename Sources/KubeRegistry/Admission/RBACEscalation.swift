import KubeAPI
import KubeAuth
import KubeJSON

/// Nobody grants by a role or binding what they do not hold themselves
/// (upstream's pkg/registry/rbac/…/policybased).
struct RBACEscalation: AdmissionPlugin {
    func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.resource.group == "rbac.authorization.k8s.io", attributes.subresource.isEmpty,
            attributes.operation == .create || attributes.operation == .update
        else { return }
        let new = comparable(object)
        let old = attributes.old.map(comparable)
        let refusal: Escalation.Refusal?
        switch attributes.resource.plural {
        case "roles", "clusterroles":
            refusal = Escalation.checkRole(
                new, replacing: old, by: attributes.user, policy: registry.policy(),
                authorize: registry.authorizer)
        case "rolebindings", "clusterrolebindings":
            refusal = Escalation.checkBinding(
                new, replacing: old, by: attributes.user, policy: registry.policy(),
                authorize: registry.authorizer)
        default: return
        }
        switch refusal {
        case nil: return
        case .forbidden(let why):
            throw .forbidden(attributes.resource.groupResource, attributes.name, why)
        case .roleNotFound(let resource, let name):
            throw .notFound(GroupResource("rbac.authorization.k8s.io", resource), name)
        }
    }

    /// Without what the server itself changes at every write, which no comparison should see.
    private func comparable(_ object: JSON) -> JSON {
        var copy = object
        for field in ["managedFields", "resourceVersion"] { copy.setMetadata(field, nil) }
        return copy
    }
}
