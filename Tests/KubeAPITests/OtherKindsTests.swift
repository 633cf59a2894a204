import KubeJSON
import Testing

@testable import KubeAPI

/// EndpointSlices, Events and ResourceClaims at the edges of their rules.
@Suite struct OtherKindsTests {
    private static func words(_ errors: [FieldError]) -> [String] { errors.map(\.description) }

    @Test func addressesFitTheTypeOfTheirSlice() {
        let strategy = Strategies.strategy(for: GroupKind("discovery.k8s.io", "EndpointSlice"))
        func errors(_ type: String, _ addresses: JSON) -> [String] {
            Self.words(
                strategy.validate([
                    "addressType": .string(type), "endpoints": [["addresses": addresses]],
                ]))
        }
        #expect(errors("IPv4", ["10.0.0.1"]) == [])
        #expect(
            errors("IPv4", ["fd00::1", "127.0.0.1"]) == [
                #"endpoints[0].addresses[0]: Invalid value: "fd00::1": must be a valid IPv4 address"#,
                #"endpoints[0].addresses[1]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)"#,
            ])
        #expect(
            errors("FQDN", ["a"]) == [
                #"endpoints[0].addresses[0]: Invalid value: "a": should be a domain with at least two segments separated by dots"#
            ])
        let many = JSON.array(Array(repeating: ["addresses": ["10.0.0.1"]], count: 1_001))
        #expect(
            Self.words(strategy.validate(["addressType": "IPv4", "endpoints": many])) == [
                "endpoints: Too many: 1001: must have at most 1000 items"
            ])
    }

    @Test func eventsThatNameTheirTimeSayWhoReports() {
        let strategy = Strategies.strategy(for: GroupKind("", "Event"))
        var event: JSON = ["metadata": ["namespace": "a"], "involvedObject": ["namespace": "a"]]
        #expect(Self.words(strategy.validate(event)) == [])
        event["eventTime"] = "2026-01-02T03:04:05.000000Z"
        #expect(
            Self.words(strategy.validate(event)).prefix(2) == [
                "reportingComponent: Required value",
                "reportingComponent: Invalid value: \"\": name part must be non-empty",
            ])
        event["eventTime"] = nil
        event["metadata"] = ["namespace": "b"]
        #expect(
            Self.words(strategy.validate(event)) == [
                #"involvedObject.namespace: Invalid value: "a": does not match event.namespace"#
            ])
    }

    @Test func claimsKeepWhatTheyAskFor() {
        let strategy = Strategies.strategy(for: GroupKind("resource.k8s.io", "ResourceClaim"))
        let old: JSON = ["spec": ["devices": ["requests": [["name": "a"]]]], "status": ["allocation": [:]]]
        var new = old
        new["spec"] = [:]
        #expect(
            Self.words(strategy.validateUpdate(new, old)) == [
                "spec: Invalid value: {}: field is immutable"
            ])
        new = old
        new["status"] = ["reservedFor": [["resource": "pods", "name": "p"]]]
        #expect(
            Self.words(strategy.validateStatusUpdate(new, old)) == [
                "status.reservedFor[0].uid: Required value",
                "status.reservedFor: Forbidden: may not be specified when `allocated` is not set",
            ])
    }

    @Test func aClassWhoseParametersNameNoScopeMeansTheCluster() throws {
        let seed: JSON = [
            "apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": ["name": "c"],
            "spec": ["controller": "a.com/b", "parameters": ["kind": "K", "name": "n"]],
        ]
        let schema = try #require(
            Catalogue.builtin.schema(
                for: GroupVersionKind("networking.k8s.io", "v1", "IngressClass")))
        // Go writes the pointer out as null.
        var value = try ObjectDecoder.decode(seed, as: schema).0
        let strategy = Strategies.strategy(for: GroupKind("networking.k8s.io", "IngressClass"))
        strategy.setDefaults(&value)
        #expect(value.at("spec", "parameters", "scope") == "Cluster")
        #expect(Self.words(strategy.validate(value)) == [])
    }
}
