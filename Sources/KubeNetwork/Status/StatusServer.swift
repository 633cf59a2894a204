import KubeAPI
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A small HTTP server for what other programs ask about this one: metrics, health. It answers GET alone.
public final class StatusServer: Sendable {
    public struct Answer: Sendable, Equatable {
        public var status: Int
        public var type: String
        public var body: String
        /// Beside type and length.
        public var headers: [String: String]

        public init(
            status: Int = 200, type: String = "text/plain; charset=utf-8", body: String,
            headers: [String: String] = [:]
        ) {
            self.headers = headers
            self.status = status
            self.type = type
            self.body = body
        }
    }

    /// - Parameter path: without the query.
    /// - Returns: nil for what is not there.
    public typealias Respond = @Sendable (_ path: String) -> Answer?

    private let channel: any Channel
    public var port: Int { channel.localAddress?.port ?? 0 }

    /// - Parameters:
    ///   - endpoint: where to listen; port 0 for one that is free.
    ///   - connections: how many are open at a time, of which none is open longer than 30 seconds without a request.
    /// - Throws: `HostError` in one line.
    public init(
        at endpoint: DNSEndpoint, connections: Int = 100,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, respond: @escaping Respond
    ) async throws(HostError) {
        let limit = connections
        do {
            let counter = Counter()
            channel = try await ServerBootstrap(group: group.next())
                .serverChannelOption(.backlog, value: 64)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        guard counter.enter(limit) else { throw HostError("too many connections") }
                        channel.closeFuture.whenComplete { _ in counter.leave() }
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(30)))
                        try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                        try pipeline.addHandler(Handler(respond))
                    }
                }
                .bind(host: endpoint.address.description, port: endpoint.port).get()
        } catch { throw HostError("nothing can listen at \(endpoint): \(error)") }
    }

    public func stop() async { try? await channel.close() }

    private final class Counter: Sendable {
        private let count = Atomic<Int>(0)
        func enter(_ limit: Int) -> Bool {
            let isAdmitted = count.wrappingAdd(1, ordering: .relaxed).newValue <= limit
            if !isAdmitted { leave() }
            return isAdmitted
        }
        func leave() { count.wrappingSubtract(1, ordering: .relaxed) }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private let respond: Respond
        private var head: HTTPRequestHead?

        init(_ respond: @escaping Respond) { self.respond = respond }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): self.head = head
            case .body: break
            case .end:
                guard let head else { return }
                self.head = nil
                send(answer(head), to: head, context)
            }
        }

        private func answer(_ head: HTTPRequestHead) -> Answer {
            guard head.method == .GET || head.method == .HEAD else {
                return Answer(status: 405, body: "method not allowed\n")
            }
            let path = head.uri.prefix { $0 != "?" }
            return respond(String(path)) ?? Answer(status: 404, body: "404 page not found\n")
        }

        private func send(_ answer: Answer, to request: HTTPRequestHead, _ context: ChannelHandlerContext) {
            var head = HTTPResponseHead(version: request.version, status: .init(statusCode: answer.status))
            head.headers.add(name: "Content-Type", value: answer.type)
            head.headers.add(name: "Content-Length", value: String(answer.body.utf8.count))
            for (name, value) in answer.headers.sorted(by: { $0.key < $1.key }) {
                head.headers.add(name: name, value: value)
            }
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            if request.method != .HEAD {
                let body = ByteBuffer(string: answer.body)
                context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
            }
            let stays = request.isKeepAlive
            let context = NIOLoopBound(context, eventLoop: context.eventLoop)
            let written = context.value.writeAndFlush(wrapOutboundOut(.end(nil)))
            if !stays { written.whenComplete { _ in context.value.close(promise: nil) } }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
