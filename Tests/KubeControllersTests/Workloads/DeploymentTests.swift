import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

extension ReplicaWorld {
    func deployment(_ replicas: Int, spec: JSONObject = [:]) throws {
        var body: JSONObject = [
            "replicas": .integer(Int64(replicas)), "selector": ["matchLabels": ["app": "web"]],
            "template": Self.template(),
        ]
        for (key, value) in spec { body[key] = value }
        try cluster.create("apps/v1", "deployments", ["metadata": ["name": "web"], "spec": .object(body)])
        settle()
    }

    func web() throws -> JSON { try cluster.get("apps/v1", "deployments", "web") ?? .null }
    func sets() throws -> [JSON] { try cluster.list("apps/v1", "replicasets") }
    func set(image: String) throws -> JSON? {
        try sets().first {
            $0.at("spec", "template", "spec", "containers")?[0]?["image"]?.string == image
        }
    }
    func change(_ spec: JSON, for seconds: Double = 1) throws {
        try cluster.patch("apps/v1", "deployments", "web", ["spec": spec])
        settle(seconds)
    }
    func change(image: String, for seconds: Double = 1) throws {
        try change(
            ["template": ["spec": ["containers": [["name": "c", "image": .string(image)]]]]], for: seconds)
    }
    func condition(_ type: String) throws -> JSON? {
        try web().at("status", "conditions")?.array?.first { $0["type"]?.string == type }
    }
    func annotation(_ object: JSON?, _ name: String) -> String? {
        object?.at("metadata", "annotations", "deployment.kubernetes.io/" + name)?.string
    }
}

