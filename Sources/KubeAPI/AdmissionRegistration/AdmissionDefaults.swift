import KubeJSON

/// The kinds of admissionregistration.k8s.io: what they get by default, and which rules apply when.
enum AdmissionStrategies {
    static let validatingWebhooks = webhooks(isMutating: false)
    static let mutatingWebhooks = webhooks(isMutating: true)

    private static func webhooks(isMutating: Bool) -> Strategy {
        Strategy { strategy in
            strategy.setDefaults = { object in
                object.changeItems("webhooks") { hook in
                    hook.fillAbsent("failurePolicy", "Fail")
                    hook.fillAbsent("matchPolicy", "Equivalent")
                    hook.fillAbsent("namespaceSelector", .object([:]))
                    hook.fillAbsent("objectSelector", .object([:]))
                    hook.fillAbsent("timeoutSeconds", 10)
                    if isMutating { hook.fillAbsent("reinvocationPolicy", "Never") }
                    hook.changeItems("rules") { $0.fillAbsent("scope", "*") }
                    hook.change("clientConfig") { config in
                        guard case .object = config["service"] else { return }
                        config.change("service") { $0.fillAbsent("port", 443) }
                    }
                }
            }
            strategy.validate = { WebhookConfigurationRules(isMutating: isMutating).validate($0) }
            strategy.validateUpdate = { new, old in
                WebhookConfigurationRules(isMutating: isMutating, old: old, new: new).validate(new)
            }
            strategy.hasGeneration = true
        }
    }

    static let validatingPolicy = Strategy { strategy in
        strategy.setDefaults = policyDefaults
        strategy.splitStatus()
        strategy.prepareForStatusUpdate = { object, old in
            Preparing.keepSpec(&object, old)
            Preparing.keepMetadata(
                &object, old, keys: ["labels", "annotations", "finalizers", "ownerReferences"])
        }
        strategy.validate = { AdmissionPolicyRules.validating($0) }
        strategy.validateUpdate = { AdmissionPolicyRules.validating($0, old: $1) }
        strategy.validateStatusUpdate = { new, _ in AdmissionPolicyRules.status(new) }
        strategy.hasGeneration = true
    }

    static let mutatingPolicy = Strategy { strategy in
        strategy.setDefaults = policyDefaults
        strategy.validate = { AdmissionPolicyRules.mutating($0) }
        strategy.validateUpdate = { AdmissionPolicyRules.mutating($0, old: $1) }
        strategy.hasGeneration = true
    }

    @Sendable private static func policyDefaults(_ object: inout JSON) {
        object.change("spec") { spec in
            spec.fillAbsent("failurePolicy", "Fail")
            spec.change("matchConstraints", matchDefaults)
        }
    }

    static let binding = binding(isMutating: false)
    static let mutatingBinding = binding(isMutating: true)

    private static func binding(isMutating: Bool) -> Strategy {
        Strategy { strategy in
            strategy.setDefaults = { object in
                object.change("spec") { spec in
                    spec.change("matchResources", matchDefaults)
                }
            }
            strategy.validate = { AdmissionPolicyRules.binding($0, isMutating: isMutating) }
            strategy.validateUpdate = { new, _ in
                AdmissionPolicyRules.binding(new, isMutating: isMutating)
            }
            strategy.hasGeneration = true
        }
    }

    private static func matchDefaults(_ match: inout JSON) {
        guard case .object = match else { return }
        match.fillAbsent("matchPolicy", "Equivalent")
        match.fillAbsent("namespaceSelector", .object([:]))
        match.fillAbsent("objectSelector", .object([:]))
        for key in ["resourceRules", "excludeResourceRules"] {
            match.changeItems(key) { $0.fillAbsent("scope", "*") }
        }
    }
}
