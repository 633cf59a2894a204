import KubeAPI
import KubeJSON

/// Which waiting pods a change may help. A pod is woken when one of the plugins that rejected it may change
/// its mind.
extension Scheduler {
    mutating func wakeAfterNodeChange(from old: NodeDescription?, to new: NodeDescription) {
        let all: PluginSet = [
            PluginSet(.nodeUnschedulable), PluginSet(.nodeName), PluginSet(.taintToleration),
            PluginSet(.nodeAffinity), PluginSet(.nodePorts), PluginSet(.nodeResourcesFit),
            PluginSet(.nodeVolumeLimits), PluginSet(.volumeBinding), PluginSet(.volumeZone),
            PluginSet(.podTopologySpread), PluginSet(.interPodAffinity), PluginSet(.dynamicResources),
        ]
        if queue.unschedulable.isEmpty { return }
        let labelsChanged = old?.labels != new.labels
        let taintsChanged = old?.taints != new.taints
        let grew =
            old == nil || old.map { new.offersMore(than: $0) } == true
        let shapes = shapes
        wake(all, byClass: true) { _, own, plugins in
            guard let shape = shapes[own.shape]?.entry.shape else { return false }
            var helps = false
            if plugins.contains(.nodeUnschedulable), old?.isUnschedulable != new.isUnschedulable {
                helps = helps || NodeUnschedulable.admits(shape, new)
            }
            if plugins.contains(.taintToleration), taintsChanged {
                helps = helps || TaintToleration.untolerated(shape, new) == nil
            }
            if plugins.contains(.nodeAffinity), labelsChanged {
                helps = helps || NodeAffinity.matches(shape, new)
            }
            if plugins.contains(.nodeResourcesFit), grew {
                helps = helps || NodeResourcesFit.couldFit(shape, new)
            }
            if plugins.contains(.nodePorts), old == nil { helps = true }
            if plugins.contains(.podTopologySpread), labelsChanged || taintsChanged {
                let has = { (node: NodeDescription?) in
                    own.hardSpread.allSatisfy { node?.labels[$0.constraint.topologyKey] != nil }
                }
                helps = helps || has(new) || (old != nil && has(old))
            }
            if plugins.contains(.interPodAffinity), labelsChanged { helps = true }
            if !plugins.isDisjoint(with: [
                PluginSet(.volumeBinding), PluginSet(.volumeZone), PluginSet(.nodeVolumeLimits),
                PluginSet(.dynamicResources),
            ]) {
                helps = helps || old == nil || labelsChanged
            }
            return helps
        }
    }

    /// A pod was placed by somebody: pods may want to be near it, or domains are less even than before.
    mutating func wakeAfterPlacement(of number: Int) {
        guard !queue.unschedulable.isEmpty, let placed = classes[number]?.own else { return }
        let namespaces = namespaces
        wake([PluginSet(.interPodAffinity), PluginSet(.podTopologySpread)], byClass: true) {
            _, own, plugins in
            if plugins.contains(.interPodAffinity),
                own.requiredAffinity.contains(where: {
                    $0.matches(placed.labels, namespaceLabels: namespaces)
                })
            {
                return true
            }
            return plugins.contains(.podTopologySpread) && own.isSpread(with: placed.labels)
        }
    }

    /// A placed pod is on its way out and does not count for spreading any more.
    mutating func wakeAfterTermination(of number: Int) {
        guard !queue.unschedulable.isEmpty, let leaving = classes[number]?.own else { return }
        wake(PluginSet(.podTopologySpread), byClass: true) { _, own, _ in own.isSpread(with: leaving.labels) }
    }

    /// A placed pod is gone, or the place that was kept for one.
    /// - Parameter besides: a pod that is not to be woken by it.
    mutating func wakeAfterRemoval(of removed: PodRecord, besides: String? = nil) {
        guard !queue.unschedulable.isEmpty, let gone = classes[removed.podClass]?.own,
            let goneShape = shapes[gone.shape]?.entry.shape
        else { return }
        let namespaces = namespaces
        let shapes = shapes
        wake(
            [
                PluginSet(.nodeResourcesFit), PluginSet(.nodePorts), PluginSet(.volumeRestrictions),
                PluginSet(.nodeVolumeLimits), PluginSet(.podTopologySpread), PluginSet(.interPodAffinity),
                PluginSet(.volumeBinding),
            ], byClass: removed.volumes == nil && besides == nil
        ) { pod, own, plugins in
            if pod.key == besides { return false }
            if plugins.contains(.nodeResourcesFit) { return true }
            if plugins.contains(.nodePorts), let shape = shapes[own.shape]?.entry.shape,
                shape.ports.contains(where: { port in goneShape.ports.contains { $0.conflicts(with: port) } })
            {
                return true
            }
            if removed.volumes != nil, pod.volumes != nil,
                !plugins.isDisjoint(with: [
                    PluginSet(.volumeRestrictions), PluginSet(.nodeVolumeLimits), PluginSet(.volumeBinding),
                ])
            {
                return true
            }
            if plugins.contains(.podTopologySpread), own.isSpread(with: gone.labels) { return true }
            guard plugins.contains(.interPodAffinity) else { return false }
            return (own.requiredAntiAffinity + own.requiredAffinity).contains {
                $0.matches(gone.labels, namespaceLabels: namespaces)
            } || gone.requiredAntiAffinity.contains { $0.matches(own.labels, namespaceLabels: namespaces) }
        }
    }
}

extension PodClass {
    /// Whether a pod with these labels counts for a hard constraint.
    func isSpread(with other: LabelSet) -> Bool {
        other.namespace == labels.namespace
            && hardSpread.contains { $0.selector.matches(labels: other.labels) }
    }
}

extension NodeDescription {
    /// Whether scheduling cannot tell the two apart.
    func isSame(as other: NodeDescription) -> Bool {
        name == other.name && labels == other.labels && taints == other.taints
            && isUnschedulable == other.isUnschedulable && milliCPU == other.milliCPU
            && memory == other.memory && ephemeralStorage == other.ephemeralStorage && pods == other.pods
            && scalars == other.scalars && images.elementsEqual(other.images) { $0 == $1 }
    }

    func offersMore(than other: NodeDescription) -> Bool {
        milliCPU > other.milliCPU || memory > other.memory || ephemeralStorage > other.ephemeralStorage
            || pods > other.pods || scalars.contains { $0.value > other.scalars[$0.key] ?? 0 }
    }
}
