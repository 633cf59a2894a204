import KubeAPI

/// Containers that run: hooks and probes (pkg/kubelet/prober).
extension PodStateMachine {
    /// Whether a container runs, its postStart is over and its startup probe has passed.
    func hasStarted(_ index: Int) -> Bool {
        guard let instance = seen.containers[index], instance.state == .running else { return false }
        let container = shape.containers[index]
        if container.hasPostStart, instance.postStart != .done { return false }
        return container.startup == nil || trackers[index].startup.result == true
    }

    func isReady(_ index: Int) -> Bool {
        hasStarted(index)
            && (shape.containers[index].readiness == nil || trackers[index].readiness.result == true)
    }

    /// What a running container needs now.
    mutating func attend(
        _ index: Int, _ instance: ContainerInstance, _ now: Timestamp, _ step: inout PodStep
    ) {
        let container = shape.containers[index]
        if trackers[index].stopDeadline != nil {
            continueStop(index, instance, now, &step)
            return askReadiness(index, instance, now, &step)
        }
        if container.hasPostStart {
            switch instance.postStart {
            case .notRun:
                if !trackers[index].hookTold {
                    trackers[index].hookTold = true
                    step.actions.append(.runHook(container: index, .postStart))
                }
                return
            case .running: return
            case .failed(let words):
                step.warn("FailedPostStartHook", "PostStartHook failed: \(words)", index)
                step.normal("Killing", "FailedPostStartHook", index)
                return stop(index, grace: shape.gracePeriod, now, &step)
            case .done: break
            }
        }
        guard container.kind == .main || container.isSidecar else { return }
        if let probe = container.startup, trackers[index].startup.result != true {
            return ask(index, probe, instance, now, &step)
        }
        if let probe = container.liveness { ask(index, probe, instance, now, &step) }
        if let probe = container.readiness { ask(index, probe, instance, now, &step) }
    }

    /// Whether it is ready is asked of a container to its end: only the other probes end with the order to
    /// stop (prober_manager.go: StopLivenessAndStartup).
    mutating func askReadiness(
        _ index: Int, _ instance: ContainerInstance, _ now: Timestamp, _ step: inout PodStep
    ) {
        guard let probe = shape.containers[index].readiness, hasStarted(index) else { return }
        ask(index, probe, instance, now, &step)
    }

    /// Seconds beyond a probe's time-out after which it is asked again.
    private static let patience = 10.0

    private mutating func ask(
        _ index: Int, _ probe: ProbeShape, _ instance: ContainerInstance, _ now: Timestamp,
        _ step: inout PodStep
    ) {
        var tracker = trackers[index][probe.kind]
        if let since = tracker.pending {
            // A runtime that lost the question would leave the container as it is for ever.
            let end = since.adding(Double(probe.timeout) + Self.patience)
            if now < end { return step.due(end) }
            tracker.pending = nil
        }
        if tracker.next == nil {
            // Nothing to learn, or not begun.
            if tracker.result == true || tracker.result == false && probe.kind != .readiness { return }
            let earliest = (instance.started ?? now).adding(Double(probe.initialDelay))
            tracker.next = max(earliest, instance.started ?? now)
        }
        if let next = tracker.next {
            if next <= now {
                tracker.pending = now
                step.actions.append(.probe(container: index, probe.kind))
            } else {
                step.due(next)
            }
        }
        trackers[index][probe.kind] = tracker
    }

    mutating func take(_ answer: ProbeResult, _ now: Timestamp, _ step: inout PodStep) {
        let index = answer.container
        guard trackers.indices.contains(index), let instance = seen.containers[index],
            instance.id == answer.containerID, instance.state == .running,
            let probe = shape.containers[index].probe(answer.kind)
        else { return }
        if answer.kind != .readiness, trackers[index].stopDeadline != nil || ending != nil { return }
        switch answer.verdict {
        case .error:
            step.warn(
                "Unhealthy",
                "\(answer.kind.rawValue) probe errored and resulted in unknown state: \(answer.output)", index
            )
            trackers[index][answer.kind].pending = nil
            trackers[index][answer.kind].next = answer.time.adding(Double(probe.period))
            return
        case .warning:
            step.warn("ProbeWarning", "\(answer.kind.rawValue) probe warning: \(answer.output)", index)
        case .answer where !answer.isSuccess:
            step.warn("Unhealthy", "\(answer.kind.rawValue) probe failed: \(answer.output)", index)
        case .answer: break
        }
        var tracker = trackers[index][answer.kind]
        let changed = tracker.take(answer, probe)
        trackers[index][answer.kind] = tracker
        guard changed, !answer.isSuccess, answer.kind != .readiness else { return }
        let container = shape.containers[index]
        let word = answer.kind == .startup ? "startup" : "liveness"
        var words = "Container \(container.name) failed \(word) probe"
        // A container that is killed ends with 137 or 143, never with 0 as far as one can know.
        if container.restarts(after: 137) { words += ", will be restarted" }
        step.normal("Killing", words, index)
        trackers[index].replaced = instance.id
        stop(index, grace: probe.gracePeriod ?? shape.gracePeriod, now, &step)
    }

    /// Runs again what a steady answer had left out: the runtime's model changed.
    public mutating func probeAgain(now: Timestamp) {
        for index in trackers.indices {
            for kind in [ProbeShape.Kind.liveness, .readiness] where trackers[index][kind].result != nil {
                trackers[index][kind].next = now
            }
        }
    }
}
