import KubeJSON

/// Where the scale of a kind is kept, and the Scale object (autoscaling/v1) that shows it.
public struct ScalePaths: Sendable {
    public var specReplicas: [String]
    public var statusReplicas: [String]
    /// The selector: a text, or for built-in kinds a selector object.
    public var selector: [String]?

    public init(specReplicas: [String], statusReplicas: [String], selector: [String]?) {
        self.specReplicas = specReplicas
        self.statusReplicas = statusReplicas
        self.selector = selector
    }

    public static let builtin = ScalePaths(
        specReplicas: ["spec", "replicas"], statusReplicas: ["status", "replicas"],
        selector: ["spec", "selector"])

    public func scale(of object: JSON) -> JSON {
        var metadata: JSON = [:]
        for key in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[key] = object.metadata[key]
        }
        var spec: JSON = [:]
        if let replicas = object.at(specReplicas)?.integer, replicas != 0 {
            spec["replicas"] = .integer(replicas)
        }
        var status: JSON = ["replicas": .integer(object.at(statusReplicas)?.integer ?? 0)]
        if let selector, let value = object.at(selector) {
            let text = value.string ?? Self.text(of: value)
            if !text.isEmpty { status["selector"] = .string(text) }
        }
        return [
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata, "spec": spec,
            "status": status,
        ]
    }

    private static func text(of selector: JSON) -> String {
        if selector["matchLabels"] == nil, selector["matchExpressions"] == nil, let labels = selector.object {
            // A ReplicationController's selector is a plain map.
            return labels.sortedKeys.map { "\($0)=\(labels[$0]?.string ?? "")" }.joined(separator: ",")
        }
        return (try? LabelSelector(object: selector))?.description ?? ""
    }
}
