import KubeJSON
import Testing

@testable import KubeAuth

@Suite struct EscalationTests {
    static let pods = PolicyRule(verbs: ["get", "list"], apiGroups: [""], resources: ["pods"])

    @Test(arguments: [
        ([pods], [pods], true),
        ([PolicyRule(verbs: ["*"], apiGroups: ["*"], resources: ["*"])], [pods], true),
        ([PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"])], [pods], false),
        // Two rules together may hold what neither does alone.
        (
            [
                PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"]),
                PolicyRule(verbs: ["list"], apiGroups: [""], resources: ["*"]),
            ], [pods], true
        ),
        // A name does not cover all names; all names cover a name.
        (
            [PolicyRule(verbs: ["get", "list"], apiGroups: [""], resources: ["pods"], resourceNames: ["a"])],
            [pods], false
        ),
        (
            [pods], [PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["a"])],
            true
        ),
        (
            [PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["*/log"])],
            [PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods/log"])], true
        ),
        (
            [PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"])],
            [PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["*"])], false
        ),
        (
            [PolicyRule(verbs: ["get"], nonResourceURLs: ["/a/*"])],
            [PolicyRule(verbs: ["get"], nonResourceURLs: ["/a/b/*", "/a/"])], true
        ),
        (
            [PolicyRule(verbs: ["get"], nonResourceURLs: ["/a"])],
            [PolicyRule(verbs: ["get"], nonResourceURLs: ["/a/*"])], false
        ),
    ])
    func covering(owned: [PolicyRule], asked: [PolicyRule], isCovered: Bool) {
        #expect(RuleCovering.missing(from: owned, of: asked).isEmpty == isCovered)
    }

    static let eve = UserInfo(name: "eve", groups: ["devs", "system:authenticated"])

    func policy(_ more: [PolicyRule] = []) -> RBACPolicy {
        RBACPolicy([
            Make.role(
                "ClusterRole", "held", "",
                [PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"])] + more),
            Make.role("ClusterRole", "wide", "", PolicyRule.everything),
            Make.binding("eve", role: "held", [Subject(kind: "User", name: "eve")]),
        ])
    }

    @Test func grantingMoreThanHeldIsRefused() {
        let policy = policy()
        var role = Make.role(
            "Role", "r", "n",
            [
                Self.pods, PolicyRule(verbs: ["watch"], apiGroups: [""], resources: ["pods"]),
                PolicyRule(verbs: ["get"], nonResourceURLs: ["/x"]),
            ])
        func check(_ role: JSON, _ old: JSON? = nil) -> Escalation.Refusal? {
            Escalation.checkRole(
                role, replacing: old, by: Self.eve, policy: policy, authorize: policy.authorize)
        }
        let refusal = Escalation.Refusal.forbidden(
            """
            user "eve" (groups=["devs" "system:authenticated"]) is attempting to grant RBAC permissions \
            not currently held:
            {APIGroups:[""], Resources:["pods"], Verbs:["list" "watch"]}
            {NonResourceURLs:["/x"], Verbs:["get"]}
            """)
        #expect(check(role) == refusal)
        // The garbage collector may work on it; any other change counts as granting it all.
        let old = role
        role.set(["f"], at: "metadata", "finalizers")
        #expect(check(role, old) == nil)
        role.set("b", at: "metadata", "labels", "a")
        #expect(check(role, old) == refusal)
        let modest = Make.role(
            "Role", "r", "n", [PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"])])
        #expect(check(modest) == nil)
    }

    @Test func escalateAndBindVerbsFree() {
        let group = Escalation.group
        let policy = policy([
            PolicyRule(verbs: ["escalate"], apiGroups: [group], resources: ["roles"]),
            PolicyRule(
                verbs: ["bind"], apiGroups: [group], resources: ["clusterroles"], resourceNames: ["wide"]),
        ])
        let role = Make.role("Role", "r", "n", [Self.pods])
        #expect(
            Escalation.checkRole(
                role, replacing: nil, by: Self.eve, policy: policy, authorize: policy.authorize) == nil)
        let binding = Make.binding("b", "n", role: "wide", [Subject(kind: "User", name: "eve")])
        func check(_ binding: JSON, _ policy: RBACPolicy) -> Escalation.Refusal? {
            Escalation.checkBinding(
                binding, replacing: nil, by: Self.eve, policy: policy, authorize: policy.authorize)
        }
        #expect(check(binding, policy) == nil)
        guard case .forbidden = check(binding, self.policy()) else {
            Issue.record("a wider role was bound")
            return
        }
        #expect(
            check(Make.binding("b", "n", role: "none", []), self.policy())
                == .roleNotFound(resource: "clusterroles", name: "none"))
        #expect(check(Make.binding("b", "n", role: "held", []), self.policy()) == nil)
    }

    @Test func aggregationNeedsEverything() {
        let policy = policy()
        let plain = Make.role("ClusterRole", "sum", "", [])
        var role = plain
        role["aggregationRule"] = ["clusterRoleSelectors": [["matchLabels": ["a": "b"]]]]
        func check(_ role: JSON, _ old: JSON?, _ user: UserInfo) -> Escalation.Refusal? {
            Escalation.checkRole(role, replacing: old, by: user, policy: policy, authorize: policy.authorize)
        }
        let refusal = Escalation.Refusal.forbidden(
            "must have cluster-admin privileges to use an aggregationRule")
        #expect(check(role, nil, Self.eve) == refusal)
        #expect(check(plain, role, Self.eve) == refusal)
        #expect(check(plain, nil, Self.eve) == nil)
        #expect(check(role, nil, UserInfo(name: "root", groups: [Group.masters])) == nil)
    }
}
