import KubeJSON
import Testing

@testable import KubeAuth

/// Objects for tests, as short as they can be written.
enum Make {
    static func role(_ kind: String, _ name: String, _ namespace: String = "", _ rules: [PolicyRule]) -> JSON
    {
        [
            "kind": .string(kind), "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "rules": .array(rules.map(\.json)),
        ]
    }

    static func binding(
        _ name: String, _ namespace: String = "", role: String, kind: String = "ClusterRole",
        _ subjects: [Subject]
    ) -> JSON {
        [
            "kind": namespace.isEmpty ? "ClusterRoleBinding" : "RoleBinding",
            "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "roleRef": [
                "apiGroup": "rbac.authorization.k8s.io", "kind": .string(kind), "name": .string(role),
            ],
            "subjects": .array(
                subjects.map {
                    ["kind": .string($0.kind), "name": .string($0.name), "namespace": .string($0.namespace)]
                }),
        ]
    }
}

@Suite struct RBACPolicyTests {
    static let ann = UserInfo(name: "ann", groups: ["devs", Group.authenticated])

    @Test(arguments: [
        // rule, verb, group, resource, subresource, name, allowed
        (PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"]), "get", "", "pods", "", "x", true),
        (PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"]), "list", "", "pods", "", "", false),
        (
            PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"]), "get", "", "pods", "log", "x",
            false
        ),
        (
            PolicyRule(verbs: ["get"], apiGroups: ["apps"], resources: ["pods"]), "get", "", "pods", "", "",
            false
        ),
        (PolicyRule(verbs: ["*"], apiGroups: ["*"], resources: ["*"]), "go", "a", "b", "c", "", true),
        (
            PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods/log"]), "get", "", "pods", "log",
            "",
            true
        ),
        (
            PolicyRule(verbs: ["get"], apiGroups: ["*"], resources: ["*/scale"]), "get", "apps",
            "deployments",
            "scale", "", true
        ),
        (
            PolicyRule(verbs: ["get"], apiGroups: ["*"], resources: ["*/scale"]), "get", "apps",
            "deployments",
            "", "", false
        ),
        (
            PolicyRule(verbs: ["get"], apiGroups: ["*"], resources: ["*/scale"]), "get", "apps",
            "deployments",
            "autoscale", "", false
        ),
        (
            PolicyRule(verbs: ["get"], apiGroups: ["*"], resources: ["*/autoscale", "deployments-scale"]),
            "get", "apps", "deployments", "scale", "", false
        ),
        (
            PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["a"]), "get", "",
            "pods", "", "a", true
        ),
        (
            PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["a"]), "get", "",
            "pods", "", "b", false
        ),
        (
            PolicyRule(verbs: ["list"], apiGroups: [""], resources: ["pods"], resourceNames: ["a"]), "list",
            "",
            "pods", "", "", false
        ),
    ])
    func resources(
        rule: PolicyRule, verb: String, group: String, resource: String, subresource: String, name: String,
        isAllowed: Bool
    ) {
        let policy = RBACPolicy([
            Make.role("ClusterRole", "r", "", [rule]),
            Make.binding("b", role: "r", [Subject(kind: "User", name: "ann")]),
        ])
        let asked = Attributes(
            user: Self.ann, verb: verb, apiGroup: group, resource: resource, subresource: subresource,
            namespace: "n", name: name)
        #expect(policy.authorize(asked).isAllowed == isAllowed)
    }

    @Test(arguments: [
        ("/healthz", "/healthz", true), ("/healthz", "/healthz/", false),
        ("/healthz/*", "/healthz/a/b", true),
        ("/healthz/*", "/healthz", false), ("*", "/anything", true), ("/api*", "/apis/x", true),
    ])
    func paths(url: String, path: String, isAllowed: Bool) {
        let policy = RBACPolicy([
            Make.role("ClusterRole", "r", "", [PolicyRule(verbs: ["get"], nonResourceURLs: [url])]),
            Make.binding("b", role: "r", [Subject(kind: "Group", name: "devs")]),
        ])
        #expect(policy.authorize(Attributes(user: Self.ann, verb: "get", path: path)).isAllowed == isAllowed)
        #expect(!policy.authorize(Attributes(user: Self.ann, verb: "post", path: path)).isAllowed)
    }

