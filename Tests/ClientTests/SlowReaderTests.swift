import Foundation
import NIOCore
import Synchronization
import Testing

/// Clients that ask for much and read nothing: they are cut off, the server stays small, and others do not
/// notice.
@Suite(.clients, .serialized)
struct SlowReaderTests {
    private static let objects = 20
    private static let objectBytes = 1_000_000
    private static let base = "/api/v1/namespaces/default/configmaps"
    private static let json = ("Content-Type", "application/json")

    /// A server with a list of twenty megabytes.
    private func cluster(_ timeout: String) async throws -> Cluster {
        let cluster = try await Cluster.start(["--request-timeout", timeout, "--controllers", "none"])
        let wire = try await Wire.connect(cluster)
        for number in 0..<Self.objects {
            let answer = await wire.request(
                "POST", Self.base, headers: [Self.json], body: Self.object("large-\(number)", "a"))
            try #require(answer?.status == 201)
        }
        return cluster
    }

    private static func object(_ name: String, _ letter: String) -> [UInt8] {
        let data = String(repeating: letter, count: objectBytes)
        return Array(
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"\#(name)"},"data":{"a":"\#(data)"}}"#
                .utf8)
    }

    /// SETTINGS and a WINDOW_UPDATE with which the server may send as much as it likes.
    private static let wideWindows: [UInt8] = [0, 4] + HTTP2Wire.bytes(0x7FFF_FFFF)
    private static let wideConnection = HTTP2Wire.frame(
        HTTP2Wire.Kind.windowUpdate, payload: HTTP2Wire.bytes(0x7FFF_0000 - 65_535))

    @Test(arguments: ["http/1.1", "h2"])
    func aListThatNobodyReadsIsCutOff(_ protocolName: String) async throws {
        let cluster = try await cluster("5s")
        defer { cluster.stop() }
        var wires: [Wire] = []
        for _ in 0..<6 {
            if protocolName == "h2" {
                let connection = try await HTTP2Wire.connect(
                    cluster, reads: false, settings: Self.wideWindows)
                connection.wire.post(Self.wideConnection + (try connection.request(Self.base, stream: 1)))
                wires.append(connection.wire)
            } else {
                let wire = try await Wire.connect(cluster, reads: false)
                wire.post(Array("GET \(Self.base) HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
                wires.append(wire)
            }
        }
        let served = try await serveOthers(cluster, until: wires)
        // Who waits for a slow client is answered when that one is cut off, and not before.
        #expect(served > 2, "others were answered \(served) times while the slow ones held on")
        for wire in wires {
            #expect(!wire.gaveUp, "cut off by the server, not by the test")
            await wire.drain()
            #expect(wire.buffer.count < Self.objects * Self.objectBytes, "the answer was never read")
        }
    }

    @Test func aStreamWithoutAWindowIsResetAndItsConnectionGoesOn() async throws {
        let cluster = try await cluster("2s")
        defer { cluster.stop() }
        let connection = try await HTTP2Wire.connect(cluster)
        connection.wire.post(try connection.request(Self.base, stream: 1))
        #expect(try await connection.end(of: 1) == .answered(200))
        #expect(try await connection.end(of: 1) == .reset(2))
        // The stream took the connection's window; an answer without a body needs none.
        connection.wire.post(
            HTTP2Wire.frame(HTTP2Wire.Kind.windowUpdate, payload: HTTP2Wire.bytes(1 << 20)))
        connection.wire.post(try connection.request("/readyz", stream: 3))
        #expect(try await connection.end(of: 3) == .answered(200))
    }

    /// Forty times twenty megabytes asked for on one connection: the server makes few of them.
    @Test func answersThatNobodyTakesAreNotMade() async throws {
        let cluster = try await cluster("1m")
        defer { cluster.stop() }
        let before = cluster.residentBytes
        let connection = try await HTTP2Wire.connect(cluster)
        var bytes: [UInt8] = []
        for number in 0..<40 { bytes += try connection.request(Self.base, stream: UInt32(number * 2 + 1)) }
        connection.wire.post(bytes)
        // The requests are served in order: by the answer to the last of these, all have been seen.
        var answered = 0
        let ping = HTTP2Wire.frame(HTTP2Wire.Kind.ping, payload: [1, 2, 3, 4, 5, 6, 7, 8])
        connection.wire.post(ping)
        while let frame = try await connection.next() {
            if frame.type == HTTP2Wire.Kind.headers { answered += 1 }
            if frame.type == HTTP2Wire.Kind.ping { break }
        }
        #expect((1...10).contains(answered), "\(answered) answers of twenty megabytes")
        let grown = cluster.residentBytes - before
        #expect(grown < 400 << 20, "the server grew by \(grown >> 20) MiB")
        // Whoever gives up its streams gets room for the next.
        for number in 0..<40 {
            connection.wire.post(
                HTTP2Wire.frame(
                    HTTP2Wire.Kind.reset, stream: UInt32(number * 2 + 1), payload: HTTP2Wire.bytes(8)))
        }
        connection.wire.post(try connection.request("/readyz", stream: 101))
        #expect(try await connection.end(of: 101) == .answered(200))
    }

    /// A watch that is not read from is cut off when the time is up, and when it is too far behind before.
    @Test(arguments: [("http/1.1", "3s", 25), ("h2", "3s", 25), ("http/1.1", "10m", 90), ("h2", "10m", 90)])
    func aWatchThatNobodyReadsIsCutOff(_ protocolName: String, _ timeout: String, _ writes: Int) async throws
    {
        let cluster = try await cluster(timeout)
        defer { cluster.stop() }
        let target = Self.base + "?watch=1&resourceVersion="
        let writer = try await Wire.connect(cluster, patience: .minutes(2))
        let list = await writer.request("GET", Self.base + "?limit=1")
        let revision = try #require(
            (list?.object?["metadata"] as? [String: Any])?["resourceVersion"] as? String)
        let slow: Wire
        if protocolName == "h2" {
            let connection = try await HTTP2Wire.connect(
                cluster, reads: false, settings: Self.wideWindows, patience: .minutes(2))
            connection.wire.post(
                Self.wideConnection + (try connection.request(target + revision, stream: 1)))
            slow = connection.wire
        } else {
            slow = try await Wire.connect(cluster, reads: false, patience: .minutes(2))
            slow.post(Array("GET \(target)\(revision) HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
        }
        let before = cluster.residentBytes
        for number in 0..<writes {
            let answer = await writer.request(
                "PUT", Self.base + "/large-0", headers: [Self.json],
                body: Self.object("large-0", number % 2 == 0 ? "b" : "c"))
            try #require(answer?.status == 200)
        }
        _ = try await serveOthers(cluster, until: [slow])
        #expect(!slow.gaveUp, "cut off by the server, not by the test")
        // What was written is in the store's history too.
        let grown = cluster.residentBytes - before
        #expect(grown < (writes + 256) << 20, "the server grew by \(grown >> 20) MiB")
    }

    /// Asks for something small, again and again, until the slow clients have been cut off.
    /// - Returns: how often it was answered while all of them held on.
    private func serveOthers(_ cluster: Cluster, until slow: [Wire]) async throws -> Int {
        let open = Counter(slow.count)
        for wire in slow { wire.channel.closeFuture.whenComplete { _ in open.decrease() } }
        let wire = try await Wire.connect(cluster, patience: .minutes(2))
        var served = 0
        repeat {
            let answer = await wire.request("GET", "/api/v1/namespaces/default")
            try #require(answer?.status == 200)
            if open.value == slow.count { served += 1 }
        } while open.value > 0
        #expect(cluster.isRunning)
        return served
    }

    private final class Counter: Sendable {
        private let count: Atomic<Int>
        init(_ count: Int) { self.count = Atomic(count) }
        var value: Int { count.load(ordering: .relaxed) }
        func decrease() { count.subtract(1, ordering: .relaxed) }
    }
}
