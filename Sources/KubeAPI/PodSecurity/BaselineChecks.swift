import KubeJSON

/// The checks of the `baseline` level. Texts are those of upstream: clients show them.
extension SecuredPod {
    private typealias Text = SecurityText

    func appArmorProfile() -> PodSecurityViolation? {
        func bad(_ context: JSON?) -> String? {
            guard let profile = context?["appArmorProfile"] else { return nil }
            let type = profile.text("type")
            return type == "RuntimeDefault" || type == "Localhost" ? nil : type
        }
        var values: Set<String> = []
        let podType = bad(security)
        if let podType { values.insert(podType) }
        let names = names { container in
            guard let type = bad(container["securityContext"]) else { return false }
            values.insert(type)
            return true
        }
        var setters: [String] = podType == nil ? [] : ["pod"]
        if !names.isEmpty { setters.append(Text.containers(names)) }
        var forbidden: [String] = []
        for (key, value) in annotations ?? [:]
        where key.hasPrefix("container.apparmor.security.beta.kubernetes.io/") {
            let profile = value.string ?? ""
            if profile.isEmpty || profile == "runtime/default" || profile.hasPrefix("localhost/") { continue }
            forbidden.append("\(key)=\(JSONWriter.string(.string(profile)))")
        }
        if !forbidden.isEmpty {
            setters.append(Text.plural("annotation", "annotations", forbidden.count))
        }
        if setters.isEmpty { return nil }
        let list = values.sorted(by: utf8Less) + forbidden.sorted(by: utf8Less)
        return PodSecurityViolation(
            reason: Text.plural("forbidden AppArmor profile", "forbidden AppArmor profiles", list.count),
            detail:
                "\(setters.joined(separator: " and ")) must not set AppArmor profile type to \(Text.quoted(list))"
        )
    }

