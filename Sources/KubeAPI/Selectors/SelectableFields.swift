import KubeJSON

/// Which fields a field selector may name, by kind, and the words for one that it may not
/// (upstream: each group's conversion functions).
struct SelectableFields {
    /// What each field name reads; the first path that holds a value other than the empty one counts.
    let paths: [String: [[String]]]
    let refusal: @Sendable (String) -> String

    private static let name = ["metadata.name": [["metadata", "name"]]]
    private static let namespace = ["metadata.namespace": [["metadata", "namespace"]]]

    /// - Parameter customFields: the JSON paths of a CRD's `selectableFields` (`.spec.colour`).
    static func of(_ kind: GroupKind, isNamespaced: Bool, customFields: [String]?) -> SelectableFields {
        if let customFields {
            var paths = name
            if isNamespaced { paths.merge(namespace) { old, _ in old } }
            for field in customFields {
                let label = field.hasPrefix(".") ? String(field.dropFirst()) : field
                paths[label] = [label.split(separator: ".").map(String.init)]
            }
            return SelectableFields(paths: paths) { "field label not supported: \($0)" }
        }
        if kind.kind == "Event", kind.group == "" || kind.group == "events.k8s.io" {
            return events(kind.group)
        }
        guard let extra = builtIn[kind] else {
            let paths = name.merging(namespace) { old, _ in old }
            return SelectableFields(paths: paths) {
                "\(GoText.quoted($0)) is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
            }
        }
        var paths = name
        // Of those with rules of their own these three know no namespace.
        if !["Node", "Namespace", "CertificateSigningRequest"].contains(kind.kind) {
            paths.merge(namespace) { old, _ in old }
        }
        for (label, path) in extra { paths[label] = [path.split(separator: ".").map(String.init)] }
        if kind.kind == "Pod" {
            paths["status.podIP"] = [["status", "podIP"]]
            paths["spec.host"] = [["spec", "nodeName"]]
        }
        if kind.kind == "Job" {
            return SelectableFields(paths: paths) {
                "field label \(GoText.quoted($0)) not supported for batchv1.Job"
            }
        }
        return SelectableFields(paths: paths) { "field label not supported: \($0)" }
    }

    private static func same(_ labels: String...) -> [String: String] {
        Dictionary(uniqueKeysWithValues: labels.map { ($0, $0) })
    }

    private static let builtIn: [GroupKind: [String: String]] = [
        GroupKind("", "Pod"): same(
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
            "spec.hostNetwork", "status.phase", "status.podIP", "status.podIPs",
            "status.nominatedNodeName"),
        GroupKind("", "Node"): same("spec.unschedulable"),
        GroupKind("", "ReplicationController"): same("status.replicas"),
        GroupKind("", "Namespace"): same("status.phase"),
        GroupKind("", "Secret"): same("type"),
        GroupKind("", "Service"): same("spec.clusterIP", "spec.type"),
        GroupKind("batch", "Job"): ["status.successful": "status.succeeded"],
        GroupKind("certificates.k8s.io", "CertificateSigningRequest"): same("spec.signerName"),
    ]

    /// Fields of which an absent value reads as a number or a truth value, not as the empty string.
    static func absentValue(_ label: String) -> String {
        switch label {
        case "spec.hostNetwork", "spec.unschedulable": "false"
        case "status.replicas", "status.successful": "0"
        default: ""
        }
    }

    private static func events(_ group: String) -> SelectableFields {
        var paths = name.merging(namespace) { old, _ in old }
        let prefix = group.isEmpty ? "involvedObject." : "regarding."
        for field in ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"] {
            paths[prefix + field] = [["involvedObject", field], ["regarding", field]]
        }
        let controller = [["reportingComponent"], ["reportingController"]]
        let source = [["source", "component"], ["deprecatedSource", "component"]]
        paths["reason"] = [["reason"]]
        paths["type"] = [["type"]]
        if group.isEmpty {
            paths["reportingComponent"] = controller
            paths["source"] = source + controller
        } else {
            paths["reportingController"] = controller
        }
        return SelectableFields(paths: paths) { "field label not supported: \($0)" }
    }
}
