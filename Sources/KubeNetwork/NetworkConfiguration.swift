import KubeAPI

/// What the rules of a machine are made from beside the cluster's objects.
public struct NetworkConfiguration: Sendable, Equatable {
    /// The name of our nftables table, of the family `ip`. Nothing outside it is ever changed.
    public var table: String
    /// The addresses of all pods of all nodes.
    public var podRange: CIDR
    /// The addresses of Services.
    public var serviceRange: CIDR
    /// Where Services of type LoadBalancer get their addresses from; nil for none.
    public var loadBalancerRange: CIDR?
    /// Where this process answers the cluster's DNS, an address of the machine that nothing else uses; nil when it
    /// does not. Policies take it for a pod.
    public var resolver: IPAddress?
    /// Addresses of the machine that are other clusters': node ports and host ports are not served there.
    public var foreignRanges: [CIDR]
    /// The machine's own addresses, which `loadBalancerSourceRanges` are asked about for its own traffic.
    public var nodeAddresses: [IPAddress]

    public init(
        table: String = "aegis", podRange: CIDR, serviceRange: CIDR, loadBalancerRange: CIDR? = nil,
        resolver: IPAddress? = nil, foreignRanges: [CIDR] = [], nodeAddresses: [IPAddress] = []
    ) {
        self.table = table
        self.podRange = podRange
        self.serviceRange = serviceRange
        self.loadBalancerRange = loadBalancerRange
        self.resolver = resolver
        self.foreignRanges = foreignRanges
        self.nodeAddresses = nodeAddresses
    }
}
