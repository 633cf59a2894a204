import Testing

@testable import KubeJSON

/// The recorded conversation of apply.json (kube-apiserver v1.36.2), step by step on one object.
@Suite struct ApplyTests {
    static let t0 = "2026-01-01T00:00:00Z"
    static let t1 = "2026-01-01T00:00:01Z"
    static let t2 = "2026-01-01T00:00:02Z"

    /// What decoding does to an object after an apply: nulls go.
    static func decoded(_ value: JSON) -> JSON {
        switch value {
        case .object(let object):
            var result: JSONObject = [:]
            for member in object where !member.value.isNull { result[member.key] = decoded(member.value) }
            return .object(result)
        case .array(let items): return .array(items.map(decoded))
        default: return value
        }
    }

    /// Gives the object what the server gives a new one.
    static func stored(_ value: JSON) -> JSON {
        var object = decoded(value)
        object.set("u", at: "metadata", "uid")
        return object
    }

    static func managers(_ object: JSON) -> [String] {
        (object.at("metadata", "managedFields")?.array ?? []).map {
            "\($0["manager"]?.string ?? "") \($0["operation"]?.string ?? "") \($0["time"]?.string ?? "-")"
        }
    }

    static func fields(_ object: JSON, _ manager: String) -> String {
        for entry in object.at("metadata", "managedFields")?.array ?? []
        where entry["manager"]?.string == manager {
            return JSONWriter.string(entry["fieldsV1"] ?? .null)
        }
        return "none"
    }

