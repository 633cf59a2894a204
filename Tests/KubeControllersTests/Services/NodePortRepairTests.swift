import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct NodePortRepairTests {
    @Test func whatTwoServicesHaveIsReportedOfTheSecond() throws {
        let world = try ServiceWorld()
        let first = try world.service("a", ports: [["port": 80, "nodePort": 30_080]], type: "NodePort")
        try world.smuggle("bb", like: first) { copy in
            copy.set("10.96.3.4", at: "spec", "clusterIP")
            copy.set(["10.96.3.4"], at: "spec", "clusterIPs")
        }
        world.cluster.run(for: 1)
        func reported() throws -> [JSON] {
            try world.cluster.list("v1", "events").filter { $0["reason"] == "PortAlreadyAllocated" }
        }
        #expect(try reported().map { $0["involvedObject"]?["name"] } == ["bb"])
        #expect(
            try reported().first?["message"]
                == "Port 30080 was assigned to multiple services; please recreate service")
        #expect(try reported().first?["source"]?["component"] == "portallocator-repair-controller")
        // It is said again as long as it is so, and not once the first is gone.
        world.cluster.run(for: 200)
        #expect(try reported().first?["count"] == 2)
        try world.cluster.delete("v1", "services", "a")
        world.cluster.run(for: 1_000)
        #expect(try reported().first?["count"] == 2)
    }

    @Test func whatIsNoNodePortIsReported() throws {
        let world = try ServiceWorld()
        let first = try world.service("a", ports: [["port": 80, "nodePort": 30_080]], type: "NodePort")
        try world.smuggle("bb", like: first) { copy in
            copy.set("10.96.3.4", at: "spec", "clusterIP")
            copy.set(["10.96.3.4"], at: "spec", "clusterIPs")
            copy.set([["port": 80, "protocol": "TCP", "nodePort": 80]], at: "spec", "ports")
        }
        world.cluster.run(for: 1)
        #expect(
            try world.events().contains(
                "PortOutOfRange: Port 80 is not within the port range 30000-32767; please recreate service"))
    }

    @Test func protocolsMayShareAPort() {
        func ports(_ list: [(Int64, String)], health: Int64 = 0) -> [Int] {
            NodePortRepair.ports([
                "spec": [
                    "ports": .array(
                        list.map { ["nodePort": .integer($0.0), "protocol": .string($0.1)] }),
                    "healthCheckNodePort": .integer(health),
                ]
            ])
        }
        #expect(ports([(30_001, "TCP"), (30_001, "UDP"), (0, "TCP")]) == [30_001])
        #expect(ports([(30_001, "TCP"), (30_001, "TCP")]) == [30_001, 30_001])
        #expect(ports([(30_001, "TCP")], health: 30_001) == [30_001, 30_001])
        #expect(ports([(30_001, "UDP")], health: 30_001) == [30_001])
        #expect(ports([], health: 30_005) == [30_005])
    }
}
