import KubeJSON

/// Rules for the volumes of pods, their mounts and devices.
enum VolumeRules {
    static let fileModeWords = "must be a number between 0 and 0777 (octal), both inclusive"

    /// In the order in which they are judged; the first that is there is the volume's.
    private static let podSources = [
        "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi",
        "glusterfs",
        "flocker", "persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc",
        "flexVolume",
        "configMap", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk",
        "storageos", "projected", "scaleIO", "csi", "ephemeral", "image",
    ]

    /// Judges the volumes of a pod and returns those that mounts may name.
    static func volumes(
        _ volumes: [JSON], _ path: FieldPath, _ context: PodRuleContext, _ errors: inout Errors
    ) -> [(name: String, volume: JSON)] {
        guard !volumes.isEmpty else { return [] }
        var valid: [(name: String, volume: JSON)] = []
        valid.reserveCapacity(volumes.count)
        var made: Set<String> = []
        if !context.podName.isEmpty {
            for volume in volumes where volume["ephemeral"] != nil {
                made.insert(context.podName + "-" + volume.text("name"))
            }
        }
        for (index, volume) in volumes.enumerated() {
            let path = path.index(index)
            let name = volume.text("name")
            let before = errors.count
            source(volume, name, path, context, &errors)
            if name.isEmpty {
                errors.append(.required(path.child("name")))
            } else {
                errors.label(name, path.child("name"))
            }
            if valid.contains(where: { $0.name == name }) {
                errors.append(.duplicate(path.child("name"), .string(name)))
            }
            if errors.count == before { valid.append((name, volume)) }
            if let claim = volume["persistentVolumeClaim"]?["claimName"]?.string, made.contains(claim) {
                errors.append(
                    .invalid(
                        path.child("persistentVolumeClaim").child("claimName"), .string(claim),
                        "must not reference a PVC that gets created for an ephemeral volume"))
            }
        }
        return valid
    }

    private static func source(
        _ volume: JSON, _ name: String, _ path: FieldPath, _ context: PodRuleContext, _ errors: inout Errors
    ) {
        var count = 0
        if let empty = volume["emptyDir"] {
            count += 1
            if let limit = empty["sizeLimit"]?.string.flatMap({ Quantity($0) }), limit.sign < 0 {
                errors.append(
                    .forbidden(
                        path.child("emptyDir").child("sizeLimit"),
                        "SizeLimit field must be a valid resource quantity"))
            }
        }
        let others = (volume.object ?? [:]).map(\.key).filter { $0 != "name" && $0 != "emptyDir" }
        if !others.isEmpty {
            for kind in others.count == 1 ? others : podSources {
                guard let value = volume[kind] else { continue }
                count += 1
                if count > 1 {
                    let written = ["cephfs": "cephFS", "downwardAPI": "downwarAPI"][kind] ?? kind
                    errors.append(.forbidden(path.child(written), "may not specify more than 1 volume type"))
                } else {
                    let child = path.child(kind == "gcePersistentDisk" ? "persistentDisk" : kind)
                    podSource(kind, value, name, child, context, &errors)
                    if kind == "ephemeral", !context.podName.isEmpty, !name.isEmpty {
                        let claim = context.podName + "-" + name
                        for word in NameRules.dns1123Subdomain(claim) {
                            errors.append(
                                .invalid(path.child("name"), .string(name), "PVC name \"\(claim)\": \(word)"))
                        }
                    }
                }
            }
        }
        if count == 0 { errors.append(.required(path, "must specify a volume type")) }
    }

    private static func podSource(
        _ kind: String, _ source: JSON, _ name: String, _ path: FieldPath, _ context: PodRuleContext,
        _ errors: inout Errors
    ) {
        switch kind {
        case "gitRepo":
            required(source, ["repository"], path, &errors)
            descendingPath(source.text("directory"), path.child("directory"), &errors)
        case "secret", "configMap":
            required(source, [kind == "secret" ? "secretName" : "name"], path, &errors)
            mode(source["defaultMode"], path.child("defaultMode"), &errors)
            for (index, item) in source.items("items").enumerated() {
                keyToPath(item, path.child("items").index(index), &errors)
            }
        case "persistentVolumeClaim": required(source, ["claimName"], path, &errors)
        case "downwardAPI":
            mode(source["defaultMode"], path.child("defaultMode"), &errors)
            for item in source.items("items") { downwardFile(item, path, &errors) }
        case "projected": projected(source, path, &errors)
        case "csi":
            csiDriver(source.text("driver"), path.child("driver"), &errors)
            if let reference = source["nodePublishSecretRef"] {
                let name = reference.text("name")
                if name.isEmpty {
                    errors.append(.required(path.child("nodePublishSecretRef", "name")))
                } else {
                    errors.subdomain(name, path.child("name"))
                }
            }
        case "ephemeral":
            guard let template = source["volumeClaimTemplate"] else {
                errors.append(.required(path.child("volumeClaimTemplate")))
                return
            }
            PersistentVolumeClaimRules.template(template, path.child("volumeClaimTemplate"), &errors)
        case "image":
            if context.isPod { required(source, ["reference"], path, &errors) }
            errors.oneOf(
                source.text("pullPolicy"), path.child("pullPolicy"), ["Always", "IfNotPresent", "Never"])
        default: shared(kind, source, path, isPersistent: false, &errors)
        }
    }

