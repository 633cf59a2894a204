import Foundation
import KubeAPI
import KubeAuth
import KubeEngine
import KubeJSON
import KubeStore

/// Signs what was approved, for the signers of the cluster's own authority
/// (pkg/controller/certificates/signer).
public struct CertificateSigningController: Controller {
    public let name = "certificatesigningrequest-signing-controller"
    public let alias = "csrsigning"
    public let account = "certificate-controller"

    private let sign: ClusterTrust.Sign
    private let longest: Double
    private static let shortest = 600.0

    /// - Parameter longest: seconds that a certificate lasts which asks for nothing else, and at most
    ///   (`--cluster-signing-duration`).
    public init(longest: Double = 365 * 86_400, sign: @escaping ClusterTrust.Sign) {
        self.sign = sign
        self.longest = longest
    }

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        guard event.collection == CertificateRequests.collection, event.kind != .deleted else { return [] }
        return [event.object.key]
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let resource = view.resource(of: CertificateRequests.collection),
            let request = view.object(CertificateRequests.collection, key),
            CertificateRequests.has("Approved", request), !CertificateRequests.has("Denied", request),
            !CertificateRequests.has("Failed", request), !CertificateRequests.isIssued(request),
            let signer = request["spec"]?["signerName"]?.string.flatMap(CertificateSigner.init(rawValue:))
        else { return .nothing }
        guard let pem = CertificateRequests.pem(request) else {
            throw ControllerError("unable to parse csr \"\(key)\"")
        }
        var answer = request
        do {
            let certificate = try sign(
                pem, signer, CertificateRequests.usages(request), duration(request),
                Date(timeIntervalSince1970: Double(now.seconds)))
            answer.set(
                .string(Data(certificate.utf8).base64EncodedString()), at: "status", "certificate")
        } catch let failure as CertificateAuthority.Failure {
            let condition: JSON = [
                "type": "Failed", "status": "True", "reason": "SignerValidationFailure",
                "message": .string(failure.description), "lastUpdateTime": .string(now.rfc3339),
            ]
            answer.set(
                .array(CertificateRequests.conditions(request) + [condition]), at: "status", "conditions")
        }
        return Reconciliation(writes: [.updateStatus(resource, name: key, answer)])
    }

    private func duration(_ request: JSON) -> Double {
        guard let asked = request["spec"]?["expirationSeconds"]?.integer else { return longest }
        return min(longest, max(Self.shortest, Double(asked)))
    }
}
