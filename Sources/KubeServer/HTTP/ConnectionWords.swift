import NIOCore
import NIOPosix
import NIOSSL

/// What usually goes wrong with a connection, as Go words it.
enum ConnectionWords {
    static func of(_ error: any Error) -> String {
        let all: [any Error] = (error as? NIOConnectionError)?.connectionErrors.map(\.error) ?? [error]
        for error in all {
            if let error = error as? IOError {
                switch error.errnoCode {
                case 111: return "connect: connection refused"
                case 113: return "connect: no route to host"
                case 101: return "connect: network is unreachable"
                case 104: return "read: connection reset by peer"
                default: return "\(error)"
                }
            }
            if case ChannelError.connectTimeout = error { return "i/o timeout" }
            if case ChannelError.eof = error { return "EOF" }
        }
        return "\(error)"
    }

    /// The same of what goes wrong with a certificate; nil for anything else.
    /// - Parameter serverName: whom the certificate must name.
    static func ofTLS(_ error: any Error, serverName: String) -> String? {
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return
                "tls: failed to verify certificate: x509: certificate signed by unknown authority, or no longer valid"
        }
        if let error = error as? NIOSSLExtraError, error == .failedToValidateHostname {
            return "tls: failed to verify certificate: x509: certificate is not valid for \(serverName)"
        }
        return error is NIOSSLError || error is BoringSSLError || error is NIOSSLExtraError
            ? "tls: \(text)" : nil
    }
}
