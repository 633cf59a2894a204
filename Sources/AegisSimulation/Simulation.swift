import AegisCluster
import AegisPlatform
import KubeAPI
import KubeAuth
import KubeEngine
import KubeJSON
import KubeNode
import KubeStore

/// A platform on hollow nodes in virtual time: the API's own operations, every control loop of the cluster and
/// a scenario. The same platform, seed and scenario give the same trace, byte for byte.
public struct Simulation: Sendable {
    private let platform: Platform
    private let seed: UInt64
    private let scenario: Scenario

    /// What keeps a simulation from starting.
    public struct Problem: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    public init(_ platform: Platform, seed: UInt64, scenario: Scenario) {
        self.platform = platform
        self.seed = seed
        self.scenario = scenario
    }

    /// - Parameter trace: is told of every reconciliation that wrote or failed.
    /// - Throws: `Problem`, with the file and line of what the cluster refuses.
    public func run(
        trace: (ControllerEngine.Trace) -> Void = { _ in }
    ) throws -> SimulationResult {
        var nodes = NodeAgents.Options()
        nodes.leasePeriod = scenario.leasePeriod
        nodes.statusPeriod = scenario.statusPeriod
        nodes.leaseDuration = max(40, Int(scenario.leasePeriod))
        let cluster = try VirtualCluster(
            seed: seed, start: scenario.start,
            controllers: ClusterControllers.all(.none, seed: seed, nodes: nodes, model: scenario.model))
        var recorder = TraceRecorder()
        func run(until time: Timestamp) {
            cluster.run(until: time) { step in
                recorder.add(step)
                if !step.writes.isEmpty || step.failure != nil { trace(step) }
            }
        }
        run(until: cluster.now)
        try apply(to: cluster, run: run)
        let zero = Timestamp(seconds: scenario.start).adding(scenario.settling)
        run(until: zero)

        let end = zero.adding(scenario.duration)
        var observer = SimulationObserver(
            zero: zero, workloads: workloads, book: recorder.nodes)
        var timeline = Timeline(scenario)
        var nextSample = zero
        while true {
            if cluster.now >= nextSample {
                observer.sample(cluster.loop.view, now: cluster.now)
                nextSample = nextSample.adding(scenario.samplePeriod)
            }
            while let action = timeline.next(until: cluster.now.since(zero)) {
                perform(action, cluster, &observer, &timeline)
            }
            guard cluster.now < end else { break }
            var next = min(end, nextSample)
            if let time = timeline.nextTime { next = min(next, zero.adding(time)) }
            // What is under way is looked at closely.
            if observer.isWatching { next = min(next, cluster.now.adding(5)) }
            run(until: max(next, cluster.now.adding(0.001)))
            if observer.isWatching { observer.look(cluster.loop.view, now: cluster.now) }
        }
        observer.finish(recorder.nodes, now: cluster.now)
        return SimulationResult(
            hash: recorder.hash, steps: recorder.steps, writes: recorder.writes, summary: observer.summary,
            objects: cluster.registry.store.counts.reduce(0) { $0 + $1.count })
    }

    /// Deployments and StatefulSets of the platform and the scenario, in order of writing.
    private var workloads: [WorkloadName] {
        (platform.manifests.map(\.object) + scenario.extras).compactMap { object in
            let namespace = object.namespace.isEmpty ? "default" : object.namespace
            switch object["kind"]?.string {
            case "Deployment": return WorkloadName("deployments", namespace, object.name)
            case "StatefulSet": return WorkloadName("statefulsets", namespace, object.name)
            default: return nil
            }
        }
    }

    // MARK: The platform

    private func apply(to cluster: VirtualCluster, run: (Timestamp) -> Void) throws {
        // Nobody logs in there: what Secrets hold must only be the same in every run.
        let plan = PlatformPlan(platform, present: cluster.registry) { String(repeating: "x", count: $0) }
        if let problem = plan.problems.first { throw Problem(description: "\(problem)") }
        let applier = Applier(cluster.registry)
        var extras = scenario.extras
        if scenario.suppliesReferences {
            let written = plan.manifests.map(\.object) + extras
            extras = References(of: written).objects(besides: written) + extras
        }
        let extra = extras.flatMap {
            ManifestReader.read(YAML.string($0), file: "scenario", format: .yaml).manifests
        }
        func apply(_ manifests: [Manifest]) throws {
            for manifest in manifests {
                do throws(APIStatus) {
                    _ = try applier.apply(manifest)
                } catch {
                    let problems = Applier.problems(manifest, error)
                    throw Problem(description: problems.map { "\($0)" }.joined(separator: "\n"))
                }
                // A definition is to be served, and a namespace to have its account, before they are used.
                if ["Namespace", "CustomResourceDefinition"].contains(manifest.kind) {
                    run(cluster.now.adding(1))
                }
            }
        }
        try apply(plan.provided)
        try apply(Applier.ordered(plan.manifests.map { manifest in loaded(manifest) } + extra))
    }

    /// With the load that the scenario puts on it.
    private func loaded(_ manifest: Manifest) -> Manifest {
        var object = manifest.object
        guard object["spec"]?["template"] != nil, manifest.group == "apps" else { return manifest }
        let namespace = object.namespace.isEmpty ? "default" : object.namespace
        let load = scenario.loads.first {
            $0.workload.key == "\(namespace)/\(object.name)"
                && $0.workload.plural == manifest.kind.lowercased() + "s"
        }
        guard let load else { return manifest }
        object.set(
            .string(load.text), at: "spec", "template", "metadata", "annotations",
            HollowModel.prefix + "load-cpu")
        return ManifestReader.read(YAML.string(object), file: manifest.file, format: .yaml).manifests.first
            ?? manifest
    }

    // MARK: What happens to it

    private func perform(
        _ action: Timeline.Action, _ cluster: VirtualCluster, _ observer: inout SimulationObserver,
        _ timeline: inout Timeline
    ) {
        let now = cluster.now
        switch action {
        case .failNode:
            let view = cluster.loop.view
            let candidates = view.objects(.nodes).filter { node in
                let metadata = node.value["metadata"]
                return metadata?["labels"]?["node-role.kubernetes.io/control-plane"] == nil
                    && metadata?["annotations"]?[HollowNode.silent] == nil
            }
            guard !candidates.isEmpty else { return }
            let node = candidates[Int(cluster.random() % UInt64(candidates.count))]
            try? cluster.patch(
                "v1", "nodes", node.name, ["metadata": ["annotations": [HollowNode.silent: "true"]]], in: "")
            observer.failed(node.name, view, now: now)
            timeline.replace(
                node.name, uid: node.value.uid, after: scenario.nodeFailures?.replacedAfter ?? 600)
        case .replaceNode(let name, let uid):
            // Gone already if the autoscaler took it away.
            guard cluster.registry.lookup("", "nodes", name)?.uid == uid else { return }
            try? cluster.delete("v1", "nodes", name, in: "")
        case .rollOut(let workload):
            let patch: JSON = [
                "spec": [
                    "template": [
                        "metadata": [
                            "annotations": ["kubectl.kubernetes.io/restartedAt": .string(now.rfc3339)]
                        ]
                    ]
                ]
            ]
            try? cluster.patch("apps/v1", workload.plural, workload.name, patch, in: workload.namespace)
            observer.released(workload, now: now)
        case .scale(let workload, let replicas):
            try? cluster.patch(
                "apps/v1", workload.plural, workload.name,
                ["spec": ["replicas": .integer(Int64(replicas))]],
                in: workload.namespace)
        }
    }
}
