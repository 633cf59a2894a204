import KubeAPI
import NIOCore
import NIOPosix
import Synchronization

/// The name server of a cluster: answers for the cluster's names by itself, and asks others for all other names.
/// Over UDP and TCP, at one address.
public final class ClusterDNS: Sendable {
    public struct Configuration: Sendable {
        public var zone: ClusterZone.Configuration
        /// Where to listen; port 0 for one that is free.
        public var endpoint: DNSEndpoint
        /// Who is asked for other names, in this order. Our own address is left out.
        public var upstreams: [DNSEndpoint]
        /// Answers of others that are remembered.
        public var cacheCapacity = 10_000
        /// Seconds; the longest that an answer of others is remembered, and the failure to get one.
        public var cacheLongest: UInt32 = 30
        public var cacheFailureTTL: UInt32 = 5
        /// Seconds that one server is given, and that a client waits in all.
        public var attemptTimeout = 2.0
        public var wholeTimeout = 4.5
        /// TCP connections at a time.
        public var connections = 1000
        /// Seconds without a question after which a connection is closed.
        public var idleTimeout = 10.0

        public init(zone: ClusterZone.Configuration, endpoint: DNSEndpoint, upstreams: [DNSEndpoint]) {
            self.zone = zone
            self.endpoint = endpoint
            self.upstreams = upstreams
        }
    }

    public struct Failure: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// What was done since the start, for metrics.
    public struct Statistics: Sendable, Equatable {
        public var questionsOverUDP = 0
        public var questionsOverTCP = 0
        /// By code of the answer (RFC 1035's numbers).
        public var answers: [Int: Int] = [:]
        /// Answered from the cluster's names.
        public var ownAnswers = 0
        /// Answers that were cut for a datagram.
        public var truncated = 0
        /// Datagrams and frames that are no question.
        public var malformed = 0
        public var forwarded = 0
        public var forwardedOverTCP = 0
        /// Questions that no server answered, and such that were too many at a time.
        public var forwardFailures = 0
        public var forwardRefused = 0
        public var cacheHits = 0
        public var cacheMisses = 0
        public var cacheEntries = 0
    }

    private struct State: Sendable {
        var channels: [any Channel] = []
        var connections: [ObjectIdentifier: any Channel] = [:]
        var forwarder: DNSForwarder?
        var endpoint: DNSEndpoint?
        var statistics = Statistics()
    }

    public let configuration: Configuration
    private let loop: any EventLoop
    private let zone: Mutex<ClusterZone>
    private let state = Mutex(State())
    private let counter = Atomic<UInt64>(UInt64.random(in: 0...UInt64.max))
    private let synced = Atomic<Bool>(false)

    public init(
        _ configuration: Configuration, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.configuration = configuration
        loop = group.next()
        zone = Mutex(ClusterZone(configuration.zone))
    }

    // MARK: What the cluster says

    /// Takes a change in; the next question gets the answer after it.
    public func update(_ change: (inout ClusterZone) -> Void) { zone.withLock { change(&$0) } }

    /// All objects that are there have been taken in. Until then names of the cluster get no answer but a failure,
    /// which resolvers do not take for the name's absence.
    public func setSynced() { synced.store(true, ordering: .releasing) }
    public var isSynced: Bool { synced.load(ordering: .acquiring) }

    // MARK: Listening

    /// Binds both sockets.
    /// - Returns: where it listens.
    /// - Throws: `Failure` in one line when the address is taken, not ours, or not allowed.
    @discardableResult
    public func start() async throws(Failure) -> DNSEndpoint {
        var port = configuration.endpoint.port
        var attempts = 0
        while true {
            attempts += 1
            let address: SocketAddress
            let datagrams: any Channel
            do {
                address = try SocketAddress(
                    ipAddress: configuration.endpoint.address.description, port: configuration.endpoint.port)
                datagrams = try await datagramSocket(address)
            } catch { throw failure(error) }
            port = datagrams.localAddress?.port ?? port
            do {
                let streams = try await streamSocket(
                    SocketAddress(ipAddress: configuration.endpoint.address.description, port: port))
                run(at: DNSEndpoint(configuration.endpoint.address, port: port), [datagrams, streams])
                return DNSEndpoint(configuration.endpoint.address, port: port)
            } catch {
                try? await datagrams.close()
                // A free port of UDP may be taken for TCP.
                if configuration.endpoint.port != 0 || attempts > 16 { throw failure(error) }
            }
        }
    }

    private func failure(_ error: any Error) -> Failure {
        let reason = (error as? IOError).map { String(describing: $0) } ?? String(describing: error)
        return Failure(description: "the cluster's DNS cannot listen at \(configuration.endpoint): \(reason)")
    }

