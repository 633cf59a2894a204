import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct NodeLifecycleTests {
    @Test func theAdmissionTaintGoesWhenReady() throws {
        let world = try NodeWorld()
        try world.node("a", ready: "False")
        #expect(try world.taints("a") == ["not-ready:NoSchedule"])
        world.run(1)
        #expect(try world.taints("a").contains("not-ready:NoSchedule"))
        try world.report("a", ready: "True")
        world.run(1)
        #expect(try world.taints("a") == [])
        #expect(try world.events("RegisteredNode") == ["Node a event: Registered Node a in Controller"])
        let labels = try world.get("a")["metadata"]?["labels"]
        #expect(labels?["beta.kubernetes.io/os"]?.string == "linux")
        #expect(labels?["beta.kubernetes.io/arch"]?.string == "amd64")
        try world.cluster.delete("v1", "nodes", "a", in: "")
        world.run(1)
        #expect(try world.events("RemovingNode") == ["Node a event: Removing Node a from Controller"])
    }

    @Test func conditionsBecomeTaints() throws {
        let world = try NodeWorld()
        try world.node("a")
        try world.cluster.patch(
            "v1", "nodes", "a",
            ["spec": ["unschedulable": true, "taints": [["key": "mine", "effect": "NoSchedule"]]]], in: "")
        try world.report(
            "a", ready: "True",
            [
                ("MemoryPressure", "True"), ("DiskPressure", "True"), ("PIDPressure", "True"),
                ("NetworkUnavailable", "True"),
            ])
        world.run(1)
        #expect(
            try world.taints("a") == [
                "mine:NoSchedule", "memory-pressure:NoSchedule", "disk-pressure:NoSchedule",
                "pid-pressure:NoSchedule", "network-unavailable:NoSchedule", "unschedulable:NoSchedule",
            ])
        try world.cluster.patch("v1", "nodes", "a", ["spec": ["unschedulable": .null]], in: "")
        try world.report("a", ready: "True", [("MemoryPressure", "False"), ("DiskPressure", "Unknown")])
        world.run(1)
        #expect(try world.taints("a") == ["mine:NoSchedule"])
    }

    @Test func aSilentNodeIsUnknownAfterFiftySeconds() throws {
        let world = try NodeWorld()
        for name in ["a", "b", "c"] { try world.node(name) }
        try world.pod("p", on: "a")
        try world.run(45, renewing: ["b", "c"])
        #expect(try world.condition("Ready", of: "a")?["status"]?.string == "True")
        try world.run(15, renewing: ["b", "c"])
        let ready = try #require(try world.condition("Ready", of: "a"))
        #expect(ready["status"]?.string == "Unknown")
        #expect(ready["reason"]?.string == "NodeStatusUnknown")
        #expect(ready["message"]?.string == "Kubelet stopped posting node status.")
        let memory = try #require(try world.condition("MemoryPressure", of: "a"))
        #expect(memory["reason"]?.string == "NodeStatusNeverUpdated")
        #expect(memory["message"]?.string == "Kubelet never posted node status.")
        try world.run(10, renewing: ["b", "c"])
        #expect(try world.taints("a") == ["unreachable:NoSchedule", "unreachable:NoExecute"])
        #expect(try world.taints("b") == [])
        let pod = try #require(try world.getPod("p"))
        #expect(NodeConditions.condition("Ready", of: pod)?["status"]?.string == "False")
        #expect(
            try world.events("NodeNotReady").sorted() == [
                "Node a status is now: NodeNotReady", "Node is not ready",
            ])
        // It comes back.
        try world.report("a", ready: "True")
        world.run(1)
        #expect(try world.taints("a") == [])
        #expect(try world.lives("p"))
    }

    @Test func theLeaseAloneKeepsANodeAlive() throws {
        let world = try NodeWorld()
        try world.node("a")
        try world.node("b", ready: nil)
        try world.run(600, renewing: ["a", "b"])
        #expect(try world.condition("Ready", of: "a")?["status"]?.string == "True")
        #expect(try world.condition("Ready", of: "b") == nil)
        // A change of the lease that renews nothing is no sign of life.
        for _ in 0..<8 {
            try world.renew(["a"])
            try world.cluster.patch(
                "coordination.k8s.io/v1", "leases", "b",
                ["metadata": ["annotations": ["x": .string("\(world.now.seconds)")]]], in: "kube-node-lease")
            world.run(10)
        }
        #expect(try world.condition("Ready", of: "b")?["reason"]?.string == "NodeStatusNeverUpdated")
    }

    @Test func notReadySendsPodsAwayAndSwapsTaints() throws {
        let world = try NodeWorld()
        for name in ["a", "b", "c"] { try world.node(name) }
        world.run(6)
        try world.report("a", ready: "False")
        try world.run(20, renewing: ["a", "b", "c"])
        #expect(try world.taints("a") == ["not-ready:NoSchedule", "not-ready:NoExecute"])
        try world.run(70, renewing: ["b", "c"])
        #expect(try world.taints("a") == ["unreachable:NoSchedule", "unreachable:NoExecute"])
    }

    @Test func nothingIsEvictedWhenAllIsDown() throws {
        let world = try NodeWorld()
        for name in ["a", "b", "c"] { try world.node(name) }
        world.run(6)
        try world.run(70, renewing: ["b", "c"])
        #expect(try world.taints("a").contains("unreachable:NoExecute"))
        world.run(600)
        for name in ["a", "b", "c"] { #expect(try world.taints(name) == ["unreachable:NoSchedule"]) }
        try world.report("b", ready: "True")
        try world.run(60, renewing: ["b"])
        #expect(try world.taints("a").contains("unreachable:NoExecute"))
        #expect(try world.taints("b") == [])
    }

    @Test func evictionsKeepTheirPace() throws {
        let world = try NodeWorld()
        let names = (0..<20).map { "n\($0)" }
        for name in names { try world.node(name, zone: "z") }
        world.run(6)
        func tainted() throws -> Int {
            try names.filter { try world.taints($0).contains("unreachable:NoExecute") }.count
        }
        // 6 of 20: one node every ten seconds.
        try world.run(62, renewing: Array(names.dropFirst(6)))
        var last = try tainted()
        #expect(last >= 1 && last <= 2)
        for _ in 0..<4 {
            try world.run(10, renewing: Array(names.dropFirst(6)))
            let count = try tainted()
            #expect(count == last + 1)
            last = count
        }
        try world.run(60, renewing: Array(names.dropFirst(6)))
        #expect(try tainted() == 6)
        // 12 of 20 is more than the threshold, and the zone is small: no more are evicted.
        try world.run(150, renewing: Array(names.dropFirst(12)))
        #expect(try tainted() <= 7)
        for name in names.prefix(12) {
            #expect(try world.condition("Ready", of: name)?["status"]?.string == "Unknown")
        }
    }

    @Test func aPodOnANodeThatIsNotReadyIsNotReady() throws {
        let world = try NodeWorld()
        try world.node("a", ready: "False")
        world.run(1)
        try world.pod("p", on: "")
        var request = try world.cluster.request("v1", "pods", "default", "p")
        request.subresource = "binding"
        _ = try world.cluster.registry.bind(&request, binding: ["target": ["kind": "Node", "name": "a"]])
        let before = try #require(try world.getPod("p"))
        #expect(NodeConditions.condition("Ready", of: before)?["status"]?.string == "True")
        world.run(1)
        let after = try #require(try world.getPod("p"))
        #expect(NodeConditions.condition("Ready", of: after)?["status"]?.string == "False")
    }

    @Test func aNodeThatRenewsIsNeverTainted() throws {
        for seed in UInt64(1)...60 {
            let world = try NodeWorld(seed: seed)
            let names = (0..<6).map { "n\($0)" }
            // The first two always renew, after ten to forty seconds; the others as it happens.
            for (place, name) in names.enumerated() { try world.node(name, zone: "z\(place % 2)") }
            world.run(1)
            for _ in 0..<20 {
                try world.renew(Array(names.prefix(2)))
                for name in names.dropFirst(2) {
                    switch world.cluster.random() % 8 {
                    case 0...2: try world.renew([name])
                    case 3: try world.report(name, ready: "True")
                    case 4 where world.cluster.random() % 4 == 0: try world.report(name, ready: "False")
                    default: break
                    }
                }
                world.run(Double(10 + world.cluster.random() % 31))
                for name in names.prefix(2) {
                    #expect(try world.taints(name) == [], "seed \(seed)")
                }
                for name in names {
                    // A scheduling taint says exactly what the condition says.
                    let taints = try world.taints(name).filter { $0.hasSuffix(":NoSchedule") }
                    let status = try world.condition("Ready", of: name)?["status"]?.string
                    let expected =
                        status == "True"
                        ? [] : [status == "False" ? "not-ready:NoSchedule" : "unreachable:NoSchedule"]
                    #expect(taints == expected, "seed \(seed) \(name)")
                    let both = try world.taints(name).filter { $0.hasSuffix(":NoExecute") }
                    #expect(both.count <= 1, "seed \(seed) \(name)")
                }
            }
            // All come back: no taint stays.
            for name in names { try world.report(name, ready: "True") }
            try world.run(20, renewing: names)
            for name in names { #expect(try world.taints(name) == [], "seed \(seed)") }
        }
    }
}
