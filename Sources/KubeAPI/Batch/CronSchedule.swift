/// Schedules of CronJobs: five fields, or a descriptor such as `@daily`.
enum CronSchedule {
    private static let descriptors: Set<String> = [
        "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly",
    ]
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// What is wrong with a schedule; nil when nothing is.
    static func problem(_ schedule: String) -> String? {
        if schedule.hasPrefix("@") {
            if descriptors.contains(schedule) || schedule.hasPrefix("@every ") { return nil }
            return "unrecognized descriptor: \(schedule)"
        }
        let fields = schedule.split(whereSeparator: \.isWhitespace).map(String.init)
        guard fields.count == 5 else {
            return "expected exactly 5 fields, found \(fields.count): [\(fields.joined(separator: " "))]"
        }
        let bounds: [(Int, Int, [String], Int)] = [
            (0, 59, [], 0), (0, 23, [], 0), (1, 31, [], 0), (1, 12, months, 1), (0, 6, days, 0),
        ]
        for (field, (low, high, names, first)) in zip(fields, bounds) {
            for part in field.split(separator: ",") {
                if let words = problem(String(part), low, high, names, first) { return words }
            }
        }
        return nil
    }

    private static func problem(
        _ part: String, _ low: Int, _ high: Int, _ names: [String], _ first: Int
    ) -> String? {
        let halves = part.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if halves.count > 2 { return "too many slashes: \(part)" }
        let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        if ends.count > 2 { return "too many hyphens: \(part)" }
        var start = low
        var end = high
        if ends[0] != "*", ends[0] != "?" {
            var values: [Int] = []
            for text in ends {
                if let index = names.firstIndex(of: text.lowercased()) {
                    values.append(index + first)
                } else if let number = Int(text) {
                    if number < 0 { return "negative number (\(number)) not allowed: \(text)" }
                    values.append(number)
                } else {
                    return
                        "failed to parse int from \(text): strconv.Atoi: parsing \"\(text)\": invalid syntax"
                }
            }
            start = values[0]
            end = values.count == 2 ? values[1] : halves.count == 2 ? high : start
        }
        if halves.count == 2 {
            guard let step = Int(halves[1]) else {
                return "failed to parse int from \(halves[1]): "
                    + "strconv.Atoi: parsing \"\(halves[1])\": invalid syntax"
            }
            if step < 0 { return "negative number (\(step)) not allowed: \(halves[1])" }
            if step == 0 { return "step of range should be a positive number: \(part)" }
        }
        if start < low { return "beginning of range (\(start)) below minimum (\(low)): \(part)" }
        if end > high { return "end of range (\(end)) above maximum (\(high)): \(part)" }
        if start > end { return "beginning of range (\(start)) beyond end of range (\(end)): \(part)" }
        return nil
    }
}
