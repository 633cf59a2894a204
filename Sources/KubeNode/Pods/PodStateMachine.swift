import KubeAPI
import KubeJSON

/// What happened to a pod, for an Event.
public struct PodEvent: Sendable, Equatable {
    public var isWarning: Bool
    public var reason: String
    public var message: String
    /// Index in the shape; nil for the pod as a whole.
    public var container: Int?
}

/// What one step of the state machine asks for.
public struct PodStep: Sendable {
    public var actions: [RuntimeAction] = []
    public var events: [PodEvent] = []
    /// When to step again even if nothing is observed.
    public var next: Timestamp?

    mutating func due(_ time: Timestamp?) {
        guard let time else { return }
        next = next.map { min($0, time) } ?? time
    }

    mutating func normal(_ reason: String, _ message: String, _ container: Int? = nil) {
        events.append(PodEvent(isWarning: false, reason: reason, message: message, container: container))
    }

    mutating func warn(_ reason: String, _ message: String, _ container: Int? = nil) {
        events.append(PodEvent(isWarning: true, reason: reason, message: message, container: container))
    }
}

/// Whether an object that a pod refers to is there.
public enum ReferenceState: Sendable, Equatable {
    case present
    case absent
    case lacksKey(String)
}

/// The life of one pod on its node (pkg/kubelet: syncPod, computePodActions, the prober and the status
/// manager): told what the pod is and what its runtime shows, it says what the runtime is to do, what to
/// record and when to be asked again. `status(…)` is what to publish.
///
/// It asks for an action once; what came of it shows in a later observation.
public struct PodStateMachine: Sendable {
    /// Why the pod's containers come to their end.
    struct Ending: Sendable {
        enum Cause: Sendable, Equatable { case deletion, deadline, eviction, completion, failedInit }
        var cause: Cause
        var since: Timestamp
        /// Seconds.
        var grace: Int
    }

    public let identity: PodIdentity
    public internal(set) var shape: PodShape
    /// The pod's own name for the volume of its token, where its shape is another pod's too.
    let tokenVolume: String?
    var trackers: [ContainerTracker]
    var seen: PodObservation
    var ending: Ending?
    var startTime: Timestamp?
    /// Of the status: `Evicted`, `DeadlineExceeded`, or why the node refused the pod.
    var reason = ""
    var message = ""
    /// Nothing of it runs any more, nor will.
    public internal(set) var isDone = false
    var isRejected = false
    var sandboxAttempt = 0
    /// The sandbox that was lost and is being replaced.
    private var sandboxLeft = ""
    /// When the failure that was told, and the one that was tried again, came to be.
    private var sandboxTold: Timestamp?
    private var sandboxRetried: Timestamp?
    var isSandboxAsked = false
    var isSandboxGone = false
    var mountDelay = 0.5
    var mountTold: (message: String, again: Timestamp)?
    var isInitialized = false
    /// Instances of init containers that do not count any more: what they did was lost with their sandbox.
    var abandoned: Set<String> = []
    var transitions = ConditionTimes()

    /// - Parameter tokenVolume: the name that this pod has for the volume of its token.
    public init(_ identity: PodIdentity, shape: PodShape, tokenVolume: String? = nil) {
        self.identity = identity
        self.shape = shape
        self.tokenVolume = tokenVolume ?? shape.tokenVolume
        trackers = Array(repeating: ContainerTracker(), count: shape.containers.count)
        seen = PodObservation(containers: shape.containers.count)
    }

    public var isEnding: Bool { ending != nil }
    /// Whether its containers stop because the pod is being deleted, and all have.
    public var mayBeDeleted: Bool { isDone }

    // MARK: Steps

    /// - Parameter lookup: whether an object of the pod's namespace is there.
    public mutating func step(
        _ pod: JSON, _ observation: PodObservation, now: Timestamp,
        lookup: (ObjectReference) -> ReferenceState
    ) -> PodStep {
        var step = PodStep()
        if isDone { return step }
        if startTime == nil { startTime = now }
        takeIn(observation, now, &step)
        noteEnding(pod, now, &step)
        if ending == nil { keepRunning(now, lookup, &step) }
        if ending != nil { stopAll(now, &step) }
        return step
    }

