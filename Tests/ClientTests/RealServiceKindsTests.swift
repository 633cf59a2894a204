import Foundation
import KubeClient
import KubeJSON
import KubePolicy
import TestNetwork
import Testing

/// Every kind of Service with real connections between real pods.
@Suite(
    .clients, .serialized, .enabled(if: Containers.areThere, "containers need root, containerd, runc and nft")
)
struct RealServiceKindsTests {
    @Test func servicesLeadToTheirPods() async throws {
        let shop = ServiceShop(try await PodNetwork(Self.places, Self.services))
        defer { shop.network.close() }
        try await Self.clusterAddresses(shop)
        try await Self.withoutEndpoints(shop)
        try await Self.names(shop)
        try await Self.nodePorts(shop)
        try await Self.balancers(shop)
        try await Self.affinityAndLocalTraffic(shop)
        try await Self.endpointsThatGo(shop)
    }

    private static func http(_ port: Int64) -> JSON { ["name": "http", "containerPort": .integer(port)] }

    private static let places: [PodNetwork.Place] = [
        .init(
            name: "a", namespace: "shop", node: 0, labels: ["app": "web"], ports: [http(8080)],
            spec: ["hostname": "a", "subdomain": "crowd"]),
        .init(name: "b", namespace: "shop", node: 0, labels: ["app": "web"], ports: [http(8080)]),
        // Of the same name, another number.
        .init(
            name: "c", namespace: "shop", node: 1, labels: ["app": "web"],
            ports: [http(7000), ["containerPort": 9090, "hostPort": 8888]]),
        .init(name: "client", namespace: "shop", node: 0),
        .init(name: "other", namespace: "shop", node: 2),
        .init(name: "slow", namespace: "shop", node: 1, labels: ["app": "slow"]),
        .init(name: "node", namespace: "shop", node: 2, usesHostNetwork: true),
    ]

    private static let services = """
        {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {selector: {app: web}, externalIPs: [198.51.100.7], ports: [{port: 80, targetPort: http}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: several, namespace: shop}
        spec:
          selector: {app: web}
          ports:
          - {name: one, port: 81, targetPort: 9090}
          - {name: two, port: 82, targetPort: 53}
          - {name: names, port: 82, targetPort: 5353, protocol: UDP}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: crowd, namespace: shop}
        spec: {selector: {app: web}, clusterIP: None, ports: [{port: 8080}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: elsewhere, namespace: shop}
        spec: {type: ExternalName, externalName: kubernetes.default.svc.cluster.local}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: nobody, namespace: shop}
        spec:
          type: LoadBalancer
          selector: {app: nobody}
          ports:
          - {name: tcp, port: 80, nodePort: 30090}
          - {name: udp, port: 80, nodePort: 30090, protocol: UDP}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: slow, namespace: shop}
        spec: {selector: {app: slow}, ports: [{port: 80, targetPort: 8080}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: exposed, namespace: shop}
        spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: http, nodePort: 30080}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: balanced, namespace: shop}
        spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: http}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: sticky, namespace: shop}
        spec: {selector: {app: web}, sessionAffinity: ClientIP, ports: [{port: 80, targetPort: http}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: near, namespace: shop}
        spec: {selector: {app: web}, internalTrafficPolicy: Local, ports: [{port: 80, targetPort: http}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: datagrams, namespace: shop}
        spec: {selector: {answers: datagrams}, ports: [{port: 53, targetPort: 5353, protocol: UDP}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: by-hand, namespace: shop}
        spec: {ports: [{port: 80, targetPort: 7000}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: by-hand, namespace: shop, labels: {kubernetes.io/service-name: by-hand}}
        addressType: IPv4
        ports: [{port: 7000}]
        endpoints: [{addresses: [203.0.113.10]}]

        """

    // MARK: Parts

