import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Why no connection came about, in the words of Go's `net` package, which Events show.
enum ConnectionFailure {
    static func words(_ error: any Error, host: String, port: Int) -> String {
        let address = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        if let error = error as? IOError {
            return "dial tcp \(address): connect: \(words(error.errnoCode))"
        }
        if let error = error as? NIOConnectionError {
            if error.dnsAError != nil, error.connectionErrors.isEmpty {
                return "dial tcp: lookup \(host): no such host"
            }
            if let first = error.connectionErrors.first {
                return words(first.error, host: host, port: port)
            }
        }
        if case ChannelError.connectTimeout? = error as? ChannelError {
            return "dial tcp \(address): i/o timeout"
        }
        return "dial tcp \(address): \(error)"
    }

    static func words(_ code: CInt) -> String {
        switch code {
        case ECONNREFUSED: "connection refused"
        case ECONNRESET: "connection reset by peer"
        case EHOSTUNREACH: "no route to host"
        case ENETUNREACH: "network is unreachable"
        case ETIMEDOUT: "connection timed out"
        default: String(cString: strerror(code)).lowercased()
        }
    }

    /// Connects to an address, or to a name of the machine's resolver.
    static func connect(_ bootstrap: ClientBootstrap, host: String, port: Int) -> EventLoopFuture<any Channel>
    {
        if let address = try? SocketAddress(ipAddress: host, port: port) {
            return bootstrap.connect(to: address)
        }
        return bootstrap.connect(host: host, port: port)
    }
}

/// Whether something listens.
enum TCPProbe {
    static func run(host: String, port: Int, timeout: Int) async -> ProbeOutcome {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(Int64(timeout)))
        do {
            let channel = try await ConnectionFailure.connect(bootstrap, host: host, port: port).get()
            channel.close(promise: nil)
            return .success
        } catch {
            return .failure(ConnectionFailure.words(error, host: host, port: port))
        }
    }
}
