import Foundation
import KubeJSON
import Testing

@testable import KubeNetwork

extension RealNetworkTests {
    private struct Figure {
        var count: Int
        /// Seconds until all rules are in force, without compiling them.
        var whole: Double
        var compileAll: Double
        /// Seconds of one change, and of compiling it.
        var change: Double
        var compile: Double
        var bytes: Int
    }

    /// What one change costs must not grow with the number of Services: measured in the kernel, from the object
    /// to the rule in force.
    @Test func oneChangeCostsTheSameWithManyServices() throws {
        if NetworkLab.skips() { return }
        let lab = try NetworkLab("speed", pods: [("x", "10.244.0.11")])
        defer { lab.close() }
        let host = LinuxHost(namespace: lab.host)
        var figures: [Figure] = []
        for count in [10, 5_000] {
            var model = NetworkModel(RandomCluster.configuration)
            for index in 0..<count {
                let name = "s\(index)"
                model.setService(
                    "default/\(name)",
                    NetworkModelTests.service(name, address: "10.96.\(index / 250).\(index % 250 + 1)"))
                model.setEndpointSlice("default/\(name)", slice(name, 3))
            }
            let clock = ContinuousClock()
            var all = ""
            let compileAll = clock.measure { all = model.commitAll().commands }
            let whole = try clock.measure { try host.transact(all) }
            var changes: [(change: Double, compile: Double)] = []
            var bytes = 0
            for round in 0..<21 {
                let name = "s\(round % 10)"
                model.setEndpointSlice("default/\(name)", slice(name, round % 2 == 0 ? 2 : 3))
                var commands = ""
                let compile = clock.measure { commands = model.commit().commands }
                bytes = max(bytes, commands.utf8.count)
                let change = try clock.measure { try host.transact(commands) }
                changes.append((seconds(change), seconds(compile)))
            }
            let median = changes.map(\.change).sorted()[changes.count / 2]
            let compile = changes.map(\.compile).sorted()[changes.count / 2]
            figures.append(
                Figure(
                    count: count, whole: seconds(whole), compileAll: seconds(compileAll), change: median,
                    compile: compile, bytes: bytes))
        }
        for figure in figures {
            print(
                "network: \(figure.count) Services of 3 endpoints: all \(milliseconds(figure.whole)) ms "
                    + "(compiled in \(milliseconds(figure.compileAll)) ms), "
                    + "one change \(milliseconds(figure.change)) ms (of \(figure.bytes) bytes, "
                    + "compiled in \(milliseconds(figure.compile)) ms)")
        }
        #expect(figures[1].bytes <= figures[0].bytes + 64)
        // Starting `nft` is most of it; what is left may not be seen to grow.
        #expect(figures[1].change < figures[0].change * 2 + 0.01)
        #expect(figures[1].compile < 0.005)
    }

    private func slice(_ name: String, _ count: Int) -> JSON {
        NetworkModelTests.slice(name, (0..<count).map { ("10.244.0.\($0 + 20)", [:]) })
    }

    private func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    private func milliseconds(_ seconds: Double) -> String { String(format: "%.2f", seconds * 1_000) }
}
