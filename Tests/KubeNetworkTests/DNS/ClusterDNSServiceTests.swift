import Foundation
import KubeAPI
import KubeControllers
import KubeEngine
import KubeJSON
import KubeRegistry
import Testing

@testable import KubeNetwork

@Suite struct ClusterDNSServiceTests {
    private static func wanted() throws -> ClusterDNSService {
        let services = try #require(CIDR("10.96.0.0/12"))
        let endpoint = try #require(IPAddress("10.243.255.10"))
        return try #require(ClusterDNSService(services: services, endpoint: endpoint))
    }

    private func lookup(_ cluster: VirtualCluster, _ group: String, _ plural: String, _ name: String) -> JSON?
    {
        cluster.registry.lookup(group, plural, "kube-system/\(name)")
    }

    @Test func theTenthAddressIsTheDNS() throws {
        let endpoint = try #require(IPAddress("192.0.2.1"))
        for (range, address) in [
            ("10.96.0.0/12", "10.96.0.10"), ("10.98.4.0/24", "10.98.4.10"), ("10.9.8.16/28", "10.9.8.26"),
            ("10.9.8.16/30", nil), ("fd00::/108", nil), ("10.9.8.255/8", "10.0.0.10"),
        ] {
            let range = try #require(CIDR(range))
            #expect(
                ClusterDNSService(services: range, endpoint: endpoint)?.address.description == address)
        }
    }

    @Test func theServiceIsThereAndLeadsHere() throws {
        let cluster = try VirtualCluster(
            seed: 1,
            controllers: [LocalServiceController(try Self.wanted())]
                + Controllers.all(rootCertificate: "PEM"))
        cluster.run(for: 5)
        let service = try #require(lookup(cluster, "", "services", "kube-dns"))
        #expect(service["spec"]?["clusterIP"]?.string == "10.96.0.10")
        #expect(service["spec"]?["type"]?.string == "ClusterIP")
        #expect(
            service["spec"]?["ports"]?.array?.map { $0["name"]?.string } == ["dns", "dns-tcp", "metrics"])
        let slice = try #require(lookup(cluster, "discovery.k8s.io", "endpointslices", "kube-dns-aegis"))
        #expect(slice["endpoints"]?[0]?["addresses"] == ["10.243.255.10"])
        // Nothing is written over and over.
        let revision = cluster.registry.store.revision
        let quiet = try VirtualCluster(seed: 1, controllers: [LocalServiceController(try Self.wanted())])
        quiet.run(for: 5)
        let settled = quiet.registry.store.revision
        quiet.run(for: 600)
        #expect(quiet.registry.store.revision == settled)
        #expect(revision > 0)
        // What the model makes of it: the address leads to the process.
        var model = NetworkModel(RandomCluster.configuration)
        model.setService("kube-system/kube-dns", service)
        model.setEndpointSlice("kube-system/kube-dns-aegis", slice)
        var image = TableImage(RandomCluster.configuration)
        try image.apply(model.commitAll().commands)
        #expect(
            image.elements["service-endpoints"] == [
                "10.96.0.10 . tcp . 53 . 0": "10.243.255.10 . 53",
                "10.96.0.10 . udp . 53 . 0": "10.243.255.10 . 53",
                "10.96.0.10 . tcp . 9153 . 0": "10.243.255.10 . 9153",
            ])
        #expect(image.elements["services-without-endpoints"] == [:])
    }

    @Test func whatIsDeletedComesBack() throws {
        let cluster = try VirtualCluster(
            seed: 1,
            controllers: [LocalServiceController(try Self.wanted())]
                + Controllers.all(rootCertificate: "PEM"))
        cluster.run(for: 5)
        let uid = lookup(cluster, "", "services", "kube-dns")?.uid
        var deletion = try cluster.request("v1", "services", "kube-system", "kube-dns")
        _ = try cluster.registry.delete(&deletion, DeleteOptions())
        cluster.run(for: 120)
        let service = try #require(lookup(cluster, "", "services", "kube-dns"))
        #expect(service.uid != uid)
        #expect(service["spec"]?["clusterIP"]?.string == "10.96.0.10")
        let slice = try #require(lookup(cluster, "discovery.k8s.io", "endpointslices", "kube-dns-aegis"))
        #expect(slice["metadata"]?["ownerReferences"]?[0]?["uid"]?.string == service.uid)
    }

    @Test func somebodysOwnDNSTakesOver() throws {
        let cluster = try VirtualCluster(
            seed: 1,
            controllers: [LocalServiceController(try Self.wanted())]
                + Controllers.all(rootCertificate: "PEM"))
        cluster.run(for: 5)
        func patch(_ selector: JSON) throws {
            var request = try cluster.request("v1", "services", "kube-system", "kube-dns")
            _ = try cluster.registry.patch(&request, .merge(["spec": ["selector": selector]]))
            cluster.run(for: 30)
        }
        try patch(["k8s-app": "kube-dns"])
        #expect(lookup(cluster, "discovery.k8s.io", "endpointslices", "kube-dns-aegis") == nil)
        try patch(.null)
        #expect(lookup(cluster, "discovery.k8s.io", "endpointslices", "kube-dns-aegis") != nil)
    }

    @Test func metricsAreServed() async throws {
        let local = try #require(IPAddress("127.0.0.1"))
        let dns = ClusterDNS(
            ClusterDNS.Configuration(
                zone: try ZoneObjects.configuration(), endpoint: DNSEndpoint(local, port: 0), upstreams: []))
        let server = try await dns.serveMetrics(at: DNSEndpoint(local, port: 0))
        func get(_ path: String) async throws -> (Int, String) {
            let url = try #require(URL(string: "http://127.0.0.1:\(server.port)\(path)"))
            let outcome = try Command().run(["curl", "-s", "-w", "%{http_code}", url.absoluteString])
            return (Int(outcome.output.suffix(3)) ?? 0, String(outcome.output.dropLast(3)))
        }
        let (status, text) = try await get("/metrics")
        #expect(status == 200)
        #expect(
            text.contains(
                "# TYPE coredns_dns_requests_total counter\ncoredns_dns_requests_total{proto=\"tcp\"} 0\n"))
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            #expect(line.split(separator: " ").count == 2)
        }
        #expect(try await get("/other").0 == 404)
        await server.stop()
    }
}