    /// The node does not take the pod (pkg/kubelet: rejectPod).
    public mutating func reject(_ reason: String, _ message: String) -> PodStep {
        var step = PodStep()
        guard !isDone, !isRejected else { return step }
        self.reason = reason
        self.message = "Pod was rejected: " + message
        isRejected = true
        isDone = true
        step.warn(reason, message)
        return step
    }

    /// Ends the pod to win back what its node lacks.
    /// - Parameter grace: seconds; upstream's hard thresholds give none.
    public mutating func evict(_ message: String, grace: Int, now: Timestamp) -> PodStep {
        var step = PodStep()
        guard !isDone, ending == nil else { return step }
        reason = "Evicted"
        self.message = message
        ending = Ending(cause: .eviction, since: now, grace: grace)
        step.warn("Evicted", message)
        return step
    }

    /// The pod's spec changed: an image, or an ephemeral container came.
    public mutating func replace(_ shape: PodShape, now: Timestamp) {
        let old = self.shape
        self.shape = shape
        let added = shape.containers.count - old.containers.count
        if added > 0 {
            trackers += Array(repeating: ContainerTracker(), count: added)
            seen.containers += Array(repeating: nil, count: added)
            seen.pulls += Array(repeating: nil, count: added)
        }
        for index in 0..<min(old.containers.count, shape.containers.count) {
            let (before, after) = (old.containers[index], shape.containers[index])
            if before.image != after.image {
                trackers[index].forgetFailures()
                restarts.append((index, "definition changed, will be restarted"))
            } else if after.needsRestart(afterResizeFrom: before) {
                restarts.append((index, "resize requires restart"))
            }
        }
    }
    /// Containers that stop and start again, and why.
    var restarts: [(index: Int, words: String)] = []
    /// Resources that the pod asks for and does not get now.
    var pendingResize: (reason: String, message: String)?

    private mutating func noteEnding(_ pod: JSON, _ now: Timestamp, _ step: inout PodStep) {
        if pod.deletionTimestamp != nil {
            let grace = pod["metadata"]?["deletionGracePeriodSeconds"]?.int ?? shape.gracePeriod
            if ending?.cause != .deletion {
                let since = ending?.since ?? now
                ending = Ending(
                    cause: .deletion, since: since, grace: min(grace, ending?.grace ?? grace))
            } else if let present = ending?.grace, grace < present {
                ending?.grace = grace
            }
            return
        }
        guard ending == nil, let limit = shape.activeDeadline, let start = startTime else { return }
        let end = start.adding(Double(limit))
        if now < end { return step.due(end) }
        reason = "DeadlineExceeded"
        message = "Pod was active on the node longer than the specified deadline"
        step.normal(reason, message)
        ending = Ending(cause: .deadline, since: now, grace: shape.gracePeriod)
    }

    // MARK: Observations

    private mutating func takeIn(_ observed: PodObservation, _ now: Timestamp, _ step: inout PodStep) {
        let observation = withoutLosses(observed, now: now)
        for index in shape.containers.indices where index < observation.containers.count {
            guard let instance = observation.containers[index] else { continue }
            if instance.state != .created, trackers[index].announced != instance.id,
                instance.creationFailure == nil
            {
                trackers[index].announced = instance.id
                trackers[index].operation = .none
                trackers[index].forgetInstance()
                trackers[index].imageID = instance.imageID
                if shape.containers[index].kind == .main { isInitialized = true }
                step.normal("Created", "Container created", index)
                if instance.reason == "StartError" {
                    step.warn("Failed", "Error: \(instance.message)", index)
                } else {
                    step.normal("Started", "Container started", index)
                }
            }
            if instance.state == .exited, trackers[index].ended != instance.id {
                trackers[index].ended = instance.id
                trackers[index].attempt = instance.attempt + 1
                trackers[index].liveness.next = nil
                trackers[index].readiness = ProbeTracker()
                trackers[index].startup.next = nil
                trackers[index].hasImage = false
                trackers[index].stopDeadline = nil
                trackers[index].isStopSent = false
            }
        }
        seen.sandbox = observation.sandbox
        seen.containers = observation.containers
        seen.pulls = observation.pulls
        for result in observation.probes { take(result, now, &step) }
    }

