import KubeJSON
import Testing

@testable import KubeAPI

@Suite struct StructuralSchemaTests {
    private func schema(_ text: String) throws -> StructuralSchema {
        StructuralSchema(try JSONParser.parse(Array(text.utf8)))
    }

    private func value(_ text: String) throws -> JSON { try JSONParser.parse(Array(text.utf8)) }

    private func messages(_ schema: StructuralSchema, _ text: String, old: String? = nil) throws -> [String] {
        schema.validate(try value(text), old: try old.map(value)).map(\.description)
    }

    @Test func pruningKeepsWhatTheSchemaKnows() throws {
        let schema = try schema(
            #"{"type":"object","properties":{"spec":{"type":"object","properties":{"a":{"type":"string"},"list":{"type":"array","items":{"type":"object","properties":{"x":{"type":"integer"}}}},"raw":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{"known":{"type":"object"}}},"map":{"type":"object","additionalProperties":{"type":"object","properties":{"y":{"type":"string"}}}},"pod":{"type":"object","x-kubernetes-embedded-resource":true,"properties":{"spec":{"type":"object"}}}}}}}"#
        )
        var unknown: [String] = []
        let pruned = schema.pruned(
            try value(
                #"{"kind":"K","apiVersion":"g/v1","metadata":{"name":"n"},"extra":1,"spec":{"a":"1","b":2,"list":[{"x":1},{"x":2,"z":3}],"raw":{"free":{"deep":1},"known":{"gone":1}},"map":{"k":{"y":"1","n":1}},"pod":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p"},"other":1}}}"#
            ), unknown: &unknown)
        #expect(
            unknown == [
                "extra", "spec.b", "spec.list[1].z", "spec.raw.known.gone", "spec.map.k.n", "spec.pod.other",
            ])
        #expect(
            pruned
                == (try value(
                    #"{"kind":"K","apiVersion":"g/v1","metadata":{"name":"n"},"spec":{"a":"1","list":[{"x":1},{"x":2}],"raw":{"free":{"deep":1},"known":{}},"map":{"k":{"y":"1"}},"pod":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p"}}}}"#
                )))
    }

    @Test func defaultsFillAtEveryDepthAndReplaceNulls() throws {
        let schema = try schema(
            #"{"type":"object","properties":{"spec":{"type":"object","default":{},"properties":{"a":{"type":"integer","default":1},"n":{"type":"string","nullable":true},"gone":{"type":"string"},"list":{"type":"array","items":{"type":"object","properties":{"p":{"type":"string","default":"TCP"}}}},"off":{"type":"boolean","default":false}}}}}"#
        )
        #expect(schema.defaulted([:]) == ["spec": ["a": 1, "off": false]])
        #expect(
            schema.defaulted(try value(#"{"spec":{"a":null,"n":null,"gone":null,"off":true,"list":[{}]}}"#))
                == ["spec": ["a": 1, "n": .null, "off": true, "list": [["p": "TCP"]]]])
        #expect(schema.hasDefaults)
    }

    @Test func errorsSpeakAsUpstreamDoes() throws {
        let schema = try schema(
            #"{"type":"object","properties":{"spec":{"type":"object","required":["must"],"properties":{"i":{"type":"integer","minimum":0,"maximum":5},"s":{"type":"string","maxLength":3,"minLength":2,"pattern":"^a"},"e":{"type":"string","enum":["x","y"]},"l":{"type":"array","maxItems":1,"minItems":1,"items":{"type":"string"}},"when":{"type":"string","format":"date-time"},"ios":{"x-kubernetes-int-or-string":true},"must":{"type":"string"}}}}}"#
        )
        #expect(
            try messages(schema, #"{"spec":{"must":"m","i":"3"}}"#) == [
                #"spec.i: Invalid value: "string": spec.i in body must be of type integer: "string""#
            ])
        #expect(
            try messages(schema, #"{"spec":{"i":6,"s":"bbbb","e":"z","l":["a",2],"when":"now","ios":true}}"#)
                == [
                    "spec.i: Invalid value: 6: spec.i in body should be less than or equal to 5",
                    "spec.s: Too long: may not be more than 3 bytes",
                    #"spec.s: Invalid value: "bbbb": spec.s in body should match '^a'"#,
                    #"spec.e: Unsupported value: "z": supported values: "x", "y""#,
                    #"spec.l[1]: Invalid value: "integer": spec.l[1] in body must be of type string: "integer""#,
                    "spec.l: Too many: 2: must have at most 1 item",
                    #"spec.when: Invalid value: "now": spec.when in body must be of type date-time: "now""#,
                    #"spec.ios: Invalid value: "boolean": spec.ios in body must be of type integer,string: "boolean""#,
                    "spec.must: Required value",
                ])
        #expect(
            try messages(schema, #"{"spec":{"must":"m","ios":3,"when":"2024-02-29T01:02:03Z"}}"#).isEmpty)
        // What was wrong before and did not change is let be.
        #expect(
            try messages(
                schema, #"{"spec":{"must":"m","i":9,"s":"abc"}}"#, old: #"{"spec":{"must":"m","i":9}}"#
            ).isEmpty)
    }

    @Test func alternativesAndDuplicates() throws {
        let schema = try schema(
            #"{"type":"object","properties":{"spec":{"type":"object","oneOf":[{"required":["a"]},{"required":["b"]}],"properties":{"a":{"type":"string"},"b":{"type":"string"},"set":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}},"map":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object","properties":{"k":{"type":"string"}}}}}}}}"#
        )
        #expect(
            try messages(schema, #"{"spec":{"a":"","b":""}}"#) == [
                #"<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives"#
            ])
        #expect(
            try messages(schema, #"{"spec":{}}"#).first
                == #"<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found none valid"#
        )
        #expect(
            schema.duplicates(
                in: try value(#"{"spec":{"set":["a","b","a"],"map":[{"k":"1"},{"k":"1","v":2}]}}"#)
            ).map(\.description) == [
                #"spec.set[2]: Duplicate value: "a""#, #"spec.map[1]: Duplicate value: {"k":"1"}"#,
            ])
    }
}