    static func deployment(_ rest: String, metadata: String = "") throws -> JSON {
        try json(
            #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"\#(metadata)}\#(rest)}"#)
    }

    static let full =
        #","spec":{"replicas":2,"selector":{"matchLabels":{"app":"x"}},"template":{"metadata":{"labels":{"app":"x"}},"spec":{"containers":[{"name":"a","image":"a:1","ports":[{"containerPort":80}]}]}}}"#
    static let fullFields =
        #"{"f:spec":{"f:replicas":{},"f:selector":{},"f:template":{"f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:image":{},"f:name":{},"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}}}}}}}}"#

    static func created() throws -> JSON {
        let object = try TestSchemas.deployments.apply(
            live: nil, patch: deployment(full), manager: "one", force: false, now: t0)
        var result = stored(object)
        // A default that nobody owns.
        guard var container = result.at("spec", "template", "spec", "containers")?[0] else { return result }
        container["imagePullPolicy"] = "IfNotPresent"
        container["ports"] = [["containerPort": 80, "protocol": "TCP"]]
        result.set([container], at: "spec", "template", "spec", "containers")
        return result
    }

    @Test func recordedConversation() throws {
        let manager = TestSchemas.deployments
        var live = try Self.created()
        #expect(Self.managers(live) == ["one Apply \(Self.t0)"])
        #expect(Self.fields(live, "one") == Self.fullFields)

        let again = try manager.apply(
            live: live, patch: Self.deployment(Self.full), manager: "one", force: false, now: Self.t1)
        #expect(again == live)

        // The same value by another: shared, and without a time because nothing was changed.
        live = try manager.apply(
            live: live, patch: Self.deployment(#","spec":{"replicas":2}"#), manager: "two", force: false,
            now: Self.t1)
        #expect(Self.managers(live) == ["two Apply -", "one Apply \(Self.t0)"])
        #expect(Self.fields(live, "two") == #"{"f:spec":{"f:replicas":{}}}"#)

        let three = try Self.deployment(#","spec":{"replicas":3}"#)
        #expect {
            try manager.apply(live: live, patch: three, manager: "three", force: false, now: Self.t1)
        } throws: {
            guard case .conflict(let conflict)? = $0 as? ApplyError else { return false }
            return conflict.message
                == "Apply failed with 2 conflicts: conflicts with \"one\":\n- .spec.replicas\nconflicts with \"two\":\n- .spec.replicas"
                && conflict.causes.map(\.field) == [".spec.replicas", ".spec.replicas"]
                && conflict.causes.map(\.message) == ["conflict with \"one\"", "conflict with \"two\""]
        }
        live = Self.decoded(
            try manager.apply(live: live, patch: three, manager: "three", force: true, now: Self.t1))
        #expect(Self.managers(live) == ["one Apply \(Self.t0)", "three Apply \(Self.t1)"])
        #expect(live.at("spec", "replicas") == 3)
        #expect(!Self.fields(live, "one").contains("f:replicas"))

        // What only "one" owned goes, defaults beside it stay.
        live = Self.decoded(
            try manager.apply(
                live: live,
                patch: Self.deployment(
                    #","spec":{"selector":{"matchLabels":{"app":"x"}},"template":{"metadata":{"labels":{"app":"x"}},"spec":{"containers":[{"name":"a","image":"a:1"}]}}}"#
                ), manager: "one", force: false, now: Self.t2))
        let container = live.at("spec", "template", "spec", "containers")?[0]
        #expect(container?["ports"] == nil)
        #expect(container?["imagePullPolicy"] == "IfNotPresent")
        #expect(live.at("spec", "replicas") == 3)
        #expect(Self.managers(live) == ["three Apply \(Self.t1)", "one Apply \(Self.t2)"])

        live = Self.decoded(
            try manager.apply(
                live: live,
                patch: Self.deployment(
                    #","spec":{"template":{"spec":{"containers":[{"name":"a","env":[{"name":"E","value":"1"}]}]}}}"#
                ),
                manager: "two", force: false, now: Self.t2))
        #expect(
            live.at("spec", "template", "spec", "containers")?[0]?["env"] == [["name": "E", "value": "1"]])
        #expect(
            Self.fields(live, "two")
                == #"{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:env":{"k:{\"name\":\"E\"}":{".":{},"f:name":{},"f:value":{}}},"f:name":{}}}}}}}"#
        )

        // "two" lets go of a's environment and adds b; a stays, it is owned by "one".
        live = Self.decoded(
            try manager.apply(
                live: live,
                patch: Self.deployment(
                    #","spec":{"template":{"spec":{"containers":[{"name":"b","image":"b:1"}]}}}"#),
                manager: "two", force: false, now: Self.t2))
        let containers = live.at("spec", "template", "spec", "containers")
        #expect(containers?.array?.map { $0["name"] } == ["a", "b"])
        #expect(containers?[0]?["env"] == nil)

        // A merge patch by kubectl edit takes the replicas, and "three" owns nothing any more.
        var edited = live
        edited.set(8, at: "spec", "replicas")
        live = manager.update(live: live, new: edited, manager: "kubectl-edit", now: Self.t2)
        #expect(
            Self.managers(live) == [
                "one Apply \(Self.t2)", "two Apply \(Self.t2)", "kubectl-edit Update \(Self.t2)",
            ])
        #expect {
            try manager.apply(live: live, patch: three, manager: "three", force: false, now: Self.t2)
        } throws: {
            guard case .conflict(let conflict)? = $0 as? ApplyError else { return false }
            return conflict.message
                == "Apply failed with 1 conflict: conflict with \"kubectl-edit\" using apps/v1: .spec.replicas"
                && conflict.causes == [
                    .init(message: "conflict with \"kubectl-edit\" using apps/v1", field: ".spec.replicas")
                ]
        }

        live = Self.decoded(
            try manager.apply(
                live: live, patch: Self.deployment("", metadata: #","annotations":{"by":"four"}"#),
                manager: "four", force: false, now: Self.t2))
        #expect(Self.managers(live).first == "four Apply \(Self.t2)")
        #expect(Self.fields(live, "four") == #"{"f:metadata":{"f:annotations":{"f:by":{}}}}"#)
    }

