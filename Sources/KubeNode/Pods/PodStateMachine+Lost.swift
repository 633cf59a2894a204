import KubeAPI

/// Containers and sandboxes that are gone though nobody asked: the machine was started again, or somebody
/// removed them (kubelet_pods.go: convertToAPIContainerStatuses; kuberuntime: computePodActions).
extension PodStateMachine {
    private static let lostReason = "ContainerStatusUnknown"

    /// Whether a container was lost, which is no failure of its own: it need not wait to start again.
    func isLost(_ instance: ContainerInstance) -> Bool { instance.reason == Self.lostReason }

    /// An observation with what the runtime has lost: a container that ran counts as ended, one that had
    /// ended stays so.
    func withoutLosses(_ observation: PodObservation, now: Timestamp) -> PodObservation {
        var result = observation
        for index in shape.containers.indices where index < observation.containers.count {
            if let instance = observation.containers[index] {
                if abandoned.contains(instance.id) { result.containers[index] = nil }
                continue
            }
            guard let before = seen.containers[index], before.creationFailure == nil,
                trackers[index].announced == before.id
            else { continue }
            result.containers[index] = before
            if before.state == .exited { continue }
            result.containers[index]?.state = .exited
            result.containers[index]?.finished = now
            result.containers[index]?.exitCode = 137
            result.containers[index]?.reason = Self.lostReason
            result.containers[index]?.message =
                "The container could not be located when the pod was deleted.  The container used to be Running"
        }
        return result
    }

    /// What is done in a new sandbox that has been done in another before: init containers run again.
    mutating func beginAgain() {
        guard isInitialized else { return }
        isInitialized = shape.initCount == 0
        for index in 0..<shape.initCount {
            // What is asked for at this moment is answered yet, and one that was not made has done nothing.
            guard let instance = seen.containers[index], instance.creationFailure == nil else { continue }
            abandoned.insert(instance.id)
            trackers[index].attempt = max(trackers[index].attempt, instance.attempt + 1)
            seen.containers[index] = nil
        }
    }
}
