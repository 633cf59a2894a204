import Foundation
import KubeAPI
import KubeJSON
import KubePolicy
import Testing

@testable import KubeNetwork

/// Services with real connections through the kernel, in network namespaces of their own.
@Suite(.serialized) struct RealNetworkTests {
    private static let pods = [
        ("a", "10.244.0.11"), ("b", "10.244.0.12"), ("client", "10.244.1.11"), ("other", "10.244.2.11"),
    ]

    /// A machine, and its rules.
    private final class Machine {
        let lab: NetworkLab
        let host: LinuxHost
        var model = NetworkModel(RandomCluster.configuration)

        init(_ name: String) throws {
            lab = try NetworkLab(name, pods: RealNetworkTests.pods, outside: "203.0.113.10")
            host = LinuxHost(namespace: lab.host)
            for (index, node) in ["n1", "n2", "n3"].enumerated() {
                model.setNode(
                    node,
                    [
                        "metadata": ["name": .string(node)],
                        "spec": ["podCIDR": .string("10.244.\(index).0/24")],
                    ])
            }
            for pod in RealNetworkTests.pods { setPod(pod.0, pod.1) }
            // There is no default route: Services have to be reached without.
            try MachineRoutes(
                local: [], services: RandomCluster.configuration.serviceRange, namespace: lab.host
            )
            .add()
            // An external address is a router's business, not ours.
            try lab.inside(lab.host, ["ip", "route", "add", "198.51.100.0/24", "via", "203.0.113.10"])
            try host.transact(model.commitAll().commands)
        }

        /// A node with pods of `10.244.INDEX.0/24`, at an address of the machine's.
        func setNode(_ name: String, _ index: Int, at address: String, zone: String = "") {
            model.setNode(
                name,
                [
                    "metadata": [
                        "name": .string(name), "labels": ["topology.kubernetes.io/zone": .string(zone)],
                    ],
                    "spec": ["podCIDR": .string("10.244.\(index).0/24")],
                    "status": ["addresses": [["type": "InternalIP", "address": .string(address)]]],
                ])
        }

        func setPod(_ name: String, _ address: String, ports: JSON = []) {
            model.setPod(
                "default/\(name)",
                [
                    "metadata": ["name": .string(name), "namespace": "default"],
                    "spec": ["containers": [["ports": ports]]],
                    "status": ["phase": "Running", "podIP": .string(address)],
                ])
        }

        func service(_ spec: JSON, status: JSON = [:]) {
            model.setService("default/web", NetworkModelTests.service("web", spec, status: status))
        }

        /// `a` and `b` are on node n1.
        func endpoints(
            _ names: [(String, JSON)], port: Int64 = 8080, transport: String = "TCP",
            hints: [String: JSON] = [:]
        ) {
            var slice = NetworkModelTests.slice("web", [], port: port, transport: transport)
            slice["endpoints"] = .array(
                names.map { name, conditions in
                    let address = RealNetworkTests.pods.first { $0.0 == name }?.1 ?? ""
                    return [
                        "addresses": [.string(address)], "conditions": conditions,
                        "nodeName": .string(name == "a" || name == "b" ? "n1" : "n2"),
                        "hints": hints[name] ?? [:],
                    ]
                })
            model.setEndpointSlice("default/s", slice)
        }

        func commit() throws {
            let change = model.commit()
            try host.transact(change.commands)
            for flow in change.staleFlows { try host.deleteFlow(flow) }
            try host.setLocalAddresses(change.localAddresses)
        }

        /// What became of so many connections, each distinct answer once, in order.
        func reach(
            _ from: String, _ address: String, _ port: Int, _ transport: TransportProtocol = .tcp,
            times: Int = 1, seconds: Double = 0.4
        ) throws -> [String] {
            let attempt = NetworkLab.Attempt(address: address, port: port, transport: transport)
            let attempts = Array(repeating: attempt, count: times)
            return Set(try lab.attempt(from, attempts, seconds: seconds)).sorted()
        }

