import Foundation
import KubeAPI

/// The times at which a schedule is due, as upstream's library (github.com/robfig/cron v3) finds them: it
/// walks the local calendar, so a time that the clocks skip is left out, and one that they repeat comes twice.
struct CronTimes: Sendable {
    private enum Rule: Sendable {
        /// Seconds between two times.
        case every(Int64)
        case calendar(minutes: UInt64, hours: UInt64, days: UInt64, months: UInt64, weekdays: UInt64)
    }

    private static let star: UInt64 = 1 << 63
    private let rule: Rule
    private let zone: CronZone

    /// - Parameters:
    ///   - schedule: five fields or a descriptor, perhaps with `TZ=zone ` or `CRON_TZ=zone ` before it.
    ///   - timeZone: by the name in IANA's database; nil is UTC.
    /// - Returns: nil when one of them cannot be read.
    init?(_ schedule: String, timeZone: String?) {
        var text = Substring(schedule)
        var zoneName = timeZone
        if text.hasPrefix("TZ=") || text.hasPrefix("CRON_TZ=") {
            let head = text.prefix { $0 != " " }
            if zoneName == nil { zoneName = String(head.drop { $0 != "=" }.dropFirst()) }
            text = text[head.endIndex...].drop(while: \.isWhitespace)
        }
        guard let zone = CronZone(zoneName ?? "UTC"), let rule = Self.rule(String(text)) else { return nil }
        self.zone = zone
        self.rule = rule
    }

    private static func rule(_ text: String) -> Rule? {
        if text.hasPrefix("@every ") {
            guard let span = GoDuration(String(text.dropFirst("@every ".count))) else { return nil }
            return .every(max(1, span.nanoseconds / 1_000_000_000))
        }
        let plain =
            switch text {
            case "@yearly", "@annually": "0 0 1 1 *"
            case "@monthly": "0 0 1 * *"
            case "@weekly": "0 0 * * 0"
            case "@daily", "@midnight": "0 0 * * *"
            case "@hourly": "0 * * * *"
            default: text
            }
        let fields = plain.split(whereSeparator: \.isWhitespace).map(String.init)
        guard fields.count == 5, let minutes = bits(fields[0], 0, 59), let hours = bits(fields[1], 0, 23),
            let days = bits(fields[2], 1, 31), let months = bits(fields[3], 1, 12, monthNames),
            let weekdays = bits(fields[4], 0, 6, weekdayNames)
        else { return nil }
        return .calendar(minutes: minutes, hours: hours, days: days, months: months, weekdays: weekdays)
    }

    private static let monthNames = [
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10,
        "nov": 11, "dec": 12,
    ]
    private static let weekdayNames = [
        "sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6,
    ]

    private static func bits(_ field: String, _ low: Int, _ high: Int, _ names: [String: Int] = [:])
        -> UInt64?
    {
        func value(_ text: Substring) -> Int? { names[text.lowercased()] ?? Int(text) }
        var bits: UInt64 = 0
        for part in field.split(separator: ",") {
            let halves = part.split(separator: "/", omittingEmptySubsequences: false)
            let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
            guard halves.count <= 2, ends.count <= 2 else { return nil }
            var (first, last, step) = (low, high, 1)
            let isStar = ends[0] == "*" || ends[0] == "?"
            if !isStar {
                guard let start = value(ends[0]) else { return nil }
                first = start
                last = start
                if ends.count == 2 {
                    guard let end = value(ends[1]) else { return nil }
                    last = end
                }
            }
            if halves.count == 2 {
                guard let given = Int(halves[1]), given > 0 else { return nil }
                step = given
                if ends.count == 1 { last = high }
            }
            guard first >= low, last <= high, first <= last else { return nil }
            for number in stride(from: first, through: last, by: step) { bits |= 1 << UInt64(number) }
            // A day that any will do for leaves the choice to the other field.
            if isStar, step == 1 { bits |= star }
        }
        return bits
    }

