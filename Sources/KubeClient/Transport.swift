/// One HTTP request to the API server.
public struct TransportRequest: Sendable, Equatable {
    public enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    public var method: Method
    /// Path and query, from the slash after the server's address on.
    public var target: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]?
    /// How long the whole exchange may take, in seconds.
    public var timeout: Double

    public init(
        _ method: Method, _ target: String, headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        timeout: Double
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }

    public static func == (left: TransportRequest, right: TransportRequest) -> Bool {
        left.method == right.method && left.target == right.target && left.body == right.body
            && left.headers.elementsEqual(right.headers) { $0 == $1 }
    }
}

/// What came back: the head, and the body as it arrives.
public struct TransportResponse: Sendable {
    public let status: Int
    /// The value of the Retry-After header in seconds, where there is one.
    public let retryAfter: Double?
    public let body: AsyncThrowingStream<[UInt8], any Error>

    public init(status: Int, retryAfter: Double? = nil, body: AsyncThrowingStream<[UInt8], any Error>) {
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
    }

    /// An answer that is whole.
    public init(status: Int, retryAfter: Double? = nil, bytes: [UInt8]) {
        self.init(
            status: status, retryAfter: retryAfter,
            body: AsyncThrowingStream { continuation in
                if !bytes.isEmpty { continuation.yield(bytes) }
                continuation.finish()
            })
    }
}

/// What carries requests: HTTP, or in tests a script.
public protocol Transport: Sendable {
    /// - Throws: `ClientError.timedOut` or `.unreachable` when there is no answer.
    func send(_ request: TransportRequest) async throws -> TransportResponse
    func shutdown() async
}
