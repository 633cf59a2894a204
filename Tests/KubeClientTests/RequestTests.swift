import KubeJSON
import NIOConcurrencyHelpers
import Testing

@testable import KubeClient

@Suite struct RequestTests {
    @Test func pathsAndQueriesAreUpstreams() async throws {
        let script = Script { _, _ in Script.json([:]) }
        let client = try script.client(.token("t"))
        _ = try await client.get(.deployments, "web", namespace: "shop")
        _ = try await client.get(.nodes, "n 1/2")
        _ = try await client.create(
            .pods, ["kind": "Pod"], namespace: "shop", name: "p", subresource: "eviction")
        _ = try await client.patch(
            .deployments, "web", .apply(fieldManager: "me", force: true), ["a": 1], namespace: "shop")
        _ = try await client.patch(.deployments, "web", .json, [], namespace: "shop", fieldManager: "a b")
        _ = try await client.delete(.pods, "p", uid: "u", propagation: "Foreground")
        let sent = script.sent
        #expect(
            sent.map { "\($0.method.rawValue) \($0.target)" } == [
                "GET /apis/apps/v1/namespaces/shop/deployments/web", "GET /api/v1/nodes/n%201%2F2",
                "POST /api/v1/namespaces/shop/pods/p/eviction",
                "PATCH /apis/apps/v1/namespaces/shop/deployments/web?fieldManager=me&force=true",
                "PATCH /apis/apps/v1/namespaces/shop/deployments/web?fieldManager=a%20b",
                "DELETE /api/v1/namespaces/default/pods/p",
            ])
        func header(_ index: Int, _ name: String) -> String? {
            sent[index].headers.first { $0.name == name }?.value
        }
        #expect(header(0, "Authorization") == "Bearer t")
        #expect(header(0, "Content-Type") == nil)
        #expect(header(3, "Content-Type") == "application/apply-patch+yaml")
        #expect(header(4, "Content-Type") == "application/json-patch+json")
        let options = try JSONParser.parse(try #require(sent[5].body))
        #expect(options.at("preconditions", "uid") == "u")
        #expect(options["propagationPolicy"] == "Foreground")
    }

