import KubeJSON

/// Deployments, ReplicaSets, DaemonSets and ControllerRevisions.
enum AppsStrategies {
    static let deployment = Strategy { strategy in
        strategy.setDefaults = { deployment in
            deployment.fillAbsent("spec", .object([:]))
            deployment.change("spec") { spec in
                spec.fillAbsent("replicas", 1)
                spec.change("template") { PodSpecRules.setTemplateDefaults(&$0) }
                spec.fillAbsent("strategy", .object([:]))
                spec.change("strategy") { strategy in
                    strategy.fill("type", "RollingUpdate")
                    guard strategy.text("type") == "RollingUpdate" else { return }
                    strategy.fillAbsent("rollingUpdate", .object([:]))
                    strategy.change("rollingUpdate") {
                        $0.fillAbsent("maxUnavailable", "25%")
                        $0.fillAbsent("maxSurge", "25%")
                    }
                }
                spec.fillAbsent("revisionHistoryLimit", 10)
                spec.fillAbsent("progressDeadlineSeconds", 600)
            }
        }
        strategy.splitStatus()
        strategy.validate = validateDeployment
        strategy.validateUpdate = { new, old in
            validateDeployment(new)
                + FieldRules.immutable(
                    new.at("spec", "selector"), old.at("spec", "selector"), FieldPath("spec", "selector"))
        }
        strategy.validateStatusUpdate = { new, old in
            var errors: Errors = []
            let status = new["status"] ?? .object([:])
            WorkloadRules.nonnegative(
                status,
                [
                    "observedGeneration", "replicas", "updatedReplicas", "readyReplicas",
                    "availableReplicas", "unavailableReplicas", "collisionCount",
                ], &errors)
            WorkloadRules.atMost(
                status, ["updatedReplicas", "readyReplicas", "availableReplicas"], "replicas",
                "cannot be greater than status.replicas", &errors)
            WorkloadRules.atMost(
                status, ["availableReplicas"], "readyReplicas", "cannot be greater than readyReplicas",
                &errors)
            WorkloadRules.collisions(new, old, &errors)
            return errors
        }
        strategy.warnings = { new, old in
            (old == nil ? WorkloadRules.nameWarnings(new) : []) + WorkloadRules.templateWarnings(new, old)
        }
        strategy.hasGeneration = true
        strategy.generationCountsAnnotations = true
    }

