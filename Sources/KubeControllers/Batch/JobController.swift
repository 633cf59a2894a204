import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Runs the pods of Jobs to completion (pkg/controller/job). A key is a Job's `namespace/name`, or
/// `pod:namespace/name` of a pod that bears the tracking finalizer for no Job.
public struct JobController: Controller {
    public let name = "job-controller"
    public let alias = "job"
    public let account = "job-controller"
    static let managedBy = "kubernetes.io/job-controller"
    private static let podPrefix = "pod:"
    /// By key of the Job.
    private var backoffs: [String: JobBackoff] = [:]

    public init() {}

    // MARK: Keys

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        if event.collection == .jobs {
            guard event.kind == .deleted else { return [event.object.key] }
            let orphans = view.pods(ofController: event.object.value.uid).filter(\.isTracked)
            return [event.object.key] + orphans.map { Self.podPrefix + $0.key }
        }
        guard event.collection == .pods, let pod = event.pod else { return [] }
        let before = event.previousPod
        var keys: [String] = []
        if let before, before.controllerUID != pod.controllerUID, before.controllerKind == "Job",
            let name = before.controllerName
        {
            keys.append(pod.namespace + "/" + name)
        }
        if pod.controllerUID != nil {
            guard pod.controllerKind == "Job", let name = pod.controllerName else { return keys }
            guard event.kind != .modified || Self.matters(from: before, to: pod) else { return keys }
            let key = pod.namespace + "/" + name
            if view.stored(.jobs, key) != nil { keys.append(key) }
            if event.kind != .deleted, pod.isTracked, Self.isOrphan(pod, view) {
                keys.append(Self.podPrefix + pod.key)
            }
            return keys
        }
        if event.kind == .deleted { return keys }
        if pod.isTracked { keys.append(Self.podPrefix + pod.key) }
        if pod.isTerminating { return keys }
        if let before, before.controllerUID == nil, before.labels == pod.labels { return keys }
        for job in view.objects(.jobs, in: pod.namespace)
        where Self.selector(of: job.value)?.matches(labels: pod.labels) == true {
            keys.append(job.key)
        }
        return keys
    }

    private static func matters(from before: PodSummary?, to pod: PodSummary) -> Bool {
        guard let before else { return true }
        return before.controllerUID != pod.controllerUID || before.isReady != pod.isReady
            || before.phase != pod.phase || before.isTerminating != pod.isTerminating
            || before.labels != pod.labels || before.isTracked != pod.isTracked
            || before.restarts != pod.restarts || before.initRestarts != pod.initRestarts
            || before.completionIndex != pod.completionIndex
    }

    private static func selector(of job: JSON) -> LabelSelector? {
        guard let selector = job.at("spec", "selector"), selector.object != nil else { return nil }
        return try? LabelSelector(object: selector)
    }

    // MARK: Reconciliation

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        if key.hasPrefix(Self.podPrefix) {
            return Self.release(view.pod(String(key.dropFirst(Self.podPrefix.count))), view)
        }
        guard let job = view.object(.jobs, key), let resource = view.resource(of: .jobs),
            let selector = Self.selector(of: job)
        else {
            backoffs.removeValue(forKey: key)
            return .nothing
        }
        if Self.isManagedElsewhere(job) { return .nothing }
        if Self.isFinished(job) {
            backoffs.removeValue(forKey: key)
            // What still bears the finalizer was counted, or comes too late for it.
            let left = view.pods(ofController: job.uid).filter(\.isTracked)
            return Reconciliation(writes: left.map { Self.untrack($0) })
        }
        if let mode = job.at("spec", "completionMode")?.string, mode != "NonIndexed", mode != "Indexed" {
            return Reconciliation(events: [
                RecordedEvent(
                    .warning, "UnknownCompletionMode", "Skipped Job sync because completion mode is unknown",
                    of: job, component: "job-controller")
            ])
        }
        let (pods, claims) = Self.claim(job, selector, view)
        // Counting waits until the pods are whose they are to be.
        if !claims.isEmpty { return Reconciliation(writes: claims) }
        var backoff = backoffs[key] ?? JobBackoff(jobUID: job.uid)
        if backoff.jobUID != job.uid { backoff = JobBackoff(jobUID: job.uid) }
        var sync = JobSync(job, pods, view, backoff: backoff, now: now)
        let result = sync.run(resource)
        backoffs[key] = sync.backoff
        return result
    }

    static func isFinished(_ job: JSON) -> Bool { finishedCondition(job) != nil }

    /// `Complete` or `Failed`, when it is true.
    static func finishedCondition(_ job: JSON) -> JSON? {
        job.at("status", "conditions")?.array?.first {
            let type = $0["type"]?.string
            return (type == "Complete" || type == "Failed") && $0["status"]?.string == "True"
        }
    }

    private static func isManagedElsewhere(_ job: JSON) -> Bool {
        job.at("spec", "managedBy")?.string.map { $0 != managedBy } ?? false
    }

    // MARK: Whose pods

    /// The pods of a Job, and what must be written first: pods that match and have no controller are taken,
    /// with the finalizer, those of its own that match no longer are let go, without it.
    private static func claim(
        _ job: JSON, _ selector: LabelSelector, _ view: ClusterView
    ) -> (pods: [PodSummary], writes: [ControllerWrite]) {
        var pods: [PodSummary] = []
        var writes: [ControllerWrite] = []
        let isGoing = job.deletionTimestamp != nil
        for pod in view.pods(ofController: job.uid) {
            if selector.matches(labels: pod.labels) {
                pods.append(pod)
            } else if !isGoing {
                let owners = pod.value.ownerReferences.filter { $0["uid"]?.string != job.uid }
                writes.append(
                    patch(pod, owners: owners, finalizers: pod.finalizers.filter { $0 != JobPods.finalizer }))
            }
        }
        if isGoing { return (pods, []) }
        for pod in view.orphanedPods(in: job.namespace)
        where !pod.isTerminating && selector.matches(labels: pod.labels) {
            let finalizers = pod.isTracked ? pod.finalizers : pod.finalizers + [JobPods.finalizer]
            writes.append(
                patch(
                    pod, owners: pod.value.ownerReferences + [PodTemplates.ownerReference(to: job)],
                    finalizers: finalizers))
        }
        return (pods, writes)
    }

    private static func patch(
        _ pod: PodSummary, owners: [JSON]? = nil, finalizers: [String], versioned: Bool = true
    ) -> ControllerWrite {
        var metadata: JSONObject = ["uid": .string(pod.uid)]
        if versioned { metadata["resourceVersion"] = .string(String(pod.stored.revision)) }
        if let owners { metadata["ownerReferences"] = owners.isEmpty ? .null : .array(owners) }
        metadata["finalizers"] = finalizers.isEmpty ? .null : .array(finalizers.map { .string($0) })
        var write = ControllerWrite(
            group: "", version: "v1", plural: "pods", namespace: pod.namespace, name: pod.name,
            .patch(["metadata": .object(metadata)]))
        write.letsOthersGoOn = true
        return write
    }

    /// Takes the finalizer off.
    /// - Parameter versioned: false for a pod that another write of the same turn changes before.
    static func untrack(_ pod: PodSummary, versioned: Bool = true) -> ControllerWrite {
        patch(pod, finalizers: pod.finalizers.filter { $0 != JobPods.finalizer }, versioned: versioned)
    }

    /// Whether nobody will count a pod that bears the finalizer.
    private static func isOrphan(_ pod: PodSummary, _ view: ClusterView) -> Bool {
        guard let uid = pod.controllerUID else { return true }
        guard pod.controllerKind == "Job" else { return false }
        guard let name = pod.controllerName, let job = view.object(.jobs, pod.namespace + "/" + name),
            job.uid == uid
        else { return true }
        return !isManagedElsewhere(job) && isFinished(job)
    }

    private static func release(_ pod: PodSummary?, _ view: ClusterView) -> Reconciliation {
        guard let pod, pod.isTracked, isOrphan(pod, view) else { return .nothing }
        if pod.controllerUID == nil {
            // One that a Job is about to take keeps it.
            let isWanted = view.objects(.jobs, in: pod.namespace).contains { job in
                let value = job.value
                return value.deletionTimestamp == nil && !isFinished(value) && !pod.isTerminating
                    && selector(of: value)?.matches(labels: pod.labels) == true
            }
            if isWanted { return .nothing }
        }
        return Reconciliation(writes: [untrack(pod)])
    }
}
