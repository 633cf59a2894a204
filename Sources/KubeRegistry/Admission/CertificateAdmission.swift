import Foundation
import KubeAPI
import KubeAuth
import KubeJSON

private let group = "certificates.k8s.io"
private let plural = "certificatesigningrequests"

extension AdmissionAttributes {
    fileprivate func isRequest(_ subresource: String) -> Bool {
        self.subresource == subresource && resource.plural == plural && resource.group == group
    }

    /// Asks for the verb on the signer by its name, then on all signers of its domain.
    fileprivate func may(_ verb: String, signer: String, _ registry: Registry) -> Bool {
        func ask(_ name: String) -> Bool {
            registry.authorizer(
                Attributes(
                    user: user, verb: verb, apiGroup: group, apiVersion: "*", resource: "signers", name: name)
            ).isAllowed
        }
        if ask(signer) { return true }
        let domain = signer.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)[0]
        return ask(domain + "/*")
    }
}

/// Who asks for a certificate is who makes the request, whatever the object says.
struct CertificateRequester: AdmissionPlugin {
    func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.operation == .create, attributes.isRequest("") else { return }
        let user = attributes.user.json
        object.set(user["username"], at: "spec", "username")
        object.set(user["uid"], at: "spec", "uid")
        object.set(user["groups"], at: "spec", "groups")
        object.set(user["extra"], at: "spec", "extra")
    }
}

/// Approving or denying a certificate request needs the verb `approve` on its signer.
struct CertificateApproval: AdmissionPlugin {
    func validate(
        _ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.operation == .update, attributes.isRequest("approval") else { return }
        // The old object's signer: an update cannot choose another to be judged by.
        let signer = attributes.old?["spec"]?["signerName"]?.string ?? ""
        if attributes.may("approve", signer: signer, registry) { return }
        throw .forbidden(
            attributes.resource.groupResource, attributes.name,
            "user not permitted to approve requests with signerName \"\(signer)\"")
    }
}

/// Issuing a certificate needs the verb `sign` on its signer.
struct CertificateSigningAdmission: AdmissionPlugin {
    func validate(
        _ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.operation == .update, attributes.isRequest("status") else { return }
        let old = attributes.old?["status"]
        let new = object["status"]
        func conditions(_ status: JSON?) -> [JSON] { status?["conditions"]?.array ?? [] }
        if new?["certificate"] == old?["certificate"], conditions(new) == conditions(old) { return }
        let signer = attributes.old?["spec"]?["signerName"]?.string ?? ""
        if attributes.may("sign", signer: signer, registry) { return }
        throw .forbidden(
            attributes.resource.groupResource, attributes.name,
            "user not permitted to sign requests with signerName \"\(signer)\"")
    }
}

/// Nobody asks for a client certificate of `system:masters`.
struct CertificateSubjectRestriction: AdmissionPlugin {
    func validate(
        _ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.operation == .create, attributes.isRequest(""),
            object["spec"]?["signerName"]?.string == CertificateSigner.kubeAPIServerClient.rawValue
        else { return }
        let encoded = object["spec"]?["request"]?.string ?? ""
        let pem = Data(base64Encoded: encoded).map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard let groups = CertificateSigner.requestedGroups(csr: pem) else {
            throw .forbidden(
                attributes.resource.groupResource, attributes.name,
                "failed to parse CSR: PEM block type must be CERTIFICATE REQUEST")
        }
        if groups.contains(Group.masters) {
            throw .forbidden(
                attributes.resource.groupResource, attributes.name,
                "use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed")
        }
    }
}

/// Whoever asks for a certificate shows that the key is theirs. A part of validation that needs cryptography
/// (pkg/apis/certificates/validation).
enum CertificateSignature {
    static func validate(_ request: JSON, _ resource: ResourceInfo) -> [FieldError] {
        guard resource.plural == plural, resource.group == group, let body = request["spec"]?["request"],
            let pem = body.string.flatMap({ Data(base64Encoded: $0) }),
            let words = CertificateSigner.signatureProblem(csr: String(decoding: pem, as: UTF8.self))
        else { return [] }
        return [.invalid(FieldPath("spec", "request"), body, words)]
    }
}
