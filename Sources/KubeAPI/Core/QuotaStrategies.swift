import KubeJSON

/// ResourceQuotas and LimitRanges.
enum QuotaStrategies {
    static let quota = Strategy { strategy in
        strategy.setDefaults = { quota in
            quota.change("spec") { $0.change("hard", PodSpecRules.roundResources) }
            quota.change("status") { status in
                status.change("hard", PodSpecRules.roundResources)
                status.change("used", PodSpecRules.roundResources)
            }
        }
        strategy.prepareForCreate = { Preparing.dropStatus(&$0) }
        strategy.prepareForUpdate = { Preparing.keepStatus(&$0, $1) }
        strategy.prepareForStatusUpdate = { Preparing.keepSpec(&$0, $1) }
        strategy.validate = { KubeFinalizers.validate($0) + validateSpec($0) }
        strategy.validateUpdate = { quota, old in
            var errors = KubeFinalizers.validate(quota) + validateSpec(quota)
            let scopes = { (object: JSON) in Set(object["spec"]?.texts("scopes") ?? []) }
            if scopes(quota) != scopes(old) {
                errors.append(
                    .invalid(
                        FieldPath("spec", "scopes"), quota.at("spec", "scopes") ?? .null,
                        FieldRules.immutableWords))
            }
            return errors
        }
        strategy.validateStatusUpdate = { quota, _ in
            var errors: Errors = []
            for list in ["hard", "used"] {
                quantities(quota.at("status", list), FieldPath("status", list), &errors)
            }
            return errors
        }
    }

    private static func quantities(_ list: JSON?, _ path: FieldPath, _ errors: inout Errors) {
        for (name, value) in list?.object ?? [:] {
            errors += ResourceRules.quotaName(name, path.key(name))
            errors += ResourceRules.quantity(name, value, path.key(name))
        }
    }

    private static let scopes: Set<String> = [
        "Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass",
        "CrossNamespacePodAffinity", "VolumeAttributesClass",
    ]

    private static func fits(_ scope: String, _ resource: String) -> Bool {
        switch scope {
        case "BestEffort": resource == "pods"
        case "VolumeAttributesClass":
            resource == "persistentvolumeclaims" || resource == "requests.storage"
        case "Terminating", "NotTerminating", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity":
            ResourceNames.podCompute.contains(resource)
        default: true
        }
    }

