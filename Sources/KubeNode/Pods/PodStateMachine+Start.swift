import KubeAPI
import KubeJSON

/// From nothing to a container that starts: image, configuration, start
/// (pkg/kubelet/images/image_manager.go, kuberuntime_container.go).
extension PodStateMachine {
    /// Goes on as far as it can with starting a container.
    /// - Parameter isBusy: set while an image is pulled: containers start one after the other.
    mutating func start(
        _ index: Int, _ now: Timestamp, _ lookup: (ObjectReference) -> ReferenceState,
        _ isBusy: inout Bool, _ step: inout PodStep
    ) {
        if trackers[index].operation == .starting { return }
        if !trackers[index].hasImage {
            switch image(index, now, lookup, &step) {
            case .present: trackers[index].hasImage = true
            case .coming:
                isBusy = true
                return
            case .failed: return
            }
        }
        guard isConfigured(index, now, lookup, &step) else { return }
        trackers[index].waiting = nil
        trackers[index].operation = .starting
        step.actions.append(.startContainer(container: index, attempt: trackers[index].attempt))
    }

    private enum ImageState { case present, coming, failed }

    private mutating func image(
        _ index: Int, _ now: Timestamp, _ lookup: (ObjectReference) -> ReferenceState,
        _ step: inout PodStep
    ) -> ImageState {
        let image = shape.containers[index].image
        if case .pulling(let since) = trackers[index].operation {
            guard let pull = seen.pulls[index], pull.started >= since, pull.outcome != .running else {
                return .coming
            }
            trackers[index].operation = .none
            switch pull.outcome {
            case .running: return .coming
            case .done(let id, let size):
                trackers[index].imageID = id
                trackers[index].pullFailure = nil
                let time = Self.duration((pull.ended ?? now).since(pull.started))
                step.normal(
                    "Pulled",
                    "Successfully pulled image \"\(image)\" in \(time) (\(time) including waiting). "
                        + "Image size: \(size) bytes.", index)
                return .present
            case .failed(let words):
                let told = "Failed to pull image \"\(image)\": \(words)"
                step.warn("Failed", told, index)
                step.warn("Failed", "Error: ErrImagePull", index)
                trackers[index].pulls.next(failure: now, now: now)
                trackers[index].pullFailure = (words, now)
                trackers[index].waiting = ("ErrImagePull", words)
                // The runtime's own news of the sandbox brings the next look soon.
                step.due(now.adding(1))
                return .failed
            }
        }
        if let problem = ImageReference.problem(image) {
            let words =
                "Failed to apply default image tag \"\(image)\": couldn't parse image name \"\(image)\": "
                + problem
            if trackers[index].waiting?.message != words {
                step.warn("InspectFailed", words, index)
                step.warn("Failed", "Error: InvalidImageName", index)
            }
            trackers[index].waiting = ("InvalidImageName", words)
            return .failed
        }
        let reference = ObjectReference(
            kind: .image, name: image, isOptional: false, keys: [], volume: "")
        let isPresent = lookup(reference) == .present
        switch shape.containers[index].pullPolicy {
        case "Never" where !isPresent:
            let words = "Container image \"\(image)\" is not present with pull policy of Never"
            if trackers[index].waiting?.reason != "ErrImageNeverPull" {
                step.warn("ErrImageNeverPull", words, index)
                step.warn("Failed", "Error: ErrImageNeverPull", index)
            }
            trackers[index].waiting = ("ErrImageNeverPull", words)
            step.due(now.adding(10))
            return .failed
        case "Always": break
        default:
            if !isPresent { break }
            let words = "Container image \"\(image)\" already present on machine"
            step.normal("Pulled", words + " and can be accessed by the pod", index)
            return .present
        }
        if let failure = trackers[index].pullFailure,
            let end = trackers[index].pulls.endSinceUpdate(now: now)
        {
            if now.since(failure.toldAt) < 1 {
                step.due(failure.toldAt.adding(1))
                return .failed
            }
            if trackers[index].waiting?.reason != "ImagePullBackOff" {
                let words = "Back-off pulling image \"\(image)\""
                step.normal("BackOff", words, index)
                step.warn("Failed", "Error: ImagePullBackOff", index)
                trackers[index].waiting = (
                    "ImagePullBackOff", "\(words): ErrImagePull: \(failure.message)"
                )
            }
            step.due(end)
            return .failed
        }
        step.normal("Pulling", "Pulling image \"\(image)\"", index)
        trackers[index].operation = .pulling(since: now)
        step.actions.append(.pullImage(container: index))
        return .coming
    }

    /// Whether all that the container's environment needs is there.
    private mutating func isConfigured(
        _ index: Int, _ now: Timestamp, _ lookup: (ObjectReference) -> ReferenceState,
        _ step: inout PodStep
    ) -> Bool {
        for reference in shape.containers[index].environment {
            let state = lookup(reference)
            if state == .present || reference.isOptional { continue }
            let words: String
            if case .lacksKey(let key) = state {
                let kind = reference.kind == .secret ? "Secret" : "ConfigMap"
                words = "couldn't find key \(key) in \(kind) \(identity.namespace)/\(reference.name)"
            } else {
                words = "\(reference.kind.rawValue) \"\(reference.name)\" not found"
            }
            let isSame = trackers[index].waiting?.message == words
            let checked = trackers[index].configCheckedAt
            if isSame, let checked, now.since(checked) < 10 {
                step.due(checked.adding(10))
                return false
            }
            trackers[index].configCheckedAt = now
            trackers[index].waiting = ("CreateContainerConfigError", words)
            step.warn("Failed", "Error: \(words)", index)
            step.due(now.adding(10))
            return false
        }
        return true
    }

    private static func duration(_ seconds: Double) -> String {
        GoDuration(nanoseconds: Int64((seconds * 1_000).rounded()) * 1_000_000).description
    }

    mutating func stopToRestart(
        _ index: Int, _ words: String, _ now: Timestamp, _ step: inout PodStep
    ) {
        guard let instance = seen.containers[index], instance.state == .running else { return }
        let name = shape.containers[index].name
        step.normal("Killing", "Container \(name) \(words)", index)
        trackers[index].replaced = instance.id
        stop(index, grace: shape.gracePeriod, now, &step)
    }
}
