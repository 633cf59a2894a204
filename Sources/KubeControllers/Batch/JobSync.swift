import KubeAPI
import KubeEngine
import KubeJSON

/// One look at a Job: what its pods say, which more or fewer there are to be, and what its status becomes
/// (pkg/controller/job/job_controller.go, syncJob).
///
/// A pod that ended is counted in steps, so that none is counted twice or missed whenever the controller
/// stops: its uid goes into `uncountedTerminatedPods`, then its finalizer goes, then the uid goes and the
/// counter rises. The first two are writes of one turn, the last is of the next.
struct JobSync {
    /// Pods that one turn makes or deletes at most, and that wait for being counted.
    static let burst = 500
    static let mostUncounted = 500
    private static let component = "job-controller"

    enum Verdict: Equatable {
        case failed(reason: String, message: String)
        case succeeded(reason: String, message: String)
    }

    let job: JSON
    let spec: JSON
    let pods: [PodSummary]
    let view: ClusterView
    let now: Timestamp
    let isIndexed: Bool
    /// Nil for a Job that any success completes.
    let completions: Int?
    /// Failures that an index may have; nil when the limit is the whole Job's.
    let indexLimit: Int?
    let failurePolicy: JobFailurePolicy?
    let replacesOnlyFailed: Bool
    let activePods: [PodSummary]
    var backoff: JobBackoff

    var status: JobStatus
    var active: Int
    var ready: Int
    var terminating: Int
    var succeeded = 0
    var failed = 0
    var previousIndexes = JobIndexes()
    var succeededIndexes = JobIndexes()
    var failedIndexes = JobIndexes()
    /// The failed pod of an index that keeps its finalizer until the next pod has taken over its count.
    var delayed: [Int: PodSummary] = [:]
    var verdict: Verdict?
    /// Pods that are made or deleted, before the status says so.
    var podWrites: [ControllerWrite] = []
    /// Pods that could not be made last time, and perhaps not now: the status does not wait for them.
    var lateWrites: [ControllerWrite] = []
    var deleted: Set<String> = []
    var requeueAfter: Double?
    var statusEvent: RecordedEvent?
    var events: [RecordedEvent] = []

    init(_ job: JSON, _ pods: [PodSummary], _ view: ClusterView, backoff: JobBackoff, now: Timestamp) {
        self.job = job
        self.view = view
        self.now = now
        self.backoff = backoff
        let spec = job["spec"] ?? [:]
        self.spec = spec
        let indexed = spec["completionMode"]?.string == "Indexed"
        isIndexed = indexed
        // Successes are written in order of index.
        self.pods =
            indexed
            ? pods.enumerated().sorted {
                ($0.element.completionIndex ?? -1, $0.offset) < ($1.element.completionIndex ?? -1, $1.offset)
            }.map(\.element) : pods
        completions = spec["completions"]?.int
        indexLimit = indexed ? spec["backoffLimitPerIndex"]?.int : nil
        failurePolicy = JobFailurePolicy(spec)
        replacesOnlyFailed = spec["podReplacementPolicy"]?.string == "Failed" || failurePolicy != nil
        status = JobStatus(job, now: now)
        activePods = self.pods.filter(\.isActive)
        active = activePods.count
        ready = activePods.reduce(0) { $0 + ($1.isReady ? 1 : 0) }
        terminating = pods.reduce(0) { $0 + ($1.isTerminating && !$1.isFinished ? 1 : 0) }
    }

    var isSuspended: Bool { spec["suspend"]?.bool ?? false }

    mutating func run(_ resource: ResourceInfo) -> Reconciliation {
        status.setUncounted(
            succeeded: status.uncounted("succeeded"), failed: status.uncounted("failed"))
        count()
        if status.string("startTime") == nil, !isSuspended { status.set("startTime", now.rfc3339) }
        judge()
        let isSettled = verdict == nil && manage()
        if isSettled { noteSuspension() }
        status.set("active", count: active)
        status.set("ready", always: ready)
        status.set("terminating", always: terminating)
        let untracked = track()

        var writes: [ControllerWrite] = []
        if JSON.object(status.object) != job["status"] ?? .null {
            var changed = job
            changed["status"] = .object(status.object)
            writes.append(
                ControllerWrite.updateStatus(
                    resource, namespace: job.namespace, name: job.name, changed
                ).recording(statusEvent))
        }
        writes += untracked.map { JobController.untrack($0, versioned: !deleted.contains($0.uid)) }
        writes = podWrites + writes + lateWrites
        return Reconciliation(writes: writes, requeueAfter: requeueAfter, events: events)
    }

    mutating func comeBack(in seconds: Double) {
        requeueAfter = requeueAfter.map { min($0, seconds) } ?? seconds
    }

    // MARK: Counting

    func isFailed(_ pod: PodSummary) -> Bool {
        if pod.phase == .failed { return true }
        if replacesOnlyFailed { return false }
        return pod.isTerminating && pod.phase != .succeeded
    }

