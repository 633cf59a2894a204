import KubeJSON

/// Which names of resources are whose (pkg/apis/core/helper).
enum ResourceNames {
    static let container: Set<String> = ["cpu", "memory", "ephemeral-storage"]
    static let counted: Set<String> = [
        "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps",
        "persistentvolumeclaims", "services.nodeports", "services.loadbalancers",
    ]
    static let quota: Set<String> = container.union(counted).union([
        "requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage", "limits.cpu",
        "limits.memory", "limits.ephemeral-storage",
    ])
    static let podCompute: Set<String> = [
        "pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory",
    ]

    static func isHugePages(_ name: String) -> Bool { name.hasPrefix("hugepages-") }
    static func isStandard(_ name: String) -> Bool {
        quota.contains(name) || name == "storage" || isHugePages(name)
            || name.hasPrefix("requests.hugepages-")
    }
    static func isQuota(_ name: String) -> Bool {
        quota.contains(name) || isHugePages(name) || name.hasPrefix("requests.hugepages-")
    }
    static func isContainer(_ name: String) -> Bool { container.contains(name) || isHugePages(name) }
    static func isPodLevel(_ name: String) -> Bool { name == "cpu" || name == "memory" || isHugePages(name) }
    static func hasSlash(_ name: String) -> Bool { name.utf8.contains(0x2F) }
    static func isNative(_ name: String) -> Bool {
        guard let slash = name.firstIndex(of: "/") else { return true }
        return name[..<slash].hasSuffix("kubernetes.io")
    }
    static func isExtended(_ name: String) -> Bool {
        !isNative(name) && !name.hasPrefix("requests.") && NameRules.qualifiedName("requests." + name).isEmpty
    }
    static func isInteger(_ name: String) -> Bool { counted.contains(name) || isExtended(name) }
    static func allowsOvercommit(_ name: String) -> Bool { isNative(name) && !isHugePages(name) }
}

/// Rules for resource lists and requirements.
enum ResourceRules {
    static func name(_ name: String, _ path: FieldPath) -> Errors {
        let words = NameRules.qualifiedName(name)
        if !words.isEmpty { return words.map { .invalid(path, .string(name), $0) } }
        if !ResourceNames.hasSlash(name), !ResourceNames.isStandard(name) {
            return [.invalid(path, .string(name), "must be a standard resource type or fully qualified")]
        }
        return []
    }

    static func containerName(_ name: String, _ path: FieldPath) -> Errors {
        if ResourceNames.isContainer(name), !ResourceNames.isHugePages(name) { return [] }
        var errors = self.name(name, path)
        if !ResourceNames.hasSlash(name) {
            if !ResourceNames.isContainer(name) {
                errors.append(.invalid(path, .string(name), "must be a standard resource for containers"))
            }
        } else if !ResourceNames.isNative(name), !ResourceNames.isExtended(name) {
            errors.append(.invalid(path, .string(name), "doesn't follow extended resource name standard"))
        }
        return errors
    }

    static func podName(_ name: String, _ path: FieldPath) -> Errors {
        let errors = self.name(name, path)
        if !errors.isEmpty || ResourceNames.isPodLevel(name) { return errors }
        return [.notSupported(path, .string(name), ["cpu", "hugepages-", "memory"])]
    }

    static func quotaName(_ name: String, _ path: FieldPath) -> Errors {
        var errors = self.name(name, path)
        if !ResourceNames.hasSlash(name), !ResourceNames.isQuota(name) {
            errors.append(.invalid(path, .string(name), "must be a standard resource for quota"))
        }
        return errors
    }

    /// A quantity that may not be negative, and is whole for what is counted.
    static func quantity(_ name: String, _ value: JSON, _ path: FieldPath) -> Errors {
        guard let text = value.string, let quantity = Quantity(text) else { return [] }
        var errors: Errors = []
        if quantity.sign < 0 { errors.append(.invalid(path, .string(text), FieldRules.negativeWords)) }
        if !ResourceNames.container.contains(name), ResourceNames.isInteger(name),
            quantity.milliValue % 1000 != 0
        {
            errors.append(.invalid(path, value, "must be an integer"))
        }
        return errors
    }

