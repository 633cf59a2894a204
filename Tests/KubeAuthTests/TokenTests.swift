import Crypto
import Foundation
import KubeJSON
import Testing

@testable import KubeAuth

@Suite struct TokenTests {
    static let signer = TokenSigner(key: P256.Signing.PrivateKey())
    static let verifier = TokenVerifier(signer)
    static let now: Int64 = 1_780_000_000
    static let issuer = TokenSigner.defaultIssuer

    static func context(maximum: Int64? = nil) -> TokenRequest.Context {
        TokenRequest.Context(
            namespace: "shop", serviceAccount: ObjectReference(name: "web", uid: "u-sa"),
            apiAudiences: [issuer], maximumExpiration: maximum, now: now, id: "id-1")
    }

    static func object(_ kind: String, _ namespace: String, _ name: String) -> JSON? {
        switch "\(kind) \(namespace)/\(name)" {
        case "Pod shop/web-1":
            ["metadata": ["uid": "u-pod"], "spec": ["serviceAccountName": "web", "nodeName": "n1"]]
        case "Pod shop/other-1": ["metadata": ["uid": "u-o"], "spec": ["serviceAccountName": "other"]]
        case "Secret shop/s": ["metadata": ["uid": "u-secret"]]
        case "Node /n1": ["metadata": ["uid": "u-node"]]
        default: nil
        }
    }

    static func lookup(_ kind: String, _ namespace: String, _ name: String) -> TokenVerifier.ObjectState? {
        if kind == "ServiceAccount" {
            return namespace == "shop" && name == "web" ? .init(uid: "u-sa") : nil
        }
        return object(kind, namespace, name).map { .init(uid: $0.at("metadata", "uid")?.string ?? "") }
    }

    static func claims(_ spec: JSON, maximum: Int64? = nil) throws -> TokenClaims {
        try TokenRequest.claims(
            for: ["spec": spec], issuer: issuer, context: context(maximum: maximum), object: object
        ).claims
    }

