import KubeAPI
import KubeAuth
import KubeJSON
import KubeStore
import Testing

@testable import KubeRegistry

@Suite struct CustomResourceTests {
    private let definitions = "customresourcedefinitions.apiextensions.k8s.io"
    private let widgets = "widgets.example.com"

    private func definition(_ change: (inout JSON) -> Void = { _ in }) throws -> JSON {
        let text =
            #"{"metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget","shortNames":["wd"]},"versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{},"scale":{"specReplicasPath":".spec.replicas","statusReplicasPath":".status.replicas"}},"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"replicas":{"type":"integer","minimum":0,"default":1},"colour":{"type":"string"},"ports":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"],"items":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"number":{"type":"integer"}}}}}},"status":{"type":"object","properties":{"replicas":{"type":"integer"},"note":{"type":"string"}}}}}}}]}}"#
        var object = try JSONParser.parse(Array(text.utf8))
        change(&object)
        return object
    }

    private func made() throws -> TestCluster {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a")
        try cluster.create(definitions, try definition())
        return cluster
    }

    @Test func aDefinitionIsEstablishedAndServed() throws {
        let cluster = try made()
        let stored = try cluster.get(definitions, name: "widgets.example.com")
        #expect(stored["spec"]?["names"]?["listKind"] == "WidgetList")
        #expect(stored["spec"]?["conversion"] == ["strategy": "None"])
        #expect(stored["status"]?["storedVersions"] == ["v1"])
        #expect(stored["status"]?["acceptedNames"] == stored["spec"]?["names"])
        #expect(
            stored["status"]?["conditions"]?.array?.map { $0["status"]?.string } == ["True", "True"])
        let info = cluster.registry.resources.resource(group: "example.com", version: "v1", plural: "widgets")
        #expect(info?.shortNames == ["wd"])
        #expect(info?.subresources.map(\.name) == ["status", "scale"])
    }

    @Test func objectsAreDefaultedPrunedAndValidated() throws {
        let cluster = try made()
        let (object, warnings) = try cluster.create(
            widgets, in: "a", ["metadata": ["name": "w"], "spec": ["foo": 1], "status": ["note": "no"]])
        #expect(object["spec"] == ["replicas": 1])
        #expect(object["status"] == nil)
        #expect(object.generation == 1)
        #expect(warnings == ["unknown field \"spec.foo\""])
        let refused = cluster.refusal {
            try cluster.create(widgets, in: "a", ["metadata": ["name": "x"], "spec": ["replicas": -1]])
        }
        #expect(refused?.code == 422)
        #expect(
            refused?.message.contains("spec.replicas in body should be greater than or equal to 0") == true)

        let patched = try cluster.merge(widgets, in: "a", name: "w", ["spec": ["colour": "red"]]).object
        #expect(patched.generation == 2)
        let status = try cluster.merge(
            widgets, in: "a", name: "w", subresource: "status",
            ["spec": ["colour": "blue"], "status": ["note": "yes"]]
        ).object
        #expect(status["spec"]?["colour"] == "red")
        #expect(status["status"] == ["note": "yes"])
        #expect(status.generation == 2)
    }

    @Test func appliedListsMergeByTheirKeysAndScaleFollowsItsPaths() throws {
        let cluster = try made()
        for (manager, port) in [("one", "x"), ("two", "y")] {
            var request = try cluster.request(widgets, in: "a", name: "w")
            request.manager = manager
            _ = try cluster.registry.patch(
                &request,
                .apply(
                    [
                        "apiVersion": "example.com/v1", "kind": "Widget", "metadata": ["name": "w"],
                        "spec": ["ports": [["name": .string(port), "number": 1]]],
                    ], force: false))
        }
        let names = try cluster.get(widgets, in: "a", name: "w")["spec"]?["ports"]?.array?.map { $0["name"] }
        #expect(names == ["x", "y"])
        var request = try cluster.request(widgets, in: "a", name: "w", subresource: "scale")
        let scale = try cluster.registry.changeScale(
            &request, request.resource.scalePaths, .patch(.merge(["spec": ["replicas": 4]]))
        ).scale
        #expect(scale["spec"]?["replicas"] == 4)
        #expect(try cluster.get(widgets, in: "a", name: "w")["spec"]?["replicas"] == 4)
    }

    @Test func takenNamesAreRefusedUntilTheyAreFree() throws {
        let cluster = try made()
        try cluster.create(
            definitions,
            try definition {
                $0.set("gadgets.example.com", at: "metadata", "name")
                $0.set("gadgets", at: "spec", "names", "plural")
                $0.set("gadget", at: "spec", "names", "singular")
                $0.set("Gadget", at: "spec", "names", "kind")
            })
        let held = try cluster.get(definitions, name: "gadgets.example.com")
        #expect(held["status"]?["conditions"]?[0]?["reason"] == "ShortNamesConflict")
        #expect(held["status"]?["conditions"]?[0]?["message"] == "\"wd\" is already in use")
        #expect(held["status"]?["conditions"]?[1]?["status"] == "False")
        try cluster.delete(definitions, name: "widgets.example.com")
        let free = try cluster.get(definitions, name: "gadgets.example.com")
        #expect(free["status"]?["conditions"]?.array?.map { $0["status"]?.string } == ["True", "True"])
    }

    @Test func deletingADefinitionTakesItsObjectsAndWaitsForTheirFinalizers() throws {
        let cluster = try made()
        try cluster.create(widgets, in: "a", ["metadata": ["name": "plain"]])
        try cluster.create(
            widgets, in: "a", ["metadata": ["name": "held", "finalizers": ["example.com/hold"]]])
        try cluster.delete(definitions, name: "widgets.example.com")
        #expect(cluster.registry.objects("example.com", "widgets").map(\.name) == ["held"])
        let refused = cluster.refusal {
            try cluster.create(widgets, in: "a", ["metadata": ["name": "late"]])
        }
        #expect(refused?.code == 405)
        try cluster.merge(widgets, in: "a", name: "held", ["metadata": ["finalizers": .null]])
        #expect(cluster.registry.objects("example.com", "widgets").isEmpty)
        #expect(cluster.registry.resources.group("example.com") == nil)
        #expect(throws: APIStatus.self) { try cluster.get(definitions, name: "widgets.example.com") }
    }

    @Test func everyVersionShowsTheStoredObject() throws {
        let cluster = try made()
        try cluster.create(widgets, in: "a", ["metadata": ["name": "w"], "spec": ["colour": "red"]])
        let next = try definition { object in
            var versions = object["spec"]?["versions"]?.array ?? []
            var second = versions[0]
            second["name"] = "v2"
            second["storage"] = false
            second["schema"] = [
                "openAPIV3Schema": [
                    "type": "object",
                    "properties": [
                        "spec": [
                            "type": "object",
                            "properties": ["size": ["type": "integer", "default": 7]],
                        ]
                    ],
                ]
            ]
            versions.append(second)
            object.set(.array(versions), at: "spec", "versions")
        }
        try cluster.merge(definitions, name: "widgets.example.com", next)
        let resource = try #require(
            cluster.registry.resources.resource(group: "example.com", version: "v2", plural: "widgets"))
        let request = RegistryRequest(
            resource: resource, namespace: "a", name: "w", user: TestCluster.admin, manager: "test")
        let shown = try cluster.registry.presented(try cluster.registry.get(request), as: resource).value
        #expect(shown["apiVersion"] == "example.com/v2")
        #expect(shown["spec"] == ["size": 7])
        #expect(try cluster.get(widgets, in: "a", name: "w")["spec"]?["colour"] == "red")
    }

    @Test func aNewRegistryServesWhatIsStored() throws {
        let cluster = try made()
        let again = Registry(
            store: cluster.store, allocators: ServiceAllocators(range: try ServiceRange("10.96.0.0/16")),
            authorizer: { _ in .allow(nil) }, policy: { RBACPolicy() })
        #expect(again.resources.group("example.com")?.versions == ["v1"])
    }

    @Test func definitionsThatAreNotStructuralAreRefused() throws {
        let cluster = try TestCluster()
        let refused = cluster.refusal {
            try cluster.create(
                definitions,
                try definition { object in
                    var versions = object["spec"]?["versions"]?.array ?? []
                    versions[0]["schema"] = [
                        "openAPIV3Schema": ["type": "object", "properties": ["spec": ["description": "?"]]]
                    ]
                    object.set(.array(versions), at: "spec", "versions")
                    object.set("other", at: "metadata", "name")
                })
        }
        #expect(refused?.code == 422)
        #expect(
            refused?.message.contains("must be spec.names.plural+\".\"+spec.group") == true)
        #expect(
            refused?.message.contains(
                "spec.versions[0].schema.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields"
            ) == true)
    }
}
