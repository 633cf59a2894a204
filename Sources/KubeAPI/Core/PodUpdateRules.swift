import KubeJSON

/// What may change in a pod that exists.
public enum PodUpdateRules {
    private static let updatable = [
        "`spec.containers[*].image`", "`spec.initContainers[*].image`", "`spec.activeDeadlineSeconds`",
        "`spec.tolerations` (only additions to existing tolerations)",
        "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
    ].joined(separator: ",")

    static func validate(_ pod: JSON, _ old: JSON) -> [FieldError] {
        var errors: Errors = []
        PodStrategies.common(pod, &errors)
        annotationChanges(pod, old, &errors)
        let new = pod["spec"] ?? .object([:])
        let before = old["spec"] ?? .object([:])
        let path = FieldPath("spec")
        for list in ["containers", "initContainers"] {
            if new.items(list).count != before.items(list).count {
                errors.append(.forbidden(path.child(list), "pod updates may not add or remove containers"))
                return errors
            }
            for (index, container) in new.items(list).enumerated() where container.text("image").isEmpty {
                errors.append(.required(path.child(list).index(index).child("image")))
            }
        }
        let deadlinePath = path.child("activeDeadlineSeconds")
        let oldDeadline = before["activeDeadlineSeconds"]?.integer
        if let deadline = new["activeDeadlineSeconds"]?.integer {
            if deadline < 0 || deadline > Int64(Int32.max) {
                errors.append(
                    .invalid(
                        deadlinePath, .integer(deadline), NameRules.inclusiveRange(0, Int(Int32.max))))
                return errors
            }
            if let oldDeadline, oldDeadline < deadline {
                errors.append(
                    .invalid(
                        deadlinePath, .integer(deadline), "must be less than or equal to previous value"))
                return errors
            }
        } else if oldDeadline != nil {
            errors.append(
                .invalid(deadlinePath, .null, "must not update from a positive integer to nil value"))
        }
        tolerations(new.items("tolerations"), before.items("tolerations"), path.child("tolerations"), &errors)
        schedulingGates(new, before, path, &errors)
        if new == before { return errors }
        var munged = new
        for list in ["containers", "initContainers"] {
            let oldList = before.items(list)
            var index = 0
            munged.changeItems(list) { container in
                container["image"] = oldList[index]["image"]
                index += 1
            }
        }
        for field in ["activeDeadlineSeconds", "schedulingGates", "tolerations"] {
            munged[field] = before[field]
        }
        if before.number("terminationGracePeriodSeconds") < 0,
            munged.number("terminationGracePeriodSeconds") == 1
        {
            munged["terminationGracePeriodSeconds"] = before["terminationGracePeriodSeconds"]
        }
        if !before.items("schedulingGates").isEmpty { gatedChanges(&munged, before, path, &errors) }
        let difference = difference(munged, before)
        if !difference.isEmpty {
            errors.append(
                .forbidden(path, "pod updates may not change fields other than \(updatable)\n\(difference)"))
        }
        return errors
    }

    /// The members that differ, the old after a minus and the new after a plus; empty when none does.
    static func difference(_ new: JSON, _ old: JSON) -> String {
        let keys = Set((new.object ?? [:]).map(\.key)).union((old.object ?? [:]).map(\.key))
        var lines: [String] = []
        for key in keys.sorted(by: utf8Less) where !FieldRules.same(new[key], old[key]) {
            if let value = old[key] { lines.append("- \(key): \(JSONWriter.string(value))") }
            if let value = new[key] { lines.append("+ \(key): \(JSONWriter.string(value))") }
        }
        return lines.joined(separator: "\n")
    }

