import AegisCluster
import AegisPlatform
import KubeAPI
import KubeControllers
import KubeEngine
import KubeJSON
import KubeNode
import KubeRegistry
import KubeScheduler
import KubeStore
import Synchronization

/// A small cluster to which random things happen: operations of its users and faults of its machines, all
/// drawn from one seed, with every invariant asked after every step.
public final class Chaos {
    public enum Profile: String, Sendable, CaseIterable {
        /// Deployments and StatefulSets with budgets, under roll-outs, evictions and drains.
        case workloads
        /// A HorizontalPodAutoscaler, a quota, owners that go.
        case limits
        /// Node groups and their autoscaler.
        case nodes
    }

    let seed: UInt64
    let profile: Profile
    let cluster: VirtualCluster
    private let mirror: StoreMirror
    var invariants: ClusterInvariants
    public private(set) var violations: [Violation] = []
    private var before: ClusterView
    private let log: (@Sendable (String) -> Void)?
    private let conflicts = Conflicts()
    /// Longest time for which a watch is slow.
    static let longestHold = 4.0
    static let delays = (afterAdd: 40.0, unneeded: 60.0)

    /// Writes that are to be refused.
    private final class Conflicts: Sendable {
        private let state = Mutex<(left: Int, bits: UInt64)>((0, 0))

        func start(_ count: Int, bits: UInt64) { state.withLock { $0 = (count, bits) } }

        func refusal(_ write: ControllerWrite) -> APIStatus? {
            let hits = state.withLock { state in
                guard state.left > 0 else { return false }
                state.left -= 1
                state.bits = state.bits >> 1 | state.bits << 63
                return state.bits & 1 == 1
            }
            guard hits else { return nil }
            let resource = GroupResource(write.group, write.plural)
            switch write.operation {
            case .update, .patch, .bind: return .staleConflict(resource, write.name)
            case .create, .delete, .evict: return .internalError("the store is busy")
            }
        }
    }

    /// Runs one seed to its end.
    /// - Returns: what was broken, in order; at most a few.
    public static func run(
        _ profile: Profile, seed: UInt64, log: (@Sendable (String) -> Void)? = nil
    ) throws -> [Violation] {
        let chaos = try Chaos(profile, seed: seed, log: log)
        try chaos.run()
        return chaos.violations
    }

    private init(_ profile: Profile, seed: UInt64, log: (@Sendable (String) -> Void)?) throws {
        self.seed = seed
        self.profile = profile
        self.log = log
        cluster = try VirtualCluster(seed: seed, loops: (0..<3).map { Self.loop($0, profile, seed) })
        mirror = try StoreMirror(cluster.registry)
        before = mirror.view
        invariants = ClusterInvariants(
            lag: Self.longestHold + 2, nodeDelays: profile == .nodes ? Self.delays : nil)
        for loop in cluster.loops { loop.refuse { [conflicts] write, _ in conflicts.refusal(write) } }
    }

    private static func loop(_ index: Int, _ profile: Profile, _ seed: UInt64) -> [any Controller] {
        var nodes = NodeAgents.Options()
        nodes.leasePeriod = 20
        nodes.statusPeriod = 3_600
        nodes.seed = seed
        nodes.recordsNormalEvents = false
        var model = HollowModel()
        model.startSeconds = 0.5
        model.stopSeconds = 0.5
        if profile != .nodes {
            nodes.nodes = (1...4).map {
                NodeTemplate(
                    name: "n\($0)", capacity: ["cpu": "2", "memory": "4Gi", "pods": "20"])
            }
        }
        var autoscaling = NodeAutoscaler.Options()
        autoscaling.delayAfterAdd = delays.afterAdd
        autoscaling.unneededTime = delays.unneeded
        switch index {
        case 0:
            return Controllers.all(
                rootCertificate: "PEM", metrics: MeasuredMetrics(ClusterControllers.metrics(seed: seed)))
        case 1:
            let scheduler = SchedulerController(seed: seed)
            return profile == .nodes
                ? [scheduler, NodeGroupController(), NodeAutoscaler(autoscaling, seed: seed)] : [scheduler]
        default: return [NodeAgents.hollow(nodes, model: model)]
        }
    }

    // MARK: Dice

    func roll(_ sides: Int) -> Int { Int(cluster.random() % UInt64(max(sides, 1))) }
    func pick<T>(_ items: [T]) -> T? { items.isEmpty ? nil : items[roll(items.count)] }
    var view: ClusterView { before }

    // MARK: Steps

    func say(_ text: @autoclosure () -> String) { log?("\(cluster.now.rfc3339Micro) \(text())") }

    private func note(_ found: [Violation]) {
        for violation in found where violations.count < 5 {
            violations.append(violation)
            say("VIOLATION \(violation)")
        }
    }

