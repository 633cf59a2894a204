import Foundation
import Testing

/// HTTP/2 as attackers speak it: the connection ends with the code of RFC 9113, the server stays well and
/// small, and others go on.
@Suite(.clients)
struct HTTP2WireTests {
    private typealias Kind = HTTP2Wire.Kind

    private enum Code {
        static let protocolError: UInt32 = 1
        static let flowControl: UInt32 = 3
        static let frameSize: UInt32 = 6
        static let compression: UInt32 = 9
        static let calm: UInt32 = 11
    }

    @Test func brokenFramesEndTheConnection() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let frame = HTTP2Wire.frame
        let cases: [(String, [UInt8], Set<UInt32>)] = [
            (
                "a frame beyond the size that was agreed", frame(Kind.headers, 5, 1, [], 1 << 20),
                [Code.frameSize]
            ),
            ("DATA on stream 0", frame(Kind.data, 1, 0, [1], nil), [Code.protocolError]),
            ("HEADERS on an even stream", frame(Kind.headers, 5, 2, [0x82], nil), [Code.protocolError]),
            ("DATA on an idle stream", frame(Kind.data, 1, 7, [1], nil), [Code.protocolError]),
            ("SETTINGS of five bytes", frame(Kind.settings, 0, 0, [0, 0, 0, 0, 0], nil), [Code.frameSize]),
            ("SETTINGS on a stream", frame(Kind.settings, 0, 1, [], nil), [Code.protocolError]),
            (
                "an initial window beyond 2^31-1",
                frame(Kind.settings, 0, 0, [0, 4] + HTTP2Wire.bytes(.max), nil), [Code.flowControl]
            ),
            ("PING of seven bytes", frame(Kind.ping, 0, 0, [0, 0, 0, 0, 0, 0, 0], nil), [Code.frameSize]),
            (
                "a window that overflows",
                frame(Kind.windowUpdate, 0, 0, HTTP2Wire.bytes(0x7FFF_FFFF), nil), [Code.flowControl]
            ),
            (
                "a window update of 0", frame(Kind.windowUpdate, 0, 0, HTTP2Wire.bytes(0), nil),
                [Code.protocolError]
            ),
            ("CONTINUATION of nothing", frame(Kind.continuation, 4, 1, [0x82], nil), [Code.protocolError]),
            (
                "a block that is interrupted",
                frame(Kind.headers, 0, 1, [0x82], nil)
                    + frame(Kind.ping, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0], nil),
                [Code.protocolError]
            ),
            (
                "an index beyond HPACK's table", frame(Kind.headers, 5, 1, [0xFF, 0xFF, 0x7F], nil),
                [Code.compression]
            ),
            ("PUSH_PROMISE of a client", frame(5, 4, 1, [0, 0, 0, 2, 0x82], nil), [Code.protocolError]),
        ]
        for (name, bytes, codes) in cases {
            let connection = try await HTTP2Wire.connect(cluster)
            connection.wire.post(bytes)
            let end = try await connection.end(of: 0x7FFF_FFFF)
            switch end {
            case .goAway(let code): #expect(codes.contains(code), "\(name): GOAWAY \(code)")
            case .closed: break
            default: Issue.record("\(name): \(end)")
            }
            await connection.wire.drain()
        }
        // A preface that is none.
        let wire = try await Wire.connect(cluster, protocols: ["h2"])
        await wire.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await wire.drain()
        try await expectWell(cluster)
    }

    @Test func badRequestsAreRefusedOnTheirStream() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let connection = try await HTTP2Wire.connect(cluster)
        connection.wire.post(try connection.request("/none", stream: 1))
        #expect(try await connection.end(of: 1) == .answered(404))
        connection.wire.post(try connection.request("/readyz", stream: 3))
        #expect(try await connection.end(of: 3) == .answered(200))
        // A body beyond the limit is refused before it has ended.
        connection.wire.post(
            try connection.request(
                "/api/v1/namespaces/default/configmaps", stream: 5, method: "POST",
                [("content-type", "application/json")], ends: false))
        let chunk = HTTP2Wire.frame(
            Kind.data, stream: 5, payload: [UInt8](repeating: 0x20, count: 16 << 10))
        // The window that the server announces is a megabyte: what is beyond is sent as it is opened.
        for _ in 0..<64 { connection.wire.post(chunk) }
        var opened = 0
        var refused: HTTP2Wire.End?
        while refused == nil, let frame = try await connection.next() {
            if frame.type == Kind.windowUpdate, frame.stream == 5 {
                opened += Int(frame.payload.reduce(0) { $0 << 8 | UInt32($1) })
                while opened >= 16 << 10 {
                    opened -= 16 << 10
                    connection.wire.post(chunk)
                }
            } else if frame.stream == 5, frame.type == Kind.headers {
                refused = .answered(413)
            } else if frame.stream == 5, frame.type == Kind.reset {
                refused = .reset(0)
            }
        }
        #expect(refused == .answered(413))
        try await expectWell(cluster)
    }

    @Test func headersBeyondTheLimitAreRefused() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let connection = try await HTTP2Wire.connect(cluster)
        // Two megabytes of headers, in a block over many frames.
        var block = try connection.block("GET", "/readyz")
        for number in 0..<40 {
            block +=
                [0, 5] + Array("x-\(100 + number)".utf8) + [0x7F, 0x81, 0x8F, 0x03]
                + [UInt8](repeating: 0x61, count: 51_328)
        }
        var bytes = HTTP2Wire.frame(Kind.headers, flags: 1, stream: 1, payload: Array(block.prefix(16_000)))
        for start in stride(from: 16_000, to: block.count, by: 16_000) {
            let end = min(start + 16_000, block.count)
            bytes += HTTP2Wire.frame(
                Kind.continuation, flags: end == block.count ? 4 : 0, stream: 1,
                payload: Array(block[start..<end]))
        }
        connection.wire.post(bytes)
        let end = try await connection.end(of: 1)
        #expect(end != .answered(200), "\(end)")
        try await expectWell(cluster)
    }

    /// Floods that cost the attacker little: each must end, or be borne, without the server growing.
    @Test(arguments: ["rapid reset", "CONTINUATION", "SETTINGS", "PING", "empty DATA", "window updates"])
    func floodsAreBorne(_ name: String) async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        try await expectWell(cluster)
        let before = cluster.residentBytes
        let connection = try await HTTP2Wire.connect(cluster, reads: name != "PING")
        let frame = HTTP2Wire.frame
        var bytes: [UInt8] = []
        let rounds = 50_000
        switch name {
        case "rapid reset":
            for number in 0..<rounds {
                let stream = UInt32(number * 2 + 1)
                bytes += try connection.request("/api/v1/configmaps", stream: stream)
                bytes += frame(Kind.reset, 0, stream, HTTP2Wire.bytes(8), nil)
            }
        case "CONTINUATION":
            bytes += frame(Kind.headers, 1, 1, try connection.block("GET", "/"), nil)
            for _ in 0..<rounds { bytes += frame(Kind.continuation, 0, 1, [], nil) }
        case "SETTINGS": for _ in 0..<rounds { bytes += frame(Kind.settings, 0, 0, [], nil) }
        case "PING": for _ in 0..<rounds { bytes += frame(Kind.ping, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0], nil) }
        case "empty DATA":
            bytes += try connection.request(
                "/api/v1/namespaces/default/configmaps", stream: 1, method: "POST", ends: false)
            for _ in 0..<rounds { bytes += frame(Kind.data, 0, 1, [], nil) }
        default:
            bytes += try connection.request("/api/v1/configmaps?watch=1", stream: 1)
            for _ in 0..<rounds { bytes += frame(Kind.windowUpdate, 0, 1, HTTP2Wire.bytes(1), nil) }
        }
        connection.wire.post(bytes)
        // While the flood is on, others are served.
        try await expectWell(cluster)
        #expect(
            cluster.residentBytes - before < 64 << 20,
            "\(name): \((cluster.residentBytes - before) >> 20) MiB")
        await connection.wire.close()
        try await expectWell(cluster)
    }

    private func expectWell(_ cluster: Cluster) async throws {
        #expect(cluster.isRunning)
        let connection = try await HTTP2Wire.connect(cluster)
        connection.wire.post(try connection.request("/api/v1/namespaces/default", stream: 1))
        #expect(try await connection.end(of: 1) == .answered(200))
    }
}
