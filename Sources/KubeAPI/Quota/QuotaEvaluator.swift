import KubeJSON

/// What objects of one resource count for in quotas (k8s.io/kubernetes/pkg/quota/v1/evaluator), as pure
/// functions.
public struct QuotaEvaluator: Sendable {
    private enum Kind: Sendable { case pods, services, claims, others }

    public let resource: GroupResource
    private let kind: Kind
    private let countName: String

    public init(_ resource: GroupResource) {
        self.resource = resource
        countName =
            "count/" + (resource.group.isEmpty ? resource.resource : resource.resource + "." + resource.group)
        kind =
            !resource.group.isEmpty
            ? .others
            : resource.resource == "pods"
                ? .pods
                : resource.resource == "services"
                    ? .services : resource.resource == "persistentvolumeclaims" ? .claims : .others
    }

    /// What quota never counts: requests that store nothing, and events.
    public static func isIgnored(_ resource: GroupResource) -> Bool {
        switch resource.group {
        case "": resource.resource == "events" || resource.resource == "bindings"
        case "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io": true
        default: false
        }
    }

    /// Whether such a write can change what is used.
    public func handles(create: Bool, subresource: String, _ new: JSON, _ old: JSON?) -> Bool {
        switch kind {
        case .pods: return create ? subresource.isEmpty : subresource == "resize"
        case .services: return subresource.isEmpty
        case .claims:
            if subresource == "status" {
                func counted(_ claim: JSON?) -> [JSON?] {
                    [
                        claim.flatMap { $0.at("status", "allocatedResources", "storage") },
                        claim.flatMap { $0.at("status", "currentVolumeAttributesClassName") },
                        claim.flatMap {
                            $0.at("status", "modifyVolumeStatus", "targetVolumeAttributesClassName")
                        },
                    ]
                }
                return counted(new) != counted(old)
            }
            return subresource.isEmpty
        case .others: return create && subresource.isEmpty
        }
    }

    // MARK: Names

    private static let podNames: Set<String> = [
        "count/pods", "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory",
        "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods",
    ]
    private static let serviceNames: Set<String> = [
        "count/services", "services", "services.nodeports", "services.loadbalancers",
    ]
    /// Kinds that had names of their own before `count/…`.
    private static let aliases: Set<String> = [
        "configmaps", "resourcequotas", "replicationcontrollers", "secrets",
    ]
    private static let classMark = ".storageclass.storage.k8s.io/"

    /// Whether a name in a quota is about objects of this resource.
    public func matches(_ name: String) -> Bool {
        switch kind {
        case .pods:
            return Self.podNames.contains(name) || name.hasPrefix("hugepages-")
                || name.hasPrefix("requests.hugepages-")
                || name.hasPrefix("requests.") && !ResourceNames.isNative(name)
        case .services: return Self.serviceNames.contains(name)
        case .claims:
            return ["count/persistentvolumeclaims", "persistentvolumeclaims", "requests.storage"].contains(
                name)
                || name.hasSuffix(Self.classMark + "persistentvolumeclaims")
                || name.hasSuffix(Self.classMark + "requests.storage")
        case .others:
            return name == countName
                || resource.group.isEmpty && name == resource.resource && Self.aliases.contains(name)
        }
    }

    // MARK: Usage

