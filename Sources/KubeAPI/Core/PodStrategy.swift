import KubeJSON

/// Pods (pkg/registry/core/pod/strategy.go).
enum PodStrategies {
    static let pod = Strategy { strategy in
        strategy.setDefaults = { PodSpecRules.setPodDefaults(&$0) }
        strategy.prepareForCreate = { prepareForCreate(&$0) }
        strategy.prepareForUpdate = { pod, old in
            pod["status"] = old["status"]
            pod.change("spec") { PodSpecRules.syncServiceAccount(&$0) }
        }
        strategy.prepareForStatusUpdate = { pod, old in
            pod["spec"] = old["spec"]
            Preparing.keepMetadata(&pod, old, keys: ["deletionTimestamp", "ownerReferences"])
            let quality = old.at("status", "qosClass")
            if pod.at("status", "qosClass") == nil { pod.set(quality, at: "status", "qosClass") }
        }
        strategy.validate = { validateCreate($0) }
        strategy.validateUpdate = { PodUpdateRules.validate($0, $1) }
        strategy.validateStatusUpdate = { PodUpdateRules.validateStatus($0, $1) }
        strategy.warnings = { pod, old in
            guard old.map({ $0["spec"] != pod["spec"] }) ?? true else { return [] }
            return PodWarnings.warnings(pod["spec"] ?? .null, FieldPath("spec"), metadata: pod["metadata"])
        }
        strategy.hasGeneration = true
        strategy.defaultGracePeriod = { gracePeriod($0) }
    }

    private static func prepareForCreate(_ pod: inout JSON) {
        let spec = pod["spec"] ?? .null
        var status: JSON = ["phase": "Pending", "qosClass": .string(PodResources.qualityOfService(spec))]
        if !spec.items("schedulingGates").isEmpty {
            status["conditions"] = [
                [
                    "lastProbeTime": .null, "lastTransitionTime": .null,
                    "message": "Scheduling is blocked due to non-empty scheduling gates",
                    "reason": "SchedulingGated", "status": "False", "type": "PodScheduled",
                ]
            ]
        }
        pod["status"] = status
        let labels = pod.at("metadata", "labels")
        pod.change("spec") { spec in
            PodSpecRules.syncServiceAccount(&spec)
            MatchLabelKeys.merge(&spec, labels)
        }
    }

    /// Nothing to wait for where nothing runs yet or no more; else what the pod asks for.
    private static func gracePeriod(_ pod: JSON) -> Int? {
        if pod["spec"]?.text("nodeName").isEmpty ?? true { return 0 }
        let phase = pod["status"]?.text("phase") ?? ""
        if phase == "Failed" || phase == "Succeeded" { return 0 }
        return pod["spec"]?["terminationGracePeriodSeconds"]?.int.map { max($0, 0) }
    }

    private static func validateCreate(_ pod: JSON) -> Errors {
        var errors: Errors = []
        common(pod, &errors)
        let spec = pod["spec"] ?? .null
        let path = FieldPath("spec")
        if !spec.items("ephemeralContainers").isEmpty {
            errors.append(.forbidden(path.child("ephemeralContainers"), "cannot be set on create"))
        }
        if !spec.text("nodeName").isEmpty, !spec.items("schedulingGates").isEmpty {
            errors.append(
                .forbidden(
                    path.child("nodeName"), "cannot be set until all schedulingGates have been cleared"))
        }
        return errors
    }

    /// What holds for a pod on every write.
    static func common(_ pod: JSON, _ errors: inout Errors) {
        let spec = pod["spec"] ?? .object([:])
        let metadata = pod["metadata"]
        errors += KubeFinalizers.validate(pod)
        PodSpecRules.annotations(
            metadata?["annotations"], spec, FieldPath("metadata", "annotations"), &errors)
        var context = PodRuleContext()
        context.isPod = true
        context.podName = metadata?.text("name") ?? ""
        let path = FieldPath("spec")
        PodSpecRules.validate(spec, path, context, &errors)
        if spec.text("serviceAccountName").isEmpty {
            for (index, volume) in spec.items("volumes").enumerated() {
                for (source, projection) in (volume["projected"]?.items("sources") ?? []).enumerated()
                where projection["serviceAccountToken"] != nil {
                    errors.append(
                        .forbidden(
                            path.child("volumes").index(index).child("projected").child("sources").index(
                                source
                            )
                            .child("serviceAccountToken"),
                            "must not be specified when serviceAccountName is not set"))
                }
            }
        }
        for list in ["containers", "initContainers"] {
            for (index, container) in spec.items(list).enumerated() {
                ContainerRules.imageOfPod(container, path.child(list).index(index), &errors)
            }
        }
    }

