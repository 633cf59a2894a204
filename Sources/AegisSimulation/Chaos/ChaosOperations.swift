import AegisCluster
import AegisPlatform
import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// What the cluster of a `Chaos` holds, and what its users do.
extension Chaos {
    func build() throws {
        switch profile {
        case .workloads:
            deployment("web", replicas: 2 + roll(4))
            statefulSet("db", replicas: 1 + roll(3))
            budget("web", roll(2) == 0 ? ["minAvailable": 2] : ["maxUnavailable": 1])
            budget("db", ["minAvailable": 1])
        case .limits:
            attempt("quota") {
                try cluster.create(
                    "v1", "resourcequotas",
                    [
                        "metadata": ["name": "quota"],
                        "spec": [
                            "hard": [
                                "pods": .string(String(5 + roll(6))), "requests.cpu": "4",
                                "requests.memory": "8Gi",
                            ]
                        ],
                    ])
            }
            advance(1)
            deployment("web", replicas: 2)
            deployment("batch", replicas: roll(5))
            autoscaler("web")
        case .nodes:
            attempt("definition") {
                try cluster.create(
                    "apiextensions.k8s.io/v1", "customresourcedefinitions", NodeGroup.definition, in: "")
            }
            advance(2)
            for (name, machine) in [("small", "c5.large"), ("large", "m5.xlarge")] {
                let least = roll(2)
                attempt("group \(name)") {
                    try cluster.create(
                        "kops.k8s.io/v1alpha2", "instancegroups",
                        [
                            "apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup",
                            "metadata": ["name": .string(name)],
                            "spec": [
                                "role": "Node", "machineType": .string(machine),
                                "minSize": .integer(Int64(least)), "nodeLabels": ["pool": .string(name)],
                                "maxSize": .integer(Int64(least + 1 + roll(3))),
                            ],
                        ])
                }
            }
            deployment("web", replicas: 2 + roll(4))
            deployment("batch", replicas: roll(3))
            budget("web", ["minAvailable": 1])
        }
    }

    /// One thing that a user does.
    func operate() {
        let deployments = view.objects(.deployments, in: "default")
        let sets = view.objects(.statefulSets, in: "default")
        switch roll(9) {
        case 0, 1:
            guard let object = pick(deployments + sets) else { return }
            let plural = deployments.contains { $0 === object } ? "deployments" : "statefulsets"
            let replicas = Int64(roll(profile == .nodes ? 9 : 6))
            attempt("\(object.name) is to have \(replicas)") {
                try cluster.patch("apps/v1", plural, object.name, ["spec": ["replicas": .integer(replicas)]])
            }
        case 2, 3:
            guard let object = pick(deployments + sets) else { return }
            let plural = deployments.contains { $0 === object } ? "deployments" : "statefulsets"
            let version = roll(100)
            attempt("\(object.name) gets version \(version)") {
                try cluster.patch(
                    "apps/v1", plural, object.name,
                    [
                        "spec": [
                            "template": ["metadata": ["annotations": ["version": .string("\(version)")]]]
                        ]
                    ])
            }
        case 4:
            if let pod = pick(view.pods(in: "default").filter(\.isActive)) { evict(pod) }
        case 5:
            if let node = pick(view.objects(.nodes)) { drain(node.name) }
        case 6: replaceSomething(deployments)
        case 7:
            guard profile == .limits else { return pause(deployments) }
            autoscaler("web")
        default: pause(deployments)
        }
    }

    private func pause(_ deployments: [StoredObject]) {
        guard let object = pick(deployments) else { return }
        let isPaused = object.value["spec"]?["paused"]?.bool ?? false
        attempt("\(object.name) paused: \(!isPaused)") {
            try cluster.patch("apps/v1", "deployments", object.name, ["spec": ["paused": .bool(!isPaused)]])
        }
    }

    /// Deletes a Deployment in one of the three ways and makes one of the same name.
    private func replaceSomething(_ deployments: [StoredObject]) {
        guard let object = pick(deployments) else { return }
        let policy = ["Background", "Foreground", "Orphan"][roll(3)]
        attempt("\(object.name) is deleted, \(policy)") {
            try cluster.delete("apps/v1", "deployments", object.name, policy: policy)
        }
        if roll(2) == 0 { advance(Double(roll(3))) }
        deployment(object.name, replicas: 1 + roll(4))
    }

