import KubeJSON

/// Prints objects as `Table` (meta.k8s.io/v1), with the columns and cells of kube-apiserver.
public enum TablePrinter {
    /// What stands in a row beside its cells.
    public enum IncludeObject: String, Sendable {
        case metadata = "Metadata"
        case object = "Object"
        case none = "None"
    }

    /// The columns of a built-in kind; kinds without their own get Name and Created At.
    public static func columns(for kind: GroupKind) -> [TableColumn] { TableColumns.of(kind) }

    /// The cells of one object, one for each column.
    /// - Parameter now: seconds since the epoch, for ages.
    public static func cells(for object: JSON, kind: GroupKind, now: Int64) -> [JSON] {
        CellPrinter(object: object, now: now).cells(kind)
    }

    /// A table of objects of one resource.
    /// - Parameter listMetadata: the metadata of the list, or of the one object (of which only the
    ///   resource version is carried over).
    public static func table(
        objects: [JSON], kind: GroupKind, now: Int64, listMetadata: JSON,
        includeObject: IncludeObject = .metadata
    ) -> JSON {
        var metadata = JSONObject()
        for key in ["resourceVersion", "continue", "remainingItemCount"] {
            if let value = listMetadata[key] { metadata[key] = value }
        }
        let rows = objects.map { object -> JSON in
            var row: JSONObject = ["cells": .array(cells(for: object, kind: kind, now: now))]
            if kind == GroupKind("", "Pod"), let condition = completion(object) {
                row["conditions"] = [condition]
            }
            switch includeObject {
            case .none: row["object"] = .null
            case .object: row["object"] = object
            case .metadata:
                row["object"] = [
                    "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
                    "metadata": rowMetadata(object, kind),
                ]
            }
            return .object(row)
        }
        return [
            "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": .object(metadata),
            "columnDefinitions": .array(columns(for: kind).map(\.json)), "rows": .array(rows),
        ]
    }

    /// Upstream makes rows of its internal objects, in which the annotation of a DaemonSet that counts
    /// changes of its template is a field.
    private static func rowMetadata(_ object: JSON, _ kind: GroupKind) -> JSON {
        var metadata = object["metadata"] ?? [:]
        guard kind == GroupKind("apps", "DaemonSet") else { return metadata }
        metadata.change("annotations") { $0.drop("deprecated.daemonset.template.generation") }
        if metadata["annotations"]?.object?.isEmpty == true { metadata.drop("annotations") }
        return metadata
    }

    /// Pods that are done say so, so that kubectl can leave them out.
    private static func completion(_ pod: JSON) -> JSON? {
        let phase = pod.at("status", "phase")?.string
        guard phase == "Succeeded" || phase == "Failed" else { return nil }
        return [
            "type": "Completed", "status": "True", "reason": .string(phase ?? ""),
            "message": phase == "Failed"
                ? "The pod failed." : "The pod has completed successfully.",
        ]
    }
}