    @Test func aPodsTokenSaysWhoItIs() throws {
        let result = try TokenRequest.claims(
            for: [
                "spec": [
                    "expirationSeconds": 3607,
                    "boundObjectRef": ["apiVersion": "v1", "kind": "Pod", "name": "web-1", "uid": "u-pod"],
                ]
            ], issuer: Self.issuer, context: Self.context(), object: Self.object)
        #expect(result.reportedExpiration == Self.now + 3607)
        #expect(result.request.at("spec", "audiences") == [.string(Self.issuer)])
        #expect(
            result.claims.json == [
                "aud": [.string(Self.issuer)], "exp": .integer(Self.now + 31_536_000),
                "iat": .integer(Self.now),
                "iss": .string(Self.issuer), "jti": "id-1",
                "kubernetes.io": [
                    "namespace": "shop", "node": ["name": "n1", "uid": "u-node"],
                    "pod": ["name": "web-1", "uid": "u-pod"],
                    "serviceaccount": ["name": "web", "uid": "u-sa"], "warnafter": .integer(Self.now + 3607),
                ], "nbf": .integer(Self.now), "sub": "system:serviceaccount:shop:web",
            ])
        let token = try Self.signer.sign(result.claims)
        let verified = try Self.verifier.claims(of: token)
        #expect(verified == result.claims)
        #expect(
            try TokenVerifier.check(verified, audiences: [Self.issuer], now: Self.now, lookup: Self.lookup)
                == [Self.issuer])
        #expect(
            verified.user
                == UserInfo(
                    name: "system:serviceaccount:shop:web", uid: "u-sa",
                    groups: ["system:serviceaccounts", "system:serviceaccounts:shop"],
                    extra: [
                        ExtraKey.podName: ["web-1"], ExtraKey.podUID: ["u-pod"], ExtraKey.nodeName: ["n1"],
                        ExtraKey.nodeUID: ["u-node"], ExtraKey.credentialID: ["JTI=id-1"],
                    ]))
    }

    @Test func onlyTheServersOwnAudienceIsExtended() throws {
        let foreign = try Self.claims(["expirationSeconds": 3607, "audiences": ["vault"]])
        #expect(foreign.expires == Self.now + 3607 && foreign.warnAfter == nil)
        #expect(try Self.claims([:]).expires == Self.now + 3600)
        #expect(try Self.claims(["expirationSeconds": 9000], maximum: 7200).expires == Self.now + 7200)
    }

    @Test(arguments: [(599, false), (600, true), (1 << 32, true), (1 << 32 + 1, false)])
    func expirationLimits(seconds: Int64, isValid: Bool) {
        let errors = TokenRequest.validate(["spec": ["expirationSeconds": .integer(seconds)]])
        #expect(errors.isEmpty == isValid)
        if seconds == 599 {
            #expect(
                errors.first?.description
                    == "spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes"
            )
        }
    }

    @Test func wrongBoundObjectsAreRefused() {
        func failure(_ kind: String, _ name: String, _ uid: String = "") -> TokenRequest.Failure? {
            do {
                _ = try TokenRequest.claims(
                    for: [
                        "spec": [
                            "boundObjectRef": [
                                "apiVersion": "v1", "kind": .string(kind), "name": .string(name),
                                "uid": .string(uid),
                            ]
                        ]
                    ], issuer: Self.issuer, context: Self.context(), object: Self.object)
                return nil
            } catch { return error }
        }
        guard case .notFound("pods", "none") = failure("Pod", "none") else {
            Issue.record("an absent pod was bound")
            return
        }
        guard case .conflict("Secret", "s", _) = failure("Secret", "s", "old") else {
            Issue.record("another secret was bound")
            return
        }
        guard case .badRequest(let text) = failure("Pod", "other-1") else {
            Issue.record("another account's pod was bound")
            return
        }
        #expect(text.contains(#"serviceaccount "web""#))
        guard case .badRequest = failure("ConfigMap", "c") else {
            Issue.record("a ConfigMap was bound")
            return
        }
        #expect(failure("Node", "n1", "u-node") == nil)
    }

    @Test func tamperedAndForeignTokensAreRefused() throws {
        let token = try Self.signer.sign(try Self.claims([:]))
        let parts = token.split(separator: ".").map(String.init)
        func failure(_ token: String) -> TokenVerifier.Failure? {
            do {
                _ = try Self.verifier.claims(of: token)
                return nil
            } catch { return error }
        }
        #expect(failure(token) == nil)
        #expect(failure("abc") == .notOurs)
        #expect(failure(parts[0] + "." + parts[1]) == .notOurs)
        // Another payload under the same signature.
        let payload = try #require(Base64URL.decode(parts[1].utf8))
        let changed = String(decoding: payload, as: UTF8.self).replacing("shop", with: "kube")
        #expect(
            failure("\(parts[0]).\(Base64URL.encode(Array(changed.utf8))).\(parts[2])")
                == .invalid("invalid signature"))
        for (header, reason) in [
            (#"{"alg":"none"}"#, "unexpected signature algorithm"),
            (#"{"alg":"HS256"}"#, "unexpected signature algorithm"),
            (#"{"alg":"ES256","kid":"other"}"#, "invalid signature"),
        ] {
            #expect(
                failure("\(Base64URL.encode(Array(header.utf8))).\(parts[1]).\(parts[2])") == .invalid(reason)
            )
        }
        let other = TokenSigner(key: P256.Signing.PrivateKey())
        #expect(failure(try other.sign(try Self.claims([:]))) == .invalid("invalid signature"))
        let elsewhere = TokenSigner(key: P256.Signing.PrivateKey(), issuer: "https://elsewhere")
        var claims = try Self.claims([:])
        claims.issuer = "https://elsewhere"
        #expect(failure(try elsewhere.sign(claims)) == .notOurs)
    }

    @Test func theMomentCounts() throws {
        let claims = try Self.claims([
            "boundObjectRef": ["apiVersion": "v1", "kind": "Pod", "name": "web-1"]
        ])
        func reason(
            at now: Int64 = Self.now, audiences: [String] = [Self.issuer],
            lookup: @escaping TokenVerifier.Lookup = Self.lookup
        ) -> String? {
            do {
                _ = try TokenVerifier.check(claims, audiences: audiences, now: now, lookup: lookup)
                return nil
            } catch { return error.description }
        }
        #expect(reason() == nil)
        #expect(reason(at: Self.now + 3660) == nil)
        #expect(reason(at: Self.now + 3661) == "service account token has expired")
        #expect(reason(at: Self.now - 61) == "service account token is not valid yet")
        #expect(
            reason(audiences: ["vault"])
                == #"token audiences ["\#(Self.issuer)"] is invalid for the target audiences ["vault"]"#)
        func changing(_ changed: String, to state: TokenVerifier.ObjectState?) -> TokenVerifier.Lookup {
            { $0 == changed ? state : Self.lookup($0, $1, $2) }
        }
        #expect(reason(lookup: changing("ServiceAccount", to: nil)) == #"serviceaccounts "web" not found"#)
        #expect(
            reason(lookup: changing("ServiceAccount", to: .init(uid: "new")))
                == "service account UID (new) does not match claim (u-sa)")
        #expect(
            reason(lookup: changing("Pod", to: nil)) == "service account token has been invalidated")
        #expect(
            reason(lookup: changing("Pod", to: .init(uid: "new")))
                == "pod UID (new) does not match service account pod ref claim (u-pod)")
        let deleting = TokenVerifier.ObjectState(uid: "u-pod", deletionTime: Self.now - 10)
        #expect(reason(lookup: changing("Pod", to: deleting)) == nil)
        #expect(reason(at: Self.now + 51, lookup: changing("Pod", to: deleting)) != nil)
    }

    @Test func theCacheRemembersWhatWasProved() throws {
        var cache = TokenCache(capacity: 2)
        let tokens = try (0..<3).map { _ in try Self.signer.sign(try Self.claims([:])) }
        for token in tokens {
            let first = try cache.claims(of: token, now: Self.now, verifier: Self.verifier)
            #expect(try cache.claims(of: token, now: Self.now, verifier: Self.verifier) == first)
            #expect(cache.count <= 2)
        }
        #expect(throws: TokenVerifier.Failure.self) {
            try cache.claims(of: tokens[0] + "A", now: Self.now, verifier: Self.verifier)
        }
    }

    @Test func discoveryPointsToTheKeys() {
        let document = Self.signer.discovery(keySetURL: "https://h/openid/v1/jwks")
        #expect(document["issuer"]?.string == Self.issuer)
        #expect(document["jwks_uri"] == "https://h/openid/v1/jwks")
        #expect(document["id_token_signing_alg_values_supported"] == ["ES256"])
        #expect(Self.signer.keySet.at("keys")?[0]?["kid"]?.string == Self.signer.keyID)
    }

    @Test func base64() {
        for text in ["", "f", "fo", "foo", "foob", "\u{fb}\u{ff}\u{fe}"] {
            let bytes = Array(text.utf8)
            #expect(Base64URL.decode(Base64URL.encode(bytes).utf8) == bytes)
            #expect(Base64URL.encodePlain(bytes) == Data(bytes).base64EncodedString())
        }
        #expect(Base64URL.decode("Zm9v=".utf8) == nil)
        #expect(Base64URL.decode("Z".utf8) == nil)
        #expect(Base64URL.decode("Zh".utf8) == nil)
        #expect(Base64URL.decode("Zg".utf8) == Array("f".utf8))
    }

    /// Another implementation (Python's joserfc) accepts our tokens by our published keys.
    @Test(.enabled(if: Python.has("joserfc"))) func anIndependentImplementationAgrees() throws {
        let token = try Self.signer.sign(try Self.claims([:]))
        let script = """
            import sys, json
            from joserfc import jwt
            from joserfc.jwk import KeySet
            keys = KeySet.import_key_set(json.loads(sys.argv[2]))
            token = jwt.decode(sys.argv[1], keys, algorithms=["ES256"])
            print(token.claims["sub"])
            """
        let output = try Python.run(script, [token, JSONWriter.string(Self.signer.keySet)])
        #expect(output == "system:serviceaccount:shop:web\n")
    }

    @Test func staticTokens() throws {
        let tokens = try StaticTokens(
            """
            # comment
            t1,ann,1,"devs,ops"
            t2,bob,2
            ,nobody,3
            """)
        #expect(tokens.user(for: "t1") == UserInfo(name: "ann", uid: "1", groups: ["devs", "ops"]))
        #expect(tokens.user(for: "t2") == UserInfo(name: "bob", uid: "2"))
        #expect(tokens.user(for: "") == nil && tokens.user(for: "t3") == nil)
        #expect(throws: StaticTokens.FormatError(line: 2)) { try StaticTokens("a,b,c\nx,y") }
    }
}

enum Python {
    static func has(_ module: String) -> Bool { (try? run("import \(module)", [])) != nil }

    struct Failure: Error {}

    static func run(_ script: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure() }
        return String(decoding: data, as: UTF8.self)
    }
}
