import KubeAPI
import KubeJSON
import TestNetwork
import Testing

@testable import KubePolicy

@Suite struct PolicyEvaluatorTests {
    private func evaluator(_ policies: [JSON]) -> NetworkPolicyEvaluator {
        PolicyWorld.evaluator(policies)
    }

    @Test func theTableHasWhatItPromises() {
        #expect(PolicyCases.cases.count >= 60)
        #expect(Set(PolicyCases.cases.map(\.name)).count == PolicyCases.cases.count)
        for item in PolicyCases.cases {
            #expect(item.questions.count == item.expected.split(separator: " ").count, "\(item.name)")
        }
    }

    @Test func everyCaseIsAsExpected() throws {
        for item in PolicyCases.cases {
            let evaluator = evaluator(try item.objects())
            for question in item.questions {
                let source = try #require(PolicyWorld.party(question.source))
                let target = try #require(PolicyWorld.party(question.target))
                let verdict = try #require(
                    evaluator.verdict(from: source, to: target, port: question.port, question.transport))
                #expect(
                    verdict.isAllowed == question.isAllowed,
                    "\(item.name): \(question): \(verdict.reason)")
            }
        }
    }

    @Test func theReasonNamesThePolicies() throws {
        let deny = PolicyCase(
            "",
            [
                ("default", "podSelector: {}"),
                (
                    "default",
                    "podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]"
                ),
            ], "")
        let evaluator = evaluator(try deny.objects())
        let refused = try #require(
            evaluator.verdict(from: .pod("prod/api"), to: .pod("default/web"), port: 80))
        #expect(refused.ingress == .denied(["default/p0", "default/p1"]))
        #expect(refused.egress == .notIsolated)
        #expect(refused.reason.contains("default/p0, default/p1"))
        let allowed = try #require(
            evaluator.verdict(from: .address("203.0.113.7"), to: .pod("default/web"), port: 80))
        #expect(allowed.ingress == .allowed(PolicyGrant(policy: "default/p1", rule: 0)))
        #expect(allowed.egress == .notAPod)
        #expect(allowed.reason == "ingress is allowed by default/p1, rule 1")
        #expect(evaluator.verdict(from: .pod("a/b"), to: .node, port: 1) == nil)
        #expect(evaluator.verdict(from: .address("x"), to: .node, port: 1) == nil)
        #expect(
            evaluator.policies(isolating: "default/web", .ingress).map(\.key) == ["default/p0", "default/p1"])
    }

    @Test func podsOfTheHostsNetworkAreTheNode() throws {
        let policies = try PolicyCase(
            "", [("default", "podSelector: {}, policyTypes: [Ingress, Egress]")], ""
        )
        .objects()
        var host = PolicyPod(namespace: "default", name: "agent", labels: [:], usesHostNetwork: true)
        host.addresses = [try #require(IPAddress("192.0.2.2"))]
        let pods = PolicyWorld.podObjects.map { PolicyPod($0) } + [host]
        var evaluator = NetworkPolicyEvaluator(
            policies: policies.map { CompiledPolicy($0) }, namespaceLabels: ["default": [:]], pods: pods)
        let into = evaluator.verdict(from: .pod("default/agent"), to: .pod("default/web"), port: 1)
        #expect(into?.isAllowed == true)
        let out = evaluator.verdict(from: .pod("default/web"), to: .pod("default/agent"), port: 1)
        #expect(out?.egress == .exempt(.node))
        #expect(out?.ingress == .notAPod)
        let address = NetworkParty.address("192.0.2.2")
        #expect(evaluator.verdict(from: .pod("default/web"), to: address, port: 1)?.isAllowed == false)
        evaluator.nodeAddresses = Set(host.addresses)
        #expect(evaluator.verdict(from: .pod("default/web"), to: address, port: 1)?.isAllowed == true)
    }

    @Test func sidecarsGiveNamesToPortsAndOtherInitContainersDoNot() {
        let pod = PolicyPod([
            "metadata": ["name": "p", "namespace": "n"],
            "spec": [
                "containers": [["ports": [["containerPort": 80, "name": "a", "hostPort": 8080]]]],
                "initContainers": [
                    ["ports": [["containerPort": 81, "name": "b"]]],
                    [
                        "restartPolicy": "Always",
                        "ports": [["containerPort": 82, "name": "c", "protocol": "UDP"]],
                    ],
                ],
            ],
        ])
        #expect(
            pod.namedPorts == [
                NamedPort(name: "a", transport: .tcp, port: 80),
                NamedPort(name: "c", transport: .udp, port: 82),
            ])
        #expect(pod.hostPorts == [HostPort(address: nil, transport: .tcp, port: 8080, containerPort: 80)])
    }

    @Test func addressesOfEndedPodsAreNobodys() throws {
        let policies = try PolicyCase(
            "", [("default", "podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]")], ""
        ).objects()
        var ended = PolicyPod(namespace: "default", name: "job", labels: [:], isFinished: true)
        ended.addresses = [try #require(IPAddress("10.244.0.99"))]
        let pods = PolicyWorld.podObjects.map { PolicyPod($0) } + [ended]
        let evaluator = NetworkPolicyEvaluator(
            policies: policies.map { CompiledPolicy($0) }, namespaceLabels: ["default": [:]], pods: pods)
        let verdict = evaluator.verdict(from: .address("10.244.0.99"), to: .pod("default/web"), port: 8080)
        #expect(verdict?.isAllowed == false)
    }
}
