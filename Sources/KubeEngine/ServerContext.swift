import KubeAuth
import KubeRegistry

/// What control loops may know of the API server in whose process they run.
public struct ServerContext: Sendable {
    public let trust: ClusterTrust
    /// The block of Service addresses that the server was started with.
    public let serviceRange: ServiceRange
    public let identity: ServerIdentity
    /// What servers behind this one are told, to believe what it says of who asks.
    public let authentication: AuthenticationTrust
    /// What servers behind this one hold; nil where there are none.
    public let others: (any AggregatedContent)?

    public init(
        trust: ClusterTrust, serviceRange: ServiceRange, identity: ServerIdentity,
        authentication: AuthenticationTrust, others: (any AggregatedContent)? = nil
    ) {
        self.trust = trust
        self.serviceRange = serviceRange
        self.identity = identity
        self.authentication = authentication
        self.others = others
    }
}
