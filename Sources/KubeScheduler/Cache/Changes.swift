import KubeAPI
import KubeJSON

extension Scheduler {
    // MARK: Nodes

    /// A Node was added or changed; nil when it was deleted.
    public mutating func nodeChanged(_ name: String, _ node: JSON?) {
        let slot: Int
        if let known = nodes.slots[name] {
            slot = known
        } else {
            guard node != nil else { return }
            slot = nodes.slot(for: name)
        }
        let old = nodes.descriptions[slot]
        let new = node.map { NodeDescription(name: name, $0) }
        if let old, let new, old.isSame(as: new) { return }
        nodes.describe(slot, as: new)
        log.append(ChangeLog.Change(slot: Int32(slot), podClass: -1, serial: -1, pods: 0, live: 0))
        if old == nil || new == nil || old?.labels != new?.labels || old?.taints != new?.taints {
            topologyEpoch += 1
        }
        if let new {
            wakeAfterNodeChange(from: old, to: new)
        } else {
            // Its domain and the pods on it count no more.
            wake([PluginSet(.podTopologySpread), PluginSet(.interPodAffinity)]) { _, _, _ in true }
        }
    }

    // MARK: Pods

    /// A pod was added or changed; nil when it was deleted.
    /// - Parameter key: `namespace/name`.
    public mutating func podChanged(_ key: String, _ pod: JSON?, now: Timestamp) {
        clock = max(clock, now)
        let known = pods[key]
        guard let pod, !PodTable.isTerminal(pod) else {
            if let known { removePod(known) }
            return
        }
        if let known, let record = pods.records[known] {
            if record.uid == pod["metadata"]?["uid"]?.string ?? "" {
                update(known, record, pod)
                return
            }
            removePod(known)
        }
        insert(key, pod)
    }

    private mutating func insert(_ key: String, _ pod: JSON) {
        let nodeName = pod["spec"]?["nodeName"]?.string ?? ""
        if nodeName.isEmpty, !isOurs(pod) || PodTable.isTerminating(pod) { return }
        let namespace = String(key.prefix { $0 != "/" })
        let number = classNumber(for: pod, namespace: namespace)
        var record = PodRecord(key: key, pod, podClass: number)
        record.queue.sequence = queue.nextSequence()
        record.queue.timestamp = clock
        let index = pods.insert(record)
        retainClass(number)
        if nodeName.isEmpty {
            if let node = record.nominatedNode { nominated[node, default: []].append(Int32(index)) }
            enqueueNew(index, pod)
        } else {
            pods.records[index]?.nominatedNode = nil
            place(index, on: nodes.slot(for: nodeName))
            wakeAfterPlacement(of: number)
        }
    }

    private func isOurs(_ pod: JSON) -> Bool {
        let name = pod["spec"]?["schedulerName"]?.string ?? ""
        return name.isEmpty || name == configuration.schedulerName
    }

    private static func isGated(_ pod: JSON) -> Bool {
        !(pod["spec"]?["schedulingGates"]?.array ?? []).isEmpty
    }

    private mutating func enqueueNew(_ index: Int, _ pod: JSON) {
        guard Self.isGated(pod) else {
            enqueueActive(index)
            return
        }
        pods.records[index]?.queue.place = .gated
        let said = pod["status"]?["conditions"]?.array?.contains {
            $0["type"]?.string == "PodScheduled" && $0["reason"]?.string == "SchedulingGated"
        }
        if said != true, let record = pods.records[index] {
            announcements.append(
                Decision(
                    podKey: record.key, uid: record.uid,
                    outcome: .gated(message: "Scheduling is blocked due to non-empty scheduling gates"),
                    events: []))
        }
    }

