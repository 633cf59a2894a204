import NIOCore
import NIOHTTP1

/// One HTTP/1.1 connection: requests one after another (NIO's pipelining handler keeps their order).
final class HTTP1Connection: ChannelInboundHandler, RemovableChannelHandler, ResponseSink {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let handler: HTTPRequestHandler
    private let limits: HTTPLimits
    private let info: ConnectionInfo
    private var context: ChannelHandlerContext?
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var exchange: HTTPExchange?
    /// The answer in progress is the last of this connection, and says so.
    private var isLast = false
    /// What arrives from here on belongs to no request that will be answered.
    private var isDeaf = false
    /// The answer came before the end of its request.
    private var isEarly = false

    init(handler: HTTPRequestHandler, limits: HTTPLimits, info: ConnectionInfo) {
        self.handler = handler
        self.limits = limits
        self.info = info
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        exchange?.cancelled()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        exchange?.cancelled()
        exchange = nil
        context.fireChannelInactive()
    }

    /// Bytes that are no HTTP are refused in Go's words; after them nothing on this connection has a meaning.
    func errorCaught(context: ChannelHandlerContext, error: Error) {
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        // What follows a last request is no matter: the connection ends with its answer.
        if isDeaf { return }
        if exchange != nil { return context.close(promise: nil) }
        refuse(error == .headerOverflow ? .requestHeaderFieldsTooLarge : .badRequest)
    }

    /// Answers in plain text, as Go's HTTP server does where no handler was reached, and ends.
    private func refuse(_ status: HTTPResponseStatus, _ detail: String = "") {
        head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
        isLast = true
        isDeaf = true
        isEarly = true
        let text = "\(status.code) \(status.reasonPhrase)" + (detail.isEmpty ? "" : ": \(detail)")
        respond(
            ResponseHead(status: Int(status.code), contentType: "text/plain; charset=utf-8"),
            body: ByteBuffer(string: text))
    }

    /// What is wrong with a request before its body; nil for nothing.
    private func refusal(of head: HTTPRequestHead) -> (HTTPResponseStatus, String)? {
        if head.version == .http1_1 {
            let hosts = head.headers["host"].count
            if hosts == 0 { return (.badRequest, "missing required Host header") }
            if hosts > 1 { return (.badRequest, "too many Host headers") }
        }
        if let expected = head.headers.first(name: "expect"), expected.lowercased() != "100-continue" {
            return (.expectationFailed, "")
        }
        return nil
    }

