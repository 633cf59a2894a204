/// Durations as Go writes and reads them: `1h30m`, `-1.5s`.
public enum DurationText {
    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("ns", 1), ("us", 1_000), ("\u{b5}s", 1_000), ("\u{3bc}s", 1_000), ("ms", 1_000_000),
        ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]

    /// In nanoseconds; nil when the text is none or is beyond 64 bits.
    public static func parse(_ text: String) -> Int64? {
        var rest = Substring(text)
        var isNegative = false
        if let first = rest.utf8.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            isNegative = first == UInt8(ascii: "-")
            rest.removeFirst()
        }
        if rest == "0" { return 0 }
        if rest.isEmpty { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            guard let part = part(&rest) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            if overflow { return nil }
            total = sum
        }
        return isNegative ? -total : total
    }

    private static func part(_ rest: inout Substring) -> Int64? {
        var whole: Int64 = 0
        var digits = 0
        func digit(_ byte: UInt8?) -> Int64? {
            guard let byte, byte >= 48, byte <= 57 else { return nil }
            return Int64(byte) - 48
        }
        while let value = digit(rest.utf8.first) {
            let (product, high) = whole.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(value)
            if high || carry { return nil }
            whole = sum
            digits += 1
            rest.removeFirst()
        }
        var fraction: Int64 = 0
        var scale = 1.0
        if rest.utf8.first == UInt8(ascii: ".") {
            rest.removeFirst()
            while let value = digit(rest.utf8.first) {
                // More digits than these tell nothing.
                if fraction < Int64.max / 100 {
                    fraction = fraction * 10 + value
                    scale *= 10
                }
                digits += 1
                rest.removeFirst()
            }
        }
        if digits == 0 { return nil }
        let name = rest.prefix { $0 != "." && !("0"..."9").contains($0) }
        guard let unit = units.first(where: { sameText($0.name, String(name)) }) else { return nil }
        rest = rest[name.endIndex...]
        let (product, overflow) = whole.multipliedReportingOverflow(by: unit.nanoseconds)
        if overflow { return nil }
        let extra = Int64(Double(fraction) * (Double(unit.nanoseconds) / scale))
        let (sum, carry) = product.addingReportingOverflow(extra)
        return carry ? nil : sum
    }

    /// In seconds with what fraction there is: `5400s`, `1.5s`.
    public static func format(_ nanoseconds: Int64) -> String {
        let magnitude = nanoseconds.magnitude
        let sign = nanoseconds < 0 ? "-" : ""
        let fraction = TimestampText.fraction(Int(magnitude % 1_000_000_000))
        return "\(sign)\(magnitude / 1_000_000_000)\(fraction)s"
    }
}
