import KubeJSON

/// StatefulSets.
enum StatefulSetStrategy {
    private static func rollingUpdate(of set: JSON) -> JSON? {
        set.at("spec", "updateStrategy", "rollingUpdate")
    }

    /// The feature MaxUnavailableStatefulSet is off in v1.36: the field is not taken in.
    private static func dropMaxUnavailable(_ set: inout JSON) {
        guard var rolling = rollingUpdate(of: set), rolling["maxUnavailable"] != nil else { return }
        rolling.removeValue(forKey: "maxUnavailable")
        set.set(rolling, at: "spec", "updateStrategy", "rollingUpdate")
    }

    static let statefulSet = Strategy { strategy in
        strategy.setDefaults = { set in
            set.fillAbsent("spec", .object([:]))
            set.change("spec") { spec in
                spec.fillAbsent("replicas", 1)
                spec.change("template") { PodSpecRules.setTemplateDefaults(&$0) }
                spec.changeItems("volumeClaimTemplates") { claim in
                    claim.fill("kind", "PersistentVolumeClaim")
                    claim.fill("apiVersion", "v1")
                    Strategies.strategy(for: GroupKind("", "PersistentVolumeClaim")).setDefaults(&claim)
                }
                spec.fill("podManagementPolicy", "OrderedReady")
                spec.fillAbsent("updateStrategy", .object([:]))
                spec.change("updateStrategy") { strategy in
                    strategy.fill("type", "RollingUpdate")
                    guard strategy.text("type") == "RollingUpdate" else { return }
                    strategy.fillAbsent("rollingUpdate", .object([:]))
                    strategy.change("rollingUpdate") { $0.fillAbsent("partition", 0) }
                }
                spec.fillAbsent("revisionHistoryLimit", 10)
                spec.fillAbsent("persistentVolumeClaimRetentionPolicy", .object([:]))
                spec.change("persistentVolumeClaimRetentionPolicy") {
                    $0.fill("whenDeleted", "Retain")
                    $0.fill("whenScaled", "Retain")
                }
            }
        }
        strategy.splitStatus()
        strategy.prepareForCreate = { set in
            Preparing.dropStatus(&set)
            dropMaxUnavailable(&set)
        }
        strategy.prepareForUpdate = { set, old in
            Preparing.keepStatus(&set, old)
            if rollingUpdate(of: old)?["maxUnavailable"] == nil { dropMaxUnavailable(&set) }
        }
        strategy.validate = validate
        strategy.validateUpdate = { new, old in
            var errors = validate(new)
            let mutable = [
                "replicas", "template", "updateStrategy", "minReadySeconds", "ordinals",
                "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy",
            ]
            let fixed = { (object: JSON) in
                var spec = object["spec"]?.object ?? [:]
                for key in mutable { _ = spec.removeValue(forKey: key) }
                return spec
            }
            if fixed(new) != fixed(old) {
                errors.append(
                    .forbidden(
                        FieldPath("spec"),
                        "updates to statefulset spec for fields other than 'replicas', 'ordinals', "
                            + "'template', 'updateStrategy', 'revisionHistoryLimit', "
                            + "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"))
            }
            return errors
        }
        strategy.validateName = { NameRules.dns1123Label($0, isPrefix: $1) }
        strategy.validateStatusUpdate = { new, old in
            var errors: Errors = []
            let status = new["status"] ?? .object([:])
            let counts = ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"]
            WorkloadRules.nonnegative(
                status, ["replicas"] + counts + ["observedGeneration", "collisionCount"], &errors)
            WorkloadRules.atMost(
                status, counts, "replicas", "cannot be greater than status.replicas", &errors)
            WorkloadRules.atMost(
                status, ["availableReplicas"], "readyReplicas",
                "cannot be greater than status.readyReplicas", &errors)
            WorkloadRules.collisions(new, old, &errors)
            return errors
        }
        strategy.warnings = { new, old in WorkloadRules.templateWarnings(new, old) }
        strategy.hasGeneration = true
    }

