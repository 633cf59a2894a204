import KubeJSON
import Testing

@testable import KubeAPI

@Suite struct FlowClassifierTests {
    private typealias Request = FlowClassifier.Request
    private typealias Target = FlowClassifier.Target

    private static let bootstrap = FlowClassifier(
        schemas: FlowControlBootstrap.schemas, levels: FlowControlBootstrap.levels)

    private static func schema(
        _ name: String, _ precedence: Int64, level: String = "exempt", subjects: JSON, resources: JSON = [],
        paths: JSON = []
    ) -> JSON {
        [
            "metadata": ["name": .string(name), "uid": .string("uid-" + name)],
            "spec": [
                "matchingPrecedence": .integer(precedence),
                "priorityLevelConfiguration": ["name": .string(level)],
                "rules": [["subjects": subjects, "resourceRules": resources, "nonResourceRules": paths]],
            ],
        ]
    }

    private static func classifier(_ schemas: JSON...) -> FlowClassifier {
        FlowClassifier(schemas: schemas, levels: [["metadata": ["name": "exempt", "uid": "uid-level"]]])
    }

    @Test(arguments: [
        ("admin", ["system:masters"], "delete", "pods", "x", "exempt"),
        ("system:node:a", ["system:nodes"], "update", "nodes/status", "", "system-node-high"),
        ("system:node:a", ["system:nodes"], "update", "nodes/proxy", "", "system-nodes"),
        ("system:kube-scheduler", ["system:authenticated"], "list", "pods", "", "kube-scheduler"),
        ("system:serviceaccount:kube-system:a", [], "get", "pods", "x", "kube-system-service-accounts"),
        (
            "system:serviceaccount:web:a", ["system:serviceaccounts", "system:authenticated"], "get", "pods",
            "x", "service-accounts"
        ),
        ("bob", ["system:authenticated"], "get", "pods", "x", "global-default"),
        ("nobody", [], "get", "pods", "x", "catch-all"),
    ])
    func theUsualSchemasTakeTheUsualRequests(
        user: String, groups: [String], verb: String, resource: String, namespace: String, schema: String
    ) {
        let target = Target(group: "", resource: resource, namespace: namespace)
        let request = Request(user: user, groups: groups, verb: verb, target: target, path: "/")
        #expect(Self.bootstrap.flow(of: request)?.schema == schema)
    }

    @Test func theOneThatComesFirstTakesIt() {
        let anybody: JSON = [["kind": "User", "user": ["name": "*"]]]
        let all: JSON = [["verbs": ["*"], "nonResourceURLs": ["*"]]]
        let flows = Self.classifier(
            Self.schema("b", 5, subjects: anybody, paths: all),
            Self.schema("c", 1, level: "gone", subjects: anybody, paths: all),
            Self.schema("a", 5, subjects: anybody, paths: all))
        let request = Request(user: "u", groups: [], verb: "get", target: nil, path: "/version")
        #expect(
            flows.flow(of: request)
                == FlowClassifier.Flow(
                    schema: "a", schemaUID: "uid-a", level: "exempt", levelUID: "uid-level"))
        let pods = Target(group: "", resource: "pods", namespace: "n")
        #expect(
            flows.flow(of: Request(user: "u", groups: [], verb: "get", target: pods, path: "/")) == nil)
    }

    @Test(arguments: [
        ("get", "/healthz", true), ("get", "/healthz/ping", true), ("get", "/healthzz", false),
        ("get", "/apis/a", true), ("get", "/apis", false), ("post", "/healthz", false),
    ])
    func pathsMatchWholeSteps(verb: String, path: String, isTaken: Bool) {
        let flows = Self.classifier(
            Self.schema(
                "s", 1, subjects: [["kind": "Group", "group": ["name": "g"]]],
                paths: [["verbs": ["get"], "nonResourceURLs": ["/healthz", "/apis/*"]]]))
        let request = Request(user: "u", groups: ["f", "g"], verb: verb, target: nil, path: path)
        #expect((flows.flow(of: request) != nil) == isTaken)
    }

    @Test(arguments: [
        ("list", "apps", "deployments", "one", true), ("list", "apps", "deployments", "two", false),
        ("list", "apps", "deployments", "", true), ("list", "apps", "deployments/scale", "one", false),
        ("get", "apps", "deployments", "one", false), ("list", "", "deployments", "one", false),
    ])
    func resourcesMatchInTheirNamespaces(
        verb: String, group: String, resource: String, namespace: String, isTaken: Bool
    ) {
        let flows = Self.classifier(
            Self.schema(
                "s", 1,
                subjects: [
                    ["kind": "ServiceAccount", "serviceAccount": ["namespace": "one", "name": "robot"]]
                ],
                resources: [
                    [
                        "verbs": ["list"], "apiGroups": ["apps"], "resources": ["deployments"],
                        "namespaces": ["one"], "clusterScope": true,
                    ]
                ]))
        let target = Target(group: group, resource: resource, namespace: namespace)
        let request = Request(
            user: "system:serviceaccount:one:robot", groups: [], verb: verb, target: target, path: "/")
        #expect((flows.flow(of: request) != nil) == isTaken)
    }
}
