import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct CollectionTests {
    private func cluster(threshold: Int = 12_500, seed: UInt64 = 1) throws -> VirtualCluster {
        let cluster = try VirtualCluster(
            seed: seed,
            controllers: [
                ServiceAccountController(), GarbageCollector(), PodGarbageCollector(threshold: threshold),
                TTLAfterFinishedController(),
            ])
        cluster.run(for: 1)
        return cluster
    }

    private func pod(
        _ cluster: VirtualCluster, _ name: String, on node: String = "", finalizers: [JSON] = []
    ) throws {
        var spec: JSON = ["containers": [["name": "c", "image": "i"]]]
        if !node.isEmpty { spec["nodeName"] = .string(node) }
        try cluster.create(
            "v1", "pods",
            ["metadata": ["name": .string(name), "finalizers": .array(finalizers)], "spec": spec])
    }

    private func names(_ cluster: VirtualCluster) throws -> [String] {
        try cluster.list("v1", "pods").map(\.name)
    }

    @Test func podsOfAbsentNodesGoAfterQuarantine() throws {
        let cluster = try cluster()
        try cluster.create("v1", "nodes", ["metadata": ["name": "a"]], in: "")
        try pod(cluster, "stays", on: "a")
        try pod(cluster, "goes", on: "b")
        try pod(cluster, "held", on: "b", finalizers: ["example.com/hold"])
        cluster.run(for: 39)
        #expect(try names(cluster) == ["goes", "held", "stays"])
        cluster.run(for: 2)
        #expect(try names(cluster) == ["held", "stays"])
        let held = try #require(try cluster.get("v1", "pods", "held"))
        #expect(held.at("status", "phase") == "Failed")
        let condition = held.at("status", "conditions")?.array?.first {
            $0["type"]?.string == "DisruptionTarget"
        }
        #expect(condition?["reason"] == "DeletionByPodGC")
        #expect(condition?["message"] == "PodGC: node no longer exists")
        // A node that comes in time keeps its pods.
        try pod(cluster, "early", on: "c")
        cluster.run(for: 30)
        try cluster.create("v1", "nodes", ["metadata": ["name": "c"]], in: "")
        cluster.run(for: 60)
        #expect(try names(cluster) == ["early", "held", "stays"])
        try cluster.delete("v1", "nodes", "c", in: "")
        cluster.run(for: 60)
        #expect(try names(cluster) == ["held", "stays"])
    }

    @Test func terminatingPodsOfNodesOutOfServiceGo() throws {
        let cluster = try cluster()
        try cluster.create("v1", "nodes", ["metadata": ["name": "a"]], in: "")
        try pod(cluster, "p", on: "a")
        try pod(cluster, "q", on: "a")
        try cluster.delete("v1", "pods", "p")
        cluster.run(for: 60)
        #expect(try names(cluster) == ["p", "q"])
        try cluster.patch(
            "v1", "nodes", "a",
            [
                "spec": [
                    "taints": [
                        [
                            "key": "node.kubernetes.io/out-of-service", "value": "shutdown",
                            "effect": "NoExecute",
                        ]
                    ]
                ]
            ], in: "")
        cluster.run(for: 1)
        #expect(try names(cluster) == ["q"])
        try cluster.delete("v1", "pods", "q")
        cluster.run(for: 1)
        #expect(try names(cluster) == [])
    }

    @Test func unscheduledTerminatingPodsFail() throws {
        let cluster = try cluster()
        try pod(cluster, "p", finalizers: ["example.com/hold"])
        try cluster.delete("v1", "pods", "p")
        cluster.run(for: 1)
        #expect(try cluster.get("v1", "pods", "p")?.at("status", "phase") == "Failed")
        try cluster.patch("v1", "pods", "p", ["metadata": ["finalizers": .null]])
        cluster.run(for: 1)
        #expect(try names(cluster) == [])
    }

    @Test func tooManyEndedPodsGoOldestFirst() throws {
        for seed in 1...20 {
            let cluster = try cluster(threshold: 3, seed: UInt64(seed))
            var ended: [(name: String, isEvicted: Bool)] = []
            for number in 0..<8 {
                let name = "p\(number)"
                try pod(cluster, name)
                cluster.run(for: 1)
                if cluster.random() % 4 == 0 { continue }
                let isEvicted = cluster.random() % 4 == 0
                ended.append((name, isEvicted))
            }
            for (name, isEvicted) in ended {
                try cluster.patch(
                    "v1", "pods", name,
                    ["status": ["phase": "Failed", "reason": .string(isEvicted ? "Evicted" : "Error")]],
                    subresource: "status")
            }
            cluster.run(for: 30)
            let order = ended.filter(\.isEvicted) + ended.filter { !$0.isEvicted }
            let gone = Set(order.prefix(max(0, order.count - 3)).map(\.name))
            let all = (0..<8).map { "p\($0)" }
            #expect(try names(cluster) == all.filter { !gone.contains($0) }, "seed \(seed)")
        }
    }

    @Test func finishedJobsGoWhenTheirTimeIsUp() throws {
        let cluster = try cluster()
        for (name, ttl) in [("short", 10), ("long", 100)] {
            try cluster.create(
                "batch/v1", "jobs",
                [
                    "metadata": ["name": .string(name)],
                    "spec": [
                        "ttlSecondsAfterFinished": .integer(Int64(ttl)),
                        "template": [
                            "spec": [
                                "restartPolicy": "Never", "containers": [["name": "c", "image": "i"]],
                            ]
                        ],
                    ],
                ])
        }
        cluster.run(for: 200)
        #expect(try cluster.list("batch/v1", "jobs").count == 2)
        let now = JSON.string(cluster.now.rfc3339)
        for name in ["short", "long"] {
            try cluster.patch(
                "batch/v1", "jobs", name,
                [
                    "status": [
                        "startTime": now,
                        "conditions": [
                            ["type": "FailureTarget", "status": "True", "lastTransitionTime": now],
                            ["type": "Failed", "status": "True", "lastTransitionTime": now],
                        ],
                    ]
                ], subresource: "status")
        }
        cluster.run(for: 9)
        #expect(try cluster.list("batch/v1", "jobs").count == 2)
        cluster.run(for: 3)
        #expect(try cluster.list("batch/v1", "jobs").map(\.name) == ["long"])
        // A longer time that is set meanwhile counts.
        try cluster.patch("batch/v1", "jobs", "long", ["spec": ["ttlSecondsAfterFinished": 150]])
        cluster.run(for: 110)
        #expect(try cluster.list("batch/v1", "jobs").count == 1)
        cluster.run(for: 40)
        #expect(try cluster.list("batch/v1", "jobs").isEmpty)
    }
}
