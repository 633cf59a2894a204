import KubeJSON

/// Jobs and CronJobs.
enum BatchStrategies {
    static let job = Strategy { strategy in
        strategy.setDefaults = { job in
            job.fillAbsent("spec", .object([:]))
            job.change("spec") { spec in
                setSharedDefaults(&spec)
                if spec["completions"] == nil, spec["parallelism"] == nil { spec["completions"] = 1 }
                spec.fillAbsent("parallelism", 1)
                // A limit for each index stands in for the limit of the whole Job.
                let limit: JSON = spec["backoffLimitPerIndex"] == nil ? 6 : .integer(Int64(Int32.max))
                spec.fillAbsent("backoffLimit", limit)
                spec.fillAbsent("completionMode", "NonIndexed")
                spec.fillAbsent("suspend", false)
                spec.fillAbsent(
                    "podReplacementPolicy",
                    spec["podFailurePolicy"] == nil ? "TerminatingOrFailed" : "Failed")
                spec.fillAbsent("manualSelector", false)
            }
            fillLabels(&job)
        }
        strategy.splitStatus()
        strategy.prepareForCreate = { job in
            Preparing.dropStatus(&job)
            if job.at("spec", "manualSelector")?.bool != true { generateSelector(&job) }
        }
        strategy.validate = { validate(job: $0, requiresPrefixed: true) }
        strategy.validateUpdate = validateUpdate
        strategy.validateStatusUpdate = { JobStatusRules.validate($0, $1) }
        strategy.warnings = { new, old in
            if let old, FieldRules.same(new["spec"], old["spec"]) { return [] }
            return (old == nil ? WorkloadRules.nameWarnings(new) : [])
                + JobRules.warnings(new["spec"] ?? .null, FieldPath("spec"))
        }
        strategy.hasGeneration = true
    }

    /// What is defaulted in Jobs and in the templates of CronJobs alike.
    private static func setSharedDefaults(_ spec: inout JSON) {
        spec.change("template") { PodSpecRules.setTemplateDefaults(&$0) }
        spec.change("podFailurePolicy") { policy in
            policy.changeItems("rules") { rule in
                rule.changeItems("onPodConditions") { $0.fill("status", "True") }
            }
        }
    }

    /// A Job without labels has those of its template.
    private static func fillLabels(_ job: inout JSON) {
        guard job.at("metadata", "labels")?.object?.isEmpty ?? true,
            let labels = job.at("spec", "template", "metadata", "labels"), labels.object?.isEmpty == false
        else { return }
        job.set(labels, at: "metadata", "labels")
    }

    /// Jobs select their pods by the uid of the Job, under the new names and the old ones. Labels that the
    /// client gave stay, for validation to refuse.
    private static func generateSelector(_ job: inout JSON) {
        let given = job.at("spec", "template", "metadata", "labels")
        let sharesLabels = FieldRules.same(job.at("metadata", "labels"), given)
        let uid = JSON.string(job.uid)
        let name = JSON.string(job.name)
        let pairs: [(String, JSON)] = [
            ("job-name", name), ("batch.kubernetes.io/job-name", name), ("controller-uid", uid),
            ("batch.kubernetes.io/controller-uid", uid),
        ]
        for (key, value) in pairs where given?[key] == nil {
            job.set(value, at: "spec", "template", "metadata", "labels", key)
        }
        // A Job whose labels are its template's goes on having them.
        if sharesLabels, let labels = job.at("spec", "template", "metadata", "labels") {
            job.set(labels, at: "metadata", "labels")
        }
        let key = "batch.kubernetes.io/controller-uid"
        if job.at("spec", "selector", "matchLabels", key) == nil {
            if job.at("spec", "selector")?.object == nil { job.set(.object([:]), at: "spec", "selector") }
            job.set(uid, at: "spec", "selector", "matchLabels", key)
        }
    }

