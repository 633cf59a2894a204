import KubeJSON

/// The scalars that have a reader of their own in Go; each gives the canonical form, or nil for no change.
enum ScalarForms {
    static func quantity(_ value: JSON) throws(DecodeError) -> JSON? {
        let text: String
        switch value {
        case .string(let string): text = string
        case .integer(let number): text = String(number)
        case .double: text = JSONWriter.string(value)
        default: throw DecodeError(.text(QuantityError.format.description))
        }
        let quantity: Quantity
        do {
            quantity = try Quantity.parse(trimmed(text))
        } catch {
            throw DecodeError(.text(error.description))
        }
        let canonical = quantity.description
        if case .string = value, canonical == text { return nil }
        return .string(canonical)
    }

    private static func trimmed(_ text: String) -> String {
        guard let first = text.utf8.first, let last = text.utf8.last, first <= 0x20 || last <= 0x20 else {
            return text
        }
        let start = text.utf8.drop { $0 <= 0x20 }
        let count = start.reversed().prefix { $0 <= 0x20 }.count
        return String(Substring(start.dropLast(count)))
    }

    static func time(_ value: JSON, isMicro: Bool) throws(DecodeError) -> JSON? {
        guard case .string(let text) = value else {
            throw DecodeError(.text("json: cannot unmarshal \(value.typeName) into Go value of type string"))
        }
        let layout = isMicro ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00"
        guard let time = Timestamp(text) else {
            // Go names the first part of the layout that does not fit; mostly that is the year.
            throw DecodeError(
                .text("parsing time \"\(text)\" as \"\(layout)\": cannot parse \"\(text)\" as \"2006\""))
        }
        let canonical = isMicro ? time.rfc3339Micro : time.rfc3339
        return canonical == text ? nil : .string(canonical)
    }

    static func intOrString(_ value: JSON) throws(DecodeError) -> JSON? {
        switch value {
        case .string: return nil
        case .integer(let number) where Int32(exactly: number) != nil: return nil
        case .integer, .double:
            throw DecodeError(
                .text("json: cannot unmarshal number \(JSONWriter.string(value)) into Go value of type int32")
            )
        default:
            throw DecodeError(.text("json: cannot unmarshal \(value.typeName) into Go value of type int32"))
        }
    }

    /// Checks base64; line breaks, which Go skips, and stray bits in the last group are normalised away.
    static func bytes(_ value: JSON) throws(DecodeError) -> JSON? {
        guard case .string(var text) = value else {
            throw DecodeError(.type(found: value.typeName, wanted: ""))
        }
        switch text.withUTF8(Base64Form.check) {
        case .canonical: return nil
        case .other(let canonical): return .string(canonical)
        case .illegal(let position):
            throw DecodeError(.text("illegal base64 data at input byte \(position)"))
        }
    }
}

/// Standard base64 with padding, as Go's StdEncoding reads it.
enum Base64Form {
    enum Outcome {
        case canonical
        case other(String)
        case illegal(at: Int)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func check(_ bytes: UnsafeBufferPointer<UInt8>) -> Outcome {
        var digits = 0
        var padding = 0
        var skipped = 0
        var last: UInt8 = 0
        for (position, byte) in bytes.enumerated() {
            if byte == 0x0A || byte == 0x0D {
                skipped += 1
            } else if byte == UInt8(ascii: "=") {
                padding += 1
                if digits % 4 < 2 || padding > 4 - digits % 4 { return .illegal(at: position) }
            } else if let value = digit(byte), padding == 0 {
                digits += 1
                last = value
            } else {
                return .illegal(at: position)
            }
        }
        if (digits + padding) % 4 != 0 { return .illegal(at: bytes.count - (digits + padding) % 4) }
        let stray: UInt8 = padding == 2 ? 0x0F : padding == 1 ? 0x03 : 0
        if skipped == 0, last & stray == 0 { return .canonical }
        var text = bytes.filter { $0 != 0x0A && $0 != 0x0D }
        if stray != 0 { text[text.count - padding - 1] = alphabet[Int(last & ~stray)] }
        return .other(String(decoding: text, as: UTF8.self))
    }
}
