import KubeAuth
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
import NIOTLS

/// The TLS listener: HTTP/2 and HTTP/1.1 by ALPN, client certificates taken when shown.
final class HTTPListener: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let channels: NIOLockedValueBox<[ObjectIdentifier: Channel]> = .init([:])
    private let servers: NIOLockedValueBox<[Channel]> = .init([])
    private let handler: HTTPRequestHandler
    private let limits: HTTPLimits
    private let tls: NIOSSLContext
    private let holders: CertificateHolders

    init(
        group: MultiThreadedEventLoopGroup, tls: TLSConfiguration, holders: CertificateHolders,
        handler: HTTPRequestHandler, limits: HTTPLimits
    ) throws {
        self.group = group
        self.holders = holders
        self.tls = try NIOSSLContext(configuration: tls)
        self.handler = handler
        self.limits = limits
    }

    /// Binds and serves; returns the port that was bound. May be called for several addresses.
    func start(host: String, port: Int) async throws -> Int {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 16)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.configure(channel) }
            }
        let channel = try await bootstrap.bind(host: host, port: port).get()
        servers.withLockedValue { $0.append(channel) }
        return channel.localAddress?.port ?? port
    }

    /// Stops accepting; open connections are closed after `grace`.
    func stop(grace: TimeAmount) async {
        for channel in servers.withLockedValue({ $0 }) { try? await channel.close() }
        let open = channels.withLockedValue { Array($0.values) }
        for channel in open { channel.close(mode: .all, promise: nil) }
    }

    private func configure(_ channel: Channel) throws {
        let key = ObjectIdentifier(channel)
        channels.withLockedValue { $0[key] = channel }
        let channels = channels
        channel.closeFuture.whenComplete { _ in channels.withLockedValue { _ = $0.removeValue(forKey: key) } }
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(NIOSSLServerHandler(context: tls))
        try pipeline.addHandler(
            ApplicationProtocolNegotiationHandler { result, channel in
                channel.eventLoop.makeCompletedFuture { try self.configure(channel, negotiated: result) }
            })
    }

    private func configure(_ channel: Channel, negotiated: ALPNResult) throws {
        let pipeline = channel.pipeline.syncOperations
        let certificate = try pipeline.nioSSL_peerCertificate()?.toDERBytes()
        var user: UserInfo?
        var proxy: ConnectionInfo.Proxy?
        switch certificate.flatMap({ holders.holder(of: $0) }) {
        case .user(let named): user = named
        case .frontProxy: proxy = .trusted
        case .stranger: proxy = .stranger
        case nil: break
        }
        let remote = channel.remoteAddress
        let info = ConnectionInfo(
            certificateUser: user, proxy: proxy,
            remoteAddress: remote?.ipAddress ?? "",
            isLocal: remote?.ipAddress == channel.localAddress?.ipAddress)
        if case .negotiated("h2") = negotiated {
            var settings = HTTP2Settings()
            settings.append(HTTP2Setting(parameter: .maxConcurrentStreams, value: limits.concurrentStreams))
            settings.append(HTTP2Setting(parameter: .maxHeaderListSize, value: limits.headerBytes))
            settings.append(HTTP2Setting(parameter: .initialWindowSize, value: 1 << 20))
            try pipeline.addHandler(NIOHTTP2Handler(mode: .server, initialSettings: settings))
            try pipeline.addHandler(
                HTTP2Connection(handler: handler, limits: limits, info: info, isClosing: { false }))
        } else {
            var decoder = NIOHTTPDecoderLimitConfiguration()
            decoder.maxHeaderFieldSize = limits.headerBytes
            decoder.maxHeaderListSize = limits.headerBytes
            decoder.maxHeaderFieldCount = limits.headerFields
            // As `configureHTTPServerPipeline` makes it, but for what follows an upgrade.
            try pipeline.addHandler(HTTPResponseEncoder())
            try pipeline.addHandler(
                ByteToMessageHandler(
                    HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: decoder)))
            try pipeline.addHandler(HTTPServerPipelineHandler())
            try pipeline.addHandler(NIOHTTPResponseHeadersValidator())
            try pipeline.addHandler(HTTP1Connection(handler: handler, limits: limits, info: info))
        }
    }
}
