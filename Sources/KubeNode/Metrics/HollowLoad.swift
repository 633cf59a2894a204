import KubeAPI
import KubeJSON

/// The load of a whole workload, which its ready pods divide among them, so that each has less to do when
/// there are more: the annotations `hollow.aegis.dev/load-cpu` and `hollow.aegis.dev/load-memory` of a pod
/// template.
///
/// The value is an amount (`3200m`), or amounts at times of the day in UTC, between which the load changes
/// evenly, also over midnight: `03:00=400m,09:00=2,14:00=3200m,20:00=1`. The load is that of the pod's first
/// container, or of the one that is named after a dot (`load-cpu.web`), and comes on top of what the `cpu` or
/// `memory` annotation says. A pod that is not ready gets no requests, and so no share. A container with a
/// limit of processors does not use more than that.
struct HollowLoad: Sendable, Equatable {
    /// Seconds of the day and the amount then, in order of time; never empty.
    private var points: [(second: Int64, amount: Int64)]

    static func == (left: HollowLoad, right: HollowLoad) -> Bool {
        left.points.elementsEqual(right.points) { $0 == $1 }
    }

    /// nil for a text that is neither of the two forms.
    /// - Parameter units: reads an amount.
    init?(_ text: String, units: (String) -> Int64?) {
        if let amount = units(text) {
            points = [(0, amount)]
            return
        }
        points = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let amount = units(String(sides[1])) else { return nil }
            let clock = sides[0].split(separator: ":", omittingEmptySubsequences: false)
            guard clock.count == 2, let hour = Int64(clock[0]), let minute = Int64(clock[1]),
                (0..<24).contains(hour), (0..<60).contains(minute)
            else { return nil }
            points.append((hour * 3_600 + minute * 60, amount))
        }
        points.sort { $0.second < $1.second }
    }

    func amount(at time: Timestamp) -> Int64 {
        let day: Int64 = 86_400
        let second = ((time.seconds % day) + day) % day
        let next = points.firstIndex { $0.second > second } ?? 0
        let to = points[next]
        let from = points[(next + points.count - 1) % points.count]
        let whole = (to.second - from.second + day) % day
        guard whole > 0 else { return from.amount }
        let passed = Double((second - from.second + day) % day) / Double(whole)
        return from.amount + Int64((Double(to.amount - from.amount) * passed).rounded())
    }
}
