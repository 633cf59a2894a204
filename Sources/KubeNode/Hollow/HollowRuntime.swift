import KubeAPI
import KubeJSON

/// A runtime without containers: what it is asked to do takes the time, and ends the way, that the pod's
/// model says. All it knows of time is what it is handed, and all its chance comes from its seed.
public struct HollowRuntime: PodRuntime {
    /// One pod and what is to become of it.
    private struct Pod: Sendable {
        var models: [HollowContainerModel]
        var observation: PodObservation
        /// Of each container: when it begins to run, when it ends, and the end of its pull and preStop.
        var runsAt: [Timestamp?]
        var endsAt: [Timestamp?]
        var end: [HollowEnd?]
        var pullEnds: [Timestamp?]
        var pullCount: [Int]
        var hookEnds: [Timestamp?]
        var stopsAt: [Timestamp?]
        var shape: PodShape
    }

    public let name = "hollow"
    public var defaults: HollowModel
    private let random: SeededHash
    private var pods: [String: Pod] = [:]
    /// Every image is on every node, but those that a pull-seconds or pull-error is said of.
    private var images: Set<String> = []

    public init(seed: UInt64 = 1, defaults: HollowModel = .instant) {
        self.defaults = defaults
        random = SeededHash(seed)
    }

    /// Makes the pod known, with the model that its annotations say.
    public mutating func add(_ pod: PodIdentity, _ object: JSON, shape: PodShape) {
        guard pods[pod.uid] == nil else { return }
        let annotations = object["metadata"]?["annotations"]?.object ?? [:]
        let isJob = (object["metadata"]?["ownerReferences"]?.array ?? []).contains {
            $0["kind"]?.string == "Job" && $0["controller"]?.bool == true
        }
        let count = shape.containers.count
        pods[pod.uid] = Pod(
            models: shape.containers.map {
                HollowContainerModel($0, annotations, isJob: isJob, defaults)
            },
            observation: PodObservation(containers: count),
            runsAt: Array(repeating: nil, count: count), endsAt: Array(repeating: nil, count: count),
            end: Array(repeating: nil, count: count), pullEnds: Array(repeating: nil, count: count),
            pullCount: Array(repeating: 0, count: count), hookEnds: Array(repeating: nil, count: count),
            stopsAt: Array(repeating: nil, count: count), shape: shape)
    }

    public mutating func remove(_ pod: PodIdentity) { pods[pod.uid] = nil }
    public func isGone(_ pod: PodIdentity) -> Bool { pods[pod.uid] == nil }

    /// Takes a changed pod: its containers go on, by what its annotations say now.
    public mutating func change(_ pod: PodIdentity, _ object: JSON, shape: PodShape) {
        guard let old = pods.removeValue(forKey: pod.uid) else { return }
        add(pod, object, shape: shape)
        guard var new = pods[pod.uid] else { return }
        for index in 0..<min(old.models.count, new.models.count) {
            new.observation.containers[index] = old.observation.containers[index]
            new.observation.pulls[index] = old.observation.pulls[index]
            new.runsAt[index] = old.runsAt[index]
            new.pullEnds[index] = old.pullEnds[index]
            new.pullCount[index] = old.pullCount[index]
            new.hookEnds[index] = old.hookEnds[index]
            new.stopsAt[index] = old.stopsAt[index]
            new.endsAt[index] = old.endsAt[index]
            new.end[index] = old.end[index]
            // An instance that runs ends by the new model.
            if let instance = new.observation.containers[index], instance.state == .running,
                new.stopsAt[index] == nil, let started = instance.started
            {
                plan(&new, index, pod, instance.attempt, started)
            }
        }
        new.observation.sandbox = old.observation.sandbox
        pods[pod.uid] = new
    }

    /// Makes a pod known that ran before this process did, from what its status says.
    public mutating func restore(_ pod: PodIdentity, _ object: JSON, shape: PodShape, now: Timestamp) {
        add(pod, object, shape: shape)
        guard var state = pods[pod.uid], let status = object["status"] else { return }
        let addresses = (status["podIPs"]?.array ?? []).compactMap { $0["ip"]?.string }
        guard !addresses.isEmpty || shape.usesHostNetwork && status["containerStatuses"] != nil else {
            return
        }
        let start = status["startTime"]?.string.flatMap { Timestamp($0) } ?? now
        state.observation.sandbox = SandboxState(
            id: sandboxID(pod, 0), isReady: true, addresses: addresses, created: start)
        let lists = ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"]
        let known = lists.flatMap { status[$0]?.array ?? [] }
        for (index, container) in shape.containers.enumerated() {
            guard let entry = known.first(where: { $0["name"]?.string == container.name }),
                let instance = ContainerInstance(status: entry)
            else { continue }
            state.observation.containers[index] = instance
            state.pullCount[index] = 1
            if instance.state == .running, let started = instance.started {
                plan(&state, index, pod, instance.attempt, started)
            }
        }
        pods[pod.uid] = state
    }

