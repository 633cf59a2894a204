import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct AdmissionPolicyStatusTests {
    private let group = "admissionregistration.k8s.io/v1"

    private func status(of check: AdmissionPolicyStatusController.TypeCheck?) throws -> [JSON?] {
        let cluster = try VirtualCluster(controllers: [AdmissionPolicyStatusController(check: check)])
        try cluster.create(
            group, "validatingadmissionpolicies",
            [
                "metadata": ["name": "p"],
                "spec": [
                    "matchConstraints": [
                        "resourceRules": [
                            [
                                "apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"],
                                "resources": ["deployments"],
                            ]
                        ]
                    ], "validations": [["expression": "object.spec.replicas <= 5"]],
                ],
            ], in: "")
        cluster.run(for: 1)
        let first = try cluster.get(group, "validatingadmissionpolicies", "p", in: "")?["status"]
        try cluster.patch(
            group, "validatingadmissionpolicies", "p", ["spec": ["failurePolicy": "Ignore"]], in: "")
        var writes = 0
        cluster.run(for: 1_000) { writes += $0.writes.count }
        #expect(writes == 1)
        return [first, try cluster.get(group, "validatingadmissionpolicies", "p", in: "")?["status"]]
    }

    @Test func theGenerationIsObserved() throws {
        #expect(try status(of: nil) == [["observedGeneration": 1], ["observedGeneration": 2]])
    }

    @Test func warningsOfTheTypesAreKept() throws {
        #expect(
            try status(of: { _, _ in [] }).last
                == ["observedGeneration": 2, "typeChecking": [:]])
        let warned = try status { policy, _ in
            [.init(fieldRef: "spec.validations[0].expression", warning: policy.name + ": undefined field")]
        }
        #expect(
            warned.last??["typeChecking"] == [
                "expressionWarnings": [
                    ["fieldRef": "spec.validations[0].expression", "warning": "p: undefined field"]
                ]
            ])
    }

    @Test func expressionsAreCheckedAgainstTheTypes() throws {
        let cluster = try VirtualCluster(controllers: [AdmissionPolicyStatusController.checkingTypes])
        try cluster.create(
            group, "validatingadmissionpolicies",
            [
                "metadata": ["name": "p"],
                "spec": [
                    "matchConstraints": [
                        "resourceRules": [
                            [
                                "apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"],
                                "resources": ["deployments"],
                            ]
                        ]
                    ],
                    "validations": [
                        [
                            "expression": "object.spec.replicas > '1'",
                            "messageExpression": "'wants more than 1, got ' + object.spec.replicas",
                        ], ["expression": "object.metadata.name != '' && object.spec.replicas > 0"],
                        ["expression": "object.spec.nothing == 1"],
                    ],
                ],
            ], in: "")
        cluster.run(for: 1)
        let status = try cluster.get(group, "validatingadmissionpolicies", "p", in: "")?["status"]
        let warnings = status?["typeChecking"]?["expressionWarnings"]?.array ?? []
        #expect(
            warnings.map { $0["fieldRef"]?.string } == [
                "spec.validations[0].expression", "spec.validations[0].messageExpression",
                "spec.validations[2].expression",
            ])
        #expect(
            warnings.first?["warning"]
                == "apps/v1, Kind=Deployment: compilation failed: ERROR: <input>:1:22: found no matching overload for '_>_' applied to '(int, string)'\n | object.spec.replicas > '1'\n | .....................^\n"
        )
        #expect(
            warnings.dropFirst().first?["warning"]?.string?.contains(
                "found no matching overload for '_+_' applied to '(string, int)'") == true)
        #expect(warnings.last?["warning"]?.string?.contains("undefined field 'nothing'") == true)
    }
}
