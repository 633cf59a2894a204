import Foundation
import KubeJSON
import TestServers
import Testing

/// What becomes of releases when replicas, databases and workloads go away, or others meddle.
@Suite(.releaseAPI) struct ReleaseFaultTests {
    /// The events of all releases have numbers without gaps, every release that ended says so once and last,
    /// none was taken up by two, and each was asked for once.
    private func expectExact(_ api: ReleaseReplica, _ shop: Shop, releases: Int, audits: Int) async throws {
        let listed = try await api.ask(.get, "/v1/releases?limit=200", as: shop.viewer)
        let items = listed["items"]?.array ?? []
        #expect(items.count == releases, "no release is lost, none is there twice")
        let trail = try await api.ask(.get, "/v1/audit?limit=200", as: shop.viewer)
        let numbers = (trail["items"]?.array ?? []).compactMap { $0["number"]?.int }
        #expect(numbers == Array((1...max(audits, 1)).reversed()), "the audit trail")
        var steps: [JSON] = []
        for item in items {
            let id = try #require(item["id"]?.string)
            let shown = try await api.ask(.get, "/v1/releases/" + id, as: shop.viewer)
            let own = shown["steps"]?.array ?? []
            let kinds = own.compactMap { $0["kind"]?.string }
            #expect(kinds.filter { $0 == "created" }.count == 1)
            #expect(kinds.filter { $0 == "applied" }.count <= 1)
            #expect(kinds.filter { $0 == "finished" }.count == 1 && kinds.last == "finished", "\(kinds)")
            steps += own
        }
        steps.sort { ($0["number"]?.int ?? 0) < ($1["number"]?.int ?? 0) }
        #expect(steps.compactMap { $0["number"]?.int } == Array(1...steps.count), "the numbers have no gaps")
        let count = steps.count
        let streamed = try await api.events(as: shop.viewer, query: "?after=0") {
            $0.count >= count
        }
        #expect(streamed == steps, "the stream says what is stored")
    }

    /// A replica that ends in good order, or dies, at any moment of a release leaves it to another.
    @Test func releasesOutliveTheirReplicas() async throws {
        let shop = try Shop()
        defer { shop.stop() }
        let postgres = try PostgresServer()
        let settings = ["DATABASE_URL": postgres.url]
        var survivor = try shop.replica(settings)
        try await survivor.ready()
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let rounds = 6
        for round in 1...rounds {
            let mover = survivor
            survivor = try shop.replica(settings)
            try await survivor.ready()
            let generation = try #require(try shop.revision("web"))
            let begun = try await mover.ask(
                .post, "/v1/releases", as: shop.deployer,
                ["workload": "web", "image": .string("web:\(round + 1)")])
            let id = try #require(begun["id"]?.string)
            // The moment is what is tried: there is nothing to wait for.
            let moment = Int.random(in: 0...4_000, using: &random)
            try await Task.sleep(for: .milliseconds(moment))
            let isKilled = round % 2 == 0
            if isKilled { await mover.kill() } else { await mover.stop() }
            let ended = try await survivor.end(of: id, as: shop.viewer)
            let words: Comment =
                "seed \(seed), round \(round), after \(moment) ms, killed: \(isKilled): \(ended)"
            #expect(ended["state"] == "succeeded", words)
            let steps = ended["steps"]?.array ?? []
            #expect(steps.contains { $0["kind"] == "taken-over" }, words)
            #expect(try shop.image("web") == "web:\(round + 1)")
            #expect(try shop.revision("web") == generation + 1, "it was done once; \(words)")
        }
        try await expectExact(survivor, shop, releases: rounds, audits: rounds)
        await survivor.stop()
    }

    /// Redis and then PostgreSQL go in the middle of a release, longer than any lease lasts.
    @Test func releasesOutliveTheirDatabases() async throws {
        let shop = try Shop()
        defer { shop.stop() }
        let (postgres, redis) = (try PostgresServer(), try RedisServer())
        let settings = ["DATABASE_URL": postgres.url, "REDIS_URL": redis.url]
        let (one, two) = (try shop.replica(settings), try shop.replica(settings))
        try await one.ready()
        try await two.ready()

        let first = try await one.ask(
            .post, "/v1/releases", as: shop.deployer, ["workload": "web", "image": "web:2"])
        redis.stop()
        let firstID = try #require(first["id"]?.string)
        let ended = try await two.end(of: firstID, as: shop.viewer)
        #expect(ended["state"] == "succeeded")
        #expect(ended["steps"]?.array?.contains { $0["kind"] == "taken-over" } == false)
        try redis.start()

        let generation = try #require(try shop.revision("web"))
        let second = try await one.ask(
            .post, "/v1/releases", as: shop.deployer, ["workload": "web", "image": "web:3"], key: "lasting")
        let secondID = try #require(second["id"]?.string)
        postgres.stop()
        let away = ContinuousClock.now
        // Nothing can be asked for meanwhile, and nothing half done stays.
        let refused = try await two.ask(
            .post, "/v1/releases", as: shop.deployer,
            ["workload": "fast", "container": "one", "image": "one:2"])
        #expect(refused.status == 503, "\(refused.text)")
        #expect(try await one.ask(.get, "/health").status == 200)
        #expect(try await one.ask(.get, "/v1/workloads", as: shop.viewer).status == 200)
        try await Task.sleep(until: away + .seconds(20))
        try postgres.start()
        try await one.ready()
        try await two.ready()
        let lasting = try await two.end(of: secondID, as: shop.viewer)
        #expect(lasting["state"] == "succeeded", "\(lasting)")
        #expect(try shop.revision("web") == generation + 1, "it was done once")
        let again = try await two.ask(
            .post, "/v1/releases", as: shop.deployer, ["workload": "web", "image": "web:3"], key: "lasting")
        #expect(again["id"]?.string == secondID)
        try await expectExact(two, shop, releases: 2, audits: 2)
        await one.stop()
        await two.stop()
    }

