import KubeJSON

/// What the schema in a CustomResourceDefinition must be: structural (pkg/apiserver/schema/validation.go) and
/// made of the parts of OpenAPI that custom resources allow (pkg/apis/apiextensions/validation).
enum DefinitionSchemaRules {
    static func validate(_ schema: JSON, _ path: FieldPath, hasStatus: Bool) -> [FieldError] {
        var errors: [FieldError] = []
        if hasStatus { errors += root(schema, path) }
        if schema["nullable"]?.bool == true {
            errors.append(.forbidden(path.child("nullable"), "nullable cannot be true at the root"))
        }
        var structural: [FieldError] = []
        invariants(schema, .root, path, &structural)
        completeness(schema, schema, path, path, &structural)
        structural.sort { utf8Less($0.description, $1.description) }
        if structural.isEmpty { defaults(schema, path, isRoot: true, &structural) }
        errors += structural
        parts(schema, path, isRoot: true, forbidsDefault: nil, &errors)
        return errors
    }

    private static let rootFields: Set<String> = [
        "description", "type", "format", "title", "maximum", "exclusiveMaximum", "minimum",
        "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems",
        "multipleOf", "required", "items", "properties", "externalDocs", "example",
        "x-kubernetes-preserve-unknown-fields", "x-kubernetes-validations",
    ]
    private static let rootFieldNames =
        "[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations]"

    private static func root(_ schema: JSON, _ path: FieldPath) -> [FieldError] {
        if let type = schema["type"]?.string, type != "object", !type.isEmpty {
            return [
                .invalid(
                    FieldPath("\(path).type"), .string(type),
                    "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled"
                )
            ]
        }
        for (key, _) in schema.object ?? [:] where !rootFields.contains(key) && key != "nullable" {
            return [
                .invalid(
                    path, schema,
                    "only \(rootFieldNames) fields are allowed at the root of the schema if the status subresource is enabled"
                )
            ]
        }
        return []
    }

    // MARK: Structure

    private enum Level {
        case root
        case item
        case field
    }

    private static func flag(_ schema: JSON, _ name: String) -> Bool {
        schema["x-kubernetes-\(name)"]?.bool ?? false
    }

    private static let intOrString: JSON = [["type": "integer"], ["type": "string"]]

    private static func invariants(
        _ schema: JSON, _ level: Level, _ path: FieldPath, _ errors: inout [FieldError]
    ) {
        let type = schema["type"]?.string ?? ""
        let embedded = flag(schema, "embedded-resource")
        let preserves = flag(schema, "preserve-unknown-fields")
        let isIntOrString = flag(schema, "int-or-string")
        if type == "array", schema["items"] == nil {
            errors.append(.required(path.child("items"), "must be specified"))
        }
        if let items = schema["items"], items.object != nil {
            invariants(items, .item, path.child("items"), &errors)
        }
        for (key, property) in schema["properties"]?.object ?? [:] {
            invariants(property, .field, path.child("properties").key(key), &errors)
        }
        if let additional = schema["additionalProperties"] {
            let here = path.child("additionalProperties")
            if level == .root { errors.append(.forbidden(here, "must not be used at the root")) }
            if additional.object != nil { invariants(additional, .field, here, &errors) }
            if embedded {
                errors.append(
                    .forbidden(here, "must not be used if x-kubernetes-embedded-resource is set"))
            }
        }
        for (name, isSet) in [("preserve-unknown-fields", preserves), ("embedded-resource", embedded)]
        where isSet && isIntOrString {
            errors.append(
                .invalid(
                    path.child("x-kubernetes-\(name)"), true,
                    "must be false if x-kubernetes-int-or-string is true"))
        }
        nestedAll(schema, path, &errors)

        if embedded, type != "object" {
            let words = "must be object if x-kubernetes-embedded-resource is true"
            errors.append(
                type.isEmpty
                    ? .required(path.child("type"), words)
                    : .invalid(path.child("type"), .string(type), words))
        } else if type.isEmpty, !isIntOrString, !preserves {
            let place =
                switch level {
                case .root: "at the root"
                case .item: "for specified array items"
                case .field: "for specified object fields"
                }
            errors.append(.required(path.child("type"), "must not be empty \(place)"))
        }
        if level == .root, !type.isEmpty, type != "object" {
            errors.append(.invalid(path.child("type"), .string(type), "must be object at the root"))
        }
        if level == .root || embedded { meta(schema, level, path.child("properties"), &errors) }
        if embedded, !preserves, (schema["properties"]?.object ?? [:]).isEmpty {
            errors.append(
                .required(
                    path.child("properties"),
                    "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields"
                ))
        }
    }

