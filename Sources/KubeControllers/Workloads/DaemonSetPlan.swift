import KubeAPI
import KubeEngine
import KubeJSON

/// What is to be done about the pods of a DaemonSet now.
struct DaemonSetPlan {
    /// The most pods that are made, and the most that are deleted, at once.
    private static let burst = 250

    private let set: JSON
    private let hash: String
    private let generation: String?
    private let minReadySeconds: Int
    private let maxSurge: Int
    private let maxUnavailable: Int
    private let desired: Int
    private let now: Timestamp
    private(set) var memory: DaemonMemory
    /// By node; those of one node from the oldest on, scheduled ones first.
    private var pods: [String: [PodSummary]] = [:]
    private var created: [String] = []
    private var deleted: [PodSummary] = []
    private(set) var events: [RecordedEvent] = []
    private(set) var requeueAfter: Double?

    /// - Parameters:
    ///   - hash: of the revision that the template is.
    ///   - pods: of the set.
    init(set: JSON, hash: String, pods: [PodSummary], memory: DaemonMemory, now: Timestamp) {
        self.set = set
        self.hash = hash
        self.memory = memory
        self.now = now
        generation = DaemonPods.generation(set)
        minReadySeconds = max(0, set.at("spec", "minReadySeconds")?.int ?? 0)
        let desired = memory.nodes.reduce(0) { $0 + (memory.fit($1)?.shouldRun == true ? 1 : 0) }
        self.desired = desired
        let update = set.at("spec", "updateStrategy")
        let isRolling = update?["type"]?.string != "OnDelete"
        func count(_ name: String) -> Int {
            guard isRolling, let value = update?["rollingUpdate"]?[name] else { return 0 }
            return ScaledCount.of(value, total: desired, roundsUp: true) ?? 0
        }
        maxSurge = count("maxSurge")
        let unavailable = count("maxUnavailable")
        // What no API server lets through still has to come to an end.
        maxUnavailable = unavailable == 0 && maxSurge == 0 ? 1 : unavailable
        group(pods)
    }

    private mutating func group(_ all: [PodSummary]) {
        var targets: [String: String] = [:]
        for pod in all {
            // A pod that has ended and is going is as good as gone.
            if pod.isFinished, pod.isTerminating { continue }
            var node = pod.nodeName
            if node.isEmpty {
                guard let target = memory.targets[pod.uid] ?? DaemonPods.target(pod.value) else { continue }
                targets[pod.uid] = target
                node = target
            }
            pods[node, default: []].append(pod)
            if minReadySeconds > 0, pod.isReady, let since = pod.readySince, !isAvailable(pod) {
                wait(Double(minReadySeconds) - now.since(since))
            }
        }
        memory.targets = targets
        for node in pods.keys where (pods[node]?.count ?? 0) > 1 { pods[node]?.sort(by: Self.comesFirst) }
    }

    private static func comesFirst(_ left: PodSummary, _ right: PodSummary) -> Bool {
        if left.nodeName.isEmpty != right.nodeName.isEmpty { return right.nodeName.isEmpty }
        if left.created != right.created { return left.created < right.created }
        return utf8Less(left.name, right.name)
    }

    private mutating func wait(_ seconds: Double) {
        requeueAfter = min(requeueAfter ?? .infinity, max(0.001, seconds))
    }

    private func isAvailable(_ pod: PodSummary) -> Bool {
        pod.isAvailable(minReadySeconds: minReadySeconds, now: now)
    }

    private func isUpdated(_ pod: PodSummary) -> Bool {
        DaemonPods.isUpdated(pod, hash: hash, generation: generation)
    }

    /// Whether every node has what it is to have.
    var isIdle: Bool { created.isEmpty && deleted.isEmpty }

    // MARK: One pod on each node

