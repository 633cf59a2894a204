import KubeJSON

/// Group, version and kind.
struct KustomizeKind: Hashable {
    var group: String
    var version: String
    var kind: String

    init(group: String, version: String, kind: String) {
        self.group = group
        self.version = version
        self.kind = kind
    }

    init(apiVersion: String, kind: String) {
        if let slash = apiVersion.firstIndex(of: "/") {
            self.init(
                group: String(apiVersion[..<slash]),
                version: String(apiVersion[apiVersion.index(after: slash)...]), kind: kind)
        } else {
            self.init(group: "", version: apiVersion, kind: kind)
        }
    }

    /// As kustomize writes it in its messages and sorts by it.
    var text: String {
        [kind, version, group].enumerated().map { index, part in
            part.isEmpty ? ["[noKind]", "[noVer]", "[noGrp]"][index] : part
        }.joined(separator: ".")
    }

    /// Whether kustomize knows that objects of the kind have no namespace. It knows the kinds of Kubernetes
    /// 1.21 and a few later ones; everything else it takes for namespaced.
    var isClusterScoped: Bool { Self.clusterScoped[kind]?.contains(where: matches) ?? false }

    private func matches(_ place: (group: String, versions: [String])) -> Bool {
        place.group == group && place.versions.contains(version)
    }

    private static let clusterScoped: [String: [(group: String, versions: [String])]] = {
        let both = ["v1", "v1beta1"]
        return [
            "MutatingWebhookConfiguration": [("admissionregistration.k8s.io", both)],
            "ValidatingWebhookConfiguration": [("admissionregistration.k8s.io", both)],
            "ValidatingAdmissionPolicy": [("admissionregistration.k8s.io", ["v1"])],
            "ValidatingAdmissionPolicyBinding": [("admissionregistration.k8s.io", ["v1"])],
            "CustomResourceDefinition": [("apiextensions.k8s.io", both)],
            "APIService": [("apiregistration.k8s.io", both)],
            "CertificateSigningRequest": [("certificates.k8s.io", both)],
            "FlowSchema": [("flowcontrol.apiserver.k8s.io", ["v1beta1"])],
            "PriorityLevelConfiguration": [("flowcontrol.apiserver.k8s.io", ["v1beta1"])],
            "IngressClass": [("networking.k8s.io", both)],
            "RuntimeClass": [("node.k8s.io", both)],
            "PodSecurityPolicy": [("policy", ["v1beta1"])],
            "ClusterRole": [("rbac.authorization.k8s.io", both)],
            "ClusterRoleBinding": [("rbac.authorization.k8s.io", both)],
            "PriorityClass": [("scheduling.k8s.io", both)],
            "CSIDriver": [("storage.k8s.io", both)],
            "CSINode": [("storage.k8s.io", ["v1"])],
            "StorageClass": [("storage.k8s.io", both)],
            "VolumeAttachment": [("storage.k8s.io", both)],
            "ComponentStatus": [("", ["v1"])],
            "Namespace": [("", ["v1"])],
            "Node": [("", ["v1"])],
            "PersistentVolume": [("", ["v1"])],
        ]
    }()
}

/// What tells objects apart.
struct KustomizeID: Hashable {
    /// The namespace of what has none.
    static let noNamespace = "_non_namespaceable_"

    var kind: KustomizeKind
    var name: String
    /// As written: empty where none is.
    var namespace: String

    /// The namespace that counts: `default` where none is written.
    var effectiveNamespace: String {
        if kind.isClusterScoped { return Self.noNamespace }
        return namespace.isEmpty ? "default" : namespace
    }

    func isSame(as other: KustomizeID) -> Bool {
        kind == other.kind && name == other.name && effectiveNamespace == other.effectiveNamespace
    }

    var text: String { "\(kind.text)/\(name).\(namespace.isEmpty ? "[noNs]" : namespace)" }
}

