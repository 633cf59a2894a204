import KubeJSON

/// HorizontalPodAutoscalers of autoscaling/v1 and v2.
///
/// v1 has one metric, the utilisation of CPU. What else a v2 object says travels in four annotations of the
/// v1 object: metrics, current metrics and conditions as v1's own types have them, the behaviour with the
/// field names of upstream's internal type. Going to v2 they become fields again; annotations that cannot be
/// read are dropped.
enum AutoscalerConversion {
    private static let metricsKey = "autoscaling.alpha.kubernetes.io/metrics"
    private static let currentMetricsKey = "autoscaling.alpha.kubernetes.io/current-metrics"
    private static let conditionsKey = "autoscaling.alpha.kubernetes.io/conditions"
    private static let behaviorKey = "autoscaling.alpha.kubernetes.io/behavior"
    private static let keys = [metricsKey, currentMetricsKey, conditionsKey, behaviorKey]

    /// The percentage of the requested CPU that an autoscaler aims at when it names no metric.
    static let defaultMetrics: JSON = [
        [
            "type": "Resource",
            "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 80]],
        ]
    ]

    // MARK: v2 to v1

    static func toFirst(_ autoscaler: inout JSON) {
        dropAnnotations(&autoscaler)
        let spec = autoscaler["spec"] ?? .object([:])
        let status = autoscaler["status"] ?? .object([:])
        let metrics = spec.items("metrics")
        let current = status.items("currentMetrics")

        let others = metrics.filter {
            !isCPU($0) || $0.at("resource", "target", "averageUtilization")?.integer == nil
        }
        annotate(&autoscaler, metricsKey, others.map(AutoscalerMetrics.specToFirst))
        annotate(&autoscaler, currentMetricsKey, current.map(AutoscalerMetrics.statusToFirst))
        annotate(
            &autoscaler, conditionsKey,
            status.items("conditions").map { condition in
                var condition = condition
                condition.fillAbsent("lastTransitionTime", .null)
                return condition
            })
        if let behavior = spec["behavior"], behavior.object != nil {
            set(&autoscaler, behaviorKey, AutoscalerBehavior.toInternal(behavior))
        }

        autoscaler.change("spec") { spec in
            spec.drop("metrics")
            spec.drop("behavior")
            if let target = metrics.first(where: isCPU)?.at("resource", "target", "averageUtilization") {
                spec["targetCPUUtilizationPercentage"] = target
            }
        }
        autoscaler.change("status") { status in
            status.drop("currentMetrics")
            status.drop("conditions")
            status.fillAbsent("currentReplicas", 0)
            let used = current.filter(isCPU).compactMap { $0.at("resource", "current", "averageUtilization") }
            if let used = used.last { status["currentCPUUtilizationPercentage"] = used }
        }
    }

    private static func isCPU(_ metric: JSON) -> Bool {
        metric.text("type") == "Resource" && metric["resource"]?.text("name") == "cpu"
    }

    // MARK: v1 to v2

    static func toSecond(_ autoscaler: inout JSON) {
        let metrics = annotation(autoscaler, metricsKey)?.array ?? []
        let current = annotation(autoscaler, currentMetricsKey)?.array ?? []
        let conditions = annotation(autoscaler, conditionsKey)?.array ?? []
        let behavior = annotation(autoscaler, behaviorKey)
        dropAnnotations(&autoscaler)

        autoscaler.fillAbsent("spec", .object([:]))
        autoscaler.change("spec") { spec in
            var all = metrics.map(AutoscalerMetrics.specToSecond)
            if let percentage = spec["targetCPUUtilizationPercentage"], percentage.integer != nil {
                all.append([
                    "type": "Resource",
                    "resource": [
                        "name": "cpu", "target": ["type": "Utilization", "averageUtilization": percentage],
                    ],
                ])
            }
            spec.drop("targetCPUUtilizationPercentage")
            spec["metrics"] = all.isEmpty ? defaultMetrics : .array(all)
            if let behavior, behavior.object != nil {
                spec["behavior"] = AutoscalerBehavior.fromInternal(behavior)
            }
        }
        autoscaler.change("status") { status in
            let used = status["currentCPUUtilizationPercentage"]
            status.drop("currentCPUUtilizationPercentage")
            if status.number("currentReplicas") == 0 { status.drop("currentReplicas") }
            status["currentMetrics"] = .null
            if let used, used.integer != nil {
                status["currentMetrics"] = [
                    [
                        "type": "Resource",
                        "resource": ["name": "cpu", "current": ["averageUtilization": used]],
                    ]
                ]
            }
            // These say more than v1's one number.
            if !current.isEmpty {
                status["currentMetrics"] = .array(current.map(AutoscalerMetrics.statusToSecond))
            }
            if !conditions.isEmpty { status["conditions"] = .array(conditions) }
        }
    }

