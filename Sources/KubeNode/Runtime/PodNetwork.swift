/// Connects pods: told of an address before the sandbox that gets it is made.
public protocol PodNetwork: Sendable {
    /// Has the sandbox get this address, under the rules that hold for the pod.
    /// - Throws: why it cannot be connected now.
    func connect(_ pod: PodIdentity, address: String) async throws
    /// The pod's sandbox is gone.
    func disconnect(_ pod: PodIdentity) async
}