    @Sendable private static func validate(_ set: JSON) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = set["spec"] ?? .object([:])
        errors.oneOfOrInvalid(
            spec.text("podManagementPolicy"), path.child("podManagementPolicy"),
            ["OrderedReady", "Parallel"], "must be 'OrderedReady' or 'Parallel'")
        updateStrategy(spec["updateStrategy"] ?? .object([:]), path.child("updateStrategy"), &errors)
        if let retention = spec["persistentVolumeClaimRetentionPolicy"] {
            for key in ["whenDeleted", "whenScaled"] {
                let policy = retention.text(key)
                if policy == "Retain" || policy == "Delete" { continue }
                errors.append(
                    .notSupported(
                        path.child("persistentVolumeClaimRetentionPolicy", key), .string(policy),
                        ["Retain", "Delete"]))
            }
        }
        errors.nonnegative(spec["replicas"], path.child("replicas"))
        errors.nonnegative(spec["minReadySeconds"], path.child("minReadySeconds"))
        errors.nonnegative(spec.at("ordinals", "start"), path.child("ordinals.start"))
        WorkloadRules.selectorAndTemplate(
            spec, emptyWords: "empty selector is invalid for statefulset", invalidWords: "", &errors
        ) { template(spec, &$0) }
        WorkloadRules.restartAlways(spec["template"] ?? .object([:]), kind: "StatefulSet", &errors)
        return errors
    }

    /// The template with the volumes that the claims stand for, which its containers may mount.
    private static func template(_ spec: JSON, _ errors: inout Errors) {
        var template = spec["template"] ?? .object([:])
        let claims = spec.items("volumeClaimTemplates").map { $0.name }
        if !claims.isEmpty {
            template.change("spec") { pod in
                var volumes = pod.items("volumes").filter { !claims.contains($0.text("name")) }
                volumes += claims.map { name -> JSON in
                    ["name": .string(name), "persistentVolumeClaim": ["claimName": .string(name)]]
                }
                pod["volumes"] = .array(volumes)
            }
        }
        errors += PodSpecRules.validateTemplate(template, FieldPath("spec", "template"))
    }

    private static func updateStrategy(_ update: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let rolling = update["rollingUpdate"]
        // Upstream prints its internal structure here, whose members are capitalised and never left out.
        let inner = rolling.map { rolling -> JSON in
            [
                "Partition": rolling["partition"] ?? 0,
                "MaxUnavailable": rolling["maxUnavailable"] ?? .null,
            ]
        }
        let shown: JSON = ["Type": .string(update.text("type")), "RollingUpdate": inner ?? .null]
        switch update.text("type") {
        case "": errors.append(.required(path))
        case "OnDelete":
            if rolling != nil {
                errors.append(
                    .invalid(
                        path.child("rollingUpdate"), inner ?? .null,
                        "only allowed for updateStrategy 'RollingUpdate'"))
            }
        case "RollingUpdate":
            errors.nonnegative(rolling?["partition"], path.child("rollingUpdate", "partition"))
            guard let unavailable = rolling?["maxUnavailable"] else { return }
            let path = path.child("rollingUpdate", "maxUnavailable")
            errors += FieldRules.intOrPercent(unavailable, path)
            if WorkloadRules.isZero(unavailable) {
                errors.append(.invalid(path, unavailable, "cannot be 0"))
            }
            WorkloadRules.atMostAllPods(unavailable, path, &errors)
        default: errors.append(.invalid(path, shown, "must be 'RollingUpdate' or 'OnDelete'"))
        }
    }
}

extension Errors {
    /// `required` when the text is empty, `invalid` when it is none of the given.
    mutating func oneOfOrInvalid(_ text: String, _ path: FieldPath, _ values: [String], _ words: String) {
        if values.contains(text) { return }
        append(text.isEmpty ? .required(path) : .invalid(path, .string(text), words))
    }
}
