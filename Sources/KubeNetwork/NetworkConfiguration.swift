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
    /// The machine's own addresses, which `loadBalancerSourceRanges` are asked about for its own traffic.
    public var nodeAddresses: [IPAddress]

    public init(
        table: String = "aegis", podRange: CIDR, serviceRange: CIDR, loadBalancerRange: CIDR? = nil,
        nodeAddresses: [IPAddress] = []
    ) {
        self.table = table
        self.podRange = podRange
        self.serviceRange = serviceRange
        self.loadBalancerRange = loadBalancerRange
        self.nodeAddresses = nodeAddresses
    }
}
