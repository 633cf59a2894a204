#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The weights of upstream's default profile.
enum ScoreWeights {
    static let taintToleration: Int64 = 3
    static let nodeAffinity: Int64 = 2
    static let podTopologySpread: Int64 = 2
    static let interPodAffinity: Int64 = 2
}

extension Scheduler {
    /// The best of the nodes; those that are equally good are drawn from.
    mutating func best(of feasible: [Int32], _ attempt: Attempt) -> Int {
        let totals = scores(of: feasible, attempt)
        var highest = Int64.min
        var ties = 0
        for total in totals {
            if total > highest {
                highest = total
                ties = 1
            } else if total == highest {
                ties += 1
            }
        }
        var skip = ties > 1 ? generator.below(ties) : 0
        for (index, total) in totals.enumerated() where total == highest {
            if skip == 0 { return Int(feasible[index]) }
            skip -= 1
        }
        return Int(feasible[0])
    }

    /// The weighted sums of all scores. Plugins that would give every node the same are passed over.
    func scores(of feasible: [Int32], _ attempt: Attempt) -> [Int64] {
        let cache = attempt.cache
        var totals = [Int64](repeating: 0, count: feasible.count)
        for (index, slot) in feasible.enumerated() {
            totals[index] = Int64(cache.resourceScore[Int(slot)] + cache.imageScore[Int(slot)])
        }
        if cache.hasTaints {
            let most = feasible.reduce(Int64(0)) { max($0, Int64(cache.taints[Int($1)])) }
            if most > 0 {
                for (index, slot) in feasible.enumerated() {
                    let score = 100 - 100 * Int64(cache.taints[Int(slot)]) / most
                    totals[index] += ScoreWeights.taintToleration * score
                }
            }
        }
        if !attempt.shape.preferredNodes.isEmpty {
            let most = feasible.reduce(Int64(0)) { max($0, Int64(cache.affinity[Int($1)])) }
            if most > 0 {
                for (index, slot) in feasible.enumerated() {
                    let score = 100 * Int64(cache.affinity[Int(slot)]) / most
                    totals[index] += ScoreWeights.nodeAffinity * score
                }
            }
        }
        if let topology = attempt.topology {
            if !topology.soft.isEmpty { PodTopologySpreadScore.add(to: &totals, feasible, topology, nodes) }
            if !topology.scores.isEmpty { InterPodAffinityScore.add(to: &totals, feasible, topology, nodes) }
        }
        return totals
    }
}

/// Domains with fewer of the selected pods are better.
enum PodTopologySpreadScore {
    static func add(
        to totals: inout [Int64], _ feasible: [Int32], _ state: TopologyState, _ nodes: NodeTable
    ) {
        var ignored = [Bool](repeating: false, count: feasible.count)
        var scored = feasible.count
        if state.softNeedsAllLabels {
            for (index, slot) in feasible.enumerated()
            where state.soft.contains(where: { nodes.columns[$0.column].values[Int(slot)] < 0 }) {
                ignored[index] = true
                scored -= 1
            }
        }
        var raw = [Double](repeating: 0, count: feasible.count)
        for constraint in state.soft {
            let column = nodes.columns[constraint.column]
            let counter = state.counters[constraint.counter]
            let size =
                constraint.isHostname ? scored : domains(feasible, ignored, column)
            let weight = log(Double(size + 2))
            let extra = Double(constraint.maxSkew - 1)
            for (index, slot) in feasible.enumerated() {
                let value = Int(column.values[Int(slot)])
                if value < 0 { continue }
                let count = counter.value(constraint.isHostname ? Int(slot) : value)
                raw[index] += Double(count) * weight + extra
            }
        }
        var least = Int64.max
        var most: Int64 = 0
        for index in raw.indices where !ignored[index] {
            let score = Int64(raw[index].rounded())
            least = min(least, score)
            most = max(most, score)
        }
        for index in raw.indices where !ignored[index] {
            let score =
                most == 0 ? 100 : 100 * (most + least - Int64(raw[index].rounded())) / most
            totals[index] += ScoreWeights.podTopologySpread * score
        }
    }

    /// How many values the nodes have; not to have the label is one.
    private static func domains(
        _ feasible: [Int32], _ ignored: [Bool], _ column: NodeTable.TopologyColumn
    ) -> Int {
        var seen = [Bool](repeating: false, count: column.count + 1)
        var count = 0
        for (index, slot) in feasible.enumerated() where !ignored[index] {
            let value = Int(column.values[Int(slot)]) + 1
            if !seen[value] {
                seen[value] = true
                count += 1
            }
        }
        return count
    }
}

/// Preferred terms of the pod and terms of the pods that are there.
enum InterPodAffinityScore {
    static func add(
        to totals: inout [Int64], _ feasible: [Int32], _ state: TopologyState, _ nodes: NodeTable
    ) {
        var raw = [Int64](repeating: 0, count: feasible.count)
        for term in state.scores {
            let counter = state.counters[term.counter]
            let column = nodes.columns[term.column]
            for (index, slot) in feasible.enumerated() {
                let value = Int(column.values[Int(slot)])
                if value >= 0 { raw[index] += counter.value(value) }
            }
        }
        guard let least = raw.min(), let most = raw.max(), most > least else { return }
        for index in raw.indices {
            let score = 100 * (Double(raw[index] - least) / Double(most - least))
            totals[index] += ScoreWeights.interPodAffinity * Int64(score)
        }
    }
}
