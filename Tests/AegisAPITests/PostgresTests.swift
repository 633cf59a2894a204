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
        #expect(Date().timeIntervalSince(begin) < 15)
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

    /// Wherever between its statements another request with the same key is done, it is told of what that one made.
    @Test(arguments: 1...4) func aRepetitionIsNeverBusy(statement: Int) async throws {
        let server = try PostgresServer()
        let pool = try DatabasePool(url: server.url)
        try await ReleaseStore(pool).migrate()
        let url = server.url
        let interrupted = DatabasePool(.postgres, .init(connections: 1)) { () throws(DatabaseError) in
            InterruptedConnection(
                try PostgresConnection(url: url, timeout: 5), before: statement
            ) {
                let other = try PostgresConnection(url: url, timeout: 5)
                let transaction = Transaction(connection: other, dialect: .postgres, timeout: 5)
                try transaction.run("BEGIN")
                _ = try ReleaseStore.create(
                    transaction, ReleaseStoreRules.release("first"), key: "same", digest: "d", owner: "b",
                    lease: 60_000,
                    step: ReleaseStep(.created, state: .pending, at: 5, replica: "b", message: "asked"),
                    audit: ReleaseStoreRules.audit("first"))
                try transaction.run("COMMIT")
                other.close()
            }
        }
        let answer = try await ReleaseStoreRules.create(ReleaseStore(interrupted), "second", key: "same")
        guard case .repeated(let release) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(release.id == "first")
        await interrupted.shutdown()
        await pool.shutdown()
    }
}

/// A connection between whose statements something else happens, once.
private final class InterruptedConnection: DatabaseConnection {
    private let connection: PostgresConnection
    private var remaining: Int
    private let interruption: () throws -> Void

    init(_ connection: PostgresConnection, before statement: Int, _ interruption: @escaping () throws -> Void)
    {
        self.connection = connection
        remaining = statement
        self.interruption = interruption
    }

    var isUsable: Bool { connection.isUsable }

    func run(_ sql: String, _ parameters: [SQLValue], timeout: Double) throws(DatabaseError) -> [[SQLValue]] {
        remaining -= 1
        if remaining == 0 {
            do { try interruption() } catch { throw .failed("the interruption: \(error)") }
        }
        return try connection.run(sql, parameters, timeout: timeout)
    }

    func close() { connection.close() }
}
