import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// What one pod asks of one resource: cpu in thousandths, everything else in units.
struct NodeDemand: Sendable, Equatable {
    var name: String
    var amount: Int64
}

extension PodShape {
    var demand: [NodeDemand] {
        requests.names.compactMap { name in
            guard let quantity = requests[name] else { return nil }
            return NodeDemand(
                name: name, amount: name == "cpu" ? quantity.milliValue : quantity.wholeValue)
        }
    }
}

/// What the agent of one node knows of it.
struct HollowNodeState: Sendable {
    let name: String
    var uid: String
    var isSilent: Bool
    var hasPosted = false
    var facts: NodeFacts
    var pool: AddressPool
    var labels: JSONObject
    var taints: [JSON]
    var allocatable: [String: Int64]
    var capacity: [String: Int64]
    var used: [String: Int64] = [:]
    var podCount: Int64 = 0
    var lastLease: Timestamp?
    var lastStatus: Timestamp?
    var lastLook: Timestamp?
    var hasMemoryPressure = false
    /// Some pod says what memory it uses.
    var watchesMemory = false
    /// Pods that wait until they may have more.
    var deferred: Set<String> = []
    /// Of the last time at which memory was short; the condition stays for five minutes after it.
    var pressureSeen: Timestamp?

    mutating func hold(_ demand: [NodeDemand]) {
        podCount += 1
        for part in demand { used[part.name, default: 0] += part.amount }
    }

    mutating func release(_ demand: [NodeDemand]) {
        podCount -= 1
        for part in demand { used[part.name, default: 0] -= part.amount }
    }

    /// Why a pod does not get what it asks for now (pkg/kubelet/allocation).
    func refusal(ofResize demand: [NodeDemand]) -> (reason: String, message: String)? {
        for part in demand where part.name == "cpu" || part.name == "memory" {
            let most = allocatable[part.name] ?? 0
            if part.amount > most {
                return (
                    "Infeasible",
                    "Node didn't have enough capacity: \(part.name), requested: \(part.amount), capacity: \(most)"
                )
            }
        }
        for part in demand where part.name == "cpu" || part.name == "memory" {
            let (most, taken) = (allocatable[part.name] ?? 0, used[part.name] ?? 0)
            if taken + part.amount > most {
                return (
                    "Deferred",
                    "Node didn't have enough resource: \(part.name), requested: \(part.amount), "
                        + "used: \(taken), capacity: \(most)"
                )
            }
        }
        return nil
    }

    private func isBestEffort(_ pod: JSON) -> Bool { pod["status"]?["qosClass"]?.string == "BestEffort" }

    private func toleratesPressure(_ pod: JSON) -> Bool {
        let taint: JSON = ["key": "node.kubernetes.io/memory-pressure", "effect": "NoSchedule"]
        return NodeSelection.untolerated(pod, [taint], effect: .noSchedule) == nil
    }

    static func amounts(_ list: JSON?) -> [String: Int64] {
        var amounts: [String: Int64] = [:]
        for (name, value) in list?.object ?? [:] {
            guard let quantity = value.string.flatMap({ Quantity($0) }) else { continue }
            amounts[name] = name == "cpu" ? quantity.milliValue : quantity.wholeValue
        }
        return amounts
    }

    /// Why the node does not take a pod (pkg/kubelet/lifecycle/predicate.go).
    func refusal(of shape: PodShape, _ pod: JSON) -> (reason: String, message: String)? {
        if hasMemoryPressure, isBestEffort(pod), !toleratesPressure(pod), !HollowNodes.isCritical(pod) {
            return ("Evicted", "The node had condition: [MemoryPressure]. ")
        }
        if let most = allocatable["pods"], podCount >= most {
            return (
                "OutOfpods",
                "Node didn't have enough resource: pods, requested: 1, used: \(podCount), capacity: \(most)"
            )
        }
        for part in shape.demand where part.amount > 0 {
            // What the node does not know at all is a matter of the whole cluster.
            if allocatable[part.name] == nil, part.name.utf8.contains(UInt8(ascii: "/")) { continue }
            let (most, taken) = (allocatable[part.name] ?? 0, used[part.name] ?? 0)
            if taken + part.amount > most {
                return (
                    "OutOf\(part.name)",
                    "Node didn't have enough resource: \(part.name), requested: \(part.amount), "
                        + "used: \(taken), capacity: \(most)"
                )
            }
        }
        if !NodeSelection.fits(pod, name: name, labels: labels) {
            return (
                "NodeAffinity",
                "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"
            )
        }
        if NodeSelection.untolerated(pod, taints, effect: .noExecute) != nil {
            return (
                "TaintToleration",
                "Predicate TaintToleration failed: node(s) had untolerated taint(s)"
            )
        }
        return nil
    }
}

