import KubeAPI
import KubeAuth
import KubeJSON
import KubeRegistry
import NIOConcurrencyHelpers

/// Who makes a request: a client certificate, a bearer token, or nobody.
final class RequestAuthenticator: Sendable {
    let signer: TokenSigner
    private let verifier: TokenVerifier
    private let tokens = NIOLockedValueBox(TokenCache())
    private let registry: Registry

    init(signer: TokenSigner, registry: Registry) {
        self.signer = signer
        verifier = TokenVerifier(signer)
        self.registry = registry
    }

    func identify(_ exchange: HTTPExchange) throws(APIStatus) -> UserInfo {
        if exchange.connection.proxy == .trusted, let user = RemoteIdentity.user(exchange.headers) {
            return user
        }
        if let user = exchange.connection.certificateUser { return user }
        guard let header = exchange.headers.first("authorization"), !header.isEmpty else {
            if let user = try identifyByProtocol(exchange) { return user }
            // A proxy that says nothing, or that may not say it, is nobody at all.
            if exchange.connection.proxy != nil { throw .unauthorized() }
            return .anonymous
        }
        let parts = header.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return .anonymous }
        do {
            return try verify(parts[1].trimmed, audiences: [signer.issuer]).user.authenticated
        } catch {
            throw .unauthorized()
        }
    }

    private func identifyByProtocol(_ exchange: HTTPExchange) throws(APIStatus) -> UserInfo? {
        guard exchange.upgradeProtocol == "websocket" else { return nil }
        do {
            let offered = exchange.headers.all("sec-websocket-protocol")
            guard let token = try WebSocketToken.token(among: offered) else { return nil }
            return try verify(token, audiences: [signer.issuer]).user.authenticated
        } catch {
            throw .unauthorized()
        }
    }

    func verify(
        _ token: String, audiences: [String]
    ) throws(TokenVerifier.Failure) -> (user: UserInfo, audiences: [String]) {
        let now = registry.environment.now().seconds
        let result = tokens.withLockedValue { cache in
            Result { () throws(TokenVerifier.Failure) in
                try cache.claims(of: token, now: now, verifier: verifier)
            }
        }
        let claims = try result.get()
        let good = try TokenVerifier.check(claims, audiences: audiences, now: now) { kind, namespace, name in
            let plural = kind == "ServiceAccount" ? "serviceaccounts" : kind.lowercased() + "s"
            guard let object = registry.lookup("", plural, namespace.isEmpty ? name : namespace + "/" + name)
            else { return nil }
            return TokenVerifier.ObjectState(
                uid: object.uid, deletionTime: object.deletionTimestamp.flatMap { Timestamp($0)?.seconds })
        }
        return (claims.user, good)
    }
}
