import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct DisruptionTests {
    private func cluster(_ seed: UInt64 = 1) throws -> VirtualCluster {
        let cluster = try VirtualCluster(
            seed: seed, controllers: [ServiceAccountController(), DisruptionController()])
        cluster.run(for: 1)
        return cluster
    }

    private func replicaSet(_ cluster: VirtualCluster, _ replicas: Int) throws -> JSON {
        try cluster.create(
            "apps/v1", "replicasets",
            [
                "metadata": ["name": "web"],
                "spec": [
                    "replicas": .integer(Int64(replicas)), "selector": ["matchLabels": ["app": "web"]],
                    "template": [
                        "metadata": ["labels": ["app": "web"]],
                        "spec": ["containers": [["name": "c", "image": "i"]]],
                    ],
                ],
            ])
    }

    private func pod(_ cluster: VirtualCluster, _ name: String, of owner: JSON?, ready: Bool = true) throws {
        var metadata: JSON = ["name": .string(name), "labels": ["app": "web"]]
        if let owner { metadata["ownerReferences"] = [PodTemplates.ownerReference(to: owner)] }
        try cluster.create(
            "v1", "pods",
            ["metadata": metadata, "spec": ["nodeName": "n", "containers": [["name": "c", "image": "i"]]]])
        try status(cluster, name, ready: ready)
    }

    private func status(_ cluster: VirtualCluster, _ name: String, ready: Bool) throws {
        try cluster.patch(
            "v1", "pods", name,
            [
                "status": [
                    "phase": "Running",
                    "conditions": [["type": "Ready", "status": ready ? "True" : "False"]],
                ]
            ], subresource: "status")
    }

    private func budget(_ cluster: VirtualCluster, _ spec: JSONObject) throws {
        var all: JSONObject = ["selector": ["matchLabels": ["app": "web"]]]
        for (key, value) in spec { all[key] = value }
        try cluster.create(
            "policy/v1", "poddisruptionbudgets", ["metadata": ["name": "b"], "spec": .object(all)])
    }

    private func state(_ cluster: VirtualCluster) throws -> JSON {
        try cluster.get("policy/v1", "poddisruptionbudgets", "b")?["status"] ?? .null
    }

    private func numbers(_ cluster: VirtualCluster) throws -> [Int?] {
        let status = try state(cluster)
        return ["expectedPods", "desiredHealthy", "currentHealthy", "disruptionsAllowed"].map {
            status[$0]?.int
        }
    }

    private func evict(_ cluster: VirtualCluster, _ name: String) throws {
        var request = try cluster.request("v1", "pods", "default", name)
        request.subresource = "eviction"
        _ = try cluster.registry.evict(&request, eviction: ["metadata": ["name": .string(name)]])
    }

    /// Bounds and what upstream makes of them: 7 pods wanted, 6 of them ready.
    @Test(arguments: [
        ("minAvailable", JSON.integer(3), [7, 3, 6, 3]), ("minAvailable", "50%", [7, 4, 6, 2]),
        ("minAvailable", "0%", [7, 0, 6, 6]), ("minAvailable", "100%", [7, 7, 6, 0]),
        ("maxUnavailable", .integer(1), [7, 6, 6, 0]), ("maxUnavailable", "30%", [7, 4, 6, 2]),
        ("maxUnavailable", .integer(9), [7, 0, 6, 6]), ("maxUnavailable", "1%", [7, 6, 6, 0]),
    ])
    func boundsAreRoundedUp(_ field: String, _ value: JSON, _ expected: [Int]) throws {
        let cluster = try cluster()
        let owner = try replicaSet(cluster, 7)
        for number in 0..<7 { try pod(cluster, "p\(number)", of: owner, ready: number > 0) }
        try budget(cluster, [field: value])
        cluster.run(for: 1)
        #expect(try numbers(cluster) == expected)
        let condition = try state(cluster)["conditions"]?[0]
        #expect(condition?["status"] == (expected[3] > 0 ? "True" : "False"))
        #expect(condition?["reason"] == (expected[3] > 0 ? "SufficientPods" : "InsufficientPods"))
        #expect(try state(cluster)["observedGeneration"] == 1)
        var writes = 0
        try cluster.patch("v1", "pods", "p1", ["metadata": ["annotations": ["a": "b"]]])
        cluster.run(for: 5) { writes += $0.writes.filter { $0.plural != "events" }.count }
        #expect(writes == 0)
    }

    @Test func evictionSpendsAndExpires() throws {
        let cluster = try cluster()
        let owner = try replicaSet(cluster, 3)
        for number in 0..<3 { try pod(cluster, "p\(number)", of: owner) }
        try budget(cluster, ["maxUnavailable": 1])
        #expect(throws: APIStatus.self) { try evict(cluster, "p0") }
        cluster.run(for: 1)
        #expect(try numbers(cluster) == [3, 2, 3, 1])
        try evict(cluster, "p0")
        // It terminates gracefully and says why.
        let gone = try #require(try cluster.get("v1", "pods", "p0"))
        #expect(gone.deletionTimestamp != nil)
        let mark = gone["status"]?["conditions"]?.array?.first { $0["type"] == "DisruptionTarget" }
        #expect(mark?["reason"] == "EvictionByEvictionAPI")
        #expect(mark?["message"] == "Eviction API: evicting")
        #expect(try state(cluster)["disruptedPods"]?["p0"] != nil)
        #expect(try state(cluster)["conditions"]?[0]?["reason"] == "InsufficientPods")
        do {
            try evict(cluster, "p1")
            Issue.record("the second eviction should have been refused")
        } catch let refusal as APIStatus {
            #expect(refusal.code == 429)
            #expect(
                refusal.message == "Cannot evict pod as it would violate the pod's disruption budget.")
            #expect(
                refusal.details?["causes"]?[0]?["message"]
                    == "The disruption budget b needs 2 healthy pods and has 3 currently")
        }
        cluster.run(for: 1)
        #expect(try numbers(cluster) == [3, 2, 2, 0])
        #expect(try state(cluster)["disruptedPods"] == nil)
        // One that was approved and never deleted counts again after two minutes.
        try pod(cluster, "p3", of: owner)
        cluster.run(for: 1)
        try cluster.patch(
            "policy/v1", "poddisruptionbudgets", "b",
            ["status": ["disruptedPods": ["p1": .string(cluster.now.rfc3339)]]], subresource: "status")
        cluster.run(for: 1)
        #expect(try numbers(cluster) == [3, 2, 2, 0])
        cluster.run(for: 121)
        #expect(try numbers(cluster) == [3, 2, 3, 1])
        #expect(try state(cluster)["disruptedPods"] == nil)
        #expect(try cluster.list("v1", "events").contains { $0["reason"] == "NotDeleted" })
    }

    @Test func deploymentsUnmanagedAndUnscalable() throws {
        let cluster = try cluster()
        try pod(cluster, "bare", of: nil)
        try budget(cluster, ["maxUnavailable": "50%"])
        cluster.run(for: 1)
        #expect(try numbers(cluster) == [0, 0, 1, 0])
        let event = try cluster.list("v1", "events").first { $0["reason"] == "UnmanagedPods" }
        #expect(
            event?["message"]?.string?.hasPrefix(
                "Pods selected by this PodDisruptionBudget (selector: &LabelSelector{MatchLabels:"
                    + "map[string]string{app: web,},MatchExpressions:[]LabelSelectorRequirement{},}) were")
                == true)
        try pod(
            cluster, "p",
            of: [
                "kind": "Job", "apiVersion": "batch/v1",
                "metadata": ["name": "j", "uid": "11111111-1111-4111-8111-111111111111"],
            ])
        cluster.run(for: 1)
        let condition = try state(cluster)["conditions"]?[0]
        #expect(condition?["reason"] == "SyncFailed")
        #expect(condition?["message"] == "jobs.batch does not implement the scale subresource")
    }

    @Test func staleMarksAreCleared() throws {
        let cluster = try cluster()
        try pod(cluster, "p", of: nil)
        try cluster.patch(
            "v1", "pods", "p",
            [
                "status": [
                    "conditions": [
                        [
                            "type": "DisruptionTarget", "status": "True", "reason": "PreemptionByScheduler",
                            "lastTransitionTime": .string(cluster.now.rfc3339),
                        ]
                    ]
                ]
            ], subresource: "status")
        cluster.run(for: 118)
        func mark() throws -> JSON? { try cluster.get("v1", "pods", "p")?["status"]?["conditions"]?[0] }
        #expect(try mark()?["status"] == "True")
        cluster.run(for: 4)
        #expect(try mark()?["status"] == "False")
        #expect(try mark()?["reason"] == nil)
    }

    /// Whatever is evicted in whatever order, as many ready pods stay as the budget wants.
    @Test func evictionsNeverBreakABudget() throws {
        for seed in UInt64(1)...60 {
            let cluster = try cluster(seed)
            let count = Int(cluster.random() % 6) + 2
            let owner = try replicaSet(cluster, count)
            for number in 0..<count { try pod(cluster, "p\(number)", of: owner) }
            let least = Int(cluster.random() % UInt64(count))
            try budget(
                cluster,
                cluster.random() & 1 == 0
                    ? ["minAvailable": .integer(Int64(least))]
                    : ["maxUnavailable": .integer(Int64(count - least))])
            cluster.run(for: 1)
            func healthy() throws -> Int {
                try cluster.list("v1", "pods").filter {
                    $0.deletionTimestamp == nil
                        && $0["status"]?["conditions"]?.array?.contains {
                            $0["type"] == "Ready" && $0["status"] == "True"
                        } == true
                }.count
            }
            var next = count
            var floor = try healthy()
            for _ in 0..<15 {
                let roll = cluster.random()
                let names = try cluster.list("v1", "pods").map(\.name)
                guard let name = names.dropFirst(Int(roll >> 8) % max(1, names.count)).first else { break }
                switch roll % 5 {
                case 0...2:
                    let before = try healthy()
                    try? evict(cluster, name)
                    let after = try healthy()
                    if after < before { #expect(after >= least, "seed \(seed)") }
                case 3:
                    try pod(cluster, "p\(next)", of: owner)
                    next += 1
                default: cluster.run(for: Double(roll >> 16 & 63))
                }
                floor = min(floor, try healthy())
            }
            #expect(floor >= least, "seed \(seed)")
        }
    }
}
