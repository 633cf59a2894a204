import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// Why Redis did not do what it was to.
enum RedisError: Error, Sendable, Equatable {
    case closed
    case timedOut
    case refused(String)
}

/// One connection to Redis: commands whose answers come in their order, or, once it has subscribed, messages.
final class RedisConnection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<RedisHandler>
    /// Messages of channels that were subscribed to; ends with the connection.
    let messages: AsyncStream<String>

    static func connect(to address: RedisAddress, timeout: TimeAmount = .seconds(2)) async throws
        -> RedisConnection
    {
        let (messages, continuation) = AsyncStream.makeStream(
            of: String.self, bufferingPolicy: .bufferingNewest(4_096))
        let (channel, handler) = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(timeout)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .connect(host: address.host, port: address.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = RedisHandler(messages: continuation)
                    try channel.pipeline.syncOperations.addHandler(handler)
                    return (channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
                }
            }
        let connection = RedisConnection(channel: channel, handler: handler, messages: messages)
        do {
            if let password = address.password {
                try await connection.expectOK(["AUTH"] + (address.user.map { [$0] } ?? []) + [password])
            }
            if address.database != 0 { try await connection.expectOK(["SELECT", String(address.database)]) }
        } catch {
            connection.close()
            throw error
        }
        return connection
    }

    private init(
        channel: any Channel, handler: NIOLoopBound<RedisHandler>, messages: AsyncStream<String>
    ) {
        self.channel = channel
        self.handler = handler
        self.messages = messages
    }

    var isOpen: Bool { channel.isActive }

    func close() { channel.close(promise: nil) }

    /// Sends a command; its answer. A connection whose answer does not come in time is closed, because answers
    /// have no names and the next would be taken for this one.
    @discardableResult
    func send(_ words: [String], timeout: TimeAmount = .seconds(1)) async throws -> RESPValue {
        let bytes = respCommand(words)
        let loop = channel.eventLoop
        let value = try await loop.flatSubmit { [channel, handler] () -> EventLoopFuture<RESPValue> in
            let promise = loop.makePromise(of: RESPValue.self)
            guard channel.isActive else {
                promise.fail(RedisError.closed)
                return promise.futureResult
            }
            handler.value.expect(promise)
            channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
            let timer = loop.scheduleTask(in: timeout) {
                promise.fail(RedisError.timedOut)
                channel.close(promise: nil)
            }
            promise.futureResult.whenComplete { _ in timer.cancel() }
            return promise.futureResult
        }.get()
        if case .error(let words) = value { throw RedisError.refused(words) }
        return value
    }

    private func expectOK(_ words: [String]) async throws {
        let answer = try await send(words)
        guard answer.text == "OK" else { throw RedisError.refused("\(words[0]): \(answer)") }
    }
}

/// Matches answers with commands.
private final class RedisHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var parser = RESPParser()
    private var waiting = CircularBuffer<EventLoopPromise<RESPValue>>()
    private let messages: AsyncStream<String>.Continuation

    init(messages: AsyncStream<String>.Continuation) { self.messages = messages }

    func expect(_ promise: EventLoopPromise<RESPValue>) { waiting.append(promise) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        parser.append(unwrapInboundIn(data).readableBytesView)
        do {
            while let value = try parser.next() { take(value) }
        } catch {
            context.close(promise: nil)
        }
    }

    private func take(_ value: RESPValue) {
        if case .array(let parts) = value, parts.count == 3, parts[0].text == "message",
            let message = parts[2].text
        {
            messages.yield(message)
        } else if !waiting.isEmpty {
            waiting.removeFirst().succeed(value)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let failed = waiting
        waiting.removeAll()
        for promise in failed { promise.fail(RedisError.closed) }
        messages.finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
