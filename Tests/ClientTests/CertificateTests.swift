import Foundation
import Testing

/// Nobody approves, signs or names another requester by writing a CertificateSigningRequest itself.
@Suite(.clients)
struct CertificateTests {
    @Test func onlyTheApprovalSubresourceApproves() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        try cluster.kubectl(
            "create", "-f", "-",
            input: """
                apiVersion: certificates.k8s.io/v1
                kind: CertificateSigningRequest
                metadata: {name: bob}
                spec: {request: Zm9v, signerName: example.com/x, usages: [client auth], username: forged}
                status: {certificate: Zm9v, conditions: [{type: Approved, status: "True", reason: x}]}
                """)
        func state() throws -> String {
            try cluster.kubectl(
                "get", "csr", "bob", "-o",
                "jsonpath={.spec.username} {.spec.signerName} {.status.certificate} {.status.conditions[*].type}"
            )
        }
        let forged =
            #"{"spec":{"signerName":"b.com/y"},"status":{"conditions":[{"type":"Approved","status":"True"}]}}"#
        #expect(try state() == "kubernetes-admin example.com/x  ")
        try cluster.kubectl("patch", "csr", "bob", "--type=merge", "-p", forged)
        try cluster.kubectl("patch", "csr", "bob", "--subresource=status", "--type=merge", "-p", forged)
        #expect(try state() == "kubernetes-admin example.com/x  ")
        try cluster.kubectl("certificate", "approve", "bob")
        #expect(try state() == "kubernetes-admin example.com/x  Approved")
    }
}
