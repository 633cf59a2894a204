/// Reads RFC 8259 text into a value, in one pass, with bounds.
public struct JSONParser {
    public struct Limits: Sendable {
        /// Objects and arrays within each other.
        public var depth: Int
        /// Bytes of text.
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

    /// Reads a text that must hold one value and nothing else.
    public static func parse(
        _ text: some Sequence<UInt8>, limits: Limits = Limits(), duplicates: Duplicates = .reject
    ) throws(JSONParseError) -> JSON {
        var found: [String] = []
        return try parse(text, limits: limits, duplicates: duplicates, found: &found)
    }

    public static func parse(_ text: String) throws(JSONParseError) -> JSON { try parse(text.utf8) }

    /// The same; `found` becomes the paths of repeated keys, in the order of the text.
    public static func parse(
        _ text: some Sequence<UInt8>, limits: Limits = Limits(), duplicates: Duplicates,
        found: inout [String]
    ) throws(JSONParseError) -> JSON {
        let result = text.withContiguousStorageIfAvailable { bytes in
            Result { () throws(JSONParseError) -> (JSON, [String]) in
                var parser = JSONParser(bytes: bytes, limits: limits, duplicates: duplicates)
                defer { parser.free() }
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
    private let names = KnownStrings.shared
    private var position = 0
    private var depth = 0
    private var duplicatePaths: [String] = []
    /// What the objects and arrays that are being read hold so far, the innermost last: each is copied
    /// to storage of its exact size when it ends.
    private var members = ParserStack<JSONObject.Member>()
    private var values = ParserStack<JSON>()
    /// A word for each key of `members`; keys of different words differ.
    private var keyWords = ParserStack<UInt64>()

    private init(bytes: UnsafeBufferPointer<UInt8>, limits: Limits, duplicates: Duplicates) {
        self.bytes = bytes
        self.limits = limits
        self.duplicates = duplicates
    }

    private mutating func free() {
        members.free()
        values.free()
        keyWords.free()
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

    /// Whether the next thing is this byte, which is then taken.
    @inline(__always)
    private mutating func skips(_ byte: UInt8) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
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
        let start = values.count
        if skips(UInt8(ascii: "]")) {
            depth -= 1
            return .array([])
        }
        while true {
            let reported = duplicatePaths.count
            values.push(try value())
            if duplicatePaths.count > reported {
                prefixPaths(from: reported, with: "[\(values.count - start - 1)]")
            }
            skipSpace()
            guard position < bytes.count else { throw failure(.unexpectedEnd) }
            switch bytes[position] {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"):
                position += 1
                depth -= 1
                return .array(values.popAll(from: start))
            default: throw unexpected("after array element")
            }
        }
    }

    private mutating func object() throws(JSONParseError) -> JSON {
        try enter()
        position += 1
        if skips(UInt8(ascii: "}")) {
            depth -= 1
            return .object(JSONObject())
        }
        let start = members.count
        var index: JSONObject.KeyIndex?
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw unexpected("looking for beginning of object key string")
            }
            let keyStart = position
            let (key, word) = try key()
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
                throw unexpected("after object key")
            }
            position += 1
            let reported = duplicatePaths.count
            let value = try value()
            if duplicatePaths.count > reported { prefixPaths(from: reported, with: key) }
            if let present = earlier(key, word, from: start, &index) {
                guard duplicates == .keepLast else {
                    throw JSONParseError(kind: .duplicateKey(key), offset: keyStart)
                }
                members[present].value = value
                duplicatePaths.append(key)
            } else {
                index?.positions[JSONObject.KeyIndex.Key(key)] = members.count - start
                members.push(JSONObject.Member(key: key, value: value))
                keyWords.push(word)
            }
            skipSpace()
            guard position < bytes.count else { throw failure(.unexpectedEnd) }
            switch bytes[position] {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"):
                position += 1
                depth -= 1
                keyWords.drop(to: start)
                return .object(JSONObject(distinct: members.popAll(from: start), index: index))
            default: throw unexpected("after object key:value pair")
            }
        }
    }