    @Test func reasonsNameBindingRoleAndSubject() {
        let rule = PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"])
        let account = UserInfo(name: "system:serviceaccount:home:robot")
        var policy = RBACPolicy([
            Make.role("ClusterRole", "reader", "", [rule]),
            Make.binding("all", role: "reader", [Subject(kind: "Group", name: "devs")]),
            Make.binding("local", "home", role: "reader", [Subject(kind: "ServiceAccount", name: "robot")]),
        ])
        func asked(_ user: UserInfo, _ namespace: String) -> Attributes {
            Attributes(user: user, verb: "get", apiGroup: "", resource: "pods", namespace: namespace)
        }
        #expect(
            policy.authorize(asked(Self.ann, "n")).reason
                == #"RBAC: allowed by ClusterRoleBinding "all" of ClusterRole "reader" to Group "devs""#)
        #expect(
            policy.authorize(asked(account, "home")).reason
                == #"RBAC: allowed by RoleBinding "local/home" of ClusterRole "reader""#
                + #" to ServiceAccount "robot/home""#)
        #expect(!policy.authorize(asked(account, "away")).isAllowed)
        #expect(policy.authorize(asked(account, "away")).reason == "")

        policy.apply(.remove(kind: "ClusterRole", namespace: "", name: "reader"))
        #expect(
            policy.authorize(asked(Self.ann, "n")).reason
                == #"RBAC: clusterrole.rbac.authorization.k8s.io "reader" not found"#)
    }

    @Test func mastersNeedNoBinding() {
        let root = UserInfo(name: "root", groups: [Group.masters])
        let decision = RBACPolicy().authorize(Attributes(user: root, verb: "delete", path: "/x"))
        #expect(decision.isAllowed && decision.reason.isEmpty)
    }

    @Test func rulesReview() {
        let policy = RBACPolicy(DefaultRoles.all)
        let status = policy.rulesReviewStatus(for: Self.ann, namespace: "default")
        #expect(status["incomplete"] == false)
        #expect(
            status["resourceRules"]?.array?.contains([
                "verbs": ["create"], "apiGroups": ["authentication.k8s.io"],
                "resources": ["selfsubjectreviews"],
            ]) == true)
        #expect(status["nonResourceRules"]?.array?.isEmpty == false)
    }

    /// The indexed policy, changed step by step, answers as a search over all objects does.
    @Test func agreesWithNaiveEvaluator() {
        let seed = UInt64.random(in: 0 ... .max)
        print("agreesWithNaiveEvaluator seed \(seed)")
        var random = SplitMix(state: seed)
        for _ in 0..<60 {
            var world = World()
            var policy = RBACPolicy()
            for _ in 0..<25 { policy = policy.applying(world.change(&random)) }
            for _ in 0..<120 {
                let asked = World.question(&random)
                let answer = policy.authorize(asked).isAllowed
                #expect(answer == world.allows(asked), "seed \(seed): \(asked)")
            }
        }
    }

    @Test func oneOfManyRulesDecides() {
        var objects = DefaultRoles.all
        for number in 0..<500 {
            objects.append(
                Make.binding(
                    "b\(number)", "ns\(number % 50)", role: "view",
                    [Subject(kind: "User", name: "user\(number)")]))
        }
        let policy = RBACPolicy(objects)
        let user = UserInfo(name: "user77", groups: ["devs", Group.authenticated])
        let asked = Attributes(
            user: user, verb: "list", apiGroup: "apps", resource: "deployments", namespace: "ns27")
        #expect(policy.authorize(asked).isAllowed)
        let elsewhere = Attributes(
            user: user, verb: "list", apiGroup: "apps", resource: "deployments", namespace: "ns28")
        #expect(!policy.authorize(elsewhere).isAllowed)
    }
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A small random cluster, evaluated by looking at everything.
private struct World {
    var objects: [String: JSON] = [:]

    static let verbs = ["get", "list", "*"]
    static let groups = ["", "apps", "*"]
    static let resources = ["pods", "pods/log", "*/log", "*", "secrets"]
    static let names = ["a", "b"]
    static let namespaces = ["n1", "n2"]
    static let urls = ["/a", "/a/*", "*", "/b*"]
    static let subjects = [
        Subject(kind: "User", name: "u1"), Subject(kind: "User", name: "u2"),
        Subject(kind: "Group", name: "g1"),
        Subject(kind: "Group", name: "g2"), Subject(kind: "ServiceAccount", name: "s"),
        Subject(kind: "ServiceAccount", name: "s", namespace: "n2"), Subject(kind: "Robot", name: "u1"),
    ]

    static func some<T>(_ from: [T], _ random: inout SplitMix) -> [T] {
        from.filter { _ in UInt8.random(in: 0..<3, using: &random) == 0 }
    }

