/// One end of a connection.
public enum NetworkParty: Sendable, Hashable, CustomStringConvertible {
    /// By `namespace/name`.
    case pod(String)
    /// The pods' own machine: the kubelet's probes, and pods in the host's network.
    case node
    /// Whoever has an address; a pod's address means the pod.
    case address(String)

    public var description: String {
        switch self {
        case .pod(let key): "pod \(key)"
        case .node: "the node"
        case .address(let text): text
        }
    }
}

/// Whether a connection is let through, and why.
public struct ReachVerdict: Sendable, Equatable {
    /// What the policies of the pod that connects say.
    public let egress: DirectionVerdict
    /// What the policies of the pod that is reached say.
    public let ingress: DirectionVerdict

    public init(egress: DirectionVerdict, ingress: DirectionVerdict) {
        self.egress = egress
        self.ingress = ingress
    }

    public var isAllowed: Bool { egress.isAllowed && ingress.isAllowed }

    /// One sentence for people: what decided.
    public var reason: String {
        if case .denied(let policies) = egress {
            return
                "the source is isolated for egress by \(Self.list(policies)), and no rule lets this through"
        }
        if case .denied(let policies) = ingress {
            return
                "the target is isolated for ingress by \(Self.list(policies)), and no rule lets this through"
        }
        let parts = [("egress", egress), ("ingress", ingress)].compactMap { name, verdict -> String? in
            switch verdict {
            case .allowed(let grant): "\(name) is allowed by \(grant.policy), rule \(grant.rule + 1)"
            case .exempt(.itself): "a pod always reaches itself"
            case .exempt(.node): "traffic between a pod and its node is always allowed"
            case .notIsolated:
                "no policy isolates \(name == "egress" ? "the source for" : "the target for") \(name)"
            case .notAPod, .denied: nil
            }
        }
        var seen: [String] = []
        for part in parts where !seen.contains(part) { seen.append(part) }
        return seen.joined(separator: "; ")
    }

    private static func list(_ policies: [String]) -> String { policies.joined(separator: ", ") }
}

public enum DirectionVerdict: Sendable, Equatable {
    /// This end is no pod: it has no policies.
    case notAPod
    /// No policy isolates the pod in this direction.
    case notIsolated
    /// Let through whatever the policies say.
    case exempt(Exemption)
    case allowed(PolicyGrant)
    /// By the policies that isolate the pod, in order of key.
    case denied([String])

    public enum Exemption: Sendable {
        case itself, node
    }

    public var isAllowed: Bool {
        if case .denied = self { return false }
        return true
    }
}

/// The first rule that lets something through, by order of policy and rule.
public struct PolicyGrant: Sendable, Hashable {
    public let policy: String
    /// Its index in `spec.ingress` or `spec.egress`.
    public let rule: Int

    public init(policy: String, rule: Int) {
        self.policy = policy
        self.rule = rule
    }
}
