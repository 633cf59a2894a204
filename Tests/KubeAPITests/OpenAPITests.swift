import Foundation
import KubeJSON
import Testing

@testable import KubeAPI

@Suite struct OpenAPITests {
    /// Every reference of a document leads to one of its schemas, and no operation has another's name.
    private func check(_ document: JSON) {
        var broken: [String] = []
        var identifiers: Set<String> = []
        func visit(_ value: JSON) {
            switch value {
            case .object(let object):
                for (key, member) in object {
                    if key == "$ref", let text = member.string {
                        let path = text.split(separator: "/").dropFirst().map(String.init)
                        if document.at(path) == nil { broken.append(text) }
                    }
                    if key == "operationId", let text = member.string, !identifiers.insert(text).inserted {
                        broken.append(text)
                    }
                    visit(member)
                }
            case .array(let array): array.forEach(visit)
            default: break
            }
        }
        visit(document)
        #expect(broken.isEmpty, "\(broken.prefix(5))")
    }

    @Test func versionTwoIsWhole() throws {
        let document = OpenAPIDocuments(Catalogue.builtin.resources).v2()
        check(document)
        let pod = document.at("definitions", "io.k8s.api.core.v1.Pod")
        #expect(pod?["x-kubernetes-group-version-kind"]?[0]?["kind"] == "Pod")
        let patch = document.at("paths", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}", "patch")
        let names = (patch?["parameters"]?.array ?? []).compactMap { $0["name"]?.string }
        #expect(names == ["dryRun", "fieldManager", "fieldValidation", "force", "body"])
        if let folder = ProcessInfo.processInfo.environment["OPENAPI_OUT"] {
            try Data(JSONWriter.bytes(document)).write(to: URL(fileURLWithPath: folder + "/v2.json"))
        }
    }

    /// What kubectl of v2 could not check is left open.
    @Test func customKindsAreOpenWhereTheirSchemaIs() {
        func published(_ schema: JSON, _ version: OpenAPISchemas.Version = .v2) -> JSON {
            CustomSchemas.published(
                StructuralSchema(schema), kind: GroupVersionKind("g", "v1", "K"), meta: [:], version)
        }
        let kinds: JSON = [["group": "g", "version": "v1", "kind": "K"]]
        let root = published([
            "type": "object", "description": "d", "x-kubernetes-preserve-unknown-fields": true,
            "properties": ["spec": ["type": "object"]],
        ])
        #expect(root == ["type": "object", "x-kubernetes-group-version-kind": kinds])
        let nested: JSON = [
            "type": "object", "required": ["a", "n"],
            "properties": [
                "a": [
                    "type": "object", "description": "d", "x-kubernetes-preserve-unknown-fields": true,
                    "properties": ["b": ["type": "string"]],
                ], "n": ["type": "string", "nullable": true],
            ],
        ]
        let document = published(nested)
        #expect(document["required"] == ["a"])
        #expect(
            document["properties"]?["a"] == [
                "description": "d", "x-kubernetes-preserve-unknown-fields": true,
            ])
        #expect(document["properties"]?["n"] == [:])
        #expect(published(nested, .v3)["required"] == ["a", "n"])
    }

    @Test func versionThreeIsWhole() throws {
        let documents = OpenAPIDocuments(Catalogue.builtin.resources)
        let index = documents.v3Index()
        for group in Catalogue.builtin.resources.groups {
            for version in group.versions {
                let document = try #require(documents.v3(group: group.name, version: version))
                check(document)
                if let folder = ProcessInfo.processInfo.environment["OPENAPI_OUT"] {
                    let file = "\(folder)/v3-\(group.name)-\(version).json"
                    try Data(JSONWriter.bytes(document)).write(to: URL(fileURLWithPath: file))
                }
            }
        }
        let url = index.at("paths", "apis/apps/v1", "serverRelativeURL")?.string
        #expect(url?.hasPrefix("/openapi/v3/apis/apps/v1?hash=") == true)
        #expect(documents.v3(group: "nope", version: "v1") == nil)
    }
}
