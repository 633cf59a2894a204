import KubeJSON

/// What is wrong with an autoscaling/v2 HorizontalPodAutoscaler (pkg/apis/autoscaling/validation).
struct AutoscalerRules {
    private var leastReplicas: Int64 = 1
    /// The old object's reference was wrong already.
    private var allowsInvalidReference = false
    private var errors: Errors = []

    init(old: JSON?) {
        guard let old else { return }
        if old.at("spec", "minReplicas")?.integer == 0 { leastReplicas = 0 }
        let reference = old.at("spec", "scaleTargetRef") ?? .object([:])
        allowsInvalidReference = Self.problem(of: reference, allowsCore: false) != nil
    }

    func validate(_ autoscaler: JSON) -> Errors {
        var rules = self
        rules.spec(autoscaler["spec"] ?? .object([:]), FieldPath("spec"))
        return rules.errors
    }

    private mutating func spec(_ spec: JSON, _ path: FieldPath) {
        let least = spec["minReplicas"]?.integer
        let most = spec.number("maxReplicas")
        if let least, least < leastReplicas {
            errors.append(
                .invalid(
                    path.child("minReplicas"), .integer(least),
                    "must be greater than or equal to \(leastReplicas)"))
        }
        if most < 1 {
            errors.append(.invalid(path.child("maxReplicas"), .integer(most), "must be greater than 0"))
        }
        if let least, most < least {
            errors.append(
                .invalid(
                    path.child("maxReplicas"), .integer(most),
                    "must be greater than or equal to `minReplicas`"))
        }
        reference(
            spec["scaleTargetRef"] ?? .object([:]), path.child("scaleTargetRef"), allowsCore: false)
        let metrics = spec.items("metrics")
        for (index, metric) in metrics.enumerated() {
            self.metric(metric, path.child("metrics").index(index))
        }
        if least == 0, !metrics.contains(where: { ["Object", "External"].contains($0.text("type")) }) {
            errors.append(
                .forbidden(
                    path.child("metrics"),
                    "must specify at least one Object or External metric to support scaling to zero replicas")
            )
        }
        for direction in ["scaleUp", "scaleDown"] {
            if let rules = spec.at("behavior", direction), rules.object != nil {
                scaling(rules, path.child("behavior", direction))
            }
        }
    }

    // MARK: References

    private mutating func reference(_ target: JSON, _ path: FieldPath, allowsCore: Bool) {
        for key in ["kind", "name"] {
            let text = target.text(key)
            if text.isEmpty {
                errors.append(.required(path.child(key)))
            } else {
                errors.check(text, path.child(key)) { NameRules.pathSegment($0) }
            }
        }
        if !allowsInvalidReference || allowsCore,
            let words = Self.problem(of: target, allowsCore: allowsCore)
        {
            errors.append(.invalid(path.child("apiVersion"), .string(target.text("apiVersion")), words))
        }
    }

    /// What is wrong with the API version of a reference. The one kind of the core group that can be scaled
    /// is the ReplicationController.
    private static func problem(of target: JSON, allowsCore: Bool) -> String? {
        let version = target.text("apiVersion")
        let slashes = version.utf8.count { $0 == 0x2F }
        if slashes > 1 { return "unexpected GroupVersion string: \(version)" }
        let hasGroup = slashes == 1 && version != "/" && !version.hasPrefix("/")
        if hasGroup || allowsCore || target.text("kind") == "ReplicationController" { return nil }
        return "apiVersion must specify API group"
    }

    // MARK: Metrics

    private static let fields = [
        "ContainerResource": "containerResource", "External": "external", "Object": "object",
        "Pods": "pods", "Resource": "resource",
    ]

    private mutating func metric(_ metric: JSON, _ path: FieldPath) {
        let type = metric.text("type")
        let expected = Self.fields[type]
        let unsupported = FieldError.notSupported(
            path.child("type"), .string(type), Self.fields.keys.sorted())
        if type.isEmpty {
            errors.append(.required(path.child("type"), "must specify a metric source type"))
        }
        if expected == nil { errors.append(unsupported) }

        let present = ["object", "external", "pods", "resource", "containerResource"].filter {
            metric[$0]?.object != nil
        }
        if let first = present.first { source(first, metric[first] ?? .null, path.child(first)) }
        if let expected {
            if !present.contains(expected) {
                errors.append(
                    .required(
                        path.child(expected), "must populate information for the given metric source"))
            }
        } else {
            errors.append(unsupported)
        }
        guard present.count != 1 else { return }
        for other in present where other != expected {
            errors.append(.forbidden(path.child(other), "must populate the given metric source only"))
        }
    }

