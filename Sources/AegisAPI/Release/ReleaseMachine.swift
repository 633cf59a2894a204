import KubeJSON

/// What happened to a release.
public enum ReleaseInput: Sendable {
    /// The workload was looked at; nil when there is none. While something is to be sent, the look must be at
    /// the API server itself, not at a copy that may be behind.
    case observed(WorkloadObservation?)
    /// The API server did what was sent, and says how the workload is now.
    case sent(WorkloadObservation)
    case notSent(SendFailure)
    /// Somebody asked for something.
    case asked(ReleaseIntent, by: String)
}

public enum SendFailure: Sendable, Equatable {
    /// The workload changed since it was looked at.
    case conflict
    /// The API server refused for good.
    case refused(String)
    /// There was no answer: it may have been done or not.
    case unknown(String)
}

/// What is to be done next. It is done only after the release as it is now has been stored.
public enum ReleaseCommand: Sendable, Equatable {
    /// Send this JSON Patch to the workload. It holds only for the version that was looked at, so that sent late
    /// or twice it does nothing.
    case send(JSON)
    /// Look at the workload again, after so many seconds or when it changes, whichever comes first.
    case look(after: Double)
}

/// What moves a release: events go in, commands and steps come out. It reads no clock and sends nothing; every
/// effect is recorded before it is made, so that whoever goes on after a crash knows what may have been done.
public struct ReleaseMachine: Sendable {
    /// Times of the machine, in seconds.
    public struct Timing: Sendable {
        /// How long everything must be well before a release has succeeded.
        public var settle: Double
        /// How long pods may fail to start for reasons that may pass.
        public var patience: Double
        /// The longest that one look counts towards a deadline: a clock that jumps, or a replica that died, does
        /// not use a deadline up.
        public var longestLook: Double
        /// How often the workload is looked at when nothing tells that it changed.
        public var interval: Double

        public init(
            settle: Double = 3, patience: Double = 20, longestLook: Double = 10, interval: Double = 2
        ) {
            self.settle = settle
            self.patience = patience
            self.longestLook = longestLook
            self.interval = interval
        }
    }

    public private(set) var release: Release
    /// What happened since they were last taken, oldest first.
    public private(set) var steps: [ReleaseStep] = []

    let replica: String
    let timing: Timing
    private var now: Int64 = 0

    public init(_ release: Release, replica: String, timing: Timing = Timing()) {
        self.release = release
        self.replica = replica
        self.timing = timing
    }

    public mutating func takeSteps() -> [ReleaseStep] {
        defer { steps = [] }
        return steps
    }

    /// Steps that are not stored yet, and forgetting them once they are.
    var pendingSteps: [ReleaseStep] { steps }
    mutating func clearSteps(_ count: Int) { steps.removeFirst(min(count, steps.count)) }

    mutating func stored(version: Int64) { release.version = version }

    /// Another replica had the release before.
    mutating func takeOver(now: Int64) {
        self.now = now
        record(.takenOver, "replica \(replica) goes on")
    }

    /// - Parameter now: milliseconds since 1970.
    public mutating func handle(_ input: ReleaseInput, now: Int64) -> [ReleaseCommand] {
        self.now = now
        guard release.state.isActive else { return [] }
        switch input {
        case .asked(let intent, let by): return asked(intent, by: by)
        case .observed(let observation):
            guard let observation else { return gone() }
            switch release.state {
            case .pending: return begin(observation)
            case .applying: return goOnApplying(observation)
            case .progressing: return follow(observation)
            case .reverting: return goOnReverting(observation)
            case .restoring: return followRestoring(observation)
            default: return []
            }
        case .sent(let observation): return sent(observation)
        case .notSent(let failure): return notSent(failure)
        }
    }

    // MARK: Applying

    private mutating func begin(_ observation: WorkloadObservation) -> [ReleaseCommand] {
        if release.intent != nil { return finish(.cancelled, "cancelled before anything was done") }
        release.before = observation.state
        release.state = .applying
        release.message = "changing \(release.workload)"
        record(.applying, release.change.summary)
        return apply(to: observation)
    }

    private mutating func goOnApplying(_ observation: WorkloadObservation) -> [ReleaseCommand] {
        if observation.mark == release.id {
            // It was sent, and the answer got lost; since then others may have been there.
            return isTemplate(of: observation, release.appliedDigest) ? applied(observation) : superseded()
        }
        let isLate = spend() > deadline
        if observation.mark == withdrawnMark {
            if release.intent != nil { return finish(.cancelled, "cancelled before anything was done") }
            return finish(
                .failed, "the workload could not be changed in \(release.deadline) s: \(release.message)")
        }
        if release.intent != nil || isLate { return withdraw(observation) }
        if release.before != observation.state { release.before = observation.state }
        return apply(to: observation)
    }

    private mutating func apply(to observation: WorkloadObservation) -> [ReleaseCommand] {
        do {
            let wanted = try release.change.applied(to: observation.state, at: release.createdAt)
            release.appliedDigest = templateDigest(wanted.template)
            return [
                .send(patch(observation, to: wanted, from: observation.state, mark: release.id)),
                .look(after: backoff),
            ]
        } catch {
            return finish(.failed, error.description)
        }
    }

