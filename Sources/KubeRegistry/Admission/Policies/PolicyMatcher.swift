import KubeAPI
import KubeJSON

/// Whether a request is one that a policy, or its binding, is about (k8s.io/apiserver/pkg/admission/plugin/
/// policy/matching).
struct PolicyMatcher {
    let registry: Registry
    let attributes: AdmissionAttributes
    /// Nil on delete.
    let object: JSON?

    /// - Returns: the resource as which the request is matched: with `matchPolicy: Equivalent` that may be
    ///   another version of it. Nil when it is not matched.
    func match(_ criteria: JSON?) -> ResourceInfo? {
        guard let criteria = criteria?.object else { return attributes.resource }
        let excluded = criteria["excludeResourceRules"]?.array ?? []
        if find(excluded, criteria) != nil { return nil }
        let rules = criteria["resourceRules"]?.array ?? []
        let matched: ResourceInfo?
        // A binding without rules is about all that its policy is about.
        matched = rules.isEmpty ? attributes.resource : find(rules, criteria)
        guard let matched, isSelected(criteria) else { return nil }
        return matched
    }

    private func find(_ rules: [JSON], _ criteria: JSONObject) -> ResourceInfo? {
        if rules.isEmpty { return nil }
        let own = attributes.resource
        if rules.contains(where: { fits($0, own) }) { return own }
        guard criteria["matchPolicy"]?.string != "Exact" else { return nil }
        let collection = StorageLocation(own).collection
        for other in registry.resources.resources
        where other.kind == own.kind && (other.group != own.group || other.version != own.version)
            && StorageLocation(other).collection == collection
        {
            if rules.contains(where: { fits($0, other) }) { return other }
        }
        return nil
    }

    private func fits(_ rule: JSON, _ resource: ResourceInfo) -> Bool {
        func lists(_ key: String, _ wanted: String) -> Bool {
            (rule[key]?.array ?? []).contains { $0.string == "*" || $0.string == wanted }
        }
        switch rule["scope"]?.string {
        case "Namespaced": if attributes.namespace.isEmpty || isNamespace { return false }
        case "Cluster": if !attributes.namespace.isEmpty, !isNamespace { return false }
        default: break
        }
        guard lists("apiGroups", resource.group), lists("apiVersions", resource.version),
            lists("operations", attributes.operation.rawValue)
        else { return false }
        if let names = rule["resourceNames"]?.array, !names.isEmpty,
            !names.contains(where: { $0.string == attributes.name })
        {
            return false
        }
        return (rule["resources"]?.array ?? []).contains { item in
            let parts = (item.string ?? "").split(
                separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            let subresource = parts.count > 1 ? parts[1] : ""
            return (parts.first == "*" || parts.first.map { String($0) } == resource.plural)
                && (subresource == "*" || subresource == attributes.subresource)
        }
    }

    private var isNamespace: Bool {
        attributes.resource.group.isEmpty && attributes.resource.plural == "namespaces"
    }

    private func isSelected(_ criteria: JSONObject) -> Bool {
        if let selector = selector(criteria["namespaceSelector"]) {
            if isNamespace {
                let labels = (object ?? attributes.old)?["metadata"]?["labels"]?.object
                if !selector.matches(labels: labels) { return false }
            } else if !attributes.namespace.isEmpty {
                let namespace = registry.lookup("", "namespaces", attributes.namespace)
                if !selector.matches(labels: namespace?["metadata"]?["labels"]?.object) { return false }
            }
        }
        if let selector = selector(criteria["objectSelector"]) {
            let candidates = [object, attributes.old].compactMap { $0 }
            return candidates.contains { selector.matches(labels: $0["metadata"]?["labels"]?.object) }
        }
        return true
    }

    /// Nil where there is none, or one that selects everything.
    private func selector(_ document: JSON?) -> LabelSelector? {
        guard let members = document?.object, !members.isEmpty else { return nil }
        return try? LabelSelector(object: document)
    }
}
