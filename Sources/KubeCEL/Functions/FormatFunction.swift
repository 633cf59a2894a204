import Foundation

/// `"%d of %s".format([1, "two"])`, as cel-go's strings library of version 2 does it.
enum FormatFunction {
    private static let maximumPrecision = 1_000

    static func format(_ text: String, _ arguments: [Value]) throws(EvaluationError) -> String {
        let scalars = Array(text.unicodeScalars)
        var output = ""
        var position = 0
        var used = 0
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            guard scalar == "%" else {
                output.unicodeScalars.append(scalar)
                continue
            }
            guard position < scalars.count else { throw .failure("unexpected end of string") }
            if scalars[position] == "%" {
                output += "%"
                position += 1
                continue
            }
            guard used < arguments.count else { throw .failure("index \(used) out of range") }
            var precision: Int?
            if scalars[position] == "." {
                position += 1
                var digits = ""
                while position < scalars.count, ("0"..."9").contains(scalars[position]) {
                    digits.unicodeScalars.append(scalars[position])
                    position += 1
                }
                guard position < scalars.count else {
                    throw .failure("error while parsing precision: could not find end of precision specifier")
                }
                let value = Int(digits) ?? 0
                guard value <= maximumPrecision else {
                    throw .failure(
                        "precision \(value) exceeds maximum allowed precision \(maximumPrecision)")
                }
                precision = value
            }
            let clause = scalars[position]
            position += 1
            output += try show(arguments[used], clause, precision)
            used += 1
        }
        return output
    }

    private static func show(
        _ value: Value, _ clause: UnicodeScalar, _ precision: Int?
    ) throws(EvaluationError) -> String {
        switch clause {
        case "s": return try string(value)
        case "d":
            switch value {
            case .int, .uint: return value.shown
            default: throw unfit("decimal clause can only be used on integers", value)
            }
        case "f", "e":
            let number: Double
            switch value {
            case .double(let found): number = found
            case .int(let found): number = Double(found)
            case .uint(let found): number = Double(found)
            default:
                throw unfit(
                    "\(clause == "f" ? "fixed-point" : "scientific") clause can only be used on doubles",
                    value)
            }
            if number.isNaN { return "NaN" }
            if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
            return String(format: "%.\(precision ?? 6)\(clause)", number)
        case "b", "o":
            let radix = clause == "b" ? 2 : 8
            switch value {
            case .int(let number): return String(number, radix: radix)
            case .uint(let number): return String(number, radix: radix)
            case .bool(let flag) where clause == "b": return flag ? "1" : "0"
            default:
                throw unfit(
                    clause == "b"
                        ? "only integers and bools can be formatted as binary"
                        : "octal clause can only be used on integers", value)
            }
        case "x", "X":
            let isUpper = clause == "X"
            func hex(_ bytes: some Sequence<UInt8>) -> String {
                bytes.map { byte in
                    (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: isUpper)
                }.joined()
            }
            switch value {
            case .int(let number): return String(number, radix: 16, uppercase: isUpper)
            case .uint(let number): return String(number, radix: 16, uppercase: isUpper)
            case .string(let text): return hex(text.utf8)
            case .bytes(let bytes): return hex(bytes)
            default:
                throw unfit("only integers, byte buffers, and strings can be formatted as hex", value)
            }
        default: throw .failure("unrecognized formatting clause \"\(clause)\"")
        }
    }

    private static func unfit(_ words: String, _ value: Value) -> EvaluationError {
        .failure("error during formatting: \(words), was given \(value.type.runtimeName)")
    }

    private static func string(_ value: Value) throws(EvaluationError) -> String {
        switch value {
        case .list(let list):
            var parts: [String] = []
            for item in try list.all() { parts.append(try inner(item)) }
            return "[" + parts.joined(separator: ", ") + "]"
        case .map(let map):
            var parts: [(String, String)] = []
            for index in 0..<map.count {
                parts.append((try inner(map.key(index)), try inner(try map.value(index))))
            }
            parts.sort { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
            return "{" + parts.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + "}"
        case .double(let number):
            if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
            return NumberText.shortest(number)
        case .object, .message, .optional, .opaque:
            throw unfit(
                "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps",
                value)
        default: return value.shown
        }
    }

    private static func inner(_ value: Value) throws(EvaluationError) -> String { try string(value) }
}
