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
            for type in ["Approved", "Denied"] { keepConditions(of: type, &request, old) }
        }
        strategy.stampTimes = stamp
        strategy.validateName = { _, _ in [] }
        strategy.validate = { CertificateRequestRules().validate($0) }
        strategy.validateUpdate = { CertificateRequestRules(old: $1, new: $0).validateUpdate($0, old: $1) }
        strategy.validateStatusUpdate = { new, old in
            var rules = CertificateRequestRules(old: old, new: new)
            rules.maySetCertificate = true
            return rules.validateUpdate(new, old: old)
        }
        strategy.validateSubresourceUpdate = { new, old, subresource in
            var rules = CertificateRequestRules(old: old, new: new)
            rules.mayDecide = subresource == "approval"
            return rules.validateUpdate(new, old: old)
        }
    }

    /// Puts the old conditions of a type in place of the new ones, unless some came or went: then
    /// validation says so.
    private static func keepConditions(of type: String, _ request: inout JSON, _ old: JSON) {
        var conditions = request.at("status", "conditions")?.array ?? []
        let places = conditions.indices.filter { conditions[$0].text("type") == type }
        let kept = (old.at("status", "conditions")?.array ?? []).filter { $0.text("type") == type }
        guard !places.isEmpty, places.count == kept.count else { return }
        for (place, condition) in zip(places, kept) { conditions[place] = condition }
        request.set(.array(conditions), at: "status", "conditions")
    }

    @Sendable private static func stamp(_ request: inout JSON, _ old: JSON?, _ now: String) {
        guard let old, var conditions = request.at("status", "conditions")?.array, !conditions.isEmpty else {
            return
        }
        let before = old.at("status", "conditions")?.array ?? []
        for index in conditions.indices {
            let condition = conditions[index]
            if condition["lastUpdateTime"]?.string == nil {
                conditions[index]["lastUpdateTime"] = .string(now)
            }
            guard condition["lastTransitionTime"]?.string == nil else { continue }
            let same = before.first {
                $0["type"] == condition["type"] && $0["status"] == condition["status"]
                    && $0["lastTransitionTime"]?.string != nil
            }
            conditions[index]["lastTransitionTime"] = same?["lastTransitionTime"] ?? .string(now)
        }
        request.set(.array(conditions), at: "status", "conditions")
    }

    /// For kinds of which only the split of the status is known here.
    static let split = Strategy { $0.splitStatus() }
}
