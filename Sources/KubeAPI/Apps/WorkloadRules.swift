import KubeJSON

/// Rules that the kinds with a selector and a pod template share.
enum WorkloadRules {
    static func isEmptySelector(_ selector: JSON) -> Bool {
        (selector["matchLabels"]?.object?.isEmpty ?? true) && selector.items("matchExpressions").isEmpty
    }

    static func matches(_ selector: JSON, _ labels: JSONObject) -> Bool {
        for (key, value) in selector["matchLabels"]?.object ?? [:] where labels[key] != value { return false }
        for requirement in selector.items("matchExpressions") {
            let value = labels[requirement.text("key")]?.string
            let isListed = value.map(requirement.texts("values").contains) ?? false
            let holds =
                switch requirement.text("operator") {
                case "In": isListed
                case "NotIn": !isListed
                case "Exists": value != nil
                case "DoesNotExist": value == nil
                default: false
                }
            if !holds { return false }
        }
        return true
    }

    static func selector(_ spec: JSON, emptyWords: String, _ errors: inout Errors) {
        let path = FieldPath("spec", "selector")
        guard let selector = spec["selector"], selector.object != nil else {
            errors.append(.required(path))
            return
        }
        errors += FieldRules.labelSelector(selector, path)
        if isEmptySelector(selector) { errors.append(.invalid(path, selector, emptyWords)) }
    }

    /// The template, which the selector has to match and whose pods have to be restarted always.
    static func template(_ spec: JSON, _ errors: inout Errors) {
        let path = FieldPath("spec", "template")
        let template = spec["template"] ?? .object([:])
        let labels = template.at("metadata", "labels")?.object ?? [:]
        let selector = spec["selector"] ?? .object([:])
        // A missing selector matches nothing; an empty one is reported by its own rule.
        let isMissing = spec["selector"]?.object == nil
        if isMissing || (!isEmptySelector(selector) && !matches(selector, labels)) {
            errors.append(
                .invalid(
                    path.child("metadata", "labels"), .object(labels),
                    "`selector` does not match template `labels`"))
        }
        errors += PodSpecRules.validateTemplate(template, path)
        restartAlways(template, path, &errors)
    }

    static func restartAlways(_ template: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let policy = template["spec"]?.text("restartPolicy") ?? ""
        if policy != "Always" {
            errors.append(
                .notSupported(path.child("spec", "restartPolicy"), .string(policy), ["Always"]))
        }
        if template.at("spec", "activeDeadlineSeconds") != nil {
            errors.append(
                .forbidden(
                    path.child("spec", "activeDeadlineSeconds"),
                    "activeDeadlineSeconds in ReplicaSet is not Supported"))
        }
    }

    /// Whether an integer or a percentage is zero; a text that is no percentage is not.
    static func isZero(_ value: JSON?) -> Bool {
        switch value {
        case .integer(let number): number == 0
        case .string(let text): text == "0%"
        case nil: true
        default: false
        }
    }

    static func atMostAllPods(_ value: JSON?, _ path: FieldPath, _ errors: inout Errors) {
        guard case .string(let text) = value, text.hasSuffix("%"), let number = Int(text.dropLast()),
            number > 100
        else { return }
        errors.append(.invalid(path, .string(text), "must not be greater than 100%"))
    }

    /// Names that pods cannot take over as they are.
    static func nameWarnings(_ object: JSON) -> [String] {
        let problems = NameRules.dns1123Label(object.name)
        if problems.isEmpty { return [] }
        return [
            "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; "
                + "a DNS label is recommended: [\(problems.joined(separator: " "))]"
        ]
    }

    static func templateWarnings(_ object: JSON) -> [String] {
        PodWarnings.warnings(
            object.at("spec", "template", "spec") ?? .null, FieldPath("spec", "template", "spec"),
            metadata: object.at("spec", "template", "metadata"))
    }

    static func nonnegative(_ status: JSON, _ keys: [String], _ errors: inout Errors) {
        for key in keys { errors.nonnegative(status[key], FieldPath("status", key)) }
    }
}
