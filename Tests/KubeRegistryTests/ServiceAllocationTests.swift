import KubeAPI
import KubeJSON
import Testing

@testable import KubeRegistry

/// Addresses and ports of Services: each to one at a time, and gone with it.
@Suite struct ServiceAllocationTests {
    private let addresses = "ipaddresses.networking.k8s.io"

    private func service(_ name: String, _ spec: JSON = [:]) -> JSON {
        var spec = spec
        if spec["ports"] == nil { spec["ports"] = [["port": 80]] }
        return ["metadata": ["name": .string(name)], "spec": spec]
    }

    private func ip(_ service: JSON) -> String { service["spec"]?["clusterIP"]?.string ?? "" }

    @Test func anAddressHasItsObjectFromTheFirstMoment() throws {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a")
        let made = try cluster.create("services", in: "a", service("s")).object
        let object = try cluster.get(addresses, name: ip(made))
        #expect(object["spec"] == ["parentRef": ["resource": "services", "namespace": "a", "name": "s"]])
        #expect(object["metadata"]?["managedFields"]?[0]?["manager"] == "kube-apiserver")
        #expect(!object.uid.isEmpty)
        #expect(object["metadata"]?["creationTimestamp"] == made["metadata"]?["creationTimestamp"])
        // Neither exists without the other.
        let revisions = (made.resourceVersion, object.resourceVersion)
        #expect(Int(revisions.0) == Int(revisions.1).map { $0 + 1 })
        try cluster.delete("services", in: "a", name: "s")
        #expect(cluster.registry.objects("networking.k8s.io", "ipaddresses").isEmpty)
    }

    @Test func nothingIsTakenByWhatDoesNotHappen() throws {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a")
        let wanted: JSON = [
            "clusterIP": "10.96.1.1", "type": "NodePort", "ports": [["port": 80, "nodePort": 30_001]],
        ]
        try cluster.create("services", in: "a", service("dry", wanted), dryRun: true)
        #expect(cluster.registry.objects("networking.k8s.io", "ipaddresses").isEmpty)
        var broken = wanted
        broken["ports"] = [["port": 80, "nodePort": 30_001], ["port": 81, "nodePort": 1, "name": "x"]]
        #expect(cluster.refusal { try cluster.create("services", in: "a", service("b", broken)) } != nil)
        try cluster.create("services", in: "a", service("s", wanted))
        let refusal = cluster.refusal { try cluster.create("services", in: "a", service("t", wanted)) }
        #expect(refusal?.message.contains("10.96.1.1: provided IP is already allocated") == true)
        var moved = wanted
        moved["clusterIP"] = "10.96.1.2"
        let second = cluster.refusal { try cluster.create("services", in: "a", service("t", moved)) }
        #expect(second?.message.contains("provided port is already allocated") == true)
        #expect(cluster.registry.objects("networking.k8s.io", "ipaddresses").map(\.name) == ["10.96.1.1"])
    }

    @Test func aFinalizerKeepsBothUntilTheEnd() throws {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a")
        var body = service(
            "s",
            [
                "clusterIP": "10.96.1.1", "type": "NodePort",
                "ports": [["port": 80, "nodePort": 30_001]],
            ])
        body.setMetadata("finalizers", ["a.b/c"])
        try cluster.create("services", in: "a", body)
        try cluster.delete("services", in: "a", name: "s")
        #expect(cluster.registry.objects("networking.k8s.io", "ipaddresses").count == 1)
        try cluster.merge("services", in: "a", name: "s", ["metadata": ["finalizers": .null]])
        #expect(cluster.registry.objects("networking.k8s.io", "ipaddresses").isEmpty)
        try cluster.create("services", in: "a", service("t", body["spec"] ?? [:]))
    }

