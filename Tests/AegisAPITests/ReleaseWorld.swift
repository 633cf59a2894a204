import KubeJSON

@testable import AegisAPI

/// Chance from a seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D >> 11
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}

/// A Deployment that rolls out step by step.
struct ModelWorkload {
    var version = 1
    var generation: Int64 = 1
    var observed: Int64 = 1
    var template: JSON
    var replicas = 3
    var annotations: JSONObject = [:]
    var updated = 3
    var available = 3
    var isDeleted = false
    /// Who wrote the template: marks of releases, in order.
    var writes: [String] = []

    static func template(image: String) -> JSON {
        [
            "metadata": ["labels": ["app": "web"]],
            "spec": ["containers": [["name": "web", "image": .string(image)]]],
        ]
    }

    var image: String { template.at("spec", "containers")?[0]?["image"]?.string ?? "" }
    var isBroken: Bool { image.hasPrefix("broken") }

    var observation: WorkloadObservation {
        var troubles: [PodTrouble] = []
        if isBroken, observed == generation, updated > 0 {
            troubles = [PodTrouble(.crashing, pod: "p", message: "pod p crashed")]
        }
        return WorkloadObservation(
            resourceVersion: String(version), generation: generation, observedGeneration: observed,
            state: WorkloadState(template: template, replicas: replicas), annotations: annotations,
            total: replicas, updated: updated, available: available, troubles: troubles)
    }

    /// What the controllers do in a moment.
    mutating func step() {
        if observed < generation {
            observed = generation
            updated = 0
            version += 1
        } else if updated < replicas {
            updated += 1
            available = isBroken ? replicas - 1 : replicas
            version += 1
        } else if available < replicas, !isBroken {
            available = replicas
            version += 1
        }
    }

    /// Takes a patch as the API server does: only for the version that it names.
    mutating func take(_ patch: JSON) -> Bool {
        var copy = self
        for operation in patch.array ?? [] {
            let value = operation["value"] ?? .null
            switch operation["path"]?.string {
            case "/metadata/resourceVersion": if value.string != String(version) { return false }
            case "/metadata/annotations": copy.annotations = value.object ?? [:]
            case "/spec/template":
                copy.template = value
                copy.generation = generation + 1
            case "/spec/replicas":
                copy.replicas = value.int ?? 0
                copy.generation = generation + 1
            default: return false
            }
        }
        copy.version += 1
        copy.writes.append(copy.annotations[WorkloadObservation.mark]?.string ?? "")
        self = copy
        return true
    }

    /// Somebody else changes it, leaving annotations as they are.
    mutating func edit(image: String) {
        template = Self.template(image: image)
        generation += 1
        version += 1
    }
}

/// A database with one release, replicas that move it, a network that loses, doubles and delays, and clocks that
/// jump. What the driver does in one go is cut into its parts here, with anything in between.
struct ReleaseWorld {
    struct Patch {
        let replica: Int
        let number: Int
        let value: JSON
    }

    enum Phase {
        case look
        case store([ReleaseCommand])
        case perform([ReleaseCommand])
        case wait(patch: Int)
    }

    struct Replica {
        var machine: ReleaseMachine
        var fence: Int
        var phase = Phase.look
        /// Looks until which nothing is done.
        var pause = 0
    }

    var random: SeededGenerator
    var now: Int64 = 1_000_000_000_000
    var workload: ModelWorkload
    let original: JSON
    // The database.
    var stored: Release
    var steps: [ReleaseStep] = []
    var fence = 1
    var intent: ReleaseIntent?
    // The replicas.
    var replicas: [Int: Replica] = [:]
    var inFlight: [Patch] = []
    var patchCount = 0
    var wasEdited = false
    var trace: [String] = []

    init(seed: UInt64, image: String) {
        random = SeededGenerator(seed: seed)
        original = ModelWorkload.template(image: "good:1")
        workload = ModelWorkload(template: original)
        stored = Release(
            id: "r1", namespace: "shop", workload: "web", change: ReleaseChange(image: image),
            createdBy: "jane",
            createdAt: now, deadline: 60)
        start(0)
    }

    var isOver: Bool { !stored.state.isActive }

    private mutating func start(_ index: Int) {
        var machine = ReleaseMachine(stored, replica: "replica-\(index)")
        if fence > 1 { machine.takeOver(now: now) }
        if let intent { _ = machine.handle(.asked(intent, by: "jane"), now: now) }
        replicas[index] = Replica(machine: machine, fence: fence)
    }

