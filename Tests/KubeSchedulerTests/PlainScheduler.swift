import KubeAPI
import KubeEngine
import KubeJSON

@testable import KubeScheduler

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The published rules written down as plainly as possible: everything is worked out anew from the objects
/// for every question. What the real one is compared with.
struct PlainScheduler {
    struct Placed {
        var key: String
        var pod: JSON
        var node: String
        /// The order in which pods came.
        var sequence: Int
    }

    struct Status: Equatable {
        var texts: [String]
        var unresolvable = false
    }

    enum Answer: Equatable {
        case bind(String)
        case unschedulable(String, nominated: String?, victims: [String])
    }

    /// In the order in which they came.
    var nodes: [(name: String, node: JSON)] = [] {
        didSet {
            let names = nodes.map { zone($0.node) }
            zoneOrder.removeAll { !names.contains($0) }
            for name in names where !zoneOrder.contains(name) { zoneOrder.append(name) }
        }
    }
    /// A zone keeps its place while it has nodes.
    var zoneOrder: [String] = []
    var placed: [Placed] = []
    /// Pods for which preemption makes room.
    var nominated: [(key: String, pod: JSON, node: String)] = []
    var namespaces: [String: JSON] = [:]
    var services: [(namespace: String, selector: JSON)] = []
    var replicaSets: [String: JSON] = [:]
    var budgets: [(key: String, budget: JSON)] = []
    var generator = SeededGenerator(seed: 0)
    var startIndex = 0
    var usesDefaultSpreading = true
    var now = Timestamp(seconds: 0)

    // MARK: The whole decision

    var ordered: [(name: String, node: JSON)] {
        let zones = zoneOrder.map { name in nodes.filter { zone($0.node) == name } }
        var result: [(name: String, node: JSON)] = []
        var round = 0
        while result.count < nodes.count {
            for list in zones where round < list.count { result.append(list[round]) }
            round += 1
        }
        return result
    }

    func zone(_ node: JSON) -> String {
        let region = label(node, "topology.kubernetes.io/region")
        return "\(region ?? "")|\(label(node, "topology.kubernetes.io/zone") ?? "")"
    }

    mutating func decide(_ key: String, _ pod: JSON, nominatedNode: String?) -> Answer {
        if nodes.isEmpty {
            return .unschedulable("no nodes available to schedule pods", nominated: nil, victims: [])
        }
        let all = ordered
        if let nominatedNode, let entry = all.first(where: { $0.name == nominatedNode }),
            check(key, pod, entry, placed) == nil
        {
            return .bind(nominatedNode)
        }
        var feasible: [(name: String, node: JSON)] = []
        var rejected: [String: Status] = [:]
        var list = all
        if let names = named(pod) {
            list = names.sorted(by: utf8Less).compactMap { name in all.first { $0.name == name } }
        }
        var wanted = list.count
        if wanted >= 100 { wanted = max(100, wanted * max(5, 50 - wanted / 125) / 100) }
        var seen = 0
        while seen < list.count, feasible.count < wanted {
            let entry = list[(startIndex + seen) % list.count]
            if let status = check(key, pod, entry, placed) {
                rejected[entry.name] = status
            } else {
                feasible.append(entry)
            }
            seen += 1
        }
        if seen > 0 { startIndex = (startIndex + seen) % all.count }
        if feasible.isEmpty { return preempt(key, pod, nominatedNode, all, rejected) }
        if feasible.count == 1 { return .bind(feasible[0].name) }
        let scores = score(pod, feasible)
        let best = scores.max() ?? 0
        let ties = feasible.indices.filter { scores[$0] == best }
        return .bind(feasible[ties.count > 1 ? ties[generator.below(ties.count)] : ties[0]].name)
    }

    /// The nodes that the required affinity names, when all its terms name some.
    func named(_ pod: JSON) -> [String]? {
        guard
            let terms = pod.at(
                "spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution",
                "nodeSelectorTerms")?.array
        else { return nil }
        var names: [String] = []
        for term in terms {
            guard let field = term["matchFields"]?[0] else { return nil }
            names += field["values"]?.array?.compactMap(\.string) ?? []
        }
        return names
    }

