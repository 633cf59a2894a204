import KubeJSON

/// Leases: heartbeats of nodes and the locks of leader elections.
enum LeaseStrategy {
    static let lease = Strategy { strategy in
        strategy.validate = validate
        strategy.validateUpdate = { new, _ in validate(new) }
        strategy.allowsCreateOnUpdate = true
        strategy.allowsUnconditionalUpdate = false
    }

    @Sendable private static func validate(_ lease: JSON) -> Errors {
        var errors: Errors = []
        let spec = lease["spec"] ?? .object([:])
        let path = FieldPath("spec")
        if let seconds = spec["leaseDurationSeconds"]?.integer, seconds <= 0 {
            errors.append(
                .invalid(path.child("leaseDurationSeconds"), .integer(seconds), "must be greater than 0"))
        }
        errors.nonnegative(spec["leaseTransitions"], path.child("leaseTransitions"))
        if let strategy = spec["strategy"]?.string {
            check(strategy: strategy, path.child("strategy"), &errors)
        } else if !spec.text("preferredHolder").isEmpty {
            errors.append(
                .forbidden(
                    path.child("preferredHolder"), "may only be specified when strategy is defined"))
        }
        return errors
    }

    /// The one built-in strategy, or a name with the domain of whom it belongs to.
    private static func check(strategy: String, _ path: FieldPath, _ errors: inout Errors) {
        if strategy.utf8.contains(0x2F) {
            errors.check(strategy, path, NameRules.qualifiedName)
        } else if strategy != "OldestEmulationVersion" {
            errors.append(.notSupported(path, .string(strategy), ["OldestEmulationVersion"]))
        }
    }
}
