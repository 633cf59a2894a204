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
        let role = Make.role(
            "Role", "r", "n",
            [
                Self.pods, PolicyRule(verbs: ["watch"], apiGroups: [""], resources: ["pods"]),
                PolicyRule(verbs: ["get"], nonResourceURLs: ["/x"]),
            ])
        let refusal = Escalation.checkRole(
            role, replacing: nil, by: Self.eve, policy: policy, authorize: policy.authorize)
        #expect(
            refusal?.description == """
                user "eve" (groups=["devs" "system:authenticated"]) is attempting to grant RBAC permissions \
                not currently held:
                {APIGroups:[""], Resources:["pods"], Verbs:["list" "watch"]}
                {NonResourceURLs:["/x"], Verbs:["get"]}
                """)
        // What does not change the rules is free.
        #expect(
            Escalation.checkRole(
                role, replacing: role, by: Self.eve, policy: policy, authorize: policy.authorize) == nil)
        let modest = Make.role(
            "Role", "r", "n", [PolicyRule(verbs: ["get"], apiGroups: [""], resources: ["pods"])])
        #expect(
            Escalation.checkRole(
                modest, replacing: nil, by: Self.eve, policy: policy, authorize: policy.authorize) == nil)
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
        #expect(
            Escalation.checkBinding(
                binding, replacing: nil, by: Self.eve, policy: policy, authorize: policy.authorize) == nil)
        let plain = self.policy()
        #expect(
            Escalation.checkBinding(
                binding, replacing: nil, by: Self.eve, policy: plain, authorize: plain.authorize) != nil)
        let dangling = Make.binding("b", "n", role: "none", [])
        let missing = Escalation.missingRole(
            dangling, by: Self.eve, policy: plain, authorize: plain.authorize)
        #expect(missing?.resource == "clusterroles" && missing?.name == "none")
    }

    @Test func aggregationNeedsEverything() {
        let policy = policy()
        var role = Make.role("ClusterRole", "sum", "", [])
        role["aggregationRule"] = ["clusterRoleSelectors": [["matchLabels": ["a": "b"]]]]
        let refusal = Escalation.checkRole(
            role, replacing: nil, by: Self.eve, policy: policy, authorize: policy.authorize)
        #expect(refusal?.description == "must have cluster-admin privileges to use an aggregationRule")
        let root = UserInfo(name: "root", groups: [Group.masters])
        #expect(
            Escalation.checkRole(role, replacing: nil, by: root, policy: policy, authorize: policy.authorize)
                == nil)
    }
}
