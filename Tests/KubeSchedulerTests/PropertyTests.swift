import KubeAPI
import KubeJSON
import Testing

@testable import KubeScheduler

/// The scheduler decides as the plain reading of the rules does, in clusters that change all the time.
@Suite struct PropertyTests {
    /// A scheduler beside the plain one, both told the same.
    struct Pair {
        var scheduler: Scheduler
        var plain = PlainScheduler()
        var random: RandomCluster
        var waiting: [String: JSON] = [:]
        var nominations: [String: String] = [:]
        var sequences: [String: Int] = [:]
        var now = Timestamp(seconds: 1_000)
        /// What came up, so that the test can tell that it tests something.
        var seen: Set<String> = []

        init(seed: UInt64) {
            scheduler = Scheduler(seed: seed)
            random = RandomCluster(seed: seed &* 7919 &+ 1)
            for (name, team) in [("default", "a"), ("other", "b")] {
                let namespace: JSON = [
                    "metadata": ["name": .string(name), "labels": ["team": .string(team)]]
                ]
                scheduler.objectChanged(.namespace, key: name, namespace)
                plain.namespaces[name] = namespace
            }
            if random.chance(50) {
                let selector: JSON = ["app": "web"]
                scheduler.objectChanged(.service, key: "default/web", ["spec": ["selector": selector]])
                plain.services.append(("default", selector))
            }
            for app in ["db", "web"] where random.chance(50) {
                let set: JSON = ["spec": ["selector": ["matchLabels": ["app": .string(app)]]]]
                scheduler.objectChanged(.replicaSet, key: "default/\(app)-set", set)
                plain.replicaSets["default/\(app)-set"] = set
            }
            if random.chance(50) {
                let budget: JSON = [
                    "spec": ["selector": ["matchLabels": ["app": "web"]]],
                    "status": ["disruptionsAllowed": 1],
                ]
                scheduler.objectChanged(.podDisruptionBudget, key: "default/budget", budget)
                plain.budgets.append(("default/budget", budget))
            }
        }

        mutating func addNode() {
            let (name, node) = random.node()
            plain.nodes.append((name, node))
            scheduler.nodeChanged(name, node)
        }

        mutating func changeNode() {
            guard !plain.nodes.isEmpty else { return }
            let index = random.random.below(plain.nodes.count)
            let name = plain.nodes[index].name
            let node = random.node(named: name)
            let old = plain.nodes[index].node
            if plain.label(old, zoneKey) != plain.label(node, zoneKey) {
                // A node that changes its zone goes to the end of the new one.
                var nodes = plain.nodes
                nodes.remove(at: index)
                nodes.append((name, node))
                plain.nodes = nodes
            } else {
                plain.nodes[index].node = node
            }
            scheduler.nodeChanged(name, node)
        }

        mutating func removeNode() {
            guard plain.nodes.count > 1 else { return }
            let index = random.random.below(plain.nodes.count)
            let name = plain.nodes.remove(at: index).name
            scheduler.nodeChanged(name, nil)
            if random.chance(70) {
                for pod in plain.placed where pod.node == name { remove(pod.key) }
            }
        }

        mutating func addPod() {
            let (key, pod) = random.pod()
            sequences[key] = sequences.count
            if random.chance(15), let node = plain.nodes.randomElement(using: &random.random) {
                // Somebody else placed it.
                var bound = pod
                bound.set(.string(node.name), at: "spec", "nodeName")
                bound.set(
                    .string(Timestamp(seconds: Int64(random.random.below(900))).rfc3339), at: "status",
                    "startTime")
                scheduler.podChanged(key, bound, now: now)
                plain.placed.append(
                    PlainScheduler.Placed(
                        key: key, pod: bound, node: node.name, sequence: sequences[key] ?? 0))
                return
            }
            waiting[key] = pod
            scheduler.podChanged(key, pod, now: now)
        }

