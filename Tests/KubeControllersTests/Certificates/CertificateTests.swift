import Foundation
import KubeAPI
import KubeAuth
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct CertificateTests {
    /// O=system:nodes, CN=system:node:a
    private static let nodeRequest = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIHqMIGRAgEAMC8xFTATBgNVBAoMDHN5c3RlbTpub2RlczEWMBQGA1UEAwwNc3lz
        dGVtOm5vZGU6YTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKKMe7w5fLqtLgMS
        iU0V7+zdVoVxIwnIJOFT1BXd7CHTTvkUTi22DWFGMeBYyPJ0OzEBCj4n3irR2f3P
        bq4HkBegADAKBggqhkjOPQQDAgNIADBFAiBCCzoHjM/exFLcE75lKHbrUHfp0oZZ
        iMxbC3ExgV66NgIhAP+S3XGAN/+D7vYuqa9VPzNNDSK1eRlqxH9f/4z37sD0
        -----END CERTIFICATE REQUEST-----
        """
    /// O=others, CN=bob
    private static let otherRequest = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIHaMIGBAgEAMB8xDzANBgNVBAoMBm90aGVyczEMMAoGA1UEAwwDYm9iMFkwEwYH
        KoZIzj0CAQYIKoZIzj0DAQcDQgAEoox7vDl8uq0uAxKJTRXv7N1WhXEjCcgk4VPU
        Fd3sIdNO+RROLbYNYUYx4FjI8nQ7MQEKPifeKtHZ/c9urgeQF6AAMAoGCCqGSM49
        BAMCA0gAMEUCIQC6T2QEHBf+qRAaGOnJ0FE9kOjLaMVHNYNkysZA2Qm3wAIgB/uT
        gOiyyUAVXAn4VYPTuLNrMRVdfnImmH3ye8aFzFA=
        -----END CERTIFICATE REQUEST-----
        """
    private static let kubelet = "kubernetes.io/kube-apiserver-client-kubelet"

    private func cluster(
        allowing subresources: Set<String> = ["nodeclient"]
    ) throws -> VirtualCluster {
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        var random = SystemRandomNumberGenerator()
        let authority = try CertificateAuthority(commonName: "ca", now: now, random: &random)
        let controllers = Controllers.ofCertificates(
            ClusterTrust(
                authority: authority, rootCertificate: "PEM",
                authorizer: {
                    subresources.contains($0.subresource) && $0.resource == "certificatesigningrequests"
                        ? .allow(nil) : .noOpinion(reason: "")
                }))
        return try VirtualCluster(controllers: controllers + [CertificateCleaningController()])
    }

    private func request(
        _ cluster: VirtualCluster, _ name: String, _ pem: String, signer: String = kubelet,
        usages: [String] = ["digital signature", "client auth"], user: UserInfo? = nil
    ) throws {
        var request = try cluster.request("certificates.k8s.io/v1", "certificatesigningrequests", "")
        if let user { request.user = user }
        _ = try cluster.registry.create(
            &request,
            body: [
                "metadata": ["name": .string(name)],
                "spec": [
                    "request": .string(Data(pem.utf8).base64EncodedString()), "signerName": .string(signer),
                    "usages": .array(usages.map { .string($0) }),
                ],
            ])
    }

    private func get(_ cluster: VirtualCluster, _ name: String) throws -> JSON? {
        try cluster.get("certificates.k8s.io/v1", "certificatesigningrequests", name)
    }

    private func decide(_ cluster: VirtualCluster, _ name: String, _ type: String) throws {
        try cluster.patch(
            "certificates.k8s.io/v1", "certificatesigningrequests", name,
            [
                "status": [
                    "conditions": [["type": .string(type), "status": "True", "reason": "x", "message": "y"]]
                ]
            ], subresource: "approval")
    }

    @Test func aKubeletGetsItsCertificate() throws {
        let cluster = try cluster()
        try request(cluster, "r", Self.nodeRequest)
        cluster.run(for: 1)
        let answer = try #require(try get(cluster, "r"))
        let condition = try #require(CertificateRequests.conditions(answer).first)
        #expect(condition["type"]?.string == "Approved")
        #expect(condition["reason"]?.string == "AutoApproved")
        #expect(
            condition["message"]?.string
                == "Auto approving kubelet client certificate after SubjectAccessReview.")
        let pem = try #require(
            answer["status"]?["certificate"]?.string.flatMap { Data(base64Encoded: $0) }
                .flatMap { String(data: $0, encoding: .utf8) })
        #expect(pem.hasPrefix("-----BEGIN CERTIFICATE-----"))
        // An hour later it is not needed any more.
        cluster.run(for: 3_590)
        #expect(try get(cluster, "r") != nil)
        cluster.run(for: 30)
        #expect(try get(cluster, "r") == nil)
    }

    @Test func aNodeMayRenewItsOwnAlone() throws {
        let cluster = try cluster(allowing: ["selfnodeclient"])
        let node = UserInfo(
            name: "system:node:a", groups: [Group.nodes, Group.authenticated, Group.masters])
        try request(cluster, "mine", Self.nodeRequest, user: node)
        try request(cluster, "theirs", Self.nodeRequest)
        cluster.run(for: 1)
        let mine = try #require(try get(cluster, "mine"))
        #expect(
            CertificateRequests.conditions(mine).first?["message"]?.string
                == "Auto approving self kubelet client certificate after SubjectAccessReview.")
        #expect(CertificateRequests.isIssued(mine))
        #expect(try #require(try get(cluster, "theirs"))["status"]?["conditions"] == nil)
    }

    @Test func whatNobodyApprovesIsNotSigned() throws {
        let cluster = try cluster()
        // No node's certificate is asked for, though from the signer of nodes.
        try request(cluster, "bob", Self.otherRequest)
        try request(
            cluster, "client", Self.otherRequest, signer: "kubernetes.io/kube-apiserver-client",
            usages: ["client auth"])
        try request(
            cluster, "denied", Self.otherRequest, signer: "kubernetes.io/kube-apiserver-client",
            usages: ["client auth"])
        cluster.run(for: 1)
        #expect(try get(cluster, "bob")?["status"]?["conditions"] == nil)
        #expect(try get(cluster, "client")?["status"]?["certificate"] == nil)
        try decide(cluster, "bob", "Approved")
        try decide(cluster, "client", "Approved")
        try decide(cluster, "denied", "Denied")
        cluster.run(for: 1)
        let bob = try #require(try get(cluster, "bob"))
        let failure = CertificateRequests.conditions(bob).first { $0["type"]?.string == "Failed" }
        #expect(failure?["reason"]?.string == "SignerValidationFailure")
        #expect(failure?["message"]?.string == "subject organization is not system:nodes")
        #expect(!CertificateRequests.isIssued(bob))
        #expect(CertificateRequests.isIssued(try #require(try get(cluster, "client"))))
        #expect(!CertificateRequests.isIssued(try #require(try get(cluster, "denied"))))
    }

    @Test func oneThatIsForgottenGoesAfterADay() throws {
        let cluster = try cluster()
        try request(
            cluster, "r", Self.otherRequest, signer: "example.com/mine", usages: ["client auth"])
        cluster.run(for: 86_000)
        #expect(try get(cluster, "r") != nil)
        cluster.run(for: 600)
        #expect(try get(cluster, "r") == nil)
    }
}
