import KubeJSON
import Testing

@testable import AegisAPI

@Suite struct RequestRulesTests {
    private func faults(_ body: JSON) -> [String] {
        do {
            _ = try ReleaseRequest(body)
            return []
        } catch { return error.faults.map(\.at) }
    }

    @Test func everyFaultIsNamed() throws {
        #expect(faults(["workload": "web", "image": "web:2"]) == [])
        #expect(faults(["workload": "web", "env": ["A": "1", "B": .null]]) == [])
        #expect(faults(["workload": "web", "restart": true, "replicas": 0, "note": "because"]) == [])
        #expect(faults([]) == [""])
        #expect(faults(["image": "web:2"]) == ["/workload"])
        #expect(faults(["workload": "web"]) == [""])
        #expect(
            faults(["workload": "Web", "image": " x", "replicas": -1, "deadlineSeconds": 9.5, "extra": 1])
                == ["/extra", "/workload", "/image", "/replicas", "/deadlineSeconds"])
        #expect(faults(["workload": "web", "restart": false]) == ["/restart"])
        #expect(faults(["workload": "web", "env": [:]]) == ["/env"])
        #expect(
            faults(["workload": "web", "env": ["1A": "x", "B": 3, "C": "\u{0}"]]) == [
                "/env", "/env/B", "/env/C",
            ])
        #expect(faults(["workload": "web", "image": .null]) == ["/image"])
        #expect(try ReleaseRequest(["workload": "web", "replicas": 3.0]).change.replicas == 3)
        #expect(try ReleaseRequest(["workload": "web", "restart": true]).deadline == 300)
    }

    @Test func queriesAreChecked() throws {
        var query = try QueryParameters("limit=5&workload=a%2Db", known: ["limit", "workload"])
        #expect(query.integer("limit", in: 1...200) == 5)
        #expect(query.string("workload", like: Checker.isWorkloadName, "a name") == "a-b")
        #expect(throws: Problem.self) { try QueryParameters("x=1", known: ["limit"]) }
        #expect(throws: Problem.self) { try QueryParameters("limit=1&limit=2", known: ["limit"]) }
        #expect(throws: Problem.self) { try QueryParameters("limit=%zz", known: ["limit"]) }
        for wrong in ["0", "201", "", "1e1", "+1", "9999999999999999999999"] {
            var query = try QueryParameters("limit=" + wrong, known: ["limit"])
            _ = query.integer("limit", in: 1...200)
            #expect(query.faults.count == 1, "\(wrong)")
        }
    }

    @Test func pathsAreMatched() {
        func what(_ method: String, _ path: String) -> String {
            switch Routes.match(method, path) {
            case .route(let route, let parameters):
                "\(route.operation) \(parameters.sorted { $0.key < $1.key }.map { $0.value }.joined(separator: ","))"
            case .otherMethods(let methods, let pattern): "\(pattern): \(methods.joined(separator: ","))"
            case .none: "none"
            }
        }
        #expect(what("GET", "/health") == "health ")
        #expect(what("HEAD", "/health") == "health ")
        #expect(what("GET", "/v1/workloads/a%2Fb") == "showWorkload a/b")
        #expect(what("POST", "/v1/releases/x/rollback") == "rollBackRelease x")
        #expect(what("DELETE", "/v1/releases") == "/v1/releases: GET,HEAD,POST")
        #expect(what("TRACE", "/v1/releases/x/cancel") == "/v1/releases/{id}/cancel: POST")
        for path in ["/", "/health/", "/v1/workloads/", "//health", "/v1/releases/x/y", "/v1/workloads/%ff"] {
            #expect(what("GET", path) == "none", "\(path)")
        }
    }

    /// The document says what the routes do: the same paths, methods and parameters, and references that lead
    /// somewhere.
    @Test func theDocumentIsHeldToTheRoutes() throws {
        let document = try OpenAPI.document()
        #expect(document["openapi"] == "3.1.0")
        var documented: Set<String> = []
        for (path, item) in document["paths"]?.object ?? [:] {
            for (method, operation) in item.object ?? [:] {
                let name = "\(method.uppercased()) \(path)"
                documented.insert(name)
                let route = try #require(Routes.all.first { "\($0.method) \($0.pattern)" == name }, "\(name)")
                #expect(operation["operationId"]?.string == route.operation.rawValue)
                #expect((operation["security"] != nil) == route.operation.isOpen, "\(name)")
                let parameters = (operation["parameters"]?.array ?? []).map { resolve($0, in: document) }
                #expect(
                    parameters.filter { $0["in"] == "query" }.compactMap { $0["name"]?.string }
                        == route.query,
                    "\(name)")
                for segment in route.segments where segment.hasPrefix("{") {
                    #expect(
                        parameters.contains {
                            $0["in"] == "path" && $0["name"]?.string == String(segment.dropFirst().dropLast())
                        },
                        "\(name)")
                }
                #expect(operation.at("responses", "400") != nil, "\(name)")
                #expect((operation.at("responses", "401") == nil) == route.operation.isOpen, "\(name)")
                for (status, response) in operation["responses"]?.object ?? [:] {
                    #expect(response["description"]?.string?.isEmpty == false, "\(name) \(status)")
                    #expect(response.at("headers", "X-Request-ID") != nil, "\(name) \(status)")
                    #expect(response["content"] != nil, "\(name) \(status)")
                }
            }
        }
        #expect(documented == Set(Routes.all.map { "\($0.method) \($0.pattern)" }))
        walk(document) { value in
            #expect(value["$object"] == nil && value["$merge"] == nil && value["$problem"] == nil)
            if let reference = value["$ref"]?.string {
                #expect(!resolve(value, in: document).isNull, "\(reference)")
            }
        }
        let states = document.at("components", "schemas", "ReleaseState", "enum")?.array?.compactMap(\.string)
        #expect(states == ReleaseState.allCases.map(\.rawValue))
        let kinds = document.at("components", "schemas", "Event", "properties", "kind", "enum")?.array?
            .compactMap(\.string)
        #expect(kinds == ReleaseStep.Kind.allCases.map(\.rawValue))
    }

    private func resolve(_ value: JSON, in document: JSON) -> JSON {
        guard let reference = value["$ref"]?.string else { return value }
        return document.at(reference.dropFirst(2).split(separator: "/").map(String.init)) ?? .null
    }

    private func walk(_ value: JSON, _ visit: (JSON) -> Void) {
        visit(value)
        for (_, member) in value.object ?? [:] { walk(member, visit) }
        for element in value.array ?? [] { walk(element, visit) }
    }
}
