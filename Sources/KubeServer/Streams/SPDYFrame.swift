import CZlib
import NIOCore

/// A frame of SPDY/3.1, as far as the streams of containers use it.
enum SPDYFrame: Equatable {
    case data(stream: UInt32, isLast: Bool, ByteBuffer)
    /// The header block is left compressed.
    case control(type: UInt16, flags: UInt8, ByteBuffer)

    enum Kind {
        static let synStream: UInt16 = 1
        static let synReply: UInt16 = 2
        static let rstStream: UInt16 = 3
        static let ping: UInt16 = 6
        static let goAway: UInt16 = 7
    }

    static let finFlag: UInt8 = 1

    struct Malformed: Error, Equatable {}

    /// Takes one whole frame off the buffer; nil while it is not whole.
    /// - Throws: `Malformed` for another version than 3 and for control frames of more than a megabyte.
    static func read(from buffer: inout ByteBuffer) throws(Malformed) -> SPDYFrame? {
        let start = buffer.readerIndex
        guard let word: UInt32 = buffer.getInteger(at: start),
            let flagsAndLength: UInt32 = buffer.getInteger(at: start + 4)
        else { return nil }
        let length = Int(flagsAndLength & 0xFF_FFFF)
        let isControl = word & 0x8000_0000 != 0
        if isControl, word >> 16 & 0x7FFF != 3 || length > 1 << 20 { throw Malformed() }
        guard buffer.readableBytes >= 8 + length else { return nil }
        buffer.moveReaderIndex(forwardBy: 8)
        guard let payload = buffer.readSlice(length: length) else { return nil }
        let flags = UInt8(flagsAndLength >> 24)
        if isControl { return .control(type: UInt16(word & 0xFFFF), flags: flags, payload) }
        return .data(stream: word, isLast: flags & finFlag != 0, payload)
    }

    /// A data frame says its length in 24 bits: more is sent in several.
    static let largestData = 1 << 20

    static func writeData(
        _ bytes: ByteBuffer, stream: UInt32, isLast: Bool = false, to buffer: inout ByteBuffer
    ) {
        var rest = bytes
        repeat {
            let count = min(rest.readableBytes, largestData)
            let flags: UInt32 = isLast && count == rest.readableBytes ? UInt32(finFlag) << 24 : 0
            buffer.writeInteger(stream)
            buffer.writeInteger(flags | UInt32(count))
            if var slice = rest.readSlice(length: count) { buffer.writeBuffer(&slice) }
        } while rest.readableBytes > 0
    }

    static func writeControl(
        type: UInt16, flags: UInt8 = 0, payload: ByteBuffer, to buffer: inout ByteBuffer
    ) {
        buffer.writeInteger(0x8003_0000 | UInt32(type))
        buffer.writeInteger(UInt32(flags) << 24 | UInt32(payload.readableBytes))
        buffer.writeImmutableBuffer(payload)
    }
}

/// Compresses the headers of one connection's streams: one zlib stream over all of them, flushed after each,
/// that begins with the dictionary of SPDY/3.
final class SPDYHeaderCompressor {
    private var stream = z_stream()
    private let isReady: Bool

    init() {
        var isReady =
            deflateInit2_(
                &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        if isReady {
            let dictionary = SPDYDictionary.bytes
            isReady = deflateSetDictionary(&stream, dictionary, UInt32(dictionary.count)) == Z_OK
        }
        self.isReady = isReady
    }

    deinit { deflateEnd(&stream) }

    /// The block of some headers; nil when zlib reports a failure.
    func block(_ headers: [(name: String, value: String)]) -> ByteBuffer? {
        guard isReady else { return nil }
        var plain = ByteBuffer()
        plain.writeInteger(UInt32(headers.count))
        for header in headers {
            for text in [header.name, header.value] {
                plain.writeInteger(UInt32(text.utf8.count))
                plain.writeString(text)
            }
        }
        let bound = Int(deflateBound(&stream, UInt(plain.readableBytes))) + 64
        var output = ByteBufferAllocator().buffer(capacity: bound)
        let result = plain.withUnsafeReadableBytes { input -> Int32 in
            stream.next_in = UnsafeMutablePointer(
                mutating: input.bindMemory(to: UInt8.self).baseAddress)
            stream.avail_in = UInt32(input.count)
            var status = Z_OK
            output.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { space in
                stream.next_out = space.bindMemory(to: UInt8.self).baseAddress
                stream.avail_out = UInt32(space.count)
                status = deflate(&stream, Z_SYNC_FLUSH)
                return space.count - Int(stream.avail_out)
            }
            stream.next_in = nil
            stream.next_out = nil
            return status
        }
        return result == Z_OK && stream.avail_in == 0 ? output : nil
    }
}