extension HollowNodes {
    /// What is known of a node from its object.
    mutating func makeNode(_ node: JSON) -> HollowNodeState {
        let hash = SeededHash(0).with(node.name)
        var pool = node["spec"]?["podCIDR"]?.string.flatMap { AddressPool($0) }
        // One of 32,768 blocks of 10.128.0.0/9, the next free one from where the name points.
        var block = UInt32(truncatingIfNeeded: hash.bits % 32_768)
        if takenBlocks.count < 32_768 {
            while takenBlocks.contains(block) { block = (block + 1) % 32_768 }
        }
        takenBlocks.insert(block)
        if pool == nil { pool = AddressPool(base: 0x0A80_0000 + block << 8, bits: 24) }
        let addresses = (node["status"]?["addresses"]?.array ?? []).compactMap { address in
            address["type"]?.string == "InternalIP" ? address["address"]?.string : nil
        }
        // 172.16.0.0/12, past the addresses that bridges of the machine use.
        let own = AddressPool.text(0xAC1E_0000 + block)
        let capacity = node["status"]?["capacity"] ?? .object(HollowNode.usualCapacity)
        return HollowNodeState(
            name: node.name, uid: node.uid, isSilent: HollowNode.isSilent(node),
            facts: NodeFacts(
                addresses: addresses.isEmpty ? [own] : addresses, runtimeName: runtime.name),
            pool: pool ?? AddressPool(base: 0x0A80_0000, bits: 24),
            labels: node["metadata"]?["labels"]?.object ?? [:],
            taints: node["spec"]?["taints"]?.array ?? [],
            allocatable: HollowNodeState.amounts(node["status"]?["allocatable"] ?? capacity),
            capacity: HollowNodeState.amounts(capacity))
    }

    mutating func reconcileNode(_ name: String, _ view: ClusterView, _ now: Timestamp) -> Reconciliation {
        guard let stored = view.stored(.nodes, name), HollowNode.isHollow(stored.value) else {
            nodes[name] = nil
            return .nothing
        }
        let node = stored.value
        guard var state = nodes[name], !state.isSilent else { return .nothing }
        defer { nodes[name] = state }
        var result = Reconciliation()
        state.labels = node["metadata"]?["labels"]?.object ?? [:]
        state.taints = node["spec"]?["taints"]?.array ?? []
        if view.lastFailure != nil {
            state.lastStatus = nil
            state.lastLease = nil
        }
        let evicted = lookAtMemory(&state, node, view, now, &result)
        if state.lastStatus.map({ now.since($0) >= options.statusPeriod }) ?? true {
            let status = HollowNode.status(
                node, address: state.facts.addresses.first ?? "",
                hasMemoryPressure: state.hasMemoryPressure, now: now)
            var object = node
            object["status"] = status
            state.allocatable = HollowNodeState.amounts(status["allocatable"])
            state.capacity = HollowNodeState.amounts(status["capacity"])
            state.lastStatus = now
            state.hasPosted = true
            var write = ControllerWrite(
                group: "", version: "v1", plural: "nodes", name: name, subresource: "status",
                .update(object))
            write.letsOthersGoOn = true
            result.writes.append(write)
        }
        renewLease(&state, node, view, now, &result)
        var next = options.leasePeriod
        if let last = state.lastLease { next = min(next, options.leasePeriod - now.since(last)) }
        if let last = state.lastStatus { next = min(next, options.statusPeriod - now.since(last)) }
        if state.watchesMemory, let last = state.lastLook {
            next = min(next, options.pressurePeriod - now.since(last))
        }
        result.requeueAfter = max(next, 0.001)
        if let evicted {
            // What goes on about the pod takes from this node, and so works on what is stored of it.
            nodes[name] = state
            evict(evicted.key, evicted.message, view, now, &result)
            state = nodes[name] ?? state
        }
        return result
    }

    /// Renews at a moment of the period that depends on the node's name, so that thousands of nodes do not
    /// renew in the same one.
    private func renewLease(
        _ state: inout HollowNodeState, _ node: JSON, _ view: ClusterView, _ now: Timestamp,
        _ result: inout Reconciliation
    ) {
        if let last = state.lastLease, now.since(last) < options.leasePeriod { return }
        let share = SeededHash(options.seed).with(node.name).fraction
        let isFirst = state.lastLease == nil
        // As if the last renewal had been earlier: the next comes after a part of the period.
        state.lastLease = isFirst ? now.adding(-options.leasePeriod * share) : now
        var write: ControllerWrite
        if view.stored(.leases, "kube-node-lease/\(node.name)") == nil {
            write = ControllerWrite(
                group: "coordination.k8s.io", version: "v1", plural: "leases",
                namespace: "kube-node-lease", name: node.name,
                .create(HollowNode.lease(node, seconds: options.leaseDuration, now: now)))
            write.existingIsDone = true
        } else {
            write = ControllerWrite(
                group: "coordination.k8s.io", version: "v1", plural: "leases",
                namespace: "kube-node-lease", name: node.name,
                .patch(["spec": ["renewTime": .string(now.rfc3339Micro)]]))
        }
        write.letsOthersGoOn = true
        result.writes.append(write)
    }
}
