import KubeAPI
import KubeJSON

/// A PodAffinityTerm as it is written; `ResolvedTerm` is what it means for a pod with certain labels.
struct AffinityTerm: Sendable {
    let topologyKey: String
    let weight: Int64
    let selector: JSON?
    let namespaces: [String]
    let namespaceSelector: JSON?
    let matchLabelKeys: [String]
    let mismatchLabelKeys: [String]

    init(_ term: JSON, weight: Int64 = 0) {
        topologyKey = term["topologyKey"]?.string ?? ""
        self.weight = weight
        selector = term["labelSelector"]
        namespaces = term["namespaces"]?.array?.compactMap(\.string) ?? []
        namespaceSelector = term["namespaceSelector"].flatMap { $0.isNull ? nil : $0 }
        matchLabelKeys = term["matchLabelKeys"]?.array?.compactMap(\.string) ?? []
        mismatchLabelKeys = term["mismatchLabelKeys"]?.array?.compactMap(\.string) ?? []
    }

    /// The API server merges the keys into the selector as well; doing it twice changes nothing.
    func resolved(for pod: LabelSet) -> ResolvedTerm {
        var selector = selector
        if selector?.object != nil {
            selector = LabelSet.merge(matchLabelKeys, of: pod.labels, into: selector, as: "In")
            selector = LabelSet.merge(mismatchLabelKeys, of: pod.labels, into: selector, as: "NotIn")
        }
        return ResolvedTerm(
            topologyKey: topologyKey, weight: weight,
            selector: (try? LabelSelector(object: selector)) ?? .nothing,
            namespaces: namespaces.isEmpty && namespaceSelector == nil ? [pod.namespace] : namespaces,
            namespaceSelector: namespaceSelector.map { (try? LabelSelector(object: $0)) ?? .nothing })
    }
}

struct ResolvedTerm: Sendable {
    let topologyKey: String
    let weight: Int64
    let selector: LabelSelector
    let namespaces: [String]
    let namespaceSelector: LabelSelector?

    func matches(_ pod: LabelSet, namespaceLabels: [String: JSONObject]) -> Bool {
        guard
            namespaces.contains(pod.namespace)
                || namespaceSelector.map({ $0.matches(labels: namespaceLabels[pod.namespace]) }) == true
        else { return false }
        return selector.matches(labels: pod.labels)
    }
}

/// A TopologySpreadConstraint as it is written.
struct SpreadConstraint: Sendable {
    let topologyKey: String
    let maxSkew: Int64
    let minDomains: Int
    let isHard: Bool
    let honoursAffinity: Bool
    let honoursTaints: Bool
    let selector: JSON?
    let matchLabelKeys: [String]

    init(_ object: JSON) {
        topologyKey = object["topologyKey"]?.string ?? ""
        maxSkew = object["maxSkew"]?.integer ?? 1
        minDomains = object["minDomains"]?.int ?? 1
        isHard = object["whenUnsatisfiable"]?.string != "ScheduleAnyway"
        honoursAffinity = object["nodeAffinityPolicy"]?.string != "Ignore"
        honoursTaints = object["nodeTaintsPolicy"]?.string == "Honor"
        selector = object["labelSelector"]
        matchLabelKeys = object["matchLabelKeys"]?.array?.compactMap(\.string) ?? []
    }

    private init(key: String, maxSkew: Int64) {
        topologyKey = key
        self.maxSkew = maxSkew
        minDomains = 1
        isHard = false
        honoursAffinity = true
        honoursTaints = false
        selector = nil
        matchLabelKeys = []
    }

    /// How pods of a Service or a workload are spread when they do not say.
    static let standard = [
        SpreadConstraint(key: hostnameKey, maxSkew: 3),
        SpreadConstraint(key: "topology.kubernetes.io/zone", maxSkew: 5),
    ]

    static let hostnameKey = "kubernetes.io/hostname"

    func resolved(for pod: LabelSet) -> ResolvedSpread {
        var merged = selector
        let keys = matchLabelKeys.filter { pod.labels?[$0] != nil }
        if !keys.isEmpty {
            merged = LabelSet.merge(keys, of: pod.labels, into: selector ?? .object([:]), as: "In")
        }
        return ResolvedSpread(
            constraint: self, selector: (try? LabelSelector(object: merged)) ?? .nothing)
    }
}

struct ResolvedSpread: Sendable {
    let constraint: SpreadConstraint
    let selector: LabelSelector
}

/// A namespace and the labels of pods in it.
struct LabelSet: Hashable, Sendable {
    let namespace: String
    let labels: JSONObject?

    /// Labels that tell the pods of one template apart. They would make every pod a class of its own, and
    /// hardly ever does a selector name one.
    static let identityKeys: Set<String> = [
        "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index",
        "batch.kubernetes.io/job-completion-index",
    ]

    /// - Parameter mentioned: the identity keys that some selector names.
    init(namespace: String, labels: JSONObject?, mentioned: Set<String>) {
        self.namespace = namespace
        var labels = labels
        labels?.keep { !Self.identityKeys.contains($0.key) || mentioned.contains($0.key) }
        self.labels = labels
    }

    /// The identity keys that a selector names.
    static func identityKeys(in selector: JSON?) -> Set<String> {
        var keys: Set<String> = []
        for (key, _) in selector?["matchLabels"]?.object ?? [:] where identityKeys.contains(key) {
            keys.insert(key)
        }
        for expression in selector?["matchExpressions"]?.array ?? [] {
            if let key = expression["key"]?.string, identityKeys.contains(key) { keys.insert(key) }
        }
        return keys
    }

    /// Adds expressions `key in (value)` for the labels that the pod has.
    static func merge(
        _ keys: [String], of labels: JSONObject?, into selector: JSON?, as op: String
    ) -> JSON? {
        guard !keys.isEmpty, var selector else { return selector }
        var expressions = selector["matchExpressions"]?.array ?? []
        for key in keys {
            guard let value = labels?[key] else { continue }
            expressions.append(
                .object(["key": .string(key), "operator": .string(op), "values": .array([value])]))
        }
        selector["matchExpressions"] = .array(expressions)
        return selector
    }
}
