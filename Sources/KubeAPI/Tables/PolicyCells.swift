import KubeJSON

extension CellPrinter {
    /// Cells of the kinds that describe requests, claims and allotments; nil for every other kind.
    func claims(_ kind: GroupKind) -> [JSON]? {
        switch (kind.group, kind.kind) {
        case ("certificates.k8s.io", "CertificateSigningRequest"):
            let wanted = object.at("spec", "expirationSeconds")?.integer.map(DurationFormat.human)
            return [
                name, age, text("spec", "signerName", or: "<none>"), text("spec", "username"),
                .string(wanted ?? "<none>"), .string(signingState()),
            ]
        case ("resource.k8s.io", "ResourceClaim"): return [name, .string(claimState()), age]
        case ("resource.k8s.io", "ResourceSlice"):
            return [
                name, text("spec", "nodeName"), text("spec", "driver"), text("spec", "pool", "name"), age,
            ]
        case ("networking.k8s.io", "ServiceCIDR"):
            let ranges = (object.at("spec", "cidrs")?.array ?? []).compactMap(\.string)
            return [name, .string(ranges.joined(separator: ",")), age]
        case ("networking.k8s.io", "IPAddress"):
            let parent = object.at("spec", "parentRef")
            let resource = [parent?["resource"]?.string ?? "", parent?["group"]?.string ?? ""].filter {
                !$0.isEmpty
            }
            let place = [parent?["namespace"]?.string ?? "", parent?["name"]?.string ?? ""].filter {
                !$0.isEmpty
            }
            let path = [resource.joined(separator: ".")] + place
            return [name, .string(parent == nil ? "" : path.joined(separator: "/")), age]
        case ("apiregistration.k8s.io", "APIService"): return apiService()
        case ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"): return priorityLevel()
        case ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
            ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"):
            let parameter = object.at("spec", "paramRef")
            let named = parameter?["name"]?.string ?? ""
            let place = parameter?["namespace"]?.string ?? ""
            let shown = parameter == nil ? "<unset>" : place.isEmpty ? named : "\(place)/\(named)"
            return [name, text("spec", "policyName"), .string(shown), age]
        case ("", "ComponentStatus"):
            let health = (object["conditions"]?.array ?? []).first { $0["type"]?.string == "Healthy" }
            let status =
                health?["status"]?.string == "True" ? "Healthy" : health == nil ? "Unknown" : "Unhealthy"
            return [
                name, .string(status), .string(health?["message"]?.string ?? ""),
                .string(health?["error"]?.string ?? ""),
            ]
        default: return nil
        }
    }

    private func apiService() -> [JSON] {
        let service = object.at("spec", "service")
        let place = service.map { "\($0["namespace"]?.string ?? "")/\($0["name"]?.string ?? "")" } ?? "Local"
        let available = (object.at("status", "conditions")?.array ?? []).first {
            $0["type"]?.string == "Available"
        }
        let status = available?["status"]?.string ?? "Unknown"
        let reason = available?["reason"]?.string ?? ""
        return [
            name, .string(place),
            .string(status == "True" || reason.isEmpty ? status : "\(status) (\(reason))"), age,
        ]
    }

    private func priorityLevel() -> [JSON] {
        let spec = object["spec"]
        let limited = spec?["limited"] ?? spec?["exempt"]
        let shares = limited?["nominalConcurrencyShares"]
        let queuing = spec?.at("limited", "limitResponse", "queuing")
        func number(_ key: String) -> JSON { queuing?[key] ?? "<none>" }
        return [
            name, text("spec", "type"), shares ?? "<none>", number("queues"), number("handSize"),
            number("queueLengthLimit"), age,
        ]
    }

    /// A denial outweighs an approval; failure and issue are added to either.
    private func signingState() -> String {
        let types = Set((object.at("status", "conditions")?.array ?? []).compactMap { $0["type"]?.string })
        var state = types.contains("Denied") ? "Denied" : types.contains("Approved") ? "Approved" : "Pending"
        if types.contains("Failed") { state += ",Failed" }
        if !(object.at("status", "certificate")?.string ?? "").isEmpty { state += ",Issued" }
        return state
    }

    private func claimState() -> String {
        var states = isDeleted ? ["deleted"] : []
        if let allocation = object.at("status", "allocation"), !allocation.isNull {
            states.append("allocated")
            if !(object.at("status", "reservedFor")?.array ?? []).isEmpty { states.append("reserved") }
        } else if !isDeleted {
            states.append("pending")
        }
        return states.joined(separator: ",")
    }
}
