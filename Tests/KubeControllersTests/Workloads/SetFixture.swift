import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry

@testable import KubeControllers

/// A cluster with StatefulSets and DaemonSets, and with the parts of scheduler and kubelet that these need,
/// done by hand.
final class SetFixture: Sendable {
    let cluster: VirtualCluster

    init(seed: UInt64 = 1) throws {
        cluster = try VirtualCluster(
            seed: seed,
            controllers: [
                ServiceAccountController(), GarbageCollector(), DaemonSetController(),
                StatefulSetController(),
            ])
        settle()
    }

    func settle(_ seconds: Double = 0.5) { cluster.run(for: seconds) }

    // MARK: Sets

    static func template(_ image: String = "i:1", labels: JSON = ["app": "web"]) -> JSON {
        [
            "metadata": ["labels": labels],
            "spec": ["containers": [["name": "c", "image": .string(image)]]],
        ]
    }

    @discardableResult
    func statefulSet(_ name: String = "web", replicas: Int = 3, _ more: JSON = [:]) throws -> JSON {
        var spec: JSON = [
            "replicas": .integer(Int64(replicas)), "serviceName": "svc",
            "selector": ["matchLabels": ["app": "web"]], "template": Self.template(),
        ]
        for (key, value) in more.object ?? [:] { spec[key] = value }
        return try cluster.create(
            "apps/v1", "statefulsets",
            ["metadata": ["name": .string(name), "annotations": ["note": "mine"]], "spec": spec])
    }

    @discardableResult
    func daemonSet(_ name: String = "d", _ more: JSON = [:]) throws -> JSON {
        var spec: JSON = [
            "selector": ["matchLabels": ["app": "web"]], "template": Self.template(),
        ]
        for (key, value) in more.object ?? [:] { spec[key] = value }
        return try cluster.create(
            "apps/v1", "daemonsets", ["metadata": ["name": .string(name)], "spec": spec])
    }

    func setImage(_ image: String, _ plural: String, _ name: String) throws {
        try cluster.patch(
            "apps/v1", plural, name,
            ["spec": ["template": ["spec": ["containers": [["name": "c", "image": .string(image)]]]]]])
    }

    func node(_ name: String, labels: JSON = [:], taints: [JSON] = []) throws {
        try cluster.create(
            "v1", "nodes", ["metadata": ["name": .string(name), "labels": labels]], in: "")
        // Admission says that a new node is not ready, with a taint that goes when it is.
        let present: JSON = taints.isEmpty ? .null : .array(taints)
        try cluster.patch("v1", "nodes", name, ["spec": ["taints": present]], in: "")
    }

    func set(_ plural: String, _ name: String) throws -> JSON {
        try cluster.get("apps/v1", plural, name) ?? .null
    }

    func status(_ plural: String, _ name: String) throws -> JSON {
        try set(plural, name)["status"] ?? .null
    }

    // MARK: Pods

    func pods() throws -> [JSON] { try cluster.list("v1", "pods") }
    func podNames() throws -> [String] { try pods().map(\.name) }

    func pod(_ name: String) throws -> JSON? { try cluster.get("v1", "pods", name) }

    func image(_ pod: JSON) -> String {
        pod.at("spec", "containers")?[0]?["image"]?.string ?? ""
    }

    func isReady(_ pod: JSON) -> Bool {
        pod.at("status", "conditions")?.array?.contains {
            $0["type"]?.string == "Ready" && $0["status"]?.string == "True"
        } ?? false
    }

    func run(_ name: String, ready: Bool = true) throws {
        let now = JSON.string(cluster.now.rfc3339)
        try cluster.patch(
            "v1", "pods", name,
            [
                "status": [
                    "phase": "Running",
                    "conditions": [
                        [
                            "type": "Ready", "status": ready ? "True" : "False",
                            "lastTransitionTime": now,
                        ]
                    ],
                ]
            ], subresource: "status")
        settle()
    }

    func end(_ name: String, _ phase: String = "Failed") throws {
        try cluster.patch(
            "v1", "pods", name,
            ["status": ["phase": .string(phase), "conditions": []]], subresource: "status")
        settle()
    }

    func bind(_ name: String, to node: String) throws {
        var request = try cluster.request("v1", "pods", "default", name)
        request.subresource = "binding"
        _ = try cluster.registry.bind(
            &request, binding: ["target": ["kind": "Node", "name": .string(node)]])
    }

    func remove(_ name: String) throws {
        try cluster.delete("v1", "pods", name, gracePeriodSeconds: 0)
        settle()
    }

    /// Schedules, starts and buries, one step of each pod.
    func kubelet(ready: (JSON) -> Bool = { _ in true }) throws {
        for listed in try pods() {
            // What was done about the ones before it may have changed it.
            guard let pod = try pod(listed.name), pod.uid == listed.uid else { continue }
            if pod.deletionTimestamp != nil {
                try remove(pod.name)
            } else if pod.at("spec", "nodeName") == nil {
                let target = DaemonPods.target(pod)
                if let target, try cluster.get("v1", "nodes", target) == nil { continue }
                try bind(pod.name, to: target ?? "n0")
            } else if !isReady(pod), ready(pod), pod.at("status", "phase")?.string != "Failed" {
                try run(pod.name)
            }
        }
        settle()
    }

    /// Lets everything that goes by itself go on.
    func converge(_ rounds: Int = 40) throws {
        for _ in 0..<rounds {
            let before = cluster.registry.store.revision
            try kubelet()
            if cluster.registry.store.revision == before { break }
        }
    }

    func events(_ reason: String) throws -> [String] {
        try cluster.list("v1", "events").filter { $0["reason"]?.string == reason }.map {
            $0["message"]?.string ?? ""
        }
    }

    func revisions() throws -> [JSON] {
        try cluster.list("apps/v1", "controllerrevisions").sorted {
            ($0["revision"]?.int ?? 0) < ($1["revision"]?.int ?? 0)
        }
    }
}
