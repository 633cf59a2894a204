import KubeAPI
import KubeJSON
import KubePolicy

/// The rules of a machine as a value: takes changes of the cluster's objects and says what has to change on the
/// machine. Pure; the same objects give the same table in whatever order they came.
public struct NetworkModel: Sendable {
    public let configuration: NetworkConfiguration
    private var ruleset = Ruleset()

    private var services: [String: ServiceRules] = [:]
    private var slices: [String: EndpointSliceRules] = [:]
    private var slicesByService: [String: Set<String>] = [:]
    private var nodes: [String: NodePlace] = [:]
    /// In order of their names.
    private var sortedNodes: [NodePlace]?
    /// What the machine was last told about UDP.
    private var committedServices: [String: ServiceRules] = [:]
    private var committedPods: [String: PolicyPod] = [:]
    /// How many Services have an address of our range.
    private var addressUsers: [IPAddress: Int] = [:]

    private var pods: [String: PolicyPod] = [:]
    private var podsByNamespace: [String: Set<String>] = [:]
    private var expectations: [String: IPAddress] = [:]
    private var namespaces: [String: JSONObject] = [:]
    private var policies: [String: [String: CompiledPolicy]] = [:]
    private var selectionUsers: [PodSelection: Int] = [:]
    private var portNameUsers: [PolicyCompiler.PortName: Int] = [:]
    private var sortedSelections: [PodSelection]?

    private var dirtyServices: Set<String> = []
    private var dirtyPods: Set<String> = []

    public init(_ configuration: NetworkConfiguration) {
        self.configuration = configuration
        if let resolver = configuration.resolver {
            let dns = PolicyPod.clusterDNS(at: resolver)
            setPod(dns.key, dns)
        }
    }

    // MARK: Objects

    /// - Parameter service: nil when it is gone.
    public mutating func setService(_ key: String, _ service: JSON?) {
        let rules = service.flatMap { ServiceRules(service: $0) }
        if services[key] == rules { return }
        services[key] = rules
        dirtyServices.insert(key)
    }

    public mutating func setEndpointSlice(_ key: String, _ slice: JSON?) {
        let rules = slice.map { EndpointSliceRules($0) }
        let old = slices[key]
        if old == rules { return }
        slices[key] = rules
        if let service = old?.service, !service.isEmpty {
            slicesByService[service]?.remove(key)
            if slicesByService[service]?.isEmpty == true { slicesByService.removeValue(forKey: service) }
            dirtyServices.insert(service)
        }
        if let service = rules?.service, !service.isEmpty {
            slicesByService[service, default: []].insert(key)
            dirtyServices.insert(service)
        }
    }

    public mutating func setNode(_ name: String, _ node: JSON?) {
        let place = node.map { NodePlace($0) }
        if nodes[name] == place { return }
        nodes[name] = place
        sortedNodes = nil
        ruleset.replace("node:\(name)", with: place.map { ServiceCompiler.fragment($0) })
        // A Service's endpoints are put together when it is compiled: those that hints are for are known by then.
        for (key, rules) in committedServices where rules.ports.contains(where: \.asksForNodes) {
            dirtyServices.insert(key)
        }
    }

    public mutating func setNamespace(_ name: String, _ namespace: JSON?) {
        let labels = namespace.map { NetworkPolicyEvaluator.labels(ofNamespace: $0) }
        if namespaces[name] == labels { return }
        namespaces[name] = labels
        dirtyPods.formUnion(podsByNamespace[name] ?? [])
    }

    public mutating func setPod(_ key: String, _ pod: JSON?) { setPod(key, pod.map { PolicyPod($0) }) }

    mutating func setPod(_ key: String, _ pod: PolicyPod?) {
        var pod = pod
        if pod == nil || pod?.isFinished == true || pod?.addresses.isEmpty == false {
            expectations.removeValue(forKey: key)
        } else if let address = expectations[key] {
            pod?.addresses = [address]
        }
        let old = pods[key]
        if old == pod { return }
        pods[key] = pod
        if let old, pod == nil {
            podsByNamespace[old.namespace]?.remove(key)
            if podsByNamespace[old.namespace]?.isEmpty == true {
                podsByNamespace.removeValue(forKey: old.namespace)
            }
        } else if let pod, old == nil {
            podsByNamespace[pod.namespace, default: []].insert(key)
        }
        dirtyPods.insert(key)
    }

    /// A pod gets an address before its status says so: its rules must be there when its sandbox is.
    public mutating func expect(_ address: IPAddress, for key: String) {
        guard var pod = pods[key] else {
            expectations[key] = address
            return
        }
        guard !pod.usesHostNetwork, !pod.addresses.contains(address) else { return }
        pod.addresses = []
        expectations[key] = address
        setPod(key, pod)
    }

    public mutating func setPolicy(_ key: String, _ policy: JSON?) {
        let compiled = policy.map { CompiledPolicy($0) }
        let slash = key.utf8.firstIndex(of: UInt8(ascii: "/"))
        let namespace = slash.map { String(key[..<$0]) } ?? ""
        let old = policies[namespace]?[key]
        if old == compiled { return }
        policies[namespace, default: [:]][key] = compiled
        if policies[namespace]?.isEmpty == true { policies.removeValue(forKey: namespace) }
        ruleset.replace("policy:\(key)", with: compiled.map { PolicyCompiler.fragment($0) })
        if old?.podSelector != compiled?.podSelector || old?.isolatesIngress != compiled?.isolatesIngress
            || old?.isolatesEgress != compiled?.isolatesEgress
        {
            dirtyPods.formUnion(podsByNamespace[namespace] ?? [])
        }
        if refer(compiled.map { .init($0) }, insteadOf: old.map { .init($0) }) {
            sortedSelections = nil
            dirtyPods.formUnion(pods.keys)
        }
    }

