import KubeJSON

/// ClusterRoles that are the sum of others: the `aggregationRule` of a ClusterRole.
public enum Aggregation {
    /// The rules that a ClusterRole with an aggregation rule has to have; nil when it has no such rule.
    /// Roles are taken selector by selector and by name, as upstream's controller does, each rule once.
    public static func rules(of role: JSON, from all: some Sequence<JSON>) -> [PolicyRule]? {
        guard let selectors = role.at("aggregationRule", "clusterRoleSelectors")?.array, !selectors.isEmpty
        else { return nil }
        let name = role.at("metadata", "name")?.string
        let candidates = all.sorted {
            utf8Less($0.at("metadata", "name")?.string ?? "", $1.at("metadata", "name")?.string ?? "")
        }
        var rules: [PolicyRule] = []
        var known: Set<PolicyRule> = []
        for selector in selectors {
            for candidate in candidates where candidate.at("metadata", "name")?.string != name {
                guard matches(selector, candidate.at("metadata", "labels")) else { continue }
                for rule in PolicyRule.rules(of: candidate) where known.insert(rule).inserted {
                    rules.append(rule)
                }
            }
        }
        return rules
    }

    /// The ClusterRoles whose rules have to change, with their new rules in place. Aggregates may be made of
    /// aggregates (`admin` of `edit` of `view`): passes are made until nothing changes.
    public static func settle(_ clusterRoles: [JSON]) -> [JSON] {
        var roles = clusterRoles
        var changed: Set<Int> = []
        // A chain is at most as long as there are roles; circles settle too, because rules only add up.
        for _ in 0...roles.count {
            var isSettled = true
            for position in roles.indices {
                guard let rules = rules(of: roles[position], from: roles),
                    rules != PolicyRule.rules(of: roles[position])
                else { continue }
                roles[position]["rules"] = .array(rules.map(\.json))
                changed.insert(position)
                isSettled = false
            }
            if isSettled { break }
        }
        return changed.sorted().map { roles[$0] }
    }

    /// Whether a meta/v1 LabelSelector selects an object with these labels. An empty selector selects all.
    static func matches(_ selector: JSON, _ labels: JSON?) -> Bool {
        for (key, value) in selector["matchLabels"]?.object ?? [:] where labels?[key] != value {
            return false
        }
        for expression in selector["matchExpressions"]?.array ?? [] {
            let label = expression["key"]?.string.flatMap { labels?[$0] }
            let isListed = label.map { expression["values"]?.array?.contains($0) ?? false } ?? false
            switch expression["operator"]?.string {
            case "In": if !isListed { return false }
            case "NotIn": if isListed { return false }
            case "Exists": if label == nil { return false }
            case "DoesNotExist": if label != nil { return false }
            default: return false
            }
        }
        return true
    }
}