    private static func clusterAddresses(_ shop: ServiceShop) async throws {
        let web = try await shop.address("web")
        for party in ["client", "other", "node", "outside", "a"] {
            try await shop.expect(party, web, 80, by: ["a", "b", "c"])
        }
        // Pods are seen as they are, others as the machine.
        let seen = try shop.network.reach("client", web, 80, times: 20)
        let own = try shop.network.address("client")
        #expect(seen.allSatisfy { $0.hasSuffix("/" + own) }, "\(seen)")
        try await shop.expect("client", "198.51.100.7", 80, by: ["a", "b", "c"])
        try await shop.expect("outside", "198.51.100.7", 80, by: ["a", "b", "c"])
        // A port that the Service has not, and an address that no Service has.
        try await shop.expectRefusal("client", web, 81)
        #expect(try shop.network.reach("client", "10.111.255.254", 80, seconds: 0.3) == ["silence"])
        let several = try await shop.address("several")
        try await shop.expect("client", several, 81, by: ["a", "b", "c"])
        try await shop.expect("client", several, 82, by: ["a", "b", "c"])
        try await shop.expect("client", several, 82, .udp, by: ["a", "b", "c"])
        try await shop.expectRefusal("client", several, 81, .udp)
        let byHand = try await shop.address("by-hand")
        for party in ["client", "node"] { try await shop.expect(party, byHand, 80, by: ["outside"]) }
    }

    private static func withoutEndpoints(_ shop: ServiceShop) async throws {
        let nobody = try await shop.address("nobody")
        let balancer = try await shop.balancer("nobody")
        let node = shop.network.nodes[1].address
        for party in ["client", "node", "outside"] {
            for transport in [TransportProtocol.tcp, .udp] {
                try await shop.expectRefusal(party, nobody, 80, transport)
                try await shop.expectRefusal(party, balancer, 80, transport)
                try await shop.expectRefusal(party, node, 30090, transport)
            }
        }
        // With one that is not ready, which the Service takes none the less when it says so.
        let slow = try await shop.address("slow")
        try await shop.expect("client", slow, 80, by: ["slow"])
        try await shop.network.remove(
            .init(name: "slow", namespace: "shop", node: 1, labels: ["app": "slow"]))
        try await shop.expectRefusal("client", slow, 80)
        let probe: JSON = ["exec": ["command": ["test", "-e", "/tmp/ready"]], "periodSeconds": 1]
        let unready = PodNetwork.Place(
            name: "slow", namespace: "shop", node: 1, labels: ["app": "slow"], readinessProbe: probe)
        try await shop.network.add(unready)
        try await shop.expectRefusal("client", slow, 80)
        try await shop.patch("slow", ["publishNotReadyAddresses": true])
        try await shop.expect("client", slow, 80, by: ["slow"])
        try await shop.patch("slow", ["publishNotReadyAddresses": false])
        try await shop.expectRefusal("client", slow, 80)
        _ = try shop.network.cluster.kubectl(Containers.words("-n shop exec slow -- touch /tmp/ready"))
        try await shop.expect("client", slow, 80, by: ["slow"])
    }

    private static func names(_ shop: ServiceShop) async throws {
        let agent = try shop.network.agent("client")
        let all = try ["a", "b", "c"].map { try shop.network.address($0) }.sorted()
        #expect(try agent.lookup("web") == [try await shop.address("web")])
        #expect(try agent.lookup("crowd") == all)
        #expect(try agent.lookup("crowd.shop.svc.cluster.local") == all)
        #expect(try agent.lookup("a.crowd") == [try shop.network.address("a")])
        let api = try await shop.address("kubernetes", in: "default")
        #expect(try agent.lookup("elsewhere") == [api])
        #expect(try agent.lookup("elsewhere.shop.svc.cluster.local") == [api])
        #expect(try agent.lookup("nothing.shop.svc.cluster.local") == ["nothing"])
        // Without an address in between the pods answer at their own ports.
        try await shop.expect("client", try shop.network.address("b"), 8080, by: ["b"])
        try await shop.network.label(.pods, "b", in: "shop", ["app": .null])
        try await eventually("the name is without the pod") {
            try agent.lookup("crowd") == all.filter { try $0 != shop.network.address("b") }
        }
        try await shop.expect("client", try await shop.address("web"), 80, by: ["a", "c"])
        try await shop.network.label(.pods, "b", in: "shop", ["app": "web"])
        try await eventually("the name is with the pod") { try agent.lookup("crowd") == all }
    }

