import KubeJSON

/// The whole of a cluster's RBAC, read from its Role, ClusterRole, RoleBinding and ClusterRoleBinding
/// objects, and the questions that it answers.
///
/// A value: a change makes another policy (`applying`) that shares what did not change, so that requests in
/// flight keep the one that they began with. Users and groups lead directly to the bindings that name them:
/// a question costs a few hash look-ups however many bindings there are.
public struct RBACPolicy: Sendable {
    /// A change of one object.
    public enum Change: Sendable {
        case set(JSON)
        case remove(kind: String, namespace: String, name: String)
    }

    private struct Key: Hashable, Sendable {
        let namespace: String
        let name: String
    }

    /// Bindings by the users and groups that they name; each list sorted by the binding's name.
    private struct SubjectIndex: Sendable {
        var bindings: [String: Binding] = [:]
        var users: [String: [Binding]] = [:]
        var groups: [String: [Binding]] = [:]

        mutating func insert(_ binding: Binding) {
            remove(binding.name)
            bindings[binding.name] = binding
            for subject in binding.subjects {
                if subject.kind == "Group" {
                    Self.insert(binding, into: &groups[subject.name, default: []])
                } else if let user = subject.user(in: binding.namespace) {
                    Self.insert(binding, into: &users[user, default: []])
                }
            }
        }

        mutating func remove(_ name: String) {
            guard let binding = bindings.removeValue(forKey: name) else { return }
            for subject in binding.subjects {
                if subject.kind == "Group" {
                    Self.remove(binding, from: &groups[subject.name])
                } else if let user = subject.user(in: binding.namespace) {
                    Self.remove(binding, from: &users[user])
                }
            }
        }

        private static func insert(_ binding: Binding, into list: inout [Binding]) {
            if list.contains(where: { $0 === binding }) { return }
            let position = list.firstIndex { utf8Less(binding.name, $0.name) } ?? list.endIndex
            list.insert(binding, at: position)
        }

        private static func remove(_ binding: Binding, from list: inout [Binding]?) {
            list?.removeAll { $0 === binding }
            if list?.isEmpty == true { list = nil }
        }
    }

    private var clusterRoles: [String: CompiledRole] = [:]
    private var roles: [Key: CompiledRole] = [:]
    private var clusterBindings = SubjectIndex()
    private var bindings: [String: SubjectIndex] = [:]

    public init() {}

    /// A policy of objects of the four kinds; others are ignored.
    public init(_ objects: some Sequence<JSON>) {
        for object in objects { apply(.set(object)) }
    }

    public func applying(_ change: Change) -> RBACPolicy {
        var copy = self
        copy.apply(change)
        return copy
    }

    public mutating func apply(_ change: Change) {
        switch change {
        case .set(let object):
            let name = object.at("metadata", "name")?.string ?? ""
            let namespace = object.at("metadata", "namespace")?.string ?? ""
            switch object["kind"]?.string {
            case "ClusterRole": clusterRoles[name] = CompiledRole(PolicyRule.rules(of: object))
            case "Role":
                roles[Key(namespace: namespace, name: name)] = CompiledRole(PolicyRule.rules(of: object))
            case "ClusterRoleBinding": clusterBindings.insert(Binding(object))
            case "RoleBinding": bindings[namespace, default: SubjectIndex()].insert(Binding(object))
            default: break
            }
        case .remove(let kind, let namespace, let name):
            switch kind {
            case "ClusterRole": clusterRoles[name] = nil
            case "Role": roles[Key(namespace: namespace, name: name)] = nil
            case "ClusterRoleBinding": clusterBindings.remove(name)
            case "RoleBinding":
                bindings[namespace]?.remove(name)
                if bindings[namespace]?.bindings.isEmpty == true { bindings[namespace] = nil }
            default: break
            }
        }
    }

    // MARK: - Questions

    /// Whether the user may do it. Members of `system:masters` may do everything.
    public func authorize(_ attributes: Attributes) -> Decision {
        if attributes.user.groups.contains(Group.masters) { return .allow(nil) }
        var dangling: [Binding] = []
        var allowing: Binding?
        visit(attributes.user, attributes.namespace) { binding in
            guard let role = role(of: binding) else {
                dangling.append(binding)
                return true
            }
            guard role.allows(attributes) else { return true }
            allowing = binding
            return false
        }
        if let allowing { return .allow(Allowance(binding: allowing, user: attributes.user)) }
        return .noOpinion(reason: dangling.isEmpty ? "" : "RBAC: " + Self.errors(dangling))
    }

    /// All rules that apply to a user in a namespace (empty: only those of the whole cluster), and what is
    /// wrong with bindings that could not be followed (empty when nothing is).
    public func rules(for user: UserInfo, namespace: String) -> (rules: [PolicyRule], errors: String) {
        var rules: [PolicyRule] = []
        var dangling: [Binding] = []
        visit(user, namespace) { binding in
            if let role = role(of: binding) { rules += role.rules } else { dangling.append(binding) }
            return true
        }
        return (rules, dangling.isEmpty ? "" : Self.errors(dangling))
    }

