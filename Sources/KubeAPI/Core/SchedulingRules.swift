import KubeJSON

/// Rules for where a pod may run: affinity, tolerations, taints, topology spread.
enum SchedulingRules {
    private static let required = "requiredDuringSchedulingIgnoredDuringExecution"
    private static let preferred = "preferredDuringSchedulingIgnoredDuringExecution"

    static func affinity(_ affinity: JSON, _ path: FieldPath, _ errors: inout Errors) {
        if let node = affinity["nodeAffinity"] {
            let path = path.child("nodeAffinity")
            if let selector = node[required] { nodeSelector(selector, path.child(required), &errors) }
            for (index, term) in node.items(preferred).enumerated() {
                let path = path.child(preferred).index(index)
                weight(term, path, &errors)
                nodeTerm(term["preference"] ?? .null, path.child("preference"), lenient: true, &errors)
            }
        }
        for kind in ["podAffinity", "podAntiAffinity"] {
            guard let pod = affinity[kind] else { continue }
            let path = path.child(kind)
            for (index, term) in pod.items(required).enumerated() {
                podTerm(term, path.child(required).index(index), &errors)
            }
            for (index, term) in pod.items(preferred).enumerated() {
                let path = path.child(preferred).index(index)
                weight(term, path, &errors)
                podTerm(term["podAffinityTerm"] ?? .null, path.child("podAffinityTerm"), &errors)
            }
        }
    }

    private static func weight(_ term: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let weight = term.number("weight")
        if weight < 1 || weight > 100 {
            errors.append(.invalid(path.child("weight"), .integer(weight), "must be in the range 1-100"))
        }
    }

    static func nodeSelector(_ selector: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let path = path.child("nodeSelectorTerms")
        let terms = selector.items("nodeSelectorTerms")
        if terms.isEmpty { errors.append(.required(path, "must have at least one node selector term")) }
        for (index, term) in terms.enumerated() { nodeTerm(term, path.index(index), lenient: false, &errors) }
    }

    private static func nodeTerm(_ term: JSON, _ path: FieldPath, lenient: Bool, _ errors: inout Errors) {
        for (index, requirement) in term.items("matchExpressions").enumerated() {
            nodeRequirement(
                requirement, path.child("matchExpressions").index(index), lenient: lenient, &errors)
        }
        for (index, requirement) in term.items("matchFields").enumerated() {
            let path = path.child("matchFields").index(index)
            let operation = requirement.text("operator")
            if operation == "In" || operation == "NotIn" {
                if requirement.items("values").count != 1 {
                    errors.append(
                        .required(
                            path.child("values"),
                            "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
                        ))
                }
            } else {
                errors.append(
                    .invalid(path.child("operator"), .string(operation), "not a valid selector operator"))
            }
            let key = requirement.text("key")
            if key == "metadata.name" {
                for (index, value) in requirement.texts("values").enumerated() {
                    errors.subdomain(value, path.child("values").index(index))
                }
            } else {
                errors.append(
                    .invalid(path.child("key"), .string(key), "not a valid field selector key"))
            }
        }
    }

