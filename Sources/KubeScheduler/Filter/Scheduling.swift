import KubeAPI
import KubeJSON

extension Scheduler {
    /// What looking at the nodes came to.
    struct Findings {
        var feasible: [Int32] = []
        /// How many nodes each reason rejected.
        var histogram: [Int32: Int] = [:]
        /// The nodes that were rejected, in the order in which they were looked at, with their reasons.
        var rejected: [(slot: Int32, code: Int32)] = []
        /// Only some nodes came into question; this is what is said of the others.
        var othersCode: Int32?
    }

    enum Refusal {
        /// Before any node was looked at.
        case outright(String, Plugin)
        case nodes(Findings)
    }

    /// Tries to place a pod; nil when there is nothing to be said.
    mutating func schedule(_ pod: Int) -> Decision? {
        guard let record = pods.records[pod], let own = classes[record.podClass]?.own,
            let entry = shapes[own.shape]?.entry
        else { return nil }
        if nodes.count == 0 {
            return reject(pod, record, Rejection(message: "no nodes available to schedule pods"), PluginSet())
        }
        if let known = knownRefusal(record) { return reject(pod, record, known.rejection, known.plugins) }
        let topology = takeTopology(of: record.podClass, entry)
        let cache = takeCache(of: own.shape, entry)
        var plan: VolumePlan?
        var outright: (String, Plugin)?
        if let names = entry.shape.namedNodes, names.isEmpty {
            outright = (NodeAffinity.conflict, .nodeAffinity)
        } else if let volumes = record.volumes {
            do throws(VolumePlan.Refusal) {
                plan = try VolumePlan(volumes, namespace: own.labels.namespace, pod: record.object, storage)
            } catch {
                outright = (error.message, .volumeBinding)
            }
        }
        var attempt = Attempt(
            pod: pod, number: record.podClass, own: own, entry: entry, cache: cache, topology: topology,
            plan: plan, priority: record.priority, namespace: own.labels.namespace)
        defer {
            keep(attempt.cache, of: own.shape)
            keep(attempt.topology, ofClass: record.podClass)
        }
        if let outright {
            var message = "0/\(nodes.count) nodes are available: \(outright.0)."
            // The plugin for claims had no chance to prepare itself and says so.
            if configuration.saysResourceClaims { message += " not found" }
            let rejection = Rejection(message: message, nominatedNode: record.nominatedNode == nil ? nil : "")
            return reject(pod, record, rejection, PluginSet(outright.1))
        }
        if let node = record.nominatedNode, let slot = nodes.slots[node], nodes.descriptions[slot] != nil,
            verdictWithNominated(slot, &attempt) == 0
        {
            return bind(pod, record, slot, attempt)
        }
        var findings = Findings()
        look(&attempt, &findings)
        if findings.feasible.isEmpty { return refuse(pod, record, &attempt, findings) }
        let slot =
            findings.feasible.count == 1 ? Int(findings.feasible[0]) : best(of: findings.feasible, attempt)
        return bind(pod, record, slot, attempt)
    }

    /// Looks at nodes until enough will do, from where the last pod stopped.
    mutating func look(_ attempt: inout Attempt, _ findings: inout Findings) {
        var candidates = nodes.order
        if let names = attempt.shape.namedNodes {
            candidates = names.compactMap { name in
                nodes.slots[name].flatMap { nodes.descriptions[$0] == nil ? nil : Int32($0) }
            }
            findings.othersCode = codes.notNamed
        }
        let count = candidates.count
        guard count > 0 else { return }
        let wanted = feasibleNodesToFind(count)
        findings.feasible.reserveCapacity(wanted)
        var index = startIndex % count
        var seen = 0
        while seen < count, findings.feasible.count < wanted {
            let slot = candidates[index]
            let code =
                nominated.isEmpty
                ? verdict(Int(slot), &attempt) : verdictWithNominated(Int(slot), &attempt)
            if code == 0 {
                findings.feasible.append(slot)
            } else {
                findings.rejected.append((slot, code))
            }
            seen += 1
            index += 1
            if index == count { index = 0 }
        }
        startIndex = (startIndex + seen) % nodes.count
    }

    /// Large clusters are not looked at as a whole.
    func feasibleNodesToFind(_ count: Int) -> Int {
        if count < 100 { return count }
        var percentage = configuration.percentageOfNodesToScore
        if percentage == 0 { percentage = max(5, 50 - count / 125) }
        if percentage >= 100 { return count }
        return max(100, count * percentage / 100)
    }

    // MARK: Outcomes

    /// The answer to the last pod of the class, if nothing has changed since.
    private func knownRefusal(_ record: PodRecord) -> ClassSlot.Refusal? {
        guard let known = classes[record.podClass]?.refusal, known.position == log.end,
            known.topologyEpoch == topologyEpoch, known.workloadEpoch == workloadEpoch, nominated.isEmpty,
            record.volumes == nil, record.nominatedNode == nil, known.priority == record.priority,
            known.neverPreempts == record.neverPreempts
        else { return nil }
        return known
    }

