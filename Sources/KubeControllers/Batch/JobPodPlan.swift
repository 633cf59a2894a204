import KubeAPI
import KubeEngine
import KubeJSON

/// Which pods a Job gets and loses (pkg/controller/job/job_controller.go, manageJob).
extension JobSync {
    /// A Job that is over keeps no pod running; their finalizers go when they are counted.
    mutating func deleteActive() {
        for pod in activePods { podWrites.append(delete(pod)) }
        note(activePods)
    }

    private mutating func note(_ pods: [PodSummary]) {
        active -= pods.count
        terminating += pods.count
        ready -= pods.reduce(0) { $0 + ($1.isReady ? 1 : 0) }
        deleted.formUnion(pods.map(\.uid))
    }

    private func delete(_ pod: PodSummary) -> ControllerWrite {
        PodTemplates.delete(pod).recording(
            event(.normal, "SuccessfulDelete", "Deleted pod: \(pod.name)"),
            orFailure: event(.warning, "FailedDelete", "Error deleting: {error}"))
    }

    /// Makes and deletes pods, and sees whether the Job has what it wants.
    /// - Returns: whether it goes on, as far as is known.
    mutating func manage() -> Bool {
        if job.deletionTimestamp == nil { balance() }
        let isComplete = completions.map { succeeded >= $0 } ?? (succeeded > 0)
        if isComplete, active == 0 {
            verdict = .succeeded(
                reason: "CompletionsReached", message: "Reached expected number of succeeded pods")
            return false
        }
        return job.deletionTimestamp == nil
    }

    private mutating func balance() {
        if isSuspended {
            dismiss(activePods)
            return
        }
        let parallelism = spec["parallelism"]?.int ?? 1
        var wanted = parallelism
        if let completions {
            wanted = max(0, min(parallelism, completions - succeeded))
        } else if succeeded > 0 {
            wanted = active
        }
        let surplus = Array(forRemoval(atLeast: max(0, active - wanted)).prefix(Self.burst))
        if !surplus.isEmpty {
            dismiss(surplus)
            return
        }
        let missing = wanted - active - (replacesOnlyFailed ? terminating : 0)
        if missing > 0 { create(min(missing, Self.burst)) }
    }

    /// These are not failures: they go without their finalizer, uncounted.
    private mutating func dismiss(_ pods: [PodSummary]) {
        for pod in pods {
            if pod.isTracked {
                var write = JobController.untrack(pod)
                write.letsOthersGoOn = false
                podWrites.append(write)
            }
            podWrites.append(delete(pod))
        }
        note(pods)
    }

    /// Pods beyond what is wanted, and pods of an Indexed Job that have no index, or one that is not the
    /// Job's, or another pod's too.
    private func forRemoval(atLeast count: Int) -> [PodSummary] {
        var removed: [PodSummary] = []
        var left = activePods
        if isIndexed {
            left = []
            var start = 0
            while start < activePods.count {
                let index = validIndex(activePods[start])
                let end =
                    activePods[start...].firstIndex { validIndex($0) != index } ?? activePods.endIndex
                let same = Array(activePods[start..<end])
                let surplus = index == nil ? same : first(same.count - 1, of: same)
                let uids = Set(surplus.map(\.uid))
                removed += surplus
                left += same.filter { !uids.contains($0.uid) }
                start = end
            }
        }
        if removed.count < count { removed += first(count - removed.count, of: left) }
        return removed
    }

    private func first(_ count: Int, of pods: [PodSummary]) -> [PodSummary] {
        count <= 0 ? [] : PodDeletionOrder.first(count, of: pods, related: [], now: now)
    }

    // MARK: Making pods

