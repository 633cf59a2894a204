import KubeAPI
import KubeAuth
import KubeJSON
import KubeRegistry
import KubeStore
import Synchronization

@testable import KubeControllers

/// A registry in memory with scripted time and randomness, and the controllers on it.
final class World: Sendable {
    let registry: Registry
    let loop: ControllerLoop
    private let clock: Clock

    private final class Clock: Sendable {
        let seconds = Mutex<Int64>(1_700_000_000)
        let random: Mutex<UInt64>
        init(seed: UInt64) { random = Mutex(seed) }
        /// SplitMix64.
        func next() -> UInt64 {
            random.withLock { state in
                state &+= 0x9E37_79B9_7F4A_7C15
                var value = state
                value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
                value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
                return value ^ (value >> 31)
            }
        }
    }

    init(
        seed: UInt64 = 1, controllers: [any Controller] = Controllers.all(rootCertificate: "PEM")
    ) throws {
        let clock = Clock(seed: seed)
        self.clock = clock
        registry = Registry(
            store: try Store(),
            environment: RegistryEnvironment(
                now: { (clock.seconds.withLock { $0 }, 0) }, random: { clock.next() }),
            allocators: ServiceAllocators(range: try ServiceRange("10.96.0.0/12")),
            authorizer: { _ in .allow(nil) }, policy: { RBACPolicy() })
        loop = try ControllerLoop(controllers, registry: registry, stopwatch: { 0 })
        try create("v1", "namespaces", ["metadata": ["name": "default"]], in: "")
        settle()
    }

    var now: Timestamp { Timestamp(seconds: clock.seconds.withLock { $0 }) }

    func advance(_ seconds: Int64) { clock.seconds.withLock { $0 += seconds } }

    /// Runs what is due, and the retries of the next second.
    @discardableResult
    func settle() -> [ControllerEngine.Trace] {
        var traces: [ControllerEngine.Trace] = []
        loop.pump(now: now, limit: 10_000) { traces.append($0) }
        advance(1)
        loop.pump(now: now, limit: 10_000) { traces.append($0) }
        return traces
    }

    func request(
        _ apiVersion: String, _ plural: String, _ namespace: String, _ name: String = ""
    ) throws -> RegistryRequest {
        let parts = apiVersion.split(separator: "/")
        let group = parts.count > 1 ? String(parts[0]) : ""
        guard
            let resource = registry.resources.resource(
                group: group, version: String(parts[parts.count - 1]), plural: plural)
        else { throw ControllerError("no resource \(plural)") }
        return RegistryRequest(
            resource: resource, namespace: namespace, name: name,
            user: UserInfo(name: "admin", groups: [Group.masters]), manager: "test")
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
