import KubeAPI
import KubeCEL
import KubeJSON

/// Picks objects by regular expressions that must match the whole text, and by selectors.
struct KustomizeSelector {
    private let kind: (group: Pattern?, version: Pattern?, kind: Pattern?)
    private let name: Pattern?
    private let namespace: Pattern?
    private let labels: LabelSelector
    private let annotations: LabelSelector
    let hasSelectors: Bool
    let hasIdentity: Bool

    init(_ selector: Kustomization.Selector) throws(KustomizeValueError) {
        func pattern(_ text: String) throws(KustomizeValueError) -> Pattern? {
            if text.isEmpty { return nil }
            do { return try Pattern(parsing: "^(?:" + text + ")$") } catch {
                throw KustomizeValueError(message: error.description)
            }
        }
        func parse(_ text: String) throws(KustomizeValueError) -> LabelSelector {
            do { return try LabelSelector.parse(text) } catch {
                throw KustomizeValueError(message: error.message)
            }
        }
        kind = (
            try pattern(selector.kind.group), try pattern(selector.kind.version),
            try pattern(selector.kind.kind)
        )
        name = try pattern(selector.name)
        namespace = try pattern(selector.namespace)
        labels = try parse(selector.labelSelector)
        annotations = try parse(selector.annotationSelector)
        hasSelectors = !selector.labelSelector.isEmpty || !selector.annotationSelector.isEmpty
        hasIdentity =
            kind.group != nil || kind.version != nil || kind.kind != nil || name != nil
            || namespace != nil
    }

    /// For patches: the first and the present name and namespace count, and the present kind.
    func matches(_ object: KustomizeObject) -> Bool {
        let ids = [object.originalID, object.id]
        return ids.contains { namespace?.matches($0.effectiveNamespace) ?? true }
            && ids.contains { name?.matches($0.name) ?? true } && matches(object.kind)
            && matchesSelectors(object)
    }

    /// For replacements: one of all identities that it had.
    func matches(_ id: KustomizeID) -> Bool {
        matches(id.kind) && name?.matches(id.name) ?? true && namespace?.matches(id.namespace) ?? true
    }

    func matchesSelectors(_ object: KustomizeObject) -> Bool {
        labels.matches(labels: Self.map(object.metadataTexts("labels")))
            && annotations.matches(labels: Self.map(object.metadataTexts("annotations")))
    }

    private func matches(_ other: KustomizeKind) -> Bool {
        kind.group?.matches(other.group) ?? true && kind.version?.matches(other.version) ?? true
            && kind.kind?.matches(other.kind) ?? true
    }

    private static func map(_ texts: [(key: String, value: String)]) -> JSONObject {
        var object = JSONObject()
        for (key, value) in texts where !object.contains(key) { object[key] = .string(value) }
        return object
    }
}
