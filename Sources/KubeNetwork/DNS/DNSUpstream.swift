import NIOCore
import NIOPosix
import Synchronization

/// One name server that is asked: a connected datagram socket for all questions, and a TCP connection for each
/// that takes one.
final class DNSUpstream: Sendable {
    enum Failure: Error, Sendable {
        case timeout
        case closed
        case busy
    }

    private struct Pending: Sendable {
        var question: DNSQuestion
        var promise: EventLoopPromise<DNSMessage>
    }

    private struct State: Sendable {
        var socket: EventLoopFuture<any Channel>?
        var pending: [UInt16: Pending] = [:]
        var isClosed = false
    }

    private let endpoint: DNSEndpoint
    private let loop: any EventLoop
    private let state = Mutex(State())

    init(_ endpoint: DNSEndpoint, loop: any EventLoop) {
        self.endpoint = endpoint
        self.loop = loop
    }

    private func address() throws -> SocketAddress {
        try SocketAddress(ipAddress: endpoint.address.description, port: endpoint.port)
    }

    private static func amount(_ seconds: Double) -> TimeAmount { .nanoseconds(Int64(seconds * 1e9)) }

    /// Asks in a datagram. The message's id is replaced by one that cannot be guessed.
    func ask(_ query: DNSMessage, timeout: Double) async throws -> DNSMessage {
        guard let question = query.questions.first else { throw Failure.closed }
        let promise = loop.makePromise(of: DNSMessage.self)
        let id = state.withLock { state -> UInt16? in
            guard !state.isClosed else { return nil }
            for _ in 0..<16 {
                let id = UInt16.random(in: 0...UInt16.max)
                if state.pending[id] != nil { continue }
                state.pending[id] = Pending(question: question, promise: promise)
                return id
            }
            return nil
        }
        guard let id else {
            promise.fail(Failure.busy)
            return try await promise.futureResult.get()
        }
        let timer = loop.scheduleTask(in: Self.amount(timeout)) { [weak self] in
            self?.fail(id, Failure.timeout)
        }
        defer { timer.cancel() }
        var query = query
        query.id = id
        let bytes = query.bytes()
        do {
            let channel = try await socket().get()
            try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
        } catch { fail(id, error) }
        return try await promise.futureResult.get()
    }

    private func fail(_ id: UInt16, _ error: any Error) {
        state.withLock { $0.pending.removeValue(forKey: id) }?.promise.fail(error)
    }

    /// An answer, or what somebody would have us take for one: the socket is connected, so it has the server's
    /// address, and it must have the id and the question of one that waits.
    fileprivate func take(_ bytes: [UInt8]) {
        guard let message = try? DNSMessage(parsing: bytes), message.isResponse else { return }
        let pending = state.withLock { state -> Pending? in
            guard let pending = state.pending[message.id], Self.isAnswer(message, to: pending.question) else {
                return nil
            }
            return state.pending.removeValue(forKey: message.id)
        }
        pending?.promise.succeed(message)
    }

    private static func isAnswer(_ message: DNSMessage, to question: DNSQuestion) -> Bool {
        // Some servers leave the question out when they cannot read it.
        guard let other = message.questions.first else { return message.code == .formatError }
        return message.questions.count == 1 && DNSCache.Key(other) == DNSCache.Key(question)
    }

    /// The machine says that nobody is there, or the socket closed: no answer will come.
    fileprivate func failAll(_ error: any Error, isClosed: Bool) {
        let pending = state.withLock { state in
            if isClosed { state.socket = nil }
            defer { state.pending = [:] }
            return state.pending
        }
        for entry in pending.values { entry.promise.fail(error) }
    }

    private func socket() throws -> EventLoopFuture<any Channel> {
        let address = try address()
        return state.withLock { state in
            if let socket = state.socket { return socket }
            let socket = DatagramBootstrap(group: loop)
                .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(DatagramHandler(self))
                    }
                }
                .connect(to: address)
            state.socket = socket
            socket.whenFailure { [weak self] error in self?.failAll(error, isClosed: true) }
            return socket
        }
    }

    func close() {
        let socket = state.withLock { state in
            state.isClosed = true
            return state.socket
        }
        failAll(Failure.closed, isClosed: true)
        socket?.whenSuccess { $0.close(promise: nil) }
    }

    private final class DatagramHandler: ChannelInboundHandler {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>
        private let upstream: DNSUpstream

        init(_ upstream: DNSUpstream) { self.upstream = upstream }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            upstream.take(Array(unwrapInboundIn(data).data.readableBytesView))
        }
        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            upstream.failAll(error, isClosed: false)
        }
        func channelInactive(context: ChannelHandlerContext) {
            upstream.failAll(Failure.closed, isClosed: true)
        }
    }

    /// Asks over a connection of its own, for an answer that no datagram holds.
    func askOverTCP(_ query: DNSMessage, timeout: Double) async throws -> DNSMessage {
        guard let question = query.questions.first, !state.withLock({ $0.isClosed }) else {
            throw Failure.closed
        }
        var query = query
        query.id = UInt16.random(in: 0...UInt16.max)
        let id = query.id
        let promise = loop.makePromise(of: DNSMessage.self)
        let timer = loop.scheduleTask(in: Self.amount(timeout)) { promise.fail(Failure.timeout) }
        defer { timer.cancel() }
        let bytes = query.bytes()
        do {
            let channel = try await ClientBootstrap(group: loop)
                .connectTimeout(Self.amount(timeout))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = DNSStreamHandler { bytes, channel in
                            guard let message = try? DNSMessage(parsing: bytes), message.isResponse,
                                message.id == id, Self.isAnswer(message, to: question)
                            else {
                                promise.fail(Failure.closed)
                                return
                            }
                            promise.succeed(message)
                            channel.close(promise: nil)
                        } onClose: {
                            promise.fail(Failure.closed)
                        }
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .connect(to: address()).get()
            promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
            try await channel.writeAndFlush(DNSStreamHandler.frame(bytes))
        } catch { promise.fail(error) }
        return try await promise.futureResult.get()
    }
}

/// Messages in a stream, each behind its length in two bytes (RFC 1035, 4.2.2).
final class DNSStreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private var buffer = ByteBuffer()
    private let onMessage: ([UInt8], any Channel) -> Void
    private let onClose: () -> Void

    init(
        onMessage: @escaping ([UInt8], any Channel) -> Void, onClose: @escaping () -> Void = {}
    ) {
        self.onMessage = onMessage
        self.onClose = onClose
    }

    static func frame(_ bytes: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(bytes.count + 2)
        buffer.writeInteger(UInt16(truncatingIfNeeded: bytes.count))
        buffer.writeBytes(bytes)
        return buffer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        buffer.writeBuffer(&part)
        while let length = buffer.getInteger(at: buffer.readerIndex, as: UInt16.self),
            buffer.readableBytes >= 2 + Int(length)
        {
            buffer.moveReaderIndex(forwardBy: 2)
            onMessage(buffer.readBytes(length: Int(length)) ?? [], context.channel)
        }
        buffer.discardReadBytes()
    }

    func channelInactive(context: ChannelHandlerContext) {
        onClose()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