    private static func nodePorts(_ shop: ServiceShop) async throws {
        for node in shop.network.nodes {
            for party in ["client", "node", "outside"] {
                try await shop.expect(party, node.address, 30080, by: ["a", "b", "c"])
            }
        }
        try await shop.expect("outside", "203.0.113.1", 30080, by: ["a", "b", "c"])
        #expect(try !shop.network.reach("outside", "203.0.113.1", 30080).contains { $0.hasSuffix(".10") })
        // Whoever comes from outside is seen as they are.
        try await shop.patch("exposed", ["externalTrafficPolicy": "Local"])
        try await eventually("clients are seen") {
            try shop.network.reach("outside", "203.0.113.1", 30080, times: 10)
                .allSatisfy { $0.hasSuffix("/203.0.113.10") }
        }
        try await shop.expect("outside", "203.0.113.1", 30080, by: ["a", "b", "c"])
        // Each node answers for its own pods; who is on the node itself does not come from outside.
        let addresses = shop.network.nodes.map(\.address)
        for party in ["outside", "node", "other"] {
            try await shop.expect(party, addresses[0], 30080, by: ["a", "b"])
            try await shop.expect(party, addresses[1], 30080, by: ["c"])
        }
        for party in ["outside", "node", "client"] {
            #expect(
                try shop.network.reach(party, addresses[2], 30080, seconds: 0.3) == ["silence"], "\(party)")
        }
        try await shop.expect("other", addresses[2], 30080, by: ["a", "b", "c"])
        try await shop.patch("exposed", ["externalTrafficPolicy": "Cluster"])
        try await shop.patch("exposed", ["selector": ["app": "nobody"]])
        for party in ["client", "node", "outside"] {
            try await shop.expectRefusal(party, shop.network.nodes[0].address, 30080)
        }
        try await shop.patch("exposed", ["selector": ["app": "web"]])
        try await shop.expect("outside", shop.network.nodes[0].address, 30080, by: ["a", "b", "c"])
        // The port of a container on its node.
        let node = shop.network.nodes[1].address
        for party in ["client", "node", "outside", "c"] {
            try await shop.expect(party, node, 8888, by: ["c"])
        }
        #expect(
            try shop.network.reach("outside", node, 8888) == [
                "\(try shop.network.address("c"))/\(PodNetwork.outside)"
            ])
    }

    private static func balancers(_ shop: ServiceShop) async throws {
        let balancer = try await shop.balancer("balanced")
        #expect(try await shop.address("balanced") != balancer)
        for party in ["client", "node", "outside"] {
            try await shop.expect(party, balancer, 80, by: ["a", "b", "c"])
        }
        try await shop.patch("balanced", ["loadBalancerSourceRanges": ["203.0.113.0/24"]])
        try await eventually("pods are not let in") {
            try shop.network.reach("client", balancer, 80, seconds: 0.2) == ["silence"]
        }
        try await shop.expect("outside", balancer, 80, by: ["a", "b", "c"])
        try await shop.patch(
            "balanced", ["loadBalancerSourceRanges": .null, "externalTrafficPolicy": "Local"])
        try await eventually("clients are seen") {
            try shop.network.reach("outside", balancer, 80, times: 10)
                .allSatisfy { $0.hasSuffix("/203.0.113.10") }
        }
        for party in ["client", "node", "outside"] {
            try await shop.expect(party, balancer, 80, by: ["a", "b", "c"])
        }
        try await shop.network.client.delete(.services, "balanced", namespace: "shop")
        try await eventually("nobody answers any more") {
            try !shop.network.reach("outside", balancer, 80, seconds: 0.2)[0].hasPrefix("10.")
        }
    }

    private static func affinityAndLocalTraffic(_ shop: ServiceShop) async throws {
        let sticky = try await shop.address("sticky")
        for party in ["client", "other", "node", "outside"] {
            let first = try shop.network.reach(party, sticky, 80)
            #expect(first.allSatisfy { $0.hasPrefix("10.") }, "\(party): \(first)")
            let next = try shop.network.reach(party, sticky, 80, times: 30)
            #expect(next == first, "\(party)")
        }
        let near = try await shop.address("near")
        try await shop.expect("client", near, 80, by: ["a", "b"])
        try await shop.expect("c", near, 80, by: ["c"])
        #expect(try shop.network.reach("other", near, 80, seconds: 0.3) == ["silence"])
    }

    /// A socket that sends datagrams goes on where the Service leads now; a connection stays where it is.
    private static func endpointsThatGo(_ shop: ServiceShop) async throws {
        let network = shop.network
        let datagrams = ConnectionAgent.Attempt(
            address: try await shop.address("datagrams"), port: 53, transport: .udp)
        func expectDatagrams(_ wanted: String) async throws {
            var last = ""
            try await eventually("datagrams: \(wanted), not \(last)", within: 60) {
                last = try network.agent("client").datagram(datagrams)
                return last.hasPrefix(wanted)
            }
        }
        let (a, b) = (try network.address("a"), try network.address("b"))
        try await expectDatagrams("refused")
        try await network.label(.pods, "b", in: "shop", ["answers": "datagrams"])
        try await expectDatagrams(b + "/")
        try await network.label(.pods, "a", in: "shop", ["answers": "datagrams"])
        try await network.label(.pods, "b", in: "shop", ["answers": .null])
        try await expectDatagrams(a + "/")
        try await network.label(.pods, "b", in: "shop", ["answers": "datagrams"])

        let web = try await shop.address("web")
        let connection = ConnectionAgent.Attempt(address: web, port: 80, transport: .tcp)
        #expect(try network.agent("other").open(connection).hasPrefix("10."))
        #expect(try network.agent("client").open(connection).hasPrefix("10."))
        // Both may be at any of three; all of them leave the Service.
        for pod in ["a", "b", "c"] { try await network.label(.pods, pod, in: "shop", ["app": "old"]) }
        try await shop.expectRefusal("client", web, 80)
        #expect(try network.agent("other").talk() == "alive")
        #expect(try network.agent("client").talk() == "alive")
        for pod in ["a", "b", "c"] { try await network.label(.pods, pod, in: "shop", ["app": "web"]) }

        // A pod that is gone.
        try await network.remove(.init(name: "a", namespace: "shop", node: 0))
        try await expectDatagrams(b + "/")
        try await shop.expect("other", web, 80, by: ["b", "c"])
        try await network.remove(.init(name: "b", namespace: "shop", node: 0))
        try await expectDatagrams("refused")
        try await network.add(
            .init(name: "b", namespace: "shop", node: 2, labels: ["answers": "datagrams"]))
        try await expectDatagrams(try network.address("b") + "/")
        try await shop.expect("other", web, 80, by: ["c"])
    }
}

