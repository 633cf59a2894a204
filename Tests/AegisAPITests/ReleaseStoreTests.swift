import Foundation
import KubeJSON
import Testing

@testable import AegisAPI

/// The store on SQLite; the same suite runs on PostgreSQL among the client tests.
@Suite struct ReleaseStoreTests {
    private func store() async throws -> (ReleaseStore, DatabasePool) {
        let path = NSTemporaryDirectory() + "aegis-store-\(UUID().uuidString).db"
        let pool = try DatabasePool(url: "sqlite:" + path)
        let store = ReleaseStore(pool)
        try await store.migrate()
        try await store.migrate()
        return (store, pool)
    }

    @Test func holdsItsRules() async throws {
        let (store, pool) = try await store()
        try await ReleaseStoreRules.check(store)
        await pool.shutdown()
    }

    @Test func aFileThatCannotBeOpenedIsUnavailable() async throws {
        let pool = try DatabasePool(url: "sqlite:/nowhere/at/all.db")
        await #expect(throws: DatabaseError.self) { try await ReleaseStore(pool).migrate() }
        await pool.shutdown()
        #expect(throws: DatabaseError.self) { try DatabasePool(url: "mysql://host/db") }
        #expect {
            try DatabasePool(url: "postgres://me:secret@[::1/db")
        } throws: { error in
            // The address is not repeated: there is a password in it.
            !"\(error)".contains("secret")
        }
    }

    @Test func aFullQueueRefuses() async throws {
        let path = NSTemporaryDirectory() + "aegis-store-\(UUID().uuidString).db"
        let pool = try DatabasePool(url: "sqlite:" + path, settings: .init(queue: 2))
        let outcomes = await withTaskGroup(of: String.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        try await pool.transaction { _ in usleep(20_000) }
                        return "done"
                    } catch { return "\(error)" }
                }
            }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(outcomes.contains("done"))
        #expect(outcomes.contains("too much waits for the database"))
        #expect(pool.figures.refusals > 0)
        await pool.shutdown()
    }
}

/// What holds of the store on any database.
enum ReleaseStoreRules {
    static func release(_ id: String, _ workload: String = "web") -> Release {
        Release(
            id: id, namespace: "shop", workload: workload, change: ReleaseChange(image: "web:2"),
            createdBy: "jane", createdAt: 5)
    }

    static func audit(_ id: String) -> AuditEntry {
        AuditEntry(
            at: 5, actor: "jane", action: "release", namespace: "shop", workload: "web", release: id,
            requestID: "q", outcome: "asked")
    }

    static func create(
        _ store: ReleaseStore, _ id: String, _ workload: String = "web", key: String? = nil,
        digest: String = "d",
        owner: String = "a", lease: Int64 = 60_000
    ) async throws -> Creation {
        try await store.create(
            release(id, workload), key: key, digest: digest, owner: owner, lease: lease,
            step: ReleaseStep(.created, state: .pending, at: 5, replica: owner, message: "asked"),
            audit: audit(id))
    }

    static func check(_ store: ReleaseStore) async throws {
        // One active release a workload.
        guard case .created(let one, let fence, let events) = try await create(store, "r1", key: "k") else {
            Issue.record("not created")
            return
        }
        #expect(fence == 1)
        #expect(one.version == 1)
        #expect(events.map(\.number) == [1])
        guard case .busy("r1") = try await create(store, "r2") else {
            Issue.record("two active releases")
            return
        }
        // Keys.
        guard case .repeated(let same) = try await create(store, "r3", key: "k") else {
            Issue.record("a key was not known")
            return
        }
        #expect(same.id == "r1")
        guard case .keyTaken = try await create(store, "r4", key: "k", digest: "other") else {
            Issue.record("a key was used twice")
            return
        }
        guard case .created = try await create(store, "r5", "db", key: "k2", lease: -1) else {
            Issue.record("another workload was refused")
            return
        }

        // Leases: what is held is not taken, what lapsed is.
        let taken = try await store.claim(owner: "b", lease: 60_000)
        #expect(taken.map(\.release.id) == ["r5"])
        #expect(taken.first?.fence == 2)
        #expect(try await store.claim(owner: "b", lease: 60_000).isEmpty)
        #expect(try await store.otherOwners(than: "a") == ["b"])
        // A dead owner's lease is not waited for.
        let early = try await store.claim(owner: "c", lease: 60_000, dead: ["zzz", "a"])
        #expect(early.map(\.release.id) == ["r1"])
        let newFence = try #require(early.first?.fence)
        // The old holder can store nothing any more.
        let step = ReleaseStep(.applying, state: .applying, at: 6, replica: "a", message: "m")
        #expect(try await store.save(one, fence: fence, steps: [step]) == nil)
        #expect(try await store.renew(["r1"], owner: "a", lease: 60_000).isEmpty)

        // The new one can, once a version.
        var held = try #require(early.first?.release)
        held.state = .progressing
        held.progress = Progress(replicas: 3, updated: 1, available: 3)
        let saved = try #require(
            try await store.save(
                held, fence: newFence,
                steps: [
                    ReleaseStep(
                        .takenOver, state: .pending, at: 7, replica: "c", message: "ü \u{1F680} '\"\\"),
                    ReleaseStep(
                        .progress, state: .progressing, at: 8, replica: "c", message: "m",
                        progress: held.progress),
                ]))
        #expect(saved.version == 2)
        #expect(saved.events.map(\.number) == [3, 4])
        #expect(try await store.save(held, fence: newFence, steps: []) == nil)
        held.version = 2

