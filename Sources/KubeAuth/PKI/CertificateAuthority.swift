import Crypto
import Foundation
import SwiftASN1
import X509

/// The cluster's certificate authority: an ECDSA P-256 key and its self-signed certificate.
///
/// P-256 everywhere, because making an RSA key would take longer than the whole start-up may.
public struct CertificateAuthority: Sendable {
    public let certificate: Certificate
    private let key: Certificate.PrivateKey

    static let lifetime: TimeInterval = 10 * 365 * 86_400
    /// Certificates are good from a little before they were made: other machines' clocks may be behind.
    static let clockSkew: TimeInterval = 300

    public enum Failure: Error, Sendable, CustomStringConvertible {
        case badRequest(String)

        public var description: String {
            switch self {
            case .badRequest(let reason): reason
            }
        }
    }

    public init(certificate: Certificate, key: Certificate.PrivateKey) {
        self.certificate = certificate
        self.key = key
    }

    /// A new authority.
    public init(
        commonName: String, now: Date, random: inout some RandomNumberGenerator
    ) throws {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let name = try DistinguishedName { CommonName(commonName) }
        let extensions = try Certificate.Extensions {
            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
            Critical(KeyUsage(digitalSignature: true, keyEncipherment: true, keyCertSign: true))
            SubjectKeyIdentifier(hash: key.publicKey)
        }
        certificate = try Certificate(
            version: .v3, serialNumber: Self.serial(&random), publicKey: key.publicKey,
            notValidBefore: now - Self.clockSkew, notValidAfter: now + Self.lifetime, issuer: name,
            subject: name, signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions, issuerPrivateKey: key
        )
        self.key = key
    }

    /// What a certificate is for.
    public struct Template: Sendable {
        public var commonName: String
        public var organizations: [String]
        public var dnsNames: [String]
        /// In text form; what is no address is ignored.
        public var addresses: [String]
        public var isServer: Bool
        public var isClient: Bool
        /// Seconds.
        public var lifetime: TimeInterval

        public init(
            commonName: String, organizations: [String] = [], dnsNames: [String] = [],
            addresses: [String] = [], isServer: Bool = false, isClient: Bool = false,
            lifetime: TimeInterval = 365 * 86_400
        ) {
            self.commonName = commonName
            self.organizations = organizations
            self.dnsNames = dnsNames
            self.addresses = addresses
            self.isServer = isServer
            self.isClient = isClient
            self.lifetime = lifetime
        }
    }

    /// A certificate for a new key.
    public func issue(
        _ template: Template, now: Date, random: inout some RandomNumberGenerator
    ) throws -> (certificate: Certificate, key: Certificate.PrivateKey) {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let subject = try DistinguishedName {
            for organization in template.organizations { OrganizationName(organization) }
            CommonName(template.commonName)
        }
        let names =
            template.dnsNames.map(GeneralName.dnsName)
            + template.addresses.compactMap(IPAddress.init).map {
                GeneralName.ipAddress(ASN1OctetString(contentBytes: $0.bytes[...]))
            }
        var usages: [ExtendedKeyUsage.Usage] = []
        if template.isServer { usages.append(.serverAuth) }
        if template.isClient { usages.append(.clientAuth) }
        let certificate = try issue(
            publicKey: key.publicKey, subject: subject, names: names, usages: usages, keyEncipherment: true,
            now: now, notAfter: now + template.lifetime, random: &random)
        return (certificate, key)
    }

    func issue(
        publicKey: Certificate.PublicKey, subject: DistinguishedName, names: [GeneralName],
        usages: [ExtendedKeyUsage.Usage], keyEncipherment: Bool, now: Date, notAfter: Date,
        random: inout some RandomNumberGenerator
    ) throws -> Certificate {
        let identifier = try certificate.extensions.subjectKeyIdentifier?.keyIdentifier
        let extensions = try Certificate.Extensions {
            Critical(KeyUsage(digitalSignature: true, keyEncipherment: keyEncipherment))
            try ExtendedKeyUsage(usages)
            Critical(BasicConstraints.notCertificateAuthority)
            AuthorityKeyIdentifier(keyIdentifier: identifier)
            if !names.isEmpty { SubjectAlternativeNames(names) }
        }
        return try Certificate(
            version: .v3, serialNumber: Self.serial(&random), publicKey: publicKey,
            notValidBefore: max(now - Self.clockSkew, certificate.notValidBefore),
            notValidAfter: min(notAfter, certificate.notValidAfter), issuer: certificate.subject,
            subject: subject, signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions,
            issuerPrivateKey: key)
    }

    /// 127 random bits: positive, and never the same twice.
    private static func serial(
        _ random: inout some RandomNumberGenerator
    ) -> Certificate.SerialNumber {
        var bytes: [UInt8] = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        bytes[0] = bytes[0] & 0x7F | 0x40
        return Certificate.SerialNumber(bytes: bytes)
    }

    func privateKeyPEM() throws -> String { try key.serializeAsPEM().pemString + "\n" }
}

/// An IPv4 or IPv6 address from its text form.
struct IPAddress: Hashable, Sendable {
    let bytes: [UInt8]

    init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }
}

extension Certificate {
    /// PEM text with a final newline.
    func pem() throws -> String { try serializeAsPEM().pemString + "\n" }
}