    private static func validateSpec(_ quota: JSON) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = quota["spec"] ?? .object([:])
        quantities(spec["hard"], path.child("hard"), &errors)
        let resources = (spec["hard"]?.object ?? [:]).sortedKeys.filter(ResourceNames.isQuota)
        let given = spec.texts("scopes")
        let list = spec["scopes"] ?? []
        for scope in given {
            if !scopes.contains(scope) {
                errors.append(.invalid(path.child("scopes"), list, "unsupported scope"))
            }
            for resource in resources where !fits(scope, resource) {
                errors.append(
                    .invalid(path.child("scopes"), list, "unsupported scope applied to resource"))
            }
        }
        let conflicting = { (scopes: [String]) in
            [["BestEffort", "NotBestEffort"], ["Terminating", "NotTerminating"]].filter {
                $0.allSatisfy(scopes.contains)
            }
        }
        for _ in conflicting(given) {
            errors.append(.invalid(path.child("scopes"), list, "conflicting scopes"))
        }
        guard let selector = spec["scopeSelector"] else { return errors }
        let selectorPath = path.child("scopeSelector").child("matchExpressions")
        let requirements = selector.items("matchExpressions")
        for requirement in requirements {
            let scope = requirement.text("scopeName")
            let operation = requirement.text("operator")
            let values = requirement.items("values")
            if !scopes.contains(scope) {
                errors.append(
                    .invalid(selectorPath.child("scopeName"), .string(scope), "unsupported scope"))
            }
            for resource in resources where !fits(scope, resource) {
                errors.append(.invalid(selectorPath, selector, "unsupported scope applied to resource"))
            }
            if scopes.contains(scope), scope != "PriorityClass", scope != "VolumeAttributesClass",
                operation != "Exists"
            {
                errors.append(
                    .invalid(
                        selectorPath.child("operator"), .string(operation),
                        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, "
                            + "ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, "
                            + "ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
                    ))
            }
            switch operation {
            case "In", "NotIn":
                if values.isEmpty {
                    errors.append(
                        .required(
                            selectorPath.child("values"),
                            "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
                        ))
                }
            case "Exists", "DoesNotExist":
                if !values.isEmpty {
                    errors.append(
                        .invalid(
                            selectorPath.child("values"), .array(values),
                            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
                        ))
                }
            default:
                errors.append(
                    .invalid(
                        selectorPath.child("operator"), .string(operation), "not a valid selector operator"))
            }
        }
        for _ in conflicting(requirements.map { $0.text("scopeName") }) {
            errors.append(.invalid(selectorPath, list, "conflicting scopes"))
        }
        return errors
    }

    // MARK: Limit ranges

    static let limitRange = Strategy { strategy in
        strategy.setDefaults = { range in
            range.change("spec") { $0.changeItems("limits", setLimitDefaults) }
        }
        strategy.validate = { KubeFinalizers.validate($0) + validateLimits($0) }
        strategy.validateUpdate = { new, _ in KubeFinalizers.validate(new) + validateLimits(new) }
    }

    private static func setLimitDefaults(_ item: inout JSON) {
        for list in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
            item.change(list, PodSpecRules.roundResources)
        }
        guard item.text("type") == "Container" else { return }
        func fill(_ list: String, from other: String) {
            for (name, value) in item[other]?.object ?? [:] where item.at(list, name) == nil {
                item.set(value, at: list, name)
            }
        }
        fill("default", from: "max")
        fill("defaultRequest", from: "default")
        fill("defaultRequest", from: "min")
    }

    private static func validateLimits(_ range: JSON) -> Errors {
        var errors: Errors = []
        var types: Set<String> = []
        for (index, limit) in (range["spec"]?.items("limits") ?? []).enumerated() {
            let path = FieldPath("spec", "limits").index(index)
            let type = limit.text("type")
            let words = NameRules.qualifiedName(type)
            if !words.isEmpty {
                errors.check(type, path.child("type"), NameRules.qualifiedName)
            } else if !ResourceNames.hasSlash(type),
                !["Pod", "Container", "PersistentVolumeClaim"].contains(type)
            {
                errors.append(
                    .invalid(
                        path.child("type"), .string(type), "must be a standard limit type or fully qualified")
                )
            }
            if !types.insert(type).inserted {
                errors.append(.duplicate(path.child("type"), .string(type)))
            }
            let rule = type == "Pod" || type == "Container" ? ResourceRules.containerName : ResourceRules.name
            var names: Set<String> = []
            func judge(_ list: String, _ errors: inout Errors) {
                for (name, _) in limit[list]?.object ?? [:] {
                    errors += rule(name, path.child(list).key(name))
                    names.insert(name)
                }
            }
            judge("max", &errors)
            judge("min", &errors)
            for list in ["default", "defaultRequest"] {
                if type != "Pod" {
                    judge(list, &errors)
                } else if limit[list]?.object?.isEmpty == false {
                    errors.append(
                        .forbidden(path.child(list), "may not be specified when `type` is 'Pod'"))
                }
            }
            if type == "PersistentVolumeClaim", limit.at("min", "storage") == nil,
                limit.at("max", "storage") == nil
            {
                errors.append(
                    .required(
                        path.child("limits"),
                        "either minimum or maximum storage value is required, but neither was provided"))
            }
            judge("maxLimitRequestRatio", &errors)
            for name in names.sorted(by: utf8Less) { compare(limit, name, type, path, &errors) }
        }
        return errors
    }

    private static func compare(
        _ limit: JSON, _ name: String, _ type: String, _ path: FieldPath, _ errors: inout Errors
    ) {
        let read = { (list: String) in limit.at(list, name)?.string.flatMap { Quantity($0) } }
        let min = read("min")
        let max = read("max")
        let usual = type == "Pod" ? nil : read("default")
        let request = type == "Pod" ? nil : read("defaultRequest")
        func invalid(_ list: String, _ value: Quantity, _ words: String) {
            errors.append(.invalid(path.child(list).key(name), .string(value.description), words))
        }
        if let min, let max, min > max {
            invalid("min", min, "min value \(min.description) is greater than max value \(max.description)")
        }
        if let request, let min, min > request {
            invalid(
                "defaultRequest", request,
                "min value \(min.description) is greater than default request value \(request.description)")
        }
        if let request, let max, request > max {
            invalid(
                "defaultRequest", request,
                "default request value \(request.description) is greater than max value \(max.description)")
        }
        if let request, let usual, request > usual {
            invalid(
                "defaultRequest", request,
                "default request value \(request.description) is greater than default limit value \(usual.description)"
            )
        }
        if let usual, let min, min > usual {
            invalid(
                "default", min,
                "min value \(min.description) is greater than default value \(usual.description)")
        }
        if let usual, let max, usual > max {
            invalid(
                "default", max,
                "default value \(usual.description) is greater than max value \(max.description)")
        }
        if let ratio = read("maxLimitRequestRatio"), ratio.milliValue < 1000 {
            invalid("maxLimitRequestRatio", ratio, "ratio \(ratio.description) is less than 1")
        }
        if !ResourceNames.allowsOvercommit(name), let usual, let request, usual != request {
            invalid(
                "defaultRequest", request,
                "default value \(usual.description) must equal to defaultRequest value \(request.description) in \(name)"
            )
        }
    }
}

