import KubeAPI

/// What a scenario has happen, in order of time.
struct Timeline {
    enum Action {
        case failNode
        case replaceNode(String, uid: String)
        case rollOut(WorkloadName)
        case scale(WorkloadName, Int)
    }

    private var entries: [(time: Double, order: Int, action: Action)] = []
    private var now = 0.0

    init(_ scenario: Scenario) {
        if let failures = scenario.nodeFailures, failures.every > 0 {
            var time = failures.first
            while time < scenario.duration {
                add(time, .failNode)
                time += failures.every
            }
        }
        if let rollOuts = scenario.rollOuts, rollOuts.every > 0 {
            var time = rollOuts.first
            while time < scenario.duration {
                for workload in rollOuts.workloads { add(time, .rollOut(workload)) }
                time += rollOuts.every
            }
        }
        for scaling in scenario.scalings { add(scaling.at, .scale(scaling.workload, scaling.replicas)) }
        sort()
    }

    private mutating func add(_ time: Double, _ action: Action) {
        entries.append((time, entries.count, action))
    }

    /// The last comes first.
    private mutating func sort() { entries.sort { ($0.time, $0.order) > ($1.time, $1.order) } }

    var nextTime: Double? { entries.last?.time }

    mutating func next(until time: Double) -> Action? {
        now = time
        guard let last = entries.last, last.time <= time else { return nil }
        return entries.removeLast().action
    }

    mutating func replace(_ node: String, uid: String, after seconds: Double) {
        add(now + seconds, .replaceNode(node, uid: uid))
        sort()
    }
}
