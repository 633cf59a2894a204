import Foundation
import Testing

/// What was acknowledged is there after the process was killed, and a second start goes on.
@Suite(.clients, .serialized)
struct DurabilityTests {
    @Test(arguments: ["process", "full"])
    func acknowledgedWritesSurviveKill(_ durability: String) async throws {
        let cluster = try await Cluster.start(["--durability", durability])
        defer { cluster.stop() }
        let rounds = Int(ProcessInfo.processInfo.environment["AEGIS_KILLS"] ?? "") ?? 10
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/kill-writer.py").path
        var acknowledged = Set<String>()
        for round in 0..<rounds {
            if round > 0 { try cluster.launch() }
            let (certificate, key) = try cluster.credentials()
            let log = cluster.directory.appendingPathComponent("acknowledged-\(round)").path
            let writer = Process()
            writer.executableURL = URL(fileURLWithPath: cluster.programs.tools + "/python")
            writer.arguments = [script, cluster.address, certificate, key, "\(round)", log]
            writer.standardError = FileHandle.nullDevice
            try writer.run()
            // The moment of the kill is the point of the test: any will do.
            try await Task.sleep(for: .milliseconds(Int.random(in: 100...500)))
            cluster.kill()
            writer.waitUntilExit()
            let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
            acknowledged.formUnion(lines.map(String.init))
        }
        try cluster.launch()
        #expect(acknowledged.count > rounds, "the writers must have written something")
        let names = try cluster.kubectl(
            "get", "configmaps", "-o", "jsonpath={range .items[*]}{.metadata.name}={.data.v}{\"\\n\"}{end}")
        let found = Set(names.split(separator: "\n").map(String.init))
        let lost = acknowledged.subtracting(found)
        #expect(lost.isEmpty, "lost: \(lost.sorted().prefix(5))")
        #expect(cluster.terminate() == 0)
    }

    @Test func twoServersNeverShareTheirData() async throws {
        let cluster = try await Cluster.start([])
        defer { cluster.stop() }
        let outcome = try run(
            cluster.programs.aegis, ["serve", "--data-dir", cluster.directory.path, "--secure-port", "0"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("is in use by another process"))
    }

    @Test func aPortThatIsTakenIsSaid() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let other = cluster.directory.appendingPathComponent("other").path
        let outcome = try run(
            cluster.programs.aegis,
            ["serve", "--in-memory", "--data-dir", other, "--secure-port", "\(cluster.port)"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("is taken"))
    }
}
