import Testing

@testable import KubeJSON

@Suite struct PatchTests {
    private static func schema() -> Schema {
        let env = Schema(
            .structure, name: "EnvVar",
            fields: [
                .init(name: "name", schema: Schema(.string)), .init(name: "value", schema: Schema(.string)),
            ])
        let container = Schema(
            .structure, name: "Container",
            fields: [
                .init(name: "name", schema: Schema(.string)), .init(name: "image", schema: Schema(.string)),
                .init(
                    name: "env", schema: Schema(.list, element: env), patchMerge: true,
                    patchMergeKey: "name"),
            ])
        return Schema(
            .structure, name: "PodSpec",
            fields: [
                .init(
                    name: "containers", schema: Schema(.list, element: container), patchMerge: true,
                    patchMergeKey: "name"),
                .init(
                    name: "finalizers", schema: Schema(.list, element: Schema(.string)), patchMerge: true),
                .init(name: "args", schema: Schema(.list, element: Schema(.string))),
                .init(name: "strategy", schema: Schema(.map, element: Schema(.string))),
            ])
    }

    @Test(arguments: [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#), ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
        ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#), (#"{"a":"foo"}"#, "null", "null"),
    ])
    func mergePatch(original: String, patch: String, result: String) throws {
        let patched = MergePatch.apply(try JSONParser.parse(patch), to: try JSONParser.parse(original))
        #expect(patched == (try JSONParser.parse(result)))
    }

    @Test(arguments: [
        (#"{"a":[1,2]}"#, #"[{"op":"add","path":"/a/1","value":9}]"#, #"{"a":[1,9,2]}"#),
        (#"{"a":[1,2]}"#, #"[{"op":"add","path":"/a/-","value":9}]"#, #"{"a":[1,2,9]}"#),
        (#"{"a":[1,2]}"#, #"[{"op":"remove","path":"/a/-1"}]"#, #"{"a":[1]}"#),
        (#"{"a":{"b":1}}"#, #"[{"op":"move","from":"/a/b","path":"/c"}]"#, #"{"a":{},"c":1}"#),
        (#"{"a":{"b":1}}"#, #"[{"op":"copy","from":"/a","path":"/c"}]"#, #"{"a":{"b":1},"c":{"b":1}}"#),
        (
            #"{"a/b":1,"c~d":2}"#,
            #"[{"op":"remove","path":"/a~1b"},{"op":"test","path":"/c~0d","value":2}]"#,
            #"{"c~d":2}"#
        ),
    ])
    func jsonPatch(original: String, patch: String, result: String) throws {
        let patched = try JSONPatch.parse(try JSONParser.parse(patch)).apply(
            to: try JSONParser.parse(original))
        #expect(patched == (try JSONParser.parse(result)))
    }

    @Test(arguments: [
        (#"[{"op":"test","path":"/a","value":6}]"#, "testing value /a failed: test failed"),
        (
            #"[{"op":"remove","path":"/nope"}]"#,
            "error in remove for path: '/nope': Unable to remove nonexistent key: nope: missing value"
        ),
        (
            #"[{"op":"add","path":"/x/y","value":1}]"#,
            #"add operation does not apply: doc is missing path: "/x/y": missing value"#
        ),
    ])
    func jsonPatchErrors(patch: String, message: String) throws {
        let patch = try JSONPatch.parse(try JSONParser.parse(patch))
        #expect(throws: PatchError(.unprocessable, message)) { try patch.apply(to: ["a": 5]) }
    }

    private static let pod =
        #"{"containers":[{"name":"a","image":"1","env":[{"name":"E","value":"1"}]},"#
        + #"{"name":"b"}],"finalizers":["x","y"],"args":["1"],"strategy":{"k":"v","l":"w"}}"#

    @Test(arguments: [
        (
            #"{"containers":[{"name":"a","image":"2"}]}"#, "containers",
            #"[{"name":"a","image":"2","env":[{"name":"E","value":"1"}]},{"name":"b"}]"#
        ),
        (#"{"containers":[{"name":"a","$patch":"delete"}]}"#, "containers", #"[{"name":"b"}]"#),
        (#"{"containers":[{"$patch":"replace"},{"name":"z"}]}"#, "containers", #"[{"name":"z"}]"#),
        (
            #"{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"a","env":null}]}"#,
            "containers", #"[{"name":"b"},{"name":"a","image":"1"}]"#
        ),
        (#"{"$deleteFromPrimitiveList/finalizers":["x"]}"#, "finalizers", #"["y"]"#),
        (#"{"finalizers":["z"]}"#, "finalizers", #"["z","x","y"]"#), (#"{"args":["2"]}"#, "args", #"["2"]"#),
        (#"{"strategy":{"$retainKeys":["k"],"k":"n"}}"#, "strategy", #"{"k":"n"}"#),
        (#"{"strategy":{"$patch":"replace","m":"n"}}"#, "strategy", #"{"m":"n"}"#),
    ])
    func strategic(patch: String, field: String, result: String) throws {
        let patched = try StrategicMergePatch.apply(
            try JSONParser.parse(patch), to: try JSONParser.parse(Self.pod), schema: Self.schema())
        #expect(patched[field] == (try JSONParser.parse(result)))
    }
}

@Suite struct YAMLTests {
    @Test func scalars() throws {
        let text = "a: yes\nb: 010\nc: 1.5\nd: ~\ne: 2001-01-01\nf: \"1\"\ng: 1e3\n1: x\n"
        let value = try YAML.parse(text)[0].value
        #expect(
            value == [
                "a": true, "b": 8, "c": 1.5, "d": .null, "e": "2001-01-01", "f": "1", "g": 1000, "1": "x",
            ])
    }

    @Test func documentsLinesAndMergeKeys() throws {
        let documents = try YAML.parse(
            "a: &x {p: 1}\n---\nb:\n  base: &y\n    q: 2\n  c:\n    <<: *y\n    r: 3\n")
        #expect(documents.count == 2)
        #expect(documents[1].value.at("b", "c") == ["r": 3, "q": 2])
        #expect(documents[1].line == 3)
        #expect(documents[1].line(at: "b", "c", "r") == 8)
        #expect(throws: YAMLError.self) { try YAML.parse("a: 1\na: 2\n") }
        let repeated = #expect(throws: YAMLError.self) {
            try YAML.parse("\na: 1\nb:\n  - c: 1\n    c: {a: 1}\n  - {c: 1}\na: 2\n")
        }
        #expect(
            repeated?.conversionWords == """
                error converting YAML to JSON: yaml: unmarshal errors:
                  line 5: key "c" already set in map
                  line 7: key "a" already set in map
                """)
        #expect(repeated?.line == 5)
        #expect(throws: YAMLError.self) { try YAML.parse("a: [1\n") }
    }

    @Test func writtenTextReadsBack() throws {
        let value: JSON = [
            "b": [
                "x", "true", "1", "", "a: b", "- c", "it's", "1:30", "l1\nl2", "l\n", " s\nt\n\n", "\u{7}",
            ],
            "a": ["n": .null, "e": [:], "l": [], "m": [["k": 1, "j": [2]]]],
        ]
        let text = YAML.string(value)
        #expect(try YAML.parse(text)[0].value == value, "\(text)")
    }
}
