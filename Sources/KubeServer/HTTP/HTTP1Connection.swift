import NIOCore
import NIOHTTP1

/// One HTTP/1.1 connection: requests one after another (NIO's pipelining handler keeps their order).
final class HTTP1Connection: ChannelInboundHandler, ResponseSink {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let handler: HTTPRequestHandler
    private let limits: HTTPLimits
    private let info: ConnectionInfo
    private var context: ChannelHandlerContext?
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var exchange: HTTPExchange?
    private var isTooLarge = false

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

    func errorCaught(context: ChannelHandlerContext, error: Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = ByteBuffer()
            isTooLarge = false
            if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
                let interim = HTTPResponseHead(version: head.version, status: .continue)
                context.writeAndFlush(wrapOutboundOut(.head(interim)), promise: nil)
            }
        case .body(var bytes):
            if isTooLarge { return }
            if body.readableBytes + bytes.readableBytes > limits.bodyBytes {
                isTooLarge = true
                body = ByteBuffer()
            } else if body.readableBytes == 0 {
                body = bytes
            } else {
                body.writeBuffer(&bytes)
            }
        case .end:
            guard let head else { return }
            let exchange = HTTPExchange(
                eventLoop: context.eventLoop, connection: info, method: head.method.rawValue, uri: head.uri,
                headers: .http1(head.headers), body: body, sink: self)
            self.exchange = exchange
            body = ByteBuffer()
            if isTooLarge {
                exchange.respond(.tooLarge(limit: limits.bodyBytes))
            } else {
                handler.handle(exchange)
            }
        }
    }

    // MARK: ResponseSink

    func respond(_ head: ResponseHead, body: ByteBuffer) {
        guard let context else { return }
        writeHead(head, length: body.readableBytes)
        if body.readableBytes > 0, self.head?.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        finish()
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
        context?.close(promise: nil)
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
        let response = HTTPResponseHead(
            version: request.version, status: HTTPResponseStatus(statusCode: head.status), headers: headers)
        context.write(wrapOutboundOut(.head(response)), promise: nil)
    }

    private func finish() {
        guard let context, let request = head else { return }
        exchange = nil
        if request.isKeepAlive {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        } else {
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
                channel.close(promise: nil)
            }
        }
    }
}
