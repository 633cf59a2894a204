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

/// Reads RFC 8259 text into a value, in one pass, with bounds.
public struct JSONParser {
    public struct Limits: Sendable {
        public var depth: Int
        public var size: Int
        public init(depth: Int = 1_000, size: Int = 256 << 20) {
            self.depth = depth
            self.size = size
        }
    }
    public enum Duplicates: Sendable {
        /// A repeated key is an error.
        case reject
        /// The last value wins, and `duplicates` lists the paths, as `spec.containers[0].name`.
        case keepLast
    }

    public static func parse(
        _ text: some Sequence<UInt8>, limits: Limits = Limits(), duplicates: Duplicates = .reject
    ) throws(JSONParseError) -> JSON {
        var found: [String] = []
        return try parse(text, limits: limits, duplicates: duplicates, found: &found)
    }

    public static func parse(_ text: String) throws(JSONParseError) -> JSON { try parse(text.utf8) }

    public static func parse(
        _ text: some Sequence<UInt8>, limits: Limits = Limits(), duplicates: Duplicates,
        found: inout [String]
    ) throws(JSONParseError) -> JSON {
        let result = text.withContiguousStorageIfAvailable { bytes in
            Result { () throws(JSONParseError) -> (JSON, [String]) in
                var parser = JSONParser(bytes: bytes, limits: limits, duplicates: duplicates)
                return (try parser.document(), parser.duplicatePaths)
            }
        }
        guard let result else {
            return try parse(Array(text), limits: limits, duplicates: duplicates, found: &found)
        }
        let (value, paths) = try result.get()
        found = paths
        return value
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: Limits
    private let duplicates: Duplicates
    private var position = 0
    private var depth = 0
    private var duplicatePaths: [String] = []

    private init(bytes: UnsafeBufferPointer<UInt8>, limits: Limits, duplicates: Duplicates) {
        self.bytes = bytes
        self.limits = limits
        self.duplicates = duplicates
    }

    private mutating func document() throws(JSONParseError) -> JSON {
        guard bytes.count <= limits.size else { throw failure(.tooLarge(limit: limits.size)) }
        let value = try value()
        skipSpace()
        if position < bytes.count {
            throw failure(.unexpectedCharacter(bytes[position], context: "after top-level value"))
        }
        return value
    }

    private func failure(_ kind: JSONParseError.Kind) -> JSONParseError {
        JSONParseError(kind: kind, offset: position)
    }

    private func unexpected(_ context: String) -> JSONParseError {
        position < bytes.count
            ? failure(.unexpectedCharacter(bytes[position], context: context)) : failure(.unexpectedEnd)
    }

    @inline(__always)
    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func value() throws(JSONParseError) -> JSON {
        skipSpace()
        guard position < bytes.count else { throw failure(.unexpectedEnd) }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw unexpected("looking for beginning of value")
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONParseError) -> JSON {
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        for (offset, byte) in expected.enumerated() {
            guard position < bytes.count, bytes[position] == byte else {
                throw unexpected(
                    "in literal \(word) (expecting '\(Character(UnicodeScalar(expected[offset])))')")
            }
            position += 1
        }
        return value
    }

    private mutating func array() throws(JSONParseError) -> JSON {
        try enter()
        position += 1
        var values: [JSON] = []
        skipSpace()
        if position < bytes.count, bytes[position] == UInt8(ascii: "]") {
            position += 1
            depth -= 1
            return .array(values)
        }
        while true {
            let reported = duplicatePaths.count
            values.append(try value())
            if duplicatePaths.count > reported { prefixPaths(from: reported, with: "[\(values.count - 1)]") }
            skipSpace()
            guard position < bytes.count else { throw failure(.unexpectedEnd) }
            switch bytes[position] {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"):
                position += 1
                depth -= 1
                return .array(values)
            default: throw unexpected("after array element")
            }
        }
    }

    private mutating func object() throws(JSONParseError) -> JSON {
        try enter()
        position += 1
        var object = JSONObject()
        skipSpace()
        if position < bytes.count, bytes[position] == UInt8(ascii: "}") {
            position += 1
            depth -= 1
            return .object(object)
        }
        object.reserveCapacity(4)
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw unexpected("looking for beginning of object key string")
            }
            let start = position
            let key = try string()
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
                throw unexpected("after object key")
            }
            position += 1
            let reported = duplicatePaths.count
            let value = try value()
            if duplicatePaths.count > reported { prefixPaths(from: reported, with: key) }
            if let present = object.position(of: key) {
                guard duplicates == .keepLast else {
                    throw JSONParseError(kind: .duplicateKey(key), offset: start)
                }
                object.members[present].value = value
                duplicatePaths.append(key)
            } else {
                object.append(key, value)
            }
            skipSpace()
            guard position < bytes.count else { throw failure(.unexpectedEnd) }
            switch bytes[position] {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"):
                position += 1
                depth -= 1
                return .object(object)
            default: throw unexpected("after object key:value pair")
            }
        }
    }

    private mutating func prefixPaths(from start: Int, with prefix: String) {
        for index in start..<duplicatePaths.count {
            let path = duplicatePaths[index]
            duplicatePaths[index] = path.hasPrefix("[") ? prefix + path : prefix + "." + path
        }
    }

    private mutating func enter() throws(JSONParseError) {
        depth += 1
        if depth > limits.depth { throw failure(.tooDeep(limit: limits.depth)) }
    }

    // MARK: Strings

    private mutating func string() throws(JSONParseError) -> String {
        position += 1
        let start = position
        var ascii = true
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let slice = UnsafeBufferPointer(rebasing: bytes[start..<position])
                let text: String
                if ascii {
                    text = String(decoding: slice, as: UTF8.self)
                } else if let valid = String(validating: slice, as: UTF8.self) {
                    text = valid
                } else {
                    throw JSONParseError(kind: .invalidUTF8, offset: start)
                }
                position += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            if byte < 0x20 { throw failure(.controlCharacterInString) }
            if byte >= 0x80 { ascii = false }
            position += 1
        }
        throw failure(.unexpectedEnd)
    }

    private mutating func escapedString(from start: Int) throws(JSONParseError) -> String {
        var text = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                guard let valid = String(validating: text, as: UTF8.self) else {
                    throw JSONParseError(kind: .invalidUTF8, offset: start)
                }
                position += 1
                return valid
            case UInt8(ascii: "\\"):
                position += 1
                try appendEscape(to: &text)
            case 0..<0x20:
                throw failure(.controlCharacterInString)
            default:
                text.append(byte)
                position += 1
            }
        }
        throw failure(.unexpectedEnd)
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(JSONParseError) {
        guard position < bytes.count else { throw failure(.unexpectedEnd) }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var scalar = UInt32(try hexUnit())
            if scalar & 0xFC00 == 0xD800, position + 1 < bytes.count,
                bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
            {
                let mark = position
                position += 2
                let low = UInt32(try hexUnit())
                if low & 0xFC00 == 0xDC00 {
                    scalar = 0x10000 + ((scalar & 0x3FF) << 10) + (low & 0x3FF)
                } else {
                    position = mark
                }
            }
            // A lone surrogate becomes the replacement character, as in Go.
            let valid = Unicode.Scalar(scalar) ?? "\u{FFFD}"
            text.append(contentsOf: String(Character(valid)).utf8)
        default:
            position -= 1
            throw failure(.invalidEscape)
        }
    }

    private mutating func hexUnit() throws(JSONParseError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard position < bytes.count else { throw failure(.unexpectedEnd) }
            guard let digit = Character(UnicodeScalar(bytes[position])).hexDigitValue else {
                throw failure(.invalidEscape)
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    // MARK: Numbers

    private mutating func number() throws(JSONParseError) -> JSON {
        let start = position
        let negative = bytes[position] == UInt8(ascii: "-")
        if negative { position += 1 }
        let first = position
        var magnitude: UInt64 = 0
        var overflow = false
        while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
            let (product, high) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            overflow = overflow || high || carry
            magnitude = sum
            position += 1
        }
        guard position > first else { throw unexpected("in numeric literal") }
        if bytes[first] == UInt8(ascii: "0"), position > first + 1 {
            position = first + 1
            throw unexpected("after top-level value")
        }
        var whole = true
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            whole = false
            position += 1
            try digits(context: "after decimal point in numeric literal")
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            whole = false
            position += 1
            if position < bytes.count,
                bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
            {
                position += 1
            }
            try digits(context: "in exponent of numeric literal")
        }
        if whole, !overflow {
            if !negative, magnitude <= UInt64(Int64.max) { return .integer(Int64(magnitude)) }
            if negative, magnitude <= UInt64(Int64.max) + 1 {
                return .integer(Int64(truncatingIfNeeded: 0 &- magnitude))
            }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let double = Double(text), double.isFinite else {
            throw JSONParseError(kind: .numberOutOfRange, offset: start)
        }
        return .double(double)
    }

    private mutating func digits(context: String) throws(JSONParseError) {
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        guard position > start else { throw unexpected(context) }
    }
}
