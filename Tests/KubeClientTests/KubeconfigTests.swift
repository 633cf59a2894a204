import KubeJSON
import Testing

@testable import KubeClient

@Suite struct KubeconfigTests {
    private static let text = """
        apiVersion: v1
        kind: Config
        current-context: here
        clusters:
        - name: one
          cluster: {server: "https://one.example:6443/", certificate-authority-data: Q0E=}
        - name: two
          cluster: {server: "https://[::1]:7443", certificate-authority: ca.crt, tls-server-name: two.example}
        - name: open
          cluster: {server: "https://open", insecure-skip-tls-verify: true}
        - name: both
          cluster: {server: "https://both", insecure-skip-tls-verify: true, certificate-authority-data: Q0E=}
        - name: proxied
          cluster: {server: "https://proxied", proxy-url: "http://p"}
        contexts:
        - {name: here, context: {cluster: one, user: admin, namespace: shop}}
        - {name: there, context: {cluster: two, user: token}}
        - {name: file, context: {cluster: open, user: file}}
        - {name: plugin, context: {cluster: one, user: plugin}}
        - {name: half, context: {cluster: one, user: half}}
        - {name: nobody, context: {cluster: one, user: missing}}
        - {name: nowhere, context: {cluster: missing, user: admin}}
        - {name: both, context: {cluster: both, user: admin}}
        - {name: proxied, context: {cluster: proxied, user: admin}}
        - {name: as, context: {cluster: one, user: as}}
        users:
        - {name: admin, user: {client-certificate-data: Q0VSVA==, client-key-data: S0VZ}}
        - {name: token, user: {token: abc}}
        - {name: file, user: {tokenFile: token.txt, token: ignored}}
        - {name: plugin, user: {exec: {command: aws, args: [eks]}}}
        - {name: half, user: {client-certificate-data: Q0VSVA==}}
        - {name: as, user: {token: t, as: jane, as-groups: [a, b]}}
        """

    private func configuration(_ context: String? = nil) throws -> ClientConfiguration {
        try Kubeconfig(Self.text, path: "/home/me/.kube/config").configuration(context: context) { path in
            path == "/home/me/.kube/ca.crt" ? "FILE CA" : nil
        }
    }

    private func refusal(_ context: String) -> String {
        do {
            _ = try configuration(context)
            return "none"
        } catch { return "\(error)" }
    }

    @Test func certificatesAndAuthorityAreDecoded() throws {
        let found = try configuration()
        #expect(found.server == "https://one.example:6443")
        #expect(found.namespace == "shop")
        #expect(found.trust == .authority("CA"))
        #expect(found.certificate == ClientCertificate(certificatePEM: "CERT", keyPEM: "KEY"))
        #expect(found.credential == .none)
    }

    @Test func pathsAreRelativeToTheFile() throws {
        let found = try configuration("there")
        #expect(found.trust == .authority("FILE CA"))
        #expect(found.tlsServerName == "two.example")
        #expect(found.credential == .token("abc"))
        #expect(found.namespace == "default")
        // A token file wins over a token.
        #expect(try configuration("file").credential == .tokenFile("/home/me/.kube/token.txt"))
        #expect(try configuration("file").trust == .nothing)
        #expect(try configuration("as").impersonatedUser == "jane")
        #expect(try configuration("as").impersonatedGroups == ["a", "b"])
    }

    @Test func whatIsWrongIsSaid() {
        #expect(refusal("plugin").contains("the credential plug-in \"aws\" would have to be run"))
        #expect(refusal("half").contains("go together"))
        #expect(refusal("nobody").contains("no user \"missing\""))
        #expect(refusal("nowhere").contains("no cluster \"missing\""))
        #expect(refusal("unknown").contains("no context \"unknown\""))
        #expect(refusal("both").contains("exclude each other"))
        #expect(refusal("proxied").contains("proxy-url is not supported"))
        #expect(throws: ConfigurationError.self) { try Kubeconfig("kind: Pod", path: "p") }
        #expect(throws: ConfigurationError.self) { try Kubeconfig("a: [", path: "p") }
        #expect(throws: ConfigurationError.self) { try Kubeconfig("clusters: 5", path: "p") }
    }

    @Test func theFirstFileWins() throws {
        var merged = Kubeconfig()
        try merged.merge("contexts: [{name: a, context: {cluster: c}}]\ncurrent-context: a", path: "/1/x")
        try merged.merge(
            "clusters: [{name: c, cluster: {server: s}}]\ncontexts: [{name: a, context: {cluster: z}}]",
            path: "/2/x")
        let found = try merged.configuration { _ in nil }
        #expect(found.server == "http://s")
    }

    @Test func inAClusterTheTokenIsAFile() throws {
        let files = [
            "/sa/token": "secret", "/sa/ca.crt": "CA", "/sa/namespace": "shop\n",
        ]
        let found = try ClientConfiguration.inCluster(
            environment: ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"],
            folder: "/sa"
        ) { files[$0] }
        #expect(found.server == "https://[fd00::1]:443")
        #expect(found.credential == .tokenFile("/sa/token"))
        #expect(found.trust == .authority("CA"))
        #expect(found.namespace == "shop")
        #expect(throws: ConfigurationError.self) {
            try ClientConfiguration.inCluster(environment: [:], folder: "/sa") { files[$0] }
        }
    }

    @Test func theWayIsFoundAsKubectlFindsIt() throws {
        let files = [
            "/b": "current-context: b\ncontexts: [{name: b, context: {cluster: c}}]\n"
                + "clusters: [{name: c, cluster: {server: 'https://b'}}]",
            "/home/me/.kube/config": Self.text,
        ]
        let read: (String) -> String? = { files[$0] }
        #expect(
            try ClientConfiguration.find(environment: ["KUBECONFIG": "/a:/b"], readFile: read).server
                == "https://b")
        #expect(
            try ClientConfiguration.find(environment: ["HOME": "/home/me"], readFile: read).server
                == "https://one.example:6443")
        #expect(throws: ConfigurationError.self) {
            try ClientConfiguration.find(environment: ["KUBECONFIG": "/a"], readFile: read)
        }
        #expect(throws: ConfigurationError.self) {
            try ClientConfiguration.find(environment: [:], readFile: read)
        }
    }
}
