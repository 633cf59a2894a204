import KubeAPI
import KubeJSON

/// The TokenRequest subresource of service accounts: `POST …/serviceaccounts/NAME/token`.
public enum TokenRequest {
    /// The expiration that pods ask for when nobody chose one: such tokens are extended, because old clients
    /// do not reload theirs.
    static let extendedRequest: Int64 = 3607
    static let extendedExpiration: Int64 = 365 * 24 * 3600
    static let defaultExpiration: Int64 = 3600

    /// Why a token was not issued.
    public enum Failure: Error, Sendable {
        case invalid([FieldError])
        case badRequest(String)
        case notFound(resource: String, name: String)
        /// The object bound to is not the one meant: 409.
        case conflict(resource: String, name: String, detail: String)
    }

    /// What the server knows of the service account and the bound object.
    public struct Context: Sendable {
        public var namespace: String
        public var serviceAccount: ObjectReference
        /// The server's own audiences; the issuer unless configured otherwise.
        public var apiAudiences: [String]
        /// Longest life of a token in seconds; nil for no limit but 2^32.
        public var maximumExpiration: Int64?
        /// Now, in seconds since 1970.
        public var now: Int64
        /// A fresh UUID: the token's id.
        public var id: String

        public init(
            namespace: String, serviceAccount: ObjectReference, apiAudiences: [String],
            maximumExpiration: Int64? = nil, now: Int64, id: String
        ) {
            self.namespace = namespace
            self.serviceAccount = serviceAccount
            self.apiAudiences = apiAudiences
            self.maximumExpiration = maximumExpiration
            self.now = now
            self.id = id
        }
    }

    /// What is wrong with a TokenRequest object.
    public static func validate(_ request: JSON) -> [FieldError] {
        let path = FieldPath("spec").child("expirationSeconds")
        guard let seconds = request.at("spec", "expirationSeconds")?.integer else { return [] }
        if seconds < 600 {
            return [.invalid(path, .integer(seconds), "may not specify a duration less than 10 minutes")]
        }
        if seconds > 1 << 32 {
            return [.invalid(path, .integer(seconds), "may not specify a duration larger than 2^32 seconds")]
        }
        return []
    }

    /// The claims of the token that a request gets, and the request with defaults and without status.
    ///
    /// - Parameter object: finds the bound object, and a bound pod's node: kind (`Pod`, `Secret`, `Node`),
    ///   namespace (empty for nodes) and name.
    public static func claims(
        for request: JSON, issuer: String, context: Context,
        object: (_ kind: String, _ namespace: String, _ name: String) -> JSON?
    ) throws(Failure) -> (claims: TokenClaims, request: JSON, reportedExpiration: Int64) {
        var request = request
        let errors = validate(request)
        if !errors.isEmpty { throw .invalid(errors) }

        var audiences = request.at("spec", "audiences")?.array?.compactMap(\.string) ?? []
        if audiences.isEmpty { audiences = context.apiAudiences }
        request.set(.array(audiences.map(JSON.string)), at: "spec", "audiences")
        var seconds = request.at("spec", "expirationSeconds")?.integer ?? defaultExpiration
        if let maximum = context.maximumExpiration { seconds = min(seconds, maximum) }
        request.set(.integer(seconds), at: "spec", "expirationSeconds")

        let bound = try boundObject(request, context, object)
        // Only what was asked for is reported: a client that reloads by it never sees the extension.
        let reported = context.now + seconds
        var warnAfter: Int64?
        if seconds == extendedRequest, audiences.allSatisfy(context.apiAudiences.contains) {
            warnAfter = reported
            seconds = extendedExpiration
        }
        let claims = TokenClaims(
            issuer: issuer, audiences: audiences, id: context.id, issuedAt: context.now,
            expires: context.now + seconds, namespace: context.namespace,
            serviceAccount: context.serviceAccount, pod: bound.pod, secret: bound.secret, node: bound.node,
            warnAfter: warnAfter)
        return (claims, request, reported)
    }

    private typealias Bound = (pod: ObjectReference?, secret: ObjectReference?, node: ObjectReference?)

    private static func boundObject(
        _ request: JSON, _ context: Context, _ object: (String, String, String) -> JSON?
    ) throws(Failure) -> Bound {
        guard let reference = request.at("spec", "boundObjectRef"), !reference.isNull else {
            return (nil, nil, nil)
        }
        let kind = reference["kind"]?.string ?? ""
        let version = reference["apiVersion"]?.string ?? ""
        let name = reference["name"]?.string ?? ""
        let resource: String
        switch (version, kind) {
        case ("v1", "Pod"): resource = "pods"
        case ("v1", "Secret"): resource = "secrets"
        case ("v1", "Node"): resource = "nodes"
        default:
            let parts = version.split(separator: "/", maxSplits: 1).map(String.init)
            let group = parts.count > 1 ? parts[0] : ""
            throw .badRequest(
                "cannot bind token to object of type \(group)/\(parts.last ?? ""), Kind=\(kind)")
        }
        guard let found = object(kind, kind == "Node" ? "" : context.namespace, name) else {
            throw .notFound(resource: resource, name: name)
        }
        let uid = found.at("metadata", "uid")?.string ?? ""
        var node: ObjectReference?
        if kind == "Pod" {
            if found.at("spec", "serviceAccountName")?.string != context.serviceAccount.name {
                let account = JSONWriter.quoted(context.serviceAccount.name)
                throw .badRequest(
                    "cannot bind token for serviceaccount \(account) to pod running with different"
                        + " serviceaccount name.")
            }
            if let nodeName = found.at("spec", "nodeName")?.string, !nodeName.isEmpty {
                let nodeUID = object("Node", "", nodeName)?.at("metadata", "uid")?.string
                node = ObjectReference(name: nodeName, uid: nodeUID ?? "")
            }
        }
        if let wanted = reference["uid"]?.string, !wanted.isEmpty, wanted != uid {
            throw .conflict(
                resource: kind, name: name,
                detail: "the UID in the bound object reference (\(wanted)) does not match the UID in record."
                    + " The object might have been deleted and then recreated")
        }
        let bound = ObjectReference(name: name, uid: uid)
        switch kind {
        case "Pod": return (bound, nil, node)
        case "Secret": return (nil, bound, nil)
        default: return (nil, nil, bound)
        }
    }
}
