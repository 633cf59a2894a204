import KubeAPI
import KubeAuth
import KubeJSON
import KubeRegistry

/// Issues tokens of service accounts: for clients by TokenRequest, and for the volumes of pods that run here.
public struct TokenIssuer: Sendable {
    let registry: Registry
    let signer: TokenSigner

    /// - Parameter body: a TokenRequest.
    /// - Returns: the TokenRequest with its status.
    func issue(_ body: JSON, for account: JSON, in namespace: String) throws(APIStatus) -> JSON {
        let name = account.name
        let environment = registry.environment
        let now = environment.now().seconds
        let context = TokenRequest.Context(
            namespace: namespace, serviceAccount: ObjectReference(name: name, uid: account.uid),
            apiAudiences: [signer.issuer], now: now, id: environment.uuid())
        do {
            let issued = try TokenRequest.claims(
                for: body, issuer: signer.issuer, context: context,
                object: { [registry] kind, namespace, name in
                    let plural = kind.lowercased() + "s"
                    return registry.lookup("", plural, namespace.isEmpty ? name : namespace + "/" + name)
                })
            let token = try signer.sign(issued.claims)
            var answer = issued.request
            answer["kind"] = "TokenRequest"
            answer["apiVersion"] = "authentication.k8s.io/v1"
            answer["metadata"] = [
                "name": .string(name), "namespace": .string(namespace),
                "creationTimestamp": .string(Timestamp(seconds: now).rfc3339),
            ]
            answer["status"] = [
                "token": .string(token),
                "expirationTimestamp": .string(Timestamp(seconds: issued.reportedExpiration).rfc3339),
            ]
            return answer
        } catch let failure as TokenRequest.Failure {
            throw Self.status(of: failure, name)
        } catch let status as APIStatus {
            throw status
        } catch {
            throw .internalError("\(error)")
        }
    }

    /// A token that is bound to a pod, for its volume.
    /// - Parameters:
    ///   - audience: empty for the API server's own.
    ///   - seconds: of its life.
    /// - Returns: the token, and when it was issued and ends.
    public func token(
        account: String, namespace: String, audience: String, seconds: Int, podName: String, podUID: String
    ) throws(APIStatus) -> (text: String, issued: Timestamp, expires: Timestamp) {
        guard let object = registry.lookup("", "serviceaccounts", "\(namespace)/\(account)") else {
            throw .notFound(GroupResource("", "serviceaccounts"), account)
        }
        var spec: JSON = [
            "expirationSeconds": .integer(Int64(seconds)),
            "boundObjectRef": [
                "kind": "Pod", "apiVersion": "v1", "name": .string(podName), "uid": .string(podUID),
            ],
        ]
        spec["audiences"] = audience.isEmpty ? [] : [.string(audience)]
        let answer = try issue(["spec": spec], for: object, in: namespace)
        let expires = answer.at("status", "expirationTimestamp")?.string.flatMap { Timestamp($0) }
        let issued = answer.at("metadata", "creationTimestamp")?.string.flatMap { Timestamp($0) }
        guard let text = answer.at("status", "token")?.string, let expires, let issued else {
            throw .internalError("a token without an end")
        }
        return (text, issued, expires)
    }

    private static func status(of failure: TokenRequest.Failure, _ name: String) -> APIStatus {
        switch failure {
        case .invalid(let errors): .invalid(GroupKind("authentication.k8s.io", "TokenRequest"), "", errors)
        case .badRequest(let message): .badRequest(message)
        case .notFound(let resource, let name): .notFound(GroupResource("", resource), name)
        case .conflict(let resource, let name, let detail):
            .conflict(GroupResource("", resource), name, detail)
        }
    }
}
