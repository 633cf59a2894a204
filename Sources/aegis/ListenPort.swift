import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// The port that a server is going to listen on, looked at before anything is started.
struct ListenPort {
    /// With the usual port taken, so many after it are tried.
    private static let usual = 6443..<6543

    let number: Int

    /// - Parameter wanted: 0 for any; nil for the usual one or the next that is free.
    init(host: String, wanted: Int?) throws {
        switch wanted {
        case 0: number = 0
        case .some(let port):
            guard Self.isFree(host, port) else {
                throw Failure(
                    "port \(port) on \(host) is taken: stop what uses it or choose another with --secure-port"
                )
            }
            number = port
        case nil:
            guard let free = Self.usual.first(where: { Self.isFree(host, $0) }) else {
                throw Failure(
                    "ports \(Self.usual.lowerBound) to \(Self.usual.upperBound - 1) on \(host) are taken: "
                        + "choose another with --secure-port")
            }
            number = free
        }
    }

    /// Whatever else is wrong with an address is said by who listens on it.
    static func isFree(_ host: String, _ port: Int) -> Bool {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &found) == 0, let found else { return true }
        defer { freeaddrinfo(found) }
        let address = found.pointee
        let descriptor = socket(address.ai_family, address.ai_socktype, address.ai_protocol)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        return bind(descriptor, address.ai_addr, address.ai_addrlen) == 0 || errno != EADDRINUSE
    }
}