    /// The index of a pod, if the Job has it.
    func validIndex(_ pod: PodSummary) -> Int? {
        guard let index = pod.completionIndex, index < completions ?? 0 else { return nil }
        return index
    }

    private mutating func count() {
        let uncountedSucceeded = Set(status.uncounted("succeeded"))
        let uncountedFailed = Set(status.uncounted("failed"))
        var newSucceeded: [PodSummary] = []
        var newFailed: [PodSummary] = []
        for pod in pods where pod.isTracked && (!isIndexed || validIndex(pod) != nil) {
            if pod.phase == .succeeded {
                if !uncountedSucceeded.contains(pod.uid) { newSucceeded.append(pod) }
            } else if isFailed(pod), !uncountedFailed.contains(pod.uid) {
                newFailed.append(pod)
            }
        }
        succeeded = status.int("succeeded") + newSucceeded.count + uncountedSucceeded.count
        let counted = failurePolicy.map { policy in newFailed.filter { policy.verdict($0).counts } }
        failed = status.int("failed") + (counted ?? newFailed).count + uncountedFailed.count
        backoff.take(succeeded: newSucceeded, failed: newFailed)
    }

    // MARK: Whether it is over

    private mutating func judge() {
        if let met = status.met("SuccessCriteriaMet") {
            verdict = .succeeded(reason: met["reason"]?.string ?? "", message: met["message"]?.string ?? "")
        } else if let target = status.met("FailureTarget") {
            verdict = .failed(
                reason: target["reason"]?.string ?? "", message: target["message"]?.string ?? "")
        } else if let message = failJobMessage() {
            verdict = .failed(reason: "PodFailurePolicy", message: message)
        } else if failed > spec["backoffLimit"]?.int ?? 6 || isPastRestarts {
            verdict = .failed(
                reason: "BackoffLimitExceeded", message: "Job has reached the specified backoff limit")
        } else if let left = untilDeadline {
            if left <= 0 {
                verdict = .failed(
                    reason: "DeadlineExceeded", message: "Job was active longer than specified deadline")
            } else {
                comeBack(in: left)
            }
        }
        if isIndexed { judgeIndexes() }
        if verdict != nil { deleteActive() }
    }

    private func failJobMessage() -> String? {
        guard let failurePolicy else { return nil }
        for pod in pods where isFailed(pod) {
            if let message = failurePolicy.verdict(pod).message { return message }
        }
        return nil
    }

    /// Restarts of containers count where pods are not replaced.
    private var isPastRestarts: Bool {
        guard spec.at("template", "spec", "restartPolicy")?.string == "OnFailure" else { return false }
        let restarts = pods.reduce(0) {
            $1.phase == .running || $1.phase == .pending ? $0 + $1.restarts + $1.initRestarts : $0
        }
        let limit = spec["backoffLimit"]?.int ?? 6
        return limit == 0 ? restarts > 0 : restarts >= limit
    }

    /// Seconds; a Job that is resumed in this turn starts anew.
    private var untilDeadline: Double? {
        guard let limit = spec["activeDeadlineSeconds"]?.int, !isSuspended,
            let start = status.string("startTime").flatMap({ Timestamp($0) })
        else { return nil }
        let begun = status.met("Suspended") == nil ? start : now
        return Double(limit) - now.since(begun)
    }

    private mutating func judgeIndexes() {
        let completions = completions ?? 0
        previousIndexes = JobIndexes(status.string("completedIndexes") ?? "", completions: completions)
        succeededIndexes = previousIndexes.adding(
            pods.compactMap { $0.phase == .succeeded && $0.isTracked ? validIndex($0) : nil })
        succeeded = succeededIndexes.count
        if indexLimit != nil {
            let before = JobIndexes(status.string("failedIndexes") ?? "", completions: completions)
            failedIndexes = before.adding(
                pods.compactMap { $0.isTracked && isIndexFailed($0) ? validIndex($0) : nil })
            if verdict == nil {
                let failures = failedIndexes.count
                if let most = spec["maxFailedIndexes"]?.int, failures > most {
                    verdict = .failed(
                        reason: "MaxFailedIndexesExceeded",
                        message: "Job has exceeded the specified maximal number of failed indexes")
                } else if failures > 0, failures + succeededIndexes.count >= completions {
                    verdict = .failed(reason: "FailedIndexes", message: "Job has failed indexes")
                }
            }
            findDelayed()
        }
        if verdict == nil,
            let message = JobSuccessPolicy.message(
                spec, completions: completions, succeeded: succeededIndexes)
        {
            verdict = .succeeded(reason: "SuccessPolicy", message: message)
        }
    }

    private func isIndexFailed(_ pod: PodSummary) -> Bool {
        guard isFailed(pod), let indexLimit else { return false }
        if let verdict = failurePolicy?.verdict(pod) {
            if verdict.action == .failIndex { return true }
            if !verdict.counts { return false }
        }
        return JobPods.failures(pod) >= indexLimit
    }

