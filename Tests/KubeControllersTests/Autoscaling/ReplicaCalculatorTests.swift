import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

/// Cases worked out by hand from the published algorithm.
@Suite struct ReplicaCalculatorTests {
    /// Pods are letters: r ready, u unready since its start 100 s ago, o unready and old but once ready,
    /// n never ready and old, p pending, t terminating, f failed. A value of -1 is missing.
    struct Case: Sendable, CustomStringConvertible {
        var description: String
        var current: Int
        var target: Int
        var pods: String
        var values: [Int64]
        var expected: Int?
        var resource = "cpu"

        init(
            _ description: String, _ current: Int, _ target: Int, _ pods: String, _ values: [Int64],
            _ expected: Int?, _ resource: String = "cpu"
        ) {
            self.description = description
            self.current = current
            self.target = target
            self.pods = pods
            self.values = values
            self.expected = expected
            self.resource = resource
        }
    }

    private static let now = Timestamp(seconds: 1_700_000_000)

    private func build(_ test: Case) -> (pods: [ReplicaCalculator.Pod], metrics: [String: PodMetric]) {
        let now = Self.now
        var pods: [ReplicaCalculator.Pod] = []
        var metrics: [String: PodMetric] = [:]
        for (index, letter) in test.pods.enumerated() {
            var pod = ReplicaCalculator.Pod(name: "p\(index)")
            pod.request = 1_000
            pod.started = now.adding(letter == "u" ? -100 : -1_000)
            pod.readySince = now.adding(letter == "u" ? -95 : letter == "n" ? -995 : -500)
            switch letter {
            case "u", "o", "n": pod.readiness = .unready
            case "p": pod.phase = .pending
            case "t": pod.isTerminating = true
            case "f": pod.phase = .failed
            default: break
            }
            pods.append(pod)
            if index < test.values.count, test.values[index] >= 0 {
                metrics[pod.name] = PodMetric(timestamp: now, value: test.values[index])
            }
        }
        return (pods, metrics)
    }

    @Test(arguments: [
        Case("on target", 3, 50, "rrr", [500, 500, 500], 3),
        Case("at the edge above", 3, 50, "rrr", [550, 550, 550], 3),
        Case("just above the edge", 3, 50, "rrr", [560, 560, 560], 4),
        Case("at the edge below", 3, 50, "rrr", [450, 450, 450], 3),
        Case("below, but rounded up", 3, 50, "rrr", [440, 440, 440], 3),
        Case("half", 4, 50, "rrrr", [250, 250, 250, 250], 2),
        Case("double", 5, 50, "rrrrr", [1_000, 1_000, 1_000, 1_000, 1_000], 10),
        Case("nearly idle", 5, 50, "rrrrr", [10, 10, 10, 10, 10], 1),
        Case("idle", 3, 50, "rrr", [0, 0, 0], 0),
        Case("uneven", 3, 50, "rrr", [100, 200, 900], 3),
        Case("percent is cut", 3, 50, "rrr", [559, 559, 559], 3),
        Case("missing on the way up", 4, 50, "rrrr", [1_000, 1_000, 1_000, -1], 6),
        Case("missing on the way down", 4, 50, "rrrr", [100, 100, 100, -1], 3),
        Case("missing turns down into up", 2, 50, "rr", [300, -1], 2),
        Case("missing on target", 3, 50, "rrr", [500, 500, -1], 3),
        Case("missing turns up into down", 2, 50, "rr", [600, -1], 2),
        Case("pending on the way up", 4, 50, "rrrp", [1_000, 1_000, 1_000, -1], 6),
        Case("pending on the way down", 4, 50, "rrrp", [100, 100, 100, -1], 1),
        Case("terminating is measured, not counted", 3, 50, "rrt", [1_000, 1_000, 1_000], 4),
        Case("failed", 3, 50, "rrf", [1_000, 1_000, -1], 4),
        Case("unready at its start", 4, 50, "rrru", [1_000, 1_000, 1_000, 1_000], 6),
        Case("unready, of memory", 4, 50, "rrru", [1_000, 1_000, 1_000, 1_000], 8, "memory"),
        Case("unready after having been ready", 4, 50, "rrro", [1_000, 1_000, 1_000, 1_000], 8),
        Case("never ready", 4, 50, "rrrn", [1_000, 1_000, 1_000, 1_000], 6),
        Case("nobody to measure", 2, 50, "uu", [1_000, 1_000], nil),
        Case("no pods", 2, 50, "", [], nil),
        Case("missing with a target over all", 4, 200, "rrrr", [1_000, 1_000, 1_000, -1], 3),
        Case("down does not become more", 2, 50, "rrrrr", [0, 0, 0, -1, -1], 2),
    ])
    func utilization(_ test: Case) throws {
        let (pods, metrics) = build(test)
        let result = try? ReplicaCalculator().utilization(
            current: test.current, target: test.target, resource: test.resource, metrics: metrics,
            pods: pods, now: Self.now)
        #expect(result?.replicas == test.expected)
    }

