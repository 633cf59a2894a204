import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// A small request of the server's own to another one, on a connection of its own.
struct OutgoingRequest: Sendable {
    var method = "GET"
    var uri: String
    var headers: [(name: String, value: String)]
    var body: [UInt8] = []
    var seconds: Int64
    /// Larger answers are refused.
    var limit = 64 << 20

    struct Answer: Sendable {
        var status: Int
        var contentType: String
        var body: [UInt8]
    }

    /// In Go's words.
    struct Failure: Error, Sendable, CustomStringConvertible {
        let description: String
    }

    /// - Parameter serverName: whom the certificate must name.
    /// - Returns: fails with a `Failure`, at the deadline at the latest.
    func send(
        to place: ProxyLocation, tls: NIOSSLContext, serverName: String, on loop: any EventLoop
    ) -> EventLoopFuture<Answer> {
        let promise = loop.makePromise(of: Answer.self)
        let verb = method.prefix(1) + method.dropFirst().lowercased()
        let subject = "\(verb) \"https://\(place.authority)\(uri)\""
        let failed: @Sendable (any Error) -> Void = { error in
            let words =
                (error as? Failure)?.description
                ?? (ConnectionWords.ofTLS(error, serverName: serverName)
                    ?? "dial tcp \(place.authority): \(ConnectionWords.of(error))")
            promise.fail(Failure(description: "\(subject): \(words)"))
        }
        let deadline = loop.scheduleTask(in: .seconds(seconds)) {
            failed(
                Failure(
                    description:
                        "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"))
        }
        promise.futureResult.whenComplete { _ in deadline.cancel() }
        ClientBootstrap(group: loop).connectTimeout(.seconds(seconds))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    let isAddress = (try? SocketAddress(ipAddress: serverName, port: 0)) != nil
                    try pipeline.addHandler(
                        NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : serverName))
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(OutgoingExchange(self, place.authority, promise, failed))
                }
            }
            .connect(host: place.host, port: place.port).whenComplete { result in
                switch result {
                case .success(let channel):
                    promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
                case .failure(let error): failed(error)
                }
            }
        return promise.futureResult
    }
}

private final class OutgoingExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: OutgoingRequest
    private let authority: String
    private let promise: EventLoopPromise<OutgoingRequest.Answer>
    private let failed: @Sendable (any Error) -> Void
    private var answer = OutgoingRequest.Answer(status: 0, contentType: "", body: [])

    init(
        _ request: OutgoingRequest, _ authority: String, _ promise: EventLoopPromise<OutgoingRequest.Answer>,
        _ failed: @escaping @Sendable (any Error) -> Void
    ) {
        (self.request, self.authority, self.promise, self.failed) = (request, authority, promise, failed)
    }

    func channelActive(context: ChannelHandlerContext) {
        var headers: HTTPHeaders = ["Host": authority, "User-Agent": "kube-apiserver"]
        for (name, value) in request.headers { headers.add(name: name, value: value) }
        if !request.body.isEmpty {
            headers.add(name: "Content-Type", value: "application/json")
            headers.add(name: "Content-Length", value: "\(request.body.count)")
        }
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: request.uri,
            headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !request.body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: request.body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer.status = Int(head.status.code)
            answer.contentType = head.headers.first(name: "content-type") ?? ""
        case .body(let bytes):
            answer.body += bytes.readableBytesView
            if answer.body.count > request.limit {
                failed(
                    OutgoingRequest.Failure(description: "the answer is larger than \(request.limit) bytes"))
            }
        case .end:
            // Another one follows an interim answer.
            if !(100..<200).contains(answer.status) { promise.succeed(answer) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failed(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        failed(ChannelError.eof)
        context.fireChannelInactive()
    }
}
