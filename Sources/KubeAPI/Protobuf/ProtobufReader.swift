/// Why bytes are not the protobuf that they should be.
public struct ProtobufError: Error, Sendable, CustomStringConvertible {
    public let description: String
    /// The kind has no message at all.
    public let isOfKind: Bool

    init(description: String, isOfKind: Bool = false) {
        self.description = description
        self.isOfKind = isOfKind
    }
}

/// Reads protobuf's wire format from a slice of bytes, without copying it.
struct ProtobufReader {
    enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case bytes(ArraySlice<UInt8>)
        case fixed32(UInt32)

        var integer: Int64 {
            switch self {
            case .varint(let value), .fixed64(let value): Int64(bitPattern: value)
            case .fixed32(let value): Int64(Int32(bitPattern: value))
            case .bytes: 0
            }
        }
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next field; nil at the end.
    mutating func next() throws(ProtobufError) -> (number: Int, value: Value)? {
        if rest.isEmpty { return nil }
        let tag = try varint()
        guard tag >> 3 > 0, tag >> 3 < 1 << 29 else { throw Self.malformed("a field number is out of range") }
        let number = Int(tag >> 3)
        switch tag & 7 {
        case 0: return (number, .varint(try varint()))
        case 1: return (number, .fixed64(try fixed(8)))
        case 2:
            let length = try varint()
            guard length <= UInt64(rest.count) else { throw Self.malformed("unexpected EOF") }
            let value = rest.prefix(Int(length))
            rest = rest.dropFirst(Int(length))
            return (number, .bytes(value))
        case 5: return (number, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
        default: throw Self.malformed("wire type \(tag & 7) is not used by Kubernetes")
        }
    }

    private mutating func varint() throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = rest.popFirst() {
            guard shift < 64 else { throw Self.malformed("integer overflow") }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
        throw Self.malformed("unexpected EOF")
    }

    private mutating func fixed(_ count: Int) throws(ProtobufError) -> UInt64 {
        guard rest.count >= count else { throw Self.malformed("unexpected EOF") }
        var value: UInt64 = 0
        for (position, byte) in rest.prefix(count).enumerated() {
            value |= UInt64(byte) << UInt64(position * 8)
        }
        rest = rest.dropFirst(count)
        return value
    }

    static func malformed(_ why: String) -> ProtobufError { ProtobufError(description: "proto: \(why)") }
}
