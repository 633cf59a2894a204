import NIOCore
import NIOHPACK

/// HTTP/2 frames made and read by hand (RFC 9113), well or badly as a test asks.
final class HTTP2Wire {
    struct Frame: Sendable {
        var type: UInt8
        var flags: UInt8
        var stream: UInt32
        var payload: [UInt8]
        /// Of an answer's headers. They are decoded as they come: each block may refer to those before it.
        var status: Int?
    }

    enum Kind {
        static let data: UInt8 = 0
        static let headers: UInt8 = 1
        static let reset: UInt8 = 3
        static let settings: UInt8 = 4
        static let ping: UInt8 = 6
        static let goAway: UInt8 = 7
        static let windowUpdate: UInt8 = 8
        static let continuation: UInt8 = 9
    }

    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    let wire: Wire
    private var encoder = HPACKEncoder(allocator: ByteBufferAllocator())
    private var decoder = HPACKDecoder(allocator: ByteBufferAllocator())

    init(_ wire: Wire) { self.wire = wire }

    /// A connection whose preface and SETTINGS have been sent.
    static func connect(
        _ cluster: Cluster, reads: Bool = true, settings: [UInt8] = [], patience: TimeAmount = .minutes(1)
    ) async throws
        -> HTTP2Wire
    {
        let connection = HTTP2Wire(
            try await Wire.connect(cluster, protocols: ["h2"], reads: reads, patience: patience))
        connection.wire.post(preface + frame(Kind.settings, payload: settings))
        return connection
    }

    static func frame(
        _ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, payload: [UInt8] = [], length: Int? = nil
    ) -> [UInt8] {
        let length = length ?? payload.count
        return [
            UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags,
        ] + bytes(stream) + payload
    }

    static func bytes(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
    }

    /// The header block of a request.
    func block(_ method: String, _ path: String, _ more: [(String, String)] = []) throws -> [UInt8] {
        var headers = HPACKHeaders([
            (":method", method), (":scheme", "https"), (":authority", "x"), (":path", path),
        ])
        for (name, value) in more { headers.add(name: name, value: value, indexing: .nonIndexable) }
        var buffer = ByteBuffer()
        try encoder.encode(headers: headers, to: &buffer)
        return Array(buffer.readableBytesView)
    }

    /// The frame of a request without a body.
    func request(
        _ path: String, stream: UInt32, method: String = "GET", _ more: [(String, String)] = [],
        ends: Bool = true
    ) throws -> [UInt8] {
        let endHeaders: UInt8 = 4
        return Self.frame(
            Kind.headers, flags: endHeaders | (ends ? 1 : 0), stream: stream,
            payload: try block(method, path, more))
    }

    /// The next frame; nil at the end of the connection.
    func next() async throws -> Frame? {
        guard let head = await wire.take(9) else { return nil }
        let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
        guard let payload = await wire.take(length) else { return nil }
        let stream =
            UInt32(head[5] & 127) << 24 | UInt32(head[6]) << 16 | UInt32(head[7]) << 8 | UInt32(head[8])
        var frame = Frame(type: head[3], flags: head[4], stream: stream, payload: payload)
        if frame.type == Kind.headers {
            var block = ByteBuffer(bytes: payload)
            frame.status = try decoder.decodeHeaders(from: &block).first(name: ":status").flatMap { Int($0) }
        }
        return frame
    }

    /// How a connection or a stream came to its end.
    enum End: Equatable, Sendable {
        case answered(Int)
        case reset(UInt32)
        case goAway(UInt32)
        case closed
    }

    /// Reads until a stream is answered or reset, or the connection ends.
    func end(of stream: UInt32) async throws -> End {
        while let frame = try await next() {
            switch frame.type {
            case Kind.goAway: return .goAway(Self.number(frame.payload.dropFirst(4)))
            case Kind.reset where frame.stream == stream: return .reset(Self.number(frame.payload[...]))
            case Kind.headers where frame.stream == stream: return .answered(frame.status ?? 0)
            default: break
            }
        }
        return .closed
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
