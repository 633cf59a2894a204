import Foundation

/// What control loops may ask of the cluster's authority and of its policy. They never hold the key.
public struct ClusterTrust: Sendable {
    /// Signs a PKCS #10 request in PEM for so many seconds.
    /// - Returns: the certificate in PEM.
    /// - Throws: `CertificateAuthority.Failure` for a request that this signer never signs.
    public typealias Sign =
        @Sendable (
            _ csr: String, _ signer: CertificateSigner, _ usages: [String], _ duration: TimeInterval,
            _ now: Date
        ) throws -> String

    /// Of the cluster's authority, PEM.
    public let rootCertificate: String
    public let sign: Sign
    /// Says who may do what.
    public let authorizer: @Sendable (Attributes) -> Decision

    public init(
        rootCertificate: String, authorizer: @escaping @Sendable (Attributes) -> Decision,
        sign: @escaping Sign
    ) {
        self.rootCertificate = rootCertificate
        self.authorizer = authorizer
        self.sign = sign
    }

    /// Signs with an authority. Serial numbers come from the system's random numbers.
    public init(
        authority: CertificateAuthority, rootCertificate: String,
        authorizer: @escaping @Sendable (Attributes) -> Decision
    ) {
        self.init(rootCertificate: rootCertificate, authorizer: authorizer) {
            csr, signer, usages, duration, now in
            var random = SystemRandomNumberGenerator()
            return try authority.sign(
                csr: csr, signer: signer, usages: usages, duration: duration, now: now, random: &random)
        }
    }

    /// Trusts nobody: for a cluster without an authority.
    public static let none = ClusterTrust(
        rootCertificate: "", authorizer: { _ in .noOpinion(reason: "") },
        sign: { _, _, _, _, _ in
            throw CertificateAuthority.Failure.badRequest("the cluster has no authority")
        })
}
