import KubeAPI
import KubeJSON
import Testing

@testable import KubeRegistry

@Suite struct SchemaRuleTests {
    private let definitions = "customresourcedefinitions.apiextensions.k8s.io"
    private let gadgets = "gadgets.example.com"

    private func definition(_ spec: JSON, root: [JSON] = []) -> JSON {
        var schema: JSON = ["type": "object", "properties": ["spec": spec]]
        if !root.isEmpty { schema["x-kubernetes-validations"] = .array(root) }
        return [
            "metadata": ["name": "gadgets.example.com"],
            "spec": [
                "group": "example.com", "scope": "Namespaced",
                "names": ["plural": "gadgets", "kind": "Gadget"],
                "versions": [
                    [
                        "name": "v1", "served": true, "storage": true, "subresources": ["status": [:]],
                        "schema": ["openAPIV3Schema": schema],
                    ]
                ],
            ],
        ]
    }

    private func made(_ spec: JSON, root: [JSON] = []) throws -> TestCluster {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a")
        try cluster.create(definitions, definition(spec, root: root))
        return cluster
    }

    private func refusal(_ spec: JSON, root: [JSON] = []) throws -> String? {
        let cluster = try TestCluster()
        return cluster.refusal { try cluster.create(definitions, definition(spec, root: root)) }?.message
    }

    private func fields(_ rules: [JSON], _ more: JSON = [:]) -> JSON {
        var properties: JSON = [
            "min": ["type": "integer"], "max": ["type": "integer"],
            "size": ["type": "string", "maxLength": 9],
        ]
        for (key, value) in more.object ?? [:] { properties[key] = value }
        return ["type": "object", "properties": properties, "x-kubernetes-validations": .array(rules)]
    }

