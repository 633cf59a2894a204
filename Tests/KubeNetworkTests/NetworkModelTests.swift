import KubeAPI
import KubeJSON
import Testing

@testable import KubeNetwork

@Suite struct NetworkModelTests {
    static let configuration = RandomCluster.configuration

    @Test func stepByStepIsTheSameAsFromScratch() throws {
        for seed in UInt64(0)..<300 {
            var cluster = RandomCluster(seed: seed)
            var model = NetworkModel(Self.configuration)
            var image = TableImage(Self.configuration)
            do {
                try image.apply(model.commitAll().commands)
                for _ in 0..<40 {
                    for _ in 0..<Int.random(in: 1...3, using: &cluster.random) { cluster.step(&model) }
                    try image.apply(model.commit().commands)
                    if Int.random(in: 0..<4, using: &cluster.random) == 0 { try sweep(&model, &image) }
                }
                try sweep(&model, &image)
                var scratch = TableImage(Self.configuration)
                var fresh = cluster.fresh()
                let all = fresh.commitAll()
                try scratch.apply(all.commands)
                #expect(image.normalised == scratch.normalised, "seed \(seed)")
                #expect(model.commit().commands.isEmpty, "seed \(seed)")
                #expect(model.commit().localAddresses == all.localAddresses, "seed \(seed)")
                // Doing it all again on the machine where it is changes nothing.
                try image.apply(model.commitAll().commands)
                #expect(image.normalised == scratch.normalised, "seed \(seed)")
            } catch {
                Issue.record("seed \(seed): \(error)")
                return
            }
        }
    }

    private func sweep(_ model: inout NetworkModel, _ image: inout TableImage) throws {
        let chains = model.staleChains
        try image.apply(model.deletion(of: chains))
        model.swept(chains)
    }

    static func service(
        _ name: String, address: String = "10.96.0.10", _ spec: JSON = [:], status: JSON = [:]
    ) -> JSON {
        var service: JSON = [
            "metadata": ["name": .string(name), "namespace": "default"],
            "spec": ["clusterIP": .string(address), "ports": [["name": "", "port": 80]]],
            "status": status,
        ]
        for (key, value) in spec.object ?? [:] { service.set(value, at: "spec", key) }
        return service
    }

    static func slice(
        _ service: String, _ endpoints: [(String, JSON)], port: Int64 = 8080, transport: String = "TCP"
    ) -> JSON {
        [
            "metadata": [
                "name": .string(service + "-1"), "namespace": "default",
                "labels": ["kubernetes.io/service-name": .string(service)],
            ],
            "addressType": "IPv4",
            "ports": [["name": "", "port": .integer(port), "protocol": .string(transport)]],
            "endpoints": .array(
                endpoints.map { ["addresses": [.string($0.0)], "conditions": $0.1] }),
        ]
    }

    private func image(_ service: JSON, _ slices: [JSON]) throws -> TableImage {
        var model = NetworkModel(Self.configuration)
        model.setService("default/web", service)
        for (index, slice) in slices.enumerated() { model.setEndpointSlice("default/s\(index)", slice) }
        var image = TableImage(Self.configuration)
        try image.apply(model.commitAll().commands)
        return image
    }

