import KubeAPI
import KubeAuth
import KubeJSON
import Testing

@testable import KubeRegistry

@Suite struct AdmissionPolicyTests {
    private let policies = "validatingadmissionpolicies.admissionregistration.k8s.io"
    private let bindings = "validatingadmissionpolicybindings.admissionregistration.k8s.io"
    private let mutating = "mutatingadmissionpolicies.admissionregistration.k8s.io"
    private let mutatingBindings = "mutatingadmissionpolicybindings.admissionregistration.k8s.io"

    private func constraints(_ resources: [String], groups: [String] = [""]) -> JSON {
        [
            "resourceRules": [
                [
                    "apiGroups": .array(groups.map { .string($0) }), "apiVersions": ["v1"],
                    "operations": ["CREATE", "UPDATE"], "resources": .array(resources.map { .string($0) }),
                ]
            ]
        ]
    }

    private func policy(_ spec: JSON) -> JSON {
        var spec = spec
        if spec["matchConstraints"] == nil { spec["matchConstraints"] = constraints(["configmaps"]) }
        return ["metadata": ["name": "p"], "spec": spec]
    }

    private func cluster(
        _ spec: JSON, binding: JSON = ["validationActions": ["Deny"]]
    ) throws -> TestCluster {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a", labels: ["team": "red"])
        try cluster.create(policies, policy(spec))
        var binding = binding
        binding["policyName"] = "p"
        try cluster.create(bindings, ["metadata": ["name": "b"], "spec": binding])
        return cluster
    }

    private func attempt(_ cluster: TestCluster, _ data: JSON = ["k": "v"], name: String = "c") -> APIStatus?
    {
        cluster.refusal {
            try cluster.create("configmaps", in: "a", ["metadata": ["name": .string(name)], "data": data])
        }
    }

