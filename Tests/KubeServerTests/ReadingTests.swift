import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeServer

/// What is listed, and in which forms.
@Suite struct ReadingTests {
    private let templates = "/api/v1/namespaces/default/podtemplates"

    private func probe(count: Int) throws -> ServerProbe {
        let probe = try ServerProbe()
        for number in 0..<count {
            try probe.cluster.create(
                "v1", "podtemplates",
                [
                    "metadata": ["name": .string("t\(number)")],
                    "template": ["spec": ["containers": [["name": "c", "image": "i"]]]],
                ])
        }
        return probe
    }

    @Test func aListWhosePastIsGoneGoesOnAtThePresent() throws {
        let probe = try probe(count: 6)
        let first = try probe.ask("GET", templates + "?limit=2").body["metadata"]
        let token = try #require(first?["continue"]?.string)
        // Nothing changes, and the token ends all the same.
        let store = probe.cluster.registry.store
        try probe.cluster.create("v1", "configmaps", ["metadata": ["name": "x"]])
        let compaction = Compaction(store)
        compaction.run()
        compaction.run()
        let expired = try probe.ask("GET", templates + "?limit=2&continue=" + token)
        #expect(expired.status == 410)
        #expect(expired.body["reason"] == "Expired")
        let next = try #require(expired.body["metadata"]?["continue"]?.string)
        let second = try probe.ask("GET", templates + "?limit=2&continue=" + next).body
        #expect(second["items"]?.array?.map(\.name) == ["t2", "t3"])
        #expect(second["metadata"]?["remainingItemCount"] == 2)
        #expect(second["metadata"]?["resourceVersion"] == .string(String(store.revision)))
        // From there on it is one list again, at one version.
        let third = try #require(second["metadata"]?["continue"]?.string)
        try probe.cluster.create("v1", "configmaps", ["metadata": ["name": "y"]])
        let last = try probe.ask("GET", templates + "?limit=2&continue=" + third).body
        #expect(last["items"]?.array?.map(\.name) == ["t4", "t5"])
        #expect(last["metadata"]?["resourceVersion"] == second["metadata"]?["resourceVersion"])
        let old = try probe.ask("GET", templates + "?resourceVersion=1&resourceVersionMatch=Exact")
        #expect(old.message == "The resourceVersion for the provided list is too old.")
        #expect(old.body["metadata"] == [:])
    }

    @Test func metadataHaveTheShapeOfWhatIsAskedFor() throws {
        let probe = try probe(count: 1)
        func accept(_ kind: String) -> String { "application/json;as=\(kind);g=meta.k8s.io;v=v1" }
        let one = try probe.ask("GET", templates + "/t0", accept: accept("PartialObjectMetadata"))
        #expect(one.status == 200 && one.body["kind"] == "PartialObjectMetadata")
        let all = try probe.ask("GET", templates, accept: accept("PartialObjectMetadataList"))
        #expect(all.status == 200 && all.body["items"]?.array?.map(\.name) == ["t0"])
        for (path, kind, message) in [
            (
                templates, "PartialObjectMetadata",
                "PartialObjectMetadata, but the requested object is a list (*core.PodTemplateList)"
            ),
            (
                templates + "/t0", "PartialObjectMetadataList",
                "PartialObjectMetadataList, but the requested object is not a list (*core.PodTemplate)"
            ),
            (
                "/apis/rbac.authorization.k8s.io/v1/roles", "PartialObjectMetadata",
                "PartialObjectMetadata, but the requested object is a list (*rbac.RoleList)"
            ),
        ] {
            let wrong = try probe.ask("GET", path, accept: accept(kind))
            #expect(wrong.status == 406 && wrong.body["reason"] == "NotAcceptable", "\(path)")
            #expect(wrong.message == "you requested " + message)
        }
    }

    @Test func answersToQuestionsHaveNoTable() throws {
        let probe = try probe(count: 0)
        let review: JSON = [
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": ["resourceAttributes": ["verb": "get", "resource": "pods", "namespace": "default"]],
        ]
        let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        let table = "application/json;as=Table;v=v1;g=meta.k8s.io"
        let refused = try probe.ask("POST", path, accept: table, body: review)
        #expect(refused.status == 406)
        #expect(refused.body["reason"] == "NotAcceptable")
        #expect(try probe.ask("POST", path, accept: table + ",application/json", body: review).status == 201)
        #expect(try probe.ask("POST", path, body: review).status == 201)
        let statuses = try probe.ask("GET", "/api/v1/componentstatuses", accept: table).body
        #expect(statuses["rows"]?[0]?["cells"] == ["controller-manager", "Healthy", "ok", ""])
    }

    @Test(arguments: ["/openapi/v2", "/openapi/v3", "/openapi/v3/apis/apps/v1", "/apis", "/apis/apps/v1"])
    func whoHasADocumentIsNotSentItAgain(path: String) throws {
        let probe = try probe(count: 0)
        let first = try probe.ask("GET", path)
        let tag = try #require(first.headers.first { $0.0 == "etag" }?.1)
        #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
        let again = try probe.ask("GET", path, headers: [("if-none-match", "\"x\", \(tag)")])
        #expect(again.status == 304)
        #expect(again.body == .null)
        #expect(try probe.ask("GET", path, headers: [("if-none-match", "\"x\"")]).status == 200)
    }

    @Test func answersNameTheFlowOfTheirRequest() throws {
        let probe = try probe(count: 0)
        let version = "flowcontrol.apiserver.k8s.io/v1"
        func flow(_ path: String) throws -> [String?] {
            let headers = try probe.ask("GET", path).headers
            return ["x-kubernetes-pf-flowschema-uid", "x-kubernetes-pf-prioritylevel-uid"].map { name in
                headers.first { $0.0 == name }?.1
            }
        }
        #expect(try flow("/version") == [nil, nil])
        let level = try probe.cluster.create(
            version, "prioritylevelconfigurations",
            [
                "metadata": ["name": "l"],
                "spec": ["type": "Limited", "limited": ["limitResponse": ["type": "Reject"]]],
            ])
        let schema = try probe.cluster.create(
            version, "flowschemas",
            [
                "metadata": ["name": "s"],
                "spec": [
                    "matchingPrecedence": 5, "priorityLevelConfiguration": ["name": "l"],
                    "rules": [
                        [
                            "subjects": [["kind": "User", "user": ["name": "admin"]]],
                            "nonResourceRules": [["verbs": ["get"], "nonResourceURLs": ["/version"]]],
                        ]
                    ],
                ],
            ])
        #expect(try flow("/version") == [schema.uid, level.uid])
        #expect(try flow("/api/v1/namespaces/default/pods/p") == [nil, nil])
        try probe.cluster.delete(version, "flowschemas", "s")
        #expect(try flow("/version") == [nil, nil])
    }
}
