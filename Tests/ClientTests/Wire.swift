import Foundation
import KubeAPI
import KubeJSON
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A TLS connection whose bytes a test writes and reads itself.
///
/// Nothing waits for ever: `patience` after the last request the connection is closed, which the reader sees as
/// its end.
final class Wire {
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private static let patience = TimeAmount.minutes(1)

    /// A server, and who connects: what one thread may hand to others.
    struct Target: Sendable {
        var port: Int
        var certificate: String
        var key: String

        init(_ cluster: Cluster) throws {
            port = cluster.port
            (certificate, key) = try cluster.credentials()
        }
    }

    let channel: Channel
    private let patience: TimeAmount
    private var end: Scheduled<Void>
    private let patienceEnded: Flag
    private var incoming: AsyncStream<[UInt8]>.Iterator
    /// What was received and not taken yet.
    private(set) var buffer: [UInt8] = []
    private(set) var isEnded = false
    /// Whether it was the test that closed the connection, because nothing came of it for too long.
    var gaveUp: Bool { patienceEnded.isSet.load(ordering: .acquiring) }

    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }

    /// - Parameters:
    ///   - protocols: what ALPN offers.
    ///   - reads: false for a client that never reads what it is sent.
    static func connect(
        _ cluster: Cluster, protocols: [String] = ["http/1.1"], reads: Bool = true,
        patience: TimeAmount = Wire.patience
    ) async throws -> Wire {
        try await connect(Target(cluster), protocols: protocols, reads: reads, patience: patience)
    }

    static func connect(
        _ target: Target, protocols: [String] = ["http/1.1"], reads: Bool = true,
        patience: TimeAmount = Wire.patience
    ) async throws -> Wire {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        tls.certificateChain = try NIOSSLCertificate.fromPEMFile(target.certificate).map { .certificate($0) }
        tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: target.key, format: .pem))
        tls.applicationProtocols = protocols
        let context = try NIOSSLContext(configuration: tls)
        let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let channel = try await ClientBootstrap(group: group)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.autoRead, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: nil))
                    try channel.pipeline.syncOperations.addHandler(Receiver(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: target.port).get()
        // A first, empty write ends when the handshake has: only then may reading stop.
        if !reads {
            try await channel.writeAndFlush(ByteBuffer()).get()
            try await channel.setOption(.autoRead, value: false).get()
        }
        return Wire(channel, patience, stream.makeAsyncIterator())
    }

    private init(_ channel: Channel, _ patience: TimeAmount, _ incoming: AsyncStream<[UInt8]>.Iterator) {
        self.channel = channel
        self.patience = patience
        self.incoming = incoming
        patienceEnded = Flag()
        end = Self.end(channel, in: patience, patienceEnded)
    }

    private static func end(_ channel: Channel, in patience: TimeAmount, _ flag: Flag) -> Scheduled<Void> {
        channel.eventLoop.scheduleTask(in: patience) {
            flag.isSet.store(true, ordering: .releasing)
            channel.close(promise: nil)
        }
    }

    deinit { channel.close(promise: nil) }

    /// Sends; a connection that the server has closed already is no error of the test.
    func send(_ bytes: [UInt8]) async {
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    func send(_ text: String) async { await send(Array(text.utf8)) }

    /// Hands over without waiting for the peer to take it.
    func post(_ bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    /// Ends the sending half (TLS close_notify and FIN).
    func closeOutput() async { try? await channel.close(mode: .output).get() }

    /// Leaves at once, without TLS's farewell.
    func close() async {
        let channel = channel
        try? await channel.eventLoop.flatSubmit {
            let promise = channel.eventLoop.makePromise(of: Void.self)
            do {
                let context = try channel.pipeline.syncOperations.context(
                    handlerType: NIOSSLClientHandler.self)
                context.close(promise: promise)
            } catch {
                promise.fail(error)
            }
            return promise.futureResult
        }.get()
    }

    /// Takes `count` bytes; nil when the connection ended before them.
    func take(_ count: Int) async -> [UInt8]? {
        while buffer.count < count { if !(await more()) { return nil } }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    /// Takes what comes before `mark` and the mark; nil when the connection ended before it.
    func take(through mark: String) async -> String? {
        let mark = Array(mark.utf8)
        while true {
            if let found = buffer.firstRange(of: mark) {
                let text = String(decoding: buffer[..<found.upperBound], as: UTF8.self)
                buffer.removeFirst(found.upperBound)
                return text
            }
            if !(await more()) { return nil }
        }
    }

    /// Reads until the peer closes; what is left is in `buffer`.
    func drain() async { while await more() {} }

    private func more() async -> Bool {
        guard let next = await incoming.next() else {
            isEnded = true
            return false
        }
        buffer += next
        return true
    }

    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let sink: AsyncStream<[UInt8]>.Continuation

        init(_ sink: AsyncStream<[UInt8]>.Continuation) { self.sink = sink }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            sink.yield(Array(unwrapInboundIn(data).readableBytesView))
        }
        func channelInactive(context: ChannelHandlerContext) { sink.finish() }
        func handlerRemoved(context: ChannelHandlerContext) { sink.finish() }
        func errorCaught(context: ChannelHandlerContext, error: Error) {
            sink.finish()
            context.close(promise: nil)
        }
        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed = event { sink.finish() }
        }
    }
}

