/// Schedules of CronJobs: five fields, or a descriptor such as `@daily`, with the words in which upstream's
/// parser (github.com/robfig/cron) refuses others.
public enum CronSchedule {
    private static let descriptors: Set<String> = [
        "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly",
    ]

    /// The values that one field takes.
    private struct Bounds {
        let low: Int
        let high: Int
        var names: [String: Int] = [:]
    }

    private static let bounds = [
        Bounds(low: 0, high: 59), Bounds(low: 0, high: 23), Bounds(low: 1, high: 31),
        Bounds(
            low: 1, high: 12,
            names: [
                "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
                "oct": 10, "nov": 11, "dec": 12,
            ]),
        Bounds(
            low: 0, high: 6,
            names: ["sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6]),
    ]

    private struct Problem: Error {
        let words: String
    }

    /// What is wrong with a schedule; nil when nothing is.
    public static func problem(_ text: String) -> String? {
        do throws(Problem) {
            try check(text)
            return nil
        } catch {
            return error.words
        }
    }

    private static func check(_ text: String) throws(Problem) {
        var schedule = Substring(text)
        if schedule.hasPrefix("TZ=") || schedule.hasPrefix("CRON_TZ=") {
            let head = schedule.prefix { $0 != " " }
            let zone = head.drop { $0 != "=" }.dropFirst()
            if !isLocation(String(zone)) {
                throw Problem(words: "provided bad location \(zone): unknown time zone \(zone)")
            }
            schedule = schedule[head.endIndex...].drop(while: \.isWhitespace)
        }
        if schedule.hasPrefix("@") {
            try checkDescriptor(String(schedule))
            return
        }
        let fields = schedule.split(whereSeparator: \.isWhitespace).map(String.init)
        guard fields.count == bounds.count else {
            throw Problem(
                words: "expected exactly 5 fields, found \(fields.count): [\(fields.joined(separator: " "))]")
        }
        for (field, bounds) in zip(fields, bounds) {
            for part in field.split(separator: ",") { try check(String(part), bounds) }
        }
    }

    /// What Go's time.LoadLocation finds.
    private static func isLocation(_ zone: String) -> Bool {
        zone.isEmpty || zone == "Local" || TimeZoneNames.contains(zone)
    }

    private static func checkDescriptor(_ text: String) throws(Problem) {
        if descriptors.contains(text) { return }
        guard text.hasPrefix("@every ") else { throw Problem(words: "unrecognized descriptor: \(text)") }
        let span = String(text.dropFirst("@every ".count))
        if GoDuration(span) == nil {
            throw Problem(
                words: "failed to parse duration \(text): time: invalid duration \"\(span)\"")
        }
    }

    /// One part of a field: `*`, `a`, `a-b`, each with a step if wanted.
    private static func check(_ part: String, _ bounds: Bounds) throws(Problem) {
        let halves = part.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        var start = bounds.low
        var end = bounds.high
        if ends[0] != "*", ends[0] != "?" {
            start = try value(ends[0], bounds)
            switch ends.count {
            case 1: end = start
            case 2: end = try value(ends[1], bounds)
            default: throw Problem(words: "too many hyphens: \(part)")
            }
        }
        var step = 1
        switch halves.count {
        case 1: break
        case 2:
            step = try number(halves[1])
            if ends.count == 1 { end = bounds.high }
        default: throw Problem(words: "too many slashes: \(part)")
        }
        if start < bounds.low {
            throw Problem(words: "beginning of range (\(start)) below minimum (\(bounds.low)): \(part)")
        }
        if end > bounds.high {
            throw Problem(words: "end of range (\(end)) above maximum (\(bounds.high)): \(part)")
        }
        if start > end {
            throw Problem(words: "beginning of range (\(start)) beyond end of range (\(end)): \(part)")
        }
        if step == 0 { throw Problem(words: "step of range should be a positive number: \(part)") }
    }

    private static func value(_ text: String, _ bounds: Bounds) throws(Problem) -> Int {
        if let named = bounds.names[text.lowercased()] { return named }
        return try number(text)
    }

    private static func number(_ text: String) throws(Problem) -> Int {
        guard let number = Int(text) else {
            let digits =
                text.utf8.first == 0x2D || text.utf8.first == 0x2B ? text.utf8.dropFirst() : text.utf8[...]
            let isNumber = !digits.isEmpty && digits.allSatisfy(ByteRules.isDigit)
            throw Problem(
                words: "failed to parse int from \(text): strconv.Atoi: parsing \"\(text)\": "
                    + (isNumber ? "value out of range" : "invalid syntax"))
        }
        if number < 0 { throw Problem(words: "negative number (\(number)) not allowed: \(text)") }
        return number
    }

    // MARK: Time zones

    /// What is wrong with the time zone of a CronJob; nil when nothing is.
    static func timeZoneProblems(_ zone: String) -> [String] {
        if zone.isEmpty { return ["timeZone must be nil or non-empty string"] }
        for part in zone.split(separator: "/", omittingEmptySubsequences: false) {
            let isWell =
                part != "." && part != ".." && !part.hasPrefix("-") && (1...14).contains(part.utf8.count)
                && part.utf8.allSatisfy {
                    ByteRules.isAlphanumeric($0) || [0x2E, 0x2D, 0x5F, 0x2B].contains($0)
                }
            if !isWell { return ["unknown time zone \(zone)"] }
        }
        if zone.lowercased() == "local" {
            let words = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"
            return zone == "Local" ? [words] : [words, "unknown time zone \(zone)"]
        }
        return TimeZoneNames.contains(zone) ? [] : ["unknown time zone \(zone)"]
    }
}
