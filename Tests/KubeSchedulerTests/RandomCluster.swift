import KubeAPI
import KubeEngine
import KubeJSON

@testable import KubeScheduler

/// Makes nodes, pods and other objects in which rules meet.
struct RandomCluster {
    var random: SeededGenerator
    var zones = 3
    var nodeCount = 0
    var podCount = 0
    /// Whether pods have affinity to one another; without, everything is faster.
    var usesTopology = true

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func chance(_ percent: Int) -> Bool { random.below(100) < percent }
    mutating func pick<T>(_ list: [T]) -> T { list[random.below(list.count)] }

    mutating func node() -> (name: String, node: JSON) {
        nodeCount += 1
        let name = "node-\(nodeCount)"
        return (name, node(named: name))
    }

    mutating func node(named name: String) -> JSON {
        var node: JSON = ["metadata": ["name": .string(name), "labels": .object([:])], "spec": [:]]
        if chance(90) { node.set(.string(name), at: "metadata", "labels", "kubernetes.io/hostname") }
        if chance(85) {
            node.set(
                .string("zone-\(random.below(zones))"), at: "metadata", "labels",
                "topology.kubernetes.io/zone")
        }
        node.set(.string(pick(["ssd", "hdd"])), at: "metadata", "labels", "disk")
        if chance(50) { node.set(.string("\(random.below(5))"), at: "metadata", "labels", "size") }
        if chance(8) { node.set(true, at: "spec", "unschedulable") }
        var taints: [JSON] = []
        if chance(20) {
            taints.append([
                "key": "team", "value": .string(pick(["a", "b"])),
                "effect": .string(pick(["NoSchedule", "NoExecute"])),
            ])
        }
        if chance(30) { taints.append(["key": "slow", "effect": "PreferNoSchedule"]) }
        if !taints.isEmpty { node.set(.array(taints), at: "spec", "taints") }
        var allocatable: JSON = [
            "cpu": .string(pick(["1", "2", "3500m"])), "memory": .string(pick(["1Gi", "2Gi", "3Gi"])),
            "ephemeral-storage": "10Gi", "pods": .string(pick(["4", "10", "110"])),
        ]
        if chance(25) { allocatable.set("2", at: "example.com/gpu") }
        node.set(allocatable, at: "status", "allocatable")
        var images: [JSON] = []
        for (name, size) in [("web:1", Int64(400)), ("db:latest", 900)] where chance(40) {
            images.append(["names": [.string(name)], "sizeBytes": .integer(size * 1024 * 1024)])
        }
        node.set(.array(images), at: "status", "images")
        return node
    }

    mutating func pod() -> (key: String, pod: JSON) {
        podCount += 1
        let namespace = pick(["default", "default", "other"])
        let name = "pod-\(podCount)"
        let app = pick(["web", "db", "job"])
        var pod: JSON = [
            "metadata": [
                "name": .string(name), "namespace": .string(namespace), "uid": .string("uid-\(podCount)"),
                "labels": ["app": .string(app), "version": .string(pick(["1", "2"]))],
            ]
        ]
        if chance(30) {
            pod.set(
                [["kind": "ReplicaSet", "name": .string("\(app)-set"), "controller": true, "uid": "x"]],
                at: "metadata", "ownerReferences")
        }
        var container: JSON = ["name": "main", "image": .string(pick(["web:1", "db", "other"]))]
        if chance(80) {
            container.set(
                .string(pick(["100m", "400m", "900m", "2500m"])), at: "resources", "requests", "cpu")
        }
        if chance(70) {
            container.set(.string(pick(["100Mi", "500Mi", "1200Mi"])), at: "resources", "requests", "memory")
        }
        if chance(8) { container.set("1", at: "resources", "requests", "example.com/gpu") }
        if chance(10) { container.set("4Gi", at: "resources", "requests", "ephemeral-storage") }
        if chance(8) {
            container.set(
                [["containerPort": 80, "hostPort": .integer(pick([80, 81])), "protocol": "TCP"]], at: "ports")
        }
        pod.set([container], at: "spec", "containers")
        pod.set(.integer(pick([0, 0, 0, 10, 10, 100])), at: "spec", "priority")
        if chance(10) { pod.set("Never", at: "spec", "preemptionPolicy") }
        if chance(20) { pod.set(["disk": .string(pick(["ssd", "hdd"]))], at: "spec", "nodeSelector") }
        if chance(30) {
            pod.set(
                .array([
                    pick([
                        ["key": "team", "operator": "Equal", "value": "a", "effect": "NoSchedule"],
                        ["key": "team", "operator": "Exists"], ["operator": "Exists"],
                        ["key": "slow", "operator": "Exists"],
                    ])
                ]), at: "spec", "tolerations")
        }
        nodeAffinity(&pod)
        if usesTopology { topology(&pod) }
        return ("\(namespace)/\(name)", pod)
    }