    /// Another replica takes hold, whether the one that has it is dead or only slow.
    mutating func takeOver() {
        guard !isOver else { return }
        fence += 1
        trace.append("take over \(fence)")
        start(fence)
    }

    mutating func crash() {
        guard let index = replicas.keys.sorted().randomElement(using: &random) else { return }
        trace.append("crash \(index)")
        replicas[index] = nil
    }

    mutating func ask(_ wanted: ReleaseIntent) {
        guard intent == nil, !isOver else { return }
        intent = wanted
        trace.append("ask \(wanted)")
        for index in replicas.keys.sorted() {
            _ = replicas[index]?.machine.handle(.asked(wanted, by: "jane"), now: now)
        }
    }

    mutating func edit() {
        guard !isOver else { return }
        wasEdited = true
        trace.append("edit")
        workload.edit(image: "other:\(random.below(100))")
    }

    /// The next part of what one replica does.
    mutating func move(_ index: Int, faults: Bool) {
        guard var replica = replicas[index] else { return }
        defer { if replicas[index] != nil { replicas[index] = replica } }
        switch replica.phase {
        case .look:
            if faults, random.chance(20) { return }
            let observation = workload.isDeleted ? nil : workload.observation
            let commands = replica.machine.handle(.observed(observation), now: now)
            replica.phase = .store(commands)
        case .store(let commands):
            guard replica.fence == fence, replica.machine.release.version == stored.version, !isOver else {
                trace.append("\(index) lost it")
                replicas[index] = nil
                return
            }
            if faults, random.chance(5) {
                // It ends before the transaction.
                replicas[index] = nil
                return
            }
            steps += replica.machine.takeSteps()
            stored = replica.machine.release
            stored.version += 1
            replica.machine.stored(version: stored.version)
            if faults, random.chance(5) {
                // It ends after the transaction, before it does anything.
                replicas[index] = nil
                return
            }
            if isOver {
                trace.append("over: \(stored.state) \(stored.message)")
                replicas[index] = nil
                return
            }
            replica.phase = .perform(commands)
        case .perform(let commands):
            replica.phase = .look
            for case .send(let patch) in commands {
                patchCount += 1
                inFlight.append(Patch(replica: index, number: patchCount, value: patch))
                replica.phase = .wait(patch: patchCount)
                trace.append("\(index) sends \(patchCount)")
            }
        case .wait:
            // The answer may have got lost: after a while it is no longer waited for.
            guard faults, random.chance(10) else { return }
            replica.phase = .store(replica.machine.handle(.notSent(.unknown("lost")), now: now))
        }
    }

    /// A patch arrives; its answer may get lost, or the patch be delivered again later.
    mutating func deliver(faults: Bool) {
        guard !inFlight.isEmpty else { return }
        let patch = inFlight.remove(at: random.below(inFlight.count))
        if faults, random.chance(15) { inFlight.append(patch) }
        let isDone = workload.take(patch.value)
        trace.append("patch \(patch.number) \(isDone ? "done" : "refused")")
        guard var replica = replicas[patch.replica], case .wait(patch.number) = replica.phase else { return }
        if faults, random.chance(25) { return }
        let input: ReleaseInput = isDone ? .sent(workload.observation) : .notSent(.conflict)
        var commands = replica.machine.handle(input, now: now)
        if faults, random.chance(10) { commands += replica.machine.handle(input, now: now) }
        replica.phase = .store(commands)
        replicas[patch.replica] = replica
    }

    mutating func tick() { now += Int64(random.below(2_000)) }

    mutating func jump() {
        let far: [Int64] = [-3_600_000, 3_600_000, -86_400_000, 86_400_000, -5_000, 30_000]
        now += far[random.below(far.count)]
        trace.append("clock jumps")
    }

    /// Goes on without faults until it is over.
    mutating func settle() {
        for _ in 0..<5_000 where !isOver {
            if replicas.keys.filter({ replicas[$0]?.fence == fence }).isEmpty { takeOver() }
            tick()
            workload.step()
            deliver(faults: false)
            for index in replicas.keys.sorted() {
                // An answer that was lost before is not waited for for ever.
                if case .wait(let number) = replicas[index]?.phase,
                    !inFlight.contains(where: { $0.number == number })
                {
                    replicas[index]?.phase = .look
                }
                move(index, faults: false)
            }
        }
        // What is still on its way arrives when all is over.
        while !inFlight.isEmpty { deliver(faults: false) }
    }
}
