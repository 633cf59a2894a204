import Foundation
import KubeAPI
import KubeControllers
import KubeEngine
import KubeJSON
import KubeRegistry
import Synchronization
import Testing

@testable import KubeNetwork

/// A machine that keeps its table in memory and fails when it is told to.
private final class FakeHost: NetworkHost {
    struct Content: Sendable {
        var image = TableImage(RandomCluster.configuration)
        var addresses: Set<IPAddress> = []
        var flows: [StaleFlow] = []
        var transactions: [String] = []
        var failuresToCome = 0
        var problem: String?
    }
    let content = Mutex(Content())

    func transact(_ commands: String) throws(HostError) {
        let problem = content.withLock { content -> String? in
            if content.failuresToCome > 0 {
                content.failuresToCome -= 1
                return "out of memory"
            }
            content.transactions.append(commands)
            if commands.hasPrefix("add table"), !commands.contains("chain") {
                content.image = TableImage(RandomCluster.configuration)
                return nil
            }
            do { try content.image.apply(commands) } catch {
                content.problem = "\(error)"
                return "\(error)"
            }
            return nil
        }
        if let problem { throw HostError(problem) }
    }
    func deleteFlow(_ flow: StaleFlow) { content.withLock { $0.flows.append(flow) } }
    func setLocalAddresses(_ addresses: Set<IPAddress>) { content.withLock { $0.addresses = addresses } }
}

