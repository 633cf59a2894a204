import Crypto
import Foundation
import KubeJSON
import X509

/// The keys and certificates of a cluster, kept in one directory that only its owner can read.
///
/// The first start makes them all; later starts read them, and renew what is about to expire or no longer
/// fits the names that the server answers to.
public struct ClusterPKI: Sendable {
    /// The cluster's CA certificate, PEM.
    public let caPEM: String
    public let servingPEM: String
    public let servingKeyPEM: String
    public let adminPEM: String
    public let adminKeyPEM: String
    public let authority: CertificateAuthority
    /// Of the front proxy's own authority, PEM: whoever has a certificate of it may say who asks.
    public let frontProxyCAPEM: String
    /// By which servers behind this one know it.
    public let proxyClientPEM: String
    public let proxyClientKeyPEM: String
    public let tokenSigner: TokenSigner
    /// What was made anew this time: file names without extension.
    public let renewed: [String]

    public struct Options: Sendable {
        public var directory: String
        /// Further host names and addresses that clients use.
        public var extraHosts: [String]
        /// The address of the `kubernetes` Service.
        public var serviceAddress: String
        public var issuer: String

        public init(
            directory: String, extraHosts: [String] = [], serviceAddress: String = "10.96.0.1",
            issuer: String = TokenSigner.defaultIssuer
        ) {
            self.directory = directory
            self.extraHosts = extraHosts
            self.serviceAddress = serviceAddress
            self.issuer = issuer
        }

        var dnsNames: [String] {
            [
                "kubernetes", "kubernetes.default", "kubernetes.default.svc",
                "kubernetes.default.svc.cluster.local", "localhost",
            ] + extraHosts.filter { IPAddress($0) == nil }
        }
        var addresses: [String] {
            ["127.0.0.1", "::1", serviceAddress] + extraHosts.filter { IPAddress($0) != nil }
        }
    }

    /// Renewed when less than this is left: a month.
    static let renewalMargin: TimeInterval = 30 * 86_400

    /// Reads the directory, and makes what is missing, expiring or unfit.
    public init(_ options: Options, now: Date) throws {
        var random = SystemRandomNumberGenerator()
        let files = try KeyDirectory(options.directory)
        var renewed: [String] = []

        (authority, caPEM) = try Self.authority("ca", "kubernetes", files, now, &random, &renewed)

        let serving = CertificateAuthority.Template(
            commonName: "kube-apiserver", dnsNames: options.dnsNames, addresses: options.addresses,
            isServer: true)
        (servingPEM, servingKeyPEM) = try Self.pair(
            "apiserver", serving, authority, files, now, &random, &renewed)
        let admin = CertificateAuthority.Template(
            commonName: "kubernetes-admin", organizations: [Group.masters], isClient: true)
        (adminPEM, adminKeyPEM) = try Self.pair("admin", admin, authority, files, now, &random, &renewed)

        // An authority of its own: a client of the cluster must never pass for the proxy.
        let (proxyAuthority, proxyCA) = try Self.authority(
            "front-proxy-ca", "front-proxy-ca", files, now, &random, &renewed)
        frontProxyCAPEM = proxyCA
        let proxy = CertificateAuthority.Template(
            commonName: AuthenticationTrust.frontProxyName, isClient: true)
        (proxyClientPEM, proxyClientKeyPEM) = try Self.pair(
            "front-proxy-client", proxy, proxyAuthority, files, now, &random, &renewed)

        if let pem = try files.read("sa.key") {
            tokenSigner = try TokenSigner(pem: pem, issuer: options.issuer)
        } else {
            let key = P256.Signing.PrivateKey()
            try files.write("sa.key", key.pemRepresentation + "\n")
            tokenSigner = TokenSigner(key: key, issuer: options.issuer)
            renewed.append("sa")
        }
        self.renewed = renewed
    }

