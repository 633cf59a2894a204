import KubeJSON

/// Rules for environment variables and for what the downward API may refer to.
enum EnvironmentRules {
    static func variable(
        _ variable: JSON, _ path: FieldPath, _ context: PodRuleContext, _ errors: inout Errors
    ) {
        let name = variable.text("name")
        if name.isEmpty {
            errors.append(.required(path.child("name")))
        } else {
            errors.check(name, path.child("name"), NameRules.environmentVariable)
        }
        guard let source = variable["valueFrom"] else { return }
        let path = path.child("valueFrom")
        var count = 0
        if let reference = source["fieldRef"] {
            count += 1
            fieldReference(reference, environmentFields, path.child("fieldRef"), &errors)
        }
        if let reference = source["resourceFieldRef"] {
            count += 1
            resourceReference(reference, path.child("resourceFieldRef"), isVolume: false, &errors)
        }
        for kind in ["configMapKeyRef", "secretKeyRef"] {
            guard let reference = source[kind] else { continue }
            count += 1
            keyReference(reference, path.child(kind), &errors)
        }
        if let reference = source["fileKeyRef"] {
            count += 1
            fileReference(reference, path.child("fileKeyRef"), context, &errors)
        }
        if count == 0 {
            errors.append(
                .invalid(
                    path, "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or "
                        + "`fileKeyRef`"))
        } else if !variable.text("value").isEmpty {
            errors.append(.invalid(path, "", "may not be specified when `value` is not empty"))
        } else if count > 1 {
            errors.append(.invalid(path, "", "may not have more than one field specified at a time"))
        }
    }

    static func sources(_ sources: [JSON], _ path: FieldPath, _ errors: inout Errors) {
        for (index, source) in sources.enumerated() {
            let itemPath = path.index(index)
            let prefix = source.text("prefix")
            if !prefix.isEmpty {
                errors.check(prefix, itemPath.child("prefix"), NameRules.environmentVariable)
            }
            var count = 0
            for kind in ["configMapRef", "secretRef"] {
                guard let reference = source[kind] else { continue }
                count += 1
                let name = reference.text("name")
                let path = itemPath.child(kind).child("name")
                if name.isEmpty {
                    errors.append(.required(path))
                } else {
                    errors.check(name, path) { NameRules.dns1123Subdomain($0, isPrefix: true) }
                }
            }
            if count == 0 {
                errors.append(.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"))
            } else if count > 1 {
                errors.append(.invalid(path, "", "may not have more than one field specified at a time"))
            }
        }
    }

    private static func keyReference(_ reference: JSON, _ path: FieldPath, _ errors: inout Errors) {
        errors.subdomain(reference.text("name"), path.child("name"))
        let key = reference.text("key")
        if key.isEmpty {
            errors.append(.required(path.child("key")))
        } else {
            errors.check(key, path.child("key"), NameRules.configMapKey)
        }
    }

    private static func fileReference(
        _ reference: JSON, _ path: FieldPath, _ context: PodRuleContext, _ errors: inout Errors
    ) {
        let key = reference.text("key")
        if key.isEmpty {
            errors.append(.required(path.child("key")))
        } else {
            errors.check(key, path.child("key"), NameRules.environmentVariable)
        }
        let volume = reference.text("volumeName")
        if volume.isEmpty {
            errors.append(.required(path.child("volumeName")))
        } else if context.volume(volume) == nil {
            errors.append(.notFound(path.child("volumeName"), .string(volume)))
        }
        let file = reference.text("path")
        if file.isEmpty {
            errors.append(.required(path.child("path")))
        } else {
            VolumeRules.localPath(file, path.child("path"), &errors)
        }
    }

    static let environmentFields = [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
        "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    ]
    static let volumeFields = [
        "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid",
    ]
    /// What may be named at all; the rest has no conversion.
    private static let knownFields = Set(environmentFields).union(volumeFields).union([
        "spec.restartPolicy", "spec.schedulerName", "status.phase", "status.nominatedNodeName",
    ])

    static func fieldReference(
        _ reference: JSON, _ fields: [String], _ path: FieldPath, _ errors: inout Errors
    ) {
        let field = reference.text("fieldPath")
        if reference.text("apiVersion").isEmpty {
            errors.append(.required(path.child("apiVersion")))
            return
        }
        if field.isEmpty {
            errors.append(.required(path.child("fieldPath")))
            return
        }
        let fieldPath = path.child("fieldPath")
        if reference.text("apiVersion") != "v1" {
            errors.append(
                .invalid(
                    fieldPath, .string(field),
                    "error converting fieldPath: unsupported pod version: \(reference.text("apiVersion"))"))
            return
        }
        if field.hasSuffix("']"), let start = field.firstRange(of: "['") {
            let base = String(field[..<start.lowerBound])
            let key = String(field[start.upperBound...].dropLast(2))
            switch base {
            case "metadata.annotations":
                errors.check(key.lowercased(), path, NameRules.qualifiedName)
            case "metadata.labels": errors.check(key, path, NameRules.qualifiedName)
            default:
                errors.append(
                    .invalid(
                        fieldPath, .string(field),
                        "error converting fieldPath: field label does not support subscript"))
            }
        } else if !knownFields.contains(field) {
            errors.append(
                .invalid(
                    fieldPath, .string(field),
                    "error converting fieldPath: field label not supported: \(field)"))
        } else if !fields.contains(field) {
            errors.append(.notSupported(fieldPath, .string(field), fields))
        }
    }

    private static let resourceFields = [
        "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu",
        "requests.ephemeral-storage",
        "requests.memory",
    ]
    private static let divisors: Set<String> = [
        "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei",
    ]

    static func resourceReference(
        _ reference: JSON, _ path: FieldPath, isVolume: Bool, _ errors: inout Errors
    ) {
        let resource = reference.text("resource")
        let isHugePages = resource.hasPrefix("limits.hugepages-") || resource.hasPrefix("requests.hugepages-")
        if isVolume, reference.text("containerName").isEmpty {
            errors.append(.required(path.child("containerName")))
        } else if resource.isEmpty {
            errors.append(.required(path.child("resource")))
        } else if !isHugePages, !resourceFields.contains(resource) {
            errors.append(.notSupported(path.child("resource"), .string(resource), resourceFields))
        }
        let divisor = reference.text("divisor")
        if divisor.isEmpty || divisor == "0" { return }
        let all = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei"
        let words: String? =
            switch resource {
            case "limits.cpu", "requests.cpu":
                divisor == "1" || divisor == "1m"
                    ? nil : "only divisor's values 1m and 1 are supported with the cpu resource"
            case _ where divisors.contains(divisor): nil
            case "limits.memory", "requests.memory":
                "only divisor's values \(all) are supported with the memory resource"
            case "limits.ephemeral-storage", "requests.ephemeral-storage":
                "only divisor's values \(all) are supported with the local ephemeral storage resource"
            case _ where isHugePages: "only divisor's values \(all) are supported with the hugepages resource"
            default: nil
            }
        if let words { errors.append(.invalid(path.child("divisor"), .string(resource), words)) }
    }
}
