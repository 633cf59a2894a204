import Foundation
import Testing

/// Helm 4, the Python client, and the platform's specification.
@Suite(.clients, .serialized)
struct OtherClientsTests {
    private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    @Test func helmInstallsUpgradesRollsBackAndRemoves() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        func helm(_ arguments: String...) throws -> String {
            try cluster.tool("helm", ["--kubeconfig", cluster.kubeconfig] + arguments)
        }
        func replicas() throws -> String {
            try cluster.kubectl("get", "deployment", "rel-web", "-o", "jsonpath={.spec.replicas}")
        }
        let chart = fixtures.appendingPathComponent("chart").path
        #expect(try helm("install", "rel", chart).contains("STATUS: deployed"))
        #expect(try replicas() == "2")
        _ = try helm("upgrade", "rel", chart, "--set", "replicas=3")
        #expect(try replicas() == "3")
        _ = try helm("rollback", "rel", "1")
        #expect(try replicas() == "2")
        #expect(try helm("history", "rel").contains("Rollback to 1"))
        _ = try helm("uninstall", "rel")
        #expect(try cluster.kubectl("get", "deployments", "-o", "name").isEmpty)
    }

    /// Helm waits with the list-and-watch machinery of Go's client library, on every kind of the chart.
    @Test func helmWaitsUntilEverythingRuns() throws {
        let platform = try Platform([fixtures.appendingPathComponent("shop.yaml").path])
        defer { _ = platform.stop() }
        try platform.wait(for: "everything is ready")
        func helm(_ line: String) throws -> String {
            let arguments =
                ["--kubeconfig", platform.kubeconfig] + line.split(separator: " ").map(String.init)
            let outcome = try run(platform.programs.tools + "/helm", arguments)
            if outcome.status != 0 { throw Failed(description: outcome.output + outcome.errors) }
            return outcome.output
        }
        let chart = fixtures.appendingPathComponent("chart").path
        #expect(try helm("install rel \(chart) --wait --timeout 60s").contains("STATUS: deployed"))
        #expect(
            try platform.kubectl("get deploy rel-web -o jsonpath={.status.readyReplicas}") == "2")
        #expect(
            try helm("upgrade rel \(chart) --set replicas=4 --wait --timeout 60s").contains("deployed"))
        #expect(
            try platform.kubectl("get deploy rel-web -o jsonpath={.status.readyReplicas}") == "4")
        _ = try helm("uninstall rel --wait --timeout 60s")
        #expect(try platform.kubectl("get deploy -o name").isEmpty)
    }

    @Test func pythonClientListsWatchesAndPatches() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        try cluster.tool("python", [fixtures.appendingPathComponent("client.py").path, cluster.kubeconfig])
    }

    @Test func everyObjectOfTheSpecificationIsTaken() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let spec = fixtures.appendingPathComponent("platform-spec.yaml").path
        let first = try cluster.kubectl("apply", "-f", spec).split(separator: "\n")
        #expect(first.count == 12)
        #expect(first.allSatisfy { $0.hasSuffix(" created") })
        let second = try cluster.kubectl("apply", "-f", spec).split(separator: "\n")
        // kubectl sends a StatefulSet's claim templates again because the server names their kind: with
        // kube-apiserver too. It changes nothing, as the diff shows.
        let changed = second.filter { !$0.hasSuffix(" unchanged") }
        #expect(changed == ["statefulset.apps/postgres configured"])
        #expect(try cluster.kubectl("diff", "-f", spec).isEmpty)
        #expect(
            try cluster.kubectl(
                "get", "hpa", "-n", "aegis-production", "-o",
                "jsonpath={.items[0].spec.minReplicas} {.items[0].spec.maxReplicas}") == "3 20")
    }
}
