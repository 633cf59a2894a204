import KubeAPI
import KubeJSON

/// What a NetworkPolicy says, read once: whom it isolates in which direction, and what it lets through all
/// the same. Follows networking.k8s.io/v1 as upstream documents the fields.
public struct CompiledPolicy: Sendable, Equatable {
    /// `namespace/name`.
    public let key: String
    public let namespace: String
    /// Which pods of its namespace it isolates.
    public let podSelector: LabelSelector
    public let isolatesIngress: Bool
    public let isolatesEgress: Bool
    public let ingress: [PolicyRule]
    public let egress: [PolicyRule]

    /// - Parameter policy: a NetworkPolicy. What is not valid in it (which validation refuses) selects nothing
    ///   or lets nothing through.
    public init(_ policy: JSON) {
        let spec = policy["spec"]
        namespace = policy.namespace
        key = "\(policy.namespace)/\(policy.name)"
        podSelector = (try? LabelSelector(object: spec?["podSelector"] ?? [:])) ?? .nothing
        let egressRules = spec?["egress"]?.array ?? []
        if let types = spec?["policyTypes"]?.array, !types.isEmpty {
            isolatesIngress = types.contains { $0.string == "Ingress" }
            isolatesEgress = types.contains { $0.string == "Egress" }
        } else {
            isolatesIngress = true
            isolatesEgress = !egressRules.isEmpty
        }
        let home = policy.namespace
        ingress = (spec?["ingress"]?.array ?? []).map { PolicyRule($0, peers: "from", namespace: home) }
        egress = egressRules.map { PolicyRule($0, peers: "to", namespace: home) }
    }

    public func isolates(_ direction: TrafficDirection) -> Bool {
        direction == .ingress ? isolatesIngress : isolatesEgress
    }

    public func rules(_ direction: TrafficDirection) -> [PolicyRule] {
        direction == .ingress ? ingress : egress
    }

    public func selects(_ pod: PolicyPod) -> Bool {
        pod.namespace == namespace && podSelector.matches(labels: pod.labels)
    }
}

/// As a pod sees it.
public enum TrafficDirection: String, Sendable, Hashable, CaseIterable {
    case ingress, egress
}

/// Traffic that a policy lets through: from (or to) any of the peers, on any of the ports.
public struct PolicyRule: Sendable, Hashable {
    /// Nil for everybody, in the cluster or not.
    public let peers: [PolicyPeer]?
    /// Nil for every port of every protocol.
    public let ports: [PolicyPort]?

    init(_ rule: JSON, peers field: String, namespace: String) {
        let peers = rule[field]?.array ?? []
        self.peers = peers.isEmpty ? nil : peers.compactMap { PolicyPeer($0, namespace: namespace) }
        let ports = rule["ports"]?.array ?? []
        self.ports = ports.isEmpty ? nil : ports.compactMap { PolicyPort($0) }
    }
}

public enum PolicyPeer: Sendable, Hashable {
    case pods(PodSelection)
    case block(CIDR, except: [CIDR])

    init?(_ peer: JSON, namespace: String) {
        if let block = peer["ipBlock"], block.object != nil {
            guard let cidr = CIDR(block["cidr"]?.string ?? "") else { return nil }
            let except = (block["except"]?.array ?? []).compactMap { $0.string.flatMap { CIDR($0) } }
            self = .block(cidr, except: except)
            return
        }
        let pods = peer["podSelector"]
        let namespaces = peer["namespaceSelector"]
        guard pods?.object != nil || namespaces?.object != nil,
            let podSelector = try? LabelSelector(object: pods?.object == nil ? [:] : pods),
            let namespaceSelector = try? LabelSelector(object: namespaces)
        else { return nil }
        self = .pods(
            PodSelection(
                namespaces: namespaces?.object == nil ? .named(namespace) : .labelled(namespaceSelector),
                pods: podSelector))
    }
}

/// The pods that a peer of a rule names.
public struct PodSelection: Sendable, Hashable {
    public enum Namespaces: Sendable, Hashable {
        case named(String)
        case labelled(LabelSelector)
    }

    public let namespaces: Namespaces
    public let pods: LabelSelector

    public init(namespaces: Namespaces, pods: LabelSelector) {
        self.namespaces = namespaces
        self.pods = pods
    }

    /// - Parameter namespaceLabels: those of the pod's namespace; nil when there is no such namespace.
    public func contains(_ pod: PolicyPod, namespaceLabels: JSONObject?) -> Bool {
        switch namespaces {
        case .named(let name):
            if pod.namespace != name { return false }
        case .labelled(let selector):
            guard let namespaceLabels, selector.matches(labels: namespaceLabels) else { return false }
        }
        return pods.matches(labels: pod.labels)
    }

    /// A text that is the same for equal selections only.
    public var canonical: String {
        switch namespaces {
        case .named(let name): "name=\(name);\(text(pods))"
        case .labelled(let selector): "labels=\(text(selector));\(text(pods))"
        }
    }

    private func text(_ selector: LabelSelector) -> String {
        selector == .nothing ? "<none>" : selector.description
    }
}

public enum TransportProtocol: String, Sendable, Hashable, CaseIterable, Comparable {
    case tcp = "TCP"
    case udp = "UDP"
    case sctp = "SCTP"

    /// TCP when an object names none.
    public init?(defaulting value: JSON?) {
        guard let text = value?.string else {
            self = .tcp
            return
        }
        self.init(rawValue: text)
    }

    public static func < (left: TransportProtocol, right: TransportProtocol) -> Bool {
        utf8Less(left.rawValue, right.rawValue)
    }
}

/// Ports of one protocol, as they are on the pod that is reached.
public enum PolicyPort: Sendable, Hashable {
    case all(TransportProtocol)
    case range(TransportProtocol, ClosedRange<Int>)
    /// Whatever number the reached pod gives this name.
    case named(TransportProtocol, String)

    init?(_ port: JSON) {
        guard let transport = TransportProtocol(defaulting: port["protocol"]) else { return nil }
        if let number = port["port"]?.int {
            let end = port["endPort"]?.int ?? number
            guard (0...65_535).contains(number), (number...65_535).contains(end) else { return nil }
            self = .range(transport, number...end)
        } else if let name = port["port"]?.string {
            self = .named(transport, name)
        } else {
            self = .all(transport)
        }
    }

    public func contains(_ port: Int, _ transport: TransportProtocol, on pod: PolicyPod?) -> Bool {
        switch self {
        case .all(let own): own == transport
        case .range(let own, let range): own == transport && range.contains(port)
        case .named(let own, let name):
            own == transport
                && pod?.namedPorts.contains(NamedPort(name: name, transport: own, port: port)) == true
        }
    }
}