    /// Takes in what a client did.
    func observe(_ trace: ControllerEngine.Trace? = nil) {
        guard let events = try? mirror.update(), !events.isEmpty else { return }
        let after = mirror.view
        let step = ClusterInvariants.Step(
            trace: trace, events: events, before: before, after: after, now: trace?.time ?? cluster.now)
        before = after
        note(invariants.check(step))
    }

    func advance(_ seconds: Double) {
        cluster.run(for: seconds) { trace in
            if trace.writes.isEmpty, trace.failure == nil { return }
            say("\(trace)")
            observe(trace)
        }
    }

    /// An operation of a client, which may be refused.
    func attempt(_ words: String, _ operation: () throws -> Void) {
        do {
            try operation()
            say("== \(words)")
        } catch {
            say("== \(words): \((error as? APIStatus)?.message ?? "\(error)")")
        }
        observe()
    }

    // MARK: The course of it

    private func run() throws {
        observe()
        advance(1)
        try build()
        advance(8)
        let count = profile == .nodes ? 8 : 10
        let pace = profile == .nodes ? 4.0 : profile == .limits ? 3 : 1.3
        for _ in 0..<count {
            if !violations.isEmpty { return }
            if roll(2) == 0 { fault() } else { operate() }
            if roll(3) == 0 { operate() }
            advance(Double(roll(8)) * pace)
        }
        conflicts.start(0, bits: 0)
        for node in view.objects(.nodes) where !isWell(node.value) { heal(node.name) }
        advance(profile == .nodes ? 150 : 25)
        let collections = cluster.registry.store.counts.map(\.0).sorted {
            utf8Less($0.description, $1.description)
        }
        // What is not needed may still be on its way out.
        note(invariants.settled(mirror.view, collections, now: cluster.now))
    }

    private func fault() {
        switch roll(6) {
        case 0:
            let index = roll(3)
            let controllers = Self.loop(index, profile, seed)
            attempt("restart of loop \(index)") {
                try cluster.registry.store.flush()
                try cluster.restart(index, with: controllers)
            }
            let loop = cluster.loops[index]
            loop.refuse { [conflicts] write, _ in conflicts.refusal(write) }
            if index == 0 { invariants.restartedPodAutoscaler() }
            if index == 1 { invariants.restartedNodeAutoscaler(now: cluster.now) }
        case 1, 2:
            let index = roll(3)
            let until = cluster.now.adding(0.5 + Double(roll(8)) * 0.5)
            say("== loop \(index) sees nothing new until \(until.rfc3339Micro)")
            cluster.loops[index].hold(until: min(until, cluster.now.adding(Self.longestHold)))
            invariants.held(until: until)
        case 3:
            let bits = cluster.random() & cluster.random()
            say("== conflicts")
            conflicts.start(10 + roll(30), bits: bits)
        case 4:
            guard let node = pick(view.objects(.nodes)) else { return }
            if isWell(node.value), view.objects(.nodes).count(where: { !isWell($0.value) }) < 2 {
                attempt("\(node.name) falls silent") {
                    try cluster.patch(
                        "v1", "nodes", node.name,
                        ["metadata": ["annotations": [HollowNode.silent: "true"]]], in: "")
                }
            } else {
                heal(node.name)
            }
        default:
            guard let pod = pick(view.pods(in: "default").filter(\.isActive)) else { return }
            attempt("pod \(pod.name) is deleted") {
                try cluster.delete("v1", "pods", pod.name, gracePeriodSeconds: roll(2))
            }
        }
    }

    private func isWell(_ node: JSON) -> Bool {
        node["metadata"]?["annotations"]?[HollowNode.silent] == nil
            && node["spec"]?["unschedulable"]?.bool != true
    }

    private func heal(_ node: String) {
        attempt("\(node) is well") {
            try cluster.patch(
                "v1", "nodes", node,
                [
                    "metadata": ["annotations": [HollowNode.silent: .null]],
                    "spec": ["unschedulable": .null],
                ], in: "")
        }
    }

    /// Cordons a node and evicts what is on it.
    func drain(_ node: String) {
        attempt("drain of \(node)") {
            try cluster.patch("v1", "nodes", node, ["spec": ["unschedulable": true]], in: "")
        }
        for pod in view.pods(onNode: node) where pod.isActive { evict(pod) }
    }

    func evict(_ pod: PodSummary) {
        var isDone = false
        attempt("eviction of \(pod.name)") {
            var request = try cluster.request("v1", "pods", pod.namespace, pod.name)
            request.subresource = "eviction"
            _ = try cluster.registry.evict(&request, eviction: [:])
            isDone = true
        }
        guard isDone else { return }
        note(invariants.evicted(pod, wasReady: pod.isReady && pod.isActive, view, now: cluster.now))
    }
}
