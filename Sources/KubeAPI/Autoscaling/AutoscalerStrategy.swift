import KubeJSON

/// HorizontalPodAutoscalers: the rules that v1 and v2 share, and v2's default metric.
enum AutoscalerStrategy {
    static let autoscaler = Strategy { strategy in
        strategy.setDefaults = { autoscaler in
            // v1 objects keep their one metric in targetCPUUtilizationPercentage.
            let hasMetrics = autoscaler.text("apiVersion") != "autoscaling/v1"
            autoscaler.fillAbsent("spec", .object([:]))
            autoscaler.change("spec") { spec in
                spec.fillAbsent("minReplicas", 1)
                guard hasMetrics, spec.items("metrics").isEmpty else { return }
                let target: JSON = ["type": "Utilization", "averageUtilization": 80]
                spec["metrics"] = [["type": "Resource", "resource": ["name": "cpu", "target": target]]]
            }
        }
        strategy.splitStatus()
        strategy.validate = validate
        strategy.validateUpdate = { new, _ in validate(new) }
    }

    private static let sources = [
        "ContainerResource": "containerResource", "External": "external", "Object": "object",
        "Pods": "pods", "Resource": "resource",
    ]

    @Sendable private static func validate(_ autoscaler: JSON) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = autoscaler["spec"] ?? .object([:])
        if let least = spec["minReplicas"]?.integer, least < 1 {
            errors.append(
                .invalid(path.child("minReplicas"), .integer(least), "must be greater than or equal to 1"))
        }
        let most = spec.number("maxReplicas")
        if most < 1 {
            errors.append(.invalid(path.child("maxReplicas"), .integer(most), "must be greater than 0"))
        }
        if let least = spec["minReplicas"]?.integer, most < least {
            errors.append(
                .invalid(
                    path.child("maxReplicas"), .integer(most),
                    "must be greater than or equal to `minReplicas`"))
        }
        reference(spec["scaleTargetRef"] ?? .object([:]), path.child("scaleTargetRef"), &errors)
        for (index, metric) in spec.items("metrics").enumerated() {
            let path = path.child("metrics").index(index)
            let type = metric.text("type")
            guard let source = sources[type] else {
                errors.append(
                    type.isEmpty
                        ? .required(path.child("type"), "must specify a metric source type")
                        : .notSupported(path.child("type"), .string(type), sources.keys.sorted()))
                continue
            }
            if metric[source] == nil {
                errors.append(
                    .required(
                        path.child(source), "must populate information for the given metric source"))
            }
        }
        return errors
    }

    private static func reference(_ target: JSON, _ path: FieldPath, _ errors: inout Errors) {
        for key in ["kind", "name"] {
            let text = target.text(key)
            if text.isEmpty {
                errors.append(.required(path.child(key)))
            } else {
                errors.check(text, path.child(key)) { NameRules.pathSegment($0) }
            }
        }
        // Only the core group has kinds without a group, of which one can be scaled.
        if target.text("apiVersion").isEmpty, target.text("kind") != "ReplicationController" {
            errors.append(.invalid(path.child("apiVersion"), "", "apiVersion must specify API group"))
        }
    }
}
