import KubeJSON

/// HorizontalPodAutoscalers (pkg/apis/autoscaling). Rules are about v2; a v1 object is checked as the v2
/// object that it stands for.
enum AutoscalerStrategy {
    static let autoscaler = Strategy { strategy in
        strategy.setDefaults = { autoscaler in
            // v1 objects keep their one metric in targetCPUUtilizationPercentage.
            let isSecond = autoscaler.text("apiVersion") != "autoscaling/v1"
            autoscaler.fillAbsent("spec", .object([:]))
            autoscaler.change("spec") { spec in
                spec.fillAbsent("minReplicas", 1)
                guard isSecond else { return }
                if spec.items("metrics").isEmpty { spec["metrics"] = AutoscalerConversion.defaultMetrics }
                spec.change("behavior", setBehaviorDefaults)
            }
        }
        strategy.splitStatus()
        strategy.validate = { AutoscalerRules(old: nil).validate(second($0)) }
        strategy.validateUpdate = { AutoscalerRules(old: second($1)).validate(second($0)) }
        strategy.validateStatusUpdate = { new, _ in
            var errors: Errors = []
            WorkloadRules.nonnegative(
                new["status"] ?? .object([:]), ["currentReplicas", "desiredReplicas"], &errors)
            return errors
        }
    }

    private static func second(_ autoscaler: JSON) -> JSON {
        VersionConversion.convert(
            autoscaler, to: GroupVersionKind("autoscaling", "v2", "HorizontalPodAutoscaler"))
    }

    private static let percent: JSON = ["type": "Percent", "value": 100, "periodSeconds": 15]

    /// A behaviour that is there says everything, except how long scaling down waits: a setting of the
    /// controller gives that.
    private static func setBehaviorDefaults(_ behavior: inout JSON) {
        guard behavior.object != nil else { return }
        for direction in ["scaleUp", "scaleDown"] {
            var rules = behavior[direction] ?? .object([:])
            if rules.object == nil { rules = .object([:]) }
            rules.fillAbsent("selectPolicy", "Max")
            if direction == "scaleUp" {
                rules.fillAbsent("stabilizationWindowSeconds", 0)
                rules.fillAbsent("policies", [["type": "Pods", "value": 4, "periodSeconds": 15], percent])
            } else {
                rules.fillAbsent("policies", [percent])
            }
            behavior[direction] = rules
        }
    }
}
