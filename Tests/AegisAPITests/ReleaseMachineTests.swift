import KubeJSON
import Testing

@testable import AegisAPI

@Suite struct ReleaseMachineTests {
    struct Plan {
        var isBroken = false
        var asks = false
        var edits = false
        var jumps = true
    }

    private func run(_ seed: UInt64, _ plan: Plan) -> ReleaseWorld {
        var world = ReleaseWorld(seed: seed, image: plan.isBroken ? "broken:2" : "good:2")
        for _ in 0..<(20 + world.random.below(60)) where !world.isOver {
            switch world.random.below(20) {
            case 0: world.crash()
            case 1: world.takeOver()
            case 2 where plan.asks: world.ask(world.random.chance(50) ? .cancel : .rollback)
            case 3 where plan.edits: world.edit()
            case 4 where plan.jumps: world.jump()
            case 5...8: world.deliver(faults: true)
            case 9...11: world.workload.step()
            default:
                world.tick()
                let all = world.replicas.keys.sorted()
                if let index = all.randomElement(using: &world.random) { world.move(index, faults: true) }
            }
        }
        world.settle()
        return world
    }

    /// What holds of every release, whatever happened to it.
    private func check(_ world: ReleaseWorld, _ plan: Plan, seed: UInt64) {
        let words: Comment = "seed \(seed): \(world.trace.suffix(40).joined(separator: ", "))"
        #expect(world.isOver, words)
        let marks = world.workload.writes
        #expect(marks.filter { $0 == "r1" }.count <= 1, words)
        #expect(marks.filter { $0 == "r1/rolled-back" }.count <= 1, words)
        #expect(world.steps.filter { $0.kind == .finished }.count == 1, words)
        #expect(world.steps.last?.kind == .finished, words)
        let state = world.stored.state
        if !plan.edits {
            #expect(state != .superseded, words)
            switch state {
            case .succeeded: #expect(world.workload.image == "good:2", words)
            case .rolledBack, .cancelled: #expect(world.workload.template == world.original, words)
            default: #expect(Bool(false), "ended \(state): \(world.stored.message); \(words)")
            }
        }
        if plan.isBroken { #expect(state != .succeeded, words) }
        if !plan.isBroken, !plan.asks, !plan.edits { #expect(state == .succeeded, words) }
        if plan.isBroken, !plan.asks, !plan.edits { #expect(state == .rolledBack, words) }
        if world.wasEdited, state == .superseded { #expect(world.workload.image.hasPrefix("other:"), words) }
    }

    @Test func goodReleasesSucceedWhateverDies() {
        for seed in 1...400 as ClosedRange<UInt64> { check(run(seed, Plan()), Plan(), seed: seed) }
    }

    @Test func brokenReleasesAreRolledBackWhateverDies() {
        let plan = Plan(isBroken: true)
        for seed in 1...300 as ClosedRange<UInt64> { check(run(seed, plan), plan, seed: seed) }
    }

    @Test func whatIsAskedForIsDoneOnceOrNotAtAll() {
        for seed in 1...300 as ClosedRange<UInt64> {
            let plan = Plan(isBroken: seed % 2 == 0, asks: true)
            check(run(seed, plan), plan, seed: seed)
        }
    }

    @Test func whatOthersChangeStands() {
        for seed in 1...300 as ClosedRange<UInt64> {
            let plan = Plan(isBroken: seed % 3 == 0, asks: seed % 2 == 0, edits: true)
            check(run(seed, plan), plan, seed: seed)
        }
    }

    // MARK: One thing at a time

    private func observation(
        mark: String? = nil, image: String = "good:1", version: String = "1", generation: Int64 = 1,
        updated: Int = 3, available: Int = 3, troubles: [PodTrouble] = [], stalled: String? = nil
    ) -> WorkloadObservation {
        WorkloadObservation(
            resourceVersion: version, generation: generation, observedGeneration: generation,
            state: WorkloadState(template: ModelWorkload.template(image: image), replicas: 3),
            annotations: mark.map { [WorkloadObservation.mark: .string($0)] } ?? [:], total: 3,
            updated: updated,
            available: available, stalled: stalled, troubles: troubles)
    }

    private func progressing(deadline: Int = 60) -> ReleaseMachine {
        var machine = ReleaseMachine(
            Release(
                id: "r1", namespace: "shop", workload: "web", change: ReleaseChange(image: "good:2"),
                createdBy: "jane", createdAt: 0, deadline: deadline), replica: "a")
        _ = machine.handle(.observed(observation()), now: 0)
        _ = machine.handle(
            .sent(observation(mark: "r1", image: "good:2", version: "2", generation: 2, updated: 0)), now: 0)
        return machine
    }

    @Test func theDeadlineTakesItBack() {
        var machine = progressing()
        let stuck = observation(
            mark: "r1", image: "good:2", version: "3", generation: 2, updated: 1, available: 2)
        for second in 1...60 { _ = machine.handle(.observed(stuck), now: Int64(second) * 1000) }
        #expect(machine.release.state == .progressing)
        _ = machine.handle(.observed(stuck), now: 61_000)
        #expect(machine.release.state == .reverting)
        #expect(machine.release.rollbackReason?.contains("not rolled out within 60 s: 1 of 3") == true)
    }

    @Test func aClockThatJumpsDoesNot() {
        var machine = progressing()
        let stuck = observation(
            mark: "r1", image: "good:2", version: "3", generation: 2, updated: 1, available: 2)
        for hour in 1...5 { _ = machine.handle(.observed(stuck), now: Int64(hour) * 3_600_000) }
        #expect(machine.release.state == .progressing)
        _ = machine.handle(.observed(stuck), now: -5)
        #expect(machine.release.state == .progressing)
    }

    @Test func imagesMayTakeAWhile() {
        var machine = progressing()
        let trouble = observation(
            mark: "r1", image: "good:2", version: "3", generation: 2, updated: 1, available: 2,
            troubles: [PodTrouble(.cannotStart, pod: "p", message: "pod p: ErrImagePull")])
        for second in 1...20 { _ = machine.handle(.observed(trouble), now: Int64(second) * 1000) }
        #expect(machine.release.state == .progressing)
        for second in 21...23 { _ = machine.handle(.observed(trouble), now: Int64(second) * 1000) }
        #expect(machine.release.state == .reverting)
    }

    @Test func successIsWaitedFor() {
        var machine = progressing()
        let well = observation(mark: "r1", image: "good:2", version: "3", generation: 2)
        _ = machine.handle(.observed(well), now: 1_000)
        _ = machine.handle(.observed(well), now: 3_900)
        #expect(machine.release.state == .progressing)
        _ = machine.handle(.observed(well), now: 4_000)
        #expect(machine.release.state == .succeeded)
        #expect(machine.release.finishedAt == 4_000)
    }

    @Test func theControllersVerdictCounts() {
        var machine = progressing()
        let stalled = observation(
            mark: "r1", image: "good:2", version: "3", generation: 2, updated: 1, available: 2,
            stalled: "ReplicaSet \"web\" has timed out progressing.")
        _ = machine.handle(.observed(stalled), now: 1_000)
        #expect(machine.release.state == .reverting)
    }

    @Test func aCopyThatIsBehindSaysNothing() {
        var machine = progressing()
        _ = machine.handle(.observed(observation(version: "1")), now: 1_000)
        #expect(machine.release.state == .progressing)
    }

    @Test func documentsComeBackWhole() throws {
        var machine = progressing()
        _ = machine.handle(.asked(.cancel, by: "jane"), now: 5)
        let text = JSONWriter.string(machine.release.document)
        let read = try #require(
            Release(document: try JSONParser.parse(text), version: machine.release.version))
        #expect(read == machine.release)
    }
}
