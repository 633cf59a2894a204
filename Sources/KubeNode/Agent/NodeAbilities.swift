import KubeJSON

/// What no node of this kind does for a pod, whoever bound it there (pkg/kubelet/sysctl/allowlist.go,
/// pkg/kubelet/lifecycle/predicate.go).
enum NodeAbilities {
    private enum Namespace: String {
        case ipc = "IPC"
        case network = "Net"
    }

    /// The kernel's settings that a pod may have of its own without harm to others: all other ones take an
    /// administrator's word, which there is no way to give.
    private static let safeSysctls: [String: Namespace] = [
        "kernel.shm_rmid_forced": .ipc, "net.ipv4.ip_local_port_range": .network,
        "net.ipv4.ip_local_reserved_ports": .network, "net.ipv4.ip_unprivileged_port_start": .network,
        "net.ipv4.ping_group_range": .network, "net.ipv4.tcp_fin_timeout": .network,
        "net.ipv4.tcp_keepalive_intvl": .network, "net.ipv4.tcp_keepalive_probes": .network,
        "net.ipv4.tcp_keepalive_time": .network, "net.ipv4.tcp_rmem": .network,
        "net.ipv4.tcp_syncookies": .network, "net.ipv4.tcp_wmem": .network,
    ]

    /// - Parameter features: the node's `status.features`.
    static func refusal(of pod: JSON, features: JSON) -> (reason: String, message: String)? {
        let spec = pod["spec"] ?? .null
        for sysctl in spec["securityContext"]?["sysctls"]?.array ?? [] {
            if let words = refusal(ofSysctl: sysctl["name"]?.string ?? "", spec) {
                return ("SysctlForbidden", "forbidden sysctl: \(words)")
            }
        }
        if let system = pod["metadata"]?["labels"]?["kubernetes.io/os"]?.string, system != "linux" {
            return (
                "PodOSSelectorNodeLabelDoesNotMatch",
                "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label"
            )
        }
        if let system = spec["os"]?["name"]?.string, system != "linux" {
            return ("PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS")
        }
        if spec["securityContext"]?["supplementalGroupsPolicy"]?.string == "Strict",
            features["supplementalGroupsPolicy"]?.bool != true
        {
            return (
                "SupplementalGroupsPolicyNotSupported",
                "SupplementalGroupsPolicy=Strict is not supported in this node"
            )
        }
        return nil
    }

    private static func refusal(ofSysctl written: String, _ spec: JSON) -> String? {
        let name = SysctlName.dotted(written)
        guard let namespace = safeSysctls[name] else { return "\"\(name)\" not allowlisted" }
        let isShared =
            switch namespace {
            case .ipc: spec["hostIPC"]?.bool ?? false
            case .network: spec["hostNetwork"]?.bool ?? false
            }
        return isShared ? "\"\(name)\" not allowed with host \(namespace.rawValue) enabled" : nil
    }
}
