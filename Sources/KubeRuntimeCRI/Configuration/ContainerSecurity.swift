import KubeAPI
import KubeJSON

/// A container's security context, what it leaves open taken from the pod's
/// (pkg/securitycontext/util.go, kuberuntime/security_context.go).
enum ContainerSecurity {
    private static let maskedPaths = [
        "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
        "/sys/devices/virtual/powercap",
    ]
    private static let readOnlyPaths = [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
    ]

    /// - Parameter target: the container whose processes an ephemeral container is to see.
    static func context(
        _ container: JSON, _ facts: PodFacts, image: RuntimeImage, target: String?
    ) throws -> CRILinuxContainerSecurityContext {
        let (own, shared) = (container["securityContext"], facts.spec["securityContext"])
        func setting(_ key: String) -> JSON? { own?[key] ?? shared?[key] }
        var context = CRILinuxContainerSecurityContext()
        context.privileged = own?["privileged"]?.bool ?? false
        context.readonlyRootfs = own?["readOnlyRootFilesystem"]?.bool ?? false
        context.noNewPrivs = own?["allowPrivilegeEscalation"]?.bool == false
        context.namespaceOptions = namespaces(facts, target: target)
        for name in own?["capabilities"]?["add"]?.array ?? [] {
            context.capabilities.addCapabilities.append(name.string ?? "")
        }
        for name in own?["capabilities"]?["drop"]?.array ?? [] {
            context.capabilities.dropCapabilities.append(name.string ?? "")
        }
        try verifyNonRoot(setting, container, facts, image)
        if let user = setting("runAsUser")?.integer {
            context.runAsUser.value = user
        } else if let user = image.user {
            context.runAsUser.value = user
        } else {
            context.runAsUsername = image.userName
        }
        if let group = setting("runAsGroup")?.integer { context.runAsGroup.value = group }
        context.supplementalGroups = groups(shared)
        if shared?["supplementalGroupsPolicy"]?.string == "Strict" {
            context.supplementalGroupsPolicy = .strict
        }
        context.seccomp = profile(setting("seccompProfile")) ?? unconfined
        if let apparmor = profile(setting("appArmorProfile")) { context.apparmor = apparmor }
        if own?["procMount"]?.string != "Unmasked" {
            context.maskedPaths = maskedPaths
            context.readonlyPaths = readOnlyPaths
        }
        return context
    }

    static func groups(_ shared: JSON?) -> [Int64] {
        var groups: [Int64] = []
        if let group = shared?["fsGroup"]?.integer { groups.append(group) }
        return groups + (shared?["supplementalGroups"]?.array ?? []).compactMap(\.integer)
    }

    static func namespaces(_ facts: PodFacts, target: String? = nil) -> CRINamespaceOption {
        var options = CRINamespaceOption()
        let spec = facts.spec
        options.network = facts.usesHostNetwork ? .node : .pod
        options.ipc = spec["hostIPC"]?.bool ?? false ? .node : .pod
        options.pid = .container
        if spec["hostPID"]?.bool ?? false {
            options.pid = .node
        } else if spec["shareProcessNamespace"]?.bool ?? false {
            options.pid = .pod
        }
        if let target, options.pid == .container {
            options.pid = .target
            options.targetID = target
        }
        return options
    }

    /// Refuses a container that must not run as root and would, or may.
    private static func verifyNonRoot(
        _ setting: (String) -> JSON?, _ container: JSON, _ facts: PodFacts, _ image: RuntimeImage
    ) throws {
        guard setting("runAsNonRoot")?.bool ?? false else { return }
        let whom = "(pod: \"\(facts.fullName)\", container: \(container["name"]?.string ?? ""))"
        if let user = setting("runAsUser")?.integer {
            if user != 0 { return }
            throw ContainerFailure(
                .configuration, "container's runAsUser breaks non-root policy \(whom)")
        }
        if let user = image.user {
            if user != 0 { return }
            throw ContainerFailure(
                .configuration, "container has runAsNonRoot and image will run as root \(whom)")
        }
        guard image.userName.isEmpty else {
            throw ContainerFailure(
                .configuration,
                "container has runAsNonRoot and image has non-numeric user (\(image.userName)), cannot "
                    + "verify user is non-root \(whom)")
        }
        throw ContainerFailure(
            .configuration, "container has runAsNonRoot and image will run as root \(whom)")
    }

    private static var unconfined: CRISecurityProfile {
        var profile = CRISecurityProfile()
        profile.profileType = .unconfined
        return profile
    }

    static func profile(_ profile: JSON?) -> CRISecurityProfile? {
        guard let type = profile?["type"]?.string else { return nil }
        var result = CRISecurityProfile()
        switch type {
        case "RuntimeDefault": result.profileType = .runtimeDefault
        case "Localhost":
            result.profileType = .localhost
            result.localhostRef = profile?["localhostProfile"]?.string ?? ""
        default: result.profileType = .unconfined
        }
        return result
    }
}
