import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct ServiceAddressTests {
    private let labels: JSON = [
        "ipaddress.kubernetes.io/ip-family": "IPv4",
        "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
    ]

    private func make(_ world: ServiceWorld, _ ip: String, _ labels: JSON, parent: JSON) throws {
        try world.cluster.create(
            "networking.k8s.io/v1", "ipaddresses",
            ["metadata": ["name": .string(ip), "labels": labels], "spec": ["parentRef": parent]], in: "")
    }

    @Test func whatIsDeletedIsMadeAgain() throws {
        let world = try ServiceWorld()
        let service = try world.service("a")
        let ip = service["spec"]?["clusterIP"]?.string ?? ""
        #expect(try world.address(ip)?["metadata"]?["labels"] == labels)
        try world.cluster.delete("networking.k8s.io/v1", "ipaddresses", ip, in: "")
        world.cluster.run(for: 1)
        let again = try #require(try world.address(ip))
        #expect(again["metadata"]?["labels"] == labels)
        #expect(again["spec"]?["parentRef"]?["name"] == "a")
        #expect(
            try world.events() == [
                "ClusterIPNotAllocated: Cluster IP [IPv4]: \(ip) is not allocated; repairing"
            ])
    }

    @Test func anOlderServersServicesGetTheirs() throws {
        let world = try ServiceWorld()
        let service = try world.service("a")
        try world.smuggle("b", like: service) { copy in
            copy.set("10.96.3.4", at: "spec", "clusterIP")
            copy.set(["10.96.3.4"], at: "spec", "clusterIPs")
        }
        world.cluster.run(for: 1)
        #expect(try world.address("10.96.3.4")?["spec"]?["parentRef"]?["name"] == "b")
    }

    @Test func twoServicesOfOneAddressAreReported() throws {
        let world = try ServiceWorld()
        let service = try world.service("a")
        let ip = service["spec"]?["clusterIP"]?.string ?? ""
        try world.smuggle("b", like: service) { _ in }
        try world.smuggle("cc", like: service) { copy in
            copy.set("192.168.0.1", at: "spec", "clusterIP")
            copy.set(["192.168.0.1"], at: "spec", "clusterIPs")
        }
        world.cluster.run(for: 1)
        #expect(
            try Set(world.events()) == [
                "ClusterIPAlreadyAllocated: Cluster IP [IPv4]:\(ip) was assigned to multiple services; please recreate service",
                "ClusterIPOutOfRange: Cluster IP [IPv4]: 192.168.0.1 is not within any configured Service CIDR; please recreate service",
            ])
        // The first goes: the address is the second's.
        try world.cluster.delete("v1", "services", "a")
        world.cluster.run(for: 200)
        #expect(try world.address(ip)?["spec"]?["parentRef"]?["name"] == "b")
    }

    @Test func leaksAreFreedAndStrangersLeftAlone() throws {
        let world = try ServiceWorld()
        let gone: JSON = ["resource": "services", "namespace": "default", "name": "gone"]
        let gateway: JSON = ["group": "x.io", "resource": "gateways", "namespace": "n", "name": "g"]
        try make(world, "10.96.9.9", labels, parent: gone)
        try make(world, "10.96.9.8", [:], parent: gone)
        try make(world, "10.96.9.7", labels, parent: gateway)
        world.cluster.run(for: 30)
        #expect(try world.addresses().map(\.name) == ["10.96.9.8", "10.96.9.9"])
        world.cluster.run(for: 60)
        #expect(try world.addresses().map(\.name) == ["10.96.9.8"])
        #expect(
            try Set(world.events()) == [
                "IPAddressNotAllocated: IPAddress: 10.96.9.9 for Service default/gone appears to have leaked: cleaning up",
                "IPAddressNotAllocated: IPAddress 10.96.9.7 appears to have been modified, not referencing a Service &ParentReference{Group:x.io,Resource:gateways,Namespace:n,Name:g,}: cleaning up",
            ])
        // Nobody is given what an object holds.
        #expect(throws: APIStatus.self) { try world.service("b", ip: "10.96.9.8") }
        #expect(try world.service("b", ip: "10.96.9.9")["spec"]?["clusterIP"] == "10.96.9.9")
    }

    @Test func aWrongReferenceIsRepaired() throws {
        let world = try ServiceWorld()
        try world.service("other")
        let before = try world.addresses().count
        // An address that a Service is said to have and has not, and a label that was taken off.
        try make(
            world, "10.96.7.7", labels,
            parent: ["resource": "services", "namespace": "default", "name": "other"])
        let service = try world.service("a")
        let ip = service["spec"]?["clusterIP"]?.string ?? ""
        try world.cluster.patch(
            "networking.k8s.io/v1", "ipaddresses", ip,
            ["metadata": ["labels": ["ipaddress.kubernetes.io/managed-by": .null]]], in: "")
        world.cluster.run(for: 1)
        #expect(try world.addresses().count == before + 1)
        #expect(try world.address("10.96.7.7") == nil)
        #expect(try world.address(ip)?["metadata"]?["labels"] == labels)
        #expect(
            try world.events() == [
                "IPAddressWrongReference: IPAddress: 10.96.7.7 for Service default/other has a wrong reference; cleaning up"
            ])
    }

    /// Whatever is done to Services and addresses, in the end each address of a Service has its object, and
    /// there is no other.
    @Test(arguments: 0..<150)
    func afterAnyDamageAllIsAsItShouldBe(seed: Int) throws {
        let world = try ServiceWorld(seed: UInt64(seed))
        func pick(_ count: Int) -> Int { Int(world.cluster.random() % UInt64(count)) }
        for step in 0..<12 {
            let services = try world.cluster.list("v1", "services")
            let addresses = try world.addresses()
            switch pick(6) {
            case 0, 1: try world.service("s\(step)")
            case 2 where !services.isEmpty:
                try world.cluster.delete("v1", "services", services[pick(services.count)].name)
            case 3 where !services.isEmpty:
                try world.cluster.patch(
                    "v1", "services", services[pick(services.count)].name,
                    ["spec": ["type": "ExternalName", "externalName": "a.example", "clusterIP": .null]])
            case 4 where !addresses.isEmpty:
                try world.cluster.delete(
                    "networking.k8s.io/v1", "ipaddresses", addresses[pick(addresses.count)].name, in: "")
            case 5:
                try? make(
                    world, "10.96.5.\(pick(4))", labels,
                    parent: ["resource": "services", "namespace": "default", "name": "s\(pick(step + 1))"])
            default: world.cluster.run(for: Double(pick(90)))
            }
        }
        world.cluster.run(for: 400)
        let held = try world.cluster.list("v1", "services").compactMap { service -> String? in
            guard let ip = service["spec"]?["clusterIP"]?.string else { return nil }
            return "\(ip) \(service.name)"
        }
        let objects = try world.addresses().map {
            "\($0.name) \($0["spec"]?["parentRef"]?["name"]?.string ?? "")"
        }
        #expect(held.sorted() == objects.sorted(), "seed \(seed)")
    }
}