    private mutating func nodeAffinity(_ pod: inout JSON) {
        if chance(15) {
            let expression: JSON = pick([
                ["key": "size", "operator": "Gt", "values": ["1"]],
                ["key": "size", "operator": "Lt", "values": ["3"]],
                ["key": "disk", "operator": "NotIn", "values": ["hdd"]],
                ["key": "size", "operator": "Exists"], ["key": "size", "operator": "DoesNotExist"],
                ["key": "topology.kubernetes.io/zone", "operator": "In", "values": ["zone-0", "zone-1"]],
            ])
            pod.set(
                ["nodeSelectorTerms": [["matchExpressions": [expression]]]], at: "spec", "affinity",
                "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
        }
        if chance(6) {
            let name = "node-\(1 + random.below(nodeCount + 1))"
            let field: JSON = ["key": "metadata.name", "operator": "In", "values": [.string(name)]]
            pod.set(
                ["nodeSelectorTerms": [["matchFields": [field]]]], at: "spec", "affinity", "nodeAffinity",
                "requiredDuringSchedulingIgnoredDuringExecution")
        }
        if chance(20) {
            pod.set(
                .array([
                    [
                        "weight": .integer(pick([1, 30])),
                        "preference": [
                            "matchExpressions": [["key": "disk", "operator": "In", "values": ["ssd"]]]
                        ],
                    ],
                    [
                        "weight": 7,
                        "preference": ["matchExpressions": [["key": "size", "operator": "Exists"]]],
                    ],
                ]), at: "spec", "affinity", "nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution")
        }
    }

    private mutating func topologyKey() -> JSON {
        .string(pick(["kubernetes.io/hostname", "topology.kubernetes.io/zone", "disk"]))
    }

    private mutating func labelSelector() -> JSON {
        pick([
            ["matchLabels": ["app": "web"]], ["matchLabels": ["app": "db"]],
            ["matchExpressions": [["key": "app", "operator": "In", "values": ["web", "job"]]]],
            ["matchExpressions": [["key": "version", "operator": "NotIn", "values": ["2"]]]],
        ])
    }

    private mutating func term() -> JSON {
        var term: JSON = ["topologyKey": topologyKey(), "labelSelector": labelSelector()]
        if chance(15) { term.set(.array([.string(pick(["default", "other"]))]), at: "namespaces") }
        if chance(15) { term.set(["matchLabels": ["team": "a"]], at: "namespaceSelector") }
        if chance(10) { term.set(["version"], at: pick(["matchLabelKeys", "mismatchLabelKeys"])) }
        return term
    }

    private mutating func topology(_ pod: inout JSON) {
        for kind in ["podAffinity", "podAntiAffinity"] {
            if chance(12) {
                pod.set(
                    .array((0..<(1 + random.below(2))).map { _ in term() }), at: "spec", "affinity", kind,
                    "requiredDuringSchedulingIgnoredDuringExecution")
            }
            if chance(12) {
                pod.set(
                    .array([["weight": .integer(pick([1, 50, 100])), "podAffinityTerm": term()]]), at: "spec",
                    "affinity", kind, "preferredDuringSchedulingIgnoredDuringExecution")
            }
        }
        if chance(30) {
            let constraints = (0..<(1 + random.below(2))).map { _ -> JSON in
                var constraint: JSON = [
                    "topologyKey": topologyKey(), "maxSkew": .integer(pick([1, 2])),
                    "whenUnsatisfiable": .string(pick(["DoNotSchedule", "ScheduleAnyway"])),
                    "labelSelector": labelSelector(),
                ]
                if chance(20), constraint["whenUnsatisfiable"] == "DoNotSchedule" {
                    constraint.set(.integer(pick([2, 3])), at: "minDomains")
                }
                if chance(20) { constraint.set("Ignore", at: "nodeAffinityPolicy") }
                if chance(20) { constraint.set("Honor", at: "nodeTaintsPolicy") }
                if chance(20) { constraint.set(["version"], at: "matchLabelKeys") }
                return constraint
            }
            pod.set(.array(constraints), at: "spec", "topologySpreadConstraints")
        }
    }
}
