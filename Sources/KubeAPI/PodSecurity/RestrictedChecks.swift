import KubeJSON

/// The checks that `restricted` adds. Texts are those of upstream: clients show them.
extension SecuredPod {
    private typealias Text = SecurityText

    func allowPrivilegeEscalation() -> PodSecurityViolation? {
        let names = names { $0["securityContext"]?["allowPrivilegeEscalation"]?.bool != false }
        if names.isEmpty { return nil }
        return PodSecurityViolation(
            reason: "allowPrivilegeEscalation != false",
            detail: "\(Text.containers(names)) must set securityContext.allowPrivilegeEscalation=false")
    }

    func droppedCapabilities() -> PodSecurityViolation? {
        var forbidden: Set<String> = []
        let missing = names { container in
            let dropped = container.at("securityContext", "capabilities", "drop")?.array
            return !(dropped?.contains("ALL") ?? false)
        }
        let adding = names { container in
            let added = container.at("securityContext", "capabilities", "add")?.array?.compactMap(\.string)
            let bad = (added ?? []).filter { $0 != "NET_BIND_SERVICE" }
            forbidden.formUnion(bad)
            return !bad.isEmpty
        }
        var faults: [String] = []
        if !missing.isEmpty {
            faults.append(
                "\(Text.containers(missing)) must set securityContext.capabilities.drop=[\"ALL\"]")
        }
        if !adding.isEmpty {
            faults.append(
                "\(Text.containers(adding)) must not include \(Text.quoted(forbidden)) in securityContext.capabilities.add"
            )
        }
        if faults.isEmpty { return nil }
        return PodSecurityViolation(
            reason: "unrestricted capabilities", detail: faults.joined(separator: "; "))
    }

    private static let allowedVolumes = [
        "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim",
        "projected", "secret",
    ]
    private static let forbiddenVolumes = [
        "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "gitRepo", "nfs", "iscsi", "glusterfs",
        "rbd", "flexVolume", "cinder", "cephfs", "flocker", "fc", "azureFile", "vsphereVolume", "quobyte",
        "azureDisk", "photonPersistentDisk", "portworxVolume", "scaleIO", "storageos",
    ]

    func restrictedVolumes() -> PodSecurityViolation? {
        var names: [String] = []
        var types: Set<String> = []
        for volume in spec.items("volumes") {
            if Self.allowedVolumes.contains(where: { volume[$0] != nil }) { continue }
            names.append(volume.text("name"))
            types.insert(Self.forbiddenVolumes.first { volume[$0] != nil } ?? "unknown")
        }
        if names.isEmpty { return nil }
        let noun = Text.plural("restricted volume type", "restricted volume types", types.count)
        return PodSecurityViolation(
            reason: "restricted volume types",
            detail:
                "\(Text.plural("volume", "volumes", names.count)) \(Text.quoted(names)) \(Text.plural("uses", "use", names.count)) \(noun) \(Text.quoted(types))"
        )
    }

    func runAsNonRoot() -> PodSecurityViolation? {
        let podValue = security?["runAsNonRoot"]?.bool
        func value(_ container: JSON) -> Bool? { container["securityContext"]?["runAsNonRoot"]?.bool }
        let explicit = names { value($0) == false }
        let reason = "runAsNonRoot != true"
        if podValue == false || !explicit.isEmpty {
            return PodSecurityViolation(
                reason: reason,
                detail:
                    "\(Text.setters(pod: podValue == false, explicit)) must not set securityContext.runAsNonRoot=false"
            )
        }
        let implicit = podValue == true ? [] : names { value($0) == nil }
        if implicit.isEmpty { return nil }
        return PodSecurityViolation(
            reason: reason,
            detail: "pod or \(Text.containers(implicit)) must set securityContext.runAsNonRoot=true")
    }

    func runAsUser() -> PodSecurityViolation? {
        func isRoot(_ context: JSON?) -> Bool { context?["runAsUser"]?.integer == 0 }
        let isPodBad = isRoot(security)
        let names = names { isRoot($0["securityContext"]) }
        if !isPodBad, names.isEmpty { return nil }
        return PodSecurityViolation(
            reason: "runAsUser=0", detail: "\(Text.setters(pod: isPodBad, names)) must not set runAsUser=0")
    }

    /// - Parameter isRequired: a profile must be set, by the pod or by each container.
    func seccompProfile(isRequired: Bool) -> PodSecurityViolation? {
        func isValid(_ type: String) -> Bool { type == "RuntimeDefault" || type == "Localhost" }
        func type(_ context: JSON?) -> String? { context?["seccompProfile"].map { $0.text("type") } }
        var values: Set<String> = []
        func isBad(_ context: JSON?) -> Bool {
            guard let type = type(context), !isValid(type) else { return false }
            values.insert(type)
            return true
        }
        let isPodBad = isBad(security)
        let explicit = names { isBad($0["securityContext"]) }
        let reason = "seccompProfile"
        if isPodBad || !explicit.isEmpty {
            return PodSecurityViolation(
                reason: reason,
                detail:
                    "\(Text.setters(pod: isPodBad, explicit)) must not set securityContext.seccompProfile.type to \(Text.quoted(values))"
            )
        }
        guard isRequired, type(security) == nil else { return nil }
        let implicit = names { type($0["securityContext"]) == nil }
        if implicit.isEmpty { return nil }
        return PodSecurityViolation(
            reason: reason,
            detail:
                "pod or \(Text.containers(implicit)) must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\""
        )
    }
}
