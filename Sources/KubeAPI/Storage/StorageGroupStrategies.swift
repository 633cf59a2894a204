import KubeJSON

/// The kinds of storage.k8s.io: classes of volumes, what drivers tell of themselves, attachments.
enum StorageGroupStrategies {
    static let parameterCountLimit = 512
    static let parameterSizeLimit = 256 << 10
    static let volumeErrorLimit = 1024

    // MARK: Classes

    static let storageClass = Strategy { strategy in
        strategy.setDefaults = { object in
            object.fillAbsent("reclaimPolicy", "Delete")
            object.fillAbsent("volumeBindingMode", "Immediate")
        }
        strategy.validate = validateClass
        strategy.validateUpdate = { new, old in
            var errors = validateClass(new)
            for key in ["parameters", "provisioner", "reclaimPolicy"]
            where !FieldRules.same(new[key], old[key]) {
                errors.append(.forbidden(FieldPath(key), "updates to \(key) are forbidden."))
            }
            return errors
                + FieldRules.immutable(
                    new["volumeBindingMode"], old["volumeBindingMode"], FieldPath("volumeBindingMode"))
        }
    }

    static let attributesClass = Strategy { strategy in
        strategy.validate = validateAttributesClass
        strategy.validateUpdate = { new, old in
            var errors = validateAttributesClass(new)
            for key in ["driverName", "parameters"] where !FieldRules.same(new[key], old[key]) {
                errors.append(.forbidden(FieldPath(key), "updates to \(key) are forbidden."))
            }
            return errors
        }
    }

    @Sendable private static func validateAttributesClass(_ object: JSON) -> Errors {
        var errors: Errors = []
        VolumeRules.csiDriver(object.text("driverName"), FieldPath("driverName"), &errors)
        let path = FieldPath("parameters")
        if object["parameters"]?.object?.isEmpty ?? true {
            errors.append(.required(path, "must contain at least one key/value pair"))
        } else {
            parameters(object["parameters"], path, &errors)
        }
        return errors
    }

    @Sendable private static func validateClass(_ object: JSON) -> Errors {
        var errors: Errors = []
        let provisioner = object.text("provisioner")
        let path = FieldPath("provisioner")
        if provisioner.isEmpty {
            errors.append(.required(path))
        } else {
            for words in NameRules.qualifiedName(provisioner.lowercased()) {
                errors.append(.invalid(path, .string(provisioner), words))
            }
        }
        parameters(object["parameters"], FieldPath("parameters"), &errors)
        let policy = object.text("reclaimPolicy")
        if !policy.isEmpty, policy != "Delete", policy != "Retain" {
            errors.append(
                .notSupported(FieldPath("reclaimPolicy"), .string(policy), ["Delete", "Retain"]))
        }
        if let mode = object["volumeBindingMode"]?.string {
            errors += FieldRules.oneOf(
                .string(mode), FieldPath("volumeBindingMode"), ["Immediate", "WaitForFirstConsumer"])
        } else {
            errors.append(.required(FieldPath("volumeBindingMode")))
        }
        topologies(object.items("allowedTopologies"), FieldPath("allowedTopologies"), &errors)
        return errors
    }

    private static func parameters(_ value: JSON?, _ path: FieldPath, _ errors: inout Errors) {
        guard let parameters = value?.object else { return }
        if parameters.count > parameterCountLimit { errors.append(.tooLong(path, parameterCountLimit)) }
        var size = 0
        for (key, value) in parameters {
            if key.isEmpty { errors.append(.invalid(path, .string(key), "field can not be empty.")) }
            size += key.utf8.count + (value.string?.utf8.count ?? 0)
        }
        if size > parameterSizeLimit { errors.append(.tooLong(path, parameterSizeLimit)) }
    }

