import KubeAPI
import KubeJSON

extension Scheduler {
    enum Preemption {
        case helps(node: String, victims: [String])
        /// With upstream's words, and whether the pod's nomination is to be cleared.
        case doesNotHelp(String, clears: Bool)
    }

    struct Candidate {
        let slot: Int
        /// The most important first.
        let victims: [Int]
        let violations: Int
    }

    /// Looks for a node on which taking away pods of lower priority makes room.
    mutating func preempt(
        _ record: PodRecord, _ attempt: inout Attempt, _ findings: Findings
    ) -> Preemption {
        if record.neverPreempts {
            return .doesNotHelp("not eligible due to preemptionPolicy=Never.", clears: false)
        }
        if isWaitingForVictims(record, findings) {
            return .doesNotHelp("not eligible due to a terminating pod on the nominated node.", clears: false)
        }
        // Upstream lists the nodes in their own order, not from where the search started.
        let resolvable = reasons.reasons.map { !$0.isUnresolvable }
        var mayHelp = [Bool](repeating: false, count: nodes.capacity)
        for (slot, code) in findings.rejected { mayHelp[Int(slot)] = resolvable[Int(code)] }
        let potential = nodes.order.filter { mayHelp[Int($0)] }
        var histogram: [Int32: Int] = [:]
        var candidates: [Candidate] = []
        var violating: [Candidate] = []
        if !potential.isEmpty {
            let wanted = candidatesToFind(potential.count)
            let offset = generator.below(potential.count)
            for index in potential.indices {
                let slot = Int(potential[(offset + index) % potential.count])
                switch victims(on: slot, &attempt) {
                case .failure(let rejection): histogram[rejection.code, default: 0] += 1
                case .success(let candidate):
                    if candidate.violations == 0 {
                        if candidates.count < wanted { candidates.append(candidate) }
                    } else if violating.count < wanted {
                        violating.append(candidate)
                    }
                }
                if !candidates.isEmpty, candidates.count + violating.count >= wanted { break }
            }
        }
        guard let best = pick(candidates + violating) else {
            let others = nodes.count - histogram.values.reduce(0, +)
            if others > 0 { histogram[codes.notHelpful, default: 0] += others }
            return .doesNotHelp(fitMessage(histogram), clears: true)
        }
        let keys = best.victims.compactMap { number -> String? in
            guard let victim = pods.records[number], !victim.isTerminating else { return nil }
            return victim.key
        }
        return .helps(node: nodes.names[best.slot], victims: keys)
    }

    /// The pod has preempted before and its victims are still there.
    private func isWaitingForVictims(_ record: PodRecord, _ findings: Findings) -> Bool {
        guard let node = record.nominatedNode, let slot = nodes.slots[node], nodes.descriptions[slot] != nil
        else { return false }
        guard let code = findings.rejected.first(where: { $0.slot == Int32(slot) })?.code,
            !reasons[code].isUnresolvable
        else { return false }
        return nodes.pods[slot].contains { other in
            guard let victim = pods.records[Int(other)] else { return false }
            return victim.priority < record.priority && victim.isTerminatingByPreemption
        }
    }

    private func candidatesToFind(_ count: Int) -> Int {
        let share = count * configuration.minCandidateNodesPercentage / 100
        return min(count, max(share, configuration.minCandidateNodesAbsolute))
    }

    struct RejectionCode: Error {
        let code: Int32
    }

