import NIOCore
import NIOHTTP1

/// The other server's side of a proxied request.
final class ProxyResponseHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// A page larger than this goes on as it is: links are rewritten in memory.
    static let pageLimit = 8 << 20

    private let proxy: ReverseProxy
    private var head: HTTPResponseHead?
    /// A page so far, while it is gathered.
    private var page: ByteBuffer?
    private var isDone = false
    private var isUpgraded = false

    init(_ proxy: ReverseProxy) { self.proxy = proxy }

    private var exchange: HTTPExchange { proxy.exchange }

    func channelActive(context: ChannelHandlerContext) {
        guard !exchange.isFinished else { return context.close(promise: nil) }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        exchange.onCancel = { bound.value.close(promise: nil) }
        proxy.hangUp = { bound.value.close(promise: nil) }
        context.write(wrapOutboundOut(.head(proxy.requestHead)), promise: nil)
        if exchange.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(exchange.body))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.read()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone, !exchange.isFinished else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            // An interim answer is followed by the one that counts.
            if (100..<200).contains(head.status.code), head.status != .switchingProtocols { return }
            self.head = head
            proxy.hasAnswer()
            if head.status == .switchingProtocols { return }
            if proxy.refuses(head) {
                isDone = true
                return context.close(promise: nil)
            }
            if proxy.isPage(head) {
                page = ByteBuffer()
            } else {
                exchange.begin(proxy.responseHead(head))
            }
        case .body(var bytes):
            guard head != nil else { return }
            if page == nil { return exchange.write(bytes) }
            page?.writeBuffer(&bytes)
            if let gathered = page, gathered.readableBytes > Self.pageLimit, let head {
                page = nil
                exchange.begin(proxy.responseHead(head))
                exchange.write(gathered)
            }
        case .end:
            guard let head else { return }
            if head.status == .switchingProtocols { upgrade(context, head) } else { finish(context, head) }
        }
    }

    private func finish(_ context: ChannelHandlerContext, _ head: HTTPResponseHead) {
        isDone = true
        if let page {
            exchange.respond(proxy.responseHead(head), body: proxy.rewritten(page))
        } else {
            exchange.end()
        }
        context.close(promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        exchange.flush()
        readMore(context)
        context.fireChannelReadComplete()
    }

    /// Reads on when the client has taken enough of what there was.
    private func readMore(_ context: ChannelHandlerContext) {
        guard !isDone, !isUpgraded, !exchange.isFinished else { return }
        if exchange.pendingBytes < ReverseProxy.window { return context.read() }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        exchange.onDrain = { [self] in
            guard exchange.pendingBytes < ReverseProxy.window else { return }
            exchange.onDrain = nil
            bound.value.read()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isDone, !isUpgraded { proxy.unreachable(ChannelError.eof) }
        isDone = true
        proxy.hangUp = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !isDone, !isUpgraded { proxy.unreachable(error) }
        isDone = true
        context.close(promise: nil)
    }

    // MARK: Upgrades

    private func upgrade(_ context: ChannelHandlerContext, _ head: HTTPResponseHead) {
        guard exchange.upgradeProtocol != nil else {
            return errorCaught(context: context, error: HTTPParserError.unknown)
        }
        isUpgraded = true
        let (near, far) = RelayHandler.pair()
        do {
            let pipeline = context.pipeline.syncOperations
            let encoder = try pipeline.context(handlerType: HTTPRequestEncoder.self)
            let decoder = try pipeline.context(
                handlerType: ByteToMessageHandler<HTTPResponseDecoder>.self)
            let headers = head.headers.map { ($0.name, $0.value) }
            let gate = try pipeline.handler(type: EndGate.self)
            var other: Channel?
            try exchange.upgrade(headers) { client in
                try client.pipeline.syncOperations.addHandler(near)
                try pipeline.addHandler(far)
                other = client
            }
            pipeline.removeHandler(context: encoder, promise: nil)
            pipeline.removeHandler(context: context, promise: nil)
            // What came behind the answer's head is handed on when the decoder goes; an end that came with it
            // waits.
            gate.hold()
            let gone = context.eventLoop.makePromise(of: Void.self)
            gone.futureResult.assumeIsolated().whenComplete { _ in
                other?.flush()
                gate.release()
            }
            pipeline.removeHandler(context: decoder, promise: gone)
        } catch {
            exchange.abort()
            context.close(promise: nil)
        }
    }
}
