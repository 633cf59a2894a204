import KubeAPI
import KubeJSON

/// Group, version and kind; in a selector an empty one means any.
struct KindID: Sendable, Hashable {
    var group = ""
    var version = ""
    var kind = ""

    init(group: String = "", version: String = "", kind: String = "") {
        self.group = group
        self.version = version
        self.kind = kind
    }

    init(apiVersion: String, kind: String) {
        let parts = apiVersion.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(
            group: parts.count == 2 ? String(parts[0]) : "", version: String(parts.last ?? ""), kind: kind)
    }

    func isSelected(by selector: KindID) -> Bool {
        (selector.group.isEmpty || selector.group == group)
            && (selector.version.isEmpty || selector.version == version)
            && (selector.kind.isEmpty || selector.kind == kind)
    }

    /// Kinds that no catalogue knows count as namespaced.
    var isClusterScoped: Bool {
        Catalogue.builtin.resource(for: GroupVersionKind(group, version, kind))?.isNamespaced == false
    }
}

/// What tells one resource from another. Two are the same in namespace when neither has one, or has `default`.
struct ResourceID: Sendable, Hashable {
    var kind: KindID
    var name: String
    var namespace: String

    /// nil for what is in no namespace.
    var effectiveNamespace: String? {
        kind.isClusterScoped ? nil : namespace.isEmpty ? "default" : namespace
    }

    /// As regular expressions see it.
    var namespaceText: String { effectiveNamespace ?? "_non_namespaceable_" }

    func isSame(as other: ResourceID) -> Bool {
        name == other.name && kind == other.kind && effectiveNamespace == other.effectiveNamespace
    }

    /// `Deployment aegis-production/aegis-api`.
    var title: String { "\(kind.kind) " + (namespace.isEmpty ? name : "\(namespace)/\(name)") }
}

/// One resource on its way through a kustomization.
struct KustomizeResource: Sendable {
    /// Where a resource was written: the file, the document in it, and where in the document.
    struct Origin: Sendable {
        let file: String
        let document: YAMLDocument
        let path: [String]
        let line: Int
    }

    enum Behavior: String, Sendable {
        case create, replace, merge
    }

    var node: YAMLNode
    var origin: Origin
    /// What it was called before each change of name, namespace or kind; the first is the original.
    var previous: [ResourceID] = []
    var prefixes: [String] = []
    var suffixes: [String] = []
    var needsHash = false
    var behavior = Behavior.create

    init(_ node: YAMLNode, origin: Origin) {
        self.node = node
        self.origin = origin
    }

    var apiVersion: String { node["apiVersion"]?.text ?? "" }
    var kindName: String { node["kind"]?.text ?? "" }
    var kind: KindID { KindID(apiVersion: apiVersion, kind: kindName) }
    var name: String {
        get { node.at("metadata", "name")?.text ?? "" }
        set { setMetadata("name", .string(newValue)) }
    }
    var namespace: String {
        get { node.at("metadata", "namespace")?.text ?? "" }
        set { setMetadata("namespace", newValue.isEmpty ? nil : .string(newValue)) }
    }
    var id: ResourceID { ResourceID(kind: kind, name: name, namespace: namespace) }
    var originalID: ResourceID { previous.first ?? id }
    var labels: [String: String] { texts("labels") }
    var annotations: [String: String] { texts("annotations") }
    var title: String { id.title }

    private func texts(_ field: String) -> [String: String] {
        var found: [String: String] = [:]
        for member in node.at("metadata", field)?.mapping?.members ?? [] {
            found[member.key] = member.value.text ?? ""
        }
        return found
    }

    mutating func setMetadata(_ field: String, _ value: YAMLNode?) {
        var metadata = node["metadata"] ?? .emptyMapping
        metadata[field] = value
        node["metadata"] = metadata
    }

    /// Labels or annotations; every value becomes a string, and none at all means no field.
    mutating func setTexts(_ field: String, _ values: [String: String]) {
        let members = values.sorted { utf8Less($0.key, $1.key) }
            .map { YAMLMapping.Member($0.key, .string($0.value)) }
        setMetadata(field, nil)
        if !members.isEmpty { setMetadata(field, .mapping(YAMLMapping(members))) }
    }

    mutating func storePreviousID() {
        var id = id
        id.namespace = id.namespaceText
        previous.append(id)
    }

    /// Present and earlier names.
    var allIDs: [ResourceID] { previous.map(current) + [id] }

    /// Earlier names keep the version and group that the resource has now.
    private func current(_ id: ResourceID) -> ResourceID {
        var id = id
        id.kind.group = kind.group
        id.kind.version = kind.version
        return id
    }

    var previousIDs: [ResourceID] { previous.map(current) }
}

/// Something that a kustomization asks for and that cannot be done; where is found out by who asked.
struct KustomizeFailure: Error {
    let message: String
    init(_ message: String) { self.message = message }
}