    /// The same request of many at once, to two replicas, is one release.
    @Test func aKeyGivenAtOnceMakesOneRelease() async throws {
        let shop = try Shop()
        defer { shop.stop() }
        let postgres = try PostgresServer()
        let (one, two) = (
            try shop.replica(["DATABASE_URL": postgres.url]), try shop.replica(["DATABASE_URL": postgres.url])
        )
        try await one.ready()
        try await two.ready()
        let generation = try #require(try shop.revision("web"))
        let deployer = shop.deployer
        let answers = try await withThrowingTaskGroup(of: ReleaseReplica.Answer.self) { group in
            for index in 0..<16 {
                let api = index % 2 == 0 ? one : two
                group.addTask {
                    try await api.ask(
                        .post, "/v1/releases", as: deployer, ["workload": "web", "image": "web:2"],
                        key: "same")
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.map(\.status).sorted() == Array(repeating: 200, count: 15) + [201])
        let ids = Set(answers.compactMap { $0["id"]?.string })
        #expect(ids.count == 1)
        let ended = try await two.end(of: try #require(ids.first), as: shop.viewer)
        #expect(ended["state"] == "succeeded")
        #expect(try shop.revision("web") == generation + 1)
        try await expectExact(one, shop, releases: 1, audits: 1)
        await one.stop()
        await two.stop()
    }

    /// Images that never become ready, people who change their mind, and people who change the workload.
    @Test func whatGoesWrongWithAWorkload() async throws {
        let shop = try Shop()
        defer { shop.stop() }
        let api = try shop.replica()
        try await api.ready()
        func begin(_ body: JSON) async throws -> String {
            let answer = try await api.ask(.post, "/v1/releases", as: shop.deployer, body)
            return try #require(answer["id"]?.string, "\(answer.text)")
        }
        func step(_ kind: String, of id: String) async throws {
            try await api.step(kind, of: id, as: shop.viewer)
        }
        func kubectl(_ line: String) throws {
            try shop.platform.kubectl(line, after: ["-n", "shop"])
        }

        // Its pods run and never become ready: the deadline ends it.
        let stuck = try await begin(["workload": "web", "image": "stuck:1", "deadlineSeconds": 10])
        let late = try await api.end(of: stuck, as: shop.viewer)
        #expect(late["state"] == "rolled-back", "\(late)")
        #expect(late["rollbackReason"]?.string?.hasPrefix("not rolled out within 10 s") == true, "\(late)")
        #expect(try shop.image("web") == "web:1")

        // Others may scale what is being released.
        let scaled = try await begin(["workload": "web", "image": "web:2"])
        try await step("applied", of: scaled)
        try kubectl("scale deploy/web --replicas=4")
        #expect(try await api.end(of: scaled, as: shop.viewer)["state"] == "succeeded")
        #expect(try shop.image("web") == "web:2")
        let web = try await api.ask(.get, "/v1/workloads/web", as: shop.viewer)
        #expect(web.body.at("replicas", "desired")?.int == 4, "\(web.text)")

        // Who changes the template has the last word, in the middle too.
        let overtaken = try await begin(["workload": "web", "image": "stuck:2", "deadlineSeconds": 60])
        try await step("applied", of: overtaken)
        try kubectl("set image deploy/web web=web:9")
        #expect(try await api.end(of: overtaken, as: shop.viewer)["state"] == "superseded")
        #expect(try shop.image("web") == "web:9")
        try kubectl("rollout status deploy/web --timeout=60s")

        // A cancellation on the way back changes nothing of the way back: what went wrong stays the reason.
        try kubectl(
            #"patch deploy web --type=merge -p {"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}"#
        )
        let broken = try await begin(["workload": "web", "image": "broken:1"])
        try await step("reverting", of: broken)
        let cancelled = try await api.ask(.post, "/v1/releases/\(broken)/cancel", as: shop.deployer)
        #expect(cancelled.status == 202, "\(cancelled.text)")
        let back = try await api.end(of: broken, as: shop.viewer)
        #expect(back["state"] == "rolled-back", "\(back)")
        #expect(back["rollbackReason"]?.string?.contains("crashed") == true)
        #expect(back["steps"]?.array?.filter { $0["kind"] == "asked" }.count == 1)
        #expect(try shop.image("web") == "web:9")

        // A workload that goes takes its release with it.
        let wish: JSON = ["workload": "web", "image": "stuck:3", "deadlineSeconds": 60]
        let asked = try await api.ask(.post, "/v1/releases", as: shop.deployer, wish, key: "last")
        let lost = try #require(asked["id"]?.string, "\(asked.text)")
        try await step("applied", of: lost)
        try kubectl("delete deploy web")
        let gone = try await api.end(of: lost, as: shop.viewer)
        #expect(gone["state"] == "failed")
        #expect(gone["message"] == "there is no workload web")
        // Who did not hear the answer asks again, and hears of it even now.
        let again = try await api.ask(.post, "/v1/releases", as: shop.deployer, wish, key: "last")
        #expect(again.status == 200 && again["id"]?.string == lost, "\(again.text)")

        let metrics = try await api.ask(.get, "/metrics").text
        for (outcome, count) in [
            ("succeeded", 1), ("rolled-back", 2), ("superseded", 1), ("failed", 1), ("cancelled", 0),
        ] {
            #expect(metrics.contains("aegis_releases_total{outcome=\"\(outcome)\"} \(count)\n"), "\(outcome)")
        }
        try await expectExact(api, shop, releases: 5, audits: 6)
        await api.stop()
    }
}
