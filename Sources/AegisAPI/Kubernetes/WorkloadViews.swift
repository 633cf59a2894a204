import KubeClient
import KubeJSON

/// Workloads as the API shows them.
enum WorkloadViews {
    static func summary(_ deployment: JSON) -> JSON {
        let status = deployment["status"] ?? .null
        func count(_ name: String) -> JSON { .integer(status[name]?.integer ?? 0) }
        return [
            "name": deployment.at("metadata", "name") ?? "",
            "state": .string(state(of: deployment)),
            "images": .array(containers(of: deployment).compactMap { $0["image"] }),
            "replicas": [
                "desired": .integer(deployment.at("spec", "replicas")?.integer ?? 1),
                "updated": count("updatedReplicas"), "ready": count("readyReplicas"),
                "available": count("availableReplicas"),
            ],
            "createdAt": deployment.at("metadata", "creationTimestamp") ?? .null,
        ]
    }

    /// In one word, how the replacing of its pods stands.
    static func state(of deployment: JSON) -> String {
        let spec = deployment["spec"] ?? .null
        let status = deployment["status"] ?? .null
        if spec["paused"]?.bool == true { return "paused" }
        let conditions = status["conditions"]?.array ?? []
        let progressing = conditions.first { $0["type"]?.string == "Progressing" }
        if progressing?["status"]?.string == "False" { return "stalled" }
        let wanted = spec["replicas"]?.int ?? 1
        let isCurrent =
            (status["observedGeneration"]?.integer ?? 0)
            >= (deployment.at("metadata", "generation")?.integer ?? 0)
        let updated = status["updatedReplicas"]?.int ?? 0
        let total = status["replicas"]?.int ?? 0
        if !isCurrent || updated < wanted || total > updated { return "progressing" }
        return (status["availableReplicas"]?.int ?? 0) >= wanted ? "available" : "unavailable"
    }

    private static func containers(of deployment: JSON) -> [JSON] {
        deployment.at("spec", "template", "spec", "containers")?.array ?? []
    }

    /// - Parameters:
    ///   - extra: autoscaler and events, which are asked for apart.
    ///   - release: the release of it that is under way.
    static func detail(
        _ deployment: JSON, replicaSets: [JSON], pods: [JSON], extra: JSON, release: String?
    ) -> JSON {
        var view = summary(deployment)
        view["generation"] = deployment.at("metadata", "generation") ?? 0
        view["observedGeneration"] = deployment.at("status", "observedGeneration") ?? 0
        view["containers"] = .array(
            containers(of: deployment).map { container in
                [
                    "name": container["name"] ?? "", "image": container["image"] ?? "",
                    // Names alone: values may be secrets.
                    "env": .array((container["env"]?.array ?? []).compactMap { $0["name"] }),
                    "resources": container["resources"] ?? .object([:]),
                ]
            })
        view["conditions"] = .array(
            (deployment.at("status", "conditions")?.array ?? []).map { condition in
                [
                    "type": condition["type"] ?? "", "status": condition["status"] ?? "",
                    "reason": condition["reason"] ?? "", "message": condition["message"] ?? "",
                ]
            })
        view["pods"] = .array(pods.map(pod))
        view["autoscaler"] = extra["autoscaler"] ?? .null
        view["events"] = extra["events"] ?? .array([])
        view["unavailable"] = extra["unavailable"] ?? .array([])
        view["activeRelease"] = release.map { .string($0) } ?? .null
        return view
    }

    private static func pod(_ pod: JSON) -> JSON {
        let status = pod["status"] ?? .null
        let containers = status["containerStatuses"]?.array ?? []
        let ready = status["conditions"]?.array?.first { $0["type"]?.string == "Ready" }
        var phase = status["phase"]?.string ?? "Pending"
        if pod.at("metadata", "deletionTimestamp") != nil { phase = "Terminating" }
        return [
            "name": pod.at("metadata", "name") ?? "",
            "phase": .string(phase),
            "ready": .bool(ready?["status"]?.string == "True"),
            "restarts": .integer(containers.reduce(0) { $0 + ($1["restartCount"]?.integer ?? 0) }),
            "node": pod.at("spec", "nodeName") ?? .null,
            "address": status["podIP"] ?? .null,
            "images": .array((pod.at("spec", "containers")?.array ?? []).compactMap { $0["image"] }),
            "trouble": WorkloadObservation.trouble(of: pod).map { .string($0.message) } ?? .null,
            "createdAt": pod.at("metadata", "creationTimestamp") ?? .null,
        ]
    }

