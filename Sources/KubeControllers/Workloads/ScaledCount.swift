import KubeJSON

/// A count that is given as a number or as a percentage of another (intstr.GetScaledValueFromIntOrPercent).
enum ScaledCount {
    /// - Returns: nil for what is neither.
    static func of(_ value: JSON?, total: Int, roundsUp: Bool) -> Int? {
        if let number = value?.int { return number }
        guard let text = value?.string, text.utf8.last == UInt8(ascii: "%"),
            let percent = Int(text.dropLast()), percent >= 0
        else { return nil }
        let (product, overflows) = percent.multipliedReportingOverflow(by: total)
        if overflows { return nil }
        return roundsUp ? (product + 99) / 100 : product / 100
    }
}
