import KubeAPI
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Hands one request on to another HTTP server and its answer back, at the client's pace; after an upgrade,
/// whatever bytes the two exchange (upstream's proxy.UpgradeAwareHandler). Confined to the exchange's loop: that
/// is what makes the unchecked conformance sound.
final class ReverseProxy: @unchecked Sendable {
    /// The other server.
    struct Target: Sendable {
        var host: String
        var port: Int
        /// nil for plain HTTP.
        var tls: NIOSSLContext?
        /// Whom the certificate must name; nil where it is not looked at.
        var serverName: String?

        /// A pod or node: its certificate is not verified, as upstream's is not.
        init(_ place: ProxyLocation) throws(APIStatus) {
            (host, port) = (place.host, place.port)
            guard place.scheme == "https" else { return }
            var settings = TLSConfiguration.makeClientConfiguration()
            settings.certificateVerification = .none
            do { tls = try NIOSSLContext(configuration: settings) } catch {
                throw .internalError("TLS to \(place.authority): \(error)")
            }
        }

        init(host: String, port: Int, tls: NIOSSLContext?, serverName: String?) {
            (self.host, self.port, self.tls, self.serverName) = (host, port, tls, serverName)
        }
    }

    static let connectTimeout = TimeAmount.seconds(30)
    /// An answer waits to be read while so much of it has not reached the client.
    static let window = 256 << 10

    let exchange: HTTPExchange
    private let target: Target
    private let path: ProxyPath
    /// Set on the request in place of what the client sent under these names.
    private let identity: [(name: String, value: String)]
    private let links: ProxiedLinks?

    /// - Parameters:
    ///   - identity: headers that tell the other server who asks.
    ///   - rewritesLinks: of pages and redirects, so that they lead through the proxy.
    init(
        _ exchange: HTTPExchange, _ target: Target, _ path: ProxyPath,
        identity: [(name: String, value: String)] = [], rewritesLinks: Bool = true
    ) {
        self.exchange = exchange
        self.target = target
        self.path = path
        self.identity = identity
        let authority =
            target.host.contains(":") ? "[\(target.host)]:\(target.port)" : "\(target.host):\(target.port)"
        links =
            rewritesLinks
            ? ProxiedLinks(
                prefix: path.prefix, hosts: [authority, target.host, exchange.headers.first("host") ?? ""])
            : nil
    }

    func start() {
        let target = target
        let handler = NIOLoopBound(ProxyResponseHandler(self), eventLoop: exchange.eventLoop)
        let upgrades = exchange.upgradeProtocol != nil
        ClientBootstrap(group: exchange.eventLoop).connectTimeout(Self.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.autoRead, value: upgrades)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls = target.tls {
                        try pipeline.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: target.serverName))
                    }
                    if upgrades {
                        try pipeline.addHandler(HTTPRequestEncoder())
                        try pipeline.addHandler(
                            ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes)))
                    } else {
                        try pipeline.addHTTPClientHandlers()
                    }
                    try pipeline.addHandler(handler.value)
                }
            }
            .connect(host: target.host, port: target.port)
            .whenFailure { [self] error in unreachable(error) }
    }

    // MARK: The request

    private static let hopByHop: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te",
        "trailer", "transfer-encoding", "upgrade", "content-length", "expect", "http2-settings",
    ]
    /// Not the other server's business, or put in anew.
    private static let ownHeaders: Set<String> = ["authorization", "host", "accept-encoding"]

    var requestHead: HTTPRequestHead {
        var headers = HTTPHeaders()
        headers.add(
            name: "Host",
            value: exchange.headers.first("host") ?? exchange.headers.first(":authority") ?? target.host)
        let replaced = Set(identity.map { $0.name.lowercased() })
        exchange.headers.forEach { name, value in
            let lower = name.lowercased()
            if lower.hasPrefix(":") || Self.hopByHop.contains(lower) || Self.ownHeaders.contains(lower)
                || replaced.contains(lower) || lower.hasPrefix("impersonate-")
            {
                return
            }
            headers.add(name: name, value: value)
        }
        for (name, value) in identity { headers.add(name: name, value: value) }
        let seen = exchange.headers.all("x-forwarded-for") + [exchange.connection.remoteAddress]
        headers.replaceOrAdd(name: "X-Forwarded-For", value: seen.joined(separator: ", "))
        headers.replaceOrAdd(
            name: "X-Forwarded-Uri", value: path.prefix + (path.path.isEmpty ? "/" : path.path))
        if let wanted = exchange.upgradeProtocol {
            headers.add(name: "Connection", value: "Upgrade")
            headers.add(name: "Upgrade", value: exchange.headers.first("upgrade") ?? wanted)
        }
        let hasBody = exchange.body.readableBytes > 0
        if hasBody || ["POST", "PUT", "PATCH"].contains(exchange.method) {
            headers.add(name: "Content-Length", value: "\(exchange.body.readableBytes)")
        }
        return HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: exchange.method),
            uri: (path.path.isEmpty ? "/" : path.path) + path.query, headers: headers)
    }

    // MARK: The answer

    /// What the client is told of the answer's head; nil for a length where it is found out by reading.
    func responseHead(_ head: HTTPResponseHead) -> ResponseHead {
        var answer = ResponseHead(
            status: Int(head.status.code), contentType: head.headers.first(name: "content-type") ?? "")
        for (name, value) in head.headers {
            let lower = name.lowercased()
            switch lower {
            case "content-type", "date": continue
            case "content-length":
                if !isPage(head) { answer.headers.append((lower, value)) }
            case "location": answer.headers.append((lower, links?.rewritten(value) ?? value))
            default:
                if !Self.hopByHop.contains(lower) { answer.headers.append((lower, value)) }
            }
        }
        return answer
    }

    /// Whether the answer is a page whose links must lead back here.
    func isPage(_ head: HTTPResponseHead) -> Bool {
        guard links != nil, exchange.method != "HEAD", !head.headers.contains(name: "content-encoding"),
            !head.headers.contains(name: "location")
        else { return false }
        let type = head.headers.first(name: "content-type")?.split(separator: ";").first
        return type?.trimmed.lowercased() == "text/html"
    }

    func rewritten(_ page: ByteBuffer) -> ByteBuffer {
        guard let links else { return page }
        return ByteBuffer(bytes: links.rewritten(page: Array(page.readableBytesView)))
    }

    func unreachable(_ error: any Error) {
        guard !exchange.isFinished else { return }
        if exchange.status != 0 { return exchange.abort() }
        let place = "\(target.host):\(target.port)"
        exchange.respond(
            .serviceUnavailable(
                "error trying to reach service: dial tcp \(place): \(ConnectionWords.of(error))"))
    }
}