    private static func authority(
        _ name: String, _ commonName: String, _ files: KeyDirectory, _ now: Date,
        _ random: inout SystemRandomNumberGenerator, _ renewed: inout [String]
    ) throws -> (CertificateAuthority, String) {
        if let pem = try files.read(name + ".crt"), let keyPEM = try files.read(name + ".key") {
            let known = CertificateAuthority(
                certificate: try Certificate(pemEncoded: pem),
                key: try Certificate.PrivateKey(pemEncoded: keyPEM))
            return (known, pem)
        }
        let made = try CertificateAuthority(commonName: commonName, now: now, random: &random)
        let pem = try made.certificate.pem()
        // The key first: a certificate without its key would be taken for a whole pair.
        try files.write(name + ".key", try made.privateKeyPEM())
        try files.write(name + ".crt", pem)
        renewed.append(name)
        return (made, pem)
    }

    private static func pair(
        _ name: String, _ template: CertificateAuthority.Template, _ authority: CertificateAuthority,
        _ files: KeyDirectory, _ now: Date, _ random: inout SystemRandomNumberGenerator,
        _ renewed: inout [String]
    ) throws -> (String, String) {
        if let pem = try files.read(name + ".crt"), let key = try files.read(name + ".key"),
            let certificate = try? Certificate(pemEncoded: pem),
            let privateKey = try? Certificate.PrivateKey(pemEncoded: key),
            privateKey.publicKey == certificate.publicKey,
            isUsable(certificate, template, authority, now)
        {
            return (pem, key)
        }
        let made = try authority.issue(template, now: now, random: &random)
        let pem = try made.certificate.pem()
        let key = try made.key.serializeAsPEM().pemString + "\n"
        try files.write(name + ".key", key)
        try files.write(name + ".crt", pem)
        renewed.append(name)
        return (pem, key)
    }

    private static func isUsable(
        _ certificate: Certificate, _ template: CertificateAuthority.Template,
        _ authority: CertificateAuthority, _ now: Date
    ) -> Bool {
        guard certificate.notValidAfter > now + renewalMargin, certificate.notValidBefore <= now,
            certificate.issuer == authority.certificate.subject,
            authority.certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
        else { return false }
        var names: Set<String> = []
        var addresses: Set<[UInt8]> = []
        for name in (try? certificate.extensions.subjectAlternativeNames) ?? .init() {
            switch name {
            case .dnsName(let name): names.insert(name)
            case .ipAddress(let address): addresses.insert(Array(address.bytes))
            default: break
            }
        }
        return names.isSuperset(of: template.dnsNames)
            && addresses.isSuperset(of: template.addresses.compactMap { IPAddress($0)?.bytes })
    }

    /// A kubeconfig for the administrator.
    ///
    /// - Parameter server: the URL that clients use, such as `https://127.0.0.1:6443`.
    public func kubeconfig(server: String, name: String = "aegis") -> String {
        Kubeconfig.text(
            server: server, name: name, user: "kubernetes-admin", ca: caPEM, certificate: adminPEM,
            key: adminKeyPEM)
    }
}

/// Writes kubeconfig files.
public enum Kubeconfig {
    /// A kubeconfig with everything in it. All values are quoted, and so good YAML whatever they are.
    public static func text(
        server: String, name: String, user: String, ca: String, certificate: String, key: String
    ) -> String {
        func data(_ pem: String) -> String { Base64URL.encodePlain(Array(pem.utf8)) }
        func quoted(_ text: String) -> String { JSONWriter.quoted(text) }
        return """
            apiVersion: v1
            kind: Config
            clusters:
            - name: \(quoted(name))
              cluster:
                server: \(quoted(server))
                certificate-authority-data: \(data(ca))
            users:
            - name: \(quoted(user))
              user:
                client-certificate-data: \(data(certificate))
                client-key-data: \(data(key))
            contexts:
            - name: \(quoted(name))
              context:
                cluster: \(quoted(name))
                user: \(quoted(user))
            current-context: \(quoted(name))
            preferences: {}

            """
    }
}
