import KubeAPI
import KubeJSON
import KubeNode

/// A container as the runtime is to make it, from the pod's spec and what was found out for it
/// (kuberuntime_container.go: generateContainerConfig). Pure.
struct ContainerConfigBuilder: Sendable {
    var facts: PodFacts
    var container: JSON
    var image: RuntimeImage
    var environment: ContainerEnvironment
    var mounts: [ContainerMount]
    var cluster: String
    /// The container whose processes an ephemeral container is to see.
    var target: String?

    func build(attempt: Int) throws -> CRIContainerConfig {
        let name = container["name"]?.string ?? ""
        var config = CRIContainerConfig()
        config.metadata.name = name
        config.metadata.attempt = UInt32(clamping: attempt)
        config.image.image = image.id
        func words(_ key: String) -> [String] {
            (container[key]?.array ?? []).map { word in
                VariableExpansion.expand(word.string ?? "") { environment[$0] }
            }
        }
        config.command = words("command")
        config.args = words("args")
        config.workingDir = container["workingDir"]?.string ?? ""
        config.envs = environment.variables.map { variable in
            var entry = CRIKeyValue()
            entry.key = variable.name
            entry.value.append(contentsOf: variable.value.utf8)
            return entry
        }
        config.mounts = mounts.map(Self.mount)
        config.labels = PodLabels.labels(facts.identity, cluster: cluster)
        config.labels[PodLabels.containerName] = name
        config.annotations = [
            PodLabels.restartCount: "\(attempt)",
            PodLabels.terminationPath: container["terminationMessagePath"]?.string ?? "",
            PodLabels.terminationPolicy: container["terminationMessagePolicy"]?.string ?? "File",
            PodLabels.gracePeriod: "\(facts.spec["terminationGracePeriodSeconds"]?.int ?? 30)",
        ]
        // Whoever ends the container may know nothing else of its pod.
        if let hook = container["lifecycle"]?["preStop"] {
            config.annotations[PodLabels.preStop] = JSONWriter.string(hook)
            if let ports = container["ports"] {
                config.annotations[PodLabels.ports] = JSONWriter.string(ports)
            }
        }
        if container["restartPolicy"]?.string == "Always",
            let place = facts.spec["initContainers"]?.array?.firstIndex(where: { $0["name"]?.string == name })
        {
            config.annotations[PodLabels.sidecar] = "\(place)"
        }
        config.logPath = "\(name)/\(attempt).log"
        config.stdin = container["stdin"]?.bool ?? false
        config.stdinOnce = container["stdinOnce"]?.bool ?? false
        config.tty = container["tty"]?.bool ?? false
        config.linux.resources = Self.resources(container, facts)
        config.linux.securityContext = try ContainerSecurity.context(
            container, facts, image: image, target: target)
        return config
    }

    static func resources(_ container: JSON, _ facts: PodFacts) -> CRILinuxContainerResources {
        let resources = container["resources"]
        return LinuxResources(
            requests: ResourceAmounts(resources?["requests"]), limits: ResourceAmounts(resources?["limits"])
        ).message(oomScore: LinuxResources.oomScore(container, facts))
    }

    private static func mount(_ mount: ContainerMount) -> CRIMount {
        var result = CRIMount()
        result.containerPath = mount.containerPath
        result.hostPath = mount.hostPath
        result.readonly = mount.isReadOnly
        switch mount.propagation {
        case .none: result.propagation = .propagationPrivate
        case .hostToContainer: result.propagation = .propagationHostToContainer
        case .bidirectional: result.propagation = .propagationBidirectional
        }
        return result
    }
}