    /// The status of a SelfSubjectRulesReview.
    public func rulesReviewStatus(for user: UserInfo, namespace: String) -> JSON {
        let found = rules(for: user, namespace: namespace)
        func strings(_ values: [String]) -> JSON { .array(values.map(JSON.string)) }
        var resourceRules: [JSON] = []
        var nonResourceRules: [JSON] = []
        for rule in found.rules {
            if !rule.resources.isEmpty {
                var entry = JSONObject()
                entry["verbs"] = strings(rule.verbs)
                if !rule.apiGroups.isEmpty { entry["apiGroups"] = strings(rule.apiGroups) }
                entry["resources"] = strings(rule.resources)
                if !rule.resourceNames.isEmpty { entry["resourceNames"] = strings(rule.resourceNames) }
                resourceRules.append(.object(entry))
            }
            if !rule.nonResourceURLs.isEmpty {
                nonResourceRules.append(
                    ["verbs": strings(rule.verbs), "nonResourceURLs": strings(rule.nonResourceURLs)])
            }
        }
        var status: JSON = [
            "resourceRules": .array(resourceRules), "nonResourceRules": .array(nonResourceRules),
            "incomplete": .bool(!found.errors.isEmpty),
        ]
        if !found.errors.isEmpty { status["evaluationError"] = .string(found.errors) }
        return status
    }

    /// The rules of the role that a binding refers to; nil when there is no such role.
    public func rules(ofRole kind: String, named name: String, namespace: String) -> [PolicyRule]? {
        switch kind {
        case "ClusterRole": clusterRoles[name]?.rules
        case "Role": roles[Key(namespace: namespace, name: name)]?.rules
        default: nil
        }
    }

    /// Calls the visitor with every binding that applies to the user, each once, until it answers false.
    private func visit(_ user: UserInfo, _ namespace: String, _ visitor: (Binding) -> Bool) {
        guard Self.visit(clusterBindings, user, visitor), !namespace.isEmpty, let local = bindings[namespace]
        else { return }
        _ = Self.visit(local, user, visitor)
    }

    private static func visit(_ index: SubjectIndex, _ user: UserInfo, _ visitor: (Binding) -> Bool) -> Bool {
        // A binding may name the user and several of its groups: it is visited where it is first met.
        var seen: [Binding] = []
        for binding in index.users[user.name] ?? [] {
            guard visitor(binding) else { return false }
            if binding.subjects.count > 1 { seen.append(binding) }
        }
        for group in user.groups {
            guard let bindings = index.groups[group] else { continue }
            for binding in bindings {
                if binding.subjects.count > 1 {
                    if seen.contains(where: { $0 === binding }) { continue }
                    seen.append(binding)
                }
                guard visitor(binding) else { return false }
            }
        }
        return true
    }

    private func role(of binding: Binding) -> CompiledRole? {
        switch binding.roleKind {
        case "ClusterRole": clusterRoles[binding.roleName]
        case "Role": roles[Key(namespace: binding.namespace, name: binding.roleName)]
        default: nil
        }
    }

    private static func errors(_ dangling: [Binding]) -> String {
        var messages: [String] = []
        for binding in dangling {
            let message: String
            switch binding.roleKind {
            case "ClusterRole", "Role":
                let resource = binding.roleKind == "Role" ? "role" : "clusterrole"
                let name = JSONWriter.quoted(binding.roleName)
                message = "\(resource).rbac.authorization.k8s.io \(name) not found"
            default: message = "unsupported role reference kind: \(JSONWriter.quoted(binding.roleKind))"
            }
            if !messages.contains(message) { messages.append(message) }
        }
        return messages.count == 1 ? messages[0] : "[" + messages.joined(separator: ", ") + "]"
    }
}

/// A role's rules, with those that name a resource found by that name.
final class CompiledRole: Sendable {
    let rules: [PolicyRule]
    /// Positions of the rules that name a resource in full (`pods`, `pods/log`), by its part before the
    /// slash.
    private let byResource: [String: [Int]]
    /// Positions of the rules with a `*` among their resources.
    private let general: [Int]
    private let paths: [Int]

    init(_ rules: [PolicyRule]) {
        self.rules = rules
        var byResource: [String: [Int]] = [:]
        var general: [Int] = []
        var paths: [Int] = []
        for (position, rule) in rules.enumerated() {
            if !rule.nonResourceURLs.isEmpty { paths.append(position) }
            if rule.resources.contains(where: { $0.utf8.first == UInt8(ascii: "*") }) {
                general.append(position)
                continue
            }
            for resource in rule.resources {
                let parent = String(resource.prefix { $0 != "/" })
                if byResource[parent]?.last != position { byResource[parent, default: []].append(position) }
            }
        }
        self.byResource = byResource
        self.general = general
        self.paths = paths
    }

    func allows(_ attributes: Attributes) -> Bool {
        guard attributes.isResourceRequest else {
            for position in paths where rules[position].allows(attributes) { return true }
            return false
        }
        if !byResource.isEmpty, let positions = byResource[attributes.resource] {
            for position in positions where rules[position].allows(attributes) { return true }
        }
        for position in general where rules[position].allows(attributes) { return true }
        return false
    }
}
