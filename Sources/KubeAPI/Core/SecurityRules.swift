import KubeJSON

/// Rules for security contexts and for what an operating system rules out.
enum SecurityRules {
    static func podContext(_ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        guard let context = spec["securityContext"],
            context.object?.isEmpty == false || spec["hostPID"] != nil
        else { return }
        for field in ["fsGroup", "runAsUser", "runAsGroup"] {
            errors.range(context[field], path.child(field), 0, Int(Int32.max))
        }
        for (index, group) in context.items("supplementalGroups").enumerated() {
            errors.range(group, path.child("supplementalGroups").index(index), 0, Int(Int32.max))
        }
        if spec.flag("shareProcessNamespace"), spec.flag("hostPID") {
            errors.append(
                .invalid(
                    path.child("shareProcessNamespace"), true,
                    "ShareProcessNamespace and HostPID cannot both be enabled"))
        }
        sysctls(context.items("sysctls"), spec, path.child("sysctls"), &errors)
        errors.optionalOneOf(
            context["fsGroupChangePolicy"], path.child("fsGroupChangePolicy"), ["Always", "OnRootMismatch"])
        seccomp(context["seccompProfile"], path.child("seccompProfile"), &errors)
        appArmor(context["appArmorProfile"], path.child("appArmorProfile"), &errors)
        errors.optionalOneOf(
            context["supplementalGroupsPolicy"], path.child("supplementalGroupsPolicy"), ["Merge", "Strict"])
        errors.optionalOneOf(
            context["seLinuxChangePolicy"], path.child("seLinuxChangePolicy"), ["MountOption", "Recursive"])
    }

    static func containerContext(
        _ context: JSON, _ path: FieldPath, _ pod: PodRuleContext, _ errors: inout Errors
    ) {
        for field in ["runAsUser", "runAsGroup"] {
            errors.range(context[field], path.child(field), 0, Int(Int32.max))
        }
        if let mount = context["procMount"]?.string {
            errors.optionalOneOf(.string(mount), path.child("procMount"), ["Default", "Unmasked"])
            if pod.usesHostUsers, mount == "Unmasked" {
                errors.append(
                    .invalid(
                        path.child("procMount"), .string(mount), "`hostUsers` must be false to use `Unmasked`"
                    ))
            }
        }
        seccomp(context["seccompProfile"], path.child("seccompProfile"), &errors)
        if context["allowPrivilegeEscalation"]?.bool == false {
            if context.flag("privileged") {
                errors.append(
                    .invalid(
                        path, context,
                        "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"))
            }
            if context["capabilities"]?.texts("add").contains("CAP_SYS_ADMIN") == true {
                errors.append(
                    .invalid(
                        path, context,
                        "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN")
                )
            }
        }
        appArmor(context["appArmorProfile"], path.child("appArmorProfile"), &errors)
    }

    private static func seccomp(_ profile: JSON?, _ path: FieldPath, _ errors: inout Errors) {
        guard let profile else { return }
        let type = profile.text("type")
        if type.isEmpty {
            errors.append(.required(path.child("type"), "type is required when seccompProfile is set"))
        } else {
            errors.oneOf(type, path.child("type"), ["Localhost", "RuntimeDefault", "Unconfined"])
        }
        let file = profile["localhostProfile"]?.string
        if type == "Localhost" {
            if let file {
                VolumeRules.descendingPath(file, path.child("localhostProfile"), &errors)
            } else {
                errors.append(
                    .required(path.child("localhostProfile"), "must be set when seccomp type is Localhost"))
            }
        } else if file != nil {
            errors.append(
                .invalid(
                    path.child("localhostProfile"), profile, "can only be set when seccomp type is Localhost")
            )
        }
    }

    private static func appArmor(_ profile: JSON?, _ path: FieldPath, _ errors: inout Errors) {
        guard let profile else { return }
        let name = profile["localhostProfile"]?.string
        let namePath = path.child("localhostProfile")
        switch profile.text("type") {
        case "Localhost":
            guard let name, !name.isEmpty else {
                errors.append(.required(namePath, "must be set when AppArmor type is Localhost"))
                return
            }
            if name.first?.isWhitespace == true || name.last?.isWhitespace == true {
                errors.append(.invalid(namePath, .string(name), "must not be padded with whitespace"))
            }
            if name.utf8.count > 4095 { errors.append(.tooLong(namePath, 4095)) }
        case "RuntimeDefault", "Unconfined":
            if let name {
                errors.append(
                    .invalid(namePath, .string(name), "can only be set when AppArmor type is Localhost"))
            }
        case "": errors.append(.required(path.child("type"), "type is required when appArmorProfile is set"))
        case let other:
            errors.append(
                .notSupported(
                    path.child("type"), .string(other), ["Localhost", "RuntimeDefault", "Unconfined"]))
        }
    }

