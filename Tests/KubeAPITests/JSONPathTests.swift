import KubeJSON
import Testing

@testable import KubeAPI

@Suite struct JSONPathTests {
    static let object: JSON = [
        "metadata": ["name": "w", "labels": ["a.b/c": "x"], "creationTimestamp": "2026-01-01T00:00:00Z"],
        "spec": ["size": 3, "list": [1, 2, 3], "nested": ["on": true]],
        "status": [
            "conditions": [["type": "Ready", "status": "True"], ["type": "Old", "status": "False"]]
        ],
    ]

    @Test(arguments: [
        (".spec.size", "3"), ("{.spec.size}", "3"), (".spec.list[0]", "1"), (".spec.list[-1]", "3"),
        (".spec.list[*]", "1 2 3"), (".metadata.labels.a\\.b/c", "\"x\""),
        (".metadata.labels['a.b/c']", "\"x\""),
        (#".status.conditions[?(@.type=="Ready")].status"#, "\"True\""),
        (".status.conditions[?(@.type=='None')].status", ""),
        (".status.conditions[?(@.status)].type", "\"Ready\" \"Old\""),
        (".spec.nothing", ""), (".spec.list[9]", ""),
    ])
    func finds(_ path: String, _ expected: String) throws {
        let values = try #require(JSONPath(path)).values(in: Self.object)
        #expect(values.map { JSONWriter.string($0) }.joined(separator: " ") == expected)
    }

    @Test(arguments: [".a[", ".a[?(b)]", ".a[x]"])
    func refuses(_ path: String) { #expect(JSONPath(path) == nil) }

    @Test func printsDeclaredColumns() {
        let columns = [
            CustomColumn(name: "Size", type: "integer", jsonPath: ".spec.size"),
            CustomColumn(name: "On", type: "boolean", jsonPath: ".spec.nested.on"),
            CustomColumn(name: "Bad", type: "integer", jsonPath: ".metadata.name"),
            CustomColumn(name: "Made", type: "date", jsonPath: ".metadata.creationTimestamp"),
            CustomColumn(name: "Nested", type: "string", jsonPath: ".spec.nested"),
        ]
        let table = TablePrinter.table(
            objects: [Self.object], columns: columns, now: 1_767_225_600 + 90, listMetadata: [:])
        #expect(table["rows"]?[0]?["cells"] == ["w", 3, true, .null, "90s", "{\"on\":true}"])
        let plain = TablePrinter.table(
            objects: [Self.object], columns: nil, now: 1_767_225_600 + 90, listMetadata: [:])
        #expect(plain["rows"]?[0]?["cells"] == ["w", "90s"])
        #expect(plain["columnDefinitions"]?.array?.map { $0["name"] } == ["Name", "Age"])
    }
}
