import KubeAPI
import KubeEngine
import KubeJSON
import KubeScheduler

/// Which node group is to grow, and by how much, for pods that fit nowhere.
struct ScaleUp {
    /// A group that helps.
    struct Option {
        let pool: NodePool
        let count: Int
        let pods: [PodSummary]
        /// The share of what the new nodes have that nobody asked for, of processors and memory together.
        let waste: Double
        /// US dollars an hour for each pod that is helped.
        let price: Double
    }

    let pools: [NodePool]
    let daemons: DaemonPods
    /// The cluster with the nodes that are on their way.
    let scheduler: Scheduler
    private(set) var reasons: [String: [String: Int]] = [:]

    init(_ pools: [NodePool], _ daemons: DaemonPods, _ scheduler: Scheduler) {
        self.pools = pools
        self.daemons = daemons
        self.scheduler = scheduler
    }

    mutating func best(for pods: [PodSummary], _ expander: NodeAutoscaler.Expander) -> Option? {
        var options: [Option] = []
        for pool in pools {
            if let option = option(pool, pods) { options.append(option) }
        }
        // The first of equals: upstream leaves those to chance.
        return options.enumerated().min { left, right in
            let (a, b) =
                switch expander {
                case .leastWaste: (left.element.waste, right.element.waste)
                case .price: (left.element.price, right.element.price)
                }
            return a == b ? left.offset < right.offset : a < b
        }?.element
    }

    /// What the Event of a pod that no group helps says.
    func message(_ pod: PodSummary) -> String {
        let parts = (reasons[pod.key] ?? [:]).sorted { utf8Less($0.key, $1.key) }
        return "pod didn't trigger scale-up: "
            + parts.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    private mutating func note(_ texts: [String], _ pods: [PodSummary]) {
        for pod in pods {
            for text in texts { reasons[pod.key, default: [:]][text, default: 0] += 1 }
        }
    }

    private mutating func option(_ pool: NodePool, _ pods: [PodSummary]) -> Option? {
        let room = pool.group.maximum - pool.target
        guard room > 0 else {
            note(["max node group size reached"], pods)
            return nil
        }
        let numbers = Array(
            NodeGroupController.freeNumbers(room + pool.coming.count, besides: pool.taken)
                .dropFirst(pool.coming.count))
        // A pod may want one of the zones, which get a node in turn.
        let zones = min(pool.group.zones.count, room)
        let fitting = self.fitting(pool, pods, numbers.prefix(zones).map { pool.template($0) })
        guard !fitting.isEmpty else { return nil }
        let (count, placed) = estimate(pool, fitting, numbers, zones)
        guard count > 0 else {
            note(["node(s) would not help"], fitting)
            return nil
        }
        var asked = RequestSum()
        for pod in placed { asked += RequestSum(of: pod.value) }
        let node = RequestSum(allocatableOf: pool.template(1))
        func wasted(_ part: Int64, _ whole: Int64) -> Double {
            let all = Double(max(whole, 1)) * Double(count)
            return (all - Double(part)) / all
        }
        return Option(
            pool: pool, count: count, pods: placed,
            waste: wasted(asked.cpu, node.cpu) + wasted(asked.memory, node.memory),
            price: pool.group.instanceType.hourlyPrice * Double(count) / Double(placed.count))
    }

    /// The pods that one new node would take. Pods of one owner are alike.
    private mutating func fitting(
        _ pool: NodePool, _ pods: [PodSummary], _ templates: [JSON]
    ) -> [PodSummary] {
        let daemonPods = templates.map { daemons.list(on: $0, scheduler) }
        var known: [String: Scheduler.Fit] = [:]
        var fitting: [PodSummary] = []
        for pod in pods {
            let kind = pod.controllerKind == "StatefulSet" ? pod.key : pod.controllerUID ?? pod.key
            let fit =
                known[kind]
                ?? {
                    var last = Scheduler.Fit.doesNotFit([])
                    for (template, own) in zip(templates, daemonPods) {
                        last = scheduler.fits(pod.value, onNewNode: template, daemonPods: own)
                        if last == .fits { break }
                    }
                    return last
                }()
            known[kind] = fit
            switch fit {
            case .fits: fitting.append(pod)
            case .doesNotFit(let texts): note(texts, [pod])
            }
        }
        return fitting
    }

    /// How many nodes it takes until all pods have a place or there is no more room.
    private func estimate(
        _ pool: NodePool, _ pods: [PodSummary], _ numbers: [Int], _ zones: Int
    ) -> (count: Int, placed: [PodSummary]) {
        let size = RequestSum(allocatableOf: pool.template(1))
        var trial = scheduler
        var left = pods
        var placed: [PodSummary] = []
        var (added, count, idle) = (0, 0, 0)
        while !left.isEmpty, added < numbers.count, idle < zones {
            // Fewer cannot do: so many at once are as good as one after the other.
            var sum = RequestSum()
            for pod in left { sum += RequestSum(of: pod.value) }
            let least = idle > 0 ? 1 : max(Int(sum.utilization(of: size).rounded(.up)), 1)
            let next = numbers[added..<min(added + least, numbers.count)]
            for number in next { daemons.add(pool.template(number), to: &trial) }
            added += next.count
            let result = trial.simulate(pods: left.map(\.value))
            trial = result.scheduler
            if result.placements.isEmpty {
                idle += next.count
                continue
            }
            idle = 0
            let used = Set(result.placements.values)
            for (index, number) in numbers.prefix(added).enumerated()
            where used.contains(pool.template(number).name) {
                count = max(count, index + 1)
            }
            placed += left.filter { result.placements[$0.key] != nil }
            left.removeAll { result.placements[$0.key] != nil }
        }
        return (count, placed)
    }
}
