import KubeJSON

extension Value {
    /// A JSON value as its schema says it is to be seen.
    public init(_ json: JSON, as shape: Shape) throws(EvaluationError) {
        switch (shape, json) {
        case (_, .null): self = .null
        case (_, .bool(let value)): self = .bool(value)
        case (.double, .integer(let value)): self = .double(Double(value))
        case (_, .integer(let value)): self = .int(value)
        case (.int, .double(let value)):
            self = Int64(exactly: value).map(Value.int) ?? .double(value)
        case (_, .double(let value)): self = .double(value)
        case (.bytes, .string(let text)):
            guard let bytes = Base64Text.decode(text) else {
                throw .failure("invalid base64 encoded value")
            }
            self = .bytes(bytes)
        case (.duration, .string(let text)):
            guard let value = DurationText.parse(text) else {
                throw .failure("invalid duration value: \(text)")
            }
            self = .duration(value)
        case (.timestamp, .string(let text)):
            guard let value = TimestampText.parse(text) else {
                throw .failure("invalid date-time value: \(text)")
            }
            self = .timestamp(value)
        case (.date, .string(let text)):
            guard let value = TimestampText.parse(text + "T00:00:00Z") else {
                throw .failure("invalid date value: \(text)")
            }
            self = .timestamp(value)
        case (_, .string(let text)): self = .string(text)
        case (.list(let element, let kind), .array(let array)): self = .list(.json(array, element, kind))
        case (_, .array(let array)): self = .list(.json(array, .dyn, .atomic))
        case (.map(let value), .object(let object)): self = .map(.json(object, value))
        case (.object(let type), .object(let object)): self = .object(object, type)
        case (_, .object(let object)): self = .map(.json(object, .dyn))
        }
    }

    /// The value as JSON: times and durations as texts, bytes in base64. Nil for what JSON has nothing for.
    public func json() throws(EvaluationError) -> JSON {
        switch self {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .integer(value)
        case .uint(let value): return Int64(exactly: value).map(JSON.integer) ?? .double(Double(value))
        case .double(let value): return .double(value)
        case .string(let value): return .string(value)
        case .bytes(let value): return .string(Base64Text.encode(value))
        case .duration(let value): return .string(DurationText.format(value))
        case .timestamp(let value): return .string(TimestampText.format(value))
        case .list(.json(let array, _, _)): return .array(array)
        case .list(.values(let values)):
            var array: [JSON] = []
            for value in values { array.append(try value.json()) }
            return .array(array)
        case .map(.json(let object, _)), .object(let object, _): return .object(object)
        case .map(.values(let entries)): return try Self.json(entries)
        case .message(_, let entries): return try Self.json(entries)
        case .opaque(.quantity(let value)): return .string(value.canonical)
        case .optional(.some(let value)): return try value.json()
        case .optional(nil), .type, .opaque:
            throw .failure("unsupported conversion of \(type.runtimeName) to JSON")
        }
    }

    private static func json(_ entries: MapEntries) throws(EvaluationError) -> JSON {
        var object = JSONObject()
        for (key, value) in zip(entries.keys, entries.values) {
            guard case .string(let name) = key else {
                throw .failure("JSON objects have keys of type string, not \(key.type.runtimeName)")
            }
            object[name] = try value.json()
        }
        return .object(object)
    }
}

/// Base64 with or without padding (RFC 4648, section 4).
enum Base64Text {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = 0
            for index in 0..<3 { bits = bits << 8 | (index < group.count ? Int(group[start + index]) : 0) }
            for index in 0..<4 {
                output.append(
                    index <= group.count ? digits[bits >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    static func decode(_ text: String) -> [UInt8]? {
        var output: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        var seen = 0
        for byte in text.utf8 {
            if byte == 0x0a || byte == 0x0d { continue }
            if byte == UInt8(ascii: "=") {
                seen += 1
                continue
            }
            guard seen == 0, let value = value(of: byte) else { return nil }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                output.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return seen <= 2 && count < 6 ? output : nil
    }

    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
