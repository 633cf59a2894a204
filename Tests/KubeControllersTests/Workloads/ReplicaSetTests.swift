import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct ReplicaSetTests {
    @Test func makesAndDeletesPodsAndSaysSo() throws {
        let world = try ReplicaWorld()
        try world.replicaSet("web", 3)
        let pods = try world.pods()
        #expect(pods.count == 3)
        #expect(pods.allSatisfy { $0.name.hasPrefix("web-") && $0.name.utf8.count == 9 })
        #expect(pods[0].at("metadata", "generateName") == "web-")
        #expect(pods[0].ownerReferences.first?["kind"] == "ReplicaSet")
        #expect(pods[0].ownerReferences.first?["blockOwnerDeletion"] == true)
        #expect(
            try world.set("web")?["status"] == [
                "availableReplicas": 3, "fullyLabeledReplicas": 3, "observedGeneration": 1,
                "readyReplicas": 3, "replicas": 3, "terminatingReplicas": 0,
            ])
        #expect(Set(try world.events("SuccessfulCreate")) == Set(pods.map { "Created pod: \($0.name)" }))

        try world.scale("replicasets", "web", 1)
        #expect(try world.pods().count == 1)
        let left = try world.pods()[0].name
        #expect(
            Set(try world.events("SuccessfulDelete"))
                == Set(pods.map(\.name).filter { $0 != left }.map { "Deleted pod: \($0)" }))
        #expect(try world.set("web")?.at("status", "observedGeneration") == 2)
        #expect(world.failures.isEmpty)
        let writes = world.cluster.registry.store.revision
        world.settle(100)
        #expect(world.cluster.registry.store.revision == writes)
    }

    @Test func replacesWhatEndsOrGoes() throws {
        let world = try ReplicaWorld()
        try world.replicaSet("web", 2)
        let names = try world.pods().map(\.name)
        try world.status(names[0], ["status": ["phase": "Failed"]])
        try world.cluster.delete("v1", "pods", names[1])
        world.settle()
        let pods = try world.pods()
        // The failed one stays for whoever collects it, and is nobody's replica.
        #expect(pods.count == 3)
        #expect(pods.contains { $0.name == names[0] })
        #expect(!pods.contains { $0.name == names[1] })
        #expect(try world.set("web")?.at("status", "replicas") == 2)
    }

    @Test func countsWhatIsGoing() throws {
        let world = try ReplicaWorld(agent: nil)
        try world.replicaSet("web", 2)
        for pod in try world.pods() {
            var request = try world.cluster.request("v1", "pods", "default", pod.name)
            request.subresource = "binding"
            _ = try world.cluster.registry.bind(
                &request, binding: ["target": ["kind": "Node", "name": "n"]])
        }
        let first = try world.pods()[0].name
        try world.cluster.delete("v1", "pods", first)
        world.settle()
        #expect(try world.pods().count == 3)
        #expect(
            try world.set("web")?["status"] == [
                "fullyLabeledReplicas": 2, "observedGeneration": 1, "replicas": 2, "terminatingReplicas": 1,
            ])
        // One that has ended is going no more.
        try world.status(first, ["status": ["phase": "Succeeded"]])
        world.settle()
        #expect(try world.set("web")?.at("status", "terminatingReplicas") == 0)
    }

    @Test func adoptsAndReleases() throws {
        let world = try ReplicaWorld()
        try world.pod("stray")
        try world.pod("done")
        try world.pod("other", labels: ["app": "db"])
        world.settle()
        try world.status("done", ["status": ["phase": "Succeeded"]])
        try world.replicaSet("web", 2)
        var pods = try world.pods()
        #expect(pods.count == 4)
        let uid = try world.set("web")?.uid
        func owner(_ name: String) -> String? { pods.first { $0.name == name }?.controllerUID }
        #expect(owner("stray") == uid)
        #expect(owner("done") == nil)
        #expect(owner("other") == nil)

        try world.cluster.patch("v1", "pods", "stray", ["metadata": ["labels": ["app": "mine"]]])
        world.settle()
        pods = try world.pods()
        #expect(pods.count == 5)
        #expect(owner("stray") == nil)
        try world.cluster.patch("v1", "pods", "other", ["metadata": ["labels": ["app": "web"]]])
        world.settle()
        // Adopted, and then one is too many.
        pods = try world.pods()
        #expect(pods.count(where: { $0.controllerUID == uid }) == 2)
    }

    @Test func doesNothingWhileGoing() throws {
        let world = try ReplicaWorld(collects: true)
        try world.replicaSet("web", 2, spec: [:])
        try world.cluster.patch(
            "apps/v1", "replicasets", "web", ["metadata": ["finalizers": ["example.com/hold"]]])
        try world.cluster.delete("apps/v1", "replicasets", "web")
        let gone = try world.pods()[0].name
        try world.cluster.delete("v1", "pods", gone)
        world.settle()
        #expect(try world.pods().count == 1)
        #expect(try world.set("web")?.at("status", "replicas") == 1)
        try world.cluster.patch("apps/v1", "replicasets", "web", ["metadata": ["finalizers": .null]])
        world.settle()
        #expect(try world.pods().isEmpty)
    }

    @Test func orphansAreAdoptedByTheNextSet() throws {
        let world = try ReplicaWorld(collects: true)
        try world.replicaSet("web", 3)
        let names = try world.pods().map(\.name)
        try world.cluster.delete("apps/v1", "replicasets", "web", policy: "Orphan")
        world.settle()
        #expect(try world.set("web") == nil)
        #expect(try world.pods().allSatisfy { $0.ownerReferences.isEmpty })
        try world.replicaSet("next", 3)
        #expect(try world.pods().map(\.name) == names)
        let uid = try world.set("next")?.uid
        #expect(try world.pods().allSatisfy { $0.controllerUID == uid })
    }

    @Test func availableAfterItsTime() throws {
        let world = try ReplicaWorld()
        try world.replicaSet("web", 2, spec: ["minReadySeconds": 10])
        #expect(try world.set("web")?.at("status", "readyReplicas") == 2)
        #expect(try world.set("web")?.at("status", "availableReplicas") == nil)
        world.settle(8)
        #expect(try world.set("web")?.at("status", "availableReplicas") == nil)
        world.settle(2)
        #expect(try world.set("web")?.at("status", "availableReplicas") == 2)
    }

    @Test func quotaFailsItUntilThereIsRoom() throws {
        let world = try ReplicaWorld()
        try world.cluster.create(
            "v1", "resourcequotas", ["metadata": ["name": "q"], "spec": ["hard": ["pods": "2"]]])
        try world.cluster.patch(
            "v1", "resourcequotas", "q", ["status": ["hard": ["pods": "2"], "used": ["pods": "0"]]],
            subresource: "status")
        try world.replicaSet("web", 3)
        #expect(try world.pods().count == 2)
        let condition = try world.set("web")?.at("status", "conditions")?[0]
        #expect(condition?["type"] == "ReplicaFailure")
        #expect(condition?["status"] == "True")
        #expect(condition?["reason"] == "FailedCreate")
        let message = condition?["message"]?.string ?? ""
        #expect(message.contains("is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited"))
        #expect(try world.events("FailedCreate").contains { $0.hasPrefix("Error creating: pods \"web-") })
        #expect(try world.set("web")?.at("status", "replicas") == 2)

        try world.cluster.patch("v1", "resourcequotas", "q", ["spec": ["hard": ["pods": "9"]]])
        try world.cluster.patch(
            "v1", "resourcequotas", "q", ["status": ["hard": ["pods": "9"]]], subresource: "status")
        world.settle(60)
        #expect(try world.pods().count == 3)
        #expect(try world.set("web")?.at("status", "conditions") == nil)
    }

    @Test func makesAtMostFiveHundredAtOnce() throws {
        let world = try ReplicaWorld(agent: nil)
        try world.cluster.create(
            "apps/v1", "replicasets",
            [
                "metadata": ["name": "web"],
                "spec": [
                    "replicas": 1_100, "selector": ["matchLabels": ["app": "web"]],
                    "template": ReplicaWorld.template(),
                ],
            ])
        var bursts: [Int] = []
        world.cluster.run(for: 1) { trace in
            let made = trace.writes.count { $0.plural == "pods" }
            if made > 0 { bursts.append(made) }
        }
        #expect(bursts == [500, 500, 100])
        #expect(try world.set("web")?.at("status", "replicas") == 1_100)
    }

    @Test func replicationControllersAreTheSame() throws {
        let world = try ReplicaWorld()
        try world.cluster.create(
            "v1", "replicationcontrollers",
            [
                "metadata": ["name": "old"],
                "spec": ["replicas": 2, "template": ReplicaWorld.template(app: "old")],
            ])
        world.settle()
        let pods = try world.pods()
        try #require(pods.count == 2, "\(world.failures)")
        #expect(pods[0].ownerReferences.first?["kind"] == "ReplicationController")
        #expect(pods[0].ownerReferences.first?["apiVersion"] == "v1")
        #expect(
            try world.cluster.get("v1", "replicationcontrollers", "old")?["status"] == [
                "availableReplicas": 2, "fullyLabeledReplicas": 2, "observedGeneration": 1,
                "readyReplicas": 2, "replicas": 2,
            ])
        #expect(
            try world.cluster.list("v1", "events").allSatisfy {
                $0.at("source", "component") == "replication-controller"
            })
    }
}
