import KubeAPI
import KubeAuth
import KubeEngine
import KubeJSON
import KubeStore

/// Approves the client certificates that kubelets ask for, where whoever asks may have them
/// (pkg/controller/certificates/approver).
public struct CertificateApprovingController: Controller {
    public let name = "certificatesigningrequest-approving-controller"
    public let alias = "csrapproving"
    public let account = "certificate-controller"

    private let authorizer: @Sendable (Attributes) -> Decision

    /// - Parameter authorizer: says who may do what.
    public init(authorizer: @escaping @Sendable (Attributes) -> Decision) { self.authorizer = authorizer }

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        guard event.collection == CertificateRequests.collection, event.kind != .deleted else { return [] }
        return [event.object.key]
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        let signer = CertificateSigner.kubeAPIServerClientKubelet
        guard let resource = view.resource(of: CertificateRequests.collection),
            let request = view.object(CertificateRequests.collection, key),
            !CertificateRequests.isIssued(request), !CertificateRequests.has("Approved", request),
            !CertificateRequests.has("Denied", request),
            request["spec"]?["signerName"]?.string == signer.rawValue,
            let pem = CertificateRequests.pem(request),
            let name = signer.commonName(csr: pem, usages: CertificateRequests.usages(request))
        else { return .nothing }
        let user = CertificateRequests.user(request)
        // A node that renews its own may do so for less than one that comes with a bootstrap token.
        var attempts: [(subresource: String, message: String)] = []
        if user.name == name {
            attempts.append(
                (
                    "selfnodeclient",
                    "Auto approving self kubelet client certificate after SubjectAccessReview."
                ))
        }
        attempts.append(
            ("nodeclient", "Auto approving kubelet client certificate after SubjectAccessReview."))
        for attempt in attempts {
            let question = Attributes(
                user: user, verb: "create", apiGroup: "certificates.k8s.io",
                resource: "certificatesigningrequests", subresource: attempt.subresource)
            guard authorizer(question).isAllowed else { continue }
            var approved = request
            let condition: JSON = [
                "type": "Approved", "status": "True", "reason": "AutoApproved",
                "message": .string(attempt.message),
            ]
            approved.set(
                .array(CertificateRequests.conditions(request) + [condition]), at: "status", "conditions")
            return Reconciliation(writes: [
                ControllerWrite(
                    resource, namespace: "", name: key, subresource: "approval", .update(approved))
            ])
        }
        // Somebody may be allowed to later, which no event of the request tells of.
        let names = attempts.map(\.subresource).joined(separator: " ")
        throw ControllerError(
            "recognized csr \"\(key)\" as [\(names)] but subject access review was not approved")
    }
}
