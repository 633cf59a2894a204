import Foundation
import Testing

/// Nobody approves, signs or names another requester by writing a CertificateSigningRequest itself.
@Suite(.clients)
struct CertificateTests {
    /// A request of CN=bob, PEM in base64.
    private static let request =
        "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlISE1IQUNBUUF3RGpFTU1Bb0dBMVVFQXd3RFltOW"
        + "lNRmt3RXdZSEtvWkl6ajBDQVFZSUtvWkl6ajBEQVFjRApRZ0FFWXQzN3lKSnkwSDdub1J0WUs1VkZoQjdBS1Jac2to"
        + "dHFPZXlWa3orRW5KRjRLOGxtOU1IeTErRUx5QnJsCmF3eENKQWsxd0FHU2xFOTNidHhWRmxnT3RxQUFNQW9HQ0NxR1"
        + "NNNDlCQU1DQTBjQU1FUUNJR0I4bHlheGNvcncKbnNCSExBcTRmZkh4aGhtVk1pNURLc0VLSjNsZ2VwQVVBaUFXNmor"
        + "bDhlWHM5cjZEa3VBZ1F0MlFiMG9yem94cApJZW1wVmt0UUpDODRVdz09Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUV"
        + "VFU1QtLS0tLQo="

    @Test func onlyTheApprovalSubresourceApproves() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        try cluster.kubectl(
            "create", "-f", "-",
            input: """
                apiVersion: certificates.k8s.io/v1
                kind: CertificateSigningRequest
                metadata: {name: bob}
                spec: {request: \(Self.request), signerName: example.com/x, usages: [client auth], username: forged}
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
        #expect(
            try cluster.refusal("patch", "csr", "bob", "--subresource=status", "--type=merge", "-p", forged)
                .contains("status.conditions"))
        #expect(try state() == "kubernetes-admin example.com/x  ")
        try cluster.kubectl("certificate", "approve", "bob")
        #expect(try state() == "kubernetes-admin example.com/x  Approved")
    }
}
