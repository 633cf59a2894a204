import KubeJSON

/// ValidatingAdmissionPolicies, MutatingAdmissionPolicies and their bindings. Expressions are compiled when
/// nothing else is wrong.
enum AdmissionPolicyRules {
    static func validating(_ policy: JSON, old: JSON? = nil) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = policy["spec"] ?? [:]
        common(spec, old: old?["spec"], path, &errors)
        let validations = spec.items("validations")
        let annotations = spec.items("auditAnnotations")
        if validations.isEmpty, annotations.isEmpty {
            for key in ["validations", "auditAnnotations"] {
                errors.append(
                    .required(
                        path.child(key),
                        "validations or auditAnnotations must contain at least one item"))
            }
            return errors
        }
        for (index, validation) in validations.enumerated() {
            Self.validation(validation, path.child("validations").index(index), &errors)
        }
        if annotations.count > 20 {
            errors.append(
                .invalid(
                    path.child("auditAnnotations"), spec["auditAnnotations"] ?? [],
                    "must not have more than 20 auditAnnotations"))
        }
        var seen: Set<String> = []
        for (index, annotation) in annotations.enumerated() {
            let path = path.child("auditAnnotations").index(index)
            let key = annotation.text("key")
            if policy.name.isEmpty {
                errors.append(
                    .invalid(path.child("key"), .string(key), "requires metadata.name be non-empty"))
            } else {
                errors.check(policy.name + "/" + key, path.child("key"), NameRules.qualifiedName)
            }
            let expression = annotation.text("valueExpression")
            if expression.isBlank {
                errors.append(.required(path.child("valueExpression"), "valueExpression is not specified"))
            } else if expression.utf8.count > 5 * 1024 {
                errors.append(
                    .required(path.child("valueExpression"), "must not exceed 5120 bytes in length"))
            }
            if !seen.insert(key).inserted { errors.append(.duplicate(path.child("key"), .string(key))) }
        }
        return errors.isEmpty ? expressions(policy, old, isMutating: false) : errors
    }

    private static func expressions(_ policy: JSON, _ old: JSON?, isMutating: Bool) -> Errors {
        if let old, old["spec"] == policy["spec"] { return [] }
        return CompiledAdmissionPolicy(policy, isMutating: isMutating)
            .problems(old: old.map { CompiledAdmissionPolicy($0, isMutating: isMutating) })
    }

    static func mutating(_ policy: JSON, old: JSON? = nil) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = policy["spec"] ?? [:]
        common(spec, old: old?["spec"], path, &errors)
        let mutations = spec.items("mutations")
        if mutations.isEmpty {
            errors.append(.required(path.child("mutations"), "mutations must contain at least one item"))
        }
        let fields = ["ApplyConfiguration": "applyConfiguration", "JSONPatch": "jsonPatch"]
        for (index, mutation) in mutations.enumerated() {
            let path = path.child("mutations").index(index)
            let type = mutation.text("patchType")
            errors.oneOf(type, path.child("patchType"), ["ApplyConfiguration", "JSONPatch"])
            guard let field = fields[type] else { continue }
            guard let body = mutation[field] else {
                errors.append(
                    .required(path.child(field), "must be specified when patchType is \(type)"))
                continue
            }
            if body.text("expression").isBlank {
                errors.append(
                    .required(path.child(field, "expression"), "expression is not specified"))
            }
        }
        errors.oneOf(
            spec.text("reinvocationPolicy"), path.child("reinvocationPolicy"),
            AdmissionRuleRules.reinvocationPolicies)
        return errors.isEmpty ? expressions(policy, old, isMutating: true) : errors
    }

    private static func common(_ spec: JSON, old: JSON?, _ path: FieldPath, _ errors: inout Errors) {
        if spec["failurePolicy"] == nil {
            errors.append(.required(path.child("failurePolicy")))
        } else {
            errors.optionalOneOf(
                spec["failurePolicy"], path.child("failurePolicy"), AdmissionRuleRules.failurePolicies)
        }
        if let kind = spec["paramKind"] { paramKind(kind, path.child("paramKind"), &errors) }
        if let match = spec["matchConstraints"] {
            AdmissionRuleRules.matchResources(match, path.child("matchConstraints"), &errors)
            if match.items("resourceRules").isEmpty {
                errors.append(.required(path.child("matchConstraints", "resourceRules")))
            }
        } else {
            errors.append(.required(path.child("matchConstraints")))
        }
        let isSame =
            old.map { old in
                old["paramKind"] == spec["paramKind"]
                    && old.items("matchConditions") == spec.items("matchConditions")
            } ?? false
        if !isSame {
            AdmissionRuleRules.matchConditions(
                spec.items("matchConditions"), path.child("matchConditions"), &errors)
        }
        for (index, variable) in spec.items("variables").enumerated() {
            let path = path.child("variables").index(index)
            let name = variable.text("name")
            if name.isBlank {
                errors.append(.required(path.child("name"), "name is not specified"))
            } else if !isIdentifier(name) {
                errors.append(
                    .invalid(path.child("name"), .string(name), "name is not a valid CEL identifier"))
            }
            if variable.text("expression").isBlank {
                errors.append(.required(path.child("expression"), "expression is not specified"))
            }
        }
    }

    private static func validation(_ validation: JSON, _ path: FieldPath, _ errors: inout Errors) {
        if validation.text("expression").isBlank {
            errors.append(.required(path.child("expression"), "expression is not specified"))
        }
        let expression = validation.text("messageExpression")
        if !expression.isEmpty, expression.isBlank {
            errors.append(
                .invalid(
                    path.child("messageExpression"), .string(expression), "must be non-empty if specified"))
        }
        let message = validation.text("message")
        if !message.isEmpty {
            if message.isBlank {
                errors.append(
                    .invalid(
                        path.child("message"), .string(message), "message must be non-empty if specified"))
            } else if trimmed(message).contains(where: \.isNewline) {
                errors.append(
                    .invalid(
                        path.child("message"), .string(message), "message must not contain line breaks"))
            }
        }
        errors.optionalOneOf(
            validation["reason"], path.child("reason"),
            ["Forbidden", "Invalid", "RequestEntityTooLarge"])
    }

    private static func trimmed(_ text: String) -> Substring {
        var text = text[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    private static func paramKind(_ kind: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let text = kind.text("apiVersion")
        let versionPath = path.child("apiVersion")
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if text.isEmpty {
            errors.append(.required(versionPath))
        } else if parts.count > 2 {
            errors.append(
                .invalid(versionPath, .string(text), "unexpected GroupVersion string: \(text)"))
        } else {
            let group = parts.count == 2 ? parts[0] : ""
            let version = parts[parts.count - 1]
            joined(group, versionPath, group.isEmpty ? [] : NameRules.dns1123Subdomain(group), &errors)
            if version.isEmpty {
                errors.append(.invalid(versionPath, .string(text), "version must be specified"))
            } else {
                joined(version, versionPath, NameRules.dns1035Label(version), &errors)
            }
        }
        let name = kind.text("kind")
        if name.isEmpty {
            errors.append(.required(path.child("kind")))
        } else {
            let words = NameRules.dns1035Label(name.lowercased())
            if !words.isEmpty {
                errors.append(
                    .invalid(
                        path.child("kind"), .string(name),
                        "may have mixed case, but should otherwise match: " + words.joined(separator: ",")))
            }
        }
    }

    private static func joined(
        _ text: String, _ path: FieldPath, _ words: [String], _ errors: inout Errors
    ) {
        if words.isEmpty { return }
        errors.append(.invalid(path, .string(text), words.joined(separator: ",")))
    }

    private static let reserved: Set<String> = [
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if",
        "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ]

    private static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.utf8.first, !ByteRules.isDigit(first) else { return false }
        return name.utf8.allSatisfy { ByteRules.isAlphanumeric($0) || $0 == 0x5F } && !reserved.contains(name)
    }

    static func binding(_ binding: JSON, isMutating: Bool) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = binding["spec"] ?? [:]
        let policy = spec.text("policyName")
        if policy.isEmpty {
            errors.append(.required(path.child("policyName")))
        } else {
            errors.subdomain(policy, path.child("policyName"))
        }
        if let reference = spec["paramRef"] { paramReference(reference, path.child("paramRef"), &errors) }
        // The path is upstream's, with its misspelling.
        AdmissionRuleRules.matchResources(spec["matchResources"], path.child("matchResouces"), &errors)
        if !isMutating {
            actions(spec.texts("validationActions"), path.child("validationActions"), &errors)
        }
        return errors
    }

    private static func paramReference(_ reference: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let words = "name and selector are mutually exclusive"
        let name = reference.text("name")
        if !name.isEmpty {
            errors.check(name, path.child("name")) { NameRules.pathSegment($0) }
            if reference["selector"] != nil { errors.append(.forbidden(path.child("name"), words)) }
        }
        if let selector = reference["selector"] {
            errors += FieldRules.labelSelector(selector, path.child("selector"))
            if !name.isEmpty { errors.append(.forbidden(path.child("selector"), words)) }
        } else if name.isEmpty {
            errors.append(.required(path, "one of name or selector must be specified"))
        }
        errors.oneOf(
            reference.text("parameterNotFoundAction"), path.child("parameterNotFoundAction"),
            ["Deny", "Allow"])
    }

    private static func actions(_ actions: [String], _ path: FieldPath, _ errors: inout Errors) {
        var seen: Set<String> = []
        let known = ["Audit", "Deny", "Warn"]
        for (index, action) in actions.enumerated() {
            if !known.contains(action) {
                errors.append(.notSupported(path.index(index), .string(action), known))
            }
            if !seen.insert(action).inserted { errors.append(.duplicate(path.index(index), .string(action))) }
        }
        if seen.contains("Deny"), seen.contains("Warn") {
            errors.append(
                .invalid(
                    path, .array(actions.map { .string($0) }),
                    "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)"
                ))
        }
        if seen.isEmpty { errors.append(.required(path, "at least one validation action is required")) }
    }

    static func status(_ policy: JSON) -> Errors {
        var errors: Errors = []
        let path = FieldPath("status")
        let status = policy["status"] ?? [:]
        let warnings = (status["typeChecking"] ?? [:]).items("expressionWarnings")
        for (index, warning) in warnings.enumerated() {
            let path = path.child("typeChecking", "expressionWarnings").index(index)
            if warning.text("warning").isEmpty { errors.append(.required(path.child("warning"))) }
            if warning.text("fieldRef").isBlank { errors.append(.required(path.child("fieldRef"))) }
        }
        return errors + FieldRules.conditions(status["conditions"], path.child("conditions"))
    }
}
