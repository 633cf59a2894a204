import KubeJSON

/// Events of events.k8s.io: what the core group asks of events that name their time, and more.
///
/// Errors name fields as the core group does (`involvedObject`, `message`), as upstream checks both groups'
/// events in one form.
enum EventStrategy {
    static let event = Strategy { strategy in
        strategy.validate = { event in
            var errors = common(event, involved: "regarding", message: "note")
            series(event, &errors)
            if !has(event, "eventTime") { errors.append(.required(FieldPath("eventTime"))) }
            let type = event.text("type")
            if type != "Normal", type != "Warning" {
                errors.append(.invalid(FieldPath("type"), "", "has invalid value: \(type)"))
            }
            let source = event["deprecatedSource"] ?? .null
            let unset: [(String, Bool)] = [
                ("firstTimestamp", has(event, "deprecatedFirstTimestamp")),
                ("lastTimestamp", has(event, "deprecatedLastTimestamp")),
                ("count", event.number("deprecatedCount") != 0),
                ("source", !source.text("component").isEmpty || !source.text("host").isEmpty),
            ]
            for (key, isSet) in unset where isSet {
                errors.append(.invalid(FieldPath(key), "", "needs to be unset"))
            }
            return errors
        }
        strategy.validateUpdate = { new, old in
            var errors = common(new, involved: "regarding", message: "note")
            if !FieldRules.same(new["series"], old["series"]) { series(new, &errors) }
            for (key, name) in immutable {
                errors += FieldRules.immutable(new[key], old[key], FieldPath(name))
            }
            return errors
        }
        strategy.validateName = { NameRules.dns1123Subdomain($0, isPrefix: $1) }
        strategy.allowsCreateOnUpdate = true
    }

    private static let immutable = [
        ("regarding", "involvedObject"), ("reason", "reason"), ("note", "message"),
        ("deprecatedSource", "source"), ("deprecatedFirstTimestamp", "firstTimestamp"),
        ("deprecatedLastTimestamp", "lastTimestamp"), ("deprecatedCount", "count"), ("reason", "reason"),
        ("type", "type"), ("eventTime", "eventTime"), ("action", "action"), ("related", "related"),
        ("reportingController", "reportingController"), ("reportingInstance", "reportingInstance"),
    ]

    private static func has(_ event: JSON, _ key: String) -> Bool {
        !(event[key]?.string ?? "").isEmpty
    }

    private static func series(_ event: JSON, _ errors: inout Errors) {
        guard case .object = event["series"], let series = event["series"] else { return }
        if series.number("count") < 2 {
            errors.append(.invalid(FieldPath("series.count"), "", "should be at least 2"))
        }
        if !has(series, "lastObservedTime") {
            errors.append(.required(FieldPath("series.lastObservedTime")))
        }
    }

    /// What events of both groups keep to; those with an `eventTime` say who reports what.
    static func common(
        _ event: JSON, involved: String, message: String, controller: String = "reportingController"
    ) -> Errors {
        var errors: Errors = []
        let namespace = event["metadata"]?.text("namespace") ?? ""
        let other = event[involved]?.text("namespace") ?? ""
        let isNew = has(event, "eventTime")
        // Events about cluster-wide objects live in `default`; of late in `kube-system` too.
        let isRight =
            other.isEmpty
            ? namespace == "default" || (isNew ? namespace == "kube-system" : namespace.isEmpty)
            : isNew || namespace == other
        if !isRight {
            errors.append(
                .invalid(
                    FieldPath("involvedObject", "namespace"), .string(other),
                    "does not match event.namespace"))
        }
        guard isNew else { return errors }
        let reporter = event.text(controller)
        let path = FieldPath(controller)
        if reporter.isEmpty { errors.append(.required(path)) }
        errors.check(reporter, path, NameRules.qualifiedName)
        for (key, limit) in [("reportingInstance", 128), ("action", 128), ("reason", 128)] {
            let text = event.text(key)
            if text.isEmpty { errors.append(.required(FieldPath(key))) }
            if text.utf8.count > limit {
                errors.append(.invalid(FieldPath(key), "", "can have at most \(limit) characters"))
            }
        }
        if event.text(message).utf8.count > 1024 {
            errors.append(.invalid(FieldPath("message"), "", "can have at most 1024 characters"))
        }
        return errors
    }
}
