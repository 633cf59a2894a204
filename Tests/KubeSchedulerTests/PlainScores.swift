import KubeAPI
import KubeJSON

@testable import KubeScheduler

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension PlainScheduler {
    // MARK: Scores

    func score(_ pod: JSON, _ feasible: [(name: String, node: JSON)]) -> [Int64] {
        var totals = feasible.map { entry -> Int64 in
            resources(pod, entry) + images(pod, entry.node)
        }
        let tolerations = pod.at("spec", "tolerations")?.array ?? []
        let taints = feasible.map { entry in
            Int64(
                (entry.node.at("spec", "taints")?.array ?? [])
                    .filter { $0["effect"] == "PreferNoSchedule" && !tolerates(tolerations, $0) }.count)
        }
        let mostTaints = taints.max() ?? 0
        let weights = feasible.map { entry -> Int64 in
            (pod.at("spec", "affinity", "nodeAffinity", preferredKey)?.array ?? []).reduce(0) { sum, item in
                matchesTerm(item["preference"] ?? .null, entry.node, entry.name)
                    ? sum + (item["weight"]?.integer ?? 0) : sum
            }
        }
        let mostWeight = weights.max() ?? 0
        let spread = spreadScores(pod, feasible)
        let affinity = affinityScores(pod, feasible)
        for index in feasible.indices {
            totals[index] += 3 * (mostTaints == 0 ? 100 : 100 - 100 * taints[index] / mostTaints)
            totals[index] += 2 * (mostWeight == 0 ? 0 : 100 * weights[index] / mostWeight)
            totals[index] += 2 * spread[index] + 2 * affinity[index]
        }
        return totals
    }

    func resources(_ pod: JSON, _ entry: (name: String, node: JSON)) -> Int64 {
        let allocatable = ResourceAmounts(entry.node.at("status", "allocatable"))
        let cpu = allocatable["cpu"]?.milliValue ?? 0
        let memory = allocatable["memory"]?.wholeValue ?? 0
        let there = placed.filter { $0.node == entry.name }.map(\.pod) + [pod]
        var least: [Int64] = []
        for (name, capacity) in [("cpu", cpu), ("memory", memory)] where capacity > 0 {
            let used = there.reduce(Int64(0)) { $0 + assumedRequest($1, name) }
            least.append(used > capacity ? 0 : (capacity - used) * 100 / capacity)
        }
        var score = least.isEmpty ? 0 : least.reduce(0, +) / Int64(least.count)
        if request(pod, "cpu") != 0 || request(pod, "memory") != 0 {
            var fractions: [Double] = []
            for (name, capacity) in [("cpu", cpu), ("memory", memory)] where capacity > 0 {
                let used = there.reduce(Int64(0)) { $0 + request($1, name) }
                fractions.append(min(1, Double(used) / Double(capacity)))
            }
            let deviation = fractions.count == 2 ? abs((fractions[0] - fractions[1]) / 2) : 0
            score += Int64((1 - deviation) * 100)
        }
        return score
    }

    func request(_ pod: JSON, _ name: String) -> Int64 {
        let amount = PodResourceTotals.total(.requests, of: pod)[name] ?? .zero
        return name == "cpu" ? amount.milliValue : amount.wholeValue
    }

    /// These tests have no init containers and no overhead.
    func assumedRequest(_ pod: JSON, _ name: String) -> Int64 {
        (pod.at("spec", "containers")?.array ?? []).reduce(0) { sum, container in
            if let text = container.at("resources", "requests", name)?.string, let amount = Quantity(text) {
                return sum + (name == "cpu" ? amount.milliValue : amount.wholeValue)
            }
            return sum + (name == "cpu" ? 100 : 200 * 1024 * 1024)
        }
    }

    func images(_ pod: JSON, _ node: JSON) -> Int64 {
        let containers = pod.at("spec", "containers")?.array ?? []
        var sum: Int64 = 0
        for container in containers {
            let name = container["image"]?.string ?? ""
            guard let size = imageSize(name, node) else { continue }
            let nodesWithIt = nodes.filter { imageSize(name, $0.node) != nil }.count
            sum += Int64(Double(size) * (Double(nodesWithIt) / Double(nodes.count)))
        }
        let mb: Int64 = 1024 * 1024
        let most = 1000 * mb * Int64(containers.count)
        return 100 * (min(max(sum, 23 * mb), most) - 23 * mb) / (most - 23 * mb)
    }

    func imageSize(_ name: String, _ node: JSON) -> Int64? {
        let wanted = name.contains(":") ? name : name + ":latest"
        return (node.at("status", "images")?.array ?? [])
            .first { $0["names"]?.array?.contains(.string(wanted)) == true }?["sizeBytes"]?.integer
    }

    func spreadScores(_ pod: JSON, _ feasible: [(name: String, node: JSON)]) -> [Int64] {
        let own = pod.at("spec", "topologySpreadConstraints")?.array ?? []
        var soft = own.filter { $0["whenUnsatisfiable"] == "ScheduleAnyway" }
        let needsAll = !own.isEmpty
        let key = self.key(pod)
        if own.isEmpty, usesDefaultSpreading, let selector = defaultSelector(pod, key) {
            soft = [
                ["topologyKey": "kubernetes.io/hostname", "maxSkew": 3, "labelSelector": selector],
                ["topologyKey": "topology.kubernetes.io/zone", "maxSkew": 5, "labelSelector": selector],
            ]
        }
        if soft.isEmpty { return feasible.map { _ in 0 } }
        func has(_ node: JSON) -> Bool {
            soft.allSatisfy { label(node, $0["topologyKey"]?.string ?? "") != nil }
        }
        func count(_ name: String, _ constraint: JSON) -> Int {
            placed.filter {
                $0.node == name && namespace($0.key) == namespace(key) && !isTerminating($0.pod)
                    && selects(selector(constraint, pod), labels($0.pod))
            }.count
        }
        let ignored = feasible.map { needsAll && !has($0.node) }
        let scored = zip(feasible, ignored).filter { !$0.1 }.map(\.0)
        let raw = feasible.indices.map { index -> Int64 in
            if ignored[index] { return 0 }
            var sum = 0.0
            for constraint in soft {
                let topology = constraint["topologyKey"]?.string ?? ""
                guard let value = label(feasible[index].node, topology) else { continue }
                let isHostname = topology == "kubernetes.io/hostname"
                let size =
                    isHostname ? scored.count : Set(scored.map { label($0.node, topology) ?? "" }).count
                var number = 0
                if isHostname {
                    number = count(feasible[index].name, constraint)
                } else {
                    for other in nodes
                    where label(other.node, topology) == value && (!needsAll || has(other.node))
                        && isIncluded(constraint, pod, other)
                    {
                        number += count(other.name, constraint)
                    }
                }
                sum += Double(number) * log(Double(size + 2)) + Double((constraint["maxSkew"]?.int ?? 1) - 1)
            }
            return Int64(sum.rounded())
        }
        let considered = feasible.indices.filter { !ignored[$0] }.map { raw[$0] }
        let most = considered.max() ?? 0
        let least = considered.min() ?? 0
        return feasible.indices.map { index in
            ignored[index] ? 0 : most == 0 ? 100 : 100 * (most + least - raw[index]) / most
        }
    }

    func defaultSelector(_ pod: JSON, _ key: String) -> JSON? {
        var matchLabels = JSONObject()
        for service in services where service.namespace == namespace(key) {
            let selector = service.selector.object ?? [:]
            if selector.allSatisfy({ labels(pod)?[$0.key] == $0.value }) {
                for (name, value) in selector { matchLabels[name] = value }
            }
        }
        if let owner = pod.at("metadata", "ownerReferences")?[0], owner["kind"] == "ReplicaSet",
            let name = owner["name"]?.string, let set = replicaSets["\(namespace(key))/\(name)"]
        {
            for (name, value) in set.at("spec", "selector", "matchLabels")?.object ?? [:] {
                matchLabels[name] = value
            }
        }
        return matchLabels.isEmpty ? nil : ["matchLabels": .object(matchLabels)]
    }

    func affinityScores(_ pod: JSON, _ feasible: [(name: String, node: JSON)]) -> [Int64] {
        let key = self.key(pod)
        let raw = feasible.map { entry -> Int64 in
            var sum: Int64 = 0
            func add(_ term: JSON, _ weight: Int64, _ other: Placed) {
                let topology = term["topologyKey"]?.string ?? ""
                guard let there = node(other.node), let value = label(there, topology),
                    label(entry.node, topology) == value
                else { return }
                sum += weight
            }
            for other in placed {
                for (kind, sign) in [("podAffinity", Int64(1)), ("podAntiAffinity", -1)] {
                    for item in pod.at("spec", "affinity", kind, preferredKey)?.array ?? [] {
                        let term = item["podAffinityTerm"] ?? .null
                        if matches(term, of: (key, pod), other.key, other.pod) {
                            add(term, sign * (item["weight"]?.integer ?? 0), other)
                        }
                    }
                    for item in other.pod.at("spec", "affinity", kind, preferredKey)?.array ?? [] {
                        let term = item["podAffinityTerm"] ?? .null
                        if matches(term, of: (other.key, other.pod), key, pod) {
                            add(term, sign * (item["weight"]?.integer ?? 0), other)
                        }
                    }
                }
                for term in terms(other.pod, "podAffinity")
                where matches(term, of: (other.key, other.pod), key, pod) {
                    add(term, 1, other)
                }
            }
            return sum
        }
        guard let least = raw.min(), let most = raw.max(), most > least else { return raw.map { _ in 0 } }
        return raw.map { Int64(100 * (Double($0 - least) / Double(most - least))) }
    }

    // MARK: Reading objects

    func key(_ pod: JSON) -> String {
        "\(pod.at("metadata", "namespace")?.string ?? "")/\(pod.at("metadata", "name")?.string ?? "")"
    }
    func namespace(_ key: String) -> String { String(key.prefix { $0 != "/" }) }
    func node(_ name: String) -> JSON? { nodes.first { $0.name == name }?.node }
    func label(_ object: JSON, _ key: String) -> String? { object.at("metadata", "labels", key)?.string }
    func labels(_ object: JSON) -> JSONObject? { object.at("metadata", "labels")?.object }
    func priority(_ pod: JSON) -> Int64 { pod.at("spec", "priority")?.integer ?? 0 }
    func start(_ pod: JSON) -> Timestamp? { pod.at("status", "startTime")?.string.flatMap { Timestamp($0) } }
    func isTerminating(_ pod: JSON) -> Bool { pod.at("metadata", "deletionTimestamp") != nil }
    var preferredKey: String { "preferredDuringSchedulingIgnoredDuringExecution" }

    func hostPorts(_ pod: JSON) -> Set<Int> {
        var ports: Set<Int> = []
        for container in pod.at("spec", "containers")?.array ?? [] {
            for port in container["ports"]?.array ?? [] {
                if let number = port["hostPort"]?.int { ports.insert(number) }
            }
        }
        return ports
    }

    func tolerates(_ tolerations: [JSON], _ taint: JSON) -> Bool {
        tolerations.contains { toleration in
            if let effect = toleration["effect"], effect != taint["effect"] { return false }
            if let key = toleration["key"], key != taint["key"] { return false }
            return toleration["operator"] == "Exists"
                || toleration["value"]?.string ?? "" == taint["value"]?.string ?? ""
        }
    }

    func hasUntoleratedTaint(_ pod: JSON, _ node: JSON) -> Bool {
        (node.at("spec", "taints")?.array ?? []).contains {
            $0["effect"] != "PreferNoSchedule"
                && !tolerates(pod.at("spec", "tolerations")?.array ?? [], $0)
        }
    }

    func matchesNodeAffinity(_ pod: JSON, _ node: JSON, _ name: String) -> Bool {
        for (key, value) in pod.at("spec", "nodeSelector")?.object ?? [:]
        where label(node, key) != value.string {
            return false
        }
        guard
            let terms = pod.at(
                "spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution",
                "nodeSelectorTerms")?.array
        else { return true }
        return terms.contains { matchesTerm($0, node, name) }
    }

    func matchesTerm(_ term: JSON, _ node: JSON, _ name: String) -> Bool {
        let expressions = term["matchExpressions"]?.array ?? []
        let fields = term["matchFields"]?.array ?? []
        if expressions.isEmpty, fields.isEmpty { return false }
        return expressions.allSatisfy { holds($0, label(node, $0["key"]?.string ?? "")) }
            && fields.allSatisfy { holds($0, name) }
    }

    func holds(_ expression: JSON, _ value: String?) -> Bool {
        let values = expression["values"]?.array?.compactMap(\.string) ?? []
        switch expression["operator"]?.string {
        case "In": return value.map(values.contains) ?? false
        case "NotIn": return !(value.map(values.contains) ?? false)
        case "Exists": return value != nil
        case "DoesNotExist": return value == nil
        case "Gt": return (value.flatMap { Int($0) } ?? .min) > (values.first.flatMap { Int($0) } ?? .max)
        case "Lt": return (value.flatMap { Int($0) } ?? .max) < (values.first.flatMap { Int($0) } ?? .min)
        default: return false
        }
    }

    func selects(_ selector: JSON?, _ labels: JSONObject?) -> Bool {
        guard let selector, !selector.isNull else { return false }
        for (key, value) in selector["matchLabels"]?.object ?? [:] where labels?[key] != value {
            return false
        }
        return (selector["matchExpressions"]?.array ?? []).allSatisfy {
            holds($0, labels?[$0["key"]?.string ?? ""]?.string)
        }
    }

    /// A spread constraint's selector with what `matchLabelKeys` adds.
    func selector(_ constraint: JSON, _ pod: JSON) -> JSON? {
        guard var selector = constraint["labelSelector"] else { return nil }
        for key in constraint["matchLabelKeys"]?.array?.compactMap(\.string) ?? [] {
            if let value = labels(pod)?[key] { selector.set(value, at: "matchLabels", key) }
        }
        return selector
    }

    func terms(_ pod: JSON, _ kind: String) -> [JSON] {
        pod.at("spec", "affinity", kind, "requiredDuringSchedulingIgnoredDuringExecution")?.array ?? []
    }

    /// Whether a term of one pod selects another.
    func matches(_ term: JSON, of owner: (key: String, pod: JSON), _ key: String, _ pod: JSON) -> Bool {
        let names = term["namespaces"]?.array?.compactMap(\.string) ?? []
        let theirs = namespace(key)
        var isIn = names.contains(theirs)
        if let selector = term["namespaceSelector"] {
            isIn = isIn || selects(selector, namespaces[theirs].flatMap { labels($0) })
        } else if names.isEmpty {
            isIn = theirs == namespace(owner.key)
        }
        guard isIn, selects(term["labelSelector"], labels(pod)) else { return false }
        for key in term["matchLabelKeys"]?.array?.compactMap(\.string) ?? [] {
            if let own = labels(owner.pod)?[key], labels(pod)?[key] != own { return false }
        }
        for key in term["mismatchLabelKeys"]?.array?.compactMap(\.string) ?? [] {
            if let own = labels(owner.pod)?[key], labels(pod)?[key] == own { return false }
        }
        return true
    }
}
