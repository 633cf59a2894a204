/// Why a text is not the JSON that was asked for, and where.
public struct JSONParseError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Equatable, Sendable {
        case unexpectedEnd
        case unexpectedCharacter(UInt8, context: String)
        case invalidUTF8
        case invalidEscape
        case controlCharacterInString
        case invalidNumber
        case numberOutOfRange
        case duplicateKey(String)
        case tooDeep(limit: Int)
        case tooLarge(limit: Int)
        case trailingData
    }
    public let kind: Kind
    /// Bytes from the start of the text.
    public let offset: Int

    public init(kind: Kind, offset: Int) {
        self.kind = kind
        self.offset = offset
    }

    public var description: String { "\(reason) (at byte \(offset))" }

    /// What is wrong, in words like those of Go's decoder, which clients know.
    public var reason: String {
        switch kind {
        case .unexpectedEnd: "unexpected end of JSON input"
        case .unexpectedCharacter(let byte, let context): "invalid character \(Self.quote(byte)) \(context)"
        case .invalidUTF8: "invalid UTF-8 in string"
        case .invalidEscape: "invalid escape in string"
        case .controlCharacterInString: "control character in string literal"
        case .invalidNumber: "invalid number"
        case .numberOutOfRange: "number out of range"
        case .duplicateKey(let key): "duplicate key \"\(key)\""
        case .tooDeep(let limit): "exceeded max depth of \(limit)"
        case .tooLarge(let limit): "text is larger than \(limit) bytes"
        case .trailingData: "invalid character after top-level value"
        }
    }

    private static func quote(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "'"): return #"'\''"#
        case 0x20..<0x7F: return "'\(Character(UnicodeScalar(byte)))'"
        case 0x0A: return #"'\n'"#
        case 0x0D: return #"'\r'"#
        case 0x09: return #"'\t'"#
        default:
            let hex = String(byte, radix: 16)
            return "'\\x" + (hex.count < 2 ? "0" : "") + hex + "'"
        }
    }
}