    private static let defaultCapabilities: Set<String> = [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
        "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ]

    func addedCapabilities() -> PodSecurityViolation? {
        var forbidden: Set<String> = []
        let names = names { container in
            let added = container.at("securityContext", "capabilities", "add")?.array?.compactMap(\.string)
            let bad = (added ?? []).filter { !Self.defaultCapabilities.contains($0) }
            forbidden.formUnion(bad)
            return !bad.isEmpty
        }
        if names.isEmpty { return nil }
        return PodSecurityViolation(
            reason: "non-default capabilities",
            detail:
                "\(Text.containers(names)) must not include \(Text.quoted(forbidden)) in securityContext.capabilities.add"
        )
    }

    func hostNamespaces() -> PodSecurityViolation? {
        let shared = ["hostNetwork", "hostPID", "hostIPC"].filter { spec.flag($0) }
        if shared.isEmpty { return nil }
        return PodSecurityViolation(
            reason: "host namespaces", detail: shared.map { $0 + "=true" }.joined(separator: ", "))
    }

    func hostPathVolumes() -> PodSecurityViolation? {
        let names = spec.items("volumes").filter { $0["hostPath"] != nil }.map { $0.text("name") }
        if names.isEmpty { return nil }
        return PodSecurityViolation(
            reason: "hostPath volumes",
            detail: Text.plural("volume", "volumes", names.count) + " " + Text.quoted(names))
    }

    func hostPorts() -> PodSecurityViolation? {
        var ports: Set<String> = []
        let names = names { container in
            let used = container.items("ports").map { $0.number("hostPort") }.filter { $0 != 0 }
            ports.formUnion(used.map { String($0) })
            return !used.isEmpty
        }
        if names.isEmpty { return nil }
        let list = ports.sorted(by: utf8Less).joined(separator: ", ")
        return PodSecurityViolation(
            reason: "hostPort",
            detail:
                "\(Text.containers(names)) \(Text.plural("uses", "use", names.count)) \(Text.plural("hostPort", "hostPorts", ports.count)) \(list)"
        )
    }

    func hostProbes() -> PodSecurityViolation? {
        var hosts: Set<String> = []
        var bad: Set<String> = []
        for container in containers {
            var handlers = ["livenessProbe", "readinessProbe", "startupProbe"].map { container[$0] }
            handlers += ["postStart", "preStop"].map { container["lifecycle"]?[$0] }
            for handler in handlers {
                for action in ["httpGet", "tcpSocket"] {
                    guard let host = handler?[action]?["host"]?.string, !host.isEmpty else { continue }
                    hosts.insert(host)
                    bad.insert(container.text("name"))
                }
            }
        }
        if bad.isEmpty { return nil }
        let noun = Text.plural("probe or lifecycle host", "probe or lifecycle hosts", hosts.count)
        return PodSecurityViolation(
            reason: "probe or lifecycle host",
            detail:
                "\(Text.containers(bad.sorted(by: utf8Less))) \(Text.plural("uses", "use", bad.count)) \(noun) \(Text.quoted(hosts))"
        )
    }

    func privileged() -> PodSecurityViolation? {
        let names = names { $0["securityContext"]?["privileged"]?.bool == true }
        if names.isEmpty { return nil }
        return PodSecurityViolation(
            reason: "privileged",
            detail: "\(Text.containers(names)) must not set securityContext.privileged=true")
    }

    func procMount() -> PodSecurityViolation? {
        var types: Set<String> = []
        let names = names { container in
            guard let type = container["securityContext"]?["procMount"]?.string, type != "Default" else {
                return false
            }
            types.insert(type)
            return true
        }
        if names.isEmpty { return nil }
        return PodSecurityViolation(
            reason: "procMount",
            detail:
                "\(Text.containers(names)) must not set securityContext.procMount to \(Text.quoted(types))")
    }

    func seLinuxOptions(_ minor: Int) -> PodSecurityViolation? {
        var allowed: Set<String> = ["", "container_t", "container_init_t", "container_kvm_t"]
        if minor >= 31 { allowed.insert("container_engine_t") }
        var types: Set<String> = []
        var setsUser = false
        var setsRole = false
        func isBad(_ context: JSON?) -> Bool {
            guard let options = context?["seLinuxOptions"] else { return false }
            let type = options.text("type")
            let user = !options.text("user").isEmpty
            let role = !options.text("role").isEmpty
            if !allowed.contains(type) { types.insert(type) }
            setsUser = setsUser || user
            setsRole = setsRole || role
            return !allowed.contains(type) || user || role
        }
        let isPodBad = isBad(security)
        let names = names { isBad($0["securityContext"]) }
        if !isPodBad, names.isEmpty { return nil }
        var faults: [String] = []
        if !types.isEmpty {
            faults.append(Text.plural("type", "types", types.count) + " " + Text.quoted(types))
        }
        if setsUser { faults.append("user may not be set") }
        if setsRole { faults.append("role may not be set") }
        return PodSecurityViolation(
            reason: "seLinuxOptions",
            detail:
                "\(Text.setters(pod: isPodBad, names)) set forbidden securityContext.seLinuxOptions: \(faults.joined(separator: "; "))"
        )
    }

    /// How seccomp profiles were set before v1.19.
    func seccompAnnotations() -> PodSecurityViolation? {
        var forbidden: Set<String> = []
        let keys =
            ["seccomp.security.alpha.kubernetes.io/pod"]
            + containers.map { "container.seccomp.security.alpha.kubernetes.io/" + $0.text("name") }
        for key in keys {
            guard let value = annotations?[key]?.string, value != "runtime/default",
                value != "docker/default", !value.hasPrefix("localhost/")
            else { continue }
            forbidden.insert("\(key)=\(JSONWriter.string(.string(value)))")
        }
        if forbidden.isEmpty { return nil }
        let list = forbidden.sorted(by: utf8Less).joined(separator: ", ")
        return PodSecurityViolation(
            reason: "seccompProfile",
            detail: "forbidden \(Text.plural("annotation", "annotations", forbidden.count)) \(list)")
    }

    private static let safeSysctls: [(since: Int, names: [String])] = [
        (
            0,
            [
                "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies",
                "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start",
            ]
        ),
        (27, ["net.ipv4.ip_local_reserved_ports"]),
        (
            29,
            [
                "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
                "net.ipv4.tcp_keepalive_probes",
            ]
        ),
        (32, ["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"]),
    ]

    func sysctls(_ minor: Int) -> PodSecurityViolation? {
        let names = security?.items("sysctls").map { $0.text("name") } ?? []
        let forbidden = names.filter { name in
            !Self.safeSysctls.contains { minor >= $0.since && $0.names.contains(name) }
        }
        if forbidden.isEmpty { return nil }
        return PodSecurityViolation(
            reason: "forbidden sysctls", detail: forbidden.joined(separator: ", "))
    }

    func windowsHostProcess() -> PodSecurityViolation? {
        func isBad(_ context: JSON?) -> Bool { context?["windowsOptions"]?["hostProcess"]?.bool == true }
        let isPodBad = isBad(security)
        let names = names { isBad($0["securityContext"]) }
        if !isPodBad, names.isEmpty { return nil }
        return PodSecurityViolation(
            reason: "hostProcess",
            detail:
                "\(Text.setters(pod: isPodBad, names)) must not set securityContext.windowsOptions.hostProcess=true"
        )
    }
}