    private mutating func create(_ count: Int) {
        if indexLimit == nil {
            let wait = backoff.remaining(now: now)
            if wait > 0 {
                comeBack(in: wait)
                return
            }
        }
        // Where a namespace is going, every pod would be refused.
        guard view.isActive(namespace: job.namespace), var template = spec["template"] else { return }
        var finalizers = template.at("metadata", "finalizers")?.array ?? []
        if !finalizers.contains(.string(JobPods.finalizer)) { finalizers.append(.string(JobPods.finalizer)) }
        template.set(.array(finalizers), at: "metadata", "finalizers")
        if !isIndexed {
            let write = creation(of: PodTemplates.pod(from: template, controlledBy: job))
            make(Array(repeating: write, count: count))
            return
        }
        for list in ["initContainers", "containers"] {
            guard let containers = template.at("spec", list)?.array else { continue }
            template.set(.array(containers.map(Self.withIndexVariable)), at: "spec", list)
        }
        make(dueIndexes(count).map { creation(of: pod($0, from: template)) })
    }

    private mutating func make(_ writes: [ControllerWrite]) {
        if view.lastFailure == nil {
            podWrites += writes
            active += writes.count
        } else {
            lateWrites = writes
        }
    }

    /// The indexes that get a pod now.
    private mutating func dueIndexes(_ count: Int) -> [Int] {
        var taken = activePods.compactMap(\.completionIndex)
        if replacesOnlyFailed {
            taken += pods.lazy.filter { $0.isTerminating && !$0.isFinished }.compactMap(\.completionIndex)
        }
        let indexes = succeededIndexes.union(failedIndexes).adding(taken)
            .firstMissing(count, completions: completions ?? 0)
        if indexLimit == nil { return indexes }
        var due: [Int] = []
        var wait: Double?
        for index in indexes {
            let left = JobBackoff.remaining(afterIndexFailureOf: delayed[index], now: now)
            if left == 0 { due.append(index) } else { wait = wait.map { min($0, left) } ?? left }
        }
        if let wait { comeBack(in: wait) }
        return due
    }

    private func creation(of pod: JSON) -> ControllerWrite {
        PodTemplates.create(pod).recording(
            event(.normal, "SuccessfulCreate", "Created pod: {name}"),
            orFailure: event(.warning, "FailedCreate", "Error creating: {error}"))
    }

    private func pod(_ index: Int, from template: JSON) -> JSON {
        var pod = PodTemplates.pod(from: template, controlledBy: job)
        let text = JSON.string(String(index))
        pod.set(text, at: "metadata", "annotations", JobPods.indexKey)
        pod.set(text, at: "metadata", "labels", JobPods.indexKey)
        pod.set(.string("\(job.name)-\(index)"), at: "spec", "hostname")
        // Five random characters follow within 63.
        let end = "-\(index)-"
        pod.set(.string(job.name.prefix(58 - end.count) + end), at: "metadata", "generateName")
        guard indexLimit != nil else { return pod }
        var (failures, ignored) = (0, 0)
        if let last = delayed[index] {
            (failures, ignored) = (JobPods.failures(last), JobPods.ignoredFailures(last))
            if failurePolicy?.verdict(last).counts ?? true { failures += 1 } else { ignored += 1 }
        }
        pod.set(.string(String(failures)), at: "metadata", "annotations", JobPods.failureCountKey)
        if ignored > 0 {
            pod.set(.string(String(ignored)), at: "metadata", "annotations", JobPods.ignoredCountKey)
        }
        return pod
    }

    private static func withIndexVariable(_ container: JSON) -> JSON {
        let name = JSON.string("JOB_COMPLETION_INDEX")
        var variables = container["env"]?.array ?? []
        if variables.contains(where: { $0["name"] == name }) { return container }
        variables.append([
            "name": name,
            "valueFrom": ["fieldRef": ["fieldPath": .string("metadata.labels['\(JobPods.indexKey)']")]],
        ])
        var changed = container
        changed["env"] = .array(variables)
        return changed
    }

    // MARK: Suspending

    mutating func noteSuspension() {
        if isSuspended {
            if status.ensure("Suspended", true, "JobSuspended", "Job suspended") {
                statusEvent = event(.normal, "Suspended", "Job suspended")
            }
        } else if status.ensure("Suspended", false, "JobResumed", "Job resumed") {
            statusEvent = event(.normal, "Resumed", "Job resumed")
            status.set("startTime", now.rfc3339)
        }
    }
}