    private mutating func bind(_ pod: Int, _ record: PodRecord, _ slot: Int, _ attempt: Attempt) -> Decision {
        var bindings: [VolumeBinding] = []
        if let plan = attempt.plan, let node = nodes.descriptions[slot] {
            bindings = VolumeBindingFilter.bindings(plan, node, storage).bindings
        }
        unnominate(pod)
        storage.promise(bindings)
        pods.records[pod]?.isAssumed = true
        pods.records[pod]?.bindings = bindings
        place(pod, on: slot)
        let node = nodes.names[slot]
        // What was kept free for it elsewhere is free again.
        if let other = record.nominatedNode, other != node { wakeAfterRemoval(of: record) }
        wakeAfterPlacement(of: record.podClass)
        return Decision(
            podKey: record.key, uid: record.uid, outcome: .bind(node: node, volumes: bindings),
            events: [
                SchedulerEvent(
                    podKey: record.key, uid: record.uid, type: "Normal", reason: "Scheduled",
                    action: "Binding", note: "Successfully assigned \(record.key) to \(node)")
            ])
    }

    private mutating func reject(
        _ pod: Int, _ record: PodRecord, _ rejection: Rejection, _ plugins: PluginSet
    ) -> Decision {
        var rejection = rejection
        rejection.plugins = plugins.names
        enqueueUnschedulable(pod, plugins, now: clock)
        if let node = rejection.nominatedNode {
            nominate(pod, node.isEmpty ? nil : node)
            if let old = record.nominatedNode, old != node {
                wakeAfterRemoval(of: record, besides: record.key)
            }
        }
        var events = [
            SchedulerEvent(
                podKey: record.key, uid: record.uid, type: "Warning", reason: "FailedScheduling",
                action: "Scheduling", note: rejection.message)
        ]
        for key in rejection.victims {
            guard let number = pods[key], let victim = pods.records[number],
                let node = rejection.nominatedNode
            else { continue }
            events.append(
                SchedulerEvent(
                    podKey: key, uid: victim.uid, relatedKey: record.key, type: "Normal",
                    reason: "Preempted", action: "Preempting",
                    note: "Preempted by pod \(record.uid) on node \(node)"))
        }
        return Decision(
            podKey: record.key, uid: record.uid, outcome: .unschedulable(rejection), events: events)
    }

    /// No node will do: whether preemption helps, and what is said.
    private mutating func refuse(
        _ pod: Int, _ record: PodRecord, _ attempt: inout Attempt, _ findings: Findings
    ) -> Decision {
        var plugins = PluginSet()
        var histogram: [Int32: Int] = [:]
        var counts = [Int](repeating: 0, count: reasons.reasons.count)
        for (_, code) in findings.rejected { counts[Int(code)] += 1 }
        for (code, count) in counts.enumerated() where count > 0 { histogram[Int32(code)] = count }
        if let others = findings.othersCode, findings.rejected.count < nodes.count {
            histogram[others, default: 0] += nodes.count - findings.rejected.count
        }
        for code in histogram.keys { plugins.formUnion(PluginSet(reasons[code].plugin)) }
        var message = fitMessage(histogram)
        var rejection = Rejection(message: message)
        switch preempt(record, &attempt, findings) {
        case .helps(let node, let victims):
            rejection.nominatedNode = node
            rejection.victims = victims
            rejection.clearedNominations = clearLowerNominations(on: node, below: record.priority)
        case .doesNotHelp(let text, let clears):
            if configuration.saysResourceClaims {
                message +=
                    attempt.shape.claimsResources
                    ? " still not schedulable," : " no new claims to deallocate,"
            }
            rejection.message = message + " preemption: \(text)"
            if clears, record.nominatedNode != nil { rejection.nominatedNode = "" }
            if nominated.isEmpty, record.volumes == nil, findings.othersCode == nil {
                classes[record.podClass]?.refusal = ClassSlot.Refusal(
                    position: log.end, topologyEpoch: topologyEpoch, workloadEpoch: workloadEpoch,
                    priority: record.priority, neverPreempts: record.neverPreempts, rejection: rejection,
                    plugins: plugins)
            }
        }
        return reject(pod, record, rejection, plugins)
    }

    /// `0/8 nodes are available: 3 Insufficient cpu, …`; the reasons sorted as texts.
    func fitMessage(_ histogram: [Int32: Int]) -> String {
        var counts: [String: Int] = [:]
        for (code, count) in histogram {
            for text in reasons[code].texts { counts[text, default: 0] += count }
        }
        let texts = counts.map { "\($0.value) \($0.key)" }.sorted(by: utf8Less)
        let head = "0/\(nodes.count) nodes are available:"
        return texts.isEmpty ? head : "\(head) \(texts.joined(separator: ", "))."
    }

    /// Pods of lower priority that were to come to the node look for another one.
    private mutating func clearLowerNominations(on node: String, below priority: Int64) -> [String] {
        var cleared: [String] = []
        for other in nominated[node] ?? [] {
            guard let record = pods.records[Int(other)], record.priority < priority else { continue }
            cleared.append(record.key)
            unnominate(Int(other))
            if record.queue.place == .unschedulable { enqueueAfterBackoff(Int(other)) }
        }
        return cleared
    }
}
