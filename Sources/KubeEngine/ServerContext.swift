import KubeAuth
import KubeRegistry

/// What control loops may know of the API server in whose process they run.
public struct ServerContext: Sendable {
    public let trust: ClusterTrust
    /// The block of Service addresses that the server was started with.
    public let serviceRange: ServiceRange
    public let identity: ServerIdentity

    public init(trust: ClusterTrust, serviceRange: ServiceRange, identity: ServerIdentity) {
        self.trust = trust
        self.serviceRange = serviceRange
        self.identity = identity
    }
}