    private static func sysctls(_ sysctls: [JSON], _ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        var names: Set<String> = []
        for (index, sysctl) in sysctls.enumerated() {
            let path = path.index(index).child("name")
            let name = sysctl.text("name")
            if name.isEmpty {
                errors.append(.required(path))
            } else if name.utf8.count > 253 || !isSysctl(name) {
                let segment = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
                errors.append(
                    .invalid(
                        path, .string(name),
                        "must have at most 253 characters and match regex ^(\(segment)[\\./])*\(segment)$"))
            } else if names.contains(name) {
                errors.append(.duplicate(path, .string(name)))
            }
            let dotted = name.split(separator: "/", omittingEmptySubsequences: false).joined(separator: ".")
            if spec.flag("hostNetwork"), dotted.hasPrefix("net.") {
                errors.append(
                    .invalid(path, .string(name), "may not be specified when 'hostNetwork' is true"))
            } else if spec.flag("hostIPC"),
                ["kernel.shm", "kernel.msg", "fs.mqueue."].contains(where: dotted.hasPrefix)
                    || dotted == "kernel.sem"
            {
                errors.append(.invalid(path, .string(name), "may not be specified when 'hostIPC' is true"))
            }
            names.insert(name)
        }
    }

    private static func isSysctl(_ name: String) -> Bool {
        name.utf8.split(omittingEmptySubsequences: false) { $0 == 0x2E || $0 == 0x2F }.allSatisfy { part in
            guard let first = part.first, let last = part.last else { return false }
            return ByteRules.isLowerAlphanumeric(first) && ByteRules.isLowerAlphanumeric(last)
                && part.allSatisfy { ByteRules.isLowerAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F }
        }
    }

    // MARK: Operating systems

    private static func eachContainer(_ spec: JSON, _ path: FieldPath, _ body: (JSON, FieldPath) -> Void) {
        for list in ["initContainers", "containers", "ephemeralContainers"] {
            for (index, container) in spec.items(list).enumerated() {
                body(container, path.child(list).index(index))
            }
        }
    }

    /// Containers that run on a Windows host itself.
    static func hostProcess(_ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        let podValue = spec["securityContext"]?["windowsOptions"]?["hostProcess"]?.bool
        var count = 0
        var hosts = 0
        var found: Errors = []
        eachContainer(spec, path) { container, path in
            count += 1
            let value = container["securityContext"]?["windowsOptions"]?["hostProcess"]?.bool
            if let podValue, let value, podValue != value {
                found.append(
                    .invalid(
                        path.child("securityContext", "windowsOptions", "hostProcess"), .bool(value),
                        "pod hostProcess value must be identical if both are specified, was \(podValue)"))
            }
            if value ?? podValue ?? false { hosts += 1 }
        }
        errors += found
        guard hosts > 0 else { return }
        if hosts != count {
            errors.append(
                .invalid(
                    path, "",
                    "If pod contains any hostProcess containers then all containers must be HostProcess containers"
                ))
        }
        if !spec.flag("hostNetwork") {
            errors.append(
                .invalid(
                    path.child("hostNetwork"), false,
                    "hostNetwork must be true if pod contains any hostProcess containers"))
        }
    }

    private static let linuxPodFields = [
        "appArmorProfile", "seLinuxOptions", "seccompProfile", "fsGroup", "fsGroupChangePolicy", "sysctls",
        "runAsUser", "runAsGroup", "supplementalGroups", "supplementalGroupsPolicy", "seLinuxChangePolicy",
    ]
    private static let linuxContainerFields = [
        "appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities", "readOnlyRootFilesystem",
        "privileged", "allowPrivilegeEscalation", "procMount", "runAsUser", "runAsGroup",
    ]

    static func operatingSystem(_ spec: JSON, _ path: FieldPath, _ errors: inout Errors) {
        guard let system = spec["os"] else { return }
        let name = system.text("name")
        var found: Errors = []
        switch name {
        case "": found.append(.required(path.child("os").child("name"), "cannot be empty"))
        case "linux":
            let words = "windows options cannot be set for a linux pod"
            if spec["securityContext"]?["windowsOptions"] != nil {
                found.append(.forbidden(path.child("securityContext").child("windowsOptions"), words))
            }
            eachContainer(spec, path) { container, path in
                if container["securityContext"]?["windowsOptions"] != nil {
                    found.append(.forbidden(path.child("securityContext").child("windowsOptions"), words))
                }
            }
        case "windows":
            let words = "cannot be set for a windows pod"
            for field in linuxPodFields where !FieldRules.same(spec["securityContext"]?[field], nil) {
                found.append(.forbidden(path.child("securityContext").child(field), words))
            }
            for field in ["hostUsers", "shareProcessNamespace"] where spec[field] != nil {
                found.append(.forbidden(path.child(field), words))
            }
            for field in ["hostPID", "hostIPC"] where spec.flag(field) {
                found.append(.forbidden(path.child(field), words))
            }
            eachContainer(spec, path) { container, path in
                for field in linuxContainerFields where container["securityContext"]?[field] != nil {
                    found.append(.forbidden(path.child("securityContext").child(field), words))
                }
            }
        default: found.append(.notSupported(path.child("os"), .string(name), ["linux", "windows"]))
        }
        errors += found
    }
}
