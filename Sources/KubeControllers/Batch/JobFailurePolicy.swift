import KubeEngine
import KubeJSON

/// What a Job's `podFailurePolicy` says of a failed pod (pkg/controller/job/pod_failure_policy.go).
struct JobFailurePolicy {
    enum Action: String {
        case failJob = "FailJob"
        case failIndex = "FailIndex"
        case ignore = "Ignore"
        case count = "Count"
    }

    struct Verdict {
        /// Nil when no rule matched.
        var action: Action?
        /// Why the Job is to fail.
        var message: String?
        /// Whether the failure counts towards the back-off limit.
        var counts: Bool { action != .ignore }
    }

    private let rules: [JSON]

    /// Nil for a Job without one.
    init?(_ spec: JSON) {
        guard let policy = spec["podFailurePolicy"], policy.object != nil else { return nil }
        rules = policy["rules"]?.array ?? []
    }

    /// The first rule that matches decides.
    func verdict(_ pod: PodSummary) -> Verdict {
        let status = pod.value["status"] ?? .null
        for (index, rule) in rules.enumerated() {
            guard let action = rule["action"]?.string.flatMap(Action.init) else { continue }
            if let requirement = rule["onExitCodes"], requirement.object != nil {
                guard let container = Self.container(status, requirement) else { continue }
                let code = container.at("state", "terminated", "exitCode")?.int ?? 0
                let message =
                    "Container \(container["name"]?.string ?? "") for pod \(pod.namespace)/\(pod.name) failed "
                    + "with exit code \(code) matching \(action.rawValue) rule at index \(index)"
                return Verdict(action: action, message: action == .failJob ? message : nil)
            }
            if let patterns = rule["onPodConditions"]?.array {
                guard let type = Self.condition(status, patterns) else { continue }
                let message =
                    "Pod \(pod.namespace)/\(pod.name) has condition \(type) matching \(action.rawValue) rule "
                    + "at index \(index)"
                return Verdict(action: action, message: action == .failJob ? message : nil)
            }
        }
        return Verdict()
    }

    private static func container(_ status: JSON, _ requirement: JSON) -> JSON? {
        let name = requirement["containerName"]?.string
        let values = requirement["values"]?.array ?? []
        let wantsIn = requirement["operator"]?.string == "In"
        for list in ["containerStatuses", "initContainerStatuses"] {
            for container in status[list]?.array ?? [] {
                guard let ended = container.at("state", "terminated"), ended.object != nil,
                    name == nil || name == container["name"]?.string
                else { continue }
                let code = ended["exitCode"]?.integer ?? 0
                if code != 0, values.contains(.integer(code)) == wantsIn { return container }
            }
        }
        return nil
    }

    private static func condition(_ status: JSON, _ patterns: [JSON]) -> String? {
        for condition in status["conditions"]?.array ?? [] {
            for pattern in patterns
            where pattern["type"] == condition["type"] && pattern["status"] == condition["status"] {
                return condition["type"]?.string ?? ""
            }
        }
        return nil
    }
}

/// What a Job's `successPolicy` says (pkg/controller/job/success_policy.go).
enum JobSuccessPolicy {
    /// The message of the rule that is met; nil when none is.
    static func message(_ spec: JSON, completions: Int, succeeded: JobIndexes) -> String? {
        if succeeded.isEmpty { return nil }
        for (index, rule) in (spec.at("successPolicy", "rules")?.array ?? []).enumerated() {
            let least = rule["succeededCount"]?.int
            var isMet = false
            if let text = rule["succeededIndexes"]?.string {
                let wanted = JobIndexes(text, completions: completions)
                if wanted.isEmpty { continue }
                let found = wanted.overlap(succeeded)
                isMet = found == wanted.count || least.map { found >= $0 } ?? false
            } else if let least {
                isMet = succeeded.count >= least
            }
            if isMet { return "Matched rules at index \(index)" }
        }
        return nil
    }
}
