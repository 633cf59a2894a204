import Foundation
import KubeAPI
import KubeJSON
import Testing

@testable import KubeRegistry

@Suite struct QuotaTests {
    private func cluster(_ hard: JSON, _ more: JSON = [:], seed: UInt64 = 1) throws -> TestCluster {
        let cluster = try TestCluster(seed: seed)
        try cluster.makeNamespace("a")
        var spec = more
        spec["hard"] = hard
        try cluster.create("resourcequotas", in: "a", ["metadata": ["name": "q"], "spec": spec])
        cluster.recountQuotas(in: "a")
        return cluster
    }

    private func used(_ cluster: TestCluster) throws -> JSON? {
        try cluster.get("resourcequotas", in: "a", name: "q").at("status", "used")
    }

    @Test func chargesAndRefuses() throws {
        let cluster = try cluster(["pods": "2", "requests.cpu": "1"])
        let half: JSON = ["requests": ["cpu": "500m"]]
        try cluster.create("pods", in: "a", TestCluster.pod("p1", resources: half))
        #expect(try used(cluster) == ["pods": "1", "requests.cpu": "500m"])
        // A dry run and a write that fails cost nothing.
        try cluster.create("pods", in: "a", TestCluster.pod("p2", resources: half), dryRun: true)
        #expect(
            cluster.refusal { try cluster.create("pods", in: "a", TestCluster.pod("p1", resources: half)) }?
                .reason == "AlreadyExists")
        #expect(try used(cluster) == ["pods": "1", "requests.cpu": "500m"])
        #expect(
            cluster.refusal { try cluster.create("pods", in: "a", TestCluster.pod("p2")) }?.message
                == "pods \"p2\" is forbidden: failed quota: q: must specify requests.cpu for: c")
        #expect(
            cluster.refusal {
                try cluster.create(
                    "pods", in: "a", TestCluster.pod("p2", resources: ["requests": ["cpu": "600m"]]))
            }?.message
                == "pods \"p2\" is forbidden: exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=500m, limited: requests.cpu=1"
        )
        try cluster.create("pods", in: "a", TestCluster.pod("p2", resources: half))
        #expect(
            cluster.refusal { try cluster.create("pods", in: "a", TestCluster.pod("p3", resources: half)) }?
                .message
                == "pods \"p3\" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=500m, used: pods=2,requests.cpu=1, limited: pods=2,requests.cpu=1"
        )
        try cluster.delete("pods", in: "a", name: "p1")
        cluster.recountQuotas(in: "a")
        #expect(try used(cluster) == ["pods": "1", "requests.cpu": "500m"])
    }

    @Test func withoutUsageNothingIsKnown() throws {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a")
        try cluster.create(
            "resourcequotas", in: "a", ["metadata": ["name": "q"], "spec": ["hard": ["pods": "1"]]])
        try cluster.merge(
            "resourcequotas", in: "a", name: "q", subresource: "status",
            ["status": ["hard": ["pods": "1"]]])
        #expect(
            cluster.refusal { try cluster.create("pods", in: "a", TestCluster.pod("p")) }?.message
                == "pods \"p\" is forbidden: status unknown for quota: q, resources: pods")
    }

    @Test func countsOtherKinds() throws {
        let cluster = try cluster([
            "count/deployments.apps": "0", "configmaps": "1", "services": "5", "services.nodeports": "1",
            "requests.storage": "5Gi", "fast.storageclass.storage.k8s.io/requests.storage": "1Gi",
        ])
        try cluster.create("configmaps", in: "a", ["metadata": ["name": "c1"]])
        #expect(
            cluster.refusal { try cluster.create("configmaps", in: "a", ["metadata": ["name": "c2"]]) }?
                .message
                == "configmaps \"c2\" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=1, limited: configmaps=1"
        )
        try cluster.create(
            "services", in: "a",
            [
                "metadata": ["name": "s"],
                "spec": ["ports": [["name": "a", "port": 80], ["name": "b", "port": 81]]],
            ])
        #expect(
            cluster.refusal {
                try cluster.merge("services", in: "a", name: "s", ["spec": ["type": "NodePort"]])
            }?.message
                == "services \"s\" is forbidden: exceeded quota: q, requested: services.nodeports=2, used: services.nodeports=0, limited: services.nodeports=1"
        )
        #expect(
            cluster.refusal {
                try cluster.create(
                    "persistentvolumeclaims", in: "a",
                    [
                        "metadata": ["name": "d"],
                        "spec": [
                            "accessModes": ["ReadWriteOnce"], "storageClassName": "fast",
                            "resources": ["requests": ["storage": "2Gi"]],
                        ],
                    ])
            }?.message
                == "persistentvolumeclaims \"d\" is forbidden: exceeded quota: q, requested: fast.storageclass.storage.k8s.io/requests.storage=2Gi, used: fast.storageclass.storage.k8s.io/requests.storage=0, limited: fast.storageclass.storage.k8s.io/requests.storage=1Gi"
        )
    }

    @Test func scopesChooseThePods() throws {
        let cluster = try cluster(["pods": "0"], ["scopes": ["BestEffort"]])
        #expect(cluster.refusal { try cluster.create("pods", in: "a", TestCluster.pod("p")) }?.code == 403)
        try cluster.create(
            "pods", in: "a", TestCluster.pod("p", resources: ["requests": ["cpu": "1"]]))
        let evaluator = QuotaEvaluator(GroupResource("", "pods"))
        func isInScope(_ scope: String, _ op: String, _ values: JSON, _ spec: JSON) -> Bool {
            evaluator.isInScope(
                [
                    "spec": [
                        "scopeSelector": [
                            "matchExpressions": [
                                ["scopeName": .string(scope), "operator": .string(op), "values": values]
                            ]
                        ]
                    ]
                ], ["spec": spec])
        }
        #expect(isInScope("Terminating", "Exists", [], ["activeDeadlineSeconds": 5]))
        #expect(!isInScope("NotTerminating", "Exists", [], ["activeDeadlineSeconds": 5]))
        #expect(isInScope("PriorityClass", "In", ["high"], ["priorityClassName": "high"]))
        #expect(!isInScope("PriorityClass", "NotIn", ["high"], ["priorityClassName": "high"]))
        #expect(isInScope("PriorityClass", "DoesNotExist", [], [:]))
        let abroad: JSON = [
            "affinity": [
                "podAntiAffinity": [
                    "preferredDuringSchedulingIgnoredDuringExecution": [
                        ["weight": 1, "podAffinityTerm": ["namespaces": ["b"], "topologyKey": "k"]]
                    ]
                ]
            ]
        ]
        #expect(isInScope("CrossNamespacePodAffinity", "Exists", [], abroad))
        #expect(!isInScope("CrossNamespacePodAffinity", "Exists", [], [:]))
    }

    /// Whatever happens, what is used never exceeds the quota, and it is what counting anew finds.
    @Test(arguments: 0..<8) func usedIsAlwaysTheTruth(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let cluster = try cluster(
            [
                "pods": "5", "requests.cpu": "2", "configmaps": "4", "services": "3",
                "services.nodeports": "4",
            ], seed: UInt64(seed))
        var pods: Set<String> = []
        var refusals = 0
        for step in 0..<200 {
            let name = "p\(Int.random(in: 0..<9, using: &random))"
            let cpu = "\(Int.random(in: 1...9, using: &random) * 100)m"
            let resources: JSON = ["requests": ["cpu": .string(cpu)]]
            switch Int.random(in: 0..<8, using: &random) {
            case 0..<3:
                let refused = cluster.refusal {
                    try cluster.create("pods", in: "a", TestCluster.pod(name, resources: resources))
                }
                if refused == nil { pods.insert(name) } else { refusals += 1 }
            case 3:
                if pods.remove(name) != nil {
                    try cluster.delete("pods", in: "a", name: name)
                    cluster.recountQuotas(in: "a")
                }
            case 4:
                _ = cluster.refusal {
                    try cluster.create(
                        "pods", in: "a", TestCluster.pod(name, resources: resources), dryRun: true)
                }
            case 5:
                let ports = (0..<Int.random(in: 1...3, using: &random)).map { port -> JSON in
                    ["name": .string("p\(port)"), "port": .integer(Int64(80 + port))]
                }
                let service: JSON = ["ports": .array(ports), "type": "NodePort"]
                _ = cluster.refusal {
                    try cluster.create(
                        "services", in: "a",
                        ["metadata": ["name": .string("s" + name)], "spec": service])
                }
            case 6:
                // An update that may need more node ports than before, or fewer.
                let type = Bool.random(using: &random) ? "NodePort" : "ClusterIP"
                _ = cluster.refusal {
                    try cluster.merge(
                        "services", in: "a", name: "s" + name, ["spec": ["type": .string(type)]])
                }
                cluster.recountQuotas(in: "a")
            default:
                _ = cluster.refusal {
                    try cluster.create("configmaps", in: "a", ["metadata": ["name": .string("c" + name)]])
                }
            }
            let quota = try cluster.get("resourcequotas", in: "a", name: "q")
            let used = ResourceAmounts(quota["status"]?["used"])
            let hard = ResourceAmounts(quota["status"]?["hard"])
            for (resource, most) in hard.amounts {
                #expect((used[resource] ?? .zero) <= most, "seed \(seed), step \(step)")
            }
            let counted = ["pods", "configmaps", "services"].map { GroupResource("", $0) }
            let truth = QuotaRules.status(of: quota, resources: counted, now: 1_700_000_000) {
                cluster.registry.objects("", $0.resource, in: "a")
            }
            #expect(quota["status"] == truth, "seed \(seed), step \(step)")
        }
        #expect(refusals > 0)
    }

    @Test func concurrentCreatesShareWhatIsLeft() async throws {
        let cluster = try cluster(["pods": "10"])
        let created = await withTaskGroup(of: Int.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    (0..<10).reduce(0) { count, index in
                        let refused = cluster.refusal {
                            try cluster.create("pods", in: "a", TestCluster.pod("p\(worker)-\(index)"))
                        }
                        return refused == nil ? count + 1 : count
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(created == 10)
        #expect(cluster.registry.objects("", "pods", in: "a").count == 10)
        #expect(try used(cluster) == ["pods": "10"])
    }
}

extension TestCluster {
    /// What the control loop does: counts anew what the quotas of a namespace have used.
    fileprivate func recountQuotas(in namespace: String) {
        let countable = Set(
            registry.resources.resources.filter(\.isNamespaced).map {
                GroupResource(StorageLocation($0).group, $0.plural)
            })
        for stored in store.snapshot(QuotaCharge.collection).page(prefix: namespace + "/").items {
            let status = QuotaRules.status(
                of: stored.value, resources: countable, now: registry.environment.now().seconds
            ) { registry.objects($0.group, $0.resource, in: namespace) }
            if stored.value["status"] == status { continue }
            var next = stored.value
            next["status"] = status
            // Somebody else may have charged it in between: then the next recount sees it.
            _ = try? store.update(
                QuotaCharge.collection, key: stored.key, ObjectEncoder.encode(next), expected: stored.revision
            )
        }
    }
}
