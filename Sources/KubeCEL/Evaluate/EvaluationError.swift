/// Why an evaluation gave no value.
public enum EvaluationError: Error, Sendable, Equatable {
    /// An error of the expression, which `&&` and `||` may absorb.
    case failure(String)
    /// The evaluation was stopped; nothing absorbs that.
    case cancelled(String)

    public static let costExceeded = EvaluationError.cancelled(
        "operation cancelled: actual cost limit exceeded")
    static let noSuchOverload = EvaluationError.failure("no such overload")
    static func noSuchKey(_ key: String) -> EvaluationError { .failure("no such key: \(key)") }

    public var message: String {
        switch self {
        case .failure(let message), .cancelled(let message): message
        }
    }

    public var isCancelled: Bool {
        if case .cancelled = self { true } else { false }
    }
}