    @Sendable private static func validateDeployment(_ deployment: JSON) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = deployment["spec"] ?? .object([:])
        errors.nonnegative(spec["replicas"], path.child("replicas"))
        WorkloadRules.selectorAndTemplate(
            spec, emptyWords: "empty selector is invalid for deployment",
            invalidWords: "invalid label selector", &errors
        ) { WorkloadRules.endlessTemplate(spec, kind: "ReplicaSet", &$0) }
        rollout(spec["strategy"] ?? .object([:]), path.child("strategy"), &errors)
        errors.nonnegative(spec["minReadySeconds"], path.child("minReadySeconds"))
        errors.nonnegative(spec["revisionHistoryLimit"], path.child("revisionHistoryLimit"))
        if let deadline = spec["progressDeadlineSeconds"]?.integer {
            errors.nonnegative(.integer(deadline), path.child("progressDeadlineSeconds"))
            if deadline <= spec.number("minReadySeconds") {
                errors.append(
                    .invalid(
                        path.child("progressDeadlineSeconds"), .integer(deadline),
                        "must be greater than minReadySeconds"))
            }
        }
        return errors
    }

    private static func rollout(_ strategy: JSON, _ path: FieldPath, _ errors: inout Errors) {
        switch strategy.text("type") {
        case "Recreate":
            if strategy["rollingUpdate"] != nil {
                errors.append(
                    .forbidden(
                        path.child("rollingUpdate"),
                        "may not be specified when strategy `type` is 'Recreate'"))
            }
        case "RollingUpdate":
            let path = path.child("rollingUpdate")
            guard let rolling = strategy["rollingUpdate"] else {
                errors.append(.required(path, "this should be defaulted and never be nil"))
                return
            }
            errors += FieldRules.intOrPercent(rolling["maxUnavailable"], path.child("maxUnavailable"))
            errors += FieldRules.intOrPercent(rolling["maxSurge"], path.child("maxSurge"))
            if WorkloadRules.isZero(rolling["maxUnavailable"]), WorkloadRules.isZero(rolling["maxSurge"]) {
                errors.append(
                    .invalid(
                        path.child("maxUnavailable"), rolling["maxUnavailable"] ?? 0,
                        "may not be 0 when `maxSurge` is 0"))
            }
            WorkloadRules.atMostAllPods(rolling["maxUnavailable"], path.child("maxUnavailable"), &errors)
        case let type:
            // Upstream prints its internal structures, whose members are capitalised and never left out.
            let rolling = strategy["rollingUpdate"].map { rolling -> JSON in
                [
                    "MaxUnavailable": rolling["maxUnavailable"] ?? 0,
                    "MaxSurge": rolling["maxSurge"] ?? 0,
                ]
            }
            let shown: JSON = ["Type": .string(type), "RollingUpdate": rolling ?? .null]
            errors.append(.notSupported(path, shown, ["Recreate", "RollingUpdate"]))
        }
    }

    static let replicaSet = Strategy { strategy in
        strategy.setDefaults = { set in
            set.fillAbsent("spec", .object([:]))
            set.change("spec") { spec in
                spec.fillAbsent("replicas", 1)
                spec.change("template") { PodSpecRules.setTemplateDefaults(&$0) }
            }
        }
        strategy.splitStatus()
        strategy.validate = validateReplicaSet
        strategy.validateUpdate = { new, old in
            // Upstream checks the object as a new one and once more as a changed one.
            validateReplicaSet(new) + validateReplicaSet(new)
                + FieldRules.immutable(
                    new.at("spec", "selector"), old.at("spec", "selector"), FieldPath("spec", "selector"))
        }
        strategy.validateStatusUpdate = { new, _ in
            var errors: Errors = []
            let status = new["status"] ?? .object([:])
            let counts = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"]
            WorkloadRules.nonnegative(status, ["replicas"] + counts + ["observedGeneration"], &errors)
            WorkloadRules.atMost(
                status, counts, "replicas", "cannot be greater than status.replicas", &errors)
            WorkloadRules.atMost(
                status, ["availableReplicas"], "readyReplicas", "cannot be greater than readyReplicas",
                &errors)
            return errors
        }
        strategy.warnings = { new, old in
            (old == nil ? WorkloadRules.nameWarnings(new) : []) + WorkloadRules.templateWarnings(new, old)
        }
        strategy.hasGeneration = true
    }

    @Sendable private static func validateReplicaSet(_ set: JSON) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = set["spec"] ?? .object([:])
        errors.nonnegative(spec["replicas"], path.child("replicas"))
        errors.nonnegative(spec["minReadySeconds"], path.child("minReadySeconds"))
        WorkloadRules.selectorAndTemplate(
            spec, emptyWords: "empty selector is invalid for deployment",
            invalidWords: "invalid label selector", &errors
        ) { WorkloadRules.endlessTemplate(spec, kind: "ReplicaSet", &$0) }
        return errors
    }

    private static let generationKey = "deprecated.daemonset.template.generation"

    static let daemonSet = Strategy { strategy in
        strategy.setDefaults = { set in
            // apps/v1 keeps the generation of the template in an annotation, which is always there.
            if set.at("metadata", "annotations", generationKey) == nil {
                set.set("0", at: "metadata", "annotations", generationKey)
            }
            set.fillAbsent("spec", .object([:]))
            set.change("spec") { spec in
                spec.change("template") { PodSpecRules.setTemplateDefaults(&$0) }
                spec.fillAbsent("updateStrategy", .object([:]))
                spec.change("updateStrategy") { strategy in
                    strategy.fill("type", "RollingUpdate")
                    guard strategy.text("type") == "RollingUpdate" else { return }
                    strategy.fillAbsent("rollingUpdate", .object([:]))
                    strategy.change("rollingUpdate") {
                        $0.fillAbsent("maxUnavailable", 1)
                        $0.fillAbsent("maxSurge", 0)
                    }
                }
                spec.fillAbsent("revisionHistoryLimit", 10)
            }
        }
        strategy.splitStatus()
        strategy.prepareForCreate = { set in
            Preparing.dropStatus(&set)
            let given = Int(set.at("metadata", "annotations")?.text(generationKey) ?? "") ?? 0
            set.set(.string(String(max(given, 1))), at: "metadata", "annotations", generationKey)
        }
        strategy.prepareForUpdate = { set, old in
            Preparing.keepStatus(&set, old)
            var generation = Int(old.at("metadata", "annotations")?.text(generationKey) ?? "") ?? 0
            if set.at("spec", "template") != old.at("spec", "template") { generation += 1 }
            set.set(.string(String(generation)), at: "metadata", "annotations", generationKey)
        }
        strategy.validate = validateDaemonSet
        strategy.validateUpdate = { new, old in
            validateDaemonSet(new) + validateDaemonSet(new)
                + FieldRules.immutable(
                    new.at("spec", "selector"), old.at("spec", "selector"), FieldPath("spec", "selector"))
        }
        strategy.validateStatusUpdate = { new, old in
            var errors: Errors = []
            WorkloadRules.nonnegative(
                new["status"] ?? .object([:]),
                [
                    "currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady",
                    "observedGeneration", "updatedNumberScheduled", "numberAvailable", "numberUnavailable",
                    "collisionCount",
                ], &errors)
            WorkloadRules.collisions(new, old, &errors)
            return errors
        }
        strategy.warnings = { new, old in WorkloadRules.templateWarnings(new, old) }
        strategy.hasGeneration = true
    }

    @Sendable private static func validateDaemonSet(_ set: JSON) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = set["spec"] ?? .object([:])
        let selectorPath = path.child("selector")
        let selector = spec["selector"]
        let found = FieldRules.labelSelector(selector, selectorPath)
        errors += found
        // A missing selector is no error of its own here: it matches nothing.
        let labels = spec.at("template", "metadata", "labels")?.object ?? [:]
        let matches = selector.map { WorkloadRules.matches($0, labels) } ?? false
        if found.isEmpty, !matches { WorkloadRules.mismatch(spec, &errors) }
        if let selector, WorkloadRules.isEmptySelector(selector) {
            errors.append(
                .invalid(selectorPath, selector, "empty selector is invalid for daemonset"))
        }
        WorkloadRules.endlessTemplate(spec, kind: "DaemonSet", &errors)
        errors.nonnegative(spec["minReadySeconds"], path.child("minReadySeconds"))
        let update = spec["updateStrategy"] ?? .object([:])
        switch update.text("type") {
        case "OnDelete": break
        case "RollingUpdate":
            let rollingPath = path.child("updateStrategy", "rollingUpdate")
            guard let rolling = update["rollingUpdate"] else {
                errors.append(.required(rollingPath))
                break
            }
            let unavailable = rolling["maxUnavailable"]
            let surge = rolling["maxSurge"]
            errors += FieldRules.intOrPercent(unavailable, rollingPath.child("maxUnavailable"))
            errors += FieldRules.intOrPercent(surge, rollingPath.child("maxSurge"))
            WorkloadRules.atMostAllPods(unavailable, rollingPath.child("maxUnavailable"), &errors)
            WorkloadRules.atMostAllPods(surge, rollingPath.child("maxSurge"), &errors)
            switch (WorkloadRules.isZero(unavailable), WorkloadRules.isZero(surge)) {
            case (false, false):
                errors.append(
                    .invalid(
                        rollingPath.child("maxSurge"), surge ?? 0,
                        "may not be set when maxUnavailable is non-zero"))
            case (true, true):
                errors.append(
                    .required(
                        rollingPath.child("maxUnavailable"), "cannot be 0 when maxSurge is 0"))
            default: break
            }
        case let type:
            let rolling = update["rollingUpdate"].map { rolling -> JSON in
                [
                    "MaxUnavailable": rolling["maxUnavailable"] ?? 0,
                    "MaxSurge": rolling["maxSurge"] ?? 0,
                ]
            }
            let shown: JSON = ["Type": .string(type), "RollingUpdate": rolling ?? .null]
            errors.append(
                .notSupported(path.child("updateStrategy"), shown, ["RollingUpdate", "OnDelete"]))
        }
        errors.nonnegative(spec["revisionHistoryLimit"], path.child("revisionHistoryLimit"))
        return errors
    }

    static let controllerRevision = Strategy { strategy in
        strategy.validate = validateRevision
        strategy.validateUpdate = { revision, old in
            validateRevision(revision)
                + FieldRules.immutable(revision["data"], old["data"], FieldPath("data"))
        }
    }

    @Sendable private static func validateRevision(_ revision: JSON) -> Errors {
        var errors: Errors = []
        if (revision["data"] ?? .null) == .null {
            errors.append(.required(FieldPath("data"), "data is mandatory"))
        }
        errors.nonnegative(revision["revision"], FieldPath("revision"))
        return errors
    }
}
