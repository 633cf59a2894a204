import KubeJSON
import Testing

@testable import KubeCEL

@Suite struct SchemaTests {
    private static let schema: JSON = [
        "type": "object",
        "properties": [
            "replicas": ["type": "integer"], "name": ["type": "string", "maxLength": 10],
            "open": ["type": "string"], "port": ["x-kubernetes-int-or-string": true],
            "when": ["type": "string", "format": "date-time"],
            "for": ["type": "string", "format": "duration"],
            "a-b": ["type": "string"], "c.d": ["type": "boolean"], "e__f": ["type": "number"],
            "tags": ["type": "array", "x-kubernetes-list-type": "set", "items": ["type": "string"]],
            "few": ["type": "array", "maxItems": 10, "items": ["type": "string", "maxLength": 10]],
            "many": ["type": "array", "items": ["type": "string"]],
            "labels": ["type": "object", "additionalProperties": ["type": "string"]],
            "ports": [
                "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["n"],
                "items": [
                    "type": "object", "properties": ["n": ["type": "string"], "v": ["type": "integer"]],
                ],
            ],
            "anything": ["x-kubernetes-preserve-unknown-fields": true],
        ],
    ]

    private static let object = #"""
        {"kind":"K","apiVersion":"v1","metadata":{"name":"n","labels":{"x":"y"}},"replicas":3,"name":"abc",
         "port":80,"when":"2024-01-02T03:04:05Z","for":"90s","a-b":"dash","c.d":true,"e__f":1,
         "tags":["a","b"],"few":["x","y"],"labels":{"k":"v"},"ports":[{"n":"p","v":1},{"n":"q","v":2}]}
        """#

    private static func type() throws -> DeclaredType {
        try #require(DeclaredType.make(schema, name: "self", isResource: true))
    }

    private func evaluate(_ text: String) throws -> String {
        let type = try Self.type()
        var environment = Environment()
        let slot = environment.declare("self", type.shape.type)
        do {
            let program = try Program(text, in: environment)
            var evaluation = Evaluation(environment)
            let object = try JSONParser.parse(Array(Self.object.utf8))
            evaluation.set(slot, try Value(object, as: type.shape))
            switch evaluation.run(program).0 {
            case .success(let value): return JSONWriter.string(try value.json())
            case .failure(let error): return "error: " + error.message
            }
        } catch let error as CompileError {
            return "compile: " + (error.issues.first?.message ?? "")
        }
    }

    @Test(arguments: [
        ("self.replicas + 1", "4"), ("self.metadata.name", "\"n\""), ("self.kind", "\"K\""),
        ("self.a__dash__b", "\"dash\""), ("self.c__dot__d", "true"), ("self.e__underscores__f", "1"),
        ("self.__for__ == duration('1m30s')", "true"), ("self.when.getFullYear()", "2024"),
        ("type(self.port) == int", "true"), ("self.port == 80 || self.port == '80'", "true"),
        ("has(self.open)", "false"), ("self.open == ''", "error: no such key: open"),
        ("self.tags == ['b', 'a']", "true"), ("self.tags + ['b', 'c']", #"["a","b","c"]"#),
        ("self.ports.exists(p, p.n == 'q' && p.v == 2)", "true"), ("self.labels['k']", "\"v\""),
        ("self.labels.all(k, k.size() == 1)", "true"), ("self.ports[0].v", "1"),
        ("self.missing", "compile: undefined field 'missing'"),
        ("self.metadata.labels", "compile: undefined field 'labels'"),
        ("self.anything", "compile: undefined field 'anything'"),
        ("self.name + 1", "compile: found no matching overload for '_+_' applied to '(string, int)'"),
        ("self.replicas == 'x'", "compile: found no matching overload for '_==_' applied to '(int, string)'"),
    ])
    func fieldsAreTyped(_ expression: String, _ wanted: String) throws {
        #expect(try evaluate(expression) == wanted)
    }

    private func cost(_ text: String) throws -> UInt64 {
        let type = try Self.type()
        var environment = Environment()
        let slot = environment.declare("self", type.shape.type)
        return try Program(text, in: environment).estimatedCost(variables: [slot: type])
    }

    /// By upstream's arithmetic: a step for each name and field, a tenth of the longest text.
    @Test(arguments: [
        ("true", UInt64(0)), ("self.replicas > 0", 3), ("self.name == 'abcdefghij'", 3),
        ("self.name.startsWith('abc')", 3), ("has(self.name)", 1), ("self.few.size() < 3", 4),
        ("self.few.all(x, x == 'y')", 53),
        ("self.name.matches('abcdefgh')", 12),
    ])
    func costsAreEstimated(_ expression: String, _ wanted: UInt64) throws {
        #expect(try cost(expression) == wanted)
    }

    @Test func whatHasNoBoundIsDear() throws {
        #expect(try cost("self.many.all(x, self.many.all(y, x == y))") > 10_000_000)
        #expect(try cost("self.few.all(x, self.few.all(y, x == y))") < 10_000)
    }

    @Test(
        arguments: [
            ("spec", "spec"), ("a-b", "a__dash__b"), ("a.b/c", "a__dot__b__slash__c"),
            ("a__b", "a__underscores__b"),
            ("in", "__in__"), ("namespace", "__namespace__"), ("1a", nil), ("a b", nil), ("", nil),
            ("_x", "_x"),
        ] as [(String, String?)])
    func namesAreEscaped(_ name: String, _ wanted: String?) {
        #expect(FieldName.escape(name) == wanted)
    }
}
