import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// The scale subresource of whatever an owner or a scaleTargetRef names.
enum ScaleTargets {
    /// Finds a resource by its kind: in the version that is named, or else in the group's preferred one.
    static func resource(apiVersion: String, kind: String, _ view: ClusterView) -> ResourceInfo? {
        let slash = apiVersion.utf8.firstIndex(of: UInt8(ascii: "/"))
        let group = slash.map { String(apiVersion[..<$0]) } ?? ""
        let matching = view.resources.resources.filter { $0.group == group && $0.kind == kind }
        return matching.first { $0.apiVersion == apiVersion } ?? matching.first
    }

    static func hasScale(_ resource: ResourceInfo) -> Bool {
        resource.scalePaths != nil || resource.subresources.contains { $0.name == "scale" }
    }

    /// The Scale object; nil when there is none of that name.
    static func scale(
        _ resource: ResourceInfo, namespace: String, name: String, _ view: ClusterView
    ) -> JSON? {
        let key = resource.isNamespaced ? "\(namespace)/\(name)" : name
        let collection = CollectionID(group: resource.group, resource: resource.plural)
        guard let object = view.object(collection, key) else { return nil }
        return (resource.scalePaths ?? .builtin).scale(of: object)
    }
}

/// A `*metav1.LabelSelector` as Go's %v writes it, for messages.
enum SelectorText {
    static func go(_ selector: JSON?) -> String {
        guard let selector, selector.object != nil else { return "nil" }
        let labels = (selector["matchLabels"]?.object ?? [:]).sortedKeys.map {
            "\($0): \(selector["matchLabels"]?[$0]?.string ?? ""),"
        }
        let expressions = (selector["matchExpressions"]?.array ?? []).map { expression in
            let values = (expression["values"]?.array ?? []).compactMap(\.string).joined(separator: " ")
            return "LabelSelectorRequirement{Key:\(expression["key"]?.string ?? ""),"
                + "Operator:\(expression["operator"]?.string ?? ""),Values:[\(values)],},"
        }
        return "&LabelSelector{MatchLabels:map[string]string{\(labels.joined())},"
            + "MatchExpressions:[]LabelSelectorRequirement{\(expressions.joined())},}"
    }
}
