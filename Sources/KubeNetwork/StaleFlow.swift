import KubeAPI
import KubePolicy

/// UDP traffic that the connection table still leads where it led before: its entries are deleted, for without
/// a connection's end nothing else would. Established TCP connections to an endpoint that went are left alone,
/// as upstream leaves them.
public struct StaleFlow: Hashable, Sendable {
    /// Where the traffic was sent; nil for every address of the machine.
    public let address: IPAddress?
    public let port: Int
    /// The endpoint that it must not lead to any more; nil for whatever it leads to.
    public let endpoint: IPAddress?
    public let endpointPort: Int

    init(address: IPAddress?, port: Int, endpoint: ServiceEndpoint? = nil) {
        self.address = address
        self.port = port
        self.endpoint = endpoint?.address
        endpointPort = endpoint?.port ?? 0
    }

    /// Arguments of `conntrack` (conntrack-tools) that delete the entries.
    var arguments: [String] {
        var arguments = ["-D", "-f", "ipv4", "-p", "udp"]
        if let address { arguments += ["--orig-dst", "\(address)"] }
        arguments += ["--orig-port-dst", "\(port)"]
        if let endpoint {
            arguments += ["--reply-src", "\(endpoint)", "--reply-port-src", "\(endpointPort)"]
        }
        return arguments
    }

    /// The order in which they are deleted.
    static func precedes(_ left: StaleFlow, _ right: StaleFlow) -> Bool {
        left.arguments.lexicographicallyPrecedes(right.arguments)
    }

    private struct Entrance: Hashable {
        var address: IPAddress?
        var port: Int
    }

    /// What has to go when the rules of a Service change: entries to endpoints that it has no longer, and all of
    /// one that had no endpoints.
    static func between(_ old: ServiceRules?, _ new: ServiceRules?) -> Set<StaleFlow> {
        if old == new { return [] }
        let before = entrances(old)
        let after = entrances(new)
        var flows: Set<StaleFlow> = []
        for (entrance, endpoints) in before {
            for endpoint in endpoints.subtracting(after[entrance] ?? []) {
                flows.insert(
                    StaleFlow(
                        address: entrance.address, port: entrance.port,
                        endpoint: ServiceEndpoint(address: endpoint.address, port: endpoint.port)))
            }
        }
        for (entrance, endpoints) in after where !endpoints.isEmpty && before[entrance]?.isEmpty ?? true {
            flows.insert(StaleFlow(address: entrance.address, port: entrance.port))
        }
        return flows
    }

    private struct Target: Hashable {
        var address: IPAddress
        var port: Int
    }

    private static func entrances(_ rules: ServiceRules?) -> [Entrance: Set<Target>] {
        var result: [Entrance: Set<Target>] = [:]
        for port in rules?.ports ?? [] where port.transport == .udp {
            let targets = Set(port.reachableEndpoints.map { Target(address: $0.address, port: $0.port) })
            let addresses = [port.clusterAddress] + port.externalAddresses + port.loadBalancerAddresses
            for address in addresses { result[Entrance(address: address, port: port.port)] = targets }
            if port.nodePort != 0 { result[Entrance(address: nil, port: port.nodePort)] = targets }
        }
        return result
    }

    /// The same for a pod's host ports.
    static func between(_ old: PolicyPod?, _ new: PolicyPod?) -> Set<StaleFlow> {
        func flows(_ pod: PolicyPod?) -> [StaleFlow: StaleFlow] {
            guard let pod, pod.isSubject, let address = pod.addresses.first(where: \.isIPv4) else {
                return [:]
            }
            var result: [StaleFlow: StaleFlow] = [:]
            for port in pod.hostPorts where port.transport == .udp {
                let endpoint = ServiceEndpoint(address: address, port: port.containerPort)
                let flow = StaleFlow(address: port.address, port: port.port, endpoint: endpoint)
                result[flow] = StaleFlow(address: port.address, port: port.port)
            }
            return result
        }
        let before = flows(old)
        let after = flows(new)
        let gone = before.keys.filter { after[$0] == nil }
        let come = after.filter { before[$0.key] == nil }.values
        return Set(gone).union(come)
    }
}
