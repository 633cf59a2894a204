import KubeJSON
import KubeNode
import KubeRuntimeCRI
import KubeServer

/// The logs, commands and ports of the pods on this machine.
struct MachineStreams: NodeStreams {
    let runtime: CRIRuntime

    private func identity(_ pod: JSON) -> PodIdentity {
        PodIdentity(
            uid: pod.uid, namespace: pod["metadata"]?["namespace"]?.string ?? "", name: pod.name,
            node: pod["spec"]?["nodeName"]?.string ?? "")
    }

    func logs(
        of pod: JSON, container: String, id: String, options: ContainerLogOptions
    ) async throws -> LogChunks {
        var wanted = PodLogOptions()
        wanted.follow = options.follow
        wanted.tailLines = options.tailLines
        wanted.since = options.since
        wanted.timestamps = options.timestamps
        wanted.limitBytes = options.limitBytes
        switch options.stream {
        case .output: wanted.stream = .output
        case .errors: wanted.stream = .errors
        case nil: break
        }
        return try runtime.logs(of: identity(pod), container: container, id: id, options: wanted)
    }

    private func containerID(_ pod: JSON, _ container: String) throws -> String {
        guard let id = runtime.containerID(of: identity(pod), container: container) else {
            throw NodeStreamFailure("container not found (\"\(container)\")")
        }
        return id
    }

    func execURL(_ pod: JSON, container: String, _ options: RemoteCommandOptions) async throws -> String {
        try await runtime.client.execURL(
            container: try containerID(pod, container), command: options.command, tty: options.tty,
            stdin: options.stdin, stdout: options.stdout, stderr: options.stderr)
    }

    func attachURL(_ pod: JSON, container: String, _ options: RemoteCommandOptions) async throws -> String {
        try await runtime.client.attachURL(
            container: try containerID(pod, container), tty: options.tty, stdin: options.stdin,
            stdout: options.stdout, stderr: options.stderr)
    }

    func portForwardURL(_ pod: JSON, ports: [Int]) async throws -> String {
        guard let sandbox = runtime.sandboxID(of: identity(pod)) else {
            throw NodeStreamFailure("failed to find sandbox of pod \"\(pod.name)\"")
        }
        return try await runtime.client.portForwardURL(sandbox: sandbox, ports: ports)
    }
}
