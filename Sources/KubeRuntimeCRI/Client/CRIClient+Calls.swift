/// What the runtime says it is.
public struct RuntimeVersion: Sendable, Equatable {
    /// `containerd`.
    public var name: String
    /// `1.6.20`…
    public var version: String
    /// Of the interface: `v1`.
    public var interface: String
}

/// What a command run in a container said.
public struct ExecResult: Sendable, Equatable {
    public var output: [UInt8]
    public var errors: [UInt8]
    public var exitCode: Int
}

/// The calls that streams need: each gives the address of a streaming server of the runtime, good for one
/// connection within a minute.
extension CRIClient {
    public func execURL(
        container: String, command: [String], tty: Bool, stdin: Bool, stdout: Bool, stderr: Bool
    ) async throws -> String {
        var request = CRIExecRequest()
        request.containerID = container
        request.cmd = command
        request.tty = tty
        request.stdin = stdin
        request.stdout = stdout
        request.stderr = stderr
        return try await call("Exec", request, as: CRIExecResponse.self).url
    }

    public func attachURL(
        container: String, tty: Bool, stdin: Bool, stdout: Bool, stderr: Bool
    ) async throws -> String {
        var request = CRIAttachRequest()
        request.containerID = container
        request.tty = tty
        request.stdin = stdin
        request.stdout = stdout
        request.stderr = stderr
        return try await call("Attach", request, as: CRIAttachResponse.self).url
    }

    public func portForwardURL(sandbox: String, ports: [Int]) async throws -> String {
        var request = CRIPortForwardRequest()
        request.podSandboxID = sandbox
        request.port = ports.map { Int32(clamping: $0) }
        return try await call("PortForward", request, as: CRIPortForwardResponse.self).url
    }

    /// Runs a command to its end.
    /// - Parameter timeout: in seconds; 0 waits as long as it takes.
    public func execSync(container: String, command: [String], timeout: Int) async throws -> ExecResult {
        var request = CRIExecSyncRequest()
        request.containerID = container
        request.cmd = command
        request.timeout = Int64(timeout)
        // The runtime ends the command at its time; the call itself is given more.
        let deadline: Duration = timeout > 0 ? .seconds(timeout + 10) : .seconds(24 * 3_600)
        let response = try await call(
            "ExecSync", request, deadline: deadline, as: CRIExecSyncResponse.self)
        return ExecResult(
            output: [UInt8](response.stdout), errors: [UInt8](response.stderr),
            exitCode: Int(response.exitCode))
    }
}

extension CRIClient {
    public func version() async throws -> RuntimeVersion {
        let response = try await call(
            "Version", CRIVersionRequest(), deadline: .seconds(10), as: CRIVersionResponse.self)
        return RuntimeVersion(
            name: response.runtimeName, version: response.runtimeVersion,
            interface: response.runtimeApiVersion)
    }

    /// What keeps the runtime from running pods: the conditions `RuntimeReady` and `NetworkReady` that are
    /// not true, in words; empty when all is well.
    public func troubles() async throws -> [String] {
        let response = try await call(
            "Status", CRIStatusRequest(), deadline: .seconds(10), as: CRIStatusResponse.self)
        return response.status.conditions.filter { !$0.status }.map {
            "\($0.type) is false: \($0.reason): \($0.message)"
        }
    }

    // MARK: Sandboxes

    /// - Parameter handler: of the pod's RuntimeClass; empty for the runtime's own choice.
    func runSandbox(_ config: CRIPodSandboxConfig, handler: String = "") async throws -> String {
        var request = CRIRunPodSandboxRequest()
        request.config = config
        request.runtimeHandler = handler
        return try await call(
            "RunPodSandbox", request, deadline: .seconds(240), as: CRIRunPodSandboxResponse.self
        ).podSandboxID
    }

    /// Stops a sandbox and what runs in it; one that is stopped already stays so. Two who stop the same one
    /// can get in each other's way over its process and its network: the later one tries again.
    func stopSandbox(_ id: String) async throws {
        var request = CRIStopPodSandboxRequest()
        request.podSandboxID = id
        for attempt in 0... {
            do {
                _ = try await call("StopPodSandbox", request, as: CRIStopPodSandboxResponse.self)
                return
            } catch let error as CRIError where attempt < 5 && error.kind == .other {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    func removeSandbox(_ id: String) async throws {
        var request = CRIRemovePodSandboxRequest()
        request.podSandboxID = id
        _ = try await call("RemovePodSandbox", request, as: CRIRemovePodSandboxResponse.self)
    }

    func sandboxStatus(_ id: String) async throws -> CRIPodSandboxStatus {
        var request = CRIPodSandboxStatusRequest()
        request.podSandboxID = id
        return try await call("PodSandboxStatus", request, as: CRIPodSandboxStatusResponse.self).status
    }

    func sandboxes(labels: [String: String]) async throws -> [CRIPodSandbox] {
        var request = CRIListPodSandboxRequest()
        request.filter.labelSelector = labels
        return try await call("ListPodSandbox", request, as: CRIListPodSandboxResponse.self).items
    }

    // MARK: Containers

    func createContainer(
        _ config: CRIContainerConfig, sandbox: String, _ sandboxConfig: CRIPodSandboxConfig
    ) async throws -> String {
        var request = CRICreateContainerRequest()
        request.podSandboxID = sandbox
        request.config = config
        request.sandboxConfig = sandboxConfig
        return try await call("CreateContainer", request, as: CRICreateContainerResponse.self).containerID
    }

    func startContainer(_ id: String) async throws {
        var request = CRIStartContainerRequest()
        request.containerID = id
        _ = try await call("StartContainer", request, as: CRIStartContainerResponse.self)
    }

    func stopContainer(_ id: String, grace: Int) async throws {
        var request = CRIStopContainerRequest()
        request.containerID = id
        request.timeout = Int64(grace)
        _ = try await call(
            "StopContainer", request, deadline: .seconds(grace + 120), as: CRIStopContainerResponse.self)
    }

    func removeContainer(_ id: String) async throws {
        var request = CRIRemoveContainerRequest()
        request.containerID = id
        _ = try await call("RemoveContainer", request, as: CRIRemoveContainerResponse.self)
    }

    func containers(labels: [String: String]) async throws -> [CRIContainer] {
        var request = CRIListContainersRequest()
        request.filter.labelSelector = labels
        return try await call("ListContainers", request, as: CRIListContainersResponse.self).containers
    }

    func containerStatus(_ id: String) async throws -> CRIContainerStatus {
        var request = CRIContainerStatusRequest()
        request.containerID = id
        return try await call("ContainerStatus", request, as: CRIContainerStatusResponse.self).status
    }

    func updateResources(_ id: String, _ resources: CRILinuxContainerResources) async throws {
        var request = CRIUpdateContainerResourcesRequest()
        request.containerID = id
        request.linux = resources
        _ = try await call(
            "UpdateContainerResources", request, as: CRIUpdateContainerResourcesResponse.self)
    }

    func reopenLog(_ id: String) async throws {
        var request = CRIReopenContainerLogRequest()
        request.containerID = id
        _ = try await call("ReopenContainerLog", request, as: CRIReopenContainerLogResponse.self)
    }

    func stats(labels: [String: String]) async throws -> [CRIContainerStats] {
        var request = CRIListContainerStatsRequest()
        request.filter.labelSelector = labels
        return try await call("ListContainerStats", request, as: CRIListContainerStatsResponse.self).stats
    }
}
