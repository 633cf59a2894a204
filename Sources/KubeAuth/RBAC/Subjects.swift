import KubeJSON

/// A subject of a binding (rbac.authorization.k8s.io/v1 Subject).
public struct Subject: Hashable, Sendable {
    /// `User`, `Group` or `ServiceAccount`; others match nobody.
    public let kind: String
    public let name: String
    /// Only of service accounts.
    public let namespace: String

    public init(kind: String, name: String, namespace: String = "") {
        self.kind = kind
        self.name = name
        self.namespace = namespace
    }

    public init(_ json: JSON) {
        kind = json["kind"]?.string ?? ""
        name = json["name"]?.string ?? ""
        namespace = json["namespace"]?.string ?? ""
    }

    /// The user that this subject names, when it names one; a service account without a namespace is one
    /// of the binding's namespace.
    func user(in bindingNamespace: String) -> String? {
        switch kind {
        case "User": return name
        case "ServiceAccount":
            let home = namespace.isEmpty ? bindingNamespace : namespace
            return home.isEmpty ? nil : ServiceAccountUser.name(namespace: home, name: name)
        default: return nil
        }
    }

    func applies(to user: UserInfo, in bindingNamespace: String) -> Bool {
        if kind == "Group" { return user.groups.contains(name) }
        return self.user(in: bindingNamespace) == user.name
    }

    func description(in bindingNamespace: String) -> String {
        guard kind == "ServiceAccount" else { return "\(kind) \(JSONWriter.quoted(name))" }
        let home = namespace.isEmpty ? bindingNamespace : namespace
        return "\(kind) \(JSONWriter.quoted(name + "/" + home))"
    }
}

/// A RoleBinding or ClusterRoleBinding, read once.
final class Binding: Sendable {
    let name: String
    /// Empty for a ClusterRoleBinding.
    let namespace: String
    let roleKind: String
    let roleName: String
    let subjects: [Subject]

    init(_ json: JSON) {
        name = json.at("metadata", "name")?.string ?? ""
        namespace =
            json["kind"]?.string == "RoleBinding" ? json.at("metadata", "namespace")?.string ?? "" : ""
        roleKind = json.at("roleRef", "kind")?.string ?? ""
        roleName = json.at("roleRef", "name")?.string ?? ""
        subjects = json["subjects"]?.array?.map(Subject.init) ?? []
    }
}

/// Why RBAC allows a request: the binding, and the user that it applies to.
public struct Allowance: Sendable, CustomStringConvertible {
    let binding: Binding
    let user: UserInfo

    /// `ClusterRoleBinding "x" of ClusterRole "y" to Group "z"`.
    public var description: String {
        let kind = binding.namespace.isEmpty ? "ClusterRoleBinding" : "RoleBinding"
        let name = binding.namespace.isEmpty ? binding.name : binding.name + "/" + binding.namespace
        let subject = binding.subjects.first { $0.applies(to: user, in: binding.namespace) }
        return
            "\(kind) \(JSONWriter.quoted(name)) of \(binding.roleKind) \(JSONWriter.quoted(binding.roleName))"
            + " to \(subject?.description(in: binding.namespace) ?? "")"
    }
}