    private static func annotationChanges(_ pod: JSON, _ old: JSON, _ errors: inout Errors) {
        let new = pod.at("metadata", "annotations")?.object ?? [:]
        let before = old.at("metadata", "annotations")?.object ?? [:]
        if new == before { return }
        let path = FieldPath("metadata", "annotations")
        let appArmor = "container.apparmor.security.beta.kubernetes.io/"
        let mirror = "kubernetes.io/config.mirror"
        for (key, value) in before where new[key] != value {
            if key.hasPrefix(appArmor) {
                errors.append(.forbidden(path.key(key), "may not remove or update AppArmor annotations"))
            }
            if key == mirror {
                errors.append(.forbidden(path.key(key), "may not remove or update mirror pod annotation"))
            }
        }
        for (key, _) in new where before[key] == nil {
            if key.hasPrefix(appArmor) {
                errors.append(.forbidden(path.key(key), "may not add AppArmor annotations"))
            }
            if key == mirror { errors.append(.forbidden(path.key(key), "may not add mirror pod annotation")) }
        }
    }

    private static func tolerations(_ new: [JSON], _ old: [JSON], _ path: FieldPath, _ errors: inout Errors) {
        for toleration in old {
            let isKept = new.contains { candidate in
                var copy = toleration
                copy["tolerationSeconds"] = candidate["tolerationSeconds"]
                return copy == candidate
            }
            if !isKept {
                errors.append(
                    .forbidden(path, "existing toleration can not be modified except its tolerationSeconds"))
                return
            }
        }
        SchedulingRules.tolerations(new, path, &errors)
    }

    private static func schedulingGates(_ new: JSON, _ old: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let before = old.items("schedulingGates").map { $0.text("name") }
        for (index, gate) in new.items("schedulingGates").enumerated()
        where !before.contains(gate.text("name")) {
            errors.append(
                .forbidden(
                    path.child("schedulingGates").index(index).child("name"),
                    "only deletion is allowed, but found new scheduling gate '\(gate.text("name"))'"))
        }
    }

    /// A pod that waits for its gates may be narrowed to fewer nodes.
    private static func gatedChanges(
        _ munged: inout JSON, _ old: JSON, _ path: FieldPath, _ errors: inout Errors
    ) {
        let newSelector = munged["nodeSelector"]?.object ?? [:]
        if (old["nodeSelector"]?.object ?? [:]).contains(where: { newSelector[$0.key] != $0.value }) {
            errors.append(
                .invalid(
                    path.child("nodeSelector"), .object(newSelector),
                    "only additions to spec.nodeSelector are allowed (no mutations or deletions)"))
        }
        munged["nodeSelector"] = old["nodeSelector"]
        let required = "requiredDuringSchedulingIgnoredDuringExecution"
        let oldAffinity = old.at("affinity", "nodeAffinity")
        let newAffinity = munged.at("affinity", "nodeAffinity")
        if oldAffinity == newAffinity { return }
        let oldTerms = oldAffinity?[required]?.items("nodeSelectorTerms") ?? []
        let newTerms = newAffinity?[required]?.items("nodeSelectorTerms") ?? []
        let termsPath = path.child("affinity", "nodeAffinity", required, "nodeSelectorTerms")
        if !oldTerms.isEmpty {
            if oldTerms.count != newTerms.count {
                errors.append(
                    .invalid(
                        termsPath, .array(newTerms),
                        "no additions/deletions to non-empty NodeSelectorTerms list are allowed"))
            } else {
                for (index, term) in newTerms.enumerated() where !onlyAdds(term, oldTerms[index]) {
                    errors.append(
                        .invalid(
                            termsPath.index(index), term,
                            "only additions are allowed (no mutations or deletions)"))
                }
            }
        }
        munged.set(oldAffinity, at: "affinity", "nodeAffinity")
        if old["affinity"] == nil, munged["affinity"]?.object?.isEmpty == true {
            munged.drop("affinity")
        }
    }

    private static func onlyAdds(_ new: JSON, _ old: JSON) -> Bool {
        let lists = ["matchExpressions", "matchFields"]
        if lists.allSatisfy({ old.items($0).isEmpty }) { return lists.allSatisfy { new.items($0).isEmpty } }
        return lists.allSatisfy { new.items($0).starts(with: old.items($0)) }
    }