    mutating func manage() {
        memory.forgetOldBackoffs(now)
        for node in memory.nodes { manage(node) }
        // The pods of a node that went are never scheduled, and nobody else deletes them.
        for pod in pods.keys.filter({ memory.fit($0) == nil }).sorted(by: utf8Less).flatMap({ pods[$0] ?? [] }
        )
        where pod.nodeName.isEmpty && !pod.isTerminating {
            deleted.append(pod)
        }
    }

    private mutating func manage(_ node: String) {
        guard let fit = memory.fit(node) else { return }
        guard let present = pods[node] else {
            if fit.shouldRun { created.append(node) }
            return
        }
        let staying = present.filter { !$0.isTerminating }
        if !fit.mayStay {
            deleted += staying
            return
        }
        let running = staying.filter { keeps($0, on: node) }
        if maxSurge == 0 {
            deleted += running.dropFirst()
            return
        }
        if running.count <= 1 {
            if running.isEmpty, fit.shouldRun { created.append(node) }
            return
        }
        // Two may be there while the old one serves and the new one is not ready to.
        let new = running.first { $0.labels[DaemonPods.hashLabel]?.string == hash }
        let old = running.first { $0.labels[DaemonPods.hashLabel]?.string != hash }
        deleted += running.filter { $0.uid != new?.uid && $0.uid != old?.uid }
        if let new, let old, !old.isReady || isAvailable(new) { deleted.append(old) }
    }

    /// - Returns: whether a pod runs or is going to; one that has ended is to be deleted, failed ones not too
    ///   often.
    private mutating func keeps(_ pod: PodSummary, on node: String) -> Bool {
        switch pod.phase {
        case .failed:
            if let delay = memory.delay(of: node, at: now) {
                wait(delay)
                return false
            }
            say(
                .warning, "FailedDaemonPod",
                "Found failed daemon pod \(pod.namespace)/\(pod.name) on node \(node), will try to kill it")
            deleted.append(pod)
            return false
        case .succeeded:
            say(
                .normal, "SucceededDaemonPod",
                "Found succeeded daemon pod \(pod.namespace)/\(pod.name) on node \(node), "
                    + "will try to delete it")
            deleted.append(pod)
            return false
        default: return true
        }
    }

    // MARK: Rolling update

    private enum Versions {
        case tooMany
        case some(new: PodSummary?, old: PodSummary?)
    }

    private func versions(on node: String) -> Versions {
        var new: PodSummary?
        var old: PodSummary?
        for pod in pods[node] ?? [] where !pod.isTerminating {
            if isUpdated(pod) {
                if new != nil { return .tooMany }
                new = pod
            } else {
                if old != nil { return .tooMany }
                old = pod
            }
        }
        return .some(new: new, old: old)
    }

    /// The nodes that have a pod or are to have one, in order of name.
    private var concerned: [String] {
        let gone = pods.keys.filter { memory.fit($0) == nil }
        let there = memory.nodes.filter { pods[$0] != nil || memory.fit($0)?.shouldRun == true }
        return gone.isEmpty ? there : (there + gone).sorted(by: utf8Less)
    }

    mutating func roll() {
        if maxSurge == 0 { replace() } else { surge() }
    }

    /// Deletes old pods as far as `maxUnavailable` lets it; they are made anew once they are gone.
    private mutating func replace() {
        var unavailable = 0
        var candidates: [PodSummary] = []
        for node in concerned {
            guard case .some(let new, let old) = versions(on: node) else {
                unavailable += 1
                continue
            }
            switch (new, old) {
            case (nil, nil), (.some, .some): unavailable += 1
            case (let new?, nil): unavailable += isAvailable(new) ? 0 : 1
            case (nil, let old?):
                if isAvailable(old) {
                    candidates.append(old)
                } else {
                    // It does not serve: replacing it costs nothing.
                    deleted.append(old)
                    unavailable += 1
                }
            }
        }
        deleted += candidates.prefix(max(0, maxUnavailable - unavailable))
    }

