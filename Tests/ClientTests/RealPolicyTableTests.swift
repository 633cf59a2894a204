import Foundation
import KubeAPI
import KubeClient
import KubeJSON
import KubePolicy
import TestNetwork
import Testing

/// The table of NetworkPolicy cases with real connections between real pods.
@Suite(
    .clients, .serialized, .enabled(if: Containers.areThere, "containers need root, containerd, runc and nft")
)
struct RealPolicyTableTests {
    /// Every pair and port for every case: what gets through is what KubePolicy says of the objects that the
    /// API server has, and what the case itself says. Then what let connections through goes away, one by one.
    @Test func connectionsGoAsPoliciesSay() async throws {
        let network = try await PodNetwork(Self.places, Self.namespaces)
        defer { network.close() }
        var table = try PolicyTable(network)
        for item in PolicyCases.cases { try await table.attempt(item) }
        #expect(PolicyCases.cases.count >= 60)
        #expect(table.compared > PolicyCases.cases.count * 380)
        try await table.attempt(PolicyCase("after all of them", [], "client>web:8080+ api>db:7000+"))
        try await Self.cut(network)
    }

    private static var places: [PodNetwork.Place] {
        var places = PolicyWorld.pods.enumerated().map { index, pod in
            PodNetwork.Place(
                name: pod.name, namespace: pod.namespace, node: index / 2, labels: pod.labels,
                ports: .array(
                    pod.ports.map { port in
                        [
                            "name": .string(port.0), "protocol": .string(port.1),
                            "containerPort": .integer(Int64(port.2)),
                        ]
                    }))
        }
        // In the network of its node; its labels would be selected if they counted.
        places.append(
            PodNetwork.Place(
                name: "node", namespace: "default", node: 0, labels: ["app": "client"], usesHostNetwork: true)
        )
        places.append(PodNetwork.Place(name: "beacon", namespace: "beacon", node: 2))
        return places
    }

    private static let namespaces = """
        {apiVersion: v1, kind: Namespace, metadata: {name: prod, labels: {env: prod, team: x}}}
        ---
        {apiVersion: v1, kind: Namespace, metadata: {name: dev, labels: {env: dev, team: x}}}
        ---
        {apiVersion: v1, kind: Namespace, metadata: {name: beacon}}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}

        """

    /// Connections that are open end with the policy, the rule or the label that let them through, at once and in
    /// both directions, and others go on.
    private static func cut(_ network: PodNetwork) async throws {
        let service = try #require(
            try await network.client.get(.services, "web", namespace: "default").at("spec", "clusterIP")?
                .string)
        let web = try network.address("web")
        let through = ConnectionAgent.Attempt(address: service, port: 80, transport: .tcp)
        let direct = ConnectionAgent.Attempt(address: web, port: 8080, transport: .tcp)
        func open(_ name: String, _ attempt: ConnectionAgent.Attempt, within seconds: Double = 10)
            async throws
        {
            try await eventually("\(name) connects", within: seconds) {
                try network.agent(name).open(attempt).hasPrefix(web + "/")
            }
        }
        func expectReset(_ name: String, _ why: String) async throws {
            try await eventually("\(name) is cut: \(why)", within: 60) {
                try network.agent(name).talk() == "reset"
            }
        }
        func expectAlive(_ name: String) throws {
            #expect(try network.agent(name).talk() == "alive", "\(name)")
        }
        func policy(_ name: String, _ namespace: String, _ spec: String) async throws {
            let value = try YAML.parse("{\(spec)}").first?.value ?? .null
            _ = try await network.client.create(
                .networkPolicies, ["metadata": ["name": .string(name)], "spec": value], namespace: namespace)
        }
        func remove(_ name: String, _ namespace: String) async throws {
            try await network.client.delete(.networkPolicies, name, namespace: namespace)
        }

