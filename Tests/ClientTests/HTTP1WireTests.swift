import Foundation
import Testing

/// HTTP/1.1 as clients should not speak it: refused as Go's server refuses it, and nobody else notices.
@Suite(.clients)
struct HTTP1WireTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var bytes: String
        /// The statuses of the answers, in order; 100 is an interim answer.
        var statuses: [Int]
        var closes: Bool

        init(_ name: String, _ bytes: String, _ statuses: Int..., closes: Bool = false) {
            (testDescription, self.bytes, self.statuses, self.closes) = (name, bytes, statuses, closes)
        }
    }

    private static let get = "GET /readyz HTTP/1.1\r\nHost: x\r\n"
    private static let post = "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: x\r\n"

    static let cases: [Case] = [
        Case("no host", "GET /readyz HTTP/1.1\r\n\r\n", 400, closes: true),
        Case("two hosts", get + "Host: y\r\n\r\n", 400, closes: true),
        Case("no host in HTTP/1.0", "GET /readyz HTTP/1.0\r\n\r\n", 200, closes: true),
        Case("no HTTP", "HELLO\r\n\r\n", 400, closes: true),
        Case("binary", "\u{0}\u{1}\u{2}\u{3}\r\n\r\n", 400, closes: true),
        Case("an unknown version", "GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400, closes: true),
        Case("HTTP/2 without ALPN", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, closes: true),
        Case("a header without a colon", get + "Nonsense\r\n\r\n", 400, closes: true),
        Case("a space before the colon", get + "Name : v\r\n\r\n", 400, closes: true),
        Case(
            "a header of two megabytes", get + "X: " + String(repeating: "a", count: 2 << 20), 431,
            closes: true),
        Case(
            "twenty thousand headers", get + String(repeating: "X: y\r\n", count: 20_000) + "\r\n", 431,
            closes: true),
        Case(
            "a chunk size that is none", post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400, closes: true),
        Case(
            "a chunk size that overflows",
            post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", 400, closes: true),
        Case(
            "length and chunks", post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
            closes: true),
        Case("a negative length", post + "Content-Length: -1\r\n\r\n", 400, closes: true),
        Case("two lengths", post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}", 400, closes: true),
        Case("a length beyond the limit", post + "Content-Length: 99999999999\r\n\r\n{", 413, closes: true),
        Case(
            "a length beyond the limit, asked for first",
            post + "Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n", 413, closes: true),
        Case(
            "chunks beyond the limit",
            post + "Transfer-Encoding: chunked\r\n\r\n400000\r\n" + String(repeating: " ", count: 4 << 20),
            413,
            closes: true),
        Case(
            "100-continue", post + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}", 100, 422),
        Case(
            "another expectation", post + "Expect: wonders\r\nContent-Length: 2\r\n\r\n{}", 417, closes: true),
        Case("an absolute target", "GET https://x/readyz HTTP/1.1\r\nHost: x\r\n\r\n", 200),
        Case("CONNECT", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 405, closes: true),
        Case(
            "ten requests at once", String(repeating: get + "\r\n", count: 10), 200, 200, 200, 200, 200, 200,
            200,
            200, 200, 200),
        Case(
            "a request after a refused one", "GET /none HTTP/1.1\r\nHost: x\r\n\r\n" + get + "\r\n", 404, 200),
        Case(
            "an upgrade to nothing known", get + "Connection: Upgrade\r\nUpgrade: chess\r\n\r\n", 200,
            closes: true),
        Case("close", get + "Connection: close\r\n\r\n", 200, closes: true),
    ]

    @Test func refusesAsGoDoes() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let target = try Wire.Target(cluster)
        await withTaskGroup(of: Void.self) { group in
            for item in Self.cases {
                group.addTask {
                    do { try await Self.check(item, target) } catch {
                        Issue.record("\(item.testDescription): \(error)")
                    }
                }
            }
        }
        try await expectWell(cluster)
    }

    private static func check(_ item: Case, _ target: Wire.Target) async throws {
        let wire = try await Wire.connect(target)
        // An answer may come before everything is sent.
        wire.post(Array(item.bytes.utf8))
        for status in item.statuses {
            if status == 100 {
                let interim = await wire.take(through: "\r\n\r\n")
                #expect(interim == "HTTP/1.1 100 Continue\r\n\r\n", "\(item.testDescription)")
                continue
            }
            let answer = await wire.answer()
            #expect(answer?.status == status, "\(item.testDescription): \(answer?.text ?? "no answer")")
            if item.closes, status == item.statuses.last {
                #expect(answer?.header("connection") == "close", "\(item.testDescription)")
            }
        }
        if item.closes {
            await wire.drain()
            #expect(wire.buffer.isEmpty, "\(item.testDescription): more than one answer")
        }
    }

    @Test func clientsThatLeaveInTheMiddleHarmNobody() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        for text in [
            "", "GE", "GET /readyz HTTP/1.1\r\nHo", Self.post + "Content-Length: 100\r\n\r\n{\"kind\":",
            Self.post + "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
            Self.post + "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",
            "GET /api/v1/configmaps?watch=1 HTTP/1.1\r\nHost: x\r\n\r\n",
        ] {
            for _ in 0..<20 {
                let wire = try await Wire.connect(cluster)
                await wire.send(text)
                await wire.close()
            }
        }
        try await expectWell(cluster)
    }

    @Test func aClientThatClosesItsHalfStillGetsItsAnswer() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let wire = try await Wire.connect(cluster)
        await wire.send(Self.get + "Connection: close\r\n\r\n")
        await wire.closeOutput()
        #expect(await wire.answer()?.status == 200)
        try await expectWell(cluster)
    }

    /// The server runs and answers a new client.
    private func expectWell(_ cluster: Cluster) async throws {
        #expect(cluster.isRunning)
        let wire = try await Wire.connect(cluster)
        #expect(await wire.request("GET", "/readyz")?.status == 200)
        #expect(await wire.request("GET", "/api/v1/namespaces/default")?.status == 200)
    }
}
