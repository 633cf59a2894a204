import Crypto
import KubeJSON

/// Verifies service-account tokens in two steps: what the bytes prove (signature, issuer, shape), which never
/// changes and may be remembered, and what depends on the moment (times, audience, whether the account and
/// the bound objects still exist), which is asked each time.
public struct TokenVerifier: Sendable {
    private let keys: [String: P256.Signing.PublicKey]
    private let issuer: String

    /// Tolerance for clocks that differ, in seconds.
    static let leeway: Int64 = 60

    public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// Not a token of this cluster: another authenticator may know it.
        case notOurs
        case invalid(String)

        public var description: String {
            switch self {
            case .notOurs: "not a token of this cluster"
            case .invalid(let reason): reason
            }
        }
    }

    /// What the server knows of an object that a token refers to.
    public struct ObjectState: Sendable {
        public let uid: String
        /// When its deletion was asked for, in seconds since 1970.
        public let deletionTime: Int64?

        public init(uid: String, deletionTime: Int64? = nil) {
            self.uid = uid
            self.deletionTime = deletionTime
        }
    }

    /// Finds an object by kind (`ServiceAccount`, `Pod`, `Secret`, `Node`), namespace (empty for nodes) and
    /// name.
    public typealias Lookup = (_ kind: String, _ namespace: String, _ name: String) -> ObjectState?

    public init(_ signer: TokenSigner) {
        keys = [signer.keyID: signer.publicKey]
        issuer = signer.issuer
    }

    /// The claims of a token that this cluster signed, whatever the time.
    public func claims(of token: String) throws(Failure) -> TokenClaims {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3,
            let headerBytes = Base64URL.decode(parts[0]), let header = try? JSONParser.parse(headerBytes),
            let payloadBytes = Base64URL.decode(parts[1]), let payload = try? JSONParser.parse(payloadBytes),
            payload["iss"]?.string == issuer
        else { throw .notOurs }
        // The algorithm is ours to choose, never the token's (RFC 8725 §3.1).
        guard header["alg"]?.string == "ES256", header["crit"] == nil else {
            throw .invalid("unexpected signature algorithm")
        }
        let candidates = header["kid"]?.string.map { keys[$0].map { [$0] } ?? [] } ?? Array(keys.values)
        let input = token.utf8[..<parts[1].endIndex]
        guard let signatureBytes = Base64URL.decode(parts[2]),
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signatureBytes),
            candidates.contains(where: { $0.isValidSignature(signature, for: Array(input)) })
        else { throw .invalid("invalid signature") }
        guard let claims = TokenClaims(payload) else { throw .invalid("token has no kubernetes.io claims") }
        let user = ServiceAccountUser.name(namespace: claims.namespace, name: claims.serviceAccount.name)
        guard claims.subject == user else { throw .invalid("token subject does not match its claims") }
        return claims
    }

    /// Whether a token with these claims is good now for one of the audiences; answers those it is good for.
    public static func check(
        _ claims: TokenClaims, audiences: [String], now: Int64, lookup: Lookup
    ) throws(Failure) -> [String] {
        if now > claims.expires + leeway { throw .invalid("service account token has expired") }
        if now + leeway < max(claims.notBefore, claims.issuedAt) {
            throw .invalid("service account token is not valid yet")
        }
        let good = audiences.filter(claims.audiences.contains)
        if good.isEmpty {
            throw .invalid(
                "token audiences \(RuleCovering.quoted(claims.audiences)) is invalid for the target audiences"
                    + " \(RuleCovering.quoted(audiences))")
        }
        try checkObjects(claims, now: now, lookup: lookup)
        return good
    }

    private static func checkObjects(_ claims: TokenClaims, now: Int64, lookup: Lookup) throws(Failure) {
        func isGone(_ object: ObjectState) -> Bool { object.deletionTime.map { $0 < now - leeway } ?? false }
        let account = claims.serviceAccount
        let title = claims.namespace + "/" + account.name
        guard let found = lookup("ServiceAccount", claims.namespace, account.name) else {
            throw .invalid("serviceaccounts \(JSONWriter.quoted(account.name)) not found")
        }
        if isGone(found) { throw .invalid("service account \(title) has been deleted") }
        if found.uid != account.uid {
            throw .invalid("service account UID (\(found.uid)) does not match claim (\(account.uid))")
        }
        for (kind, reference) in [("Secret", claims.secret), ("Pod", claims.pod)] {
            guard let reference else { continue }
            guard let found = lookup(kind, claims.namespace, reference.name), !isGone(found) else {
                throw .invalid("service account token has been invalidated")
            }
            if found.uid != reference.uid {
                let word = kind.lowercased()
                throw .invalid(
                    "\(word) UID (\(found.uid)) does not match service account \(word) ref claim"
                        + " (\(reference.uid))")
            }
        }
        // The node of a pod's token is told, not checked: the pod stands for it.
        guard claims.pod == nil, let node = claims.node else { return }
        guard let found = lookup("Node", "", node.name), !isGone(found) else {
            throw .invalid("service account token has been invalidated")
        }
        if found.uid != node.uid {
            throw .invalid(
                "node UID (\(found.uid)) does not match service account node ref claim (\(node.uid))")
        }
    }
}

/// Remembers which tokens this cluster signed, so that a client's second request costs a hash instead of a
/// signature check. Holds digests, not tokens. The owner guards it (it is a value) and still calls
/// `TokenVerifier.check`, so that a deleted account is refused at once.
public struct TokenCache: Sendable {
    private struct Digest: Hashable, Sendable {
        let a: UInt64, b: UInt64, c: UInt64, d: UInt64

        init(_ token: String) {
            var token = token
            let hash = token.withUTF8 { SHA256.hash(data: UnsafeRawBufferPointer($0)) }
            (a, b, c, d) = hash.withUnsafeBytes { bytes in
                (
                    bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
                    bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
                    bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
                    bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
                )
            }
        }
    }

    private var claims: [Digest: TokenClaims] = [:]
    private let capacity: Int

    public init(capacity: Int = 4096) { self.capacity = capacity }

    public var count: Int { claims.count }

    /// The claims of a token, from memory when it was seen before.
    public mutating func claims(
        of token: String, now: Int64, verifier: TokenVerifier
    ) throws(TokenVerifier.Failure) -> TokenClaims {
        let digest = Digest(token)
        if let known = claims[digest] { return known }
        let verified = try verifier.claims(of: token)
        if claims.count >= capacity {
            claims = claims.filter { $0.value.expires > now }
            // All alive: starting over is rare and costs each client one check.
            if claims.count >= capacity { claims.removeAll(keepingCapacity: true) }
        }
        if verified.expires > now { claims[digest] = verified }
        return verified
    }
}
