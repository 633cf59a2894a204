import Foundation
import SwiftASN1
import X509

/// The signers of certificates.k8s.io that kube-controller-manager serves, with their rules.
public enum CertificateSigner: String, Sendable, CaseIterable {
    case kubeAPIServerClient = "kubernetes.io/kube-apiserver-client"
    case kubeAPIServerClientKubelet = "kubernetes.io/kube-apiserver-client-kubelet"
    case kubeletServing = "kubernetes.io/kubelet-serving"

    /// Why this signer does not sign for such usages; nil when it does. Kubelets must ask for digital
    /// signatures, others may; encipherment is for RSA keys and always free.
    func refusal(usages: Set<String>) -> String? {
        let purpose = self == .kubeletServing ? "server auth" : "client auth"
        let isExact = usages.subtracting(["digital signature", "key encipherment"]) == [purpose]
        let isComplete = self == .kubeAPIServerClient || usages.contains("digital signature")
        if isExact && isComplete { return nil }
        return "usages did not match [digital signature key encipherment \(purpose)]"
    }

    /// Why this signer does not sign for such a subject; nil when it does.
    func refusal(_ subject: RequestedSubject) -> String? {
        switch self {
        case .kubeAPIServerClient:
            return subject.organizations.contains(Group.masters)
                ? "use of \(rawValue) signer with system:masters group is not allowed" : nil
        case .kubeAPIServerClientKubelet, .kubeletServing:
            if subject.organizations != [Group.nodes] { return "subject organization is not system:nodes" }
            guard subject.commonName.hasPrefix("system:node:") else {
                return "subject common name does not begin with system:node: "
            }
        }
        if !subject.emails.isEmpty { return "email subjectAltNames are not allowed" }
        if !subject.uris.isEmpty { return "URI subjectAltNames are not allowed" }
        let isNamed = !subject.dnsNames.isEmpty || !subject.addresses.isEmpty
        if self == .kubeletServing, !isNamed { return "at least one DNS or IP subjectAltName is required" }
        if self == .kubeAPIServerClientKubelet, isNamed {
            return subject.dnsNames.isEmpty
                ? "IP subjectAltNames are not allowed" : "DNS subjectAltNames are not allowed"
        }
        return nil
    }

}

/// What a certificate signing request names.
struct RequestedSubject {
    var commonName = ""
    var organizations: [String] = []
    var dnsNames: [String] = []
    var addresses: [[UInt8]] = []
    var emails: [String] = []
    var uris: [String] = []

    init(_ request: CertificateSigningRequest) throws {
        (commonName, organizations, _) = request.subject.identity
        let names = try request.attributes.extensionRequest?.extensions.subjectAlternativeNames
        for name in names ?? .init() {
            switch name {
            case .dnsName(let name): dnsNames.append(name)
            case .ipAddress(let address): addresses.append(Array(address.bytes))
            case .rfc822Name(let name): emails.append(name)
            case .uniformResourceIdentifier(let uri): uris.append(uri)
            default: break
            }
        }
    }
}

extension CertificateAuthority {
    /// Signs a CertificateSigningRequest's PKCS #10 request as one of the cluster's signers.
    ///
    /// - Parameters:
    ///   - pem: `spec.request`, decoded from base64.
    ///   - usages: `spec.usages`.
    ///   - duration: the certificate's life in seconds; it never outlives the authority.
    /// - Returns: the certificate in PEM, for `status.certificate`.
    /// - Throws: `Failure.badRequest` with the reason for a `Failed` condition.
    public func sign(
        csr pem: String, signer: CertificateSigner, usages: [String], duration: TimeInterval, now: Date,
        random: inout some RandomNumberGenerator
    ) throws -> String {
        guard let request = try? CertificateSigningRequest(pemEncoded: pem) else {
            throw Failure.badRequest("unable to parse CSR")
        }
        guard request.publicKey.isValidSignature(request.signature, for: request) else {
            throw Failure.badRequest("CSR signature is invalid")
        }
        let subject = try RequestedSubject(request)
        if let refusal = signer.refusal(subject) ?? signer.refusal(usages: Set(usages)) {
            throw Failure.badRequest(refusal)
        }
        let names =
            signer == .kubeletServing
            ? subject.dnsNames.map(GeneralName.dnsName)
                + subject.addresses.map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) }
            : []
        let certificate = try issue(
            publicKey: request.publicKey, subject: request.subject, names: names,
            usages: [signer == .kubeletServing ? .serverAuth : .clientAuth],
            keyEncipherment: usages.contains("key encipherment"), now: now, notAfter: now + duration,
            random: &random)
        return try certificate.pem()
    }
}

extension CertificateSigner {
    /// The organizations of a PKCS #10 request's subject: the groups of whoever holds the certificate.
    /// - Parameter pem: `spec.request`, decoded from base64.
    /// - Returns: nil when it is no such request.
    public static func requestedGroups(csr pem: String) -> [String]? {
        guard let request = try? CertificateSigningRequest(pemEncoded: pem),
            let subject = try? RequestedSubject(request)
        else { return nil }
        return subject.organizations
    }
}

extension CertificateSigner {
    /// What is wrong with the signature of a PKCS #10 request, in Go's words; nil when whoever made it holds
    /// the key that it names, and for what is no such request at all.
    /// - Parameter pem: `spec.request`, decoded from base64.
    public static func signatureProblem(csr pem: String) -> String? {
        guard let request = try? CertificateSigningRequest(pemEncoded: pem),
            !request.publicKey.isValidSignature(request.signature, for: request)
        else { return nil }
        let algorithm = request.signatureAlgorithm
        if algorithm == .ed25519 { return "x509: Ed25519 verification failure" }
        let isECDSA =
            algorithm == .ecdsaWithSHA256 || algorithm == .ecdsaWithSHA384 || algorithm == .ecdsaWithSHA512
        return isECDSA ? "x509: ECDSA verification failure" : "crypto/rsa: verification error"
    }

    /// Whose certificate a PKCS #10 request asks for: the common name of its subject.
    /// - Parameters:
    ///   - pem: `spec.request`, decoded from base64.
    ///   - usages: `spec.usages`.
    /// - Returns: nil when it is no such request, or none that this signer would sign.
    public func commonName(csr pem: String, usages: [String]) -> String? {
        guard let request = try? CertificateSigningRequest(pemEncoded: pem),
            let subject = try? RequestedSubject(request),
            refusal(subject) == nil, refusal(usages: Set(usages)) == nil
        else { return nil }
        return subject.commonName
    }
}