    private func run(at endpoint: DNSEndpoint, _ channels: [any Channel]) {
        let upstreams = configuration.upstreams.filter { upstream in
            let isOurs =
                upstream.address == endpoint.address
                || endpoint.address.isUnspecified
                    && (upstream.address.isLoopback || upstream.address.isUnspecified)
            return !(isOurs && upstream.port == endpoint.port)
        }
        var limits = DNSForwarder.Limits()
        limits.attempt = configuration.attemptTimeout
        limits.whole = configuration.wholeTimeout
        let cache = DNSCache(
            capacity: configuration.cacheCapacity, longest: configuration.cacheLongest,
            failureTTL: configuration.cacheFailureTTL)
        let forwarder = DNSForwarder(upstreams, loop: loop, limits: limits, cache: cache)
        state.withLock { state in
            state.channels = channels
            state.forwarder = forwarder
            state.endpoint = endpoint
        }
    }

    /// Where it listens; nil when it does not.
    public var endpoint: DNSEndpoint? { state.withLock { $0.endpoint } }

    /// Closes all sockets. Not to be started again.
    public func stop() async {
        let (channels, forwarder) = state.withLock { state in
            defer {
                state.channels = []
                state.endpoint = nil
            }
            return (state.channels + Array(state.connections.values), state.forwarder)
        }
        forwarder?.stop()
        for channel in channels { try? await channel.close() }
    }

