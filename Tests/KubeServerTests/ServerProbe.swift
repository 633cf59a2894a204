import Crypto
import KubeAPI
import KubeAuth
import KubeEngine
import KubeJSON
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

@testable import KubeServer

/// The handlers of a server without sockets, over the objects of a virtual cluster.
final class ServerProbe: Sendable {
    struct Answer {
        var status = 0
        var contentType = ""
        var headers: [(String, String)] = []
        var body: JSON = .null
        var bytes: [UInt8] = []
        var message: String { body["message"]?.string ?? "" }
    }

    let cluster: VirtualCluster
    private let server: APIServer

    init(metrics: (any MetricsSource)? = nil) throws {
        cluster = try VirtualCluster(controllers: [])
        let registry = cluster.registry
        server = APIServer(
            registry: registry,
            authenticator: RequestAuthenticator(
                signer: TokenSigner(key: P256.Signing.PrivateKey()), registry: registry),
            authorizer: LiveAuthorizer(), documents: APIDocuments(address: "127.0.0.1:6443"),
            metrics: ServerMetrics(), audit: nil, logger: Logger(label: "test"), nodeProxy: NodeProxyHook(),
            readiness: Readiness([]), limits: HTTPLimits(),
            metricsAPI: metrics.map { MetricsAPI($0, store: registry.store) })
    }

    /// What an administrator is answered.
    func ask(
        _ method: String, _ uri: String, accept: String = "application/json",
        headers: [(String, String)] = [], body: JSON? = nil
    ) throws -> Answer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        return try loop.submit { [server] in
            let sink = Sink()
            let exchange = HTTPExchange(
                eventLoop: loop,
                connection: ConnectionInfo(
                    certificateUser: UserInfo(name: "admin", groups: [Group.masters, Group.authenticated]),
                    remoteAddress: "127.0.0.1", isLocal: true),
                method: method, uri: uri, headers: .http1(HTTPHeaders([("accept", accept)] + headers)),
                body: body.map { ByteBuffer(bytes: JSONWriter.bytes($0)) } ?? ByteBuffer(), sink: sink)
            server.handle(exchange)
            var answer = Answer()
            answer.status = sink.head?.status ?? 0
            answer.contentType = sink.head?.contentType ?? ""
            answer.headers = sink.head?.headers ?? []
            answer.bytes = Array(sink.body.readableBytesView)
            answer.body = (try? JSONParser.parse(Array(sink.body.readableBytesView))) ?? .null
            return answer
        }.wait()
    }

    private final class Sink: ResponseSink {
        var head: ResponseHead?
        var body = ByteBuffer()

        func respond(_ head: ResponseHead, body: ByteBuffer) {
            self.head = head
            self.body = body
        }
        func begin(_ head: ResponseHead) { self.head = head }
        func write(_ bytes: ByteBuffer, promise: EventLoopPromise<Void>?) {
            body.writeImmutableBuffer(bytes)
            promise?.succeed()
        }
        func flush() {}
        func end() {}
        func abort() {}
    }
}
