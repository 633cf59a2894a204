import NIOCore
import NIOPosix

/// The runtime's side of a stream: an HTTP connection on which both ends then speak something else.
enum StreamingBackend {
    /// What is to be spoken.
    enum Wanted: Sendable, Equatable {
        /// SPDY/3.1, with one of these protocols, in the client's order.
        case spdy([String])
        /// WebSocket, as the client asked for it.
        case webSocket(key: String, version: String, protocols: [String])

        /// What follows the line of the request.
        var head: String {
            switch self {
            case .spdy(let protocols):
                "Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
                    + protocols.map { "X-Stream-Protocol-Version: \($0)\r\n" }.joined()
                    + "Content-Length: 0\r\n\r\n"
            case .webSocket(let key, let version, let protocols):
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: \(key)\r\n"
                    + "Sec-WebSocket-Version: \(version)\r\n"
                    + (protocols.isEmpty
                        ? "" : "Sec-WebSocket-Protocol: \(protocols.joined(separator: ", "))\r\n")
                    + "\r\n"
            }
        }

        var method: String {
            switch self {
            case .spdy: "POST"
            case .webSocket: "GET"
            }
        }

        /// The header in which the server says which protocol it chose.
        var choice: String {
            switch self {
            case .spdy: "x-stream-protocol-version"
            case .webSocket: "sec-websocket-protocol"
            }
        }
    }

    enum Answer {
        /// The server agreed; the channel carries what was wanted from here on. `protocolVersion` is what it
        /// chose.
        case upgraded(Channel, protocolVersion: String?)
        /// It answered something else, in words.
        case refused(status: Int, words: String)
    }

    static let connectTimeout = TimeAmount.seconds(30)

    /// Connects and asks for the upgrade.
    /// - Parameters:
    ///   - url: as the runtime gave it, `http://ADDRESS:PORT/PATH`.
    ///   - ready: called on the loop, in the same turn as the answer was read: what follows it must find its
    ///     handlers there.
    static func connect(
        _ url: String, _ wanted: Wanted, on loop: EventLoop,
        ready: @escaping @Sendable (Result<Answer, any Error>) -> Void
    ) {
        guard let place = Place(url) else {
            return ready(.failure(NodeStreamFailure("the runtime gave no address: \(url)")))
        }
        let bootstrap = ClientBootstrap(group: loop).connectTimeout(connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        UpgradeRequest(place, wanted, ready: ready))
                }
            }
        bootstrap.connect(host: place.host, port: place.port).whenFailure { ready(.failure($0)) }
    }

    struct Place: Sendable, Equatable {
        var host: String
        var port: Int
        var path: String

        init?(_ url: String) {
            guard url.hasPrefix("http://") else { return nil }
            let rest = url.dropFirst(7)
            let slash = rest.firstIndex(of: "/") ?? rest.endIndex
            let authority = rest[..<slash]
            guard let colon = authority.lastIndex(of: ":"),
                let port = Int(authority[authority.index(after: colon)...])
            else { return nil }
            host = String(authority[..<colon]).replacing("[", with: "").replacing("]", with: "")
            self.port = port
            path = slash == rest.endIndex ? "/" : String(rest[slash...])
        }
    }
}

/// Asks for the upgrade, and reads the head of the answer.
private final class UpgradeRequest: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let place: StreamingBackend.Place
    private let wanted: StreamingBackend.Wanted
    private var ready: (@Sendable (Result<StreamingBackend.Answer, any Error>) -> Void)?
    private var received = ByteBuffer()
    private var head: (status: Int, headers: [String: String])?

    init(
        _ place: StreamingBackend.Place, _ wanted: StreamingBackend.Wanted,
        ready: @escaping @Sendable (Result<StreamingBackend.Answer, any Error>) -> Void
    ) {
        self.place = place
        self.wanted = wanted
        self.ready = ready
    }

    func channelActive(context: ChannelHandlerContext) {
        let host = "\(place.host):\(place.port)"
        let request = "\(wanted.method) \(place.path) HTTP/1.1\r\nHost: \(host)\r\n\(wanted.head)"
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.writeImmutableBuffer(unwrapInboundIn(data))
        if head == nil {
            guard let end = endOfHead() else {
                if received.readableBytes > 65_536 { context.close(promise: nil) }
                return
            }
            let text = received.readString(length: end) ?? ""
            received.moveReaderIndex(forwardBy: 4)
            head = Self.parse(text)
        }
        guard let head else { return context.close(promise: nil) }
        if head.status == 101 {
            finish(.upgraded(context.channel, protocolVersion: head.headers[wanted.choice]))
            if received.readableBytes > 0 {
                context.fireChannelRead(wrapInboundOut(received))
                context.fireChannelReadComplete()
            }
            context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        } else if received.readableBytes
            >= min(head.headers["content-length"].flatMap { Int($0) } ?? 65_536, 65_536)
        {
            refuse(context)
        }
    }

    private func endOfHead() -> Int? {
        let view = received.readableBytesView
        return view.firstRange(of: Array("\r\n\r\n".utf8)).map { $0.lowerBound - view.startIndex }
    }

    private static func parse(_ text: String) -> (status: Int, headers: [String: String])? {
        var lines = text.split(separator: "\r\n")[...]
        guard let first = lines.popFirst() else { return nil }
        let words = first.split(separator: " ")
        guard words.count > 1, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { return nil }
        var headers: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmed
        }
        return (status, headers)
    }

    private func refuse(_ context: ChannelHandlerContext) {
        let words = String(decoding: received.readableBytesView, as: UTF8.self)
        finish(.refused(status: head?.status ?? 500, words: words.trimmed))
        context.close(promise: nil)
    }

    private func finish(_ answer: StreamingBackend.Answer) {
        let ready = ready
        self.ready = nil
        ready?(.success(answer))
    }

    func channelInactive(context: ChannelHandlerContext) {
        if head != nil {
            refuse(context)
        } else {
            let ready = ready
            self.ready = nil
            ready?(.failure(NodeStreamFailure("the runtime ended the connection")))
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: Error) { context.close(promise: nil) }
}
