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

    private func run(_ profile: Chaos.Profile, _ seeds: Range<UInt64>) throws {
        for seed in seeds {
            if let (chosen, only) = Self.chosen, chosen != profile || only != seed { continue }
            var log: (@Sendable (String) -> Void)?
            if ProcessInfo.processInfo.environment["AEGIS_LOG"] != nil { log = { line in print(line) } }
            let violations = try Chaos.run(profile, seed: seed, log: log)
            let words = violations.map(\.description).joined(separator: "\n")
            #expect(
                violations.isEmpty,
                "\(words)\nAEGIS_SEED=\(profile.rawValue):\(seed) swift test --filter ChaosTests")
        }
    }

    /// Seeds of a block, of which there are 21. A debug build takes a few; `aegis chaos` runs a thousand.
    private static let block = ProcessInfo.processInfo.environment["AEGIS_SEEDS"].flatMap { UInt64($0) } ?? 2

    @Test(arguments: 0..<UInt64(9)) func workloadsKeepTheirPromises(block: UInt64) throws {
        try run(.workloads, block * Self.block..<(block + 1) * Self.block)
    }

    @Test(arguments: 0..<UInt64(8)) func limitsAreKept(block: UInt64) throws {
        try run(.limits, block * Self.block..<(block + 1) * Self.block)
    }

    @Test(arguments: 0..<UInt64(4)) func nodesComeAndGoAsTheyShould(block: UInt64) throws {
        try run(.nodes, block * Self.block..<(block + 1) * Self.block)
    }
}
