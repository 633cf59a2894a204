import NIOConcurrencyHelpers

/// Lets each caller through at a rate, with bursts: a bucket of tokens each.
final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: Double
    }

    /// How many callers are remembered.
    static let most = 10_000

    private let rate: Double
    private let burst: Double
    private let buckets = NIOLockedValueBox<[String: Bucket]>([:])

    /// - Parameters:
    ///   - rate: requests a second; 0 for no limit.
    ///   - burst: how many may come at once.
    init(rate: Double, burst: Double) {
        self.rate = rate
        self.burst = burst
    }

    /// - Parameter now: seconds on a clock that only goes forward.
    func admits(_ caller: String, now: Double) -> Bool {
        guard rate > 0 else { return true }
        return buckets.withLockedValue { buckets in
            if buckets.count >= Self.most, buckets[caller] == nil {
                // Those whose buckets are full again are as good as new.
                buckets = buckets.filter { $1.tokens + (now - $1.at) * rate < burst }
                if buckets.count >= Self.most { return false }
            }
            var bucket = buckets[caller] ?? Bucket(tokens: burst, at: now)
            bucket.tokens = min(burst, bucket.tokens + max(now - bucket.at, 0) * rate)
            bucket.at = now
            let isAdmitted = bucket.tokens >= 1
            if isAdmitted { bucket.tokens -= 1 }
            buckets[caller] = bucket
            return isAdmitted
        }
    }
}
