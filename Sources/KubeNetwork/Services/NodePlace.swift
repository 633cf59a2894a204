import KubeAPI
import KubeJSON
import KubePolicy

/// What the rules of Services ask of a node: whose traffic is its own, and where it is asked.
struct NodePlace: Sendable, Equatable {
    let name: String
    /// The addresses of its pods.
    let range: CIDR?
    /// Its own.
    let address: IPAddress?
    let zone: String

    init(_ node: JSON) {
        name = node.name
        let spec = node["spec"]
        let ranges = [spec?["podCIDR"]?.string] + (spec?["podCIDRs"]?.array ?? []).map(\.string)
        range = ranges.compactMap { $0.flatMap { CIDR($0) } }.first { $0.address.isIPv4 }
        let listed = (node["status"]?["addresses"]?.array ?? []).filter {
            $0["type"]?.string == "InternalIP"
        }
        address = listed.compactMap { $0["address"]?.string.flatMap { IPAddress($0) } }.first(where: \.isIPv4)
        zone = node["metadata"]?["labels"]?["topology.kubernetes.io/zone"]?.string ?? ""
    }

    /// Of the set of pods that ask their own node.
    var ownNodeElement: String? {
        guard let range, let address else { return nil }
        return "\(range) . \(address)"
    }
}

extension ServicePortRules {
    /// The endpoints that traffic from a node is led to where any would do: all, unless every endpoint says by its
    /// hints for which nodes or zones it is, and one is for this node or its zone (KEP-4444, KEP-2433).
    func clusterEndpoints(from node: NodePlace) -> [ServiceEndpoint] {
        let ready = endpoints.filter(\.isReady)
        if ready.isEmpty { return usableEndpoints }
        if ready.allSatisfy({ !$0.nodeHints.isEmpty }) {
            let own = ready.filter { $0.nodeHints.contains(node.name) }
            if !own.isEmpty { return own }
        }
        if !node.zone.isEmpty, ready.allSatisfy({ !$0.zoneHints.isEmpty }) {
            let own = ready.filter { $0.zoneHints.contains(node.zone) }
            if !own.isEmpty { return own }
        }
        return ready
    }

    /// Whether nodes matter to where its traffic goes.
    var asksForNodes: Bool {
        isInternalLocal || isExternalLocal
            || endpoints.contains { !$0.nodeHints.isEmpty || !$0.zoneHints.isEmpty }
    }

    /// All that traffic may be led to from anywhere: nodes whose last endpoints terminate use them though others
    /// have ready ones.
    var reachableEndpoints: [ServiceEndpoint] {
        guard isInternalLocal || isExternalLocal else { return usableEndpoints }
        var found = usableEndpoints
        for node in Set(endpoints.map(\.node)) {
            found += usableEndpoints(onNode: node).filter { !found.contains($0) }
        }
        return found
    }
}
