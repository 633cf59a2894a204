import KubeAPI
import KubeAuth
import KubeJSON
import Synchronization
import Testing

@testable import KubeRegistry

/// Answers as it is told to, and keeps what it was asked.
private final class FakeCaller: WebhookCaller {
    typealias Rule = @Sendable (_ path: String, _ request: JSON) -> JSON

    private let asked = Mutex<[(path: String, request: JSON)]>([])
    private let rule: Rule

    init(_ rule: @escaping Rule) { self.rule = rule }

    var paths: [String] { asked.withLock { $0.map(\.path) } }
    func request(_ index: Int) -> JSON {
        asked.withLock { $0.indices.contains(index) ? $0[index].request : [:] }
    }

    func call(_ calls: [WebhookCall]) -> [Result<[UInt8], WebhookCallFailure>] {
        calls.map { call in
            var path = ""
            if case .url(let url) = call.place { path = String(url.dropFirst("https://hook".count)) }
            let review = (try? JSONParser.parse(call.body)) ?? [:]
            let request = review["request"] ?? [:]
            asked.withLock { $0.append((path, request)) }
            if path == "/gone" { return .failure(WebhookCallFailure("failed to call webhook: Post")) }
            var response = rule(path, request)
            response["uid"] = request["uid"]
            let answer: JSON = [
                "kind": "AdmissionReview", "apiVersion": review["apiVersion"] ?? "", "response": response,
            ]
            return .success(JSONWriter.bytes(answer))
        }
    }

    static func patch(_ operations: JSON) -> JSON {
        [
            "allowed": true, "patchType": "JSONPatch",
            "patch": .string(Base64.encode(JSONWriter.bytes(operations))),
        ]
    }
}

@Suite struct WebhookAdmissionTests {
    private let validating = "validatingwebhookconfigurations.admissionregistration.k8s.io"
    private let mutating = "mutatingwebhookconfigurations.admissionregistration.k8s.io"

    private func hook(_ path: String, _ resources: [String]? = ["configmaps"], _ more: JSON = [:]) -> JSON {
        var hook: JSON = [
            "name": .string("h\(path.replacing("/", with: "-")).aegis.dev"), "sideEffects": "None",
            "admissionReviewVersions": ["v1"], "clientConfig": ["url": .string("https://hook\(path)")],
        ]
        if let resources {
            hook["rules"] = [
                [
                    "apiGroups": ["*"], "apiVersions": ["*"], "operations": ["*"],
                    "resources": .array(resources.map { .string($0) }),
                ]
            ]
        }
        for (key, value) in more.object ?? [:] { hook[key] = value }
        return hook
    }

    private func cluster(
        _ kind: String, _ hooks: [JSON], _ rule: @escaping FakeCaller.Rule = { _, _ in ["allowed": true] }
    ) throws -> (TestCluster, FakeCaller) {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a")
        try cluster.create(kind, ["metadata": ["name": "c"], "webhooks": .array(hooks)])
        let caller = FakeCaller(rule)
        cluster.registry.webhookCaller = caller
        return (cluster, caller)
    }

    @discardableResult
    private func write(_ cluster: TestCluster, _ name: String = "m") throws -> JSON {
        try cluster.create("configmaps", in: "a", ["metadata": ["name": .string(name)], "data": ["k": "v"]])
            .object
    }

    @Test func nothingIsAskedWhereNothingIsConfigured() throws {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a")
        #expect(!cluster.registry.hasRules)
        let (other, _) = try self.cluster(validating, [hook("/v")])
        #expect(other.registry.asksWebhooks)
        try other.delete(validating, name: "c")
        #expect(!other.registry.asksWebhooks)
    }

    @Test func aWebhookWithoutRulesIsNeverAsked() throws {
        let (cluster, caller) = try cluster(validating, [hook("/v", nil)])
        try write(cluster)
        #expect(caller.paths.isEmpty)
    }