    mutating func change(_ random: inout SplitMix) -> RBACPolicy.Change {
        let kind = ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"].randomElement(using: &random)!
        let isLocal = kind.hasPrefix("Role")
        let namespace = isLocal ? Self.namespaces.randomElement(using: &random)! : ""
        let name = "x\(Int.random(in: 0..<3, using: &random))"
        let key = "\(kind)/\(namespace)/\(name)"
        if Int.random(in: 0..<5, using: &random) == 0 {
            objects[key] = nil
            return .remove(kind: kind, namespace: namespace, name: name)
        }
        let object: JSON
        if kind.hasSuffix("Binding") {
            object = Make.binding(
                name, namespace, role: "x\(Int.random(in: 0..<3, using: &random))",
                kind: isLocal && Bool.random(using: &random) ? "Role" : "ClusterRole",
                Self.some(Self.subjects, &random))
        } else {
            let rules = (0..<2).map { _ in
                PolicyRule(
                    verbs: Self.some(Self.verbs, &random), apiGroups: Self.some(Self.groups, &random),
                    resources: Self.some(Self.resources, &random),
                    resourceNames: Self.some(Self.names, &random),
                    nonResourceURLs: Self.some(Self.urls, &random))
            }
            object = Make.role(kind, name, namespace, rules)
        }
        objects[key] = object
        return .set(object)
    }

    static func question(_ random: inout SplitMix) -> Attributes {
        let user = UserInfo(
            name: ["u1", "u2", "system:serviceaccount:n1:s", "system:serviceaccount:n2:s"]
                .randomElement(using: &random)!,
            groups: some(["g1", "g2", "g3"], &random))
        let verb = ["get", "list", "watch"].randomElement(using: &random)!
        if Int.random(in: 0..<4, using: &random) == 0 {
            return Attributes(
                user: user, verb: verb,
                path: ["/a", "/a/b", "/b", "/bc", "/c"].randomElement(using: &random)!)
        }
        return Attributes(
            user: user, verb: verb, apiGroup: ["", "apps"].randomElement(using: &random)!,
            resource: ["pods", "secrets"].randomElement(using: &random)!,
            subresource: ["", "log"].randomElement(using: &random)!,
            namespace: ["", "n1", "n2"].randomElement(using: &random)!,
            name: ["", "a", "b"].randomElement(using: &random)!)
    }

    func allows(_ asked: Attributes) -> Bool {
        for (_, binding) in objects {
            guard let kind = binding["kind"]?.string, kind.hasSuffix("Binding") else { continue }
            let namespace = binding.at("metadata", "namespace")?.string ?? ""
            if !namespace.isEmpty && namespace != asked.namespace { continue }
            let applies = binding["subjects"]?.array?.contains { subject in
                let name = subject["name"]?.string ?? ""
                switch subject["kind"]?.string {
                case "User": return name == asked.user.name
                case "Group": return asked.user.groups.contains(name)
                case "ServiceAccount":
                    let own = subject["namespace"]?.string ?? ""
                    let home = own.isEmpty ? namespace : own
                    return !home.isEmpty && asked.user.name == "system:serviceaccount:\(home):\(name)"
                default: return false
                }
            }
            guard applies == true else { continue }
            let roleKind = binding.at("roleRef", "kind")?.string ?? ""
            let roleName = binding.at("roleRef", "name")?.string ?? ""
            let role = objects["\(roleKind)/\(roleKind == "Role" ? namespace : "")/\(roleName)"]
            if role?["rules"]?.array?.contains(where: { Self.matches($0, asked) }) == true { return true }
        }
        return false
    }

    static func matches(_ rule: JSON, _ asked: Attributes) -> Bool {
        func list(_ key: String) -> [String] { rule[key]?.array?.compactMap(\.string) ?? [] }
        guard list("verbs").contains(where: { $0 == "*" || $0 == asked.verb }) else { return false }
        if !asked.isResourceRequest {
            return list("nonResourceURLs").contains { url in
                url == asked.path || (url.hasSuffix("*") && asked.path.hasPrefix(String(url.dropLast())))
            }
        }
        let combined = asked.resource + (asked.subresource.isEmpty ? "" : "/" + asked.subresource)
        return list("apiGroups").contains { $0 == "*" || $0 == asked.apiGroup }
            && list("resources").contains {
                $0 == "*" || $0 == combined || (!asked.subresource.isEmpty && $0 == "*/" + asked.subresource)
            }
            && (list("resourceNames").isEmpty || list("resourceNames").contains(asked.name))
    }
}
