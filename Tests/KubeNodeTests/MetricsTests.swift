import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore
import Testing

@testable import KubeNode

@Suite struct MetricsTests {
    /// The view of a controller that only looks.
    private func usage(
        _ world: NodeWorld, _ name: String, _ metrics: HollowMetrics, after seconds: Double = 0
    ) throws -> [ContainerUsage] {
        let stored = try #require(world.cluster.registry.store.get(.pods, key: "default/\(name)"))
        return metrics.usage(of: PodSummary(stored), at: world.cluster.now.adding(seconds))
    }

    @Test func whatPodsSayGoesBeforeHalfOfTheirRequests() throws {
        let world = try NodeWorld()
        let requests: JSONObject = ["resources": ["requests": ["cpu": "300m", "memory": "64Mi"]]]
        try world.pod("half", container: requests)
        try world.pod("fixed", annotations: ["cpu": "250m", "memory.c": "1Gi"], container: requests)
        try world.pod("load", annotations: ["cpu": "load:web", "memory": "load:none"], container: requests)
        try world.pod("done", annotations: ["exit-after": "0"], spec: ["restartPolicy": "Never"])
        world.run(1)
        let metrics = HollowMetrics { load, resource, pod, _ in
            load == "web" && resource == .cpu ? Int64(pod.name.utf8.count) * 100 : nil
        }
        let half = ContainerUsage(name: "c", cpu: 150, memory: 32 << 20)
        #expect(try usage(world, "half", metrics) == [half])
        #expect(
            try usage(world, "fixed", metrics) == [ContainerUsage(name: "c", cpu: 250, memory: 1 << 30)])
        #expect(
            try usage(world, "load", metrics) == [ContainerUsage(name: "c", cpu: 400, memory: 32 << 20)])
        #expect(try usage(world, "done", metrics) == [])
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func drawsKeepTheirPercentiles(seed: UInt64) throws {
        let world = try NodeWorld(seed: seed)
        try world.pod("p", annotations: ["cpu": "100m,900m"])
        world.run(0)
        let metrics = HollowMetrics(seed: seed)
        var draws: [Int64] = []
        for minute in 0..<2_000 {
            let draw = try usage(world, "p", metrics, after: Double(minute) * 60)
            #expect(try draw == usage(world, "p", metrics, after: Double(minute) * 60))
            draws.append(draw.first?.cpu ?? -1)
        }
        draws.sort()
        #expect((90...130).contains(draws[1_000]), "seed \(seed): \(draws[1_000])")
        #expect((700...1_000).contains(draws[1_980]), "seed \(seed): \(draws[1_980])")
        #expect(draws[0] >= 80, "seed \(seed)")
        let other = try usage(world, "p", HollowMetrics(seed: seed + 100))
        let mine = try (0..<20).map { try usage(world, "p", metrics, after: Double($0) * 60) }
        #expect(mine.contains { $0 != other }, "seed \(seed)")
    }

    @Test func aNodeUsesWhatItsPodsUse() throws {
        let probe = UsageProbe()
        let world = try NodeWorld()
        for index in 0..<3 {
            try world.pod("p\(index)", annotations: ["cpu": .string("\(index + 1)00m"), "memory": "1Mi"])
        }
        world.run(0)
        let loop = try ControllerLoop([probe], registry: world.cluster.registry)
        var said: [String] = []
        loop.pump(now: world.cluster.now) { said.append($0.failure ?? "") }
        #expect(said == ["600 3145728"])
    }
}

/// Says, as its failure, what a node uses.
private struct UsageProbe: Controller {
    let name = "usage-probe"
    let alias = "usage"
    let account = "usage"

    mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        event.collection == .nodes ? [event.object.key] : []
    }

    mutating func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        let usages = view.pods(onNode: key).flatMap { HollowMetrics().usage(of: $0, at: now) }
        throw ControllerError(
            "\(usages.reduce(0) { $0 + $1.cpu }) \(usages.reduce(0) { $0 + $1.memory })")
    }
}
