import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore
import Testing

@testable import KubeControllers

@Suite struct PodDeletionOrderTests {
    private let now = Timestamp(seconds: 1_700_000_000)

    /// - Parameters:
    ///   - age: seconds since it was made.
    ///   - ready: seconds since it was ready; nil when it is not.
    private func pod(
        _ name: String, node: String = "n", phase: String = "Running", ready: Int? = 100, age: Int = 1_000,
        restarts: [Int] = [], cost: String? = nil
    ) throws -> PodSummary {
        func ago(_ seconds: Int) -> JSON { .string(now.adding(-Double(seconds)).rfc3339) }
        var metadata: JSON = [
            "name": .string(name), "namespace": "default", "uid": .string("uid-" + name),
            "creationTimestamp": ago(age),
        ]
        if let cost {
            metadata["annotations"] = ["controller.kubernetes.io/pod-deletion-cost": .string(cost)]
        }
        var status: JSON = [
            "phase": .string(phase),
            "containerStatuses": .array(restarts.map { ["restartCount": .integer(Int64($0))] }),
        ]
        if let ready {
            status["conditions"] = [["type": "Ready", "status": "True", "lastTransitionTime": ago(ready)]]
        }
        let store = try Store()
        let stored = try store.create(
            .pods, key: "default/" + name,
            EncodedObject([
                "kind": "Pod", "apiVersion": "v1", "metadata": metadata,
                "spec": ["nodeName": .string(node)], "status": status,
            ]))
        return PodSummary(stored)
    }

    /// That the first goes before the second, in whichever order they come, and with others around.
    private func expect(
        _ first: PodSummary, before second: PodSummary, related: [PodSummary] = [],
        _ location: SourceLocation = #_sourceLocation
    ) {
        for pods in [[first, second], [second, first]] {
            let chosen = PodDeletionOrder.first(1, of: pods, related: related, now: now)
            #expect(chosen.map(\.name) == [first.name], sourceLocation: location)
        }
    }

    @Test func stepsOfTheOrder() throws {
        // Each pair has everything that comes later against it.
        expect(
            try pod("a", node: "", ready: 500, cost: "9"),
            before: try pod("b", phase: "Pending", ready: nil, cost: "-1"))
        expect(try pod("a", phase: "Pending"), before: try pod("b", phase: "Unknown", ready: nil))
        expect(try pod("a", phase: "Unknown"), before: try pod("b", ready: nil))
        expect(try pod("a", ready: nil, cost: "9"), before: try pod("b", cost: "-1"))
        expect(try pod("a", ready: 500, cost: "-1"), before: try pod("b", restarts: [7]))
        expect(try pod("a", cost: "-1"), before: try pod("b", cost: "no number"))
        expect(try pod("a", ready: 10), before: try pod("b", restarts: [7], cost: "0"))
        // The most restarts of one container, not all of them.
        expect(try pod("b", restarts: [5]), before: try pod("a", age: 1, restarts: [3, 3, 3]))
        expect(try pod("b", age: 10), before: try pod("a", age: 1_000))
    }

    @Test func crowdedNodesFirst() throws {
        let lone = try pod("lone", node: "one", ready: 1)
        let crowded = try pod("crowded", node: "two", ready: 500)
        let sibling = try pod("sibling", node: "two")
        expect(crowded, before: lone, related: [lone, crowded, sibling])
        expect(lone, before: crowded, related: [])
        let ended = try pod("ended", node: "one", phase: "Failed")
        expect(crowded, before: lone, related: [lone, crowded, sibling, ended, ended])
    }

    @Test func agesCountByPowersOfTwo() throws {
        // 2^39 ns is 549.8 s: both are on one side of it, and the uid decides.
        expect(try pod("a", ready: 500), before: try pod("b", ready: 300))
        expect(try pod("b", ready: 500), before: try pod("a", ready: 600))
        expect(try pod("a", age: 500), before: try pod("b", age: 300))
        // What is not in the past yet is younger than all.
        expect(try pod("b", ready: 0), before: try pod("a", ready: 1))
    }
}
