import Foundation
import Testing

/// The recorded answers of kube-apiserver v1.36.2, asked of this server.
@Suite(.clients)
struct GoldenReplayTests {
    /// Steps that differ, each with its reason. One that agrees again has to leave this list.
    static let known: Set<String> = [
        // The recorded server names the address of its own machine.
        "discovery: /api"
    ]

    @Test func answersAsKubeAPIServerDoes() async throws {
        // Managed fields are in order of their times, which are whole seconds, and the recorded writes fell
        // into one: a replay in which a second ends between two writes is played again.
        var output = ""
        for _ in 0..<3 {
            output = try await replay()
            if Self.failed(output) == Self.known { break }
        }
        #expect(Self.failed(output) == Self.known, "\(output)")
        #expect(output.contains("275 passed, 1 failed"))
    }

    private static func failed(_ output: String) -> Set<String> {
        Set(
            output.split(separator: "\n").filter { $0.hasPrefix("FAIL ") }.map { line in
                let text = line.dropFirst("FAIL ".count)
                return String(text.range(of: "  (").map { text[..<$0.lowerBound] } ?? text)
            })
    }

    /// What the replay says of a fresh server.
    private func replay() async throws -> String {
        let cluster = try await Cluster.start(["--in-memory", "--controllers", "none"])
        defer { cluster.stop() }
        let (certificate, key) = try cluster.credentials()
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let golden = tests.deletingLastPathComponent().appendingPathComponent("KubeServerTests/Golden")
        let files = ["discovery", "defaults", "tables", "patches", "apply", "lists", "validation"]
            .map { golden.appendingPathComponent($0 + ".json").path }
        return try cluster.tool(
            "python",
            [
                tests.appendingPathComponent("Fixtures/golden-replay.py").path, "--server", cluster.address,
                "--cert", certificate, "--key", key, "--compare",
            ] + files)
    }
}
