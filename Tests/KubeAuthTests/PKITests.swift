import Crypto
import Foundation
import KubeJSON
import SwiftASN1
import Testing
import X509

@testable import KubeAuth

@Suite struct PKITests {
    static func withDirectory<T>(_ body: (String) throws -> T) throws -> T {
        let path = NSTemporaryDirectory() + "kubeauth-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    @Test func firstStartMakesAllAndLaterStartsKeepIt() throws {
        try Self.withDirectory { path in
            let now = Date()
            let options = ClusterPKI.Options(
                directory: path + "/pki", extraHosts: ["api.example.com", "10.1.2.3"])
            let clock = ContinuousClock()
            var made: ClusterPKI?
            let time = try clock.measure { made = try ClusterPKI(options, now: now) }
            print("first start: \(time) (this build)")
            let first = try #require(made)
            #expect(
                first.renewed == ["ca", "apiserver", "admin", "front-proxy-ca", "front-proxy-client", "sa"])

            let directory = try FileManager.default.attributesOfItem(atPath: path + "/pki")
            #expect(directory[.posixPermissions] as? Int == 0o700)
            let files = try FileManager.default.contentsOfDirectory(atPath: path + "/pki")
            #expect(
                Set(files) == [
                    "ca.key", "ca.crt", "apiserver.key", "apiserver.crt", "admin.key", "admin.crt", "sa.key",
                    "front-proxy-ca.key", "front-proxy-ca.crt", "front-proxy-client.key",
                    "front-proxy-client.crt",
                ])
            for file in files {
                let attributes = try FileManager.default.attributesOfItem(atPath: path + "/pki/" + file)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }

            let second = try ClusterPKI(options, now: now)
            #expect(second.renewed.isEmpty)
            #expect(second.servingPEM == first.servingPEM && second.adminKeyPEM == first.adminKeyPEM)
            #expect(second.tokenSigner.keyID == first.tokenSigner.keyID)

