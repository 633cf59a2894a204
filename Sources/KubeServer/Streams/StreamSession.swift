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

    private var offered: [String] {
        exchange.headers.all("sec-websocket-protocol").flatMap { $0.split(separator: ",").map(\.trimmed) }
    }

    func chooseChannels() throws(APIStatus) {
        for name in offered {
            guard let found = ChannelProtocol(rawValue: name) else { continue }
            channels = found
            subprotocol = name
            return
        }
        throw .badRequest("unable to upgrade: none of the protocols \(offered) is spoken here")
    }

    func chooseTunnel() throws(APIStatus) {
        guard offered.contains(Self.tunnelProtocol) else {
            throw .badRequest("unable to upgrade: none of the protocols \(offered) is spoken here")
        }
        subprotocol = Self.tunnelProtocol
    }

    // MARK: Three ways

    /// SPDY from end to end: bytes pass as they are.
    func pass(_ url: String) {
        connect(url, protocols: exchange.headers.all("x-stream-protocol-version")) { [self] server, chosen in
            var headers = [("Connection", "Upgrade"), ("Upgrade", "SPDY/3.1")]
            if let chosen { headers.append(("X-Stream-Protocol-Version", chosen)) }
            let (near, far) = RelayHandler.pair()
            try exchange.upgrade(headers) { client in
                try client.pipeline.syncOperations.addHandler(near)
                try server.pipeline.syncOperations.addHandler(far)
            }
        }
    }

    /// SPDY in the messages of a WebSocket.
    func tunnel(_ url: String) {
        connect(url, protocols: ["portforward.k8s.io"]) { [self] server, _ in
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
        connect(url, protocols: ["v4.channel.k8s.io"], options) { [self] server, _ in
            let (near, far) = RelayHandler.pair()
            let handler = RemoteCommandHandler(RemoteCommandTranslation(options, channels))
            try exchange.upgrade(webSocketHeaders) { client in
                try Self.addWebSocket(client, isText: channels == .v4Base64)
                try client.pipeline.syncOperations.addHandler(handler)
                try client.pipeline.syncOperations.addHandler(near)
                try server.pipeline.syncOperations.addHandler(far)
                handler.begin(try client.pipeline.syncOperations.context(handler: handler))
            }
        }
    }

    private var webSocketHeaders: [(String, String)] {
        [
            ("Connection", "Upgrade"), ("Upgrade", "websocket"),
            (
                "Sec-WebSocket-Accept",
                WebSocketMessages.accept(exchange.headers.first("sec-websocket-key") ?? "")
            ),
            ("Sec-WebSocket-Protocol", subprotocol),
        ]
    }

    private static func addWebSocket(_ client: Channel, isText: Bool) throws {
        let pipeline = client.pipeline.syncOperations
        try pipeline.addHandler(WebSocketFrameEncoder())
        try pipeline.addHandler(
            ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: WebSocketMessages.limit)))
        try pipeline.addHandler(WebSocketMessages(isText: isText))
    }

    private func connect(
        _ url: String, protocols: [String], _ options: RemoteCommandOptions? = nil,
        _ install: @escaping (_ server: Channel, _ chosen: String?) throws -> Void
    ) {
        let bound = NIOLoopBound(install, eventLoop: exchange.eventLoop)
        StreamingBackend.connect(url, protocols: protocols, on: exchange.eventLoop) { [self] result in
            switch result {
            case .success(.upgraded(let server, let chosen)):
                do {
                    try bound.value(server, chosen)
                } catch {
                    // The client left meanwhile.
                    server.close(promise: nil)
                    exchange.abort()
                }
            case .success(.refused(_, let words)):
                fail(NodeStreamFailure(words), options)
            case .failure(let error):
                fail(error, options)
            }
        }
    }

    // MARK: Failures

    /// Tells what went wrong: a client of the newest protocol in its error channel, as upstream's translator
    /// does, others by the status of the answer.
    func fail(_ error: any Error, _ options: RemoteCommandOptions?) {
        guard !exchange.isFinished else { return }
        let words = (error as? APIStatus)?.message ?? "\(error)"
        guard isWebSocket, let options, channels == .v5 else {
            let status = error as? APIStatus
            return exchange.respond(
                ResponseHead(status: status?.code ?? 500, contentType: "text/plain; charset=utf-8"),
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
