import KubeAPI
import KubeJSON

/// What of a container's log is wanted (core/v1 PodLogOptions).
public struct ContainerLogOptions: Sendable, Equatable {
    public var follow = false
    public var tailLines: Int?
    /// Lines from then on.
    public var since: Timestamp?
    /// Puts its time before each line.
    public var timestamps = false
    public var limitBytes: Int?
    /// Only one of them where set.
    public var stream: Stream?

    public enum Stream: Sendable { case output, errors }

    public init() {}
}

/// Which streams of a command are wanted (core/v1 PodExecOptions and PodAttachOptions).
public struct RemoteCommandOptions: Sendable, Equatable {
    /// Empty where a container's first process is attached to.
    public var command: [String] = []
    public var stdin = false
    public var stdout = false
    public var stderr = false
    public var tty = false

    public init() {}
}

/// What the nodes of this process do with containers that run: the node agent's part of log, exec, attach and
/// port-forward. Pods are whole objects, with their status.
///
/// Errors that are no `APIStatus` reach the client as the words of an internal error, as a kubelet's do.
public protocol NodeStreams: Sendable {
    typealias LogChunks = any AsyncSequence<[UInt8], any Error> & Sendable

    /// - Parameter id: of the container's instance, without the runtime's name before it.
    /// - Returns: the log, piece by piece as it is to be sent.
    func logs(
        of pod: JSON, container: String, id: String, options: ContainerLogOptions
    ) async throws -> LogChunks

    /// The address of a server that speaks SPDY/3.1 with `v4.channel.k8s.io`, good for one connection.
    func execURL(_ pod: JSON, container: String, _ options: RemoteCommandOptions) async throws -> String
    func attachURL(_ pod: JSON, container: String, _ options: RemoteCommandOptions) async throws -> String
    /// The address of a server that speaks SPDY/3.1 with `portforward.k8s.io`, good for one connection.
    func portForwardURL(_ pod: JSON, ports: [Int]) async throws -> String
}

/// What went wrong on a node, in the words that the client is shown.
public struct NodeStreamFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}
