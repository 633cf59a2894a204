import KubeJSON

/// Whether a node is one that a pod asks for, as its agent judges when the pod comes to it.
enum NodeSelection {
    /// `nodeSelector` and the required node affinity (component-helpers: scheduling/corev1/nodeaffinity).
    static func fits(_ pod: JSON, name: String, labels: JSONObject) -> Bool {
        let spec = pod["spec"]
        for (key, value) in spec?["nodeSelector"]?.object ?? [:] where labels[key] != value { return false }
        guard
            let terms = spec?["affinity"]?["nodeAffinity"]?[
                "requiredDuringSchedulingIgnoredDuringExecution"]?[
                    "nodeSelectorTerms"]?.array
        else { return true }
        return terms.contains { term in
            let expressions = term["matchExpressions"]?.array ?? []
            let fields = term["matchFields"]?.array ?? []
            // A term that asks for nothing selects nothing.
            if expressions.isEmpty, fields.isEmpty { return false }
            return expressions.allSatisfy { matches($0, labels[$0["key"]?.string ?? ""]?.string) }
                && fields.allSatisfy { $0["key"] == "metadata.name" && matches($0, name) }
        }
    }

    private static func matches(_ requirement: JSON, _ value: String?) -> Bool {
        let values = (requirement["values"]?.array ?? []).compactMap(\.string)
        switch requirement["operator"]?.string {
        case "In": return value.map { values.contains($0) } ?? false
        case "NotIn": return value.map { !values.contains($0) } ?? true
        case "Exists": return value != nil
        case "DoesNotExist": return value == nil
        case "Gt", "Lt":
            guard let number = value.flatMap({ Int64($0) }), values.count == 1,
                let bound = Int64(values[0])
            else { return false }
            return requirement["operator"] == "Gt" ? number > bound : number < bound
        default: return false
        }
    }

    /// The first taint of an effect that the pod does not tolerate.
    static func untolerated(_ pod: JSON, _ taints: [JSON], effect: String) -> JSON? {
        if taints.isEmpty { return nil }
        let tolerations = pod["spec"]?["tolerations"]?.array ?? []
        return taints.first { taint in
            taint["effect"]?.string == effect && !tolerations.contains { tolerates($0, taint) }
        }
    }

    static func tolerates(_ toleration: JSON, _ taint: JSON) -> Bool {
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
