import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct ServiceAddressTests {
    @Test func everyClusterAddressHasItsObject() throws {
        let cluster = try VirtualCluster(controllers: [ServiceAddressController()])
        let kept = try cluster.create(
            "v1", "services", ["metadata": ["name": "a"], "spec": ["ports": [["port": 80]]]])
        try cluster.create(
            "v1", "services",
            ["metadata": ["name": "h"], "spec": ["clusterIP": "None", "ports": [["port": 80]]]])
        cluster.run(for: 1)
        let address = kept["spec"]?["clusterIP"]?.string ?? ""
        func all() throws -> [JSON] { try cluster.list("networking.k8s.io/v1", "ipaddresses", in: nil) }
        #expect(try all().map(\.name) == [address])
        let object = try #require(try all().first)
        #expect(
            object["metadata"]?["labels"] == [
                "ipaddress.kubernetes.io/ip-family": "IPv4",
                "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
            ])
        #expect(object["spec"]?["parentRef"]?["name"] == "a")
        #expect(object["spec"]?["parentRef"]?["resource"] == "services")
        // One that was lost comes again, one that nobody holds goes, and a stranger's is left alone.
        try cluster.delete("networking.k8s.io/v1", "ipaddresses", address, in: "")
        for (name, labels) in [
            ("10.96.9.9", ["ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io"] as JSON),
            ("10.96.9.8", [:]),
        ] {
            try cluster.create(
                "networking.k8s.io/v1", "ipaddresses",
                [
                    "metadata": ["name": .string(name), "labels": labels],
                    "spec": ["parentRef": ["resource": "services", "namespace": "default", "name": "gone"]],
                ], in: "")
        }
        cluster.run(for: 1)
        #expect(try Set(all().map(\.name)) == [address, "10.96.9.8"])
        try cluster.delete("v1", "services", "a")
        cluster.run(for: 1)
        #expect(try all().map(\.name) == ["10.96.9.8"])
    }
}
