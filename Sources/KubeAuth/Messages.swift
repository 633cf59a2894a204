import KubeJSON

/// The words of refused requests, as kube-apiserver has them: clients show and parse them.
public enum Messages {
    /// Why something is forbidden, without the resource: `User "x" cannot list resource "pods" in API group
    /// "" in the namespace "y"`, and the authoriser's reason when there is one.
    public static func forbiddenDetail(_ attributes: Attributes, reason: String = "") -> String {
        let user = JSONWriter.quoted(attributes.user.name)
        var text: String
        if attributes.isResourceRequest {
            var resource = attributes.resource
            if !attributes.subresource.isEmpty { resource += "/" + attributes.subresource }
            text = "User \(user) cannot \(attributes.verb) resource \(JSONWriter.quoted(resource))"
            text += " in API group \(JSONWriter.quoted(attributes.apiGroup))"
            text +=
                attributes.namespace.isEmpty
                ? " at the cluster scope" : " in the namespace \(JSONWriter.quoted(attributes.namespace))"
        } else {
            text = "User \(user) cannot \(attributes.verb) path \(JSONWriter.quoted(attributes.path))"
        }
        text = sanitized(text)
        return reason.isEmpty ? text : text + ": " + reason
    }

    /// The message of the 403 Status.
    public static func forbidden(_ attributes: Attributes, reason: String = "") -> String {
        forbidden(
            group: attributes.apiGroup, resource: attributes.resource, name: attributes.name,
            detail: forbiddenDetail(attributes, reason: reason))
    }

    /// The message of a 403 Status about one object, or about a resource when the name is empty:
    /// `pods "x" is forbidden: …`.
    public static func forbidden(group: String, resource: String, name: String, detail: String) -> String {
        if resource.isEmpty && group.isEmpty { return "forbidden: " + detail }
        let resource = group.isEmpty ? resource : "\(resource).\(group)"
        if name.isEmpty { return "\(resource) is forbidden: \(detail)" }
        return "\(resource) \(JSONWriter.quoted(name)) is forbidden: \(detail)"
    }

    /// The 403 Status for a request that the authoriser did not allow.
    public static func forbiddenStatus(_ attributes: Attributes, reason: String = "") -> JSON {
        var details = JSONObject()
        if !attributes.name.isEmpty { details["name"] = .string(attributes.name) }
        if !attributes.apiGroup.isEmpty { details["group"] = .string(attributes.apiGroup) }
        if !attributes.resource.isEmpty { details["kind"] = .string(attributes.resource) }
        return [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
            "message": .string(forbidden(attributes, reason: reason)), "reason": "Forbidden",
            "details": .object(details), "code": 403,
        ]
    }

    /// The 401 Status. It says no more than that: why credentials were not taken is for the log.
    public static let unauthorizedStatus: JSON = [
        "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
        "message": "Unauthorized", "reason": "Unauthorized", "code": 401,
    ]

    /// Keeps text that a user chose from being read as HTML.
    private static func sanitized(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x26 || $0 == 0x3C || $0 == 0x3E }) else { return text }
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
