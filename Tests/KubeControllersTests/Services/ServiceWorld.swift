import KubeAPI
import KubeAuth
import KubeEngine
import KubeJSON
import KubeStore
import Testing

@testable import KubeControllers
@testable import KubeRegistry

/// A cluster with the loops of the API server, and a back door into its store.
struct ServiceWorld {
    let cluster: VirtualCluster

    init(seed: UInt64 = 1, more: [any Controller] = [ServiceCIDRController()]) throws {
        let server = ServerContext(
            trust: .none, serviceRange: try ServiceRange("10.96.0.0/12"),
            identity: ServerIdentity(hostname: "master-1", run: "run"),
            authentication: AuthenticationTrust(clientCA: "", frontProxyCA: ""))
        cluster = try VirtualCluster(
            seed: seed, controllers: Controllers.ofServer(server) + more)
        cluster.run(for: 1)
    }

    @discardableResult
    func service(
        _ name: String, ip: String? = nil, ports: [JSON] = [["port": 80]], type: String = "ClusterIP"
    ) throws -> JSON {
        var spec: JSON = ["type": .string(type), "ports": .array(ports)]
        if let ip { spec["clusterIP"] = .string(ip) }
        return try cluster.create("v1", "services", ["metadata": ["name": .string(name)], "spec": spec])
    }

    /// Stores a Service as nobody may through the API: what a broken or older server left.
    func smuggle(_ name: String, like service: JSON, _ change: (inout JSON) -> Void) throws {
        var copy = service
        copy.setMetadata("name", .string(name))
        copy.setMetadata("uid", .string("00000000-0000-4000-8000-00000000\(name.utf8.count)000"))
        change(&copy)
        _ = try cluster.registry.store.commit([
            .create(.services, key: "default/" + name, ObjectEncoder.encode(copy))
        ])
    }

    func range(_ name: String, _ block: String) throws {
        try cluster.create(
            "networking.k8s.io/v1", "servicecidrs",
            ["metadata": ["name": .string(name)], "spec": ["cidrs": [.string(block)]]], in: "")
    }

    func range(_ name: String) throws -> JSON? {
        try cluster.get("networking.k8s.io/v1", "servicecidrs", name)
    }

    func address(_ ip: String) throws -> JSON? {
        try cluster.get("networking.k8s.io/v1", "ipaddresses", ip)
    }

    func addresses() throws -> [JSON] { try cluster.list("networking.k8s.io/v1", "ipaddresses", in: nil) }

    /// Reason and message of each Event.
    func events() throws -> [String] {
        try cluster.list("v1", "events", in: nil).map {
            "\($0["reason"]?.string ?? ""): \(($0["message"] ?? $0["note"])?.string ?? "")"
        }
    }
}
