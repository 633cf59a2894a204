import KubeJSON
import KubeNode

/// What a container sees of its pod's volumes (kubelet_pods.go: makeMounts). Pure: which part of a volume is
/// meant is said, and made sure of by the caller.
struct ContainerMounts: Sendable {
    /// One mount of a volume.
    struct Wanted: Sendable, Equatable {
        var mount: ContainerMount
        /// The part of the volume, below `mount.hostPath`; empty for all of it.
        var subPath: String
        /// Which mount of which container it is, for errors: a path of the host is nobody's to know.
        var whose = ""
    }

    var wanted: [Wanted] = []

    /// - Parameters:
    ///   - volumes: the host's path of each volume, by name.
    ///   - hosts: the pod's hosts file.
    ///   - terminationMessage: the file that the container's last words go to.
    init(
        _ container: JSON, _ facts: PodFacts, volumes: [String: String], environment: ContainerEnvironment,
        hosts: String?, terminationMessage: String?
    ) throws {
        let name = container["name"]?.string ?? ""
        var hasHosts = false
        for mount in container["volumeMounts"]?.array ?? [] {
            let volume = mount["name"]?.string ?? ""
            guard let path = volumes[volume] else {
                throw ContainerFailure(
                    .configuration, "cannot find volume \"\(volume)\" to mount into container \"\(name)\"")
            }
            var target = mount["mountPath"]?.string ?? ""
            if !target.hasPrefix("/") { target = "/" + target }
            if target == "/etc/hosts" { hasHosts = true }
            var subPath = mount["subPath"]?.string ?? ""
            if let pattern = mount["subPathExpr"]?.string, !pattern.isEmpty {
                subPath = VariableExpansion.expand(pattern) { environment[$0] }
                guard !subPath.contains("$(") else {
                    throw ContainerFailure(
                        .configuration, "failed to expand subPath for volumeMount \"\(volume)\"")
                }
            }
            if !subPath.isEmpty {
                guard !subPath.hasPrefix("/") else {
                    throw ContainerFailure(
                        .configuration, "error SubPath `\(subPath)` must not be an absolute path")
                }
                guard !subPath.split(separator: "/").contains("..") else {
                    throw ContainerFailure(
                        .configuration, "unable to provision SubPath `\(subPath)`: must not contain '..'")
                }
            }
            let isReadOnly =
                mount["readOnly"]?.bool ?? false || Self.isReadOnly(volume, facts.spec)
            wanted.append(
                Wanted(
                    mount: ContainerMount(
                        containerPath: target, hostPath: path, isReadOnly: isReadOnly,
                        propagation: Self.propagation(mount["mountPropagation"]?.string)),
                    subPath: subPath, whose: "volumeMount \"\(volume)\" of container \"\(name)\""))
        }
        if let hosts, !hasHosts {
            wanted.append(
                Wanted(mount: ContainerMount(containerPath: "/etc/hosts", hostPath: hosts), subPath: ""))
        }
        let message = container["terminationMessagePath"]?.string ?? ""
        if let terminationMessage, !message.isEmpty {
            wanted.append(
                Wanted(
                    mount: ContainerMount(containerPath: message, hostPath: terminationMessage), subPath: ""))
        }
    }

    /// Volumes that hold what the API says cannot be written.
    private static func isReadOnly(_ name: String, _ spec: JSON) -> Bool {
        guard let volume = spec["volumes"]?.array?.first(where: { $0["name"]?.string == name }) else {
            return false
        }
        let kinds = ["configMap", "secret", "downwardAPI", "projected"]
        return kinds.contains { volume[$0] != nil }
            || volume["persistentVolumeClaim"]?["readOnly"]?.bool ?? false
    }

    private static func propagation(_ word: String?) -> ContainerMount.Propagation {
        switch word {
        case "HostToContainer": .hostToContainer
        case "Bidirectional": .bidirectional
        default: .none
        }
    }
}
