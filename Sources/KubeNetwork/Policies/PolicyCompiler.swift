import KubeAPI
import KubeJSON
import KubePolicy

/// Turns NetworkPolicies and pods into what they put into the table.
///
/// A policy is a chain for each direction that it isolates. Pods with the same policies share a chain that goes
/// through them and then refuses; a pod is led there by an element of `isolated-ingress` or `isolated-egress`.
/// The pods that a rule means are a set for each selector, and named ports a set for each name, so that a pod
/// that comes or goes changes elements only.
enum PolicyCompiler {
    /// What the rules of policies refer to.
    struct References: Hashable, Sendable {
        var selections: Set<PodSelection> = []
        var portNames: Set<PortName> = []

        init(_ policy: CompiledPolicy) {
            for direction in TrafficDirection.allCases where policy.isolates(direction) {
                for rule in policy.rules(direction) {
                    for case .pods(let selection) in rule.peers ?? [] { selections.insert(selection) }
                    for case .named(let transport, let name) in rule.ports ?? [] {
                        portNames.insert(PortName(transport: transport, name: name))
                    }
                }
            }
        }
    }

    struct PortName: Hashable, Sendable {
        var transport: TransportProtocol
        var name: String

        var set: String { "port-\(transport.word)-\(shortHash(name))" }
    }

    static func set(of selection: PodSelection) -> String { "pods-\(shortHash(selection.canonical))" }

    static func chain(of policy: String, _ direction: TrafficDirection) -> String {
        "\(direction.rawValue)-\(shortHash(policy))"
    }

    // MARK: Policies

    static func fragment(_ policy: CompiledPolicy) -> Fragment {
        var fragment = Fragment()
        let references = References(policy)
        for selection in references.selections {
            fragment.set(set(of: selection), "set type ipv4_addr;")
        }
        for name in references.portNames { fragment.set(name.set, "set type ipv4_addr . inet_service;") }
        for direction in TrafficDirection.allCases where policy.isolates(direction) {
            let rules = policy.rules(direction).flatMap { self.rules($0, direction) }
            fragment.chain(chain(of: policy.key, direction), rules)
        }
        return fragment
    }

    private static func rules(_ rule: PolicyRule, _ direction: TrafficDirection) -> [String] {
        let party = direction == .ingress ? "ct original ip saddr" : "ct reply ip saddr"
        let peers = rule.peers?.compactMap { match($0, party) } ?? [""]
        let ports = rule.ports.map { matches($0) } ?? [""]
        return peers.flatMap { peer in
            ports.map { port in
                [peer, port, "accept"].filter { !$0.isEmpty }.joined(separator: " ")
            }
        }
    }

    /// - Returns: nil for a block of IPv6, which no packet of our table is in.
    private static func match(_ peer: PolicyPeer, _ party: String) -> String? {
        switch peer {
        case .pods(let selection): return "\(party) @\(set(of: selection))"
        case .block(let block, let except):
            guard block.address.isIPv4 else { return nil }
            if except.contains(where: { $0.prefix == 0 && $0.address.isIPv4 }) { return nil }
            var parts = block.prefix == 0 ? [] : ["\(party) \(block)"]
            parts += CIDR.disjoint(except).map { "\(party) != \($0)" }
            return parts.joined(separator: " ")
        }
    }

    /// Any of the ports, as matches on the side that was reached.
    private static func matches(_ ports: [PolicyPort]) -> [String] {
        var result: [String] = []
        for transport in TransportProtocol.allCases {
            var ranges: [ClosedRange<Int>] = []
            var names: [String] = []
            for port in ports {
                switch port {
                case .all(transport): ranges.append(0...65_535)
                case .range(transport, let range): ranges.append(range)
                case .named(transport, let name): names.append(name)
                default: break
                }
            }
            let protocolMatch = "meta l4proto \(transport.word)"
            let merged = merge(ranges)
            if merged == [0...65_535] {
                result.append(protocolMatch)
                continue
            }
            if !merged.isEmpty {
                let texts = merged.map {
                    $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
                }
                let list = texts.count == 1 ? texts[0] : "{ \(texts.joined(separator: ", ")) }"
                result.append("\(protocolMatch) ct reply proto-src \(list)")
            }
            for name in Set(names).sorted(by: utf8Less) {
                let set = PortName(transport: transport, name: name).set
                result.append("\(protocolMatch) ct reply ip saddr . ct reply proto-src @\(set)")
            }
        }
        return result
    }

    static func merge(_ ranges: [ClosedRange<Int>]) -> [ClosedRange<Int>] {
        var merged: [ClosedRange<Int>] = []
        for range in ranges.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
            if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }

    // MARK: Pods

    /// - Parameters:
    ///   - policies: those of the pod's namespace, in order of key.
    ///   - selections: those that can mean a pod of this namespace.
    static func fragment(
        _ pod: PolicyPod, namespaceLabels: JSONObject?, policies: [CompiledPolicy],
        selections: [PodSelection], portNames: Set<PortName>
    ) -> Fragment {
        var fragment = Fragment()
        guard pod.isSubject, let address = pod.addresses.first(where: \.isIPv4) else { return fragment }
        fragment.element("itself", "\(address) . \(address)")
        for port in pod.hostPorts { fragment.addHostPort(port, of: address, on: pod.hostAddress) }
        for selection in selections where selection.contains(pod, namespaceLabels: namespaceLabels) {
            fragment.element(set(of: selection), "\(address)")
        }
        for port in pod.namedPorts {
            let name = PortName(transport: port.transport, name: port.name)
            if portNames.contains(name) { fragment.element(name.set, "\(address) . \(port.port)") }
        }
        for direction in TrafficDirection.allCases {
            let own = policies.filter { $0.isolates(direction) && $0.selects(pod) }
            if own.isEmpty { continue }
            let keys = own.map(\.key)
            let group = "\(direction.rawValue)-group-\(shortHash(keys.joined(separator: ",")))"
            fragment.chain(group, keys.map { "jump \(chain(of: $0, direction))" } + ["goto policy-deny"])
            fragment.element("isolated-\(direction.rawValue)", "\(address)", "goto \(group)")
        }
        return fragment
    }
}
