import KubeJSON

/// One thing that is wrong with one field, with the reasons and words of upstream's `field.Error`
/// (k8s.io/apimachinery/pkg/util/validation/field), because clients parse them.
public struct FieldError: Error, Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        case notFound = "FieldValueNotFound"
        case required = "FieldValueRequired"
        case duplicate = "FieldValueDuplicate"
        case invalid = "FieldValueInvalid"
        case notSupported = "FieldValueNotSupported"
        case forbidden = "FieldValueForbidden"
        case tooLong = "FieldValueTooLong"
        case tooMany = "FieldValueTooMany"
        case internalError = "InternalError"
        case typeInvalid = "FieldValueTypeInvalid"

        var words: String {
            switch self {
            case .notFound: "Not found"
            case .required: "Required value"
            case .duplicate: "Duplicate value"
            case .invalid: "Invalid value"
            case .notSupported: "Unsupported value"
            case .forbidden: "Forbidden"
            case .tooLong: "Too long"
            case .tooMany: "Too many"
            case .internalError: "Internal error"
            case .typeInvalid: "Invalid value"
            }
        }
    }

    public let kind: Kind
    public let field: String
    public let value: JSON?
    public let detail: String

    public init(_ kind: Kind, _ path: FieldPath, _ value: JSON?, _ detail: String) {
        self.kind = kind
        field = path.description
        self.value = value
        self.detail = detail
    }

    public static func required(_ path: FieldPath, _ detail: String = "") -> FieldError {
        FieldError(.required, path, nil, detail)
    }
    public static func invalid(_ path: FieldPath, _ value: JSON, _ detail: String) -> FieldError {
        FieldError(.invalid, path, value, detail)
    }
    public static func duplicate(_ path: FieldPath, _ value: JSON) -> FieldError {
        FieldError(.duplicate, path, value, "")
    }
    public static func notFound(_ path: FieldPath, _ value: JSON) -> FieldError {
        FieldError(.notFound, path, value, "")
    }
    public static func forbidden(_ path: FieldPath, _ detail: String) -> FieldError {
        FieldError(.forbidden, path, nil, detail)
    }
    /// `supported` is listed in the order given (upstream sorts most of its lists: sort at the call).
    public static func notSupported(_ path: FieldPath, _ value: JSON, _ supported: [String]) -> FieldError {
        let list = supported.map(GoText.quoted).joined(separator: ", ")
        return FieldError(.notSupported, path, value, supported.isEmpty ? "" : "supported values: \(list)")
    }
    public static func tooLong(_ path: FieldPath, _ limit: Int) -> FieldError {
        FieldError(
            .tooLong, path, nil,
            limit >= 0 ? "may not be more than \(limit) byte\(limit == 1 ? "" : "s")" : "value is too long")
    }
    public static func tooMany(_ path: FieldPath, _ actual: Int, _ limit: Int) -> FieldError {
        FieldError(
            .tooMany, path, actual >= 0 ? .integer(Int64(actual)) : nil,
            limit >= 0 ? "must have at most \(limit) item\(limit == 1 ? "" : "s")" : "has too many items")
    }
    public static func internalError(_ path: FieldPath, _ detail: String) -> FieldError {
        FieldError(.internalError, path, nil, detail)
    }
    public static func typeInvalid(_ path: FieldPath, _ value: JSON, _ detail: String) -> FieldError {
        FieldError(.typeInvalid, path, value, detail)
    }

    /// The message without the field, as it stands in a Status' cause.
    public var message: String {
        var text = kind.words
        switch kind {
        case .required, .forbidden, .tooLong, .internalError: break
        case .notFound, .duplicate, .invalid, .notSupported, .tooMany, .typeInvalid:
            if let value { text += ": \(Self.render(value))" }
        }
        return detail.isEmpty ? text : text + ": " + detail
    }

    public var description: String { field.isEmpty ? message : "\(field): \(message)" }

    /// Strings quoted as Go's %q, all else as Go's JSON.
    private static func render(_ value: JSON) -> String {
        if case .string(let text) = value { return GoText.quoted(text) }
        return GoText.json(value)
    }
}
