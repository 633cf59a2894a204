import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Makes Jobs at the times of CronJobs (pkg/controller/cronjob). A key is a CronJob's `namespace/name`.
public struct CronJobController: Controller {
    public let name = "cronjob-controller"
    public let alias = "cronjob"
    public let account = "cronjob-controller"
    static let timestampKey = "batch.kubernetes.io/cronjob-scheduled-timestamp"

    /// Whose schedule changed: times that it missed under the new one are not made up for.
    private var rescheduled: Set<String> = []

    public init() {}

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .cronJobs:
            if event.kind == .deleted { return [] }
            if let old = event.previous?.value["spec"], let new = event.object.value["spec"],
                old["schedule"] != new["schedule"] || old["timeZone"] != new["timeZone"]
            {
                rescheduled.insert(event.object.key)
            }
            return [event.object.key]
        case .jobs:
            let job = event.object.value
            var keys = Self.owner(of: job).map { [job.namespace + "/" + $0] } ?? []
            if let before = event.previous?.value, before.controllerUID != job.controllerUID,
                let name = Self.owner(of: before)
            {
                keys.append(job.namespace + "/" + name)
            }
            return keys
        default: return []
        }
    }

    private static func owner(of job: JSON) -> String? {
        let owner = job.ownerReferences.first { $0["controller"]?.bool == true }
        return owner?["kind"]?.string == "CronJob" ? owner?["name"]?.string : nil
    }

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        let isRescheduled = rescheduled.remove(key) != nil
        guard let cronJob = view.object(.cronJobs, key), let resource = view.resource(of: .cronJobs) else {
            return .nothing
        }
        var jobs: [JSON] = []
        for locator in view.dependents(of: cronJob.uid) where locator.collection == .jobs {
            if let job = view.object(.jobs, locator.key), job.controllerUID == cronJob.uid {
                jobs.append(job)
            }
        }
        var turn = CronJobTurn(cronJob, jobs, now: now)
        return turn.run(resource, view, starts: !isRescheduled)
    }
}

/// One look at a CronJob (pkg/controller/cronjob/cronjob_controllerv2.go, syncCronJob).
struct CronJobTurn {
    private let cronJob: JSON
    private let spec: JSON
    /// Those that it controls.
    private let jobs: [JSON]
    private let now: Timestamp
    private var active: [JSON]
    private var lastSchedule: String?
    private var lastSuccess: String?
    private var events: [RecordedEvent] = []
    private var writes: [ControllerWrite] = []
    private var requeueAfter: Double?

    init(_ cronJob: JSON, _ jobs: [JSON], now: Timestamp) {
        self.cronJob = cronJob
        spec = cronJob["spec"] ?? [:]
        self.jobs = jobs
        self.now = now
        active = cronJob.at("status", "active")?.array ?? []
        lastSchedule = cronJob.at("status", "lastScheduleTime")?.string
        lastSuccess = cronJob.at("status", "lastSuccessfulTime")?.string
    }

    mutating func run(_ resource: ResourceInfo, _ view: ClusterView, starts: Bool) -> Reconciliation {
        cleanUp()
        look()
        writes += schedule(view, starts: starts)
        // A Job that is made now comes into the status in the turn that sees it.
        updateStatus(resource)
        return Reconciliation(writes: writes, requeueAfter: requeueAfter, events: events)
    }

    private mutating func note(_ kind: RecordedEvent.Kind, _ reason: String, _ message: String) {
        events.append(event(kind, reason, message))
    }

    private func event(_ kind: RecordedEvent.Kind, _ reason: String, _ message: String) -> RecordedEvent {
        RecordedEvent(kind, reason, message, of: cronJob, component: "cronjob-controller")
    }

    // MARK: What became of its Jobs

    private mutating func look() {
        for job in jobs {
            var place = active.firstIndex { $0["uid"]?.string == job.uid }
            if place == nil, isOwnMaking(job) {
                take(job)
                place = active.count - 1
            }
            guard let finished = JobController.finishedCondition(job) else {
                if place == nil {
                    note(
                        .warning, "UnexpectedJob",
                        "Saw a job that the controller did not create or forgot: \(job.name)")
                }
                continue
            }
            let type = finished["type"]?.string ?? ""
            if let place {
                active.remove(at: place)
                note(.normal, "SawCompletedJob", "Saw completed job: \(job.name), condition: \(type)")
            }
            if type == "Complete", let time = job.at("status", "completionTime")?.string,
                lastSuccess.map({ $0 < time }) ?? true
            {
                lastSuccess = time
            }
        }
        let uids = Set(jobs.map(\.uid))
        for reference in active where !uids.contains(reference["uid"]?.string ?? "") {
            note(.normal, "MissingJob", "Active job went missing: \(reference["name"]?.string ?? "")")
        }
        active.removeAll { !uids.contains($0["uid"]?.string ?? "") }
    }

