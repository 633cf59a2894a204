import Crypto
import KubeClient
import Logging
import NIOConcurrencyHelpers

/// Who asks and whether they may: the cluster says, through TokenReview and SubjectAccessReview. Its answers are
/// kept for some seconds, in memory only and under the token's digest.
final class Access: Sendable {
    private struct Kept<Value: Sendable>: Sendable {
        let value: Value
        let until: Double
    }

    private struct Question: Hashable {
        let user: String
        let access: ResourceAccess
    }

    private struct State {
        var users: [SHA256Digest: Kept<ReviewedUser?>] = [:]
        var answers: [Question: Kept<String?>] = [:]
    }

    static let most = 4_096
    static let longestToken = 16_384

    private let client: KubeClient
    private let logger: Logger
    private let lifetime: Double
    private let clock: @Sendable () -> Double
    private let state = NIOLockedValueBox(State())
    /// Unknown tokens cost the API server a request each: how fast one address may try them.
    private let attempts: RateLimiter

    init(_ client: KubeClient, lifetime: Double = 10, logger: Logger, clock: @escaping @Sendable () -> Double)
    {
        self.client = client
        self.lifetime = lifetime
        self.logger = logger
        self.clock = clock
        attempts = RateLimiter(rate: 20, burst: 100)
    }

    private static func unauthenticated(_ detail: String, error: String? = nil) -> Problem {
        Problem(
            401, "unauthenticated", "Not authenticated", detail,
            headers: [
                ("WWW-Authenticate", "Bearer realm=\"aegis\"" + (error.map { ", error=\"\($0)\"" } ?? ""))
            ])
    }

    /// - Parameter header: of the request, Authorization.
    func user(authorization header: String?, address: String) async throws -> ReviewedUser {
        guard let header else {
            throw Self.unauthenticated("a Kubernetes bearer token is needed (Authorization: Bearer …)")
        }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", !parts[1].isEmpty else {
            throw Self.unauthenticated(
                "the Authorization header is no bearer token", error: "invalid_request")
        }
        let token = String(parts[1])
        guard token.utf8.count <= Self.longestToken, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Self.unauthenticated("the token is none that Kubernetes gives", error: "invalid_token")
        }
        let digest = SHA256.hash(data: Array(token.utf8))
        let now = clock()
        if let kept = state.withLockedValue({ $0.users[digest] }), kept.until > now {
            guard let user = kept.value else {
                throw Self.unauthenticated("Kubernetes does not know the token", error: "invalid_token")
            }
            return user
        }
        guard attempts.admits(address, now: now) else { throw Problem.tooMany }
        let user: ReviewedUser?
        do {
            user = try await client.review(token: token)
        } catch let error as ClientError {
            throw unreachable(error, "TokenReview")
        }
        state.withLockedValue { state in
            if state.users.count >= Self.most { state.users = state.users.filter { $1.until > now } }
            if state.users.count >= Self.most { state.users = [:] }
            state.users[digest] = Kept(value: user, until: now + (user == nil ? lifetime / 4 : lifetime))
        }
        guard let user else {
            throw Self.unauthenticated("Kubernetes does not know the token", error: "invalid_token")
        }
        return user
    }

    /// Throws 403 when the user may not.
    func require(_ access: ResourceAccess, of user: ReviewedUser) async throws {
        let question = Question(
            user: user.name + "\u{0}" + user.groups.joined(separator: "\u{0}"), access: access)
        let now = clock()
        let refusal: String?
        if let kept = state.withLockedValue({ $0.answers[question] }), kept.until > now {
            refusal = kept.value
        } else {
            do {
                refusal = try await client.refusal(of: access, by: user)
            } catch let error as ClientError {
                throw unreachable(error, "SubjectAccessReview")
            }
            state.withLockedValue { [refusal] state in
                if state.answers.count >= Self.most {
                    state.answers = state.answers.filter { $1.until > now }
                }
                if state.answers.count >= Self.most { state.answers = [:] }
                state.answers[question] = Kept(
                    value: refusal, until: now + (refusal == nil ? lifetime : lifetime / 4))
            }
        }
        guard let refusal else { return }
        let object = access.name.isEmpty ? access.resource : "\(access.resource)/\(access.name)"
        throw Problem(
            403, "forbidden", "Not allowed",
            "\(user.name) may not \(access.verb) \(object) in namespace \(access.namespace)"
                + (refusal.isEmpty ? "" : ": \(refusal)"))
    }

    private func unreachable(_ error: ClientError, _ what: String) -> Problem {
        logger.error("\(what) failed", metadata: ["error": "\(error)"])
        if error.isForbidden {
            return .unavailable(
                "the service may not create \(what)s; bind its account to the ClusterRole system:auth-delegator"
            )
        }
        return .unavailable("Kubernetes cannot be asked who you are and what you may")
    }
}
