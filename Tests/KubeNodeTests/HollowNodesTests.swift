import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeNode

@Suite struct HollowNodesTests {
    @Test func nodesRegisterAndKeepALease() throws {
        let world = try NodeWorld(nodes: ["a", "b"])
        let nodes = try world.cluster.list("v1", "nodes")
        #expect(nodes.map(\.name) == ["a", "b"])
        for node in nodes {
            let conditions = node["status"]?["conditions"]?.array ?? []
            #expect(
                conditions.map { $0["type"]?.string } == [
                    "MemoryPressure", "DiskPressure", "PIDPressure", "Ready",
                ])
            #expect(conditions.last?["message"] == "kubelet is posting ready status")
            #expect(node["status"]?["nodeInfo"]?["kubeletVersion"] == "v1.36.2")
            #expect(node["status"]?["capacity"]?["cpu"] == "4")
        }
        func renewals() throws -> [String?] {
            try world.cluster.list("coordination.k8s.io/v1", "leases", in: "kube-node-lease").map {
                $0["spec"]?["renewTime"]?.string
            }
        }
        let first = try renewals()
        #expect(first.count == 2)
        world.run(10)
        let second = try renewals()
        #expect(zip(first, second).allSatisfy { $0 != $1 })
        #expect(second[0] != second[1], "renewals are spread over the period")
    }

    @Test func aPodBecomesReadyInOneWriteAndGoes() throws {
        let world = try NodeWorld()
        let revision = try world.pod("p").resourceVersion
        world.run(0)
        let pod = try world.get("p")
        let status = pod["status"] ?? .null
        #expect(status["phase"] == "Running")
        #expect(
            (status["conditions"]?.array ?? []).map { $0["type"]?.string } == [
                "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled",
            ])
        #expect((status["conditions"]?.array ?? []).allSatisfy { $0["status"] == "True" })
        #expect(status["podIP"]?.string?.isEmpty == false)
        #expect(status["hostIP"]?.string?.isEmpty == false)
        #expect(status["observedGeneration"] == 1)
        let container = try world.container("p")
        #expect(container["ready"] == true)
        #expect(container["started"] == true)
        #expect(container["restartCount"] == 0)
        #expect(container["state"]?["running"] != nil)
        #expect(
            try world.events("p") == [
                "Normal Pulled Container image \"img:1\" already present on machine and can be accessed by the pod",
                "Normal Created Container created", "Normal Started Container started",
            ])
        // One write: the first revision after the pod's own is its status.
        #expect(Int(pod.resourceVersion).map { $0 - (Int(revision) ?? 0) } ?? 99 == 1)

        try world.cluster.delete("v1", "pods", "p")
        world.run(0)
        #expect(try world.get("p").isNull)
        #expect(try world.events("p").contains("Normal Killing Stopping container c"))
        world.run(3_600)
    }

    @Test func podsOfOneTemplateAreReadOnce() throws {
        let world = try NodeWorld()
        for index in 0..<5 {
            try world.pod(
                "p\(index)",
                metadata: [
                    "ownerReferences": [
                        [
                            "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "r", "uid": "u",
                            "controller": true,
                        ]
                    ]
                ])
        }
        world.run(0)
        var names: Set<String> = []
        var shape: PodShape?
        for pod in try world.cluster.list("v1", "pods") {
            let mounts = pod["status"]?["containerStatuses"]?[0]?["volumeMounts"]
            let name = pod["spec"]?["containers"]?[0]?["volumeMounts"]?[0]?["name"]?.string ?? ""
            #expect(mounts?[0]?["name"]?.string == name)
            names.insert(name)
            if shape == nil { shape = PodShape(pod) }
            #expect(shape?.fits(pod) == true)
            func changed(_ change: (inout JSON) -> Void) -> JSON {
                var other = pod
                var containers = pod["spec"]?["containers"]?.array ?? []
                change(&containers[0])
                other["spec"]?["containers"] = .array(containers)
                return other
            }
            #expect(shape?.fits(changed { $0["image"] = "img:2" }) == false)
            let renamed = changed { container in
                var mounts = container["volumeMounts"]?.array ?? []
                mounts[0]["name"] = "kube-api-access-other"
                container["volumeMounts"] = .array(mounts)
            }
            #expect(shape?.fits(renamed) == false, "its own name everywhere, or it is another pod")
        }
        #expect(names.count == 5)
    }

    /// A machine whose power came back: nobody waits for its next regular status.
    @Test func aNodeThatWasTakenForSilentSaysThatItLives() throws {
        let world = try NodeWorld()
        func annotate(_ value: JSON) throws {
            try world.cluster.patch(
                "v1", "nodes", "n1", ["metadata": ["annotations": [HollowNode.silent: value]]], in: "")
            world.run(1)
        }
        func ready() throws -> JSON? {
            let node = try world.cluster.get("v1", "nodes", "n1")
            return node?["status"]?["conditions"]?.array?.first { $0["type"]?.string == "Ready" }?["status"]
        }
        try annotate("true")
        let conditions = try world.cluster.get("v1", "nodes", "n1")?["status"]?["conditions"]?.array ?? []
        let doubted = conditions.map { condition in
            var condition = condition
            condition["status"] = "Unknown"
            return condition
        }
        try world.cluster.patch(
            "v1", "nodes", "n1", ["status": ["conditions": .array(doubted)]], in: "", subresource: "status")
        world.run(60)
        #expect(try ready() == "Unknown")
        try annotate(.null)
        #expect(try ready() == "True")
    }
}