    @Test func aRefusalHasTheWebhooksCodeAndWords() throws {
        let (cluster, _) = try cluster(validating, [hook("/v")]) { _, _ in
            ["allowed": false, "status": ["code": 418, "message": "no tea"]]
        }
        let refused = cluster.refusal { try write(cluster) }
        #expect(refused?.code == 418)
        #expect(refused?.message == "admission webhook \"h-v.aegis.dev\" denied the request: no tea")
        // What admission is configured by can always be changed.
        try cluster.delete(validating, name: "c")
        try write(cluster)
    }

    @Test func failuresCloseOrOpen() throws {
        let (closed, _) = try cluster(validating, [hook("/gone")])
        let refused = closed.refusal { try write(closed) }
        #expect(refused?.code == 500)
        #expect(
            refused?.message
                == "Internal error occurred: failed calling webhook \"h-gone.aegis.dev\": failed to call webhook: Post"
        )
        let (open, _) = try cluster(validating, [hook("/gone", ["configmaps"], ["failurePolicy": "Ignore"])])
        var request = try open.request("configmaps", in: "a")
        _ = try open.registry.create(
            &request, body: ["kind": "ConfigMap", "apiVersion": "v1", "metadata": ["name": "m"]])
        #expect(
            request.auditAnnotations.contains {
                $0.key == "failed-open.validating.webhook.admission.k8s.io/round_0_index_0"
                    && $0.value == "h-gone.aegis.dev"
            })
    }

    @Test func annotationsAndWarningsAreKept() throws {
        let (cluster, _) = try cluster(validating, [hook("/v")]) { _, _ in
            ["allowed": true, "warnings": ["careful"], "auditAnnotations": ["why": "because"]]
        }
        var request = try cluster.request("configmaps", in: "a")
        _ = try cluster.registry.create(
            &request, body: ["kind": "ConfigMap", "apiVersion": "v1", "metadata": ["name": "m"]])
        #expect(request.warnings == ["careful"])
        #expect(request.auditAnnotations.map(\.key) == ["h-v.aegis.dev/why"])
    }

    @Test func changesAreSeenByThoseThatWantIt() throws {
        let (cluster, caller) = try cluster(
            mutating,
            [
                hook("/one", ["configmaps"], ["reinvocationPolicy": "IfNeeded"]), hook("/two"),
            ]
        ) { path, request in
            let field = path == "/one" ? "one" : "two"
            let count = Int(request["object"]?["data"]?[field]?.string ?? "0") ?? 0
            return FakeCaller.patch([
                ["op": "add", "path": .string("/data/\(field)"), "value": .string("\(count + 1)")]
            ])
        }
        let written = try write(cluster)
        #expect(caller.paths == ["/one", "/two", "/one"])
        #expect(written["data"] == ["k": "v", "one": "2", "two": "1"])
    }

    @Test func policiesAreNotRunTwiceForAWebhooksSake() throws {
        let (cluster, _) = try cluster(mutating, [hook("/m")]) { _, _ in
            FakeCaller.patch([["op": "add", "path": "/data/hook", "value": "yes"]])
        }
        let group = "admissionregistration.k8s.io"
        let constraints: JSON = [
            "resourceRules": [
                [
                    "apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"],
                    "resources": ["configmaps"],
                ]
            ]
        ]
        let expression =
            "[JSONPatch{op: 'add', path: '/data/n', value: has(object.data.n) ? object.data.n + 'x' : 'x'}]"
        try cluster.create(
            "mutatingadmissionpolicies." + group,
            [
                "metadata": ["name": "p"],
                "spec": [
                    "reinvocationPolicy": "Never", "matchConstraints": constraints,
                    "mutations": [
                        ["patchType": "JSONPatch", "jsonPatch": ["expression": .string(expression)]]
                    ],
                ],
            ])
        try cluster.create(
            "mutatingadmissionpolicybindings." + group,
            ["metadata": ["name": "b"], "spec": ["policyName": "p"]])
        #expect(try write(cluster)["data"] == ["k": "v", "hook": "yes", "n": "x"])
    }

    @Test func deletesShowTheOldObjectAlone() throws {
        let (cluster, caller) = try cluster(validating, [hook("/v")])
        try write(cluster)
        try cluster.delete("configmaps", in: "a", name: "m")
        let request = caller.request(1)
        #expect(request["operation"] == "DELETE")
        #expect(request["object"] == .null)
        #expect(request["oldObject"]?.name == "m")
        #expect(request["options"]?["kind"] == "DeleteOptions")
        #expect(request["options"]?["gracePeriodSeconds"] == 0)
    }

    @Test func generatedNamesComeAfterChanges() throws {
        let (cluster, caller) = try cluster(mutating, [hook("/m")])
        let written = try cluster.create(
            "configmaps", in: "a", ["metadata": ["generateName": "g-"]]
        ).object
        #expect(written.name.hasPrefix("g-") && written.name.utf8.count == 7)
        #expect(caller.request(0)["name"] == nil)
        #expect(caller.request(0)["object"]?["metadata"]?["name"] == nil)
    }

    @Test func aScaleIsShownAsOne() throws {
        let (cluster, caller) = try cluster(mutating, [hook("/m", ["deployments/scale"])]) { _, _ in
            FakeCaller.patch([["op": "replace", "path": "/spec/replicas", "value": 3]])
        }
        let template: JSON = [
            "metadata": ["labels": ["a": "b"]],
            "spec": ["containers": [["name": "c", "image": "i"]]],
        ]
        try cluster.create(
            "deployments.apps", in: "a",
            [
                "metadata": ["name": "d"],
                "spec": ["selector": ["matchLabels": ["a": "b"]], "template": template],
            ])
        var request = try cluster.request("deployments.apps", in: "a", name: "d", subresource: "scale")
        let (scale, _) = try cluster.registry.changeScale(
            &request, nil, .patch(.merge(["spec": ["replicas": 9]])))
        #expect(caller.request(0)["kind"]?["kind"] == "Scale")
        #expect(caller.request(0)["object"]?["spec"] == ["replicas": 9])
        #expect(scale["spec"]?["replicas"] == 3)
    }

    @Test func evictionsAreAskedAboutOnce() throws {
        let (cluster, caller) = try cluster(validating, [hook("/v", ["pods", "pods/eviction"])]) {
            _, request in
            ["allowed": .bool(request["operation"] != "DELETE")]
        }
        try cluster.create("pods", in: "a", TestCluster.pod("p"))
        var request = try cluster.request("pods", in: "a", name: "p")
        _ = try cluster.registry.evict(
            &request,
            eviction: ["kind": "Eviction", "apiVersion": "policy/v1", "metadata": ["name": "p"]])
        #expect(caller.paths.count == 2)
        #expect(caller.request(1)["subResource"] == "eviction")
        #expect(caller.request(1)["kind"]?["kind"] == "Eviction")
    }

    @Test func dryRunsAskOnlyWhatHasNoEffects() throws {
        let (cluster, caller) = try cluster(validating, [hook("/v")])
        try cluster.create("configmaps", in: "a", ["metadata": ["name": "m"]], dryRun: true)
        #expect(caller.request(0)["dryRun"] == true)
    }

    /// What must not be blocked learns so before anything is written, and only where a webhook is concerned.
    @Test func whatMayNotWaitIsToldBeforeItWrites() throws {
        let (cluster, caller) = try cluster(validating, [hook("/v")])
        var request = try cluster.request("configmaps", in: "a")
        request.mayWait = false
        let body: JSON = ["kind": "ConfigMap", "apiVersion": "v1", "metadata": ["name": "m"]]
        let refused = cluster.refusal { _ = try cluster.registry.create(&request, body: body) }
        #expect(refused?.asksToWait == true)
        #expect(caller.paths.isEmpty)
        #expect(cluster.registry.lookup("", "configmaps", "a/m") == nil)
        var other = try cluster.request("secrets", in: "a")
        other.mayWait = false
        _ = try cluster.registry.create(
            &other, body: ["kind": "Secret", "apiVersion": "v1", "metadata": ["name": "s"]])
    }
}
