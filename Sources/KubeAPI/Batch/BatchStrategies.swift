import KubeJSON

/// Jobs and CronJobs.
enum BatchStrategies {
    static let job = Strategy { strategy in
        strategy.setDefaults = { job in
            job.fillAbsent("spec", .object([:]))
            job.change("spec") { spec in
                setTemplateDefaults(&spec)
                if spec["completions"] == nil, spec["parallelism"] == nil { spec["completions"] = 1 }
                spec.fillAbsent("parallelism", 1)
                // A limit for each index stands in for the limit of the whole Job.
                let limit: JSON = spec["backoffLimitPerIndex"] == nil ? 6 : .integer(Int64(Int32.max))
                spec.fillAbsent("backoffLimit", limit)
                spec.fill("completionMode", "NonIndexed")
                spec.fillAbsent("suspend", false)
                spec.fill(
                    "podReplacementPolicy",
                    spec["podFailurePolicy"] == nil ? "TerminatingOrFailed" : "Failed")
                spec.fillAbsent("manualSelector", false)
            }
            let labels = job.at("spec", "template", "metadata", "labels")
            if let labels, job.at("metadata", "labels")?.object?.isEmpty ?? true {
                job.set(labels, at: "metadata", "labels")
            }
        }
        strategy.splitStatus()
        strategy.prepareForCreate = { job in
            Preparing.dropStatus(&job)
            guard job.at("spec", "manualSelector")?.bool != true else { return }
            generateSelector(&job)
        }
        strategy.validate = { validateSpec($0["spec"] ?? .object([:]), FieldPath("spec"), isJob: true) }
        strategy.validateUpdate = { new, old in
            var errors = validateSpec(new["spec"] ?? .object([:]), FieldPath("spec"), isJob: true)
            let isElastic =
                new.at("spec", "completionMode") == "Indexed"
                && new.at("spec", "completions") == new.at("spec", "parallelism")
            var fixed = ["selector", "podFailurePolicy", "completionMode", "backoffLimitPerIndex"]
            if !isElastic { fixed.insert("completions", at: 0) }
            if old.at("spec", "suspend")?.bool != true || old.at("status", "startTime") != nil {
                fixed.insert("template", at: min(2, fixed.count))
            }
            for key in fixed {
                errors += FieldRules.immutable(
                    new.at("spec", key), old.at("spec", key), FieldPath("spec", key))
            }
            return errors
        }
        strategy.warnings = { new, _ in WorkloadRules.templateWarnings(new) }
        strategy.hasGeneration = true
    }

    private static func setTemplateDefaults(_ spec: inout JSON) {
        spec.change("template") { PodSpecRules.setTemplateDefaults(&$0) }
    }

    /// Jobs select their pods by the uid of the Job, under the new names and the old ones.
    private static func generateSelector(_ job: inout JSON) {
        let uid = JSON.string(job["metadata"]?.text("uid") ?? "")
        let name = JSON.string(job["metadata"]?.text("name") ?? "")
        let pairs: [(String, JSON)] = [
            ("controller-uid", uid), ("job-name", name), ("batch.kubernetes.io/controller-uid", uid),
            ("batch.kubernetes.io/job-name", name),
        ]
        for (key, value) in pairs {
            job.set(value, at: "spec", "template", "metadata", "labels", key)
            job.set(value, at: "metadata", "labels", key)
        }
        job.set(uid, at: "spec", "selector", "matchLabels", "batch.kubernetes.io/controller-uid")
    }

    private static func validateSpec(_ spec: JSON, _ path: FieldPath, isJob: Bool) -> Errors {
        var errors: Errors = []
        for key in [
            "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit",
            "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes",
        ] { errors.nonnegative(spec[key], path.child(key)) }
        if spec.text("completionMode") == "Indexed", spec["completions"] == nil {
            errors.append(
                .required(path.child("completions"), "when completion mode is Indexed"))
        }
        let template = spec["template"] ?? .object([:])
        let templatePath = path.child("template")
        if isJob {
            if let selector = spec["selector"] {
                errors += FieldRules.labelSelector(selector, path.child("selector"))
                let labels = template.at("metadata", "labels")?.object ?? [:]
                if !WorkloadRules.matches(selector, labels) {
                    errors.append(
                        .invalid(
                            templatePath.child("metadata", "labels"), .object(labels),
                            "`selector` does not match template `labels`"))
                }
            } else {
                errors.append(.required(path.child("selector")))
            }
        }
        errors += PodSpecRules.validateTemplate(template, templatePath)
        let restart = template["spec"]?.text("restartPolicy") ?? ""
        let restartPath = templatePath.child("spec", "restartPolicy")
        if restart.isEmpty || restart == "Always" {
            errors.append(.required(restartPath, "valid values: \"OnFailure\", \"Never\""))
        } else if restart != "OnFailure", restart != "Never" {
            errors.append(.notSupported(restartPath, .string(restart), ["OnFailure", "Never"]))
        } else if spec["podFailurePolicy"] != nil, restart != "Never" {
            errors.append(
                .invalid(
                    restartPath, .string(restart),
                    "only \"Never\" is supported when podFailurePolicy is specified"))
        }
        return errors
    }

    static let cronJob = Strategy { strategy in
        strategy.setDefaults = { job in
            job.fillAbsent("spec", .object([:]))
            job.change("spec") { spec in
                spec.fill("concurrencyPolicy", "Allow")
                spec.fillAbsent("suspend", false)
                spec.fillAbsent("successfulJobsHistoryLimit", 3)
                spec.fillAbsent("failedJobsHistoryLimit", 1)
                // What the template leaves out is defaulted when a Job is made of it.
                spec.change("jobTemplate") { $0.change("spec", setTemplateDefaults) }
            }
        }
        strategy.splitStatus()
        strategy.validate = validateCronJob
        strategy.validateUpdate = { new, _ in validateCronJob(new) }
        strategy.hasGeneration = true
    }

    @Sendable private static func validateCronJob(_ job: JSON) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = job["spec"] ?? .object([:])
        let schedule = spec.text("schedule")
        if schedule.isEmpty {
            errors.append(.required(path.child("schedule")))
        } else if let words = CronSchedule.problem(schedule) {
            errors.append(.invalid(path.child("schedule"), .string(schedule), words))
        }
        errors.nonnegative(spec["startingDeadlineSeconds"], path.child("startingDeadlineSeconds"))
        errors.oneOf(
            spec.text("concurrencyPolicy"), path.child("concurrencyPolicy"), ["Allow", "Forbid", "Replace"])
        errors += validateSpec(
            spec.at("jobTemplate", "spec") ?? .object([:]), path.child("jobTemplate", "spec"), isJob: false)
        errors.nonnegative(spec["successfulJobsHistoryLimit"], path.child("successfulJobsHistoryLimit"))
        errors.nonnegative(spec["failedJobsHistoryLimit"], path.child("failedJobsHistoryLimit"))
        if let name = job["metadata"]?.text("name"), name.utf8.count > 52 {
            errors.append(
                .invalid(
                    FieldPath("metadata", "name"), .string(name), "must be no more than 52 characters"))
        }
        return errors
    }
}
