import KubeAPI
import KubeJSON

/// One pod's attempt: what filters and scores need, taken out of the scheduler while it is under way.
struct Attempt {
    let pod: Int
    let number: Int
    let own: PodClass
    let entry: ShapeEntry
    var cache: ShapeCache
    var topology: TopologyState?
    let plan: VolumePlan?
    let priority: Int64
    let namespace: String

    var shape: PodShape { entry.shape }
}

extension Scheduler {
    /// Which filter rejects the node; 0 for none. With a delta, the node is looked at as if pods were added
    /// or taken away.
    @inline(__always)
    mutating func verdict(_ slot: Int, _ attempt: inout Attempt, _ delta: NodeDelta? = nil) -> Int32 {
        var code = attempt.cache.code[slot]
        if code == ShapeCache.unknown { code = look(at: slot, &attempt.cache, attempt.entry) }
        if let delta { code = adjusted(slot, attempt, delta) }
        if code != 0 { return code }
        if attempt.plan != nil {
            code = volumeVerdict(slot, attempt, delta)
            if code != 0 { return code }
        }
        if let topology = attempt.topology {
            code = topologyVerdict(slot, topology, delta)
            if code != 0 { return code }
        }
        return attempt.shape.claimsResources ? codes.claims : 0
    }

    private func topologyVerdict(_ slot: Int, _ topology: TopologyState, _ delta: NodeDelta?) -> Int32 {
        guard topology.filters else { return 0 }
        switch PodTopologySpread.verdict(topology, slot, nodes, delta) {
        case .fits: break
        case .skewed: return codes.spread
        case .labelMissing: return codes.spreadLabel
        }
        switch InterPodAffinity.verdict(topology, slot, nodes, delta) {
        case .fits: return 0
        case .affinity: return codes.podAffinity
        case .antiAffinity: return codes.podAntiAffinity
        case .existingAntiAffinity: return codes.existingAntiAffinity
        }
    }

    /// Filters and scores a node for the cache.
    private mutating func look(at slot: Int, _ cache: inout ShapeCache, _ entry: ShapeEntry) -> Int32 {
        if cache.staticCode[slot] == ShapeCache.unknown { lookAtNode(slot, &cache, entry) }
        var code = cache.staticCode[slot]
        if code == 0, !NodePorts.fits(entry.shape, slot, nodes, nil) { code = codes.ports }
        if code == 0 {
            if NodeResourcesFit.fits(entry, slot, nodes) {
                cache.resourceScore[slot] = NodeResourcesScore.score(entry.shape, slot, nodes)
            } else {
                code = shortageCode(entry, slot, nil)
            }
        }
        cache.code[slot] = code
        return code
    }

    private func lookAtNode(_ slot: Int, _ cache: inout ShapeCache, _ entry: ShapeEntry) {
        guard let node = nodes.descriptions[slot] else {
            cache.staticCode[slot] = codes.affinity
            return
        }
        let shape = entry.shape
        if !NodeUnschedulable.admits(shape, node) {
            cache.staticCode[slot] = codes.unschedulable
        } else if TaintToleration.untolerated(shape, node) != nil {
            cache.staticCode[slot] = codes.taint
        } else if !NodeAffinity.matches(shape, node) {
            cache.staticCode[slot] = codes.affinity
        } else {
            cache.staticCode[slot] = 0
            cache.taints[slot] = TaintToleration.untoleratedPreferences(shape, node)
            if cache.taints[slot] > 0 { cache.hasTaints = true }
            if !shape.preferredNodes.isEmpty { cache.affinity[slot] = NodeAffinity.preference(shape, node) }
            cache.imageScore[slot] = ImageLocality.score(shape, node, nodes)
        }
    }

    private mutating func shortageCode(_ entry: ShapeEntry, _ slot: Int, _ delta: NodeDelta?) -> Int32 {
        var bits = 0
        if entry.scalarNumbers.isEmpty {
            bits = NodeResourcesFit.shortageBits(entry.shape, slot, nodes, delta)
            if bits == 0 { return 0 }
            if shortageCodes[bits] != 0 { return shortageCodes[bits] }
        }
        guard let shortage = NodeResourcesFit.shortage(entry, slot, nodes, delta) else { return 0 }
        let code = reasons.number(
            ReasonTable.Reason(
                plugin: .nodeResourcesFit, texts: shortage.texts, isUnresolvable: shortage.isUnresolvable))
        shortageCodes[bits] = bits == 0 ? 0 : code
        return code
    }

