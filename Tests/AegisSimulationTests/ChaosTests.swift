import AegisSimulation
import Foundation
import Testing

/// Random operations and faults all together; every promise is asked after every step. A seed that fails runs
/// alone with `AEGIS_SEED=nodes:17 swift test --filter ChaosTests`, and tells every step with `AEGIS_LOG=1`.
@Suite struct ChaosTests {
    private static let chosen: (Chaos.Profile, UInt64)? = {
        let parts = (ProcessInfo.processInfo.environment["AEGIS_SEED"] ?? "").split(separator: ":")
        guard parts.count == 2, let profile = Chaos.Profile(rawValue: String(parts[0])),
            let seed = UInt64(parts[1])
        else { return nil }
        return (profile, seed)
    }()

    private static let log: (@Sendable (String) -> Void)? = {
        guard ProcessInfo.processInfo.environment["AEGIS_LOG"] != nil else { return nil }
        return { text in print(text) }
    }()

    private func run(_ profile: Chaos.Profile, _ seeds: Range<UInt64>) throws {
        for seed in seeds {
            let violations = try Chaos.run(profile, seed: seed, log: Self.log)
            let words = violations.map { $0.description }.joined(separator: "\n")
            #expect(
                violations.isEmpty,
                "\(words)\nAEGIS_SEED=\(profile.rawValue):\(seed) swift test --filter ChaosTests")
        }
    }

    /// Seeds of each of the 16 cases. A debug build takes half a second for one: `AEGIS_SEEDS=64` makes it
    /// 1,024; `aegis chaos` runs as many in the built program.
    private static let block = UInt64(ProcessInfo.processInfo.environment["AEGIS_SEEDS"] ?? "") ?? 3

    private func run(_ profile: Chaos.Profile, block: UInt64) throws {
        // A seed that is asked for may be in no block.
        if let (chosen, seed) = Self.chosen {
            if chosen == profile, block == 0 { try run(profile, seed..<seed + 1) }
            return
        }
        try run(profile, block * Self.block..<(block + 1) * Self.block)
    }

    @Test(arguments: 0..<UInt64(6)) func workloadsKeepTheirPromises(block: UInt64) throws {
        try run(.workloads, block: block)
    }

    @Test(arguments: 0..<UInt64(6)) func limitsAreKept(block: UInt64) throws {
        try run(.limits, block: block)
    }

    @Test(arguments: 0..<UInt64(4)) func nodesComeAndGoAsTheyShould(block: UInt64) throws {
        try run(.nodes, block: block)
    }
}
