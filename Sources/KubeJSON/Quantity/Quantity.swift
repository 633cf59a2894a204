/// Why a text is no quantity, in upstream's words.
public enum QuantityError: Error, Equatable, Sendable, CustomStringConvertible {
    case format
    case numeric
    case suffix

    public var description: String {
        switch self {
        case .format:
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
        case .numeric: "unable to parse numeric part of quantity"
        case .suffix: "unable to parse quantity's suffix"
        }
    }
}

/// An amount of a resource: an exact decimal number with the family of suffixes it was written in.
///
/// Follows k8s.io/apimachinery/pkg/api/resource: nothing finer than nano (finer amounts are rounded away
/// from zero), canonical text with the largest suffix that needs no fraction. The number is
/// `value` × 10^`scale`; amounts beyond 38 digits are refused.
public struct Quantity: Sendable {
    public enum Format: Sendable {
        /// `12M`, `500m`
        case decimalSI
        /// `12Mi`
        case binarySI
        /// `12e6`
        case decimalExponent
    }

    private(set) var value: Int128
    private(set) var scale: Int
    public private(set) var format: Format
    /// The text it was read from, where upstream keeps that instead of the canonical one.
    private var text: String?

    public static let zero = Quantity(0)

    public init(_ value: Int64, format: Format = .decimalSI) {
        self.init(value: Int128(value), scale: 0, format: format)
    }

    public init(milli value: Int64, format: Format = .decimalSI) {
        self.init(value: Int128(value), scale: -3, format: format)
    }

    private init(value: Int128, scale: Int, format: Format) {
        self.value = value
        self.scale = scale
        self.format = format
    }

    /// Reads `100m`, `1.5Gi`, `12e6`; nil when it is no quantity.
    public init?(_ text: String) {
        guard let parsed = try? Quantity.parse(text) else { return nil }
        self = parsed
    }
}

// MARK: - Parsing

extension Quantity {
    /// Reads `100m`, `1.5Gi`, `12e6`.
    public static func parse(_ text: String) throws(QuantityError) -> Quantity {
        var text = text
        if let parsed = text.withUTF8({ bytes in parse(bytes) }) {
            switch parsed {
            case .failure(let error): throw error
            case .success(var quantity, let keepsText):
                if keepsText { quantity.text = text }
                return quantity
            }
        }
        throw .format
    }

    private enum Parsed {
        case success(Quantity, keepsText: Bool)
        case failure(QuantityError)
    }

    private static let maxDigits = 18

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Parsed? {
        guard !bytes.isEmpty else { return nil }
        var position = 0
        var isNegative = false
        if bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+") {
            isNegative = bytes[0] == UInt8(ascii: "-")
            position = 1
        }
        while position < bytes.count, bytes[position] == UInt8(ascii: "0") { position += 1 }
        if position == bytes.count { return .success(.zero, keepsText: false) }

