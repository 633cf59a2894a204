import KubeAPI
import KubeNode

/// Which of the clusters of one machine a cluster is: all names and ranges that it has on the machine follow from
/// its number. Number 0 has the usual ones.
public struct MachineInstance: Sendable, Equatable {
    /// How many clusters a machine has room for.
    public static let limit = 16
    public let number: Int

    /// - Returns: nil for a number that there is not.
    public init?(_ number: Int) {
        guard (0..<Self.limit).contains(number) else { return nil }
        self.number = number
    }

    private init(usual: Void) { number = 0 }
    public static let usual = MachineInstance(usual: ())

    /// Of the nftables table, and of the cluster's pods in a containerd that several clusters use.
    public var name: String { number == 0 ? "aegis" : "aegis-\(number)" }
    /// Above the control groups of all nodes.
    public var controlGroup: String { "/" + name }
    public var addresses: MachineAddresses { MachineAddresses(number: number) }
    /// The addresses of Services.
    public var serviceRange: String { number == 0 ? "10.96.0.0/12" : "10.\(111 + number).0.0/16" }

    /// The addresses of nodes and balancers that belong to other clusters of the machine, whether there are such
    /// clusters or not.
    public var foreignRanges: [CIDR] {
        (0..<Self.limit).filter { $0 != number }.flatMap { other in
            let addresses = MachineAddresses(number: other)
            return [addresses.nodes, addresses.balancers].compactMap { CIDR($0) }
        }
    }
}
