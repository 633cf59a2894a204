import KubeJSON

/// The validation of CustomResourceDefinitions (pkg/apis/apiextensions/validation).
enum DefinitionRules {
    static func validate(_ object: JSON, old: JSON?) -> [FieldError] {
        let path = FieldPath("spec")
        let spec = object["spec"] ?? [:]
        var errors: [FieldError] = []
        if old == nil {
            let wanted = "\(spec["names"]?["plural"]?.string ?? "").\(spec["group"]?.string ?? "")"
            if object.name != wanted {
                errors.append(
                    .invalid(
                        FieldPath("metadata", "name"), .string(object.name),
                        "must be spec.names.plural+\".\"+spec.group"))
            }
        }
        errors += self.spec(spec, path)
        if let old {
            let before = old["spec"] ?? [:]
            if CustomResourceDefinition(old).condition("Established") {
                errors += FieldRules.immutable(spec["scope"], before["scope"], path.child("scope"))
                errors += FieldRules.immutable(
                    spec["names"]?["kind"], before["names"]?["kind"], path.child("names", "kind"))
            }
            errors += FieldRules.immutable(spec["group"], before["group"], path.child("group"))
            errors += FieldRules.immutable(
                spec["names"]?["plural"], before["names"]?["plural"], path.child("names", "plural"))
        }
        errors += names(object["status"]?["acceptedNames"] ?? [:], FieldPath("status", "acceptedNames"))
        errors += storedVersions(object)
        errors += approval(object, old)
        if spec["preserveUnknownFields"]?.bool == true,
            old?["spec"]?["preserveUnknownFields"]?.bool != true
        {
            errors.append(
                .invalid(
                    path.child("preserveUnknownFields"), true,
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
                ))
        }
        if errors.isEmpty { errors += expressions(object, old) }
        return errors
    }

    /// The rules of the schemas that are new: what was let in before is let be.
    private static func expressions(_ object: JSON, _ old: JSON?) -> [FieldError] {
        let before = old.map { CustomResourceDefinition($0).versions } ?? []
        var errors: [FieldError] = []
        for (index, version) in CustomResourceDefinition(object).versions.enumerated() {
            guard let schema = version["schema"]?["openAPIV3Schema"] else { continue }
            let previous = before.first { $0["name"] == version["name"] }
            if previous?["schema"]?["openAPIV3Schema"] == schema { continue }
            let path = FieldPath("spec", "versions").index(index).child("schema", "openAPIV3Schema")
            errors += DefinitionExpressionRules.validate(schema, path)
        }
        return errors
    }

    private static func spec(_ spec: JSON, _ path: FieldPath) -> [FieldError] {
        var errors: [FieldError] = []
        let group = spec["group"]?.string ?? ""
        if group.isEmpty {
            errors.append(.required(path.child("group")))
        } else {
            let words = NameRules.dns1123Subdomain(group)
            if !words.isEmpty {
                errors.append(.invalid(path.child("group"), .string(group), words.joined(separator: ",")))
            } else if !group.contains(".") {
                errors.append(
                    .invalid(
                        path.child("group"), .string(group), "should be a domain with at least one dot"))
            }
        }
        let scope = spec["scope"]?.string ?? ""
        if scope.isEmpty {
            errors.append(.required(path.child("scope")))
        } else if scope != "Cluster", scope != "Namespaced" {
            errors.append(.notSupported(path.child("scope"), .string(scope), ["Cluster", "Namespaced"]))
        }
        let versions = spec["versions"]?.array ?? []
        for (index, version) in versions.enumerated()
        where version["schema"]?["openAPIV3Schema"] == nil {
            errors.append(
                .required(path.child("versions").index(index).child("schema", "openAPIV3Schema")))
        }
        for (index, version) in versions.enumerated() {
            let path = path.child("versions").index(index)
            errors += dnsLabel(version["name"]?.string ?? "", path.child("name"))
            errors += DefinitionVersionRules.validate(version, path)
        }
        if Set(versions.map { $0["name"]?.string ?? "" }).count != versions.count {
            errors.append(
                .invalid(path.child("versions"), .array(versions), "must contain unique version names"))
        }
        if versions.count(where: { $0["storage"]?.bool == true }) != 1 {
            errors.append(
                .invalid(
                    path.child("versions"), .array(versions),
                    "must have exactly one version marked as storage version"))
        }
        for key in ["plural", "singular", "kind", "listKind"]
        where (spec["names"]?[key]?.string ?? "").isEmpty {
            errors.append(.required(path.child("names", key)))
        }
        errors += names(spec["names"] ?? [:], path.child("names"))
        errors += conversion(spec["conversion"], path.child("conversion"))
        return errors
    }

    private static func dnsLabel(_ text: String, _ path: FieldPath, prefix: String = "") -> [FieldError] {
        let words = NameRules.dns1035Label(prefix.isEmpty ? text : text.lowercased())
        return words.isEmpty
            ? [] : [.invalid(path, .string(text), prefix + words.joined(separator: ","))]
    }

