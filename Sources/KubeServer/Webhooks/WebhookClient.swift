import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Asks webhooks over HTTPS (k8s.io/apiserver/pkg/util/webhook). It has a loop of its own: those who ask wait.
final class WebhookClient: WebhookCaller {
    /// Larger answers are refused.
    static let answerLimit = 3 << 20

    private let store: Store
    private let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    /// By their text: making one reads certificates.
    private let contexts = NIOLockedValueBox<[[UInt8]: NIOSSLContext]>([:])

    init(_ store: Store) { self.store = store }

    deinit { loops.shutdownGracefully { _ in } }

    func call(_ calls: [WebhookCall]) -> [Result<[UInt8], WebhookCallFailure>] {
        let loop = loops.next()
        let answers = calls.map { begin($0, on: loop) }
        return answers.map { answer in
            // Every question has its deadline: this returns.
            do { return .success(try answer.wait()) } catch {
                return .failure((error as? WebhookCallFailure) ?? WebhookCallFailure("\(error)"))
            }
        }
    }

    /// Where a question goes, and how it is shown in errors.
    private struct Route {
        var host: String
        var port: Int
        var serverName: String
        var target: String
        var authority: String
    }

    private func begin(_ call: WebhookCall, on loop: EventLoop) -> EventLoopFuture<[UInt8]> {
        let promise = loop.makePromise(of: [UInt8].self)
        do throws(WebhookCallFailure) {
            let (route, url) = try route(call)
            let context = try context(call.authorities)
            let failed: @Sendable (any Error) -> Void = { error in
                promise.fail(Self.failure(error, url, "\(route.host):\(route.port)"))
            }
            let deadline = loop.scheduleTask(in: .seconds(Int64(call.seconds))) {
                promise.fail(Self.post(url, "context deadline exceeded"))
            }
            promise.futureResult.whenComplete { _ in deadline.cancel() }
            ClientBootstrap(group: loop).connectTimeout(.seconds(Int64(call.seconds)))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        let isAddress = (try? SocketAddress(ipAddress: route.serverName, port: 0)) != nil
                        try pipeline.addHandler(
                            NIOSSLClientHandler(
                                context: context, serverHostname: isAddress ? nil : route.serverName))
                        try pipeline.addHTTPClientHandlers()
                        try pipeline.addHandler(
                            WebhookExchange(
                                call.body, host: route.authority, target: route.target, promise, failed))
                    }
                }
                .connect(host: route.host, port: route.port).whenComplete { result in
                    switch result {
                    case .success(let channel):
                        promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
                    case .failure(let error): failed(error)
                    }
                }
        } catch {
            promise.fail(error)
        }
        return promise.futureResult
    }

    private static func post(_ url: String, _ words: String) -> WebhookCallFailure {
        WebhookCallFailure("failed to call webhook: Post \"\(url)\": \(words)")
    }

    private static func failure(_ error: any Error, _ url: String, _ address: String) -> WebhookCallFailure {
        if let failure = error as? WebhookCallFailure { return failure }
        let words = ConnectionWords.of(error)
        if error is NIOSSLError || error is BoringSSLError || "\(error)".contains("certificate") {
            return post(url, "tls: failed to verify certificate: \(error)")
        }
        return post(url, "dial tcp \(address): \(words)")
    }

    // MARK: Where

    private func route(_ call: WebhookCall) throws(WebhookCallFailure) -> (Route, String) {
        switch call.place {
        case .url(let url):
            guard url.hasPrefix("https://") else { throw WebhookCallFailure("Unparsable URL: \(url)") }
            let rest = url.dropFirst(8)
            let slash = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            let authority = String(rest[..<slash])
            var host = authority
            var port = 443
            if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
                host = String(authority[..<colon])
                port = Int(authority[authority.index(after: colon)...]) ?? 443
            }
            host = host.replacing("[", with: "").replacing("]", with: "")
            let path = rest[slash...].hasPrefix("/") ? String(rest[slash...]) : "/" + rest[slash...]
            let mark = path.contains("?") ? "&" : "?"
            let target = "\(path)\(mark)timeout=\(call.seconds)s"
            return (
                Route(host: host, port: port, serverName: host, target: target, authority: authority),
                "https://\(authority)\(target)"
            )
        case .service(let namespace, let name, let port, let path):
            let serverName = "\(name).\(namespace).svc"
            let target = (path.hasPrefix("/") ? path : "/" + path) + "?timeout=\(call.seconds)s"
            let url = "https://\(serverName):\(port)\(target)"
            let place = try endpoint(namespace, name, port, url)
            return (
                Route(
                    host: place.host, port: place.port, serverName: serverName, target: target,
                    authority: "\(serverName):\(port)"), url
            )
        }
    }

    private func endpoint(
        _ namespace: String, _ name: String, _ port: Int, _ url: String
    ) throws(WebhookCallFailure) -> ProxyLocation {
        guard let service = store.get(.services, key: "\(namespace)/\(name)")?.value else {
            throw Self.post(url, "service \"\(name)\" not found")
        }
        if service["spec"]?["type"]?.string == "ExternalName" {
            return ProxyLocation(
                scheme: "https", host: service["spec"]?["externalName"]?.string ?? "", port: port)
        }
        do throws(APIStatus) {
            var wanted = try ProxyLocation.Name(name, kind: "service")
            wanted.port = String(port)
            wanted.scheme = "https"
            return try ProxyLocation(
                service: service, slices: store.endpointSlices(of: namespace, name), wanted,
                choose: { Int.random(in: 0..<$0) })
        } catch {
            throw Self.post(url, error.message)
        }
    }

    private func context(_ authorities: [UInt8]) throws(WebhookCallFailure) -> NIOSSLContext {
        if let known = contexts.withLockedValue({ $0[authorities] }) { return known }
        do {
            var settings = TLSConfiguration.makeClientConfiguration()
            settings.applicationProtocols = ["http/1.1"]
            if !authorities.isEmpty {
                settings.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(authorities))
            }
            let context = try NIOSSLContext(configuration: settings)
            contexts.withLockedValue {
                if $0.count >= 200 { $0 = [:] }
                $0[authorities] = context
            }
            return context
        } catch {
            throw WebhookCallFailure("could not get REST client: unable to load root certificates: \(error)")
        }
    }
}