    @Test func refusals() throws {
        let manager = TestSchemas.deployments
        let live = try Self.created()
        func refusal(_ patch: JSON) -> ApplyError? {
            do {
                _ = try manager.apply(live: live, patch: patch, manager: "m", force: false, now: Self.t1)
                return nil
            } catch {
                return error
            }
        }
        #expect(
            refusal(try Self.deployment(#","spec":{"nope":1}"#))
                == .failed(
                    "failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.nope: field not declared in schema"
                ))
        #expect(
            refusal(try Self.deployment("", metadata: #","managedFields":[{"manager":"x"}]"#))
                == .badRequest("metadata.managedFields must be nil"))
        #expect(
            refusal(["apiVersion": "v1", "kind": "Pod"]) == .badRequest("invalid object type: /v1, Kind=Pod"))
    }

    @Test func setListsAndMapsOfTwoAppliers() throws {
        let manager = TestSchemas.configMaps
        func patch(_ rest: String) throws -> JSON {
            try json(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"\#(rest)}"#)
        }
        var live = Self.stored(
            try manager.apply(
                live: nil, patch: patch(#","finalizers":["e.x/f"]},"data":{"a":"1","b":"2"}"#),
                manager: "one",
                force: false, now: Self.t0))
        #expect(
            Self.fields(live, "one")
                == #"{"f:data":{"f:a":{},"f:b":{}},"f:metadata":{"f:finalizers":{"v:\"e.x/f\"":{}}}}"#)
        live = Self.decoded(
            try manager.apply(
                live: live, patch: patch(#","finalizers":["e.x/g"]},"data":{"b":"2"}"#), manager: "two",
                force: false,
                now: Self.t1))
        #expect(live.at("metadata", "finalizers") == ["e.x/f", "e.x/g"])
        live = Self.decoded(
            try manager.apply(
                live: live, patch: patch(#"},"data":{"a":"1"}"#), manager: "one", force: false, now: Self.t2))
        #expect(live.at("metadata", "finalizers") == ["e.x/g"])
        // b is kept: "two" owns it as well.
        #expect(live["data"] == ["a": "1", "b": "2"])
        #expect(Self.fields(live, "one") == #"{"f:data":{"f:a":{}}}"#)
        live = Self.decoded(
            try manager.apply(live: live, patch: patch("}"), manager: "two", force: false, now: Self.t2))
        #expect(live["data"] == ["a": "1"])
        #expect(Self.managers(live) == ["one Apply \(Self.t2)"])
    }

    @Test func atomicMapsConflictAsAWhole() throws {
        let manager = TestSchemas.services
        func patch(_ selector: String) throws -> JSON {
            try json(
                #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"selector":\#(selector)}}"#
            )
        }
        let live = Self.stored(
            try manager.apply(
                live: nil, patch: patch(#"{"a":"1"}"#), manager: "one", force: false, now: Self.t0))
        let forced = try manager.apply(
            live: live, patch: patch(#"{"b":"2"}"#), manager: "two", force: true, now: Self.t1)
        #expect(forced.at("spec", "selector") == ["b": "2"])
        #expect(Self.managers(forced) == ["two Apply \(Self.t1)"])
        #expect(throws: ApplyError.self) {
            try manager.apply(
                live: live, patch: patch(#"{"b":"2"}"#), manager: "two", force: false, now: Self.t1)
        }
    }

    @Test func portsOfOneNumberAndTwoProtocolsAreTwoItems() throws {
        let object = try TestSchemas.services.apply(
            live: nil,
            patch: json(
                #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"ports":[{"port":80},{"port":80,"protocol":"UDP"},{"port":443}]}}"#
            ), manager: "one", force: false, now: Self.t0)
        #expect(
            Self.fields(object, "one")
                == #"{"f:spec":{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:port":{}},"k:{\"port\":80,\"protocol\":\"UDP\"}":{".":{},"f:port":{},"f:protocol":{}},"k:{\"port\":443,\"protocol\":\"TCP\"}":{".":{},"f:port":{}}}}}"#
        )
    }

    @Test func untrackedObjectsGetAManagerBeforeTheFirstApply() throws {
        var live = try Self.created()
        live.set(nil, at: "metadata", "managedFields")
        let patch = try Self.deployment(#","spec":{"replicas":5}"#)
        #expect {
            try TestSchemas.deployments.apply(
                live: live, patch: patch, manager: "m", force: false, now: Self.t1)
        } throws: {
            guard case .conflict(let conflict)? = $0 as? ApplyError else { return false }
            return conflict.message
                == "Apply failed with 1 conflict: conflict with \"before-first-apply\" using apps/v1: .spec.replicas"
        }
        let forced = try TestSchemas.deployments.apply(
            live: live, patch: patch, manager: "m", force: true, now: Self.t1)
        #expect(Self.managers(forced) == ["m Apply \(Self.t1)", "before-first-apply Update \(Self.t1)"])
    }

    @Test func kubectlTakesOverWhatItAppliedOnTheClientSide() throws {
        let manager = TestSchemas.configMaps
        let applied = #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"1"}}"#
        var new = try json(applied)
        new.set(.string(applied), at: "metadata", "annotations", FieldManager.lastAppliedAnnotation)
        let live = Self.stored(
            manager.update(live: nil, new: new, manager: "kubectl-client-side-apply", now: Self.t0))
        var patch = try json(applied)
        patch.set("2", at: "data", "a")

        let result = try manager.apply(
            live: live, patch: patch, manager: "kubectl", force: false, now: Self.t1)
        #expect(result.at("data", "a") == "2")
        #expect(
            result.at("metadata", "annotations", FieldManager.lastAppliedAnnotation)?.string
                == #"{"apiVersion":"v1","data":{"a":"2"},"kind":"ConfigMap","metadata":{"name":"c"}}"# + "\n")
        #expect(throws: ApplyError.self) {
            try manager.apply(live: live, patch: patch, manager: "other", force: false, now: Self.t1)
        }
        // Changed since: no longer what client-side apply wrote.
        var edited = live
        edited.set("9", at: "data", "a")
        let foreign = manager.update(live: live, new: edited, manager: "edit", now: Self.t0)
        #expect(throws: ApplyError.self) {
            try manager.apply(live: foreign, patch: patch, manager: "kubectl", force: false, now: Self.t1)
        }
    }

    @Test func otherVersionsAreComparedInTheirOwnForm() throws {
        // v1 calls it "data", v2 "content".
        let second = TestSchemas.object(TestSchemas.field("content", TestSchemas.stringMap))
        let manager = FieldManager(
            schema: TestSchemas.configMap, apiVersion: "v1", kind: "ConfigMap",
            convert: { object, version in
                var copy = object
                switch version {
                case "v1":
                    if let content = copy["content"] { copy["data"] = content }
                    copy["content"] = nil as JSON?
                    copy["apiVersion"] = "v1"
                    return TypedValue(copy, TestSchemas.configMap)
                case "v2":
                    if let data = copy["data"] { copy["content"] = data }
                    copy["data"] = nil as JSON?
                    copy["apiVersion"] = "v2"
                    return TypedValue(copy, second)
                default: return nil
                }
            })
        let live = try json(
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","uid":"u","managedFields":[{"manager":"m","operation":"Apply","apiVersion":"v2","time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:content":{"f:a":{},"f:b":{}}}},{"manager":"old","operation":"Update","apiVersion":"v0","fieldsType":"FieldsV1","fieldsV1":{"f:x":{}}}]},"data":{"a":"1","b":"2"}}"#
        )
        let patch = try json(
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"1"}}"#)
        let result = Self.decoded(
            try manager.apply(live: live, patch: patch, manager: "m", force: false, now: Self.t1))
        #expect(result["data"] == ["a": "1"])
        #expect(result["content"] == nil)
        #expect(Self.managers(result) == ["m Apply \(Self.t1)"])
        #expect(Self.fields(result, "m") == #"{"f:data":{"f:a":{}}}"#)

        var other = patch
        other.set("9", at: "data", "a")
        #expect {
            try manager.apply(live: live, patch: other, manager: "n", force: false, now: Self.t1)
        } throws: {
            guard case .conflict(let conflict)? = $0 as? ApplyError else { return false }
            return conflict.message == "Apply failed with 1 conflict: conflict with \"m\": .content.a"
        }
    }

    @Test func applyingTwiceIsANoOpAndForcedFieldsAreTheAppliers() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("apply twice, seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        func configuration() -> JSON {
            var object: JSON = ["apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p"]]
            for key in ["a", "b", "c"] where Bool.random(using: &generator) {
                object.set(
                    .string("\(Int.random(in: 0..<3, using: &generator))"), at: "metadata", "labels", key)
            }
            var containers: [JSON] = []
            for name in ["x", "y", "z"].shuffled(using: &generator) where Bool.random(using: &generator) {
                var container: JSON = ["name": .string(name)]
                if Bool.random(using: &generator) { container["image"] = .string("\(name):1") }
                if Bool.random(using: &generator) {
                    container["ports"] = [
                        ["containerPort": .integer(Int64.random(in: 80..<83, using: &generator))]
                    ]
                }
                containers.append(container)
            }
            if !containers.isEmpty { object.set(.array(containers), at: "spec", "containers") }
            return object
        }
        var live: JSON?
        for step in 0..<200 {
            let patch = configuration()
            let manager = ["one", "two", "three"][step % 3]
            let result = try TestSchemas.pods.apply(
                live: live, patch: patch, manager: manager, force: true, now: Self.t1)
            let object = Self.stored(result)
            let again = try TestSchemas.pods.apply(
                live: object, patch: patch, manager: manager, force: false, now: Self.t2)
            #expect(again == object)
            let owned = try FieldSetTests.set(
                Self.fields(object, manager) == "none" ? "{}" : Self.fields(object, manager))
            #expect(owned.isSubset(of: TypedValue(patch, TestSchemas.pod).fieldSet))
            #expect(TypedValue(object, TestSchemas.pod).merging(patch) == object)
            live = object
        }
    }

    @Test func kindsWithoutASchemaAreMergedByTheirForm() throws {
        let manager = FieldManager(schema: .any, apiVersion: "example.com/v1", kind: "Widget")
        func patch(_ spec: String) throws -> JSON {
            try json(
                #"{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w"},"spec":\#(spec)}"#)
        }
        var live = Self.stored(
            try manager.apply(
                live: nil, patch: patch(#"{"size":{"width":1},"parts":[{"name":"a"}]}"#), manager: "one",
                force: false, now: Self.t0))
        #expect(
            Self.fields(live, "one")
                == #"{"f:spec":{".":{},"f:parts":{},"f:size":{".":{},"f:width":{}}}}"#)
        live = try manager.apply(
            live: live, patch: patch(#"{"size":{"height":2}}"#), manager: "two", force: false, now: Self.t1)
        #expect(live.at("spec", "size") == ["width": 1, "height": 2])
        // A list is one value.
        #expect {
            try manager.apply(
                live: live, patch: patch(#"{"parts":[{"name":"a"},{"name":"b"}]}"#), manager: "two",
                force: false, now: Self.t1)
        } throws: {
            guard case .conflict(let conflict)? = $0 as? ApplyError else { return false }
            return conflict.causes.map(\.field) == [".spec.parts"]
        }
        let less = try manager.apply(
            live: live, patch: patch(#"{"parts":[{"name":"a"}]}"#), manager: "one", force: false, now: Self.t1
        )
        #expect(less["spec"] == ["size": ["height": 2], "parts": [["name": "a"]]])
    }
}
