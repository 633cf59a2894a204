import KubeAPI
import KubeJSON

/// The reviews of authorization.k8s.io: SubjectAccessReview, SelfSubjectAccessReview and
/// LocalSubjectAccessReview, as `kubectl auth can-i` asks them.
public enum AccessReview {
    /// What is wrong with a review; empty when nothing is.
    public static func validate(_ review: JSON) -> [FieldError] {
        let path = FieldPath("spec")
        var errors: [FieldError] = []
        let resource = given(review.at("spec", "resourceAttributes"))
        let nonResource = given(review.at("spec", "nonResourceAttributes"))
        switch (resource, nonResource) {
        case (.some, .some(let value)):
            errors.append(
                .invalid(
                    path.child("nonResourceAttributes"), value,
                    "cannot be specified in combination with resourceAttributes"))
        case (nil, nil):
            errors.append(
                .invalid(
                    path.child("resourceAttributes"), .null,
                    "exactly one of nonResourceAttributes or resourceAttributes must be specified"))
        default: break
        }
        if review["kind"]?.string != "SelfSubjectAccessReview",
            review.at("spec", "user")?.string ?? "" == "",
            review.at("spec", "groups")?.array?.isEmpty ?? true
        {
            errors.append(.invalid(path.child("user"), "", "at least one of user or group must be specified"))
        }
        return errors
    }

    /// The question that a valid review asks.
    ///
    /// - Parameter requester: who sent it; a SelfSubjectAccessReview is about them.
    public static func question(_ review: JSON, from requester: UserInfo) -> Attributes {
        let spec = review["spec"] ?? .null
        func text(_ value: JSON?) -> String { value?.string ?? "" }
        var user = requester
        if review["kind"]?.string != "SelfSubjectAccessReview" {
            var extra: [String: [String]] = [:]
            for (key, values) in spec["extra"]?.object ?? [:] {
                extra[key.lowercased()] = values.array?.compactMap(\.string) ?? []
            }
            user = UserInfo(
                name: text(spec["user"]), uid: text(spec["uid"]),
                groups: spec["groups"]?.array?.compactMap(\.string) ?? [], extra: extra)
        }
        if let asked = given(spec["nonResourceAttributes"]) {
            return Attributes(user: user, verb: text(asked["verb"]), path: text(asked["path"]))
        }
        let asked = spec["resourceAttributes"] ?? .null
        return Attributes(
            user: user, verb: text(asked["verb"]), apiGroup: text(asked["group"]),
            apiVersion: text(asked["version"]), resource: text(asked["resource"]),
            subresource: text(asked["subresource"]), namespace: text(asked["namespace"]),
            name: text(asked["name"]))
    }

    /// The review's status.
    public static func status(_ decision: Decision) -> JSON {
        var status: JSON = ["allowed": .bool(decision.isAllowed)]
        let reason = decision.reason
        if !reason.isEmpty { status["reason"] = .string(reason) }
        return status
    }

    private static func given(_ value: JSON?) -> JSON? { value?.isNull == false ? value : nil }
}
