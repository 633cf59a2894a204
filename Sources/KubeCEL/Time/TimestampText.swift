/// Points in time as RFC 3339 writes them.
public enum TimestampText {
    /// Nil when the text is none, or is not within the years 1 to 9999.
    public static func parse(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[range] {
                guard byte >= 48, byte <= 57 else { return nil }
                value = value * 10 + Int(byte) - 48
            }
            return value
        }
        func has(_ character: UInt8, at index: Int) -> Bool {
            index < bytes.count && bytes[index] == character
        }
        guard let year = number(0..<4), has(UInt8(ascii: "-"), at: 4), let month = number(5..<7),
            has(UInt8(ascii: "-"), at: 7), let day = number(8..<10), has(UInt8(ascii: "T"), at: 10),
            let hour = number(11..<13), has(UInt8(ascii: ":"), at: 13), let minute = number(14..<16),
            has(UInt8(ascii: ":"), at: 16), let second = number(17..<19), (1...12).contains(month), day >= 1,
            day <= Calendar.days(in: month, of: year), hour < 24, minute < 60, second < 60
        else { return nil }
        var position = 19
        var nanoseconds = 0
        if position < bytes.count,
            bytes[position] == UInt8(ascii: ".") || bytes[position] == UInt8(ascii: ",")
        {
            position += 1
            let start = position
            var scale = 100_000_000
            while position < bytes.count, bytes[position] >= 48, bytes[position] <= 57 {
                nanoseconds += (Int(bytes[position]) - 48) * scale
                scale /= 10
                position += 1
            }
            if position == start { return nil }
        }
        guard position < bytes.count else { return nil }
        var offset = 0
        if bytes[position] == UInt8(ascii: "Z") {
            position += 1
        } else {
            let isNegative = bytes[position] == UInt8(ascii: "-")
            guard isNegative || bytes[position] == UInt8(ascii: "+"),
                let hours = number(position + 1..<position + 3), has(UInt8(ascii: ":"), at: position + 3),
                let minutes = number(position + 4..<position + 6), hours <= 24, minutes < 60
            else { return nil }
            offset = (hours * 3600 + minutes * 60) * (isNegative ? -1 : 1)
            position += 6
        }
        guard position == bytes.count else { return nil }
        let days = Calendar.days(from: year, month, day)
        let seconds = Int64(days * 86_400 + hour * 3600 + minute * 60 + second - offset)
        let time = Timestamp(seconds: seconds, nanoseconds: Int32(nanoseconds))
        return time.isInRange ? time : nil
    }

    /// In UTC, with what fraction there is.
    public static func format(_ time: Timestamp) -> String {
        let fields = Calendar.Fields(time.seconds)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let year = String(fields.year)
        let padded = String(repeating: "0", count: max(0, 4 - year.count)) + year
        return
            "\(padded)-\(two(fields.month))-\(two(fields.day))T\(two(fields.hour)):\(two(fields.minute)):\(two(fields.second))\(fraction(Int(time.nanoseconds)))Z"
    }

    /// `.5` for half a second; empty for none.
    static func fraction(_ nanoseconds: Int) -> String {
        if nanoseconds == 0 { return "" }
        let digits = String(nanoseconds)
        var text = String(repeating: "0", count: 9 - digits.count) + digits
        while text.hasSuffix("0") { text.removeLast() }
        return "." + text
    }
}

extension Timestamp {
    /// Years 1 to 9999.
    var isInRange: Bool { seconds >= -62_135_596_800 && seconds <= 253_402_300_799 }

    /// Moved by nanoseconds; nil when that leads out of range.
    func moved(by nanoseconds: Int64) -> Timestamp? {
        var fraction = Int64(self.nanoseconds) + nanoseconds % 1_000_000_000
        var (seconds, overflow) = self.seconds.addingReportingOverflow(nanoseconds / 1_000_000_000)
        if overflow { return nil }
        if fraction < 0 {
            fraction += 1_000_000_000
            seconds -= 1
        } else if fraction >= 1_000_000_000 {
            fraction -= 1_000_000_000
            seconds += 1
        }
        let moved = Timestamp(seconds: seconds, nanoseconds: Int32(fraction))
        return moved.isInRange ? moved : nil
    }

    /// In nanoseconds; nil when that is beyond 64 bits.
    func since(_ other: Timestamp) -> Int64? {
        let (seconds, _) = self.seconds.subtractingReportingOverflow(other.seconds)
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = product.addingReportingOverflow(Int64(nanoseconds) - Int64(other.nanoseconds))
        return overflow || carry ? nil : sum
    }
}

/// The Gregorian calendar, extended to all years.
enum Calendar {
    struct Fields {
        let year: Int
        let month: Int
        let day: Int
        let hour: Int
        let minute: Int
        let second: Int
        /// 0 is Sunday.
        let weekday: Int
        /// 0 is the first of January.
        let yearday: Int

        init(_ seconds: Int64) {
            let seconds = Int(seconds)
            let days = seconds >= 0 ? seconds / 86_400 : -((-seconds + 86_399) / 86_400)
            let rest = seconds - days * 86_400
            (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
            weekday = ((days + 4) % 7 + 7) % 7
            // Years that begin in March, in cycles of 400, have their leap day at the end.
            let shifted = days + 719_468
            let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
            let dayOfEra = shifted - era * 146_097
            let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
            let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let monthIndex = (5 * dayOfYear + 2) / 153
            day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
            month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
            year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
            yearday = days - Calendar.days(from: year, 1, 1)
        }
    }

    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Since the first of January 1970.
    static func days(from year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