    func deployment(_ name: String, replicas: Int) {
        let amounts: [JSON] = [0, 1, 2, "25%", "50%"]
        let surge = roll(amounts.count)
        let unavailable = surge == 0 ? 1 + roll(amounts.count - 1) : roll(amounts.count)
        let strategy: JSON =
            roll(6) == 0
            ? ["type": "Recreate"]
            : [
                "type": "RollingUpdate",
                "rollingUpdate": ["maxSurge": amounts[surge], "maxUnavailable": amounts[unavailable]],
            ]
        attempt("deployment \(name) of \(replicas) with \(JSONWriter.string(strategy))") {
            try cluster.create(
                "apps/v1", "deployments",
                [
                    "metadata": ["name": .string(name)],
                    "spec": [
                        "replicas": .integer(Int64(replicas)), "strategy": strategy,
                        "selector": ["matchLabels": ["app": .string(name)]], "template": template(name),
                    ],
                ])
        }
    }

    func statefulSet(_ name: String, replicas: Int) {
        let isParallel = roll(3) == 0
        let partition = Int64(roll(4) / 2)
        attempt("statefulset \(name) of \(replicas), parallel \(isParallel), partition \(partition)") {
            try cluster.create(
                "apps/v1", "statefulsets",
                [
                    "metadata": ["name": .string(name)],
                    "spec": [
                        "replicas": .integer(Int64(replicas)), "serviceName": .string(name),
                        "podManagementPolicy": isParallel ? "Parallel" : "OrderedReady",
                        "updateStrategy": [
                            "type": "RollingUpdate",
                            "rollingUpdate": ["partition": .integer(partition)],
                        ],
                        "selector": ["matchLabels": ["app": .string(name)]], "template": template(name),
                    ],
                ])
        }
    }

    private func template(_ name: String) -> JSON {
        let cpu = ["250m", "500m", "900m"][roll(3)]
        let tolerations: [JSON] = ["not-ready", "unreachable"].map {
            [
                "key": .string("node.kubernetes.io/\($0)"), "operator": "Exists", "effect": "NoExecute",
                "tolerationSeconds": 5,
            ]
        }
        var annotations: JSONObject = ["hollow.aegis.dev/ready-after": .string(String(roll(4)))]
        if roll(4) == 0 { annotations["hollow.aegis.dev/crash-probability"] = "0.3" }
        if profile == .limits, name == "web" {
            annotations["hollow.aegis.dev/load-cpu"] = "22:13=300m,22:14=3,22:15=100m,22:16=2"
        }
        var spec: JSONObject = [
            "terminationGracePeriodSeconds": .integer(Int64(roll(3))),
            "tolerations": .array(tolerations),
            "containers": [
                [
                    "name": "main", "image": "i:1",
                    "resources": ["requests": ["cpu": .string(cpu), "memory": "64Mi"]],
                ]
            ],
        ]
        if profile == .nodes, roll(3) == 0 {
            spec["nodeSelector"] = ["pool": roll(2) == 0 ? "small" : "large"]
        }
        return [
            "metadata": ["labels": ["app": .string(name)], "annotations": .object(annotations)],
            "spec": .object(spec),
        ]
    }

    func budget(_ name: String, _ limits: JSONObject) {
        var spec = limits
        spec["selector"] = ["matchLabels": ["app": .string(name)]]
        attempt("budget \(name)") {
            try cluster.create(
                "policy/v1", "poddisruptionbudgets",
                ["metadata": ["name": .string(name)], "spec": .object(spec)])
        }
    }

    /// Makes or changes the autoscaler of a Deployment.
    func autoscaler(_ name: String) {
        let least = Int64(1 + roll(2))
        let most = least + Int64(1 + roll(5))
        func rules(_ stabilization: Int64) -> JSON {
            [
                "stabilizationWindowSeconds": .integer(stabilization),
                "policies": [
                    [
                        "type": "Pods", "value": .integer(Int64(1 + roll(2))),
                        "periodSeconds": .integer(Int64(15 + roll(3) * 10)),
                    ]
                ],
            ]
        }
        let spec: JSON = [
            "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": .string(name)],
            "minReplicas": .integer(least), "maxReplicas": .integer(most),
            "metrics": [
                [
                    "type": "Resource",
                    "resource": [
                        "name": "cpu", "target": ["type": "Utilization", "averageUtilization": 60],
                    ],
                ]
            ],
            "behavior": ["scaleUp": rules(0), "scaleDown": rules(Int64(roll(2) * 15))],
        ]
        let exists = view.stored(.horizontalPodAutoscalers, "default/\(name)") != nil
        attempt("autoscaler of \(name) from \(least) to \(most)") {
            if exists {
                try cluster.patch("autoscaling/v2", "horizontalpodautoscalers", name, ["spec": spec])
            } else {
                try cluster.create(
                    "autoscaling/v2", "horizontalpodautoscalers",
                    ["metadata": ["name": .string(name)], "spec": spec])
            }
        }
    }
}