    func message(_ texts: [String], others: Int, saying: String) -> String {
        var counts: [String: Int] = [:]
        for text in texts { counts[text, default: 0] += 1 }
        if others > 0 { counts[saying, default: 0] += others }
        let lines = counts.map { "\($0.value) \($0.key)" }.sorted(by: utf8Less)
        return "0/\(nodes.count) nodes are available: \(lines.joined(separator: ", "))."
    }

    mutating func preempt(
        _ key: String, _ pod: JSON, _ nominatedNode: String?, _ all: [(name: String, node: JSON)],
        _ rejected: [String: Status]
    ) -> Answer {
        let head = message(
            rejected.values.flatMap(\.texts), others: named(pod) == nil ? 0 : all.count - rejected.count,
            saying: "node(s) didn't satisfy plugin(s) [NodeAffinity]")
        func no(_ text: String, clears: Bool) -> Answer {
            .unschedulable(
                "\(head) no new claims to deallocate, preemption: \(text)",
                nominated: clears && nominatedNode != nil ? "" : nil, victims: [])
        }
        if pod.at("spec", "preemptionPolicy") == "Never" {
            return no("not eligible due to preemptionPolicy=Never.", clears: false)
        }
        let potential = all.filter { rejected[$0.name]?.unresolvable == false }
        var texts: [String] = []
        var failed = 0
        var candidates: [(node: String, victims: [Placed], violations: Int)] = []
        if !potential.isEmpty {
            let offset = generator.below(potential.count)
            for index in potential.indices {
                let entry = potential[(offset + index) % potential.count]
                switch victims(key, pod, entry) {
                case .left(let status):
                    texts += status.texts
                    failed += 1
                case .right(let victims, let violations):
                    candidates.append((entry.name, victims, violations))
                }
            }
        }
        if candidates.isEmpty {
            return no(
                message(
                    texts, others: nodes.count - failed, saying: "Preemption is not helpful for scheduling"),
                clears: true)
        }
        // Those without violations come first.
        var left = candidates.filter { $0.violations == 0 } + candidates.filter { $0.violations != 0 }
        func keep(_ cost: ((node: String, victims: [Placed], violations: Int)) -> Int64) {
            let least = left.map(cost).min() ?? 0
            left = left.filter { cost($0) == least }
        }
        keep { Int64($0.violations) }
        keep { priority($0.victims[0].pod) }
        keep { $0.victims.reduce(0) { $0 + priority($1.pod) + Int64(Int32.max) + 1 } }
        keep { Int64($0.victims.count) }
        keep { candidate in
            let top = priority(candidate.victims[0].pod)
            let starts = candidate.victims.filter { priority($0.pod) == top }
                .map { start($0.pod)?.seconds ?? now.seconds }
            return -(starts.min() ?? 0)
        }
        let best = left[0]
        return .unschedulable(
            head, nominated: best.node,
            victims: best.victims.filter { !isTerminating($0.pod) }.map(\.key))
    }

    enum Victims {
        case left(Status)
        case right([Placed], Int)
    }

