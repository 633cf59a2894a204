import KubeJSON

/// Roles and their bindings.
enum RBACStrategies {
    static let role = Strategy { strategy in
        strategy.validateName = { NameRules.pathSegment($0, isPrefix: $1) }
        strategy.validate = { rules($0, isNamespaced: true) }
        // Upstream checks a changed role twice, as a new one and as a changed one; so it reports twice.
        strategy.validateUpdate = { new, _ in
            rules(new, isNamespaced: true) + rules(new, isNamespaced: true)
        }
        strategy.allowsCreateOnUpdate = true
    }

    static let clusterRole = Strategy { strategy in
        strategy.validateName = { NameRules.pathSegment($0, isPrefix: $1) }
        strategy.validate = validateClusterRole
        strategy.validateUpdate = { new, _ in validateClusterRole(new) + validateClusterRole(new) }
        strategy.allowsCreateOnUpdate = true
    }

    @Sendable private static func validateClusterRole(_ role: JSON) -> Errors {
        var errors = rules(role, isNamespaced: false)
        guard let aggregation = role["aggregationRule"] else { return errors }
        let path = FieldPath("aggregationRule", "clusterRoleSelectors")
        let selectors = aggregation.items("clusterRoleSelectors")
        if selectors.isEmpty {
            errors.append(
                .required(path, "at least one clusterRoleSelector required if aggregationRule is non-nil"))
        }
        for (index, selector) in selectors.enumerated() {
            let found = FieldRules.labelSelector(selector, path.index(index))
            errors += found
            if !found.isEmpty {
                errors.append(.invalid(path.index(index), .null, "invalid label selector."))
            }
        }
        return errors
    }

    private static func rules(_ role: JSON, isNamespaced: Bool) -> Errors {
        var errors: Errors = []
        for (index, rule) in role.items("rules").enumerated() {
            let path = FieldPath("rules").index(index)
            if rule.items("verbs").isEmpty {
                errors.append(.required(path.child("verbs"), "verbs must contain at least one value"))
            }
            let urls = rule["nonResourceURLs"] ?? []
            if !rule.items("nonResourceURLs").isEmpty {
                if isNamespaced {
                    errors.append(
                        .invalid(
                            path.child("nonResourceURLs"), urls,
                            "namespaced rules cannot apply to non-resource URLs"))
                }
                if !(rule.items("apiGroups") + rule.items("resources") + rule.items("resourceNames")).isEmpty
                {
                    errors.append(
                        .invalid(
                            path.child("nonResourceURLs"), urls,
                            "rules cannot apply to both regular resources and non-resource URLs"))
                }
                continue
            }
            if rule.items("apiGroups").isEmpty {
                errors.append(
                    .required(
                        path.child("apiGroups"), "resource rules must supply at least one api group"))
            }
            if rule.items("resources").isEmpty {
                errors.append(
                    .required(
                        path.child("resources"), "resource rules must supply at least one resource"))
            }
        }
        return errors
    }

    static let roleBinding = binding(["Role", "ClusterRole"], isNamespaced: true)
    static let clusterRoleBinding = binding(["ClusterRole"], isNamespaced: false)

    private static let group = "rbac.authorization.k8s.io"

    private static func binding(_ kinds: [String], isNamespaced: Bool) -> Strategy {
        Strategy { strategy in
            strategy.setDefaults = { binding in
                binding.fillAbsent("roleRef", .object([:]))
                binding.change("roleRef") { $0.fill("apiGroup", .string(group)) }
                binding.changeItems("subjects") { subject in
                    if ["User", "Group"].contains(subject.text("kind")) {
                        subject.fill("apiGroup", .string(group))
                    }
                }
            }
            strategy.validateName = { NameRules.pathSegment($0, isPrefix: $1) }
            strategy.validate = { validate($0, kinds, isNamespaced) }
            strategy.validateUpdate = { new, old in
                var errors = validate(new, kinds, isNamespaced) + validate(new, kinds, isNamespaced)
                if new["roleRef"] != old["roleRef"] {
                    errors.append(
                        .invalid(FieldPath("roleRef"), shown(new["roleRef"]), "cannot change roleRef"))
                }
                return errors
            }
            strategy.allowsCreateOnUpdate = true
        }
    }

    /// A reference as upstream prints it: its internal structure, with Go's names.
    private static func shown(_ reference: JSON?) -> JSON {
        [
            "APIGroup": .string(reference?.text("apiGroup") ?? ""),
            "Kind": .string(reference?.text("kind") ?? ""), "Name": .string(reference?.text("name") ?? ""),
        ]
    }

    private static func validate(_ binding: JSON, _ kinds: [String], _ isNamespaced: Bool) -> Errors {
        var errors: Errors = []
        let reference = binding["roleRef"] ?? .object([:])
        let path = FieldPath("roleRef")
        if reference.text("apiGroup") != group {
            errors.append(
                .notSupported(path.child("apiGroup"), .string(reference.text("apiGroup")), [group]))
        }
        if !kinds.contains(reference.text("kind")) {
            errors.append(.notSupported(path.child("kind"), .string(reference.text("kind")), kinds))
        }
        if reference.text("name").isEmpty {
            errors.append(.required(path.child("name")))
        } else {
            errors.check(reference.text("name"), path.child("name")) { NameRules.pathSegment($0) }
        }
        for (index, subject) in binding.items("subjects").enumerated() {
            validate(subject, FieldPath("subjects").index(index), isNamespaced, &errors)
        }
        return errors
    }

    private static func validate(
        _ subject: JSON, _ path: FieldPath, _ isNamespaced: Bool, _ errors: inout Errors
    ) {
        let name = subject.text("name")
        if name.isEmpty { errors.append(.required(path.child("name"))) }
        let apiGroup = subject.text("apiGroup")
        switch subject.text("kind") {
        case "ServiceAccount":
            if !name.isEmpty { errors.subdomain(name, path.child("name")) }
            if !apiGroup.isEmpty {
                errors.append(.notSupported(path.child("apiGroup"), .string(apiGroup), [""]))
            }
            if !isNamespaced, subject.text("namespace").isEmpty {
                errors.append(.required(path.child("namespace")))
            }
        case "User", "Group":
            if apiGroup != group {
                errors.append(.notSupported(path.child("apiGroup"), .string(apiGroup), [group]))
            }
        case let kind:
            errors.append(
                .notSupported(path.child("kind"), .string(kind), ["ServiceAccount", "User", "Group"]))
        }
    }
}
