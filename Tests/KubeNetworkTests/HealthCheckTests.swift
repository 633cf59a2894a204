import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif
import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore
import Testing

@testable import KubeNetwork

@Suite struct HealthCheckTests {
    @Test(arguments: [
        ("LoadBalancer", "Local", 31_000, 31_000), ("LoadBalancer", "Cluster", 31_000, nil),
        ("NodePort", "Local", 31_000, nil), ("LoadBalancer", "Local", 0, nil),
    ])
    func onlyBalancersThatKeepTrafficOnItsNodeAreAsked(
        _ type: String, _ policy: String, _ port: Int, _ wanted: Int?
    ) {
        let service: JSON = [
            "spec": [
                "type": .string(type), "externalTrafficPolicy": .string(policy),
                "healthCheckNodePort": .integer(Int64(port)),
            ]
        ]
        #expect(HealthCheckController.port(of: service) == wanted)
    }

    private func ask(_ endpoint: DNSEndpoint) async throws -> (
        status: Int, headers: [AnyHashable: Any], body: JSON
    ) {
        let url = try #require(URL(string: "http://\(endpoint)/healthz"))
        let (data, response) = try await URLSession(configuration: .ephemeral).data(from: url)
        let answer = try #require(response as? HTTPURLResponse)
        return (answer.statusCode, answer.allHeaderFields, try JSONParser.parse(Array(data)))
    }

    @Test func eachNodeSaysWhatItHas() async throws {
        let ports = HealthCheckPorts(report: { _ in })
        // A loopback address that nobody else takes ports of.
        let local = try #require(
            IPAddress("127.77.\(Int.random(in: 1...250)).\(Int.random(in: 1...250))"))
        let endpoint = DNSEndpoint(local, port: 31_000)
        ports.set("shop", "web", [endpoint: 2])
        var answer: (status: Int, headers: [AnyHashable: Any], body: JSON)?
        for _ in 0..<600 where answer == nil {
            answer = try? await ask(endpoint)
            if answer == nil { try await Task.sleep(for: .milliseconds(50)) }
        }
        let found = try #require(answer)
        #expect(found.status == 200)
        #expect(found.headers["X-Load-Balancing-Endpoint-Weight"] as? String == "2")
        #expect(
            found.body == [
                "service": ["namespace": "shop", "name": "web"], "localEndpoints": 2,
                "serviceProxyHealthy": true,
            ])
        ports.set("shop", "web", [endpoint: 0])
        #expect(try await ask(endpoint).status == 503)
        ports.set("shop", "other", [:])
        #expect(try await ask(endpoint).status == 503)
        await ports.stop()
        await #expect(throws: (any Error).self) { try await ask(endpoint) }
    }
}