    func victims(_ key: String, _ pod: JSON, _ entry: (name: String, node: JSON)) -> Victims {
        func important(_ a: Placed, _ b: Placed) -> Bool {
            if priority(a.pod) != priority(b.pod) { return priority(a.pod) > priority(b.pod) }
            let first = start(a.pod)?.seconds ?? .max
            let second = start(b.pod)?.seconds ?? .max
            return first != second ? first < second : a.sequence < b.sequence
        }
        let potential = placed.filter { $0.node == entry.name && priority($0.pod) < priority(pod) }
            .sorted(by: important)
        if potential.isEmpty {
            return .left(
                Status(texts: ["No preemption victims found for incoming pod"], unresolvable: true))
        }
        var rest = placed.filter { one in !potential.contains { $0.key == one.key } }
        if let status = check(key, pod, entry, rest) { return .left(status) }
        var budget: [String: Int] = [:]
        for (name, object) in budgets { budget[name] = object.at("status", "disruptionsAllowed")?.int ?? 0 }
        var violating: [Placed] = []
        var harmless: [Placed] = []
        for one in potential {
            var violated = false
            for (name, object) in budgets
            where name.hasPrefix(namespace(one.key) + "/")
                && selects(object.at("spec", "selector"), labels(one.pod))
            {
                budget[name, default: 0] -= 1
                if budget[name, default: 0] < 0 { violated = true }
            }
            if violated { violating.append(one) } else { harmless.append(one) }
        }
        var victims: [Placed] = []
        var violations = 0
        for one in violating + harmless {
            rest.append(one)
            if check(key, pod, entry, rest) == nil { continue }
            rest.removeLast()
            victims.append(one)
            if violating.contains(where: { $0.key == one.key }) { violations += 1 }
        }
        if victims.isEmpty {
            return .left(
                Status(texts: ["No preemption victims found for incoming pod"], unresolvable: true))
        }
        return .right(victims.sorted(by: important), violations)
    }

    // MARK: Filters

    /// Nil when the pod may go to the node, with and without the pods that are to come there.
    func check(
        _ key: String, _ pod: JSON, _ entry: (name: String, node: JSON), _ placed: [Placed]
    ) -> Status? {
        let coming = nominated.filter {
            $0.node == entry.name && $0.key != key && priority($0.pod) >= priority(pod)
        }
        if !coming.isEmpty {
            let with =
                placed
                + coming.map { Placed(key: $0.key, pod: $0.pod, node: entry.name, sequence: 0) }
            if let status = filter(key, pod, entry, with) { return status }
        }
        return filter(key, pod, entry, placed)
    }

    func filter(
        _ key: String, _ pod: JSON, _ entry: (name: String, node: JSON), _ placed: [Placed]
    ) -> Status? {
        let node = entry.node
        let tolerations = pod.at("spec", "tolerations")?.array ?? []
        if node.at("spec", "unschedulable") == true,
            !tolerates(tolerations, ["key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"])
        {
            return Status(texts: ["node(s) were unschedulable"], unresolvable: true)
        }
        if hasUntoleratedTaint(pod, node) {
            return Status(texts: ["node(s) had untolerated taint(s)"], unresolvable: true)
        }
        if !matchesNodeAffinity(pod, node, entry.name) {
            return Status(texts: ["node(s) didn't match Pod's node affinity/selector"], unresolvable: true)
        }
        let there = placed.filter { $0.node == entry.name }
        let wanted = hostPorts(pod)
        if there.contains(where: { !hostPorts($0.pod).isDisjoint(with: wanted) }) {
            return Status(texts: ["node(s) didn't have free ports for the requested pod ports"])
        }
        if let status = fit(pod, node, there) { return status }
        if let status = spread(key, pod, node, placed) { return status }
        return affinity(key, pod, node, placed)
    }

    func fit(_ pod: JSON, _ node: JSON, _ there: [Placed]) -> Status? {
        var status = Status(texts: [])
        let allocatable = ResourceAmounts(node.at("status", "allocatable"))
        if Int64(there.count + 1) > allocatable["pods"]?.wholeValue ?? 0 {
            status.texts.append("Too many pods")
        }
        let request = PodResourceTotals.total(.requests, of: pod)
        for name in ["cpu", "memory", "ephemeral-storage", "example.com/gpu"] {
            guard let amount = request[name], !amount.isZero else { continue }
            var used = Quantity.zero
            for other in there {
                if let more = PodResourceTotals.total(.requests, of: other.pod)[name] { used += more }
            }
            let offered = allocatable[name] ?? .zero
            if amount > offered - used {
                status.texts.append("Insufficient \(name)")
                if amount > offered { status.unresolvable = true }
            }
        }
        return status.texts.isEmpty ? nil : status
    }