    // MARK: Status

    static func validateStatus(_ pod: JSON, _ old: JSON) -> [FieldError] {
        var errors: Errors = []
        let status = pod["status"] ?? .object([:])
        let before = old["status"] ?? .object([:])
        let path = FieldPath("status")
        annotationChanges(pod, old, &errors)
        for (index, condition) in status.items("conditions").enumerated() {
            let type = condition.text("type")
            if ["PodScheduled", "Ready", "Initialized"].contains(type) { continue }
            errors.check(
                type, FieldPath("metadata", "conditions").index(index).child("Type"), NameRules.qualifiedName)
        }
        let nominated = status.text("nominatedNodeName")
        if !nominated.isEmpty, nominated != before.text("nominatedNodeName") {
            errors.subdomain(nominated, path.child("nominatedNodeName"))
        }
        errors += FieldRules.immutable(
            .string(status.text("qosClass")), .string(before.text("qosClass")), path.child("qosClass"))
        let policy = old.at("spec", "restartPolicy")?.string ?? "Always"
        let sidecars = Set(
            (old["spec"]?.items("initContainers") ?? []).filter(PodResources.isRestartable).map {
                $0.text("name")
            })
        for (list, policy) in [
            ("containerStatuses", policy), ("initContainerStatuses", policy),
            ("ephemeralContainerStatuses", "Never"),
        ] where policy != "Always" {
            for (index, oldStatus) in before.items(list).enumerated() {
                guard let ended = oldStatus.at("state", "terminated") else { continue }
                if ended.number("exitCode") != 0, policy == "OnFailure" { continue }
                let name = oldStatus.text("name")
                if list == "initContainerStatuses", sidecars.contains(name) { continue }
                if status.items(list).contains(where: {
                    $0.text("name") == name && $0.at("state", "terminated") == nil
                }) {
                    errors.append(
                        .forbidden(
                            path.child(list).index(index).child("state"),
                            "may not be transitioned to non-terminated state"))
                }
            }
        }
        addresses(status.items("podIPs"), path.child("podIPs"), &errors)
        let hosts = status.items("hostIPs")
        if let first = hosts.first, first.text("ip") != status.text("hostIP") {
            errors.append(
                .invalid(
                    path.child("hostIPs").index(0).child("ip"), .string(first.text("ip")),
                    "must be equal to `hostIP`"))
        }
        addresses(hosts, path.child("hostIPs"), &errors)
        return errors
    }

    private static func addresses(_ list: [JSON], _ path: FieldPath, _ errors: inout Errors) {
        for (index, item) in list.enumerated() {
            errors += IPRules.legacyIP(item.text("ip"), path.index(index))
        }
        guard list.count > 1 else { return }
        let families = Set(list.compactMap { IPAddress($0.text("ip"))?.isIPv4 })
        if families.count < 2 || list.count > 2 {
            errors.append(
                .invalid(path, .array(list), "may specify no more than one IP for each IP family"))
        }
        for (index, item) in list.enumerated() where list[..<index].contains(item) {
            errors.append(.duplicate(path.index(index), item))
        }
    }

    // MARK: Subresources

    /// An update of `pods/ephemeralcontainers`: containers may be added, none changed or removed.
    public static func validateEphemeralContainers(_ pod: JSON, _ old: JSON) -> [FieldError] {
        var errors: Errors = []
        PodStrategies.common(pod, &errors)
        annotationChanges(pod, old, &errors)
        if old.at("metadata", "annotations", "kubernetes.io/config.mirror") != nil {
            return [.forbidden(.root, "static pods do not support ephemeral containers")]
        }
        let path = FieldPath("spec", "ephemeralContainers")
        let new = pod["spec"]?.items("ephemeralContainers") ?? []
        for container in old["spec"]?.items("ephemeralContainers") ?? [] {
            let name = JSONWriter.string(.string(container.text("name")))
            guard let kept = new.first(where: { $0.text("name") == container.text("name") }) else {
                errors.append(
                    .forbidden(path, "existing ephemeral containers \(name) may not be removed\n"))
                continue
            }
            if kept != container {
                errors.append(
                    .forbidden(
                        path,
                        "existing ephemeral containers \(name) may not be changed\n\(difference(kept, container))"
                    ))
            }
        }
        return errors
    }

