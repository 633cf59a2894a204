/// A span of time in nanoseconds, read and written as Go does: `1h2m3s`, `300ms`, `-1.5h`.
public struct GoDuration: Hashable, Sendable, Comparable, CustomStringConvertible {
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    public init(seconds: Int64) { nanoseconds = seconds * 1_000_000_000 }

    public static func < (left: GoDuration, right: GoDuration) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    private static func unit(_ name: Substring.UTF8View) -> Int64? {
        switch String(Substring(name)) {
        case "ns": 1
        case "us", "µs", "μs": 1_000
        case "ms": 1_000_000
        case "s": 1_000_000_000
        case "m": 60_000_000_000
        case "h": 3_600_000_000_000
        default: nil
        }
    }

    /// Nil for what Go's ParseDuration refuses: no unit, no digits, more than 64 bits.
    public init?(_ text: String) {
        var rest = text.utf8[...]
        var isNegative = false
        if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            isNegative = first == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        if rest.elementsEqual("0".utf8) {
            nanoseconds = 0
            return
        }
        guard !rest.isEmpty else { return nil }
        var total: Int128 = 0
        func digits() -> (value: Int128, count: Int)? {
            var value: Int128 = 0
            var count = 0
            while let byte = rest.first, byte &- UInt8(ascii: "0") < 10 {
                // Beyond this many digits a fraction says nothing and a whole number does not fit.
                if count < 20 { value = value * 10 + Int128(byte - UInt8(ascii: "0")) }
                count += 1
                rest = rest.dropFirst()
            }
            return (value, count)
        }
        while !rest.isEmpty {
            guard let whole = digits(), whole.count < 20 else { return nil }
            var fraction: (value: Int128, count: Int) = (0, 0)
            if rest.first == UInt8(ascii: ".") {
                rest = rest.dropFirst()
                fraction = digits() ?? (0, 0)
            }
            guard whole.count + fraction.count > 0 else { return nil }
            let name = rest.prefix { $0 != UInt8(ascii: ".") && $0 &- UInt8(ascii: "0") >= 10 }
            guard let unit = Self.unit(name) else { return nil }
            rest = rest.dropFirst(name.count)
            var part = fraction.value * Int128(unit)
            for _ in 0..<min(fraction.count, 20) { part /= 10 }
            total += whole.value * Int128(unit) + part
            if total > Int128(Int64.max) + (isNegative ? 1 : 0) { return nil }
        }
        nanoseconds = Int64(clamping: isNegative ? -total : total)
    }

    public var description: String {
        if nanoseconds == 0 { return "0s" }
        let sign = nanoseconds < 0 ? "-" : ""
        let magnitude = nanoseconds.magnitude
        if magnitude < 1_000 { return "\(sign)\(magnitude)ns" }
        if magnitude < 1_000_000 { return sign + Self.decimal(magnitude, 1_000) + "µs" }
        if magnitude < 1_000_000_000 { return sign + Self.decimal(magnitude, 1_000_000) + "ms" }
        let seconds = Self.decimal(magnitude % 60_000_000_000, 1_000_000_000) + "s"
        let minutes = magnitude / 60_000_000_000
        if minutes == 0 { return sign + seconds }
        if minutes < 60 { return "\(sign)\(minutes)m\(seconds)" }
        return "\(sign)\(minutes / 60)h\(minutes % 60)m\(seconds)"
    }

    private static func decimal(_ value: UInt64, _ unit: UInt64) -> String {
        let whole = value / unit
        var rest = value % unit
        if rest == 0 { return "\(whole)" }
        var digits = ""
        var place = unit / 10
        while rest > 0 {
            digits += "\(rest / place)"
            rest %= place
            place /= 10
        }
        return "\(whole).\(digits)"
    }
}
