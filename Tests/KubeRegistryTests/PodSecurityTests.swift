import KubeAPI
import KubeJSON
import Testing

@testable import KubeRegistry

@Suite struct PodSecurityTests {
    @Test func restrictedNamesEveryFault() throws {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a", labels: ["pod-security.kubernetes.io/enforce": "restricted"])
        let refused = cluster.refusal { try cluster.create("pods", in: "a", TestCluster.pod("p")) }
        #expect(refused?.code == 403)
        #expect(
            refused?.message
                == "pods \"p\" is forbidden: violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false (container \"c\" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container \"c\" must set securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod or container \"c\" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container \"c\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")"
        )
        let good: JSON = [
            "securityContext": ["runAsNonRoot": true, "seccompProfile": ["type": "RuntimeDefault"]],
            "containers": [
                [
                    "name": "c", "image": "i",
                    "securityContext": [
                        "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]],
                    ],
                ]
            ],
        ]
        #expect(
            cluster.refusal { try cluster.create("pods", in: "a", TestCluster.pod("p", spec: good)) } == nil)
        // Workloads are let in with a warning: their pods will not be.
        let warnings = try cluster.create(
            "deployments.apps", in: "a",
            [
                "metadata": ["name": "d"],
                "spec": [
                    "selector": ["matchLabels": ["a": "b"]],
                    "template": [
                        "metadata": ["labels": ["a": "b"]],
                        "spec": ["hostNetwork": true, "containers": [["name": "c", "image": "i"]]],
                    ],
                ],
            ]
        ).warnings
        #expect(
            warnings.contains {
                $0.hasPrefix(
                    "would violate PodSecurity \"restricted:latest\": host namespaces (hostNetwork=true), ")
            })
    }

    private func violations(_ level: PodSecurityLevel, _ minor: Int?, _ spec: JSON, _ metadata: JSON = [:])
        -> String
    {
        PodSecurityStandards.details(
            PodSecurityStandards.violations(
                of: PodSecurityStandard(level, minor: minor), metadata: metadata, spec: spec))
    }

    private func container(_ context: JSON, _ more: JSON = [:]) -> JSON {
        var container = more
        container["name"] = "c"
        container["securityContext"] = context
        return ["containers": [container]]
    }

    @Test func baselineChecks() {
        let table: [(JSON, String)] = [
            (
                container(["privileged": true]),
                "privileged (container \"c\" must not set securityContext.privileged=true)"
            ),
            (["hostPID": true, "hostIPC": true], "host namespaces (hostPID=true, hostIPC=true)"),
            (
                ["volumes": [["name": "v", "hostPath": ["path": "/"]]]],
                "hostPath volumes (volume \"v\")"
            ),
            (
                container(
                    [:],
                    [
                        "ports": [
                            ["containerPort": 1, "hostPort": 80], ["containerPort": 2, "hostPort": 443],
                        ]
                    ]),
                "hostPort (container \"c\" uses hostPorts 443, 80)"
            ),
            (
                container(["capabilities": ["add": ["SYS_ADMIN", "CHOWN"]]]),
                "non-default capabilities (container \"c\" must not include \"SYS_ADMIN\" in securityContext.capabilities.add)"
            ),
            (
                [
                    "securityContext": [
                        "sysctls": [
                            ["name": "kernel.msgmax", "value": "1"],
                            ["name": "net.ipv4.tcp_rmem", "value": "1"],
                        ]
                    ]
                ],
                "forbidden sysctls (kernel.msgmax)"
            ),
            (
                ["securityContext": ["seLinuxOptions": ["type": "x", "user": "u"]]],
                "seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type \"x\"; user may not be set)"
            ),
            (
                ["securityContext": ["seccompProfile": ["type": "Unconfined"]]],
                "seccompProfile (pod must not set securityContext.seccompProfile.type to \"Unconfined\")"
            ),
            (
                container(["procMount": "Unmasked"]),
                "procMount (container \"c\" must not set securityContext.procMount to \"Unmasked\")"
            ),
            (
                container([:], ["livenessProbe": ["httpGet": ["host": "h", "port": 1]]]),
                "probe or lifecycle host (container \"c\" uses probe or lifecycle host \"h\")"
            ),
            (
                container(["windowsOptions": ["hostProcess": true]]),
                "hostProcess (container \"c\" must not set securityContext.windowsOptions.hostProcess=true)"
            ),
            (
                container(["appArmorProfile": ["type": "Unconfined"]]),
                "forbidden AppArmor profile (container \"c\" must not set AppArmor profile type to \"Unconfined\")"
            ),
        ]
        for (spec, expected) in table {
            #expect(violations(.baseline, nil, spec) == expected)
            #expect(violations(.privileged, nil, spec) == "")
        }
    }

    @Test func versionsDecideWhatIsChecked() {
        let sysctl: JSON = ["securityContext": ["sysctls": [["name": "net.ipv4.tcp_rmem", "value": "1"]]]]
        #expect(violations(.baseline, 31, sysctl) == "forbidden sysctls (net.ipv4.tcp_rmem)")
        #expect(violations(.baseline, 32, sysctl) == "")
        let probe = container([:], ["livenessProbe": ["tcpSocket": ["host": "h", "port": 1]]])
        #expect(violations(.baseline, 33, probe) == "")
        // Before v1.8 there was no such field.
        let open: JSON = ["securityContext": ["runAsNonRoot": true], "containers": [["name": "c"]]]
        #expect(violations(.restricted, 7, open) == "")
        #expect(violations(.restricted, 8, open).hasPrefix("allowPrivilegeEscalation != false"))
        // A pod with users of its own may be root inside.
        let user = container(["runAsUser": 0])
        var own = user
        own["hostUsers"] = false
        #expect(violations(.restricted, 34, own).contains("runAsUser=0"))
        #expect(!violations(.restricted, 35, own).contains("runAsUser=0"))
        #expect(
            violations(.restricted, 35, user).contains(
                "runAsUser=0 (container \"c\" must not set runAsUser=0)"))
        // The restricted check of a volume takes the place of the baseline one.
        #expect(
            violations(.restricted, 22, ["volumes": [["name": "v", "hostPath": ["path": "/"]]]])
                == "restricted volume types (volume \"v\" uses restricted volume type \"hostPath\")")
    }

    @Test func labelsAreValidated() throws {
        let cluster = try TestCluster()
        let refused = cluster.refusal {
            try cluster.makeNamespace(
                "a",
                labels: [
                    "pod-security.kubernetes.io/enforce": "strict",
                    "pod-security.kubernetes.io/warn-version": "v2",
                ])
        }
        #expect(
            refused?.message
                == "Namespace \"a\" is invalid: [metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \"strict\": must be one of privileged, baseline, restricted, metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: \"v2\": must be \"latest\" or \"v1.x\"]"
        )
    }

    @Test func newLabelsWarnOfPresentPods() throws {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a")
        for name in ["p1", "p2"] {
            try cluster.create("pods", in: "a", TestCluster.pod(name, spec: ["hostNetwork": true]))
        }
        let warnings = try cluster.merge(
            "namespaces", name: "a",
            ["metadata": ["labels": ["pod-security.kubernetes.io/enforce": "baseline"]]]
        ).warnings
        #expect(
            warnings == [
                "existing pods in namespace \"a\" violate the new PodSecurity enforce level \"baseline:latest\"",
                "p1 (and 1 other pod): host namespaces",
            ])
    }
}
