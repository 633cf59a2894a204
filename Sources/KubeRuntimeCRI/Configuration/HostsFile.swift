import KubeJSON

/// A pod's /etc/hosts (pkg/kubelet/util: hosts file of pods).
enum HostsFile {
    /// - Parameter machine: the machine's own file, for pods in its network.
    static func text(
        addresses: [String], hostName: String, domain: String, aliases: [JSON], machine: String?
    ) -> String {
        var text: String
        if let machine {
            text = "# Kubernetes-managed hosts file (host network).\n" + machine
            if !text.hasSuffix("\n") { text += "\n" }
        } else {
            text = """
                # Kubernetes-managed hosts file.
                127.0.0.1\tlocalhost
                ::1\tlocalhost ip6-localhost ip6-loopback
                fe00::0\tip6-localnet
                fe00::0\tip6-mcastprefix
                fe00::1\tip6-allnodes
                fe00::2\tip6-allrouters

                """
            for address in addresses {
                text += domain.isEmpty ? "\(address)\t\(hostName)\n" : "\(address)\t\(domain)\t\(hostName)\n"
            }
        }
        guard !aliases.isEmpty else { return text }
        text += "\n# Entries added by HostAliases.\n"
        for alias in aliases {
            let names = (alias["hostnames"]?.array ?? []).compactMap(\.string)
            text += "\(alias["ip"]?.string ?? "")\t\(names.joined(separator: "\t"))\n"
        }
        return text
    }
}

/// What a pod calls itself (kubelet_pods.go: GeneratePodHostNameAndDomain).
struct PodHostName: Sendable, Equatable {
    private static let longest = 63
    /// What the kernel has room for.
    private static let longestFull = 64

    var name: String
    /// The name with its domain; empty without a subdomain.
    var full: String
    /// Why the pod cannot be called so.
    var problem: String?

    init(_ pod: JSON, clusterDomain: String) {
        let spec = pod["spec"]
        if let override = spec?["hostnameOverride"]?.string, !override.isEmpty {
            (name, full) = (override, "")
            return
        }
        let stated = spec?["hostname"]?.string ?? ""
        var short = stated.isEmpty ? pod["metadata"]?["name"]?.string ?? "" : stated
        if short.utf8.count > Self.longest { short = String(short.prefix(Self.longest)) }
        while let last = short.last, last == "-" || last == "." { short.removeLast() }
        name = short
        full = ""
        if let subdomain = spec?["subdomain"]?.string, !subdomain.isEmpty {
            let namespace = pod["metadata"]?["namespace"]?.string ?? ""
            full = "\(short).\(subdomain).\(namespace).svc.\(clusterDomain)"
            guard spec?["setHostnameAsFQDN"]?.bool ?? false else { return }
            name = full
            if full.utf8.count > Self.longestFull {
                problem =
                    "failed to construct FQDN from pod hostname and cluster domain, FQDN \(full) is too long "
                    + "(\(Self.longestFull) characters is the max, \(full.utf8.count) characters requested)"
            }
        }
    }
}
