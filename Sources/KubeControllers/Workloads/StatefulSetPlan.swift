import KubeAPI
import KubeEngine
import KubeJSON

/// What is to be done about the pods of a StatefulSet now
/// (pkg/controller/statefulset/stateful_set_control.go).
struct StatefulSetPlan {
    /// The most pods that are made at once.
    private static let batch = 500

    let spec: StatefulSetSpec
    let claims: StatefulSetClaims
    let current: JSON
    let update: JSON
    let view: ClusterView
    let now: Timestamp

    private let pods: [PodSummary]
    private var members: [Int: PodSummary] = [:]
    /// Beyond the wanted ordinals, the highest first.
    private var condemned: [PodSummary] = []
    private var deleted: Set<String> = []
    /// Of the current revision, deleted to be updated.
    private var replaced = 0
    private(set) var writes: [ControllerWrite] = []
    private(set) var events: [RecordedEvent] = []

    init(
        spec: StatefulSetSpec, claims: StatefulSetClaims, pods: [PodSummary], current: JSON, update: JSON,
        view: ClusterView, now: Timestamp
    ) {
        self.spec = spec
        self.claims = claims
        self.pods = pods
        self.current = current
        self.update = update
        self.view = view
        self.now = now
        var ordinals: [(Int, PodSummary)] = []
        for pod in pods {
            let ordinal = StatefulIdentity.ordinal(pod)
            if spec.contains(ordinal: ordinal) {
                members[ordinal] = pod
            } else if ordinal >= 0 {
                ordinals.append((ordinal, pod))
            }
        }
        condemned = ordinals.sorted { $0.0 > $1.0 }.map(\.1)
    }

    private var isMonotonic: Bool { !spec.isParallel }
    private var ordinals: Range<Int> { spec.start..<(spec.start + spec.replicas) }

    private func isUnavailable(_ pod: PodSummary?) -> Bool {
        StatefulIdentity.isUnavailable(pod, spec.minReadySeconds, now)
    }

    /// Members first, then those that are to go, then the update: each only when nothing holds it up.
    mutating func make() {
        if process(members: ordinals) { return }
        for pod in condemned {
            writes += claims.corrections(pod, StatefulIdentity.ordinal(pod))
        }
        if takeDown() { return }
        if spec.isRolling { roll() }
    }

    // MARK: Members

    /// - Returns: whether the rest has to wait.
    private mutating func process(members ordinals: Range<Int>) -> Bool {
        var isBlocked = false
        var created = 0
        for ordinal in ordinals {
            guard let pod = members[ordinal] else {
                let isMade = create(ordinal)
                if isMonotonic { return true }
                if isMade { created += 1 } else { isBlocked = true }
                if created == Self.batch { return true }
                continue
            }
            if pod.isFinished {
                // Whatever its containers ended with: the place has to be filled again.
                if !pod.isTerminating { delete(pod) }
                if isMonotonic { return true }
                continue
            }
            if pod.phase == .pending {
                if claims.leavingClaim(ordinal) != nil { isBlocked = true }
                writes += claims.creations(ordinal) + claims.corrections(pod, ordinal)
            }
            if isMonotonic {
                if isBlocked || pod.isTerminating || !StatefulIdentity.isRunningAndReady(pod) { return true }
                if !pod.isAvailable(minReadySeconds: spec.minReadySeconds, now: now) { return true }
            }
            correct(pod, ordinal)
        }
        return isBlocked
    }

    /// - Returns: whether it could be asked for.
    private mutating func create(_ ordinal: Int) -> Bool {
        // Until the collector took away the claims of the last pod of the name, there is no next one; and
        // another's pod may have the name.
        let name = spec.podName(ordinal)
        if claims.isStale(ordinal) || view.pod(spec.namespace + "/" + name) != nil { return false }
        writes += claims.creations(ordinal)
        if let claim = claims.leavingClaim(ordinal) {
            events.append(failed("create", name, "pvc \(claim) is being deleted"))
            return false
        }
        // While an update is under way, places below the partition are filled from the current revision.
        let isCurrent =
            spec.isRolling && current.name != update.name && ordinal < spec.start + spec.partition
        let revision = isCurrent ? current : update
        let pod = StatefulIdentity.pod(
            spec, template: ControllerRevisions.template(in: revision), revision: revision.name,
            ordinal: ordinal)
        writes.append(
            PodTemplates.create(pod).recording(
                succeeded("create", name), orFailure: failed("create", name, "{error}")))
        return true
    }

