import GRPCCore
import GRPCNIOTransportHTTP2Posix
import GRPCProtobuf
import NIOPosix
import SwiftProtobuf

/// Speaks to a container runtime over its unix socket (CRI v1). One connection, made when it is needed and
/// made anew when it broke.
public final class CRIClient: Sendable {
    private typealias Transport = HTTP2ClientTransport.Posix

    public let socket: String
    private let client: GRPCClient<Transport>
    private let connections: Task<Void, Never>

    /// - Parameter socket: the path of containerd's socket; it need not exist yet.
    /// - Throws: when the path is longer than a socket's may be.
    public init(socket: String) throws {
        guard socket.utf8.count < 108 else {
            throw CRIError(
                kind: .unavailable,
                description: "the socket's path is longer than 107 bytes: \(socket): choose a shorter "
                    + "data directory")
        }
        self.socket = socket
        let transport = try Transport(
            target: .unixDomainSocket(path: socket, authority: "localhost"), transportSecurity: .plaintext,
            config: .defaults { config in
                config.backoff = .init(
                    initial: .milliseconds(50), max: .milliseconds(500), multiplier: 1.6, jitter: 0.1)
            }, eventLoopGroup: .singletonMultiThreadedEventLoopGroup)
        let client = GRPCClient(transport: transport)
        self.client = client
        connections = Task { try? await client.runConnections() }
    }

    /// Ends the connection; calls under way fail.
    public func close() {
        client.beginGracefulShutdown()
        connections.cancel()
    }

    /// Makes a call.
    /// - Parameter deadline: after which it fails; upstream's for most calls is two minutes.
    /// - Throws: `CRIError`.
    func call<Request: Message, Response: Message>(
        _ method: String, of service: String = "runtime.v1.RuntimeService", _ request: Request,
        deadline: Duration = .seconds(120), as: Response.Type = Response.self
    ) async throws -> Response {
        var options = CallOptions.defaults
        options.timeout = deadline
        options.waitForReady = false
        options.maxResponseMessageBytes = 32 << 20
        do {
            return try await client.unary(
                request: ClientRequest(message: request),
                descriptor: MethodDescriptor(fullyQualifiedService: service, method: method),
                serializer: ProtobufSerializer<Request>(), deserializer: ProtobufDeserializer<Response>(),
                options: options
            ) { try $0.message }
        } catch {
            throw CRIError(error, socket: socket)
        }
    }

    /// Follows a stream until it ends.
    func follow<Request: Message, Response: Message>(
        _ method: String, of service: String, _ request: Request, as: Response.Type,
        _ take: @escaping @Sendable (Response) async -> Void
    ) async throws {
        var options = CallOptions.defaults
        options.waitForReady = false
        do {
            try await client.serverStreaming(
                request: ClientRequest(message: request),
                descriptor: MethodDescriptor(fullyQualifiedService: service, method: method),
                serializer: ProtobufSerializer<Request>(), deserializer: ProtobufDeserializer<Response>(),
                options: options
            ) { response in
                for try await message in response.messages { await take(message) }
            }
        } catch {
            throw CRIError(error, socket: socket)
        }
    }
}
