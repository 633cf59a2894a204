/// Indexes of an Indexed Job as its status and success policy write them: `1,3-5,7`.
enum IndexIntervals {
    struct Problem: Error {
        let words: String
    }

    /// How many indexes a text names.
    static func count(_ text: String, completions: Int) throws(Problem) -> Int {
        if text.isEmpty { return 0 }
        var last: Int?
        var total = 0
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let range = try interval(String(part), completions)
            if let last, last >= range.lowerBound {
                throw Problem(
                    words: "non-increasing order, previous: \(last), current: \(range.lowerBound)")
            }
            total += range.count
            last = range.upperBound
        }
        return total
    }

    /// The first index that both texts name; intervals that cannot be read are passed over.
    static func overlap(_ left: String, _ right: String, completions: Int) -> Int? {
        let read = { (text: String) in
            text.split(separator: ",", omittingEmptySubsequences: false).compactMap {
                try? interval(String($0), completions)
            }
        }
        let first = read(left)
        let second = read(right)
        var (i, j) = (0, 0)
        while i < first.count, j < second.count {
            if first[i].overlaps(second[j]) { return max(first[i].lowerBound, second[j].lowerBound) }
            if first[i].lowerBound <= second[j].lowerBound { i += 1 } else { j += 1 }
        }
        return nil
    }

    private static func interval(_ text: String, _ completions: Int) throws(Problem) -> ClosedRange<Int> {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        if ends.count > 2 {
            throw Problem(
                words:
                    "the fragment \"\(text)\" violates the requirement that an index interval can have at most "
                    + "two parts separated by '-'")
        }
        let start = try index(ends[0], completions)
        guard ends.count == 2 else { return start...start }
        let end = try index(ends[1], completions)
        if start >= end {
            throw Problem(words: "non-increasing order, previous: \(start), current: \(end)")
        }
        return start...end
    }

    private static func index(_ text: String, _ completions: Int) throws(Problem) -> Int {
        guard let index = Int(text) else {
            throw Problem(words: "cannot convert string to integer for index: \"\(text)\"")
        }
        if index >= completions { throw Problem(words: "too large index: \"\(text)\"") }
        return index
    }
}