    private mutating func applied(_ observation: WorkloadObservation) -> [ReleaseCommand] {
        release.attempts = 0
        release.appliedGeneration = observation.generation
        release.appliedDigest = templateDigest(observation.state.template)
        release.state = .progressing
        startWatching()
        record(.applied, "the workload is changed (generation \(observation.generation))")
        if let intent = release.intent { return revert("\(release.intentBy) asked for \(intent.words)") }
        return follow(observation)
    }

    // MARK: Following

    private mutating func follow(_ observation: WorkloadObservation) -> [ReleaseCommand] {
        // A copy that is behind says nothing about the change.
        guard observation.generation >= release.appliedGeneration else {
            return [.look(after: timing.interval)]
        }
        if isChangedByOthers(observation, mark: release.id) { return superseded() }
        let spent = spend()
        note(observation)
        if let reason = failure(in: observation) { return revert(reason) }
        if observation.isComplete, observation.troubles.isEmpty {
            if release.healthySince == nil {
                release.healthySince = release.watched
                record(.healthy, "all \(observation.state.replicas) replicas are available")
            }
            let healthy = release.watched - (release.healthySince ?? release.watched)
            let missing = Int64(timing.settle * 1000) - healthy
            if missing <= 0 { return finish(.succeeded, "rolled out") }
            return [.look(after: Double(missing) / 1000)]
        }
        release.healthySince = nil
        if spent > deadline {
            return revert("not rolled out within \(release.deadline) s: \(Self.words(observation))")
        }
        release.message = observation.isPaused ? "the workload is paused" : Self.words(observation)
        return [.look(after: min(timing.interval, Double(max(deadline - spent, 0)) / 1000 + 0.1))]
    }

    /// Why the change has failed; nil while it may still come right.
    private mutating func failure(in observation: WorkloadObservation) -> String? {
        if let crash = observation.troubles.first(where: { $0.kind == .crashing }) { return crash.message }
        if let trouble = observation.troubles.first {
            let since = release.troubledSince ?? release.watched
            release.troubledSince = since
            if release.watched - since > Int64(timing.patience * 1000) { return trouble.message }
        } else {
            release.troubledSince = nil
        }
        return observation.stalled
    }

    // MARK: The way back

    private mutating func revert(_ reason: String) -> [ReleaseCommand] {
        release.state = .reverting
        release.rollbackReason = reason
        release.message = "rolling back: \(reason)"
        release.attempts = 0
        startWatching()
        record(.reverting, "rolling back: \(reason)")
        // The way back holds for a version that was looked at at the API server.
        return [.look(after: 0)]
    }

    /// Gives up what was to be sent. A patch may still be on its way from a replica that is slow or thought dead:
    /// the mark makes a new version, for which that patch does not hold.
    private func withdraw(_ observation: WorkloadObservation) -> [ReleaseCommand] {
        [
            .send(patch(observation, to: observation.state, from: observation.state, mark: withdrawnMark)),
            .look(after: backoff),
        ]
    }

    private var withdrawnMark: String { release.id + "/withdrawn" }
    private var restoredMark: String { release.id + "/rolled-back" }

    private mutating func goOnReverting(_ observation: WorkloadObservation) -> [ReleaseCommand] {
        if observation.mark == restoredMark {
            let isAsBefore = isTemplate(of: observation, release.before.map { templateDigest($0.template) })
            return isAsBefore ? reverted(observation) : superseded()
        }
        if observation.mark == withdrawnMark {
            return finish(
                .failed,
                "the workload could not be changed back, it is as the release left it: \(release.message)")
        }
        if isChangedByOthers(observation, mark: release.id) { return superseded() }
        if spend() > deadline * 4 { return withdraw(observation) }
        guard let before = release.before else { return finish(.failed, "how the workload was is not known") }
        // Replicas go back only if the release changed them: an autoscaler may have had reasons.
        let changesReplicas = release.change.replicas != nil
        let wanted = WorkloadState(
            template: before.template,
            replicas: changesReplicas ? before.replicas : observation.state.replicas)
        return [
            .send(patch(observation, to: wanted, from: observation.state, mark: restoredMark)),
            .look(after: backoff),
        ]
    }

    private mutating func reverted(_ observation: WorkloadObservation) -> [ReleaseCommand] {
        release.attempts = 0
        release.appliedGeneration = observation.generation
        release.appliedDigest = templateDigest(observation.state.template)
        release.state = .restoring
        startWatching()
        record(.reverted, "the workload is as it was before (generation \(observation.generation))")
        return followRestoring(observation)
    }

    private mutating func followRestoring(_ observation: WorkloadObservation) -> [ReleaseCommand] {
        guard observation.generation >= release.appliedGeneration else {
            return [.look(after: timing.interval)]
        }
        if isChangedByOthers(observation, mark: restoredMark) { return superseded() }
        let spent = spend()
        note(observation)
        let reason = release.rollbackReason ?? ""
        if observation.isComplete {
            // What a person asked for is told apart from what the release failed at.
            if release.intent == .cancel, reason.hasSuffix(ReleaseIntent.cancel.words) {
                return finish(.cancelled, reason)
            }
            return finish(.rolledBack, reason)
        }
        if spent > deadline {
            return finish(
                .failed,
                "rolled back (\(reason)), but the workload did not recover within \(release.deadline) s: "
                    + Self.words(observation))
        }
        return [.look(after: timing.interval)]
    }

