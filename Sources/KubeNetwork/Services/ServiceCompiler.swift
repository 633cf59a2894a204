import KubeAPI
import KubeJSON
import KubePolicy

/// Turns the rules of a Service into what it puts into the table.
struct ServiceCompiler {
    let configuration: NetworkConfiguration
    /// The pods' addresses on each node, for `internalTrafficPolicy: Local`.
    let nodeRanges: [String: CIDR]

    func fragment(_ service: ServiceRules) -> Fragment {
        var fragment = Fragment()
        for port in service.ports { add(port, of: service.key, to: &fragment) }
        return fragment
    }

    private func add(_ port: ServicePortRules, of service: String, to fragment: inout Fragment) {
        let transport = port.transport.word
        let endpoints = port.usableEndpoints
        let cluster = "\(port.clusterAddress) . \(transport) . \(port.port)"
        let external = (port.externalAddresses + port.loadBalancerAddresses).map {
            "\($0) . \(transport) . \(port.port)"
        }
        let nodePort = port.nodePort == 0 ? nil : "\(transport) . \(port.nodePort)"
        fragment.element("cluster-ips", "\(port.clusterAddress)")
        limitSources(port, &fragment)
        if endpoints.isEmpty {
            for key in [cluster] + external { fragment.element("services-without-endpoints", key) }
            if let nodePort { fragment.element("node-ports-without-endpoints", nodePort) }
            return
        }
        if !port.isExternalLocal {
            for address in port.externalAddresses + port.loadBalancerAddresses {
                fragment.element("external-\(transport)", "\(address) . \(port.port)")
            }
            if port.nodePort != 0 {
                fragment.element("external-node-ports-\(transport)", "\(port.nodePort)")
            }
        }
        let id = shortHash("\(service):\(port.name):\(transport):\(port.affinityTimeout ?? 0)")
        if let timeout = port.affinityTimeout {
            let chain = "service-\(id)"
            stickyChain(chain, id, endpoints, timeout, transport, &fragment)
            for key in external { fragment.element("service-chains", key, "goto \(chain)") }
            if let nodePort { fragment.element("node-port-chains", nodePort, "goto \(chain)") }
            if !port.isInternalLocal { fragment.element("service-chains", cluster, "goto \(chain)") }
        } else {
            let keys = port.isInternalLocal ? external : [cluster] + external
            for key in keys { spread(key, endpoints, "service", &fragment) }
            if let nodePort { spread(nodePort, endpoints, "node-port", &fragment) }
        }
        if port.isInternalLocal { localChain(port, cluster, id, transport, &fragment) }
    }

    /// A Service in the maps alone.
    private func spread(
        _ key: String, _ endpoints: [ServiceEndpoint], _ maps: String, _ fragment: inout Fragment
    ) {
        let count = endpoints.count
        fragment.element("\(maps)-sizes", key, "\(count)")
        for (index, endpoint) in endpoints.enumerated() {
            fragment.element("\(maps)-endpoints", "\(key) . \(index)", endpoint.element)
        }
        fragment.addPick(count)
    }

    /// `loadBalancerSourceRanges`: kept for the balancer's addresses only, as upstream does.
    private func limitSources(_ port: ServicePortRules, _ fragment: inout Fragment) {
        guard port.isSourceLimited else { return }
        for address in port.loadBalancerAddresses {
            let key = "\(address) . \(port.transport.word) . \(port.port)"
            fragment.element("source-limited", key)
            // An interval must not be in the set twice, nor overlap another.
            for range in CIDR.disjoint(port.sourceRanges) {
                fragment.element("source-ranges", "\(key) . \(range)")
            }
            // What the machine itself sends to an address of its own carries that address as the source.
            let admitsNode = configuration.nodeAddresses.contains { node in
                port.sourceRanges.contains { $0.contains(node) }
            }
            if admitsNode, !port.sourceRanges.contains(where: { $0.contains(address) }) {
                fragment.element("source-ranges", "\(key) . \(address)")
            }
        }
    }

