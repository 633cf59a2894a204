import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct TaintEvictionTests {
    private func world(seed: UInt64 = 1) throws -> NodeWorld {
        let world = try NodeWorld(seed: seed, controllers: [TaintEvictionController()])
        try world.cluster.create("v1", "nodes", ["metadata": ["name": "a"]], in: "")
        return world
    }

    private func taint(_ world: NodeWorld, _ keys: [String]) throws {
        try world.cluster.patch(
            "v1", "nodes", "a",
            ["spec": ["taints": .array(keys.map { ["key": .string($0), "effect": "NoExecute"] })]], in: "")
    }

    private func toleration(_ key: String, _ seconds: Int64? = nil) -> JSON {
        var toleration: JSON = ["key": .string(key), "operator": "Exists", "effect": "NoExecute"]
        if let seconds { toleration["tolerationSeconds"] = .integer(seconds) }
        return toleration
    }

    @Test func whatIsNotToleratedGoesAtOnce() throws {
        let world = try world()
        try world.pod("p", on: "a")
        try world.pod("stays", on: "a", tolerations: [toleration("k")])
        try taint(world, ["k"])
        world.run(0.5)
        let pod = try #require(try world.getPod("p"))
        #expect(pod.deletionTimestamp != nil)
        let condition = try #require(NodeConditions.condition("DisruptionTarget", of: pod))
        #expect(condition["status"]?.string == "True")
        #expect(condition["reason"]?.string == "DeletionByTaintManager")
        #expect(condition["message"]?.string == "Taint manager: deleting due to NoExecute taint")
        #expect(try world.events("TaintManagerEviction") == ["Marking for deletion Pod default/p"])
        #expect(try world.lives("stays"))
        // One that comes later goes as well.
        try world.pod("late", on: "a", ready: false)
        world.run(0.5)
        #expect(try !world.lives("late"))
    }

    @Test func tolerationSecondsCount() throws {
        let world = try world()
        try world.pod("p", on: "a", tolerations: [toleration("k", 30)])
        try taint(world, ["k"])
        world.run(29.5)
        #expect(try world.lives("p"))
        world.run(1)
        #expect(try !world.lives("p"))
    }

    @Test func anEvictionIsCalledOff() throws {
        let world = try world()
        try world.pod("p", on: "a", tolerations: [toleration("k", 30)])
        try taint(world, ["k"])
        world.run(20)
        try taint(world, [])
        world.run(60)
        #expect(try world.lives("p"))
        #expect(try world.events("TaintManagerEviction") == ["Cancelling deletion of Pod default/p"])
        // The time starts anew.
        try taint(world, ["k"])
        world.run(29)
        #expect(try world.lives("p"))
        world.run(2)
        #expect(try !world.lives("p"))
    }

    @Test func evictionsObeyTolerationSecondsExactly() throws {
        for seed in UInt64(1)...150 {
            let world = try world(seed: seed)
            func random(_ bound: UInt64) -> UInt64 { world.cluster.random() % bound }
            // What the rules say, kept apart from how the controller keeps it: since when each pod has seen
            // taints without a break, and for how long it may.
            var pods: [(name: String, tolerations: [String: Int64?], due: Timestamp?)] = []
            var present: [String] = []
            func limit(_ tolerations: [String: Int64?]) -> Int64? {
                var least: Int64?
                for key in present {
                    guard let entry = tolerations[key] else { return 0 }
                    if let entry { least = min(least ?? entry, entry) }
                }
                return least
            }
            func revise(_ place: Int) {
                guard let seconds = limit(pods[place].tolerations) else {
                    pods[place].due = nil
                    return
                }
                if seconds == 0 {
                    pods[place].due = min(pods[place].due ?? world.now, world.now)
                } else if pods[place].due == nil {
                    pods[place].due = world.now.adding(Double(seconds))
                }
            }
            for step in 0..<12 {
                if random(2) == 0, pods.count < 6 {
                    var tolerations: [String: Int64?] = [:]
                    for key in ["j", "k"] {
                        switch random(4) {
                        case 0: break
                        case 1: tolerations[key] = .some(nil)
                        default: tolerations[key] = .some(Int64(random(40)) + 1)
                        }
                    }
                    let name = "p\(step)"
                    let list = ["j", "k"].compactMap { key in
                        tolerations[key].map { toleration(key, $0) }
                    }
                    try world.pod(name, on: "a", tolerations: list, ready: false)
                    pods.append((name, tolerations, nil))
                    revise(pods.count - 1)
                } else {
                    present = ["j", "k"].filter { _ in random(2) == 0 }
                    try taint(world, present)
                    for place in pods.indices {
                        // What is past cannot be called off.
                        if let due = pods[place].due, due <= world.now { continue }
                        revise(place)
                    }
                }
                world.run(0.25)
                for pod in pods {
                    let isDue = pod.due.map { $0 <= world.now } ?? false
                    #expect(try world.lives(pod.name) == !isDue, "seed \(seed) step \(step) \(pod.name)")
                }
                world.run(Double(random(20)))
                for pod in pods {
                    let isDue = pod.due.map { $0 <= world.now } ?? false
                    #expect(try world.lives(pod.name) == !isDue, "seed \(seed) step \(step) \(pod.name)")
                }
            }
        }
    }
}