    private static func nodeRequirement(
        _ requirement: JSON, _ path: FieldPath, lenient: Bool, _ errors: inout Errors
    ) {
        let values = requirement.texts("values")
        let operation = requirement.text("operator")
        switch operation {
        case "In", "NotIn":
            if values.isEmpty {
                errors.append(
                    .required(path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'"))
            }
        case "Exists", "DoesNotExist":
            if !values.isEmpty {
                errors.append(
                    .forbidden(
                        path.child("values"),
                        "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
            }
        case "Gt", "Lt":
            if values.count != 1 {
                errors.append(
                    .required(
                        path.child("values"), "must be specified single value when `operator` is 'Lt' or 'Gt'"
                    ))
            }
        default:
            errors.append(
                .invalid(path.child("operator"), .string(operation), "not a valid selector operator"))
        }
        errors.check(requirement.text("key"), path.child("key"), NameRules.qualifiedName)
        if lenient { return }
        for (index, value) in values.enumerated() {
            errors.check(value, path.child("values").index(index), NameRules.labelValue)
        }
    }

    private static func podTerm(_ term: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let selector = term["labelSelector"]
        errors += FieldRules.labelSelector(selector, path.child("labelSelector"))
        errors += FieldRules.labelSelector(term["namespaceSelector"], path.child("namespaceSelector"))
        for name in term.texts("namespaces") { errors.label(name, path.child("namespace")) }
        for list in ["matchLabelKeys", "mismatchLabelKeys"] {
            let keys = term.texts(list)
            if keys.isEmpty { continue }
            if selector == nil {
                errors.append(
                    .forbidden(path.child(list), "must not be specified when labelSelector is not set"))
                continue
            }
            for (index, key) in keys.enumerated() {
                errors.check(key, path.child(list).index(index), NameRules.qualifiedName)
            }
        }
        let matching = term.texts("matchLabelKeys")
        if let selector, !matching.isEmpty {
            var seen = Set((selector["matchLabels"]?.object ?? [:]).map(\.key))
            for expression in selector.items("matchExpressions") {
                let key = expression.text("key")
                if let index = matching.lastIndex(of: key), seen.contains(key) {
                    errors.append(
                        .invalid(
                            path.index(index), .string(key), "exists in both matchLabelKeys and labelSelector"
                        ))
                }
                seen.insert(key)
            }
        }
        let mismatching = term.texts("mismatchLabelKeys")
        for (index, key) in matching.enumerated() where mismatching.contains(key) {
            errors.append(
                .invalid(
                    path.child("matchLabelKeys").index(index), .string(key),
                    "exists in both matchLabelKeys and mismatchLabelKeys"))
        }
        let topology = term.text("topologyKey")
        if topology.isEmpty { errors.append(.required(path.child("topologyKey"), "can not be empty")) }
        errors.check(topology, path.child("topologyKey"), NameRules.qualifiedName)
    }

    // MARK: Tolerations and taints

    private static let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

    static func tolerations(_ tolerations: [JSON], _ path: FieldPath, _ errors: inout Errors) {
        for (index, toleration) in tolerations.enumerated() {
            let path = path.index(index)
            let key = toleration.text("key")
            let operation = toleration.text("operator")
            let effect = toleration.text("effect")
            if !key.isEmpty { errors.check(key, path.child("key"), NameRules.qualifiedName) }
            if key.isEmpty, operation != "Exists" {
                errors.append(
                    .invalid(
                        path.child("operator"), .string(operation),
                        "operator must be Exists when `key` is empty, which means \"match all values and all keys\""
                    ))
            }
            if toleration["tolerationSeconds"] != nil, effect != "NoExecute" {
                errors.append(
                    .invalid(
                        path.child("effect"), .string(effect),
                        "effect must be 'NoExecute' when `tolerationSeconds` is set"))
            }
            let value = toleration.text("value")
            switch operation {
            case "", "Equal":
                let words = NameRules.labelValue(value)
                if !words.isEmpty {
                    errors.append(
                        .invalid(path.child("operator"), .string(value), words.joined(separator: ";")))
                }
            case "Exists":
                if !value.isEmpty {
                    errors.append(
                        .invalid(
                            path.child("operator"), .string(value),
                            "value must be empty when `operator` is 'Exists'"))
                }
            default:
                errors.append(
                    .notSupported(path.child("operator"), .string(operation), ["Equal", "Exists"]))
            }
            if !effect.isEmpty { errors.oneOf(effect, path.child("effect"), effects) }
        }
    }

    static func taints(_ taints: [JSON], _ path: FieldPath, _ errors: inout Errors) {
        var seen: Set<[String]> = []
        for (index, taint) in taints.enumerated() {
            let path = path.index(index)
            errors.check(taint.text("key"), path.child("key"), NameRules.qualifiedName)
            let words = NameRules.labelValue(taint.text("value"))
            if !words.isEmpty {
                errors.append(
                    .invalid(
                        path.child("value"), .string(taint.text("value")), words.joined(separator: ";")))
            }
            errors.oneOf(taint.text("effect"), path.child("effect"), effects)
            if !seen.insert([taint.text("key"), taint.text("effect")]).inserted {
                errors.append(
                    FieldError(.duplicate, path, taint, "taints must be unique by key and effect pair"))
            }
        }
    }

    // MARK: Topology spread

    static func topologySpread(_ constraints: [JSON], _ path: FieldPath, _ errors: inout Errors) {
        for (index, constraint) in constraints.enumerated() {
            let path = path.index(index)
            if constraint.number("maxSkew") <= 0 {
                errors.append(
                    .invalid(
                        path.child("maxSkew"), .integer(constraint.number("maxSkew")),
                        "must be greater than zero"))
            }
            let key = constraint.text("topologyKey")
            let action = constraint.text("whenUnsatisfiable")
            if key.isEmpty { errors.append(.required(path.child("topologyKey"), "can not be empty")) }
            errors.optionalOneOf(
                .string(action), path.child("whenUnsatisfiable"), ["DoNotSchedule", "ScheduleAnyway"])
            if constraints[(index + 1)...].contains(where: {
                $0.text("topologyKey") == key && $0.text("whenUnsatisfiable") == action
            }) {
                errors.append(
                    .duplicate(path.child("{topologyKey, whenUnsatisfiable}"), .string("{\(key), \(action)}"))
                )
            }
            if let domains = constraint["minDomains"]?.integer {
                if domains <= 0 {
                    errors.append(
                        .invalid(path.child("minDomains"), .integer(domains), "must be greater than zero"))
                }
                if action != "DoNotSchedule" {
                    errors.append(
                        .invalid(
                            path.child("minDomains"), .integer(domains),
                            "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not \(action)"))
                }
            }
            for field in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
                errors.optionalOneOf(constraint[field], path.child(field), ["Honor", "Ignore"])
            }
            let selector = constraint["labelSelector"]
            matchLabelKeys(
                constraint.texts("matchLabelKeys"), selector, path.child("matchLabelKeys"), &errors)
            errors += FieldRules.labelSelector(selector, path.child("labelSelector"))
        }
    }

    private static func matchLabelKeys(
        _ keys: [String], _ selector: JSON?, _ path: FieldPath, _ errors: inout Errors
    ) {
        if keys.isEmpty { return }
        if selector == nil {
            errors.append(.forbidden(path, "must not be specified when labelSelector is not set"))
        }
        // Expressions may hold the keys once: creation merges them into the selector.
        var seen = Set((selector?["matchLabels"]?.object ?? [:]).map(\.key))
        for expression in selector?.items("matchExpressions") ?? [] {
            let key = expression.text("key")
            if let index = keys.firstIndex(of: key), seen.contains(key) {
                errors.append(
                    .invalid(
                        path.index(index), .string(key), "exists in both matchLabelKeys and labelSelector"))
            }
            seen.insert(key)
        }
        for (index, key) in keys.enumerated() {
            errors.check(key, path.index(index), NameRules.qualifiedName)
        }
    }
}
