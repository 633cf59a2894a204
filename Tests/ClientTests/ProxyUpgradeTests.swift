import Foundation
import Testing

/// What goes through the API server's proxy after an upgrade.
@Suite(.clients)
struct ProxyUpgradeTests {
    /// A server that answers an upgrade, says something and leaves at once is heard to its end.
    @Test func nothingIsLostWhenTheServerLeavesAtOnce() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        // Nothing is proxied to 127.0.0.1: the machine's own address.
        let listed = try run("/usr/bin/hostname", ["-I"]).output
        let address = try #require(listed.split(whereSeparator: \.isWhitespace).first.map(String.init))
        try cluster.kubectl(
            "create", "-f", "-", input: #"{"apiVersion":"v1","kind":"Node","metadata":{"name":"near"}}"#)
        try cluster.kubectl(
            "patch", "node", "near", "--subresource=status", "--type=merge", "-p",
            #"{"status":{"addresses":[{"type":"InternalIP","address":"\#(address)"}]}}"#)
        let (certificate, key) = try cluster.credentials()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/upgrade.py").path
        let whole = try cluster.tool(
            "python", [script, "\(cluster.port)", certificate, key, "near", address])
        #expect(whole == "300\n")
    }
}
