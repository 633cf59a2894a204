import KubeAPI
import KubeJSON

/// Answers "may A reach B on port P?" from NetworkPolicies, Namespaces and Pods.
///
/// Upstream's rules: a pod that no policy selects for a direction is open in it; one that any selects gets
/// through only what some rule of some policy of its lists. The connecting pod's egress and the reached pod's
/// ingress must both let it through; answers always come back. A pod always reaches itself, and traffic
/// between a pod and its own node is never blocked: here all nodes share one machine, so that is any node.
public struct NetworkPolicyEvaluator: Sendable {
    private var policies: [String: [CompiledPolicy]] = [:]
    private var namespaces: [String: JSONObject] = [:]
    private var pods: [String: PolicyPod] = [:]
    private var holders: [IPAddress: String] = [:]
    /// The machine's own: a party with one of them is the node.
    public var nodeAddresses: Set<IPAddress> = []

    /// - Parameters:
    ///   - policies: NetworkPolicy objects.
    ///   - namespaces: Namespace objects; pods of a namespace that is not there match no namespace selector.
    ///   - pods: Pod objects.
    ///   - resolver: where the cluster's DNS answers; nil where it is a pod, or there is none.
    public init(policies: [JSON], namespaces: [JSON], pods: [JSON], resolver: IPAddress? = nil) {
        self.init(
            policies: policies.map { CompiledPolicy($0) },
            namespaceLabels: Dictionary(
                namespaces.map { ($0.name, Self.labels(ofNamespace: $0)) }, uniquingKeysWith: { $1 }),
            pods: pods.map { PolicyPod($0) } + (resolver.map { [.clusterDNS(at: $0)] } ?? []))
    }

    public init(policies: [CompiledPolicy], namespaceLabels: [String: JSONObject], pods: [PolicyPod]) {
        for policy in policies.sorted(by: { utf8Less($0.key, $1.key) }) {
            self.policies[policy.namespace, default: []].append(policy)
        }
        namespaces = namespaceLabels
        for pod in pods {
            self.pods[pod.key] = pod
            guard pod.isSubject else { continue }
            for address in pod.addresses { holders[address] = pod.key }
        }
    }

    /// The labels that selectors see. Upstream's admission gives every namespace its name as a label; manifests
    /// that no server has taken yet lack it.
    public static func labels(ofNamespace namespace: JSON) -> JSONObject {
        var labels = namespace["metadata"]?["labels"]?.object ?? [:]
        labels["kubernetes.io/metadata.name"] = .string(namespace.name)
        return labels
    }

    /// - Parameter port: on the pod that is reached, after any Service has led there.
    /// - Returns: nil when a named pod is not there, or an address is none.
    public func verdict(
        from source: NetworkParty, to target: NetworkParty, port: Int,
        _ transport: TransportProtocol = .tcp
    ) -> ReachVerdict? {
        guard let from = resolve(source), let to = resolve(target) else { return nil }
        if let pod = from.pod, pod.key == to.pod?.key {
            return ReachVerdict(egress: .exempt(.itself), ingress: .exempt(.itself))
        }
        return ReachVerdict(
            egress: verdict(.egress, of: from, with: to, port, transport),
            ingress: verdict(.ingress, of: to, with: from, port, transport))
    }

    /// The policies that isolate a pod in a direction, in order of key.
    public func policies(isolating key: String, _ direction: TrafficDirection) -> [CompiledPolicy] {
        guard let pod = pods[key], pod.isSubject else { return [] }
        return isolating(pod, direction)
    }

    private struct Party {
        var pod: PolicyPod?
        var addresses: [IPAddress]
        var isNode = false
    }

    private func resolve(_ party: NetworkParty) -> Party? {
        switch party {
        case .node: return Party(pod: nil, addresses: [], isNode: true)
        case .pod(let key):
            guard let pod = pods[key] else { return nil }
            if pod.usesHostNetwork { return Party(pod: nil, addresses: pod.addresses, isNode: true) }
            return Party(pod: pod, addresses: pod.addresses)
        case .address(let text):
            guard let address = IPAddress(text) else { return nil }
            if nodeAddresses.contains(address) {
                return Party(pod: nil, addresses: [address], isNode: true)
            }
            let pod = holders[address].flatMap { pods[$0] }
            return Party(pod: pod, addresses: pod?.addresses ?? [address])
        }
    }

    private func isolating(_ pod: PolicyPod, _ direction: TrafficDirection) -> [CompiledPolicy] {
        (policies[pod.namespace] ?? []).filter { $0.isolates(direction) && $0.selects(pod) }
    }

    private func verdict(
        _ direction: TrafficDirection, of own: Party, with other: Party, _ port: Int,
        _ transport: TransportProtocol
    ) -> DirectionVerdict {
        guard let pod = own.pod else { return .notAPod }
        if other.isNode { return .exempt(.node) }
        guard pod.isSubject else { return .notIsolated }
        let isolating = isolating(pod, direction)
        if isolating.isEmpty { return .notIsolated }
        // Names of ports are those of the pod that is reached, whichever side's policy it is.
        let reached = direction == .ingress ? pod : other.pod
        for policy in isolating {
            for (index, rule) in policy.rules(direction).enumerated() {
                let isPort = rule.ports?.contains { $0.contains(port, transport, on: reached) } ?? true
                guard isPort, rule.peers?.contains(where: { matches($0, other) }) ?? true else { continue }
                return .allowed(PolicyGrant(policy: policy.key, rule: index))
            }
        }
        return .denied(isolating.map(\.key))
    }

    private func matches(_ peer: PolicyPeer, _ party: Party) -> Bool {
        switch peer {
        case .pods(let selection):
            guard let pod = party.pod, pod.isSubject else { return false }
            return selection.contains(pod, namespaceLabels: namespaces[pod.namespace])
        case .block(let cidr, let except):
            return party.addresses.contains { address in
                cidr.contains(address) && !except.contains { $0.contains(address) }
            }
        }
    }
}
