import KubeJSON

/// Writes the paths of one resource with their operations.
struct OpenAPIPaths {
    let info: ResourceInfo
    let version: OpenAPISchemas.Version

    private static let list: [(String, String)] = [
        ("allowWatchBookmarks", "boolean"), ("continue", "string"), ("fieldSelector", "string"),
        ("labelSelector", "string"), ("limit", "integer"), ("resourceVersion", "string"),
        ("resourceVersionMatch", "string"), ("sendInitialEvents", "boolean"), ("timeoutSeconds", "integer"),
        ("watch", "boolean"),
    ]
    private static let write: [(String, String)] = [
        ("dryRun", "string"), ("fieldManager", "string"), ("fieldValidation", "string"),
    ]
    private static let delete: [(String, String)] = [
        ("dryRun", "string"), ("gracePeriodSeconds", "integer"),
        ("ignoreStoreReadErrorWithClusterBreakingPotential", "boolean"), ("orphanDependents", "boolean"),
        ("propagationPolicy", "string"),
    ]
    private static let patchTypes = [
        "application/json-patch+json", "application/merge-patch+json",
        "application/strategic-merge-patch+json", "application/apply-patch+yaml",
    ]

    private struct Operation {
        let method: String
        let action: String
        let id: String
        var query: [(String, String)] = []
    }

    func write(_ schemas: inout OpenAPISchemas) -> [(String, JSON)] {
        let root = info.group.isEmpty ? "/api/\(info.version)" : "/apis/\(info.apiVersion)"
        let scoped =
            info.isNamespaced ? "\(root)/namespaces/{namespace}/\(info.plural)" : "\(root)/\(info.plural)"
        let scope = info.isNamespaced ? ["namespace"] : []
        let base = identifier + (info.isNamespaced ? "Namespaced" : "") + info.kind
        let object = objectReference(&schemas)
        let listed = listReference(object, &schemas)
        let status = reference("io.k8s.apimachinery.pkg.apis.meta.v1.Status", &schemas)
        let options = reference("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions", &schemas)
        var paths: [(String, JSON)] = []

        var collection: [(String, JSON)] = []
        var item: [(String, JSON)] = []
        for verb in info.verbs {
            switch verb {
            case "list":
                let operation = Operation(method: "get", action: "list", id: "list" + base, query: Self.list)
                collection.append((operation.method, document(operation, answer: listed, body: nil)))
                if info.isNamespaced {
                    let all = Operation(
                        method: "get", action: "list", id: "list\(identifier)\(info.kind)ForAllNamespaces",
                        query: Self.list)
                    let path = pathItem([("get", document(all, answer: listed, body: nil))], [])
                    paths.append(("\(root)/\(info.plural)", path))
                }
            case "create":
                let operation = Operation(
                    method: "post", action: "post", id: "create" + base, query: Self.write)
                collection.append(("post", document(operation, answer: object, body: object)))
            case "deletecollection":
                let operation = Operation(
                    method: "delete", action: "deletecollection", id: "deleteCollection" + base,
                    query: Self.delete + Self.list.filter { $0.0 != "watch" && $0.0 != "allowWatchBookmarks" }
                )
                collection.append(("delete", document(operation, answer: status, body: options)))
            case "delete":
                let operation = Operation(
                    method: "delete", action: "delete", id: "delete" + base, query: Self.delete)
                item.append(("delete", document(operation, answer: status, body: options)))
            default:
                if let entry = itemOperation(verb, base: base, object: object, schemas: &schemas) {
                    item.append(entry)
                }
            }
        }
        if !collection.isEmpty { paths.append((scoped, pathItem(collection, scope))) }
        if !item.isEmpty { paths.append(("\(scoped)/{name}", pathItem(item, scope + ["name"]))) }
        for subresource in info.subresources {
            let kind = subresource.kind
            let body =
                kind == info.groupVersionKind
                ? object : Catalogue.builtin.schema(for: kind).map { schemas.reference($0) }
            var operations: [(String, JSON)] = []
            let name = base + subresource.name.prefix(1).uppercased() + subresource.name.dropFirst()
            for verb in subresource.verbs {
                if verb == "create" {
                    let operation = Operation(
                        method: "post", action: "post", id: "create" + name, query: Self.write)
                    operations.append(("post", document(operation, answer: body, body: body, kind: kind)))
                } else if verb == "delete" {
                    let operation = Operation(method: "delete", action: "connect", id: "delete" + name)
                    operations.append(("delete", document(operation, answer: body, body: nil, kind: kind)))
                } else if let entry = itemOperation(
                    verb, base: name, object: body, schemas: &schemas, kind: kind)
                {
                    operations.append(entry)
                }
            }
            if !operations.isEmpty {
                let path = "\(scoped)/{name}/\(subresource.name)"
                paths.append((path, pathItem(operations, scope + ["name"])))
            }
        }
        return paths
    }

