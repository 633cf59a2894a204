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

    /// A client that lists once and then watches, through all lives of the server, sees each change once and in
    /// order; where history does not reach back far enough it is told so, lists again, and goes on.
    @Test(arguments: ["process", "full"])
    func aWatcherMissesNothingAcrossKills(_ durability: String) async throws {
        let cluster = try await Cluster.start(["--durability", durability])
        defer { cluster.stop() }
        let rounds = Int(ProcessInfo.processInfo.environment["AEGIS_KILLS"] ?? "") ?? 6
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/kill-watch.py").path
        func arguments(_ mode: String, _ round: Int) throws -> [String] {
            let (certificate, key) = try cluster.credentials()
            return [script, cluster.address, certificate, key, cluster.directory.path, mode, "\(round)"]
        }
        for round in 0..<rounds {
            if round > 0 { try cluster.launch() }
            // Once in a while the client is away for too long.
            if round % 10 == 3 { try cluster.tool("python", arguments("behind", round)) }
            let client = Process()
            client.executableURL = URL(fileURLWithPath: cluster.programs.tools + "/python")
            client.arguments = try arguments("write", round)
            try client.run()
            // The moment of the kill is the point of the test: any will do.
            try await Task.sleep(for: .milliseconds(Int.random(in: 200...600)))
            cluster.kill()
            client.waitUntilExit()
            #expect(client.terminationStatus == 0)
        }
        try cluster.launch()
        let figures = try cluster.tool("python", arguments("check", rounds))
        print("DurabilityTests, \(durability), \(rounds) kills: \(figures)")
        #expect(!figures.contains(" 1 lists"), "the client was never too far behind: \(figures)")
    }

    /// The writes since the last checkpoint are in the write-ahead log alone.
    @Test(arguments: ["process", "full"])
    func aLogThatIsGoneAfterAKillIsSaid(_ durability: String) async throws {
        let cluster = try await Cluster.start(["--durability", durability])
        defer { cluster.stop() }
        try cluster.kubectl("create", "configmap", "kept")
        cluster.kill()
        let log = cluster.directory.appendingPathComponent("store.db-wal")
        let kept = try Data(contentsOf: log)
        try FileManager.default.removeItem(at: log)
        let outcome = try run(
            cluster.programs.aegis, ["serve", "--data-dir", cluster.directory.path, "--secure-port", "0"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("\(log.path) is missing"), "\(outcome.errors)")
        try kept.write(to: log)
        try cluster.launch()
        #expect(try cluster.kubectl("get", "configmap", "kept", "-o", "name") == "configmap/kept\n")
        // After a stop in good order there is no log, and none is missed.
        #expect(cluster.terminate() == 0)
        #expect(!FileManager.default.fileExists(atPath: log.path))
        try cluster.launch()
        #expect(try cluster.kubectl("get", "configmap", "kept", "-o", "name") == "configmap/kept\n")
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
