import Foundation
import KubeJSON
import SwiftASN1
import Testing
import X509

@testable import KubeAuth

@Suite struct AuthenticationTrustTests {
    private static let now = Date()

    private func authority(_ name: String, _ now: Date = Self.now) throws -> String {
        var random = SystemRandomNumberGenerator()
        return try CertificateAuthority(commonName: name, now: now, random: &random).certificate.pem()
    }

    @Test func saysWhatUpstreamSays() throws {
        let trust = AuthenticationTrust(clientCA: try authority("a"), frontProxyCA: try authority("b"))
        let data = try trust.data(keeping: nil, now: Self.now)
        #expect(
            data == [
                "client-ca-file": .string(trust.clientCA),
                "requestheader-allowed-names": #"["front-proxy-client"]"#,
                "requestheader-client-ca-file": .string(trust.frontProxyCA),
                "requestheader-extra-headers-prefix": #"["X-Remote-Extra-"]"#,
                "requestheader-group-headers": #"["X-Remote-Group"]"#,
                "requestheader-uid-headers": #"["X-Remote-Uid"]"#,
                "requestheader-username-headers": #"["X-Remote-User"]"#,
            ])
        #expect(try trust.data(keeping: data, now: Self.now) == data)
    }

    @Test func keepsWhatAnotherServerPublished() throws {
        let trust = AuthenticationTrust(clientCA: try authority("a"), frontProxyCA: try authority("b"))
        let other = try authority("other")
        let over = try authority("over", Self.now - 11 * 365 * 86_400)
        let data = try trust.data(
            keeping: [
                "client-ca-file": .string(over + other), "requestheader-group-headers": #"["X-Group"]"#,
                "requestheader-allowed-names": #"["front-proxy-client","aggregator"]"#, "more": "x",
            ], now: Self.now)
        #expect(data["client-ca-file"] == .string(other + trust.clientCA))
        #expect(data["requestheader-group-headers"] == #"["X-Group","X-Remote-Group"]"#)
        #expect(data["requestheader-allowed-names"] == #"["front-proxy-client","aggregator"]"#)
        #expect(data["more"] == nil)
        #expect(throws: AuthenticationTrust.Failure.self) {
            try trust.data(keeping: ["client-ca-file": "-----BEGIN CERTIFICATE-----\nx"], now: Self.now)
        }
        #expect(throws: AuthenticationTrust.Failure.self) {
            try trust.data(keeping: ["requestheader-group-headers": "X"], now: Self.now)
        }
    }

    @Test func theProxysCertificateIsOfAnAuthorityOfItsOwn() throws {
        try PKITests.withDirectory { path in
            let pki = try ClusterPKI(.init(directory: path), now: Self.now)
            let client = try Certificate(pemEncoded: pki.proxyClientPEM)
            let authority = try Certificate(pemEncoded: pki.frontProxyCAPEM)
            let cluster = try Certificate(pemEncoded: pki.caPEM)
            #expect(authority.publicKey.isValidSignature(client.signature, for: client))
            #expect(!cluster.publicKey.isValidSignature(client.signature, for: client))
            #expect(client.subject.identity.0 == "front-proxy-client")
            #expect(try client.extensions.extendedKeyUsage == ExtendedKeyUsage([.clientAuth]))
        }
    }

    /// Whoever has the cluster's certificate may not speak for others, whatever it calls itself.
    @Test func authoritiesAreToldApart() throws {
        try PKITests.withDirectory { path in
            let pki = try ClusterPKI(.init(directory: path), now: Self.now)
            let holders = try CertificateHolders(frontProxyCA: pki.frontProxyCAPEM)
            func holder(_ pem: String) throws -> CertificateHolder? {
                holders.holder(of: try PEMDocument(pemString: pem).derBytes)
            }
            guard case .frontProxy = try holder(pki.proxyClientPEM) else {
                Issue.record("the proxy is not known")
                return
            }
            guard case .user(let admin) = try holder(pki.adminPEM) else {
                Issue.record("the administrator is not known")
                return
            }
            #expect(admin.name == "kubernetes-admin" && admin.groups.contains(Group.authenticated))
            var random = SystemRandomNumberGenerator()
            func issue(_ name: String, _ authority: CertificateAuthority) throws -> CertificateHolder? {
                let template = CertificateAuthority.Template(commonName: name, isClient: true)
                let made = try authority.issue(template, now: Self.now, random: &random)
                return try holder(made.certificate.pem())
            }
            guard case .user(let named) = try issue(AuthenticationTrust.frontProxyName, pki.authority) else {
                Issue.record("a client with the proxy's name is more than a client")
                return
            }
            #expect(named.name == AuthenticationTrust.frontProxyName)
            // An authority of the same name is another one.
            let other = try CertificateAuthority(commonName: "front-proxy-ca", now: Self.now, random: &random)
            guard case .user = try issue(AuthenticationTrust.frontProxyName, other) else {
                Issue.record("the authority's name alone was believed")
                return
            }
        }
    }
}
