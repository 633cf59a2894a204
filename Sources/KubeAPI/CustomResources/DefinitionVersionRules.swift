import KubeJSON

/// The validation of one version of a CustomResourceDefinition: its columns, subresources and selectable
/// fields. Its schema is judged by ``DefinitionSchemaRules``.
enum DefinitionVersionRules {
    static func validate(_ version: JSON, _ path: FieldPath) -> [FieldError] {
        var errors: [FieldError] = []
        if let warning = version["deprecationWarning"]?.string {
            let path = path.child("deprecationWarning")
            if version["deprecated"]?.bool != true {
                errors.append(.invalid(path, .string(warning), "can only be set for deprecated versions"))
            } else if warning.isEmpty {
                errors.append(.invalid(path, "", "must not be an empty string"))
            } else if warning.utf8.count > 256 {
                errors.append(.invalid(path, .string(warning), "must be <= 256 characters long"))
            }
        }
        let hasStatus = version["subresources"]?["status"] != nil
        if let schema = version["schema"]?["openAPIV3Schema"] {
            errors += DefinitionSchemaRules.validate(
                schema, path.child("schema", "openAPIV3Schema"), hasStatus: hasStatus)
        }
        if let scale = version["subresources"]?["scale"] {
            errors += scalePaths(scale, path.child("subresources"))
        }
        for (index, column) in (version["additionalPrinterColumns"]?.array ?? []).enumerated() {
            errors += self.column(column, path.child("additionalPrinterColumns").index(index))
        }
        if let fields = version["selectableFields"]?.array {
            errors += selectable(
                fields, version["schema"]?["openAPIV3Schema"], path.child("selectableFields"))
        }
        return errors
    }

    private static func scalePaths(_ scale: JSON, _ path: FieldPath) -> [FieldError] {
        func check(_ key: String, _ roots: [String], _ words: String) -> [FieldError] {
            let path = path.child("scale.\(key)")
            let text = scale[key]?.string ?? ""
            if text.isEmpty { return key == "labelSelectorPath" ? [] : [.required(path)] }
            let errors = jsonPath(text, path)
            if !errors.isEmpty { return errors }
            return roots.contains(where: text.hasPrefix)
                ? [] : [.invalid(path, .string(text), "should be a json path under \(words)")]
        }
        return check("specReplicasPath", [".spec."], ".spec")
            + check("statusReplicasPath", [".status."], ".status")
            + check("labelSelectorPath", [".spec.", ".status."], "either .spec or .status")
    }

    private static func jsonPath(_ text: String, _ path: FieldPath) -> [FieldError] {
        text.hasPrefix(".")
            ? [] : [.invalid(path, .string(text), "must be a simple json path starting with .")]
    }

    private static let types = ["boolean", "date", "integer", "number", "string"]
    private static let formats = [
        "byte", "date", "date-time", "double", "float", "int32", "int64", "password",
    ]

    private static func column(_ column: JSON, _ path: FieldPath) -> [FieldError] {
        var errors: [FieldError] = []
        if (column["name"]?.string ?? "").isEmpty { errors.append(.required(path.child("name"))) }
        let type = column["type"]?.string ?? ""
        let words = "must be one of \(types.joined(separator: ","))"
        if type.isEmpty {
            errors.append(.required(path.child("type"), words))
        } else if !types.contains(type) {
            errors.append(.invalid(path.child("type"), .string(type), words))
        }
        if let format = column["format"]?.string, !format.isEmpty, !formats.contains(format) {
            errors.append(
                .invalid(
                    path.child("format"), .string(format),
                    "must be one of \(formats.joined(separator: ","))"))
        }
        let text = column["jsonPath"]?.string ?? ""
        if text.isEmpty {
            errors.append(.required(path.child("JSONPath")))
        } else {
            errors += jsonPath(text, path.child("JSONPath"))
        }
        return errors
    }

    private static func selectable(_ fields: [JSON], _ document: JSON?, _ path: FieldPath) -> [FieldError] {
        guard let document else { return [] }
        let schema = StructuralSchema(document)
        var errors: [FieldError] = []
        var seen: Set<String> = []
        for (index, field) in fields.enumerated() {
            let here = path.index(index).child("jsonPath")
            let text = field["jsonPath"]?.string ?? ""
            if text.isEmpty {
                errors.append(.required(here))
                continue
            }
            let names = text.split(separator: ".").map(String.init)
            var found: StructuralSchema? = schema
            for name in names { found = found?.property(name) }
            if names.first == "metadata" {
                errors.append(.invalid(here, .string(text), "must not point to fields in metadata"))
                continue
            }
            guard let found, text.hasPrefix(".") else {
                errors.append(
                    .invalid(here, .string(text), "is an invalid path: does not refer to a valid field"))
                continue
            }
            if !["string", "boolean", "integer"].contains(found.type) {
                errors.append(
                    .invalid(
                        here, .string(text),
                        "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed."
                    ))
            }
            if !seen.insert(text).inserted { errors.append(.duplicate(here, .string(text))) }
        }
        if seen.count > 8 { errors.append(.tooMany(path, seen.count, 8)) }
        return errors
    }
}
