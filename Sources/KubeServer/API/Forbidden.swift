import KubeAPI
import KubeAuth
import KubeJSON

/// 403 answers with upstream's words.
enum Forbidden {
    static func status(_ attributes: Attributes, _ decision: Decision) -> APIStatus {
        var details = JSONObject()
        if !attributes.name.isEmpty { details["name"] = .string(attributes.name) }
        if !attributes.apiGroup.isEmpty { details["group"] = .string(attributes.apiGroup) }
        if !attributes.resource.isEmpty { details["kind"] = .string(attributes.resource) }
        return APIStatus(
            code: 403, reason: "Forbidden", message: Messages.forbidden(attributes, reason: decision.reason),
            details: .object(details))
    }
}
