import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Nodes whose pods use up their memory (pkg/kubelet/eviction): they say so, and end one pod at a time.
extension NodeAgents {
    /// Of memory that must be left; upstream's hard threshold.
    static let leastMemory: Int64 = 100 << 20
    /// Seconds for which the condition stays after memory was short.
    private static let pressureLasts = 300.0
    /// From this priority on a pod is never ended for others.
    private static let criticalPriority = 2_000_000_000

    static func isCritical(_ pod: JSON) -> Bool {
        (pod["spec"]?["priority"]?.int ?? 0) >= criticalPriority
    }

    /// Looks at what the node's pods use, where any of them says so, and notes the condition.
    /// - Returns: the pod to end.
    mutating func lookAtMemory(
        _ state: inout NodeState, _ node: JSON, _ view: ClusterView, _ now: Timestamp,
        _ result: inout Reconciliation
    ) -> (key: String, message: String)? {
        guard let metrics = options.metrics else { return nil }
        if let last = state.lastLook, now.since(last) < options.pressurePeriod { return nil }
        let pods = view.pods(onNode: state.name).filter { agents[$0.key]?.machine.identity.uid == $0.uid }
        state.watchesMemory =
            state.hasMemoryPressure || pods.contains { agents[$0.key]?.usesMemory == true && !$0.isFinished }
        guard state.watchesMemory else { return nil }
        state.lastLook = now
        let usages = pods.map { metrics.usage(of: $0, at: now) }
        let used = usages.joined().reduce(0) { $0 + $1.memory }
        let available = (state.capacity["memory"] ?? 0) - used
        let isShort = available < Self.leastMemory
        if isShort { state.pressureSeen = now }
        let hasPressure = state.pressureSeen.map { now.since($0) < Self.pressureLasts } ?? false
        if hasPressure != state.hasMemoryPressure {
            state.hasMemoryPressure = hasPressure
            // To be told at once.
            state.lastStatus = nil
            let word = hasPressure ? "NodeHasInsufficientMemory" : "NodeHasSufficientMemory"
            result.events.append(
                RecordedEvent(
                    .normal, word, "Node \(state.name) status is now: \(word)", of: Self.named(node),
                    component: "kubelet", host: state.name))
        }
        guard isShort else { return nil }
        result.events.append(
            RecordedEvent(
                .warning, "EvictionThresholdMet", "Attempting to reclaim memory", of: Self.named(node),
                component: "kubelet", host: state.name))
        return victim(pods, usages, available: available)
    }

    /// Events of a node's agent name the node for its uid.
    private static func named(_ node: JSON) -> JSON {
        ["kind": "Node", "metadata": ["name": .string(node.name), "uid": .string(node.name)]]
    }

    /// Pods that use more than they asked for come first, then those of less priority, then those that use
    /// the most beyond what they asked for.
    private func victim(
        _ pods: [PodSummary], _ usages: [[ContainerUsage]], available: Int64
    ) -> (key: String, message: String)? {
        var best: (index: Int, exceeds: Bool, priority: Int, over: Int64)?
        for (index, pod) in pods.enumerated() {
            guard let agent = agents[pod.key], !pod.isFinished, !agent.machine.isDone,
                !agent.machine.isEnding, !usages[index].isEmpty
            else { continue }
            let value = pod.value
            if Self.isCritical(value) { continue }
            let requested = agent.machine.shape.requests["memory"]?.wholeValue ?? 0
            let over = usages[index].reduce(0) { $0 + $1.memory } - requested
            let priority = value["spec"]?["priority"]?.int ?? 0
            if let best {
                let mine = (over > 0 ? 0 : 1, priority)
                let other = (best.exceeds ? 0 : 1, best.priority)
                if mine > other || mine == other && over <= best.over { continue }
            }
            best = (index, over > 0, priority, over)
        }
        guard let best else { return nil }
        let pod = pods[best.index]
        var message =
            "The node was low on resource: memory. Threshold quantity: \(Self.text(Self.leastMemory)), "
            + "available: \(Self.text(max(available, 0))). "
        let shape = agents[pod.key]?.machine.shape
        for usage in usages[best.index] {
            let container = shape?.containers.first { $0.name == usage.name }
            let request = container?.memoryRequest ?? 0
            guard usage.memory > request else { continue }
            message += "Container \(usage.name) was using \(Self.text(usage.memory)), "
            message += "request is \(Self.text(request)), has larger consumption of memory. "
        }
        return (pod.key, message)
    }

    private static func text(_ bytes: Int64) -> String {
        Quantity(bytes, format: .binarySI).canonical
    }
}