/// ReplicationControllers.
enum ReplicationControllerStrategy {
    static let controller = Strategy { strategy in
        strategy.setDefaults = { controller in
            if controller["spec"] == nil { controller["spec"] = .object([:]) }
            let labels = controller.at("spec", "template", "metadata", "labels")
            controller.change("spec") { spec in
                if spec["replicas"] == nil { spec["replicas"] = 1 }
                spec.change("template") { PodSpecRules.setTemplateDefaults(&$0) }
                if let labels, spec["selector"]?.object?.isEmpty ?? true { spec["selector"] = labels }
            }
            if let labels, controller.at("metadata", "labels")?.object?.isEmpty ?? true {
                controller.set(labels, at: "metadata", "labels")
            }
        }
        strategy.prepareForCreate = { Preparing.dropStatus(&$0) }
        strategy.prepareForUpdate = { Preparing.keepStatus(&$0, $1) }
        strategy.prepareForStatusUpdate = { Preparing.keepSpec(&$0, $1) }
        strategy.validate = { KubeFinalizers.validate($0) + validate($0) }
        strategy.validateUpdate = { new, _ in KubeFinalizers.validate(new) + validate(new) }
        strategy.validateStatusUpdate = { new, _ in validateStatus(new["status"] ?? .null) }
        strategy.warnings = { new, _ in
            PodWarnings.warnings(
                new.at("spec", "template", "spec") ?? .null, FieldPath("spec", "template", "spec"),
                metadata: new.at("spec", "template", "metadata"))
        }
        strategy.hasGeneration = true
    }

    private static func validate(_ controller: JSON) -> Errors {
        var errors: Errors = []
        let spec = controller["spec"] ?? .object([:])
        let path = FieldPath("spec")
        errors.nonnegative(spec["minReadySeconds"], path.child("minReadySeconds"))
        let selector = spec["selector"]?.object ?? [:]
        if selector.isEmpty { errors.append(.required(path.child("selector"))) }
        errors.nonnegative(spec["replicas"], path.child("replicas"))
        let templatePath = path.child("template")
        guard let template = spec["template"] else {
            errors.append(.required(templatePath))
            return errors
        }
        let labels = template.at("metadata", "labels")
        if !selector.isEmpty, selector.contains(where: { labels?[$0.key] != $0.value }) {
            errors.append(
                .invalid(
                    templatePath.child("metadata", "labels"), labels ?? .null,
                    "`selector` does not match template `labels`"))
        }
        errors += PodSpecRules.validateTemplate(template, templatePath)
        let policy = template["spec"]?.text("restartPolicy") ?? ""
        if policy != "Always" {
            errors.append(
                .notSupported(templatePath.child("spec", "restartPolicy"), .string(policy), ["Always"]))
        }
        if template.at("spec", "activeDeadlineSeconds") != nil {
            errors.append(
                .forbidden(
                    templatePath.child("spec", "activeDeadlineSeconds"),
                    "activeDeadlineSeconds in ReplicationController is not Supported"))
        }
        return errors
    }

    private static func validateStatus(_ status: JSON) -> Errors {
        var errors: Errors = []
        let path = FieldPath("status")
        for field in [
            "replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration",
        ] { errors.nonnegative(status[field], path.child(field)) }
        for field in ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"]
        where status.number(field) > status.number("replicas") {
            errors.append(
                .invalid(
                    path.child(field), .integer(status.number(field)),
                    "cannot be greater than status.replicas"))
        }
        if status.number("availableReplicas") > status.number("readyReplicas") {
            errors.append(
                .invalid(
                    path.child("availableReplicas"), .integer(status.number("availableReplicas")),
                    "cannot be greater than readyReplicas"))
        }
        return errors
    }
}
