import KubeJSON

/// What Kubernetes v1.36 serves by default: resources and the schemas of their objects.
///
/// Custom resources are not added here but to a ``ResourceCatalogue``, which starts as ``resources``.
public final class Catalogue: Sendable {
    /// Read from the generated text on first use.
    public static let builtin = Catalogue()

    public let resources: ResourceCatalogue
    private let schemas: [String: Schema]
    private let kinds: [GroupVersionKind: Schema]
    private let kindsOfSchema: [String: [GroupVersionKind]]

    private init() {
        var reader = CatalogueReader()
        reader.readSchemas(CatalogueText.schemas)
        schemas = reader.schemas
        kinds = reader.kinds
        kindsOfSchema = reader.kindsOfSchema
        resources = ResourceCatalogue(builtin: reader.readResources(CatalogueText.resources))
    }

    /// The schema of a published name, such as `io.k8s.api.core.v1.PodSpec`.
    public func schema(named name: String) -> Schema? { schemas[name] }

    /// The schema of a kind's objects, also of kinds that are no resources: `Eviction`, `Scale`, `Status`,
    /// `DeleteOptions` (which is of every group).
    public func schema(for kind: GroupVersionKind) -> Schema? {
        if let schema = kinds[kind] { return schema }
        return kind.kind == "DeleteOptions" || kind.kind == "WatchEvent"
            ? kinds[GroupVersionKind("", "v1", kind.kind)] : nil
    }

    /// The kinds whose objects a structure is: one for most, none for the parts of objects.
    public func kinds(ofSchema name: String) -> [GroupVersionKind] { kindsOfSchema[name] ?? [] }

    /// The names of all structures, sorted.
    public var schemaNames: [String] { schemas.keys.sorted(by: utf8Less) }

    public func resource(group: String, version: String, plural: String) -> ResourceInfo? {
        resources.resource(group: group, version: version, plural: plural)
    }

    public func resource(for kind: GroupVersionKind) -> ResourceInfo? { resources.resource(for: kind) }

    /// The Go type of a field as Go's reflection prints it (`[]v1.Container`), for error messages. Slow.
    func goType(of field: String, in structure: String) -> String? {
        var inside = false
        var found: String?
        for part in CatalogueText.schemas where found == nil {
            CatalogueReader.eachLine(part) { _, columns in
                if columns.first == "T", columns.count == 3 { inside = columns[1] == structure[...] }
                if inside, columns.first == "f", columns.count >= 7, columns[1] == field[...] {
                    let type = columns[6...].joined(separator: " ")
                    if type != "-" { found = type }
                }
            }
        }
        return found
    }
}
