import KubeJSON

/// PodDisruptionBudgets.
enum PolicyStrategies {
    static let disruptionBudget = Strategy { strategy in
        strategy.splitStatus()
        strategy.validate = { validate($0, lenient: false) }
        strategy.validateUpdate = { new, old in
            // A selector that was taken with invalid values before may keep having them.
            let selector = old.at("spec", "selector")
            let wasInvalid =
                !FieldRules.labelSelector(selector, .root).isEmpty
                && FieldRules.labelSelector(selector, .root, lenientValues: true).isEmpty
            return validate(new, lenient: wasInvalid)
        }
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

    private static func validate(_ budget: JSON, lenient: Bool) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = budget["spec"] ?? .object([:])
        if spec["minAvailable"] != nil, spec["maxUnavailable"] != nil {
            // Upstream prints its internal structure, whose members are capitalised and never left out.
            let shown: JSON = [
                "MinAvailable": spec["minAvailable"] ?? .null, "Selector": spec["selector"] ?? .null,
                "MaxUnavailable": spec["maxUnavailable"] ?? .null,
                "UnhealthyPodEvictionPolicy": spec["unhealthyPodEvictionPolicy"] ?? .null,
            ]
            errors.append(.invalid(path, shown, "minAvailable and maxUnavailable cannot be both set"))
        }
        for key in ["minAvailable", "maxUnavailable"] {
            errors += FieldRules.intOrPercent(spec[key], path.child(key))
            WorkloadRules.atMostAllPods(spec[key], path.child(key), &errors)
        }
        errors += FieldRules.labelSelector(
            spec["selector"], path.child("selector"), lenientValues: lenient)
        errors.optionalOneOf(
            spec["unhealthyPodEvictionPolicy"], path.child("unhealthyPodEvictionPolicy"),
            ["AlwaysAllow", "IfHealthyBudget"])
        return errors
    }
}
