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
    private let terms: [NodeSelectorTerm]?
    private let tolerations: [Toleration]

    init(template: JSON) {
        let spec = DaemonPods.tolerating(template["spec"] ?? [:])
        nodeName = spec["nodeName"]?.string ?? ""
        selector = spec["nodeSelector"]?.object ?? [:]
        let affinity = spec["affinity"]?["nodeAffinity"]
        terms = affinity?["requiredDuringSchedulingIgnoredDuringExecution"].map {
            NodeSelectorTerm.terms(of: $0) ?? []
        }
        tolerations = Toleration.all(of: spec)
    }

    func fit(_ node: JSON) -> DaemonFit {
        if !nodeName.isEmpty, nodeName != node.name { return .none }
        let labels = node["metadata"]?["labels"]?.object ?? [:]
        for (key, value) in selector where labels[key] != value { return .none }
        let name = node.name
        if let terms, !terms.contains(where: { $0.matches(node: name) { labels[$0]?.string } }) {
            return .none
        }
        let taints = (node["spec"]?["taints"]?.array ?? []).compactMap(Taint.init)
        if taints.firstUntolerated(by: tolerations, effects: [.noExecute]) != nil { return .none }
        let isRepelled = taints.firstUntolerated(by: tolerations, effects: [.noSchedule]) != nil
        return DaemonFit(shouldRun: !isRepelled, mayStay: true)
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