    /// A Job of a time that the status does not know of yet.
    private func isOwnMaking(_ job: JSON) -> Bool {
        guard let minute = Self.minute(of: job.name, cronJob.name) else { return false }
        let last = lastSchedule.flatMap { Timestamp($0) }.map { $0.seconds / 60 }
        return minute > last ?? Int64.min
    }

    private static func minute(of job: String, _ cronJob: String) -> Int64? {
        guard job.hasPrefix(cronJob + "-") else { return nil }
        return Int64(job.dropFirst(cronJob.count + 1))
    }

    private mutating func take(_ job: JSON) {
        active.append([
            "kind": "Job", "namespace": .string(job.namespace), "name": .string(job.name),
            "uid": .string(job.uid), "apiVersion": "batch/v1",
            "resourceVersion": .string(job.resourceVersion),
        ])
        guard let minute = Self.minute(of: job.name, cronJob.name) else { return }
        let annotation = job.at("metadata", "annotations", CronJobController.timestampKey)?.string
        lastSchedule = (annotation.flatMap { Timestamp($0) } ?? Timestamp(seconds: minute * 60)).rfc3339
    }

    private mutating func updateStatus(_ resource: ResourceInfo) {
        var status = cronJob["status"]?.object ?? [:]
        if active.isEmpty { status.removeValue(forKey: "active") } else { status["active"] = .array(active) }
        if let lastSchedule { status["lastScheduleTime"] = .string(lastSchedule) }
        if let lastSuccess { status["lastSuccessfulTime"] = .string(lastSuccess) }
        if JSON.object(status) == cronJob["status"] ?? [:] { return }
        var changed = cronJob
        changed["status"] = .object(status)
        writes.append(
            .updateStatus(resource, namespace: cronJob.namespace, name: cronJob.name, changed))
    }

    // MARK: History

    /// Deletes what ended beyond what is to be kept, the oldest first.
    private mutating func cleanUp() {
        var ended: [String: [JSON]] = [:]
        for job in jobs {
            guard let type = JobController.finishedCondition(job)?["type"]?.string else { continue }
            ended[type, default: []].append(job)
        }
        for (type, limit) in [
            ("Complete", "successfulJobsHistoryLimit"), ("Failed", "failedJobsHistoryLimit"),
        ] {
            guard let limit = spec[limit]?.int, let jobs = ended[type], jobs.count > limit else { continue }
            let oldest = jobs.sorted(by: Self.startsBefore).prefix(jobs.count - limit)
            for job in oldest where job.deletionTimestamp == nil { writes.append(delete(job)) }
        }
    }

    private static func startsBefore(_ left: JSON, _ right: JSON) -> Bool {
        let (first, second) = (
            left.at("status", "startTime")?.string, right.at("status", "startTime")?.string
        )
        guard let second else { return first != nil || utf8Less(left.name, right.name) }
        guard let first else { return false }
        return first == second ? utf8Less(left.name, right.name) : first < second
    }

    private func delete(_ job: JSON) -> ControllerWrite {
        var write = ControllerWrite.delete(
            ("batch", "v1", "jobs"), namespace: job.namespace, name: job.name, uid: job.uid,
            propagation: "Background"
        ).recording(
            event(.normal, "SuccessfulDelete", "Deleted job \(job.name)"),
            orFailure: event(.warning, "FailedDelete", "Deleted job: {error}"))
        write.letsOthersGoOn = true
        return write
    }

    // MARK: The next time

