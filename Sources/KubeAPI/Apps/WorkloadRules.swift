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

    /// The required selector of a workload, and then its template if the selector can be read.
    static func selectorAndTemplate(
        _ spec: JSON, emptyWords: String, invalidWords: String, _ errors: inout Errors,
        _ template: (inout Errors) -> Void
    ) {
        let path = FieldPath("spec", "selector")
        guard let selector = spec["selector"], selector.object != nil else {
            errors.append(.required(path))
            // A selector that is missing matches nothing.
            mismatch(spec, &errors)
            template(&errors)
            return
        }
        let found = FieldRules.labelSelector(selector, path)
        errors += found
        let isEmpty = isEmptySelector(selector)
        if isEmpty { errors.append(.invalid(path, selector, emptyWords)) }
        if !found.isEmpty {
            errors.append(.invalid(path, selector, invalidWords))
            return
        }
        let labels = spec.at("template", "metadata", "labels")?.object ?? [:]
        if !isEmpty, !matches(selector, labels) { mismatch(spec, &errors) }
        template(&errors)
    }

    static func mismatch(_ spec: JSON, _ errors: inout Errors) {
        errors.append(
            .invalid(
                FieldPath("spec", "template", "metadata", "labels"),
                spec.at("template", "metadata", "labels") ?? .null,
                "`selector` does not match template `labels`"))
    }

    /// A template whose pods are restarted always and run without end.
    static func endlessTemplate(_ spec: JSON, kind: String, _ errors: inout Errors) {
        let path = FieldPath("spec", "template")
        let template = spec["template"] ?? .object([:])
        errors += PodSpecRules.validateTemplate(template, path)
        restartAlways(template, kind: kind, &errors)
    }

    static func restartAlways(_ template: JSON, kind: String, _ errors: inout Errors) {
        let path = FieldPath("spec", "template", "spec")
        let policy = template["spec"]?.text("restartPolicy") ?? ""
        if policy != "Always" {
            errors.append(.notSupported(path.child("restartPolicy"), .string(policy), ["Always"]))
        }
        if template.at("spec", "activeDeadlineSeconds") != nil {
            errors.append(
                .forbidden(
                    path.child("activeDeadlineSeconds"),
                    "activeDeadlineSeconds in \(kind) is not Supported"))
        }
    }

    /// Counters of a status: none negative, none above another.
    static func atMost(
        _ status: JSON, _ keys: [String], _ limit: String, _ words: String, _ errors: inout Errors
    ) {
        for key in keys where status.number(key) > status.number(limit) {
            errors.append(.invalid(FieldPath("status", key), .integer(status.number(key)), words))
        }
    }

    /// The count of hash collisions only grows.
    static func collisions(_ new: JSON, _ old: JSON, _ errors: inout Errors) {
        guard let before = old.at("status", "collisionCount")?.integer else { return }
        let count = new.at("status", "collisionCount")?.integer
        if let count, count >= before { return }
        errors.append(
            .invalid(
                FieldPath("status", "collisionCount"), .integer(count ?? 0), "cannot be decremented"))
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

    /// Warnings about the template; on an update only when the spec changes.
    static func templateWarnings(_ object: JSON, _ old: JSON?) -> [String] {
        if let old, FieldRules.same(object["spec"], old["spec"]) { return [] }
        return templateWarnings(object)
    }

    private static func templateWarnings(_ object: JSON) -> [String] {
        PodWarnings.warnings(
            object.at("spec", "template", "spec") ?? .null, FieldPath("spec", "template", "spec"),
            metadata: object.at("spec", "template", "metadata"))
    }

    static func nonnegative(_ status: JSON, _ keys: [String], _ errors: inout Errors) {
        for key in keys { errors.nonnegative(status[key], FieldPath("status", key)) }
    }
}