    static func names(_ names: JSON, _ path: FieldPath) -> [FieldError] {
        var errors: [FieldError] = []
        for key in ["plural", "singular"] {
            if let text = names[key]?.string, !text.isEmpty { errors += dnsLabel(text, path.child(key)) }
        }
        for key in ["kind", "listKind"] {
            guard let text = names[key]?.string, !text.isEmpty else { continue }
            errors += dnsLabel(
                text, path.child(key), prefix: "may have mixed case, but should otherwise match: ")
        }
        for (index, name) in (names["shortNames"]?.array ?? []).enumerated() {
            errors += dnsLabel(name.string ?? "", path.child("shortNames").index(index))
        }
        if let kind = names["kind"]?.string, !kind.isEmpty, names["listKind"]?.string == kind {
            errors.append(
                .invalid(
                    path.child("listKind"), .string(kind), "kind and listKind may not be the same"))
        }
        for (index, name) in (names["categories"]?.array ?? []).enumerated() {
            errors += dnsLabel(name.string ?? "", path.child("categories").index(index))
        }
        return errors
    }

    private static func storedVersions(_ object: JSON) -> [FieldError] {
        let path = FieldPath("status", "storedVersions")
        let list = object["status"]?["storedVersions"]?.array ?? []
        let stored = list.compactMap(\.string)
        if stored.isEmpty { return [.invalid(path, .array(list), "must have at least one stored version")] }
        var errors: [FieldError] = []
        let versions = CustomResourceDefinition(object).versions
        for version in versions where version["storage"]?.bool == true {
            let name = version["name"]?.string ?? ""
            if !stored.contains(name) {
                errors.append(.invalid(path, .array(list), "must have the storage version \(name)"))
            }
        }
        let known = versions.compactMap { $0["name"]?.string }
        for (index, name) in stored.enumerated() where !known.contains(name) {
            errors.append(
                .invalid(
                    path.index(index), .string(name),
                    "missing from spec.versions; \(name) was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in \(name) and removes \(name) from status.storedVersions"
                ))
        }
        return errors
    }

    /// Groups of the Kubernetes project itself want a note that the API was reviewed.
    private static func approval(_ object: JSON, _ old: JSON?) -> [FieldError] {
        let group = object["spec"]?["group"]?.string ?? ""
        guard
            group == "k8s.io" || group.hasSuffix(".k8s.io") || group == "kubernetes.io"
                || group.hasSuffix(".kubernetes.io")
        else { return [] }
        let key = "api-approved.kubernetes.io"
        let text = object["metadata"]?["annotations"]?[key]?.string ?? ""
        if let old, old["metadata"]?["annotations"]?[key]?.string ?? "" == text { return [] }
        let path = FieldPath("metadata", "annotations").key(key)
        if text.isEmpty {
            return [
                .required(
                    path,
                    "protected groups must have approval annotation \"\(key)\", see https://github.com/kubernetes/enhancements/pull/1111"
                )
            ]
        }
        if text.hasPrefix("unapproved") { return [] }
        if let scheme = text.range(of: "://"), text[..<scheme.lowerBound].allSatisfy(\.isLetter),
            scheme.upperBound != text.endIndex
        {
            return []
        }
        return [
            .invalid(
                path, .string(text),
                "protected groups must have approval annotation \"\(key)\" with either a URL or a reason starting with \"unapproved\", see https://github.com/kubernetes/enhancements/pull/1111"
            )
        ]
    }

    private static func conversion(_ conversion: JSON?, _ path: FieldPath) -> [FieldError] {
        guard let conversion else { return [] }
        let strategy = conversion["strategy"]?.string ?? ""
        if strategy.isEmpty { return [.required(path.child("strategy"))] }
        guard strategy == "Webhook" else {
            var errors: [FieldError] = []
            if strategy != "None" {
                errors.append(
                    .notSupported(path.child("strategy"), .string(strategy), ["None", "Webhook"]))
            }
            if conversion["webhook"]?["clientConfig"] != nil {
                errors.append(
                    .forbidden(
                        path.child("webhookClientConfig"),
                        "should not be set when strategy is not set to Webhook"))
            }
            return errors
        }
        var errors: [FieldError] = []
        let config = conversion["webhook"]?["clientConfig"]
        if config == nil {
            errors.append(
                .required(
                    path.child("webhookClientConfig"), "required when strategy is set to Webhook"))
        } else {
            errors += WebhookRules.clientConfig(config ?? [:], path.child("webhookClientConfig"))
        }
        let versions = (conversion["webhook"]?["conversionReviewVersions"]?.array ?? []).compactMap(\.string)
        let versionsPath = path.child("conversionReviewVersions")
        if versions.isEmpty {
            errors.append(.required(versionsPath))
        } else if !versions.contains("v1"), !versions.contains("v1beta1") {
            errors.append(
                .invalid(
                    versionsPath, .array(versions.map { .string($0) }),
                    "must include at least one of v1, v1beta1"))
        }
        return errors
    }
}