    private mutating func source(_ field: String, _ source: JSON, _ path: FieldPath) {
        let target = source["target"] ?? .object([:])
        let targetPath = path.child("target")
        if field == "object" {
            reference(
                source["describedObject"] ?? .object([:]), path.child("describedObject"), allowsCore: true)
        }
        switch field {
        case "object", "external", "pods":
            let name = source["metric"]?.text("name") ?? ""
            if name.isEmpty {
                errors.append(.required(path.child("metric", "name"), "must specify a metric name"))
            } else {
                errors.check(name, path.child("metric", "name")) { NameRules.pathSegment($0) }
            }
        default:
            let name = source.text("name")
            if name.isEmpty {
                errors.append(.required(path.child("name"), "must specify a resource name"))
            } else if field == "containerResource" {
                errors += ResourceRules.containerName(name, path.child("name"))
            }
            if field == "containerResource" {
                let container = source.text("container")
                if container.isEmpty {
                    errors.append(.required(path.child("container"), "must specify a container"))
                } else {
                    errors.label(container, path.child("container"))
                }
            }
        }
        self.target(target, targetPath)
        let hasAverage = target["averageValue"] != nil
        switch field {
        case "pods":
            if !hasAverage {
                errors.append(
                    .required(
                        targetPath.child("averageValue"), "must specify a positive target averageValue"))
            }
        case "object", "external":
            if target["value"] == nil, !hasAverage {
                errors.append(
                    .required(
                        targetPath.child("averageValue"),
                        field == "object"
                            ? "must set either a target value or averageValue"
                            : "must set either a target value for metric or a per-pod target"))
            }
            if field == "external", target["value"] != nil, hasAverage {
                errors.append(
                    .forbidden(
                        targetPath.child("value"),
                        "may not set both a target value for metric and a per-pod target"))
            }
        default:
            switch (target["averageUtilization"] != nil, hasAverage) {
            case (false, false):
                errors.append(
                    .required(
                        targetPath.child("averageUtilization"),
                        "must set either a target raw value or a target utilization"))
            case (true, true):
                errors.append(
                    .forbidden(
                        targetPath.child("averageValue"),
                        "may not set both a target raw value and a target utilization"))
            default: break
            }
        }
    }

    private mutating func target(_ target: JSON, _ path: FieldPath) {
        let type = target.text("type")
        if type.isEmpty {
            errors.append(.required(path.child("type"), "must specify a metric target type"))
        }
        if !["Utilization", "Value", "AverageValue"].contains(type) {
            errors.append(
                .invalid(
                    path.child("type"), .string(type), "must be either Utilization, Value, or AverageValue"))
        }
        for key in ["value", "averageValue"] {
            guard let value = target[key], let quantity = value.string.flatMap({ Quantity($0) }) else {
                continue
            }
            if quantity <= Quantity(0) {
                errors.append(.invalid(path.child(key), value, "must be positive"))
            }
        }
        if let utilization = target["averageUtilization"]?.integer, utilization < 1 {
            errors.append(
                .invalid(
                    path.child("averageUtilization"), .integer(utilization), "must be greater than 0"))
        }
    }

    // MARK: Behaviour

    private mutating func scaling(_ rules: JSON, _ path: FieldPath) {
        let windowPath = path.child("stabilizationWindowSeconds")
        if let window = rules["stabilizationWindowSeconds"]?.integer {
            if window < 0 {
                errors.append(
                    .invalid(windowPath, .integer(window), "must be greater than or equal to zero"))
            }
            if window > 3_600 {
                errors.append(
                    .invalid(windowPath, .integer(window), "must be less than or equal to 3600"))
            }
        }
        errors.optionalOneOf(
            rules["selectPolicy"], path.child("selectPolicy"), ["Disabled", "Max", "Min"])
        let policies = rules.items("policies")
        let policiesPath = path.child("policies")
        if policies.isEmpty {
            errors.append(.required(policiesPath, "must specify at least one Policy"))
        }
        for (index, policy) in policies.enumerated() {
            let path = policiesPath.index(index)
            let type = policy.text("type")
            if type != "Pods", type != "Percent" {
                errors.append(.notSupported(path.child("type"), .string(type), ["Percent", "Pods"]))
            }
            for key in ["value", "periodSeconds"] where policy.number(key) <= 0 {
                errors.append(
                    .invalid(path.child(key), .integer(policy.number(key)), "must be greater than zero"))
            }
            if policy.number("periodSeconds") > 1_800 {
                errors.append(
                    .invalid(
                        path.child("periodSeconds"), .integer(policy.number("periodSeconds")),
                        "must be less than or equal to 1800"))
            }
        }
        if let value = rules["tolerance"], let tolerance = value.string.flatMap({ Quantity($0) }),
            tolerance < Quantity(0)
        {
            errors.append(.invalid(path.child("tolerance"), value, FieldRules.negativeWords))
        }
    }
}
