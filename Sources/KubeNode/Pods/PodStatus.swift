import KubeAPI
import KubeJSON

/// When each condition of a pod took on its present status.
struct ConditionTimes: Sendable {
    static let types = [
        "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled",
        "DisruptionTarget", "PodResizePending",
    ]
    private var entries: [(status: Bool, text: String)?] = Array(repeating: nil, count: types.count)

    /// The transition time of a condition whose status is this now.
    mutating func time(_ index: Int, _ status: Bool, _ now: String) -> String {
        if let entry = entries[index], entry.status == status { return entry.text }
        entries[index] = (status, now)
        return now
    }

    /// Takes over what the API has.
    mutating func restore(_ conditions: [JSON]) {
        for condition in conditions {
            guard let index = Self.types.firstIndex(of: condition["type"]?.string ?? ""),
                let time = condition["lastTransitionTime"]?.string
            else { continue }
            entries[index] = (condition["status"]?.string == "True", time)
        }
    }
}

/// What a node says of itself in its pods' statuses.
public struct NodeFacts: Sendable, Equatable {
    public var addresses: [String]
    /// As in `containerID: name://…`.
    public var runtimeName: String

    public init(addresses: [String], runtimeName: String) {
        self.addresses = addresses
        self.runtimeName = runtimeName
    }
}

/// The status of a pod from what is known of it (kubelet_pods.go: generateAPIPodStatus; status/generate.go).
extension PodStateMachine {
    /// The whole `status` to publish.
    public mutating func status(_ pod: JSON, node: NodeFacts, now: Timestamp) -> JSON {
        let old = pod["status"] ?? .null
        let time = now.rfc3339
        let generation: JSON = pod["metadata"]?["generation"] ?? 1
        var status = JSONObject()
        status.reserveCapacity(16)
        status["observedGeneration"] = generation
        let phase = isRejected ? "Failed" : phase()
        status["phase"] = .string(phase)
        var conditions = (old["conditions"]?.array ?? []).filter { condition in
            !ConditionTimes.types.contains(condition["type"]?.string ?? "")
        }
        if isRejected {
            status["reason"] = .string(reason)
            status["message"] = .string(message)
            conditions += (old["conditions"]?.array ?? []).filter { $0["type"] == "PodScheduled" }
            if !conditions.isEmpty { status["conditions"] = .array(conditions) }
            status["qosClass"] = old["qosClass"]
            status["startTime"] = old["startTime"] ?? .string(time)
            return .object(status)
        }
        appendConditions(&conditions, old, phase, generation, time)
        status["conditions"] = .array(conditions)
        if !reason.isEmpty, phase == "Failed" || ending?.cause == .deletion {
            status["message"] = .string(message)
            status["reason"] = .string(reason)
        }
        if let address = node.addresses.first {
            status["hostIP"] = .string(address)
            status["hostIPs"] = .array(node.addresses.map { ["ip": .string($0)] })
        }
        let addresses = shape.usesHostNetwork ? node.addresses : seen.sandbox?.addresses ?? []
        if seen.sandbox?.isReady == true, let first = addresses.first {
            status["podIP"] = .string(first)
            status["podIPs"] = .array(addresses.map { ["ip": .string($0)] })
        }
        status["startTime"] = .string(startTime?.rfc3339 ?? time)
        if shape.initCount > 0 {
            status["initContainerStatuses"] = statuses(0..<shape.initCount, node)
        }
        status["containerStatuses"] = statuses(shape.mainIndices, node)
        status["qosClass"] = old["qosClass"]
        if shape.ephemeralStart < shape.containers.count {
            status["ephemeralContainerStatuses"] = statuses(
                shape.ephemeralStart..<shape.containers.count, node)
        }
        return .object(status)
    }

    // MARK: Phase

    /// kubelet_pods.go: getPhase.
    func phase() -> String {
        if isDone || ending != nil {
            let forced = ending?.cause == .deadline || ending?.cause == .eviction
            if isDone, forced || !reason.isEmpty { return "Failed" }
            if isDone, ending?.cause == .failedInit { return "Failed" }
        }
        var counts = (running: 0, waiting: 0, stopped: 0, succeeded: 0)
        for index in shape.mainIndices {
            guard let instance = seen.containers[index] else {
                counts.waiting += 1
                continue
            }
            switch instance.state {
            case .running where isShownRunning(index): counts.running += 1
            case .running, .created:
                if trackers[index].last != nil { counts.stopped += 1 } else { counts.waiting += 1 }
            case .exited:
                counts.stopped += 1
                if instance.exitCode == 0 { counts.succeeded += 1 }
            }
        }
        if isDone {
            return counts.waiting == 0 && counts.succeeded == shape.mainIndices.count
                ? "Succeeded" : "Failed"
        }
        if !isInitialized, shape.initCount > 0 || counts.waiting > 0 { return "Pending" }
        if counts.waiting > 0 { return "Pending" }
        // What has ended for good is told once the sidecars have ended too.
        return "Running"
    }