    /// The first time after another, both in seconds since 1970.
    /// - Returns: nil when there is none within five years.
    func next(after time: Int64) -> Int64? {
        guard case .calendar(let minutes, let hours, let days, let months, let weekdays) = rule else {
            if case .every(let seconds) = rule { return time + seconds }
            return nil
        }
        var moment = time + 1
        var local = zone.local(moment)
        let lastYear = local.year + 5
        // Once a field moved on, the smaller ones begin at their least.
        var isWhole = false
        func has(_ bits: UInt64, _ number: Int) -> Bool { bits & (1 << UInt64(number)) != 0 }
        func matchesDay() -> Bool {
            let (day, weekday) = (has(days, local.day), has(weekdays, local.weekday))
            return (days | weekdays) & Self.star != 0 ? day && weekday : day || weekday
        }
        func go(to next: Int64) {
            moment = next
            local = zone.local(next)
        }
        func begin(_ start: @autoclosure () -> Int64) {
            if !isWhole { go(to: start()) }
            isWhole = true
        }
        search: while local.year <= lastYear {
            while !has(months, local.month) {
                begin(zone.moment(local.year, local.month, 1))
                go(to: zone.moment(local.year, local.month + 1, local.day, local.secondOfDay))
                if local.month == 1 { continue search }
            }
            while !matchesDay() {
                begin(zone.moment(local.year, local.month, local.day))
                go(to: zone.moment(local.year, local.month, local.day + 1, local.secondOfDay))
                // Midnight may be an hour that the clocks skip or repeat.
                if local.hour > 12 {
                    go(to: moment + Int64(24 - local.hour) * 3600)
                } else if local.hour != 0 {
                    go(to: moment - Int64(local.hour) * 3600)
                }
                if local.day == 1 { continue search }
            }
            while !has(hours, local.hour) {
                begin(zone.moment(local.year, local.month, local.day, local.hour * 3600))
                go(to: moment + 3600)
                if local.hour == 0 { continue search }
            }
            while !has(minutes, local.minute) {
                begin(moment - Self.remainder(moment, 60))
                go(to: moment + 60)
                if local.minute == 0 { continue search }
            }
            // The second is 0.
            if local.second != 0 {
                isWhole = true
                go(to: moment + Int64(60 - local.second))
                continue search
            }
            return moment
        }
        return nil
    }

    private static func remainder(_ value: Int64, _ divisor: Int64) -> Int64 {
        let rest = value % divisor
        return rest < 0 ? rest + divisor : rest
    }
}

/// A time zone's offsets, and its calendar as Go's `time` package has it.
struct CronZone: Sendable {
    struct Local {
        let year: Int
        let month: Int
        let day: Int
        /// 0 is Sunday.
        let weekday: Int
        let secondOfDay: Int
        var hour: Int { secondOfDay / 3600 }
        var minute: Int { secondOfDay / 60 % 60 }
        var second: Int { secondOfDay % 60 }
    }

    /// Nil is UTC.
    private let zone: TimeZone?

    /// - Returns: nil when there is no zone of that name.
    init?(_ name: String) {
        if name.isEmpty || name == "UTC" || name == "Local" {
            zone = nil
            return
        }
        guard let zone = TimeZone(identifier: name) else { return nil }
        self.zone = zone
    }

    private func offset(at moment: Int64) -> Int64 {
        guard let zone else { return 0 }
        return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment))))
    }

    func local(_ moment: Int64) -> Local {
        let seconds = moment + offset(at: moment)
        var days = seconds / 86_400
        var rest = seconds % 86_400
        if rest < 0 {
            rest += 86_400
            days -= 1
        }
        // Howard Hinnant's civil_from_days: years from March, so that the leap day is a year's last.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let weekday = (days % 7 + 11) % 7
        return Local(
            year: Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)), month: Int(month),
            day: Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1), weekday: Int(weekday),
            secondOfDay: Int(rest))
    }

    /// RFC 3339 with the zone's offset, as Go writes it.
    func rfc3339(_ moment: Int64) -> String {
        let offset = offset(at: moment)
        let utc = Timestamp(seconds: moment + offset).rfc3339
        if offset == 0 { return utc }
        let minutes = abs(offset) / 60
        return utc.dropLast() + (offset < 0 ? "-" : "+") + Self.two(minutes / 60) + ":"
            + Self.two(minutes % 60)
    }

    /// Go's RFC1123Z, in UTC.
    static func rfc1123(_ moment: Int64) -> String {
        let text = Timestamp(seconds: moment).rfc3339
        guard let local = CronZone("UTC")?.local(moment) else { return text }
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        return "\(days[local.weekday]), \(two(Int64(local.day))) \(months[local.month - 1]) "
            + "\(text.prefix(4)) \(text.dropFirst(11).prefix(8)) +0000"
    }

    private static func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }

    /// The moment of a local time; months and days beyond the last run on. Of a time that is not there, or is
    /// there twice, the one that Go's `time.Date` gives.
    func moment(_ year: Int, _ month: Int, _ day: Int, _ secondOfDay: Int = 0) -> Int64 {
        let years = month > 12 ? year + 1 : year
        let months = month > 12 ? month - 12 : month
        let from = Int64(months <= 2 ? years - 1 : years)
        let era = (from >= 0 ? from : from - 399) / 400
        let yearOfEra = from - era * 400
        let dayOfYear = (153 * Int64(months > 2 ? months - 3 : months + 9) + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let unadjusted = (era * 146_097 + dayOfEra - 719_468) * 86_400 + Int64(secondOfDay)
        let guess = offset(at: unadjusted)
        if guess == 0 { return unadjusted }
        return unadjusted - offset(at: unadjusted - guess)
    }
}
