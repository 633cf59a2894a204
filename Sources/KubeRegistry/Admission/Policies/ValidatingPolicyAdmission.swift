import KubeAPI
import KubeCEL
import KubeJSON

/// ValidatingAdmissionPolicies (k8s.io/apiserver/pkg/admission/plugin/policy/validating).
struct ValidatingPolicyAdmission: AdmissionPlugin {
    var takesAnyObject: Bool { true }

    private struct Denial {
        let policy: String
        let binding: String?
        let message: String
        var reason = "Invalid"
    }

    func validate(
        _ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard registry.hasOwnRules.load(ordering: .relaxed) else { return }
        let entries = registry.validatingPolicies.entries(in: registry.store)
        if entries.isEmpty || attributes.isPolicyItself { return }
        var denials: [Denial] = []
        let current = attributes.operation == .delete ? nil : object
        let matcher = PolicyMatcher(registry: registry, attributes: attributes, object: current)
        for entry in entries {
            let policy = entry.policy.policy
            guard let matched = matcher.match(policy["spec"]?["matchConstraints"]) else { continue }
            if let kind = policy["spec"]?["paramKind"], !kind.isNull, registry.parameterResource(kind) == nil
            {
                let shown = "\(kind["apiVersion"]?.string ?? ""), Kind=\(kind["kind"]?.string ?? "")"
                configure(
                    "failed to configure policy: failed to find resource referenced by paramKind: '\(shown)'",
                    policy, nil, &denials)
                continue
            }
            try registry.waitForParameters(policy, attributes)
            let (shownObject, shownAttributes) = try registry.converted(current, attributes, to: matched)
            let context = PolicyContext(shownAttributes, as: matched, in: registry)
            for binding in entry.bindings where matcher.match(binding["spec"]?["matchResources"]) != nil {
                do {
                    for params in try registry.parameters(policy, binding, namespace: attributes.namespace) {
                        judge(
                            entry.policy, binding, context, shownObject, params, attributes, &denials)
                    }
                } catch {
                    configure("failed to configure binding: \(error.message)", policy, binding, &denials)
                }
            }
        }
        if let denial = denials.first { throw refusal(denial, attributes) }
    }

    private func configure(_ message: String, _ policy: JSON, _ binding: JSON?, _ denials: inout [Denial]) {
        if policy["spec"]?["failurePolicy"]?.string == "Ignore" { return }
        denials.append(Denial(policy: policy.name, binding: binding?.name, message: message))
    }

    private func judge(
        _ policy: CompiledAdmissionPolicy, _ binding: JSON, _ context: PolicyContext, _ object: JSON?,
        _ params: JSON?, _ attributes: AdmissionAttributes, _ denials: inout [Denial]
    ) {
        let ignoresErrors = policy.policy["spec"]?["failurePolicy"]?.string == "Ignore"
        var decisions: [(message: String, reason: String)] = []
        var evaluation = PolicyEvaluation(policy, context, object: object, params: params)
        do {
            guard try evaluation.matches() else { return }
            for validation in policy.validations {
                switch try evaluation.run(validation.expression) {
                case .success(.bool(true)): continue
                case .success:
                    decisions.append((try message(validation, &evaluation), validation.reason))
                case .failure(let problem):
                    if !ignoresErrors { decisions.append((problem.message, "")) }
                }
            }
            for annotation in policy.auditAnnotations {
                if case .failure(let problem) = try evaluation.run(annotation.expression), !ignoresErrors {
                    denials.append(
                        Denial(
                            policy: policy.policy.name, binding: binding.name, message: problem.message))
                }
            }
        } catch {
            decisions = ignoresErrors ? [] : [(error.message, "")]
        }
        let actions = (binding["spec"]?["validationActions"]?.array ?? []).compactMap(\.string)
        for (message, reason) in decisions {
            if actions.contains("Deny") {
                denials.append(
                    Denial(
                        policy: policy.policy.name, binding: binding.name, message: message,
                        reason: reason.isEmpty ? "Invalid" : reason))
            }
            if actions.contains("Warn") {
                attributes.notes.warn(
                    "Validation failed for ValidatingAdmissionPolicy '\(policy.policy.name)' with binding '\(binding.name)': \(message)"
                )
            }
        }
    }

    private func message(
        _ validation: CompiledAdmissionPolicy.Validation, _ evaluation: inout PolicyEvaluation
    ) throws(PolicyConfigurationError) -> String {
        if let expression = validation.messageExpression,
            case .success(let value) = try evaluation.run(expression),
            let text = RuleMessage.accept(.success(value))
        {
            return text
        }
        let message = validation.message.trimmedOfBlanks
        return message.isEmpty ? "failed expression: \(validation.expression.text)" : message
    }

    private func refusal(_ denial: Denial, _ attributes: AdmissionAttributes) -> APIStatus {
        let binding = denial.binding.map { " with binding '\($0)'" } ?? ""
        let message =
            "ValidatingAdmissionPolicy '\(denial.policy)'\(binding) denied request: \(denial.message)"
        var status = APIStatus.forbidden(attributes.resource.groupResource, attributes.name, message)
        status.reason = denial.reason
        status.code =
            switch denial.reason {
            case "Forbidden": 403
            case "Unauthorized": 401
            case "RequestEntityTooLarge": 413
            default: 422
            }
        status.addCause(message)
        return status
    }
}

extension AdmissionAttributes {
    /// Policies are not judged by policies: nobody could undo a mistake in one.
    var isPolicyItself: Bool {
        guard resource.group == "admissionregistration.k8s.io" else { return false }
        return [
            "validatingadmissionpolicies", "validatingadmissionpolicybindings", "mutatingadmissionpolicies",
            "mutatingadmissionpolicybindings",
        ].contains(resource.plural)
    }
}

extension APIStatus {
    mutating func addCause(_ message: String) {
        var details = details ?? [:]
        let causes = details["causes"]?.array ?? []
        details["causes"] = .array(causes + [["message": .string(message)]])
        self.details = details
    }
}

extension String {
    /// Without white space at its ends.
    var trimmedOfBlanks: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}

extension Registry {
    /// The objects of a request as another version of their kind shows them.
    func converted(
        _ object: JSON?, _ attributes: AdmissionAttributes, to resource: ResourceInfo
    ) throws(APIStatus) -> (JSON?, AdmissionAttributes) {
        if resource.groupVersionKind == attributes.resource.groupVersionKind { return (object, attributes) }
        func convert(_ value: JSON?) throws(APIStatus) -> JSON? {
            guard let value else { return nil }
            return try shown([value], as: resource, mayWait: attributes.mayWait)[0]
        }
        var changed = attributes
        changed.old = try convert(attributes.old)
        return (try convert(object), changed)
    }
}
