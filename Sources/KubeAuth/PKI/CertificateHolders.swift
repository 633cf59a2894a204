import SwiftASN1
import X509

/// Who is at the other end of a connection, by a certificate that was verified against the authority of
/// clients and that of front proxies.
public enum CertificateHolder: Sendable {
    /// Somebody who asks for themselves.
    case user(UserInfo)
    /// Somebody who says for whom they ask.
    case frontProxy
    /// Somebody of the front proxies' authority who may not do that.
    case stranger
}

/// Tells certificates of the two authorities apart (k8s.io/apiserver's request/headerrequest and
/// request/x509).
public struct CertificateHolders: Sendable {
    private let authority: Certificate

    /// - Parameter frontProxyCA: PEM.
    public init(frontProxyCA: String) throws { authority = try Certificate(pemEncoded: frontProxyCA) }

    /// - Returns: nil for a certificate that names nobody.
    public func holder(of der: [UInt8]) -> CertificateHolder? {
        guard let certificate = try? Certificate(derEncoded: der) else { return nil }
        // Two authorities may bear one name: the signature decides.
        if certificate.issuer == authority.subject,
            authority.publicKey.isValidSignature(certificate.signature, for: certificate)
        {
            return certificate.subject.identity.commonName == AuthenticationTrust.frontProxyName
                ? .frontProxy : .stranger
        }
        return UserInfo(clientCertificate: der).map { .user($0.authenticated) }
    }
}