    private func datagramSocket(_ address: SocketAddress) async throws -> any Channel {
        try await DatagramBootstrap(group: loop)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
            .channelOption(.maxMessagesPerRead, value: 32)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramHandler(self))
                }
            }
            .bind(to: address).get()
    }

    private func streamSocket(_ address: SocketAddress) async throws -> any Channel {
        let idle = TimeAmount.nanoseconds(Int64(configuration.idleTimeout * 1e9))
        return try await ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard self.admit(channel) else { throw Failure(description: "too many connections") }
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(IdleStateHandler(allTimeout: idle))
                    try pipeline.addHandler(
                        DNSStreamHandler { bytes, channel in
                            // A client that asks and does not read would fill the memory.
                            guard channel.isWritable else {
                                channel.close(promise: nil)
                                return
                            }
                            self.respond(to: bytes, isDatagram: false) { answer in
                                channel.writeAndFlush(DNSStreamHandler.frame(answer), promise: nil)
                            }
                        })
                }
            }
            .bind(to: address).get()
    }

    private func admit(_ channel: any Channel) -> Bool {
        let key = ObjectIdentifier(channel)
        let isAdmitted = state.withLock { state in
            guard state.connections.count < configuration.connections else { return false }
            state.connections[key] = channel
            return true
        }
        guard isAdmitted else { return false }
        channel.closeFuture.whenComplete { [weak self] _ in
            self?.state.withLock { _ = $0.connections.removeValue(forKey: key) }
        }
        return true
    }

    private final class DatagramHandler: ChannelInboundHandler {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>
        private let server: ClusterDNS

        init(_ server: ClusterDNS) { self.server = server }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let envelope = unwrapInboundIn(data)
            let client = envelope.remoteAddress
            let channel = context.channel
            server.respond(to: Array(envelope.data.readableBytesView), isDatagram: true) { answer in
                let reply = AddressedEnvelope(remoteAddress: client, data: ByteBuffer(bytes: answer))
                channel.writeAndFlush(reply, promise: nil)
            }
        }

        // A client that is gone is no reason to stop.
        func errorCaught(context: ChannelHandlerContext, error: any Error) {}
    }

    // MARK: Answering

    /// The statistics, with those of what was asked elsewhere.
    public var statistics: Statistics {
        let (statistics, forwarder) = state.withLock { ($0.statistics, $0.forwarder) }
        guard let forwarder else { return statistics }
        var result = statistics
        let others = forwarder.statistics
        result.forwarded = others.forwarded
        result.forwardedOverTCP = others.overTCP
        result.forwardFailures = others.failures
        result.forwardRefused = others.refused
        result.cacheHits = others.cacheHits
        result.cacheMisses = others.cacheMisses
        result.cacheEntries = forwarder.cacheCount
        return result
    }

    private typealias Send = @Sendable ([UInt8]) -> Void

    private func respond(to bytes: [UInt8], isDatagram: Bool, send: @escaping Send) {
        let query: DNSMessage
        do throws(DNSFormatError) {
            query = try DNSMessage(parsing: bytes)
        } catch {
            state.withLock { $0.statistics.malformed += 1 }
            // Answers are never answered, or two servers would talk for ever.
            guard bytes.count >= 12, bytes[2] & 0x80 == 0 else { return }
            var reply = DNSMessage(id: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
            reply.isResponse = true
            reply.code = .formatError
            finish(reply, isDatagram: isDatagram, limit: 512, send)
            return
        }
        guard !query.isResponse else {
            state.withLock { $0.statistics.malformed += 1 }
            return
        }
        state.withLock { state in
            if isDatagram {
                state.statistics.questionsOverUDP += 1
            } else {
                state.statistics.questionsOverTCP += 1
            }
        }
        let payload = min(query.extensions?.payload ?? 512, DNSExtensions.largestPayload)
        let limit = isDatagram ? max(Int(payload), 512) : 65_535
        if let code = Self.refusal(query) {
            finish(query.reply(code), isDatagram: isDatagram, limit: limit, send)
            return
        }
        guard let question = query.questions.first else { return }
        let seed = Self.mixed(counter.wrappingAdd(1, ordering: .relaxed).newValue)
        switch zone.withLock({ $0.answer(question, seed: seed) }) {
        case .records where !isSynced, .alias where !isSynced:
            finish(query.reply(.serverFailure), isDatagram: isDatagram, limit: limit, send)
        case .records(let records):
            state.withLock { $0.statistics.ownAnswers += 1 }
            var reply = query.reply(records.code)
            reply.isAuthoritative = true
            reply.answers = records.answers
            reply.authorities = records.authorities
            reply.additionals = records.additionals
            finish(reply, isDatagram: isDatagram, limit: limit, send)
        case .alias(let records, let target):
            forward(DNSQuestion(target, question.type), query) { answer in
                var reply = query.reply(.noError)
                reply.isAuthoritative = true
                // What the name leads to may fail; that it leads there is known.
                reply.answers = records + (answer?.answers ?? [])
                reply.isTruncated = answer?.isTruncated ?? false
                self.finish(reply, isDatagram: isDatagram, limit: limit, send)
            }
        case .notHere:
            forward(question, query) { answer in
                var reply = query.reply(answer?.code ?? .serverFailure)
                reply.answers = answer?.answers ?? []
                reply.authorities = answer?.authorities ?? []
                reply.additionals = answer?.additionals ?? []
                reply.isTruncated = answer?.isTruncated ?? false
                reply.isAuthenticated = answer?.isAuthenticated ?? false
                self.finish(reply, isDatagram: isDatagram, limit: limit, send)
            }
        }
    }

    /// What is refused before anybody looks for it.
    private static func refusal(_ query: DNSMessage) -> DNSCode? {
        if let extensions = query.extensions, extensions.version != 0 { return .badVersion }
        if query.opcode != 0 { return .notImplemented }
        guard query.questions.count == 1, let question = query.questions.first else { return .formatError }
        if question.recordClass != 1 || question.type == .axfr || question.type == .ixfr { return .refused }
        return nil
    }

    /// Counting numbers in an order in which neighbours have nothing in common (splitmix64): a client that asks
    /// for two kinds of address in turn must not always see the same half.
    private static func mixed(_ number: UInt64) -> UInt64 {
        var value = number &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    private func forward(
        _ question: DNSQuestion, _ query: DNSMessage, _ then: @escaping @Sendable (DNSMessage?) -> Void
    ) {
        guard let forwarder = state.withLock({ $0.forwarder }) else { return then(nil) }
        let key = DNSCache.Key(
            question, isSecurityWanted: query.extensions?.isSecurityWanted ?? false,
            isCheckingDisabled: query.isCheckingDisabled)
        if let answer = forwarder.remembered(key) { return then(Self.respelled(answer, question)) }
        Task(executorPreference: forwarder.executor) {
            then(await forwarder.ask(question, key).map { Self.respelled($0, question) })
        }
    }

    /// The answer to a question that was spelled otherwise, in this one's spelling.
    private static func respelled(_ answer: DNSMessage, _ question: DNSQuestion) -> DNSMessage {
        var answer = answer
        let name = question.name.folded
        for index in answer.answers.indices
        where answer.answers[index].name != question.name && answer.answers[index].name.folded == name {
            answer.answers[index].name = question.name
        }
        return answer
    }

    private func finish(_ reply: DNSMessage, isDatagram: Bool, limit: Int, _ send: Send) {
        let bytes = reply.bytes(limit: limit)
        state.withLock { state in
            state.statistics.answers[Int(reply.code.rawValue), default: 0] += 1
            if isDatagram, bytes[2] & 0x02 != 0 { state.statistics.truncated += 1 }
        }
        send(bytes)
    }
}
