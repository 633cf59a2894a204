import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore

@testable import KubeControllers

/// Does to pods what a scheduler and a node's agent would: binds them, runs them, lets them go.
struct ReplicaAgent: Controller {
    let name = "replica-agent"
    let alias = "replica-agent"
    let account = "replica-agent"
    /// Seconds from bound to ready; images that hold "bad" never are.
    var readyAfter = 0.0
    var nodes = 3

    func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        event.collection == .pods && event.kind != .deleted ? [event.object.key] : []
    }

    func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let pod = view.pod(key), !pod.isFinished else { return .nothing }
        func write(_ operation: ControllerWrite.Operation, _ subresource: String = "") -> Reconciliation {
            Reconciliation(writes: [
                ControllerWrite(
                    group: "", version: "v1", plural: "pods", namespace: pod.namespace, name: pod.name,
                    subresource: subresource, operation)
            ])
        }
        if pod.isTerminating {
            var options = DeleteOptions()
            options.gracePeriodSeconds = 0
            options.preconditionUID = pod.uid
            return write(.delete(options))
        }
        if pod.nodeName.isEmpty {
            return write(.bind(node: "node-\(pod.name.utf8.reduce(0) { $0 &+ Int($1) } % nodes)"))
        }
        if pod.isReady { return .nothing }
        let image = pod.value["spec"]?["containers"]?[0]?["image"]?.string ?? ""
        if image.contains("bad") { return .nothing }
        let wait = pod.created.adding(readyAfter).since(now)
        if wait > 0 { return Reconciliation(requeueAfter: wait) }
        return write(.patch(Self.running(now)), "status")
    }

    static func running(_ now: Timestamp, isReady: Bool = true) -> JSON {
        [
            "status": [
                "phase": "Running",
                "conditions": [
                    [
                        "type": "Ready", "status": isReady ? "True" : "False",
                        "lastTransitionTime": .string(now.rfc3339),
                    ]
                ],
            ]
        ]
    }
}

/// Sets and deployments on virtual time.
final class ReplicaWorld {
    let cluster: VirtualCluster
    var failures: [String] = []

    init(seed: UInt64 = 1, agent: ReplicaAgent? = ReplicaAgent(), collects: Bool = false) throws {
        var controllers: [any Controller] = [
            ServiceAccountController(),
            DeploymentController(), ReplicaSetController(), ReplicaSetController.ofReplicationControllers,
        ]
        if collects { controllers.append(GarbageCollector()) }
        if let agent { controllers.append(agent) }
        cluster = try VirtualCluster(seed: seed, controllers: controllers)
        cluster.run(for: 1)
    }

    var now: Timestamp { cluster.now }

    func settle(_ seconds: Double = 1) {
        cluster.run(for: seconds) { if let failure = $0.failure { failures.append(failure) } }
    }

    static func template(_ image: String = "nginx:1", app: String = "web") -> JSON {
        [
            "metadata": ["labels": ["app": .string(app)]],
            "spec": ["containers": [["name": "c", "image": .string(image)]]],
        ]
    }

    func replicaSet(_ name: String, _ replicas: Int, spec: JSONObject = [:]) throws {
        var body: JSONObject = [
            "replicas": .integer(Int64(replicas)), "selector": ["matchLabels": ["app": "web"]],
            "template": Self.template(),
        ]
        for (key, value) in spec { body[key] = value }
        try cluster.create(
            "apps/v1", "replicasets", ["metadata": ["name": .string(name)], "spec": .object(body)])
        settle()
    }

    func set(_ name: String) throws -> JSON? { try cluster.get("apps/v1", "replicasets", name) }
    func pods() throws -> [JSON] { try cluster.list("v1", "pods") }
    func status(_ pod: String, _ status: JSON) throws {
        try cluster.patch("v1", "pods", pod, status, subresource: "status")
    }
    func scale(_ plural: String, _ name: String, _ replicas: Int) throws {
        try cluster.patch(
            "apps/v1", plural, name, ["spec": ["replicas": .integer(Int64(replicas))]])
        settle()
    }

    /// Makes a pod by hand, as it would be if a client had.
    func pod(
        _ name: String, labels: JSON = ["app": "web"], spec: JSONObject = [:], annotations: JSON? = nil
    ) throws {
        var body = spec
        body["containers"] = [["name": "c", "image": "nginx"]]
        var metadata: JSON = ["name": .string(name), "labels": labels]
        if let annotations { metadata["annotations"] = annotations }
        try cluster.create("v1", "pods", ["metadata": metadata, "spec": .object(body)])
    }

    func events(_ reason: String) throws -> [String] {
        try cluster.list("v1", "events").filter { $0["reason"]?.string == reason }
            .sorted { $0["firstTimestamp"]?.string ?? "" < $1["firstTimestamp"]?.string ?? "" }
            .compactMap { $0["message"]?.string }
    }
}