    // MARK: What was sent

    private mutating func sent(_ observation: WorkloadObservation) -> [ReleaseCommand] {
        switch release.state {
        case .applying where observation.mark == release.id: return applied(observation)
        case .reverting where observation.mark == restoredMark: return reverted(observation)
        case .applying where observation.mark == withdrawnMark: return goOnApplying(observation)
        case .reverting where observation.mark == withdrawnMark: return goOnReverting(observation)
        // An answer that comes twice, or late.
        default: return [.look(after: 0)]
        }
    }

    private mutating func notSent(_ failure: SendFailure) -> [ReleaseCommand] {
        guard release.state == .applying || release.state == .reverting else { return [.look(after: 0)] }
        release.attempts += 1
        switch failure {
        case .conflict: return [.look(after: backoff)]
        case .unknown(let words):
            release.message = words
            return [.look(after: backoff)]
        case .refused(let words):
            if release.state == .applying {
                return finish(.failed, "the API server refused the change: \(words)")
            }
            release.message = "the API server refused the way back: \(words)"
            return [.look(after: backoff)]
        }
    }

    private mutating func asked(_ intent: ReleaseIntent, by: String) -> [ReleaseCommand] {
        guard release.intent == nil else { return [] }
        release.intent = intent
        release.intentBy = by
        record(.asked, "\(by) asked for \(intent.words)")
        if release.state == .progressing { return revert("\(by) asked for \(intent.words)") }
        return [.look(after: 0)]
    }

    private mutating func gone() -> [ReleaseCommand] {
        finish(.failed, "there is no workload \(release.workload)")
    }

    private mutating func superseded() -> [ReleaseCommand] {
        finish(.superseded, "somebody else changed the workload; what they did stands")
    }

    // MARK: Parts

    private mutating func finish(_ state: ReleaseState, _ message: String) -> [ReleaseCommand] {
        release.state = state
        release.message = message
        release.finishedAt = now
        record(.finished, message)
        return []
    }

    private mutating func record(_ kind: ReleaseStep.Kind, _ message: String) {
        steps.append(
            ReleaseStep(
                kind, state: release.state, at: now, replica: replica, message: message,
                progress: release.progress))
    }

    private func isChangedByOthers(_ observation: WorkloadObservation, mark: String) -> Bool {
        observation.mark != mark || !isTemplate(of: observation, release.appliedDigest)
    }

    private func isTemplate(of observation: WorkloadObservation, _ digest: String?) -> Bool {
        digest == nil || templateDigest(observation.state.template) == digest
    }

    private mutating func note(_ observation: WorkloadObservation) {
        // What the controller says of the template before this one would look like progress.
        guard observation.observedGeneration >= observation.generation,
            observation.progress != release.progress
        else { return }
        release.progress = observation.progress
        record(.progress, Self.words(observation))
    }

    private static func words(_ observation: WorkloadObservation) -> String {
        let replicas = observation.state.replicas
        return "\(observation.updated) of \(replicas) replicas updated, \(observation.available) available"
    }

    private var deadline: Int64 { Int64(release.deadline) * 1000 }

    private var backoff: Double {
        min(0.2 * Double(1 << min(release.attempts, 6)), 5)
    }

    private mutating func startWatching() {
        release.watched = 0
        release.watchedAt = now
        release.healthySince = nil
        release.troubledSince = nil
    }

    /// Counts the time since the last look, as far as it can be believed; the sum so far, in milliseconds.
    private mutating func spend() -> Int64 {
        if let last = release.watchedAt {
            release.watched += min(max(now - last, 0), Int64(timing.longestLook * 1000))
        }
        release.watchedAt = now
        return release.watched
    }

    /// The change as a JSON Patch on the version that was looked at.
    private func patch(
        _ observation: WorkloadObservation, to wanted: WorkloadState, from present: WorkloadState,
        mark: String
    ) -> JSON {
        var annotations = observation.annotations
        annotations[WorkloadObservation.mark] = .string(mark)
        var operations: [JSON] = [
            [
                "op": "replace", "path": "/metadata/resourceVersion",
                "value": .string(observation.resourceVersion),
            ],
            ["op": "add", "path": "/metadata/annotations", "value": .object(annotations)],
        ]
        if wanted.template != present.template {
            operations.append(["op": "replace", "path": "/spec/template", "value": wanted.template])
        }
        if wanted.replicas != present.replicas {
            operations.append([
                "op": "add", "path": "/spec/replicas", "value": .integer(Int64(wanted.replicas)),
            ])
        }
        return .array(operations)
    }
}

extension ReleaseIntent {
    var words: String {
        switch self {
        case .cancel: "its cancellation"
        case .rollback: "a rollback"
        }
    }
}
