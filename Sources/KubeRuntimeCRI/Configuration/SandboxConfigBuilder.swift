import KubeAPI
import KubeJSON
import KubeNode

/// A pod's sandbox as the runtime is to make it (kuberuntime_sandbox.go: generatePodSandboxConfig).
struct SandboxConfigBuilder: Sendable {
    var facts: PodFacts
    var cluster: String
    var paths: PodPaths
    var resolver: ResolverSettings
    /// The pod's control group, as a path beneath the root of each hierarchy.
    var cgroupParent: String

    func build(attempt: Int) -> CRIPodSandboxConfig {
        let (pod, identity, spec) = (facts.pod, facts.identity, facts.spec)
        var config = CRIPodSandboxConfig()
        config.metadata.name = identity.name
        config.metadata.namespace = identity.namespace
        config.metadata.uid = identity.uid
        config.metadata.attempt = UInt32(clamping: attempt)
        if !facts.usesHostNetwork {
            config.hostname = PodHostName(pod, clusterDomain: resolver.clusterDomain).name
        }
        config.logDirectory = paths.logs(identity)
        let dns = PodDNS(spec, namespace: identity.namespace, resolver)
        config.dnsConfig.servers = dns.servers
        config.dnsConfig.searches = dns.searches
        config.dnsConfig.options = dns.options
        for (key, value) in pod["metadata"]?["labels"]?.object ?? [:] { config.labels[key] = value.string }
        config.labels.merge(PodLabels.labels(identity, cluster: cluster)) { $1 }
        config.linux.cgroupParent = cgroupParent
        let shared = spec["securityContext"]
        for sysctl in shared?["sysctls"]?.array ?? [] {
            config.linux.sysctls[SysctlName.dotted(sysctl["name"]?.string ?? "")] =
                sysctl["value"]?.string ?? ""
        }
        var security = CRILinuxSandboxSecurityContext()
        security.namespaceOptions = ContainerSecurity.namespaces(facts)
        security.privileged = ["initContainers", "containers", "ephemeralContainers"].contains { list in
            (spec[list]?.array ?? []).contains { $0["securityContext"]?["privileged"]?.bool ?? false }
        }
        if let user = shared?["runAsUser"]?.integer {
            security.runAsUser.value = user
            if let group = shared?["runAsGroup"]?.integer { security.runAsGroup.value = group }
        }
        security.supplementalGroups = ContainerSecurity.groups(shared)
        security.seccomp.profileType = .runtimeDefault
        config.linux.securityContext = security
        return config
    }
}
