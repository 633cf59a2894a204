/// What is asked of an authoriser: upstream's `authorizer.Attributes`.
public struct Attributes: Sendable {
    public var user: UserInfo
    /// `get`, `list`, `watch`, `create`, … or the lower-case HTTP method of a non-resource request.
    public var verb: String
    public var namespace: String
    public var apiGroup: String
    public var apiVersion: String
    public var resource: String
    public var subresource: String
    public var name: String
    /// The URL path of a non-resource request.
    public var path: String
    public var isResourceRequest: Bool

    /// A request about a resource.
    public init(
        user: UserInfo, verb: String, apiGroup: String, apiVersion: String = "", resource: String,
        subresource: String = "", namespace: String = "", name: String = ""
    ) {
        self.user = user
        self.verb = verb
        self.namespace = namespace
        self.apiGroup = apiGroup
        self.apiVersion = apiVersion
        self.resource = resource
        self.subresource = subresource
        self.name = name
        path = ""
        isResourceRequest = true
    }

    /// A request to any other path.
    public init(user: UserInfo, verb: String, path: String) {
        self.user = user
        self.verb = verb
        self.path = path
        namespace = ""
        apiGroup = ""
        apiVersion = ""
        resource = ""
        subresource = ""
        name = ""
        isResourceRequest = false
    }
}

/// What an authoriser answers. RBAC never denies: what it does not allow it has no opinion on.
public enum Decision: Sendable {
    /// The binding that allows it; nil when no binding was needed (`system:masters`).
    case allow(Allowance?)
    /// Why nothing could be said; empty in the ordinary case.
    case noOpinion(reason: String)

    public var isAllowed: Bool {
        if case .allow = self { true } else { false }
    }

    /// The words that upstream gives with the decision. Built on demand: most requests never need them.
    public var reason: String {
        switch self {
        case .allow(let allowance): allowance.map { "RBAC: allowed by \($0.description)" } ?? ""
        case .noOpinion(let reason): reason
        }
    }
}
