import KubeAPI
import KubeAuth
import KubeJSON
import KubeStore
import Synchronization

@testable import KubeRegistry

/// Numbers that a seed repeats (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A registry on a store in memory, with a clock that stands still and chance that repeats.
final class TestCluster: Sendable {
    static let admin = UserInfo(name: "kubernetes-admin", groups: [Group.masters, Group.authenticated])

    let store: Store
    let registry: Registry
    private let watch: Watch

    /// - Parameter store: what an earlier server left.
    init(seed: UInt64 = 1, admission: AdmissionChain = .standard, store: Store? = nil) throws {
        let store = try store ?? Store()
        let policy = PolicyBox()
        let chance = Chance(seed)
        let registry = Registry(
            store: store,
            environment: RegistryEnvironment(now: { (1_700_000_000, 0) }, random: { chance.next() }),
            admission: admission, allocators: ServiceAllocators(range: try ServiceRange("10.96.0.0/16")),
            authorizer: { policy.value.authorize($0) }, policy: { policy.value })
        self.store = store
        self.registry = registry
        watch = try store.watch(nil, from: store.revision) { events in
            for event in events where event.collection.group == "rbac.authorization.k8s.io" {
                switch event.kind {
                case .added, .modified: policy.apply(.set(event.object.value))
                case .deleted:
                    policy.apply(
                        .remove(
                            kind: event.object.value["kind"]?.string ?? "", namespace: event.object.namespace,
                            name: event.object.name))
                }
            }
        }
    }

    private final class PolicyBox: Sendable {
        private let policy = Mutex(RBACPolicy())
        var value: RBACPolicy { policy.withLock { $0 } }
        func apply(_ change: RBACPolicy.Change) { policy.withLock { $0.apply(change) } }
    }

    private final class Chance: Sendable {
        private let generator: Mutex<SeededGenerator>
        init(_ seed: UInt64) { generator = Mutex(SeededGenerator(seed: seed)) }
        func next() -> UInt64 { generator.withLock { $0.next() } }
    }

    struct UnknownResource: Error { let name: String }

    /// - Parameter resource: `pods`, `deployments.apps`.
    func request(
        _ resource: String, in namespace: String = "", name: String = "", subresource: String = "",
        as user: UserInfo = TestCluster.admin
    ) throws -> RegistryRequest {
        let parts = resource.split(separator: ".", maxSplits: 1)
        let plural = String(parts[0])
        let group = parts.count > 1 ? String(parts[1]) : ""
        guard
            let found = registry.resources.resources.first(where: {
                $0.plural == plural && $0.group == group && $0.version == "v1"
            })
        else { throw UnknownResource(name: resource) }
        return RegistryRequest(
            resource: found, namespace: namespace, name: name, subresource: subresource, user: user,
            manager: "test")
    }

    private func body(_ object: JSON, _ request: RegistryRequest) -> JSON {
        var body = object
        body["kind"] = .string(request.resource.kind)
        body["apiVersion"] = .string(request.resource.apiVersion)
        return body
    }

    @discardableResult
    func create(
        _ resource: String, in namespace: String = "", _ object: JSON, as user: UserInfo = TestCluster.admin,
        dryRun: Bool = false
    ) throws -> (object: JSON, warnings: [String]) {
        var request = try request(resource, in: namespace, as: user)
        request.dryRun = dryRun
        let written = try registry.create(&request, body: body(object, request))
        return (written.value, request.warnings)
    }

    @discardableResult
    func merge(
        _ resource: String, in namespace: String = "", name: String, subresource: String = "", _ patch: JSON,
        as user: UserInfo = TestCluster.admin
    ) throws -> (object: JSON, warnings: [String]) {
        var request = try request(resource, in: namespace, name: name, subresource: subresource, as: user)
        let written = try registry.patch(&request, .merge(patch))
        return (written.value, request.warnings)
    }

    func delete(_ resource: String, in namespace: String = "", name: String) throws {
        var request = try request(resource, in: namespace, name: name)
        var options = DeleteOptions()
        options.gracePeriodSeconds = 0
        _ = try registry.delete(&request, options)
    }

    func get(_ resource: String, in namespace: String = "", name: String) throws -> JSON {
        try registry.get(try request(resource, in: namespace, name: name)).value
    }

    /// A namespace with the service account that pods need.
    func makeNamespace(_ name: String, labels: JSON = [:]) throws {
        try create("namespaces", ["metadata": ["name": .string(name), "labels": labels]])
        try create("serviceaccounts", in: name, ["metadata": ["name": "default"]])
    }

    /// The message of the refusal, or nil when nothing was refused.
    func refusal(_ body: () throws -> Void) -> APIStatus? {
        do {
            try body()
            return nil
        } catch let status as APIStatus {
            return status
        } catch {
            return APIStatus(code: 0, reason: "Unexpected", message: "\(error)")
        }
    }

    static func pod(_ name: String, resources: JSON? = nil, spec extra: JSON = [:]) -> JSON {
        var container: JSON = ["name": "c", "image": "i"]
        if let resources { container["resources"] = resources }
        var spec = extra
        if spec["containers"] == nil { spec["containers"] = [container] }
        return ["metadata": ["name": .string(name)], "spec": spec]
    }
}