    private static func validate(job: JSON, requiresPrefixed: Bool) -> Errors {
        JobRules.generatedSelector(job, requiresPrefixed: requiresPrefixed)
            + validate(spec: job["spec"] ?? .object([:])) + JobRules.podNames(job)
    }

    private static func validate(spec: JSON) -> Errors {
        let path = FieldPath("spec")
        var errors = JobRules.validate(spec, path)
        JobRules.selector(spec, path, &errors)
        return errors
    }

    @Sendable private static func validateUpdate(_ new: JSON, _ old: JSON) -> Errors {
        let spec = new["spec"] ?? .object([:])
        let oldSpec = old["spec"] ?? .object([:])
        let path = FieldPath("spec")
        let oldLabels = oldSpec.at("template", "metadata", "labels")
        let hadPrefixed =
            oldLabels?["batch.kubernetes.io/job-name"] != nil
            && oldLabels?["batch.kubernetes.io/controller-uid"] != nil
        // Upstream checks the spec as a new one and once more as a changed one.
        var errors = validate(job: new, requiresPrefixed: hadPrefixed) + validate(spec: spec)
        let immutable = { (key: String) in FieldRules.immutable(spec[key], oldSpec[key], path.child(key)) }
        if !JobRules.isIndexed(spec) {
            errors += immutable("completions")
        } else if let completions = spec["completions"], completions != oldSpec["completions"],
            completions != spec["parallelism"]
        {
            errors.append(
                .invalid(
                    path.child("completions"), completions,
                    "can only be modified in tandem with spec.parallelism"
                ))
        }
        errors += immutable("selector")
        errors += template(new, old, path.child("template"))
        for key in [
            "completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy",
        ] { errors += immutable(key) }
        return errors
    }

    /// The template is fixed, but where a suspended Job's pods are placed and what they are given may change
    /// as long as none of them can be running.
    private static func template(_ new: JSON, _ old: JSON, _ path: FieldPath) -> Errors {
        let template = new.at("spec", "template") ?? .object([:])
        var previous = old.at("spec", "template") ?? .object([:])
        let isStopped = (old["status"]?.items("conditions") ?? []).contains {
            $0.text("type") == "Suspended" && $0.text("status") == "True"
        }
        let notStarted = old.at("status", "startTime")?.string == nil
        if old.at("spec", "suspend")?.bool == true, notStarted || isStopped {
            for key in ["annotations", "labels"] {
                previous.set(template.at("metadata", key), at: "metadata", key)
            }
            for key in ["nodeSelector", "tolerations", "schedulingGates"] {
                previous.set(template.at("spec", key), at: "spec", key)
            }
            previous.set(
                template.at("spec", "affinity", "nodeAffinity"), at: "spec", "affinity", "nodeAffinity")
            for list in ["containers", "initContainers"] {
                let containers = template["spec"]?.items(list) ?? []
                previous.change("spec") { spec in
                    guard spec.items(list).count == containers.count, !containers.isEmpty else { return }
                    var items = spec.items(list)
                    for index in items.indices { items[index]["resources"] = containers[index]["resources"] }
                    spec[list] = .array(items)
                }
            }
        }
        return sameTemplate(template, previous) ? [] : [.invalid(path, template, FieldRules.immutableWords)]
    }

    /// Whether two templates are the same, empty and absent members being equal where they may have changed.
    private static func sameTemplate(_ left: JSON, _ right: JSON) -> Bool {
        if left == right { return true }
        let plain = { (template: JSON) -> JSON in
            var template = template
            let prune = { (value: inout JSON, keys: [String]) in
                for key in keys where FieldRules.same(value[key], nil) { value.drop(key) }
            }
            template.change("metadata") { prune(&$0, ["annotations", "labels", "creationTimestamp"]) }
            prune(&template, ["metadata"])
            template.change("spec") { spec in
                spec.change("affinity") { prune(&$0, ["nodeAffinity"]) }
                prune(&spec, ["nodeSelector", "tolerations", "schedulingGates", "affinity"])
            }
            return template
        }
        return plain(left) == plain(right)
    }