        try await open("client", through)
        try await open("api", direct)
        try await open("tool", through)
        // A policy that comes cuts what it does not let through.
        let selected = "podSelector: {matchLabels: {app: web}}"
        try await policy(
            "clients", "default",
            "\(selected), ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: client}}}]}]"
        )
        try await expectReset("api", "by a new policy")
        try expectAlive("client")
        try expectAlive("tool")
        // A label of the client that goes.
        try await network.label(.pods, "client", in: "default", ["app": .null])
        try await expectReset("client", "by its own label")
        try expectAlive("tool")
        try await network.label(.pods, "client", in: "default", ["app": "client"])
        try await open("client", through)
        // A namespace's label, which a second policy asks for.
        try await policy(
            "teams", "default",
            "\(selected), ingress: [{from: [{namespaceSelector: {matchLabels: {team: x}}}]}]")
        try await open("api", direct)
        try await network.label(.namespaces, "prod", ["team": .null])
        try await expectReset("api", "by its namespace's label")
        try expectAlive("tool")
        try await network.label(.namespaces, "prod", ["team": "x"])
        try await open("api", direct)
        // A policy that goes: one let it through of two that isolate.
        try await remove("clients", "default")
        try await expectReset("client", "by the policy that is gone")
        try expectAlive("api")
        try expectAlive("tool")
        // The other direction, and a rule of a policy that is changed.
        try await policy(
            "out", "prod",
            "podSelector: {matchLabels: {app: api}}, policyTypes: [Egress], egress: [{ports: [{port: 8080}]}]"
        )
        try await open("api", direct)
        try expectAlive("api")
        _ = try await network.client.patch(
            .networkPolicies, "out", .merge, ["spec": ["egress": [["ports": [["port": 9090]]]]]],
            namespace: "prod")
        try await expectReset("api", "by a changed rule of egress")
        try expectAlive("tool")
        try await remove("out", "prod")
        try await open("api", direct)
        // A label of the pod that is reached: without it nothing isolates the pod, with it clients are cut again.
        try await network.label(.pods, "web", in: "default", ["app": "other"])
        try await open("client", direct)
        try expectAlive("api")
        try await network.label(.pods, "web", in: "default", ["app": "web"])
        try await expectReset("client", "by the label of the pod that it reached")
        try expectAlive("api")
        // Datagrams of a socket that was let through before.
        let datagrams = ConnectionAgent.Attempt(address: web, port: 5353, transport: .udp)
        try await eventually("datagrams arrive", within: 60) {
            try network.agent("db").datagram(datagrams).hasPrefix(web + "/")
        }
        try await network.label(.namespaces, "prod", ["team": .null])
        try await eventually("datagrams are refused", within: 60) {
            try network.agent("db").datagram(datagrams) == "silence"
        }
        try await remove("teams", "default")
        try await eventually("datagrams arrive again", within: 60) {
            try network.agent("db").datagram(datagrams).hasPrefix(web + "/")
        }
        try await open("client", through)
        try await open("api", direct)
        try expectAlive("tool")
    }
}

/// Puts the cases of the table into a cluster, one after another.
private struct PolicyTable {
    private let network: PodNetwork
    private let questions: [String: [ConnectionAgent.Attempt]]
    private var installed: [(namespace: String, name: String)] = []
    private var beacon = 0
    private(set) var compared = 0

    private static let beaconPorts = [7000, 8080]

    init(_ network: PodNetwork) throws {
        self.network = network
        let names = PolicyWorld.pods.map(\.name) + ["outside", "node"]
        var questions: [String: [ConnectionAgent.Attempt]] = [:]
        for name in names {
            for target in names + ["dns"] {
                // Who is no pod is subject to nothing.
                if ["outside", "node"].contains(name), ["outside", "node"].contains(target) { continue }
                let address = try network.address(target)
                func attempt(_ port: Int, _ transport: TransportProtocol) -> ConnectionAgent.Attempt {
                    ConnectionAgent.Attempt(
                        address: address, port: port, transport: transport,
                        asksForNames: target == "dns" && port == 53)
                }
                // At port 8080 of the DNS' address somebody listens who speaks HTTP; a refusal of datagrams is said
                // only so many times a second.
                questions[name, default: []] +=
                    ConnectionAgent.tcpPorts.filter { target != "dns" || $0 != 8080 }.map {
                        attempt($0, .tcp)
                    }
                    + ConnectionAgent.udpPorts.filter { target != "dns" || $0 == 53 }.map {
                        attempt($0, .udp)
                    }
            }
        }
        self.questions = questions
    }

    /// The case's text is about fixed addresses.
    private func translated(_ text: String) throws -> String {
        var text = text
        var values: [String] = []
        func replace(_ word: String, _ value: String) {
            text = text.replacing(word, with: "<\(values.count)>")
            values.append(value)
        }
        for pod in PolicyWorld.pods { replace(pod.address + "/", try network.address(pod.name) + "/") }
        for (index, node) in network.nodes.enumerated() { replace("10.244.\(index).0/24", node.block) }
        // The ranges of all pods and of the DNS, which are others where another cluster has the usual ones.
        for (range, address) in [
            ("10.244.0.0/16", network.nodes[0].block), ("10.243.0.0/16", try network.address("dns")),
        ] {
            replace(range, address.split(separator: ".").prefix(2).joined(separator: ".") + ".0.0/16")
        }
        for (index, value) in values.enumerated() { text = text.replacing("<\(index)>", with: value) }
        return text
    }