    @Test func refusalsCarryUpstreamsStatus() async throws {
        let script = Script { _, _ in Script.status(409, "Conflict") }
        let client = try script.client()
        await #expect {
            _ = try await client.create(.pods, [:])
        } throws: { error in
            guard let error = error as? ClientError else { return false }
            return error.isConflict && error.reason == "Conflict" && error.description == "it is Conflict"
        }
        #expect(script.sent.count == 1, "a conflict is not sent again")
    }

    @Test func whatMayBeRepeatedIsRepeated() async throws {
        let script = Script { count, _ in
            switch count {
            case 0: throw ClientError.unreachable("gone")
            case 1: Script.status(503, "ServiceUnavailable")
            case 2: Script.status(429, "TooManyRequests", retryAfter: 3)
            default: Script.json(["kind": "Pod"])
            }
        }
        #expect(try await script.client().get(.pods, "p")["kind"] == "Pod")
        #expect(script.pauses.count == 3)
        #expect(script.pauses[2] >= 3, "Retry-After is waited for")
    }

    @Test func creatingIsRepeatedOnlyWhenItWasNotDone() async throws {
        let lost = Script { _, _ in throw ClientError.timedOut }
        await #expect(throws: ClientError.self) { _ = try await lost.client().create(.pods, [:]) }
        #expect(lost.sent.count == 1)
        let failed = Script { _, _ in Script.status(500, "InternalError") }
        await #expect(throws: ClientError.self) { _ = try await failed.client().create(.pods, [:]) }
        #expect(failed.sent.count == 1)
        let busy = Script { count, _ in
            count == 0 ? Script.status(429, "TooManyRequests") : Script.json(["kind": "Pod"], status: 201)
        }
        _ = try await busy.client().create(.pods, [:])
        #expect(busy.sent.count == 2)
    }

    @Test func patienceEnds() async throws {
        let script = Script { _, _ in Script.status(503, "ServiceUnavailable") }
        await #expect(throws: ClientError.self) { _ = try await script.client().get(.pods, "p") }
        #expect(script.sent.count == 5)
        let far = Script { _, _ in Script.status(429, "TooManyRequests", retryAfter: 600) }
        await #expect(throws: ClientError.self) { _ = try await far.client().get(.pods, "p") }
        #expect(far.sent.count == 1, "ten minutes are not waited for")
    }

    @Test func aTokenFileIsReadAgain() async throws {
        let files = NIOLockedValueBox(["/token": "old\n"])
        let tokens = TokenSource(.tokenFile("/token")) { path in files.withLockedValue { $0[path] } }
        #expect(tokens.header(now: 0) == "Bearer old")
        files.withLockedValue { $0["/token"] = "new" }
        #expect(tokens.header(now: 59) == "Bearer old")
        #expect(tokens.header(now: 61) == "Bearer new")
        // Gone for a moment: the one that was is kept.
        files.withLockedValue { $0 = [:] }
        #expect(tokens.header(now: 200) == "Bearer new")
        files.withLockedValue { $0["/token"] = "newest" }
        #expect(tokens.refused())
        #expect(tokens.header(now: 201) == "Bearer newest")
    }

    @Test func aRefusedTokenIsReadAgainAtOnce() async throws {
        let script = Script { count, request in
            count == 0 ? Script.status(401, "Unauthorized") : Script.json(["kind": "Pod"])
        }
        _ = try await script.client(.tokenFile("/token"), files: ["/token": "t"]).get(.pods, "p")
        #expect(script.sent.count == 2)
        let fixed = Script { _, _ in Script.status(401, "Unauthorized") }
        await #expect(throws: ClientError.self) { _ = try await fixed.client(.token("t")).get(.pods, "p") }
        #expect(fixed.sent.count == 1)
    }

    @Test func listsArePagedAndBegunAgain() async throws {
        let script = Script { _, request in
            if request.target.contains("continue=second") { return Script.status(410, "Expired") }
            if request.target.contains("limit=") {
                return Script.json([
                    "metadata": ["resourceVersion": "5", "continue": "second"], "items": [["a": 1]],
                ])
            }
            return Script.json(["metadata": ["resourceVersion": "9"], "items": [["a": 1], ["a": 2]]])
        }
        let list = try await script.client().list(.pods, Selection(labels: "app=web", fields: "x!=y"))
        #expect(list.items.count == 2)
        #expect(list.resourceVersion == "9")
        #expect(
            script.sent.last?.target
                == "/api/v1/namespaces/default/pods?labelSelector=app%3Dweb&fieldSelector=x%21%3Dy")
    }

    @Test func reviewsAreAskedAndRead() async throws {
        let script = Script { _, request in
            let body = try JSONParser.parse(request.body ?? [])
            if body["kind"] == "TokenReview" {
                return Script.json(
                    [
                        "status": [
                            "authenticated": .bool(body.at("spec", "token") == "good"),
                            "user": [
                                "username": "jane", "uid": "1", "groups": ["a"],
                                "extra": ["scope": ["x", "y"]],
                            ],
                        ]
                    ], status: 201)
            }
            return Script.json(
                [
                    "status": [
                        "allowed": .bool(body.at("spec", "resourceAttributes", "name") == "web"),
                        "reason": "no role",
                    ]
                ], status: 201)
        }
        let client = try script.client()
        let user = try #require(try await client.review(token: "good"))
        #expect(user == ReviewedUser(name: "jane", uid: "1", groups: ["a"], extra: ["scope": ["x", "y"]]))
        #expect(try await client.review(token: "bad") == nil)
        func access(_ name: String) -> ResourceAccess {
            ResourceAccess(
                verb: "patch", group: "apps", resource: "deployments", namespace: "shop", name: name)
        }
        #expect(try await client.refusal(of: access("web"), by: user) == nil)
        #expect(try await client.refusal(of: access("db"), by: user) == "no role")
        let question = try JSONParser.parse(try #require(script.sent.last?.body))
        #expect(question.at("spec", "extra", "scope") == ["x", "y"])
        #expect(question.at("spec", "groups") == ["a"])
    }
}
