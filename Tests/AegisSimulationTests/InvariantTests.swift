import AegisSimulation
import KubeAPI
import KubeJSON
import KubeStore
import Testing

@testable import KubeEngine

/// The checker itself: what is forbidden is found when somebody does it, and only then.
@Suite struct InvariantTests {
    /// A cluster without controllers: the test does what they would.
    private final class World {
        let cluster: VirtualCluster
        let mirror: StoreMirror
        var before: ClusterView
        var invariants = ClusterInvariants(lag: 6, nodeDelays: (40, 60))

        init() throws {
            cluster = try VirtualCluster(controllers: [])
            mirror = try StoreMirror(cluster.registry)
            before = mirror.view
            try cluster.create("v1", "serviceaccounts", ["metadata": ["name": "default"]])
            _ = try step("")
        }

        /// Checks what was done since, as if a controller had.
        func step(
            _ controller: String, key: String = "", writes: [ControllerWrite] = []
        ) throws -> [String] {
            let events = try mirror.update()
            let trace = ControllerEngine.Trace(
                time: cluster.now, controller: controller, key: key, writes: writes, failure: nil)
            defer { before = mirror.view }
            return invariants.check(
                .init(trace: trace, events: events, before: before, after: mirror.view, now: cluster.now)
            ).map(\.rule)
        }

        func owner(_ object: JSON, _ kind: String, _ version: String = "apps/v1") -> JSON {
            [
                [
                    "apiVersion": .string(version), "kind": .string(kind), "name": .string(object.name),
                    "uid": .string(object.uid), "controller": true,
                ]
            ]
        }

        func pod(
            _ name: String, labels: JSONObject = ["app": "web"], owners: JSON = [], node: String = "n1",
            cpu: String = "100m", isReady: Bool = true
        ) throws {
            var spec: JSON = [
                "containers": [
                    ["name": "c", "image": "i", "resources": ["requests": ["cpu": .string(cpu)]]]
                ]
            ]
            if !node.isEmpty { spec["nodeName"] = .string(node) }
            try cluster.create(
                "v1", "pods",
                [
                    "metadata": [
                        "name": .string(name), "labels": .object(labels), "ownerReferences": owners,
                    ], "spec": spec,
                ])
            guard isReady else { return }
            try cluster.patch(
                "v1", "pods", name,
                ["status": ["phase": "Running", "conditions": [["type": "Ready", "status": "True"]]]],
                subresource: "status")
        }

        private static let template: JSON = [
            "metadata": ["labels": ["app": "web"]], "spec": ["containers": [["name": "c", "image": "i"]]],
        ]

        func deployment(_ replicas: Int64, surge: Int64, unavailable: Int64) throws -> JSON {
            try cluster.create(
                "apps/v1", "deployments",
                [
                    "metadata": ["name": "web"],
                    "spec": [
                        "replicas": .integer(replicas), "selector": ["matchLabels": ["app": "web"]],
                        "template": Self.template,
                        "strategy": [
                            "rollingUpdate": [
                                "maxSurge": .integer(surge), "maxUnavailable": .integer(unavailable),
                            ]
                        ],
                    ],
                ])
        }

        func replicaSet(_ name: String, _ replicas: Int64, of deployment: JSON) throws -> JSON {
            try cluster.create(
                "apps/v1", "replicasets",
                [
                    "metadata": [
                        "name": .string(name), "ownerReferences": owner(deployment, "Deployment"),
                    ],
                    "spec": [
                        "replicas": .integer(replicas), "selector": ["matchLabels": ["app": "web"]],
                        "template": Self.template,
                    ],
                ])
        }

        func statefulSet(_ replicas: Int64) throws -> JSON {
            let set = try cluster.create(
                "apps/v1", "statefulsets",
                [
                    "metadata": ["name": "db"],
                    "spec": [
                        "replicas": .integer(replicas), "serviceName": "db",
                        "selector": ["matchLabels": ["app": "web"]], "template": Self.template,
                    ],
                ])
            try cluster.patch(
                "apps/v1", "statefulsets", "db", ["status": ["updateRevision": "r1"]], subresource: "status")
            return set
        }

        func ordinal(_ number: Int, of set: JSON, isReady: Bool = true) throws {
            try pod(
                "db-\(number)",
                labels: [
                    "app": "web", "apps.kubernetes.io/pod-index": .string(String(number)),
                    "controller-revision-hash": "r1",
                ],
                owners: owner(set, "StatefulSet"), isReady: isReady)
        }
    }

    @Test func surgeAndAvailability() throws {
        let world = try World()
        let web = try world.deployment(2, surge: 1, unavailable: 0)
        #expect(try world.step("") == [])
        let old = try world.replicaSet("web-1", 2, of: web)
        #expect(try world.step("deployment-controller") == [])
        for name in ["a", "b"] { try world.pod(name, owners: world.owner(old, "ReplicaSet")) }
        #expect(try world.step("replicaset-controller") == [])
        let new = try world.replicaSet("web-2", 1, of: web)
        #expect(try world.step("deployment-controller") == [])
        try world.cluster.patch("apps/v1", "replicasets", "web-2", ["spec": ["replicas": 2]])
        #expect(try world.step("deployment-controller") == ["surge"])
        // One too few: nothing new is ready.
        try world.cluster.delete("v1", "pods", "a")
        #expect(try world.step("replicaset-controller") == ["available"])
        for name in ["c", "d"] { try world.pod(name, owners: world.owner(new, "ReplicaSet")) }
        #expect(try world.step("replicaset-controller") == [])
        try world.cluster.delete("v1", "pods", "b")
        #expect(try world.step("replicaset-controller") == [])
        for name in ["e"] { try world.pod(name, owners: world.owner(new, "ReplicaSet")) }
        #expect(try world.step("replicaset-controller") == ["replicas"])
    }

