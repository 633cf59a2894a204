import KubeJSON

/// Rules for writing the status of a Job. A Job that is done stays so, and what its status says holds
/// together; rules about a field apply when the write changes it.
struct JobStatusRules {
    private let spec: JSON
    private let new: JSON
    private let old: JSON
    private let path = FieldPath("status")
    private var errors: Errors = []

    static func validate(_ job: JSON, _ old: JSON) -> Errors {
        var rules = JobStatusRules(job, old)
        rules.counts()
        rules.conditions()
        rules.times()
        rules.finished()
        rules.indexes()
        rules.successCriteria()
        rules.changes()
        return rules.errors
    }

    private init(_ job: JSON, _ oldJob: JSON) {
        spec = job["spec"] ?? .object([:])
        new = job["status"] ?? .object([:])
        old = oldJob["status"] ?? .object([:])
    }

    private static func has(_ status: JSON, _ type: String) -> Bool {
        status.items("conditions").contains { $0.text("type") == type && $0.text("status") == "True" }
    }
    private func has(_ type: String) -> Bool { Self.has(new, type) }
    private func had(_ type: String) -> Bool { Self.has(old, type) }
    private func flips(_ type: String) -> Bool { has(type) != had(type) }
    private func changed(_ key: String) -> Bool { !FieldRules.same(new[key], old[key]) }
    private var isFinished: Bool { has("Complete") || has("Failed") }
    private var finishes: Bool { isFinished != (had("Complete") || had("Failed")) }

    private mutating func invalid(_ key: String, _ words: String) {
        errors.append(.invalid(path.child(key), new[key] ?? .null, words))
    }
    private mutating func badConditions(_ words: String) {
        errors.append(FieldError(.invalid, path.child("conditions"), nil, words))
    }

    private mutating func counts() {
        for key in ["active", "succeeded", "failed", "ready", "terminating"] {
            errors.nonnegative(new[key], path.child(key))
        }
        var seen: Set<String> = []
        for list in ["succeeded", "failed"] {
            for (index, uid) in (new["uncountedTerminatedPods"]?.texts(list) ?? []).enumerated() {
                let path = path.child("uncountedTerminatedPods", list).index(index)
                if uid.isEmpty {
                    errors.append(.invalid(path, "", "must not be empty"))
                } else if !seen.insert(uid).inserted {
                    errors.append(.duplicate(path, .string(uid)))
                }
            }
        }
    }

    private mutating func conditions() {
        if flips("Complete") || flips("Failed"), has("Complete"), has("Failed") {
            badConditions("cannot set Complete=True and Failed=true conditions")
        }
        if flips("Complete") || flips("FailureTarget"), has("Complete"), has("FailureTarget") {
            badConditions("cannot set Complete=True and FailureTarget=true conditions")
        }
    }

    private mutating func times() {
        let start = new["startTime"]?.string
        let completion = new["completionTime"]?.string
        if flips("Complete") || changed("completionTime") {
            if completion != nil, !has("Complete") {
                invalid(
                    "completionTime", "cannot set completionTime when there is no Complete=True condition")
            }
            if completion == nil, has("Complete") {
                errors.append(
                    .required(
                        path.child("completionTime"), "completionTime is required for Complete jobs"))
            }
        }
        // Times are canonical: their texts sort as they do.
        if changed("startTime") || changed("completionTime"), let start, let completion, completion < start {
            invalid("completionTime", "completionTime cannot be set before startTime")
        }
    }

    private mutating func finished() {
        if flips("Failed"), has("Failed"), !has("FailureTarget") {
            badConditions("cannot set Failed=True condition without the FailureTarget=true condition")
        }
        if flips("Complete"), has("Complete"), !has("SuccessCriteriaMet") {
            badConditions("cannot set Complete=True condition without the SuccessCriteriaMet=true condition")
        }
        guard isFinished else { return }
        if finishes || changed("active"), new.number("active") > 0 {
            invalid("active", "active>0 is invalid for finished job")
        }
        // One that is suspended and has nothing to do ends without having begun.
        let isIdle = spec.flag("suspend") && spec["completions"]?.int == 0
        if finishes || changed("startTime"), new["startTime"]?.string == nil, !isIdle {
            errors.append(.required(path.child("startTime"), "startTime is required for finished job"))
        }
        let uncounted = new["uncountedTerminatedPods"] ?? .null
        if finishes || changed("uncountedTerminatedPods"),
            !(uncounted.items("succeeded") + uncounted.items("failed")).isEmpty
        {
            invalid(
                "uncountedTerminatedPods", "uncountedTerminatedPods needs to be empty for finished job")
        }
    }

