import AsyncHTTPClient
import Dispatch
import NIOCore
import NIOHTTP1
import NIOSSL

/// Requests over HTTP/1.1 or HTTP/2, as the server offers.
public final class HTTPTransport: Transport {
    private let client: HTTPClient
    private let server: String

    /// - Throws: `ConfigurationError` when certificates or keys cannot be read.
    public init(_ configuration: ClientConfiguration) throws {
        server = configuration.server
        var tls = TLSConfiguration.makeClientConfiguration()
        switch configuration.trust {
        case .system: break
        case .nothing: tls.certificateVerification = .none
        case .authority(let pem):
            do {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)))
            } catch {
                throw ConfigurationError("the certificate authority is not PEM: \(error)")
            }
        }
        if let certificate = configuration.certificate {
            do {
                tls.certificateChain = try NIOSSLCertificate.fromPEMBytes(
                    Array(certificate.certificatePEM.utf8)
                )
                .map { .certificate($0) }
                tls.privateKey = .privateKey(
                    try NIOSSLPrivateKey(bytes: Array(certificate.keyPEM.utf8), format: .pem))
            } catch {
                throw ConfigurationError("the client certificate or its key is not PEM: \(error)")
            }
        }
        var options = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10)),
            connectionPool: .init(idleTimeout: .seconds(90), concurrentHTTP1ConnectionsPerHostSoftLimit: 64))
        options.httpVersion = .automatic
        // The caller decides about trying again.
        options.connectionPool.retryConnectionEstablishment = false
        if let name = configuration.tlsServerName, let range = Self.hostRange(of: configuration.server) {
            // Certificate and SNI follow the address's host: the name stands there, and the host behind it.
            options.dnsOverride = [name: String(configuration.server[range])]
            serverName = name
        } else {
            serverName = nil
        }
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
    }

    private let serverName: String?

    /// The address's host, and where in the address it stands.
    static func hostRange(of server: String) -> Range<String.Index>? {
        guard let colon = server.firstIndex(of: ":") else { return nil }
        let rest = server[colon...].dropFirst()
        guard rest.hasPrefix("//") else { return nil }
        let authority = rest.dropFirst(2).prefix { $0 != "/" }
        if authority.hasPrefix("[") {
            let host = authority.dropFirst().prefix { $0 != "]" }
            return host.startIndex..<host.endIndex
        }
        let host = authority.prefix { $0 != ":" }
        return host.startIndex..<host.endIndex
    }

    private func address(_ target: String) -> String {
        guard let serverName, let range = Self.hostRange(of: server) else { return server + target }
        return server[..<range.lowerBound] + serverName + server[range.upperBound...] + target
    }

    public func send(_ request: TransportRequest) async throws -> TransportResponse {
        var outgoing = HTTPClientRequest(url: address(request.target))
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
        if let body = request.body { outgoing.body = .bytes(ByteBuffer(bytes: body)) }
        let response: HTTPClientResponse
        do {
            response = try await client.execute(
                outgoing, deadline: .now() + .nanoseconds(Int64(request.timeout * 1e9)))
        } catch {
            throw Self.translated(error)
        }
        let body = response.body
        let stream = AsyncThrowingStream<[UInt8], any Error> {
            [iterator = Iterator(body.makeAsyncIterator())] in
            do {
                return try await iterator.next()
            } catch {
                throw Self.translated(error)
            }
        }
        return TransportResponse(
            status: Int(response.status.code),
            retryAfter: response.headers.first(name: "retry-after").flatMap { Double($0) }, body: stream)
    }

    /// Whoever forgot to shut it down leaves no connections behind.
    deinit { client.shutdown(queue: .global()) { _ in } }

    public func shutdown() async { try? await client.shutdown() }

    private static func translated(_ error: any Error) -> any Error {
        // A connection that breaks cancels what is under way on it: that is not the task's cancellation.
        if Task.isCancelled { return CancellationError() }
        guard let error = error as? HTTPClientError else { return ClientError.unreachable("\(error)") }
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout, .connectTimeout, .getConnectionFromPoolTimeout:
            return ClientError.timedOut
        default: return ClientError.unreachable(error.shortDescription)
        }
    }
}

/// The body's iterator; the stream around it asks from one task at a time.
private final class Iterator: @unchecked Sendable {
    private var base: HTTPClientResponse.Body.AsyncIterator

    init(_ base: HTTPClientResponse.Body.AsyncIterator) { self.base = base }

    func next() async throws -> [UInt8]? { try await base.next().map { Array($0.readableBytesView) } }
}
