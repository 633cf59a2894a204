import KubeJSON

/// ValidatingWebhookConfigurations and MutatingWebhookConfigurations. An update tolerates what the old
/// object did wrong already.
struct WebhookConfigurationRules {
    private static let reviewVersions = ["v1", "v1beta1"]
    private static let noSideEffects = ["None", "NoneOnDryRun"]
    private static let sideEffects = ["None", "NoneOnDryRun", "Some", "Unknown"]

    let isMutating: Bool
    var requiresNoSideEffects = true
    var requiresKnownVersion = true
    var requiresUniqueNames = true
    var lenientSelectors = false
    var checksConditions = true

    init(isMutating: Bool, old: JSON? = nil, new: JSON? = nil) {
        self.isMutating = isMutating
        guard let old else { return }
        let hooks = old.items("webhooks")
        requiresNoSideEffects = hooks.allSatisfy { Self.noSideEffects.contains($0.text("sideEffects")) }
        requiresKnownVersion = hooks.allSatisfy { hook in
            let versions = hook.texts("admissionReviewVersions")
            return versions.isEmpty || versions.contains(where: Self.reviewVersions.contains)
        }
        requiresUniqueNames = Set(hooks.map { $0.text("name") }).count == hooks.count
        lenientSelectors = hooks.contains { hook in
            ["namespaceSelector", "objectSelector"].contains {
                !FieldRules.labelSelector(hook[$0], .root).isEmpty
            }
        }
        let conditions = { (object: JSON?) in
            (object ?? [:]).items("webhooks").map { $0.items("matchConditions") }
        }
        checksConditions = conditions(new) != conditions(old)
    }

    func validate(_ object: JSON) -> Errors {
        var errors: Errors = []
        var names: Set<String> = []
        for (index, hook) in object.items("webhooks").enumerated() {
            let path = FieldPath("webhooks").index(index)
            validate(hook, path, &errors)
            versions(hook.texts("admissionReviewVersions"), path.child("admissionReviewVersions"), &errors)
            let name = hook.text("name")
            if requiresUniqueNames, !name.isEmpty, !names.insert(name).inserted {
                errors.append(.duplicate(path.child("name"), .string(name)))
            }
        }
        return errors
    }

    private func validate(_ hook: JSON, _ path: FieldPath, _ errors: inout Errors) {
        qualifiedName(hook.text("name"), path.child("name"), &errors)
        for (index, rule) in hook.items("rules").enumerated() {
            AdmissionRuleRules.withOperations(rule, path.child("rules").index(index), &errors)
        }
        errors.optionalOneOf(
            hook["failurePolicy"], path.child("failurePolicy"), AdmissionRuleRules.failurePolicies)
        errors.optionalOneOf(hook["matchPolicy"], path.child("matchPolicy"), AdmissionRuleRules.matchPolicies)
        let allowed = requiresNoSideEffects ? Self.noSideEffects : Self.sideEffects
        if hook["sideEffects"] == nil {
            errors.append(
                .required(
                    path.child("sideEffects"), "must specify one of " + allowed.joined(separator: ", ")))
        }
        errors.optionalOneOf(hook["sideEffects"], path.child("sideEffects"), allowed)
        if let timeout = hook["timeoutSeconds"]?.integer, !(1...30).contains(timeout) {
            errors.append(
                .invalid(
                    path.child("timeoutSeconds"), .integer(timeout),
                    "the timeout value must be between 1 and 30 seconds"))
        }
        for key in ["namespaceSelector", "objectSelector"] {
            errors += FieldRules.labelSelector(hook[key], path.child(key), lenientValues: lenientSelectors)
        }
        if isMutating {
            errors.optionalOneOf(
                hook["reinvocationPolicy"], path.child("reinvocationPolicy"),
                AdmissionRuleRules.reinvocationPolicies)
        }
        errors += WebhookRules.clientConfig(hook["clientConfig"] ?? [:], path.child("clientConfig"))
        if checksConditions {
            AdmissionRuleRules.matchConditions(
                hook.items("matchConditions"), path.child("matchConditions"), &errors)
            errors += CompiledAdmissionPolicy.problems(
                ofConditions: hook.items("matchConditions"), path.child("matchConditions"))
        }
    }

    private func qualifiedName(_ name: String, _ path: FieldPath, _ errors: inout Errors) {
        if name.isEmpty {
            errors.append(.required(path))
            return
        }
        let words = NameRules.dns1123Subdomain(name)
        if !words.isEmpty {
            errors.append(.invalid(path, .string(name), words.joined(separator: ",")))
        } else if name.utf8.count(where: { $0 == UInt8(ascii: ".") }) < 2 {
            errors.append(
                .invalid(
                    path, .string(name), "should be a domain with at least three segments separated by dots"))
        }
    }

    private func versions(_ versions: [String], _ path: FieldPath, _ errors: inout Errors) {
        let known = Self.reviewVersions.joined(separator: ", ")
        if versions.isEmpty {
            errors.append(.required(path, "must specify one of \(known)"))
            return
        }
        var seen: Set<String> = []
        for (index, version) in versions.enumerated() {
            if !seen.insert(version).inserted {
                errors.append(.invalid(path.index(index), .string(version), "duplicate version"))
                continue
            }
            errors.check(version, path.index(index)) { NameRules.dns1035Label($0) }
        }
        if requiresKnownVersion, !versions.contains(where: Self.reviewVersions.contains) {
            errors.append(
                .invalid(
                    path, .array(versions.map { .string($0) }), "must include at least one of \(known)"))
        }
    }
}
