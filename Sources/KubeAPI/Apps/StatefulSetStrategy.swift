import KubeJSON

/// StatefulSets.
enum StatefulSetStrategy {
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
        strategy.warnings = { new, _ in WorkloadRules.templateWarnings(new) }
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
        errors.nonnegative(spec.at("ordinals", "start"), path.child("ordinals", "start"))
        WorkloadRules.selector(spec, emptyWords: "empty selector is invalid for statefulset", &errors)
        WorkloadRules.template(spec, &errors)
        return errors
    }

    private static func updateStrategy(_ update: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let rolling = update["rollingUpdate"]
        // Upstream prints its internal structure here, whose members are capitalised and never left out.
        let shown = JSON.object(["Type": .string(update.text("type")), "RollingUpdate": .null])
        switch update.text("type") {
        case "": errors.append(.required(path))
        case "OnDelete":
            if rolling != nil {
                errors.append(
                    .invalid(
                        path.child("rollingUpdate"), rolling ?? .null,
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