    /// Makes new pods beside old ones as far as `maxSurge` lets it, and deletes the old ones when those
    /// are available.
    private mutating func surge() {
        var surging = 0
        var available = 0
        var candidates: [String] = []
        var unwanted: [PodSummary] = []
        for node in concerned {
            guard case .some(let new, let old) = versions(on: node) else {
                surging += 1
                continue
            }
            if let served = old ?? new, isAvailable(served) { available += 1 }
            guard let old else { continue }
            if let new {
                if isAvailable(new) { deleted.append(old) } else { surging += 1 }
                continue
            }
            let isWanted = memory.fit(node)?.shouldRun == true
            switch (isAvailable(old), isWanted) {
            case (true, true): candidates.append(node)
            case (true, false): unwanted.append(old)
            case (false, true): created.append(node)
            case (false, false): deleted.append(old)
            }
        }
        // One that still serves where it does not belong goes when there are enough without it.
        deleted += unwanted.prefix(max(0, available - desired))
        created += candidates.prefix(max(0, maxSurge - surging))
    }

    // MARK: Writes

    /// - Parameter isLeaving: whether the namespace takes nothing new.
    func writes(isLeaving: Bool) -> [ControllerWrite] {
        var writes = deleted.prefix(Self.burst).map { pod -> ControllerWrite in
            var write = PodTemplates.delete(pod).recording(
                event(.normal, "SuccessfulDelete", "Deleted pod: \(pod.name)"),
                orFailure: event(.warning, "FailedDelete", "Error deleting: {error}"))
            write.letsOthersGoOn = true
            return write
        }
        guard !isLeaving, !created.isEmpty else { return writes }
        let pod = DaemonPods.pod(set, hash: hash)
        for node in created.prefix(Self.burst) {
            writes.append(
                PodTemplates.create(DaemonPods.bound(pod, to: node)).recording(
                    event(.normal, "SuccessfulCreate", "Created pod: {name}"),
                    orFailure: event(.warning, "FailedCreate", "Error creating: {error}")))
        }
        return writes
    }

    private func event(_ kind: RecordedEvent.Kind, _ reason: String, _ message: String) -> RecordedEvent {
        RecordedEvent(kind, reason, message, of: set, component: "daemonset-controller")
    }

    private mutating func say(_ kind: RecordedEvent.Kind, _ reason: String, _ message: String) {
        events.append(event(kind, reason, message))
    }

    // MARK: Status

    /// - Returns: nil when it is as it was.
    func status(after old: JSON?) -> JSON? {
        var (scheduled, misscheduled, ready, updated, available) = (0, 0, 0, 0, 0)
        for node in memory.nodes {
            guard let pod = pods[node]?.first, let fit = memory.fit(node) else { continue }
            guard fit.shouldRun else {
                misscheduled += 1
                continue
            }
            scheduled += 1
            if pod.isReady {
                ready += 1
                if isAvailable(pod) { available += 1 }
            }
            if isUpdated(pod) { updated += 1 }
        }
        let counts: [(String, Int, isAlwaysSaid: Bool)] = [
            ("currentNumberScheduled", scheduled, true), ("numberMisscheduled", misscheduled, true),
            ("desiredNumberScheduled", desired, true), ("numberReady", ready, true),
            ("updatedNumberScheduled", updated, false), ("numberAvailable", available, false),
            ("numberUnavailable", desired - available, false),
        ]
        if (old?["observedGeneration"]?.integer ?? 0) >= set.generation,
            counts.allSatisfy({ (old?[$0.0]?.int ?? 0) == $0.1 })
        {
            return nil
        }
        var status = old ?? [:]
        for (name, count, isAlwaysSaid) in counts {
            if count != 0 || isAlwaysSaid {
                status[name] = .integer(Int64(count))
            } else {
                status.removeValue(forKey: name)
            }
        }
        status["observedGeneration"] = .integer(set.generation)
        return status
    }
}