        mutating func remove(_ key: String) {
            scheduler.podChanged(key, nil, now: now)
            waiting[key] = nil
            nominations[key] = nil
            plain.placed.removeAll { $0.key == key }
            plain.nominated.removeAll { $0.key == key }
        }

        mutating func removePod() {
            let keys = plain.placed.map(\.key) + waiting.keys.sorted()
            if !keys.isEmpty { remove(random.pick(keys)) }
        }

        mutating func terminatePod() {
            guard !plain.placed.isEmpty else { return }
            let index = random.random.below(plain.placed.count)
            plain.placed[index].pod.set("2020-01-01T00:00:00Z", at: "metadata", "deletionTimestamp")
            scheduler.podChanged(plain.placed[index].key, plain.placed[index].pod, now: now)
        }

        mutating func relabelPod() {
            guard !plain.placed.isEmpty else { return }
            let index = random.random.below(plain.placed.count)
            let app = random.pick(["web", "db", "job"])
            plain.placed[index].pod.set(.string(app), at: "metadata", "labels", "app")
            scheduler.podChanged(plain.placed[index].key, plain.placed[index].pod, now: now)
        }

        static let texts = [
            "Too many pods", "Insufficient cpu", "Insufficient memory", "Insufficient ephemeral-storage",
            "Insufficient example.com/gpu", "node(s) were unschedulable", "untolerated taint(s)",
            "didn't match Pod's node affinity/selector", "didn't have free ports",
            "topology spread constraints,", "(missing required label)", "pod affinity rules",
            "pod anti-affinity rules", "existing pods anti-affinity rules", "No preemption victims found",
            "Preemption is not helpful", "didn't satisfy plugin(s) [NodeAffinity]", "preemptionPolicy=Never",
        ]

        /// Without pods and nodes nothing is kept for them.
        func expectNothing(_ seed: UInt64) {
            let left = scheduler
            #expect(left.classes.allSatisfy { $0 == nil }, "seed \(seed)")
            #expect(left.shapes.allSatisfy { $0 == nil }, "seed \(seed)")
            #expect(left.classNumbers.isEmpty && left.shapeNumbers.isEmpty, "seed \(seed)")
            #expect(left.termClasses.isEmpty && left.nominated.isEmpty, "seed \(seed)")
            #expect(left.nodes.slots.isEmpty && left.nodes.count == 0, "seed \(seed)")
            #expect(left.nodes.ports.isEmpty && left.storage.users.isEmpty, "seed \(seed)")
            for amounts in [
                left.nodes.usedMilliCPU, left.nodes.usedMemory, left.nodes.usedEphemeralStorage,
                left.nodes.nonZeroMilliCPU, left.nodes.nonZeroMemory,
            ] + left.nodes.usedScalars {
                #expect(amounts.allSatisfy { $0 == 0 }, "seed \(seed)")
            }
            #expect(left.queue.unschedulable.isEmpty && left.pendingCount == 0, "seed \(seed)")
        }

        let zoneKey = "topology.kubernetes.io/zone"

        /// Takes decisions until there is no work, and compares each.
        mutating func settle(_ seed: UInt64) {
            for _ in 0..<200 {
                now = now.adding(seconds: 1)
                plain.generator = scheduler.generator
                plain.startIndex = scheduler.startIndex
                plain.now = now
                guard let decision = scheduler.next(now: now) else { break }
                let key = decision.podKey
                guard let pod = waiting[key] else {
                    Issue.record("seed \(seed): decided about \(key), which does not wait")
                    return
                }
                let expected = plain.decide(key, pod, nominatedNode: nominations[key])
                switch decision.outcome {
                case .bind(let node, _):
                    seen.insert(nominations[key] == node ? "bound where nominated" : "bound")
                    #expect(expected == .bind(node), "seed \(seed), \(key): \(pod)")
                    if expected != .bind(node) { return }
                    bound(key, pod, node)
                case .unschedulable(let rejection):
                    let actual = PlainScheduler.Answer.unschedulable(
                        rejection.message, nominated: rejection.nominatedNode, victims: rejection.victims)
                    if !rejection.victims.isEmpty { seen.insert("preempted") }
                    if rejection.nominatedNode == "" { seen.insert("nomination cleared") }
                    for text in Self.texts where rejection.message.contains(text) { seen.insert(text) }
                    #expect(expected == actual, "seed \(seed), \(key): \(pod)")
                    if expected != actual { return }
                    rejected(key, pod, rejection)
                case .gated: Issue.record("seed \(seed): \(key) has no gates")
                }
                #expect(
                    plain.startIndex == scheduler.startIndex,
                    "seed \(seed), \(key): where the next one starts")
            }
            // Hints may wake too many pods, never too few.

