import Foundation
import KubeJSON
import TestServers
import Testing

/// The release API with its databases, against a cluster with hollow nodes.
@Suite(.releaseAPI) struct ReleaseAPITests {
    @Test func aloneWithAFile() async throws {
        let shop = try Shop()
        defer { shop.stop() }
        let api = try shop.replica()
        try await api.ready()

        // Who may what.
        #expect(try await api.ask(.get, "/v1/workloads").status == 401)
        #expect(try await api.ask(.get, "/v1/workloads", as: "nonsense").status == 401)
        let refused = try await api.ask(.get, "/v1/workloads", as: shop.stranger)
        #expect(refused.status == 403)
        #expect(refused["type"] == "urn:aegis:problem:forbidden")
        #expect(
            refused["detail"]?.string?.contains("system:serviceaccount:shop:stranger may not list") == true)
        let list = try await api.ask(.get, "/v1/workloads", as: shop.viewer)
        #expect(list["items"]?.array?.compactMap { $0["name"]?.string } == ["fast", "scaled", "web"])
        let web = try await api.ask(.get, "/v1/workloads/web", as: shop.viewer)
        #expect(web["state"] == "available")
        #expect(web["pods"]?.array?.count == 3)
        #expect(web["pods"]?.array?.allSatisfy { $0["ready"] == true } == true)
        // The document's Role does not let the service read these two, and it says so.
        #expect(web["unavailable"] == ["autoscaler", "events"])
        let wish: JSON = ["workload": "web", "image": "web:2"]
        #expect(try await api.ask(.post, "/v1/releases", as: shop.viewer, wish).status == 403)
        #expect(try await api.ask(.get, "/v1/workloads/none", as: shop.viewer).status == 404)
        #expect(
            try await api.ask(
                .post, "/v1/releases", as: shop.deployer, ["workload": "none", "restart": true]
            ).status
                == 404)
        let ambiguous = try await api.ask(
            .post, "/v1/releases", as: shop.deployer, ["workload": "fast", "image": "x"])
        #expect(ambiguous.status == 409)
        #expect(ambiguous["detail"]?.string?.contains("one, two") == true)

        // A good release, and what follows it.
        let begun = try await api.ask(.post, "/v1/releases", as: shop.deployer, wish, key: "k1")
        #expect(begun.status == 201, "\(begun.text)")
        let id = try #require(begun["id"]?.string)
        let busy = try await api.ask(.post, "/v1/releases", as: shop.deployer, wish, key: "k2")
        #expect(busy.status == 409)
        #expect(busy["release"]?.string == id)
        let same = try await api.ask(.post, "/v1/releases", as: shop.deployer, wish, key: "k1")
        #expect(same.status == 200)
        #expect(same["id"]?.string == id)
        let other = try await api.ask(
            .post, "/v1/releases", as: shop.deployer, ["workload": "web", "restart": true], key: "k1")
        #expect(other.status == 409)
        #expect(other["type"] == "urn:aegis:problem:key-reused")
        #expect(try await api.ask(.get, "/v1/workloads/web", as: shop.viewer)["activeRelease"]?.string == id)
        let ended = try await api.end(of: id, as: shop.viewer)
        #expect(ended["state"] == "succeeded", "\(ended)")
        #expect(try shop.image("web") == "web:2")
        let kinds = ended["steps"]?.array?.compactMap { $0["kind"]?.string } ?? []
        #expect(kinds.first == "created")
        #expect(kinds.last == "finished")
        #expect(kinds.filter { $0 == "applied" }.count == 1)

        // Undone by a release of its own.
        let undo = try await api.ask(.post, "/v1/releases/\(id)/rollback", as: shop.deployer)
        #expect(undo.status == 201, "\(undo.text)")
        let undone = try await api.end(of: try #require(undo["id"]?.string), as: shop.viewer)
        #expect(undone["state"] == "succeeded")
        #expect(undone.at("change", "undoes")?.string == id)
        #expect(try shop.image("web") == "web:1")
        #expect(try await api.ask(.post, "/v1/releases/\(id)/cancel", as: shop.deployer).status == 409)

        // One that crashes is taken back by itself.
        let broken = try await api.ask(
            .post, "/v1/releases", as: shop.deployer, ["workload": "web", "image": "broken:1"])
        let taken = try await api.end(of: try #require(broken["id"]?.string), as: shop.viewer)
        #expect(taken["state"] == "rolled-back", "\(taken)")
        #expect(taken["rollbackReason"]?.string?.contains("crashed") == true)
        #expect(try shop.image("web") == "web:1")

        // One that is cancelled under way.
        let long = try await api.ask(
            .post, "/v1/releases", as: shop.deployer,
            ["workload": "web", "env": ["A": "1"], "note": "to be stopped"])
        let longID = try #require(long["id"]?.string)
        #expect(try await api.ask(.post, "/v1/releases/\(longID)/cancel", as: shop.deployer).status == 202)
        let cancelled = try await api.end(of: longID, as: shop.viewer)
        #expect(cancelled["state"] == "cancelled", "\(cancelled)")
        #expect(
            try shop.platform.kubectl(
                "get deploy web -o jsonpath={.spec.template.spec.containers[0].env}", after: ["-n", "shop"]
            ).isEmpty)

        // What others do stands.
        let overtaken = try await api.ask(
            .post, "/v1/releases", as: shop.deployer, ["workload": "web", "image": "web:3"])
        let overtakenID = try #require(overtaken["id"]?.string)
        try await api.step("applied", of: overtakenID, as: shop.viewer)
        try shop.platform.kubectl("set image deploy/web web=web:9", after: ["-n", "shop"])
        let superseded = try await api.end(of: overtakenID, as: shop.viewer)
        #expect(superseded["state"] == "superseded", "\(superseded)")
        #expect(try shop.image("web") == "web:9")

        let listed = try await api.ask(.get, "/v1/releases?workload=web&limit=2", as: shop.viewer)
        #expect(listed["items"]?.array?.count == 2)
        let next = try #require(listed["next"]?.int)
        let older = try await api.ask(.get, "/v1/releases?workload=web&before=\(next)", as: shop.viewer)
        #expect(older["items"]?.array?.count == 3)
        #expect(older["next"] == JSON.null)
        let trail = try await api.ask(.get, "/v1/audit", as: shop.viewer)
        #expect(trail["items"]?.array?.count == 6)
        let metrics = try await api.ask(.get, "/metrics").text
        for line in [
            "aegis_releases_total{outcome=\"succeeded\"} 2",
            "aegis_releases_total{outcome=\"rolled-back\"} 1",
            "aegis_releases_total{outcome=\"cancelled\"} 1", "aegis_releases_total{outcome=\"superseded\"} 1",
            "aegis_releases_active 0",
        ] {
            #expect(metrics.contains(line), "\(line)")
        }
        // Every line of the log is JSON, and no token is in it.
        for line in api.text.split(separator: "\n") {
            #expect((try? JSONParser.parse(String(line)))?["level"] != nil, "\(line)")
        }
        #expect(!api.text.contains(shop.deployer))
        await api.stop()
        #expect(api.process.stop() == 0)
    }

    @Test func replicasShareTheWorkAndOutliveOneAnother() async throws {
        let shop = try Shop()
        defer { shop.stop() }
        let (postgres, redis) = (try PostgresServer(), try RedisServer())
        let settings = ["DATABASE_URL": postgres.url, "REDIS_URL": redis.url]
        let (one, two) = (try shop.replica(settings), try shop.replica(settings))
        try await one.ready()
        try await two.ready()

        // Whoever did it, anybody tells of it.
        let viewer = shop.viewer
        let (opened, open) = AsyncStream.makeStream(of: Void.self)
        async let told = two.events(as: viewer, query: "?workload=web", onOpen: { open.finish() }) {
            $0.last?["kind"] == "finished"
        }
        for await _ in opened {}
        let begun = try await one.ask(
            .post, "/v1/releases", as: shop.deployer, ["workload": "web", "image": "web:2"], key: "k")
        let id = try #require(begun["id"]?.string)
        let again = try await two.ask(
            .post, "/v1/releases", as: shop.deployer, ["workload": "web", "image": "web:2"], key: "k")
        #expect(again["id"]?.string == id)
        let ended = try await two.end(of: id, as: shop.viewer)
        #expect(ended["state"] == "succeeded")
        let steps = ended["steps"]?.array ?? []
        #expect(try await told == steps)
        // Who comes back misses nothing.
        let after = try #require(steps.first?["number"]?.int)
        let missed = try await one.events(as: shop.viewer, query: "?after=\(after)") {
            $0.last?["kind"] == "finished"
        }
        #expect(missed == Array(steps.dropFirst()))

        // The replica that does it dies in the middle.
        let generation = try #require(try shop.revision("web"))
        let next = try await one.ask(
            .post, "/v1/releases", as: shop.deployer, ["workload": "web", "image": "web:3"])
        let nextID = try #require(next["id"]?.string)
        try await one.step("applied", of: nextID, as: shop.viewer)
        await one.kill()
        let finished = try await two.end(of: nextID, as: shop.viewer)
        #expect(finished["state"] == "succeeded", "\(finished)")
        let kinds = finished["steps"]?.array?.compactMap { $0["kind"]?.string } ?? []
        #expect(kinds.contains("taken-over"))
        #expect(kinds.filter { $0 == "applied" }.count == 1)
        #expect(try shop.revision("web") == generation + 1, "it was done once")

        // Without Redis everything goes on.
        redis.stop()
        let three = try shop.replica(settings)
        try await three.ready()
        #expect(try await three.ask(.get, "/ready")["degraded"] == true)
        let (listening, listens) = AsyncStream.makeStream(of: Void.self)
        async let heard = three.events(as: viewer, onOpen: { listens.finish() }) {
            $0.last?["kind"] == "finished"
        }
        for await _ in listening {}
        let plain = try await two.ask(
            .post, "/v1/releases", as: shop.deployer,
            ["workload": "fast", "container": "one", "image": "one:2"])
        let plainID = try #require(plain["id"]?.string)
        #expect(try await two.end(of: plainID, as: shop.viewer)["state"] == "succeeded")
        #expect(try await heard.last?["release"]?.string == plainID)
        #expect(try await three.ask(.get, "/metrics").text.contains("aegis_redis_up 0"))

        await two.stop()

        // The database goes and comes back while a release is under way.
        try redis.start()
        let lasting = try await three.ask(
            .post, "/v1/releases", as: shop.deployer, ["workload": "web", "image": "web:5"])
        let lastingID = try #require(lasting["id"]?.string)
        try await three.step("applied", of: lastingID, as: shop.viewer)
        postgres.stop()
        let end = Date().addingTimeInterval(60)
        while try await three.ask(.get, "/ready").status != 503 {
            if Date() > end { throw Failed(description: "ready without a database") }
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(try await three.ask(.get, "/health").status == 200)
        #expect(try await three.ask(.get, "/v1/releases", as: shop.viewer).status == 503)
        #expect(try await three.ask(.get, "/v1/workloads", as: shop.viewer).status == 200)
        try await Task.sleep(for: .seconds(2))
        try postgres.start()
        try await three.ready()
        #expect(try await three.end(of: lastingID, as: shop.viewer)["state"] == "succeeded")
        #expect(try shop.image("web") == "web:5")
        let all = try await three.ask(.get, "/v1/releases", as: shop.viewer)
        #expect(all["items"]?.array?.count == 4, "no release is lost, none is there twice")
        await three.stop()
    }

    /// Whatever is sent by the document's rules or against them, the answers are as the document says.
    @Test func schemathesisFindsNothing() async throws {
        let shop = try Shop()
        defer { shop.stop() }
        let postgres = try PostgresServer()
        let api = try shop.replica([
            "DATABASE_URL": postgres.url, "EVENT_STREAM_SECONDS": "0.3", "LOG_LEVEL": "notice",
        ])
        try await api.ready()
        // Values by which it gets past the first look.
        let settings = shop.directory.appendingPathComponent("schemathesis.toml")
        try """
        [parameters]
        workload = "web"
        """.write(to: settings, atomically: true, encoding: .utf8)
        let outcome = try run(
            shop.platform.programs.tools + "/st",
            [
                "--config-file", settings.path, "run", "http://127.0.0.1:\(api.port)/openapi.json", "-H",
                "Authorization: Bearer \(shop.deployer)", "--max-examples", "20", "--max-time", "40",
                "--seed", "7",
                "--warnings", "off", "--request-timeout", "10",
            ], in: shop.directory)
        #expect(outcome.status == 0, "\(outcome.output.suffix(6_000))\(outcome.errors)")
        #expect(api.process.isRunning)
        #expect(!api.text.contains("\"level\":\"error\""), "\(api.text.suffix(3_000))")
        await api.stop()
    }
}
