import KubeJSON

/// The strategy of CustomResourceDefinitions (k8s.io/apiextensions-apiserver/pkg/registry/
/// customresourcedefinition and pkg/apis/apiextensions).
enum DefinitionStrategy {
    static let definition = Strategy { strategy in
        strategy.hasGeneration = true
        strategy.allowsUnconditionalUpdate = false
        strategy.setDefaults = { object in
            guard object["spec"]?.object != nil else { return }
            if let kind = object["spec"]?["names"]?["kind"]?.string, !kind.isEmpty {
                if (object["spec"]?["names"]?["singular"]?.string ?? "").isEmpty {
                    object.set(.string(kind.lowercased()), at: "spec", "names", "singular")
                }
                if (object["spec"]?["names"]?["listKind"]?.string ?? "").isEmpty {
                    object.set(.string(kind + "List"), at: "spec", "names", "listKind")
                }
            }
            if object["spec"]?["conversion"] == nil {
                object.set(["strategy": "None"], at: "spec", "conversion")
            }
            let hasService = object["spec"]?["conversion"]?["webhook"]?["clientConfig"]?["service"] != nil
            if hasService,
                object["spec"]?["conversion"]?["webhook"]?["clientConfig"]?["service"]?["port"] == nil
            {
                object.set(443, at: "spec", "conversion", "webhook", "clientConfig", "service", "port")
            }
        }
        strategy.prepareForCreate = { object in
            let stored = CustomResourceDefinition(object).storageVersion.map { [JSON.string($0)] } ?? []
            object["status"] = [
                "conditions": .null, "acceptedNames": ["plural": "", "kind": ""],
                "storedVersions": .array(stored),
            ]
        }
        strategy.prepareForUpdate = { object, old in
            object["status"] = old["status"]
            guard let version = CustomResourceDefinition(object).storageVersion else { return }
            var stored = object["status"]?["storedVersions"]?.array ?? []
            if !stored.contains(.string(version)) {
                stored.append(.string(version))
                object.set(.array(stored), at: "status", "storedVersions")
            }
        }
        strategy.prepareForStatusUpdate = { object, old in
            var next = old
            next["status"] = object["status"]
            if let fields = object["metadata"]?["managedFields"] {
                next.setMetadata("managedFields", fields)
            }
            object = next
        }
        strategy.validate = { DefinitionRules.validate($0, old: nil) }
        strategy.validateUpdate = { DefinitionRules.validate($0, old: $1) }
        strategy.validateStatusUpdate = { object, _ in
            DefinitionRules.names(
                object["status"]?["acceptedNames"] ?? [:], FieldPath("status", "acceptedNames"))
        }
        strategy.warnings = { object, old in
            let before = Set(old.map(unknownFormats) ?? [])
            var warnings: [String] = []
            for format in unknownFormats(object) where !before.contains(format) {
                let text = "unrecognized format \(JSONWriter.string(.string(format)))"
                if !warnings.contains(text) { warnings.append(text) }
            }
            return warnings
        }
    }

    private static let knownFormats: Set<String> = [
        "bsonobjectid", "uri", "email", "hostname", "ipv4", "ipv6", "cidr", "mac", "uuid", "uuid3", "uuid4",
        "uuid5", "isbn", "isbn10", "isbn13", "creditcard", "ssn", "hexcolor", "rgbcolor", "byte", "password",
        "date", "duration", "datetime", "date-time", "int32", "int64", "float", "double", "int-or-string",
        "k8s-short-name", "k8s-long-name",
    ]

    private static func unknownFormats(_ definition: JSON) -> [String] {
        var formats: [String] = []
        for version in CustomResourceDefinition(definition).versions {
            if let schema = version["schema"]?["openAPIV3Schema"] { collect(schema, &formats) }
        }
        return formats
    }

    private static func collect(_ schema: JSON, _ formats: inout [String]) {
        if let format = schema["format"]?.string, !format.isEmpty, !knownFormats.contains(format) {
            formats.append(format)
        }
        for (_, property) in schema["properties"]?.object ?? [:] { collect(property, &formats) }
        for key in ["items", "additionalProperties", "not"] {
            if let inner = schema[key], inner.object != nil { collect(inner, &formats) }
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            for inner in schema[key]?.array ?? [] { collect(inner, &formats) }
        }
    }
}
