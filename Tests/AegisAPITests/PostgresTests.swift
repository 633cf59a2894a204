import Foundation
import TestServers
import Testing

@testable import AegisAPI

/// The store and the pool on a real PostgreSQL.
@Suite(.enabled("PostgreSQL 15 is not installed: run scripts/bootstrap") { PostgresServer.isInstalled })
struct PostgresTests {
    @Test func theStoreHoldsItsRules() async throws {
        let server = try PostgresServer()
        let pool = try DatabasePool(url: server.url)
        let store = ReleaseStore(pool)
        // Several replicas start at once.
        let others = try (0..<3).map { _ in try DatabasePool(url: server.url) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for other in others + [pool] { group.addTask { try await ReleaseStore(other).migrate() } }
            try await group.waitForAll()
        }
        for other in others { await other.shutdown() }
        try await store.ping()
        try await ReleaseStoreRules.check(store)
        await pool.shutdown()
    }

    @Test func aServerThatComesBackIsUsedAgain() async throws {
        let server = try PostgresServer()
        let pool = try DatabasePool(url: server.url, settings: .init(connections: 2, timeout: 2))
        let store = ReleaseStore(pool)
        try await store.migrate()
        try await store.ping()
        server.stop()
        await #expect(throws: DatabaseError.self) { try await store.ping() }
        try server.start()
        // Both threads may have found it away a moment ago.
        let end = Date().addingTimeInterval(10)
        while true {
            do {
                try await store.ping()
                break
            } catch { if Date() > end { throw error } }
        }
        #expect(pool.figures.failures > 0)
        // Connections that broke while nobody used them are replaced without anybody noticing.
        for _ in 0..<4 { try await store.ping() }
        server.stop()
        try server.start()
        try await Task.sleep(for: .milliseconds(600))
        for _ in 0..<4 { try await store.ping() }
        await pool.shutdown()
    }

    @Test func nothingWaitsForEver() async throws {
        let server = try PostgresServer()
        let pool = try DatabasePool(url: server.url, settings: .init(connections: 1, timeout: 1))
        let begin = Date()
        await #expect(throws: DatabaseError.timedOut) {
            _ = try await pool.transaction { try $0.run("SELECT pg_sleep(20)") }
        }
        #expect(Date().timeIntervalSince(begin) < 5)
        // The connection was given up, the next one works.
        let rows = try await pool.transaction { try $0.run("SELECT 1 + 1") }
        #expect(rows.first?.first?.integer == 2)
        #expect(pool.figures.timeouts == 1)
        await pool.shutdown()
    }

    @Test func errorsAreToldApart() async throws {
        let server = try PostgresServer()
        let pool = try DatabasePool(url: server.url)
        _ = try await pool.transaction { try $0.run("CREATE TABLE t (a BIGINT PRIMARY KEY, b TEXT)") }
        let text = "it's \"ü\" \\ \u{1F680}\n"
        _ = try await pool.transaction { [text] in
            try $0.run("INSERT INTO t VALUES ($1, $2)", [.integer(1), .text(text)])
        }
        let rows = try await pool.transaction { try $0.run("SELECT b, NULL FROM t") }
        #expect(rows == [[.text(text), .null]])
        await #expect {
            _ = try await pool.transaction { try $0.run("INSERT INTO t VALUES (1, 'x')") }
        } throws: { error in
            if case DatabaseError.notUnique = error { true } else { false }
        }
        await #expect {
            _ = try await pool.transaction { try $0.run("SELEKT") }
        } throws: { error in
            if case DatabaseError.failed = error { true } else { false }
        }
        // A transaction that fails leaves nothing.
        await #expect(throws: DatabaseError.self) {
            _ = try await pool.transaction { transaction in
                try transaction.run("INSERT INTO t VALUES (2, 'x')")
                try transaction.run("INSERT INTO t VALUES (2, 'x')")
            }
        }
        let count = try await pool.transaction { try $0.run("SELECT count(*) FROM t") }
        #expect(count.first?.first?.integer == 1)
        await pool.shutdown()
        let wrong = try DatabasePool(url: "postgres://nobody@127.0.0.1:1/none", settings: .init(timeout: 2))
        await #expect {
            _ = try await wrong.transaction { try $0.run("SELECT 1") }
        } throws: { error in
            if case DatabaseError.unavailable = error { true } else { false }
        }
        await wrong.shutdown()
    }
}
