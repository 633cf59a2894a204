import KubeAPI
import KubeJSON

/// Whether the server of an APIService can be there at all, by the objects that say where it is, and where it
/// is (kube-aggregator's pkg/controllers/status/remote, k8s.io/apiserver/pkg/util/proxy). Pure.
enum AvailabilityRules {
    /// What the condition `Available` says.
    struct Finding: Equatable {
        var status: String
        var reason: String
        var message: String

        static let passed = Finding(status: "True", reason: "Passed", message: "all checks passed")

        static func failed(_ message: String) -> Finding {
            Finding(status: "False", reason: "FailedDiscoveryCheck", message: message)
        }
    }

    /// - Returns: nil where the server itself has to be asked.
    static func finding(
        _ reference: APIServiceSummary.Reference, service: JSON?, slices: [JSON]
    ) -> Finding? {
        let place = "service/\(reference.name) in \"\(reference.namespace)\""
        func missing(_ reason: String, _ message: String) -> Finding {
            Finding(status: "False", reason: reason, message: message)
        }
        guard let service else { return missing("ServiceNotFound", "\(place) is not present") }
        guard service["spec"]?["type"]?.string == "ClusterIP" else { return nil }
        guard let port = port(reference, of: service) else {
            return missing("ServicePortError", "\(place) is not listening on port \(reference.port)")
        }
        let name = port["name"]?.string ?? ""
        if slices.isEmpty {
            return missing("EndpointsNotFound", "cannot find endpointslices for \(place)")
        }
        let hasAny = slices.contains { slice in
            (slice["endpoints"]?.array ?? []).contains(where: isReady)
                && self.port(named: name, of: slice) != nil
        }
        if hasAny { return nil }
        return missing(
            "MissingEndpoints", "endpointslices for \(place) have no addresses with port name \"\(name)\"")
    }

    private static func port(_ reference: APIServiceSummary.Reference, of service: JSON) -> JSON? {
        service["spec"]?["ports"]?.array?.first { $0["port"]?.int == reference.port }
    }

    private static func port(named name: String, of slice: JSON) -> Int? {
        slice["ports"]?.array?.first { ($0["name"]?.string ?? "") == name && $0["port"]?.int != nil }?[
            "port"]?
            .int
    }

    private static func isReady(_ endpoint: JSON) -> Bool { endpoint["conditions"]?["ready"]?.bool ?? true }

    /// Where the server can be asked.
    static func places(
        _ reference: APIServiceSummary.Reference, service: JSON?, slices: [JSON]
    ) throws(FrontProxy.Failure) -> [ProxyLocation] {
        guard let service else {
            throw FrontProxy.Failure(description: "service \"\(reference.name)\" not found")
        }
        if service["spec"]?["type"]?.string == "ExternalName" {
            let host = service["spec"]?["externalName"]?.string ?? ""
            return [ProxyLocation(scheme: "https", host: host, port: reference.port)]
        }
        guard let port = port(reference, of: service) else {
            throw FrontProxy.Failure(
                description: "no service port \(reference.port) found for service \"\(reference.name)\"")
        }
        var places: [ProxyLocation] = []
        for slice in slices {
            guard let number = self.port(named: port["name"]?.string ?? "", of: slice) else { continue }
            for endpoint in slice["endpoints"]?.array ?? [] where isReady(endpoint) {
                guard let address = endpoint["addresses"]?[0]?.string else { continue }
                places.append(ProxyLocation(scheme: "https", host: address, port: number))
            }
        }
        if places.isEmpty {
            throw FrontProxy.Failure(
                description: "no endpoints available for service \"\(reference.name)\"")
        }
        return places
    }
}