    /// Where the object whose members start at `start` has the key already. From the size on at which
    /// objects have an index, one is made here, so that many keys do not cost their square.
    @inline(__always)
    private mutating func earlier(
        _ key: String, _ word: UInt64, from start: Int, _ index: inout JSONObject.KeyIndex?
    ) -> Int? {
        if members.count - start > JSONObject.indexThreshold {
            let present = index ?? JSONObject.KeyIndex(members.elements(from: start))
            index = present
            return present.positions[JSONObject.KeyIndex.Key(key)].map { $0 + start }
        }
        for other in start..<members.count where keyWords[other] == word {
            if members[other].key.utf8Equal(key) { return other }
        }
        return nil
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
        let isASCII = scan()
        guard position < bytes.count else { throw failure(.unexpectedEnd) }
        guard bytes[position] == UInt8(ascii: "\"") else { return try unusualString(from: start) }
        let slice = UnsafeBufferPointer(rebasing: bytes[start..<position])
        guard let text = text(slice, isASCII: isASCII) else {
            throw JSONParseError(kind: .invalidUTF8, offset: start)
        }
        position += 1
        return text
    }

    /// A key and a word made of its length and some of its bytes.
    @inline(__always)
    private mutating func key() throws(JSONParseError) -> (String, UInt64) {
        let start = position + 1
        let key = try string()
        // The text between the quotes may spell one key in several ways when it has escapes.
        let length = position - 1 - start
        guard length == key.utf8.count else { return (key, KnownStrings.word(of: key)) }
        return (key, KnownStrings.word(of: UnsafeBufferPointer(rebasing: bytes[start..<start + length])))
    }

    /// Moves to the next quote, backslash or control character, or the end; whether what was passed is
    /// ASCII. Eight bytes at a time: the high bit of each byte of `special` says that it is one of those
    /// (and perhaps wrongly of bytes after one, which does not matter for the first).
    @inline(__always)
    private mutating func scan() -> Bool {
        guard let base = bytes.baseAddress else { return true }
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        var seen: UInt64 = 0
        var at = position
        while at + 8 <= bytes.count {
            let word = UInt64(
                littleEndian: UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self))
            let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            let special =
                ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash
                    | (word &- (ones &* 0x20)) & ~word) & highs
            if special != 0 {
                let bits = special.trailingZeroBitCount & ~7
                seen |= word & ((1 << UInt64(bits)) &- 1)
                position = at + bits >> 3
                return seen & highs == 0
            }
            seen |= word
            at += 8
        }
        while at < bytes.count {
            let byte = base[at]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            seen |= UInt64(byte)
            at += 1
        }
        position = at
        return seen & highs == 0
    }

    /// The string of a text without escapes; nil when it is not UTF-8.
    @inline(__always)
    private func text(_ slice: UnsafeBufferPointer<UInt8>, isASCII: Bool) -> String? {
        guard isASCII else { return String(validating: slice, as: UTF8.self) }
        // Up to 15 bytes live in the String itself; longer ones cost an allocation.
        if slice.count > 15, let known = names.string(slice) { return known }
        guard #available(macOS 26, *) else { return String(decoding: slice, as: UTF8.self) }
        // It was checked in the scan.
        return String(copying: UTF8Span(unchecked: slice.span, isKnownASCII: true))
    }

    private mutating func unusualString(from start: Int) throws(JSONParseError) -> String {
        if bytes[position] == UInt8(ascii: "\\") { return try escapedString(from: start) }
        throw failure(.controlCharacterInString)
    }

    private mutating func escapedString(from start: Int) throws(JSONParseError) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * (position - start) + 16)
        var clean = start
        while true {
            text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[clean..<position]))
            guard position < bytes.count else { throw failure(.unexpectedEnd) }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                guard let valid = String(validating: text, as: UTF8.self) else {
                    throw JSONParseError(kind: .invalidUTF8, offset: start)
                }
                position += 1
                return valid
            case UInt8(ascii: "\\"):
                position += 1
                try appendEscape(to: &text)
            default: throw failure(.controlCharacterInString)
            }
            clean = position
            _ = scan()
        }
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
