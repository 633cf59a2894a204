import KubeAPI
import KubeJSON

/// What of a pod's spec decides where it may go, without its labels: pods made from one template share it.
struct PodShape: Sendable {
    struct Scalar: Sendable, Equatable {
        let name: String
        let amount: Int64
    }

    struct PreferredNodes: Sendable {
        let weight: Int64
        let term: NodeSelectorTerm
    }

    // MARK: Resources

    private(set) var milliCPU: Int64 = 0
    private(set) var memory: Int64 = 0
    private(set) var ephemeralStorage: Int64 = 0
    private(set) var scalars: [Scalar] = []
    /// With upstream's assumption for containers that ask for nothing: 100m and 200 MiB.
    private(set) var nonZeroMilliCPU: Int64 = 0
    private(set) var nonZeroMemory: Int64 = 0
    private(set) var ports: [PodHostPort] = []

    // MARK: Nodes

    private(set) var nodeSelector: [(key: String, value: String)] = []
    private(set) var requiredNodes: [NodeSelectorTerm]?
    private(set) var preferredNodes: [PreferredNodes] = []
    private(set) var tolerations: [Toleration] = []
    /// The only nodes that the affinity names, when all its terms name some.
    private(set) var namedNodes: [String]?
    private(set) var images: [String] = []
    private(set) var containerCount = 0

    // MARK: Other pods

    private(set) var requiredAffinity: [AffinityTerm] = []
    private(set) var requiredAntiAffinity: [AffinityTerm] = []
    /// Weights of anti-affinity are negative.
    private(set) var preferredAffinity: [AffinityTerm] = []
    private(set) var spread: [SpreadConstraint] = []
    private(set) var owner: Owner?
    private(set) var claimsResources = false

    var hasAffinityTerms: Bool {
        !requiredAffinity.isEmpty || !requiredAntiAffinity.isEmpty || !preferredAffinity.isEmpty
    }
    /// The labels that tell pods of one template apart, where a selector names one.
    var identityKeys: Set<String> {
        var keys: Set<String> = []
        for term in requiredAffinity + requiredAntiAffinity + preferredAffinity {
            keys.formUnion(LabelSet.identityKeys(in: term.selector))
            keys.formUnion(LabelSet.identityKeys.intersection(term.matchLabelKeys + term.mismatchLabelKeys))
        }
        for constraint in spread {
            keys.formUnion(LabelSet.identityKeys(in: constraint.selector))
            keys.formUnion(LabelSet.identityKeys.intersection(constraint.matchLabelKeys))
        }
        return keys
    }
    var asksForNothing: Bool {
        milliCPU == 0 && memory == 0 && ephemeralStorage == 0 && scalars.isEmpty
    }

    /// The workload whose selector spreads the pod by default.
    struct Owner: Sendable, Hashable {
        let kind: ClusterObject
        let name: String

        init?(_ pod: JSON) {
            guard
                let owner = pod["metadata"]?["ownerReferences"]?.array?
                    .first(where: { $0["controller"]?.bool == true }),
                let name = owner["name"]?.string
            else { return nil }
            switch owner["kind"]?.string {
            case "ReplicaSet": kind = .replicaSet
            case "StatefulSet": kind = .statefulSet
            case "ReplicationController": kind = .replicationController
            default: return nil
            }
            self.name = name
        }
    }

    init(_ pod: JSON) {
        let spec = pod["spec"]
        readResources(pod, spec)
        readNodes(spec)
        let affinity = spec?["affinity"]
        for term in affinity?["podAffinity"]?[required]?.array ?? [] {
            requiredAffinity.append(AffinityTerm(term))
        }
        for term in affinity?["podAntiAffinity"]?[required]?.array ?? [] {
            requiredAntiAffinity.append(AffinityTerm(term))
        }
        for (kind, sign) in [("podAffinity", Int64(1)), ("podAntiAffinity", -1)] {
            for item in affinity?[kind]?[preferred]?.array ?? [] {
                let weight = item["weight"]?.integer ?? 0
                preferredAffinity.append(
                    AffinityTerm(item["podAffinityTerm"] ?? .null, weight: sign * weight))
            }
        }
        spread = (spec?["topologySpreadConstraints"]?.array ?? []).map(SpreadConstraint.init)
        owner = Owner(pod)
        claimsResources = !(spec?["resourceClaims"]?.array ?? []).isEmpty
    }

