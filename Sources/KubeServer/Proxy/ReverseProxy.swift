import KubeAPI
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Hands one request on to another HTTP server and its answer back, at the client's pace; after an upgrade,
/// whatever bytes the two exchange (upstream's proxy.UpgradeAwareHandler). Confined to the exchange's loop:
/// that is what makes the unchecked conformance sound.
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

        /// As a URL has it.
        var authority: String { ProxyLocation(scheme: "", host: host, port: port).authority }
    }

    /// What is particular about a server that is one of the cluster's own (an aggregated one): it is told who
    /// asks, and its answers are the client's, as they are.
    struct Aggregated {
        /// Set on the request in place of what the client sent under these names.
        var headers: [(name: String, value: String)]
        /// How long its answer may be waited for, and what the client is told then; nil for as long as it
        /// takes.
        var patience: (time: TimeAmount, refusal: () -> Void)?
        /// Tells the client that the server cannot be reached, and why.
        var unreachable: (String) -> Void
    }

    static let connectTimeout = TimeAmount.seconds(30)
    /// An answer waits to be read while so much of it has not reached the client.
    static let window = 256 << 10

    let exchange: HTTPExchange
    private let target: Target
    private let path: ProxyPath
    private let aggregated: Aggregated?
    /// Of pages and redirects, so that they lead through the proxy.
    private let links: ProxiedLinks?
    private var deadline: Scheduled<Void>?
    /// Ends the connection to the other server, once there is one.
    var hangUp: (() -> Void)?

    init(_ exchange: HTTPExchange, _ target: Target, _ path: ProxyPath, aggregated: Aggregated? = nil) {
        self.exchange = exchange
        self.target = target
        self.path = path
        self.aggregated = aggregated
        links =
            aggregated == nil
            ? ProxiedLinks(
                prefix: path.prefix,
                hosts: [target.authority, target.host, exchange.headers.first("host") ?? ""])
            : nil
    }

    /// Called when the other server has begun to answer, or never will.
    func hasAnswer() {
        deadline?.cancel()
        deadline = nil
    }

    private func tooLate(_ refusal: () -> Void) {
        guard !exchange.isFinished, exchange.status == 0 else { return }
        exchange.onCancel = nil
        refusal()
        hangUp?()
    }

    func start() {
        if let patience = aggregated?.patience {
            deadline = exchange.eventLoop.assumeIsolated().scheduleTask(in: patience.time) { [self] in
                tooLate(patience.refusal)
            }
        }
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
                        try pipeline.addHandler(EndGate())
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
    private static let ownHeaders: Set<String> = ["authorization", "host"]

    var requestHead: HTTPRequestHead {
        var headers = HTTPHeaders()
        let asked = exchange.headers.first("host") ?? exchange.headers.first(":authority")
        headers.add(name: "Host", value: aggregated == nil ? asked ?? target.host : target.authority)
        let own = aggregated?.headers ?? []
        let replaced = Set(own.map { $0.name.lowercased() })
        exchange.headers.forEach { name, value in
            let lower = name.lowercased()
            if lower.hasPrefix(":") || Self.hopByHop.contains(lower) || Self.ownHeaders.contains(lower)
                || replaced.contains(lower) || lower.hasPrefix("impersonate-")
                || FrontProxy.saysWhoAsks(lower)
            {
                return
            }
            // Pages are read on the way, other answers are the client's as they are.
            if lower == "accept-encoding", links != nil { return }
            headers.add(name: name, value: value)
        }
        for (name, value) in own { headers.add(name: name, value: value) }
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

    /// Tells the client so, where an answer of an aggregated server is not handed on: it must not lead
    /// clients elsewhere in this one's name, nor leave an upgrade unanswered.
    func refuses(_ head: HTTPResponseHead) -> Bool {
        guard let aggregated else { return false }
        if exchange.upgradeProtocol != nil, head.status.code < 400 {
            aggregated.unreachable("invalid upgrade response: status code \(head.status.code)")
            return true
        }
        guard (300..<400).contains(head.status.code), head.headers.contains(name: "location") else {
            return false
        }
        exchange.respond(
            ResponseHead(status: 502, contentType: "text/plain; charset=utf-8"),
            body: Array("the backend attempted to redirect this request, which is not permitted".utf8))
        return true
    }

    /// What the client is told of the answer's head; nil for a length where it is found out by reading.
    func responseHead(_ head: HTTPResponseHead) -> ResponseHead {
        var answer = ResponseHead(
            status: Int(head.status.code), contentType: head.headers.first(name: "content-type") ?? "")
        for (name, value) in head.headers {
            let lower = name.lowercased()
            switch lower {
            case "content-type", "date": continue
            // The exchange puts in its own, which the other server was given.
            case "audit-id" where aggregated != nil: continue
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
        hasAnswer()
        guard !exchange.isFinished else { return }
        if exchange.status != 0 { return exchange.abort() }
        let place = "dial tcp \(target.host):\(target.port): \(ConnectionWords.of(error))"
        let words =
            "error trying to reach service: "
            + (ConnectionWords.ofTLS(error, serverName: target.serverName ?? target.host) ?? place)
        if let aggregated { return aggregated.unreachable(words) }
        exchange.respond(.serviceUnavailable(words))
    }
}