/// One question and its answer on a connection of its own.
private final class WebhookExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let body: [UInt8]
    private let host: String
    private let target: String
    private let promise: EventLoopPromise<[UInt8]>
    private let failed: @Sendable (any Error) -> Void
    private var status = 0
    private var answer: [UInt8] = []

    init(
        _ body: [UInt8], host: String, target: String, _ promise: EventLoopPromise<[UInt8]>,
        _ failed: @escaping @Sendable (any Error) -> Void
    ) {
        (self.body, self.host, self.target, self.promise, self.failed) = (body, host, target, promise, failed)
    }

    func channelActive(context: ChannelHandlerContext) {
        let headers: HTTPHeaders = [
            "Host": host, "Accept": "application/json, */*", "Content-Type": "application/json",
            "User-Agent": "kube-apiserver-admission", "Content-Length": "\(body.count)",
        ]
        let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: target, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(let bytes):
            answer += bytes.readableBytesView
            if answer.count > WebhookClient.answerLimit {
                failed(WebhookCallFailure("failed to call webhook: the answer is larger than 3 MiB"))
            }
        case .end:
            if (200..<300).contains(status) { return promise.succeed(answer) }
            failed(WebhookCallFailure("failed to call webhook: \(refusal)"))
        }
    }

    /// As Go's client words a status that is no success.
    private var refusal: String {
        switch status {
        case 401: return "the server has asked for the client to provide credentials"
        case 404: return "the server could not find the requested resource"
        case 405: return "the server does not allow this method on the requested resource"
        case 409: return "the server reported a conflict"
        case 429: return "the server has received too many requests and has asked us to try again later"
        case 503: return "the server is currently unable to handle the request"
        case 504:
            return
                "the server was unable to return a response in the time allotted, but may still be processing the request"
        case 500...:
            let text = String(decoding: answer.prefix(2_048), as: UTF8.self)
            return "an error on the server (\"\(text)\") has prevented the request from succeeding"
        default: return "the server rejected our request for an unknown reason"
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
