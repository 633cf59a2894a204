import KubeAuth
import NIOCore
import NIOHTTP1
import NIOHPACK

/// Request headers of either protocol, without converting one to the other.
enum RequestHeaders {
    case http1(HTTPHeaders)
    case http2(HPACKHeaders)

    func first(_ name: String) -> String? {
        switch self {
        case .http1(let headers): headers.first(name: name)
        case .http2(let headers): headers.first(name: name)
        }
    }

    func all(_ name: String) -> [String] {
        switch self {
        case .http1(let headers): headers[name]
        case .http2(let headers): headers[name]
        }
    }

    func forEach(_ body: (_ name: String, _ value: String) -> Void) {
        switch self {
        case .http1(let headers): for (name, value) in headers { body(name, value) }
        case .http2(let headers): for (name, value, _) in headers { body(name, value) }
        }
    }
}

/// What is known of the connection that a request came on; made once a connection.
final class ConnectionInfo: Sendable {
    /// Whom the verified client certificate names, if one was shown.
    let certificateUser: UserInfo?
    /// What a certificate of the front proxies' authority makes of the client; nil for any other, and for
    /// none.
    let proxy: Proxy?
    let remoteAddress: String
    /// Both ends are on this machine: compression would cost more than it saves.
    let isLocal: Bool

    enum Proxy {
        /// It says for whom it asks.
        case trusted
        case stranger
    }

    init(certificateUser: UserInfo?, proxy: Proxy? = nil, remoteAddress: String, isLocal: Bool) {
        self.certificateUser = certificateUser
        self.proxy = proxy
        self.remoteAddress = remoteAddress
        self.isLocal = isLocal
    }
}

struct ResponseHead {
    var status: Int
    var contentType: String
    /// Lower-case names.
    var headers: [(String, String)] = []

    init(status: Int = 200, contentType: String = "application/json", headers: [(String, String)] = []) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
    }
}

/// The half of an exchange that a protocol implements. All calls on the connection's event loop.
protocol ResponseSink: AnyObject {
    func respond(_ head: ResponseHead, body: ByteBuffer)
    func begin(_ head: ResponseHead)
    /// `promise` completes when the bytes have been handed to the socket.
    func write(_ bytes: ByteBuffer, promise: EventLoopPromise<Void>?)
    func flush()
    func end()
    /// Ends the exchange at once, leaving the client with an error.
    func abort()
    /// Answers 101 and hands the connection over. Throws where the protocol has no such thing.
    func upgrade(_ headers: [(String, String)], _ install: (Channel) throws -> Void) throws
}

extension ResponseSink {
    func upgrade(_ headers: [(String, String)], _ install: (Channel) throws -> Void) throws {
        throw ChannelError.operationUnsupported
    }
}

/// One request and its response. Confined to its connection's event loop: that is what makes the
/// unchecked conformance sound; other threads reach it by `eventLoop.execute`.
final class HTTPExchange: @unchecked Sendable {
    let eventLoop: EventLoop
    let connection: ConnectionInfo
    let method: String
    let uri: String
    let headers: RequestHeaders
    var body: ByteBuffer
    /// Let go of when the exchange is over: the sink holds the exchange too.
    private var sink: ResponseSink?
    /// Named in the answer and the audit log.
    var auditID = ""
    /// The UIDs of the FlowSchema and the priority level that the request belongs to, for the answer.
    var flow: (schema: String, level: String)?
    /// What the audit log will say of this exchange; nil when there is none.
    var audit: AuditEvent?
    private(set) var isFinished = false
    private(set) var status = 0
    private(set) var bytesSent = 0
    /// Bytes given to the sink that have not reached the socket yet.
    private(set) var pendingBytes = 0
    /// Called when bytes have reached the socket, so that more can be given.
    var onDrain: (() -> Void)?
    /// Called once when the client goes away before the response is complete.
    var onCancel: (() -> Void)?
    /// Called once when the response is complete or the exchange was cut.
    var onFinish: ((HTTPExchange) -> Void)?