        /// The same for somebody who wants an answer: a machine that is busy is given more time.
        private func answers(
            _ from: String, _ address: String, _ port: Int, _ transport: TransportProtocol, times: Int
        ) throws -> [String] {
            let got = try reach(from, address, port, transport, times: times)
            return got.contains("silence")
                ? try reach(from, address, port, transport, times: times, seconds: 10) : got
        }

        /// The same, and what it should be.
        func expect(
            _ from: String, _ address: String, _ port: Int, _ transport: TransportProtocol = .tcp,
            times: Int = 1, answers wanted: [String], sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let got =
                wanted.contains("silence")
                ? try reach(from, address, port, transport, times: times)
                : try answers(from, address, port, transport, times: times)
            #expect(
                got == wanted, "\(from) to \(address):\(port)", sourceLocation: sourceLocation)
        }

        /// That each of these endpoints answers, whomever they see.
        func expect(
            _ from: String, _ address: String, _ port: Int, from endpoints: [String], times: Int = 1,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let answers = try answers(from, address, port, .tcp, times: times)
            let own = Set(answers.map { $0.split(separator: "/").first.map(String.init) ?? "" }).sorted()
            #expect(own == endpoints, "\(from) to \(address):\(port)", sourceLocation: sourceLocation)
        }
    }

    private static let both: [(String, JSON)] = [("a", [:]), ("b", [:])]
    private static let addresses = ["10.244.0.11", "10.244.0.12"]

    @Test func clusterAddresses() throws {
        if NetworkLab.skips() { return }
        let machine = try Machine("cluster")
        defer { machine.lab.close() }
        machine.service([:])
        machine.endpoints(Self.both)
        try machine.commit()
        try machine.expect(
            "client", "10.96.0.10", 80, times: 40,
            answers: ["10.244.0.11/10.244.1.11", "10.244.0.12/10.244.1.11"])
        // The machine's own, and somebody outside: masqueraded, as upstream does for what is no pod.
        try machine.expect("node", "10.96.0.10", 80, from: Self.addresses, times: 40)
        try machine.expect(
            "outside", "10.96.0.10", 80, times: 40,
            answers: ["10.244.0.11/10.244.0.1", "10.244.0.12/10.244.0.1"])
        // A pod that reaches itself sees the machine.
        try machine.expect(
            "a", "10.96.0.10", 80, times: 40, answers: ["10.244.0.11/10.244.0.1", "10.244.0.12/10.244.0.11"])
        // Another port, and an address of nobody.
        try machine.expect("client", "10.96.0.10", 81, answers: ["refused"])
        try machine.expect("node", "10.96.0.10", 81, answers: ["refused"])
        try machine.expect("client", "10.96.0.99", 80, answers: ["silence"])
        // None ready: refused at once; and back.
        machine.endpoints([("a", ["ready": false])])
        try machine.commit()
        try machine.expect("client", "10.96.0.10", 80, answers: ["refused"])
        try machine.expect("node", "10.96.0.10", 80, answers: ["refused"])
        machine.endpoints([
            ("a", ["ready": false, "serving": true, "terminating": true]), ("b", ["ready": false]),
        ])
        try machine.commit()
        try machine.expect("client", "10.96.0.10", 80, times: 10, answers: ["10.244.0.11/10.244.1.11"])
        machine.model.setService("default/web", nil)
        try machine.commit()
        try machine.expect("client", "10.96.0.10", 80, answers: ["silence"])
    }

    @Test func nodePortsAndHostPorts() throws {
        if NetworkLab.skips() { return }
        let machine = try Machine("nodeport")
        defer { machine.lab.close() }
        let ports: JSON = [["name": "", "port": 80, "nodePort": 30080]]
        machine.service(["type": "NodePort", "ports": ports])
        machine.endpoints(Self.both)
        machine.setPod("client", "10.244.1.11", ports: [["containerPort": 9090, "hostPort": 8888]])
        try machine.commit()
        for address in ["203.0.113.1", "169.254.77.1"] {
            try machine.expect(
                "outside", address, 30080, times: 40,
                answers: ["10.244.0.11/10.244.0.1", "10.244.0.12/10.244.0.1"])
            try machine.expect("node", address, 30080, from: Self.addresses, times: 40)
            try machine.expect("other", address, 30080, from: Self.addresses, times: 40)
        }
        // A host port keeps the client's address, also when a pod reaches itself by it.
        try machine.expect("outside", "203.0.113.1", 8888, answers: ["10.244.1.11/203.0.113.10"])
        try machine.expect("a", "203.0.113.1", 8888, answers: ["10.244.1.11/10.244.0.11"])
        try machine.expect("client", "203.0.113.1", 8888, answers: ["10.244.1.11/10.244.1.1"])
        #expect(try machine.reach("node", "203.0.113.1", 8888).first?.hasPrefix("10.244.1.11/") == true)
        // The machine's own sockets are reached as before.
        try machine.expect("outside", "203.0.113.1", 8080, answers: ["203.0.113.1/203.0.113.10"])
        // Local: clients are seen as they are.
        machine.service(["type": "NodePort", "ports": ports, "externalTrafficPolicy": "Local"])
        try machine.commit()
        try machine.expect(
            "outside", "203.0.113.1", 30080, times: 40,
            answers: ["10.244.0.11/203.0.113.10", "10.244.0.12/203.0.113.10"])
        machine.endpoints([])
        try machine.commit()
        try machine.expect("outside", "203.0.113.1", 30080, answers: ["refused"])
        try machine.expect("node", "203.0.113.1", 30080, answers: ["refused"])
        machine.model.setPod("default/client", nil as JSON?)
        try machine.commit()
        try machine.expect("outside", "203.0.113.1", 8888, answers: ["refused"])
    }

    @Test func loadBalancersAndExternalAddresses() throws {
        if NetworkLab.skips() { return }
        let machine = try Machine("balancer")
        defer { machine.lab.close() }
        let status: JSON = ["loadBalancer": ["ingress": [["ip": "172.31.255.1", "ipMode": "VIP"]]]]
        var spec: JSON = [
            "type": "LoadBalancer", "ports": [["name": "", "port": 80, "nodePort": 30080]],
            "externalIPs": ["198.51.100.1"],
        ]
        machine.service(spec, status: status)
        machine.endpoints(Self.both)
        try machine.commit()
        for address in ["172.31.255.1", "198.51.100.1"] {
            for party in ["outside", "node", "client"] {
                try machine.expect(party, address, 80, from: Self.addresses, times: 40)
            }
        }
        #expect(
            try machine.lab.output(["ip", "-4", "addr", "show", "dev", "lo"]).contains("172.31.255.1/32"))
        spec["loadBalancerSourceRanges"] = ["10.244.0.0/16"]
        machine.service(spec, status: status)
        try machine.commit()
        #expect(try machine.reach("client", "172.31.255.1", 80).first?.hasPrefix("10.244.0.1") == true)
        try machine.expect("outside", "172.31.255.1", 80, answers: ["silence"])
        try machine.expect("node", "172.31.255.1", 80, answers: ["silence"])
        // The ranges are the balancer's alone.
        #expect(try machine.reach("outside", "203.0.113.1", 30080).first?.hasPrefix("10.244.0.1") == true)
        spec["loadBalancerSourceRanges"] = ["203.0.113.8/29", "203.0.113.0/24", "192.0.2.0/24"]
        machine.service(spec, status: status)
        try machine.commit()
        #expect(try machine.reach("outside", "172.31.255.1", 80).first?.hasPrefix("10.244.0.1") == true)
        #expect(try machine.reach("node", "172.31.255.1", 80).first?.hasPrefix("10.244.0.1") == true)
        try machine.expect("client", "172.31.255.1", 80, answers: ["silence"])
        machine.model.setService("default/web", nil)
        try machine.commit()
        #expect(try !machine.lab.output(["ip", "-4", "addr", "show", "dev", "lo"]).contains("172.31.255.1"))
        #expect(try machine.lab.output(["ip", "-4", "addr", "show", "dev", "lo"]).contains("169.254.77.1"))
    }

    @Test func affinityAndLocalTraffic() throws {
        if NetworkLab.skips() { return }
        let machine = try Machine("affinity")
        defer { machine.lab.close() }
        var spec: JSON = [
            "sessionAffinity": "ClientIP", "sessionAffinityConfig": ["clientIP": ["timeoutSeconds": 1]],
        ]
        machine.service(spec)
        machine.endpoints([("a", [:]), ("b", [:]), ("client", [:]), ("other", [:])])
        try machine.commit()
        var seen: Set<String> = []
        for _ in 0..<20 {
            // One first, for it decides where the others go.
            let first = try machine.reach("client", "10.96.0.10", 80)
            let next = try machine.reach("client", "10.96.0.10", 80, times: 20)
            #expect(next == first)
            seen.formUnion(first)
            if seen.count > 1 { break }
            Thread.sleep(forTimeInterval: 1.1)
        }
        #expect(seen.count > 1, "after its time a client may go elsewhere")
        // Only endpoints of the client's own node; the machine is every node.
        for affinity in ["ClientIP", "None"] {
            spec["sessionAffinity"] = .string(affinity)
            spec["internalTrafficPolicy"] = "Local"
            machine.service(spec)
            machine.endpoints([("a", [:]), ("client", [:])])
            try machine.commit()
            try machine.expect("b", "10.96.0.10", 80, times: 20, answers: ["10.244.0.11/10.244.0.12"])
            try machine.expect("client", "10.96.0.10", 80, answers: ["10.244.1.11/10.244.1.1"])
            try machine.expect("other", "10.96.0.10", 80, answers: ["silence"])
            #expect(try machine.reach("node", "10.96.0.10", 80).first?.hasPrefix("10.244.") == true)
        }
    }

    /// Each node's port leads to its own endpoints; who is on the node itself is not outside.
    @Test func externalTrafficStaysOnItsNodeWhenItIsLocal() throws {
        if NetworkLab.skips() { return }
        let machine = try Machine("external")
        defer { machine.lab.close() }
        let (first, second) = ("203.0.113.1", "169.254.77.1")
        machine.setNode("n1", 0, at: first)
        machine.setNode("n2", 1, at: second)
        var spec: JSON = [
            "type": "NodePort", "ports": [["name": "", "port": 80, "nodePort": 30080]],
            "externalTrafficPolicy": "Local",
        ]
        for affinity in ["None", "ClientIP"] {
            spec["sessionAffinity"] = .string(affinity)
            machine.service(spec)
            machine.endpoints([("a", [:])])
            try machine.commit()
            for party in ["outside", "node", "other", "client", "b"] {
                try machine.expect(party, first, 30080, from: ["10.244.0.11"], times: 5)
            }
            for party in ["outside", "node", "other", "b"] {
                try machine.expect(party, second, 30080, answers: ["silence"])
            }
            try machine.expect("client", second, 30080, answers: ["10.244.0.11/10.244.1.11"])
            machine.endpoints([("a", [:]), ("client", [:])])
            try machine.commit()
            try machine.expect("outside", first, 30080, times: 20, answers: ["10.244.0.11/203.0.113.10"])
            try machine.expect("outside", second, 30080, times: 20, answers: ["10.244.1.11/203.0.113.10"])
            // The last of a node goes on while it ends, though another node has one that is ready.
            machine.endpoints([
                ("a", ["ready": false, "serving": true, "terminating": true]), ("client", [:]),
            ])
            try machine.commit()
            try machine.expect("outside", first, 30080, answers: ["10.244.0.11/203.0.113.10"])
            machine.endpoints([("a", ["ready": false])])
            try machine.commit()
            try machine.expect("outside", first, 30080, answers: ["refused"])
        }
    }

    /// Clients are led where the endpoints' hints say, and anywhere when hints say nothing for them.
    @Test func trafficStaysInItsZoneWhenEndpointsSaySo() throws {
        if NetworkLab.skips() { return }
        let machine = try Machine("zones")
        defer { machine.lab.close() }
        machine.setNode("n1", 0, at: "203.0.113.1", zone: "east")
        machine.setNode("n2", 1, at: "169.254.77.1", zone: "west")
        machine.setNode("n3", 2, at: "192.0.2.3", zone: "north")
        machine.service(["type": "NodePort", "ports": [["name": "", "port": 80, "nodePort": 30080]]])
        let both: [(String, JSON)] = [("a", [:]), ("client", [:])]
        let zones: [String: JSON] = [
            "a": ["forZones": [["name": "east"]]], "client": ["forZones": [["name": "west"]]],
        ]
        machine.endpoints(both, hints: zones)
        try machine.commit()
        try machine.expect("b", "10.96.0.10", 80, times: 20, answers: ["10.244.0.11/10.244.0.12"])
        try machine.expect("client", "10.96.0.10", 80, times: 20, answers: ["10.244.1.11/10.244.1.1"])
        for party in ["other", "node"] {
            try machine.expect(party, "10.96.0.10", 80, from: ["10.244.0.11", "10.244.1.11"], times: 40)
        }
        try machine.expect("outside", "203.0.113.1", 30080, from: ["10.244.0.11"], times: 20)
        try machine.expect("outside", "169.254.77.1", 30080, from: ["10.244.1.11"], times: 20)
        // A node goes before its zone.
        var nodes = zones
        nodes["a"]?["forNodes"] = [["name": "n2"]]
        nodes["client"]?["forNodes"] = [["name": "n1"]]
        machine.endpoints(both, hints: nodes)
        try machine.commit()
        try machine.expect("b", "10.96.0.10", 80, times: 20, answers: ["10.244.1.11/10.244.0.12"])
        try machine.expect("client", "10.96.0.10", 80, times: 20, answers: ["10.244.0.11/10.244.1.11"])
        // One endpoint without hints, and they say nothing.
        machine.endpoints(both, hints: ["a": zones["a"] ?? [:]])
        try machine.commit()
        try machine.expect("b", "10.96.0.10", 80, from: ["10.244.0.11", "10.244.1.11"], times: 40)
    }

    @Test func datagramsFollowTheEndpointsAndConnectionsStay() throws {
        if NetworkLab.skips() { return }
        let machine = try Machine("flows")
        defer { machine.lab.close() }
        let address = "10.96.0.10"
        machine.service(["ports": [["name": "", "port": 53, "protocol": "UDP"]]])
        machine.endpoints([("a", [:])], port: 5353, transport: "UDP")
        try machine.commit()
        let question = NetworkLab.Attempt(address: address, port: 53, transport: .udp)
        #expect(try machine.lab.datagram("client", question) == "10.244.0.11/10.244.1.11")
        // The same socket goes on at the new endpoint at once, though the kernel remembers the old.
        machine.endpoints([("b", [:])], port: 5353, transport: "UDP")
        try machine.commit()
        #expect(try machine.lab.datagram("client", question) == "10.244.0.12/10.244.1.11")
        machine.endpoints([], port: 5353, transport: "UDP")
        try machine.commit()
        #expect(try machine.lab.datagram("client", question) == "refused")
        machine.endpoints([("a", [:])], port: 5353, transport: "UDP")
        try machine.commit()
        #expect(try machine.lab.datagram("client", question) == "10.244.0.11/10.244.1.11")

        machine.service([:])
        machine.endpoints([("a", [:])])
        try machine.commit()
        let connection = NetworkLab.Attempt(address: address, port: 80, transport: .tcp)
        #expect(try machine.lab.open("client", connection) == "10.244.0.11/10.244.1.11")
        machine.endpoints([("b", [:])])
        try machine.commit()
        #expect(try machine.lab.talk("client") == "alive")
        try machine.expect("client", address, 80, times: 5, answers: ["10.244.0.12/10.244.1.11"])
    }

    @Test func changesUnderLoadLoseNoConnection() throws {
        if NetworkLab.skips() { return }
        let machine = try Machine("load")
        defer { machine.lab.close() }
        machine.service([:])
        machine.endpoints(Self.both)
        try machine.commit()
        let attempt = NetworkLab.Attempt(address: "10.96.0.10", port: 80, transport: .tcp)
        for round in 0..<30 {
            // The questions are under way while the endpoints change.
            let questions = [
                "client": Array(repeating: attempt, count: 60), "other": Array(repeating: attempt, count: 60),
            ]
            // Long enough for a machine that has much else to do: none of them may end in silence.
            let answers = try machine.lab.attempt(questions, seconds: 15) {
                machine.endpoints(round % 2 == 0 ? [("a", [:]), ("b", ["ready": false])] : Self.both)
                try machine.commit()
            }
            let odd = answers.values.flatMap { $0 }.filter { !$0.hasPrefix("10.244.0.1") }
            #expect(odd == [], "round \(round)")
        }
    }

    /// The kernel's table after many differences is the same as one that was made at once.
    @Test func differencesAddUpInTheKernel() throws {
        if NetworkLab.skips() { return }
        let lab = try NetworkLab("diff", pods: [("x", "10.244.0.11")])
        defer { lab.close() }
        let host = LinuxHost(namespace: lab.host)
        for seed in UInt64(1000)..<1004 {
            var cluster = RandomCluster(seed: seed)
            var model = NetworkModel(RandomCluster.configuration)
            try host.transact(model.commitAll().commands)
            for step in 0..<60 {
                cluster.step(&model)
                let commands = model.commit().commands
                do { try host.transact(commands) } catch {
                    Issue.record("seed \(seed), step \(step): \(error)\n\(commands)")
                    return
                }
            }
            // Chains that nothing leads to are swept later than their last use.
            Thread.sleep(forTimeInterval: 0.1)
            try host.transact(model.deletion(of: model.staleChains))
            model.swept(model.staleChains)
            let stepwise = try listing(lab)
            var fresh = cluster.fresh()
            try host.transact(fresh.commitAll().commands)
            let whole = try listing(lab)
            let difference = Set(stepwise).symmetricDifference(whole)
            #expect(
                stepwise == whole, "seed \(seed): \(difference.sorted().joined(separator: "\n---\n"))")
        }
        try host.transact(NetworkModel.removal(of: "aegis"))
        #expect(try lab.output(["nft", "list", "tables"]) == "")
    }

    /// In an order of its own: the kernel lists elements by their hash, and chains as they came.
    private func listing(_ lab: NetworkLab) throws -> [String] {
        let text = try lab.output(["nft", "-s", "list", "table", "ip", "aegis"])
        var blocks: [String] = []
        var block: [String] = []
        for line in text.split(separator: "\n") where line.hasPrefix("\t") {
            if line.hasPrefix("\tchain") || line.hasPrefix("\tset") || line.hasPrefix("\tmap") {
                blocks.append(block.joined(separator: "\n"))
                block = []
            }
            block.append(line.contains("elements =") || line.hasPrefix("\t\t\t") ? "" : String(line))
            if line.contains("elements =") || line.hasPrefix("\t\t\t") {
                let parts = line.replacing("elements = {", with: "").replacing("}", with: "")
                    .split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
                block.removeLast()
                block += parts.filter { !$0.isEmpty }
            }
        }
        blocks.append(block.joined(separator: "\n"))
        // Sorted within, but for the rules of chains, whose order says something.
        return blocks.map { text in
            text.hasPrefix("\tchain") ? text : text.split(separator: "\n").sorted().joined(separator: "\n")
        }.sorted()
    }
}