        // Intents reach the holder.
        #expect(try await store.ask(.cancel, of: "r1", by: "jane", audit: audit("r1"))?.id == "r1")
        #expect(try await store.ask(.rollback, of: "r1", by: "joe", audit: audit("r1"))?.id == "r1")
        let renewed = try await store.renew(["r1", "r5"], owner: "c", lease: 60_000)
        #expect(renewed.count == 1)
        let asked = try #require(renewed["r1"])
        #expect(asked?.0 == .cancel)
        #expect(asked?.1 == "jane")
        #expect(try await store.reload("r1", fence: newFence)?.asked?.by == "jane")

        // Events in order, and of one release.
        #expect(try await store.events(after: 0).map(\.number) == [1, 2, 3, 4])
        #expect(try await store.events(after: 2, limit: 1).map(\.number) == [3])
        #expect(try await store.lastEvent() == 4)
        let (shown, steps) = try #require(try await store.release("r1"))
        #expect(shown.state == .progressing)
        #expect(steps.map(\.number) == [1, 3, 4])
        #expect(steps[1].step.message == "ü \u{1F680} '\"\\")
        #expect(steps[2].step.progress == held.progress)
        #expect(try await store.release("none") == nil)

        // Its end makes room for another.
        held.state = .cancelled
        held.finishedAt = 9
        #expect(try await store.save(held, fence: newFence, steps: []) != nil)
        held.version = 3
        #expect(try await store.save(held, fence: newFence, steps: []) == nil, "what is over stays so")
        #expect(try await store.ask(.cancel, of: "r1", by: "jane", audit: audit("r1")) == nil)
        guard case .created = try await create(store, "r6") else {
            Issue.record("the workload is still taken")
            return
        }
        #expect(try await store.activeRelease(namespace: "shop", workload: "web") == "r6")
        #expect(try await store.activeRelease(namespace: "other", workload: "web") == nil)

        // Lists, newest first, page by page.
        func list(
            _ workload: String? = nil, _ state: ReleaseState? = nil, _ before: Int64? = nil, _ limit: Int = 10
        )
            async throws -> [String]
        {
            try await store.releases(
                namespace: "shop", workload: workload, state: state, before: before, limit: limit
            ).map(\.release.id)
        }
        #expect(try await list() == ["r6", "r5", "r1"])
        #expect(try await list("web") == ["r6", "r1"])
        #expect(try await list(nil, .cancelled) == ["r1"])
        #expect(try await list("web", .pending, 3, 1) == [])
        #expect(try await list(nil, nil, 3) == ["r5", "r1"])
        let trail = try await store.audit(namespace: "shop", before: nil, limit: 10)
        #expect(trail.map(\.number) == [5, 4, 3, 2, 1])
        #expect(try await store.audit(namespace: "shop", before: 3, limit: 1).map(\.number) == [2])

        // What is let go of can be taken at once.
        try await store.letGo(owner: "a")
        #expect(try await store.claim(owner: "d", lease: 60_000).map(\.release.id) == ["r6"])

        // Many at once: one wins, numbers have no gaps.
        let created = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<20 {
                group.addTask {
                    if case .created = try? await create(store, "m\(index)", "many") { true } else { false }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(created == 1)
        // The same at once under one key: one is made, all others are told of it, none that another is under way.
        for round in 0..<40 {
            let answers = try await withThrowingTaskGroup(of: String.self) { group in
                for index in 0..<8 {
                    group.addTask {
                        switch try await create(
                            store, "k\(round)-\(index)", "keyed\(round)", key: "key\(round)")
                        {
                        case .created: "created"
                        case .repeated: "repeated"
                        case .keyTaken: "taken"
                        case .busy: "busy"
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }.sorted()
            }
            #expect(answers == ["created"] + Array(repeating: "repeated", count: 7), "round \(round)")
        }
        let numbers = try await store.events(after: 0).map(\.number)
        #expect(numbers == Array(1...Int64(numbers.count)))
        #expect(try await store.activeCount() == 43)
    }
}
