import Foundation
import KubeAPI
import NIOCore

/// Sends a log at the client's pace.
///
/// The exchange is touched on its loop only, as its own unchecked conformance asks.
final class LogSender: Sendable {
    private static let limit = 256 << 10
    private let exchange: HTTPExchange
    /// Of a client that wants the log in messages.
    private let session: StreamSession?

    init(_ exchange: HTTPExchange, _ session: StreamSession?) {
        self.exchange = exchange
        self.session = session
    }

    func send(_ chunks: NodeStreams.LogChunks) async throws {
        if let session { return try await send(chunks, by: session) }
        try await onLoop { exchange, _ in
            exchange.begin(ResponseHead(status: 200, contentType: "text/plain"))
        }
        for try await chunk in chunks {
            try await onLoop { exchange, _ in
                exchange.write(ByteBuffer(bytes: chunk))
                exchange.flush()
            }
            try await drain()
        }
        try await onLoop { exchange, _ in exchange.end() }
    }

    private func send(_ chunks: NodeStreams.LogChunks, by session: StreamSession) async throws {
        let exchange = exchange
        let messages = try await exchange.eventLoop.submit {
            if exchange.isFinished { throw CancellationError() }
            return try session.sendBytes()
        }.get()
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Who leaves ends the reading, even where nothing comes any more.
            group.addTask { try await messages.left() }
            group.addTask {
                for try await chunk in chunks { try await messages.send(chunk) }
            }
            defer { messages.close() }
            try await group.next()
            group.cancelAll()
        }
    }

    private func onLoop(_ work: @escaping @Sendable (HTTPExchange, EventLoop) -> Void) async throws {
        let exchange = exchange
        try await exchange.eventLoop.submit {
            if exchange.isFinished { throw CancellationError() }
            work(exchange, exchange.eventLoop)
        }.get()
    }

    /// Returns when the client has taken enough of what it was given.
    private func drain() async throws {
        let exchange = exchange
        try await exchange.eventLoop.flatSubmit {
            let promise = exchange.eventLoop.makePromise(of: Void.self)
            if exchange.isFinished || exchange.pendingBytes < Self.limit {
                promise.succeed()
                return promise.futureResult
            }
            let cancel = exchange.onCancel
            exchange.onCancel = {
                promise.fail(CancellationError())
                cancel?()
            }
            exchange.onDrain = {
                guard exchange.pendingBytes < Self.limit else { return }
                exchange.onDrain = nil
                exchange.onCancel = cancel
                promise.succeed()
            }
            return promise.futureResult
        }.get()
    }

    func fail(_ error: any Error) {
        let exchange = exchange
        exchange.eventLoop.execute {
            guard !exchange.isFinished else { return }
            // Told before the first piece, else only by the stream's breaking off.
            if exchange.status != 0 { return exchange.abort() }
            exchange.respond((error as? APIStatus) ?? .internalError("\(error)"))
        }
    }
}

/// A WebSocket that carries a log, a piece a message.
final class LogMessages: Sendable {
    private let channel: Channel
    private let isText: Bool

    init(_ channel: Channel, isText: Bool) {
        self.channel = channel
        self.isText = isText
    }

    /// Returns when the client has taken enough of it.
    func send(_ bytes: [UInt8]) async throws {
        let words = isText ? ByteBuffer(bytes: Data(bytes).base64EncodedData()) : ByteBuffer(bytes: bytes)
        try await channel.writeAndFlush(words).get()
    }

    /// Returns when the client is gone.
    func left() async throws { try await channel.closeFuture.get() }

    /// Says farewell.
    func close() { channel.close(promise: nil) }
}