    // MARK: Running

    private mutating func keepRunning(
        _ now: Timestamp, _ lookup: (ObjectReference) -> ReferenceState, _ step: inout PodStep
    ) {
        guard volumesAreThere(now, lookup, &step), sandboxIsReady(now, &step) else { return }
        for (index, words) in restarts { stopToRestart(index, words, now, &step) }
        restarts = []
        var isBusy = false
        guard initContainersAreDone(now, lookup, &isBusy, &step) else { return }
        for index in shape.ephemeralStart..<shape.containers.count {
            keep(index, now, lookup, &isBusy, &step)
        }
        var isOver = true
        for index in shape.mainIndices {
            keep(index, now, lookup, &isBusy, &step)
            if let instance = seen.containers[index], instance.state == .exited,
                !shape.containers[index].restarts(after: instance.exitCode)
            {
                continue
            }
            isOver = false
        }
        if isOver { ending = Ending(cause: .completion, since: now, grace: shape.gracePeriod) }
    }

    private mutating func volumesAreThere(
        _ now: Timestamp, _ lookup: (ObjectReference) -> ReferenceState, _ step: inout PodStep
    ) -> Bool {
        if shape.volumes.isEmpty || isSandboxAsked { return true }
        for reference in shape.volumes {
            let state = lookup(reference)
            if state == .present || reference.isOptional { continue }
            let words = mountFailure(reference, state)
            if let told = mountTold, told.message == words, now < told.again {
                step.due(told.again)
                return false
            }
            step.warn("FailedMount", words)
            let again = now.adding(mountDelay)
            mountDelay = min(mountDelay * 2, 122)
            mountTold = (words, again)
            step.due(again)
            return false
        }
        mountTold = nil
        return true
    }

    private func mountFailure(_ reference: ObjectReference, _ state: ReferenceState) -> String {
        let (kind, name) = (reference.kind.rawValue, reference.name)
        let volume = ownName(of: reference.volume)
        if reference.kind == .claim {
            return "Unable to attach or mount volumes: unmounted volumes=[\(volume)], "
                + "unattached volumes=[], failed to process volumes=[\(volume)]: error processing "
                + "PVC \(identity.namespace)/\(name): failed to fetch PVC from API server: "
                + "persistentvolumeclaim \"\(name)\" not found"
        }
        let start = "MountVolume.SetUp failed for volume \"\(volume)\" : "
        if case .lacksKey(let key) = state {
            return start + "references non-existent \(kind == "secret" ? "secret" : "config") key: \(key)"
        }
        return start + "\(kind) \"\(name)\" not found"
    }

    private func ownName(of volume: String) -> String {
        volume == shape.tokenVolume ? tokenVolume ?? volume : volume
    }

    private mutating func sandboxIsReady(_ now: Timestamp, _ step: inout PodStep) -> Bool {
        guard let sandbox = seen.sandbox else {
            if !isSandboxAsked {
                isSandboxAsked = true
                // One that was there in an earlier life of the agent is not any more.
                if isInitialized {
                    step.normal("SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")
                    beginAgain()
                }
                step.actions.append(.createSandbox(attempt: sandboxAttempt))
            }
            return false
        }
        if sandbox.isReady { return true }
        guard let failure = sandbox.failure else {
            if sandboxLeft != sandbox.id {
                sandboxLeft = sandbox.id
                sandboxAttempt += 1
                step.normal("SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")
                beginAgain()
                step.actions.append(.createSandbox(attempt: sandboxAttempt))
            }
            return false
        }
        if sandboxTold != sandbox.created {
            sandboxTold = sandbox.created
            if let event = sandbox.failureEvent {
                step.warn(event, failure)
            } else {
                step.warn("FailedCreatePodSandBox", "Failed to create pod sandbox: \(failure)")
            }
        }
        let again = sandbox.created.adding(10)
        if now < again {
            step.due(again)
        } else if sandboxRetried != sandbox.created {
            sandboxRetried = sandbox.created
            sandboxAttempt += 1
            step.actions.append(.createSandbox(attempt: sandboxAttempt))
        }
        return false
    }

