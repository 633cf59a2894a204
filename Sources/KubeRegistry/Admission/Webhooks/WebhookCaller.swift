import KubeAPI

/// One question to a webhook, ready to be sent.
public struct WebhookCall: Sendable {
    /// Where a webhook is (admissionregistration.k8s.io WebhookClientConfig).
    public enum Place: Sendable, Hashable {
        /// `https://HOST[:PORT]/PATH`.
        case url(String)
        case service(namespace: String, name: String, port: Int, path: String)
    }

    public var place: Place
    /// The certificates, as PEM, that vouch for it; empty for the system's.
    public var authorities: [UInt8]
    public var body: [UInt8]
    /// How long it may take.
    public var seconds: Int

    public init(place: Place, authorities: [UInt8], body: [UInt8], seconds: Int) {
        self.place = place
        self.authorities = authorities
        self.body = body
        self.seconds = seconds
    }
}

/// Why a webhook gave no answer that could be read, in the words of Go's client.
public struct WebhookCallFailure: Error, Sendable {
    public var message: String

    public init(_ message: String) { self.message = message }
}

/// Asks webhooks. Handed in: rules know no sockets, and where nothing is handed in (virtual time) no webhook is
/// asked.
public protocol WebhookCaller: Sendable {
    /// Asks all of them at the same time, and returns when every one has answered or failed. It blocks: whoever
    /// writes while webhooks are configured does so on a thread that may wait.
    /// - Returns: in the order of the calls.
    func call(_ calls: [WebhookCall]) -> [Result<[UInt8], WebhookCallFailure>]
}

extension APIStatus {
    /// An operation that was not to wait has to ask a webhook: nothing was written, and it is to be run again on
    /// a thread that may wait. Never shown to a client.
    static let mustWait = APIStatus(
        code: 0, reason: "MustWait", message: "a webhook is to be asked, which takes time")

    public var asksToWait: Bool { code == 0 && reason == Self.mustWait.reason }
}
