import Foundation
import Logging
import NIOConcurrencyHelpers
import TestServers
import Testing

@testable import AegisAPI

/// The link to a real Redis, and what is left without it.
@Suite(.enabled("Redis is not installed: run scripts/bootstrap") { RedisServer.isInstalled })
struct RedisTests {
    private func wait(_ what: String, _ isThere: () async -> Bool) async throws {
        let end = Date().addingTimeInterval(15)
        while !(await isThere()) {
            if Date() > end { throw ServerFailure(description: "not in time: \(what)") }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    @Test func carriesEventsSignsOfLifeAndACache() async throws {
        let server = try RedisServer()
        let address = try #require(RedisAddress(server.url))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let (one, two) = (
            RedisLink(address, scope: "a", logger: logger), RedisLink(address, scope: "a", logger: logger)
        )
        let other = RedisLink(address, scope: "b", logger: logger)
        let received = NIOLockedValueBox<[String]>([])
        let stray = NIOLockedValueBox<[String]>([])
        let tasks = [
            Task { await one.run { _ in } },
            Task { await two.run { message in received.withLockedValue { $0.append(message) } } },
            Task { await other.run { message in stray.withLockedValue { $0.append(message) } } },
        ]
        try await wait("all connected") { one.isUp && two.isUp && other.isUp }
        try await wait("a message") {
            await one.publish("hello\r\n\u{1F680}")
            return !received.withLockedValue { $0 }.isEmpty
        }
        #expect(received.withLockedValue { $0.first } == "hello\r\n\u{1F680}")
        #expect(stray.withLockedValue { $0 }.isEmpty, "another installation's events")
        await one.beat("r1", milliseconds: 60_000)
        #expect(await two.silent(among: ["r1", "r2"]) == ["r2"])
        #expect(await other.silent(among: ["r1"]) == ["r1"])
        await one.leave("r1")
        #expect(await two.silent(among: ["r1"]) == ["r1"])
        await one.cache("k", "v", milliseconds: 200)
        #expect(await two.cached("k") == "v")
        try await wait("the end of what is cached") { await two.cached("k") == nil }

        // Its loss is noticed and changes nothing but that there is nothing.
        server.stop()
        try await wait("the loss") { !one.isUp }
        await one.publish("lost")
        #expect(await two.silent(among: ["r1"]) == nil)
        #expect(await two.cached("k") == nil)
        try server.start()
        try await wait("the way back") { one.isUp && two.isUp }
        let before = received.withLockedValue { $0.count }
        try await wait("a message after it came back") {
            await one.publish("again")
            return received.withLockedValue { $0.count } > before
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        #expect(!one.isUp)
    }
}
