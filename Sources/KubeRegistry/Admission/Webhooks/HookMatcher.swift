import KubeAPI
import KubeJSON

/// Which webhooks a request is for, and as which version of its resource each is to see it
/// (k8s.io/apiserver/pkg/admission/plugin/webhook/generic).
struct HookMatcher {
    let registry: Registry
    let attributes: AdmissionAttributes

    /// - Parameter object: as the webhook would be shown it; nil on delete.
    /// - Returns: the resource to show the request as; nil when the webhook is not concerned.
    /// - Throws: 403 when a match condition cannot be evaluated and failures are not ignored.
    func match(_ hook: AdmissionHook, _ object: JSON?) throws(APIStatus) -> ResourceInfo? {
        guard let resource = resource(hook) else { return nil }
        guard try isNamespaceSelected(hook, object), isObjectSelected(hook, object) else { return nil }
        guard let conditions = hook.conditions else { return resource }
        let (shown, shownAttributes) = try registry.converted(object, attributes, to: resource)
        var evaluation = PolicyEvaluation(
            conditions, PolicyContext(shownAttributes, as: resource, in: registry), object: shown,
            params: nil)
        do {
            return try evaluation.matches() ? resource : nil
        } catch {
            throw .forbidden(attributes.resource.groupResource, attributes.name, error.message)
        }
    }

    private func resource(_ hook: AdmissionHook) -> ResourceInfo? {
        let own = attributes.resource
        for rule in hook.rules where rule.fits(attributes, as: own) { return own }
        guard hook.matchesEquivalents else { return nil }
        let collection = StorageLocation(own).collection
        for rule in hook.rules {
            for other in registry.resources.resources
            where other.kind == own.kind && (other.group != own.group || other.version != own.version)
                && StorageLocation(other).collection == collection && rule.fits(attributes, as: other)
            {
                return other
            }
        }
        return nil
    }

    private func isNamespaceSelected(_ hook: AdmissionHook, _ object: JSON?) throws(APIStatus) -> Bool {
        guard let selector = hook.namespaceSelector else { return true }
        let isNamespace = attributes.isNamespace
        let name = isNamespace ? attributes.name : attributes.namespace
        // What lies in no namespace is never exempt.
        if name.isEmpty, !isNamespace { return true }
        let isWritten = attributes.operation == .create || attributes.operation == .update
        if isNamespace, attributes.subresource.isEmpty, isWritten {
            return selector.matches(labels: object?["metadata"]?["labels"]?.object)
        }
        guard let namespace = registry.lookup("", "namespaces", name) else {
            throw .notFound(GroupResource("", "namespaces"), name)
        }
        return selector.matches(labels: namespace["metadata"]?["labels"]?.object)
    }

    private func isObjectSelected(_ hook: AdmissionHook, _ object: JSON?) -> Bool {
        guard let selector = hook.objectSelector else { return true }
        return [object, attributes.old].contains { candidate in
            candidate.map { selector.matches(labels: $0["metadata"]?["labels"]?.object) } ?? false
        }
    }
}
