import KubeAPI
import KubePolicy
import Testing

@testable import KubeNetwork

@Suite struct MachineRoutesTests {
    @Test func routesToPodsThatAreNoMoreAreFound() throws {
        let routes = """
            default via 192.0.2.1 dev eth0
            10.96.0.0/12 dev lo scope link
            10.244.0.0/24 dev other proto kernel scope link
            10.244.0.2 dev vetha scope host
            10.244.2.2 dev vethb scope host
            10.245.0.2 dev vethc scope host
            """
        let range = try #require(CIDR("10.244.0.0/16"))
        #expect(MachineRoutes.stale(routes, in: range, but: ["10.244.0.2"]) == ["10.244.2.2"])
        #expect(MachineRoutes.stale(routes, in: range, but: []) == ["10.244.0.2", "10.244.2.2"])
        #expect(MachineRoutes.stale("", in: range, but: []).isEmpty)
    }
}
