import KubeJSON

/// Metrics of autoscaling/v2 and their flat forms in autoscaling/v1.
enum AutoscalerMetrics {
    private static let sources = ["object", "pods", "resource", "containerResource", "external"]

    static func specToFirst(_ metric: JSON) -> JSON { convert(metric, specToFirst) }
    static func specToSecond(_ metric: JSON) -> JSON { convert(metric, specToSecond) }
    static func statusToFirst(_ metric: JSON) -> JSON { convert(metric, statusToFirst) }
    static func statusToSecond(_ metric: JSON) -> JSON { convert(metric, statusToSecond) }

    private static func convert(_ metric: JSON, _ rule: (String, JSON) -> JSON) -> JSON {
        var result: JSON = ["type": .string(metric.text("type"))]
        for source in sources {
            if let value = metric[source], value.object != nil { result[source] = rule(source, value) }
        }
        return result
    }

    // MARK: Targets

    private static func specToFirst(_ source: String, _ value: JSON) -> JSON {
        let target = value["target"] ?? .object([:])
        var result: JSON = [:]
        switch source {
        case "object":
            result["target"] = reference(value["describedObject"])
            result["metricName"] = .string(value["metric"]?.text("name") ?? "")
            result["targetValue"] = target["value"] ?? "0"
            copy(value["metric"]?["selector"], to: "selector", &result)
            copy(target["averageValue"], to: "averageValue", &result)
        case "pods":
            result["metricName"] = .string(value["metric"]?.text("name") ?? "")
            result["targetAverageValue"] = target["averageValue"] ?? "0"
            copy(value["metric"]?["selector"], to: "selector", &result)
        case "external":
            result["metricName"] = .string(value["metric"]?.text("name") ?? "")
            copy(value["metric"]?["selector"], to: "metricSelector", &result)
            copy(target["value"], to: "targetValue", &result)
            copy(target["averageValue"], to: "targetAverageValue", &result)
        default:
            result["name"] = .string(value.text("name"))
            copy(target["averageUtilization"], to: "targetAverageUtilization", &result)
            copy(target["averageValue"], to: "targetAverageValue", &result)
            if source == "containerResource" { result["container"] = .string(value.text("container")) }
        }
        return result
    }

    private static func specToSecond(_ source: String, _ value: JSON) -> JSON {
        var target: JSON = [:]
        var result: JSON = [:]
        switch source {
        case "object":
            let average = given(value["averageValue"])
            target["type"] = average == nil ? "Value" : "AverageValue"
            // v1 always writes a value; beside an average its zero stands for none.
            let whole = value["targetValue"] ?? "0"
            if average == nil || whole != "0" { target["value"] = whole }
            copy(average, to: "averageValue", &target)
            result["describedObject"] = reference(value["target"])
            result["target"] = target
            result["metric"] = identifier(value, "selector")
        case "pods":
            target["type"] = "AverageValue"
            target["averageValue"] = value["targetAverageValue"] ?? "0"
            result["metric"] = identifier(value, "selector")
            result["target"] = target
        case "external":
            let average = given(value["targetAverageValue"])
            target["type"] = average == nil ? "Value" : "AverageValue"
            copy(value["targetValue"], to: "value", &target)
            copy(average, to: "averageValue", &target)
            result["metric"] = identifier(value, "metricSelector")
            result["target"] = target
        default:
            let average = given(value["targetAverageValue"])
            target["type"] = average == nil ? "Utilization" : "AverageValue"
            copy(value["targetAverageUtilization"], to: "averageUtilization", &target)
            copy(average, to: "averageValue", &target)
            result["name"] = .string(value.text("name"))
            result["target"] = target
            if source == "containerResource" { result["container"] = .string(value.text("container")) }
        }
        return result
    }

    // MARK: Current values

    private static func statusToFirst(_ source: String, _ value: JSON) -> JSON {
        let current = value["current"] ?? .object([:])
        var result: JSON = [:]
        switch source {
        case "object":
            result["target"] = reference(value["describedObject"])
            result["metricName"] = .string(value["metric"]?.text("name") ?? "")
            result["currentValue"] = current["value"] ?? "0"
            copy(value["metric"]?["selector"], to: "selector", &result)
            copy(current["averageValue"], to: "averageValue", &result)
        case "pods":
            result["metricName"] = .string(value["metric"]?.text("name") ?? "")
            result["currentAverageValue"] = current["averageValue"] ?? "0"
            copy(value["metric"]?["selector"], to: "selector", &result)
        case "external":
            result["metricName"] = .string(value["metric"]?.text("name") ?? "")
            copy(value["metric"]?["selector"], to: "metricSelector", &result)
            result["currentValue"] = current["value"] ?? "0"
            copy(current["averageValue"], to: "currentAverageValue", &result)
        default:
            result["name"] = .string(value.text("name"))
            copy(current["averageUtilization"], to: "currentAverageUtilization", &result)
            result["currentAverageValue"] = current["averageValue"] ?? "0"
            if source == "containerResource" { result["container"] = .string(value.text("container")) }
        }
        return result
    }

    private static func statusToSecond(_ source: String, _ value: JSON) -> JSON {
        var current: JSON = [:]
        var result: JSON = [:]
        switch source {
        case "object":
            current["value"] = value["currentValue"] ?? "0"
            copy(value["averageValue"], to: "averageValue", &current)
            result["metric"] = identifier(value, "selector")
            result["current"] = current
            result["describedObject"] = reference(value["target"])
        case "pods":
            current["averageValue"] = value["currentAverageValue"] ?? "0"
            result["metric"] = identifier(value, "selector")
            result["current"] = current
        case "external":
            current["value"] = value["currentValue"] ?? "0"
            copy(value["currentAverageValue"], to: "averageValue", &current)
            result["metric"] = identifier(value, "metricSelector")
            result["current"] = current
        default:
            current["averageValue"] = value["currentAverageValue"] ?? "0"
            copy(value["currentAverageUtilization"], to: "averageUtilization", &current)
            result["name"] = .string(value.text("name"))
            result["current"] = current
            if source == "containerResource" { result["container"] = .string(value.text("container")) }
        }
        return result
    }

    // MARK: Parts

    private static func given(_ value: JSON?) -> JSON? { value == .null ? nil : value }

    private static func copy(_ value: JSON?, to key: String, _ result: inout JSON) {
        if let value = given(value) { result[key] = value }
    }

    private static func identifier(_ value: JSON, _ selectorKey: String) -> JSON {
        var metric: JSON = ["name": .string(value.text("metricName"))]
        copy(value[selectorKey], to: "selector", &metric)
        return metric
    }

    private static func reference(_ value: JSON?) -> JSON {
        var result: JSON = [
            "kind": .string(value?.text("kind") ?? ""), "name": .string(value?.text("name") ?? ""),
        ]
        copy(value?["apiVersion"], to: "apiVersion", &result)
        return result
    }
}
