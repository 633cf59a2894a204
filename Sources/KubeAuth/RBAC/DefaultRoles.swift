import KubeJSON

/// The roles and bindings that every cluster of v1.36 starts with, with the feature gates at their defaults.
///
/// They are kept as a small table of text (`DefaultRoleTables`) and turned into objects on first use:
///
///     = NAME [labels…]                     a role, with its aggregation labels
///     VERBS GROUPS RESOURCES [NAMES]       one rule; lists are separated by commas, `core` is the group ""
///     VERBS url PATHS                      one rule for paths
///     events                               may record events
///
/// and for bindings `ROLE SUBJECTS…`, each subject being `user:NAME`, `group:NAME` or `sa:NAMESPACE/NAME`.
public enum DefaultRoles {
    /// ClusterRoles, with the rules of the aggregated ones filled in.
    public static let clusterRoles: [JSON] = {
        var roles = parse(DefaultRoleTables.clusterRoles, kind: "ClusterRole", namespace: "")
        roles += ["admin", "edit", "view"].map(aggregate)
        roles += parse(DefaultRoleTables.controllerRoles, kind: "ClusterRole", namespace: "") {
            "system:controller:" + $0
        }
        for settled in Aggregation.settle(roles) {
            if let position = roles.firstIndex(where: { $0["metadata"] == settled["metadata"] }) {
                roles[position] = settled
            }
        }
        return roles
    }()

    public static let clusterRoleBindings: [JSON] =
        bindings(DefaultRoleTables.clusterRoleBindings, kind: "ClusterRole", namespace: "")
        + parse(DefaultRoleTables.controllerRoles, kind: "ClusterRole", namespace: "") { $0 }.map { role in
            let name = role.at("metadata", "name")?.string ?? ""
            return binding(
                name: "system:controller:" + name, roleKind: "ClusterRole",
                role: "system:controller:" + name, namespace: "", subjects: ["sa:kube-system/" + name])
        }

    public static let roles: [JSON] =
        parse(DefaultRoleTables.kubeSystemRoles, kind: "Role", namespace: "kube-system")
        + parse(DefaultRoleTables.kubePublicRoles, kind: "Role", namespace: "kube-public")

    public static let roleBindings: [JSON] =
        bindings(DefaultRoleTables.kubeSystemBindings, kind: "Role", namespace: "kube-system")
        + bindings(DefaultRoleTables.kubePublicBindings, kind: "Role", namespace: "kube-public")

    /// Everything, roles before the bindings that refer to them.
    public static var all: [JSON] { clusterRoles + clusterRoleBindings + roles + roleBindings }

    // MARK: - Reading the tables

    private static let aliases: [Substring: [String]] = [
        "read": ["get", "list", "watch"],
        "write": ["create", "update", "patch", "delete", "deletecollection"],
        "readwrite": ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"],
        "readupdate": ["get", "list", "watch", "update", "patch"],
    ]

    private static func parse(
        _ table: String, kind: String, namespace: String, name: (String) -> String = { $0 }
    ) -> [JSON] {
        var roles: [JSON] = []
        var rules: [JSON] = []
        func close() {
            if !roles.isEmpty { roles[roles.count - 1]["rules"] = .array(rules) }
            rules = []
        }
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let first = words.first else { continue }
            if first == "=", words.count > 1 {
                close()
                var role = object(kind, name(String(words[1])), namespace)
                for label in words.dropFirst(2) {
                    role.set(
                        "true", at: "metadata", "labels", "rbac.authorization.k8s.io/" + String(label))
                }
                roles.append(role)
            } else if first == "events" {
                rules.append(rule(["create,patch,update", "core,events.k8s.io", "events"]).json)
            } else {
                rules.append(rule(words).json)
            }
        }
        close()
        return roles
    }

    private static func rule(_ words: [Substring]) -> PolicyRule {
        func list(_ position: Int) -> [String] {
            guard words.indices.contains(position) else { return [] }
            if position == 0, let verbs = aliases[words[0]] { return verbs.sorted(by: utf8Less) }
            return words[position].split(separator: ",").map { $0 == "core" ? "" : String($0) }
                .sorted(by: utf8Less)
        }
        if words.count > 1, words[1] == "url" { return PolicyRule(verbs: list(0), nonResourceURLs: list(2)) }
        return PolicyRule(verbs: list(0), apiGroups: list(1), resources: list(2), resourceNames: list(3))
    }

    private static func bindings(_ table: String, kind: String, namespace: String) -> [JSON] {
        table.split(separator: "\n").map { line in
            let words = line.split(separator: " ").map(String.init)
            // `NAME=ROLE` where the binding is not named after its role.
            let names = words[0].split(separator: "=").map(String.init)
            return binding(
                name: names[0], roleKind: kind, role: names.last ?? "", namespace: namespace,
                subjects: Array(words.dropFirst()))
        }
    }

    private static func binding(
        name: String, roleKind: String, role: String, namespace: String, subjects: [String]
    ) -> JSON {
        var object = object(namespace.isEmpty ? "ClusterRoleBinding" : "RoleBinding", name, namespace)
        object["roleRef"] = [
            "apiGroup": .string(Escalation.group), "kind": .string(roleKind), "name": .string(role),
        ]
        if !subjects.isEmpty { object["subjects"] = .array(subjects.map(subject)) }
        return object
    }

    private static func subject(_ text: String) -> JSON {
        let kind = text.prefix { $0 != ":" }
        let name = text.dropFirst(kind.count + 1)
        if kind == "sa" {
            let parts = name.split(separator: "/").map(String.init)
            return [
                "kind": "ServiceAccount", "name": .string(parts.last ?? ""),
                "namespace": .string(parts.first ?? ""),
            ]
        }
        return [
            "apiGroup": .string(Escalation.group), "kind": kind == "user" ? "User" : "Group",
            "name": .string(String(name)),
        ]
    }

    /// `admin`, `edit` or `view`: the sum of the roles labelled for it, itself part of the next wider one.
    private static func aggregate(_ name: String) -> JSON {
        var role = object("ClusterRole", name, "")
        if let wider = ["edit": "admin", "view": "edit"][name] {
            role.set("true", at: "metadata", "labels", "rbac.authorization.k8s.io/aggregate-to-" + wider)
        }
        let label = "rbac.authorization.k8s.io/aggregate-to-" + name
        role["aggregationRule"] = ["clusterRoleSelectors": [["matchLabels": [label: "true"]]]]
        role["rules"] = []
        return role
    }

    private static func object(_ kind: String, _ name: String, _ namespace: String) -> JSON {
        var metadata: JSON = [
            "name": .string(name),
            "labels": ["kubernetes.io/bootstrapping": "rbac-defaults"],
            "annotations": [RoleReconciliation.autoUpdate: "true"],
        ]
        if !namespace.isEmpty { metadata["namespace"] = .string(namespace) }
        return [
            "kind": .string(kind), "apiVersion": .string(Escalation.group + "/v1"), "metadata": metadata,
        ]
    }
}
