import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore

@testable import KubeControllers

/// Lets pods that were deleted fail and go, as a node's agent would, and does nothing else to them.
struct PodReaper: Controller {
    let name = "pod-reaper"
    let alias = "pod-reaper"
    let account = "pod-reaper"

    func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        guard event.kind != .deleted, let pod = event.pod, pod.isTerminating else { return [] }
        return [pod.key]
    }

    func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let pod = view.pod(key), pod.isTerminating else { return .nothing }
        let value = pod.value
        if !pod.isFinished {
            return Reconciliation(writes: [
                ControllerWrite(
                    group: "", version: "v1", plural: "pods", namespace: pod.namespace, name: pod.name,
                    subresource: "status", .patch(["status": ["phase": "Failed"]]))
            ])
        }
        if value.at("metadata", "deletionGracePeriodSeconds")?.int == 0 { return .nothing }
        var options = DeleteOptions()
        options.gracePeriodSeconds = 0
        options.preconditionUID = pod.uid
        return Reconciliation(writes: [
            ControllerWrite(
                group: "", version: "v1", plural: "pods", namespace: pod.namespace, name: pod.name,
                .delete(options))
        ])
    }
}

/// Jobs on virtual time, with pods that do what they are told.
final class JobWorld {
    let cluster: VirtualCluster
    var failures: [String] = []

    init(seed: UInt64 = 1, reaps: Bool = true, collects: Bool = false) throws {
        var controllers: [any Controller] = [
            ServiceAccountController(), JobController(), CronJobController(),
        ]
        if reaps { controllers.append(PodReaper()) }
        if collects { controllers.append(GarbageCollector()) }
        cluster = try VirtualCluster(seed: seed, controllers: controllers)
        cluster.run(for: 1)
    }

    var now: Timestamp { cluster.now }

    func settle(_ seconds: Double = 1) {
        cluster.run(for: seconds) { if let failure = $0.failure { failures.append(failure) } }
    }

    static func spec(_ fields: JSONObject = [:]) -> JSON {
        var spec: JSONObject = [
            "template": [
                "spec": [
                    "restartPolicy": "Never", "containers": [["name": "c", "image": "busybox"]],
                ]
            ]
        ]
        for (key, value) in fields { spec[key] = value }
        return .object(spec)
    }

    func job(_ fields: JSONObject = [:], name: String = "work") throws {
        try cluster.create(
            "batch/v1", "jobs", ["metadata": ["name": .string(name)], "spec": Self.spec(fields)])
        settle()
    }

    func get(_ name: String = "work") throws -> JSON { try cluster.get("batch/v1", "jobs", name) ?? .null }
    func status(_ name: String = "work") throws -> JSON { try get(name)["status"] ?? .null }
    func jobs() throws -> [JSON] { try cluster.list("batch/v1", "jobs") }
    func pods() throws -> [JSON] { try cluster.list("v1", "pods") }
    func patch(_ spec: JSON, name: String = "work") throws {
        try cluster.patch("batch/v1", "jobs", name, ["spec": spec])
        settle()
    }

    /// Pods that neither ended nor are going, in order of index and name.
    func active() throws -> [JSON] {
        try pods().filter { pod in
            let phase = pod.at("status", "phase")?.string
            return phase != "Succeeded" && phase != "Failed" && pod.deletionTimestamp == nil
        }.sorted { (Self.index($0) ?? 0, $0.name) < (Self.index($1) ?? 0, $1.name) }
    }

    static func index(_ pod: JSON) -> Int? {
        pod.at("metadata", "annotations", JobPods.indexKey)?.string.flatMap { Int($0) }
    }

    func bind(_ pod: JSON) throws {
        var request = try cluster.request("v1", "pods", "default", pod.name)
        request.subresource = "binding"
        _ = try cluster.registry.bind(&request, binding: ["target": ["kind": "Node", "name": "n1"]])
    }

    func set(_ pod: JSON, _ phase: String, code: Int? = nil, conditions: JSON? = nil, ready: Bool = false)
        throws
    {
        var status: JSONObject = ["phase": .string(phase)]
        if ready {
            status["conditions"] = [["type": "Ready", "status": "True"]]
        } else if let conditions {
            status["conditions"] = conditions
        }
        if phase == "Succeeded" || phase == "Failed" {
            status["containerStatuses"] = [
                [
                    "name": "c", "image": "busybox", "imageID": "", "ready": false, "restartCount": 0,
                    "state": [
                        "terminated": [
                            "exitCode": .integer(Int64(code ?? (phase == "Failed" ? 1 : 0))),
                            "finishedAt": .string(now.rfc3339), "startedAt": .string(now.rfc3339),
                        ]
                    ],
                ]
            ]
        }
        try cluster.patch("v1", "pods", pod.name, ["status": .object(status)], subresource: "status")
    }

    /// Ends the first active pod, or that of an index, and lets the controller see it.
    func end(_ phase: String, index: Int? = nil, code: Int? = nil, conditions: JSON? = nil) throws {
        guard let pod = try active().first(where: { index == nil || Self.index($0) == index }) else {
            throw ControllerError("no active pod \(index.map(String.init) ?? "")")
        }
        try set(pod, phase, code: code, conditions: conditions)
        settle()
    }

    func conditions(_ name: String = "work") throws -> [String] {
        try (status(name)["conditions"]?.array ?? []).map {
            let reason = $0["reason"]?.string ?? ""
            return "\($0["type"]?.string ?? "")=\($0["status"]?.string ?? "") \(reason)"
        }
    }

    func events() throws -> [String] {
        try cluster.list("v1", "events").sorted { $0.name < $1.name }
            .map { "\($0["reason"]?.string ?? ""): \($0["message"]?.string ?? "")" }
    }
    func has(_ event: String) throws -> Bool { try events().contains(event) }
}