private struct ServiceShop {
    let network: PodNetwork

    init(_ network: PodNetwork) { self.network = network }

    func address(_ service: String, in namespace: String = "shop") async throws -> String {
        let object = try await network.client.get(.services, service, namespace: namespace)
        return try #require(object.at("spec", "clusterIP")?.string)
    }

    func balancer(_ service: String) async throws -> String {
        var address: String?
        try await eventually("\(service) has an address") {
            let object = try await network.client.get(.services, service, namespace: "shop")
            address = object.at("status", "loadBalancer", "ingress")?[0]?["ip"]?.string
            return address != nil
        }
        return try #require(address)
    }

    func patch(_ service: String, _ spec: JSON) async throws {
        _ = try await network.client.patch(
            .services, service, .merge, ["spec": spec], namespace: "shop")
    }

    /// Waits until all of these answer and nobody else does.
    func expect(
        _ from: String, _ address: String, _ port: Int, _ transport: TransportProtocol = .tcp,
        by pods: [String]
    ) async throws {
        let wanted = Set(try pods.map { try network.address($0) })
        var last: [String] = []
        do {
            try await eventually("", within: 60) {
                last = try network.reach(from, address, port, transport, times: pods.count == 1 ? 5 : 40)
                return Set(last.map { $0.split(separator: "/").first.map(String.init) ?? "" }) == wanted
            }
        } catch let error as Failed {
            Issue.record(
                "\(from) to \(address), \(transport) \(port): \(last), not \(pods) at \(wanted); \(error)")
        }
    }

    /// Waits until nobody is reached, and sees that this is said at once.
    func expectRefusal(
        _ from: String, _ address: String, _ port: Int, _ transport: TransportProtocol = .tcp
    ) async throws {
        // A datagram of the machine's own does not leave it: sending itself fails, as with kube-proxy.
        let wanted = from == "node" && transport == .udp ? ["refused", "EPERM"] : ["refused"]
        var last: [String] = []
        do {
            try await eventually("", within: 60) {
                last = try network.reach(from, address, port, transport, seconds: 0.5)
                return last.count == 1 && wanted.contains(last[0])
            }
        } catch is Failed {
            Issue.record("\(from) to \(address), \(transport) \(port): \(last), not a refusal")
        }
    }
}
