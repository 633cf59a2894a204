import KubeJSON

/// The schema of a custom kind as the OpenAPI documents publish it
/// (k8s.io/apiextensions-apiserver/pkg/controller/openapi/builder). Descriptions are the definition's own.
enum CustomSchemas {
    static func published(
        _ schema: StructuralSchema, kind: GroupVersionKind, meta: JSON, _ version: OpenAPISchemas.Version
    ) -> JSON {
        var document = version == .v2 ? plain(schema.document) : schema.document
        if document["type"] == nil { document["type"] = "object" }
        if version == .v2, schema.preservesUnknownFields {
            // Clients of v2 would take a list of properties for all there may be.
            return ["type": "object", "x-kubernetes-group-version-kind": [OpenAPISchemas.kind(kind)]]
        }
        var properties = document["properties"]?.object ?? [:]
        for name in ["apiVersion", "kind"] where properties[name] == nil {
            let words = FieldWords.shared.words(for: name, of: "") ?? ""
            properties[name] = ["description": .string(words), "type": "string"]
        }
        properties["metadata"] = meta
        document["properties"] = .object(properties)
        document["x-kubernetes-group-version-kind"] = [OpenAPISchemas.kind(kind)]
        return document
    }

    private static let dropped: Set<String> = ["oneOf", "anyOf", "allOf", "not", "nullable", "default"]

    /// OpenAPI v2 has no alternatives and no nullable values; what they leave open is open there.
    private static func plain(_ schema: JSON) -> JSON {
        guard let object = schema.object else { return schema }
        if schema["nullable"]?.bool == true || schema["x-kubernetes-int-or-string"]?.bool == true {
            var open: JSON = [:]
            for (key, value) in object where key == "description" || key.hasPrefix("x-kubernetes-") {
                open[key] = value
            }
            return open
        }
        if schema["x-kubernetes-preserve-unknown-fields"]?.bool == true {
            var open: JSON = [:]
            for (key, value) in object
            where key == "description" || key.hasPrefix("x-kubernetes-") { open[key] = value }
            if let type = schema["type"], type != "object", type != "array" { open["type"] = type }
            return open
        }
        var plain: JSON = [:]
        for (key, value) in object where !dropped.contains(key) {
            switch key {
            case "properties": plain[key] = .object((value.object ?? [:]).mapValues { Self.plain($0) })
            case "items", "additionalProperties": plain[key] = Self.plain(value)
            case "required":
                let left = (value.array ?? []).filter { name in
                    name.string.map { schema["properties"]?[$0]?["nullable"]?.bool != true } ?? true
                }
                if !left.isEmpty { plain[key] = .array(left) }
            default: plain[key] = value
            }
        }
        return plain
    }
}
