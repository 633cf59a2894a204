import KubeJSON

/// The priorities that only the system gives, and the most that others can.
enum SystemPriorityClasses {
    static let prefix = "system-"
    static let highestUserValue: Int64 = 1_000_000_000
    static let values: [String: Int64] = [
        "system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000,
    ]

    @Sendable static func validate(_ object: JSON) -> Errors {
        var errors: Errors = []
        let name = object["metadata"]?.text("name") ?? ""
        if name.hasPrefix(prefix) {
            if let reason = misuse(object, name) {
                errors.append(
                    .forbidden(
                        FieldPath("metadata", "name"),
                        "priority class names with '\(prefix)' prefix are reserved for system use only. "
                            + "error: \(reason)"))
            }
        } else if object.number("value") > highestUserValue {
            errors.append(
                .forbidden(
                    FieldPath("value"),
                    "maximum allowed value of a user defined priority is \(highestUserValue)"))
        }
        errors.oneOf(
            object.text("preemptionPolicy"), FieldPath("preemptionPolicy"),
            ["Never", "PreemptLowerPriority"])
        return errors
    }

    private static func misuse(_ object: JSON, _ name: String) -> String? {
        guard let value = values[name] else { return "\(name) is not a known system priority class" }
        if object.number("value") != value { return "value of \(name) PriorityClass must be \(value)" }
        if object.flag("globalDefault") { return "globalDefault of \(name) PriorityClass must be false" }
        return nil
    }
}
