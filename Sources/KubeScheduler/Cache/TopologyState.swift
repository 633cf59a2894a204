import KubeAPI
import KubeJSON

/// How the placed pods lie to the pods of one class: for every topology key and value the number of pods
/// that its spread constraints and affinity terms select, and of those whose terms select it.
///
/// It follows the log of changes, so that the cost of a pod does not depend on how many are placed.
struct TopologyState: Sendable {
    /// Amounts by the number of a column's value; by slot where there is no column.
    struct Counter: Sendable {
        let column: Int
        var values: [Int64] = []
        var sum: Int64 = 0

        func value(_ index: Int) -> Int64 { index < values.count ? values[index] : 0 }

        mutating func add(_ amount: Int64, at index: Int) {
            if index >= values.count {
                values.append(contentsOf: repeatElement(0, count: index + 1 - values.count))
            }
            values[index] &+= amount
            sum &+= amount
        }
    }

    /// What a pod of another class does to the counters.
    struct Operation: Sendable {
        let counter: Int
        let weight: Int64
        /// Terminating pods do not count.
        let liveOnly: Bool
        /// Where in `eligible` it says on which nodes it counts; -1 for all.
        let eligibility: Int
    }

    struct HardConstraint: Sendable {
        let column: Int
        let counter: Int
        let eligibility: Int
        let maxSkew: Int64
        let minDomains: Int
        /// 1 when the pod itself is selected.
        let own: Int64
        /// Which values some eligible node has.
        var present: [Bool] = []
        var domains = 0
        var minimum: Int64?
    }

    struct SoftConstraint: Sendable {
        /// Of the label; nodes without it score nothing for the constraint.
        let column: Int
        let counter: Int
        let isHostname: Bool
        let maxSkew: Int64
    }

    struct Term: Sendable {
        let column: Int
        let counter: Int
    }

    var position = 0
    var epoch = 0
    var workloadEpoch = 0
    var defaultSelector: LabelSelector?

    private(set) var counters: [Counter] = []
    private(set) var eligible: [[Bool]] = []
    private var operations: [Int: [Operation]] = [:]
    private(set) var hard: [HardConstraint] = []
    private(set) var soft: [SoftConstraint] = []
    /// Nodes must have all labels of the soft constraints to be scored.
    private(set) var softNeedsAllLabels = false
    private(set) var affinity: [Term] = []
    private(set) var matchesOwnAffinity = false
    private(set) var antiAffinity: [Term] = []
    private(set) var existingAntiAffinity: [Term] = []
    private(set) var scores: [Term] = []

    // MARK: Making

    init(
        _ own: PodClass, _ shape: PodShape, defaultSelector: LabelSelector?, _ nodes: inout NodeTable,
        _ namespaces: [String: JSONObject]
    ) {
        self.defaultSelector = defaultSelector
        matchesOwnAffinity = own.matchesOwnAffinity(namespaces)
        for spread in own.hardSpread { _ = nodes.column(spread.constraint.topologyKey) }
        for spread in own.hardSpread {
            let number = addEligibility(spread.constraint, own.hardSpread, shape, nodes)
            let column = nodes.column(spread.constraint.topologyKey)
            var constraint = HardConstraint(
                column: column, counter: addCounter(column), eligibility: number,
                maxSkew: spread.constraint.maxSkew, minDomains: spread.constraint.minDomains,
                own: spread.selector.matches(labels: own.labels.labels) ? 1 : 0)
            constraint.present = Array(repeating: false, count: nodes.columns[column].count)
            for slot in nodes.order where eligible[number][Int(slot)] {
                let value = Int(nodes.columns[column].values[Int(slot)])
                if value >= 0, !constraint.present[value] {
                    constraint.present[value] = true
                    constraint.domains += 1
                }
            }
            hard.append(constraint)
        }
        let softSpread = Self.softSpread(of: own, defaultSelector)
        softNeedsAllLabels = !own.spreadsByDefault
        for spread in softSpread {
            let constraint = spread.constraint
            let isHostname = constraint.topologyKey == SpreadConstraint.hostnameKey
            let column = nodes.column(constraint.topologyKey)
            if !isHostname {
                _ = addEligibility(constraint, softNeedsAllLabels ? softSpread : [], shape, nodes)
            }
            softEligibility.append(isHostname ? -1 : eligible.count - 1)
            soft.append(
                SoftConstraint(
                    column: column, counter: addCounter(isHostname ? -1 : column), isHostname: isHostname,
                    maxSkew: constraint.maxSkew))
        }
        for term in own.requiredAffinity {
            affinity.append(self.term(nodes.column(term.topologyKey), in: affinity))
        }
        for term in own.requiredAntiAffinity {
            antiAffinity.append(self.term(nodes.column(term.topologyKey), in: antiAffinity))
        }
    }

    private var softEligibility: [Int] = []

    static func softSpread(of own: PodClass, _ defaultSelector: LabelSelector?) -> [ResolvedSpread] {
        guard own.spreadsByDefault else { return own.softSpread }
        guard let defaultSelector else { return [] }
        return SpreadConstraint.standard.map { ResolvedSpread(constraint: $0, selector: defaultSelector) }
    }

    private mutating func addCounter(_ column: Int) -> Int {
        counters.append(Counter(column: column))
        return counters.count - 1
    }

    /// Terms of one key share a counter.
    private mutating func term(_ column: Int, in terms: [Term]) -> Term {
        terms.first { $0.column == column } ?? Term(column: column, counter: addCounter(column))
    }