@Suite struct NetworkPlaneTests {
    /// The cluster's own controllers make addresses and slices; the plane follows.
    @Test func thePlaneFollowsTheCluster() async throws {
        let host = FakeHost()
        let plane = NetworkPlane(RandomCluster.configuration, host: host, watches: false, report: { _ in })
        let range = try #require(CIDR("172.31.255.0/30"))
        let cluster = try VirtualCluster(
            seed: 1,
            controllers: Controllers.all(rootCertificate: "PEM") + [
                NetworkController(plane), LoadBalancerController(range: range),
            ])
        func create(_ version: String, _ plural: String, _ object: JSON) throws {
            var request = try cluster.request(version, plural, "default", "")
            _ = try cluster.registry.create(&request, body: object)
        }
        // Pods of nodes that are not there are nobody's endpoints.
        var node = try cluster.request("v1", "nodes", "", "")
        _ = try cluster.registry.create(&node, body: ["metadata": ["name": "n1"]])
        func settle() async -> String? {
            cluster.run(for: 3)
            return await plane.settled()
        }
        #expect(await settle() == nil)
        for name in ["one", "two", "three"] {
            try create(
                "v1", "services",
                [
                    "metadata": ["name": .string(name)],
                    "spec": ["type": "LoadBalancer", "selector": ["app": "web"], "ports": [["port": 80]]],
                ])
        }
        try create(
            "v1", "pods",
            [
                "metadata": ["name": "web", "labels": ["app": "web"]],
                "spec": ["nodeName": "n1", "containers": [["name": "c", "image": "i"]]],
            ])
        var request = try cluster.request("v1", "pods", "default", "web")
        request.subresource = "status"
        _ = try cluster.registry.patch(
            &request,
            .merge([
                "status": [
                    "phase": "Running", "podIP": "10.244.0.5", "podIPs": [["ip": "10.244.0.5"]],
                    "conditions": [["type": "Ready", "status": "True"]],
                ]
            ]))
        #expect(await settle() == nil)
        // Two addresses for three: the third waits, and gets the one that becomes free.
        let addresses = host.content.withLock { $0.addresses.map(\.description).sorted() }
        #expect(addresses == ["172.31.255.1", "172.31.255.2"])
        let sizes = host.content.withLock { $0.image.elements["service-sizes"] ?? [:] }
        #expect(sizes["172.31.255.1 . tcp . 80"] == "1")
        #expect(sizes.count >= 5)
        let nodePorts = host.content.withLock { $0.image.elements["node-port-endpoints"] ?? [:] }
        #expect(nodePorts.count == 3 && nodePorts.values.allSatisfy { $0 == "10.244.0.5 . 80" })
        let waiting = ["one", "two", "three"].filter { name in
            let service = cluster.registry.lookup("", "services", "default/\(name)")
            return service?.at("status", "loadBalancer", "ingress") == nil
        }
        #expect(waiting.count == 1)
        let leaving = try #require(["one", "two", "three"].first { !waiting.contains($0) })
        var deletion = try cluster.request("v1", "services", "default", leaving)
        _ = try cluster.registry.delete(&deletion, DeleteOptions())
        #expect(await settle() == nil)
        for name in waiting {
            let service = cluster.registry.lookup("", "services", "default/\(name)")
            #expect(
                service?.at("status", "loadBalancer", "ingress")?[0]?["ip"]?.string?.hasPrefix("172.31.255.")
                    == true)
        }
        #expect(host.content.withLock { $0.problem } == nil)
        try plane.tearDown()
        #expect(host.content.withLock { $0.image } == TableImage(RandomCluster.configuration))
        #expect(host.content.withLock { $0.addresses } == [])
    }

    @Test func aFailedTransactionIsMadeGoodByAWholeOne() async throws {
        let host = FakeHost()
        let reports = Mutex<[String]>([])
        let plane = NetworkPlane(RandomCluster.configuration, host: host, watches: false) { text in
            reports.withLock { $0.append(text) }
        }
        plane.update { $0.setService("default/web", NetworkModelTests.service("web")) }
        #expect(await plane.settled() == nil)
        host.content.withLock { $0.failuresToCome = 2 }
        plane.update {
            $0.setEndpointSlice("default/s", NetworkModelTests.slice("web", [("10.244.0.4", [:])]))
        }
        // What failed is said, and soon tried again as a whole.
        #expect(await plane.settled() == "out of memory")
        for _ in 0..<100 where plane.failure != nil { try await Task.sleep(for: .milliseconds(50)) }
        #expect(plane.failure == nil)
        #expect(host.content.withLock { $0.image.elements["service-sizes"]?.count } == 1)
        #expect(plane.statistics.fullTransactions == 2)
        #expect(reports.withLock { $0.count } == 2)
        plane.stop()
        #expect(await plane.settled() != nil)
    }

    @Test func aPodWaitsForItsRules() async throws {
        let host = FakeHost()
        let plane = NetworkPlane(RandomCluster.configuration, host: host, watches: false, report: { _ in })
        plane.update {
            $0.setPod(
                "default/p",
                [
                    "metadata": ["name": "p", "namespace": "default"], "spec": ["containers": []],
                    "status": [:],
                ])
            $0.setPolicy(
                "default/deny",
                ["metadata": ["name": "deny", "namespace": "default"], "spec": ["podSelector": [:]]])
        }
        try await plane.expect("10.244.0.9", for: "default/p")
        #expect(
            host.content.withLock { $0.image.elements["isolated-ingress"]?.keys.sorted() } == ["10.244.0.9"])
        await #expect(throws: HostError.self) { try await plane.expect("fd00::1", for: "default/p") }
        host.content.withLock { $0.failuresToCome = 1 }
        await #expect(throws: HostError("out of memory")) {
            plane.update { $0.setPod("default/p", nil as JSON?) }
            try await plane.expect("10.244.0.10", for: "default/q")
        }
        plane.stop()
    }

    /// On this machine's own kernel, with a table of the test's own that has no pods.
    @Test func whatOthersDoToTheTableIsPutRight() async throws {
        if NetworkLab.skips() { return }
        var configuration = RandomCluster.configuration
        configuration.table = "aegis-net-\(getpid())"
        configuration.loadBalancerRange = nil
        configuration.podRange = try #require(CIDR("198.18.0.0/24"))
        configuration.serviceRange = try #require(CIDR("198.18.1.0/24"))
        let plane = NetworkPlane(configuration)
        defer { try? plane.tearDown() }
        plane.update { $0.setService("default/web", NetworkModelTests.service("web", address: "198.18.1.1")) }
        #expect(await plane.settled() == nil)
        func has(_ text: String) throws -> Bool {
            try Command().run(["nft", "list", "table", "ip", configuration.table]).output.contains(text)
        }
        #expect(try has("198.18.1.1"))
        // Our own changes are not taken for others'.
        for port in 0..<5 {
            plane.update {
                $0.setEndpointSlice(
                    "default/s",
                    NetworkModelTests.slice("web", [("198.18.0.1", [:])], port: 8080 + Int64(port)))
            }
            #expect(await plane.settled() == nil)
        }
        try await Task.sleep(for: .milliseconds(200))
        #expect(plane.statistics.repairs == 0)
        #expect(plane.statistics.transactions == 6)
        #expect(try has("8084"))
        for damage in [
            "flush set ip \(configuration.table) cluster-ips", "delete table ip \(configuration.table)",
            "flush chain ip \(configuration.table) services",
        ] {
            let before = plane.statistics.repairs
            let outcome = try Command().run(["nft", damage])
            #expect(outcome.isSuccess, "\(outcome.complaint)")
            for _ in 0..<40 where plane.statistics.repairs == before {
                try await Task.sleep(for: .milliseconds(25))
            }
            #expect(await plane.settled() == nil)
            #expect(plane.statistics.repairs == before + 1)
            #expect(try has("198.18.1.1") && has("@service-sizes goto service-pick"))
        }
        try plane.tearDown()
        #expect(try !Command().run(["nft", "list", "tables"]).output.contains(configuration.table))
    }
}