/// One object in a build, with what kustomize remembers of it.
final class KustomizeObject {
    var node: KustomizeNode
    /// What it was called before each change of name, namespace or kind, the first first.
    var previous: [KustomizeID] = []
    var prefixes: [String] = []
    var suffixes: [String] = []
    /// Made by a generator: its name ends in a hash of its content.
    var needsHash = false
    var behavior = Kustomization.Behavior.create

    init(_ node: KustomizeNode) { self.node = node }

    var kind: KustomizeKind {
        KustomizeKind(apiVersion: node.text(at: "apiVersion") ?? "", kind: node.text(at: "kind") ?? "")
    }
    var name: String { node.text(at: "metadata", "name") ?? "" }
    var namespace: String { node.text(at: "metadata", "namespace") ?? "" }
    var id: KustomizeID { KustomizeID(kind: kind, name: name, namespace: namespace) }
    var originalID: KustomizeID { previous.first ?? id }
    var allIDs: [KustomizeID] { previous + [id] }

    func rememberID() {
        var id = id
        id.namespace = id.effectiveNamespace
        previous.append(id)
    }

    func problem(_ message: String) -> ManifestProblem {
        ManifestProblem(file: node.file, line: node.line, message: "\(kind.kind) \(name): \(message)")
    }

    /// The texts of a map in `metadata`: `labels` or `annotations`.
    func metadataTexts(_ field: String) -> [(key: String, value: String)] {
        (node["metadata"]?[field]?.fields ?? []).map { ($0.key, $0.value.text) }
    }

    /// Writes a map in `metadata`; an empty one is left out.
    func setMetadataTexts(_ field: String, _ texts: [(key: String, value: String)]) {
        guard let metadata = node["metadata"] else { return }
        let old = metadata[field]
        metadata.remove(field)
        guard !texts.isEmpty else { return }
        let map = KustomizeNode(.mapping)
        map.file = old?.file ?? node.file
        map.line = old?.line ?? node.line
        for (key, value) in texts.sorted(by: { utf8Less($0.key, $1.key) }) {
            let text = KustomizeNode(text: value, tag: .string)
            text.file = old?[key]?.file ?? map.file
            text.line = old?[key]?.line ?? map.line
            map.fields.append((key, text))
        }
        metadata.fields.append((field, map))
    }

    /// Whether their prefixes and suffixes end alike.
    func isNamedLike(_ other: KustomizeObject, allowsNone: Bool) -> Bool {
        func endAlike(_ left: [String], _ right: [String]) -> Bool {
            if left.isEmpty || right.isEmpty { return allowsNone || left.isEmpty == right.isEmpty }
            let count = min(left.count, right.count)
            return left.suffix(count).elementsEqual(right.suffix(count))
        }
        return endAlike(prefixes, other.prefixes) && endAlike(suffixes, other.suffixes)
    }
}

/// The objects of a build, in order. No two have the same name.
struct KustomizeObjects {
    private(set) var objects: [KustomizeObject] = []

    mutating func append(_ object: KustomizeObject) throws(ManifestProblem) {
        let id = object.id
        if let other = objects.first(where: { $0.id.isSame(as: id) }) {
            throw object.problem(
                "is there twice: also at \(other.node.file):\(other.node.line)")
        }
        objects.append(object)
    }

    mutating func append(_ others: KustomizeObjects) throws(ManifestProblem) {
        for object in others.objects { try append(object) }
    }

    mutating func removeEmpty() { objects.removeAll { $0.node.isNullOrEmpty } }

    mutating func replace(_ old: KustomizeObject, by new: KustomizeObject) {
        if let position = objects.firstIndex(where: { $0 === old }) { objects[position] = new }
    }

    mutating func reorder(_ others: [KustomizeObject]) { objects = others }

    /// Those that have, or had at some time, the identity.
    func known(as id: KustomizeID) -> [KustomizeObject] {
        objects.filter { object in object.allIDs.contains { $0.isSame(as: id) } }
    }
}