    @Test func aServiceIsElementsOfMaps() throws {
        let image = try image(
            Self.service("web"), [Self.slice("web", [("10.244.0.5", [:]), ("10.244.0.4", ["ready": true])])])
        #expect(image.elements["service-sizes"] == ["10.96.0.10 . tcp . 80": "2"])
        #expect(
            image.elements["service-endpoints"] == [
                "10.96.0.10 . tcp . 80 . 0": "10.244.0.4 . 8080",
                "10.96.0.10 . tcp . 80 . 1": "10.244.0.5 . 8080",
            ])
        #expect(image.elements["cluster-ips"] == ["10.96.0.10": ""])
        #expect(image.chains["pick-2"] == ["meta mark set numgen random mod 2"])
        #expect(image.elements["services-without-endpoints"] == [:])
    }

    @Test func oneChangeIsOneSmallTransaction() throws {
        var model = NetworkModel(Self.configuration)
        for index in 0..<500 {
            model.setService(
                "default/s\(index)", Self.service("s\(index)", address: "10.96.\(index / 250).\(index % 250)")
            )
            model.setEndpointSlice("default/s\(index)", Self.slice("s\(index)", [("10.244.0.4", [:])]))
        }
        #expect(model.commitAll().commands.utf8.count > 40_000)
        model.setEndpointSlice("default/s77", Self.slice("s77", [("10.244.0.4", [:]), ("10.244.0.5", [:])]))
        let change = model.commit()
        #expect(
            change.commands == """
                add chain ip aegis pick-2
                delete element ip aegis service-sizes { 10.96.0.77 . tcp . 80 }
                flush chain ip aegis pick-2
                add rule ip aegis pick-2 meta mark set numgen random mod 2
                add element ip aegis picks { 2 : jump pick-2 }
                add element ip aegis service-endpoints { 10.96.0.77 . tcp . 80 . 1 : 10.244.0.5 . 8080 }
                add element ip aegis service-sizes { 10.96.0.77 . tcp . 80 : 2 }

                """)
        #expect(model.commit().commands.isEmpty)
    }

    @Test func onlyReadyEndpointsGetTrafficUnlessAllTerminate() throws {
        let ready: JSON = ["ready": true, "serving": true, "terminating": false]
        let ending: JSON = ["ready": false, "serving": true, "terminating": true]
        let ended: JSON = ["ready": false, "serving": false, "terminating": true]
        let starting: JSON = ["ready": false, "serving": false, "terminating": false]
        func targets(_ endpoints: [(String, JSON)]) throws -> [String] {
            let map = try image(Self.service("web"), [Self.slice("web", endpoints)]).elements[
                "service-endpoints"]
            return (map ?? [:]).values.sorted()
        }
        #expect(
            try targets([("10.244.0.1", ready), ("10.244.0.2", ending), ("10.244.0.3", starting)]) == [
                "10.244.0.1 . 8080"
            ])
        #expect(
            try targets([("10.244.0.1", starting), ("10.244.0.2", ending), ("10.244.0.3", ended)]) == [
                "10.244.0.2 . 8080"
            ])
        #expect(try targets([("10.244.0.1", starting), ("10.244.0.3", ended)]) == [])
    }

    @Test func servicesWithoutEndpointsAreRefused() throws {
        let image = try image(
            Self.service(
                "web",
                [
                    "type": "NodePort", "ports": [["port": 80, "nodePort": 30080]],
                    "externalIPs": ["198.51.100.1"],
                ]),
            [])
        #expect(
            image.elements["services-without-endpoints"] == [
                "10.96.0.10 . tcp . 80": "", "198.51.100.1 . tcp . 80": "",
            ])
        #expect(image.elements["node-ports-without-endpoints"] == ["tcp . 30080": ""])
        #expect(image.elements["service-sizes"] == [:])
    }

    @Test func headlessAndExternalNamesAreNothing() throws {
        var empty = NetworkModel(Self.configuration)
        var nothing = TableImage(Self.configuration)
        try nothing.apply(empty.commitAll().commands)
        for spec: JSON in [
            ["clusterIP": "None"], ["type": "ExternalName", "externalName": "a.b"], ["clusterIP": ""],
        ] {
            let image = try image(Self.service("web", spec), [Self.slice("web", [("10.244.0.4", [:])])])
            #expect(image == nothing)
        }
        for label in ["service-proxy-name", "headless"] {
            var labelled = Self.service("web")
            labelled.set("", at: "metadata", "labels", "service.kubernetes.io/\(label)")
            #expect(try self.image(labelled, [Self.slice("web", [("10.244.0.4", [:])])]) == nothing)
        }
    }

    @Test func externalTrafficIsMasqueradedUnlessItsPolicyIsLocal() throws {
        for (policy, isMasqueraded) in [("Cluster", true), ("Local", false)] {
            let image = try image(
                Self.service(
                    "web",
                    [
                        "type": "LoadBalancer", "ports": [["port": 80, "nodePort": 30080]],
                        "externalTrafficPolicy": .string(policy),
                        "loadBalancerSourceRanges": ["192.0.2.0/24 "],
                    ],
                    status: [
                        "loadBalancer": [
                            "ingress": [["ip": "172.31.255.1"], ["ip": "172.31.255.2", "ipMode": "Proxy"]]
                        ]
                    ]),
                [Self.slice("web", [("10.244.0.4", [:])])])
            #expect(image.elements["external-tcp"] == (isMasqueraded ? ["172.31.255.1 . 80": ""] : [:]))
            #expect(image.elements["external-node-ports-tcp"] == (isMasqueraded ? ["30080": ""] : [:]))
            #expect(image.elements["service-sizes"]?.keys.contains("172.31.255.1 . tcp . 80") == true)
            #expect(image.elements["service-sizes"]?.keys.contains("172.31.255.2 . tcp . 80") == false)
            #expect(image.elements["source-limited"] == ["172.31.255.1 . tcp . 80": ""])
            #expect(
                image.elements["source-ranges"] == [
                    "172.31.255.1 . tcp . 80 . 192.0.2.0/24": "",
                    // The machine is in the range, so it may use its own address.
                    "172.31.255.1 . tcp . 80 . 172.31.255.1": "",
                ])
        }
    }

    @Test func clientsStayWithAnEndpoint() throws {
        let image = try image(
            Self.service(
                "web",
                [
                    "sessionAffinity": "ClientIP",
                    "sessionAffinityConfig": ["clientIP": ["timeoutSeconds": 77]],
                ]),
            [Self.slice("web", [("10.244.0.4", [:]), ("10.244.0.5", [:])])])
        let verdict = try #require(image.elements["service-chains"]?["10.96.0.10 . tcp . 80"])
        let rules = try #require(image.chains[String(verdict.dropFirst("goto ".count))])
        #expect(rules.count == 3)
        #expect(image.sets.values.filter { $0.contains("timeout 77s") }.count == 2)
        #expect(image.elements["service-sizes"] == [:])
    }

    @Test func internalTrafficStaysOnItsNodeWhenItIsLocal() throws {
        var model = NetworkModel(Self.configuration)
        model.setNode("n1", ["metadata": ["name": "n1"], "spec": ["podCIDR": "10.244.1.0/24"]])
        model.setNode("n2", ["metadata": ["name": "n2"], "spec": ["podCIDR": "10.244.2.0/24"]])
        model.setService("default/web", Self.service("web", ["internalTrafficPolicy": "Local"]))
        var slice = Self.slice("web", [("10.244.1.4", [:])])
        slice.set("n1", at: "endpoints")
        slice["endpoints"] = [["addresses": ["10.244.1.4"], "nodeName": "n1"]]
        model.setEndpointSlice("default/s", slice)
        var image = TableImage(Self.configuration)
        try image.apply(model.commitAll().commands)
        let verdict = try #require(image.elements["service-chains"]?["10.96.0.10 . tcp . 80"])
        let rules = try #require(image.chains[String(verdict.dropFirst("goto ".count))])
        #expect(rules.count == 2)
        #expect(rules[0].hasPrefix("ip saddr 10.244.1.0/24 goto "))
        #expect(rules[1].hasPrefix("ip saddr != 10.244.0.0/16 goto "))
        #expect(image.elements["services-without-local"] == ["10.96.0.10 . tcp . 80": ""])
        model.setNode("n1", ["metadata": ["name": "n1"], "spec": ["podCIDR": "10.244.9.0/24"]])
        try image.apply(model.commit().commands)
        #expect(image.chains.values.contains { $0.first?.hasPrefix("ip saddr 10.244.9.0/24 ") == true })
    }

    @Test func staleEntriesOfUDPAreFound() throws {
        var model = NetworkModel(Self.configuration)
        let spec: JSON = [
            "type": "NodePort", "ports": [["port": 53, "protocol": "UDP", "nodePort": 30053], ["port": 53]],
        ]
        model.setService("default/web", Self.service("web", spec))
        #expect(model.commit().staleFlows.isEmpty)
        model.setEndpointSlice(
            "default/s",
            Self.slice("web", [("10.244.0.4", [:]), ("10.244.0.5", [:])], port: 5353, transport: "UDP"))
        #expect(
            model.commit().staleFlows.map(\.arguments) == [
                ["-D", "-f", "ipv4", "-p", "udp", "--orig-dst", "10.96.0.10", "--orig-port-dst", "53"],
                ["-D", "-f", "ipv4", "-p", "udp", "--orig-port-dst", "30053"],
            ])
        model.setEndpointSlice(
            "default/s", Self.slice("web", [("10.244.0.5", [:])], port: 5353, transport: "UDP"))
        #expect(
            model.commit().staleFlows.map { $0.arguments.suffix(4) } == [
                ["--reply-src", "10.244.0.4", "--reply-port-src", "5353"],
                ["--reply-src", "10.244.0.4", "--reply-port-src", "5353"],
            ])
        model.setService("default/web", nil)
        #expect(model.commit().staleFlows.count == 2)
        #expect(model.commit().staleFlows.isEmpty)
    }

    @Test func aPodsRulesAreThereBeforeItsStatusSaysItsAddress() throws {
        var model = NetworkModel(Self.configuration)
        var pod: JSON = [
            "metadata": ["name": "p", "namespace": "default"],
            "spec": ["containers": [["ports": [["containerPort": 80, "hostPort": 8080]]]]],
            "status": ["phase": "Pending"],
        ]
        model.setPod("default/p", pod)
        model.setPolicy(
            "default/deny",
            ["metadata": ["name": "deny", "namespace": "default"], "spec": ["podSelector": [:]]])
        var image = TableImage(Self.configuration)
        try image.apply(model.commitAll().commands)
        #expect(image.elements["isolated-ingress"] == [:])
        model.expect(try #require(IPAddress("10.244.0.9")), for: "default/p")
        try image.apply(model.commit().commands)
        #expect(image.elements["isolated-ingress"]?.keys.sorted() == ["10.244.0.9"])
        #expect(image.elements["node-port-endpoints"] == ["tcp . 8080 . 0": "10.244.0.9 . 80"])
        // Another condition comes first, then the address.
        pod.set("False", at: "status", "reason")
        model.setPod("default/p", pod)
        #expect(model.commit().commands.isEmpty)
        pod.set("10.244.0.9", at: "status", "podIP")
        model.setPod("default/p", pod)
        #expect(model.commit().commands.isEmpty)
        model.setPod("default/p", nil as JSON?)
        try image.apply(model.commit().commands)
        #expect(image.elements["isolated-ingress"] == [:])
    }

    /// Each node's pod has the port at its own node; elsewhere on the machine the first pod has it.
    @Test func hostPortsOfSeveralNodesAreKeptApart() throws {
        var model = NetworkModel(Self.configuration)
        func pod(_ name: String, _ address: String, on host: String) -> JSON {
            [
                "metadata": ["name": .string(name), "namespace": "default"],
                "spec": ["containers": [["ports": [["containerPort": 80, "hostPort": 8080]]]]],
                "status": ["phase": "Running", "podIP": .string(address), "hostIP": .string(host)],
            ]
        }
        model.setPod("default/a", pod("a", "10.244.0.9", on: "10.243.0.1"))
        model.setPod("default/b", pod("b", "10.244.1.9", on: "10.243.1.1"))
        var image = TableImage(Self.configuration)
        try image.apply(model.commitAll().commands)
        #expect(image.elements["service-endpoints"]?["10.243.0.1 . tcp . 8080 . 0"] == "10.244.0.9 . 80")
        #expect(image.elements["service-endpoints"]?["10.243.1.1 . tcp . 8080 . 0"] == "10.244.1.9 . 80")
        #expect(image.elements["node-port-endpoints"] == ["tcp . 8080 . 0": "10.244.0.9 . 80"])
        model.setPod("default/a", nil as JSON?)
        try image.apply(model.commit().commands)
        #expect(image.elements["service-endpoints"]?["10.243.0.1 . tcp . 8080 . 0"] == nil)
        #expect(image.elements["node-port-endpoints"] == ["tcp . 8080 . 0": "10.244.1.9 . 80"])
    }

    @Test func localAddressesAreThoseOfOurRange() throws {
        var model = NetworkModel(Self.configuration)
        for (index, address) in ["172.31.255.1", "172.31.255.1", "198.51.100.1"].enumerated() {
            model.setService(
                "default/s\(index)",
                Self.service(
                    "s\(index)", ["type": "LoadBalancer"],
                    status: ["loadBalancer": ["ingress": [["ip": .string(address)]]]]))
        }
        let ours = try #require(IPAddress("172.31.255.1"))
        #expect(model.commit().localAddresses == [ours])
        model.setService("default/s0", nil)
        #expect(model.commit().localAddresses == [ours])
        model.setService("default/s1", nil)
        #expect(model.commit().localAddresses == [])
    }
}
