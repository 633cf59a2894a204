import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct ServiceCIDRTests {
    private func ready(_ range: JSON?) -> [String] {
        (range?["status"]?["conditions"]?.array ?? []).map {
            "\($0["type"]?.string ?? "")=\($0["status"]?.string ?? "") \($0["reason"]?.string ?? "") \($0["message"]?.string ?? "")"
        }
    }

    @Test func theServersOwnIsThereAndComesAgain() throws {
        let world = try ServiceWorld(more: [])
        let range = try #require(try world.range("kubernetes"))
        #expect(range["spec"]?["cidrs"] == ["10.96.0.0/12"])
        #expect(ready(range) == ["Ready=True  Kubernetes default Service CIDR is ready"])
        #expect(range.finalizers.isEmpty)
        try world.cluster.delete("networking.k8s.io/v1", "servicecidrs", "kubernetes", in: "")
        world.cluster.run(for: 1)
        let again = try #require(try world.range("kubernetes"))
        #expect(again.uid != range.uid)
        #expect(ready(again).count == 1)
    }

    @Test func anotherBlockThanTheServersIsReportedOnce() throws {
        let world = try ServiceWorld(more: [])
        try world.cluster.delete("networking.k8s.io/v1", "servicecidrs", "kubernetes", in: "")
        try world.range("kubernetes", "10.0.0.0/24")
        world.cluster.run(for: 100)
        #expect(
            try world.events() == [
                "KubernetesDefaultServiceCIDRInconsistent: The default ServiceCIDR [10.0.0.0/24] does not match the controller flag configurations [10.96.0.0/12]"
            ])
        #expect(ready(try world.range("kubernetes")).isEmpty)
    }

    @Test func oneInUseStaysUntilItIsNot() throws {
        let world = try ServiceWorld()
        try world.range("more", "172.20.0.0/24")
        world.cluster.run(for: 1)
        #expect(ready(try world.range("more")) == ["Ready=True  Kubernetes Service CIDR is ready"])
        #expect(try world.range("more")?.finalizers == ["networking.k8s.io/service-cidr-finalizer"])
        try world.service("a", ip: "172.20.0.9")
        try world.cluster.delete("networking.k8s.io/v1", "servicecidrs", "more", in: "")
        world.cluster.run(for: 100)
        #expect(
            ready(try world.range("more")) == [
                "Ready=False Terminating There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR"
            ])
        // What goes gives nothing away any more.
        #expect(throws: APIStatus.self) { try world.service("b", ip: "172.20.0.10") }
        try world.cluster.delete("v1", "services", "a")
        world.cluster.run(for: 1)
        #expect(try world.range("more") == nil)
    }

    @Test func oneThatAnotherCoversGoesAfterItsGrace() throws {
        let world = try ServiceWorld()
        try world.range("more", "10.96.5.0/24")
        try world.service("a", ip: "10.96.5.9")
        world.cluster.run(for: 1)
        try world.cluster.delete("networking.k8s.io/v1", "servicecidrs", "more", in: "")
        world.cluster.run(for: 8)
        #expect(try world.range("more") != nil)
        world.cluster.run(for: 4)
        #expect(try world.range("more") == nil)
    }

    @Test func aNewOneFreesAnother() throws {
        let world = try ServiceWorld()
        try world.range("small", "172.20.0.0/24")
        try world.service("a", ip: "172.20.0.9")
        world.cluster.run(for: 1)
        try world.cluster.delete("networking.k8s.io/v1", "servicecidrs", "small", in: "")
        world.cluster.run(for: 30)
        #expect(try world.range("small") != nil)
        try world.range("large", "172.20.0.0/20")
        world.cluster.run(for: 1)
        #expect(try world.range("small") == nil)
        #expect(try world.range("large") != nil)
    }

    @Test func servicesComeFromEveryBlockThatIsReady() throws {
        let world = try ServiceWorld()
        try world.cluster.patch(
            "networking.k8s.io/v1", "servicecidrs", "kubernetes",
            [
                "status": [
                    "conditions": [
                        [
                            "type": "Ready", "status": "False", "reason": "x", "message": "y",
                            "lastTransitionTime": "2026-01-01T00:00:00Z",
                        ]
                    ]
                ]
            ], in: "", subresource: "status")
        #expect(throws: APIStatus.self) { try world.service("none") }
        // Two addresses: the network's own and that of its broadcasts are no Service's.
        try world.range("tiny", "172.20.0.0/30")
        let ips = try ["a", "b"].map { try world.service($0)["spec"]?["clusterIP"]?.string ?? "" }
        #expect(Set(ips) == ["172.20.0.1", "172.20.0.2"])
        #expect(throws: APIStatus.self) { try world.service("c") }
    }
}
