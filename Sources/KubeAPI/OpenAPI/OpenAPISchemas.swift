import KubeJSON

/// Writes schemas as OpenAPI v2 definitions or v3 component schemas, and notes which others they name.
struct OpenAPISchemas {
    enum Version {
        case v2
        case v3

        var prefix: String { self == .v2 ? "#/definitions/" : "#/components/schemas/" }
    }

    let version: Version
    private(set) var documents: [String: JSON] = [:]
    private var queue: [(name: String, schema: Schema)] = []
    private var requested: Set<String> = []

    init(_ version: Version) { self.version = version }

    /// A reference to a schema, which is then part of the document. Custom kinds come with their name.
    mutating func reference(_ schema: Schema, name: String? = nil, kinds: [GroupVersionKind] = []) -> JSON {
        let name = name ?? schema.name
        if requested.insert(name).inserted {
            queue.append((name, schema))
            if !kinds.isEmpty { extraKinds[name] = kinds }
        }
        return ["$ref": .string(version.prefix + name)]
    }

    private var extraKinds: [String: [GroupVersionKind]] = [:]

    /// Adds a document of its own making, such as the list of a custom kind.
    mutating func add(_ name: String, _ document: JSON) {
        requested.insert(name)
        documents[name] = document
    }

    /// Writes what was referred to, and what that refers to.
    mutating func finish() -> JSON {
        while !queue.isEmpty {
            let (name, schema) = queue.removeLast()
            var document: JSON = [:]
            if let words = FieldWords.shared.words(for: name) { document["description"] = .string(words) }
            for (key, member) in definition(schema).object ?? [:] { document[key] = member }
            let kinds = extraKinds[name] ?? Catalogue.builtin.kinds(ofSchema: name)
            if !kinds.isEmpty { document["x-kubernetes-group-version-kind"] = .array(kinds.map(Self.kind)) }
            documents[name] = document
        }
        return .object(JSONObject(documents.keys.sorted(by: utf8Less).map { ($0, documents[$0] ?? .null) }))
    }

    static func kind(_ kind: GroupVersionKind) -> JSON {
        ["group": .string(kind.group), "kind": .string(kind.kind), "version": .string(kind.version)]
    }

    private mutating func definition(_ schema: Schema) -> JSON {
        guard schema.shape == .structure else { return inline(schema) }
        var document: JSON = ["type": "object"]
        var properties = JSONObject()
        for field in schema.fields {
            var property = type(field.schema)
            if field.patchMerge || field.patchRetainKeys {
                let strategies = [
                    field.patchMerge ? "merge" : nil, field.patchRetainKeys ? "retainKeys" : nil,
                ]
                property["x-kubernetes-patch-strategy"] = .string(
                    strategies.compactMap { $0 }.joined(separator: ","))
            }
            if let key = field.patchMergeKey { property["x-kubernetes-patch-merge-key"] = .string(key) }
            if let words = FieldWords.shared.words(for: field.name, of: schema.name) {
                property = described(property, words)
            }
            properties[field.name] = property
        }
        if !properties.isEmpty { document["properties"] = .object(properties) }
        let required = schema.fields.filter(\.isRequired).map { JSON.string($0.name) }
        if !required.isEmpty { document["required"] = .array(required) }
        if schema.isAtomic { document["x-kubernetes-map-type"] = "atomic" }
        if schema.preservesUnknown { document["x-kubernetes-preserve-unknown-fields"] = true }
        return document
    }

    /// In OpenAPI v3 nothing may stand beside a reference.
    func described(_ schema: JSON, _ words: String) -> JSON {
        var described: JSON = ["description": .string(words)]
        for (key, member) in schema.object ?? [:] {
            if key == "$ref", version == .v3 {
                described["allOf"] = [["$ref": member]]
            } else {
                described[key] = member
            }
        }
        return described
    }

    private mutating func type(_ schema: Schema) -> JSON {
        guard schema.shape == .structure, !schema.name.isEmpty,
            let known = Catalogue.builtin.schema(named: schema.name)
        else { return inline(schema) }
        return reference(known)
    }

    private mutating func inline(_ schema: Schema) -> JSON {
        switch schema.shape {
        case .structure: return definition(schema)
        case .map:
            var document: JSON = ["type": "object"]
            if let element = schema.element { document["additionalProperties"] = type(element) }
            if schema.isAtomic { document["x-kubernetes-map-type"] = "atomic" }
            return document
        case .list:
            var document: JSON = ["type": "array", "items": schema.element.map { type($0) } ?? [:]]
            switch schema.listType {
            case .atomic: document["x-kubernetes-list-type"] = "atomic"
            case .set: document["x-kubernetes-list-type"] = "set"
            case .map(let keys):
                document["x-kubernetes-list-type"] = "map"
                document["x-kubernetes-list-map-keys"] = .array(keys.map { .string($0) })
            }
            return document
        case .string: return ["type": "string"]
        case .integer: return ["type": "integer", "format": schema.format == "int32" ? "int32" : "int64"]
        case .number: return ["type": "number", "format": "double"]
        case .boolean: return ["type": "boolean"]
        case .time: return ["type": "string", "format": "date-time"]
        case .bytes: return ["type": "string", "format": "byte"]
        case .quantity:
            return version == .v2 ? ["type": "string"] : ["oneOf": [["type": "string"], ["type": "number"]]]
        case .intOrString:
            return version == .v2
                ? ["type": "string", "format": "int-or-string"]
                : ["format": "int-or-string", "oneOf": [["type": "integer"], ["type": "string"]]]
        // Never an empty schema: kubectl explain takes that for none.
        case .any: return ["type": "object"]
        }
    }
}