    /// ResourceRequirements of a container, or of a pod as a whole.
    static func requirements(
        _ requirements: JSON?, _ path: FieldPath, claims: [String],
        nameRule: (String, FieldPath) -> Errors, _ errors: inout Errors
    ) {
        guard let requirements else { return }
        let limits = requirements["limits"]
        var hasCompute = false
        var hasHugePages = false
        for (name, value) in limits?.object ?? [:] {
            let path = path.child("limits").key(name)
            errors += nameRule(name, path)
            errors += quantity(name, value, path)
            if name == "cpu" || name == "memory" { hasCompute = true }
            if ResourceNames.isHugePages(name) {
                hasHugePages = true
                hugePages(name, value, path, &errors)
            }
        }
        for (name, value) in requirements["requests"]?.object ?? [:] {
            let requestsPath = path.child("requests")
            let path = path
            errors += nameRule(name, requestsPath.key(name))
            errors += quantity(name, value, requestsPath.key(name))
            if let limit = limits?[name]?.string {
                if limit != value.string, let wanted = value.string.flatMap({ Quantity($0) }),
                    let most = Quantity(limit)
                {
                    if wanted != most, !ResourceNames.allowsOvercommit(name) {
                        errors.append(
                            .invalid(requestsPath, value, "must be equal to \(name) limit of \(limit)"))
                    } else if wanted > most {
                        errors.append(
                            .invalid(
                                requestsPath, value, "must be less than or equal to \(name) limit of \(limit)"
                            ))
                    }
                }
            } else if !ResourceNames.allowsOvercommit(name) {
                errors.append(
                    .required(path.child("limits"), "Limit must be set for non overcommitable resources"))
            }
            if name == "cpu" || name == "memory" { hasCompute = true }
            if ResourceNames.isHugePages(name) {
                hasHugePages = true
                hugePages(name, value, requestsPath.key(name), &errors)
            }
        }
        if hasHugePages, !hasCompute { errors.append(.forbidden(path, "HugePages require cpu or memory")) }
        claimNames(requirements.items("claims"), path.child("claims"), podClaims: claims, &errors)
    }

    private static func hugePages(_ name: String, _ value: JSON, _ path: FieldPath, _ errors: inout Errors) {
        guard let text = value.string, let quantity = Quantity(text),
            let page = Quantity(String(name.dropFirst("hugepages-".count))), page.wholeValue > 0,
            quantity.wholeValue % page.wholeValue != 0
        else { return }
        errors.append(
            .invalid(path, .string(text), "\(text) is not positive integer multiple of \(name)"))
    }

    private static func claimNames(
        _ claims: [JSON], _ path: FieldPath, podClaims: [String], _ errors: inout Errors
    ) {
        var seen: Set<String> = []
        for (index, claim) in claims.enumerated() {
            let path = path.index(index)
            let name = claim.text("name")
            if name.isEmpty {
                errors.append(.required(path))
                continue
            }
            let request = claim.text("request")
            let key = request.isEmpty ? name : name + "/" + request
            if seen.contains(name) {
                errors.append(.duplicate(path, .string(name)))
            } else {
                if !request.isEmpty { errors.label(request, path.child("request")) }
                if !seen.insert(key).inserted {
                    errors.append(.duplicate(path, .string(key)))
                } else if request.isEmpty, seen.contains(where: { $0.hasPrefix(name + "/") }) {
                    errors.append(.duplicate(path, .string(name)))
                }
            }
            if !podClaims.contains(name) {
                let names = Set(podClaims).sorted(by: utf8Less).joined(separator: ", ")
                errors.append(
                    FieldError(
                        .notFound, path, .string(name),
                        "must be one of the names in pod.spec.resourceClaims"
                            + (names.isEmpty ? " which is empty" : ": " + names)))
            }
        }
    }
}