    private func sandboxID(_ pod: PodIdentity, _ attempt: Int) -> String {
        random.with(pod.uid).with(attempt).identifier
    }

    public func hasImage(_ image: String, for pod: PodIdentity) -> Bool {
        if images.contains(pod.node + "\u{1}" + image) { return true }
        guard let state = pods[pod.uid],
            let index = state.shape.containers.firstIndex(where: { $0.image == image })
        else { return true }
        return state.models[index].pullSeconds == 0 && state.models[index].pullError == nil
    }

    // MARK: Actions

    public mutating func perform(
        _ action: RuntimeAction, of pod: PodIdentity, now: Timestamp, address: String?
    ) {
        guard var state = pods.removeValue(forKey: pod.uid) else { return }
        defer { pods[pod.uid] = state }
        switch action {
        case .createSandbox(let attempt):
            state.observation.sandbox = SandboxState(
                id: sandboxID(pod, attempt), isReady: true, addresses: address.map { [$0] } ?? [],
                created: now)
        case .removeSandbox:
            state.observation.sandbox?.isReady = false
        case .pullImage(let index):
            state.observation.pulls[index] = ImagePull(started: now, outcome: .running)
            let model = state.models[index]
            let image = state.shape.containers[index].image
            let isPresent = images.contains(pod.node + "\u{1}" + image)
            state.pullEnds[index] = isPresent ? now : now.adding(model.pullSeconds)
        case .startContainer(let index, let attempt):
            let hash = random.with(pod.uid).with(state.shape.containers[index].name).with(attempt)
            state.observation.containers[index] = ContainerInstance(
                id: hash.identifier, attempt: attempt, state: .created,
                imageID: imageID(state.shape.containers[index].image))
            state.runsAt[index] = now.adding(state.models[index].startSeconds)
            state.stopsAt[index] = nil
            state.endsAt[index] = nil
        case .runHook(let index, .postStart):
            if let error = state.models[index].postStartError {
                state.observation.containers[index]?.postStart = .failed(error)
            } else {
                state.observation.containers[index]?.postStart = .done
            }
        case .runHook(let index, .preStop):
            state.observation.containers[index]?.preStop = .running
            state.hookEnds[index] = now.adding(state.models[index].preStopSeconds)
        case .stopContainer(let index, let grace):
            let wanted = state.models[index].stopSeconds
            let isKilled = wanted > Double(grace)
            let time = now.adding(min(wanted, Double(grace)))
            if let present = state.endsAt[index], present <= time { break }
            state.stopsAt[index] = time
            state.endsAt[index] = time
            let code = isKilled ? 137 : state.models[index].stopCode
            state.end[index] = HollowEnd(after: 0, code: code, reason: code == 0 ? "Completed" : "Error")
        case .probe(let index, let kind):
            if let result = answer(state, index, kind, now) { state.observation.probes.append(result) }
        }
        advance(&state, pod, now)
    }

    private var imageIDs: [String: String] = [:]

    private mutating func imageID(_ image: String) -> String {
        if let known = imageIDs[image] { return known }
        let name = image.split(separator: "@").first.map(String.init) ?? image
        let id = "\(name)@sha256:\(SeededHash(0).with(image).identifier)"
        imageIDs[image] = id
        return id
    }

    private func plan(
        _ state: inout Pod, _ index: Int, _ pod: PodIdentity, _ attempt: Int, _ started: Timestamp
    ) {
        let hash = random.with(pod.uid).with(state.shape.containers[index].name)
        state.end[index] = state.models[index].end(of: attempt, hash)
        state.endsAt[index] = state.end[index].map { started.adding($0.after) }
    }

    // MARK: Time

    public mutating func observe(_ pod: PodIdentity, now: Timestamp) -> PodObservation {
        guard var state = pods.removeValue(forKey: pod.uid) else { return PodObservation(containers: 0) }
        advance(&state, pod, now)
        let observation = state.observation
        state.observation.probes.removeAll()
        pods[pod.uid] = state
        return observation
    }

