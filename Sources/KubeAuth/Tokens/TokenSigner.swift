import Crypto
import KubeJSON

/// The cluster's service-account key: signs tokens and publishes how to verify them.
///
/// ES256 (ECDSA on P-256), where upstream's default is RS256: making an RSA key costs more than the whole
/// start-up may take, and signing with it is ten times slower. Clients that verify tokens find the algorithm
/// in the JWKS as with any other cluster.
public struct TokenSigner: Sendable {
    private let key: P256.Signing.PrivateKey
    public let issuer: String
    /// How tokens refer to this key: the SHA-256 of its public half, as upstream names keys.
    public let keyID: String
    private let header: String

    public static let defaultIssuer = "https://kubernetes.default.svc.cluster.local"

    public init(key: P256.Signing.PrivateKey, issuer: String = defaultIssuer) {
        self.key = key
        self.issuer = issuer
        keyID = Base64URL.encode(Array(SHA256.hash(data: key.publicKey.derRepresentation)))
        let header: JSON = ["alg": "ES256", "kid": .string(keyID)]
        self.header = Base64URL.encode(JSONWriter.bytes(header)) + "."
    }

    /// Reads a private key in PEM (SEC 1 or PKCS #8).
    public init(pem: String, issuer: String = defaultIssuer) throws {
        self.init(key: try P256.Signing.PrivateKey(pemRepresentation: pem), issuer: issuer)
    }

    /// The signed token (JWS compact form).
    public func sign(_ claims: TokenClaims) throws -> String {
        let input = header + Base64URL.encode(JSONWriter.bytes(claims.json))
        let signature = try key.signature(for: Array(input.utf8))
        return input + "." + Base64URL.encode(Array(signature.rawRepresentation))
    }

    /// `/openid/v1/jwks`
    public var keySet: JSON {
        let point = Array(key.publicKey.rawRepresentation)
        return [
            "keys": [
                [
                    "use": "sig", "kty": "EC", "kid": .string(keyID), "crv": "P-256", "alg": "ES256",
                    "x": .string(Base64URL.encode(point.prefix(32))),
                    "y": .string(Base64URL.encode(point.suffix(32))),
                ]
            ]
        ]
    }

    /// `/.well-known/openid-configuration`
    ///
    /// - Parameter keySetURL: where clients fetch the key set, such as `https://HOST:6443/openid/v1/jwks`.
    public func discovery(keySetURL: String) -> JSON {
        [
            "issuer": .string(issuer), "jwks_uri": .string(keySetURL),
            "response_types_supported": ["id_token"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        ]
    }

    var publicKey: P256.Signing.PublicKey { key.publicKey }
}
