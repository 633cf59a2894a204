import KubeJSON
import Testing

@testable import AegisCluster

@Suite struct ReachabilityTests {
    private static func node(_ name: String, _ address: String, isReal: Bool = true) throws -> JSON {
        try document(
            """
            metadata:
              name: \(name)
              annotations: {\(isReal ? "aegis.dev/containers: 'true'" : "")}
            status: {addresses: [{type: InternalIP, address: \(address)}]}
            """)
    }

    private static func service(
        _ name: String, in space: String = "demo", _ spec: String, balancer: String = ""
    ) throws -> JSON {
        try document(
            """
            metadata: {name: \(name), namespace: \(space)}
            spec: {\(spec)}
            status: {loadBalancer: {\(balancer)}}
            """)
    }

    private static func slice(_ service: String, _ port: Int, in space: String = "demo") throws -> JSON {
        try document(
            """
            metadata: {name: \(service)-x, namespace: \(space), labels: {kubernetes.io/service-name: \(service)}}
            addressType: IPv4
            ports: [{port: \(port), protocol: TCP}]
            endpoints: [{addresses: [10.244.0.9], conditions: {ready: true}}]
            """)
    }

    private static func pod(_ name: String, ports: String, owner: String = "", node: String = "b") throws
        -> JSON
    {
        try document(
            """
            metadata: {name: \(name), namespace: demo, ownerReferences: [\(owner)]}
            spec: {nodeName: \(node), containers: [{name: c, ports: [\(ports)]}]}
            status: {phase: Running, podIP: 10.244.0.7, conditions: [{type: Ready, status: "True"}]}
            """)
    }

    @Test func eachServiceIsNamedWithTheWayThatIsMeant() throws {
        let reach = Reachability(
            nodes: [try Self.node("b", "10.243.1.1"), try Self.node("a", "10.243.0.1")],
            services: [
                try Self.service(
                    "web",
                    "type: LoadBalancer, clusterIP: 10.96.0.7, ports: [{port: 80, nodePort: 30080}, {name: s, port: 443, nodePort: 30443}]",
                    balancer: "ingress: [{ip: 10.242.0.1, ipMode: VIP}]"),
                try Self.service(
                    "late", "type: LoadBalancer, clusterIP: 10.96.0.8, ports: [{port: 80, nodePort: 30081}]"),
                try Self.service(
                    "door",
                    "type: NodePort, clusterIP: 10.96.0.9, ports: [{port: 53, nodePort: 30053, protocol: UDP}]"
                ),
                try Self.service("db", "type: ClusterIP, clusterIP: 10.96.0.10, ports: [{port: 5432}]"),
                try Self.service("headless", "type: ClusterIP, clusterIP: None, ports: [{port: 1}]"),
                try Self.service("elsewhere", "type: ExternalName, externalName: example.com"),
                try Self.service(
                    "kube-dns", in: "kube-system",
                    "type: ClusterIP, clusterIP: 10.96.0.11, ports: [{port: 53}]"),
                try Self.service(
                    "kubernetes", in: "default", "type: ClusterIP, clusterIP: 10.96.0.1, ports: [{port: 443}]"
                ),
            ],
            slices: [try Self.slice("web", 8080), try Self.slice("db", 5432)],
            pods: [
                try Self.pod("proxy", ports: "{containerPort: 8080, hostPort: 80}, {containerPort: 9}"),
                try Self.pod(
                    "agent-1", ports: "{containerPort: 1, hostPort: 9100}",
                    owner: "{kind: DaemonSet, name: agent, controller: true}"),
                try Self.pod(
                    "agent-2", ports: "{containerPort: 1, hostPort: 9100}",
                    owner: "{kind: DaemonSet, name: agent, controller: true}", node: "a"),
                try Self.pod("inner", ports: "{containerPort: 1, hostPort: 7, hostIP: 127.0.0.1}"),
            ])
        #expect(
            reach.table()
                == [
                    "  demo/agent  10.243.1.1:9100    hostPort on 2 nodes",
                    "  demo/db     10.96.0.10:5432    ClusterIP",
                    "  demo/door   10.243.0.1:30053/udp  NodePort, nobody answers",
                    "  demo/late   10.243.0.1:30081   NodePort, nobody answers",
                    "  demo/proxy  10.243.1.1:80      hostPort",
                    "  demo/web    10.242.0.1:80,443  LoadBalancer",
                ].map { line in
                    // Columns are as wide as the widest of their words.
                    let words = line.split(separator: " ", omittingEmptySubsequences: true)
                    let place = words[1].padding(20)
                    return "  \(words[0].padding(10))  \(place)  \(words[2...].joined(separator: " "))"
                })
        let web = reach.ways.filter { $0.name == "demo/web" }
        #expect(web.map(\.kind) == [.loadBalancer, .nodePort, .clusterIP])
        #expect(web.map(\.address) == ["10.242.0.1", "10.243.0.1", "10.96.0.7"])
        #expect(web[1].ports == ["30080", "30443"])
        #expect(Reachability(json: reach.json) == reach)
    }

    /// Of a Service that each node answers for its own pods alone, a node that has one.
    @Test func aNodeIsNamedThatAnswers() throws {
        var slice = try Self.slice("web", 8080)
        slice["endpoints"] = [["addresses": ["10.244.1.9"], "nodeName": "b"]]
        let nodes = [try Self.node("a", "10.243.0.1"), try Self.node("b", "10.243.1.1")]
        for (policy, address) in [("Local", "10.243.1.1"), ("Cluster", "10.243.0.1")] {
            let service = try Self.service(
                "web",
                "type: NodePort, clusterIP: 10.96.0.9, ports: [{port: 80, nodePort: 30080}], externalTrafficPolicy: \(policy)"
            )
            let reach = Reachability(nodes: nodes, services: [service], slices: [slice], pods: [])
            #expect(reach.ways.first?.address == address, "\(policy)")
        }
    }

    @Test func nothingIsSaidOfSimulatedNodes() throws {
        let reach = Reachability(
            nodes: [try Self.node("a", "10.0.0.1", isReal: false)],
            services: [
                try Self.service("db", "type: ClusterIP, clusterIP: 10.96.0.10, ports: [{port: 5432}]")
            ],
            slices: [], pods: [try Self.pod("proxy", ports: "{containerPort: 8080, hostPort: 80}", node: "a")]
        )
        #expect(reach.ways.isEmpty)
        #expect(reach.table().isEmpty)
        #expect(reach.json == [])
    }

    @Test(arguments: 1...12) func aLineHasRoomOnATerminal(_ count: Int) throws {
        let name = String(repeating: "long-name-", count: count) + "x"
        let ports = (1...count * 3).map { "{name: p\($0), port: \(10_000 + $0), nodePort: \(30_000 + $0)}" }
        let reach = Reachability(
            nodes: [try Self.node("a", "10.243.100.1")],
            services: [
                try Self.service(
                    name, in: "a-namespace-of-some-length",
                    "type: NodePort, clusterIP: 10.96.100.10, ports: [\(ports.joined(separator: ", "))]")
            ], slices: [], pods: [])
        for width in [70, 80, 120] {
            for line in reach.table(width: width) {
                #expect(line.count <= width, "\(width): \(line)")
                #expect(line.contains("10.243.100.1:30001"))
            }
        }
    }
}

extension Substring {
    fileprivate func padding(_ width: Int) -> String { self + String(repeating: " ", count: width - count) }
}

private func document(_ text: String) throws -> JSON { try #require(try YAML.parse(text).first).value }
