import KubeAPI
import KubeAuth

/// 403 answers with upstream's words.
enum Forbidden {
    static func status(_ attributes: Attributes, _ decision: Decision) -> APIStatus {
        APIStatus.forbidden(
            GroupResource(attributes.apiGroup, attributes.resource), attributes.name,
            ForbiddenMessage.text(attributes, reason: decision.reason))
    }
}
