import KubeAPI
import KubeJSON
import Testing

@testable import KubeServer

@Suite struct AvailabilityRulesTests {
    private static let reference = APIServiceSummary.Reference(namespace: "n", name: "s", port: 443)

    private func service(_ type: String = "ClusterIP", name: JSON? = "https", port: Int = 443) -> JSON {
        var entry: JSON = ["port": .integer(Int64(port))]
        entry["name"] = name
        return ["metadata": ["name": "s"], "spec": ["type": .string(type), "ports": [entry]]]
    }

    private func slice(_ endpoints: [(address: String, ready: Bool?)], name: JSON? = "https") -> JSON {
        var port: JSON = ["port": 6443]
        port["name"] = name
        let all = endpoints.map { endpoint -> JSON in
            var entry: JSON = ["addresses": [.string(endpoint.address)]]
            if let ready = endpoint.ready { entry["conditions"] = ["ready": .bool(ready)] }
            return entry
        }
        return ["ports": [port], "endpoints": .array(all)]
    }

    private func reason(_ service: JSON?, _ slices: [JSON]) -> String? {
        AvailabilityRules.finding(Self.reference, service: service, slices: slices)?.reason
    }

    @Test func whatObjectsTellIsNotAsked() {
        #expect(reason(nil, []) == "ServiceNotFound")
        #expect(reason(service(port: 80), []) == "ServicePortError")
        #expect(reason(service(), []) == "EndpointsNotFound")
        #expect(reason(service(), [slice([])]) == "MissingEndpoints")
        #expect(reason(service(), [slice([("10.0.0.1", false)])]) == "MissingEndpoints")
        #expect(reason(service(), [slice([("10.0.0.1", true)], name: "other")]) == "MissingEndpoints")
        #expect(reason(service(), [slice([("10.0.0.1", true)])]) == nil)
        // Nobody said that it is not ready; a port may have no name.
        #expect(reason(service(name: nil), [slice([("10.0.0.1", nil)], name: nil)]) == nil)
        // One endpoint of many slices is enough.
        #expect(reason(service(), [slice([]), slice([("10.0.0.1", true)])]) == nil)
        // Other types are asked whatever the objects say.
        #expect(reason(service("NodePort", port: 80), []) == nil)
        #expect(reason(service("ExternalName", port: 80), []) == nil)
        let missing = AvailabilityRules.finding(Self.reference, service: nil, slices: [])
        #expect(missing?.status == "False" && missing?.message == "service/s in \"n\" is not present")
    }

    @Test func placesAreTheReadyEndpoints() throws {
        func places(_ service: JSON?, _ slices: [JSON]) throws -> [String] {
            try AvailabilityRules.places(Self.reference, service: service, slices: slices).map(\.authority)
        }
        #expect(
            try places(
                service(), [slice([("10.0.0.1", true), ("10.0.0.2", false)]), slice([("10.0.0.3", nil)])])
                == ["10.0.0.1:6443", "10.0.0.3:6443"])
        var named = service("ExternalName")
        named.set("api.example.com", at: "spec", "externalName")
        #expect(try places(named, []) == ["api.example.com:443"])
        #expect(throws: FrontProxy.Failure.self) { try places(nil, []) }
        #expect(throws: FrontProxy.Failure.self) {
            try places(service(port: 1), [slice([("10.0.0.1", true)])])
        }
        #expect(throws: FrontProxy.Failure.self) { try places(service(), [slice([("10.0.0.1", false)])]) }
    }
}
