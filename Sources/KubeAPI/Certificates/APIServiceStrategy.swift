import KubeJSON

/// APIServices (kube-aggregator's pkg/registry/apiservice and pkg/apis/apiregistration/validation).
enum APIServiceStrategy {
    static let apiService = Strategy { strategy in
        strategy.setDefaults = { object in
            object.change("spec") { spec in
                guard case .object = spec["service"] else { return }
                spec.change("service") { $0.fillAbsent("port", 443) }
            }
        }
        strategy.splitStatus()
        strategy.prepareForStatusUpdate = { object, old in
            Preparing.keepSpec(&object, old)
            Preparing.keepMetadata(
                &object, old, keys: ["labels", "annotations", "finalizers", "ownerReferences"])
        }
        strategy.stampTimes = { object, old, now in
            // What this server serves itself is there at once.
            guard old == nil, object.at("spec", "service") == nil else { return }
            object.setCondition([
                "type": "Available", "status": "True", "lastTransitionTime": .string(now), "reason": "Local",
                "message": "Local APIServices are always available",
            ])
        }
        strategy.validateName = { name, _ in NameRules.pathSegment(name) }
        strategy.validate = validate
        strategy.validateUpdate = { new, _ in validate(new) }
        strategy.validateStatusUpdate = { new, _ in
            var errors: Errors = []
            let path = FieldPath("status", "conditions")
            for (index, condition) in (new["status"] ?? [:]).items("conditions").enumerated() {
                let status = condition.text("status")
                let known = ["True", "False", "Unknown"]
                if known.contains(status) { continue }
                errors.append(.notSupported(path.index(index).child("status"), .string(status), known))
            }
            return errors
        }
        strategy.allowsUnconditionalUpdate = false
    }

    @Sendable private static func validate(_ object: JSON) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = object["spec"] ?? [:]
        let group = spec.text("group")
        let version = spec.text("version")
        let wanted = version + "." + group
        if !object.name.isEmpty, object.name != wanted, NameRules.pathSegment(object.name).isEmpty {
            errors.append(
                .invalid(
                    FieldPath("metadata", "name"), .string(object.name),
                    "must be `spec.version+\".\"+spec.group`: \(GoText.quoted(wanted))"))
        }
        if group.isEmpty {
            if version != "v1" {
                errors.append(
                    .required(
                        path.child("group"), "only v1 may have an empty group and it better be legacy kube"))
            }
        } else {
            errors.subdomain(group, path.child("group"))
        }
        errors.check(version, path.child("version")) { NameRules.dns1035Label($0) }
        for (key, limit) in [("groupPriorityMinimum", 20_000), ("versionPriority", 1_000)] {
            let priority = spec.number(key)
            if priority > 0, priority <= limit { continue }
            errors.append(
                .invalid(path.child(key), .integer(priority), "must be positive and less than \(limit)"))
        }
        let bundle = spec.text("caBundle")
        let isInsecure = spec.flag("insecureSkipTLSVerify")
        guard let service = spec["service"] else {
            if !bundle.isEmpty {
                let padding = bundle.utf8.reversed().prefix { $0 == 0x3D }.count
                errors.append(
                    .invalid(
                        path.child("caBundle"), .string("\(bundle.utf8.count / 4 * 3 - padding) bytes"),
                        "local APIServices may not have a caBundle"))
            }
            if isInsecure {
                errors.append(
                    .invalid(
                        path.child("insecureSkipTLSVerify"), true,
                        "local APIServices may not have insecureSkipTLSVerify"))
            }
            return errors
        }
        for key in ["namespace", "name"] where service.text(key).isEmpty {
            errors.append(.required(path.child("service", key)))
        }
        WebhookRules.port(service["port"], path.child("service", "port"), &errors)
        if isInsecure, !bundle.isEmpty {
            errors.append(
                .invalid(
                    path.child("insecureSkipTLSVerify"), true, "may not be true if caBundle is present"))
        }
        return errors
    }
}
