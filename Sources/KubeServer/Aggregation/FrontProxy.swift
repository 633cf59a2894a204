import KubeAuth
import NIOConcurrencyHelpers
import NIOSSL

/// How the server makes itself known to servers behind it: by a client certificate, and by headers that say
/// who asks (k8s.io/client-go/transport, SetAuthProxyHeaders).
final class FrontProxy: Sendable {
    struct Failure: Error, Sendable, CustomStringConvertible {
        let description: String
    }

    private struct Key: Hashable {
        let authorities: [UInt8]
        let skipsVerification: Bool
    }

    private let chain: [NIOSSLCertificateSource]
    private let privateKey: NIOSSLPrivateKeySource
    /// Making one reads certificates.
    private let contexts = NIOLockedValueBox<[Key: NIOSSLContext]>([:])

    init(certificatePEM: String, keyPEM: String) throws {
        chain = try NIOSSLCertificate.fromPEMBytes(Array(certificatePEM.utf8)).map { .certificate($0) }
        privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(keyPEM.utf8), format: .pem))
    }

    /// - Parameter authorities: in PEM, whom the other server's certificate must be of; empty for the
    ///   system's.
    func context(authorities: [UInt8], skipsVerification: Bool) throws(Failure) -> NIOSSLContext {
        let key = Key(authorities: authorities, skipsVerification: skipsVerification)
        if let known = contexts.withLockedValue({ $0[key] }) { return known }
        do {
            var settings = TLSConfiguration.makeClientConfiguration()
            settings.applicationProtocols = ["http/1.1"]
            settings.certificateChain = chain
            settings.privateKey = privateKey
            if skipsVerification {
                settings.certificateVerification = .none
            } else if !authorities.isEmpty {
                settings.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(authorities))
            }
            let context = try NIOSSLContext(configuration: settings)
            contexts.withLockedValue {
                if $0.count >= 200 { $0 = [:] }
                $0[key] = context
            }
            return context
        } catch {
            throw Failure(description: "unable to load root certificates: \(error)")
        }
    }

    // MARK: Headers

    /// Whether a header says who asks; such a one of a client's is never handed on.
    static func saysWhoAsks(_ header: String) -> Bool {
        let name = header.lowercased()
        return name == "x-remote-user" || name == "x-remote-uid" || name == "x-remote-group"
            || name.hasPrefix("x-remote-extra-")
    }

    static func headers(of user: UserInfo) throws(Failure) -> [(name: String, value: String)] {
        var headers = [(name: AuthenticationTrust.userHeader, value: user.name)]
        if !user.uid.isEmpty { headers.append((AuthenticationTrust.uidHeader, user.uid)) }
        for group in user.groups { headers.append((AuthenticationTrust.groupHeader, group)) }
        for (key, values) in user.extra.sorted(by: { $0.key < $1.key }) {
            for value in values {
                headers.append((AuthenticationTrust.extraHeaderPrefix + escaped(key), value))
            }
        }
        // A line break in a name would be a header of its own to the other server.
        for (name, value) in headers where !value.utf8.allSatisfy({ $0 == 9 || $0 >= 32 && $0 != 127 }) {
            throw Failure(description: "net/http: invalid header field value for \"\(name)\"")
        }
        return headers
    }

    /// A key of extra facts as a header's name has it: what may not stand there, and the sign of escapes
    /// itself, percent-encoded.
    private static func escaped(_ key: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var text = ""
        for byte in key.utf8 {
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "!#$&'*+-.^_`|~".utf8.contains(byte)
            if isPlain {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return text
    }
}