    private mutating func correct(_ pod: PodSummary, _ ordinal: Int) {
        if pod.phase != .pending { writes += claims.corrections(pod, ordinal) }
        if StatefulIdentity.identityMatches(pod),
            StatefulIdentity.storageMatches(pod, spec, ordinal)
        {
            return
        }
        writes += claims.creations(ordinal)
        let value = StatefulIdentity.corrected(pod, spec, ordinal)
        writes.append(
            ControllerWrite(
                group: "", version: "v1", plural: "pods", namespace: spec.namespace, name: pod.name,
                .update(value)
            ).recording(
                succeeded("update", pod.name), orFailure: failed("update", pod.name, "{error}")))
    }

    // MARK: Going

    /// - Returns: whether the rest has to wait.
    private mutating func takeDown() -> Bool {
        guard isMonotonic else {
            for pod in condemned where !pod.isTerminating { delete(pod) }
            return false
        }
        guard let pod = condemned.first else { return false }
        if pod.isTerminating { return true }
        // One that is not available may only go when it is the one that everything waits for.
        if isUnavailable(pod), condemned.last(where: isUnavailable)?.key != pod.key { return true }
        delete(pod)
        return true
    }

    /// One pod at a time, from the highest place down to the partition; those that are updated have to be
    /// available before the next one goes. (`maxUnavailable` is behind a gate that v1.36 has off.)
    private mutating func roll() {
        for ordinal in ordinals.dropFirst(spec.partition).reversed() {
            guard let pod = members[ordinal] else { return }
            if StatefulIdentity.revision(pod) != update.name, !pod.isTerminating,
                !deleted.contains(pod.uid)
            {
                if StatefulIdentity.revision(pod) == current.name { replaced += 1 }
                delete(pod)
                return
            }
            if isUnavailable(pod) { return }
        }
    }

    private mutating func delete(_ pod: PodSummary) {
        deleted.insert(pod.uid)
        writes.append(
            PodTemplates.delete(pod).recording(
                succeeded("delete", pod.name), orFailure: failed("delete", pod.name, "{error}")))
    }

    private func succeeded(_ verb: String, _ pod: String) -> RecordedEvent {
        claims.event(
            .normal, "Successful" + verb.capitalizedWord,
            "\(verb) Pod \(pod) in StatefulSet \(spec.name) successful")
    }

    private func failed(_ verb: String, _ pod: String, _ error: String) -> RecordedEvent {
        claims.event(
            .warning, "Failed" + verb.capitalizedWord,
            "\(verb) Pod \(pod) in StatefulSet \(spec.name) failed error: \(error)")
    }

    // MARK: Status

    /// What the pods are, and whether the update is complete.
    func status(collisions: Int64) -> JSON {
        var (ready, available, atCurrent, updated) = (0, 0, -replaced, 0)
        for pod in pods {
            if StatefulIdentity.isRunningAndReady(pod) {
                ready += 1
                if pod.isAvailable(minReadySeconds: spec.minReadySeconds, now: now) { available += 1 }
            }
            if pod.isTerminating { continue }
            let revision = StatefulIdentity.revision(pod)
            if revision == current.name { atCurrent += 1 }
            if revision == update.name { updated += 1 }
        }
        var revision = current.name
        if spec.isRolling, updated == spec.replicas, ready == spec.replicas, pods.count == spec.replicas {
            atCurrent = updated
            revision = update.name
        }
        var status: JSONObject = [:]
        func put(_ name: String, _ count: Int) {
            if count != 0 { status[name] = .integer(Int64(count)) }
        }
        put("observedGeneration", Int(spec.set.generation))
        status["replicas"] = .integer(Int64(pods.count))
        put("readyReplicas", ready)
        put("currentReplicas", max(0, atCurrent))
        put("updatedReplicas", updated)
        status["currentRevision"] = .string(revision)
        status["updateRevision"] = .string(update.name)
        status["collisionCount"] = .integer(collisions)
        status["availableReplicas"] = .integer(Int64(available))
        return .object(status)
    }

    /// Seconds until one of the pods that are ready has been so for long enough.
    var untilAvailable: Double? {
        guard spec.minReadySeconds > 0 else { return nil }
        return pods.compactMap { pod -> Double? in
            guard pod.phase == .running, pod.isReady, let since = pod.readySince,
                !pod.isAvailable(minReadySeconds: spec.minReadySeconds, now: now)
            else { return nil }
            return max(0.001, Double(spec.minReadySeconds) - now.since(since))
        }.min()
    }
}

extension String {
    /// With a capital at its start.
    fileprivate var capitalizedWord: String { prefix(1).uppercased() + dropFirst() }
}
