import GRPCCore
import GRPCNIOTransportHTTP2Posix
import GRPCProtobuf
import NIOPosix
import SwiftProtobuf
import Synchronization

/// Speaks to a container runtime over its unix socket (CRI v1). Connections are made when they are needed and made
/// anew when they broke.
///
/// containerd's gRPC sends a ping after each request, and the transport takes two hundred pings within half a minute for
/// an attack: it closes the connection, whereupon containerd gives up all that it was making over it. So a connection
/// that has had many calls in a short time takes no more; what is under way over it goes on to its end, and later calls
/// go over another one.
public final class CRIClient: Sendable {
    private typealias Transport = HTTP2ClientTransport.Posix

    private struct Connection: Sendable {
        var client: GRPCClient<Transport>
        var task: Task<Void, Never>
        /// Calls since then.
        var calls = 0
        var since = ContinuousClock.now
    }

    /// How many calls a connection takes within `window`: any window of that length has less than two hundred.
    private static let callsPerWindow = 95
    private static let window = Duration.seconds(30)

    public let socket: String
    private let connection: Mutex<Connection>

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
        connection = Mutex(try Self.connect(socket))
    }

    private static func connect(_ socket: String) throws -> Connection {
        let transport = try Transport(
            target: .unixDomainSocket(path: socket, authority: "localhost"), transportSecurity: .plaintext,
            config: .defaults { config in
                config.backoff = .init(
                    initial: .milliseconds(50), max: .milliseconds(500), multiplier: 1.6, jitter: 0.1)
            }, eventLoopGroup: .singletonMultiThreadedEventLoopGroup)
        let client = GRPCClient(transport: transport)
        return Connection(client: client, task: Task { try? await client.runConnections() })
    }

    /// Lets a connection end with the last call over it. Calls that were given it have begun by then.
    private static func retire(_ client: GRPCClient<Transport>) {
        Task {
            try? await Task.sleep(for: window)
            client.beginGracefulShutdown()
        }
    }

    /// The client for one more call.
    private func client() -> GRPCClient<Transport> {
        connection.withLock { connection in
            let now = ContinuousClock.now
            if now - connection.since > Self.window {
                connection.since = now
                connection.calls = 0
            } else if connection.calls >= Self.callsPerWindow, let next = try? Self.connect(socket) {
                Self.retire(connection.client)
                connection = next
            }
            connection.calls += 1
            return connection.client
        }
    }

    /// Ends the connection; calls under way fail.
    public func close() {
        connection.withLock { connection in
            connection.client.beginGracefulShutdown()
            connection.task.cancel()
        }
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
            return try await client().unary(
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
            try await client().serverStreaming(
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