            // Close to their end, and for a new name, certificates are made anew; the authority stays.
            let later = try ClusterPKI(options, now: now + 340 * 86_400)
            #expect(
                later.renewed == ["apiserver", "admin", "front-proxy-client"] && later.caPEM == first.caPEM)
            var more = options
            more.extraHosts.append("new.example.com")
            #expect(try ClusterPKI(more, now: now + 340 * 86_400).renewed == ["apiserver"])
        }
    }

    @Test func servingCertificateNamesTheServer() throws {
        try Self.withDirectory { path in
            let pki = try ClusterPKI(
                .init(directory: path, extraHosts: ["h.example.com"], serviceAddress: "10.0.0.1"), now: Date()
            )
            let certificate = try Certificate(pemEncoded: pki.servingPEM)
            let names = try #require(try certificate.extensions.subjectAlternativeNames)
            #expect(
                names.compactMap { if case .dnsName(let name) = $0 { name } else { nil } } == [
                    "kubernetes", "kubernetes.default", "kubernetes.default.svc",
                    "kubernetes.default.svc.cluster.local", "localhost", "h.example.com",
                ])
            #expect(
                names.compactMap { name -> [UInt8]? in
                    if case .ipAddress(let address) = name { Array(address.bytes) } else { nil }
                } == [[127, 0, 0, 1], [UInt8](repeating: 0, count: 15) + [1], [10, 0, 0, 1]])
            #expect(try certificate.extensions.extendedKeyUsage == ExtendedKeyUsage([.serverAuth]))
            let authority = try Certificate(pemEncoded: pki.caPEM)
            #expect(authority.publicKey.isValidSignature(certificate.signature, for: certificate))
            #expect(authority.serialNumber != certificate.serialNumber)
        }
    }

    @Test func adminCertificateIsAdmin() throws {
        try Self.withDirectory { path in
            let pki = try ClusterPKI(.init(directory: path), now: Date())
            let der = try PEMDocument(pemString: pki.adminPEM).derBytes
            let user = try #require(UserInfo(clientCertificate: der))
            #expect(user.name == "kubernetes-admin" && user.groups == ["system:masters"] && user.uid.isEmpty)
            let digest = SHA256.hash(data: der).map { String($0, radix: 16) }
            let hex = digest.map { $0.count == 1 ? "0" + $0 : $0 }.joined()
            #expect(user.extra == [ExtraKey.credentialID: ["X509SHA256=" + hex]])
            #expect(UserInfo(clientCertificate: [1, 2, 3]) == nil)

            let config = pki.kubeconfig(server: "https://127.0.0.1:6443")
            #expect(config.contains(#"server: "https://127.0.0.1:6443""#))
            #expect(config.contains(Data(pki.adminKeyPEM.utf8).base64EncodedString()))
        }
    }

    /// OpenSSL, where there is one, accepts the chain for the server's names.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
    func opensslAgrees() throws {
        try Self.withDirectory { path in
            _ = try ClusterPKI(.init(directory: path), now: Date())
            for arguments in [
                [
                    "-purpose", "sslserver", "-verify_hostname", "kubernetes.default.svc",
                    path + "/apiserver.crt",
                ],
                ["-purpose", "sslserver", "-verify_ip", "127.0.0.1", path + "/apiserver.crt"],
                ["-purpose", "sslclient", path + "/admin.crt"],
            ] {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
                process.arguments = ["verify", "-x509_strict", "-CAfile", path + "/ca.crt"] + arguments
                process.standardOutput = FileHandle.nullDevice
                try process.run()
                process.waitUntilExit()
                #expect(process.terminationStatus == 0, "\(arguments)")
            }
        }
    }

    /// kubectl, where there is one, reads the kubeconfig and finds the same bytes in it.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/kubectl")))
    func kubectlReadsTheKubeconfig() throws {
        try Self.withDirectory { path in
            let pki = try ClusterPKI(.init(directory: path), now: Date())
            let name = #"a "quoted": name"#
            let file = path + "/kubeconfig"
            try pki.kubeconfig(server: "https://127.0.0.1:6443", name: name)
                .write(toFile: file, atomically: true, encoding: .utf8)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/kubectl")
            process.arguments = ["--kubeconfig", file, "config", "view", "--raw", "-o", "json"]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let json = try JSONParser.parse(Array(output.fileHandleForReading.readDataToEndOfFile()))
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect(json["current-context"]?.string == name)
            #expect(json["clusters"]?[0]?.at("cluster", "server") == "https://127.0.0.1:6443")
            let key = json["users"]?[0]?.at("user", "client-key-data")?.string ?? ""
            #expect(Data(base64Encoded: key) == Data(pki.adminKeyPEM.utf8))
        }
    }

    static func request(
        _ commonName: String, _ organizations: [String], dns: [String] = []
    ) throws -> String {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let extensions = try Certificate.Extensions {
            if !dns.isEmpty { SubjectAlternativeNames(dns.map(GeneralName.dnsName)) }
        }
        let request = try CertificateSigningRequest(
            version: .v1,
            subject: try DistinguishedName {
                for organization in organizations { OrganizationName(organization) }
                CommonName(commonName)
            }, privateKey: key,
            attributes: try CertificateSigningRequest.Attributes(
                dns.isEmpty ? [] : [.init(ExtensionRequest(extensions: extensions))]))
        return try request.serializeAsPEM().pemString
    }

    @Test(arguments: [
        (CertificateSigner.kubeAPIServerClient, "ann", ["devs"], [], ["client auth"], nil as String?),
        (
            .kubeAPIServerClient, "ann", ["system:masters"], [], ["client auth"],
            "use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed"
        ),
        (
            .kubeAPIServerClientKubelet, "system:node:n1", ["system:nodes"], [],
            ["client auth", "digital signature"], nil
        ),
        (
            .kubeAPIServerClientKubelet, "n1", ["system:nodes"], [], ["client auth"],
            "subject common name does not begin with system:node: "
        ),
        (
            .kubeAPIServerClientKubelet, "system:node:n1", ["others"], [], ["client auth"],
            "subject organization is not system:nodes"
        ),
        (
            .kubeletServing, "system:node:n1", ["system:nodes"], ["n1.local"],
            ["server auth", "digital signature", "key encipherment"], nil
        ),
        (
            .kubeletServing, "system:node:n1", ["system:nodes"], ["n1.local"], ["server auth"],
            "usages did not match [digital signature key encipherment server auth]"
        ),
        (
            .kubeletServing, "system:node:n1", ["system:nodes"], [], ["server auth"],
            "at least one DNS or IP subjectAltName is required"
        ),
        (
            .kubeletServing, "system:node:n1", ["system:nodes"], ["n1.local"], ["client auth"],
            "usages did not match [digital signature key encipherment server auth]"
        ),
    ])
    func signing(
        signer: CertificateSigner, commonName: String, organizations: [String], dns: [String],
        usages: [String], refusal: String?
    ) throws {
        var random = SplitMix(state: 7)
        let now = Date()
        let authority = try CertificateAuthority(commonName: "ca", now: now, random: &random)
        let pem = try Self.request(commonName, organizations, dns: dns)
        func sign() throws -> String {
            try authority.sign(
                csr: pem, signer: signer, usages: usages, duration: 3600, now: now, random: &random)
        }
        if let refusal {
            do {
                _ = try sign()
                Issue.record("signed")
            } catch let failure as CertificateAuthority.Failure { #expect(failure.description == refusal) }
            return
        }
        let certificate = try Certificate(pemEncoded: try sign())
        #expect(authority.certificate.publicKey.isValidSignature(certificate.signature, for: certificate))
        #expect(certificate.subject.identity.commonName == commonName)
        #expect(abs(certificate.notValidAfter.timeIntervalSince(now + 3600)) < 2)
        let names = try certificate.extensions.subjectAlternativeNames?.map { $0 } ?? []
        #expect(names == dns.map(GeneralName.dnsName))
    }

    @Test func garbageIsNoRequest() throws {
        var random = SplitMix(state: 8)
        let authority = try CertificateAuthority(commonName: "ca", now: Date(), random: &random)
        #expect(throws: CertificateAuthority.Failure.self) {
            try authority.sign(
                csr: "x", signer: .kubeAPIServerClient, usages: ["client auth"], duration: 3600, now: Date(),
                random: &random)
        }
    }
}
