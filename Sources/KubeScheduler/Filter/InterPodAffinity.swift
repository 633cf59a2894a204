/// Required affinity and anti-affinity of the pod, and anti-affinity of the pods that are there.
enum InterPodAffinity {
    static let affinity = "node(s) didn't match pod affinity rules"
    static let antiAffinity = "node(s) didn't match pod anti-affinity rules"
    static let existingAntiAffinity = "node(s) didn't satisfy existing pods anti-affinity rules"

    enum Verdict {
        case fits, affinity, antiAffinity, existingAntiAffinity
    }

    static func verdict(_ state: TopologyState, _ slot: Int, _ nodes: NodeTable, _ delta: NodeDelta?)
        -> Verdict
    {
        func count(_ term: TopologyState.Term) -> Int64? {
            let value = Int(nodes.columns[term.column].values[slot])
            if value < 0 { return nil }
            return state.counters[term.counter].value(value) + (delta?.counters[term.counter] ?? 0)
        }
        if !state.affinity.isEmpty {
            var exist = true
            for term in state.affinity {
                guard let count = count(term) else { return .affinity }
                if count <= 0 { exist = false }
            }
            if !exist {
                // The first of a group that wants to be together may go anywhere.
                let total = state.affinity.reduce(0) {
                    $0 + state.counters[$1.counter].sum + (delta?.counters[$1.counter] ?? 0)
                }
                if total != 0 || !state.matchesOwnAffinity { return .affinity }
            }
        }
        for term in state.antiAffinity {
            if let count = count(term), count > 0 { return .antiAffinity }
        }
        for term in state.existingAntiAffinity {
            if let count = count(term), count > 0 { return .existingAntiAffinity }
        }
        return .fits
    }
}