    @Test func aPolicyDenies() throws {
        let cluster = try cluster(["validations": [["expression": "object.data.k != 'bad'"]]])
        #expect(attempt(cluster)?.message == nil)
        let refused = attempt(cluster, ["k": "bad"], name: "d")
        let words =
            "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed expression: object.data.k != 'bad'"
        #expect(refused?.message == "configmaps \"d\" is forbidden: \(words)")
        #expect(refused?.code == 422)
        #expect(refused?.reason == "Invalid")
        #expect(refused?.details?["causes"] == [["message": .string(words)]])
        // A key that is not there is an error, and errors deny.
        #expect(
            attempt(cluster, [:], name: "d")?.message.hasSuffix(
                "expression 'object.data.k != 'bad'' resulted in error: no such key: data") == true)
        // Other resources are not asked about.
        try cluster.create("secrets", in: "a", ["metadata": ["name": "s"]])
        try cluster.delete(bindings, name: "b")
        #expect(attempt(cluster, ["k": "bad"], name: "d")?.message == nil)
    }

    @Test func messagesAndReasons() throws {
        let cluster = try cluster([
            "variables": [["name": "size", "expression": "object.data.size()"]],
            "validations": [
                [
                    "expression": "variables.size < 2", "reason": "Forbidden", "message": "fallback",
                    "messageExpression":
                        "'has ' + string(variables.size) + ' in ' + namespaceObject.metadata.name",
                ]
            ],
        ])
        let refused = attempt(cluster, ["a": "1", "b": "2"])
        #expect(refused?.message.hasSuffix("denied request: has 2 in a") == true)
        #expect(refused?.code == 403)
        #expect(refused?.reason == "Forbidden")
    }

    @Test func warningsDoNotDeny() throws {
        let cluster = try cluster(
            ["validations": [["expression": "false", "message": "careful"]]],
            binding: ["validationActions": ["Warn", "Audit"]])
        let (_, warnings) = try cluster.create("configmaps", in: "a", ["metadata": ["name": "c"]])
        #expect(
            warnings == [
                "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': careful"
            ])
    }

    @Test func failuresMayBeIgnoredAndConditionsNarrow() throws {
        let ignoring = try cluster([
            "failurePolicy": "Ignore", "validations": [["expression": "object.data.none == ''"]],
        ])
        #expect(attempt(ignoring)?.message == nil)
        let narrowed = try cluster([
            "matchConditions": [
                ["name": "not-admin", "expression": "request.userInfo.username != 'kubernetes-admin'"]
            ],
            "validations": [["expression": "false"]],
        ])
        #expect(attempt(narrowed)?.message == nil)
    }

    @Test func selectorsOfTheBindingCount() throws {
        let cluster = try cluster(
            ["validations": [["expression": "false"]]],
            binding: [
                "validationActions": ["Deny"],
                "matchResources": ["namespaceSelector": ["matchLabels": ["team": "blue"]]],
            ])
        #expect(attempt(cluster)?.message == nil)
        try cluster.merge("namespaces", name: "a", ["metadata": ["labels": ["team": "blue"]]])
        #expect(attempt(cluster, name: "d")?.code == 422)
    }

    @Test func parametersAreHandedIn() throws {
        let cluster = try cluster(
            [
                "paramKind": ["apiVersion": "v1", "kind": "ConfigMap"],
                "matchConstraints": constraints(["secrets"]),
                "validations": [["expression": "object.metadata.name.startsWith(params.data.prefix)"]],
            ],
            binding: [
                "validationActions": ["Deny"],
                "paramRef": ["name": "limits", "namespace": "a", "parameterNotFoundAction": "Deny"],
            ])
        func secret(_ name: String) -> String? {
            cluster.refusal { try cluster.create("secrets", in: "a", ["metadata": ["name": .string(name)]]) }?
                .message
        }
        #expect(
            secret("x")?.hasSuffix(
                "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction"
            ) == true)
        try cluster.create(
            "configmaps", in: "a", ["metadata": ["name": "limits"], "data": ["prefix": "ok-"]])
        #expect(secret("ok-x") == nil)
        #expect(secret("x")?.contains("failed expression") == true)
    }

    @Test func theAuthorizerAnswers() throws {
        let cluster = try cluster([
            "validations": [
                [
                    "expression":
                        "authorizer.group('').resource('pods').namespace('a').check('create').allowed() && authorizer.requestResource.check('custom').allowed()"
                ]
            ]
        ])
        #expect(attempt(cluster)?.message == nil)
    }

    @Test func expressionsAreCompiledWhenAPolicyIsMade() throws {
        let cluster = try TestCluster()
        func message(_ spec: JSON) -> String? {
            cluster.refusal { try cluster.create(policies, policy(spec)) }?.message
        }
        #expect(
            message(["validations": [["expression": "object.x =="]]])?.contains(
                "spec.validations[0].expression: Invalid value: \"object.x ==\": compilation failed: ERROR: <input>:1:12: Syntax error: mismatched input '<EOF>'"
            ) == true)
        #expect(
            message(["validations": [["expression": "1 + 1"]]])?.contains("must evaluate to bool") == true)
        #expect(
            message(["validations": [["expression": "params.x == 1"]]])?.contains(
                "undeclared reference to 'params'") == true)
        #expect(
            message(["validations": [["expression": "variables.none"]]])?.contains("undefined field 'none'")
                == true)
        #expect(
            message(["validations": [["expression": "request.nothing == 1"]]])?.contains(
                "undefined field 'nothing'") == true)
    }

    // MARK: Mutating

    private func mutatingCluster(_ mutations: [JSON], _ more: JSON = [:]) throws -> TestCluster {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a")
        var spec: JSON = [
            "matchConstraints": constraints(["configmaps"]), "reinvocationPolicy": "Never",
            "mutations": .array(mutations),
        ]
        for (key, value) in more.object ?? [:] { spec[key] = value }
        try cluster.create(mutating, ["metadata": ["name": "m"], "spec": spec])
        try cluster.create(mutatingBindings, ["metadata": ["name": "n"], "spec": ["policyName": "m"]])
        return cluster
    }

    @Test func configurationsAreMerged() throws {
        let cluster = try mutatingCluster([
            [
                "patchType": "ApplyConfiguration",
                "applyConfiguration": [
                    "expression":
                        "Object{metadata: Object.metadata{labels: {'added': object.metadata.name + '-x'}}, data: {'new': 'x'}}"
                ],
            ]
        ])
        let (object, _) = try cluster.create(
            "configmaps", in: "a", ["metadata": ["name": "c", "labels": ["own": "1"]], "data": ["k": "v"]])
        #expect(object["metadata"]?["labels"] == ["own": "1", "added": "c-x"])
        #expect(object["data"] == ["k": "v", "new": "x"])
    }

    @Test func patchesAreApplied() throws {
        let cluster = try mutatingCluster([
            [
                "patchType": "JSONPatch",
                "jsonPatch": [
                    "expression":
                        "[JSONPatch{op: 'test', path: '/data/k', value: 'v'}, JSONPatch{op: 'add', path: '/metadata/labels', value: {}}, JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a.b/c'), value: 'x'}]"
                ],
            ]
        ])
        let (object, _) = try cluster.create(
            "configmaps", in: "a", ["metadata": ["name": "c"], "data": ["k": "v"]])
        #expect(object["metadata"]?["labels"] == ["a.b/c": "x"])
        // A test that fails leaves the object as it is.
        let (other, _) = try cluster.create(
            "configmaps", in: "a", ["metadata": ["name": "d"], "data": ["k": "w"]])
        #expect(other["data"] == ["k": "w"])
    }

    @Test func mistakesInMutationsDeny() throws {
        let cluster = try mutatingCluster([
            [
                "patchType": "ApplyConfiguration",
                "applyConfiguration": ["expression": "Object{data: {'x': object.data.none}}"],
            ]
        ])
        let refused = attempt(cluster)
        #expect(
            refused?.message
                == "policy 'm' with binding 'n' denied request: expression 'Object{data: {'x': object.data.none}}' resulted in error: no such key: none"
        )
        #expect(refused?.reason == "Invalid")
    }
}