    /// An older server let two Services have a port: it is free when both are gone.
    @Test func whatTwoHoldIsHeldUntilBothAreGone() throws {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a")
        let spec: JSON = ["type": "NodePort", "ports": [["port": 80, "nodePort": 30_001]]]
        var second = try cluster.create("services", in: "a", service("s", spec)).object
        second.setMetadata("name", "t")
        _ = try cluster.store.commit([
            .create(.init(group: "", resource: "services"), key: "a/t", ObjectEncoder.encode(second))
        ])
        let later = try TestCluster(store: cluster.store)
        try later.delete("services", in: "a", name: "s")
        #expect(later.refusal { try later.create("services", in: "a", service("u", spec)) } != nil)
        try later.delete("services", in: "a", name: "t")
        try later.create("services", in: "a", service("u", spec))
    }

    /// However Services come, change and go: no two share an address or a port, each address has its object,
    /// and what a Service gave up another gets.
    @Test(arguments: 0..<200)
    func nothingIsSharedAndNothingLeaks(seed: Int) throws {
        let cluster = try TestCluster(seed: UInt64(seed))
        try cluster.makeNamespace("a")
        var random = SeededGenerator(seed: UInt64(seed))
        for step in 0..<20 {
            let present = cluster.registry.objects("", "services")
            let name = "s\(Int.random(in: 0..<6, using: &random))"
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1:
                var spec: JSON = [
                    "type": ["ClusterIP", "NodePort", "LoadBalancer"].randomElement(using: &random).map {
                        .string($0)
                    } ?? "ClusterIP"
                ]
                if Bool.random(using: &random) {
                    spec["clusterIP"] = .string("10.96.0.\(Int.random(in: 1...4, using: &random))")
                }
                if spec["type"] != "ClusterIP", Bool.random(using: &random) {
                    let port = Int64.random(in: 30_000...30_003, using: &random)
                    spec["ports"] = [["port": 80, "nodePort": .integer(port)]]
                }
                _ = cluster.refusal { try cluster.create("services", in: "a", service(name, spec)) }
            case 2 where !present.isEmpty:
                let gone = present.randomElement(using: &random)?.name ?? ""
                try cluster.delete("services", in: "a", name: gone)
            case 3 where !present.isEmpty:
                let name = present.randomElement(using: &random)?.name ?? ""
                let port = Int64.random(in: 30_000...30_003, using: &random)
                _ = cluster.refusal {
                    try cluster.merge(
                        "services", in: "a", name: name,
                        ["spec": ["type": "NodePort", "ports": [["port": 80, "nodePort": .integer(port)]]]])
                }
            case 4 where !present.isEmpty:
                let name = present.randomElement(using: &random)?.name ?? ""
                _ = cluster.refusal {
                    try cluster.merge(
                        "services", in: "a", name: name,
                        [
                            "spec": [
                                "type": "ExternalName", "externalName": "x.example", "clusterIP": .null,
                                "clusterIPs": .null, "ports": .null,
                            ]
                        ])
                }
            default: continue
            }
            let now = cluster.registry.objects("", "services")
            let held = now.flatMap { ServiceAddresses.texts(of: $0) }
            let ports = now.flatMap { ($0["spec"]?["ports"]?.array ?? []).compactMap { $0["nodePort"]?.int } }
            let objects = cluster.registry.objects("networking.k8s.io", "ipaddresses").map(\.name)
            #expect(Set(held).count == held.count, "seed \(seed), step \(step)")
            #expect(Set(ports).count == ports.count, "seed \(seed), step \(step)")
            #expect(held.sorted() == objects.sorted(), "seed \(seed), step \(step)")
        }
        for service in cluster.registry.objects("", "services") {
            try cluster.delete("services", in: "a", name: service.name)
        }
        for number in 0..<4 {
            try cluster.create(
                "services", in: "a",
                service(
                    "last\(number)",
                    [
                        "type": "NodePort", "clusterIP": .string("10.96.0.\(number + 1)"),
                        "ports": [["port": 80, "nodePort": .integer(Int64(30_000 + number))]],
                    ]))
        }
    }
}