    /// Sources that pods and persistent volumes have in common.
    static func shared(
        _ kind: String, _ source: JSON, _ path: FieldPath, isPersistent: Bool, _ errors: inout Errors
    ) {
        switch kind {
        case "hostPath":
            let text = source.text("path")
            if text.isEmpty {
                errors.append(.required(path.child("path")))
                return
            }
            noBacksteps(text, path.child("path"), &errors)
            errors.optionalOneOf(
                source["type"], path.child("type"),
                [
                    "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate",
                    "Socket",
                ])
        case "nfs":
            required(source, ["server", "path"], path, &errors)
            if !source.text("path").hasPrefix("/") {
                errors.append(
                    .invalid(path.child("path"), .string(source.text("path")), "must be an absolute path"))
            }
        case "gcePersistentDisk": required(source, ["pdName"], path, &errors)
        case "awsElasticBlockStore": required(source, ["volumeID"], path, &errors)
        case "iscsi": required(source, ["targetPortal", "iqn"], path, &errors)
        case "glusterfs": required(source, ["endpoints", "path"], path, &errors)
        case "rbd":
            if source.items("monitors").isEmpty { errors.append(.required(path.child("monitors"))) }
            required(source, ["image"], path, &errors)
        case "cephfs":
            if source.items("monitors").isEmpty { errors.append(.required(path.child("monitors"))) }
        case "quobyte": required(source, ["registry", "volume"], path, &errors)
        case "cinder", "portworxVolume": required(source, ["volumeID"], path, &errors)
        case "flexVolume": required(source, ["driver"], path, &errors)
        case "azureFile": required(source, ["secretName", "shareName"], path, &errors)
        case "azureDisk":
            required(source, ["diskName", "diskURI"], path, &errors)
            errors.optionalOneOf(
                source["cachingMode"], path.child("cachingMode"), ["None", "ReadOnly", "ReadWrite"])
            errors.optionalOneOf(source["kind"], path.child("kind"), ["Dedicated", "Managed", "Shared"])
        case "vsphereVolume": required(source, ["volumePath"], path, &errors)
        case "photonPersistentDisk": required(source, ["pdID"], path, &errors)
        case "scaleIO": required(source, ["gateway", "system", "volumeName"], path, &errors)
        case "storageos": required(source, ["volumeName"], path, &errors)
        case "flocker":
            if source.text("datasetName").isEmpty, source.text("datasetUUID").isEmpty {
                errors.append(.required(path, "one of datasetName and datasetUUID is required"))
            }
        default: break
        }
    }

    static func required(_ source: JSON, _ fields: [String], _ path: FieldPath, _ errors: inout Errors) {
        for field in fields where source.text(field).isEmpty { errors.append(.required(path.child(field))) }
    }

    static func csiDriver(_ name: String, _ path: FieldPath, _ errors: inout Errors) {
        if name.isEmpty { errors.append(.required(path)) }
        if name.utf8.count > 63 { errors.append(.tooLong(path, 63)) }
        for word in NameRules.dns1123Subdomain(name.lowercased()) {
            errors.append(.invalid(path, .string(name), word))
        }
    }

    private static func mode(_ value: JSON?, _ path: FieldPath, _ errors: inout Errors) {
        guard let mode = value?.integer, mode < 0 || mode > 0o777 else { return }
        errors.append(.invalid(path, .integer(mode), fileModeWords))
    }

    private static func keyToPath(_ item: JSON, _ path: FieldPath, _ errors: inout Errors) {
        required(item, ["key", "path"], path, &errors)
        localPath(item.text("path"), path.child("path"), &errors)
        mode(item["mode"], path.child("mode"), &errors)
    }

