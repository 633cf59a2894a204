import KubeAPI
import KubeJSON

/// Fills a pod's priority from its class, and refuses priorities that no class gives.
struct PriorityAdmission: AdmissionPlugin {
    /// Classes that exist before any object says so.
    private static let system: [String: Int64] = [
        "system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000,
    ]
    static let highestUserPriority: Int64 = 1_000_000_000

    func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.isMain("", "pods") else { return }
        if attributes.operation == .update {
            // The priority of a pod that exists is kept when the client leaves it out.
            if object["spec"]?["priority"] == nil, let old = attributes.old?["spec"]?["priority"] {
                object["spec"]?["priority"] = old
            }
            if object["spec"]?["preemptionPolicy"] == nil,
                let old = attributes.old?["spec"]?["preemptionPolicy"]
            {
                object["spec"]?["preemptionPolicy"] = old
            }
            return
        }
        guard attributes.operation == .create else { return }
        var priority: Int64 = 0
        var preemption = "PreemptLowerPriority"
        var name = object["spec"]?["priorityClassName"]?.string ?? ""
        if name.isEmpty {
            if let standard = Self.globalDefault(registry) {
                name = standard.name
                priority = standard["value"]?.integer ?? 0
                preemption = standard["preemptionPolicy"]?.string ?? preemption
                object["spec"]?["priorityClassName"] = .string(name)
            }
        } else if let found = registry.lookup("scheduling.k8s.io", "priorityclasses", name) {
            priority = found["value"]?.integer ?? 0
            preemption = found["preemptionPolicy"]?.string ?? preemption
        } else if let value = Self.system[name] {
            priority = value
        } else {
            throw .forbidden(
                attributes.resource.groupResource, attributes.name,
                "no PriorityClass with name \(name) was found")
        }
        if let given = object["spec"]?["priority"]?.integer, given != priority {
            throw .forbidden(
                attributes.resource.groupResource, attributes.name,
                "the integer value of priority (\(given)) must not be provided in pod spec; priority admission controller computed \(priority) from the given PriorityClass name"
            )
        }
        object["spec"]?["priority"] = .integer(priority)
        if let given = object["spec"]?["preemptionPolicy"]?.string, given != preemption {
            throw .forbidden(
                attributes.resource.groupResource, attributes.name,
                "the string value of PreemptionPolicy (\(given)) must not be provided in pod spec; priority admission controller computed \(preemption) from the given PriorityClass name"
            )
        }
        object["spec"]?["preemptionPolicy"] = .string(preemption)
    }

    func validate(
        _ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.operation != .delete, attributes.isMain("scheduling.k8s.io", "priorityclasses"),
            object["globalDefault"]?.bool == true, let present = Self.globalDefault(registry),
            present.name != object.name
        else { return }
        throw .forbidden(
            attributes.resource.groupResource, attributes.name,
            "PriorityClass \(present.name) is already marked as default. Only one default can exist")
    }

    private static func globalDefault(_ registry: Registry) -> JSON? {
        // Among several (they can only come from outside), the lowest is taken.
        registry.objects("scheduling.k8s.io", "priorityclasses")
            .filter { $0["globalDefault"]?.bool == true }
            .min { ($0["value"]?.integer ?? 0) < ($1["value"]?.integer ?? 0) }
    }
}

/// Pods stay five minutes on a node that is not ready or not reachable, unless they say otherwise.
struct DefaultTolerationSeconds: AdmissionPlugin {
    private static let seconds: Int64 = 300

    func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.isMain("", "pods"),
            attributes.operation == .create || attributes.operation == .update
        else { return }
        var tolerations = object["spec"]?["tolerations"]?.array ?? []
        let before = tolerations.count
        for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
            let isTolerated = tolerations.prefix(before).contains { toleration in
                let effect = toleration["effect"]?.string ?? ""
                let covered = toleration["key"]?.string ?? ""
                return (covered == key || covered.isEmpty) && (effect == "NoExecute" || effect.isEmpty)
            }
            if isTolerated { continue }
            tolerations.append([
                "key": .string(key), "operator": "Exists", "effect": "NoExecute",
                "tolerationSeconds": .integer(Self.seconds),
            ])
        }
        if tolerations.count > before { object["spec"]?["tolerations"] = .array(tolerations) }
    }
}

/// A new node takes no pods until its agent says that it is ready.
struct TaintNodesByCondition: AdmissionPlugin {
    func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.operation == .create, attributes.isMain("", "nodes") else { return }
        var taints = object["spec"]?["taints"]?.array ?? []
        let key = "node.kubernetes.io/not-ready"
        if taints.contains(where: { $0["key"]?.string == key && $0["effect"]?.string == "NoSchedule" }) {
            return
        }
        taints.append(["key": .string(key), "effect": "NoSchedule"])
        object.set(.array(taints), at: "spec", "taints")
    }
}

/// Adds what a RuntimeClass costs and where it runs to the pods that name it.
struct RuntimeClassAdmission: AdmissionPlugin {
    func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.operation == .create, attributes.isMain("", "pods") else { return }
        guard let found = try runtimeClass(object, attributes, registry) else { return }
        if let overhead = found["overhead"]?["podFixed"] {
            if let given = object["spec"]?["overhead"], given != overhead {
                throw .forbidden(
                    attributes.resource.groupResource, attributes.name,
                    "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead")
            }
            object.set(overhead, at: "spec", "overhead")
        }
        guard let scheduling = found["scheduling"] else { return }
        for (key, value) in scheduling["nodeSelector"]?.object ?? [:] {
            if let given = object["spec"]?["nodeSelector"]?[key], given != value {
                throw .forbidden(
                    attributes.resource.groupResource, attributes.name,
                    "conflict: runtimeClass.scheduling.nodeSelector[\(key)] = \(value.string ?? ""); pod.spec.nodeSelector[\(key)] = \(given.string ?? "")"
                )
            }
            object.set(value, at: "spec", "nodeSelector", key)
        }
        if let added = scheduling["tolerations"]?.array {
            let present = object["spec"]?["tolerations"]?.array ?? []
            object.set(.array(present + added.filter { !present.contains($0) }), at: "spec", "tolerations")
        }
    }

    func validate(
        _ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.operation == .create, attributes.isMain("", "pods"),
            object["spec"]?["overhead"] != nil
        else { return }
        let found = try runtimeClass(object, attributes, registry)
        if found?["overhead"]?["podFixed"] == nil {
            throw .forbidden(
                attributes.resource.groupResource, attributes.name,
                "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead")
        }
    }

    private func runtimeClass(
        _ object: JSON, _ attributes: AdmissionAttributes, _ registry: Registry
    ) throws(APIStatus) -> JSON? {
        guard let name = object["spec"]?["runtimeClassName"]?.string, !name.isEmpty else { return nil }
        guard let found = registry.lookup("node.k8s.io", "runtimeclasses", name) else {
            throw .forbidden(
                attributes.resource.groupResource, attributes.name,
                "pod rejected: RuntimeClass \"\(name)\" not found")
        }
        return found
    }
}