    init(
        eventLoop: EventLoop, connection: ConnectionInfo, method: String, uri: String,
        headers: RequestHeaders, body: ByteBuffer, sink: ResponseSink
    ) {
        self.eventLoop = eventLoop
        self.connection = connection
        self.method = method
        self.uri = uri
        self.headers = headers
        self.body = body
        self.sink = sink
    }

    func respond(_ head: ResponseHead, body: ByteBuffer) {
        guard !isFinished else { return }
        var head = head
        var body = body
        if Gzip.applies(
            acceptEncoding: headers.first("accept-encoding"), size: body.readableBytes,
            isLocal: connection.isLocal), let compressed = Gzip.compress(body)
        {
            body = compressed
            head.headers.append(("content-encoding", "gzip"))
            head.headers.append(("vary", "Accept-Encoding"))
        }
        identify(&head)
        status = head.status
        bytesSent = body.readableBytes
        sink?.respond(head, body: body)
        finish()
    }

    func respond(_ head: ResponseHead, body: [UInt8]) { respond(head, body: ByteBuffer(bytes: body)) }

    private func identify(_ head: inout ResponseHead) {
        if !auditID.isEmpty { head.headers.append(("audit-id", auditID)) }
        if let flow {
            head.headers.append(("x-kubernetes-pf-flowschema-uid", flow.schema))
            head.headers.append(("x-kubernetes-pf-prioritylevel-uid", flow.level))
        }
    }

    // MARK: Streaming

    func begin(_ head: ResponseHead) {
        guard !isFinished else { return }
        var head = head
        identify(&head)
        status = head.status
        sink?.begin(head)
    }

    /// Writes a part of a streamed response; `flush` sends it.
    func write(_ bytes: ByteBuffer) {
        guard !isFinished else { return }
        let count = bytes.readableBytes
        bytesSent += count
        pendingBytes += count
        let promise = eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.pendingBytes -= count
            self.onDrain?()
        }
        sink?.write(bytes, promise: promise)
    }

    func flush() {
        if !isFinished { sink?.flush() }
    }

    func end() {
        guard !isFinished else { return }
        sink?.end()
        finish()
    }

    func abort() {
        guard !isFinished else { return }
        sink?.abort()
        finish()
    }

    /// What the client wants to speak instead of HTTP, in lower case; nil for nothing, and where the protocol
    /// does not allow it.
    var upgradeProtocol: String? {
        guard case .http1(let headers) = headers,
            headers[canonicalForm: "connection"].contains(where: { $0.lowercased() == "upgrade" })
        else { return nil }
        return headers.first(name: "upgrade")?.lowercased()
    }

    /// Answers 101 and hands the connection over: the exchange is over, the connection goes on.
    func upgrade(_ headers: [(String, String)], _ install: (Channel) throws -> Void) throws {
        guard !isFinished, let sink else { throw ChannelError.ioOnClosedChannel }
        status = 101
        onCancel = nil
        try sink.upgrade(headers, install)
        finish()
    }

    /// The client has gone.
    func cancelled() {
        guard !isFinished else { return }
        let cancel = onCancel
        onCancel = nil
        cancel?()
        finish()
    }

    private func finish() {
        isFinished = true
        onCancel = nil
        onDrain = nil
        sink = nil
        body = ByteBuffer()
        let finish = onFinish
        onFinish = nil
        finish?(self)
    }
}

/// Answers requests. Called on the connection's event loop; must not block it.
protocol HTTPRequestHandler: Sendable {
    func handle(_ exchange: HTTPExchange)
}

/// Bounds that hold for every request.
struct HTTPLimits: Sendable {
    /// Request bodies, as upstream's --max-request-bytes.
    var bodyBytes = 3 << 20
    var headerBytes = 1 << 20
    var headerFields = 10_000
    var concurrentStreams = 1_000
    /// Requests of a connection wait while its answers that have not been taken are larger than this; a watch
    /// that is this far behind is cut off.
    var pendingResponseBytes = 64 << 20
    /// An answer that has not been taken after this time is cut off, as by upstream's --request-timeout, and
    /// so is a watch that has more to say and was not read from for so long.
    var requestTimeout = TimeAmount.seconds(60)
    /// Answers smaller than this are not timed: the number of streams bounds what they take.
    var timedResponseBytes = 16 << 10
}
