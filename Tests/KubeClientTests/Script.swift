import KubeJSON
import NIOConcurrencyHelpers

@testable import KubeClient

/// A transport that answers by a script, and a clock that only sleeping moves.
final class Script: Transport {
    struct State {
        var sent: [TransportRequest] = []
        var now = 0.0
        var pauses: [Double] = []
    }

    let state = NIOLockedValueBox(State())
    private let answer: @Sendable (Int, TransportRequest) throws -> TransportResponse

    /// - Parameter answer: is given how many requests came before, and the request.
    init(_ answer: @escaping @Sendable (Int, TransportRequest) throws -> TransportResponse) {
        self.answer = answer
    }

    var sent: [TransportRequest] { state.withLockedValue { $0.sent } }
    var pauses: [Double] { state.withLockedValue { $0.pauses } }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        try Task.checkCancellation()
        let count = state.withLockedValue { state in
            state.sent.append(request)
            return state.sent.count - 1
        }
        return try answer(count, request)
    }

    func shutdown() async {}

    func client(_ credential: ClientConfiguration.Credential = .none, files: [String: String] = [:]) throws
        -> KubeClient
    {
        var configuration = try ClientConfiguration(server: "https://cluster")
        configuration.credential = credential
        let contents = NIOLockedValueBox(files)
        let state = state
        return KubeClient(
            configuration, transport: self,
            environment: .init(
                now: { state.withLockedValue { $0.now } },
                sleep: { seconds in
                    try Task.checkCancellation()
                    state.withLockedValue {
                        $0.now += seconds
                        $0.pauses.append(seconds)
                    }
                }, chance: { 1 }, readFile: { path in contents.withLockedValue { $0[path] } }))
    }

    static func json(_ value: JSON, status: Int = 200, retryAfter: Double? = nil) -> TransportResponse {
        TransportResponse(status: status, retryAfter: retryAfter, bytes: JSONWriter.bytes(value))
    }

    static func status(_ code: Int, _ reason: String, retryAfter: Double? = nil) -> TransportResponse {
        json(
            [
                "kind": "Status", "code": .integer(Int64(code)), "reason": .string(reason),
                "message": .string("it is \(reason)"),
            ], status: code, retryAfter: retryAfter)
    }

    static func lines(_ events: [JSON], cutInto size: Int = 7, failing error: ClientError? = nil)
        -> TransportResponse
    {
        let bytes: [UInt8] = events.flatMap { event -> [UInt8] in JSONWriter.bytes(event) + [10] }
        return TransportResponse(
            status: 200,
            body: AsyncThrowingStream { continuation in
                // Pieces that end anywhere.
                for start in stride(from: 0, to: bytes.count, by: size) {
                    continuation.yield(Array(bytes[start..<min(start + size, bytes.count)]))
                }
                continuation.finish(throwing: error)
            })
    }
}
