import Crypto
import SwiftASN1
import X509

extension UserInfo {
    /// Who a client certificate is: its common name, with its organisations as groups and the digest of the
    /// certificate as credential id. The chain is verified by TLS before this is asked.
    ///
    /// Nil when it has no common name, or when its uid attribute is unusable.
    public init?(clientCertificate der: some Collection<UInt8>) {
        let bytes = Array(der)
        guard let certificate = try? Certificate(derEncoded: bytes) else { return nil }
        let subject = certificate.subject.identity
        guard !subject.commonName.isEmpty, subject.uids.count <= 1, subject.uids != [""] else { return nil }
        self.init(
            name: subject.commonName, uid: subject.uids.first ?? "", groups: subject.organizations,
            extra: [ExtraKey.credentialID: ["X509SHA256=" + Hex.encode(SHA256.hash(data: bytes))]])
    }
}

enum Hex {
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var output: [UInt8] = []
        for byte in bytes {
            output.append(digits[Int(byte >> 4)])
            output.append(digits[Int(byte & 15)])
        }
        return String(decoding: output, as: UTF8.self)
    }
}

extension DistinguishedName {
    /// Kubernetes' attribute for a user's uid.
    private static let uidAttribute: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 57683, 2]

    /// The parts of a subject that Kubernetes reads. Of several common names the last counts, as in Go.
    var identity: (commonName: String, organizations: [String], uids: [String]) {
        var commonName = ""
        var organizations: [String] = []
        var uids: [String] = []
        for attribute in self.flatMap({ $0 }) {
            guard let text = String(attribute.value) else { continue }
            switch attribute.type {
            case .RDNAttributeType.commonName: commonName = text
            case .RDNAttributeType.organizationName: organizations.append(text)
            case Self.uidAttribute: uids.append(text)
            default: break
            }
        }
        return (commonName, organizations, uids)
    }
}