    private mutating func indexes() {
        let completions = spec["completions"]?.int
        let completed = new.text("completedIndexes")
        let failed = new["failedIndexes"]?.string
        if changed("completedIndexes"), let completions {
            parse("completedIndexes", completed, completions)
        }
        if changed("failedIndexes"), let completions, let failed, spec["backoffLimitPerIndex"] != nil {
            parse("failedIndexes", failed, completions)
        }
        if changed("completedIndexes"), !completed.isEmpty, !JobRules.isIndexed(spec) {
            invalid(
                "completedIndexes", "cannot set non-empty completedIndexes when non-indexed completion mode")
        }
        if changed("failedIndexes"), failed != nil, spec["backoffLimitPerIndex"] == nil {
            invalid(
                "failedIndexes", "cannot set non-null failedIndexes when backoffLimitPerIndex is null")
        }
        if changed("failedIndexes") || changed("completedIndexes"), let completions, let failed,
            let index = IndexIntervals.overlap(completed, failed, completions: completions)
        {
            invalid("failedIndexes", "failedIndexes and completedIndexes overlap at index: \(index)")
        }
        if finishes || changed("terminating"), isFinished, new.number("terminating") > 0 {
            invalid("terminating", "terminating>0 is invalid for finished job")
        }
        if changed("ready") || changed("active"), let ready = new["ready"]?.integer,
            ready > new.number("active")
        {
            invalid("ready", "cannot set more ready pods than active")
        }
    }

    private mutating func parse(_ key: String, _ text: String, _ completions: Int) {
        do throws(IndexIntervals.Problem) {
            _ = try IndexIntervals.count(text, completions: completions)
        } catch {
            invalid(key, "error parsing \(key): \(error.words)")
        }
    }

    private mutating func successCriteria() {
        guard has("SuccessCriteriaMet") else {
            if spec["successPolicy"] != nil, has("Complete") {
                badConditions(
                    "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True")
            }
            return
        }
        if has("Failed") { badConditions("cannot set SuccessCriteriaMet=True and Failed=true conditions") }
        if has("FailureTarget") {
            badConditions("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions")
        }
    }

    private mutating func changes() {
        for type in ["Failed", "Complete", "FailureTarget"] where had(type) && !has(type) {
            badConditions("cannot disable the terminal \(type)=True condition")
        }
        if new.number("failed") < old.number("failed") {
            errors.append(
                .invalid(
                    path.child("failed"), .integer(new.number("failed")), "cannot decrease the failed counter"
                ))
        }
        // An elastic Job may be scaled down, which takes back successes.
        let isElastic = JobRules.isIndexed(spec) && spec["completions"] == spec["parallelism"]
        if !isElastic, new.number("succeeded") < old.number("succeeded") {
            errors.append(
                .invalid(
                    path.child("succeeded"), .integer(new.number("succeeded")),
                    "cannot decrease the succeeded counter"))
        }
        let completion = new["completionTime"]?.string
        if let before = old["completionTime"]?.string, let completion, before != completion {
            invalid("completionTime", "completionTime cannot be mutated")
        }
        // A Job that is resumed starts anew.
        let resumes = Self.has(old, "Suspended") && !has("Suspended") && new["startTime"]?.string != nil
        if let before = old["startTime"]?.string, before != new["startTime"]?.string, !spec.flag("suspend"),
            !resumes
        {
            errors.append(
                .required(path.child("startTime"), "startTime cannot be removed for unsuspended job"))
        }
        if had("SuccessCriteriaMet"), !has("SuccessCriteriaMet") {
            badConditions("cannot disable the SuccessCriteriaMet=True condition")
        }
        if had("Complete"), !had("SuccessCriteriaMet"), has("SuccessCriteriaMet") {
            badConditions(
                "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions")
        }
    }
}
