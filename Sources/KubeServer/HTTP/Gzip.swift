import CZlib
import NIOCore

/// Response compression (RFC 1952), for answers that are large and clients that are far away.
enum Gzip {
    /// Smaller answers are sent as they are, as upstream does.
    static let threshold = 128 << 10

    /// Whether an answer of this size is to be compressed for a client that sent this Accept-Encoding.
    ///
    /// Between processes of one machine compressing costs more time than it saves, and Go's client asks for
    /// gzip without being told to: there only a client that says more than the bare word gets it.
    static func applies(acceptEncoding: String?, size: Int, isLocal: Bool) -> Bool {
        guard size >= threshold, let acceptEncoding, !acceptEncoding.isEmpty else { return false }
        if isLocal, acceptEncoding == "gzip" { return false }
        for entry in acceptEncoding.split(separator: ",") {
            let parts = entry.split(separator: ";").map(\.trimmed)
            guard parts.first?.lowercased() == "gzip" || parts.first == "*" else { continue }
            let quality =
                parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return quality > 0
        }
        return false
    }

    /// The bytes compressed at the fastest level; nil when zlib reports a failure.
    static func compress(_ body: ByteBuffer) -> ByteBuffer? {
        var stream = z_stream()
        let windowWithGzipHeader: Int32 = 15 + 16
        guard
            deflateInit2_(
                &stream, Z_BEST_SPEED, Z_DEFLATED, windowWithGzipHeader, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(body.readableBytes)))
        var output = ByteBufferAllocator().buffer(capacity: bound)
        let result = body.withUnsafeReadableBytes { input -> Int32 in
            stream.next_in = UnsafeMutablePointer(
                mutating: input.bindMemory(to: UInt8.self).baseAddress)
            stream.avail_in = UInt32(input.count)
            var status = Z_OK
            output.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { space in
                stream.next_out = space.bindMemory(to: UInt8.self).baseAddress
                stream.avail_out = UInt32(space.count)
                status = deflate(&stream, Z_FINISH)
                return space.count - Int(stream.avail_out)
            }
            return status
        }
        return result == Z_STREAM_END ? output : nil
    }
}
