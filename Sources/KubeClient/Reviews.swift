import KubeJSON

/// Who a token belongs to, as the API server says.
public struct ReviewedUser: Sendable, Equatable {
    public let name: String
    public let uid: String
    public let groups: [String]
    public let extra: [String: [String]]

    public init(name: String, uid: String = "", groups: [String] = [], extra: [String: [String]] = [:]) {
        self.name = name
        self.uid = uid
        self.groups = groups
        self.extra = extra
    }
}

/// What somebody wants to do to a resource.
public struct ResourceAccess: Sendable, Hashable {
    public let verb: String
    public let group: String
    public let resource: String
    public let subresource: String
    public let namespace: String
    /// Empty for all.
    public let name: String

    public init(
        verb: String, group: String, resource: String, subresource: String = "", namespace: String,
        name: String = ""
    ) {
        self.verb = verb
        self.group = group
        self.resource = resource
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
    }
}

extension KubeClient {
    /// Asks whose a bearer token is (TokenReview); nil when it is nobody's.
    public func review(token: String, audiences: [String] = []) async throws -> ReviewedUser? {
        var spec: JSON = ["token": .string(token)]
        if !audiences.isEmpty { spec["audiences"] = .array(audiences.map { .string($0) }) }
        let review = try await request(
            "create", .post, Resource.tokenReviews.path(namespace: nil),
            body: ["apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": spec],
            isRepeatable: true)
        guard review.at("status", "authenticated")?.bool == true, let user = review.at("status", "user"),
            let name = user["username"]?.string
        else { return nil }
        var extra: [String: [String]] = [:]
        for (key, values) in user["extra"]?.object ?? [:] {
            extra[key] = (values.array ?? []).compactMap(\.string)
        }
        return ReviewedUser(
            name: name, uid: user["uid"]?.string ?? "",
            groups: (user["groups"]?.array ?? []).compactMap(\.string), extra: extra)
    }

    /// Asks whether somebody may do something (SubjectAccessReview).
    /// - Returns: nil when they may, else why not, which may be empty.
    public func refusal(of access: ResourceAccess, by user: ReviewedUser) async throws -> String? {
        var attributes: JSON = [
            "verb": .string(access.verb), "group": .string(access.group),
            "resource": .string(access.resource),
            "namespace": .string(access.namespace),
        ]
        if !access.name.isEmpty { attributes["name"] = .string(access.name) }
        if !access.subresource.isEmpty { attributes["subresource"] = .string(access.subresource) }
        var spec: JSON = [
            "resourceAttributes": attributes, "user": .string(user.name),
            "groups": .array(user.groups.map { .string($0) }),
        ]
        if !user.uid.isEmpty { spec["uid"] = .string(user.uid) }
        if !user.extra.isEmpty {
            spec["extra"] = .object(
                JSONObject(
                    user.extra.keys.sorted(by: utf8Less).map { key in
                        (key, .array((user.extra[key] ?? []).map { .string($0) }))
                    }))
        }
        let review = try await request(
            "create", .post, Resource.subjectAccessReviews.path(namespace: nil),
            body: ["apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec],
            isRepeatable: true)
        guard let isAllowed = review.at("status", "allowed")?.bool else {
            throw ClientError.malformed("a SubjectAccessReview without an answer")
        }
        return isAllowed ? nil : review.at("status", "reason")?.string ?? ""
    }
}
