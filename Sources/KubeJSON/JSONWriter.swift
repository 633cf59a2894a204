/// Writes JSON values as compact UTF-8 text.
public enum JSONWriter {
    /// `capacity` is a guess at the bytes that are needed.
    public static func bytes(_ value: JSON, capacity: Int = 4_096) -> [UInt8] {
        var buffer = JSONOutput(capacity: capacity)
        buffer.write(value)
        return buffer.bytes
    }

    public static func string(_ value: JSON) -> String {
        var buffer = JSONOutput(capacity: 256)
        buffer.write(value)
        return String(decoding: buffer.written, as: UTF8.self)
    }

    /// Indented text, as `kubectl get -o json` prints it; keys sorted when asked.
    public static func prettyString(_ value: JSON, indent: Int = 4, sorted: Bool = false) -> String {
        var output: [UInt8] = []
        writePretty(value, into: &output, step: indent, depth: 0, sorted: sorted)
        return String(decoding: output, as: UTF8.self)
    }

    public static func write(_ value: JSON, into output: inout [UInt8]) {
        append(to: &output) { $0.write(value) }
    }

    public static func write(_ value: Int64, into output: inout [UInt8]) {
        append(to: &output) { $0.write(value) }
    }

    public static func write(_ value: Double, into output: inout [UInt8]) {
        append(to: &output) { $0.write(value) }
    }

    public static func write(_ value: String, into output: inout [UInt8]) {
        append(to: &output) { $0.write(value) }
    }

    @inline(__always)
    private static func append(to output: inout [UInt8], _ body: (inout JSONOutput) -> Void) {
        var buffer = JSONOutput(capacity: 256)
        body(&buffer)
        output.append(contentsOf: buffer.written)
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
