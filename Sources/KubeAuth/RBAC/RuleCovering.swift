import KubeJSON

/// Whether one set of rules holds all that another grants: upstream's component-helpers rbac/validation.
public enum RuleCovering {
    /// The parts of `rules` that `owned` does not cover, each broken down to one verb on one thing.
    public static func missing(from owned: [PolicyRule], of rules: [PolicyRule]) -> [PolicyRule] {
        rules.flatMap(breakdown).filter { part in !owned.contains { covers($0, part) } }
    }

    /// A rule as single grants: one group, resource, verb and name, or one URL and verb.
    static func breakdown(_ rule: PolicyRule) -> [PolicyRule] {
        var parts: [PolicyRule] = []
        for group in rule.apiGroups {
            for resource in rule.resources {
                for verb in rule.verbs {
                    if rule.resourceNames.isEmpty {
                        parts.append(PolicyRule(verbs: [verb], apiGroups: [group], resources: [resource]))
                    }
                    for name in rule.resourceNames {
                        parts.append(
                            PolicyRule(
                                verbs: [verb], apiGroups: [group], resources: [resource],
                                resourceNames: [name]))
                    }
                }
            }
        }
        for url in rule.nonResourceURLs {
            for verb in rule.verbs { parts.append(PolicyRule(verbs: [verb], nonResourceURLs: [url])) }
        }
        return parts
    }

    static func covers(_ owner: PolicyRule, _ part: PolicyRule) -> Bool {
        hasAll(owner.verbs, part.verbs) && hasAll(owner.apiGroups, part.apiGroups)
            && part.resources.allSatisfy { covers(resources: owner.resources, $0) }
            && part.nonResourceURLs.allSatisfy { url in
                owner.nonResourceURLs.contains { PolicyRule.covers(url: $0, url) }
            }
            && (part.resourceNames.isEmpty
                ? owner.resourceNames.isEmpty
                : owner.resourceNames.isEmpty || part.resourceNames.allSatisfy(owner.resourceNames.contains))
    }

    private static func hasAll(_ owned: [String], _ asked: [String]) -> Bool {
        owned.contains("*") || asked.allSatisfy(owned.contains)
    }

    private static func covers(resources owned: [String], _ asked: String) -> Bool {
        if owned.contains("*") || owned.contains(asked) { return true }
        guard let slash = asked.firstIndex(of: "/") else { return false }
        return owned.contains("*" + asked[slash...])
    }

    /// Joins rules for one resource (and at most one name) that differ only in their verbs.
    static func compact(_ rules: [PolicyRule]) -> [PolicyRule] {
        var simple: [PolicyRule: Int] = [:]
        var result: [PolicyRule] = []
        for rule in rules {
            guard rule.apiGroups.count == 1, rule.resources.count == 1, rule.resourceNames.count <= 1,
                rule.nonResourceURLs.isEmpty
            else {
                result.append(rule)
                continue
            }
            var key = rule
            key.verbs = []
            if let position = simple[key] {
                result[position].verbs += rule.verbs
            } else {
                simple[key] = result.count
                result.append(rule)
            }
        }
        return result
    }

    /// A rule as upstream prints it in messages: `{APIGroups:["apps"], Resources:["pods"], Verbs:["get"]}`.
    static func description(_ rule: PolicyRule) -> String {
        var parts: [String] = []
        func put(_ name: String, _ values: [String]) {
            if !values.isEmpty { parts.append("\(name):\(quoted(values))") }
        }
        put("APIGroups", rule.apiGroups)
        put("Resources", rule.resources)
        put("NonResourceURLs", rule.nonResourceURLs)
        put("ResourceNames", rule.resourceNames)
        put("Verbs", rule.verbs)
        return "{" + parts.joined(separator: ", ") + "}"
    }

    /// A list as Go's `%q` prints it: `["a" "b"]`.
    static func quoted(_ values: [String]) -> String {
        "[" + values.map(JSONWriter.quoted).joined(separator: " ") + "]"
    }
}

extension JSONWriter {
    /// A string in double quotes, as Go's `%q` prints text without control characters.
    static func quoted(_ text: String) -> String { string(.string(text)) }
}
