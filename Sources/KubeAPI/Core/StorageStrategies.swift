import KubeJSON

/// Rules for claims, shared with the templates of StatefulSets and ephemeral volumes.
public enum PersistentVolumeClaimRules {
    static let accessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]
    static let volumeModes = ["Block", "Filesystem"]

    /// Defaults of a PersistentVolumeClaimSpec.
    public static func setSpecDefaults(_ spec: inout JSON) {
        if spec["volumeMode"] == nil { spec["volumeMode"] = "Filesystem" }
        spec.change("resources") { resources in
            resources.change("limits", PodSpecRules.roundResources)
            resources.change("requests", PodSpecRules.roundResources)
        }
        // The older and the newer reference follow each other, unless the newer one crosses namespaces.
        if let source = spec["dataSource"], spec["dataSourceRef"] == nil {
            spec["dataSourceRef"] = source
        } else if spec["dataSource"] == nil, let reference = spec["dataSourceRef"],
            reference.text("namespace").isEmpty
        {
            var copy = reference
            copy.drop("namespace")
            spec["dataSource"] = copy
        }
    }

    /// What is wrong with a PersistentVolumeClaimSpec.
    public static func validateSpec(_ spec: JSON, _ path: FieldPath) -> [FieldError] {
        var errors: Errors = []
        if spec.items("accessModes").isEmpty {
            errors.append(.required(path.child("accessModes"), "at least 1 access mode is required"))
        }
        errors += FieldRules.labelSelector(spec["selector"], path.child("selector"))
        modes(spec, path, &errors)
        let storagePath = path.child("resources").key("storage")
        if let value = spec.at("resources", "requests", "storage")?.string, let quantity = Quantity(value) {
            if quantity.sign <= 0 {
                errors.append(.invalid(storagePath, .string(value), "must be greater than zero"))
            }
        } else {
            errors.append(.required(storagePath))
        }
        if let name = spec["storageClassName"]?.string, !name.isEmpty {
            errors.subdomain(name, path.child("storageClassName"))
        }
        errors.optionalOneOf(spec["volumeMode"], path.child("volumeMode"), volumeModes)
        for field in ["dataSource", "dataSourceRef"] {
            guard let source = spec[field] else { continue }
            let path = path.child(field)
            VolumeRules.required(source, ["name", "kind"], path, &errors)
            let group = source.text("apiGroup")
            if group.isEmpty, source.text("kind") != "PersistentVolumeClaim" {
                errors.append(
                    .invalid(
                        path, .string(source.text("kind")),
                        "must be 'PersistentVolumeClaim' when referencing the default apiGroup"))
            }
            if !group.isEmpty { errors.subdomain(group, path.child("apiGroup")) }
            if let namespace = source["namespace"]?.string, !namespace.isEmpty {
                errors.label(namespace, path.child("namespace"))
            }
        }
        if let name = spec["volumeAttributesClassName"]?.string, !name.isEmpty {
            errors.subdomain(name, path.child("volumeAttributesClassName"))
        }
        return errors
    }

    static func modes(_ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let modes = spec.texts("accessModes")
        for mode in modes where !accessModes.contains(mode) {
            errors.append(.notSupported(path.child("accessModes"), .string(mode), accessModes))
        }
        if modes.contains("ReadWriteOncePod"),
            modes.contains(where: { $0 != "ReadWriteOncePod" && accessModes.contains($0) })
        {
            errors.append(
                .forbidden(path.child("accessModes"), "may not use ReadWriteOncePod with other access modes"))
        }
    }

    /// The template of an ephemeral volume's claim: of its metadata labels and annotations only.
    static func template(_ template: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let metadata = template["metadata"]
        let metaPath = path.child("metadata")
        errors += ObjectMetaValidation.annotations(metadata?["annotations"], metaPath.child("annotations"))
        errors += FieldRules.labels(metadata?["labels"], metaPath.child("labels"))
        for (key, value) in metadata?.object ?? [:]
        where key != "annotations" && key != "labels" && value != .null {
            errors.append(.forbidden(metaPath.child(key), "cannot be set"))
        }
        errors += validateSpec(template["spec"] ?? .object([:]), path.child("spec"))
    }
}

/// PersistentVolumes and PersistentVolumeClaims.
enum StorageStrategies {
    static let claim = Strategy { strategy in
        strategy.setDefaults = { claim in
            if claim["spec"] == nil { claim["spec"] = .object([:]) }
            claim.change("spec") { PersistentVolumeClaimRules.setSpecDefaults(&$0) }
            if claim["status"]?.text("phase").isEmpty ?? true { claim.set("Pending", at: "status", "phase") }
        }
        strategy.prepareForCreate = { $0["status"] = ["phase": "Pending"] }
        strategy.prepareForUpdate = { Preparing.keepStatus(&$0, $1) }
        strategy.prepareForStatusUpdate = { Preparing.keepSpec(&$0, $1) }
        strategy.validate = {
            KubeFinalizers.validate($0)
                + PersistentVolumeClaimRules.validateSpec($0["spec"] ?? .object([:]), FieldPath("spec"))
        }
        strategy.validateUpdate = { validateClaimUpdate($0, $1) }
        strategy.validateStatusUpdate = { claim, _ in
            var errors: Errors = []
            for (name, value) in claim.at("status", "capacity")?.object ?? [:] {
                errors += basicResource(value, FieldPath("status", "capacity").key(name))
            }
            return errors
        }
    }