    private static func meta(
        _ schema: JSON, _ level: Level, _ path: FieldPath, _ errors: inout [FieldError]
    ) {
        for key in ["kind", "apiVersion"] {
            guard let property = schema["properties"]?[key] else { continue }
            let type = property["type"]?.string ?? ""
            if type != "string" {
                errors.append(
                    .invalid(path.key(key).child("type"), .string(type), "must be string"))
            }
        }
        guard let metadata = schema["properties"]?["metadata"] else { return }
        let here = path.key("metadata")
        let type = metadata["type"]?.string ?? ""
        if type != "object" {
            errors.append(.invalid(here.child("type"), .string(type), "must be object"))
        }
        if level == .root {
            let names = (metadata["properties"]?.object ?? [:]).map(\.key)
            let isPlain = metadata.object?.allSatisfy {
                ["type", "properties", "default", "description"].contains($0.key)
            }
            if isPlain != true || names.contains(where: { $0 != "name" && $0 != "generateName" }) {
                errors.append(
                    .forbidden(
                        here,
                        "must not specify anything other than name and generateName, but metadata is implicitly specified"
                    ))
            }
        }
    }

    /// The alternatives of a structural schema; the two that say "integer or string" are let be.
    private static func nestedAll(_ schema: JSON, _ path: FieldPath, _ errors: inout [FieldError]) {
        for key in ["anyOf", "allOf", "oneOf"] {
            let list = schema[key]?.array ?? []
            if key == "anyOf", schema[key] == intOrString { continue }
            for (index, nested) in list.enumerated() {
                let skips = key == "allOf" && index == 0 && nested["anyOf"] == intOrString
                self.nested(nested, path.child(key).index(index), skipsAnyOf: skips, &errors)
            }
        }
        if let not = schema["not"] { nested(not, path.child("not"), &errors) }
        if let pattern = schema["pattern"]?.string, let problem = TextPattern.problem(pattern) {
            errors.append(
                .invalid(
                    path.child("pattern"), .string(pattern),
                    "must be a valid regular expression, but isn't: \(problem)"))
        }
    }

    private static let nestedForbidden: [(key: String, words: String)] = [
        ("type", "must be empty to be structural"),
        ("additionalProperties", "must be undefined to be structural"),
        ("default", "must be undefined to be structural"), ("title", "must be empty to be structural"),
        ("description", "must be empty to be structural"), ("nullable", "must be false to be structural"),
        ("x-kubernetes-preserve-unknown-fields", "must be false to be structural"),
        ("x-kubernetes-embedded-resource", "must be false to be structural"),
        ("x-kubernetes-int-or-string", "must be false to be structural"),
        ("x-kubernetes-list-map-keys", "must be empty to be structural"),
        ("x-kubernetes-list-type", "must be undefined to be structural"),
        ("x-kubernetes-map-type", "must be undefined to be structural"),
        ("x-kubernetes-validations", "must be empty to be structural"),
    ]

    private static func nested(
        _ schema: JSON, _ path: FieldPath, skipsAnyOf: Bool = false, _ errors: inout [FieldError]
    ) {
        var rest = schema
        if skipsAnyOf { rest.removeMember("anyOf") }
        nestedAll(rest, path, &errors)
        if let items = schema["items"], items.object != nil { nested(items, path.child("items"), &errors) }
        for (key, property) in schema["properties"]?.object ?? [:] {
            nested(property, path.child("properties").key(key), &errors)
        }
        for (key, words) in nestedForbidden {
            guard let value = schema[key], value != false, value != "", value != [] else { continue }
            errors.append(.forbidden(path.child(key), words))
        }
        if schema["properties"]?["metadata"] != nil {
            errors.append(
                .forbidden(
                    path.child("properties").key("metadata"), "must not be specified in a nested context"))
        }
    }

