import KubeJSON

/// The schema of a custom resource as its CustomResourceDefinition states it
/// (k8s.io/apiextensions-apiserver/pkg/apiserver/schema): what may be in an object, what is filled in, and
/// what its values must be. Rules in CEL (`x-kubernetes-validations`) are in ``SchemaRules``.
public final class StructuralSchema: Sendable {
    public enum ListType: Sendable, Equatable {
        case atomic
        case set
        case map(keys: [String])
    }

    /// The published form it was made from.
    public let document: JSON
    /// Empty where the schema names none.
    public let type: String
    public let format: String
    public let isNullable: Bool
    public let defaultValue: JSON?
    public let preservesUnknownFields: Bool
    public let isEmbeddedResource: Bool
    public let isIntOrString: Bool
    public let listType: ListType?
    public let isAtomicMap: Bool
    /// In the order of the document.
    public let properties: [(name: String, schema: StructuralSchema)]
    /// The schema of values whose names are not among the properties.
    public let additionalProperties: StructuralSchema?
    /// Whether such values may be there (`additionalProperties` true or a schema).
    public let allowsAdditionalProperties: Bool
    /// `additionalProperties: false`.
    let forbidsAdditionalProperties: Bool
    public let items: StructuralSchema?
    let values: ValueRules
    let allOf: [StructuralSchema]
    let anyOf: [StructuralSchema]
    let oneOf: [StructuralSchema]
    let not: StructuralSchema?
    private let positions: [String: Int]
    /// Whether this schema or one inside it has a default.
    public let hasDefaults: Bool

    /// Reads `openAPIV3Schema`. What is not of the right type counts as absent: the definition was validated.
    public init(_ document: JSON) {
        self.document = document
        func list(_ key: String) -> [StructuralSchema] {
            (document[key]?.array ?? []).map(StructuralSchema.init)
        }
        type = document["type"]?.string ?? ""
        format = document["format"]?.string ?? ""
        isNullable = document["nullable"]?.bool ?? false
        defaultValue = document["default"]
        preservesUnknownFields = document["x-kubernetes-preserve-unknown-fields"]?.bool ?? false
        isEmbeddedResource = document["x-kubernetes-embedded-resource"]?.bool ?? false
        isIntOrString = document["x-kubernetes-int-or-string"]?.bool ?? false
        switch document["x-kubernetes-list-type"]?.string {
        case "set": listType = .set
        case "map":
            listType = .map(
                keys: (document["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.string))
        case "atomic": listType = .atomic
        default: listType = nil
        }
        isAtomicMap = document["x-kubernetes-map-type"]?.string == "atomic"
        let properties = (document["properties"]?.object ?? [:]).map {
            (name: $0.key, schema: StructuralSchema($0.value))
        }
        self.properties = properties
        positions = Dictionary(
            properties.enumerated().map { ($0.element.name, $0.offset) },
            uniquingKeysWith: { first, _ in first })
        switch document["additionalProperties"] {
        case .bool(let allows):
            (additionalProperties, allowsAdditionalProperties) = (nil, allows)
            forbidsAdditionalProperties = !allows
        case .some(let schema) where schema.object != nil:
            (additionalProperties, allowsAdditionalProperties) = (StructuralSchema(schema), true)
            forbidsAdditionalProperties = false
        default:
            (additionalProperties, allowsAdditionalProperties) = (nil, false)
            forbidsAdditionalProperties = false
        }
        items = document["items"].flatMap { $0.object == nil ? nil : StructuralSchema($0) }
        values = ValueRules(document)
        allOf = list("allOf")
        anyOf = list("anyOf")
        oneOf = list("oneOf")
        not = document["not"].map(StructuralSchema.init)
        hasDefaults =
            document["default"] != nil || properties.contains { $0.schema.hasDefaults }
            || additionalProperties?.hasDefaults == true || items?.hasDefaults == true
    }

    public func property(_ name: String) -> StructuralSchema? {
        positions[name].map { properties[$0].schema }
    }

    /// The schema at a path of properties; nil where there is none.
    public func at(_ path: [String]) -> StructuralSchema? {
        var schema: StructuralSchema? = self
        for name in path { schema = schema?.property(name) ?? schema?.additionalProperties }
        return schema
    }

    /// The schema of a member of an object.
    func member(_ name: String) -> StructuralSchema? { property(name) ?? additionalProperties }

    static let resourceFields: Set<String> = ["apiVersion", "kind", "metadata"]
}

/// What a schema asks of single values.
struct ValueRules: Sendable {
    let allowed: [JSON]
    let minimum: JSON?
    let maximum: JSON?
    let isMinimumExclusive: Bool
    let isMaximumExclusive: Bool
    let multipleOf: JSON?
    let minLength: Int?
    let maxLength: Int?
    let minItems: Int?
    let maxItems: Int?
    let minProperties: Int?
    let maxProperties: Int?
    let pattern: TextPattern?
    let required: [String]

    init(_ document: JSON) {
        allowed = document["enum"]?.array ?? []
        minimum = document["minimum"]
        maximum = document["maximum"]
        isMinimumExclusive = document["exclusiveMinimum"]?.bool ?? false
        isMaximumExclusive = document["exclusiveMaximum"]?.bool ?? false
        multipleOf = document["multipleOf"]
        minLength = document["minLength"]?.int
        maxLength = document["maxLength"]?.int
        minItems = document["minItems"]?.int
        maxItems = document["maxItems"]?.int
        minProperties = document["minProperties"]?.int
        maxProperties = document["maxProperties"]?.int
        pattern = document["pattern"]?.string.flatMap { $0.isEmpty ? nil : TextPattern($0) }
        required = (document["required"]?.array ?? []).compactMap(\.string)
    }
}