    /// The path and query of a request target that may be in absolute form (RFC 9112, section 3.2.2).
    private static func originForm(_ uri: String) -> String {
        guard !uri.hasPrefix("/"), let scheme = uri.range(of: "://") else { return uri }
        return uri[scheme.upperBound...].firstIndex(of: "/").map { String(uri[$0...]) } ?? "/"
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isDeaf { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            if let (status, detail) = refusal(of: head) { return refuse(status, detail) }
            self.head = head
            body = ByteBuffer()
            if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }),
                length > limits.bodyBytes
            {
                return refuseBody(context, head)
            }
            // An upgrade that is not taken up: the parser reads no further on this connection.
            isLast =
                !head.isKeepAlive || head.method == .CONNECT || head.headers.contains(name: "upgrade")
            if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
                let interim = HTTPResponseHead(version: head.version, status: .continue)
                context.writeAndFlush(wrapOutboundOut(.head(interim)), promise: nil)
            }
        case .body(var bytes):
            guard let head else { return }
            if body.readableBytes + bytes.readableBytes > limits.bodyBytes {
                refuseBody(context, head)
            } else if body.readableBytes == 0 {
                body = bytes
            } else {
                body.writeBuffer(&bytes)
            }
        case .end:
            guard let head else { return }
            isDeaf = isLast
            let exchange = exchange(context, head, body)
            body = ByteBuffer()
            handler.handle(exchange)
        }
    }

    private func exchange(
        _ context: ChannelHandlerContext, _ head: HTTPRequestHead, _ body: ByteBuffer
    ) -> HTTPExchange {
        let exchange = HTTPExchange(
            eventLoop: context.eventLoop, connection: info, method: head.method.rawValue,
            uri: Self.originForm(head.uri), headers: .http1(head.headers), body: body, sink: self)
        self.exchange = exchange
        return exchange
    }

    /// Answers a body that is too large without waiting for its end, which may be far off.
    private func refuseBody(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
        self.head = head
        isLast = true
        isDeaf = true
        isEarly = true
        body = ByteBuffer()
        exchange(context, head, body).respond(.tooLarge(limit: limits.bodyBytes))
    }

    // MARK: ResponseSink

    func respond(_ head: ResponseHead, body: ByteBuffer) {
        guard let context else { return }
        writeHead(head, length: body.readableBytes)
        if body.readableBytes > 0, self.head?.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: takenInTime(context, body))
        }
        finish()
    }

    /// A promise that is kept when the client has taken an answer; when that takes too long it is cut off.
    private func takenInTime(_ context: ChannelHandlerContext, _ body: ByteBuffer) -> EventLoopPromise<Void>?
    {
        guard body.readableBytes >= limits.timedResponseBytes else { return nil }
        let channel = context.channel
        let cut = context.eventLoop.assumeIsolated().scheduleTask(in: limits.requestTimeout) {
            channel.cutOff()
        }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { _ in cut.cancel() }
        return promise
    }

    func begin(_ head: ResponseHead) {
        writeHead(head, length: nil)
        context?.flush()
    }

    func write(_ bytes: ByteBuffer, promise: EventLoopPromise<Void>?) {
        guard let context else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: promise)
    }

    func flush() { context?.flush() }

    func end() { finish() }

    func abort() {
        exchange = nil
        context?.channel.cutOff()
    }

    /// Answers 101 and leaves the connection to other handlers: HTTP ends here.
    func upgrade(_ headers: [(String, String)], _ install: (Channel) throws -> Void) throws {
        guard let context, head != nil else { throw ChannelError.ioOnClosedChannel }
        let response = HTTPResponseHead(
            version: .http1_1, status: .switchingProtocols, headers: HTTPHeaders(headers))
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        exchange = nil
        let channel = context.channel
        let pipeline = channel.pipeline.syncOperations
        for coder in [
            try pipeline.context(handlerType: HTTPServerPipelineHandler.self),
            try pipeline.context(handlerType: NIOHTTPResponseHeadersValidator.self),
            try pipeline.context(handlerType: HTTPResponseEncoder.self),
        ] {
            pipeline.removeHandler(context: coder, promise: nil)
        }
        // What the client sent already is handed on by the decoder when it goes: it goes last, when those that
        // take it are there.
        let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try install(channel)
        pipeline.removeHandler(context: context, promise: nil)
        pipeline.removeHandler(context: decoder, promise: nil)
    }

    private func writeHead(_ head: ResponseHead, length: Int?) {
        guard let context, let request = self.head else { return }
        var headers = HTTPHeaders()
        headers.reserveCapacity(6 + head.headers.count)
        for (name, value) in head.headers { headers.add(name: name, value: value) }
        headers.add(name: "Cache-Control", value: "no-cache, private")
        if !head.contentType.isEmpty { headers.add(name: "Content-Type", value: head.contentType) }
        headers.add(name: "Date", value: HTTPDate.now())
        if let length { headers.add(name: "Content-Length", value: String(length)) }
        if isLast { headers.add(name: "Connection", value: "close") }
        let response = HTTPResponseHead(
            version: request.version, status: HTTPResponseStatus(statusCode: head.status), headers: headers)
        context.write(wrapOutboundOut(.head(response)), promise: nil)
    }

    private func finish() {
        guard let context, head != nil else { return }
        exchange = nil
        guard isLast else {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            return
        }
        let channel = context.channel
        let isEarly = isEarly
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            guard isEarly else { return channel.close(promise: nil) }
            // A client that is still sending would see a reset instead of the answer: it gets a moment.
            channel.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
        }
    }
}
