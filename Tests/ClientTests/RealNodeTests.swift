import Foundation
import Testing

extension RealPodsTests {
    /// What upstream's node conformance tests ask of a kubelet, as far as this machine's runtime can.
    @Test func podsLiveAsOnUpstreamsNodes() throws {
        let cluster = try Containers()
        defer { cluster.removeAll() }
        try cluster.start()
        try cluster.importImages()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/node-lives.py").path
        let outcome = try run(cluster.tool("python"), [script, cluster.kubeconfig])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)\(cluster.said)")
    }
}