    public func nextChange(of pod: PodIdentity) -> Timestamp? {
        guard let state = pods[pod.uid] else { return nil }
        var next: Timestamp?
        func offer(_ time: Timestamp?) {
            if let time { next = next.map { min($0, time) } ?? time }
        }
        for index in state.models.indices {
            offer(state.pullEnds[index])
            offer(state.runsAt[index])
            offer(state.endsAt[index])
            offer(state.hookEnds[index])
        }
        return next
    }

    private mutating func advance(_ state: inout Pod, _ pod: PodIdentity, _ now: Timestamp) {
        for index in state.models.indices {
            if let end = state.pullEnds[index], end <= now { finishPull(&state, index, pod, end) }
            if let end = state.hookEnds[index], end <= now {
                state.hookEnds[index] = nil
                state.observation.containers[index]?.preStop =
                    state.models[index].preStopError.map { .failed($0) } ?? .done
            }
            if let start = state.runsAt[index], start <= now {
                state.runsAt[index] = nil
                state.observation.containers[index]?.state = .running
                state.observation.containers[index]?.started = start
                plan(&state, index, pod, state.observation.containers[index]?.attempt ?? 0, start)
            }
            if let end = state.endsAt[index], end <= now {
                state.endsAt[index] = nil
                state.hookEnds[index] = nil
                state.observation.containers[index]?.state = .exited
                state.observation.containers[index]?.finished = end
                state.observation.containers[index]?.exitCode = state.end[index]?.code ?? 0
                state.observation.containers[index]?.reason = state.end[index]?.reason ?? "Completed"
            }
        }
    }

    private mutating func finishPull(
        _ state: inout Pod, _ index: Int, _ pod: PodIdentity, _ end: Timestamp
    ) {
        state.pullEnds[index] = nil
        state.pullCount[index] += 1
        state.observation.pulls[index]?.ended = end
        let model = state.models[index]
        let image = state.shape.containers[index].image
        if let error = model.pullError, state.pullCount[index] <= model.pullErrorTimes {
            state.observation.pulls[index]?.outcome = .failed(error)
            return
        }
        images.insert(pod.node + "\u{1}" + image)
        let size = 10_000_000 + Int64(SeededHash(0).with(image).bits % 90_000_000)
        state.observation.pulls[index]?.outcome = .done(imageID: imageID(image), size: size)
    }

    // MARK: Probes

    private func answer(
        _ state: Pod, _ index: Int, _ kind: ProbeShape.Kind, _ now: Timestamp
    ) -> ProbeResult? {
        guard let instance = state.observation.containers[index], instance.state == .running,
            let started = instance.started
        else { return nil }
        let model = state.models[index]
        let age = now.since(started)
        var changes: [Double] = []
        let isSuccess: Bool
        switch kind {
        case .startup:
            isSuccess = age >= model.startedAfter
            changes = [model.startedAfter]
        case .readiness:
            isSuccess =
                age >= model.readyAfter && !model.notReady.contains { $0.from <= age && age < $0.to }
            changes = [model.readyAfter] + model.notReady.flatMap { [$0.from, $0.to] }
        case .liveness:
            isSuccess = model.liveFor.map { age < $0 } ?? true
            changes = model.liveFor.map { [$0] } ?? []
        }
        let next = changes.filter { $0 > age }.min()
        return ProbeResult(
            container: index, kind: kind, containerID: instance.id, isSuccess: isSuccess,
            output: isSuccess ? "" : "HTTP probe failed with statuscode: 503", time: now,
            holds: next.map { .until(started.adding($0)) } ?? .forever)
    }
}

extension ContainerInstance {
    /// What a container's status says of its newest instance; nil when there was none.
    init?(status: JSON) {
        let state = status["state"]
        let identifier = status["containerID"]?.string ?? ""
        guard let scheme = identifier.firstRange(of: "://") else { return nil }
        let id = String(identifier[scheme.upperBound...])
        func time(_ value: JSON?) -> Timestamp? { value?.string.flatMap { Timestamp($0) } }
        let ended = state?["terminated"] ?? status["lastState"]?["terminated"]
        let running = state?["running"]
        self.init(
            id: id, attempt: status["restartCount"]?.int ?? 0, state: running == nil ? .exited : .running,
            imageID: status["imageID"]?.string ?? "")
        postStart = .done
        if let running {
            started = time(running["startedAt"])
        } else {
            guard let ended else { return nil }
            started = time(ended["startedAt"])
            finished = time(ended["finishedAt"])
            exitCode = ended["exitCode"]?.int ?? 0
            reason = ended["reason"]?.string ?? ""
            message = ended["message"]?.string ?? ""
        }
    }
}