    @Test func ordinals() throws {
        let world = try World()
        let set = try world.statefulSet(3)
        #expect(try world.step("") == [])
        try world.ordinal(0, of: set, isReady: false)
        #expect(try world.step("statefulset-controller") == [])
        try world.ordinal(1, of: set)
        #expect(try world.step("statefulset-controller") == ["order"])
        try world.ordinal(7, of: set)
        #expect(try world.step("statefulset-controller").contains("identity"))
        world.cluster.run(for: 10)
        try world.cluster.delete("v1", "pods", "db-1", gracePeriodSeconds: 0)
        // It is of the newest revision.
        #expect(try world.step("statefulset-controller") == ["order"])
    }

    @Test func budgetsQuotaAndRoom() throws {
        let world = try World()
        try world.cluster.create(
            "policy/v1", "poddisruptionbudgets",
            [
                "metadata": ["name": "web"],
                "spec": ["minAvailable": 1, "selector": ["matchLabels": ["app": "web"]]],
            ])
        try world.cluster.create(
            "v1", "nodes",
            ["metadata": ["name": "n1"], "status": ["allocatable": ["cpu": "1", "memory": "1Gi"]]], in: "")
        for name in ["a", "b"] { try world.pod(name) }
        #expect(try world.step("") == [])
        func evict(_ name: String) throws -> [String] {
            let pod = try #require(world.before.pod("default/\(name)"))
            try world.cluster.delete("v1", "pods", name, gracePeriodSeconds: 0)
            return try world.step(
                "",
                writes: [
                    ControllerWrite(
                        group: "", version: "v1", plural: "pods", namespace: "default", name: pod.name,
                        .evict(.init()))
                ])
        }
        #expect(try evict("a") == [])
        world.cluster.run(for: 10)
        #expect(try evict("b") == ["budget"])

        try world.cluster.create(
            "v1", "resourcequotas", ["metadata": ["name": "q"], "spec": ["hard": ["pods": "5"]]])
        try world.cluster.patch(
            "v1", "resourcequotas", "q", ["status": ["hard": ["pods": "1"]]], subresource: "status")
        _ = try world.step("")
        try world.cluster.delete("v1", "resourcequotas", "q")
        for name in ["c", "d"] { try world.pod(name, node: "", isReady: false) }
        // Both at once, as admission would never have it, and more than the node has.
        #expect(try world.step("kube-scheduler").filter { $0 == "quota" }.count == 2)
        try world.pod("e", cpu: "1500m", isReady: false)
        #expect(try world.step("kube-scheduler") == ["room"])
    }

    @Test func ownersAndOrphans() throws {
        let world = try World()
        func map(_ name: String, owners: JSON = []) throws -> JSON {
            try world.cluster.create(
                "v1", "configmaps", ["metadata": ["name": .string(name), "ownerReferences": owners]])
        }
        let owner = try map("owner")
        _ = try map("owned", owners: world.owner(owner, "ConfigMap", "v1"))
        _ = try world.step("")
        let delete = ControllerWrite.delete(
            ("", "v1", "configmaps"), namespace: "default", name: "owned", uid: "")
        #expect(try world.step("garbage-collector-controller", writes: [delete]) == ["owner"])
        func settled() -> [String] {
            world.invariants.settled(world.mirror.view, [.configMaps], now: world.cluster.now).map(\.rule)
        }
        #expect(settled() == [])
        try world.cluster.delete("v1", "configmaps", "owner", policy: "Background")
        _ = try world.step("")
        #expect(settled() == ["orphan"])
    }

    @Test func placesAtRest() throws {
        let world = try World()
        try world.cluster.create(
            "v1", "nodes",
            [
                "metadata": ["name": "n1"],
                "status": ["allocatable": ["cpu": "1", "memory": "1Gi", "pods": "10"]],
            ], in: "")
        // As any new node has one until it is ready.
        try world.cluster.patch("v1", "nodes", "n1", ["spec": ["taints": .null]], in: "")
        try world.pod("small", node: "", isReady: false)
        try world.pod("large", node: "", cpu: "2", isReady: false)
        _ = try world.step("")
        let found = world.invariants.settled(world.mirror.view, [], now: world.cluster.now)
        #expect(found.map(\.rule) == ["place"])
        #expect(found.first?.message.contains("small") == true)
    }

    @Test func boundsAndPolicies() throws {
        let world = try World()
        _ = try world.deployment(2, surge: 1, unavailable: 0)
        try world.cluster.create(
            "autoscaling/v2", "horizontalpodautoscalers",
            [
                "metadata": ["name": "web"],
                "spec": [
                    "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": "web"],
                    "minReplicas": 2, "maxReplicas": 6,
                    "behavior": [
                        "scaleUp": ["policies": [["type": "Pods", "value": 2, "periodSeconds": 30]]]
                    ],
                ],
            ])
        _ = try world.step("")
        func scale(_ replicas: Int64) throws -> [String] {
            try world.cluster.patch(
                "apps/v1", "deployments", "web", ["spec": ["replicas": .integer(replicas)]])
            return try world.step("horizontal-pod-autoscaler-controller", key: "default/web")
        }
        #expect(try scale(4) == [])
        world.cluster.run(for: 10)
        #expect(try scale(5) == ["policy"])
        world.cluster.run(for: 60)
        #expect(try scale(7) == ["bounds"])
    }
}
