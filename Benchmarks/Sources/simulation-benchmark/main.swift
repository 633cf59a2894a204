import AegisPlatform
import AegisSimulation
import Foundation

// What a simulated day costs: `simulation-benchmark PLATFORM [HOURS] [SEED] [RUNS] [trace]`.

let arguments = CommandLine.arguments
guard arguments.count > 1 else {
    print("usage: simulation-benchmark PLATFORM [HOURS] [SEED] [RUNS] [trace]")
    exit(64)
}
func number(_ index: Int, _ otherwise: Int) -> Int {
    arguments.count > index ? Int(arguments[index]) ?? otherwise : otherwise
}
if arguments[1] == "chaos", let profile = Chaos.Profile(rawValue: arguments.count > 2 ? arguments[2] : "") {
    // `simulation-benchmark chaos PROFILE FIRST [COUNT] [trace]`
    var log: (@Sendable (String) -> Void)?
    if arguments.contains("trace") { log = { print($0) } }
    let first = UInt64(number(3, 0))
    for seed in first..<(first + UInt64(number(4, 1))) {
        let violations = try Chaos.run(profile, seed: seed, log: log)
        for violation in violations { print("seed \(seed): \(violation)") }
    }
    exit(0)
}
let platform = Platform(paths: [arguments[1]])
let scenario = Scenario.day(
    of: WorkloadName("deployments", "aegis-production", "aegis-api"), hours: number(2, 24))
for _ in 0..<number(4, 1) {
    let start = DispatchTime.now().uptimeNanoseconds
    let result = try Simulation(platform, seed: UInt64(number(3, 1)), scenario: scenario).run { step in
        if arguments.contains("trace") { print(step) }
    }
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    let summary = result.summary
    print("\(result.hash): \(seconds) s, \(result.steps) steps, \(result.writes) writes")
    for workload in summary.workloads {
        print("  \(workload): \(summary.readyRange(of: workload).map { "\($0)" } ?? "") ready")
    }
    for (index, group) in summary.groups.enumerated() {
        print(
            "  group \(group): \(summary.nodeRange(of: group).map { "\($0)" } ?? "") nodes,",
            "\(summary.nodeHours[index]) node hours, $\(summary.cost[index])")
    }
    let recovered = summary.failures.compactMap(\.recovered)
    let took = summary.releases.compactMap(\.took)
    print("  \(summary.failures.count) failures, recovered after \(recovered)")
    print("  \(summary.releases.count) releases, took \(took)")
    print("  most pending: \(summary.samples.map(\.pending).max() ?? 0); objects: \(result.objects)")
}
