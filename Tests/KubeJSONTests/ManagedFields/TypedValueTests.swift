import Testing

@testable import KubeJSON

@Suite struct TypedValueTests {
    static func fields(_ text: String, _ schema: Schema) throws -> String {
        JSONWriter.string(TypedValue(try json(text), schema).fieldSet.fieldsV1)
    }

    @Test(arguments: [
        // Named fields are not members, list items are, missing keys take their defaults.
        (
            #"{"spec":{"containers":[{"name":"a","image":"i","ports":[{"containerPort":80}]}]}}"#,
            #"{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:image":{},"f:name":{},"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}}}}}}"#
        ),
        // Empty maps and nulls are members, empty associative lists are nothing.
        (
            #"{"metadata":{"labels":{}},"spec":{"containers":[],"securityContext":null}}"#,
            #"{"f:metadata":{"f:labels":{}},"f:spec":{"f:securityContext":{}}}"#
        ),
        (
            #"{"metadata":{"finalizers":["b","a"]}}"#,
            #"{"f:metadata":{"f:finalizers":{"v:\"a\"":{},"v:\"b\"":{}}}}"#
        ),
        (#"{"spec":{"nodeSelector":{"a":"b"}}}"#, #"{"f:spec":{"f:nodeSelector":{}}}"#),
        // Items of one key are owned together.
        (
            #"{"spec":{"containers":[{"name":"a","env":[{"name":"E","value":"1"},{"name":"E","value":"2"}]}]}}"#,
            #"{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:env":{"k:{\"name\":\"E\"}":{}},"f:name":{}}}}}"#
        ),
    ])
    func setOfAPod(_ object: String, _ expected: String) throws {
        #expect(try Self.fields(object, TestSchemas.pod) == expected)
    }

    @Test func contentWithoutSchemaIsGranularInMapsAndAtomicInLists() throws {
        #expect(
            try Self.fields(#"{"spec":{"a":1,"b":[{"name":"x"}],"c":{"d":true}}}"#, .any)
                == #"{"f:spec":{".":{},"f:a":{},"f:b":{},"f:c":{".":{},"f:d":{}}}}"#)
    }

    struct ComparisonCase: Sendable {
        let before, after, added, modified, removed: String
    }

    @Test(arguments: [
        ComparisonCase(
            before: #"{"spec":{"nodeName":"a"}}"#,
            after: #"{"spec":{"nodeName":"b","restartPolicy":"Never"}}"#,
            added: #"{"f:spec":{"f:restartPolicy":{}}}"#, modified: #"{"f:spec":{"f:nodeName":{}}}"#,
            removed: "{}"),
        ComparisonCase(
            before: #"{"metadata":{}}"#, after: #"{"metadata":{"labels":{"a":"1"}}}"#,
            added: #"{"f:metadata":{"f:labels":{".":{},"f:a":{}}}}"#, modified: "{}", removed: "{}"),
        ComparisonCase(
            before: #"{"metadata":{"labels":{"a":"1"}}}"#, after: #"{"metadata":{"labels":{}}}"#,
            added: "{}", modified: "{}", removed: #"{"f:metadata":{"f:labels":{"f:a":{}}}}"#),
        // The order of an associative list is no change.
        ComparisonCase(
            before: #"{"metadata":{"finalizers":["a","b"]}}"#,
            after: #"{"metadata":{"finalizers":["b","a"]}}"#,
            added: "{}", modified: "{}", removed: "{}"),
        ComparisonCase(
            before: #"{"spec":{"containers":null}}"#, after: #"{"spec":{"containers":[{"name":"a"}]}}"#,
            added: #"{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:name":{}}}}}"#,
            modified: "{}",
            removed: "{}"),
        ComparisonCase(
            before: #"{"spec":{"containers":[{"name":"a","args":["x"]},{"name":"b"}]}}"#,
            after: #"{"spec":{"containers":[{"name":"a","args":["x","y"]}]}}"#,
            added: "{}",
            modified: #"{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{"f:args":{}}}}}"#,
            removed: #"{"f:spec":{"f:containers":{"k:{\"name\":\"b\"}":{".":{},"f:name":{}}}}}"#),
        // From one to two items of a key: what was there goes, the pair comes.
        ComparisonCase(
            before: #"{"spec":{"containers":[{"name":"a"}]}}"#,
            after: #"{"spec":{"containers":[{"name":"a"},{"name":"a"}]}}"#,
            added: #"{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{}}}}"#, modified: "{}",
            removed: #"{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:name":{}}}}}"#),
    ])
    func comparison(_ row: ComparisonCase) throws {
        let change = TypedValue(try json(row.before), TestSchemas.pod)
            .compare(to: TypedValue(try json(row.after), TestSchemas.pod))
        #expect(JSONWriter.string(change.added.fieldsV1) == row.added)
        #expect(JSONWriter.string(change.modified.fieldsV1) == row.modified)
        #expect(JSONWriter.string(change.removed.fieldsV1) == row.removed)
    }

    @Test func untypedContentMayChangeItsForm() throws {
        let change = TypedValue(try json(#"{"a":1}"#), .any).compare(
            to: TypedValue(try json(#"{"a":{"b":2}}"#), .any))
        #expect(JSONWriter.string(change.modified.fieldsV1) == #"{"f:a":{}}"#)
        #expect(JSONWriter.string(change.added.fieldsV1) == #"{"f:a":{"f:b":{}}}"#)
    }

    @Test(arguments: [
        (["a", "b", "c"], ["b"], ["a", "b", "c"]),
        (["a", "b", "c"], ["c", "a"], ["b", "c", "a"]),
        (["a", "b"], ["c"], ["a", "b", "c"]),
        (["a", "b"], ["x", "b"], ["a", "x", "b"]),
        ([], ["b", "a"], ["b", "a"]),
        (["a", "b", "c", "d"], ["d", "x", "b"], ["a", "c", "d", "x", "b"]),
    ])
    func orderOfMergedLists(_ live: [String], _ applied: [String], _ expected: [String]) throws {
        func object(_ items: [String]) -> JSON {
            ["metadata": ["finalizers": .array(items.map(JSON.string))]]
        }
        let merged = TypedValue(object(live), TestSchemas.pod).merging(object(applied))
        #expect(merged == object(expected))
    }

    @Test func mergeKeepsWhatTheConfigurationDoesNotName() throws {
        let live = try json(
            #"{"metadata":{"labels":{"a":"1"}},"spec":{"containers":[{"name":"a","image":"1","args":["x"]}],"nodeSelector":{"k":"v"}}}"#
        )
        let merged = TypedValue(live, TestSchemas.pod).merging(
            try json(
                #"{"metadata":{"labels":null},"spec":{"containers":[{"name":"a","image":"2"}],"nodeSelector":{"l":"w"}}}"#
            ))
        #expect(
            JSONWriter.string(merged)
                == #"{"metadata":{"labels":{"a":"1"}},"spec":{"containers":[{"name":"a","image":"2","args":["x"]}],"nodeSelector":{"l":"w"}}}"#
        )
    }

    @Test func removingAndExtracting() throws {
        let value = TypedValue(
            try json(
                #"{"spec":{"nodeName":"n","containers":[{"name":"a","image":"1"},{"name":"b","image":"2"}]}}"#
            ),
            TestSchemas.pod)
        let items = try FieldSetTests.set(
            #"{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{},"k:{\"name\":\"b\"}":{"f:image":{}}}}}"#)
        #expect(
            JSONWriter.string(value.removing(items))
                == #"{"spec":{"nodeName":"n","containers":[{"name":"b"}]}}"#)
        #expect(
            JSONWriter.string(value.extracting(items))
                == #"{"spec":{"containers":[{"name":"a","image":"1"},{"image":"2"}]}}"#)
        let all = try FieldSetTests.set(
            #"{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{},"k:{\"name\":\"b\"}":{}}}}"#)
        #expect(JSONWriter.string(value.removing(all)) == #"{"spec":{"nodeName":"n","containers":null}}"#)
    }

    @Test(arguments: [
        (#"{"spec":{"nope":1}}"#, ".spec.nope: field not declared in schema"),
        (
            #"{"spec":{"containers":[{"name":"a"},{"name":"a"}]}}"#,
            #".spec.containers: duplicate entries for key [name="a"]"#
        ),
        (
            #"{"metadata":{"finalizers":["a","a"]}}"#,
            #".metadata.finalizers: duplicate entries for key [="a"]"#
        ),
        (
            #"{"metadata":{"finalizers":[{}]}}"#,
            ".metadata.finalizers: element 0: associative list without keys has an element that's a map type"
        ),
        (
            #"{"spec":{"containers":[null]}}"#,
            ".spec.containers: element 0: associative list with keys may not have a null element"
        ),
        (#"{"spec":{"containers":{}}}"#, ".spec.containers: expected list, got &{map[]}"),
        (#"{"spec":"x"}"#, ".spec: expected map, got &{x}"),
        (
            #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":"x"}]}]}}"#,
            #".spec.containers[name="a"].ports[containerPort="x",protocol="TCP"].containerPort: expected numeric (int or float), got string"#
        ),
        (
            #"{"spec":{"nodeName":1}}"#,
            ".spec.nodeName: expected string, got &value.valueUnstructured{Value:1}"
        ),
        (
            #"{"spec":{"nodeName":1,"restartPolicy":true}}"#,
            "errors:\n  .spec.nodeName: expected string, got &value.valueUnstructured{Value:1}\n  .spec.restartPolicy: expected string, got &value.valueUnstructured{Value:true}"
        ),
    ])
    func validation(_ object: String, _ message: String) throws {
        let value = TypedValue(try json(object), TestSchemas.pod)
        #expect {
            try value.validate()
        } throws: { error in
            (error as? TypedValidationError)?.message == message
        }
    }

    @Test func itemsWithoutAnyKeyAreRefused() throws {
        let schema = TestSchemas.structure(
            TestSchemas.field(
                "l",
                TestSchemas.list(
                    TestSchemas.structure(TestSchemas.field("k", TestSchemas.string)), .map(keys: ["k"]))))
        #expect(
            throws: TypedValidationError(items: [
                .init(
                    path: ".l",
                    message:
                        "element 0: associative list with keys has an element that omits all key fields [\"k\"] (and doesn't have default values for any key fields)"
                )
            ])
        ) { try TypedValue(["l": [[:]]], schema).validate() }
    }

    @Test func granularThatBecameAtomicIsOwnedAsTheWhole() throws {
        let old = try FieldSetTests.set(#"{"f:spec":{"f:nodeSelector":{".":{},"f:a":{}},"f:nodeName":{}}}"#)
        #expect(
            JSONWriter.string(old.reconciled(with: TestSchemas.pod).fieldsV1)
                == #"{"f:spec":{"f:nodeName":{},"f:nodeSelector":{}}}"#)
    }

    /// A pod-like object; shuffled lists and duplicates included.
    static func randomPod(_ generator: inout SeededGenerator) -> JSON {
        func chance() -> Bool { Int.random(in: 0..<3, using: &generator) > 0 }
        var pod: JSON = [:]
        for key in ["a", "b", "c"] where chance() {
            pod.set(.string("\(Int.random(in: 0..<2, using: &generator))"), at: "metadata", "labels", key)
        }
        if chance() {
            pod.set(
                .array(["x", "y", "z"].filter { _ in chance() }.map(JSON.string)), at: "metadata",
                "finalizers")
        }
        if chance() { pod.set(chance() ? ["k": "v"] : .null, at: "spec", "nodeSelector") }
        var containers: [JSON] = []
        for name in ["a", "b", "c"].shuffled(using: &generator) where chance() {
            var container: JSON = ["name": .string(name)]
            if chance() { container["image"] = .string("\(Int.random(in: 0..<2, using: &generator))") }
            if chance() {
                container["env"] = .array((0..<2).map { ["name": "E", "value": .string("\($0)")] })
            }
            containers.append(container)
        }
        if chance() { pod.set(.array(containers), at: "spec", "containers") }
        return pod
    }

    @Test func comparisonIsSymmetricAndCoversTheObjects() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("comparison, seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let (a, b) = (Self.randomPod(&generator), Self.randomPod(&generator))
            let (before, after) = (TypedValue(a, TestSchemas.pod), TypedValue(b, TestSchemas.pod))
            let there = before.compare(to: after)
            let back = after.compare(to: before)
            #expect(there.added == back.removed)
            #expect(there.removed == back.added)
            #expect(there.modified == back.modified)
            #expect(before.compare(to: before).isSame)
            // Read anew, so that nothing is shared: the shortcuts must not change the answer.
            let copy = TypedValue(try json(JSONWriter.string(a)), TestSchemas.pod)
            #expect(copy.compare(to: after) == there)
            #expect(before.compare(to: copy).isSame)
            // What is in one set only is added or removed.
            #expect(after.fieldSet.difference(before.fieldSet).isSubset(of: there.added))
            #expect(before.fieldSet.difference(after.fieldSet).isSubset(of: there.removed))
            // A merge adds and changes, and removes nothing.
            #expect(before.compare(to: TypedValue(before.merging(b), TestSchemas.pod)).removed.isEmpty)
            #expect(before.removing(FieldSet()) == a)
        }
    }
}