@Suite struct DeploymentTests {
    @Test func rollsOutAndBack() throws {
        let world = try ReplicaWorld()
        try world.deployment(3)
        var set = try #require(try world.set(image: "nginx:1"))
        #expect(set.name.hasPrefix("web-"))
        let hash = String(set.name.dropFirst(4))
        #expect(hash.allSatisfy { "bcdfghjklmnpqrstvwxz2456789".contains($0) })
        #expect(set.at("metadata", "labels") == ["app": "web", "pod-template-hash": .string(hash)])
        #expect(set.at("spec", "selector", "matchLabels", "pod-template-hash")?.string == hash)
        #expect(world.annotation(set, "revision") == "1")
        #expect(world.annotation(set, "desired-replicas") == "3")
        #expect(world.annotation(set, "max-replicas") == "4")
        #expect(world.annotation(try world.web(), "revision") == "1")
        #expect(try world.events("ScalingReplicaSet") == ["Scaled up replica set \(set.name) from 0 to 3"])
        let progressing = try world.condition("Progressing")
        #expect(progressing?["reason"] == "NewReplicaSetAvailable")
        #expect(
            progressing?["message"]?.string == "ReplicaSet \"\(set.name)\" has successfully progressed.")
        let available = try world.condition("Available")
        #expect(available?["reason"] == "MinimumReplicasAvailable")
        #expect(available?["message"] == "Deployment has minimum availability.")
        var status = try world.web()["status"]
        status?["conditions"] = nil
        #expect(
            status == [
                "observedGeneration": 1, "replicas": 3, "updatedReplicas": 3, "readyReplicas": 3,
                "availableReplicas": 3, "terminatingReplicas": 0,
            ])

        try world.change(image: "nginx:2")
        #expect(try world.sets().count == 2)
        #expect(try world.set(image: "nginx:1")?.at("spec", "replicas") == 0)
        #expect(try world.set(image: "nginx:2")?.at("status", "availableReplicas") == 3)
        #expect(world.annotation(try world.web(), "revision") == "2")

        try world.change(image: "nginx:1")
        set = try #require(try world.set(image: "nginx:1"))
        #expect(try world.sets().count == 2)
        #expect(world.annotation(set, "revision") == "3")
        #expect(world.annotation(set, "revision-history") == "1")
        #expect(world.annotation(try world.web(), "revision") == "3")
        #expect(set.at("status", "availableReplicas") == 3)
        #expect(world.failures.isEmpty, "\(world.failures)")
        let revision = world.cluster.registry.store.revision
        world.settle(2_000)
        #expect(world.cluster.registry.store.revision == revision)
    }

    @Test func timesOutAndRecovers() throws {
        let world = try ReplicaWorld()
        try world.deployment(4, spec: ["progressDeadlineSeconds": 60])
        try world.change(image: "bad", for: 30)
        #expect(try world.condition("Progressing")?["reason"] == "ReplicaSetUpdated")
        // A quarter more, and a quarter less.
        #expect(try world.set(image: "bad")?.at("spec", "replicas") == 2)
        #expect(try world.set(image: "nginx:1")?.at("spec", "replicas") == 3)
        world.settle(40)
        let set = try #require(try world.set(image: "bad"))
        #expect(try world.condition("Progressing")?["status"] == "False")
        #expect(try world.condition("Progressing")?["reason"] == "ProgressDeadlineExceeded")
        #expect(
            try world.condition("Progressing")?["message"]?.string
                == "ReplicaSet \"\(set.name)\" has timed out progressing.")
        try world.change(image: "nginx:1", for: 5)
        #expect(try world.condition("Progressing")?["reason"] == "NewReplicaSetAvailable")
        #expect(try world.pods().count == 4)
    }

    @Test func pausesAndScalesInProportion() throws {
        let world = try ReplicaWorld()
        try world.deployment(
            10, spec: ["strategy": ["rollingUpdate": ["maxSurge": 3, "maxUnavailable": 2]]])
        try world.change(image: "bad")
        #expect(try world.set(image: "nginx:1")?.at("spec", "replicas") == 8)
        #expect(try world.set(image: "bad")?.at("spec", "replicas") == 5)
        // The example of the documentation: of five more, three for the old and two for the new.
        try world.change(["replicas": 15])
        #expect(try world.set(image: "nginx:1")?.at("spec", "replicas") == 11)
        #expect(try world.set(image: "bad")?.at("spec", "replicas") == 7)
        try world.change(["paused": true])
        #expect(try world.condition("Progressing")?["reason"] == "DeploymentPaused")
        try world.change(image: "nginx:3")
        #expect(try world.set(image: "nginx:3") == nil)
        try world.change(["paused": false], for: 5)
        #expect(try world.set(image: "nginx:3")?.at("status", "availableReplicas") == 15)
        #expect(try world.pods().count == 15)
    }

    @Test func recreatesAfterTheOldAreGone() throws {
        let world = try ReplicaWorld(agent: ReplicaAgent(readyAfter: 2))
        try world.deployment(3, spec: ["strategy": ["type": "Recreate"]])
        world.settle(5)
        try world.change(image: "nginx:2", for: 0)
        var mixed = false
        _ = world.cluster.run(atMost: 10) {
            let images = Set(
                ((try? world.pods()) ?? []).compactMap {
                    $0.at("spec", "containers")?[0]?["image"]?.string
                })
            if images.count > 1 { mixed = true }
            return false
        }
        #expect(!mixed)
        #expect(try world.set(image: "nginx:2")?.at("status", "availableReplicas") == 3)
    }

    @Test func keepsItsHistoryShort() throws {
        let world = try ReplicaWorld()
        try world.deployment(1, spec: ["revisionHistoryLimit": 2])
        for number in 2...6 { try world.change(image: "nginx:\(number)") }
        let revisions = try world.sets().compactMap { world.annotation($0, "revision") }.sorted()
        #expect(revisions == ["4", "5", "6"])
    }

    @Test func adoptsItsSetsAgain() throws {
        let world = try ReplicaWorld(collects: true)
        try world.deployment(2)
        let name = try world.sets()[0].name
        try world.cluster.delete("apps/v1", "deployments", "web", policy: "Orphan")
        world.settle()
        #expect(try world.sets().first?.ownerReferences == [])
        try world.deployment(2)
        #expect(try world.sets().map(\.name) == [name])
        #expect(try world.sets()[0].controllerUID == world.web().uid)
        try world.cluster.delete("apps/v1", "deployments", "web", policy: "Foreground")
        world.settle(5)
        #expect(try world.sets().isEmpty)
        #expect(try world.pods().isEmpty)
    }

    /// Random changes, crashes and losses: between them, the strategy's bounds hold and all comes to rest.
    @Test func holdsItsBoundsWhateverHappens() throws {
        for seed in UInt64(1)...150 { try converge(seed) }
    }

    private func converge(_ seed: UInt64) throws {
        let world = try ReplicaWorld(seed: seed, agent: ReplicaAgent(readyAfter: 1), collects: true)
        func pick(_ count: Int) -> Int { Int(world.cluster.random() % UInt64(count)) }
        var replicas = 1 + pick(5)
        try world.deployment(
            replicas,
            spec: [
                "revisionHistoryLimit": 1,
                "strategy": [
                    "rollingUpdate": ["maxSurge": .integer(Int64(pick(3))), "maxUnavailable": "40%"]
                ],
            ])
        world.settle(10)
        for _ in 0..<5 {
            switch pick(5) {
            case 0:
                replicas = pick(6)
                try world.change(["replicas": .integer(Int64(replicas))], for: Double(pick(4)))
            case 1: try world.change(image: "nginx:\(pick(4))", for: Double(pick(4)))
            case 2: try world.change(["paused": .bool(pick(2) == 0)], for: Double(pick(4)))
            case 3:
                if let pod = try world.pods().first {
                    try world.cluster.delete("v1", "pods", pod.name, gracePeriodSeconds: 0)
                }
            default:
                if let pod = try world.pods().last {
                    try world.status(pod.name, ["status": ["phase": "Failed"]])
                }
            }
            let strategy = DeploymentStrategy(try world.web())
            let active = try world.pods().count {
                $0.deletionTimestamp == nil && $0.at("status", "phase")?.string != "Failed"
            }
            if pick(2) == 0 {
                world.settle(10)
                let wanted = try world.sets().reduce(0) { $0 + ($1["spec"]?["replicas"]?.int ?? 0) }
                #expect(wanted <= max(strategy.mostReplicas, active), "seed \(seed)")
            }
        }
        try world.change(["paused": false], for: 20)
        // A rolling update from rest keeps enough pods available, and has no more than it may.
        try world.change(image: "last", for: 0)
        let strategy = DeploymentStrategy(try world.web())
        _ = world.cluster.run(atMost: 60) {
            let pods = ((try? world.pods()) ?? []).filter {
                $0.deletionTimestamp == nil && $0.at("status", "phase")?.string != "Failed"
            }
            let ready = pods.count { $0.at("status", "phase")?.string == "Running" }
            #expect(pods.count <= strategy.mostReplicas, "seed \(seed)")
            #expect(ready >= strategy.leastAvailable, "seed \(seed)")
            return false
        }
        let status = try world.web()["status"]
        #expect(status?["availableReplicas"]?.int ?? 0 == replicas, "seed \(seed)")
        #expect(status?["updatedReplicas"]?.int ?? 0 == replicas, "seed \(seed)")
        #expect(try world.condition("Progressing")?["reason"] == "NewReplicaSetAvailable", "seed \(seed)")
        #expect(try world.sets().count <= 2, "seed \(seed)")
        let uids = Set(try world.sets().map(\.uid))
        for pod in try world.pods() {
            #expect(pod.controllerUID.map(uids.contains) == true, "seed \(seed)")
        }
    }
}
