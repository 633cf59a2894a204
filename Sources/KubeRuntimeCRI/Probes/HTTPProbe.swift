import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One request of a probe or a hook.
struct HTTPQuestion: Sendable, Equatable {
    struct Header: Sendable, Equatable {
        var name: String
        var value: String
    }
    var isSecure: Bool
    var host: String
    var port: Int
    /// With its query.
    var path: String
    var headers: [Header]

    var authority: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }
    var target: String { path.hasPrefix("/") ? path : "/" + path }
    var url: String { "\(isSecure ? "https" : "http")://\(authority)\(target)" }

    /// What a redirect leads to; nil for what is no http address.
    func following(_ location: String) -> HTTPQuestion? {
        var next = self
        var rest = Substring(location)
        if rest.hasPrefix("http://") || rest.hasPrefix("https://") {
            next.isSecure = rest.hasPrefix("https://")
            rest = rest.dropFirst(next.isSecure ? 8 : 7)
        } else if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
        } else if rest.hasPrefix("/") {
            next.path = location
            return next
        } else {
            guard !rest.contains("://") else { return nil }
            let base = target.split(separator: "?", omittingEmptySubsequences: false).first ?? "/"
            let directory = base.lastIndex(of: "/").map { base[...$0] } ?? "/"
            next.path = directory + location
            return next
        }
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        var authority = rest[..<end]
        next.path = String(rest[end...])
        if next.path.first != "/" { next.path = "/" + next.path }
        next.port = next.isSecure ? 443 : 80
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]"),
            let port = Int(authority[authority.index(after: colon)...])
        {
            next.port = port
            authority = authority[..<colon]
        }
        next.host = String(authority.drop { $0 == "[" }.filter { $0 != "]" })
        return next
    }
}

/// Asks by HTTP (pkg/probe/http). Certificates are not verified; redirects are followed within the host.
enum HTTPProbe {
    struct Answer: Sendable {
        var status: Int
        var location: String?
        var body: [UInt8]
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private static let mostRedirects = 10

    static func run(_ question: HTTPQuestion, timeout: Int) async -> ProbeOutcome {
        let end = NIODeadline.now() + .seconds(Int64(timeout))
        var present = question
        do {
            for _ in 0...mostRedirects {
                let answer = try await ask(present, until: end)
                let isRedirect = [301, 302, 303, 307, 308].contains(answer.status)
                if isRedirect, let location = answer.location, let next = present.following(location) {
                    guard next.host == question.host else { return judge(answer) }
                    present = next
                    continue
                }
                return judge(answer)
            }
            return .failure("Get \"\(present.url)\": stopped after 10 redirects")
        } catch {
            return .failure("Get \"\(present.url)\": \(error)")
        }
    }

    private static func judge(_ answer: Answer) -> ProbeOutcome {
        switch answer.status {
        case 300..<400:
            let body = String(decoding: answer.body, as: UTF8.self)
            return .warning("Probe terminated redirects, Response body: \(body)")
        case 200..<300: return .success
        default: return .failure("HTTP probe failed with statuscode: \(answer.status)")
        }
    }

    /// Sends one request on a connection of its own.
    static func ask(_ question: HTTPQuestion, until end: NIODeadline) async throws -> Answer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: Answer.self)
        let late = Failure(
            description: "context deadline exceeded (Client.Timeout exceeded while awaiting headers)")
        let timer = loop.scheduleTask(deadline: end) { promise.fail(late) }
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(max(.milliseconds(1), end - NIODeadline.now()))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if question.isSecure {
                        var settings = TLSConfiguration.makeClientConfiguration()
                        settings.certificateVerification = .none
                        let context = try NIOSSLContext(configuration: settings)
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: context, serverHostname: nil))
                    }
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(
                        HTTPProbeHandler(question, promise))
                }
            }
        let connecting = ConnectionFailure.connect(bootstrap, host: question.host, port: question.port)
        connecting.whenFailure { error in
            if case ChannelError.connectTimeout? = error as? ChannelError {
                promise.fail(late)
            } else {
                let words = ConnectionFailure.words(error, host: question.host, port: question.port)
                promise.fail(Failure(description: words))
            }
        }
        promise.futureResult.whenComplete { _ in
            timer.cancel()
            connecting.whenSuccess { $0.close(promise: nil) }
        }
        return try await promise.futureResult.get()
    }
}

/// Sends a request when the connection stands and gathers the answer.
private final class HTTPProbeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let question: HTTPQuestion
    private let promise: EventLoopPromise<HTTPProbe.Answer>
    private var answer: HTTPProbe.Answer?

    init(_ question: HTTPQuestion, _ promise: EventLoopPromise<HTTPProbe.Answer>) {
        self.question = question
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        var headers = HTTPHeaders()
        for header in question.headers { headers.add(name: header.name, value: header.value) }
        if !headers.contains(name: "Host") { headers.add(name: "Host", value: question.authority) }
        if !headers.contains(name: "User-Agent") { headers.add(name: "User-Agent", value: "kube-probe/1.36") }
        if !headers.contains(name: "Accept") { headers.add(name: "Accept", value: "*/*") }
        headers.replaceOrAdd(name: "Connection", value: "close")
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: question.target, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer = HTTPProbe.Answer(
                status: Int(head.status.code), location: head.headers.first(name: "Location"), body: [])
        case .body(let part):
            let room = ProbeRunner.longestAnswer - (answer?.body.count ?? 0)
            answer?.body += part.readableBytesView.prefix(room)
            if room <= part.readableBytes { finish() }
        case .end: finish()
        }
    }

    private func finish() {
        if let answer { promise.succeed(answer) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        // An answer without a length ends with the connection.
        if answer == nil { promise.fail(HTTPProbe.Failure(description: "EOF")) } else { finish() }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? IOError {
            promise.fail(
                HTTPProbe.Failure(description: "read tcp: \(ConnectionFailure.words(error.errnoCode))"))
        } else if error is HTTPParserError {
            promise.fail(HTTPProbe.Failure(description: "net/http: HTTP/1.x transport connection broken"))
        } else if !(error is NIOSSLError && answer != nil) {
            promise.fail(HTTPProbe.Failure(description: "\(error)"))
        }
        context.close(promise: nil)
    }
}