    private func isShownRunning(_ index: Int) -> Bool {
        guard shape.containers[index].hasPostStart, let instance = seen.containers[index] else { return true }
        return instance.postStart == .done || trackers[index].stopDeadline != nil
    }

    // MARK: Conditions

    private mutating func appendConditions(
        _ conditions: inout [JSON], _ old: JSON, _ phase: String, _ generation: JSON, _ time: String
    ) {
        func put(
            _ machine: inout PodStateMachine, _ index: Int, _ status: Bool, _ reason: String,
            _ message: String
        ) {
            var condition: JSONObject = [
                "type": .string(ConditionTimes.types[index]), "observedGeneration": generation,
                "status": status ? "True" : "False", "lastProbeTime": .null,
                "lastTransitionTime": .string(machine.transitions.time(index, status, time)),
            ]
            if !reason.isEmpty { condition["reason"] = .string(reason) }
            if !message.isEmpty { condition["message"] = .string(message) }
            conditions.append(.object(condition))
        }
        if ending?.cause == .eviction {
            put(&self, 5, true, "TerminationByKubelet", message)
        } else if let target = old["conditions"]?.array?.first(where: { $0["type"] == "DisruptionTarget" }) {
            conditions.append(target)
        }
        if let words = pendingResize, !isDone { put(&self, 6, true, words.reason, words.message) }
        put(&self, 0, seen.sandbox?.isReady == true && !isSandboxGone, "", "")

        let incomplete = (0..<shape.initCount).filter { !isComplete($0) }
        if phase == "Succeeded" {
            put(&self, 1, true, "PodCompleted", "")
        } else if isInitialized || incomplete.isEmpty {
            put(&self, 1, true, "", "")
        } else {
            let words = "containers with incomplete status: [\(names(incomplete))]"
            put(&self, 1, false, "ContainersNotInitialized", words)
        }

        let unready = shape.containers.indices.filter { index in
            let container = shape.containers[index]
            return (container.kind == .main || container.isSidecar) && !isReady(index)
        }
        var (ready, reason, words) = (true, "", "")
        if phase == "Succeeded" {
            (ready, reason) = (false, "PodCompleted")
        } else if phase == "Failed" {
            (ready, reason) = (false, "PodFailed")
        } else if !unready.isEmpty {
            (ready, reason) = (false, "ContainersNotReady")
            words = "containers with unready status: [\(names(unready))]"
        }
        let gates = ready ? Self.closedGates(shape.readinessGates, old) : []
        if gates.isEmpty {
            put(&self, 2, ready, reason, words)
        } else {
            put(&self, 2, false, "ReadinessGatesNotReady", gates.joined(separator: ", "))
        }
        put(&self, 3, ready, reason, words)
        put(&self, 4, true, "", "")
    }

    private func isComplete(_ index: Int) -> Bool {
        if shape.containers[index].isSidecar { return hasStarted(index) }
        guard let instance = seen.containers[index] else { return false }
        return instance.state == .exited && instance.exitCode == 0
    }

    private func names(_ indices: [Int]) -> String {
        indices.map { shape.containers[$0].name }.joined(separator: " ")
    }

    private static func closedGates(_ gates: [String], _ status: JSON) -> [String] {
        gates.compactMap { gate in
            let condition = status["conditions"]?.array?.first { $0["type"]?.string == gate }
            guard let condition else {
                return "corresponding condition of pod readiness gate \"\(gate)\" does not exist."
            }
            let value = condition["status"]?.string ?? ""
            if value == "True" { return nil }
            return "the status of pod readiness gate \"\(gate)\" is not \"True\", but \(value)"
        }
    }

    // MARK: Containers

    private func statuses(_ range: Range<Int>, _ node: NodeFacts) -> JSON {
        .array(range.map { containerStatus($0, node) })
    }