    static func autoscaler(_ object: JSON) -> JSON {
        let current = object.at("status", "currentMetrics")?.array ?? []
        let metrics: [JSON] = (object.at("spec", "metrics")?.array ?? []).compactMap { metric in
            guard let resource = metric["resource"], let name = resource["name"]?.string else { return nil }
            let now = current.first { $0.at("resource", "name")?.string == name }
            return [
                "resource": .string(name),
                "target": resource.at("target", "averageUtilization") ?? .null,
                "current": now?.at("resource", "current", "averageUtilization") ?? .null,
            ]
        }
        return [
            "name": object.at("metadata", "name") ?? "",
            "minReplicas": object.at("spec", "minReplicas") ?? 1,
            "maxReplicas": object.at("spec", "maxReplicas") ?? 1,
            "currentReplicas": object.at("status", "currentReplicas") ?? 0,
            "desiredReplicas": object.at("status", "desiredReplicas") ?? 0,
            "metrics": .array(metrics),
        ]
    }

    static func event(_ event: JSON) -> JSON {
        let series = event.at("series", "count")?.integer
        let times = [event["lastTimestamp"], event["eventTime"], event.at("metadata", "creationTimestamp")]
        return [
            "at": times.compactMap { $0?.string }.first.map { .string($0) } ?? .null,
            "type": event["type"] ?? "Normal",
            "reason": event["reason"] ?? "",
            "object": .string(
                (event.at("involvedObject", "kind")?.string ?? "") + "/"
                    + (event.at("involvedObject", "name")?.string ?? "")),
            "message": event["message"] ?? "",
            "count": .integer(series ?? event["count"]?.integer ?? 1),
        ]
    }
}

/// What a workload's page shows beside the mirror's objects: its autoscaler and the newest Events. Asked for
/// when somebody looks, and kept for a moment.
struct WorkloadExtras: Sendable {
    let client: KubeClient
    let redis: RedisLink?

    /// `{autoscaler, events, unavailable}`; the last lists what the service may not read.
    func extras(of name: String, replicaSets: [JSON], pods: [JSON]) async -> JSON {
        if let redis, let text = await redis.cached("workload:" + name),
            let value = try? JSONParser.parse(text)
        {
            return value
        }
        async let autoscaler = autoscaler(of: name)
        async let events = events(of: name, replicaSets: replicaSets, pods: pods)
        let (scaler, happened) = await (autoscaler, events)
        var missing: [JSON] = []
        if scaler == nil { missing.append("autoscaler") }
        if happened == nil { missing.append("events") }
        let value: JSON = [
            "autoscaler": scaler ?? .null, "events": .array(happened ?? []), "unavailable": .array(missing),
        ]
        await redis?.cache("workload:" + name, JSONWriter.string(value), milliseconds: 2_000)
        return value
    }

    /// The autoscaler of a Deployment; `.null` when there is none, nil when that is not to be known.
    func autoscaler(of name: String) async -> JSON? {
        guard let list = try? await client.list(.horizontalPodAutoscalers) else { return nil }
        let found = list.items.first {
            $0.at("spec", "scaleTargetRef", "kind")?.string == "Deployment"
                && $0.at("spec", "scaleTargetRef", "name")?.string == name
        }
        return found.map(WorkloadViews.autoscaler) ?? .null
    }

    private func events(of name: String, replicaSets: [JSON], pods: [JSON]) async -> [JSON]? {
        var objects = [("Deployment", name)]
        let newest = replicaSets.max {
            ($0.at("metadata", "creationTimestamp")?.string ?? "")
                < ($1.at("metadata", "creationTimestamp")?.string ?? "")
        }
        if let set = newest?.at("metadata", "name")?.string { objects.append(("ReplicaSet", set)) }
        // Of pods those that are not well, and few of them.
        let unwell = pods.filter { pod in
            pod.at("status", "conditions")?.array?.first { $0["type"]?.string == "Ready" }?["status"]?.string
                != "True"
        }
        objects += unwell.prefix(5).compactMap { pod in pod.at("metadata", "name")?.string.map { ("Pod", $0) }
        }
        let found = await withTaskGroup(of: [JSON]?.self) { group in
            for (kind, object) in objects {
                group.addTask {
                    let selection = Selection(
                        fields: "involvedObject.kind=\(kind),involvedObject.name=\(object)")
                    return try? await client.list(.events, selection).items
                }
            }
            var all: [JSON]? = []
            for await part in group {
                guard let part else {
                    all = nil
                    continue
                }
                all?.append(contentsOf: part)
            }
            return all
        }
        guard let found else { return nil }
        let views = found.map(WorkloadViews.event)
        return Array(views.sorted { ($0["at"]?.string ?? "") > ($1["at"]?.string ?? "") }.prefix(50))
    }
}