    private mutating func counter(_ column: Int, in terms: WritableKeyPath<TopologyState, [Term]>) -> Int {
        if let term = self[keyPath: terms].first(where: { $0.column == column }) { return term.counter }
        let term = Term(column: column, counter: addCounter(column))
        self[keyPath: terms].append(term)
        return term.counter
    }

    /// On which nodes pods count for a constraint.
    private mutating func addEligibility(
        _ constraint: SpreadConstraint, _ all: [ResolvedSpread], _ shape: PodShape, _ nodes: NodeTable
    ) -> Int {
        var list = Array(repeating: false, count: nodes.capacity)
        for slot in nodes.order {
            guard let node = nodes.descriptions[Int(slot)] else { continue }
            list[Int(slot)] =
                all.allSatisfy { node.labels[$0.constraint.topologyKey] != nil }
                && (!constraint.honoursAffinity || NodeAffinity.matches(shape, node))
                && (!constraint.honoursTaints || TaintToleration.untolerated(shape, node) == nil)
        }
        eligible.append(list)
        return eligible.count - 1
    }

    // MARK: Following

    /// How many classes it has met, present ones or not.
    var metClasses: Int { operations.count }

    func knownOperations(_ serial: Int) -> [Operation]? { operations[serial] }

    /// What a pod of `other` does to the counters.
    mutating func operations(
        of other: PodClass, for own: PodClass, _ nodes: inout NodeTable, _ namespaces: [String: JSONObject]
    ) -> [Operation] {
        if let known = operations[other.serial] { return known }
        var list: [Operation] = []
        if other.labels.namespace == own.labels.namespace {
            for (index, spread) in own.hardSpread.enumerated()
            where spread.selector.matches(labels: other.labels.labels) {
                list.append(
                    Operation(
                        counter: hard[index].counter, weight: 1, liveOnly: true,
                        eligibility: hard[index].eligibility))
            }
            if !soft.isEmpty {
                for (index, spread) in Self.softSpread(of: own, defaultSelector).enumerated()
                where spread.selector.matches(labels: other.labels.labels) {
                    list.append(
                        Operation(
                            counter: soft[index].counter, weight: 1, liveOnly: true,
                            eligibility: softEligibility[index]))
                }
            }
        }
        func add(_ counter: Int, _ weight: Int64) {
            list.append(Operation(counter: counter, weight: weight, liveOnly: false, eligibility: -1))
        }
        if !affinity.isEmpty, own.matchesAll(own.requiredAffinity, other.labels, namespaces) {
            for term in affinity { add(term.counter, 1) }
        }
        for (index, term) in own.requiredAntiAffinity.enumerated()
        where term.matches(other.labels, namespaceLabels: namespaces) {
            add(antiAffinity[index].counter, 1)
        }
        for term in own.preferredAffinity where term.matches(other.labels, namespaceLabels: namespaces) {
            add(counter(nodes.column(term.topologyKey), in: \.scores), term.weight)
        }
        for term in other.requiredAntiAffinity where term.matches(own.labels, namespaceLabels: namespaces) {
            add(counter(nodes.column(term.topologyKey), in: \.existingAntiAffinity), 1)
        }
        for term in other.requiredAffinity where term.matches(own.labels, namespaceLabels: namespaces) {
            add(counter(nodes.column(term.topologyKey), in: \.scores), hardPodAffinityWeight)
        }
        for term in other.preferredAffinity where term.matches(own.labels, namespaceLabels: namespaces) {
            add(counter(nodes.column(term.topologyKey), in: \.scores), term.weight)
        }
        operations[other.serial] = list
        return list
    }

    var hardPodAffinityWeight: Int64 = 1

    /// Counts pods that came to a node or left it.
    mutating func apply(
        _ list: [Operation], on slot: Int, pods: Int64, live: Int64, _ nodes: NodeTable
    ) {
        for operation in list {
            let amount = operation.weight &* (operation.liveOnly ? live : pods)
            if amount == 0 { continue }
            guard let index = self.index(operation, slot, nodes) else { continue }
            counters[operation.counter].add(amount, at: index)
        }
        if !hard.isEmpty { for index in hard.indices { hard[index].minimum = nil } }
    }

    /// Where an operation counts for a node; nil when the node does not take part.
    func index(_ operation: Operation, _ slot: Int, _ nodes: NodeTable) -> Int? {
        let eligibility = operation.eligibility
        if eligibility >= 0 {
            guard slot < eligible[eligibility].count, eligible[eligibility][slot] else { return nil }
        }
        let column = counters[operation.counter].column
        guard column >= 0 else { return slot }
        let value = Int(nodes.columns[column].values[slot])
        return value < 0 ? nil : value
    }

    mutating func refreshMinimums() {
        for index in hard.indices where hard[index].minimum == nil {
            hard[index].minimum = minimum(of: hard[index], adding: 0, at: -1)
        }
    }

    /// The fewest selected pods in any domain; 0 where there are fewer domains than asked for.
    func minimum(of constraint: HardConstraint, adding delta: Int64, at index: Int) -> Int64 {
        if constraint.domains < constraint.minDomains { return 0 }
        let counter = counters[constraint.counter]
        var least = Int64(Int32.max)
        for (value, isPresent) in constraint.present.enumerated() where isPresent {
            let count = counter.value(value) &+ (value == index ? delta : 0)
            if count < least { least = count }
        }
        return least
    }

    /// Whether anything of it can reject a node or change a score.
    var filters: Bool {
        !hard.isEmpty || !affinity.isEmpty || !antiAffinity.isEmpty || !existingAntiAffinity.isEmpty
    }
}
