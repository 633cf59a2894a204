import Foundation
import KubeAPI
import KubeAuth
import KubeJSON
import Testing

@testable import KubeRegistry

@Suite struct CertificateAdmissionTests {
    /// PKCS #10 requests with the subjects O=system:masters and O=dev, made with openssl.
    private let masters =
        "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIZ01JR0hBZ0VBTUNVeEZ6QVZCZ05WQkFvTURuTjVjM1JsYlRwdFlYTjBaWEp6TVFvd0NBWURWUVFEREFGNApNRmt3RXdZSEtvWkl6ajBDQVFZSUtvWkl6ajBEQVFjRFFnQUVpWHljek5nWmpzRDdaVlVZUElhMkd5eEwydTdTCjVFMDBNckxEa3RvNEV1Y0J3alpwWkQvajFvdHZ6anJHcVRNNUZnZ2Ewa25uQi9KTER5a3N0Q3kwNUtBQU1Bb0cKQ0NxR1NNNDlCQU1DQTBnQU1FVUNJUUNHd0JBNXd6cndpTzlVY0tRRWEzd2tGazJjTXpoVUZJTG9xc1pUb0lMVgpsQUlnYys4VUpXNFJlV3cxOTFPR0E5bm81VFZmb09PWE81Ly9yQWErM1V6bWJSOD0KLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg=="
    private let dev =
        "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIVU1Id0NBUUF3R2pFTU1Bb0dBMVVFQ2d3RFpHVjJNUW93Q0FZRFZRUUREQUY0TUZrd0V3WUhLb1pJemowQwpBUVlJS29aSXpqMERBUWNEUWdBRThzQ3pHTTl4c1BDeVBBUU5pOTh0NEdEcm4rUzVBOUFZSEIzQTVySCtLSzM0CjVJNTZlTEFhc0IxUVhTdEZrNTFhUXhjc2w1QmxVQnByYThYdk1seGdJcUFBTUFvR0NDcUdTTTQ5QkFNQ0EwZ0EKTUVVQ0lRQ3hwREdlUFg5YzY1MTJSY2hrdDNwNEI0UUJhVmdoMmFYbjA0RXhra00vdmdJZ2RpbVJXR01xaUdqeApIbGl4SjdCaCttSlJsdEZPcmt3eFhlZm8xQ1hqSzl3PQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K"
    private let resource = "certificatesigningrequests.certificates.k8s.io"
    private let alice = UserInfo(name: "alice", groups: [Group.authenticated])

    private func request(_ name: String, _ csr: String) -> JSON {
        [
            "metadata": ["name": .string(name)],
            "spec": [
                "request": .string(csr), "signerName": "kubernetes.io/kube-apiserver-client",
                "usages": ["client auth"],
            ],
        ]
    }

    @Test func nobodyAsksToBeMaster() throws {
        let cluster = try TestCluster()
        #expect(
            cluster.refusal { try cluster.create(resource, request("m", masters)) }?.message
                == "certificatesigningrequests.certificates.k8s.io \"m\" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed"
        )
        #expect(cluster.refusal { try cluster.create(resource, request("d", dev)) } == nil)
    }

    @Test func theKeyMustBeTheRequesters() throws {
        let cluster = try TestCluster()
        // Another subject under the signature of the first.
        let pem = String(decoding: try #require(Data(base64Encoded: dev)), as: UTF8.self)
        let lines = pem.split(separator: "\n")
        var der = try #require(Data(base64Encoded: lines.dropFirst().dropLast().joined()))
        let place = try #require(der.firstRange(of: Data("dev".utf8)))
        der.replaceSubrange(place, with: Data("ops".utf8))
        let forged =
            "\(lines[0])\n\(der.base64EncodedString(options: .lineLength64Characters))\n\(lines[lines.count - 1])\n"
        let refusal = cluster.refusal {
            try cluster.create(resource, request("f", Data(forged.utf8).base64EncodedString()))
        }
        #expect(refusal?.code == 422)
        #expect(refusal?.message.hasSuffix("x509: ECDSA verification failure") == true)
    }

    @Test func approvalChangesMetadataAndConditionsAlone() throws {
        let cluster = try TestCluster()
        try cluster.create(resource, request("d", dev))
        let (object, _) = try cluster.merge(
            resource, name: "d", subresource: "approval",
            [
                "metadata": ["annotations": ["a": "b"]], "spec": ["signerName": "example.com/x"],
                "status": [
                    "certificate": "eA==",
                    "conditions": [["type": "Approved", "status": "True", "reason": "r"]],
                ],
            ])
        #expect(object["metadata"]?["annotations"] == ["a": "b"])
        #expect(object["status"]?["conditions"]?[0]?["type"] == "Approved")
        #expect(object["status"]?["certificate"] == nil)
        #expect(object["spec"]?["signerName"] == "kubernetes.io/kube-apiserver-client")
    }

    @Test func aNamespacesFinalizersComeWithItsMetadata() throws {
        let cluster = try TestCluster()
        try cluster.create("namespaces", ["metadata": ["name": "n"]])
        var namespace = try cluster.get("namespaces", name: "n")
        namespace.set(["kubernetes", "example.com/x"], at: "spec", "finalizers")
        namespace.set("c", at: "metadata", "labels", "b")
        namespace.set("Terminating", at: "status", "phase")
        var request = try cluster.request("namespaces", name: "n", subresource: "finalize")
        let written = try cluster.registry.update(&request, body: namespace).value
        #expect(written["spec"]?["finalizers"] == ["kubernetes", "example.com/x"])
        #expect(written["metadata"]?["labels"]?["b"] == "c")
        #expect(written["status"]?["phase"] == "Active")
    }

    @Test func signersAreGuarded() throws {
        let cluster = try TestCluster()
        try cluster.create(resource, request("d", dev))
        func approve() -> String? {
            cluster.refusal {
                try cluster.merge(
                    resource, name: "d", subresource: "approval",
                    ["status": ["conditions": [["type": "Approved", "status": "True", "reason": "r"]]]],
                    as: alice)
            }?.message
        }
        func sign(keeping kept: [JSON] = []) -> String? {
            cluster.refusal {
                try cluster.merge(
                    resource, name: "d", subresource: "status",
                    [
                        "status": [
                            "conditions": .array(
                                kept + [["type": "Failed", "status": "True", "reason": "r"]])
                        ]
                    ],
                    as: alice)
            }?.message
        }
        let prefix =
            "certificatesigningrequests.certificates.k8s.io \"d\" is forbidden: user not permitted to"
        let signer = "requests with signerName \"kubernetes.io/kube-apiserver-client\""
        #expect(approve() == "\(prefix) approve \(signer)")
        #expect(sign() == "\(prefix) sign \(signer)")
        let rbac = "rbac.authorization.k8s.io"
        try cluster.create(
            "clusterroles.\(rbac)",
            [
                "metadata": ["name": "approver"],
                "rules": [
                    [
                        "apiGroups": ["certificates.k8s.io"], "resources": ["signers"],
                        "resourceNames": ["kubernetes.io/*"], "verbs": ["approve"],
                    ]
                ],
            ])
        try cluster.create(
            "clusterrolebindings.\(rbac)",
            [
                "metadata": ["name": "approver"],
                "roleRef": ["apiGroup": .string(rbac), "kind": "ClusterRole", "name": "approver"],
                "subjects": [["apiGroup": .string(rbac), "kind": "User", "name": "alice"]],
            ])
        #expect(approve() == nil)
        #expect(sign(keeping: [["type": "Approved", "status": "True"]]) == "\(prefix) sign \(signer)")
    }
}
