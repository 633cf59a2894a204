import KubeAPI
import KubeJSON
import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2

/// All streams of one HTTP/2 connection, without a channel for each: a request costs a table entry, and the
/// answers of one read, like the events of many watches, leave in one write to the socket.
///
/// Outbound flow control is NIOHTTP2Handler's; inbound windows are re-opened here.
final class HTTP2Connection: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private final class Stream: ResponseSink {
        let id: HTTP2StreamID
        unowned let connection: HTTP2Connection
        var head: HPACKHeaders
        var body = ByteBuffer()
        var unacknowledged = 0
        var exchange: HTTPExchange?
        var isTooLarge = false

        init(id: HTTP2StreamID, connection: HTTP2Connection, head: HPACKHeaders) {
            self.id = id
            self.connection = connection
            self.head = head
        }

        /// Stream and exchange hold each other, and the request's bytes, until here.
        func close() {
            exchange?.cancelled()
            exchange = nil
        }

        func respond(_ head: ResponseHead, body: ByteBuffer) {
            connection.writeHead(id, head, length: body.readableBytes, end: body.readableBytes == 0)
            if body.readableBytes > 0 {
                let promise = connection.takenInTime(id, body.readableBytes)
                connection.writeData(id, body, end: true, promise: promise)
            }
            connection.flushSoon()
        }
        func begin(_ head: ResponseHead) {
            connection.writeHead(id, head, length: nil, end: false)
            connection.flushSoon()
        }
        func write(_ bytes: ByteBuffer, promise: EventLoopPromise<Void>?) {
            connection.writeData(id, bytes, end: false, promise: promise)
        }
        func flush() { connection.flushSoon() }
        func end() {
            connection.writeData(id, ByteBuffer(), end: true, promise: nil)
            connection.flushSoon()
        }
        func abort() {
            connection.cutOff(id)
        }
    }

    private let handler: HTTPRequestHandler
    private let limits: HTTPLimits
    private let info: ConnectionInfo
    private let isClosing: () -> Bool
    private var streams: [HTTP2StreamID: Stream] = [:]
    private var context: ChannelHandlerContext?
    private var isReading = false
    private var needsFlush = false
    private var isFlushScheduled = false
    private var unacknowledged = 0
    /// Bytes of large answers that the client has not taken yet, and what waits until it has.
    private var untaken = 0
    private var waiting: [HTTP2StreamID] = []
    private var headerTemplates: [String: HPACKHeaders] = [:]

    init(
        handler: HTTPRequestHandler, limits: HTTPLimits, info: ConnectionInfo,
        isClosing: @escaping () -> Bool
    ) {
        self.handler = handler
        self.limits = limits
        self.info = info
        self.isClosing = isClosing
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        closeStreams()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        closeStreams()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: Error) {
        // A stream's error is told to that stream by its reset; one of the connection ends it.
        if error is NIOHTTP2Errors.StreamError { return }
        context.close(promise: nil)
    }

    private func closeStreams() {
        let open = streams.values
        streams = [:]
        for stream in open { stream.close() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        let frame = unwrapInboundIn(data)
        switch frame.payload {
        case .headers(let headers):
            if let stream = streams[frame.streamID] {
                if headers.endStream { dispatch(stream) }  // trailers
                return
            }
            let stream = Stream(id: frame.streamID, connection: self, head: headers.headers)
            streams[frame.streamID] = stream
            if headers.endStream { dispatch(stream) }
        case .data(let data):
            guard case .byteBuffer(var bytes) = data.data else { return }
            let length = bytes.readableBytes + (data.paddingBytes.map { $0 + 1 } ?? 0)
            acknowledge(length, on: nil)
            guard let stream = streams[frame.streamID], stream.exchange == nil else { return }
            if stream.body.readableBytes + bytes.readableBytes > limits.bodyBytes {
                stream.isTooLarge = true
            } else if stream.body.readableBytes == 0 {
                stream.body = bytes
            } else {
                stream.body.writeBuffer(&bytes)
            }
            if data.endStream || stream.isTooLarge {
                dispatch(stream)
            } else {
                acknowledge(length, on: stream)
            }
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        if needsFlush {
            needsFlush = false
            context.flush()
        }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let closed = event as? StreamClosedEvent {
            streams.removeValue(forKey: closed.streamID)?.close()
            if !waiting.isEmpty { waiting.removeAll { $0 == closed.streamID } }
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// Gives the peer back what it has sent, in steps, so that it never waits and few frames are spent.
    private func acknowledge(_ count: Int, on stream: Stream?) {
        let step = 32 << 10
        if let stream {
            stream.unacknowledged += count
            guard stream.unacknowledged >= step else { return }
            send(.windowUpdate(windowSizeIncrement: stream.unacknowledged), stream.id)
            stream.unacknowledged = 0
        } else {
            unacknowledged += count
            guard unacknowledged >= step else { return }
            send(.windowUpdate(windowSizeIncrement: unacknowledged), .rootStream)
            unacknowledged = 0
        }
        flushSoon()
    }

    private func dispatch(_ stream: Stream) {
        guard let context, stream.exchange == nil else { return }
        if untaken > limits.pendingResponseBytes {
            waiting.append(stream.id)
            return
        }
        let exchange = HTTPExchange(
            eventLoop: context.eventLoop, connection: info,
            method: stream.head.first(name: ":method") ?? "GET", uri: stream.head.first(name: ":path") ?? "/",
            headers: .http2(stream.head), body: stream.body, sink: stream)
        stream.body = ByteBuffer()
        stream.exchange = exchange
        if stream.isTooLarge {
            exchange.respond(.tooLarge(limit: limits.bodyBytes))
            return
        }
        handler.handle(exchange)
    }

    /// A promise that is kept when the client has taken an answer; when that takes too long it is cut off.
    private func takenInTime(_ id: HTTP2StreamID, _ count: Int) -> EventLoopPromise<Void>? {
        guard count >= limits.timedResponseBytes, let context else { return nil }
        untaken += count
        let loop = context.eventLoop.assumeIsolated()
        let cut = loop.scheduleTask(in: limits.requestTimeout) { [self] in cutOff(id) }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in
            cut.cancel()
            untaken -= count
            if !waiting.isEmpty, untaken <= limits.pendingResponseBytes {
                // Not from within the connection's own writing.
                loop.execute { [self] in dispatchWaiting() }
            }
        }
        return promise
    }

    private func dispatchWaiting() {
        while !waiting.isEmpty, untaken <= limits.pendingResponseBytes {
            if let stream = streams[waiting.removeFirst()] { dispatch(stream) }
        }
    }

    /// Ends a stream, and the connection too when the client takes nothing from it at all.
    private func cutOff(_ id: HTTP2StreamID) {
        guard let context else { return }
        if context.channel.isWritable {
            reset(id, .internalError)
            flushSoon()
        } else {
            context.channel.cutOff()
        }
    }

    // MARK: Output

    private func writeHead(_ id: HTTP2StreamID, _ head: ResponseHead, length: Int?, end: Bool) {
        var headers = HPACKHeaders()
        headers.reserveCapacity(6 + head.headers.count)
        headers.add(name: ":status", value: Self.statusText(head.status))
        headers.add(name: "cache-control", value: "no-cache, private")
        if !head.contentType.isEmpty { headers.add(name: "content-type", value: head.contentType) }
        if let length {
            headers.add(name: "content-length", value: String(length), indexing: .nonIndexable)
        }
        headers.add(name: "date", value: HTTPDate.now())
        for (name, value) in head.headers {
            headers.add(name: name, value: value, indexing: name == "audit-id" ? .nonIndexable : .indexable)
        }
        send(.headers(.init(headers: headers, endStream: end)), id)
    }

    private func writeData(
        _ id: HTTP2StreamID, _ bytes: ByteBuffer, end: Bool, promise: EventLoopPromise<Void>?
    ) {
        send(.data(.init(data: .byteBuffer(bytes), endStream: end)), id, promise: promise)
    }

    private func reset(_ id: HTTP2StreamID, _ code: HTTP2ErrorCode) { send(.rstStream(code), id) }

    private func send(
        _ payload: HTTP2Frame.FramePayload, _ id: HTTP2StreamID, promise: EventLoopPromise<Void>? = nil
    ) {
        guard let context else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        context.write(wrapOutboundOut(HTTP2Frame(streamID: id, payload: payload)), promise: promise)
    }

    private func flushSoon() {
        if isReading {
            needsFlush = true
        } else if !isFlushScheduled, let context {
            // Many watches of this connection may have something to say in this turn of the loop: one flush,
            // after them all.
            isFlushScheduled = true
            context.eventLoop.assumeIsolated().execute { [self] in
                isFlushScheduled = false
                self.context?.flush()
            }
        }
    }

    private static func statusText(_ status: Int) -> String {
        switch status {
        case 200: "200"
        case 201: "201"
        default: String(status)
        }
    }
}

extension HTTPExchange {
    /// Answers with a Status object.
    func respond(_ status: APIStatus) {
        audit?.responseReason = status.reason
        audit?.responseMessage = status.message
        var head = ResponseHead(status: status.code)
        if let seconds = status.retryAfter { head.headers.append(("retry-after", String(seconds))) }
        let format = Representation.formatOfErrors(headers.first("accept"))
        let (body, written) = Encoding.bytes(of: status, format)
        head.contentType = written.mediaType
        respond(head, body: body)
    }
}

extension APIStatus {
    static func tooLarge(limit: Int) -> APIStatus {
        .requestEntityTooLarge("Request entity too large: limit is \(limit)")
    }
}
