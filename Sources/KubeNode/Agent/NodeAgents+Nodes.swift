import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

extension NodeAgents {
    /// What is known of a node from its object.
    mutating func makeNode(_ node: JSON) -> NodeState {
        let hash = SeededHash(0).with(node.name)
        var pool = node["spec"]?["podCIDR"]?.string.flatMap { AddressPool($0) }
        let hasPodCIDR = pool != nil
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
        let given = node["spec"]?["podCIDR"]?.string.flatMap { kind.address(withPods: $0) }
        let own = given ?? AddressPool.text(0xAC1E_0000 + block)
        let capacity = node["status"]?["capacity"] ?? .object(NodeTemplate.usualCapacity)
        return NodeState(
            name: node.name, uid: node.uid, isSilent: kind.isSilent(node),
            facts: NodeFacts(
                addresses: addresses.isEmpty ? [own] : addresses, runtimeName: runtime.name),
            pool: pool ?? AddressPool(base: 0x0A80_0000, bits: 24), hasPodCIDR: hasPodCIDR,
            labels: node["metadata"]?["labels"]?.object ?? [:],
            taints: node["spec"]?["taints"]?.array ?? [], features: node["status"]?["features"] ?? .null,
            allocatable: NodeState.amounts(node["status"]?["allocatable"] ?? capacity),
            capacity: NodeState.amounts(capacity))
    }

    mutating func reconcileNode(_ name: String, _ view: ClusterView, _ now: Timestamp) -> Reconciliation {
        guard let stored = view.stored(.nodes, name), kind.owns(stored.value) else {
            nodes[name] = nil
            return .nothing
        }
        let node = stored.value
        guard var state = nodes[name], !state.isSilent else { return .nothing }
        // It is no node yet without addresses for its pods.
        if kind.awaitsPodCIDR, !state.hasPodCIDR { return .nothing }
        defer { nodes[name] = state }
        var result = Reconciliation()
        state.labels = node["metadata"]?["labels"]?.object ?? [:]
        state.taints = node["spec"]?["taints"]?.array ?? []
        if view.lastFailure != nil {
            state.lastStatus = nil
            state.lastLease = nil
        }
        let evicted = lookAtMemory(&state, node, view, now, &result)
        // Somebody took the node for silent: it says at once that it is not.
        let isDoubted = node["status"]?["conditions"]?.array?.contains {
            $0["type"]?.string == "Ready" && $0["status"]?.string == "Unknown"
        }
        if isDoubted ?? false { state.lastStatus = nil }
        if state.lastStatus.map({ now.since($0) >= options.statusPeriod }) ?? true {
            let status = Self.status(
                node, kind.report(of: node), address: state.facts.addresses.first ?? "",
                hasMemoryPressure: state.hasMemoryPressure, now: now)
            var object = node
            object["status"] = status
            state.allocatable = NodeState.amounts(status["allocatable"])
            state.capacity = NodeState.amounts(status["capacity"])
            state.features = status["features"] ?? .null
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
        _ state: inout NodeState, _ node: JSON, _ view: ClusterView, _ now: Timestamp,
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
                .create(Self.lease(node, seconds: options.leaseDuration, now: now)))
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

    /// The lease by which the control plane sees that the agent lives.
    private static func lease(_ node: JSON, seconds: Int, now: Timestamp) -> JSON {
        [
            "kind": "Lease", "apiVersion": "coordination.k8s.io/v1",
            "metadata": [
                "name": .string(node.name), "namespace": "kube-node-lease",
                "ownerReferences": [
                    [
                        "apiVersion": "v1", "kind": "Node", "name": .string(node.name),
                        "uid": .string(node.uid),
                    ]
                ],
            ],
            "spec": [
                "holderIdentity": .string(node.name), "leaseDurationSeconds": .integer(Int64(seconds)),
                "renewTime": .string(now.rfc3339Micro),
            ],
        ]
    }

    /// The status that the agent posts.
    /// - Parameter address: where it has none yet.
    static func status(
        _ node: JSON, _ report: NodeReport, address: String, hasMemoryPressure: Bool, now: Timestamp
    ) -> JSON {
        let old = node["status"] ?? .null
        let time = now.rfc3339
        var status = old.object ?? [:]
        func full(_ key: String) -> Bool { old[key]?.object?.isEmpty == false }
        if !full("capacity") { status["capacity"] = .object(NodeTemplate.usualCapacity) }
        if !full("allocatable") { status["allocatable"] = status["capacity"] }
        if old["addresses"]?.array?.isEmpty ?? true {
            status["addresses"] = [
                ["type": "InternalIP", "address": .string(address)],
                ["type": "Hostname", "address": .string(node.name)],
            ]
        }
        status["daemonEndpoints"] = ["kubeletEndpoint": ["Port": 10_250]]
        let pressure = hasMemoryPressure
        let own: [(String, Bool, String, String)] = [
            (
                "MemoryPressure", pressure,
                pressure ? "KubeletHasInsufficientMemory" : "KubeletHasSufficientMemory",
                pressure
                    ? "kubelet has insufficient memory available" : "kubelet has sufficient memory available"
            ),
            ("DiskPressure", false, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
            ("PIDPressure", false, "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            (
                "Ready", report.problem == nil,
                report.problem == nil ? "KubeletReady" : "KubeletNotReady",
                report.problem ?? "kubelet is posting ready status"
            ),
        ]
        let present = old["conditions"]?.array ?? []
        var conditions = present.filter { condition in
            !own.contains { $0.0 == condition["type"]?.string }
        }
        for (type, isTrue, reason, message) in own {
            let state: JSON = isTrue ? "True" : "False"
            let last = present.first { $0["type"]?.string == type }
            let isSame = last?["status"] == state
            conditions.append([
                "type": .string(type), "status": state, "lastHeartbeatTime": .string(time),
                "lastTransitionTime": isSame
                    ? last?["lastTransitionTime"] ?? .string(time) : .string(time),
                "reason": .string(reason), "message": .string(message),
            ])
        }
        status["conditions"] = .array(conditions)
        status["nodeInfo"] = report.nodeInfo
        if !report.images.isEmpty { status["images"] = .array(report.images) }
        status["features"] = report.features
        return .object(status)
    }
}
