import KubeAPI
import KubeEngine
import KubeAuth
import KubeJSON
import KubeRegistry
import KubeStore

@testable import KubeControllers

/// A cluster on virtual time, with the words that these tests are written in.
final class World: Sendable {
    let registry: Registry
    let loop: ControllerLoop
    private let cluster: VirtualCluster

    init(
        seed: UInt64 = 1, controllers: [any Controller] = Controllers.all(rootCertificate: "PEM")
    ) throws {
        cluster = try VirtualCluster(seed: seed, controllers: controllers)
        registry = cluster.registry
        loop = cluster.loop
        settle()
    }

    var now: Timestamp { cluster.now }

    func advance(_ seconds: Int64) { cluster.run(for: Double(seconds)) }

    /// Runs what is due, and the retries of the next second.
    @discardableResult
    func settle() -> [ControllerEngine.Trace] {
        var traces: [ControllerEngine.Trace] = []
        cluster.run(for: 1) { traces.append($0) }
        return traces
    }

    func request(
        _ apiVersion: String, _ plural: String, _ namespace: String, _ name: String = ""
    ) throws -> RegistryRequest {
        try cluster.request(apiVersion, plural, namespace, name)
    }

    @discardableResult
    func create(
        _ apiVersion: String, _ plural: String, _ object: JSON, in namespace: String = "default"
    ) throws -> JSON {
        var request = try request(apiVersion, plural, namespace)
        return try registry.create(&request, body: object).value
    }

    /// A ConfigMap with owners: the least that the collector cares for.
    @discardableResult
    func map(
        _ name: String, owners: [JSON] = [], finalizers: [String] = [], in namespace: String = "default"
    ) throws -> JSON {
        var metadata: JSON = ["name": .string(name)]
        if !owners.isEmpty { metadata["ownerReferences"] = .array(owners) }
        if !finalizers.isEmpty { metadata["finalizers"] = .array(finalizers.map { .string($0) }) }
        return try create("v1", "configmaps", ["metadata": metadata], in: namespace)
    }

    func reference(_ object: JSON, blocks: Bool = false) -> JSON {
        [
            "apiVersion": object["apiVersion"] ?? "", "kind": object["kind"] ?? "",
            "name": .string(object.name), "uid": .string(object.uid), "blockOwnerDeletion": .bool(blocks),
        ]
    }

    func absentReference(_ uid: String = "11111111-1111-4111-8111-111111111111") -> JSON {
        ["apiVersion": "v1", "kind": "ConfigMap", "name": "gone", "uid": .string(uid)]
    }

    func delete(
        _ plural: String, _ name: String, in namespace: String = "default", policy: String? = nil
    ) throws {
        var request = try request("v1", plural, namespace, name)
        var options = DeleteOptions()
        options.propagationPolicy = policy
        _ = try registry.delete(&request, options)
    }

    func patch(
        _ plural: String, _ name: String, _ patch: JSON, in namespace: String = "default"
    ) throws {
        var request = try request("v1", plural, namespace, name)
        _ = try registry.patch(&request, .merge(patch))
    }

    func get(_ plural: String, _ name: String, in namespace: String = "default") -> JSON? {
        registry.lookup("", plural, namespace.isEmpty ? name : "\(namespace)/\(name)")
    }

    func has(_ name: String, in namespace: String = "default") -> Bool {
        get("configmaps", name, in: namespace) != nil
    }
}