        var value: Int128 = 0
        var digits = 0
        var fraction = 0
        var overflow = false
        var lost = false
        func take(_ byte: UInt8) {
            let (product, high) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int128(byte &- UInt8(ascii: "0")))
            if high || carry { overflow = true } else { value = sum }
        }
        while position < bytes.count, isDigit(bytes[position]) {
            take(bytes[position])
            digits += 1
            position += 1
        }
        let wholeDigits = max(digits, 1)
        let startsWithZero = digits == 0
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            while position < bytes.count, isDigit(bytes[position]) {
                // Digits that no suffix can bring above nano only round.
                if fraction < 28, !overflow {
                    take(bytes[position])
                    fraction += 1
                } else if bytes[position] != UInt8(ascii: "0") {
                    lost = true
                }
                digits += 1
                position += 1
            }
        }
        let suffixStart = position
        let letters: StaticString = "eEinumkKMGTP"
        while position < bytes.count,
            letters.withUTF8Buffer({ $0.contains(bytes[position]) })
        {
            position += 1
        }
        if position < bytes.count,
            bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+")
        {
            position += 1
        }
        while position < bytes.count, isDigit(bytes[position]) { position += 1 }
        guard position == bytes.count else { return .failure(.format) }
        guard let suffix = Suffix(bytes[suffixStart...]) else { return .failure(.suffix) }
        if overflow { return .failure(.numeric) }
        return finish(
            value: value, fraction: fraction, suffix: suffix, isNegative: isNegative, lost: lost,
            wholeDigits: wholeDigits, startsWithZero: startsWithZero)
    }

    private static func finish(
        value: Int128, fraction: Int, suffix: Suffix, isNegative: Bool, lost: Bool, wholeDigits: Int,
        startsWithZero: Bool
    ) -> Parsed {
        var quantity = Quantity(value: value, scale: -fraction, format: suffix.format)
        var keepsText = false
        if suffix.format == .binarySI {
            let (product, overflow) = value.multipliedReportingOverflow(by: Int128(1) << suffix.exponent)
            quantity.value = overflow ? Int128(Int64.max) : product
            if overflow { quantity.scale = 0 }
            let precision = 15 - wholeDigits - suffix.exponent * 3 / 10 - 1
            keepsText = fraction == 0 && !lost && precision >= 0 && value & 7 != 0
        } else {
            quantity.scale += suffix.exponent
            keepsText =
                wholeDigits + fraction <= maxDigits && quantity.scale >= -9 && quantity.scale % 3 == 0
                && !startsWithZero && value % 1000 != 0 && !lost
        }
        quantity.roundUp(to: -9, sticky: lost)
        if suffix.format == .binarySI {
            let most = Quantity(Int64.max, format: .binarySI)
            if quantity.compare(most) > 0 { quantity = most }
            if quantity.value > 0, quantity.compare(Quantity(1)) < 0 { quantity.format = .decimalSI }
        }
        if isNegative { quantity.value = -quantity.value }
        return .success(quantity, keepsText: keepsText)
    }

    private struct Suffix {
        let format: Format
        /// A power of ten, or of two for `binarySI`.
        let exponent: Int

        init?(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
            guard let first = bytes.first else {
                format = .decimalSI
                exponent = 0
                return
            }
            if bytes.count == 1, let found = Suffix.decimal(first) {
                format = .decimalSI
                exponent = found
            } else if bytes.count == 2, bytes.last == UInt8(ascii: "i"), let found = Suffix.binary(first) {
                format = .binarySI
                exponent = found
            } else if first == UInt8(ascii: "e") || first == UInt8(ascii: "E"),
                let found = Int(String(decoding: bytes.dropFirst(), as: UTF8.self)), abs(found) < 1_000_000
            {
                format = .decimalExponent
                exponent = found
            } else {
                return nil
            }
        }

        static func decimal(_ byte: UInt8) -> Int? {
            switch byte {
            case UInt8(ascii: "n"): -9
            case UInt8(ascii: "u"): -6
            case UInt8(ascii: "m"): -3
            case UInt8(ascii: "k"): 3
            case UInt8(ascii: "M"): 6
            case UInt8(ascii: "G"): 9
            case UInt8(ascii: "T"): 12
            case UInt8(ascii: "P"): 15
            case UInt8(ascii: "E"): 18
            default: nil
            }
        }

        static func binary(_ byte: UInt8) -> Int? {
            switch byte {
            case UInt8(ascii: "K"): 10
            case UInt8(ascii: "M"): 20
            case UInt8(ascii: "G"): 30
            case UInt8(ascii: "T"): 40
            case UInt8(ascii: "P"): 50
            case UInt8(ascii: "E"): 60
            default: nil
            }
        }
    }
}

// MARK: - Arithmetic

extension Quantity {
    private static func power(_ exponent: Int) -> Int128? {
        guard exponent >= 0, exponent <= 38 else { return nil }
        var result: Int128 = 1
        for _ in 0..<exponent { result *= 10 }
        return result
    }

    /// Drops what is finer than 10^`wanted`, away from zero; returns whether nothing was lost.
    @discardableResult
    private mutating func roundUp(to wanted: Int, sticky: Bool = false) -> Bool {
        guard scale < wanted || sticky else { return true }
        var quotient: Int128 = 0
        var inexact = sticky
        if scale < wanted {
            if let divisor = Self.power(wanted - scale) {
                let (whole, rest) = value.quotientAndRemainder(dividingBy: divisor)
                quotient = whole
                if rest != 0 { inexact = true }
            } else if value != 0 {
                inexact = true
            }
            if inexact { quotient += value < 0 ? -1 : 1 }
            value = quotient
            scale = wanted
        } else if sticky {
            // Digits were dropped below the finest place; add one unit there.
            guard let factor = Self.power(scale - wanted) else { return false }
            let (product, overflow) = value.multipliedReportingOverflow(by: factor)
            guard !overflow else { return false }
            value = product + (value < 0 ? -1 : 1)
            scale = wanted
        }
        return !inexact
    }

    /// Both values at the finer of the two scales; nil when that does not fit.
    private static func aligned(_ left: Quantity, _ right: Quantity) -> (Int128, Int128, scale: Int)? {
        if left.scale == right.scale { return (left.value, right.value, left.scale) }
        let low = min(left.scale, right.scale)
        func raise(_ quantity: Quantity) -> Int128? {
            if quantity.value == 0 { return 0 }
            guard let factor = power(quantity.scale - low) else { return nil }
            let (product, overflow) = quantity.value.multipliedReportingOverflow(by: factor)
            return overflow ? nil : product
        }
        guard let a = raise(left), let b = raise(right) else { return nil }
        return (a, b, low)
    }

