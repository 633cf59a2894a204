import KubeJSON

extension CellPrinter {
    func job() -> [JSON] {
        let conditions = object.at("status", "conditions")?.array ?? []
        func has(_ type: String) -> Bool {
            conditions.contains { $0["type"]?.string == type && $0["status"]?.string == "True" }
        }
        let state: JSON =
            has("Complete")
            ? "Complete"
            : has("Failed")
                ? "Failed"
                : isDeleted
                    ? "Terminating"
                    : has("Suspended")
                        ? "Suspended"
                        : has("FailureTarget")
                            ? "FailureTarget" : has("SuccessCriteriaMet") ? "SuccessCriteriaMet" : "Running"
        let succeeded = object.at("status", "succeeded")?.integer ?? 0
        var completions = "\(succeeded)/\(object.at("spec", "completions")?.integer ?? 1)"
        let parallelism = object.at("spec", "parallelism")?.integer ?? 0
        if object.at("spec", "completions")?.integer == nil, parallelism > 1 {
            completions += " of \(parallelism)"
        }
        var duration = ""
        if let start = object.at("status", "startTime")?.string.flatMap(DurationFormat.seconds) {
            let end = object.at("status", "completionTime")?.string.flatMap(DurationFormat.seconds)
            duration = DurationFormat.human((end ?? now) - start)
        }
        return [name, state, .string(completions), .string(duration), age]
            + containers(object.at("spec", "template")) + [selector(object.at("spec", "selector"))]
    }

    func cronJob() -> [JSON] {
        let last = object.at("status", "lastScheduleTime")
        let job = object.at("spec", "jobTemplate", "spec")
        let suspend: JSON =
            object.at("spec", "suspend")?.bool.map { $0 ? "True" : "False" } ?? "<unset>"
        return [
            name, text("spec", "schedule"), text("spec", "timeZone", or: "<none>"), suspend,
            size("status", "active"), last?.string == nil ? "<none>" : since(last), age,
        ] + containers(job?["template"]) + [selector(job?["selector"])]
    }

    func autoscaler() -> [JSON] {
        let target = object.at("spec", "scaleTargetRef")
        let to = "\(target?["kind"]?.string ?? "")/\(target?["name"]?.string ?? "")"
        return [
            name, .string(to), .string(metrics()), plain(object.at("spec", "minReplicas"), or: "<unset>"),
            count("spec", "maxReplicas"), count("status", "currentReplicas"), age,
        ]
    }

    /// Current and wanted value of the first two metrics.
    private func metrics() -> String {
        if let target = object.at("spec", "targetCPUUtilizationPercentage")?.integer {
            let current = object.at("status", "currentCPUUtilizationPercentage")?.integer
            return "cpu: \(current.map { "\($0)%" } ?? "<unknown>")/\(target)%"
        }
        let specs = object.at("spec", "metrics")?.array ?? []
        if specs.isEmpty { return "<none>" }
        let statuses = object.at("status", "currentMetrics")?.array
        let list = specs.enumerated().prefix(2).map { index, spec -> String in
            let type = spec["type"]?.string ?? ""
            let member = type.prefix(1).lowercased() + type.dropFirst()
            let target = spec[member]?["target"]
            let current = statuses.flatMap { index < $0.count ? $0[index][member]?["current"] : nil }
            var key = "value"
            var suffix = ""
            if let average = target?["averageValue"], !average.isNull {
                key = "averageValue"
                suffix = type == "External" || type == "Object" ? " (avg)" : ""
            } else if type.hasSuffix("Resource") {
                key = "averageUtilization"
            }
            let unit = key == "averageUtilization" ? "%" : ""
            func show(_ value: JSON?) -> String {
                guard let value, !value.isNull else { return "<unknown>" }
                return (plain(value, or: "<unknown>").string ?? "") + unit
            }
            let prefix = type.hasSuffix("Resource") ? "\(spec[member]?["name"]?.string ?? ""): " : ""
            return "\(prefix)\(show(current?[key]))/\(show(target?[key]))\(suffix)"
        }
        let text = list.joined(separator: ", ")
        return specs.count > 2 ? "\(text) + \(specs.count - 2) more..." : text
    }
}