    private static func basicResource(_ value: JSON, _ path: FieldPath) -> Errors {
        guard let quantity = value.string.flatMap({ Quantity($0) }), quantity.sign < 0 else { return [] }
        return [.invalid(path, .integer(quantity.wholeValue), "must be a valid resource quantity")]
    }

    private static func validateClaimUpdate(_ claim: JSON, _ old: JSON) -> Errors {
        let spec = claim["spec"] ?? .object([:])
        let before = old["spec"] ?? .object([:])
        let path = FieldPath("spec")
        var errors = KubeFinalizers.validate(claim) + PersistentVolumeClaimRules.validateSpec(spec, path)
        var munged = spec
        if before.text("volumeName").isEmpty { munged["volumeName"] = before["volumeName"] }
        if before["storageClassName"] == nil { munged.drop("storageClassName") }
        if claim["status"]?.text("phase") == "Bound" {
            if munged.at("resources", "requests") != nil {
                munged.set(
                    before.at("resources", "requests", "storage"), at: "resources", "requests", "storage")
            }
            if munged["volumeAttributesClassName"] != nil {
                munged["volumeAttributesClassName"] = before["volumeAttributesClassName"]
            }
        }
        let difference = PodUpdateRules.difference(munged, before)
        if !difference.isEmpty {
            errors.append(
                .forbidden(
                    path,
                    "spec is immutable after creation except resources.requests and volumeAttributesClassName for "
                        + "bound claims\n\(difference)"))
        }
        let size = { (object: JSON, keys: [String]) in object.at(keys)?.string.flatMap { Quantity($0) } }
        let requested = ["spec", "resources", "requests", "storage"]
        if let new = size(claim, requested), let past = size(old, requested), new < past {
            let status = size(old, ["status", "capacity", "storage"])
            if let status, !(status < new) {
                errors.append(
                    .forbidden(
                        FieldPath("spec", "resources", "requests", "storage"),
                        "field can not be less than status.capacity"))
            }
        }
        errors += FieldRules.immutable(spec["volumeMode"], before["volumeMode"], FieldPath("volumeMode"))
        let classPath = path.child("volumeAttributesClassName")
        if before["volumeAttributesClassName"] != nil,
            spec["volumeAttributesClassName"] != before["volumeAttributesClassName"]
        {
            if spec["volumeAttributesClassName"] == nil {
                errors.append(.forbidden(classPath, "update from non-nil value to nil is forbidden"))
            } else if spec.text("volumeAttributesClassName").isEmpty {
                errors.append(
                    .forbidden(classPath, "update from non-nil value to an empty string is forbidden"))
            }
        }
        return errors
    }

    // MARK: Volumes

    private static let sources = [
        "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd",
        "quobyte",
        "cephfs", "iscsi", "cinder", "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk",
        "portworxVolume", "azureDisk", "scaleIO", "local", "storageos", "csi",
    ]

    static let volume = Strategy { strategy in
        strategy.stampTimes = { volume, old, now in
            guard let phase = volume["status"]?["phase"] else { return }
            if old == nil || old?["status"]?["phase"] != phase {
                volume.set(.string(now), at: "status", "lastPhaseTransitionTime")
            }
        }
        strategy.setDefaults = { volume in
            if volume["spec"] == nil { volume["spec"] = .object([:]) }
            volume.change("spec") { spec in
                spec.fill("persistentVolumeReclaimPolicy", "Retain")
                if spec["volumeMode"] == nil { spec["volumeMode"] = "Filesystem" }
                spec.change("capacity", PodSpecRules.roundResources)
                for source in sources {
                    spec.change(source) { PodSpecRules.setSourceDefaults(source, &$0) }
                }
            }
            if volume["status"]?.text("phase").isEmpty ?? true {
                volume.set("Pending", at: "status", "phase")
            }
        }
        // The server adds status.lastPhaseTransitionTime: rules know no clock.
        strategy.prepareForCreate = { $0["status"] = ["phase": "Pending"] }
        strategy.prepareForUpdate = { Preparing.keepStatus(&$0, $1) }
        strategy.prepareForStatusUpdate = { Preparing.keepSpec(&$0, $1) }
        strategy.validate = { KubeFinalizers.validate($0) + validateVolume($0) }
        strategy.validateUpdate = { validateVolumeUpdate($0, $1) }
    }