    @Test(arguments: [
        Case("on target", 3, 500, "rrr", [500, 500, 500], 3),
        Case("double", 3, 500, "rrr", [1_000, 1_000, 1_000], 6),
        Case("above", 3, 500, "rrr", [600, 600, 600], 4),
        Case("tenth", 3, 500, "rrr", [50, 50, 50], 1),
        Case("missing on the way up", 4, 500, "rrrr", [1_000, 1_000, 1_000, -1], 6),
        Case("missing on the way down", 4, 500, "rrrr", [100, 100, 100, -1], 2),
        Case("pending on the way up", 4, 500, "rrrp", [1_000, 1_000, 1_000, -1], 6),
        Case("mean is cut", 3, 500, "rrr", [500, 500, 551], 3),
        Case("nothing measured", 3, 500, "rrr", [], nil),
    ])
    func average(_ test: Case) throws {
        let (pods, metrics) = build(test)
        let result = try? ReplicaCalculator().average(
            current: test.current, target: Int64(test.target), resource: "", metrics: metrics, pods: pods,
            now: Self.now)
        #expect(result?.replicas == test.expected)
    }

    @Test(arguments: [
        Case("on target", 3, 10_000, "rrr", [10_000], 3), Case("double", 3, 10_000, "rrr", [20_000], 6),
        Case("double, one unready", 3, 10_000, "rro", [20_000], 4),
        Case("within tolerance", 3, 10_000, "rrr", [10_500], 3),
        Case("half", 3, 10_000, "rrr", [5_000], 2), Case("from nothing", 0, 10_000, "", [25_000], 3),
        Case("nothing for nothing", 0, 10_000, "", [0], 0),
        Case("no pods to count", 3, 10_000, "", [20_000], nil),
    ])
    func value(_ test: Case) throws {
        let (pods, _) = build(test)
        let result = try? ReplicaCalculator().value(
            current: test.current, target: Int64(test.target), value: test.values[0], pods: pods)
        #expect(result?.replicas == test.expected)
    }

    @Test func valuePerPod() {
        let calculator = ReplicaCalculator()
        #expect(
            calculator.valuePerPod(replicas: 3, target: 5_000, value: 30_000)
                == .init(replicas: 6, value: 10_000))
        #expect(
            calculator.valuePerPod(replicas: 3, target: 5_000, value: 16_000)
                == .init(replicas: 3, value: 5_334))
        #expect(
            calculator.valuePerPod(replicas: 3, target: 5_000, value: 4_000)
                == .init(replicas: 1, value: 1_334))
        #expect(calculator.valuePerPod(replicas: 0, target: 5_000, value: 4_000).replicas == 1)
    }

    @Test func missingRequestIsNamed() {
        var pod = ReplicaCalculator.Pod(name: "p")
        pod.unrequested = "side"
        let metrics = ["p": PodMetric(timestamp: Self.now, value: 1)]
        #expect {
            try ReplicaCalculator().utilization(
                current: 1, target: 50, resource: "memory", metrics: metrics, pods: [pod], now: Self.now)
        } throws: { "\($0)" == "missing request for memory in container side of Pod p" }
    }
}