    /// The pods to take from a node: as few and as unimportant ones as will do.
    private mutating func victims(on slot: Int, _ attempt: inout Attempt) -> Result<Candidate, RejectionCode>
    {
        if nodes.lowestPriority[slot] >= attempt.priority {
            return .failure(RejectionCode(code: codes.noVictims))
        }
        var potential: [Shift] = []
        for other in nodes.pods[slot] {
            guard let shift = shift(of: Int(other), like: potential.last) else { continue }
            if shift.priority < attempt.priority { potential.append(shift) }
        }
        potential.sort(by: Shift.isMoreImportant)
        var delta = NodeDelta()
        for shift in potential { add(shift, sign: -1, to: &delta, slot, &attempt) }
        let code = verdictWithNominated(slot, &attempt, delta)
        if code != 0 { return .failure(RejectionCode(code: code)) }
        let (violating, harmless) = split(potential)
        var chosen: [Shift] = []
        var violations = 0
        for (list, isViolating) in [(violating, true), (harmless, false)] {
            for shift in list {
                add(shift, sign: 1, to: &delta, slot, &attempt)
                if verdictWithNominated(slot, &attempt, delta) == 0 { continue }
                add(shift, sign: -1, to: &delta, slot, &attempt)
                chosen.append(shift)
                if isViolating { violations += 1 }
            }
        }
        chosen.sort(by: Shift.isMoreImportant)
        let victims = chosen.map(\.pod)
        if victims.isEmpty { return .failure(RejectionCode(code: codes.noVictims)) }
        return .success(Candidate(slot: slot, victims: victims, violations: violations))
    }

    /// The pods whose going would violate a budget, and the others; both in the order given.
    private func split(_ list: [Shift]) -> (violating: [Shift], harmless: [Shift]) {
        if budgets.isEmpty { return ([], list) }
        var left: [String: Int] = [:]
        var violating: [Shift] = []
        var harmless: [Shift] = []
        for shift in list {
            guard let record = pods.records[shift.pod] else { continue }
            let labels = shift.own.labels
            let name = String(record.key.dropFirst(record.namespace.count + 1))
            var isViolated = false
            if labels.labels?.isEmpty == false {
                for (key, budget) in budgets
                where budget.namespace == labels.namespace && budget.selector.matches(labels: labels.labels)
                    && !budget.disrupted.contains(name)
                {
                    left[key, default: budget.allowed] -= 1
                    if left[key, default: 0] < 0 { isViolated = true }
                }
            }
            if isViolated { violating.append(shift) } else { harmless.append(shift) }
        }
        return (violating, harmless)
    }

    /// The candidate that costs least, by upstream's order of criteria.
    private func pick(_ candidates: [Candidate]) -> Candidate? {
        var left = candidates
        let criteria: [(Candidate) -> (Int64, Int64)] = [
            { (-Int64($0.violations), 0) },
            { candidate in (-(candidate.victims.first.map(self.priority) ?? 0), 0) },
            // Negative priorities must not make many victims look cheap.
            { candidate in (-candidate.victims.reduce(0) { $0 + self.priority($1) + (1 << 31) }, 0) },
            { (-Int64($0.victims.count), 0) },
            { candidate in self.earliestStart(candidate) },
        ]
        for criterion in criteria where left.count > 1 {
            let values = left.map(criterion)
            guard let highest = values.max(by: <) else { break }
            left = zip(left, values).filter { $0.1 == highest }.map(\.0)
        }
        return left.first
    }

    private func priority(_ pod: Int) -> Int64 { pods.records[pod]?.priority ?? 0 }

    /// When the first of the victims of the highest priority started; a later start is better.
    private func earliestStart(_ candidate: Candidate) -> (Int64, Int64) {
        guard let first = candidate.victims.first else { return (.min, 0) }
        let highest = priority(first)
        var earliest: Timestamp?
        for victim in candidate.victims where priority(victim) == highest {
            let start = pods.records[victim]?.startTime ?? clock
            earliest = earliest.map { min($0, start) } ?? start
        }
        return earliest.map { ($0.seconds, Int64($0.nanoseconds)) } ?? (.min, 0)
    }
}

extension Scheduler.Shift {
    /// Higher priority first, then the longer it runs.
    static func isMoreImportant(_ left: Self, _ right: Self) -> Bool {
        if left.priority != right.priority { return left.priority > right.priority }
        switch (left.start, right.start) {
        case (let first?, let second?) where first != second: return first < second
        case (.some, nil): return true
        case (nil, .some): return false
        default: return left.sequence < right.sequence
        }
    }
}
