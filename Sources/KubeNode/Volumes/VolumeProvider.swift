import KubeJSON

/// A directory or file of the machine that a container sees.
public struct ContainerMount: Sendable, Equatable {
    public enum Propagation: Sendable { case none, hostToContainer, bidirectional }

    public var containerPath: String
    public var hostPath: String
    public var isReadOnly: Bool
    public var propagation: Propagation

    public init(
        containerPath: String, hostPath: String, isReadOnly: Bool = false, propagation: Propagation = .none
    ) {
        self.containerPath = containerPath
        self.hostPath = hostPath
        self.isReadOnly = isReadOnly
        self.propagation = propagation
    }
}

/// Makes the volumes of pods on the machine.
public protocol VolumeProvider: Sendable {
    /// Makes what a pod's volumes need; what is there already stays.
    /// - Returns: the host's path of each volume, by the volume's name.
    func prepare(pod: JSON, identity: PodIdentity) async throws -> [String: String]
    /// Takes away what belongs to the pod alone.
    func release(_ identity: PodIdentity) async
}
