import KubeJSON

/// PodDisruptionBudgets.
enum PolicyStrategies {
    static let disruptionBudget = Strategy { strategy in
        strategy.splitStatus()
        strategy.validate = validate
        strategy.validateUpdate = { new, _ in validate(new) }
        strategy.validateStatusUpdate = { new, _ in
            var errors = FieldRules.conditions(
                new.at("status", "conditions"), FieldPath("status", "conditions"))
            WorkloadRules.nonnegative(
                new["status"] ?? .object([:]),
                ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"], &errors)
            return errors
        }
        strategy.hasGeneration = true
    }

    @Sendable private static func validate(_ budget: JSON) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = budget["spec"] ?? .object([:])
        if spec["minAvailable"] != nil, spec["maxUnavailable"] != nil {
            errors.append(
                .invalid(path, spec, "minAvailable and maxUnavailable cannot be both set"))
        }
        for key in ["minAvailable", "maxUnavailable"] {
            errors += FieldRules.intOrPercent(spec[key], path.child(key))
            WorkloadRules.atMostAllPods(spec[key], path.child(key), &errors)
        }
        errors += FieldRules.labelSelector(spec["selector"], path.child("selector"))
        errors.optionalOneOf(
            spec["unhealthyPodEvictionPolicy"], path.child("unhealthyPodEvictionPolicy"),
            ["AlwaysAllow", "IfHealthyBudget"])
        return errors
    }
}