    /// - Returns: what is to be done for a time that has come.
    private mutating func schedule(_ view: ClusterView, starts: Bool) -> [ControllerWrite] {
        if cronJob.deletionTimestamp != nil { return [] }
        let zone = spec["timeZone"]?.string
        if let zone, CronZone(zone) == nil {
            note(.warning, "UnknownTimeZone", "invalid timeZone: \"\(zone)\": unknown time zone \(zone)")
            return []
        }
        if spec["suspend"]?.bool == true { return [] }
        let text = spec["schedule"]?.string ?? ""
        if text.contains("TZ") {
            note(
                .warning, "UnsupportedSchedule",
                "CRON_TZ or TZ used in schedule \"\(text)\" is not officially supported, see "
                    + "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details")
        }
        guard let times = CronTimes(text, timeZone: zone) else {
            let words = CronSchedule.problem(text) ?? ""
            note(.warning, "UnparseableSchedule", "unparseable schedule: \"\(text)\" : \(words)")
            return []
        }
        let deadline = spec["startingDeadlineSeconds"]?.integer
        let missed: MissedTimes
        do {
            missed = try MissedTimes(times, after: lastKnown(deadline), until: now.seconds)
        } catch {
            note(.warning, "InvalidSchedule", "invalid schedule: \(text) : \(error.words)")
            return []
        }
        comeBack(times)
        guard starts, let due = missed.latest else { return [] }
        if missed.areMany {
            note(
                .warning, "TooManyMissedTimes",
                "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock "
                    + "skew")
        }
        let time = Timestamp(seconds: due)
        if let deadline, time.adding(Double(deadline)) < now {
            note(
                .warning, "MissSchedule",
                "Missed scheduled time to start a job: \(CronZone.rfc1123(due))")
            return []
        }
        let name = "\(cronJob.name)-\(due / 60)"
        if lastSchedule == time.rfc3339 || active.contains(where: { $0["name"]?.string == name }) {
            return []
        }
        // A Job of that name is this CronJob's, and was forgotten, or somebody else's.
        if view.stored(.jobs, cronJob.namespace + "/" + name) != nil { return [] }
        let policy = spec["concurrencyPolicy"]?.string
        if policy == "Forbid", !active.isEmpty {
            note(
                .normal, "JobAlreadyActive",
                "Not starting job because prior execution is running and concurrency policy is Forbid")
            return []
        }
        var plan: [ControllerWrite] = []
        if policy == "Replace" {
            for job in jobs where active.contains(where: { $0["uid"]?.string == job.uid }) {
                var write = delete(job)
                write.letsOthersGoOn = false
                plan.append(write)
            }
            active = []
        }
        var write = create(name, time, zone)
        write.letsOthersGoOn = true
        return plan + [write]
    }

    private func lastKnown(_ deadline: Int64?) -> Int64 {
        let created = cronJob.at("metadata", "creationTimestamp")?.string.flatMap { Timestamp($0) }
        let last = lastSchedule.flatMap { Timestamp($0) } ?? created ?? now
        guard let deadline else { return last.seconds }
        return max(last.seconds, now.seconds - deadline)
    }

    /// At the next time and a little, so that it has surely come.
    private mutating func comeBack(_ times: CronTimes) {
        let start = lastKnown(nil)
        let last = (try? MissedTimes(times, after: start, until: now.seconds))?.latest
        guard
            let next = times.next(after: last ?? start).flatMap({ $0 > now.seconds ? $0 : nil })
                ?? times.next(after: now.seconds)
        else { return }
        requeueAfter = max(0.1, Timestamp(seconds: next).since(now) + 0.1)
    }

    private func create(_ name: String, _ time: Timestamp, _ zone: String?) -> ControllerWrite {
        let template = spec["jobTemplate"] ?? [:]
        var metadata: JSONObject = [
            "name": .string(name), "namespace": .string(cronJob.namespace),
            "ownerReferences": [PodTemplates.ownerReference(to: cronJob)],
        ]
        if let labels = template.at("metadata", "labels") { metadata["labels"] = labels }
        var annotations = template.at("metadata", "annotations")?.object ?? [:]
        annotations[CronJobController.timestampKey] = .string(
            CronZone(zone ?? "UTC")?.rfc3339(time.seconds) ?? time.rfc3339)
        metadata["annotations"] = .object(annotations)
        return ControllerWrite(
            group: "batch", version: "v1", plural: "jobs", namespace: cronJob.namespace, name: name,
            .create([
                "kind": "Job", "apiVersion": "batch/v1", "metadata": .object(metadata),
                "spec": template["spec"] ?? [:],
            ])
        ).recording(
            event(.normal, "SuccessfulCreate", "Created job \(name)"),
            orFailure: event(.warning, "FailedCreate", "Error creating job: {error}"))
    }
}

/// The times between two moments (pkg/controller/cronjob/utils.go, mostRecentScheduleTime).
struct MissedTimes {
    struct Problem: Error {
        let words: String
    }

    /// The latest that has come; nil when none has.
    private(set) var latest: Int64?
    /// More than a hundred, as far as the distance of the first two tells.
    private(set) var areMany = false

    init(_ times: CronTimes, after start: Int64, until now: Int64) throws(Problem) {
        let problem = Problem(words: "time difference between two schedules is less than 1 second")
        guard let first = times.next(after: start) else { throw problem }
        if now < first { return }
        guard let second = times.next(after: first), second > first else { throw problem }
        if now < second {
            latest = first
            return
        }
        let distance = second - first
        let count = (now - first) / distance + 1
        // Not every step is as long as the first: the search begins one early.
        var time = times.next(after: first + (count - 2) * distance)
        while let next = time, next <= now {
            latest = next
            time = times.next(after: next)
        }
        areMany = count > 100
    }
}