    // MARK: CronJobs

    static let cronJob = Strategy { strategy in
        strategy.setDefaults = { job in
            job.fillAbsent("spec", .object([:]))
            job.change("spec") { spec in
                spec.fill("concurrencyPolicy", "Allow")
                spec.fillAbsent("suspend", false)
                spec.fillAbsent("successfulJobsHistoryLimit", 3)
                spec.fillAbsent("failedJobsHistoryLimit", 1)
                // What the template leaves out is defaulted when a Job is made of it.
                spec.change("jobTemplate") { $0.change("spec", setSharedDefaults) }
            }
        }
        strategy.splitStatus()
        strategy.validate = { job in
            var errors = validate(cronJob: job, old: nil)
            if job.name.utf8.count > 52 {
                errors.append(
                    .invalid(
                        FieldPath("metadata", "name"), .string(job.name), "must be no more than 52 characters"
                    ))
            }
            return errors
        }
        strategy.validateUpdate = { validate(cronJob: $0, old: $1) }
        strategy.warnings = { new, old in
            var warnings = old == nil ? WorkloadRules.nameWarnings(new) : []
            if old.map({ !FieldRules.same(new["spec"], $0["spec"]) }) ?? true {
                warnings += JobRules.warnings(
                    new.at("spec", "jobTemplate", "spec") ?? .null, FieldPath("spec", "jobTemplate", "spec"))
            }
            if old != nil, new["spec"]?.text("schedule").contains("TZ") == true {
                warnings.append(
                    "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see "
                        + "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more "
                        + "details")
            }
            return warnings
        }
        strategy.hasGeneration = true
    }

    private static func validate(cronJob job: JSON, old: JSON?) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = job["spec"] ?? .object([:])
        schedule(spec, old?["spec"], path, &errors)
        errors.nonnegative(spec["startingDeadlineSeconds"], path.child("startingDeadlineSeconds"))
        let zone = spec["timeZone"]?.string
        if let zone, old == nil || old?.at("spec", "timeZone")?.string != zone {
            for words in CronSchedule.timeZoneProblems(zone) {
                errors.append(.invalid(path.child("timeZone"), .string(zone), words))
            }
        }
        errors.oneOf(
            spec.text("concurrencyPolicy"), path.child("concurrencyPolicy"), ["Allow", "Forbid", "Replace"])
        let template = spec.at("jobTemplate", "spec") ?? .object([:])
        let templatePath = path.child("jobTemplate", "spec")
        errors += JobRules.validate(template, templatePath)
        if let selector = template["selector"], selector.object != nil {
            errors.append(
                .invalid(templatePath.child("selector"), selector, "`selector` will be auto-generated"))
        }
        if template.flag("manualSelector") {
            errors.append(.notSupported(templatePath.child("manualSelector"), true, ["nil", "false"]))
        }
        errors.nonnegative(spec["successfulJobsHistoryLimit"], path.child("successfulJobsHistoryLimit"))
        errors.nonnegative(spec["failedJobsHistoryLimit"], path.child("failedJobsHistoryLimit"))
        return errors
    }

    private static func schedule(_ spec: JSON, _ old: JSON?, _ path: FieldPath, _ errors: inout Errors) {
        let schedule = spec.text("schedule")
        let path = path.child("schedule")
        if schedule.isEmpty {
            errors.append(.required(path))
            return
        }
        if let words = CronSchedule.problem(schedule) {
            errors.append(.invalid(path, .string(schedule), words))
        }
        guard schedule.contains("TZ") else { return }
        // Schedules that named their zone before it was forbidden may go on doing so.
        if old?.text("schedule").contains("TZ") != true {
            errors.append(
                .invalid(
                    path, .string(schedule),
                    "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"))
        } else if spec["timeZone"]?.string != nil {
            errors.append(
                .invalid(
                    path, .string(schedule),
                    "cannot use both timeZone field and TZ or CRON_TZ in schedule"))
        }
    }
}
