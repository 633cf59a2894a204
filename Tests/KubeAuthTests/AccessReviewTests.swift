import KubeJSON
import Testing

@testable import KubeAuth

@Suite struct AccessReviewTests {
    static let ann = UserInfo(name: "ann", groups: [Group.authenticated])

    @Test func questions() {
        let own = AccessReview.question(
            [
                "kind": "SelfSubjectAccessReview",
                "spec": [
                    "resourceAttributes": [
                        "verb": "get", "group": "apps", "resource": "deployments", "subresource": "scale",
                        "namespace": "n", "name": "web",
                    ]
                ],
            ], from: Self.ann)
        #expect(own.user == Self.ann && own.isResourceRequest)
        #expect(ImpersonationTests.text(own) == "get apps deployments/scale n/web")
        let other = AccessReview.question(
            [
                "kind": "SubjectAccessReview",
                "spec": [
                    "user": "bob", "groups": ["g"], "extra": ["Scope": ["a"]],
                    "nonResourceAttributes": ["verb": "get", "path": "/metrics"],
                ],
            ], from: Self.ann)
        #expect(other.user == UserInfo(name: "bob", groups: ["g"], extra: ["scope": ["a"]]))
        #expect(!other.isResourceRequest && other.path == "/metrics")
    }

    static let reviews: [(String, JSON, [String])] = [
        ("SelfSubjectAccessReview", ["resourceAttributes": [:]], []),
        ("SelfSubjectAccessReview", [:], ["spec.resourceAttributes"]),
        ("SubjectAccessReview", ["resourceAttributes": [:]], ["spec.user"]),
        ("SubjectAccessReview", ["resourceAttributes": [:], "groups": ["g"]], []),
        (
            "SubjectAccessReview", ["resourceAttributes": [:], "nonResourceAttributes": [:], "user": "u"],
            ["spec.nonResourceAttributes"]
        ),
    ]

    @Test(arguments: reviews)
    func validation(kind: String, spec: JSON, fields: [String]) {
        #expect(AccessReview.validate(["kind": .string(kind), "spec": spec]).map(\.field) == fields)
    }

    @Test func statuses() {
        #expect(AccessReview.status(.noOpinion(reason: "")) == ["allowed": false])
        let policy = RBACPolicy(DefaultRoles.all)
        let asked = Attributes(user: Self.ann, verb: "get", path: "/api")
        #expect(
            AccessReview.status(policy.authorize(asked)) == [
                "allowed": true,
                "reason": .string(
                    #"RBAC: allowed by ClusterRoleBinding "system:discovery" of ClusterRole "system:discovery""#
                        + #" to Group "system:authenticated""#),
            ])
    }
}
