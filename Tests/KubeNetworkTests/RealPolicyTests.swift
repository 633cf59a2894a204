import KubeAPI
import KubeJSON
import KubePolicy
import TestNetwork
import Testing

@testable import KubeNetwork

extension RealNetworkTests {
    /// Every pair and port of the table's pods, for every case, with real connections: what gets through must be
    /// what KubePolicy says. The rules go from case to case by differences, as they do on a machine.
    @Test func policiesDoWhatTheEvaluatorSays() throws {
        if NetworkLab.skips() { return }
        let lab = try NetworkLab(
            "policy", pods: PolicyWorld.pods.map { ($0.name, $0.address) }, outside: PolicyWorld.outside,
            resolver: PolicyWorld.resolver)
        defer { lab.close() }
        let host = LinuxHost(namespace: lab.host)
        var model = NetworkModel(RandomCluster.configuration)
        for namespace in PolicyWorld.namespaces { model.setNamespace(namespace.name, namespace) }
        for pod in PolicyWorld.podObjects { model.setPod("\(pod.namespace)/\(pod.name)", pod) }
        try host.transact(model.commitAll().commands)

        let names = PolicyWorld.pods.map(\.name) + ["outside", "node"]
        var questions: [String: [NetworkLab.Attempt]] = [:]
        for name in names {
            for target in names + ["dns"] where !(name == "node" && target == "outside") && target != name {
                // The machine's own sockets are no pod's: who reaches it is not for policies to say.
                if name == "outside", target == "node" { continue }
                let address = try #require(lab.addresses[target])
                questions[name, default: []] +=
                    ConnectionAgent.tcpPorts.map { .init(address: address, port: $0, transport: .tcp) }
                    + ConnectionAgent.udpPorts.map { .init(address: address, port: $0, transport: .udp) }
            }
        }
        let targets = Dictionary(uniqueKeysWithValues: lab.addresses.map { ($0.value, $0.key) })
        var installed: [String] = []
        var compared = 0
        for item in PolicyCases.cases {
            let policies = try item.objects()
            for key in installed { model.setPolicy(key, nil) }
            installed = policies.map { "\($0.namespace)/\($0.name)" }
            for policy in policies { model.setPolicy("\(policy.namespace)/\(policy.name)", policy) }
            try host.transact(model.commit().commands)
            let evaluator = PolicyWorld.evaluator(policies)
            func isAllowed(_ name: String, _ attempt: NetworkLab.Attempt) throws -> ReachVerdict {
                let target = try #require(targets[attempt.address])
                let source = try #require(PolicyWorld.party(name))
                let party = try #require(PolicyWorld.party(target))
                return try #require(
                    evaluator.verdict(from: source, to: party, port: attempt.port, attempt.transport))
            }
            // Silence is over soon; what does not agree on a machine that is busy is given more time.
            var differing: [String: [NetworkLab.Attempt]] = [:]
            let first = try lab.attempt(questions, seconds: 0.06)
            for (name, attempts) in questions {
                for (attempt, answer) in zip(attempts, first[name] ?? []) {
                    compared += 1
                    if try answer.hasPrefix(attempt.address + "/") != isAllowed(name, attempt).isAllowed {
                        differing[name, default: []].append(attempt)
                    }
                }
            }
            if differing.isEmpty { continue }
            let second = try lab.attempt(differing, seconds: 10)
            for (name, attempts) in differing {
                for (attempt, answer) in zip(attempts, second[name] ?? []) {
                    let verdict = try isAllowed(name, attempt)
                    let target = targets[attempt.address] ?? ""
                    #expect(
                        answer.hasPrefix(attempt.address + "/") == verdict.isAllowed,
                        "\(item.name): \(name) to \(target), \(attempt.transport) \(attempt.port): \(answer), but \(verdict.reason)"
                    )
                }
            }
        }
        #expect(compared > 60 * 100)
    }

    /// What is no longer allowed ends at once, in both directions, and nothing else does.
    @Test func connectionsEndWithTheRuleThatAllowedThem() throws {
        if NetworkLab.skips() { return }
        let lab = try NetworkLab("cut", pods: PolicyWorld.pods.map { ($0.name, $0.address) })
        defer { lab.close() }
        let host = LinuxHost(namespace: lab.host)
        var model = NetworkModel(RandomCluster.configuration)
        for namespace in PolicyWorld.namespaces { model.setNamespace(namespace.name, namespace) }
        for pod in PolicyWorld.podObjects { model.setPod("\(pod.namespace)/\(pod.name)", pod) }
        func policy(_ app: String) throws -> JSON? {
            let spec =
                "podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: \(app)}}}]}]"
            return try PolicyCase("", [("default", spec)], "").objects().first
        }
        model.setService(
            "default/web",
            NetworkModelTests.service("web", ["ports": [["name": "", "port": 80]]]))
        model.setEndpointSlice("default/s", NetworkModelTests.slice("web", [("10.244.0.12", [:])]))
        try host.transact(model.commitAll().commands)
        // One through the Service, one directly.
        let service = NetworkLab.Attempt(address: "10.96.0.10", port: 80, transport: .tcp)
        let direct = NetworkLab.Attempt(address: "10.244.0.12", port: 8080, transport: .tcp)
        #expect(try lab.open("client", service) == "10.244.0.12/10.244.0.11")
        #expect(try lab.open("api", direct) == "10.244.0.12/10.244.1.11")
        #expect(try lab.open("tool", service) == "10.244.0.12/10.244.2.11")
        model.setPolicy("default/p0", try policy("client"))
        try host.transact(model.commit().commands)
        #expect(try lab.talk("client") == "alive")
        #expect(try lab.talk("tool") == "alive")
        #expect(try lab.talk("api") == "reset")
        model.setPolicy("default/p0", try policy("api"))
        try host.transact(model.commit().commands)
        #expect(try lab.talk("client") == "reset")
        #expect(try lab.talk("tool") == "reset")
        #expect(try lab.open("api", direct) == "10.244.0.12/10.244.1.11")
        // A pod whose labels change loses what they gave it.
        var api = try #require(PolicyWorld.podObjects.first { $0.name == "api" })
        api.set("other", at: "metadata", "labels", "app")
        model.setPod("prod/api", api)
        try host.transact(model.commit().commands)
        #expect(try lab.talk("api") == "reset")
        model.setPolicy("default/p0", nil)
        try host.transact(model.commit().commands)
        #expect(try lab.open("client", service) == "10.244.0.12/10.244.0.11")
        #expect(try lab.talk("client") == "alive")
    }
}
