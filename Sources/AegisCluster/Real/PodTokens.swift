import KubeAPI
import KubeAuth
import KubeJSON
import KubeNode
import KubeRegistry

/// Tokens of service accounts for pods, as the TokenRequest subresource gives them to a kubelet.
struct PodTokens: TokenSource {
    private let registry: Registry
    private let signer: TokenSigner

    init(_ registry: Registry, _ signer: TokenSigner) {
        self.registry = registry
        self.signer = signer
    }

    func token(
        account name: String, audience: String, seconds: Int, pod: PodIdentity
    ) throws -> VolumeToken {
        guard let account = registry.lookup("", "serviceaccounts", "\(pod.namespace)/\(name)") else {
            throw VolumeFailure("serviceaccounts \"\(name)\" not found")
        }
        let environment = registry.environment
        let now = Timestamp(seconds: environment.now().seconds)
        let context = TokenRequest.Context(
            namespace: pod.namespace, serviceAccount: ObjectReference(name: name, uid: account.uid),
            apiAudiences: [signer.issuer], now: now.seconds, id: environment.uuid())
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
            for: request, issuer: signer.issuer, context: context,
            object: { kind, namespace, name in
                let plural = kind.lowercased() + "s"
                return registry.lookup("", plural, namespace.isEmpty ? name : namespace + "/" + name)
            })
        return VolumeToken(
            text: try signer.sign(issued.claims), issued: now,
            expires: Timestamp(seconds: issued.reportedExpiration))
    }
}
