import KubeJSON

/// Who may write roles and bindings: nobody grants what they do not hold, unless they may `escalate` or
/// `bind` (upstream's pkg/registry/rbac policybased storage).
public enum Escalation {
    /// Why a write is refused: the text after `roles.rbac.authorization.k8s.io "x" is forbidden: `.
    public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    static let group = "rbac.authorization.k8s.io"
    static let aggregationRefusal = "must have cluster-admin privileges to use an aggregationRule"

    /// Whether a user may create a Role or ClusterRole, or update it from `old`.
    ///
    /// - Parameter authorize: the cluster's authoriser, asked for `escalate`.
    public static func checkRole(
        _ role: JSON, replacing old: JSON?, by user: UserInfo, policy: RBACPolicy,
        authorize: (Attributes) -> Decision
    ) -> Refusal? {
        if user.groups.contains(Group.masters) { return nil }
        let isClusterRole = role["kind"]?.string == "ClusterRole"
        let namespace = isClusterRole ? "" : role.at("metadata", "namespace")?.string ?? ""
        let name = role.at("metadata", "name")?.string ?? ""
        let rules = PolicyRule.rules(of: role)
        let aggregates = isClusterRole && hasAggregation(role)
        if let old {
            let sameRules = PolicyRule.rules(of: old) == rules
            let sameAggregation = !isClusterRole || old["aggregationRule"] == role["aggregationRule"]
            if sameRules && sameAggregation { return nil }
        }
        let question = Attributes(
            user: user, verb: "escalate", apiGroup: group, apiVersion: "v1",
            resource: isClusterRole ? "clusterroles" : "roles", namespace: namespace, name: name)
        if authorize(question).isAllowed { return nil }
        if aggregates,
            confirm(PolicyRule.everything, heldBy: user, namespace: namespace, policy: policy) != nil
        {
            return Refusal(description: aggregationRefusal)
        }
        return confirm(rules, heldBy: user, namespace: namespace, policy: policy)
    }

    /// Whether a user may create a RoleBinding or ClusterRoleBinding, or update it from `old`. A role that
    /// does not exist grants nothing that could be checked: `missingRole` gives upstream's answer for it.
    public static func checkBinding(
        _ binding: JSON, replacing old: JSON?, by user: UserInfo, policy: RBACPolicy,
        authorize: (Attributes) -> Decision
    ) -> Refusal? {
        if user.groups.contains(Group.masters) { return nil }
        if let old, old["roleRef"] == binding["roleRef"], old["subjects"] == binding["subjects"] {
            return nil
        }
        guard let question = bindQuestion(binding, user) else { return nil }
        if authorize(question).isAllowed { return nil }
        let rules = policy.rules(
            ofRole: binding.at("roleRef", "kind")?.string ?? "", named: question.name,
            namespace: question.namespace)
        guard let rules else { return nil }
        return confirm(rules, heldBy: user, namespace: question.namespace, policy: policy)
    }

    /// The role that a binding refers to and that does not exist, when that stops the write: the user may
    /// neither `bind` it nor prove to hold its rules. Upstream answers 404 about that role.
    public static func missingRole(
        _ binding: JSON, by user: UserInfo, policy: RBACPolicy, authorize: (Attributes) -> Decision
    ) -> (resource: String, name: String)? {
        if user.groups.contains(Group.masters) { return nil }
        guard let question = bindQuestion(binding, user), !authorize(question).isAllowed else { return nil }
        let kind = binding.at("roleRef", "kind")?.string ?? ""
        if policy.rules(ofRole: kind, named: question.name, namespace: question.namespace) != nil {
            return nil
        }
        return (question.resource, question.name)
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
        return Refusal(description: text)
    }

    private static func hasAggregation(_ role: JSON) -> Bool {
        role.at("aggregationRule", "clusterRoleSelectors")?.array?.isEmpty == false
    }

    private static func bindQuestion(_ binding: JSON, _ user: UserInfo) -> Attributes? {
        let resource: String
        switch binding.at("roleRef", "kind")?.string {
        case "ClusterRole": resource = "clusterroles"
        case "Role": resource = "roles"
        default: return nil
        }
        let isLocal = binding["kind"]?.string == "RoleBinding"
        return Attributes(
            user: user, verb: "bind", apiGroup: group, apiVersion: "v1", resource: resource,
            namespace: isLocal ? binding.at("metadata", "namespace")?.string ?? "" : "",
            name: binding.at("roleRef", "name")?.string ?? "")
    }
}
