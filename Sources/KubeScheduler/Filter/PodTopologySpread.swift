/// Constraints with DoNotSchedule: no domain may have more than `maxSkew` pods more than the emptiest.
enum PodTopologySpread {
    static let reason = "node(s) didn't match pod topology spread constraints"
    static let missingLabel = "node(s) didn't match pod topology spread constraints (missing required label)"

    enum Verdict {
        case fits, skewed, labelMissing
    }

    @inline(__always)
    static func verdict(_ state: TopologyState, _ slot: Int, _ nodes: NodeTable, _ delta: NodeDelta?)
        -> Verdict
    {
        for constraint in state.hard {
            let value = Int(nodes.columns[constraint.column].values[slot])
            if value < 0 { return .labelMissing }
            var least = constraint.minimum ?? 0
            var count = state.counters[constraint.counter].value(value)
            if let change = delta?.counters[constraint.counter], change != 0 {
                count += change
                least = state.minimum(of: constraint, adding: change, at: value)
            }
            if count + constraint.own - least > constraint.maxSkew { return .skewed }
        }
        return .fits
    }
}
