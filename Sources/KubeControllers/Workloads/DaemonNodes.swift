import KubeAPI
import KubeEngine
import KubeJSON

/// What a daemon's pods may do on a node.
struct DaemonFit: Equatable {
    /// A pod is to be there.
    var shouldRun: Bool
    /// One that is there may stay.
    var mayStay: Bool
    static let none = DaemonFit(shouldRun: false, mayStay: false)
}

/// Which nodes the pods of a DaemonSet's template belong on: by node selector, required node affinity and
/// taints (NodeShouldRunDaemonPod).
struct DaemonNodeRules {
    private let nodeName: String
    private let selector: JSONObject
    /// Nil where nothing is required.
    private let terms: [JSON]?
    private let tolerations: [JSON]

    init(template: JSON) {
        let spec = DaemonPods.tolerating(template["spec"] ?? [:])
        nodeName = spec["nodeName"]?.string ?? ""
        selector = spec["nodeSelector"]?.object ?? [:]
        let affinity = spec["affinity"]?["nodeAffinity"]
        terms = affinity?["requiredDuringSchedulingIgnoredDuringExecution"].map {
            $0["nodeSelectorTerms"]?.array ?? []
        }
        tolerations = spec["tolerations"]?.array ?? []
    }

    func fit(_ node: JSON) -> DaemonFit {
        if !nodeName.isEmpty, nodeName != node.name { return .none }
        let labels = node["metadata"]?["labels"]?.object ?? [:]
        for (key, value) in selector where labels[key] != value { return .none }
        if let terms, !terms.contains(where: { Self.matches($0, node.name, labels) }) { return .none }
        var shouldRun = true
        for taint in node["spec"]?["taints"]?.array ?? [] {
            let effect = taint["effect"]?.string
            guard effect == "NoSchedule" || effect == "NoExecute",
                !tolerations.contains(where: { Self.tolerates($0, taint) })
            else { continue }
            if effect == "NoExecute" { return .none }
            shouldRun = false
        }
        return DaemonFit(shouldRun: shouldRun, mayStay: true)
    }

    /// A term without requirements matches nothing.
    private static func matches(_ term: JSON, _ name: String, _ labels: JSONObject) -> Bool {
        let expressions = term["matchExpressions"]?.array ?? []
        let fields = term["matchFields"]?.array ?? []
        if expressions.isEmpty, fields.isEmpty { return false }
        for expression in expressions
        where !matches(expression, labels[expression["key"]?.string ?? ""]?.string) { return false }
        for field in fields {
            guard field["key"]?.string == "metadata.name", matches(field, name) else { return false }
        }
        return true
    }

    private static func matches(_ requirement: JSON, _ value: String?) -> Bool {
        let values = requirement["values"]?.array ?? []
        switch requirement["operator"]?.string {
        case "In": return value.map { value in values.contains { $0.string == value } } ?? false
        case "NotIn": return value.map { value in !values.contains { $0.string == value } } ?? true
        case "Exists": return value != nil
        case "DoesNotExist": return value == nil
        case let word:
            guard let value, let number = Int64(value),
                let bound = values.first?.string.flatMap({ Int64($0) })
            else { return false }
            return word == "Gt" ? number > bound : word == "Lt" && number < bound
        }
    }

    private static func tolerates(_ toleration: JSON, _ taint: JSON) -> Bool {
        let effect = toleration["effect"]?.string ?? ""
        if !effect.isEmpty, effect != taint["effect"]?.string { return false }
        let key = toleration["key"]?.string ?? ""
        if !key.isEmpty, key != taint["key"]?.string { return false }
        switch toleration["operator"]?.string ?? "" {
        case "", "Equal": return (toleration["value"]?.string ?? "") == (taint["value"]?.string ?? "")
        case "Exists": return true
        default: return false
        }
    }
}

/// The pods that a DaemonSet makes (pkg/controller/daemon/util).
enum DaemonPods {
    static let hashLabel = "controller-revision-hash"
    static let generationLabel = "pod-template-generation"
    static let generationAnnotation = "deprecated.daemonset.template.generation"

    /// A pod's spec with the tolerations that every daemon has: it outlives its node's troubles.
    static func tolerating(_ spec: JSON) -> JSON {
        var wanted = [
            ("not-ready", "NoExecute"), ("unreachable", "NoExecute"), ("disk-pressure", "NoSchedule"),
            ("memory-pressure", "NoSchedule"), ("pid-pressure", "NoSchedule"),
            ("unschedulable", "NoSchedule"),
        ]
        if spec["hostNetwork"]?.bool == true { wanted.append(("network-unavailable", "NoSchedule")) }
        var tolerations = spec["tolerations"]?.array ?? []
        for (word, effect) in wanted {
            let toleration: JSON = [
                "key": .string("node.kubernetes.io/" + word), "operator": "Exists",
                "effect": .string(effect),
            ]
            let isSame = { (other: JSON) in
                other["key"] == toleration["key"] && other["effect"] == toleration["effect"]
                    && other["operator"] == toleration["operator"]
                    && (other["value"]?.string ?? "").isEmpty
            }
            // One that is there may be for a while only; a daemon's is for ever.
            if let index = tolerations.firstIndex(where: isSame) {
                tolerations[index] = toleration
            } else {
                tolerations.append(toleration)
            }
        }
        var spec = spec
        spec["tolerations"] = .array(tolerations)
        return spec
    }

    /// What is common to the pods of all nodes.
    static func pod(_ set: JSON, hash: String) -> JSON {
        var template = set.at("spec", "template") ?? [:]
        template["spec"] = tolerating(template["spec"] ?? [:])
        if let generation = generation(set) {
            template.set(.string(generation), at: "metadata", "labels", generationLabel)
        }
        template.set(.string(hash), at: "metadata", "labels", hashLabel)
        return PodTemplates.pod(from: template, controlledBy: set)
    }

    /// The generation of the template; nil where it says none.
    static func generation(_ set: JSON) -> String? {
        set.at("metadata", "annotations", generationAnnotation)?.string.flatMap { Int64($0) }.map(String.init)
    }

    /// A pod that the scheduler can give to one node only.
    static func bound(_ pod: JSON, to node: String) -> JSON {
        var pod = pod
        pod.set(
            [
                "nodeSelectorTerms": [
                    [
                        "matchFields": [
                            ["key": "metadata.name", "operator": "In", "values": [.string(node)]]
                        ]
                    ]
                ]
            ], at: "spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
        return pod
    }

    /// The node of a pod that has none yet.
    static func target(_ pod: JSON) -> String? {
        let affinity = pod["spec"]?["affinity"]?["nodeAffinity"]
        let terms = affinity?["requiredDuringSchedulingIgnoredDuringExecution"]?["nodeSelectorTerms"]?.array
        for term in terms ?? [] {
            for field in term["matchFields"]?.array ?? []
            where field["key"]?.string == "metadata.name" && field["operator"]?.string == "In" {
                if let values = field["values"]?.array, values.count == 1 { return values[0].string }
            }
        }
        return nil
    }

    static func isUpdated(_ pod: PodSummary, hash: String, generation: String?) -> Bool {
        if !hash.isEmpty, pod.labels[hashLabel]?.string == hash { return true }
        return generation.map { pod.labels[generationLabel]?.string == $0 } ?? false
    }
}