    private mutating func adjusted(_ slot: Int, _ attempt: Attempt, _ delta: NodeDelta) -> Int32 {
        let code = attempt.cache.staticCode[slot]
        if code != 0 { return code }
        if !NodePorts.fits(attempt.shape, slot, nodes, delta) { return codes.ports }
        return shortageCode(attempt.entry, slot, delta)
    }

    private mutating func volumeVerdict(_ slot: Int, _ attempt: Attempt, _ delta: NodeDelta?) -> Int32 {
        guard let plan = attempt.plan, let node = nodes.descriptions[slot] else { return 0 }
        if !VolumeRestrictions.claimIsFree(plan, delta) { return codes.claimInUse }
        if !VolumeRestrictions.diskIsFree(plan, slot, nodes, pods, delta) { return codes.disk }
        if !NodeVolumeLimits.fits(plan, namespace: attempt.namespace, slot, nodes, pods, storage, delta) {
            return codes.volumeLimit
        }
        let (_, texts) = VolumeBindingFilter.bindings(plan, node, storage)
        if !texts.isEmpty {
            return reasons.number(
                ReasonTable.Reason(plugin: .volumeBinding, texts: texts, isUnresolvable: true))
        }
        return VolumeZone.fits(plan, node) ? 0 : codes.zone
    }

    // MARK: Nominated pods

    /// What pods of the same or higher priority that are to come to the node add to it; nil for none.
    private mutating func nominatedDelta(
        _ slot: Int, _ attempt: inout Attempt, on base: NodeDelta?
    ) -> NodeDelta? {
        guard let list = nominated[nodes.names[slot]] else { return nil }
        var delta = base ?? NodeDelta()
        var isAny = false
        for other in list where Int(other) != attempt.pod {
            guard let shift = shift(of: Int(other)), shift.priority >= attempt.priority else { continue }
            isAny = true
            add(shift, sign: 1, to: &delta, slot, &attempt)
        }
        return isAny ? delta : nil
    }

    /// A pod that is added to a node or taken away, as far as that matters: records are dear to copy.
    struct Shift {
        let pod: Int
        let podClass: Int
        let own: PodClass
        let entry: ShapeEntry
        let isTerminating: Bool
        let priority: Int64
        let start: Timestamp?
        let sequence: UInt64
    }

    /// - Parameter like: another one, which is often of the same class.
    func shift(of pod: Int, like other: Shift? = nil) -> Shift? {
        guard let record = pods.records[pod] else { return nil }
        let own: PodClass
        let entry: ShapeEntry
        if let other, other.podClass == record.podClass {
            own = other.own
            entry = other.entry
        } else {
            guard let found = classes[record.podClass]?.own, let shape = shapes[found.shape]?.entry else {
                return nil
            }
            own = found
            entry = shape
        }
        return Shift(
            pod: pod, podClass: record.podClass, own: own, entry: entry, isTerminating: record.isTerminating,
            priority: record.priority, start: record.startTime, sequence: record.queue.sequence)
    }

    /// Adds a pod to a delta, or takes it away.
    mutating func add(
        _ shift: Shift, sign: Int, to delta: inout NodeDelta, _ slot: Int, _ attempt: inout Attempt
    ) {
        delta.add(shift.entry, sign: sign)
        let pod = Int32(shift.pod)
        if sign < 0 { delta.removed.insert(pod) } else { delta.removed.remove(pod) }
        if attempt.topology == nil { return }
        let operations =
            attempt.topology?.operations(of: shift.own, for: attempt.own, &nodes, namespaces) ?? []
        for operation in operations where !(operation.liveOnly && shift.isTerminating) {
            guard let topology = attempt.topology, topology.index(operation, slot, nodes) != nil else {
                continue
            }
            delta.counters[operation.counter, default: 0] += Int64(sign) * operation.weight
        }
    }

    /// The verdict with and without the pods that are to come, as upstream asks twice.
    mutating func verdictWithNominated(
        _ slot: Int, _ attempt: inout Attempt, _ base: NodeDelta? = nil
    ) -> Int32 {
        if !nominated.isEmpty, let delta = nominatedDelta(slot, &attempt, on: base) {
            let code = verdict(slot, &attempt, delta)
            if code != 0 { return code }
        }
        return verdict(slot, &attempt, base)
    }
}