    private static func downwardFile(_ item: JSON, _ path: FieldPath, _ errors: inout Errors) {
        required(item, ["path"], path, &errors)
        localPath(item.text("path"), path.child("path"), &errors)
        if let reference = item["fieldRef"] {
            EnvironmentRules.fieldReference(
                reference, EnvironmentRules.volumeFields, path.child("fieldRef"), &errors)
            if item["resourceFieldRef"] != nil {
                errors.append(
                    .invalid(
                        path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
                )
            }
        } else if let reference = item["resourceFieldRef"] {
            EnvironmentRules.resourceReference(
                reference, path.child("resourceFieldRef"), isVolume: true, &errors)
        } else {
            errors.append(.required(path, "one of fieldRef and resourceFieldRef is required"))
        }
        mode(item["mode"], path.child("mode"), &errors)
    }

    private static func projected(_ source: JSON, _ path: FieldPath, _ errors: inout Errors) {
        mode(source["defaultMode"], path.child("defaultMode"), &errors)
        var paths: Set<String> = []
        for (index, projection) in source.items("sources").enumerated() {
            let sourcePath = path.child("sources").index(index)
            var count = 0
            for kind in ["secret", "configMap"] {
                guard let value = projection[kind] else { continue }
                count += 1
                required(value, ["name"], sourcePath.child(kind), &errors)
                for (index, item) in value.items("items").enumerated() {
                    keyToPath(item, sourcePath.child(kind).child("items").index(index), &errors)
                    let file = item.text("path")
                    if !file.isEmpty, !paths.insert(file).inserted {
                        errors.append(
                            .invalid(path, .string(value.text("name")), "conflicting duplicate paths"))
                    }
                }
            }
            if let value = projection["downwardAPI"] {
                count += 1
                for item in value.items("items") {
                    downwardFile(item, sourcePath.child("downwardAPI"), &errors)
                    let file = item.text("path")
                    if !file.isEmpty, !paths.insert(file).inserted {
                        errors.append(.invalid(path, .string(file), "conflicting duplicate paths"))
                    }
                }
            }
            if let token = projection["serviceAccountToken"] {
                count += 1
                let seconds = token.number("expirationSeconds")
                let secondsPath = sourcePath.child("serviceAccountToken").child("expirationSeconds")
                if seconds < 600 {
                    errors.append(
                        .invalid(
                            secondsPath, .integer(seconds), "may not specify a duration less than 10 minutes")
                    )
                }
                if seconds > 1 << 32 {
                    errors.append(
                        .invalid(
                            secondsPath, .integer(seconds),
                            "may not specify a duration larger than 2^32 seconds"))
                }
                if token.text("path").isEmpty {
                    errors.append(.required(path.child("path")))
                } else {
                    localPath(token.text("path"), path.child("path"), &errors)
                }
            }
            for kind in ["clusterTrustBundle", "podCertificate"] where projection[kind] != nil { count += 1 }
            if count > 1 {
                errors.append(.forbidden(sourcePath, "may not specify more than 1 volume type per source"))
            }
        }
    }

    // MARK: Paths

    static func noBacksteps(_ text: String, _ path: FieldPath, _ errors: inout Errors) {
        guard hasBackstep(text) else { return }
        errors.append(.invalid(path, .string(text), "must not contain '..'"))
    }

    private static func hasBackstep(_ text: String) -> Bool {
        text.split(separator: "/").contains("..")
    }

    /// Relative and never upwards.
    static func descendingPath(_ text: String, _ path: FieldPath, _ errors: inout Errors) {
        if text.hasPrefix("/") { errors.append(.invalid(path, .string(text), "must be a relative path")) }
        noBacksteps(text, path, &errors)
    }

    /// As ``descendingPath(_:_:_:)``, and not starting with two dots, which the kubelet keeps for itself.
    static func localPath(_ text: String, _ path: FieldPath, _ errors: inout Errors) {
        descendingPath(text, path, &errors)
        if text.hasPrefix(".."), !text.hasPrefix("../") {
            errors.append(.invalid(path, .string(text), "must not start with '..'"))
        }
    }

    // MARK: Mounts and devices

    static func mounts(
        _ mounts: [JSON], _ container: JSON, _ path: FieldPath, _ context: PodRuleContext,
        _ errors: inout Errors
    ) {
        var points: [String] = []
        let devices = container.items("volumeDevices")
        for (index, mount) in mounts.enumerated() {
            let itemPath = path.index(index)
            let name = mount.text("name")
            let point = mount.text("mountPath")
            if name.isEmpty { errors.append(.required(itemPath.child("name"))) }
            let volume = context.volume(name)
            if volume == nil { errors.append(.notFound(itemPath.child("name"), .string(name))) }
            if point.isEmpty { errors.append(.required(itemPath.child("mountPath"))) }
            if points.contains(point) {
                errors.append(.invalid(itemPath.child("mountPath"), .string(point), "must be unique"))
            }
            points.append(point)
            if devices.contains(where: { $0.text("name") == name }) {
                errors.append(
                    .invalid(itemPath.child("name"), .string(name), "must not already exist in volumeDevices")
                )
            }
            if devices.contains(where: { $0.text("devicePath") == point }) {
                errors.append(
                    .invalid(
                        itemPath.child("mountPath"), .string(point),
                        "must not already exist as a path in volumeDevices"))
            }
            subPaths(mount, volume, path, itemPath, &errors)
            if let propagation = mount["mountPropagation"]?.string {
                errors.optionalOneOf(
                    .string(propagation), path.child("mountPropagation"),
                    ["Bidirectional", "HostToContainer", "None"])
                if propagation == "Bidirectional",
                    container["securityContext"]?.flag("privileged") != true
                {
                    errors.append(
                        .forbidden(
                            path.child("mountPropagation"),
                            "Bidirectional mount propagation is available only to privileged containers"))
                }
            }
            if let recursive = mount["recursiveReadOnly"]?.string {
                self.recursive(recursive, mount, path.child("recursiveReadOnly"), &errors)
            }
        }
    }

    private static func subPaths(
        _ mount: JSON, _ volume: JSON?, _ path: FieldPath, _ itemPath: FieldPath, _ errors: inout Errors
    ) {
        guard let subPath = mount["subPath"]?.string ?? mount["subPathExpr"].map({ _ in "" }) else { return }
        if !subPath.isEmpty { descendingPath(subPath, path.child("subPath"), &errors) }
        let expression = mount.text("subPathExpr")
        guard !expression.isEmpty else { return }
        if !subPath.isEmpty {
            errors.append(
                .invalid(
                    itemPath.child("subPathExpr"), .string(expression),
                    "subPathExpr and subPath are mutually exclusive"))
        }
        descendingPath(expression, path.child("subPathExpr"), &errors)
    }

    private static func recursive(_ value: String, _ mount: JSON, _ path: FieldPath, _ errors: inout Errors) {
        switch value {
        case "Disabled": break
        case "Enabled", "IfPossible":
            if !mount.flag("readOnly") {
                errors.append(.forbidden(path, "may only be specified when readOnly is true"))
            }
            if let propagation = mount["mountPropagation"]?.string, propagation != "None" {
                errors.append(
                    .forbidden(path, "may only be specified when mountPropagation is None or not specified"))
            }
        default:
            errors.append(.notSupported(path, .string(value), ["Disabled", "Enabled", "IfPossible"]))
        }
    }

    static func devices(
        _ devices: [JSON], _ container: JSON, _ path: FieldPath, _ context: PodRuleContext,
        _ errors: inout Errors
    ) {
        let mounts = container.items("volumeMounts")
        var names: Set<String> = []
        var paths: Set<String> = []
        for (index, device) in devices.enumerated() {
            let path = path.index(index)
            let name = device.text("name")
            let file = device.text("devicePath")
            let namePath = path.child("name")
            let filePath = path.child("devicePath")
            if name.isEmpty { errors.append(.required(namePath)) }
            if names.contains(name) { errors.append(.invalid(namePath, .string(name), "must be unique")) }
            if let volume = context.volume(name) {
                if volume["persistentVolumeClaim"] == nil, volume["ephemeral"] == nil {
                    errors.append(
                        .invalid(
                            namePath, .string(name),
                            "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
                        ))
                }
            } else {
                errors.append(.notFound(namePath, .string(name)))
            }
            if file.isEmpty { errors.append(.required(filePath)) }
            if paths.contains(file) { errors.append(.invalid(filePath, .string(file), "must be unique")) }
            if hasBackstep(file) {
                errors.append(.invalid(filePath, .string(file), "can not contain backsteps ('..')"))
            } else {
                paths.insert(file)
            }
            if mounts.contains(where: { $0.text("name") == name }) {
                errors.append(.invalid(namePath, .string(name), "must not already exist in volumeMounts"))
            }
            if mounts.contains(where: { $0.text("mountPath") == file }) {
                errors.append(
                    .invalid(filePath, .string(file), "must not already exist as a path in volumeMounts"))
            }
            if !name.isEmpty { names.insert(name) }
        }
    }
}
