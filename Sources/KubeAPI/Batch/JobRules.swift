import KubeJSON

/// Rules for the spec of a Job, alone and in a CronJob's template (pkg/apis/batch/validation).
enum JobRules {
    private static let indexedLimit = 100_000
    private static let indexedLimitWithBackoff = 10_000

    static func validate(_ spec: JSON, _ path: FieldPath) -> Errors {
        var errors: Errors = []
        for key in [
            "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit",
            "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes",
        ] { errors.nonnegative(spec[key], path.child(key)) }
        if spec["maxFailedIndexes"] != nil, spec["backoffLimitPerIndex"] == nil {
            errors.append(
                .required(path.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified"))
        }
        if let manager = spec["managedBy"]?.string {
            errors += NameRules.domainPrefixedPath(manager, path.child("managedBy"))
            if manager.utf8.count > 63 { errors.append(.tooLong(path.child("managedBy"), 63)) }
        }
        completionMode(spec, path, &errors)
        if let policy = spec["podFailurePolicy"] {
            JobPolicyRules.failure(policy, spec, path.child("podFailurePolicy"), &errors)
        }
        if let policy = spec["successPolicy"] {
            let path = path.child("successPolicy")
            if isIndexed(spec) {
                JobPolicyRules.success(policy, spec, path, &errors)
            } else {
                errors.append(
                    .invalid(path, JobPolicyRules.shown(success: policy), "requires indexed completion mode"))
            }
        }
        if let policy = spec["podReplacementPolicy"]?.string {
            let supported = spec["podFailurePolicy"] == nil ? ["Failed", "TerminatingOrFailed"] : ["Failed"]
            if !supported.contains(policy) {
                errors.append(
                    .notSupported(path.child("podReplacementPolicy"), .string(policy), supported))
            }
        }
        template(spec, path.child("template"), &errors)
        return errors
    }

    static func isIndexed(_ spec: JSON) -> Bool { spec.text("completionMode") == "Indexed" }

    private static func completionMode(_ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let mode = spec["completionMode"]?.string
        errors.optionalOneOf(
            spec["completionMode"], path.child("completionMode"), ["NonIndexed", "Indexed"])
        if mode == "Indexed" {
            indexed(spec, path, &errors)
        } else if mode == nil || mode == "NonIndexed" {
            for key in ["backoffLimitPerIndex", "maxFailedIndexes"] {
                guard let value = spec[key] else { continue }
                errors.append(.invalid(path.child(key), value, "requires indexed completion mode"))
            }
        }
    }

    private static func indexed(_ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let completions = spec["completions"]?.int
        let parallelism = spec["parallelism"]?.int
        let failed = spec["maxFailedIndexes"]?.int
        let invalid = { (key: String, value: Int, words: String) -> FieldError in
            .invalid(path.child(key), .integer(Int64(value)), words)
        }
        if completions == nil {
            errors.append(.required(path.child("completions"), "when completion mode is Indexed"))
        }
        if let parallelism, parallelism > indexedLimit {
            errors.append(
                invalid(
                    "parallelism", parallelism,
                    "must be less than or equal to \(indexedLimit) when completion mode is Indexed"))
        }
        if let completions, let failed, failed > completions {
            errors.append(
                invalid("maxFailedIndexes", failed, "must be less than or equal to completions"))
        }
        if let failed, failed > indexedLimit {
            errors.append(
                invalid("maxFailedIndexes", failed, "must be less than or equal to \(indexedLimit)"))
        }
        guard let completions, completions > indexedLimit, spec["backoffLimitPerIndex"] != nil else { return }
        let words =
            "must be less than or equal to \(indexedLimitWithBackoff) when completions are above "
            + "\(indexedLimit) and used with backoff limit per index"
        if failed == nil {
            errors.append(
                .required(
                    path.child("maxFailedIndexes"),
                    "must be specified when completions is above \(indexedLimit)"))
        }
        if let parallelism, parallelism > indexedLimitWithBackoff {
            errors.append(invalid("parallelism", parallelism, words))
        }
        if let failed, failed > indexedLimitWithBackoff {
            errors.append(invalid("maxFailedIndexes", failed, words))
        }
    }

    private static func template(_ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let template = spec["template"] ?? .object([:])
        errors += PodSpecRules.validateTemplate(template, path)
        let restart = template["spec"]?.text("restartPolicy") ?? ""
        let restartPath = path.child("spec", "restartPolicy")
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
    }

    // MARK: Selectors

    /// The selector of a Job, which has to match the pods that the Job makes.
    static func selector(_ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let selector = spec["selector"]
        var isReadable = true
        if let selector {
            let found = FieldRules.labelSelector(selector, path.child("selector"))
            isReadable = found.isEmpty
            errors += found
        } else {
            errors.append(.required(path.child("selector")))
        }
        let labels = spec.at("template", "metadata", "labels")
        // A selector that is missing matches nothing.
        let matches = selector.map { WorkloadRules.matches($0, labels?.object ?? [:]) } ?? false
        if isReadable, !matches {
            errors.append(
                .invalid(
                    path.child("template", "metadata", "labels"), labels ?? .null,
                    "`selector` does not match template `labels`"))
        }
    }

    /// The labels that the server makes must be those of this Job.
    static func generatedSelector(_ job: JSON, requiresPrefixed: Bool) -> Errors {
        let spec = job["spec"] ?? .object([:])
        guard !spec.flag("manualSelector"), let selector = spec["selector"], selector.object != nil else {
            return []
        }
        var errors: Errors = []
        let uid = job.uid
        if uid.isEmpty { errors.append(.required(FieldPath("metadata", "uid"))) }
        let labels = spec.at("template", "metadata", "labels")
        let path = FieldPath("spec", "template", "metadata", "labels")
        var expected: JSONObject = ["controller-uid": .string(uid), "job-name": .string(job.name)]
        if requiresPrefixed {
            expected["batch.kubernetes.io/controller-uid"] = .string(uid)
            expected["batch.kubernetes.io/job-name"] = .string(job.name)
        }
        for (key, value) in expected {
            let words = "must be '\(value.string ?? "")'"
            guard let found = labels?[key] else {
                errors.append(.required(path.key(key), words))
                continue
            }
            if found != value { errors.append(.invalid(path.key(key), labels ?? .null, words)) }
        }
        let isReadable = FieldRules.labelSelector(selector, .root).isEmpty
        if isReadable, !WorkloadRules.matches(selector, expected) {
            errors.append(.invalid(FieldPath("spec", "selector"), selector, "`selector` not auto-generated"))
        }
        return errors
    }

    /// Pods of an Indexed Job are named after it and their index.
    static func podNames(_ job: JSON) -> Errors {
        let spec = job["spec"] ?? .object([:])
        guard isIndexed(spec), let completions = spec["completions"]?.integer, completions > 0 else {
            return []
        }
        let longest = "\(job.name)-\(completions - 1)"
        if NameRules.dns1123Label(longest).isEmpty { return [] }
        return [
            .invalid(
                FieldPath("metadata", "name"), .string(job.name),
                "will not able to create pod with invalid DNS label: \(longest)")
        ]
    }

    /// Warnings about a Job's spec at a path.
    static func warnings(_ spec: JSON, _ path: FieldPath) -> [String] {
        var warnings: [String] = []
        if isIndexed(spec), spec.number("completions") > indexedLimit,
            spec.number("parallelism") > indexedLimitWithBackoff
        {
            warnings.append(
                "\(path): In Indexed Jobs with a number of completions higher than 10^5 and a parallelism "
                    + "higher than 10^4, Kubernetes might not be able to track completedIndexes when a big "
                    + "number of indexes fail")
        }
        let template = spec["template"] ?? .null
        return warnings
            + PodWarnings.warnings(
                template["spec"] ?? .null, path.child("template", "spec"), metadata: template["metadata"])
    }
}
