import KubeAPI
import KubeEngine
import KubeJSON

/// How fast pods are evicted in each zone, by how much of it is down; and not at all when everything is,
/// for then it is the control plane that is cut off.
extension NodeLifecycleController {
    private func rate(_ state: EvictionZone.State, nodes: Int) -> Double {
        switch state {
        case .initial, .normal, .fullDisruption: configuration.evictionRate
        case .partialDisruption:
            nodes > configuration.largeClusterThreshold ? configuration.secondaryEvictionRate : 0
        }
    }

    /// - Returns: the writes that take NoExecute taints off again when all is down.
    mutating func assessDisruption(_ view: ClusterView, _ now: Timestamp) -> [ControllerWrite] {
        var counts: [String: (ready: Int, notReady: Int)] = [:]
        for case let (_, health)? in places where !health.isExcluded {
            if health.ready == .true {
                counts[health.zone, default: (0, 0)].ready += 1
            } else {
                counts[health.zone, default: (0, 0)].notReady += 1
            }
        }
        let states = counts.mapValues {
            EvictionZone.State(
                ready: $0.ready, notReady: $0.notReady, threshold: configuration.unhealthyZoneThreshold)
        }
        let isAllDown = states.values.allSatisfy { $0 == .fullDisruption }
        let wasAllDown = zones.allSatisfy { counts[$0.key] == nil || $0.value.state == .fullDisruption }
        if isAllDown, wasAllDown { return [] }
        if isAllDown {
            for key in Array(zones.keys) {
                zones[key]?.state = .fullDisruption
                zones[key]?.setRate(0, now)
            }
            return withoutExecutionTaints(view, now)
        }
        if wasAllDown {
            // Nobody is to be judged by the time in which nothing was heard of anybody.
            for place in places.indices { places[place]?.health.probed = now }
        }
        for (key, state) in states {
            guard wasAllDown || zones[key]?.state != state else { continue }
            let size = (counts[key]?.ready ?? 0) + (counts[key]?.notReady ?? 0)
            zones[key]?.state = state
            let rate = rate(state, nodes: size)
            zones[key]?.setRate(rate, now)
        }
        return []
    }

    private func withoutExecutionTaints(_ view: ClusterView, _ now: Timestamp) -> [ControllerWrite] {
        var writes: [ControllerWrite] = []
        for case let (name, _)? in places {
            guard let node = view.object(.nodes, name) else { continue }
            let taints = node["spec"]?["taints"]?.array ?? []
            let left = Self.executionTaints(taints, with: nil, now)
            if left.count == taints.count { continue }
            var write = NodeTaint.write(left, node)
            write.letsOthersGoOn = true
            writes.append(write)
        }
        return writes
    }
}
