import KubeJSON

/// Who may write roles and bindings: nobody grants what they do not hold, unless they may `escalate` or
/// `bind` (upstream's pkg/registry/rbac policybased storage).
public enum Escalation {
    /// Why a write is refused.
    public enum Refusal: Error, Hashable, Sendable {
        /// 403, with the text after `roles.rbac.authorization.k8s.io "x" is forbidden: `.
        case forbidden(String)
        /// 404: the binding's role does not exist, so nothing shows that the user holds its rules.
        case roleNotFound(resource: String, name: String)
    }

    static let group = "rbac.authorization.k8s.io"

    /// Whether a user may create a Role or ClusterRole, or update it from `old`.
    ///
    /// - Parameters:
    ///   - role: complete, with its namespace.
    ///   - authorize: the cluster's authoriser, asked for `escalate`.
    public static func checkRole(
        _ role: JSON, replacing old: JSON?, by user: UserInfo, policy: RBACPolicy,
        authorize: (Attributes) -> Decision
    ) -> Refusal? {
        if user.groups.contains(Group.masters) { return nil }
        let isClusterRole = role["kind"]?.string == "ClusterRole"
        let namespace = isClusterRole ? "" : role.at("metadata", "namespace")?.string ?? ""
        // A create request names no object: only an unrestricted `escalate` covers it.
        let question = Attributes(
            user: user, verb: "escalate", apiGroup: group, apiVersion: "*",
            resource: isClusterRole ? "clusterroles" : "roles", namespace: namespace,
            name: old == nil ? "" : role.at("metadata", "name")?.string ?? "")
        if authorize(question).isAllowed { return nil }
        if let old, changesOnlyGarbageCollection(role, old) { return nil }
        let rules = PolicyRule.rules(of: role)
        if let refusal = confirm(rules, heldBy: user, namespace: namespace, policy: policy) { return refusal }
        // An aggregation rule can gather anything, now and later.
        if isClusterRole, hasAggregation(role) || old.map(hasAggregation) == true,
            confirm(PolicyRule.everything, heldBy: user, namespace: namespace, policy: policy) != nil
        {
            return .forbidden("must have cluster-admin privileges to use an aggregationRule")
        }
        return nil
    }

    /// Whether a user may create a RoleBinding or ClusterRoleBinding, or update it from `old`.
    ///
    /// - Parameters:
    ///   - binding: complete, with its namespace.
    ///   - authorize: the cluster's authoriser, asked for `bind`.
    public static func checkBinding(
        _ binding: JSON, replacing old: JSON?, by user: UserInfo, policy: RBACPolicy,
        authorize: (Attributes) -> Decision
    ) -> Refusal? {
        if user.groups.contains(Group.masters) { return nil }
        if let old, changesOnlyGarbageCollection(binding, old) { return nil }
        let resource: String
        let kind = binding.at("roleRef", "kind")?.string ?? ""
        switch kind {
        case "ClusterRole": resource = "clusterroles"
        case "Role": resource = "roles"
        default: return .forbidden("unsupported role reference kind: \(JSONWriter.quoted(kind))")
        }
        let isLocal = binding["kind"]?.string == "RoleBinding"
        let namespace = isLocal ? binding.at("metadata", "namespace")?.string ?? "" : ""
        let name = binding.at("roleRef", "name")?.string ?? ""
        let question = Attributes(
            user: user, verb: "bind", apiGroup: group, resource: resource, namespace: namespace, name: name)
        if authorize(question).isAllowed { return nil }
        guard let rules = policy.rules(ofRole: kind, named: name, namespace: namespace) else {
            return .roleNotFound(resource: resource, name: name)
        }
        return confirm(rules, heldBy: user, namespace: namespace, policy: policy)
    }

    /// Nil when the user holds all the rules in the namespace, else upstream's text.
    public static func confirm(
        _ rules: [PolicyRule], heldBy user: UserInfo, namespace: String, policy: RBACPolicy
    ) -> Refusal? {
        let held = policy.rules(for: user, namespace: namespace)
        let missing = RuleCovering.missing(from: held.rules, of: rules)
        if missing.isEmpty { return nil }
        var lines: [String] = []
        for text in RuleCovering.compact(missing).map(RuleCovering.description).sorted(by: utf8Less)
        where lines.last != text {
            lines.append(text)
        }
        var text = "user \(JSONWriter.quoted(user.name)) (groups=\(RuleCovering.quoted(user.groups)))"
        text += " is attempting to grant RBAC permissions not currently held:\n"
        text += lines.joined(separator: "\n")
        if !held.errors.isEmpty { text += "; resolution errors: [\(held.errors)]" }
        return .forbidden(text)
    }

    private static func hasAggregation(_ role: JSON) -> Bool {
        role.at("aggregationRule", "clusterRoleSelectors")?.array?.isEmpty == false
    }

    /// Whether only owner references and finalizers differ: garbage collection has to work on any role.
    private static func changesOnlyGarbageCollection(_ new: JSON, _ old: JSON) -> Bool {
        var new = new
        var old = old
        for field in ["ownerReferences", "finalizers"] {
            new.set(nil, at: "metadata", field)
            old.set(nil, at: "metadata", field)
        }
        return new == old
    }
}
