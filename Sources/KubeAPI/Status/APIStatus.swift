import KubeJSON

/// A failed request, as the `Status` object (meta/v1) that upstream answers with: same codes, reasons and
/// words (k8s.io/apimachinery/pkg/api/errors).
public struct APIStatus: Error, Sendable {
    public var code: Int
    public var reason: String
    public var message: String
    public var details: JSON?
    /// Seconds for a `Retry-After` header.
    public var retryAfter: Int?
    /// Where a list can be gone on with, though at another revision: `metadata.continue`.
    public var continuation: String?

    public init(code: Int, reason: String, message: String, details: JSON? = nil, retryAfter: Int? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
        self.retryAfter = retryAfter
    }

    /// The object as it goes over the wire.
    public var json: JSON {
        var object: JSON = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
            "message": .string(message),
        ]
        if let continuation { object.set(.string(continuation), at: "metadata", "continue") }
        if !reason.isEmpty { object["reason"] = .string(reason) }
        if let details { object["details"] = details }
        object["code"] = .integer(Int64(code))
        return object
    }

    private static func details(
        _ resource: GroupResource? = nil, name: String = "", causes: [JSON] = [], uid: String = "",
        retryAfter: Int? = nil
    ) -> JSON {
        var details = JSONObject()
        if !name.isEmpty { details["name"] = .string(name) }
        if let resource {
            if !resource.group.isEmpty { details["group"] = .string(resource.group) }
            if !resource.resource.isEmpty { details["kind"] = .string(resource.resource) }
        }
        if !uid.isEmpty { details["uid"] = .string(uid) }
        if !causes.isEmpty { details["causes"] = .array(causes) }
        if let retryAfter { details["retryAfterSeconds"] = .integer(Int64(retryAfter)) }
        return .object(details)
    }

    public static func notFound(_ resource: GroupResource, _ name: String) -> APIStatus {
        APIStatus(
            code: 404, reason: "NotFound", message: "\(resource) \"\(name)\" not found",
            details: details(resource, name: name))
    }
    /// A path that names no resource.
    public static let unknownResource = APIStatus(
        code: 404, reason: "NotFound", message: "the server could not find the requested resource",
        details: .object([:]))

    public static func alreadyExists(_ resource: GroupResource, _ name: String) -> APIStatus {
        APIStatus(
            code: 409, reason: "AlreadyExists", message: "\(resource) \"\(name)\" already exists",
            details: details(resource, name: name))
    }
    /// A generated name was taken again and again.
    public static func generateNameConflict(_ resource: GroupResource, _ name: String) -> APIStatus {
        APIStatus(
            code: 409, reason: "AlreadyExists",
            message:
                "\(resource) \"\(name)\" already exists, the server was not able to generate a unique name for the object",
            details: details(resource, name: name, retryAfter: 1), retryAfter: 1)
    }
    public static func conflict(_ resource: GroupResource, _ name: String, _ why: String) -> APIStatus {
        APIStatus(
            code: 409, reason: "Conflict",
            message: "Operation cannot be fulfilled on \(resource) \"\(name)\": \(why)",
            details: details(resource, name: name))
    }
    public static func staleConflict(_ resource: GroupResource, _ name: String) -> APIStatus {
        conflict(
            resource, name,
            "the object has been modified; please apply your changes to the latest version and try again")
    }
    public static func badRequest(_ message: String) -> APIStatus {
        APIStatus(code: 400, reason: "BadRequest", message: message)
    }
    public static func unauthorized(_ message: String = "Unauthorized") -> APIStatus {
        APIStatus(code: 401, reason: "Unauthorized", message: message)
    }
    public static func forbidden(_ resource: GroupResource, _ name: String, _ why: String) -> APIStatus {
        let subject =
            resource.resource.isEmpty
            ? "forbidden: "
            : name.isEmpty ? "\(resource) is forbidden: " : "\(resource) \"\(name)\" is forbidden: "
        return APIStatus(
            code: 403, reason: "Forbidden", message: subject + why, details: details(resource, name: name))
    }
    /// `subject` is a kind (`Deployment.apps`) with the object's name.
    public static func invalid(_ kind: GroupKind, _ name: String, _ errors: [FieldError]) -> APIStatus {
        var causes: [JSON] = []
        for error in errors {
            causes.append([
                "reason": .string(error.kind.rawValue), "message": .string(error.message),
                "field": .string(error.field),
            ])
        }
        // Equal messages are said once, as upstream's aggregate does.
        var seen = Set<String>()
        let texts = errors.map(\.description).filter { seen.insert($0).inserted }
        let list = texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
        return APIStatus(
            code: 422, reason: "Invalid",
            message: "\(kind) \"\(name)\" is invalid" + (texts.isEmpty ? "" : ": \(list)"),
            details: details(GroupResource(kind.group, kind.kind), name: name, causes: causes))
    }
    public static func methodNotAllowed(_ resource: GroupResource? = nil, verb: String = "") -> APIStatus {
        APIStatus(
            code: 405, reason: "MethodNotAllowed",
            message: resource.map { "\(verb) is not supported on resources of kind \"\($0)\"" }
                ?? "the server does not allow this method on the requested resource",
            details: details(resource))
    }
    public static func notAcceptable(_ accepted: [String]) -> APIStatus {
        APIStatus(
            code: 406, reason: "NotAcceptable",
            message: "only the following media types are accepted: \(accepted.joined(separator: ", "))")
    }
    public static func unsupportedMediaType(_ message: String) -> APIStatus {
        APIStatus(code: 415, reason: "UnsupportedMediaType", message: message)
    }
    /// 410: the revision is no longer in history.
    public static func expired(_ message: String) -> APIStatus {
        APIStatus(code: 410, reason: "Expired", message: message)
    }
    public static func tooLargeResourceVersion(_ asked: UInt64, current: UInt64) -> APIStatus {
        APIStatus(
            code: 504, reason: "Timeout",
            message: "Timeout: Too large resource version: \(asked), current: \(current)",
            details: details(
                causes: [["reason": "ResourceVersionTooLarge", "message": "Too large resource version"]],
                retryAfter: 1), retryAfter: 1)
    }
    public static func requestEntityTooLarge(_ message: String) -> APIStatus {
        APIStatus(code: 413, reason: "RequestEntityTooLarge", message: message)
    }
    public static func tooManyRequests(_ message: String, retryAfter: Int, causes: [JSON] = []) -> APIStatus {
        APIStatus(
            code: 429, reason: "TooManyRequests", message: message,
            details: details(causes: causes, retryAfter: retryAfter > 0 ? retryAfter : nil),
            retryAfter: retryAfter > 0 ? retryAfter : nil)
    }
    public static func serviceUnavailable(_ message: String) -> APIStatus {
        APIStatus(code: 503, reason: "ServiceUnavailable", message: message)
    }
    /// A failure of ours that upstream would report with the words of the error itself.
    public static func internalError(_ message: String) -> APIStatus {
        APIStatus(
            code: 500, reason: "InternalError", message: "Internal error occurred: \(message)",
            details: details(causes: [["message": .string(message)]]))
    }
    /// A plain Go error that reached the response writer: 500 with only its words.
    public static func unclassified(_ message: String) -> APIStatus {
        APIStatus(code: 500, reason: "", message: message)
    }
}
