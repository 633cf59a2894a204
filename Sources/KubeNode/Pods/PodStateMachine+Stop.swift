import KubeAPI

/// Containers that are to end (kuberuntime: killContainersWithSyncResult).
extension PodStateMachine {
    /// Begins to stop a container: its preStop first, if it has one.
    mutating func stop(_ index: Int, grace: Int, _ now: Timestamp, _ step: inout PodStep) {
        guard let instance = seen.containers[index], instance.state == .running else { return }
        let deadline = now.adding(Double(grace))
        if let present = trackers[index].stopDeadline, present <= deadline { return }
        let isShorter = trackers[index].stopDeadline != nil
        trackers[index].stopDeadline = deadline
        if isShorter, trackers[index].isStopSent { return sendStop(index, now, &step) }
        continueStop(index, instance, now, &step)
    }

    /// Waits for preStop, then asks the container to end within what is left of its time.
    mutating func continueStop(
        _ index: Int, _ instance: ContainerInstance, _ now: Timestamp, _ step: inout PodStep
    ) {
        guard let deadline = trackers[index].stopDeadline, !trackers[index].isStopSent else { return }
        if shape.containers[index].hasPreStop, deadline > now {
            switch instance.preStop {
            case .notRun:
                step.actions.append(.runHook(container: index, .preStop))
                step.due(deadline)
                return
            case .running:
                step.due(deadline)
                return
            case .failed(let words):
                step.warn("FailedPreStopHook", "PreStopHook failed: \(words)", index)
            case .done: break
            }
        }
        sendStop(index, now, &step)
    }

    private mutating func sendStop(_ index: Int, _ now: Timestamp, _ step: inout PodStep) {
        guard let deadline = trackers[index].stopDeadline else { return }
        trackers[index].isStopSent = true
        let left = Int(deadline.since(now).rounded(.up))
        // After preStop a container gets two seconds at least.
        let least = shape.containers[index].hasPreStop ? 2 : 0
        step.actions.append(.stopContainer(container: index, grace: max(left, least)))
    }

    private func isAlive(_ index: Int) -> Bool {
        guard let instance = seen.containers[index] else { return trackers[index].operation == .starting }
        // One that could not be made is what came of the start that was asked for: nothing else will.
        if instance.creationFailure != nil { return false }
        return trackers[index].operation == .starting || instance.state != .exited
    }

    /// All containers at once, but sidecars after what they serve, the last first.
    mutating func stopAll(_ now: Timestamp, _ step: inout PodStep) {
        guard let ending else { return }
        let end = ending.since.adding(Double(ending.grace))
        var isAnyAlive = false
        func halt(_ machine: inout PodStateMachine, _ index: Int, _ step: inout PodStep) {
            guard machine.isAlive(index) else { return }
            isAnyAlive = true
            guard let instance = machine.seen.containers[index], instance.state == .running else { return }
            let left = max(0, Int(end.since(now).rounded(.up)))
            if machine.trackers[index].stopDeadline == nil {
                let name = machine.shape.containers[index].name
                step.normal("Killing", "Stopping container \(name)", index)
            }
            machine.stop(index, grace: left, now, &step)
            machine.continueStop(index, instance, now, &step)
            machine.askReadiness(index, instance, now, &step)
        }
        for index in shape.containers.indices where !shape.containers[index].isSidecar {
            halt(&self, index, &step)
        }
        for index in (0..<shape.initCount).reversed() where shape.containers[index].isSidecar {
            // Once time is up, order no longer counts.
            if isAnyAlive, now < end {
                step.due(end)
                break
            }
            halt(&self, index, &step)
        }
        if isAnyAlive { return }
        if seen.sandbox != nil, !isSandboxGone {
            isSandboxGone = true
            step.actions.append(.removeSandbox)
        }
        isDone = true
    }
}