    private func itemOperation(
        _ verb: String, base: String, object: JSON?, schemas: inout OpenAPISchemas,
        kind: GroupVersionKind? = nil
    ) -> (String, JSON)? {
        switch verb {
        case "get":
            let operation = Operation(method: "get", action: "get", id: "read" + base)
            return ("get", document(operation, answer: object, body: nil, kind: kind))
        case "update":
            let operation = Operation(method: "put", action: "put", id: "replace" + base, query: Self.write)
            return ("put", document(operation, answer: object, body: object, kind: kind))
        case "patch":
            let operation = Operation(
                method: "patch", action: "patch", id: "patch" + base,
                query: Self.write + [("force", "boolean")])
            let body = reference("io.k8s.apimachinery.pkg.apis.meta.v1.Patch", &schemas)
            return ("patch", document(operation, answer: object, body: body, kind: kind))
        default: return nil
        }
    }

    /// `CoreV1`, `AppsV1`, `RbacAuthorizationV1`; custom groups by their whole name.
    private var identifier: String {
        func capital(_ text: some StringProtocol) -> String { text.prefix(1).uppercased() + text.dropFirst() }
        let name =
            info.group.isEmpty
            ? "core" : info.group.hasSuffix(".k8s.io") ? String(info.group.dropLast(7)) : info.group
        return name.split(whereSeparator: { $0 == "." || $0 == "-" }).map { capital($0) }.joined()
            + capital(info.version)
    }

    private func reference(_ name: String, _ schemas: inout OpenAPISchemas) -> JSON {
        Catalogue.builtin.schema(named: name).map { schemas.reference($0) } ?? [:]
    }

    /// `io.example.v1.Widget` for a custom kind of the group `example.io`.
    private var customName: String {
        info.group.split(separator: ".").reversed().joined(separator: ".") + ".\(info.version).\(info.kind)"
    }

    private func objectReference(_ schemas: inout OpenAPISchemas) -> JSON {
        guard info.isCustom else { return schemas.reference(info.schema) }
        guard let custom = info.custom else {
            return schemas.reference(info.schema, name: customName, kinds: [info.groupVersionKind])
        }
        let meta = schemas.described(
            reference("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", &schemas),
            "Standard object's metadata: name, labels and annotations.")
        schemas.add(
            customName,
            CustomSchemas.published(
                custom.structural, kind: info.groupVersionKind, meta: meta, schemas.version))
        return ["$ref": .string(schemas.version.prefix + customName)]
    }

    private func listReference(_ object: JSON, _ schemas: inout OpenAPISchemas) -> JSON {
        guard info.verbs.contains("list") else { return [:] }
        let kind = GroupVersionKind(info.group, info.version, info.listKind)
        if let schema = Catalogue.builtin.schema(for: kind) { return schemas.reference(schema) }
        let name = customName + "List"
        schemas.add(
            name,
            [
                "type": "object", "required": ["items"],
                "properties": [
                    "apiVersion": ["type": "string"], "kind": ["type": "string"],
                    "items": ["type": "array", "items": object],
                    "metadata": reference("io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta", &schemas),
                ],
                "x-kubernetes-group-version-kind": [OpenAPISchemas.kind(kind)],
            ])
        return ["$ref": .string(schemas.version.prefix + name)]
    }

    private func parameter(_ name: String, _ type: String, in place: String) -> JSON {
        var parameter: JSON = ["name": .string(name), "in": .string(place)]
        if place == "path" { parameter["required"] = true }
        if version == .v2 {
            parameter["type"] = .string(type)
            parameter["uniqueItems"] = true
        } else {
            parameter["schema"] = ["type": .string(type), "uniqueItems": true]
        }
        return parameter
    }

    private func pathItem(_ operations: [(String, JSON)], _ names: [String]) -> JSON {
        var item = JSONObject(operations)
        let parameters =
            names.map { parameter($0, "string", in: "path") } + [parameter("pretty", "string", in: "query")]
        item["parameters"] = .array(parameters)
        return .object(item)
    }

    private func document(
        _ operation: Operation, answer: JSON?, body: JSON?, kind: GroupVersionKind? = nil
    ) -> JSON {
        let patches = info.isCustom ? Self.patchTypes.filter { !$0.contains("strategic") } : Self.patchTypes
        let types = operation.method == "patch" ? patches : ["application/json", "application/yaml"]
        var parameters = operation.query.map { parameter($0.0, $0.1, in: "query") }
        var document: JSON = ["operationId": .string(operation.id)]
        let schema = answer ?? ["type": "string"]
        var success: JSON = ["description": "OK"]
        if version == .v2 {
            success["schema"] = schema
            document["consumes"] = .array((body == nil ? ["*/*"] : types).map { .string($0) })
            document["produces"] = ["application/json", "application/yaml"]
            if let body {
                parameters.append(
                    [
                        "in": "body", "name": "body", "required": .bool(operation.method != "delete"),
                        "schema": body,
                    ])
            }
        } else {
            success["content"] = [
                "application/json": ["schema": schema], "application/yaml": ["schema": schema],
            ]
            if let body {
                document["requestBody"] = [
                    "content": .object(JSONObject(types.map { ($0, ["schema": body]) })),
                    "required": .bool(operation.method != "delete"),
                ]
            }
        }
        if !parameters.isEmpty { document["parameters"] = .array(parameters) }
        document["responses"] = ["200": success, "401": ["description": "Unauthorized"]]
        document["x-kubernetes-action"] = .string(operation.action)
        document["x-kubernetes-group-version-kind"] = OpenAPISchemas.kind(kind ?? info.groupVersionKind)
        return document
    }
}
