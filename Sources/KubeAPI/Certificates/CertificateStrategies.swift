import KubeJSON

/// CertificateSigningRequest (pkg/registry/certificates/certificates/strategy.go): what is asked for never
/// changes, and each part of the status is written only through the subresource that guards it.
enum CertificateStrategies {
    static let request = Strategy { strategy in
        strategy.splitStatus()
        strategy.prepareForUpdate = { request, old in
            Preparing.keepStatus(&request, old)
            Preparing.keepSpec(&request, old)
        }
        strategy.prepareForStatusUpdate = { request, old in
            Preparing.keepSpec(&request, old)
            // Approving and denying is for `approval`; neither is taken back.
            let decided: Set<String> = ["Approved", "Denied"]
            func isDecision(_ condition: JSON) -> Bool { decided.contains(condition["type"]?.string ?? "") }
            let kept = (old.at("status", "conditions")?.array ?? []).filter(isDecision)
            let others = (request.at("status", "conditions")?.array ?? []).filter { !isDecision($0) }
            let conditions = kept + others
            if !conditions.isEmpty || request.at("status", "conditions") != nil {
                request.set(conditions.isEmpty ? nil : .array(conditions), at: "status", "conditions")
            }
        }
    }

    /// For kinds of which only the split of the status is known here.
    static let split = Strategy { $0.splitStatus() }
}
