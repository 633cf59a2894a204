/// When a request that failed is sent again, and after how long. Pure: chance is handed in.
public struct RetryPolicy: Sendable {
    /// How often a request is sent in all.
    public var attempts: Int
    /// The first pause, in seconds; each one after it doubles.
    public var base: Double
    /// The longest pause, in seconds. A server that asks for more is not waited for.
    public var limit: Double

    public init(attempts: Int = 5, base: Double = 0.1, limit: Double = 10) {
        self.attempts = attempts
        self.base = base
        self.limit = limit
    }

    public static let never = RetryPolicy(attempts: 1)

    /// The pause before the next attempt; nil when there should be none.
    ///
    /// An answer of 429, or of 5xx with Retry-After, says that the request was not executed. Any other 5xx and
    /// a lost connection leave that open, so that only requests that may be done twice are sent again.
    /// - Parameters:
    ///   - attempt: how often it was sent so far, from 1 on.
    ///   - isRepeatable: whether doing it twice is the same as once.
    ///   - chance: from 0 to 1; spreads out what many clients do at once.
    public func pause(after error: ClientError, attempt: Int, isRepeatable: Bool, chance: Double) -> Double? {
        guard attempt < attempts else { return nil }
        var backoff = base
        for _ in 1..<max(attempt, 1) where backoff < limit { backoff *= 2 }
        backoff = min(backoff, limit) * (0.5 + chance / 2)
        switch error {
        case .refused(let status):
            let wasExecuted = !(status.code == 429 || (status.code >= 500 && status.retryAfter != nil))
            guard status.code == 429 || (status.code >= 500 && (isRepeatable || !wasExecuted)) else {
                return nil
            }
            guard let asked = status.retryAfter else { return backoff }
            return asked <= limit ? max(asked, 0) + backoff * 0.1 : nil
        case .unreachable, .timedOut: return isRepeatable ? backoff : nil
        case .malformed: return nil
        }
    }
}