    private mutating func findDelayed() {
        let activeIndexes = Set(activePods.compactMap(\.completionIndex))
        for pod in pods where pod.isTracked && isFailed(pod) {
            guard let index = validIndex(pod), !activeIndexes.contains(index),
                !succeededIndexes.contains(index), !failedIndexes.contains(index)
            else { continue }
            if let other = delayed[index] {
                guard JobPods.absoluteFailures(other) <= JobPods.absoluteFailures(pod),
                    JobPods.finishTime(other) <= JobPods.finishTime(pod)
                else { continue }
            }
            delayed[index] = pod
        }
    }

    // MARK: Tracking

    /// Counts pods that ended, and ends the Job when all are counted.
    /// - Returns: the pods whose finalizer goes once the status is written.
    private mutating func track() -> [PodSummary] {
        let tracked = Set(pods.lazy.filter(\.isTracked).map(\.uid))
        var uncountedSucceeded = status.uncounted("succeeded")
        var uncountedFailed = status.uncounted("failed")
        let waitingSucceeded = Set(uncountedSucceeded)
        let waitingFailed = Set(uncountedFailed)
        let before = (uncountedSucceeded.count, uncountedFailed.count)
        uncountedSucceeded.removeAll { !tracked.contains($0) }
        uncountedFailed.removeAll { !tracked.contains($0) }
        if !isIndexed {
            status.set("succeeded", count: status.int("succeeded") + before.0 - uncountedSucceeded.count)
        }
        status.set("failed", count: status.int("failed") + before.1 - uncountedFailed.count)

        var untracked: [PodSummary] = []
        var newIndexes: [Int] = []
        var isFull = false
        for pod in pods where pod.isTracked {
            let hasFailed = isFailed(pod)
            guard mayUntrack(pod, hasFailed) else { continue }
            untracked.append(pod)
            if pod.phase == .succeeded, !waitingFailed.contains(pod.uid) {
                if isIndexed {
                    if let index = validIndex(pod), !previousIndexes.contains(index) {
                        newIndexes.append(index)
                    }
                } else if !waitingSucceeded.contains(pod.uid) {
                    uncountedSucceeded.append(pod.uid)
                }
            } else if hasFailed || isFailing, !waitingFailed.contains(pod.uid),
                !isIndexed || validIndex(pod) != nil, failurePolicy?.verdict(pod).counts ?? true
            {
                uncountedFailed.append(pod.uid)
            }
            if newIndexes.count + uncountedSucceeded.count + uncountedFailed.count >= Self.mostUncounted {
                isFull = true
                break
            }
        }
        status.setUncounted(succeeded: uncountedSucceeded, failed: uncountedFailed)
        if isIndexed {
            status.set("succeeded", count: succeededIndexes.count)
            status.set("completedIndexes", succeededIndexes.isEmpty ? nil : succeededIndexes.text)
            status.set("failedIndexes", indexLimit == nil ? nil : failedIndexes.text)
        }
        let isCounted = !isFull && untracked.isEmpty && uncountedSucceeded.isEmpty && uncountedFailed.isEmpty
        conclude(isCounted: isCounted && terminating == 0)
        return untracked
    }

    private var isFailing: Bool {
        if case .failed = verdict { return true }
        return false
    }

    private func mayUntrack(_ pod: PodSummary, _ hasFailed: Bool) -> Bool {
        if job.deletionTimestamp != nil || verdict != nil || pod.phase == .succeeded { return true }
        if !hasFailed { return false }
        if indexLimit != nil, let index = pod.completionIndex { return delayed[index]?.uid != pod.uid }
        return true
    }

    /// Says what the Job comes to, and in a later turn, when all is counted and gone, that it has.
    private mutating func conclude(isCounted: Bool) {
        guard let verdict else { return }
        let (interim, final, reason, message) =
            switch verdict {
            case .failed(let reason, let message): ("FailureTarget", "Failed", reason, message)
            case .succeeded(let reason, let message): ("SuccessCriteriaMet", "Complete", reason, message)
            }
        if status.met(interim) == nil {
            _ = status.ensure(interim, true, reason, message)
            return
        }
        guard isCounted else { return }
        _ = status.ensure(final, true, reason, message)
        if isFailing {
            statusEvent = event(.warning, reason, message)
        } else {
            status.set("completionTime", now.rfc3339)
            statusEvent = event(.normal, "Completed", "Job completed")
            if let completions, status.int("succeeded") > completions {
                events.append(
                    event(
                        .warning, "TooManySucceededPods",
                        "Too many succeeded pods running after completion count reached"))
            }
        }
    }

    func event(_ kind: RecordedEvent.Kind, _ reason: String, _ message: String) -> RecordedEvent {
        RecordedEvent(kind, reason, message, of: job, component: Self.component)
    }
}