    /// What an update of `pods/ephemeralcontainers` may set: the old pod with the new list.
    public static func prepareEphemeralContainers(_ pod: inout JSON, _ old: JSON) {
        let new = pod.at("spec", "ephemeralContainers")
        var metadata = old["metadata"] ?? .object([:])
        metadata["resourceVersion"] = pod.at("metadata", "resourceVersion")
        metadata["managedFields"] = pod.at("metadata", "managedFields")
        pod = old
        pod["metadata"] = metadata
        pod.set(new, at: "spec", "ephemeralContainers")
        pod.change("spec") { $0.changeItems("ephemeralContainers", PodSpecRules.setContainerDefaults) }
    }

    /// An update of `pods/resize`: cpu and memory of containers may change, within the quality of service.
    public static func validateResize(_ pod: JSON, _ old: JSON) -> [FieldError] {
        var errors: Errors = []
        PodStrategies.common(pod, &errors)
        if old.at("metadata", "annotations", "kubernetes.io/config.mirror") != nil {
            return [.forbidden(.root, "static pods cannot be resized")]
        }
        if old.at("spec", "os", "name")?.string == "windows" {
            return [.forbidden(.root, "windows pods cannot be resized")]
        }
        let path = FieldPath("spec")
        let new = pod["spec"] ?? .null
        let before = old["spec"] ?? .null
        let quality = old.at("status", "qosClass")?.string ?? PodResources.qualityOfService(before)
        if quality != PodResources.qualityOfService(new) {
            errors.append(
                .invalid(
                    path, .string(quality), "Pod QOS Class may not change as a result of resizing"))
        }
        var munged = new
        for list in ["initContainers", "containers"] {
            let oldList = before.items(list)
            for (index, container) in new.items(list).enumerated() where index < oldList.count {
                if list == "initContainers", !PodResources.isRestartable(container) {
                    if container != oldList[index] {
                        errors.append(
                            .forbidden(path, "resources for non-sidecar init containers are immutable"))
                    }
                    continue
                }
                resize(container, oldList[index], path.child(list).index(index).child("resources"), &errors)
                var copy = container
                copy["resources"] = resizable(container["resources"], oldList[index]["resources"])
                if !difference(copy, oldList[index]).isEmpty {
                    errors.append(
                        .forbidden(
                            path,
                            list == "containers"
                                ? "only cpu and memory resources are mutable"
                                : "only cpu and memory resources for sidecar containers are mutable"))
                }
            }
            munged[list] = before[list]
        }
        if errors.isEmpty, !difference(munged, before).isEmpty {
            errors.append(.forbidden(path, "only cpu and memory resources are mutable"))
        }
        return errors
    }

    /// The new requirements with the old cpu and memory.
    private static func resizable(_ new: JSON?, _ old: JSON?) -> JSON? {
        guard var resources = new else { return old }
        for list in ["limits", "requests"] {
            for name in ["cpu", "memory"] {
                let value = old?[list]?[name]
                if resources[list] == nil, value == nil { continue }
                resources.set(value, at: list, name)
            }
        }
        return resources
    }

    private static func resize(_ new: JSON, _ old: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let newResources = new["resources"]
        let oldResources = old["resources"]
        for (list, noun) in [("requests", "requests"), ("limits", "limits")] {
            if (oldResources?[list]?.object ?? [:]).contains(where: { newResources?[list]?[$0.key] == nil }) {
                errors.append(.forbidden(path.child(list), "resource \(noun) cannot be removed"))
            }
        }
    }
}
