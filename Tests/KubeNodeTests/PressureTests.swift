import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeNode

/// Nodes that run out of memory (pkg/kubelet/eviction), and what a node does not take.
@Suite struct PressureTests {
    private func nodeCondition(_ world: NodeWorld, _ type: String) throws -> JSON? {
        try world.cluster.get("v1", "nodes", "n1", in: "")?["status"]?["conditions"]?.array?.first {
            $0["type"]?.string == type
        }
    }

    @Test func thePodFarthestOverItsRequestGoesFirst() throws {
        let world = try NodeWorld()
        try world.pod(
            "modest", annotations: ["memory": "10Gi"],
            container: ["resources": ["requests": ["memory": "12Gi"]]])
        world.run(30)
        #expect(try nodeCondition(world, "MemoryPressure")?["status"] == "False")
        try world.pod(
            "greedy", annotations: ["memory": "8Gi"],
            container: ["resources": ["requests": ["memory": "1Gi"]]])
        world.run(11)
        #expect(try world.phase("greedy") == "Failed")
        #expect(try world.phase("modest") == "Running")
        let status = try world.get("greedy")["status"]
        #expect(status?["reason"] == "Evicted")
        let words =
            "The node was low on resource: memory. Threshold quantity: 100Mi, available: 0. "
            + "Container c was using 8Gi, request is 1Gi, has larger consumption of memory. "
        #expect(status?["message"]?.string == words)
        let target = try world.condition("greedy", "DisruptionTarget")
        #expect(target?["status"] == "True")
        #expect(target?["reason"] == "TerminationByKubelet")
        #expect(target?["message"]?.string == words)
        #expect(try world.events("greedy").contains("Warning Evicted " + words))
        #expect(
            try world.events("n1") == [
                "Normal NodeHasInsufficientMemory Node n1 status is now: NodeHasInsufficientMemory",
                "Warning EvictionThresholdMet Attempting to reclaim memory",
            ])
        #expect(try nodeCondition(world, "MemoryPressure")?["reason"] == "KubeletHasInsufficientMemory")

