import KubeAPI
import KubeJSON
import Synchronization

@testable import KubeNode

/// A runtime that takes its time, fails, and loses what it had: all from one seed. What happens in it happens in
/// `advance`, which says whose agents are to be woken, as a real one wakes them.
final class FaultyRuntime: PodRuntime {
    private enum Job {
        case sandbox(address: String?)
        case pull(Int)
        case start(Int, attempt: Int, sandbox: String?)
        case stop(Int)
        case takeAway
    }

    private struct Entry {
        let identity: PodIdentity
        var observation: PodObservation
        var images: [String]
    }

    private struct State {
        var seed: UInt64
        var pods: [String: Entry] = [:]
        var jobs: [(due: Timestamp, pod: PodIdentity, job: Job)] = []
        /// What is on the machine, whether an agent asks for it or not: the address by the pod's uid.
        var sandboxes: [String: String] = [:]
        var images: Set<String> = []
        /// The highest restart count that a container of a pod was made with: each has a log of its own.
        var attempts: [String: Int] = [:]
        var number = 0
        var faults = 0
        var troubles: [String] = []

        mutating func draw(_ bound: UInt64) -> UInt64 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (seed >> 33) % bound
        }

        /// One in so many times, while there are faults.
        mutating func fails(_ bound: UInt64) -> Bool {
            guard isFaulty, draw(bound) == 0 else { return false }
            faults += 1
            return true
        }
        var isFaulty = true
    }

    let name = "faulty"
    private let state: Mutex<State>

    init(seed: UInt64) { state = Mutex(State(seed: seed)) }

    /// From now on all goes well.
    func heal() { state.withLock { $0.isFaulty = false } }
    var faults: Int { state.withLock { $0.faults } }
    var sandboxes: [String: String] { state.withLock { $0.sandboxes } }
    /// What no agent should have asked for.
    var troubles: [String] { state.withLock { $0.troubles } }

    // MARK: For agents

    func add(_ pod: PodIdentity, _ object: JSON, shape: PodShape) {
        state.withLock { state in
            state.pods[pod.uid] = Entry(
                identity: pod, observation: PodObservation(containers: shape.containers.count),
                images: shape.containers.map(\.image))
        }
    }

    func restore(_ pod: PodIdentity, _ object: JSON, shape: PodShape, now: Timestamp) {
        add(pod, object, shape: shape)
    }

    func change(_ pod: PodIdentity, _ object: JSON, shape: PodShape) {}

    func remove(_ pod: PodIdentity) {
        state.withLock { state in
            guard state.pods.removeValue(forKey: pod.uid) != nil else { return }
            state.jobs.append((Timestamp(seconds: 0), pod, .takeAway))
        }
    }

    func isGone(_ pod: PodIdentity) -> Bool {
        state.withLock { state in
            state.pods[pod.uid] == nil && state.sandboxes[pod.uid] == nil
                && !state.jobs.contains { $0.pod == pod }
        }
    }

    func perform(_ action: RuntimeAction, of pod: PodIdentity, now: Timestamp, address: String?) {
        state.withLock { state in
            let due = now.adding(Double(state.draw(3_000)) / 1_000)
            switch action {
            case .createSandbox:
                if state.jobs.contains(where: { isSandbox($0.job) && $0.pod == pod }) {
                    state.troubles.append("\(pod.name): a sandbox was asked for twice")
                }
                if address == nil { state.troubles.append("\(pod.name): no address") }
                state.pods[pod.uid]?.observation.sandbox = nil
                state.jobs.append((due, pod, .sandbox(address: address)))
            case .removeSandbox:
                state.pods[pod.uid]?.observation.sandbox?.isReady = false
                state.jobs.append((due, pod, .takeAway))
            case .pullImage(let index):
                state.pods[pod.uid]?.observation.pulls[index] = ImagePull(started: now, outcome: .running)
                state.jobs.append((due, pod, .pull(index)))
            case .startContainer(let index, let attempt):
                if state.pods[pod.uid]?.observation.containers[index]?.state == .running {
                    state.troubles.append("\(pod.name): a container that runs was started")
                }
                let sandbox = state.pods[pod.uid]?.observation.sandbox?.id
                state.jobs.append((due, pod, .start(index, attempt: attempt, sandbox: sandbox)))
            case .stopContainer(let index, _): state.jobs.append((due, pod, .stop(index)))
            case .runHook, .probe: state.troubles.append("\(pod.name): it has neither hooks nor probes")
            }
        }
    }

    private func isSandbox(_ job: Job) -> Bool {
        if case .sandbox = job { return true }
        return false
    }

    func observe(_ pod: PodIdentity, now: Timestamp) -> PodObservation {
        state.withLock { $0.pods[pod.uid]?.observation ?? PodObservation(containers: 0) }
    }

    func nextChange(of pod: PodIdentity) -> Timestamp? { nil }

    func hasImage(_ image: String, for pod: PodIdentity) -> Bool {
        state.withLock { $0.images.contains(image) }
    }

    // MARK: Time

    /// - Returns: the pods whose agents are to be woken.
    func advance(to now: Timestamp) -> [PodIdentity] {
        state.withLock { state in
            var woken: [PodIdentity] = []
            let due = state.jobs.filter { $0.due <= now }
            state.jobs.removeAll { $0.due <= now }
            for (_, pod, job) in due {
                run(job, pod, now, &state)
                woken.append(pod)
            }
            for uid in state.pods.keys.sorted() where state.fails(60) {
                breakSomething(uid, now, &state)
                if let pod = state.pods[uid]?.identity { woken.append(pod) }
            }
            return woken
        }
    }

    private func run(_ job: Job, _ pod: PodIdentity, _ now: Timestamp, _ state: inout State) {
        if case .takeAway = job {
            state.sandboxes[pod.uid] = nil
            for index in state.pods[pod.uid]?.observation.containers.indices ?? 0..<0 {
                end(pod.uid, index, now, &state)
            }
            return
        }
        guard state.pods[pod.uid] != nil else { return }
        state.number += 1
        let id = "\(state.number)"
        switch job {
        case .takeAway: break
        case .sandbox(let address):
            for index in state.pods[pod.uid]?.observation.containers.indices ?? 0..<0 {
                end(pod.uid, index, now, &state)
            }
            state.sandboxes[pod.uid] = nil
            if state.fails(4) {
                state.pods[pod.uid]?.observation.sandbox = SandboxState(
                    id: "", isReady: false, addresses: [], created: now, failure: "no luck")
                return
            }
            if let address, state.sandboxes.values.contains(address) {
                state.troubles.append("\(pod.name): \(address) is another pod's")
            }
            state.sandboxes[pod.uid] = address
            state.pods[pod.uid]?.observation.sandbox = SandboxState(
                id: id, isReady: true, addresses: address.map { [$0] } ?? [], created: now)
        case .pull(let index):
            state.pods[pod.uid]?.observation.pulls[index]?.ended = now
            if state.fails(3) {
                state.pods[pod.uid]?.observation.pulls[index]?.outcome = .failed("no luck")
            } else {
                if let image = state.pods[pod.uid]?.images[index] { state.images.insert(image) }
                state.pods[pod.uid]?.observation.pulls[index]?.outcome = .done(imageID: "i", size: 1)
            }
        case .start(let index, let attempt, let sandbox):
            var instance = ContainerInstance(id: id, attempt: attempt, state: .running, imageID: "i")
            instance.started = now
            // One that was asked for in another sandbox finds that gone.
            let isThere = sandbox == state.pods[pod.uid]?.observation.sandbox?.id
            if state.fails(5) || !isThere || state.sandboxes[pod.uid] == nil {
                instance.id = ""
                instance.state = .created
                instance.started = nil
                instance.creationFailure = "no luck"
            } else if let last = state.attempts.updateValue(attempt, forKey: "\(pod.uid) \(index)"),
                attempt <= last
            {
                state.troubles.append("\(pod.name): container \(index) was made twice as number \(attempt)")
            }
            state.pods[pod.uid]?.observation.containers[index] = instance
        case .stop(let index): end(pod.uid, index, now, &state)
        }
    }

    private func end(_ uid: String, _ index: Int, _ now: Timestamp, _ state: inout State) {
        guard state.pods[uid]?.observation.containers[index]?.state == .running else { return }
        state.pods[uid]?.observation.containers[index]?.state = .exited
        state.pods[uid]?.observation.containers[index]?.finished = now
        state.pods[uid]?.observation.containers[index]?.exitCode = 137
        state.pods[uid]?.observation.containers[index]?.reason = "Error"
    }

    private func breakSomething(_ uid: String, _ now: Timestamp, _ state: inout State) {
        let count = state.pods[uid]?.observation.containers.count ?? 0
        guard count > 0 else { return }
        let index = Int(state.draw(UInt64(count)))
        switch state.draw(3) {
        case 0: end(uid, index, now, &state)
        case 1:
            // Somebody removed it behind everybody's back, once it was known to run.
            if let instance = state.pods[uid]?.observation.containers[index], instance.state == .running,
                instance.started != now
            {
                state.pods[uid]?.observation.containers[index] = nil
            }
        default:
            guard state.pods[uid]?.observation.sandbox?.isReady == true else { return }
            state.pods[uid]?.observation.sandbox?.isReady = false
            for index in 0..<count { end(uid, index, now, &state) }
        }
    }
}
