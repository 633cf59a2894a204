import Foundation
import Testing

/// Lives of objects as upstream's conformance tests script them, in Python.
@Suite(.clients, .serialized)
struct ConformanceTests {
    @Test func objectsOfManyKindsLive() async throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/conformance.py").path
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        #expect(try cluster.tool("python", [script, cluster.kubeconfig]).hasSuffix("kinds lived\n"))
    }
}