        // Meanwhile no pod comes that has asked for nothing.
        try world.pod("late")
        try world.pod("asking", container: ["resources": ["requests": ["cpu": "1"]]])
        world.run(0)
        #expect(try world.get("late")["status"]?["reason"] == "Evicted")
        #expect(
            try world.get("late")["status"]?["message"]
                == "Pod was rejected: The node had condition: [MemoryPressure]. ")
        #expect(try world.phase("asking") == "Running")
        world.run(320)
        #expect(try nodeCondition(world, "MemoryPressure")?["status"] == "False")
        try world.pod("later")
        world.run(0)
        #expect(try world.phase("later") == "Running")
    }

    @Test func priorityGoesBeforeUseAndCriticalPodsStay() throws {
        let world = try NodeWorld()
        for (name, value) in [("high", 1_000), ("low", 10)] {
            try world.cluster.create(
                "scheduling.k8s.io/v1", "priorityclasses",
                ["metadata": ["name": .string(name)], "value": .integer(Int64(value))], in: "")
        }
        for (name, priority, memory) in [
            ("big", "high", "9Gi"), ("small", "low", "7Gi"), ("tiny", "low", "6Gi"),
        ] {
            try world.pod(
                name, annotations: ["memory": .string(memory)],
                spec: ["priorityClassName": .string(priority)])
        }
        world.run(11)
        // 22 of 16 Gi: the lower priority first, the larger of them; then 15 Gi fit.
        #expect(try world.phase("small") == "Failed")
        world.run(60)
        #expect(try world.phase("big") == "Running")
        #expect(try world.phase("tiny") == "Running")
    }

    @Test func nodesTakeOnlyPodsThatMeantThem() throws {
        let world = try NodeWorld { options in
            options.nodes[0].labels = ["zone": "a", "cores": "8"]
            options.nodes[0].taints = [
                ["key": "maintenance", "effect": "NoExecute"], ["key": "soft", "effect": "NoSchedule"],
            ]
        }
        let tolerations: JSON = [["key": "maintenance", "operator": "Exists"]]
        func pod(_ name: String, _ expressions: JSON, fields: JSON = []) throws {
            try world.pod(
                name,
                spec: [
                    "tolerations": tolerations,
                    "affinity": [
                        "nodeAffinity": [
                            "requiredDuringSchedulingIgnoredDuringExecution": [
                                "nodeSelectorTerms": [
                                    ["matchExpressions": expressions, "matchFields": fields]
                                ]
                            ]
                        ]
                    ],
                ])
        }
        try pod("in", [["key": "zone", "operator": "In", "values": ["a", "b"]]])
        try pod("greater", [["key": "cores", "operator": "Gt", "values": ["4"]]])
        try pod("other", [["key": "zone", "operator": "NotIn", "values": ["a"]]])
        try pod("field", [], fields: [["key": "metadata.name", "operator": "In", "values": ["n1"]]])
        try pod("elsewhere", [], fields: [["key": "metadata.name", "operator": "In", "values": ["n2"]]])
        try world.pod("selector", spec: ["tolerations": tolerations, "nodeSelector": ["zone": "b"]])
        try world.pod("intolerant")
        try world.pod(
            "extended",
            container: ["resources": ["limits": ["example.com/thing": "3"]]],
            spec: ["tolerations": tolerations])
        world.run(0)
        for name in ["in", "greater", "field", "extended"] { #expect(try world.phase(name) == "Running") }
        for name in ["other", "elsewhere", "selector"] {
            #expect(try world.get(name)["status"]?["reason"] == "NodeAffinity")
            #expect(
                try world.get(name)["status"]?["message"]
                    == "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"
            )
        }
        #expect(try world.get("intolerant")["status"]?["reason"] == "TaintToleration")
        #expect(
            try world.get("intolerant")["status"]?["message"]
                == "Pod was rejected: Predicate TaintToleration failed: node(s) had untolerated taint(s)")
    }

    @Test func resizesAreTakenDeferredOrRefused() throws {
        let world = try NodeWorld()
        try world.pod("a", container: ["resources": ["requests": ["cpu": "1"]]])
        try world.pod("b", container: ["resources": ["requests": ["cpu": "2"]]])
        try world.pod(
            "r",
            container: [
                "resources": ["requests": ["memory": "1Gi"]],
                "resizePolicy": [["resourceName": "memory", "restartPolicy": "RestartContainer"]],
            ])
        world.run(1)
        func resize(_ name: String, _ resource: String, _ amount: String) throws {
            try world.cluster.patch(
                "v1", "pods", name,
                [
                    "spec": [
                        "containers": [
                            [
                                "name": "c", "image": "img:1",
                                "resources": ["requests": [resource: .string(amount)]],
                            ]
                        ]
                    ]
                ], subresource: "resize")
            world.run(0)
        }
        func given(_ name: String) throws -> String? {
            let container = try world.container(name)
            #expect(container["allocatedResources"] == container["resources"]?["requests"])
            return container["allocatedResources"]?["cpu"]?.string
        }
        func told() throws -> [String] {
            try world.cluster.list("v1", "events").filter {
                $0["involvedObject"]?["name"] == "a" && $0["reason"]?.string?.hasPrefix("Resize") == true
            }.map { "\($0["reason"]?.string ?? "") \($0["message"]?.string ?? "")" }.sorted()
        }
        try resize("a", "cpu", "1500m")
        #expect(try given("a") == "1500m")
        #expect(try world.container("a")["restartCount"] == 0)
        let summary =
            #"{"containers":[{"name":"c","resources":{"requests":{"cpu":"1500m"}}}],"generation":2}"#
        #expect(
            try told() == [
                "ResizeCompleted Pod resize completed: \(summary)",
                "ResizeStarted Pod resize started: \(summary)",
            ])
        try resize("a", "cpu", "5")
        #expect(try given("a") == "1500m")
        var pending = try world.condition("a", "PodResizePending")
        #expect(pending?["reason"] == "Infeasible")
        #expect(
            pending?["message"] == "Node didn't have enough capacity: cpu, requested: 5000, capacity: 4000")
        #expect(
            try told().contains(
                #"ResizeInfeasible Pod resize Infeasible: {"containers":[{"name":"c","resources":{"requests":{"cpu":"5"}}}],"generation":3,"error":"Node didn't have enough capacity: cpu, requested: 5000, capacity: 4000"}"#
            ))
        try resize("a", "cpu", "3")
        pending = try world.condition("a", "PodResizePending")
        #expect(pending?["reason"] == "Deferred")
        #expect(
            pending?["message"]
                == "Node didn't have enough resource: cpu, requested: 3000, used: 2000, capacity: 4000")
        #expect(try given("a") == "1500m")
        try world.cluster.delete("v1", "pods", "b")
        world.run(0)
        #expect(try given("a") == "3")
        #expect(try world.condition("a", "PodResizePending") == nil)
        #expect(try told().count == 6)
        #expect(try world.isReady("a"))
    }
}
