import KubeAPI
import KubeJSON
import KubePolicy

/// Turns the rules of a Service into what it puts into the table.
struct ServiceCompiler {
    let configuration: NetworkConfiguration
    /// In order of their names, for what differs from node to node.
    let nodes: [NodePlace]

    /// What a node puts into the table by itself.
    static func fragment(_ node: NodePlace) -> Fragment {
        var fragment = Fragment()
        if let element = node.ownNodeElement { fragment.element("own-node", element) }
        return fragment
    }

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
        let groups = nodeGroups(port)
        if port.affinityTimeout == nil, groups.isEmpty {
            let keys = port.isInternalLocal ? external : [cluster] + external
            for key in keys { spread(key, endpoints, "service", &fragment) }
            if let nodePort { spread(nodePort, endpoints, "node-port", &fragment) }
        } else {
            let chain = clusterChain(port, id, groups, &fragment)
            for key in external { fragment.element("service-chains", key, "goto \(chain)") }
            if let nodePort { fragment.element("node-port-chains", nodePort, "goto \(chain)") }
            if !port.isInternalLocal { fragment.element("service-chains", cluster, "goto \(chain)") }
        }
        if port.isInternalLocal { localChain(port, cluster, id, &fragment) }
        if port.nodePort != 0 {
            if port.isExternalLocal {
                externalLocalChain(port, id, groups, &fragment)
            } else {
                nearNodePorts(port, id, groups, &fragment)
            }
        }
    }

    /// Whom a list of endpoints is for.
    private enum Clients {
        case everybody
        /// Those of these nodes, by hints.
        case near([NodePlace])
        /// Those of a node that are led to its own endpoints alone.
        case local(NodePlace)

        /// Of a chain's name.
        var suffix: String {
            switch self {
            case .everybody: ""
            case .near(let nodes): "-near-" + shortHash(nodes.map(\.name).joined(separator: ","))
            case .local(let node): "-local-" + shortHash(node.name)
            }
        }
    }

    /// Nodes whose traffic is led to other endpoints than everybody's, by hints.
    private struct NodeGroup {
        var nodes: [NodePlace]
        let endpoints: [ServiceEndpoint]
    }

    private func nodeGroups(_ port: ServicePortRules) -> [NodeGroup] {
        guard port.endpoints.contains(where: { !$0.nodeHints.isEmpty || !$0.zoneHints.isEmpty }) else {
            return []
        }
        let everybody = port.usableEndpoints
        var groups: [NodeGroup] = []
        for node in nodes {
            let own = port.clusterEndpoints(from: node)
            if own == everybody { continue }
            if let index = groups.firstIndex(where: { $0.endpoints == own }) {
                groups[index].nodes.append(node)
            } else {
                groups.append(NodeGroup(nodes: [node], endpoints: own))
            }
        }
        return groups
    }

    /// The chain of those that may use every endpoint: of pods' traffic what the hints for their node say.
    private func clusterChain(
        _ port: ServicePortRules, _ id: String, _ groups: [NodeGroup], _ fragment: inout Fragment
    ) -> String {
        let everybody = choose(id, port.usableEndpoints, for: .everybody, port, &fragment)
        if groups.isEmpty { return everybody }
        var rules: [String] = []
        for group in groups {
            let chain = choose(id, group.endpoints, for: .near(group.nodes), port, &fragment)
            let ranges = group.nodes.compactMap(\.range).map(\.description)
            if !ranges.isEmpty {
                rules.append("ip saddr { \(ranges.joined(separator: ", ")) } goto \(chain)")
            }
        }
        rules.append("goto \(everybody)")
        fragment.chain("near-\(id)", rules)
        return "near-\(id)"
    }

    /// What comes from outside to a node is led where the hints for the node say.
    private func nearNodePorts(
        _ port: ServicePortRules, _ id: String, _ groups: [NodeGroup], _ fragment: inout Fragment
    ) {
        for group in groups {
            let chain = choose(id, group.endpoints, for: .near(group.nodes), port, &fragment)
            for node in group.nodes {
                guard let key = Self.nodePortKey(port, node) else { continue }
                fragment.element("service-chains", key, "goto \(chain)")
            }
        }
    }

    private static func nodePortKey(_ port: ServicePortRules, _ node: NodePlace) -> String? {
        node.address.map { "\($0) . \(port.transport.word) . \(port.nodePort)" }
    }

    /// `externalTrafficPolicy: Local`: the node port of a node leads to the endpoints on it alone. As upstream has
    /// it, a pod that asks its own node is not outside, and is led like inside the cluster.
    private func externalLocalChain(
        _ port: ServicePortRules, _ id: String, _ groups: [NodeGroup], _ fragment: inout Fragment
    ) {
        guard nodes.contains(where: { $0.address != nil }) else { return }
        let anybody = clusterChain(port, id, groups, &fragment)
        var rules = ["ip saddr . ip daddr @own-node goto \(anybody)"]
        for node in nodes {
            guard let key = Self.nodePortKey(port, node), let address = node.address else { continue }
            fragment.element("service-chains", key, "goto external-\(id)")
            // What no endpoint of the node was there for.
            fragment.element("services-without-local", key)
            let own = port.usableEndpoints(onNode: node.name)
            if own.isEmpty { continue }
            rules.append("ip daddr \(address) goto \(choose(id, own, for: .local(node), port, &fragment))")
        }
        fragment.chain("external-\(id)", rules)
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

    /// A chain that leads clients to endpoints of their own node alone. The machine itself is every node.
    private func localChain(
        _ port: ServicePortRules, _ cluster: String, _ id: String, _ fragment: inout Fragment
    ) {
        var rules: [String] = []
        for node in nodes {
            let own = port.usableEndpoints(onNode: node.name)
            guard let range = node.range, !own.isEmpty else { continue }
            rules.append("ip saddr \(range) goto \(choose(id, own, for: .local(node), port, &fragment))")
        }
        let anybody = choose(id, port.usableEndpoints, for: .everybody, port, &fragment)
        rules.append("ip saddr != \(configuration.podRange) goto \(anybody)")
        fragment.chain("local-\(id)", rules)
        fragment.element("service-chains", cluster, "goto local-\(id)")
        // What no endpoint of its own node was there for.
        fragment.element("services-without-local", cluster)
    }

    /// A chain that leads to one of these endpoints.
    private func choose(
        _ id: String, _ endpoints: [ServiceEndpoint], for clients: Clients, _ port: ServicePortRules,
        _ fragment: inout Fragment
    ) -> String {
        let chain = "service-\(id)\(clients.suffix)"
        let transport = port.transport.word
        if let timeout = port.affinityTimeout {
            fragment.chain(chain, sticky(id, endpoints, timeout, transport, &fragment))
        } else {
            let choices = endpoints.enumerated().map { "\($0) : \($1.element)" }.joined(separator: ", ")
            let number = "numgen random mod \(endpoints.count)"
            fragment.chain(chain, ["meta l4proto \(transport) dnat to \(number) map { \(choices) }"])
        }
        return chain
    }

    /// Rules that keep a client with its endpoint, and a chain for each endpoint that remembers it: whatever way the
    /// client comes to the Service's port.
    private func sticky(
        _ id: String, _ endpoints: [ServiceEndpoint], _ timeout: Int, _ transport: String,
        _ fragment: inout Fragment
    ) -> [String] {
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
        return rules
    }
}

extension Fragment {
    /// The chain that draws a number below `count`, which everything with so many endpoints shares.
    mutating func addPick(_ count: Int) {
        chain("pick-\(count)", ["meta mark set \(count == 1 ? "0" : "numgen random mod \(count)")"])
        element("picks", "\(count)", "jump pick-\(count)")
    }

    /// A port of the pod's node that leads to one of the pod, as the portmap plugin would have it. The nodes are one
    /// machine: at its other addresses a port leads to the first of those that have it.
    mutating func addHostPort(_ port: HostPort, of pod: IPAddress, on node: IPAddress?) {
        let transport = port.transport.word
        let target = "\(pod) . \(port.containerPort)"
        if let address = port.address ?? node, address.isIPv4 {
            let key = "\(address) . \(transport) . \(port.port)"
            element("service-sizes", key, "1")
            element("service-endpoints", "\(key) . 0", target)
            addPick(1)
        }
        if port.address == nil {
            let key = "\(transport) . \(port.port)"
            element("node-port-sizes", key, "1")
            element("node-port-endpoints", "\(key) . 0", target)
            addPick(1)
        }
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
