import KubeJSON

/// When a Job fails early and when it succeeds early: podFailurePolicy and successPolicy.
enum JobPolicyRules {
    private static let actions = ["Count", "FailIndex", "FailJob", "Ignore"]
    private static let rulesLimit = 20

    static func failure(_ policy: JSON, _ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let path = path.child("rules")
        let rules = policy.items("rules")
        if rules.count > rulesLimit { errors.append(.tooMany(path, rules.count, rulesLimit)) }
        let pod = spec.at("template", "spec") ?? .null
        let names = Set((pod.items("containers") + pod.items("initContainers")).map { $0.text("name") })
        for (index, rule) in rules.enumerated() {
            failureRule(rule, spec, path.index(index), names, &errors)
        }
    }

    private static func failureRule(
        _ rule: JSON, _ spec: JSON, _ path: FieldPath, _ names: Set<String>, _ errors: inout Errors
    ) {
        let action = rule.text("action")
        if action == "FailIndex" {
            if spec["backoffLimitPerIndex"] == nil {
                errors.append(
                    .invalid(
                        path.child("action"), .string(action),
                        "requires the backoffLimitPerIndex to be set"))
            }
        } else {
            choice(action, path.child("action"), actions, &errors)
        }
        let codes = rule["onExitCodes"]
        if let codes { exitCodes(codes, path.child("onExitCodes"), names, &errors) }
        let conditions = rule.items("onPodConditions")
        podConditions(conditions, path.child("onPodConditions"), &errors)
        switch (codes == nil, conditions.isEmpty) {
        case (false, false):
            errors.append(
                FieldError(
                    .invalid, path, nil, "specifying both OnExitCodes and OnPodConditions is not supported"))
        case (true, true):
            errors.append(
                FieldError(
                    .invalid, path, nil, "specifying one of OnExitCodes and OnPodConditions is required"))
        default: break
        }
    }

    /// A value that has to be there and to be one of a few.
    private static func choice(
        _ text: String, _ path: FieldPath, _ supported: [String], _ errors: inout Errors
    ) {
        if supported.contains(text) { return }
        let list = supported.map { "\"\($0)\"" }.joined(separator: " ")
        errors.append(
            text.isEmpty
                ? .required(path, "valid values: [\(list)]") : .notSupported(path, .string(text), supported))
    }

    private static func podConditions(_ patterns: [JSON], _ path: FieldPath, _ errors: inout Errors) {
        if patterns.count > rulesLimit { errors.append(.tooMany(path, patterns.count, rulesLimit)) }
        for (index, pattern) in patterns.enumerated() {
            let path = path.index(index)
            errors.check(pattern.text("type"), path.child("type")) { NameRules.qualifiedName($0) }
            choice(pattern.text("status"), path.child("status"), ["False", "True", "Unknown"], &errors)
        }
    }

    private static func exitCodes(
        _ codes: JSON, _ path: FieldPath, _ names: Set<String>, _ errors: inout Errors
    ) {
        let operation = codes.text("operator")
        choice(operation, path.child("operator"), ["In", "NotIn"], &errors)
        if let name = codes["containerName"]?.string, !names.contains(name) {
            errors.append(
                .invalid(
                    path.child("containerName"), .string(name),
                    "must be one of the container or initContainer names in the pod template"))
        }
        let values = codes.items("values").compactMap(\.integer)
        let valuesPath = path.child("values")
        let shown = codes["values"] ?? .null
        if values.isEmpty {
            errors.append(.invalid(valuesPath, shown, "at least one value is required"))
        } else if values.count > 255 {
            errors.append(.tooMany(valuesPath, values.count, 255))
        }
        var seen: Set<Int64> = []
        for (index, value) in values.enumerated() {
            let path = valuesPath.index(index)
            if operation == "In", value == 0 {
                errors.append(.invalid(path, 0, "must not be 0 for the In operator"))
            }
            if !seen.insert(value).inserted { errors.append(.duplicate(path, .integer(value))) }
        }
        if zip(values, values.dropFirst()).contains(where: { $0 > $1 }) {
            errors.append(.invalid(valuesPath, shown, "must be ordered"))
        }
    }

    // MARK: Success

    static func success(_ policy: JSON, _ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let path = path.child("rules")
        let rules = policy.items("rules")
        if rules.isEmpty {
            errors.append(
                .required(path, "at least one rules must be specified when the successPolicy is specified"))
        }
        if rules.count > rulesLimit { errors.append(.tooMany(path, rules.count, rulesLimit)) }
        // Whether completions are there is another rule's business.
        let completions = spec["completions"]?.int ?? 0
        for (index, rule) in rules.enumerated() {
            successRule(rule, completions, path.index(index), &errors)
        }
    }

    private static func successRule(
        _ rule: JSON, _ completions: Int, _ path: FieldPath, _ errors: inout Errors
    ) {
        let indexes = rule["succeededIndexes"]?.string
        let count = rule["succeededCount"]?.int
        if indexes == nil, count == nil {
            errors.append(
                .required(path, "at least one of succeededCount or succeededIndexes must be specified"))
        }
        var total = 0
        if let indexes {
            let path = path.child("succeededIndexes")
            if indexes.utf8.count > 64 * 1024 { errors.append(.tooLong(path, 64 * 1024)) }
            do throws(IndexIntervals.Problem) {
                total = try IndexIntervals.count(indexes, completions: completions)
            } catch {
                errors.append(
                    .invalid(path, .string(indexes), "error parsing succeededIndexes: \(error.words)"))
            }
        }
        guard let count else { return }
        let countPath = path.child("succeededCount")
        let value = JSON.integer(Int64(count))
        errors.nonnegative(value, countPath)
        if count > completions {
            errors.append(
                .invalid(
                    countPath, value,
                    "must be less than or equal to \(completions) (the number of specified completions)"))
        }
        if indexes != nil, count > total {
            errors.append(
                .invalid(
                    countPath, value,
                    "must be less than or equal to \(total) (the number of indexes in the specified "
                        + "succeededIndexes field)"))
        }
    }

    /// A success policy as upstream prints it: its internal structure, with Go's names.
    static func shown(success policy: JSON) -> JSON {
        let rules = policy["rules"]?.array?.map { rule -> JSON in
            [
                "SucceededIndexes": rule["succeededIndexes"] ?? .null,
                "SucceededCount": rule["succeededCount"] ?? .null,
            ]
        }
        return ["Rules": rules.map(JSON.array) ?? .null]
    }
}