    /// A chain that keeps a client with its endpoint, and a chain for each endpoint that remembers it.
    private func stickyChain(
        _ chain: String, _ id: String, _ endpoints: [ServiceEndpoint], _ timeout: Int, _ transport: String,
        _ fragment: inout Fragment
    ) {
        var rules: [String] = []
        var choices: [String] = []
        for (index, endpoint) in endpoints.enumerated() {
            let name = "\(id)-\(endpoint.address)-\(endpoint.port)"
            fragment.set(
                "affinity-\(name)", "set type ipv4_addr; flags dynamic,timeout; timeout \(timeout)s;")
            fragment.chain(
                "endpoint-\(name)",
                [
                    "update @affinity-\(name) { ip saddr }",
                    "meta l4proto \(transport) dnat to \(endpoint.address):\(endpoint.port)",
                ])
            rules.append("ip saddr @affinity-\(name) goto endpoint-\(name)")
            choices.append("\(index) : goto endpoint-\(name)")
        }
        rules.append("numgen random mod \(choices.count) vmap { \(choices.joined(separator: ", ")) }")
        fragment.chain(chain, rules)
    }

    /// A chain that leads clients to endpoints of their own node alone. The machine itself is every node.
    private func localChain(
        _ port: ServicePortRules, _ cluster: String, _ id: String, _ transport: String,
        _ fragment: inout Fragment
    ) {
        var rules: [String] = []
        let nodes = Set(port.endpoints.map(\.node)).sorted(by: utf8Less)
        for node in nodes {
            let own = port.usableEndpoints(onNode: node)
            guard let range = nodeRanges[node], !own.isEmpty else { continue }
            let chain = "local-\(id)-\(shortHash(node))"
            choose(chain, "\(id)-\(shortHash(node))", own, port, transport, &fragment)
            rules.append("ip saddr \(range) goto \(chain)")
        }
        let anybody = "local-\(id)-node"
        choose(anybody, "\(id)-node", port.usableEndpoints, port, transport, &fragment)
        rules.append("ip saddr != \(configuration.podRange) goto \(anybody)")
        fragment.chain("local-\(id)", rules)
        fragment.element("service-chains", cluster, "goto local-\(id)")
        // What no endpoint of its own node was there for.
        fragment.element("services-without-local", cluster)
    }

    private func choose(
        _ chain: String, _ id: String, _ endpoints: [ServiceEndpoint], _ port: ServicePortRules,
        _ transport: String, _ fragment: inout Fragment
    ) {
        if let timeout = port.affinityTimeout {
            stickyChain(chain, id, endpoints, timeout, transport, &fragment)
            return
        }
        let choices = endpoints.enumerated().map { "\($0) : \($1.element)" }.joined(separator: ", ")
        fragment.chain(
            chain,
            ["meta l4proto \(transport) dnat to numgen random mod \(endpoints.count) map { \(choices) }"])
    }
}

extension Fragment {
    /// The chain that draws a number below `count`, which everything with so many endpoints shares.
    mutating func addPick(_ count: Int) {
        chain("pick-\(count)", ["meta mark set \(count == 1 ? "0" : "numgen random mod \(count)")"])
        element("picks", "\(count)", "jump pick-\(count)")
    }

    /// A port of the machine that leads to one of a pod, as the portmap plugin would have it.
    mutating func addHostPort(_ port: HostPort, of pod: IPAddress) {
        let transport = port.transport.word
        let target = "\(pod) . \(port.containerPort)"
        if let address = port.address {
            guard address.isIPv4 else { return }
            let key = "\(address) . \(transport) . \(port.port)"
            element("service-sizes", key, "1")
            element("service-endpoints", "\(key) . 0", target)
        } else {
            let key = "\(transport) . \(port.port)"
            element("node-port-sizes", key, "1")
            element("node-port-endpoints", "\(key) . 0", target)
        }
        addPick(1)
    }
}

extension TransportProtocol {
    /// As nftables and conntrack write it.
    var word: String {
        switch self {
        case .tcp: "tcp"
        case .udp: "udp"
        case .sctp: "sctp"
        }
    }
}

extension CIDR {
    /// The IPv4 ranges of a list without those that others contain, in a fixed order.
    static func disjoint(_ ranges: [CIDR]) -> [CIDR] {
        let sorted = Set(ranges.filter { $0.address.isIPv4 }.compactMap { CIDR($0.description) })
            .sorted { left, right in
                if left.prefix != right.prefix { return left.prefix < right.prefix }
                return utf8Less(left.description, right.description)
            }
        var kept: [CIDR] = []
        for range in sorted where !kept.contains(where: { $0.contains(range.network) }) { kept.append(range) }
        return kept
    }
}