    private mutating func readResources(_ pod: JSON, _ spec: JSON?) {
        let resizing = Self.isResizing(pod)
        let total = PodResourceTotals.total(.requests, of: pod, includesStatus: resizing)
        milliCPU = total["cpu"]?.milliValue ?? 0
        memory = total["memory"]?.wholeValue ?? 0
        ephemeralStorage = total["ephemeral-storage"]?.wholeValue ?? 0
        for name in total.names {
            switch name {
            case "cpu", "memory", "ephemeral-storage", "pods", "storage": continue
            default:
                let amount = total[name]?.wholeValue ?? 0
                if amount != 0 { scalars.append(Scalar(name: name, amount: amount)) }
            }
        }
        var assumed = pod
        let ofPod = ResourceAmounts(spec?["resources"]?["requests"])
        if ofPod["cpu"] == nil, ofPod["memory"] == nil {
            for list in ["containers", "initContainers"] {
                guard let containers = spec?[list]?.array else { continue }
                assumed.set(.array(containers.map(Self.withAssumedRequests)), at: "spec", list)
            }
        }
        let nonZero = PodResourceTotals.total(.requests, of: assumed, includesStatus: resizing)
        nonZeroMilliCPU = nonZero["cpu"]?.milliValue ?? 100
        nonZeroMemory = nonZero["memory"]?.wholeValue ?? 200 * 1024 * 1024

        let containers = spec?["containers"]?.array ?? []
        let initContainers = spec?["initContainers"]?.array ?? []
        ports = PodHostPort.all(of: spec)
        containerCount = containers.count + initContainers.count
        images = (initContainers + containers).map { Self.normalisedImage($0["image"]?.string ?? "") }
    }

    private static func withAssumedRequests(_ container: JSON) -> JSON {
        var container = container
        for (name, amount) in [("cpu", "100m"), ("memory", "209715200")]
        where container["resources"]?["requests"]?[name] == nil {
            container.set(.string(amount), at: "resources", "requests", name)
        }
        return container
    }

    static func isResizing(_ pod: JSON) -> Bool {
        guard let conditions = pod["status"]?["conditions"]?.array else { return false }
        return conditions.contains { condition in
            switch condition["type"]?.string {
            case "PodResizePending", "PodResizeInProgress": true
            default: false
            }
        }
    }

    /// A name without a tag means `latest`.
    static func normalisedImage(_ name: String) -> String {
        let bytes = name.utf8
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { return name + ":latest" }
        if let slash = bytes.lastIndex(of: UInt8(ascii: "/")), colon < slash { return name + ":latest" }
        return name
    }

    private mutating func readNodes(_ spec: JSON?) {
        for (key, value) in spec?["nodeSelector"]?.object ?? [:] {
            nodeSelector.append((key, value.string ?? ""))
        }
        let affinity = spec?["affinity"]?["nodeAffinity"]
        requiredNodes = NodeSelectorTerm.terms(of: affinity?[required])
        for item in affinity?[preferred]?.array ?? [] {
            let weight = item["weight"]?.integer ?? 0
            let term = NodeSelectorTerm(item["preference"] ?? .null)
            if weight != 0, !term.isEmpty {
                preferredNodes.append(PreferredNodes(weight: weight, term: term))
            }
        }
        tolerations = Toleration.all(of: spec)
        namedNodes = Self.namedNodes(requiredNodes)
    }

    /// The nodes that the terms name in `matchFields`; nil when some term names none.
    private static func namedNodes(_ terms: [NodeSelectorTerm]?) -> [String]? {
        guard let terms, !terms.isEmpty else { return nil }
        var all: Set<String> = []
        for term in terms {
            var names: Set<String>?
            for field in term.fields where field.key == "metadata.name" && field.op == .in {
                names = names.map { $0.intersection(field.values) } ?? Set(field.values)
            }
            guard let names else { return nil }
            all.formUnion(names)
        }
        return all.sorted(by: utf8Less)
    }
}

private let required = "requiredDuringSchedulingIgnoredDuringExecution"
private let preferred = "preferredDuringSchedulingIgnoredDuringExecution"

/// The parts of a pod that a shape is made from; equal keys make equal shapes.
struct ShapeKey: Hashable, Sendable {
    private var parts: [JSON] = []
    private let owner: PodShape.Owner?

    init(_ pod: JSON) {
        let spec = pod["spec"]
        owner = PodShape.Owner(pod)
        parts.reserveCapacity(16)
        for key in Self.whole { parts.append(spec?[key] ?? .null) }
        for list in ["containers", "initContainers"] {
            for container in spec?[list]?.array ?? [] {
                parts.append(container["resources"]?["requests"] ?? .null)
                parts.append(container["image"] ?? .null)
                if let ports = container["ports"]?.array, ports.contains(where: { $0["hostPort"] != nil }) {
                    parts.append(.array(ports))
                }
                if let policy = container["restartPolicy"] { parts.append(policy) }
            }
            parts.append(.null)
        }
        if PodShape.isResizing(pod) {
            parts.append(pod["status"]?["containerStatuses"] ?? .null)
            parts.append(pod["status"]?["initContainerStatuses"] ?? .null)
        }
    }

    private static let whole = [
        "nodeSelector", "affinity", "tolerations", "topologySpreadConstraints", "overhead", "resources",
        "resourceClaims",
    ]
}
