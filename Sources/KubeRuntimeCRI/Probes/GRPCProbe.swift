import GRPCCore
import GRPCNIOTransportHTTP2Posix
import GRPCProtobuf
import NIOPosix

/// Asks by gRPC's health protocol (pkg/probe/grpc).
enum GRPCProbe {
    static func run(host: String, port: Int, service: String, timeout: Int) async -> ProbeOutcome {
        let address = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        let late = ProbeOutcome.failure(
            "timeout: failed to connect service \"\(address)\" within \(timeout)s: context deadline exceeded")
        // Until something listens there is nobody to ask, and no waiting for it to appear either.
        guard case .success = await TCPProbe.run(host: host, port: port, timeout: timeout) else {
            return late
        }
        do {
            return try await ask(host: host, port: port, service: service, timeout: timeout)
        } catch let error as RPCError {
            switch error.code {
            case .unimplemented:
                return .failure(
                    "error: this server does not implement the grpc health protocol "
                        + "(grpc.health.v1.Health): \(error.message)")
            case .deadlineExceeded, .cancelled:
                return .failure("timeout: health rpc did not complete within \(timeout)s")
            case .unavailable: return late
            default:
                return .failure("error: health rpc probe failed: \(CRIError(error, socket: "").description)")
            }
        } catch {
            return .failure("error: health rpc probe failed: \(error)")
        }
    }

    private static func ask(
        host: String, port: Int, service: String, timeout: Int
    ) async throws -> ProbeOutcome {
        let target: any ResolvableTarget =
            host.contains(":") ? .ipv6(address: host, port: port) : .ipv4(address: host, port: port)
        let transport = try HTTP2ClientTransport.Posix(
            target: target, transportSecurity: .plaintext,
            eventLoopGroup: .singletonMultiThreadedEventLoopGroup)
        return try await withGRPCClient(transport: transport) { client in
            var options = CallOptions.defaults
            options.timeout = .seconds(timeout)
            var question = GRPCHealthHealthCheckRequest()
            question.service = service
            let answer = try await client.unary(
                request: ClientRequest(
                    message: question, metadata: ["user-agent": "kube-probe/1.36"]),
                descriptor: MethodDescriptor(
                    fullyQualifiedService: "grpc.health.v1.Health", method: "Check"),
                serializer: ProtobufSerializer<GRPCHealthHealthCheckRequest>(),
                deserializer: ProtobufDeserializer<GRPCHealthHealthCheckResponse>(), options: options
            ) { try $0.message }
            if answer.status == .serving { return .success }
            let word =
                switch answer.status {
                case .notServing: "NOT_SERVING"
                case .serviceUnknown: "SERVICE_UNKNOWN"
                case .unknown, .serving: "UNKNOWN"
                case .UNRECOGNIZED(let number): "\(number)"
                }
            return .failure("service unhealthy (responded with \"\(word)\")")
        }
    }
}
