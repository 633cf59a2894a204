import Foundation
import Testing

/// A quota counts what was there before it, refuses what exceeds it, and gives back what is deleted.
@Suite(.clients)
struct QuotaTests {
    @Test func countsRefusesAndGivesBack() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        try cluster.kubectl("create", "secret", "generic", "before", "--from-literal=a=b")
        try cluster.kubectl("create", "quota", "q", "--hard=count/secrets=2,pods=1")
        try cluster.kubectl(
            "wait", "quota/q", "--for=jsonpath={.status.used.count/secrets}=1", "--timeout=60s")
        try cluster.kubectl("create", "secret", "generic", "second", "--from-literal=a=b")
        #expect(
            try cluster.refusal("create", "secret", "generic", "third", "--from-literal=a=b").contains(
                "exceeded quota: q, requested: count/secrets=1, used: count/secrets=2, limited: count/secrets=2"
            ))
        try cluster.kubectl("delete", "secret", "before")
        try cluster.kubectl(
            "wait", "quota/q", "--for=jsonpath={.status.used.count/secrets}=1", "--timeout=60s")
        try cluster.kubectl("create", "secret", "generic", "third", "--from-literal=a=b")
    }
}