    /// - Returns: whether sets came or went.
    private mutating func refer(
        _ new: PolicyCompiler.References?, insteadOf old: PolicyCompiler.References?
    ) -> Bool {
        let selections = Set(selectionUsers.keys)
        let names = Set(portNameUsers.keys)
        for selection in new?.selections ?? [] { selectionUsers[selection, default: 0] += 1 }
        for name in new?.portNames ?? [] { portNameUsers[name, default: 0] += 1 }
        for selection in old?.selections ?? [] { selectionUsers[selection, default: 0] -= 1 }
        for name in old?.portNames ?? [] { portNameUsers[name, default: 0] -= 1 }
        selectionUsers = selectionUsers.filter { $0.value > 0 }
        portNameUsers = portNameUsers.filter { $0.value > 0 }
        return selections != Set(selectionUsers.keys) || names != Set(portNameUsers.keys)
    }

    // MARK: Changes

    /// What has to change on the machine since the last commit.
    public mutating func commit() -> NetworkChange {
        let flows = compile()
        let changes = ruleset.commit()
        return NetworkChange(
            commands: changes.isEmpty ? "" : changes.commands(table: configuration.table),
            staleFlows: flows.sorted(by: StaleFlow.precedes), localAddresses: Set(addressUsers.keys),
            hasStaleChains: !ruleset.staleChains.isEmpty, isFull: false)
    }

    /// Everything, for a machine of which nothing is known: one transaction that makes our table anew.
    public mutating func commitAll() -> NetworkChange {
        let flows = compile()
        let text =
            BaseTable(configuration: configuration).commands
            + ruleset.commitAll().commands(table: configuration.table)
        return NetworkChange(
            commands: text, staleFlows: flows.sorted(by: StaleFlow.precedes),
            localAddresses: Set(addressUsers.keys),
            hasStaleChains: false, isFull: true)
    }

    /// Chains that nothing leads to any more. Deleting them takes effect a second after the change that emptied
    /// them, or later.
    var staleChains: Set<String> { ruleset.staleChains }

    func deletion(of chains: Set<String>) -> String {
        chains.sorted(by: utf8Less).map { "delete chain ip \(configuration.table) \($0)\n" }.joined()
    }

    /// The chains were deleted.
    mutating func swept(_ chains: Set<String>) { ruleset.swept(chains) }

    /// Commands that leave nothing of ours.
    public static func removal(of table: String) -> String {
        "add table ip \(table)\ndelete table ip \(table)\n"
    }

    private mutating func compile() -> Set<StaleFlow> {
        var flows: Set<StaleFlow> = []
        let compiler = ServiceCompiler(configuration: configuration, nodes: nodeList())
        for key in dirtyServices {
            var rules = services[key]
            rules?.setEndpoints((slicesByService[key] ?? []).compactMap { slices[$0] })
            ruleset.replace("service:\(key)", with: rules.map { compiler.fragment($0) })
            flows.formUnion(StaleFlow.between(committedServices[key], rules))
            countAddresses(of: committedServices[key], -1)
            countAddresses(of: rules, 1)
            committedServices[key] = rules
        }
        dirtyServices = []
        let selections = dirtyPods.isEmpty ? [] : selectionList()
        let names = Set(portNameUsers.keys)
        for key in dirtyPods {
            let pod = pods[key]
            let own = pod.map { policies[$0.namespace]?.values.sorted { utf8Less($0.key, $1.key) } ?? [] }
            let fragment = pod.map {
                PolicyCompiler.fragment(
                    $0, namespaceLabels: namespaces[$0.namespace], policies: own ?? [],
                    selections: selections, portNames: names)
            }
            ruleset.replace("pod:\(key)", with: fragment)
            flows.formUnion(StaleFlow.between(committedPods[key], pod))
            committedPods[key] = pod
        }
        dirtyPods = []
        return flows
    }

    private mutating func nodeList() -> [NodePlace] {
        if let sortedNodes { return sortedNodes }
        let list = nodes.values.sorted { utf8Less($0.name, $1.name) }
        sortedNodes = list
        return list
    }

    private mutating func selectionList() -> [PodSelection] {
        if let sortedSelections { return sortedSelections }
        let list = Array(selectionUsers.keys)
        sortedSelections = list
        return list
    }

    /// The addresses of load balancers that this machine answers for.
    private mutating func countAddresses(of rules: ServiceRules?, _ step: Int) {
        guard let range = configuration.loadBalancerRange else { return }
        // Every port has them all.
        for address in Set(rules?.ports.first?.loadBalancerAddresses ?? []) where range.contains(address) {
            addressUsers[address, default: 0] += step
            if addressUsers[address] == 0 { addressUsers.removeValue(forKey: address) }
        }
    }
}

/// What has to be done on the machine.
public struct NetworkChange: Sendable, Equatable {
    /// One transaction for `nft -f`; empty when the table stays as it is.
    public var commands: String
    /// To be deleted from the connection table when the transaction is through.
    public var staleFlows: [StaleFlow]
    /// All addresses of our range that the loopback interface is to have.
    public var localAddresses: Set<IPAddress>
    public var hasStaleChains: Bool
    public var isFull: Bool
}
