import KubeJSON

/// What keeps pods off a node.
public struct Taint: Sendable, Hashable {
    public enum Effect: String, Sendable {
        case noSchedule = "NoSchedule"
        case preferNoSchedule = "PreferNoSchedule"
        case noExecute = "NoExecute"
    }

    public let key: String
    public let value: String
    public let effect: Effect

    public init(key: String, value: String, effect: Effect) {
        self.key = key
        self.value = value
        self.effect = effect
    }

    /// Nil for one whose effect nobody knows.
    public init?(_ object: JSON) {
        guard let effect = object["effect"]?.string.flatMap(Effect.init(rawValue:)) else { return nil }
        self.init(key: object["key"]?.string ?? "", value: object["value"]?.string ?? "", effect: effect)
    }
}

/// What a pod says of taints that it bears (component-helpers: scheduling/corev1, `ToleratesTaint`).
public struct Toleration: Sendable, Hashable {
    private enum Operator: Sendable {
        case equal
        case exists
        /// Tolerates nothing.
        case unknown
    }

    private let key: String
    private let op: Operator
    private let value: String
    /// Nil for all of them.
    private let effect: Taint.Effect?
    /// Of NoExecute: how long it is borne; nil for ever.
    public let seconds: Int64?

    public init(_ object: JSON) {
        key = object["key"]?.string ?? ""
        value = object["value"]?.string ?? ""
        seconds = object["tolerationSeconds"]?.integer
        let word = object["effect"]?.string ?? ""
        effect = Taint.Effect(rawValue: word)
        let isKnown = word.isEmpty || effect != nil
        switch object["operator"]?.string ?? "" {
        case "", "Equal": op = isKnown ? .equal : .unknown
        case "Exists": op = isKnown ? .exists : .unknown
        default: op = .unknown
        }
    }

    /// Those of a pod, in its order.
    public static func all(of spec: JSON?) -> [Toleration] {
        (spec?["tolerations"]?.array ?? []).map(Toleration.init)
    }

    public func tolerates(_ taint: Taint) -> Bool {
        if let effect, effect != taint.effect { return false }
        if !key.isEmpty, key != taint.key { return false }
        switch op {
        case .equal: return value == taint.value
        case .exists: return true
        case .unknown: return false
        }
    }
}

extension Sequence<Taint> {
    /// The first one with one of these effects that no toleration bears.
    public func firstUntolerated(by tolerations: [Toleration], effects: Set<Taint.Effect>) -> Taint? {
        first { taint in
            effects.contains(taint.effect) && !tolerations.contains { $0.tolerates(taint) }
        }
    }
}
