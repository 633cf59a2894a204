import KubeNode
import KubeServer

/// Tokens for the volumes of pods, from the server in this process.
struct PodTokens: TokenSource {
    let issuer: TokenIssuer

    func token(
        account: String, audience: String, seconds: Int, pod: PodIdentity
    ) throws -> VolumeToken {
        let issued = try issuer.token(
            account: account, namespace: pod.namespace, audience: audience, seconds: seconds,
            podName: pod.name, podUID: pod.uid)
        return VolumeToken(text: issued.text, issued: issued.issued, expires: issued.expires)
    }
}
