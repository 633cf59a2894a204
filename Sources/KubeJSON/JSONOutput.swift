/// Where text is written: one piece of memory that grows. For texts that are put together of parts; a
/// whole value is written by `JSONWriter`.
///
/// Each write first makes sure of the room that it can need and then stores bytes without checks.
public struct JSONOutput: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// Bytes written.
    public private(set) var count = 0

    /// `capacity` is a guess at the bytes that are needed.
    public init(capacity: Int) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    /// What was written, copied.
    public var bytes: [UInt8] { Array(written) }

    /// Good until the next write.
    var written: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    @inline(__always)
    private mutating func need(_ room: Int) {
        if capacity - count < room { grow(room) }
    }

    @inline(never)
    private mutating func grow(_ room: Int) {
        let larger = max(capacity * 2, count + room)
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        memory.moveInitialize(from: base, count: count)
        base.deallocate()
        base = memory
        capacity = larger
    }

    /// Stores a byte for which there is room.
    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        base[count] = byte
        count += 1
    }

    /// Appends text as it is.
    public mutating func put(_ word: StaticString) {
        need(word.utf8CodeUnitCount)
        (base + count).update(from: word.utf8Start, count: word.utf8CodeUnitCount)
        count += word.utf8CodeUnitCount
    }

    public mutating func write(_ value: JSON) {
        switch value {
        case .null: put("null")
        case .bool(let value): put(value ? "true" : "false")
        case .integer(let value): write(value)
        case .double(let value): write(value)
        case .string(let value): write(value)
        case .array(let values): write(values)
        case .object(let object): write(object)
        }
    }

    private mutating func write(_ values: [JSON]) {
        need(2)
        put(UInt8(ascii: "["))
        for position in values.indices {
            if position > 0 {
                need(1)
                put(UInt8(ascii: ","))
            }
            write(values[position])
        }
        need(1)
        put(UInt8(ascii: "]"))
    }

    private mutating func write(_ object: JSONObject) {
        need(2)
        put(UInt8(ascii: "{"))
        let members = object.members
        for position in members.indices {
            if position > 0 {
                need(1)
                put(UInt8(ascii: ","))
            }
            write(members[position].key)
            need(1)
            put(UInt8(ascii: ":"))
            write(members[position].value)
        }
        need(1)
        put(UInt8(ascii: "}"))
    }

    mutating func write(_ value: Int64) {
        need(20)
        var magnitude = value.magnitude
        if value < 0 { put(UInt8(ascii: "-")) }
        var digits = 1
        var bound: UInt64 = 10
        while digits < 19, magnitude >= bound {
            digits += 1
            bound &*= 10
        }
        count += digits
        var at = count
        repeat {
            at -= 1
            base[at] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
            magnitude /= 10
        } while magnitude > 0
    }

    /// The shortest text that reads back as the same number, as Go writes it: no fraction where there is
    /// none, an exponent below 1e-6 and from 1e21 on, without padding. JSON has no infinities: they are
    /// written as null, and no parser of ours makes one.
    mutating func write(_ value: Double) {
        guard value.isFinite else {
            put("null")
            return
        }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53, value.sign == .plus || whole != 0 {
            write(whole)
            return
        }
        let text = DecimalText(value)
        let bytes = text.go
        need(bytes.count)
        for byte in bytes { put(byte) }
    }

    @inline(__always)
    public mutating func write(_ value: String) {
        let done: Void? = value.utf8.withContiguousStorageIfAvailable { write($0) }
        if done == nil { Array(value.utf8).withUnsafeBufferPointer { write($0) } }
    }

    /// Copies eight bytes at a time and looks at them on the way; those that need an escape, and the
    /// last few, are written one by one.
    private mutating func write(_ text: UnsafeBufferPointer<UInt8>) {
        // Eight more than the text and its quotes, for the last whole word.
        need(text.count + 10)
        put(UInt8(ascii: "\""))
        var at = 0
        if let source = UnsafeRawPointer(text.baseAddress) {
            let ones: UInt64 = 0x0101_0101_0101_0101
            let highs: UInt64 = 0x8080_8080_8080_8080
            while at < text.count {
                while at + 8 <= text.count {
                    let word = UInt64(littleEndian: source.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                    let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
                    let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
                    let special =
                        ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash
                            | (word &- (ones &* 0x20)) & ~word) & highs
                    UnsafeMutableRawPointer(base + count).storeBytes(of: word.littleEndian, as: UInt64.self)
                    if special != 0 {
                        let clean = special.trailingZeroBitCount >> 3
                        at += clean
                        count += clean
                        break
                    }
                    at += 8
                    count += 8
                }
                guard at < text.count else { break }
                let byte = text[at]
                at += 1
                if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                    put(byte)
                } else {
                    writeEscape(byte, rest: text.count - at)
                }
            }
        }
        put(UInt8(ascii: "\""))
    }

    private mutating func writeEscape(_ byte: UInt8, rest: Int) {
        need(6 + rest + 9)
        put(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): put(byte)
        case 0x0A: put(UInt8(ascii: "n"))
        case 0x0D: put(UInt8(ascii: "r"))
        case 0x09: put(UInt8(ascii: "t"))
        case 0x08: put(UInt8(ascii: "b"))
        case 0x0C: put(UInt8(ascii: "f"))
        default:
            put(UInt8(ascii: "u"))
            put(UInt8(ascii: "0"))
            put(UInt8(ascii: "0"))
            put(UInt8(ascii: "0") + byte >> 4)
            put(byte & 15 < 10 ? UInt8(ascii: "0") + byte & 15 : UInt8(ascii: "a") + byte & 15 - 10)
        }
    }
}

/// The shortest decimal digits of a double and where the point is: 0.d1d2d3… times ten to the `exponent`.
struct DecimalText {
    private var isNegative = false
    private var digits: [UInt8] = []
    private var exponent = 0

    init(_ value: Double) {
        // Swift's text has the shortest digits, in one of two forms: 123.45 and 1.2345e+21.
        var point: Int?
        var tail: [UInt8] = []
        var inTail = false
        for byte in value.description.utf8 {
            switch byte {
            case UInt8(ascii: "e"): inTail = true
            case UInt8(ascii: "."): point = digits.count
            case UInt8(ascii: "-") where !inTail: isNegative = true
            default: if inTail { tail.append(byte) } else { digits.append(byte) }
            }
        }
        exponent = (point ?? digits.count) + (Int(String(decoding: tail, as: UTF8.self)) ?? 0)
        while digits.count > 1, digits.first == UInt8(ascii: "0") {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        if digits == [UInt8(ascii: "0")] { exponent = 1 }
    }

    /// The form that Go's JSON encoder chooses.
    var go: [UInt8] {
        var text: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        let zero = UInt8(ascii: "0")
        // Below 1e-6 the first digit stands at the seventh place or later.
        if exponent < -5 || exponent > 21 {
            text.append(digits[0])
            if digits.count > 1 {
                text.append(UInt8(ascii: "."))
                text += digits[1...]
            }
            let power = exponent - 1
            text += Array("e\(power < 0 ? "-" : "+")\(power.magnitude)".utf8)
        } else if exponent <= 0 {
            text += Array("0.".utf8) + [UInt8](repeating: zero, count: -exponent) + digits
        } else if digits.count <= exponent {
            text += digits + [UInt8](repeating: zero, count: exponent - digits.count)
        } else {
            text += digits[..<exponent] + [UInt8(ascii: ".")] + digits[exponent...]
        }
        return text
    }
}
