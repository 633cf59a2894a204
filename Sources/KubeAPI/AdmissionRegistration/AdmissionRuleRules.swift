import KubeJSON

/// Which requests a webhook or policy wants to see: rules, selectors and match conditions.
/// The expressions of policies are compiled with the rest of the policy.
enum AdmissionRuleRules {
    static let failurePolicies = ["Fail", "Ignore"]
    static let matchPolicies = ["Equivalent", "Exact"]
    static let reinvocationPolicies = ["IfNeeded", "Never"]
    private static let operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"]

    static func withOperations(_ rule: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let asked = rule.texts("operations")
        if asked.isEmpty { errors.append(.required(path.child("operations"))) }
        if asked.count > 1, asked.contains("*") {
            errors.append(
                .invalid(
                    path.child("operations"), rule["operations"] ?? [],
                    "if '*' is present, must not specify other operations"))
        }
        for (index, operation) in asked.enumerated() where !operations.contains(operation) {
            errors.append(
                .notSupported(path.child("operations").index(index), .string(operation), operations))
        }
        let groups = rule.texts("apiGroups")
        if groups.isEmpty { errors.append(.required(path.child("apiGroups"))) }
        if groups.count > 1, groups.contains("*") {
            errors.append(
                .invalid(
                    path.child("apiGroups"), rule["apiGroups"] ?? [],
                    "if '*' is present, must not specify other API groups"))
        }
        let versions = rule.texts("apiVersions")
        if versions.isEmpty { errors.append(.required(path.child("apiVersions"))) }
        if versions.count > 1, versions.contains("*") {
            errors.append(
                .invalid(
                    path.child("apiVersions"), rule["apiVersions"] ?? [],
                    "if '*' is present, must not specify other API versions"))
        }
        for (index, version) in versions.enumerated() where version.isEmpty {
            errors.append(.required(path.child("apiVersions").index(index)))
        }
        resources(rule.texts("resources"), path.child("resources"), &errors)
        errors.optionalOneOf(rule["scope"], path.child("scope"), ["*", "Cluster", "Namespaced"])
    }

    private static func resources(_ resources: [String], _ path: FieldPath, _ errors: inout Errors) {
        if resources.isEmpty { errors.append(.required(path)) }
        var allSubresourcesOf: Set<Substring> = []
        var subresourceOfAll: Set<Substring> = []
        var hasPlain = false
        for (index, text) in resources.enumerated() {
            if text.isEmpty {
                errors.append(.required(path.index(index)))
                continue
            }
            let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                hasPlain = text != "*"
                continue
            }
            if allSubresourcesOf.contains(parts[0]) {
                errors.append(
                    .invalid(
                        path.index(index), .string(text),
                        "if '\(parts[0])/*' is present, must not specify \(text)"))
            }
            if subresourceOfAll.contains(parts[1]) {
                errors.append(
                    .invalid(
                        path.index(index), .string(text),
                        "if '*/\(parts[1])' is present, must not specify \(text)"))
            }
            if parts[1] == "*" { allSubresourcesOf.insert(parts[0]) }
            if parts[0] == "*" { subresourceOfAll.insert(parts[1]) }
        }
        let list = JSON.array(resources.map { .string($0) })
        if resources.count > 1, resources.contains("*/*") {
            errors.append(.invalid(path, list, "if '*/*' is present, must not specify other resources"))
        }
        if hasPlain, resources.contains("*") {
            errors.append(
                .invalid(
                    path, list,
                    "if '*' is present, must not specify other resources without subresources"))
        }
    }

    /// `matchConstraints` of a policy, `matchResources` of a binding.
    static func matchResources(_ match: JSON?, _ path: FieldPath, _ errors: inout Errors) {
        guard let match else { return }
        if match["matchPolicy"] == nil {
            errors.append(.required(path.child("matchPolicy")))
        } else {
            errors.optionalOneOf(match["matchPolicy"], path.child("matchPolicy"), matchPolicies)
        }
        for key in ["namespaceSelector", "objectSelector"] {
            if let selector = match[key] {
                errors += FieldRules.labelSelector(selector, path.child(key))
            } else {
                errors.append(.required(path.child(key)))
            }
        }
        for key in ["resourceRules", "excludeResourceRules"] {
            for (index, rule) in match.items(key).enumerated() {
                let path = path.child(key).index(index)
                var seen: Set<String> = []
                for (index, name) in rule.texts("resourceNames").enumerated() {
                    let path = path.child("resourceNames").index(index)
                    errors.check(name, path) { NameRules.pathSegment($0) }
                    if !seen.insert(name).inserted { errors.append(.duplicate(path, .string(name))) }
                }
                withOperations(rule, path, &errors)
            }
        }
    }

    static func matchConditions(_ conditions: [JSON], _ path: FieldPath, _ errors: inout Errors) {
        if conditions.count > 64 { errors.append(.tooMany(path, conditions.count, 64)) }
        var seen: Set<String> = []
        for (index, condition) in conditions.enumerated() {
            let path = path.index(index)
            if condition.text("expression").isBlank {
                errors.append(.required(path.child("expression")))
            }
            let name = condition.text("name")
            if name.isEmpty {
                errors.append(.required(path.child("name")))
                continue
            }
            errors.check(name, path.child("name"), NameRules.qualifiedName)
            if !seen.insert(name).inserted { errors.append(.duplicate(path.child("name"), .string(name))) }
        }
    }
}

extension String {
    /// Whether there is nothing but white space.
    var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