            for (key, pod) in waiting where nominations[key] == nil {
                guard let number = scheduler.pods[key],
                    scheduler.pods.records[number]?.queue.place == .unschedulable
                else { continue }
                let fits = plain.nodes.contains { plain.check(key, pod, $0, plain.placed) == nil }
                let plugins = scheduler.pods.records[number]?.queue.plugins.names ?? []
                #expect(!fits, "seed \(seed): \(key) waits for \(plugins), but there is a node: \(pod)")
            }
        }

        mutating func bound(_ key: String, _ pod: JSON, _ node: String) {
            waiting[key] = nil
            nominations[key] = nil
            plain.nominated.removeAll { $0.key == key }
            var bound = pod
            bound.set(.string(node), at: "spec", "nodeName")
            if random.chance(80) {
                if random.chance(70) {
                    bound.set(.string(now.rfc3339), at: "status", "startTime")
                }
                scheduler.podChanged(key, bound, now: now)
                plain.placed.append(
                    PlainScheduler.Placed(key: key, pod: bound, node: node, sequence: sequences[key] ?? 0))
            } else {
                scheduler.bindingFailed(key)
                waiting[key] = pod
            }
        }

        mutating func rejected(_ key: String, _ pod: JSON, _ rejection: Rejection) {
            guard let node = rejection.nominatedNode else { return }
            plain.nominated.removeAll { $0.key == key }
            nominations[key] = node.isEmpty ? nil : node
            if !node.isEmpty { plain.nominated.append((key, pod, node)) }
            for cleared in rejection.clearedNominations {
                nominations[cleared] = nil
                plain.nominated.removeAll { $0.key == cleared }
            }
            for victim in rejection.victims { remove(victim) }
        }
    }

    @discardableResult
    static func run(seed: UInt64, nodes: Int, steps: Int, topology: Bool = true) -> Set<String> {
        var pair = Pair(seed: seed)
        pair.random.usesTopology = topology
        for _ in 0..<nodes { pair.addNode() }
        for _ in 0..<steps {
            switch pair.random.random.below(100) {
            case ..<62: for _ in 0..<(1 + pair.random.random.below(3)) { pair.addPod() }
            case ..<78: pair.removePod()
            case ..<84: pair.terminatePod()
            case ..<88: pair.relabelPod()
            case ..<94: pair.changeNode()
            case ..<97: pair.addNode()
            default: pair.removeNode()
            }
            pair.settle(seed)
        }
        for key in pair.plain.placed.map(\.key) + pair.waiting.keys.sorted() { pair.remove(key) }
        for name in pair.plain.nodes.map(\.name) { pair.scheduler.nodeChanged(name, nil) }
        pair.expectNothing(seed)
        return pair.seen
    }

    @Test(arguments: 0..<10) func smallClusters(block: Int) {
        var seen: Set<String> = []
        for seed in 0..<100 {
            seen.formUnion(Self.run(seed: UInt64(block * 100 + seed), nodes: 2 + seed % 5, steps: 16))
        }
        let wanted = Pair.texts + ["bound", "bound where nominated", "preempted"]
        for text in wanted { #expect(seen.contains(text), "block \(block): \(text) never came up") }
    }

    @Test func largeClustersAreSampled() {
        for seed in 0..<3 { Self.run(seed: UInt64(50_000 + seed), nodes: 130, steps: 6, topology: false) }
    }
}
