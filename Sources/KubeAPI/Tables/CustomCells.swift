import KubeJSON

/// Tables of custom resources: the name, then the columns that the definition declares, or the age when it
/// declares none (apiextensions-apiserver pkg/registry/customresource/tableconvertor).
struct CustomTable {
    private let columns: [(column: CustomColumn, path: JSONPath?)]

    init(_ declared: [CustomColumn]?) {
        let age = CustomColumn(name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp")
        columns = (declared?.isEmpty ?? true ? [age] : declared ?? []).map { ($0, JSONPath($0.jsonPath)) }
    }

    var definitions: [JSON] {
        let name: JSON = [
            "name": "Name", "type": "string", "format": "name", "description": "The name of the object.",
            "priority": 0,
        ]
        return [name]
            + columns.map { column, _ in
                [
                    "name": .string(column.name), "type": .string(column.type),
                    "format": .string(column.format),
                    "description": .string(
                        column.description.isEmpty
                            ? "Custom resource definition column (in JSONPath format): \(column.jsonPath)"
                            : column.description),
                    "priority": .integer(Int64(column.priority)),
                ]
            }
    }

    func cells(of object: JSON, now: Int64) -> [JSON] {
        [.string(object.name)]
            + columns.map { column, path in
                guard let path else { return .null }
                let values = path.values(in: object)
                guard let first = values.first else { return .null }
                return Self.cell(first, values, column.type, now)
            }
    }

    private static func cell(_ value: JSON, _ values: [JSON], _ type: String, _ now: Int64) -> JSON {
        switch type {
        case "integer": return value.integer.map { .integer($0) } ?? .null
        case "number": return value.double.map { .double($0) } ?? .null
        case "boolean": return value.bool.map { .bool($0) } ?? .null
        case "date":
            guard let text = value.string else { return "<unknown>" }
            guard Timestamp(text) != nil else { return "<invalid>" }
            return .string(DurationFormat.age(of: text, now: now))
        default:
            if values.count > 1 { return .string(values.map(text).joined(separator: " ")) }
            return .string(text(value))
        }
    }

    private static func text(_ value: JSON) -> String { value.string ?? JSONWriter.string(value) }
}

extension TablePrinter {
    /// A table of objects of a custom resource.
    public static func table(
        objects: [JSON], columns: [CustomColumn]?, now: Int64, listMetadata: JSON,
        includeObject: IncludeObject = .metadata
    ) -> JSON {
        let table = CustomTable(columns)
        // The frame is that of any table; no built-in kind's cells are used.
        var result = self.table(
            objects: [], kind: GroupKind("", ""), now: now, listMetadata: listMetadata)
        result["columnDefinitions"] = .array(table.definitions)
        result["rows"] = .array(
            objects.map { object in
                let shown: JSON
                switch includeObject {
                case .none: shown = .null
                case .object: shown = object
                case .metadata:
                    shown = [
                        "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
                        "metadata": object["metadata"] ?? [:],
                    ]
                }
                return ["cells": .array(table.cells(of: object, now: now)), "object": shown]
            })
        return result
    }
}