    /// What alternatives speak of must be specified outside of them too.
    private static func completeness(
        _ value: JSON, _ schema: JSON?, _ place: FieldPath, _ path: FieldPath, _ errors: inout [FieldError]
    ) {
        for key in ["allOf", "anyOf", "oneOf"] {
            for (index, nested) in (value[key]?.array ?? []).enumerated() {
                nestedCompleteness(nested, schema, place, path.child(key).index(index), &errors)
            }
        }
        if let not = value["not"] { nestedCompleteness(not, schema, place, path.child("not"), &errors) }
    }

    private static func nestedCompleteness(
        _ value: JSON, _ schema: JSON?, _ place: FieldPath, _ path: FieldPath, _ errors: inout [FieldError]
    ) {
        guard let schema else {
            errors.append(.required(place, "because it is defined in \(path)"))
            return
        }
        completeness(value, schema, place, path, &errors)
        if let items = value["items"], items.object != nil {
            nestedCompleteness(items, schema["items"], place.child("items"), path.child("items"), &errors)
        }
        for (key, property) in value["properties"]?.object ?? [:] {
            nestedCompleteness(
                property, schema["properties"]?[key], place.child("properties").key(key),
                path.child("properties").key(key), &errors)
        }
    }

    /// Defaults must be what the schema itself would let pass.
    private static func defaults(
        _ schema: JSON, _ path: FieldPath, isRoot: Bool = false, _ errors: inout [FieldError]
    ) {
        if let value = schema["default"] {
            let here = path.child("default")
            let rules = StructuralSchema(schema)
            if rules.hasUnknownFields(value) {
                errors.append(.invalid(here, value, "must not have unknown fields"))
            }
            for problem in rules.validate(rules.defaulted(value), path: "") {
                let field = problem.field == "<nil>" ? "\(here)" : "\(here).\(problem.field)"
                errors.append(FieldError(problem.kind, FieldPath(field), problem.value, problem.detail))
            }
        }
        for (key, property) in schema["properties"]?.object ?? [:] {
            if isRoot, StructuralSchema.resourceFields.contains(key) { continue }
            defaults(property, path.child("properties").key(key), &errors)
        }
        for key in ["items", "additionalProperties"] {
            if let inner = schema[key], inner.object != nil { defaults(inner, path.child(key), &errors) }
        }
    }

    // MARK: Parts

    private static let unsupported = [
        "id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref",
    ]
    private static let types = ["array", "boolean", "integer", "number", "object", "string"]