    /// What one object uses.
    /// - Parameter now: seconds since 1970; a pod past its grace period uses nothing but its place.
    public func usage(of object: JSON, now: Int64) -> ResourceAmounts {
        let one = Quantity(1)
        var usage = ResourceAmounts([countName: one])
        switch kind {
        case .pods:
            if Self.isLive(object, now) { usage.add(Self.compute(of: object)) }
        case .services:
            let spec = object["spec"]
            let ports = spec?.items("ports") ?? []
            var nodePorts = 0
            let type = spec?["type"]?.string
            if type == "NodePort" { nodePorts = ports.count }
            if type == "LoadBalancer" {
                // Ports that are to be given out are not there yet: what is asked for counts.
                let isExplicit = spec?["allocateLoadBalancerNodePorts"]?.bool == false
                nodePorts = isExplicit ? ports.filter { $0.number("nodePort") != 0 }.count : ports.count
            }
            usage["services"] = one
            usage["services.nodeports"] = Quantity(Int64(nodePorts))
            usage["services.loadbalancers"] = Quantity(type == "LoadBalancer" ? 1 : 0)
        case .claims:
            let annotations = object["metadata"]?["annotations"]
            let storageClass =
                annotations?["volume.beta.kubernetes.io/storage-class"]?.string
                ?? object["spec"]?["storageClassName"]?.string ?? ""
            let isClassed = !storageClass.isEmpty
            usage["persistentvolumeclaims"] = one
            if isClassed { usage[storageClass + Self.classMark + "persistentvolumeclaims"] = one }
            if let storage = Self.storage(of: object) {
                usage["requests.storage"] = storage
                if isClassed { usage[storageClass + Self.classMark + "requests.storage"] = storage }
            }
        case .others:
            if resource.group.isEmpty, Self.aliases.contains(resource.resource) {
                usage[resource.resource] = one
            }
        }
        return usage
    }

    private static func isLive(_ pod: JSON, _ now: Int64) -> Bool {
        let phase = pod["status"]?["phase"]?.string
        if phase == "Failed" || phase == "Succeeded" { return false }
        guard let text = pod.deletionTimestamp, let deletion = Timestamp(text),
            let grace = pod["metadata"]?["deletionGracePeriodSeconds"]?.integer
        else { return true }
        return now <= deletion.seconds + grace
    }

    private static func compute(of pod: JSON) -> ResourceAmounts {
        compute(
            requests: PodResourceTotals.total(.requests, of: pod, includesStatus: true),
            limits: PodResourceTotals.total(.limits, of: pod, includesStatus: true))
    }

    private static func compute(requests: ResourceAmounts, limits: ResourceAmounts) -> ResourceAmounts {
        var usage = ResourceAmounts(["pods": Quantity(1)])
        for name in ["cpu", "memory", "ephemeral-storage"] {
            if let request = requests[name] {
                usage[name] = request
                usage["requests." + name] = request
            }
            if let limit = limits[name] { usage["limits." + name] = limit }
        }
        for (name, request) in requests.amounts {
            if name.hasPrefix("hugepages-") {
                usage[name] = request
                usage["requests." + name] = request
            }
            if ResourceNames.isExtended(name) { usage["requests." + name] = request }
        }
        return usage
    }

    private static func storage(of claim: JSON) -> Quantity? {
        func whole(_ text: String?) -> Quantity? {
            guard let amount = text.flatMap({ Quantity($0) }) else { return nil }
            return amount.isWhole ? amount : Quantity(amount.wholeValue, format: amount.format)
        }
        guard let asked = whole(claim.at("spec", "resources", "requests", "storage")?.string) else {
            return nil
        }
        guard let given = whole(claim.at("status", "allocatedResources", "storage")?.string), given > asked
        else { return asked }
        return given
    }

    // MARK: Constraints

    private static let mustBeSet: Set<String> = [
        "cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory",
    ]

    /// Which containers leave out what a quota on these resources makes them say; nil when none does.
    public func missing(_ required: [String], in object: JSON) -> String? {
        let names = required.filter(Self.mustBeSet.contains)
        guard case .pods = kind, !names.isEmpty else { return nil }
        var missing: [String: Set<String>] = [:]
        for list in ["containers", "initContainers"] {
            for container in object["spec"]?.items(list) ?? [] {
                let given = Self.compute(
                    requests: ResourceAmounts(container["resources"]?["requests"]),
                    limits: ResourceAmounts(container["resources"]?["limits"]))
                for name in names where given[name] == nil {
                    missing[name, default: []].insert(container.text("name"))
                }
            }
        }
        if missing.isEmpty { return nil }
        let parts = missing.sorted { utf8Less($0.key, $1.key) }.map { name, containers in
            "\(name) for: \(containers.sorted(by: utf8Less).joined(separator: ","))"
        }
        return "must specify " + parts.joined(separator: "; ")
    }

