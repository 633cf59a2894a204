import Foundation
import Testing

extension RealPodsTests {
    /// What upstream's conformance tests ask of volumes.
    @Test func volumesAreAsOnUpstreamsNodes() throws {
        let cluster = try Containers()
        defer { cluster.removeAll() }
        try cluster.start()
        try cluster.importImages()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/volume-lives.py").path
        let local = cluster.directory.appendingPathComponent("local")
        try FileManager.default.createDirectory(at: local, withIntermediateDirectories: true)
        let outcome = try run(cluster.tool("python"), [script, cluster.kubeconfig, local.path])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)\(cluster.said)")
    }
}
