import Foundation

extension FunctionTable {
    mutating func addTimes() {
        let parts: [(String, @Sendable (Calendar.Fields, Timestamp) -> Int)] = [
            ("getFullYear", { fields, _ in fields.year }), ("getMonth", { fields, _ in fields.month - 1 }),
            ("getDayOfYear", { fields, _ in fields.yearday }),
            ("getDayOfMonth", { fields, _ in fields.day - 1 }), ("getDate", { fields, _ in fields.day }),
            ("getDayOfWeek", { fields, _ in fields.weekday }), ("getHours", { fields, _ in fields.hour }),
            ("getMinutes", { fields, _ in fields.minute }), ("getSeconds", { fields, _ in fields.second }),
            ("getMilliseconds", { _, time in Int(time.nanoseconds) / 1_000_000 }),
        ]
        for (name, part) in parts {
            member(name, [.timestamp], .int) { args throws(EvaluationError) in
                let time = try args[0].asTimestamp()
                return .int(Int64(part(Calendar.Fields(time.seconds), time)))
            }
            member(name, [.timestamp, .string], .int) { args throws(EvaluationError) in
                let time = try args[0].asTimestamp()
                let offset = try TimeZones.offset(of: try args[1].asText(), at: time)
                return .int(Int64(part(Calendar.Fields(time.seconds + offset), time)))
            }
        }
        let units: [(String, Int64)] = [
            ("getHours", 3_600_000_000_000), ("getMinutes", 60_000_000_000), ("getSeconds", 1_000_000_000),
            ("getMilliseconds", 1_000_000),
        ]
        for (name, unit) in units {
            member(name, [.duration], .int) { args throws(EvaluationError) in
                guard case .duration(let span) = args[0] else { throw .noSuchOverload }
                return .int(span / unit)
            }
        }
    }
}

/// Time zones by name or as an offset (`-08:00`).
enum TimeZones {
    /// In seconds east of UTC.
    static func offset(of name: String, at time: Timestamp) throws(EvaluationError) -> Int64 {
        if name.isEmpty || name == "UTC" || name == "Local" { return 0 }
        if let colon = name.firstIndex(of: ":") {
            var hours = name[..<colon]
            let isNegative = hours.hasPrefix("-")
            if isNegative || hours.hasPrefix("+") { hours.removeFirst() }
            guard let hour = Int64(hours), let minute = Int64(name[name.index(after: colon)...]), hour <= 24,
                minute >= 0, minute < 60
            else { throw .failure("unknown time zone \(name)") }
            return (hour * 3600 + minute * 60) * (isNegative ? -1 : 1)
        }
        guard let zone = TimeZone(identifier: name) else { throw .failure("unknown time zone \(name)") }
        return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time.seconds))))
    }
}