    // MARK: Annotations

    private static func annotation(_ autoscaler: JSON, _ key: String) -> JSON? {
        guard let text = autoscaler.at("metadata", "annotations", key)?.string else { return nil }
        return try? JSONParser.parse([UInt8](text.utf8))
    }

    private static func annotate(_ autoscaler: inout JSON, _ key: String, _ items: [JSON]) {
        if !items.isEmpty { set(&autoscaler, key, .array(items)) }
    }

    private static func set(_ autoscaler: inout JSON, _ key: String, _ value: JSON) {
        autoscaler.set(.string(JSONWriter.string(value)), at: "metadata", "annotations", key)
    }

    private static func dropAnnotations(_ autoscaler: inout JSON) {
        guard let given = autoscaler.at("metadata", "annotations")?.object,
            keys.contains(where: { given[$0] != nil })
        else { return }
        var kept = JSONObject()
        for (key, value) in given where !keys.contains(key) { kept[key] = value }
        autoscaler.change("metadata") { metadata in
            metadata.drop("annotations")
            if !kept.isEmpty { metadata["annotations"] = .object(kept) }
        }
    }
}

/// Scaling behaviour in the annotation of autoscaling/v1: upstream writes its internal type, whose fields have
/// Go's names, and reads names in any case.
enum AutoscalerBehavior {
    static func toInternal(_ behavior: JSON) -> JSON {
        [
            "ScaleUp": rulesToInternal(behavior["scaleUp"]),
            "ScaleDown": rulesToInternal(behavior["scaleDown"]),
        ]
    }

    private static func rulesToInternal(_ rules: JSON?) -> JSON {
        guard let rules, rules.object != nil else { return .null }
        let policies = rules["policies"]?.array?.map { policy -> JSON in
            [
                "Type": .string(policy.text("type")), "Value": .integer(policy.number("value")),
                "PeriodSeconds": .integer(policy.number("periodSeconds")),
            ]
        }
        return [
            "StabilizationWindowSeconds": rules["stabilizationWindowSeconds"] ?? .null,
            "SelectPolicy": rules["selectPolicy"] ?? .null,
            "Policies": policies.map(JSON.array) ?? .null,
            "Tolerance": rules["tolerance"] ?? .null,
        ]
    }

    static func fromInternal(_ behavior: JSON) -> JSON {
        var result: JSON = [:]
        for key in ["scaleUp", "scaleDown"] {
            guard let rules = member(behavior, key), rules.object != nil else { continue }
            result[key] = rulesFromInternal(rules)
        }
        return result
    }

    private static func rulesFromInternal(_ rules: JSON) -> JSON {
        var result: JSON = [:]
        for key in ["stabilizationWindowSeconds", "selectPolicy", "tolerance"] {
            if let value = member(rules, key), value != .null { result[key] = value }
        }
        if let policies = member(rules, "policies")?.array {
            result["policies"] = .array(
                policies.map { policy in
                    [
                        "type": .string(member(policy, "type")?.string ?? ""),
                        "value": .integer(member(policy, "value")?.integer ?? 0),
                        "periodSeconds": .integer(member(policy, "periodSeconds")?.integer ?? 0),
                    ]
                })
        }
        return result
    }

    private static func member(_ value: JSON, _ key: String) -> JSON? {
        if let exact = value[key] { return exact }
        let wanted = key.lowercased()
        return value.object?.first { $0.key.lowercased() == wanted }?.value
    }
}