    private mutating func removePod(_ index: Int) {
        guard let record = pods.records[index] else { return }
        leaveQueue(index)
        unnominate(index)
        if record.nominatedNode != nil { wakeAfterRemoval(of: record) }
        if record.isAssumed { storage.takeBack(record.bindings) }
        let wasPlaced = record.slot >= 0
        if wasPlaced { displace(index) }
        let removed = record
        if wasPlaced { wakeAfterRemoval(of: removed) }
        pods.remove(index)
        releaseClass(record.podClass)
    }

    private mutating func update(_ index: Int, _ old: PodRecord, _ pod: JSON) {
        let nodeName = pod["spec"]?["nodeName"]?.string ?? ""
        if nodeName.isEmpty, old.slot < 0 || old.isAssumed {
            updateWaiting(index, old, pod)
            return
        }
        leaveQueue(index)
        if old.slot < 0 {
            unnominate(index)
            adopt(index, pod)
            place(index, on: nodes.slot(for: nodeName))
            if let record = pods.records[index] { wakeAfterPlacement(of: record.podClass) }
            return
        }
        // It is placed already: as assumed, or from an earlier change.
        if old.isAssumed {
            pods.records[index]?.isAssumed = false
            if nodes.names[old.slot] == nodeName {
                pods.records[index]?.bindings = old.bindings
            } else {
                storage.takeBack(old.bindings)
            }
        }
        let slot = nodes.slot(for: nodeName)
        let isSame =
            Self.sameButNode(old.object["spec"], pod["spec"]) && !PodShape.isResizing(pod)
            && !PodShape.isResizing(old.object)
            && old.object["metadata"]?["labels"] == pod["metadata"]?["labels"]
        let number = isSame ? old.podClass : classNumber(for: pod, namespace: old.namespace)
        let old = pods.records[index] ?? old
        let volumes = PodVolumes(pod)
        if slot == old.slot, number == old.podClass, volumes == old.volumes {
            if PodTable.isTerminating(pod) != old.isTerminating {
                count(number, on: slot, pods: 0, live: old.isTerminating ? 1 : -1)
                wakeAfterTermination(of: number)
            }
            pods.records[index]?.read(pod)
            return
        }
        retainClass(number)
        displace(index)
        wakeAfterRemoval(of: old)
        pods.records[index]?.read(pod)
        pods.records[index]?.podClass = number
        place(index, on: nodes.slot(for: nodeName))
        releaseClass(old.podClass)
        wakeAfterPlacement(of: number)
    }

    /// Whether two specs differ in nothing but the node, which decides nothing about the class. What a binding
    /// leaves as it was shares its storage with the spec before it: to compare it costs nothing.
    private static func sameButNode(_ old: JSON?, _ new: JSON?) -> Bool {
        guard let old = old?.object, let new = new?.object else { return old == new }
        var compared = 0
        for (key, value) in new where key != "nodeName" {
            guard old[key] == value else { return false }
            compared += 1
        }
        return compared == old.count - (old.contains("nodeName") ? 1 : 0)
    }

    /// Takes over what an object says that may be of another class.
    private mutating func adopt(_ index: Int, _ pod: JSON) {
        guard let old = pods.records[index] else { return }
        let number = classNumber(for: pod, namespace: old.namespace)
        let before = pods.records[index]?.podClass ?? number
        pods.records[index]?.read(pod)
        if number != before {
            retainClass(number)
            pods.records[index]?.podClass = number
            moveWaiting(index, to: number)
            releaseClass(before)
        }
    }

    private mutating func updateWaiting(_ index: Int, _ old: PodRecord, _ pod: JSON) {
        if old.isAssumed {
            pods.records[index]?.object = pod
            return
        }
        if PodTable.isTerminating(pod) || !isOurs(pod) {
            removePod(index)
            return
        }
        let before = old.object["status"]?["nominatedNodeName"]?.string ?? ""
        let after = pod["status"]?["nominatedNodeName"]?.string ?? ""
        if before != after, after != old.nominatedNode ?? "" {
            nominate(index, after.isEmpty ? nil : after)
            if old.nominatedNode != nil { wakeAfterRemoval(of: old) }
        }
        let specChanged = old.object["spec"] != pod["spec"]
        let labelsChanged = old.object["metadata"]?["labels"] != pod["metadata"]?["labels"]
        guard specChanged || labelsChanged else {
            pods.records[index]?.read(pod)
            return
        }
        adopt(index, pod)
        switch old.queue.place {
        case .gated:
            if !Self.isGated(pod) { enqueueActive(index) }
        case .unschedulable: enqueueAfterBackoff(index)
        case .active: enqueueActive(index)
        case .backoff, .none: break
        }
    }

