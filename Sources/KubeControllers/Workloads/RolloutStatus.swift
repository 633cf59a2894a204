import KubeAPI
import KubeEngine
import KubeJSON

/// What a Deployment says of its sets (pkg/controller/deployment: sync.go, progress.go).
extension Rollout {
    /// The numbers of a status.
    private struct Counts {
        let replicas: Int
        let updated: Int
        let ready: Int
        let available: Int

        init(_ status: JSON?) {
            replicas = status?["replicas"]?.int ?? 0
            updated = status?["updatedReplicas"]?.int ?? 0
            ready = status?["readyReplicas"]?.int ?? 0
            available = status?["availableReplicas"]?.int ?? 0
        }
    }

    private var generation: Int { deployment.at("metadata", "generation")?.int ?? 0 }

    /// Whether all pods are of the present template, and available.
    private func isComplete(_ status: JSON?) -> Bool {
        let counts = Counts(status)
        return counts.updated == strategy.replicas && counts.replicas == strategy.replicas
            && counts.available == strategy.replicas
            && status?["observedGeneration"]?.int ?? 0 >= generation
    }

    /// Whether the status said so before this look.
    var wasComplete: Bool { isComplete(original["status"]) }

    /// Counts the pods, and says whether enough are available.
    mutating func updateCounts() {
        let sets = all
        func sum(_ field: String) -> Int { sets.reduce(0) { $0 + $1.count(field) } }
        let available = sum("availableReplicas")
        var status: JSONObject = [:]
        func put(_ field: String, _ value: Int) {
            if value != 0 { status[field] = .integer(Int64(value)) }
        }
        put("observedGeneration", generation)
        put("replicas", sum("replicas"))
        put("updatedReplicas", new?.count("replicas") ?? 0)
        put("readyReplicas", sum("readyReplicas"))
        put("availableReplicas", available)
        put("unavailableReplicas", max(0, sets.reduce(0) { $0 + $1.replicas } - available))
        // Of a set that is looked after but does not say, nobody knows.
        let isKnown = sets.allSatisfy {
            $0.object["status"]?["terminatingReplicas"] != nil || $0.count("observedGeneration") == 0
        }
        if isKnown { status["terminatingReplicas"] = .integer(Int64(sum("terminatingReplicas"))) }
        if let collisions = deployment["status"]?["collisionCount"] { status["collisionCount"] = collisions }

        var conditions = DeploymentConditions(deployment)
        let isAvailable = available >= strategy.leastAvailable
        conditions.set(
            "Available", isAvailable ? "True" : "False",
            isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            isAvailable
                ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
            now)
        status["conditions"] = .array(conditions.list)
        replaceStatus(.object(status))
    }

    private mutating func replaceStatus(_ status: JSON) {
        // One that is the same but for its order or its zeros is the same.
        func plain(_ status: JSON?) -> JSONObject {
            var fields = status?.object ?? [:]
            for (key, value) in status?.object ?? [:] where value == 0 && key != "terminatingReplicas" {
                fields.removeValue(forKey: key)
            }
            return fields
        }
        if plain(deployment["status"]) != plain(status) { deployment["status"] = status }
    }

    /// Counts, and says how the rollout gets on.
    /// - Returns: seconds until it may be late.
    mutating func updateProgress() -> Double? {
        let present = condition("Progressing")
        let before = Counts(deployment["status"])
        updateCounts()
        var conditions = DeploymentConditions(deployment)
        let status = deployment["status"]
        let counts = Counts(status)
        if !hasDeadline { conditions.remove("Progressing") }
        let isDone =
            counts.replicas == counts.updated && present?["reason"]?.string == "NewReplicaSetAvailable"
        let subject =
            new.map { "ReplicaSet \(JSONWriter.string(.string($0.name)))" }
            ?? "Deployment \(JSONWriter.string(.string(deployment.name)))"
        let complete = isComplete(status)
        if hasDeadline, !isDone {
            if complete {
                conditions.set(
                    "Progressing", "True", "NewReplicaSetAvailable",
                    subject + " has successfully progressed.", now)
            } else if counts.updated > before.updated || counts.ready > before.ready
                || counts.available > before.available
                || counts.replicas - counts.updated < before.replicas - before.updated
            {
                let since = present?["status"]?.string == "True" ? present?["lastTransitionTime"] : nil
                conditions.remove("Progressing")
                conditions.set("Progressing", "True", "ReplicaSetUpdated", subject + " is progressing.", now)
                if let since, let last = conditions.list.indices.last {
                    conditions.list[last]["lastTransitionTime"] = since
                }
            } else if isLate(conditions["Progressing"]) {
                conditions.set(
                    "Progressing", "False", "ProgressDeadlineExceeded",
                    subject + " has timed out progressing.", now)
            }
        }
        promoteFailures(&conditions)
        if conditions.list != deployment["status"]?["conditions"]?.array ?? [] {
            deployment.set(.array(conditions.list), at: "status", "conditions")
        }
        guard hasDeadline, !complete, let progressing = conditions["Progressing"],
            progressing["reason"]?.string != "ProgressDeadlineExceeded", let rest = untilLate(progressing)
        else { return nil }
        // A second more, since times have whole seconds.
        return max(0, rest) + 1
    }

    /// A set that cannot make its pods is the Deployment's trouble: the new one's first.
    private func promoteFailures(_ conditions: inout DeploymentConditions) {
        func failure(_ set: RolloutSet) -> JSON? {
            set.object["status"]?["conditions"]?.array?.first { $0["type"]?.string == "ReplicaFailure" }
        }
        guard let found = new.flatMap(failure) ?? old.lazy.compactMap(failure).first else {
            conditions.remove("ReplicaFailure")
            return
        }
        let present = conditions["ReplicaFailure"]
        if present?["status"] == found["status"], present?["reason"] == found["reason"] { return }
        conditions.remove("ReplicaFailure")
        var condition = found
        condition["lastUpdateTime"] = found["lastTransitionTime"]
        conditions.list.append(condition)
    }

    private func isLate(_ progressing: JSON?) -> Bool {
        guard let progressing else { return false }
        switch progressing["reason"]?.string {
        case "NewReplicaSetAvailable": return false
        case "ProgressDeadlineExceeded": return true
        default: return (untilLate(progressing) ?? 0) < 0
        }
    }

    private func untilLate(_ progressing: JSON) -> Double? {
        guard let seconds = deployment["spec"]?["progressDeadlineSeconds"]?.int,
            let updated = progressing["lastUpdateTime"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        return updated.adding(Double(seconds)).since(now)
    }

    /// Time that a rollout is held up does not count against it.
    mutating func updatePausing() {
        guard deployment["spec"]?["progressDeadlineSeconds"]?.int != nil else { return }
        let reason = condition("Progressing")?["reason"]?.string
        if reason == "ProgressDeadlineExceeded" { return }
        if isPaused, reason != "DeploymentPaused" {
            say("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused")
        } else if !isPaused, reason == "DeploymentPaused" {
            say("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed")
        }
    }
}