/// An HTTP/1.1 answer.
struct WireAnswer {
    var status = 0
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object.
    var object: [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]
    }

    /// What is wrong with this answer to a bad request: it must be a Status that says what the HTTP status
    /// says, or the plain page that upstream has for paths that nothing serves.
    var flaw: String? {
        if (200..<400).contains(status) { return nil }
        if header("content-type")?.hasPrefix("text/plain") == true {
            return status == 404 && text == "404 page not found\n" ? nil : "plain text: \(text)"
        }
        guard let value else { return "not what its type says: \(text.prefix(200))" }
        guard value["kind"] == "Status", value["apiVersion"] == "v1", value["status"] == "Failure" else {
            return "no Status: \(text.prefix(200))"
        }
        guard value["code"]?.int == status else {
            return "its code is not \(status): \(text.prefix(200))"
        }
        guard value["message"]?.string != nil else { return "no message: \(text.prefix(200))" }
        return nil
    }

    /// The Status in the body, in the form that the answer says it has.
    private var value: JSON? {
        switch header("content-type") {
        case "application/json": try? JSONParser.parse(body)
        case "application/yaml": try? YAML.parse(body).first?.value
        case "application/vnd.kubernetes.protobuf":
            try? ProtobufDecoder.decode(body) {
                $0.kind == "Status" ? "io.k8s.apimachinery.pkg.apis.meta.v1.Status" : nil
            }
        default: nil
        }
    }
}

extension Wire {
    /// Sends one HTTP/1.1 request and reads its answer; nil when the connection ended instead.
    func request(
        _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async -> WireAnswer? {
        // A connection may live for thousands of requests; it is each of them that must not take too long.
        end.cancel()
        end = Self.end(channel, in: patience, patienceEnded)
        var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        await send(Array((head + "\r\n").utf8) + (body ?? []))
        return await answer(hasBody: method != "HEAD")
    }

    /// Reads one HTTP/1.1 answer; interim answers are passed over.
    func answer(hasBody: Bool = true) async -> WireAnswer? {
        guard let head = await take(through: "\r\n\r\n") else { return nil }
        let lines = head.components(separatedBy: "\r\n")
        var answer = WireAnswer()
        answer.status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            answer.headers.append(
                (
                    line[..<colon].lowercased(),
                    line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                ))
        }
        if answer.status == 100 { return await self.answer(hasBody: hasBody) }
        guard hasBody else { return answer }
        if let length = answer.header("content-length").flatMap({ Int($0) }) {
            guard let body = await take(length) else { return nil }
            answer.body = body
        } else if answer.header("transfer-encoding") == "chunked" {
            while true {
                guard let line = await take(through: "\r\n"),
                    let size = Int(line.dropLast(2), radix: 16), let chunk = await take(size + 2)
                else { return nil }
                if size == 0 { break }
                answer.body += chunk.dropLast(2)
            }
        }
        return answer
    }
}

extension Cluster {
    /// The server's resident memory in bytes.
    var residentBytes: Int {
        let text = (try? String(contentsOfFile: "/proc/\(processIdentifier)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return
            (line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }
            ?? 0) << 10
    }
}

/// A small generator with a seed (xorshift), so that a failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