    // MARK: Nominations

    mutating func nominate(_ index: Int, _ node: String?) {
        unnominate(index)
        pods.records[index]?.nominatedNode = node
        if let node { nominated[node, default: []].append(Int32(index)) }
    }

    mutating func unnominate(_ index: Int) {
        guard let node = pods.records[index]?.nominatedNode else { return }
        pods.records[index]?.nominatedNode = nil
        nominated[node]?.removeAll { $0 == Int32(index) }
        if nominated[node]?.isEmpty == true { nominated[node] = nil }
    }

    // MARK: Other objects

    /// Another object that decides where pods may go was added or changed; nil when it was deleted.
    /// - Parameter key: `namespace/name`, or the name where there is no namespace.
    public mutating func objectChanged(_ kind: ClusterObject, key: String, _ object: JSON?) {
        let namespace = String(key.prefix { $0 != "/" })
        switch kind {
        case .namespace:
            let labels = object?["metadata"]?["labels"]?.object
            guard namespaces[key] != labels else { return }
            namespaces[key] = labels
            if usesNamespaceSelectors {
                topologyEpoch += 1
                wake(PluginSet(.interPodAffinity)) { _, _, _ in true }
            }
        case .service:
            mention(LabelSet.identityKeys(in: object?["spec"]?["selector"].map { ["matchLabels": $0] }))
            let selector = object?["spec"]?["selector"]?.object.flatMap { $0.isEmpty ? nil : $0 }
            guard services[namespace]?[key] != selector else { return }
            services[namespace, default: [:]][key] = selector
            workloadEpoch += 1
        case .replicationController, .replicaSet, .statefulSet:
            let name = "\(kind.rawValue)/\(key)"
            guard workloads[name]?["selector"] != object?["spec"]?["selector"] else { return }
            mention(LabelSet.identityKeys(in: object?["spec"]?["selector"]))
            workloads[name] = object?["spec"]?["selector"].map { ["selector": $0] }
            workloadEpoch += 1
        case .podDisruptionBudget:
            mention(LabelSet.identityKeys(in: object?["spec"]?["selector"]))
            budgets[key] = object.map { DisruptionBudget(namespace: namespace, $0) }
        case .priorityClass: break
        case .persistentVolumeClaim, .persistentVolume, .storageClass, .csiNode:
            storageChanged(kind, key, object)
        case .resourceClaim: wake(PluginSet(.dynamicResources)) { _, _, _ in true }
        }
    }

    private mutating func storageChanged(_ kind: ClusterObject, _ key: String, _ object: JSON?) {
        switch kind {
        case .persistentVolumeClaim:
            storage.claims[key] = object
            // What was promised has been done when the claim is bound.
            if object.map(storage.isBound) ?? true { storage.settle(key) }
        case .persistentVolume: storage.setVolume(key, object)
        case .storageClass: storage.classes[key] = object
        default: storage.csiNodes[key] = object
        }
        guard object != nil else { return }
        wake([
            PluginSet(.volumeBinding), PluginSet(.volumeZone), PluginSet(.volumeRestrictions),
            PluginSet(.nodeVolumeLimits),
        ]) { pod, _, _ in
            guard let volumes = pod.volumes else { return false }
            guard kind == .persistentVolumeClaim else { return true }
            return volumes.claims.contains { "\(pod.namespace)/\($0.name)" == key }
        }
    }
}