    private static func validateVolume(_ volume: JSON) -> Errors {
        var errors: Errors = []
        let spec = volume["spec"] ?? .object([:])
        let path = FieldPath("spec")
        if spec.items("accessModes").isEmpty { errors.append(.required(path.child("accessModes"))) }
        PersistentVolumeClaimRules.modes(spec, path, &errors)
        let capacity = spec["capacity"]?.object ?? [:]
        let capacityPath = path.child("capacity")
        if capacity.isEmpty { errors.append(.required(capacityPath)) }
        if capacity["storage"] == nil || capacity.count > 1 {
            errors.append(.notSupported(capacityPath, spec["capacity"] ?? .null, ["storage"]))
        }
        for (name, value) in capacity {
            errors += basicResource(value, capacityPath.key(name))
            if let quantity = value.string.flatMap({ Quantity($0) }), quantity.sign <= 0 {
                errors.append(.invalid(capacityPath.key(name), value, "must be greater than zero"))
            }
        }
        let policy = spec.text("persistentVolumeReclaimPolicy")
        let policyPath = path.child("persistentVolumeReclaimPolicy")
        if !policy.isEmpty { errors.oneOf(policy, policyPath, ["Delete", "Recycle", "Retain"]) }
        if let affinity = spec["nodeAffinity"] {
            let path = path.child("nodeAffinity").child("required")
            if let required = affinity["required"] {
                SchedulingRules.nodeSelector(required, path, &errors)
            } else {
                errors.append(.required(path, "must specify required node constraints"))
            }
        }
        volumeSource(spec, path, &errors)
        if policy == "Recycle", let host = spec.at("hostPath", "path")?.string,
            !host.isEmpty, host.utf8.allSatisfy({ $0 == 0x2F })
        {
            errors.append(.forbidden(policyPath, "may not be 'recycle' for a hostPath mount of '/'"))
        }
        let className = spec.text("storageClassName")
        if !className.isEmpty { errors.subdomain(className, path.child("storageClassName")) }
        errors.optionalOneOf(
            spec["volumeMode"], path.child("volumeMode"), PersistentVolumeClaimRules.volumeModes)
        if let name = spec["volumeAttributesClassName"]?.string {
            if name.isEmpty {
                errors.append(
                    .required(path.child("volumeAttributesClassName"), "an empty string is disallowed"))
            } else {
                errors.subdomain(name, path.child("volumeAttributesClassName"))
            }
            if spec["csi"] == nil {
                errors.append(
                    .required(path.child("csi"), "has to be specified when using volumeAttributesClassName"))
            }
        }
        return errors
    }

    private static func volumeSource(_ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        var count = 0
        for kind in sources {
            guard let source = spec[kind] else { continue }
            count += 1
            if count > 1 {
                errors.append(
                    .forbidden(
                        path.child(kind == "cephfs" ? "cephFS" : kind),
                        "may not specify more than 1 volume type"))
                continue
            }
            let child = path.child(kind == "gcePersistentDisk" ? "persistentDisk" : kind)
            switch kind {
            case "local":
                let text = source.text("path")
                if text.isEmpty {
                    errors.append(.required(child.child("path")))
                } else {
                    VolumeRules.noBacksteps(text, child.child("path"), &errors)
                }
                if spec["nodeAffinity"] == nil {
                    errors.append(
                        .required(path.child("nodeAffinity"), "Local volume requires node affinity"))
                }
            case "csi":
                VolumeRules.csiDriver(source.text("driver"), child.child("driver"), &errors)
                VolumeRules.required(source, ["volumeHandle"], child, &errors)
                for field in [
                    "controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef",
                    "nodeExpandSecretRef",
                ] {
                    guard let reference = source[field] else { continue }
                    let name = reference.text("name")
                    let namespace = reference.text("namespace")
                    let path = child.child(field)
                    if name.isEmpty {
                        errors.append(.required(path.child("name")))
                    } else {
                        errors.subdomain(name, path.child("name"))
                    }
                    if namespace.isEmpty {
                        errors.append(.required(path.child("namespace")))
                    } else {
                        errors.label(namespace, path.child("namespace"))
                    }
                }
            default: VolumeRules.shared(kind, source, child, isPersistent: true, &errors)
            }
        }
        if count == 0 { errors.append(.required(path, "must specify a volume type")) }
    }

    private static func validateVolumeUpdate(_ volume: JSON, _ old: JSON) -> Errors {
        var errors = KubeFinalizers.validate(volume) + validateVolume(volume)
        let spec = volume["spec"] ?? .null
        let before = old["spec"] ?? .null
        var new: JSON = .object([:])
        var past: JSON = .object([:])
        for source in sources {
            new[source] = spec[source]
            past[source] = before[source]
        }
        if past["csi"] != nil, past.at("csi", "controllerExpandSecretRef") == nil {
            new.set(nil, at: "csi", "controllerExpandSecretRef")
        }
        let difference = PodUpdateRules.difference(new, past)
        if !difference.isEmpty {
            errors.append(
                .forbidden(
                    FieldPath("spec", "persistentvolumesource"),
                    "spec.persistentvolumesource is immutable after creation\n\(difference)"))
        }
        errors += FieldRules.immutable(spec["volumeMode"], before["volumeMode"], FieldPath("volumeMode"))
        if let affinity = before["nodeAffinity"], affinity != spec["nodeAffinity"] {
            errors.append(
                .invalid(
                    FieldPath("nodeAffinity"), spec["nodeAffinity"] ?? .null,
                    "field is immutable, except for updating from beta label to GA"))
        }
        return errors
    }
}
