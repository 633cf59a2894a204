import KubeAPI
import KubeJSON
import Testing

@testable import KubeControllers

/// Jobs of all sorts under pods that end, vanish and are deleted at random.
struct JobPropertyTests {
    private struct Dice {
        var state: UInt64
        mutating func roll(_ count: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((value ^ (value >> 31)) % UInt64(count))
        }
    }

    @Test(arguments: 0..<20) func holds(block: Int) throws {
        for seed in (block * 12)..<(block * 12 + 12) { try check(UInt64(seed)) }
    }

    private func check(_ seed: UInt64) throws {
        var dice = Dice(state: seed &* 7919 &+ 1)
        let world = try JobWorld(seed: seed, reaps: dice.roll(4) > 0)
        var parallelism = 1 + dice.roll(4)
        let completions = 1 + dice.roll(6)
        let isIndexed = dice.roll(2) == 0
        let perIndex = isIndexed && dice.roll(2) == 0
        let limit = dice.roll(4)
        var fields: JSONObject = [
            "parallelism": .integer(Int64(parallelism)), "completions": .integer(Int64(completions)),
            "completionMode": isIndexed ? "Indexed" : "NonIndexed",
        ]
        if perIndex {
            fields["backoffLimitPerIndex"] = .integer(Int64(limit))
        } else {
            fields["backoffLimit"] = .integer(Int64(limit))
        }
        if dice.roll(3) == 0 { fields["podReplacementPolicy"] = "Failed" }
        try world.job(fields)
        var succeeded = 0
        var failed = 0
        var wins: Set<Int> = []
        for _ in 0..<10 {
            if try JobController.isFinished(world.get()) { break }
            let active = try world.active()
            let pod = active.isEmpty ? nil : active[dice.roll(active.count)]
            switch dice.roll(8) {
            case 0, 1, 2:
                guard let pod else { break }
                try world.set(pod, "Succeeded")
                if let index = JobWorld.index(pod) { wins.insert(index) } else { succeeded += 1 }
            case 3, 4:
                guard let pod else { break }
                try world.set(pod, "Failed")
                failed += 1
            case 5:
                guard let pod else { break }
                try world.cluster.delete("v1", "pods", pod.name)
            case 6:
                parallelism = dice.roll(5)
                try world.patch(["parallelism": .integer(Int64(parallelism))])
            default:
                try world.patch(["suspend": .bool(dice.roll(2) == 0)])
            }
            world.settle(dice.roll(3) == 0 ? 0.001 : Double(1 + dice.roll(40)))
            world.settle(0.01)
            #expect(try world.active().count <= max(parallelism, 0), "seed \(seed)")
            let status = try world.status()
            if isIndexed {
                #expect(
                    JobIndexes(status["completedIndexes"]?.string ?? "", completions: completions).count
                        == wins.count, "seed \(seed)")
                let indexes = try world.active().compactMap { JobWorld.index($0) }
                #expect(Set(indexes).count == indexes.count, "seed \(seed)")
                #expect(wins.isDisjoint(with: indexes), "seed \(seed)")
            } else {
                #expect(status["succeeded"]?.int ?? 0 == succeeded, "seed \(seed)")
            }
        }
        // From here on every pod succeeds, and the Job comes to its end.
        if try !JobController.isFinished(world.get()) {
            try world.patch(["suspend": false, "parallelism": 3])
        }
        for _ in 0..<40 {
            if try JobController.isFinished(world.get()) { break }
            for pod in try world.pods() where pod.deletionTimestamp != nil {
                if pod.at("status", "phase") == "Pending" { try? world.set(pod, "Failed") }
                try? world.cluster.delete("v1", "pods", pod.name, gracePeriodSeconds: 0)
            }
            for pod in try world.active() {
                try world.set(pod, "Succeeded")
                if let index = JobWorld.index(pod) { wins.insert(index) } else { succeeded += 1 }
            }
            world.settle(300)
        }
        world.settle()
        let job = try world.get()
        let end = JobController.finishedCondition(job)?["type"]?.string
        #expect(end != nil, "seed \(seed): no end \(job)")
        #expect(try world.pods().allSatisfy { $0.finalizers.isEmpty }, "seed \(seed)")
        #expect(try world.active().isEmpty, "seed \(seed)")
        let counted = job.at("status", "succeeded")?.int ?? 0
        #expect(counted == (isIndexed ? wins.count : succeeded), "seed \(seed)")
        if end == "Complete" { #expect(counted == completions, "seed \(seed)") }
        let failures = job.at("status", "failed")?.int ?? 0
        #expect(failures >= failed, "seed \(seed)")
        if !perIndex {
            #expect(
                (end == "Failed") == (failures > limit), "seed \(seed): \(failures) of \(limit), \(end ?? "")"
            )
        }
        #expect(world.failures == [], "seed \(seed)")
    }
}
