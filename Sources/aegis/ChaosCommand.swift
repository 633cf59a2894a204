import AegisSimulation
import ArgumentParser

/// `aegis chaos`: random operations and faults in virtual time, for who works on aegis.
struct ChaosCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chaos",
        abstract: "Try every control loop against random operations and faults, in virtual time.",
        discussion:
            "Exit codes: 0 every promise was kept, 1 one was broken (its seed is printed), 64 wrong usage.",
        shouldDisplay: false)

    @Option(help: "How many seeds of each kind of cluster.")
    var seeds: UInt64 = 350

    @Option(help: "The first seed.")
    var first: UInt64 = 0

    func run() throws {
        var broken = 0
        for profile in Chaos.Profile.allCases {
            for seed in first..<first + seeds {
                for violation in try Chaos.run(profile, seed: seed) {
                    broken += 1
                    print("AEGIS_SEED=\(profile.rawValue):\(seed): \(violation.description)")
                }
            }
            print("\(profile.rawValue): \(seeds) seeds")
        }
        if broken > 0 { throw ExitCode(1) }
    }
}
