import KubeJSON
import Testing

@testable import KubeAuth

@Suite struct DefaultRolesTests {
    static let policy = RBACPolicy(DefaultRoles.all)

    @Test func everyRoleIsWellFormed() {
        var names: Set<String> = []
        for object in DefaultRoles.all {
            let kind = object["kind"]?.string ?? ""
            let name = object.at("metadata", "name")?.string ?? ""
            let namespace = object.at("metadata", "namespace")?.string ?? ""
            #expect(names.insert("\(kind) \(namespace)/\(name)").inserted, "twice: \(kind) \(name)")
            #expect(object.at("metadata", "labels", "kubernetes.io/bootstrapping") == "rbac-defaults")
            #expect(object.at("metadata", "annotations", RoleReconciliation.autoUpdate) == "true")
            for rule in PolicyRule.rules(of: object) {
                #expect(!rule.verbs.isEmpty && (rule.resources.isEmpty != rule.nonResourceURLs.isEmpty))
                #expect(rule.apiGroups.isEmpty == rule.resources.isEmpty, "\(name): \(rule)")
                #expect(
                    rule.verbs == rule.verbs.sorted(by: utf8Less)
                        && rule.resources == rule.resources.sorted(by: utf8Less))
                let texts = rule.verbs + rule.apiGroups + rule.resources + rule.nonResourceURLs
                #expect(texts.allSatisfy { !$0.contains("\\") && !$0.contains(" ") })
            }
        }
        for binding in DefaultRoles.clusterRoleBindings + DefaultRoles.roleBindings {
            let reference = (
                binding.at("roleRef", "kind")?.string ?? "", binding.at("roleRef", "name")?.string ?? "",
                binding.at("metadata", "namespace")?.string ?? ""
            )
            #expect(
                Self.policy.rules(ofRole: reference.0, named: reference.1, namespace: reference.2) != nil,
                "\(binding)")
        }
    }

    @Test(arguments: [
        ("system:kube-scheduler", "create", "", "pods", "binding", true),
        ("system:kube-scheduler", "delete", "", "nodes", "", false),
        (
            "system:serviceaccount:kube-system:deployment-controller", "create", "apps", "replicasets", "",
            true
        ),
        (
            "system:serviceaccount:kube-system:horizontal-pod-autoscaler", "update", "apps", "deployments",
            "scale", true
        ),
        (
            "system:serviceaccount:kube-system:namespace-controller", "deletecollection", "x.io", "things",
            "", true
        ),
        ("system:serviceaccount:default:default", "get", "", "pods", "", false),
        ("system:kube-controller-manager", "watch", "any.io", "things", "", true),
    ])
    func access(user: String, verb: String, group: String, resource: String, sub: String, isAllowed: Bool) {
        let asked = Attributes(
            user: UserInfo(name: user).authenticated, verb: verb, apiGroup: group, resource: resource,
            subresource: sub, namespace: "kube-system")
        #expect(Self.policy.authorize(asked).isAllowed == isAllowed)
    }

    @Test func anonymousMayReadHealthAndVersionOnly() {
        func may(_ path: String) -> Bool {
            Self.policy.authorize(Attributes(user: .anonymous, verb: "get", path: path)).isAllowed
        }
        #expect(may("/healthz") && may("/version") && may("/readyz"))
        #expect(!may("/api") && !may("/metrics") && !may("/openapi/v2"))
    }

    @Test func viewEditAndAdminGrow() throws {
        func rules(_ name: String) throws -> [PolicyRule] {
            try #require(Self.policy.rules(ofRole: "ClusterRole", named: name, namespace: ""))
        }
        let (view, edit, admin) = (try rules("view"), try rules("edit"), try rules("admin"))
        #expect(view.count > 10)
        #expect(RuleCovering.missing(from: edit, of: view).isEmpty)
        #expect(RuleCovering.missing(from: admin, of: edit).isEmpty)
        #expect(!RuleCovering.missing(from: view, of: edit).isEmpty)
        #expect(!RuleCovering.missing(from: edit, of: admin).isEmpty)
        let secret = PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["secrets"])
        #expect(!RuleCovering.missing(from: view, of: [secret]).isEmpty)
    }

    @Test func aggregationFollowsSelectors() {
        func role(_ name: String, _ labels: JSON, _ rules: [PolicyRule]) -> JSON {
            var role = Make.role("ClusterRole", name, "", rules)
            role.set(labels, at: "metadata", "labels")
            return role
        }
        let one = PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["a"])
        let two = PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["b"])
        var sum = role("sum", ["t": "sum"], [])
        sum["aggregationRule"] = [
            "clusterRoleSelectors": [
                ["matchExpressions": [["key": "t", "operator": "In", "values": ["x", "y"]]]]
            ]
        ]
        let all = [
            sum, role("z", ["t": "x"], [two, one]), role("y", ["t": "y"], [one]), role("n", [:], [two]),
        ]
        #expect(Aggregation.rules(of: sum, from: all) == [one, two])
        let settled = Aggregation.settle(all)
        #expect(settled.count == 1 && PolicyRule.rules(of: settled[0]) == [one, two])
        #expect(Aggregation.settle([settled[0]] + all.dropFirst()).isEmpty)
    }

    @Test func reconciliationAddsAndNeverTakes() throws {
        let expected = try #require(
            DefaultRoles.clusterRoles.first { $0.at("metadata", "name") == "system:kube-dns" })
        guard case .create = RoleReconciliation.reconcile(expected: expected, existing: nil) else {
            Issue.record("not created")
            return
        }
        guard case .nothing = RoleReconciliation.reconcile(expected: expected, existing: expected) else {
            Issue.record("changed for nothing")
            return
        }
        let mine = PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"])
        var existing = expected
        existing["rules"] = [mine.json]
        existing.set("mine", at: "metadata", "labels", "kubernetes.io/bootstrapping")
        guard case .update(let updated) = RoleReconciliation.reconcile(expected: expected, existing: existing)
        else {
            Issue.record("not updated")
            return
        }
        let rules = PolicyRule.rules(of: updated)
        #expect(rules.first == mine)
        #expect(RuleCovering.missing(from: rules, of: PolicyRule.rules(of: expected)).isEmpty)
        #expect(updated.at("metadata", "labels", "kubernetes.io/bootstrapping") == "mine")
        existing.set("false", at: "metadata", "annotations", RoleReconciliation.autoUpdate)
        guard case .nothing = RoleReconciliation.reconcile(expected: expected, existing: existing) else {
            Issue.record("a protected role was changed")
            return
        }
    }

    @Test func reconciliationOfBindings() throws {
        let expected = try #require(
            DefaultRoles.clusterRoleBindings.first {
                $0.at("metadata", "name") == "system:public-info-viewer"
            })
        var existing = expected
        existing["subjects"] = [["kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "me"]]
        guard case .update(let updated) = RoleReconciliation.reconcile(expected: expected, existing: existing)
        else {
            Issue.record("not updated")
            return
        }
        #expect(updated["subjects"]?.array?.count == 3)
        existing.set("other", at: "roleRef", "name")
        guard case .recreate(let made) = RoleReconciliation.reconcile(expected: expected, existing: existing)
        else {
            Issue.record("not recreated")
            return
        }
        #expect(made["roleRef"] == expected["roleRef"])
    }
}
