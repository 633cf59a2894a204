import KubeAPI

/// Where a webhook is, as a configuration's clientConfig says it.
public struct WebhookTarget: Sendable, Hashable {
    public enum Place: Sendable, Hashable {
        case url(String)
        case service(namespace: String, name: String, port: Int, path: String)
    }

    public let place: Place
    /// Certificates in PEM that the server's must lead to; empty for those that the machine trusts.
    public let authorities: [UInt8]

    public init(_ place: Place, authorities: [UInt8]) {
        self.place = place
        self.authorities = authorities
    }
}

/// One request to a webhook.
public struct WebhookCall: Sendable {
    public let target: WebhookTarget
    /// JSON.
    public let body: [UInt8]
    /// Seconds until it counts as failed; the server is told of them.
    public let timeout: Int

    public init(_ target: WebhookTarget, body: [UInt8], timeout: Int) {
        self.target = target
        self.body = body
        self.timeout = timeout
    }
}

public enum WebhookAnswer: Sendable {
    /// The body of a successful answer.
    case answered([UInt8])
    /// Why there is none, in Go's words: `Post "https://…": dial tcp …: connect: connection refused`.
    case failed(String)
}

/// Asks webhooks over the network.
public protocol WebhookCaller: Sendable {
    /// Makes calls side by side and blocks the calling thread until each has its answer or its time is over.
    /// - Returns: the answers in the order of the calls.
    func call(_ calls: [WebhookCall]) -> [WebhookAnswer]
}

extension APIStatus {
    /// An operation that was not to wait has to ask a webhook: nothing was written, and it is to be run again on
    /// a thread that may wait. Never shown to a client.
    static let mustWait = APIStatus(
        code: 0, reason: "MustWait", message: "a webhook is to be asked, which takes time")

    public var asksToWait: Bool { code == 0 && reason == Self.mustWait.reason }
}