    private static func parts(
        _ schema: JSON, _ path: FieldPath, isRoot: Bool, forbidsDefault: String?,
        _ errors: inout [FieldError]
    ) {
        let type = schema["type"]?.string ?? ""
        if type == "null" {
            errors.append(
                .forbidden(
                    path.child("type"), "type cannot be set to null, use nullable as an alternative"))
        } else if !type.isEmpty, !types.contains(type) {
            errors.append(.notSupported(path.child("type"), .string(type), types))
        }
        if schema["default"] != nil, let reason = forbidsDefault {
            errors.append(.forbidden(path.child("default"), "must not be set \(reason)"))
        }
        for key in unsupported where schema[key] != nil {
            errors.append(.forbidden(path.child(key), "\(key) is not supported"))
        }
        if schema["items"]?.array != nil {
            errors.append(
                .forbidden(path.child("items"), "items must be a schema object and not an array"))
        }
        if schema["uniqueItems"]?.bool == true {
            errors.append(
                .forbidden(
                    path.child("uniqueItems"),
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"))
        }
        if let additional = schema["additionalProperties"], additional != true,
            !(schema["properties"]?.object ?? [:]).isEmpty
        {
            errors.append(
                .forbidden(
                    path.child("additionalProperties"),
                    "additionalProperties and properties are mutual exclusive"))
        }
        for (key, property) in schema["properties"]?.object ?? [:] {
            var reason = forbidsDefault
            if isRoot, StructuralSchema.resourceFields.contains(key) { reason = "in top-level \(key)" }
            parts(
                property, path.child("properties").key(key), isRoot: false, forbidsDefault: reason, &errors)
        }
        for key in ["items", "additionalProperties", "not"] {
            guard let inner = schema[key], inner.object != nil else { continue }
            parts(inner, path.child(key), isRoot: false, forbidsDefault: forbidsDefault, &errors)
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            for (index, inner) in (schema[key]?.array ?? []).enumerated() {
                parts(
                    inner, path.child(key).index(index), isRoot: false, forbidsDefault: forbidsDefault,
                    &errors)
            }
        }
        extensions(schema, type, path, &errors)
    }

    private static func extensions(
        _ schema: JSON, _ type: String, _ path: FieldPath, _ errors: inout [FieldError]
    ) {
        func wants(_ wanted: String, _ name: String) {
            let words = "must be \(wanted) if \(name) is specified"
            errors.append(
                type.isEmpty
                    ? .required(path.child("type"), words)
                    : .invalid(path.child("type"), .string(type), words))
        }
        if schema["x-kubernetes-preserve-unknown-fields"] == false {
            errors.append(
                .invalid(
                    path.child("x-kubernetes-preserve-unknown-fields"), false, "must be true or undefined"))
        }
        if let map = schema["x-kubernetes-map-type"]?.string {
            if type != "object" { wants("object", "x-kubernetes-map-type") }
            if map != "atomic", map != "granular" {
                errors.append(
                    .notSupported(
                        path.child("x-kubernetes-map-type"), .string(map), ["atomic", "granular"]))
            }
        }
        let list = schema["x-kubernetes-list-type"]?.string
        let listPath = path.child("x-kubernetes-list-type")
        let keys = (schema["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.string)
        let keysPath = path.child("x-kubernetes-list-map-keys")
        if let list {
            if type != "array" { wants("array", "x-kubernetes-list-type") }
            if !["atomic", "set", "map"].contains(list) {
                errors.append(.notSupported(listPath, .string(list), ["atomic", "set", "map"]))
            }
        }
        if !keys.isEmpty, list != "map" {
            let words = "must be map if x-kubernetes-list-map-keys is non-empty"
            errors.append(
                list.map { .invalid(listPath, .string($0), words) } ?? .required(listPath, words))
        }
        guard list == "map" else { return }
        if keys.isEmpty {
            errors.append(.required(keysPath, "must not be empty if x-kubernetes-list-type is map"))
        }
        guard let items = schema["items"], items.object != nil else {
            errors.append(
                .required(
                    path.child("items"), "must have a schema if x-kubernetes-list-type is map"))
            return
        }
        let itemType = items["type"]?.string ?? ""
        if itemType != "object" {
            errors.append(
                .invalid(
                    path.child("items").child("type"), .string(itemType),
                    "must be object if parent array's x-kubernetes-list-type is map"))
        }
        if items["nullable"]?.bool == true {
            errors.append(
                .forbidden(
                    path.child("items").child("nullable"),
                    "cannot be nullable when x-kubernetes-list-type is map"))
        }
        let required = (items["required"]?.array ?? []).compactMap(\.string)
        for key in keys {
            guard let property = items["properties"]?[key] else {
                errors.append(
                    .invalid(
                        keysPath, .array(keys.map { .string($0) }),
                        "entries must all be names of item properties"))
                continue
            }
            let here = path.child("items").child("properties").key(key)
            if ["array", "object"].contains(property["type"]?.string ?? "") {
                errors.append(
                    .invalid(
                        here.child("type"), property["type"] ?? "",
                        "must be a scalar type if parent array's x-kubernetes-list-type is map"))
            }
            if property["default"] == nil, !required.contains(key) {
                errors.append(
                    .required(
                        here.child("default"),
                        "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"
                    ))
            }
        }
        if Set(keys).count != keys.count {
            errors.append(
                .invalid(
                    keysPath, .array(keys.map { .string($0) }),
                    "must not contain duplicate entries"))
        }
    }
}

extension JSON {
    /// Takes a member out of an object.
    fileprivate mutating func removeMember(_ key: String) {
        guard case .object(var object) = self else { return }
        object.removeValue(forKey: key)
        self = .object(object)
    }
}