    // MARK: Scopes

    /// Whether the object is one that a quota with these scopes counts.
    public func isInScope(_ quota: JSON, _ object: JSON) -> Bool {
        let spec = quota["spec"]
        for scope in spec?.texts("scopes") ?? []
        where !isInScope(["scopeName": .string(scope), "operator": "Exists"], object: object) {
            return false
        }
        for selector in spec?["scopeSelector"]?.items("matchExpressions") ?? []
        where !isInScope(selector, object: object) {
            return false
        }
        return true
    }

    private func isInScope(_ selector: JSON, object: JSON) -> Bool {
        let scope = selector.text("scopeName")
        switch kind {
        case .pods:
            switch scope {
            case "Terminating", "NotTerminating":
                let ends = (object["spec"]?["activeDeadlineSeconds"]?.integer ?? -1) >= 0
                return ends == (scope == "Terminating")
            case "BestEffort", "NotBestEffort":
                return Self.isBestEffort(object) == (scope == "BestEffort")
            case "PriorityClass":
                let name = object["spec"]?.text("priorityClassName") ?? ""
                return Self.meets(selector, name.isEmpty ? [] : [name])
            case "CrossNamespacePodAffinity": return Self.looksAbroad(object)
            default: return false
            }
        case .claims:
            guard scope == "VolumeAttributesClass" else { return false }
            let names = [
                object["spec"]?["volumeAttributesClassName"]?.string,
                object["status"]?["currentVolumeAttributesClassName"]?.string,
                object.at("status", "modifyVolumeStatus", "targetVolumeAttributesClassName")?.string,
            ].compactMap { $0 }.filter { !$0.isEmpty }
            return Self.meets(selector, names)
        case .services, .others: return false
        }
    }

    /// Whether one of the names, or having none, meets the selector.
    private static func meets(_ selector: JSON, _ names: [String]) -> Bool {
        let values = selector.texts("values")
        switch selector.text("operator") {
        case "Exists": return !names.isEmpty
        case "DoesNotExist": return names.isEmpty
        case "In": return names.contains { values.contains($0) }
        case "NotIn": return names.isEmpty || names.contains { !values.contains($0) }
        default: return false
        }
    }

    private static func isBestEffort(_ pod: JSON) -> Bool {
        func isSet(_ resources: JSON?) -> Bool {
            for part in ["requests", "limits"] {
                for (name, amount) in ResourceAmounts(resources?[part]).amounts
                where (name == "cpu" || name == "memory") && amount.sign > 0 {
                    return true
                }
            }
            return false
        }
        if isSet(pod["spec"]?["resources"]) { return false }
        let containers =
            (pod["spec"]?.items("containers") ?? []) + (pod["spec"]?.items("initContainers") ?? [])
        return !containers.contains { isSet($0["resources"]) }
    }

    /// Whether an affinity term of the pod is about pods of other namespaces.
    private static func looksAbroad(_ pod: JSON) -> Bool {
        for kind in ["podAffinity", "podAntiAffinity"] {
            guard let affinity = pod["spec"]?["affinity"]?[kind] else { continue }
            let terms =
                affinity.items("requiredDuringSchedulingIgnoredDuringExecution")
                + affinity.items("preferredDuringSchedulingIgnoredDuringExecution")
                .compactMap { $0["podAffinityTerm"] }
            if terms.contains(where: { !$0.items("namespaces").isEmpty || $0["namespaceSelector"] != nil }) {
                return true
            }
        }
        return false
    }
}
