import KubeAPI
import KubeJSON
import NIOCore
import NIOWebSocket

/// A client that asked for an upgrade, from then until bytes flow both ways. Confined to the exchange's loop:
/// that is what makes the unchecked conformance sound.
final class StreamSession: @unchecked Sendable {
    let exchange: HTTPExchange
    let isWebSocket: Bool
    /// What a WebSocket client speaks, of what it offered.
    private var subprotocol = ""
    private var channels = ChannelProtocol.v5
    private var isLogText = false

    /// How a log is carried (k8s.io/apiserver wsstream's reader).
    private enum LogProtocol: String {
        case binary = "binary.k8s.io"
        case base64 = "base64.binary.k8s.io"
    }

    static let tunnelProtocol = "SPDY/3.1+portforward.k8s.io"

    init(_ exchange: HTTPExchange) throws(APIStatus) {
        self.exchange = exchange
        switch exchange.upgradeProtocol {
        case "websocket": isWebSocket = true
        case "spdy/3.1": isWebSocket = false
        default: throw .badRequest("Upgrade request required")
        }
        if isWebSocket, exchange.headers.first("sec-websocket-key") == nil {
            throw .badRequest("the request has no Sec-WebSocket-Key")
        }
    }

    /// What a WebSocket client would speak. A token among it is no protocol, and goes no further.
    private var offered: [String] {
        exchange.headers.all("sec-websocket-protocol").flatMap { $0.split(separator: ",").map(\.trimmed) }
            .filter { !$0.hasPrefix(WebSocketToken.prefix) }
    }

    func chooseChannels() throws(APIStatus) {
        // Who offers nothing speaks as clients did first.
        if offered.isEmpty { return channels = .v1 }
        for name in offered {
            guard let found = ChannelProtocol(rawValue: name) else { continue }
            channels = found
            subprotocol = name
            return
        }
        throw .badRequest("unable to upgrade: none of the protocols \(offered) is spoken here")
    }

    /// For a log, which is one stream.
    func chooseBytes() throws(APIStatus) {
        if offered.isEmpty { return }
        for name in offered {
            guard let found = LogProtocol(rawValue: name) else { continue }
            isLogText = found == .base64
            subprotocol = name
            return
        }
        throw .badRequest("unable to upgrade: none of the protocols \(offered) is spoken here")
    }

    /// Whether ports are forwarded by SPDY in messages. They are by channels where the client does not offer
    /// that: a pair of channels for each port that the request names.
    func choosesTunnel() -> Bool {
        guard offered.contains(Self.tunnelProtocol) else { return false }
        subprotocol = Self.tunnelProtocol
        return true
    }

    // MARK: Four ways

    /// SPDY from end to end: bytes pass as they are.
    func pass(_ url: String) {
        let offered = exchange.headers.all("x-stream-protocol-version")
        connect(url, .spdy(offered)) { [self] server, chosen in
            var headers = [("Connection", "Upgrade"), ("Upgrade", "SPDY/3.1")]
            if let chosen { headers.append(("X-Stream-Protocol-Version", chosen)) }
            let (near, far) = RelayHandler.pair()
            try exchange.upgrade(headers) { client in
                try client.pipeline.syncOperations.addHandler(near)
                try server.pipeline.syncOperations.addHandler(far)
            }
        }
    }

    /// A WebSocket from end to end: the runtime's server speaks the oldest protocols itself, as a kubelet does.
    func passWebSocket(_ url: String) {
        let wanted = StreamingBackend.Wanted.webSocket(
            key: exchange.headers.first("sec-websocket-key") ?? "",
            version: exchange.headers.first("sec-websocket-version") ?? "", protocols: offered)
        connect(url, wanted) { [self] server, chosen in
            subprotocol = chosen ?? ""
            let (near, far) = RelayHandler.pair()
            try exchange.upgrade(webSocketHeaders) { client in
                try client.pipeline.syncOperations.addHandler(near)
                try server.pipeline.syncOperations.addHandler(far)
            }
        }
    }

    /// SPDY in the messages of a WebSocket.
    func tunnel(_ url: String) {
        connect(url, .spdy(["portforward.k8s.io"])) { [self] server, _ in
            let (near, far) = RelayHandler.pair()
            try exchange.upgrade(webSocketHeaders) { client in
                try Self.addWebSocket(client, isText: false)
                try client.pipeline.syncOperations.addHandler(near)
                try server.pipeline.syncOperations.addHandler(far)
            }
        }
    }

