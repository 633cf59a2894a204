import KubeJSON

/// Keeps the default roles and bindings complete over upgrades without taking away what people added, as
/// upstream does at each start.
public enum RoleReconciliation {
    static let autoUpdate = "rbac.authorization.kubernetes.io/autoupdate"

    /// What has to be written for one default object.
    public enum Outcome: Sendable {
        case nothing
        case create(JSON)
        case update(JSON)
        /// The binding's role differs, and a roleRef cannot be changed: delete it and create this one.
        case recreate(JSON)
    }

    /// What has to be written so that `existing` (nil: there is none) has all that `expected` has. Objects
    /// whose annotation says `autoupdate: "false"` are left alone.
    public static func reconcile(expected: JSON, existing: JSON?) -> Outcome {
        guard let existing else { return .create(expected) }
        if existing.at("metadata", "annotations", autoUpdate)?.string == "false" { return .nothing }
        var result = existing
        for field in ["annotations", "labels"] {
            // What is on the object wins over what is expected.
            for (key, value) in expected.at("metadata", field)?.object ?? [:]
            where existing.at("metadata", field, key) == nil {
                result.set(value, at: "metadata", field, key)
            }
        }
        switch expected["kind"]?.string {
        case "Role", "ClusterRole": completeRole(&result, expected, existing)
        default:
            if !sameRole(existing["roleRef"], expected["roleRef"]) {
                result["roleRef"] = expected["roleRef"]
                completeSubjects(&result, expected, existing)
                result.set(nil, at: "metadata", "resourceVersion")
                result.set(nil, at: "metadata", "uid")
                return .recreate(result)
            }
            completeSubjects(&result, expected, existing)
        }
        return result == existing ? .nothing : .update(result)
    }

    private static func completeRole(_ result: inout JSON, _ expected: JSON, _ existing: JSON) {
        let selectors = expected.at("aggregationRule", "clusterRoleSelectors")?.array ?? []
        if selectors.isEmpty {
            let missing = RuleCovering.missing(
                from: PolicyRule.rules(of: existing), of: PolicyRule.rules(of: expected))
            if missing.isEmpty { return }
            result["rules"] = .array((existing["rules"]?.array ?? []) + missing.map(\.json))
        } else {
            // The rules of an aggregate are the aggregation controller's.
            let present = existing.at("aggregationRule", "clusterRoleSelectors")?.array ?? []
            let missing = selectors.filter { !present.contains($0) }
            if missing.isEmpty { return }
            result.set(.array(present + missing), at: "aggregationRule", "clusterRoleSelectors")
        }
    }

    private static func completeSubjects(_ result: inout JSON, _ expected: JSON, _ existing: JSON) {
        let present = existing["subjects"]?.array ?? []
        let known = Set(present.map(Subject.init))
        let missing = (expected["subjects"]?.array ?? []).filter { !known.contains(Subject($0)) }
        if !missing.isEmpty { result["subjects"] = .array(present + missing) }
    }

    private static func sameRole(_ left: JSON?, _ right: JSON?) -> Bool {
        left?["kind"] == right?["kind"] && left?["name"] == right?["name"]
    }
}
