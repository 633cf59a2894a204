import KubeAPI
import KubeAuth
import KubeJSON
import KubeNode
import KubeRegistry
import Synchronization

/// Tokens of service accounts for pods, as the TokenRequest subresource gives them to a kubelet.
final class PodTokens: TokenSource {
    private struct Source: Sendable {
        let registry: Registry
        let signer: TokenSigner
    }
    private let source = Mutex<Source?>(nil)

    func use(_ registry: Registry, _ pki: ClusterPKI) {
        source.withLock { $0 = Source(registry: registry, signer: pki.tokenSigner) }
    }

    func token(
        account name: String, audience: String, seconds: Int, pod: PodIdentity
    ) throws -> VolumeToken {
        guard let source = source.withLock({ $0 }) else { throw VolumeFailure("the server is not up yet") }
        guard let account = source.registry.lookup("", "serviceaccounts", "\(pod.namespace)/\(name)") else {
            throw VolumeFailure("serviceaccounts \"\(name)\" not found")
        }
        let environment = source.registry.environment
        let now = Timestamp(seconds: environment.now().seconds)
        let context = TokenRequest.Context(
            namespace: pod.namespace, serviceAccount: ObjectReference(name: name, uid: account.uid),
            apiAudiences: [source.signer.issuer], now: now.seconds, id: environment.uuid())
        let request: JSON = [
            "spec": [
                "audiences": audience.isEmpty ? [] : [.string(audience)],
                "expirationSeconds": .integer(Int64(seconds)),
                "boundObjectRef": [
                    "kind": "Pod", "apiVersion": "v1", "name": .string(pod.name), "uid": .string(pod.uid),
                ],
            ]
        ]
        let issued = try TokenRequest.claims(
            for: request, issuer: source.signer.issuer, context: context,
            object: { kind, namespace, name in
                let plural = kind.lowercased() + "s"
                return source.registry.lookup("", plural, namespace.isEmpty ? name : namespace + "/" + name)
            })
        return VolumeToken(
            text: try source.signer.sign(issued.claims), issued: now,
            expires: Timestamp(seconds: issued.reportedExpiration))
    }
}