    func spread(_ key: String, _ pod: JSON, _ node: JSON, _ placed: [Placed]) -> Status? {
        let hard = (pod.at("spec", "topologySpreadConstraints")?.array ?? [])
            .filter { $0["whenUnsatisfiable"] == "DoNotSchedule" }
        for constraint in hard {
            let topology = constraint["topologyKey"]?.string ?? ""
            guard let value = label(node, topology) else {
                return Status(
                    texts: ["node(s) didn't match pod topology spread constraints (missing required label)"],
                    unresolvable: true)
            }
            var counts: [String: Int] = [:]
            for other in nodes
            where hard.allSatisfy({ label(other.node, $0["topologyKey"]?.string ?? "") != nil })
                && isIncluded(constraint, pod, other)
            {
                let count = placed.filter {
                    $0.node == other.name && namespace($0.key) == namespace(key) && !isTerminating($0.pod)
                        && selects(selector(constraint, pod), labels($0.pod))
                }.count
                counts[label(other.node, topology) ?? "", default: 0] += count
            }
            var least = counts.values.min() ?? Int(Int32.max)
            if counts.count < constraint["minDomains"]?.int ?? 1 { least = 0 }
            let own = selects(selector(constraint, pod), labels(pod)) ? 1 : 0
            if (counts[value] ?? 0) + own - least > constraint["maxSkew"]?.int ?? 1 {
                return Status(texts: ["node(s) didn't match pod topology spread constraints"])
            }
        }
        return nil
    }

    func isIncluded(_ constraint: JSON, _ pod: JSON, _ entry: (name: String, node: JSON)) -> Bool {
        if constraint["nodeAffinityPolicy"]?.string ?? "Honor" == "Honor",
            !matchesNodeAffinity(pod, entry.node, entry.name)
        {
            return false
        }
        return constraint["nodeTaintsPolicy"]?.string != "Honor" || !hasUntoleratedTaint(pod, entry.node)
    }

    func affinity(_ key: String, _ pod: JSON, _ node: JSON, _ placed: [Placed]) -> Status? {
        func same(_ other: Placed, _ topology: String) -> Bool {
            guard let value = label(node, topology), let there = self.node(other.node) else { return false }
            return label(there, topology) == value
        }
        let wanted = terms(pod, "podAffinity")
        if !wanted.isEmpty {
            var exist = true
            let matching = placed.filter { other in
                self.node(other.node) != nil
                    && wanted.allSatisfy { matches($0, of: (key, pod), other.key, other.pod) }
            }
            for term in wanted {
                let topology = term["topologyKey"]?.string ?? ""
                if label(node, topology) == nil {
                    return Status(texts: ["node(s) didn't match pod affinity rules"], unresolvable: true)
                }
                if !matching.contains(where: { same($0, topology) }) { exist = false }
            }
            if !exist {
                let isNowhere = !matching.contains { other in
                    wanted.contains { term in
                        self.node(other.node).map { label($0, term["topologyKey"]?.string ?? "") != nil }
                            ?? false
                    }
                }
                let own = wanted.allSatisfy { matches($0, of: (key, pod), key, pod) }
                if !(isNowhere && own) {
                    return Status(texts: ["node(s) didn't match pod affinity rules"], unresolvable: true)
                }
            }
        }
        for term in terms(pod, "podAntiAffinity") {
            let topology = term["topologyKey"]?.string ?? ""
            if placed.contains(where: {
                same($0, topology) && matches(term, of: (key, pod), $0.key, $0.pod)
            }) {
                return Status(texts: ["node(s) didn't match pod anti-affinity rules"])
            }
        }
        for other in placed {
            for term in terms(other.pod, "podAntiAffinity")
            where same(other, term["topologyKey"]?.string ?? "")
                && matches(term, of: (other.key, other.pod), key, pod)
            {
                return Status(texts: ["node(s) didn't satisfy existing pods anti-affinity rules"])
            }
        }
        return nil
    }
}
