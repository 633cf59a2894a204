import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Looks at the cluster now and then and writes the summary.
struct SimulationObserver {
    private(set) var summary = SimulationSummary()
    private let zero: Timestamp
    private var openReleases: [Int] = []
    /// The pods that were on the node of a failure that is not over.
    private var openFailures: [(index: Int, pods: [(key: String, uid: String)])] = []

    init(zero: Timestamp, workloads: [WorkloadName], book: NodeBook) {
        self.zero = zero
        summary.workloads = workloads
        for stay in book.stays where !summary.groups.contains(stay.group) {
            summary.groups.append(stay.group)
        }
        summary.groups.sort(by: utf8Less)
    }

    var isWatching: Bool { !openReleases.isEmpty || !openFailures.isEmpty }

    private func object(_ workload: WorkloadName, _ view: ClusterView) -> JSON? {
        view.object(CollectionID(group: "apps", resource: workload.plural), workload.key)
    }

    mutating func sample(_ view: ClusterView, now: Timestamp) {
        var nodes = [Int](repeating: 0, count: summary.groups.count)
        for node in view.objects(.nodes) {
            let group = node.value["metadata"]?["labels"]?["kops.k8s.io/instancegroup"]?.string ?? ""
            if let index = summary.groups.firstIndex(of: group) { nodes[index] += 1 }
        }
        summary.samples.append(
            SimulationSummary.Sample(
                time: now.since(zero),
                ready: summary.workloads.map {
                    object($0, view)?["status"]?["readyReplicas"]?.int ?? 0
                },
                nodes: nodes, pending: view.pods().count { $0.phase == .pending }))
    }

    mutating func released(_ workload: WorkloadName, now: Timestamp) {
        openReleases.append(summary.releases.count)
        summary.releases.append(.init(workload: workload, started: now.since(zero), took: nil))
    }

    mutating func failed(_ node: String, _ view: ClusterView, now: Timestamp) {
        let pods = view.pods(onNode: node).filter { $0.isActive && $0.controllerKind != "DaemonSet" }
        openFailures.append((summary.failures.count, pods.map { ($0.key, $0.uid) }))
        summary.failures.append(
            .init(node: node, at: now.since(zero), pods: pods.count, recovered: nil))
    }

    /// Sees whether releases and failures are over.
    mutating func look(_ view: ClusterView, now: Timestamp) {
        for index in openReleases {
            let release = summary.releases[index]
            guard let object = object(release.workload, view), isUpdated(object) else { continue }
            summary.releases[index].took = now.since(zero) - release.started
        }
        openReleases = openReleases.filter { summary.releases[$0].took == nil }
        guard !openFailures.isEmpty else { return }
        let areReady = summary.workloads.allSatisfy { workload in
            guard let object = object(workload, view) else { return true }
            return (object["status"]?["readyReplicas"]?.int ?? 0) >= (object["spec"]?["replicas"]?.int ?? 1)
        }
        for (index, pods) in openFailures where areReady {
            let areGone = pods.allSatisfy { old in
                view.pod(old.key).map { $0.uid != old.uid || !$0.isActive } ?? true
            }
            guard areGone else { continue }
            summary.failures[index].recovered = now.since(zero) - summary.failures[index].at
        }
        openFailures = openFailures.filter { summary.failures[$0.index].recovered == nil }
    }

    private func isUpdated(_ object: JSON) -> Bool {
        let status = object["status"]
        func count(_ key: String) -> Int { status?[key]?.int ?? 0 }
        let wanted = object["spec"]?["replicas"]?.int ?? 1
        guard count("observedGeneration") >= Int(object.generation) else { return false }
        return count("updatedReplicas") == wanted && count("replicas") == wanted
            && count("readyReplicas") == wanted
    }

    mutating func finish(_ book: NodeBook, now: Timestamp) {
        summary.nodeHours = summary.groups.map { _ in 0 }
        summary.cost = summary.nodeHours
        for stay in book.stays {
            guard let index = summary.groups.firstIndex(of: stay.group) else { continue }
            let from = max(stay.from, zero)
            let hours = max((stay.to ?? now).since(from), 0) / 3_600
            summary.nodeHours[index] += hours
            summary.cost[index] += hours * stay.price
            if stay.from > zero { summary.nodesMade += 1 }
            if stay.to.map({ $0 > zero }) ?? false { summary.nodesRemoved += 1 }
        }
    }
}