    mutating func attempt(_ item: PolicyCase) async throws {
        for (namespace, name) in installed {
            try await network.client.delete(.networkPolicies, name, namespace: namespace)
        }
        installed = []
        var failure: (any Error)?
        let objects = try item.objects { text in
            do { return try translated(text) } catch {
                failure = error
                return text
            }
        }
        if let failure { throw failure }
        for policy in objects {
            let namespace = policy.at("metadata", "namespace")?.string ?? ""
            let made = try await network.client.create(.networkPolicies, policy, namespace: namespace)
            installed.append((namespace, made.at("metadata", "name")?.string ?? ""))
        }
        try await awaitEffect()
        let evaluator = NetworkPolicyEvaluator(
            policies: try await listed(.networkPolicies), namespaces: try await listed(.namespaces),
            pods: try await listed(.pods), resolver: IPAddress(try network.address("dns")))

        // Silence is over soon; what does not agree on a machine that is busy is given more time.
        var seen: [Key: (isReached: Bool, answer: String)] = [:]
        try record(questions, seconds: 0.06, &seen)
        let wrong = try differing(seen, evaluator)
        if !wrong.isEmpty { try record(wrong, seconds: 1, &seen) }
        for (key, result) in seen {
            compared += 1
            let verdict = try verdict(key, evaluator)
            #expect(
                result.isReached == verdict.isAllowed,
                "\(item.name): \(key): \(result.answer), but KubePolicy: \(verdict.reason)")
        }
        for question in item.questions {
            let key = Key(
                source: question.source, target: question.target, port: question.port,
                transport: question.transport)
            let result = try #require(seen[key], "\(item.name): \(key) is not tried")
            #expect(
                result.isReached == question.isAllowed,
                "\(item.name): \(key): \(result.answer), but the case says otherwise")
        }
    }

    private func listed(_ resource: Resource) async throws -> [JSON] {
        try await network.client.list(resource, allNamespaces: true).items
    }

    /// Changes come into force in the order in which they were made: when a later one is, all are.
    private mutating func awaitEffect() async throws {
        beacon = 1 - beacon
        let port = Self.beaconPorts[beacon]
        let policy: JSON = [
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": ["name": "beacon"],
            "spec": ["podSelector": [:], "ingress": [["ports": [["port": .integer(Int64(port))]]]]],
        ]
        _ = try await network.client.patch(
            .networkPolicies, "beacon", .apply(fieldManager: "test", force: true), policy,
            namespace: "beacon")
        let address = try network.address("beacon")
        // The first time nothing was refused before.
        let other = Self.beaconPorts[1 - beacon]
        try await eventually("the policies are in force", within: 20) {
            let isOpen = try network.reach("outside", address, port, seconds: 0.03)
                .allSatisfy { $0.hasPrefix(address + "/") }
            if !isOpen || compared > 0 { return isOpen }
            return try network.reach("outside", address, other, seconds: 0.1) == ["silence"]
        }
    }

    private struct Key: Hashable, CustomStringConvertible {
        var source: String
        var target: String
        var port: Int
        var transport: TransportProtocol

        var description: String { "\(source) to \(target), \(transport.rawValue) \(port)" }
    }

    private func record(
        _ questions: [String: [ConnectionAgent.Attempt]], seconds: Double,
        _ seen: inout [Key: (isReached: Bool, answer: String)]
    ) throws {
        let names = Dictionary(uniqueKeysWithValues: network.addresses.map { ($0.value, $0.key) })
        let answers = try network.attempt(questions, seconds: seconds)
        for (source, attempts) in questions {
            for (attempt, answer) in zip(attempts, answers[source] ?? []) {
                let target = names[attempt.address] ?? ""
                // At the DNS' other ports nobody listens; a refusal comes from there.
                let isReached =
                    answer.hasPrefix(attempt.address + "/")
                    || (target == "dns" && attempt.port != 53 && answer == "refused")
                let key = Key(
                    source: source, target: target, port: attempt.port, transport: attempt.transport)
                seen[key] = (isReached, answer)
            }
        }
    }

    private func verdict(_ key: Key, _ evaluator: NetworkPolicyEvaluator) throws -> ReachVerdict {
        func party(_ name: String) throws -> NetworkParty {
            // The pod that is in its node's network, by its name like others.
            if name == "node" { return .pod("default/node") }
            if name == "dns" { return .address(try network.address("dns")) }
            return try #require(PolicyWorld.party(name))
        }
        return try #require(
            evaluator.verdict(
                from: try party(key.source), to: try party(key.target), port: key.port, key.transport))
    }

    private func differing(
        _ seen: [Key: (isReached: Bool, answer: String)], _ evaluator: NetworkPolicyEvaluator
    ) throws -> [String: [ConnectionAgent.Attempt]] {
        var found: [String: [ConnectionAgent.Attempt]] = [:]
        for (key, result) in seen where try result.isReached != verdict(key, evaluator).isAllowed {
            let address = try network.address(key.target)
            found[key.source, default: []] += (questions[key.source] ?? []).filter {
                $0.address == address && $0.port == key.port && $0.transport == key.transport
            }
        }
        return found
    }
}

extension Resource {
    static let networkPolicies = Resource(group: "networking.k8s.io", "networkpolicies")
}