    static let template = Strategy { strategy in
        strategy.setDefaults = { object in
            object.change("template") { PodSpecRules.setTemplateDefaults(&$0) }
            if object["template"] == nil {
                var template = JSON.object([:])
                PodSpecRules.setTemplateDefaults(&template)
                object["template"] = template
            }
        }
        strategy.validate = { validateTemplate($0) }
        strategy.validateUpdate = { object, _ in validateTemplate(object) }
        strategy.warnings = { object, _ in
            PodWarnings.warnings(
                object.at("template", "spec") ?? .null, FieldPath("template", "spec"),
                metadata: object.at("template", "metadata"))
        }
        strategy.hasGeneration = true
    }

    private static func validateTemplate(_ object: JSON) -> Errors {
        KubeFinalizers.validate(object)
            + PodSpecRules.validateTemplate(object["template"] ?? .null, FieldPath("template"))
    }
}

/// Merging `matchLabelKeys` into selectors when a pod is made: the scheduler then reads selectors alone.
enum MatchLabelKeys {
    static func merge(_ spec: inout JSON, _ labels: JSON?) {
        guard spec["affinity"] != nil || spec["topologySpreadConstraints"] != nil else { return }
        let required = "requiredDuringSchedulingIgnoredDuringExecution"
        let preferred = "preferredDuringSchedulingIgnoredDuringExecution"
        spec.change("affinity") { affinity in
            for kind in ["podAffinity", "podAntiAffinity"] {
                affinity.change(kind) { terms in
                    terms.changeItems(required) { merge(&$0, labels, spread: false) }
                    terms.changeItems(preferred) { weighted in
                        weighted.change("podAffinityTerm") { merge(&$0, labels, spread: false) }
                    }
                }
            }
        }
        spec.changeItems("topologySpreadConstraints") { merge(&$0, labels, spread: true) }
    }

    private static func merge(_ term: inout JSON, _ labels: JSON?, spread: Bool) {
        guard term["labelSelector"] != nil else { return }
        var added: [JSON] = []
        for (list, operation) in [("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn")] {
            for key in term.texts(list) {
                guard let value = labels?[key]?.string else { continue }
                added.append([
                    "key": .string(key), "operator": .string(operation), "values": [.string(value)],
                ])
            }
        }
        if added.isEmpty { return }
        term.change("labelSelector") { selector in
            selector["matchExpressions"] = .array(selector.items("matchExpressions") + added)
        }
    }
}

/// Finalizers without a domain must be ones that Kubernetes itself knows: a rule of all built-in kinds on top
/// of ObjectMeta's.
public enum KubeFinalizers {
    private static let standard: Set<String> = ["kubernetes", "orphan", "foregroundDeletion"]

    /// What is wrong with `metadata.finalizers` of a built-in kind.
    public static func validate(_ object: JSON) -> [FieldError] {
        guard let finalizers = object["metadata"]?["finalizers"]?.array else { return [] }
        var errors: [FieldError] = []
        for (index, finalizer) in finalizers.enumerated() {
            errors += validate(
                finalizer.string ?? "", FieldPath("metadata", "finalizers").index(index))
        }
        return errors
    }

    static func validate(_ name: String, _ path: FieldPath) -> [FieldError] {
        if name.utf8.contains(0x2F) || standard.contains(name) { return [] }
        return [
            .invalid(
                path, .string(name), "name is neither a standard finalizer name nor is it fully qualified")
        ]
    }
}

/// Steps that many strategies share.
enum Preparing {
    /// Keeps some of the old object's metadata.
    static func keepMetadata(_ object: inout JSON, _ old: JSON, keys: [String]) {
        for key in keys { object.set(old.at("metadata", key), at: "metadata", key) }
    }

    static func dropStatus(_ object: inout JSON) { object.drop("status") }
    static func keepStatus(_ object: inout JSON, _ old: JSON) { object["status"] = old["status"] }
    static func keepSpec(_ object: inout JSON, _ old: JSON) { object["spec"] = old["spec"] }
}
