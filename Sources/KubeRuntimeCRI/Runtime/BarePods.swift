import KubeAPI
import KubeJSON
import KubeNode
import KubeStore

/// Pods that are made by nothing but the calls that make a pod, with the configuration that agents give them: what
/// the runtime itself takes, for measurements to compare with.
public struct BarePods: Sendable {
    private struct NoObjects: ObjectSource {
        func object(_ collection: CollectionID, _ namespace: String, _ name: String) -> JSON? { nil }
        func objects(_ collection: CollectionID, in namespace: String?) -> [JSON] { [] }
    }

    private let client: CRIClient
    private let paths: PodPaths
    private let cgroupRoot: String

    /// - Parameters:
    ///   - dataDirectory: where logs and the pods' files go.
    ///   - cgroupRoot: the control group above the pods', beginning with `/`.
    public init(client: CRIClient, dataDirectory: String, cgroupRoot: String) {
        self.client = client
        paths = PodPaths(data: dataDirectory)
        self.cgroupRoot = cgroupRoot
    }

    /// What a pod needs on disk before it starts.
    public func prepare(_ pod: JSON) throws {
        let identity = identity(pod)
        try FileBytes.makeDirectory(paths.pod(identity))
        for container in containers(pod) {
            let name = container["name"]?.string ?? ""
            try FileBytes.makeDirectory("\(paths.logs(identity))/\(name)")
            try FileBytes.makeDirectory("\(paths.pod(identity))/containers/\(name)")
            try FileBytes.overwrite(
                [], path: paths.terminationMessage(identity, name, attempt: 0), mode: 0o666)
        }
        for volume in volumes(pod).values { try FileBytes.makeDirectory(volume) }
        try FileBytes.overwrite([], path: paths.hosts(identity))
    }

    /// Makes the sandbox and starts the containers, one call after the other.
    /// - Parameter image: of all containers.
    /// - Returns: the sandbox.
    public func start(_ pod: JSON, image: RuntimeImage) async throws -> String {
        let identity = identity(pod)
        let facts = PodFacts(pod: pod, identity: identity, addresses: [], hostAddresses: [])
        let sandboxConfig = SandboxConfigBuilder(
            facts: facts, cluster: cgroupRoot, paths: paths, resolver: ResolverSettings(),
            cgroupParent: "\(cgroupRoot)/\(identity.uid)"
        ).build(attempt: 0)
        let sandbox = try await client.runSandbox(sandboxConfig)
        for container in containers(pod) {
            let environment = try ContainerEnvironment(container, facts, objects: NoObjects())
            let name = container["name"]?.string ?? ""
            let mounts = try ContainerMounts(
                container, facts, volumes: volumes(pod), environment: environment,
                hosts: paths.hosts(identity),
                terminationMessage: paths.terminationMessage(identity, name, attempt: 0))
            let config = try ContainerConfigBuilder(
                facts: facts, container: container, image: image, environment: environment,
                mounts: mounts.wanted.map(\.mount), cluster: cgroupRoot
            ).build(attempt: 0)
            let id = try await client.createContainer(config, sandbox: sandbox, sandboxConfig)
            try await client.startContainer(id)
        }
        return sandbox
    }

    public func remove(_ sandbox: String) async throws {
        try await client.stopSandbox(sandbox)
        try await client.removeSandbox(sandbox)
    }

    /// Removes the control groups, when all pods are gone.
    public func removeGroups() async { await CgroupTree().remove(cgroupRoot, patience: 5) }

    private func containers(_ pod: JSON) -> [JSON] { pod["spec"]?["containers"]?.array ?? [] }

    private func identity(_ pod: JSON) -> PodIdentity {
        PodIdentity(
            uid: pod["metadata"]?["uid"]?.string ?? "",
            namespace: pod["metadata"]?["namespace"]?.string ?? "",
            name: pod["metadata"]?["name"]?.string ?? "", node: "")
    }

    /// A directory for each.
    private func volumes(_ pod: JSON) -> [String: String] {
        let directory = paths.pod(identity(pod)) + "/volumes/"
        var paths: [String: String] = [:]
        for volume in pod["spec"]?["volumes"]?.array ?? [] {
            let name = volume["name"]?.string ?? ""
            paths[name] = directory + name
        }
        return paths
    }
}
