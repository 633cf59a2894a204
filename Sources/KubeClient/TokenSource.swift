import NIOConcurrencyHelpers

/// The bearer token to send; one from a file is read again every minute, and at once when it was refused.
final class TokenSource: Sendable {
    private struct Cached {
        var token: String?
        var readAt: Double?
    }

    private static let lifetime = 60.0

    private let credential: ClientConfiguration.Credential
    private let readFile: @Sendable (String) -> String?
    private let cached = NIOLockedValueBox(Cached())

    init(_ credential: ClientConfiguration.Credential, readFile: @escaping @Sendable (String) -> String?) {
        self.credential = credential
        self.readFile = readFile
    }

    /// The value of the Authorization header.
    /// - Parameter now: seconds on any clock that only goes forward.
    func header(now: Double) -> String? {
        switch credential {
        case .none: return nil
        case .token(let token): return "Bearer " + token
        case .basic(let user, let password): return "Basic " + encodeBase64(user + ":" + password)
        case .tokenFile(let path):
            return cached.withLockedValue { cached in
                if let readAt = cached.readAt, now - readAt < Self.lifetime {
                    return cached.token.map { "Bearer " + $0 }
                }
                // A file that cannot be read for a moment leaves the token that was.
                if let text = readFile(path) {
                    let token = String(text.filter { !$0.isWhitespace })
                    if !token.isEmpty { cached.token = token }
                }
                cached.readAt = now
                return cached.token.map { "Bearer " + $0 }
            }
        }
    }

    /// Has the file read again; whether that can give another token.
    func refused() -> Bool {
        guard case .tokenFile = credential else { return false }
        cached.withLockedValue { $0.readAt = nil }
        return true
    }
}
