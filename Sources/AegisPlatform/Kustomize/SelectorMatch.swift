import KubeAPI
import KubeCEL
import KubeJSON

/// A selector made ready to be asked.
struct SelectorMatch {
    private let group: Pattern?
    private let version: Pattern?
    private let kind: Pattern?
    private let name: Pattern?
    private let namespace: Pattern?
    private let labels: LabelSelector
    private let annotations: LabelSelector

    init(_ selector: KustomizationFile.Selector) throws(KustomizeFailure) {
        group = try Self.pattern(selector.group)
        version = try Self.pattern(selector.version)
        kind = try Self.pattern(selector.kind)
        name = try Self.pattern(selector.name)
        namespace = try Self.pattern(selector.namespace)
        labels = try Self.requirements(selector.labels)
        annotations = try Self.requirements(selector.annotations)
    }

    private static func pattern(_ text: String) throws(KustomizeFailure) -> Pattern? {
        if text.isEmpty { return nil }
        do {
            return try Pattern(parsing: "^(?:\(text))$")
        } catch {
            throw KustomizeFailure("'\(text)' is no regular expression: \(error)")
        }
    }

    private static func requirements(_ text: String) throws(KustomizeFailure) -> LabelSelector {
        do {
            return try LabelSelector.parse(text)
        } catch {
            throw KustomizeFailure("'\(text)' is no selector: \(error)")
        }
    }

    private static func matches(_ pattern: Pattern?, _ text: String) -> Bool {
        pattern?.matches(text) ?? true
    }

    func matchesKind(_ id: KindID) -> Bool {
        Self.matches(group, id.group) && Self.matches(version, id.version) && Self.matches(kind, id.kind)
    }

    /// Kind, name and namespace as the identity has them.
    func matches(_ id: ResourceID) -> Bool {
        matchesKind(id.kind) && Self.matches(name, id.name) && Self.matches(namespace, id.namespace)
    }

    func matchesTexts(_ resource: KustomizeResource) -> Bool {
        func object(_ texts: [String: String]) -> JSONObject {
            JSONObject(texts.map { ($0.key, JSON.string($0.value)) })
        }
        return labels.matches(labels: object(resource.labels))
            && annotations.matches(labels: object(resource.annotations))
    }

    /// Whether a patch that is meant for these is meant for the resource: by its first or its present name.
    func selects(_ resource: KustomizeResource) -> Bool {
        let (original, id) = (resource.originalID, resource.id)
        return (Self.matches(namespace, original.namespaceText) || Self.matches(namespace, id.namespaceText))
            && (Self.matches(name, original.name) || Self.matches(name, id.name)) && matchesKind(id.kind)
            && matchesTexts(resource)
    }
}