    @Test func rulesHold() throws {
        let cluster = try made(
            fields([
                ["rule": "self.min <= self.max", "message": "min must not exceed max"],
                ["rule": "!has(self.size) || self.size != 'huge'", "fieldPath": ".size"],
                [
                    "rule": "self.max < 100",
                    "messageExpression": "'max is %d, which is too much'.format([self.max])",
                    "reason": "FieldValueForbidden",
                ],
            ]))
        try cluster.create(gadgets, in: "a", ["metadata": ["name": "g"], "spec": ["min": 1, "max": 2]])
        func message(_ spec: JSON) -> String? {
            cluster.refusal {
                try cluster.create(gadgets, in: "a", ["metadata": ["name": "x"], "spec": spec])
            }?
            .message
        }
        #expect(
            message(["min": 3, "max": 2])
                == "Gadget.example.com \"x\" is invalid: spec: Invalid value: min must not exceed max")
        #expect(
            message(["min": 1, "max": 2, "size": "huge"])
                == "Gadget.example.com \"x\" is invalid: spec.size: Invalid value: failed rule: !has(self.size) || self.size != 'huge'"
        )
        #expect(
            message(["min": 1, "max": 200])
                == "Gadget.example.com \"x\" is invalid: spec: Forbidden: max is 200, which is too much")
        #expect(
            message(["min": 1])
                == "Gadget.example.com \"x\" is invalid: [spec: Invalid value: \"object\": no such key: max evaluating rule: min must not exceed max, spec: Invalid value: \"object\": no such key: max evaluating rule: self.max < 100]"
        )
        // Unchanged values are not judged again, changed ones are.
        let refused = cluster.refusal { try cluster.merge(gadgets, in: "a", name: "g", ["spec": ["min": 5]]) }
        #expect(refused?.code == 422)
    }

    @Test func transitionRulesSeeTheOldValue() throws {
        let cluster = try made(
            fields(
                [["rule": "self.min >= oldSelf.min", "message": "min cannot go down"]],
                [
                    "ports": [
                        "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["n"],
                        "items": [
                            "type": "object", "required": ["n"],
                            "properties": ["n": ["type": "string"], "v": ["type": "integer"]],
                            "x-kubernetes-validations": [["rule": "self.v == oldSelf.v"]],
                        ],
                    ],
                    "once": [
                        "type": "string",
                        "x-kubernetes-validations": [
                            [
                                "rule": "!oldSelf.hasValue() || self == oldSelf.value()",
                                "optionalOldSelf": true, "message": "is immutable",
                            ]
                        ],
                    ],
                ]))
        try cluster.create(
            gadgets, in: "a",
            [
                "metadata": ["name": "g"],
                "spec": ["min": 3, "once": "x", "ports": [["n": "a", "v": 1], ["n": "b", "v": 2]]],
            ])
        func message(_ spec: JSON) -> String? {
            cluster.refusal { try cluster.merge(gadgets, in: "a", name: "g", ["spec": spec]) }?.message
        }
        #expect(message(["min": 4]) == nil)
        #expect(message(["min": 1])?.contains("spec: Invalid value: min cannot go down") == true)
        #expect(
            message(["once": "y"])?.contains("spec.once: Invalid value: \"y\": is immutable") == true)
        #expect(message(["ports": [["n": "b", "v": 2], ["n": "a", "v": 1], ["n": "c", "v": 9]]]) == nil)
        #expect(
            message(["ports": [["n": "b", "v": 3]]])?.contains(
                "spec.ports[0]: Invalid value: failed rule: self.v == oldSelf.v") == true)
    }

    @Test func theRootSeesItsName() throws {
        let cluster = try made(fields([]), root: [["rule": "self.metadata.name.startsWith('g')"]])
        try cluster.create(gadgets, in: "a", ["metadata": ["name": "g"]])
        let refused = cluster.refusal { try cluster.create(gadgets, in: "a", ["metadata": ["name": "x"]]) }
        #expect(
            refused?.message
                == "Gadget.example.com \"x\" is invalid: <nil>: Invalid value: failed rule: self.metadata.name.startsWith('g')"
        )
    }

    @Test func rulesThatCannotBeAreRefused() throws {
        let rule = "spec.versions[0].schema.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule"
        #expect(
            try refusal(fields([["rule": "self.nothing == 1"]]))?.contains(
                "compilation failed: ERROR: <input>:1:5: undefined field 'nothing'\n | self.nothing == 1\n | ....^"
            )
                == true)
        #expect(try refusal(fields([["rule": "self.min +"]]))?.contains("\(rule): Invalid value: ") == true)
        #expect(
            try refusal(fields([["rule": "self.min + 1"]]))?.contains(
                "cel expression must evaluate to a bool")
                == true)
        #expect(
            try refusal(fields([["rule": " "]]))?.contains("\(rule): Required value: rule is not specified")
                == true)
        #expect(
            try refusal(fields([["rule": "true", "fieldPath": ".none"]]))?.contains("must be a valid path")
                == true)
        #expect(
            try refusal(fields([["rule": "true", "optionalOldSelf": true]]))?.contains(
                "may not be set if oldSelf is not used in rule") == true)
        let open: JSON = [
            "list": [
                "type": "array",
                "items": ["type": "string", "x-kubernetes-validations": [["rule": "self == oldSelf"]]],
            ]
        ]
        #expect(
            try refusal(fields([], open))?.contains(
                "oldSelf cannot be used on the uncorrelatable portion of the schema within") == true)
    }

    @Test func rulesThatCostTooMuchAreRefused() throws {
        let lists: JSON = ["list": ["type": "array", "items": ["type": "string"]]]
        let message = try refusal(
            fields([["rule": "self.list.all(a, self.list.all(b, a == b))"]], lists))
        #expect(
            message?.contains(
                "Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)"
            ) == true)
        let bounded: JSON = [
            "list": ["type": "array", "maxItems": 10, "items": ["type": "string", "maxLength": 10]]
        ]
        #expect(
            try refusal(fields([["rule": "self.list.all(a, self.list.all(b, a == b))"]], bounded)) == nil)
    }
}