    private static func topologies(_ terms: [JSON], _ path: FieldPath, _ errors: inout Errors) {
        var seen: [[String: Set<String>]] = []
        for (index, term) in terms.enumerated() {
            let path = path.index(index).child("matchLabelExpressions")
            var requirements: [String: Set<String>] = [:]
            for (index, requirement) in term.items("matchLabelExpressions").enumerated() {
                let path = path.index(index)
                let values = requirement.texts("values")
                if values.isEmpty { errors.append(.required(path.child("values"))) }
                var distinct: Set<String> = []
                for (index, value) in values.enumerated() where !distinct.insert(value).inserted {
                    errors.append(.duplicate(path.child("values").index(index), .string(value)))
                }
                let key = requirement.text("key")
                errors.check(key, path.child("key"), NameRules.qualifiedName)
                if requirements.updateValue(distinct, forKey: key) != nil {
                    errors.append(.duplicate(path.child("key"), .string(key)))
                }
            }
            if seen.contains(requirements) { errors.append(.duplicate(path, "")) }
            seen.append(requirements)
        }
    }

    // MARK: Attachments

    static let attachment = Strategy { strategy in
        strategy.splitStatus()
        strategy.validate = validateAttachment
        strategy.validateUpdate = updateAttachment
        strategy.validateStatusUpdate = updateAttachment
    }

    @Sendable private static func updateAttachment(_ new: JSON, _ old: JSON) -> Errors {
        validateAttachment(new) + FieldRules.immutable(new["spec"], old["spec"], FieldPath("spec"))
    }

    @Sendable private static func validateAttachment(_ object: JSON) -> Errors {
        var errors: Errors = []
        let spec = object["spec"] ?? .object([:])
        let path = FieldPath("spec")
        VolumeRules.csiDriver(spec.text("attacher"), path.child("attacher"), &errors)
        let source = spec["source"] ?? .object([:])
        let sourcePath = path.child("source")
        let words = "must specify exactly one of inlineVolumeSpec and persistentVolumeName"
        let volume = source["persistentVolumeName"]?.string
        let hasInline = source["inlineVolumeSpec"]?.object != nil
        if !hasInline, volume == nil { errors.append(.required(sourcePath, words)) }
        if hasInline, volume != nil { errors.append(.forbidden(sourcePath, words)) }
        if let volume {
            let path = sourcePath.child("persistentVolumeName")
            if volume.isEmpty {
                errors.append(.required(path, "must specify non empty persistentVolumeName"))
            } else {
                errors.subdomain(volume, path)
            }
        }
        errors.subdomain(spec.text("nodeName"), path.child("nodeName"))
        let status = object["status"] ?? .object([:])
        let statusPath = FieldPath("status")
        attachmentMetadata(
            status["attachmentMetadata"], statusPath.child("attachmentMetadata"), &errors)
        for key in ["attachError", "detachError"]
        where (status[key]?.text("message").utf8.count ?? 0) > volumeErrorLimit {
            errors.append(.tooLong(statusPath.child(key, "message"), volumeErrorLimit))
        }
        return errors
    }

    private static func attachmentMetadata(_ value: JSON?, _ path: FieldPath, _ errors: inout Errors) {
        guard let metadata = value?.object else { return }
        var size = 0
        for (key, value) in metadata { size += key.utf8.count + (value.string?.utf8.count ?? 0) }
        if size > parameterSizeLimit { errors.append(.tooLong(path, parameterSizeLimit)) }
    }

    // MARK: Capacities

    static let capacity = Strategy { strategy in
        strategy.validate = validateCapacity
        strategy.validateUpdate = { new, old in
            var errors: Errors = []
            for key in ["nodeTopology", "storageClassName"] {
                errors += FieldRules.immutable(new[key], old[key], FieldPath(key))
            }
            return validateCapacity(new) + errors
        }
    }

    @Sendable private static func validateCapacity(_ object: JSON) -> Errors {
        var errors = FieldRules.labelSelector(object["nodeTopology"], FieldPath("nodeTopology"))
        errors.subdomain(object.text("storageClassName"), FieldPath("storageClassName"))
        for key in ["capacity", "maximumVolumeSize"] {
            guard let text = object[key]?.string, let quantity = try? Quantity.parse(text) else { continue }
            if quantity < .zero {
                errors.append(.invalid(FieldPath(key), .string(text), FieldRules.negativeWords))
            }
        }
        return errors
    }
}
