import KubeJSON

/// Prints the cells of one object.
struct CellPrinter {
    let object: JSON
    let now: Int64

    func text(_ path: String..., or absent: String = "") -> JSON {
        let value = object.at(path)?.string ?? ""
        return .string(value.isEmpty ? absent : value)
    }
    func count(_ path: String...) -> JSON { .integer(object.at(path)?.integer ?? 0) }
    func size(_ path: String...) -> JSON {
        let value = object.at(path)
        return .integer(Int64(value?.array?.count ?? value?.object?.count ?? 0))
    }
    var name: JSON { text("metadata", "name") }
    var age: JSON { since(object.at("metadata", "creationTimestamp")) }
    var isDeleted: Bool { object.at("metadata", "deletionTimestamp")?.string != nil }
    func since(_ time: JSON?) -> JSON { .string(DurationFormat.age(of: time?.string, now: now)) }

    /// Label pairs by key, or `<none>`.
    func labels(_ value: JSON?) -> JSON {
        guard let object = value?.object, !object.isEmpty else { return "<none>" }
        let pairs = object.sortedKeys.map { "\($0)=\(object[$0]?.string ?? "")" }
        return .string(pairs.joined(separator: ","))
    }
    func selector(_ value: JSON?) -> JSON {
        guard let selector = try? LabelSelector(object: value) else { return "<error>" }
        return .string(selector.requirements.isEmpty ? "<none>" : selector.description)
    }
    /// Names and images of a pod template's containers.
    func containers(_ template: JSON?) -> [JSON] {
        let list = template?.at("spec", "containers")?.array ?? []
        return ["name", "image"].map { key in
            .string(list.map { $0[key]?.string ?? "" }.joined(separator: ","))
        }
    }
    /// A number, string or truth value as text.
    func plain(_ value: JSON?, or absent: String) -> JSON {
        switch value {
        case .string(let text)?: .string(text)
        case .integer(let number)?: .string(String(number))
        case .bool(let flag)?: .string(flag ? "true" : "false")
        default: .string(absent)
        }
    }

    func cells(_ kind: GroupKind) -> [JSON] {
        let template = object.at("spec", "template")
        switch kind.kind {
        case "Pod": return pod()
        case "PodTemplate":
            return [name] + containers(object["template"]) + [
                labels(object.at("template", "metadata", "labels"))
            ]
        case "ConfigMap":
            let data = (size("data").integer ?? 0) + (size("binaryData").integer ?? 0)
            return [name, .integer(data), age]
        case "Secret": return [name, text("type"), size("data"), age]
        case "Service" where kind.group.isEmpty: return service()
        case "ServiceAccount", "DeviceClass", "ResourceClaimTemplate": return [name, age]
        case "Namespace": return [name, text("status", "phase"), age]
        case "Endpoints": return [name, endpoints(), age]
        case "Event": return event()
        case "Node": return node()
        case "PersistentVolume": return persistentVolume()
        case "PersistentVolumeClaim": return persistentVolumeClaim()
        case "ResourceQuota": return resourceQuota()
        case "ReplicationController", "ReplicaSet":
            let selector = object.at("spec", "selector")
            return [
                name, count("spec", "replicas"), count("status", "replicas"),
                count("status", "readyReplicas"), age,
            ] + containers(template) + [
                kind.kind == "ReplicaSet" ? self.selector(selector) : labels(selector)
            ]
        case "Deployment":
            return [
                name, ready(), count("status", "updatedReplicas"), count("status", "availableReplicas"), age,
            ] + containers(template) + [selector(object.at("spec", "selector"))]
        case "StatefulSet": return [name, ready(), age] + containers(template)
        case "DaemonSet":
            let counts = [
                "desiredNumberScheduled", "currentNumberScheduled", "numberReady",
                "updatedNumberScheduled", "numberAvailable",
            ].map { count("status", $0) }
            return [name] + counts + [labels(template?.at("spec", "nodeSelector")), age]
                + containers(template) + [selector(object.at("spec", "selector"))]
        case "ControllerRevision":
            let owner = (object.at("metadata", "ownerReferences")?.array ?? [])
                .first { $0["controller"]?.bool == true }
            return [name, .string(owner.map(reference) ?? "<none>"), count("revision"), age]
        case "Job": return job()
        case "CronJob": return cronJob()
        case "HorizontalPodAutoscaler": return autoscaler()
        case "PodDisruptionBudget":
            return [
                name, plain(object.at("spec", "minAvailable"), or: "N/A"),
                plain(object.at("spec", "maxUnavailable"), or: "N/A"), count("status", "disruptionsAllowed"),
                age,
            ]
        case "NetworkPolicy": return [name, selector(object.at("spec", "podSelector") ?? [:]), age]
        case "Ingress": return ingress()
        case "RoleBinding", "ClusterRoleBinding": return binding()
        default: return claims(kind) ?? small(kind)
        }
    }

    private func ready() -> JSON {
        .string("\(count("status", "readyReplicas").int ?? 0)/\(count("spec", "replicas").int ?? 0)")
    }

    /// `Deployment.apps/web`, as upstream names an owner.
    private func reference(_ owner: JSON) -> String {
        let version = owner["apiVersion"]?.string ?? ""
        let group = version.split(separator: "/").count == 2 ? "." + version.split(separator: "/")[0] : ""
        return "\(owner["kind"]?.string?.lowercased() ?? "")\(group)/\(owner["name"]?.string ?? "")"
    }
}
