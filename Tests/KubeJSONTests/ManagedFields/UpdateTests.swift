import Testing

@testable import KubeJSON

@Suite struct UpdateTests {
    static let t0 = ApplyTests.t0
    static let t1 = ApplyTests.t1

    static func configMap(_ data: String, metadata: String = "") throws -> JSON {
        try json(
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","uid":"u"\#(metadata)},"data":\#(data)}"#
        )
    }

    static func created(_ data: String = #"{"a":"1","b":"2"}"#) throws -> JSON {
        TestSchemas.configMaps.update(live: nil, new: try configMap(data), manager: "m", now: t0)
    }

    @Test func createOwnsWhatItSets() throws {
        let object = try Self.created()
        #expect(
            object.at("metadata", "managedFields")
                == [
                    [
                        "manager": "m", "operation": "Update", "apiVersion": "v1", "time": .string(Self.t0),
                        "fieldsType": "FieldsV1", "fieldsV1": ["f:data": [".": [:], "f:a": [:], "f:b": [:]]],
                    ]
                ])
        // The members of what Go always writes are owned, not the structure or list itself.
        let pod = TestSchemas.pods.update(
            live: nil,
            new: try json(
                #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"i","resources":{}}]},"status":{}}"#
            ), manager: "", now: Self.t0)
        #expect(ApplyTests.managers(pod) == ["unknown Update \(Self.t0)"])
        #expect(
            ApplyTests.fields(pod, "unknown")
                == #"{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:image":{},"f:name":{},"f:resources":{}}}}}"#
        )
    }

    @Test func anObjectWithNothingToOwnHasNoEntries() throws {
        let object = TestSchemas.configMaps.update(
            live: nil, new: try json(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}"#),
            manager: "m", now: Self.t0)
        #expect(object.at("metadata", "managedFields") == nil)
    }

    @Test func changedFieldsChangeHands() throws {
        let live = try Self.created()
        var new = live
        new.set("9", at: "data", "a")
        let result = TestSchemas.configMaps.update(live: live, new: new, manager: "n", now: Self.t1)
        #expect(ApplyTests.managers(result) == ["m Update \(Self.t0)", "n Update \(Self.t1)"])
        #expect(ApplyTests.fields(result, "m") == #"{"f:data":{".":{},"f:b":{}}}"#)
        #expect(ApplyTests.fields(result, "n") == #"{"f:data":{"f:a":{}}}"#)

        // The same manager's entry grows and gets the time.
        var more = result
        more.set("3", at: "data", "c")
        let grown = TestSchemas.configMaps.update(live: result, new: more, manager: "m", now: Self.t1)
        #expect(ApplyTests.managers(grown) == ["m Update \(Self.t1)", "n Update \(Self.t1)"])
        #expect(ApplyTests.fields(grown, "m") == #"{"f:data":{".":{},"f:b":{},"f:c":{}}}"#)
    }

    @Test func removalTakesFromAllAndTouchesNoTime() throws {
        let live = try Self.created()
        let new = try Self.configMap(#"{"b":"2"}"#)
        let result = TestSchemas.configMaps.update(live: live, new: new, manager: "n", now: Self.t1)
        #expect(ApplyTests.managers(result) == ["m Update \(Self.t0)"])
        #expect(ApplyTests.fields(result, "m") == #"{"f:data":{".":{},"f:b":{}}}"#)
    }

    @Test func aWriteThatChangesNothingLeavesEverything() throws {
        let live = try Self.created()
        #expect(TestSchemas.configMaps.update(live: live, new: live, manager: "n", now: Self.t1) == live)
        // Clients that do not know managed fields leave them out.
        var bare = live
        bare.set(nil, at: "metadata", "managedFields")
        #expect(TestSchemas.configMaps.update(live: live, new: bare, manager: "n", now: Self.t1) == live)
    }

    @Test(arguments: ["[]", "[{}]"]) func clientsMayResetManagedFields(_ fields: String) throws {
        let live = try Self.created()
        let new = try Self.configMap(#"{"a":"9","b":"2"}"#, metadata: #","managedFields":\#(fields)"#)
        let result = TestSchemas.configMaps.update(live: live, new: new, manager: "n", now: Self.t1)
        #expect(result.at("metadata", "managedFields") == nil)
        // From then on the object is not tracked, until somebody applies it.
        var again = result
        again.set("5", at: "data", "a")
        #expect(TestSchemas.configMaps.update(live: result, new: again, manager: "n", now: Self.t1) == again)
    }

    @Test(arguments: [
        #"[{"manager":"x","operation":"Nope","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{}}]"#,
        #"[{"manager":"x","operation":"Update","fieldsType":"FieldsV1","fieldsV1":{}}]"#,
        #"[{"manager":"x","operation":"Update","apiVersion":"v1","fieldsV1":{}}]"#,
        #"[{"manager":"x","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"bad":{}}}]"#,
    ])
    func invalidOnesFallBackToTheStored(_ fields: String) throws {
        let live = try Self.created()
        let new = try Self.configMap(#"{"a":"1","b":"2"}"#, metadata: #","managedFields":\#(fields)"#)
        let result = TestSchemas.configMaps.update(live: live, new: new, manager: "n", now: Self.t1)
        #expect(result.at("metadata", "managedFields") == live.at("metadata", "managedFields"))
    }

    @Test func validOnesAreTakenExceptThroughSubresources() throws {
        let live = try Self.created()
        let fields =
            #"[{"manager":"x","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:a":{}}}}]"#
        let new = try Self.configMap(#"{"a":"1","b":"2"}"#, metadata: #","managedFields":\#(fields)"#)
        let result = TestSchemas.configMaps.update(live: live, new: new, manager: "n", now: Self.t1)
        #expect(ApplyTests.managers(result) == ["x Update -"])
        let sub = FieldManager(
            schema: TestSchemas.configMap, apiVersion: "v1", kind: "ConfigMap", subresource: "status")
        let kept = sub.update(live: live, new: new, manager: "n", now: Self.t1)
        #expect(ApplyTests.managers(kept) == ["m Update \(Self.t0)"])
    }

    @Test func statusIsItsOwnEntryAndResetFieldsAreNotOwned() throws {
        let main = FieldManager(
            schema: TestSchemas.pod, apiVersion: "v1", kind: "Pod",
            resetFields: FieldSet(fields: [["status"]]))
        let status = FieldManager(
            schema: TestSchemas.pod, apiVersion: "v1", kind: "Pod", subresource: "status",
            resetFields: FieldSet(fields: [["spec"], ["metadata", "labels"]]))
        let object = try json(
            #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","uid":"u"},"spec":{"nodeName":"n"},"status":{"phase":"Pending"}}"#
        )
        let live = main.update(live: nil, new: object, manager: "m", now: Self.t0)
        #expect(ApplyTests.fields(live, "m").contains("status") == false)
        var new = live
        new.set("Running", at: "status", "phase")
        new.set("other", at: "spec", "nodeName")
        let result = status.update(live: live, new: new, manager: "m", now: Self.t1)
        let entry = result.at("metadata", "managedFields")?[1]
        #expect(entry?["subresource"] == "status")
        #expect(entry?["fieldsV1"] == ["f:status": ["f:phase": [:]]])
        #expect(result.at("metadata", "managedFields")?[0] == live.at("metadata", "managedFields")?[0])
    }

    @Test func moreThanTenUpdatersAreJoined() throws {
        var live = try Self.created("{}")
        for position in 0..<14 {
            var new = live
            new.set("1", at: "data", "k\(position)")
            let time = "2026-01-01T00:01:\(position + 10)Z"
            live = TestSchemas.configMaps.update(live: live, new: new, manager: "m\(position)", now: time)
        }
        let names = ApplyTests.managers(live)
        #expect(names.count == 10)
        #expect(names.first == "ancient-changes Update 2026-01-01T00:01:14Z")
        #expect(names.last == "m13 Update 2026-01-01T00:01:23Z")
        #expect(
            ApplyTests.fields(live, "ancient-changes")
                == #"{"f:data":{".":{},"f:k0":{},"f:k1":{},"f:k2":{},"f:k3":{},"f:k4":{}}}"#)
    }

    @Test func timesAreRestoredWhereNothingElseChanged() throws {
        let old = try Self.created()
        var new = old
        guard var entry = new.at("metadata", "managedFields")?[0] else { return }
        entry["time"] = .string(Self.t1)
        new.set([entry], at: "metadata", "managedFields")
        #expect(FieldManager.restoringTimes(of: new, from: old) == old)
        new.set("x", at: "data", "a")
        #expect(FieldManager.restoringTimes(of: new, from: old) == new)
    }
}
