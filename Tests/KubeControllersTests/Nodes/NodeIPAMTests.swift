import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct NodeIPAMTests {
    @Test func eachNodeHasItsOwnRange() throws {
        let world = try NodeWorld()
        try world.cluster.create(
            "v1", "nodes", ["metadata": ["name": "own"], "spec": ["podCIDR": "10.244.1.0/24"]], in: "")
        for name in ["a", "b", "c"] { try world.node(name) }
        world.run(1)
        #expect(try world.get("a")["spec"]?["podCIDR"]?.string == "10.244.0.0/24")
        #expect(try world.get("b")["spec"]?["podCIDR"]?.string == "10.244.2.0/24")
        #expect(try world.get("c")["spec"]?["podCIDRs"] == ["10.244.3.0/24"])
    }

    @Test func aRangeThatIsUsedUp() throws {
        let controller = try #require(NodeIPAMController(range: "10.0.0.0/23", maskSize: 24))
        let world = try NodeWorld(controllers: [controller])
        for name in ["a", "b", "c", "d"] { try world.node(name) }
        world.run(1)
        #expect(try world.get("c")["spec"]?["podCIDR"] == nil)
        #expect(
            try world.events("CIDRNotAvailable").sorted() == [
                "Node c status is now: CIDRNotAvailable", "Node d status is now: CIDRNotAvailable",
            ])
        try world.cluster.delete("v1", "nodes", "a", in: "")
        world.run(1)
        #expect(try world.get("c")["spec"]?["podCIDR"]?.string == "10.0.0.0/24")
        #expect(try world.get("d")["spec"]?["podCIDR"] == nil)
    }

    @Test func noTwoNodesShareARange() throws {
        for seed in UInt64(1)...100 {
            let controller = try #require(NodeIPAMController(range: "10.9.0.0/21", maskSize: 24))
            let world = try NodeWorld(seed: seed, controllers: [controller])
            var names: [String] = []
            for step in 0..<25 {
                if world.cluster.random() % 3 > 0 || names.isEmpty {
                    names.append("n\(step)")
                    try world.cluster.create(
                        "v1", "nodes", ["metadata": ["name": .string("n\(step)")]], in: "")
                } else {
                    let place = Int(world.cluster.random() % UInt64(names.count))
                    try world.cluster.delete("v1", "nodes", names.remove(at: place), in: "")
                }
                if world.cluster.random() % 2 == 0 { world.run(1) }
            }
            world.run(1)
            let ranges = try names.compactMap { try world.get($0)["spec"]?["podCIDR"]?.string }
            #expect(Set(ranges).count == ranges.count, "seed \(seed)")
            #expect(ranges.count == min(8, names.count), "seed \(seed)")
        }
    }

    @Test func rangesThatAreNone() {
        for range in ["", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/28", "a.b.c.d/8", "10.0.0.0/4"] {
            #expect(NodeIPAMController(range: range, maskSize: 24) == nil, "\(range)")
        }
    }
}