    /// Init containers one after the other; a sidecar counts once it has started.
    private mutating func initContainersAreDone(
        _ now: Timestamp, _ lookup: (ObjectReference) -> ReferenceState, _ isBusy: inout Bool,
        _ step: inout PodStep
    ) -> Bool {
        for index in 0..<shape.initCount {
            let container = shape.containers[index]
            if container.isSidecar {
                keep(index, now, lookup, &isBusy, &step)
                if !isInitialized, !hasStarted(index) { return false }
                continue
            }
            if isInitialized { continue }
            let instance = seen.containers[index]
            if let instance, instance.state == .exited {
                if instance.exitCode == 0 { continue }
                if !container.restarts(after: instance.exitCode) {
                    ending = Ending(cause: .failedInit, since: now, grace: shape.gracePeriod)
                    return false
                }
            }
            keep(index, now, lookup, &isBusy, &step)
            return false
        }
        return true
    }

    private mutating func keep(
        _ index: Int, _ now: Timestamp, _ lookup: (ObjectReference) -> ReferenceState,
        _ isBusy: inout Bool, _ step: inout PodStep
    ) {
        if let instance = seen.containers[index] {
            switch instance.state {
            case .running:
                return attend(index, instance, now, &step)
            case .created:
                guard let failure = instance.creationFailure else { return }
                if trackers[index].operation == .starting || trackers[index].configCheckedAt == nil {
                    trackers[index].operation = .none
                    trackers[index].waiting = (instance.creationReason, failure)
                    trackers[index].configCheckedAt = now
                    step.warn("Failed", "Error: \(failure)", index)
                }
                guard let last = trackers[index].configCheckedAt, now.since(last) >= 10 else {
                    return step.due(trackers[index].configCheckedAt?.adding(10))
                }
            case .exited:
                guard shape.containers[index].restarts(after: instance.exitCode) else { return }
                if trackers[index].operation == .none, isBackingOff(index, instance, now, &step) { return }
            }
        }
        if !isBusy { start(index, now, lookup, &isBusy, &step) }
    }

    /// Whether a container that ended must wait before it starts again (kuberuntime: doBackOff).
    private mutating func isBackingOff(
        _ index: Int, _ instance: ContainerInstance, _ now: Timestamp, _ step: inout PodStep
    ) -> Bool {
        if trackers[index].last?.id == instance.id { return false }
        if isLost(instance) {
            trackers[index].last = instance
            trackers[index].waiting = nil
            return false
        }
        let finished = instance.finished ?? now
        let name = shape.containers[index].name
        guard let end = trackers[index].restarts.end(after: finished, now: now) else {
            trackers[index].restarts.next(failure: finished, now: now)
            trackers[index].last = instance
            trackers[index].waiting = nil
            return false
        }
        let pod = "\(identity.name)_\(identity.namespace)(\(identity.uid))"
        let delay = trackers[index].restarts.text
        trackers[index].waiting = (
            "CrashLoopBackOff", "back-off \(delay) restarting failed container=\(name) pod=\(pod)"
        )
        if trackers[index].backoffTold < finished {
            trackers[index].backoffTold = now
            step.warn("BackOff", "Back-off restarting failed container \(name) in pod \(pod)", index)
        }
        step.due(end)
        return true
    }
}
