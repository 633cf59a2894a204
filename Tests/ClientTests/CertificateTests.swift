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

    /// What an administrator does for a new user: a key, a request, an approval, and the certificate that
    /// comes of it is who it says.
    @Test func anApprovedRequestBecomesACertificateThatCounts() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        func path(_ name: String) -> String { cluster.directory.appendingPathComponent(name).path }
        let made = try run(
            "/usr/bin/env",
            [
                "openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/O=developers/CN=carol",
                "-keyout", path("carol.key"), "-out", path("carol.csr"),
            ])
        #expect(made.status == 0, "\(made.errors)")
        let request = try Data(contentsOf: URL(fileURLWithPath: path("carol.csr"))).base64EncodedString()
        try cluster.kubectl(
            "create", "-f", "-",
            input: """
                apiVersion: certificates.k8s.io/v1
                kind: CertificateSigningRequest
                metadata: {name: carol}
                spec:
                  request: \(request)
                  signerName: kubernetes.io/kube-apiserver-client
                  usages: [client auth]
                  expirationSeconds: 3600
                """)
        #expect(
            try cluster.kubectl("get", "csr", "carol", "-o", "jsonpath={.status.certificate}").isEmpty)
        try cluster.kubectl("certificate", "approve", "carol")
        try cluster.kubectl(
            "wait", "csr", "carol", "--for=jsonpath={.status.certificate}", "--timeout=60s")
        let issued = try #require(
            Data(
                base64Encoded: cluster.kubectl("get", "csr", "carol", "-o", "jsonpath={.status.certificate}"))
        )
        try issued.write(to: URL(fileURLWithPath: path("carol.crt")))
        let whoami = try cluster.kubectl(
            "--user=", "--client-certificate", path("carol.crt"), "--client-key", path("carol.key"),
            "auth", "whoami", "-o", "jsonpath={.status.userInfo.username} {.status.userInfo.groups}")
        #expect(whoami == #"carol ["developers","system:authenticated"]"#)
        let lifetime = try run(
            "/usr/bin/env", ["openssl", "x509", "-noout", "-checkend", "3660", "-in", path("carol.crt")])
        #expect(lifetime.status == 1)
    }

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
