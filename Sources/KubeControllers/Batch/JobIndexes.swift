/// A set of completion indexes as intervals in rising order: how a Job's status keeps them
/// (pkg/controller/job/indexed_job_utils.go).
struct JobIndexes: Equatable, Sendable {
    private(set) var intervals: [ClosedRange<Int>] = []

    init() {}

    /// Reads `1,3-5,7`; parts that cannot be read, and indexes from `completions` on, are left out.
    init(_ text: String, completions: Int) {
        for part in text.split(separator: ",", omittingEmptySubsequences: true) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard let first = Int(ends[0]), first >= 0 else { continue }
            if first >= completions { break }
            var last = first
            if ends.count > 1 {
                guard let end = Int(ends[1]) else { continue }
                last = min(end, completions - 1)
            }
            if last >= first { append(first...last) }
        }
    }

    /// Joined with the last interval where they touch; none may begin before the last one did.
    private mutating func append(_ interval: ClosedRange<Int>) {
        if let last = intervals.last, interval.lowerBound <= last.upperBound + 1 {
            intervals[intervals.count - 1] = last.lowerBound...max(last.upperBound, interval.upperBound)
        } else {
            intervals.append(interval)
        }
    }

    /// With more indexes, given in any order.
    func adding(_ indexes: [Int]) -> JobIndexes {
        if indexes.isEmpty { return self }
        let more = indexes.sorted()
        var result = JobIndexes()
        var (old, new) = (0, 0)
        while old < intervals.count || new < more.count {
            if new == more.count || (old < intervals.count && intervals[old].lowerBound < more[new]) {
                result.append(intervals[old])
                old += 1
            } else {
                result.append(more[new]...more[new])
                new += 1
            }
        }
        return result
    }

    /// With all indexes of another set.
    func union(_ other: JobIndexes) -> JobIndexes {
        var result = JobIndexes()
        for interval in (intervals + other.intervals).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            result.append(interval)
        }
        return result
    }

    var count: Int { intervals.reduce(0) { $0 + $1.count } }
    var isEmpty: Bool { intervals.isEmpty }

    func contains(_ index: Int) -> Bool {
        var (low, high) = (0, intervals.count)
        while low < high {
            let middle = (low + high) / 2
            if intervals[middle].upperBound >= index { high = middle } else { low = middle + 1 }
        }
        return low < intervals.count && intervals[low].lowerBound <= index
    }

    /// How many indexes are in both.
    func overlap(_ other: JobIndexes) -> Int {
        var (mine, theirs, total) = (0, 0, 0)
        while mine < intervals.count, theirs < other.intervals.count {
            let (left, right) = (intervals[mine], other.intervals[theirs])
            if left.overlaps(right) { total += left.clamped(to: right).count }
            if left.upperBound <= right.upperBound { mine += 1 } else { theirs += 1 }
        }
        return total
    }

    /// The first so many indexes under `completions` that are not in the set.
    func firstMissing(_ count: Int, completions: Int) -> [Int] {
        var result: [Int] = []
        var next = 0
        func take(until end: Int) {
            while next < end, result.count < count {
                result.append(next)
                next += 1
            }
        }
        for interval in intervals where result.count < count {
            take(until: min(interval.lowerBound, completions))
            next = max(next, interval.upperBound + 1)
        }
        take(until: completions)
        return result
    }

    /// `1,3-5,7`; two neighbours are written apart.
    var text: String {
        intervals.map { interval in
            switch interval.count {
            case 1: "\(interval.lowerBound)"
            case 2: "\(interval.lowerBound),\(interval.upperBound)"
            default: "\(interval.lowerBound)-\(interval.upperBound)"
            }
        }.joined(separator: ",")
    }
}
