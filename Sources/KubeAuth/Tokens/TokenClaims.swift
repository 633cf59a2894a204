import KubeJSON

/// An object by name and uid, as tokens refer to it.
public struct ObjectReference: Hashable, Sendable {
    public let name: String
    public let uid: String

    public init(name: String, uid: String) {
        self.name = name
        self.uid = uid
    }

    init?(_ json: JSON?) {
        guard let json, let name = json["name"]?.string else { return nil }
        self.init(name: name, uid: json["uid"]?.string ?? "")
    }

    var json: JSON {
        uid.isEmpty ? ["name": .string(name)] : ["name": .string(name), "uid": .string(uid)]
    }
}

/// What a service-account token says. Times are seconds since 1970.
public struct TokenClaims: Hashable, Sendable {
    public var issuer: String
    public var audiences: [String]
    public var subject: String
    public var id: String
    public var issuedAt: Int64
    public var notBefore: Int64
    public var expires: Int64
    public var namespace: String
    public var serviceAccount: ObjectReference
    public var pod: ObjectReference?
    public var secret: ObjectReference?
    public var node: ObjectReference?
    /// From when on a use of the token is noted as stale; only on extended tokens.
    public var warnAfter: Int64?

    public var json: JSON {
        var kubernetes = JSONObject()
        kubernetes["namespace"] = .string(namespace)
        if let node { kubernetes["node"] = node.json }
        if let pod { kubernetes["pod"] = pod.json }
        if let secret { kubernetes["secret"] = secret.json }
        kubernetes["serviceaccount"] = serviceAccount.json
        if let warnAfter { kubernetes["warnafter"] = .integer(warnAfter) }
        return [
            "aud": .array(audiences.map(JSON.string)), "exp": .integer(expires), "iat": .integer(issuedAt),
            "iss": .string(issuer), "jti": .string(id), "kubernetes.io": .object(kubernetes),
            "nbf": .integer(notBefore), "sub": .string(subject),
        ]
    }

    /// Nil when something that every token of ours has is missing.
    init?(_ json: JSON) {
        guard let issuer = json["iss"]?.string, let subject = json["sub"]?.string,
            let expires = json["exp"]?.integer, let kubernetes = json["kubernetes.io"],
            let namespace = kubernetes["namespace"]?.string,
            let serviceAccount = ObjectReference(kubernetes["serviceaccount"])
        else { return nil }
        self.issuer = issuer
        // One audience may stand alone (RFC 7519 §4.1.3).
        audiences = json["aud"]?.string.map { [$0] } ?? json["aud"]?.array?.compactMap(\.string) ?? []
        self.subject = subject
        id = json["jti"]?.string ?? ""
        issuedAt = json["iat"]?.integer ?? 0
        notBefore = json["nbf"]?.integer ?? 0
        self.expires = expires
        self.namespace = namespace
        self.serviceAccount = serviceAccount
        pod = ObjectReference(kubernetes["pod"])
        secret = ObjectReference(kubernetes["secret"])
        node = ObjectReference(kubernetes["node"])
        warnAfter = kubernetes["warnafter"]?.integer
    }

    init(
        issuer: String, audiences: [String], id: String, issuedAt: Int64, expires: Int64, namespace: String,
        serviceAccount: ObjectReference, pod: ObjectReference?, secret: ObjectReference?,
        node: ObjectReference?, warnAfter: Int64?
    ) {
        self.issuer = issuer
        self.audiences = audiences
        subject = ServiceAccountUser.name(namespace: namespace, name: serviceAccount.name)
        self.id = id
        self.issuedAt = issuedAt
        notBefore = issuedAt
        self.expires = expires
        self.namespace = namespace
        self.serviceAccount = serviceAccount
        self.pod = pod
        self.secret = secret
        self.node = node
        self.warnAfter = warnAfter
    }

    /// Who the bearer is; `authenticated` has yet to be added.
    public var user: UserInfo {
        var extra: [String: [String]] = [:]
        if let pod, !pod.uid.isEmpty {
            extra[ExtraKey.podName] = [pod.name]
            extra[ExtraKey.podUID] = [pod.uid]
        }
        if let node {
            extra[ExtraKey.nodeName] = [node.name]
            if !node.uid.isEmpty { extra[ExtraKey.nodeUID] = [node.uid] }
        }
        if !id.isEmpty { extra[ExtraKey.credentialID] = [credentialID] }
        return UserInfo(
            name: subject, uid: serviceAccount.uid, groups: ServiceAccountUser.groups(namespace: namespace),
            extra: extra)
    }

    /// How audit logs name this token: `JTI=…`.
    public var credentialID: String { "JTI=" + id }
}