    /// A WebSocket's channels to SPDY's streams.
    func translate(_ url: String, _ options: RemoteCommandOptions) {
        connect(url, .spdy(["v4.channel.k8s.io"]), options) { [self] server, _ in
            let (near, far) = RelayHandler.pair()
            let handler = RemoteCommandHandler(RemoteCommandTranslation(options, channels))
            try exchange.upgrade(webSocketHeaders) { client in
                try Self.addWebSocket(client, isText: channels.isBase64)
                try client.pipeline.syncOperations.addHandler(handler)
                try client.pipeline.syncOperations.addHandler(near)
                try server.pipeline.syncOperations.addHandler(far)
                handler.begin(try client.pipeline.syncOperations.context(handler: handler))
            }
        }
    }

    /// Hands over a connection to which a log's bytes can be written, a message a write.
    func sendBytes() throws -> LogMessages {
        var connection: Channel?
        try exchange.upgrade(webSocketHeaders) { client in
            try Self.addWebSocket(client, isText: isLogText)
            connection = client
        }
        guard let connection else { throw ChannelError.ioOnClosedChannel }
        return LogMessages(connection, isText: isLogText)
    }

    private var webSocketHeaders: [(String, String)] {
        var headers = [
            ("Connection", "Upgrade"), ("Upgrade", "websocket"),
            (
                "Sec-WebSocket-Accept",
                WebSocketMessages.accept(exchange.headers.first("sec-websocket-key") ?? "")
            ),
        ]
        if !subprotocol.isEmpty { headers.append(("Sec-WebSocket-Protocol", subprotocol)) }
        return headers
    }

    private static func addWebSocket(_ client: Channel, isText: Bool) throws {
        let pipeline = client.pipeline.syncOperations
        try pipeline.addHandler(WebSocketFrameEncoder())
        try pipeline.addHandler(
            ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: WebSocketMessages.limit)))
        try pipeline.addHandler(WebSocketMessages(isText: isText))
    }

    private func connect(
        _ url: String, _ wanted: StreamingBackend.Wanted, _ options: RemoteCommandOptions? = nil,
        _ install: @escaping (_ server: Channel, _ chosen: String?) throws -> Void
    ) {
        let bound = NIOLoopBound(install, eventLoop: exchange.eventLoop)
        StreamingBackend.connect(url, wanted, on: exchange.eventLoop) { [self] result in
            switch result {
            case .success(.upgraded(let server, let chosen)):
                do {
                    try bound.value(server, chosen)
                } catch {
                    // The client left meanwhile.
                    server.close(promise: nil)
                    exchange.abort()
                }
            case .success(.refused(let status, let words)):
                fail(NodeStreamFailure(words), options, status: status)
            case .failure(let error):
                fail(error, options)
            }
        }
    }

    // MARK: Failures

    /// Tells what went wrong: a client of the newest protocol in its error channel, as upstream's translator
    /// does, others by the status of the answer.
    /// - Parameter status: of the answer, where the error says none.
    func fail(_ error: any Error, _ options: RemoteCommandOptions?, status code: Int = 500) {
        guard !exchange.isFinished else { return }
        let words = (error as? APIStatus)?.message ?? "\(error)"
        guard isWebSocket, let options, channels == .v5 else {
            let status = error as? APIStatus
            return exchange.respond(
                ResponseHead(status: status?.code ?? code, contentType: "text/plain; charset=utf-8"),
                body: Array(words.utf8))
        }
        let failure = APIStatus.internalError("unable to upgrade connection: \(words)")
        let translation = RemoteCommandTranslation(options, channels)
        let message = translation.message(.error, ByteBuffer(bytes: JSONWriter.bytes(failure.json)))
        do {
            try exchange.upgrade(webSocketHeaders) { client in
                try Self.addWebSocket(client, isText: false)
                let context = try client.pipeline.syncOperations.context(
                    handlerType: WebSocketMessages.self)
                let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
                client.pipeline.syncOperations.writeAndFlush(NIOAny(message)).whenComplete { _ in
                    bound.value.channel.close(promise: nil)
                }
            }
        } catch {
            exchange.abort()
        }
    }
}