    private func containerStatus(_ index: Int, _ node: NodeFacts) -> JSON {
        let (container, tracker) = (shape.containers[index], trackers[index])
        let instance = seen.containers[index]
        var status = JSONObject()
        status.reserveCapacity(14)
        status["name"] = .string(container.name)
        status["state"] = state(index, node)
        var last = tracker.last
        if let present = instance, present.state == .exited, tracker.waiting != nil { last = present }
        let isSame = last.map { $0.id == instance?.id && tracker.waiting == nil } ?? true
        if isSame { last = tracker.beforeLast }
        status["lastState"] = last.map { ["terminated": Self.terminated($0, node)] } ?? [:]
        let isPlainInit = container.kind == .initial && !container.isSidecar
        let isRunning = instance?.state == .running && isShownRunning(index)
        status["ready"] = .bool(
            !isDone && (isPlainInit ? isComplete(index) : container.kind != .ephemeral && isReady(index))
                || isDone && isPlainInit && isComplete(index))
        status["restartCount"] = .integer(Int64(instance?.attempt ?? tracker.attempt))
        status["image"] = .string(container.image)
        status["imageID"] = .string(instance?.imageID ?? "")
        if let instance, instance.creationFailure == nil {
            status["containerID"] = .string("\(node.runtimeName)://\(instance.id)")
        }
        status["started"] = .bool(!isPlainInit && isRunning && !isDone && hasStarted(index))
        if container.kind == .ephemeral { return .object(status) }
        if isRunning || isBeingReplaced(index), let resources = container.resources,
            let object = resources.object, !object.isEmpty
        {
            if let requests = resources["requests"] { status["allocatedResources"] = requests }
            status["resources"] = resources
        }
        if let mounts = container.volumeMounts { status["volumeMounts"] = ownMounts(mounts) }
        return .object(status)
    }

    /// The mounts with the pod's own name for the volume of its token.
    private func ownMounts(_ mounts: JSON) -> JSON {
        guard let shared = shape.tokenVolume, let tokenVolume, shared != tokenVolume,
            var list = mounts.array
        else { return mounts }
        for index in list.indices where list[index]["name"]?.string == shared {
            list[index]["name"] = .string(tokenVolume)
        }
        return .array(list)
    }

    private func state(_ index: Int, _ node: NodeFacts) -> JSON {
        let tracker = trackers[index]
        func waiting(_ reason: String, _ message: String) -> JSON {
            var words: JSONObject = ["reason": .string(reason)]
            if !message.isEmpty { words["message"] = .string(message) }
            return ["waiting": .object(words)]
        }
        if isDone, isInitialized, seen.containers[index]?.state != .exited,
            shape.containers[index].kind == .main
        {
            return [
                "terminated": [
                    "exitCode": 137, "reason": "ContainerStatusUnknown",
                    "message": "The container could not be located when the pod was terminated",
                    "startedAt": .null, "finishedAt": .null,
                ]
            ]
        }
        if let instance = seen.containers[index] {
            if instance.state == .running, isShownRunning(index) {
                return ["running": ["startedAt": .string(instance.started?.rfc3339 ?? "")]]
            }
            if isBeingReplaced(index) {
                return ["running": ["startedAt": .string(instance.started?.rfc3339 ?? "")]]
            }
            if instance.state == .exited {
                if let words = tracker.waiting, !isDone { return waiting(words.reason, words.message) }
                return ["terminated": Self.terminated(instance, node)]
            }
        }
        if let words = tracker.waiting { return waiting(words.reason, words.message) }
        let isBehindInit = shape.initCount > 0 && !isInitialized && index >= shape.initCount
        // Init containers that wait for others say the same as the containers.
        return waiting(isBehindInit || waitsForInit(index) ? "PodInitializing" : "ContainerCreating", "")
    }

    /// A container that is stopped to be started again is shown as it was until the next instance is there or
    /// has to wait: the kubelet does both in one turn, and tells of no end between.
    private func isBeingReplaced(_ index: Int) -> Bool {
        guard let instance = seen.containers[index], instance.state == .exited, ending == nil, !isDone else {
            return false
        }
        return trackers[index].replaced == instance.id && trackers[index].waiting == nil
            && shape.containers[index].restarts(after: instance.exitCode)
    }

    private func waitsForInit(_ index: Int) -> Bool { index < shape.initCount }

    private static func terminated(_ instance: ContainerInstance, _ node: NodeFacts) -> JSON {
        var words = JSONObject()
        words["exitCode"] = .integer(Int64(instance.exitCode))
        if instance.signal != 0 { words["signal"] = .integer(Int64(instance.signal)) }
        if !instance.reason.isEmpty { words["reason"] = .string(instance.reason) }
        if !instance.message.isEmpty { words["message"] = .string(instance.message) }
        words["startedAt"] = instance.started.map { .string($0.rfc3339) } ?? .null
        words["finishedAt"] = instance.finished.map { .string($0.rfc3339) } ?? .null
        words["containerID"] = .string("\(node.runtimeName)://\(instance.id)")
        return .object(words)
    }
}