    public var isZero: Bool { value == 0 }
    /// -1, 0 or 1.
    public var sign: Int { Int(value.signum()) }

    /// -1, 0 or 1 as this is less than, equal to or more than the other.
    public func compare(_ other: Quantity) -> Int {
        if let (a, b, _) = Self.aligned(self, other) { return a < b ? -1 : a == b ? 0 : 1 }
        // Only one of them is too large to be brought to the other's scale.
        if sign != other.sign { return sign < other.sign ? -1 : 1 }
        let larger = scale > other.scale
        return larger == (sign > 0) ? 1 : -1
    }

    /// The sum; a zero takes the other's format. Saturates beyond 38 digits.
    public func adding(_ other: Quantity) -> Quantity { combine(other, subtract: false) }
    public func subtracting(_ other: Quantity) -> Quantity { combine(other, subtract: true) }

    private func combine(_ other: Quantity, subtract: Bool) -> Quantity {
        let format = isZero ? other.format : format
        guard let (a, b, scale) = Self.aligned(self, other) else {
            return compare(other) >= 0 ? self : other
        }
        let (sum, overflow) = subtract ? a.subtractingReportingOverflow(b) : a.addingReportingOverflow(b)
        return Quantity(value: overflow ? (a < 0 ? .min : .max) : sum, scale: scale, format: format)
    }

    public static func + (left: Quantity, right: Quantity) -> Quantity { left.adding(right) }
    public static func - (left: Quantity, right: Quantity) -> Quantity { left.subtracting(right) }
    public static func += (left: inout Quantity, right: Quantity) { left = left.adding(right) }
    public static func -= (left: inout Quantity, right: Quantity) { left = left.subtracting(right) }
    public static prefix func - (quantity: Quantity) -> Quantity {
        Quantity(value: -quantity.value, scale: quantity.scale, format: quantity.format)
    }

    /// The number in units of 10^`unit`, rounded away from zero and capped to 64 bits.
    private func scaled(_ unit: Int) -> Int64 {
        var copy = self
        copy.roundUp(to: unit)
        let factor = Self.power(copy.scale - unit)
        let (product, overflow) = factor.map { copy.value.multipliedReportingOverflow(by: $0) } ?? (0, true)
        if copy.value == 0 { return 0 }
        if overflow { return copy.value < 0 ? .min : .max }
        return Int64(clamping: product)
    }

    /// In whole units, rounded up (away from zero).
    public var wholeValue: Int64 { scaled(0) }
    /// In thousandths, rounded up (away from zero).
    public var milliValue: Int64 { scaled(-3) }
    /// Whether it is a whole number of units.
    public var isWhole: Bool {
        var copy = self
        return copy.roundUp(to: 0)
    }
}

extension Quantity: Comparable {
    public static func == (left: Quantity, right: Quantity) -> Bool { left.compare(right) == 0 }
    public static func < (left: Quantity, right: Quantity) -> Bool { left.compare(right) < 0 }
}

// MARK: - Text

extension Quantity: CustomStringConvertible {
    /// What Kubernetes writes: the canonical text, or the one it was read from where upstream keeps that.
    public var description: String { text ?? canonical }

    /// The canonical text: no fraction, the largest suffix that allows it.
    public var canonical: String {
        guard value != 0 else { return "0" }
        if format == .binarySI, let binary = binaryText() { return binary }
        var mantissa = value
        var exponent = scale
        while mantissa % 10 == 0 {
            mantissa /= 10
            exponent += 1
        }
        let over = ((exponent % 3) + 3) % 3
        for _ in 0..<over { mantissa *= 10 }
        exponent -= over
        let number = String(mantissa)
        if exponent == 0 { return number }
        if format != .decimalExponent {
            let suffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]
            let place = exponent / 3 + 3
            if suffixes.indices.contains(place) { return number + suffixes[place] }
        }
        return "\(number)e\(exponent)"
    }

    /// Nil for what is less than 1 Ki or no whole number: it is written with decimal suffixes.
    private func binaryText() -> String? {
        var whole = self
        guard whole.roundUp(to: 0), let factor = Self.power(whole.scale) else { return nil }
        let (number, overflow) = whole.value.multipliedReportingOverflow(by: factor)
        guard !overflow, number.magnitude >= 1024 else { return nil }
        var mantissa = number
        var place = 0
        while mantissa & 1023 == 0, place < 6 {
            mantissa >>= 10
            place += 1
        }
        return String(mantissa) + ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][place]
    }
}
