import KubeJSON

/// PriorityClasses: defaults, limits of values, and what may not change.
enum PriorityClassStrategy {
    static let priorityClass = Strategy { strategy in
        strategy.setDefaults = { $0.fillAbsent("preemptionPolicy", "PreemptLowerPriority") }
        strategy.validate = SystemPriorityClasses.validate
        strategy.validateUpdate = { new, old in
            var errors: Errors = []
            if new.number("value") != old.number("value") {
                errors.append(.forbidden(FieldPath("value"), "may not be changed in an update."))
            }
            return errors
                + FieldRules.immutable(
                    new["preemptionPolicy"], old["preemptionPolicy"], FieldPath("preemptionPolicy"))
        }
        strategy.hasGeneration = true
    }
}
