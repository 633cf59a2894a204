import KubeJSON

/// Why a request did not do what it was to.
public enum ClientError: Error, Sendable {
    /// The API server refused: upstream's Status.
    case refused(Status)
    /// No answer: the connection failed, in the transport's words.
    case unreachable(String)
    case timedOut
    /// An answer that is not what the API promises.
    case malformed(String)

    /// The HTTP status code, where there was an answer.
    public var code: Int? {
        if case .refused(let status) = self { status.code } else { nil }
    }

    /// Upstream's reason, such as `NotFound`, `AlreadyExists`, `Conflict`, `Expired`.
    public var reason: String? {
        if case .refused(let status) = self { status.reason } else { nil }
    }

    public var isNotFound: Bool { code == 404 }
    public var isConflict: Bool { code == 409 }
    public var isForbidden: Bool { code == 403 }
    /// The resource version asked for is no longer kept.
    public var isExpired: Bool { code == 410 }
}

extension ClientError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .refused(let status): status.message
        case .unreachable(let words): "the API server cannot be reached: \(words)"
        case .timedOut: "the API server did not answer in time"
        case .malformed(let words): "the API server's answer cannot be read: \(words)"
        }
    }
}

/// The parts of `meta/v1.Status` that clients act on, with the whole object.
public struct Status: Sendable, Equatable {
    public let code: Int
    public let reason: String
    public let message: String
    /// `details.retryAfterSeconds`, or the Retry-After header.
    public var retryAfter: Double?
    public let object: JSON

    /// - Parameters:
    ///   - code: of the HTTP answer, where the object has none.
    ///   - object: the answer's body; anything that is no Status is put into words.
    public init(code: Int, object: JSON, retryAfter: Double? = nil) {
        let isStatus = object["kind"]?.string == "Status"
        self.code = (isStatus ? object["code"]?.int : nil) ?? code
        reason = (isStatus ? object["reason"]?.string : nil) ?? ""
        message =
            (isStatus ? object["message"]?.string : nil) ?? object.string.map { "HTTP \(code): \($0)" }
            ?? "HTTP \(code)"
        self.retryAfter = retryAfter ?? object.at("details", "retryAfterSeconds")?.double
        self.object = object
    }
}
