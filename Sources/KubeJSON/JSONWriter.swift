/// Writes JSON values as compact UTF-8 text.
public enum JSONWriter {
    public static func bytes(_ value: JSON, capacity: Int = 512) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(capacity)
        write(value, into: &output)
        return output
    }

    public static func string(_ value: JSON) -> String { String(decoding: bytes(value), as: UTF8.self) }

    /// Indented text, as `kubectl get -o json` prints it; keys sorted when asked.
    public static func prettyString(_ value: JSON, indent: Int = 4, sorted: Bool = false) -> String {
        var output: [UInt8] = []
        writePretty(value, into: &output, step: indent, depth: 0, sorted: sorted)
        return String(decoding: output, as: UTF8.self)
    }

    public static func write(_ value: JSON, into output: inout [UInt8]) {
        switch value {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): write(value, into: &output)
        case .double(let value): write(value, into: &output)
        case .string(let value): write(value, into: &output)
        case .array(let values):
            output.append(UInt8(ascii: "["))
            var first = true
            for value in values {
                if first { first = false } else { output.append(UInt8(ascii: ",")) }
                write(value, into: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let object):
            output.append(UInt8(ascii: "{"))
            var first = true
            for member in object.members {
                if first { first = false } else { output.append(UInt8(ascii: ",")) }
                write(member.key, into: &output)
                output.append(UInt8(ascii: ":"))
                write(member.value, into: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    public static func write(_ value: Int64, into output: inout [UInt8]) {
        if value >= 0, value < 10 {
            output.append(UInt8(ascii: "0") + UInt8(value))
            return
        }
        var magnitude = value.magnitude
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var position = 20
            repeat {
                position -= 1
                digits[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
                magnitude /= 10
            } while magnitude > 0
            if value < 0 {
                position -= 1
                digits[position] = UInt8(ascii: "-")
            }
            output.append(contentsOf: digits[position...])
        }
    }

    /// The shortest text that reads back as the same number; no fraction where there is none. JSON has
    /// no infinities: they are written as null, and no parser of ours makes one.
    public static func write(_ value: Double, into output: inout [UInt8]) {
        guard value.isFinite else {
            output.append(contentsOf: "null".utf8)
            return
        }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 {
            write(whole, into: &output)
            return
        }
        output.append(contentsOf: value.description.utf8)
    }

    public static func write(_ value: String, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var copy = value
        copy.withUTF8 { bytes in
            var clean = 0
            var position = 0
            while position < bytes.count {
                let byte = bytes[position]
                if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                    position += 1
                    continue
                }
                output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[clean..<position]))
                writeEscape(byte, into: &output)
                position += 1
                clean = position
            }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[clean...]))
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func writeEscape(_ byte: UInt8, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        case 0x09: output.append(UInt8(ascii: "t"))
        default:
            let hex = Array("0123456789abcdef".utf8)
            output.append(contentsOf: "u00".utf8)
            output.append(hex[Int(byte >> 4)])
            output.append(hex[Int(byte & 15)])
        }
    }

    private static func writePretty(
        _ value: JSON, into output: inout [UInt8], step: Int, depth: Int, sorted: Bool
    ) {
        func newline(_ depth: Int) {
            output.append(0x0A)
            output.append(contentsOf: repeatElement(0x20, count: step * depth))
        }
        switch value {
        case .array(let values) where !values.isEmpty:
            output.append(UInt8(ascii: "["))
            for (position, value) in values.enumerated() {
                if position > 0 { output.append(UInt8(ascii: ",")) }
                newline(depth + 1)
                writePretty(value, into: &output, step: step, depth: depth + 1, sorted: sorted)
            }
            newline(depth)
            output.append(UInt8(ascii: "]"))
        case .object(let object) where !object.isEmpty:
            output.append(UInt8(ascii: "{"))
            let members = sorted ? object.members.sorted { utf8Less($0.key, $1.key) } : object.members
            for (position, member) in members.enumerated() {
                if position > 0 { output.append(UInt8(ascii: ",")) }
                newline(depth + 1)
                write(member.key, into: &output)
                output.append(contentsOf: ": ".utf8)
                writePretty(member.value, into: &output, step: step, depth: depth + 1, sorted: sorted)
            }
            newline(depth)
            output.append(UInt8(ascii: "}"))
        default:
            write(value, into: &output)
        }
    }
}
