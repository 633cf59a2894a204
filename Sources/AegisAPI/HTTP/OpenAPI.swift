import KubeJSON

/// The document at `/openapi.json`, made once from its parts. Short forms in the parts stand for what would be
/// said again and again:
/// - `$object: {…}` is an object with exactly these members;
/// - `$merge: release` takes in the members of a release;
/// - `$json: SCHEMA` in a response is a JSON body;
/// - `$problem: WORDS` is a response with problem details.
enum OpenAPI {
    static func document() throws -> JSON {
        var document = try parse(OpenAPIText.head)
        let release = try parse(OpenAPIText.release).object ?? [:]
        var paths: JSON = .object([:])
        for (path, item) in try parse(OpenAPIText.paths).object ?? [:] {
            var operations: JSON = .object([:])
            for (method, operation) in item.object ?? [:] {
                var whole = expanded(operation, release)
                whole["responses"] = .object(
                    responses(of: operation).mapValues { response($0.object ?? [:], release) })
                operations[method] = whole
            }
            paths[path] = operations
        }
        document["paths"] = paths
        document["components"] = expanded(try parse(OpenAPIText.components), release)
        return document
    }

    private static func parse(_ text: String) throws -> JSON { try YAML.parse(text).first?.value ?? .null }

    /// Adds the responses that every operation has.
    private static func responses(of operation: JSON) -> JSONObject {
        var responses = operation["responses"] ?? .object([:])
        let isOpen = operation["security"]?.array?.isEmpty ?? false
        func add(_ status: String, _ words: JSON, _ headers: JSON? = nil) {
            guard responses[status] == nil else { return }
            var response: JSON = ["$problem": words]
            if let headers { response["headers"] = headers }
            responses[status] = response
        }
        let later: JSON = ["Retry-After": ["$ref": "#/components/headers/Retry-After"]]
        add("400", "The request is not valid")
        if !isOpen {
            add(
                "401", "It is not known who asks",
                ["WWW-Authenticate": ["$ref": "#/components/headers/WWW-Authenticate"]])
            add("403", "The caller may not do this")
            add("429", "The caller asks too often", later)
        }
        add("500", "The service failed")
        add("503", "The database or Kubernetes is away", later)
        let all = responses.object ?? [:]
        return JSONObject(all.sortedKeys.compactMap { key in all[key].map { (key, $0) } })
    }

    private static func expanded(_ value: JSON, _ release: JSONObject) -> JSON {
        switch value {
        case .array(let values): return .array(values.map { expanded($0, release) })
        case .object(let object):
            if let members = object["$object"]?.object {
                var properties = JSONObject()
                for (key, member) in members {
                    if key == "$merge" {
                        for (name, part) in release { properties[name] = expanded(part, release) }
                    } else {
                        properties[key] = expanded(member, release)
                    }
                }
                return [
                    "type": "object", "required": .array(properties.keys.map { .string($0) }),
                    "additionalProperties": false, "properties": .object(properties),
                ]
            }
            return .object(object.mapValues { expanded($0, release) })
        default: return value
        }
    }

    private static func response(_ object: JSONObject, _ release: JSONObject) -> JSON {
        var response: JSON = .object([:])
        response["description"] = object["$problem"] ?? object["description"] ?? ""
        var headers = expanded(object["headers"] ?? .object([:]), release)
        headers["X-Request-ID"] = ["$ref": "#/components/headers/X-Request-ID"]
        response["headers"] = headers
        if let schema = object["$json"] {
            response["content"] = ["application/json": ["schema": expanded(schema, release)]]
        } else if object["$problem"] != nil {
            response["content"] = [
                "application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]
            ]
        } else if let content = object["content"] {
            response["content"] = content
        }
        if let links = object["links"] { response["links"] = links }
        return response
    }
}
