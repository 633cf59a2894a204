import KubeAPI
import KubeJSON

/// Whether a node is one that a pod asks for, as its agent judges when the pod comes to it.
enum NodeSelection {
    /// `nodeSelector` and the required node affinity.
    static func fits(_ pod: JSON, name: String, labels: JSONObject) -> Bool {
        let spec = pod["spec"]
        for (key, value) in spec?["nodeSelector"]?.object ?? [:] where labels[key] != value { return false }
        let required = spec?["affinity"]?["nodeAffinity"]?["requiredDuringSchedulingIgnoredDuringExecution"]
        guard let terms = NodeSelectorTerm.terms(of: required) else { return true }
        return terms.contains { $0.matches(node: name) { labels[$0]?.string } }
    }

    /// The first taint of an effect that the pod does not tolerate.
    static func untolerated(_ pod: JSON, _ taints: [JSON], effect: Taint.Effect) -> Taint? {
        if taints.isEmpty { return nil }
        return taints.compactMap(Taint.init)
            .firstUntolerated(by: Toleration.all(of: pod["spec"]), effects: [effect])
    }
}
