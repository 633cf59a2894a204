import KubeAPI
import KubeEngine
import KubeJSON

/// The failures of a Job's pods since its last success, which make the next pods wait longer and longer
/// (pkg/controller/job/backoff_utils.go). Lost on a restart, as upstream's is.
struct JobBackoff: Sendable {
    /// Seconds after the first failure, and the longest.
    private static let first = 10.0
    private static let longest = 600.0

    let jobUID: String
    private(set) var failures = 0
    private(set) var lastFailure: Timestamp?
    /// Pods that ended and are in here already, though the Job's status has not counted them yet.
    private var seen: Set<String> = []

    init(jobUID: String) { self.jobUID = jobUID }

    /// Takes in the pods that ended and are not in the Job's status.
    mutating func take(succeeded: [PodSummary], failed: [PodSummary]) {
        let freshFailed = failed.filter { !seen.contains($0.uid) }
        let hasSuccess = succeeded.contains { !seen.contains($0.uid) }
        // Those that left are counted; what remains is to be known again.
        seen = Set(failed.map(\.uid))
        seen.formUnion(succeeded.map(\.uid))
        if !hasSuccess {
            if freshFailed.isEmpty { return }
            failures += freshFailed.count
            lastFailure = freshFailed.map(JobPods.finishTime).max()
            return
        }
        failures = 0
        lastFailure = nil
        if freshFailed.isEmpty { return }
        guard let success = succeeded.map(JobPods.finishTime).max() else { return }
        let later = freshFailed.map(JobPods.finishTime).filter { $0 > success }
        failures = later.count
        lastFailure = later.max()
    }

    func remaining(now: Timestamp) -> Double {
        guard let lastFailure else { return 0 }
        return Self.remaining(failures: failures, since: lastFailure, now: now)
    }

    /// Seconds until an index whose pod failed gets another one.
    static func remaining(afterIndexFailureOf pod: PodSummary?, now: Timestamp) -> Double {
        guard let pod else { return 0 }
        return remaining(
            failures: JobPods.absoluteFailures(pod) + 1, since: JobPods.finishTime(pod), now: now)
    }

    private static func remaining(failures: Int, since: Timestamp, now: Timestamp) -> Double {
        if failures == 0 { return 0 }
        var delay = first
        for _ in 1..<max(failures, 1) where delay < longest { delay = min(delay * 2, longest) }
        return max(0, delay - now.since(since))
    }
}

/// What a Job asks of its pods.
enum JobPods {
    static let finalizer = "batch.kubernetes.io/job-tracking"
    static let indexKey = "batch.kubernetes.io/job-completion-index"
    static let failureCountKey = "batch.kubernetes.io/job-index-failure-count"
    static let ignoredCountKey = "batch.kubernetes.io/job-index-ignored-failure-count"

    /// When a pod ended: as its containers say, else since when it is not ready, else when it was deleted.
    static func finishTime(_ pod: PodSummary) -> Timestamp {
        let value = pod.value
        if let time = containersFinish(value) { return time }
        let ready = value.at("status", "conditions")?.array?.first { $0["type"]?.string == "Ready" }
        if let ready, ready["status"]?.string == "False",
            let time = ready["lastTransitionTime"]?.string.flatMap({ Timestamp($0) })
        {
            return time
        }
        if let deleted = pod.deletionTimestamp {
            let grace = value.at("metadata", "deletionGracePeriodSeconds")?.integer ?? 0
            return deleted.adding(-Double(grace))
        }
        return pod.created
    }

    private static func containersFinish(_ pod: JSON) -> Timestamp? {
        let sidecars = (pod.at("spec", "initContainers")?.array ?? [])
            .filter { $0["restartPolicy"]?.string == "Always" }.compactMap { $0["name"]?.string }
        let statuses =
            (pod.at("status", "containerStatuses")?.array ?? [])
            + (pod.at("status", "initContainerStatuses")?.array ?? [])
            .filter { sidecars.contains($0["name"]?.string ?? "") }
        var latest: Timestamp?
        for status in statuses {
            guard
                let time = status.at("state", "terminated", "finishedAt")?.string.flatMap({ Timestamp($0) })
            else { return nil }
            latest = latest.map { max($0, time) } ?? time
        }
        return latest
    }

    static func failures(_ pod: PodSummary) -> Int { count(pod, failureCountKey) }
    static func ignoredFailures(_ pod: PodSummary) -> Int { count(pod, ignoredCountKey) }
    static func absoluteFailures(_ pod: PodSummary) -> Int { failures(pod) + ignoredFailures(pod) }

    private static func count(_ pod: PodSummary, _ key: String) -> Int {
        max(0, pod.value.at("metadata", "annotations", key)?.string.flatMap { Int($0) } ?? 0)
    }
}

extension PodSummary {
    /// A Job has yet to count it, or to let it go.
    var isTracked: Bool { finalizers.contains(JobPods.finalizer) }
}
