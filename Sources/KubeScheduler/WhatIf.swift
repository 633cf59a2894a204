import KubeAPI
import KubeJSON

extension Scheduler {
    /// Whether a pod could go to a node that is not there yet.
    public enum Fit: Sendable, Equatable {
        case fits
        /// Upstream's reasons.
        case doesNotFit([String])
    }

    /// Where pods would go.
    public struct Simulation: Sendable {
        /// Nodes by pod key.
        public var placements: [String: String] = [:]
        /// Messages by pod key.
        public var unschedulable: [String: String] = [:]
        /// The cluster as it would be.
        public var scheduler: Scheduler
    }

    /// Asks whether a pod would fit on a new node made from a template, beside what the node brings along.
    /// This value does not change.
    /// - Parameter daemonPods: pods that a new node gets at once, whose requests count.
    public func fits(_ pod: JSON, onNewNode template: JSON, daemonPods: [JSON] = []) -> Fit {
        var copy = self
        let name = template["metadata"]?["name"]?.string ?? "template"
        var unique = name
        while copy.nodes.slots[unique] != nil { unique += "-new" }
        var node = template
        node.set(.string(unique), at: "metadata", "name")
        if node.at("metadata", "labels", SpreadConstraint.hostnameKey)?.string ?? name == name {
            node.set(.string(unique), at: "metadata", "labels", SpreadConstraint.hostnameKey)
        }
        copy.nodeChanged(unique, node)
        for (index, daemonPod) in daemonPods.enumerated() {
            var placed = daemonPod
            placed.set(.string(unique), at: "spec", "nodeName")
            placed.set(.string("what-if-\(index)"), at: "metadata", "uid")
            copy.podChanged("what-if/daemon-\(index)", placed, now: clock)
        }
        return copy.fits(pod, on: unique)
    }

    /// Asks whether a pod would fit on a node as it is now.
    public func fits(_ pod: JSON, on node: String) -> Fit {
        var copy = self
        guard let slot = copy.nodes.slots[node], copy.nodes.descriptions[slot] != nil else {
            return .doesNotFit(["node \"\(node)\" not found"])
        }
        let key = Self.key(of: pod)
        if copy.pods[key] != nil { copy.podChanged(key, nil, now: clock) }
        var waiting = pod
        waiting["spec"]?.removeValue(forKey: "nodeName")
        let namespace = String(key.prefix { $0 != "/" })
        let number = copy.classNumber(for: waiting, namespace: namespace)
        guard let own = copy.classes[number]?.own, let entry = copy.entry(of: number) else { return .fits }
        let record = PodRecord(key: key, waiting, podClass: number)
        var plan: VolumePlan?
        if let volumes = record.volumes {
            do throws(VolumePlan.Refusal) {
                plan = try VolumePlan(volumes, namespace: namespace, pod: waiting, copy.storage)
            } catch {
                return .doesNotFit([error.message])
            }
        }
        var attempt = Attempt(
            pod: -1, number: number, own: own, entry: entry, cache: copy.takeCache(of: own.shape, entry),
            topology: copy.takeTopology(of: number, entry), plan: plan, priority: record.priority,
            namespace: namespace)
        if let names = entry.shape.namedNodes, !names.contains(node) {
            return .doesNotFit([NodeAffinity.reason])
        }
        let code = copy.verdictWithNominated(slot, &attempt)
        return code == 0 ? .fits : .doesNotFit(copy.reasons[code].texts)
    }

    /// Lets pods, and those that wait already, find nodes after some were added. This value does not change.
    /// - Parameter existing: whether the waiting pods take part.
    public func simulate(
        pods list: [JSON], adding newNodes: [JSON] = [], includingWaiting existing: Bool = false
    ) -> Simulation {
        var copy = self
        for node in newNodes { copy.nodeChanged(node["metadata"]?["name"]?.string ?? "", node) }
        var wanted: Set<String> = []
        for (index, record) in copy.pods.records.enumerated() {
            guard let record, record.slot < 0, record.queue.place != .gated else { continue }
            if existing {
                wanted.insert(record.key)
                copy.enqueueActive(index)
            } else {
                copy.leaveQueue(index)
            }
        }
        for (index, pod) in list.enumerated() {
            let key = Self.key(of: pod)
            wanted.insert(key)
            var pod = pod
            pod["spec"]?.removeValue(forKey: "nodeName")
            if pod["metadata"]?["uid"] == nil { pod.set(.string("what-if-\(index)"), at: "metadata", "uid") }
            if copy.pods[key] != nil { copy.podChanged(key, nil, now: clock) }
            copy.podChanged(key, pod, now: clock)
        }
        var result = Simulation(scheduler: copy)
        var tried: Set<String> = []
        copy.announcements = []
        while let pod = copy.popPod(now: copy.clock) {
            guard let key = copy.pods.records[pod]?.key, wanted.contains(key), tried.insert(key).inserted,
                let decision = copy.schedule(pod)
            else { continue }
            switch decision.outcome {
            case .bind(let node, _): result.placements[key] = node
            case .unschedulable(let rejection): result.unschedulable[key] = rejection.message
            case .gated: break
            }
        }
        result.scheduler = copy
        return result
    }

    private static func key(of pod: JSON) -> String {
        let metadata = pod["metadata"]
        return "\(metadata?["namespace"]?.string ?? "default")/\(metadata?["name"]?.string ?? "what-if")"
    }
}
