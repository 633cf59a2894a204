import KubeAPI
import KubeAuth
import KubeJSON
import KubeStore
import Synchronization

/// The generic operations of a Kubernetes API server on its store: what upstream's endpoint handlers and
/// registry do between a decoded request and etcd. It knows no HTTP, so that the API server and the control
/// loops write through the same decoding, defaulting, admission, validation and managed fields.
public final class Registry: Sendable {
    public let store: Store
    public let environment: RegistryEnvironment
    private let catalogue: Mutex<(resources: ResourceCatalogue, generation: Int)>
    private let emptyObjects = Mutex<[GroupVersionKind: JSON]>([:])
    private let fieldManagers = Mutex<[FieldManagerKey: FieldManager]>([:])
    let podStamps = Mutex(PodStamps())
    /// Held while the names and the serving of CustomResourceDefinitions are settled.
    let definitions = Mutex<Void>(())
    let admission: AdmissionChain
    let aggregation = Mutex<Void>(())
    let validatingPolicies = PolicyCache(isMutating: false)
    let mutatingPolicies = PolicyCache(isMutating: true)
    let validatingHooks = AdmissionHooks(isMutating: false)
    let mutatingHooks = AdmissionHooks(isMutating: true)
    /// Whether the cluster has admission policies or webhooks at all: what is asked at each write.
    let hasOwnRules = Atomic<Bool>(false)
    private let ownRules = Mutex<Void>(())
    private let caller = Mutex<(any WebhookCaller)?>(nil)
    public let allocators: ServiceAllocators
    /// Answers RBAC questions for admission (escalation, owner references).
    public let authorizer: @Sendable (Attributes) -> Decision
    /// The roles and bindings as they stand, for the checks against escalation.
    public let policy: @Sendable () -> RBACPolicy

    public init(
        store: Store, catalogue: ResourceCatalogue = Catalogue.builtin.resources,
        environment: RegistryEnvironment = .system,
        admission: AdmissionChain = .standard, allocators: ServiceAllocators,
        authorizer: @escaping @Sendable (Attributes) -> Decision, policy: @escaping @Sendable () -> RBACPolicy
    ) {
        self.store = store
        self.catalogue = Mutex((catalogue, 0))
        self.environment = environment
        self.admission = admission
        self.allocators = allocators
        self.authorizer = authorizer
        self.policy = policy
        allocators.load(objects("", "services"))
        noteOwnRules()
        installDefinitions()
    }

    /// Who asks webhooks; nil where none are asked.
    public var webhookCaller: (any WebhookCaller)? {
        get { caller.withLock { $0 } }
        set { caller.withLock { $0 = newValue } }
    }

    /// Whether the cluster has admission policies or webhooks.
    public var hasRules: Bool { hasOwnRules.load(ordering: .relaxed) }

    /// Called after each change of a policy or a webhook's configuration.
    func noteOwnRules() {
        ownRules.withLock { _ in
            let isAny = Self.ownRules.contains { !store.snapshot($0).objects.isEmpty }
            hasOwnRules.store(isAny, ordering: .relaxed)
        }
    }

    /// The resources that are served now.
    public var resources: ResourceCatalogue { catalogue.withLock { $0.resources } }

    /// The same with a number that grows with each change, for what is derived from it and kept.
    public var served: (ResourceCatalogue, Int) { catalogue.withLock { ($0.resources, $0.generation) } }

    /// Changes the served resources (a CustomResourceDefinition came, changed or went).
    public func changeResources(_ change: (ResourceCatalogue) -> ResourceCatalogue) {
        catalogue.withLock { catalogue in
            catalogue.resources = change(catalogue.resources)
            catalogue.generation += 1
        }
        fieldManagers.withLock { $0 = [:] }
        emptyObjects.withLock { $0 = [:] }
    }

    // MARK: Reading

    /// Where objects of a resource are kept, and in which version.
    func storage(of resource: ResourceInfo) -> StorageLocation { StorageLocation(resource) }

    public func get(_ request: RegistryRequest) throws(APIStatus) -> StoredObject {
        let key = Self.key(request.resource, request.namespace, request.name)
        guard let object = store.get(storage(of: request.resource).collection, key: key) else {
            throw .notFound(request.groupResource, request.name)
        }
        return object
    }

    static func key(_ resource: ResourceInfo, _ namespace: String, _ name: String) -> String {
        resource.isNamespaced ? namespace + "/" + name : name
    }

    public func exists(_ request: RegistryRequest) -> Bool {
        store.get(storage(of: request.resource).collection, key: key(of: request)) != nil
    }

    public func strategy(for resource: ResourceInfo) -> Strategy {
        resource.custom?.strategy ?? Strategies.strategy(for: resource.groupKind)
    }

    /// What is written of a part of an object that holds nothing, such as `status: {"loadBalancer": {}}`.
    func emptyValue(of field: String, _ resource: ResourceInfo) -> JSON? {
        let kind = resource.groupVersionKind
        if let known = emptyObjects.withLock({ $0[kind] }) { return known[field] }
        let empty = (try? ObjectDecoder.decode([:], as: resource.schema).0) ?? [:]
        emptyObjects.withLock { $0[kind] = empty }
        return empty[field]
    }

    private struct FieldManagerKey: Hashable {
        let group: String
        let version: String
        let plural: String
        let subresource: String
    }

    /// The keeper of managed fields of a resource or subresource. Kept: making one walks the schema.
    func fieldManager(_ resource: ResourceInfo, _ subresource: String) -> FieldManager {
        let key = FieldManagerKey(
            group: resource.group, version: resource.version, plural: resource.plural,
            subresource: subresource)
        if let known = fieldManagers.withLock({ $0[key] }) { return known }
        let hasStatus = resource.subresources.contains { $0.name == "status" }
        let reset: [[String]] = !hasStatus ? [] : subresource == "status" ? [["spec"]] : [["status"]]
        let manager = FieldManager(
            schema: resource.schema, apiVersion: resource.apiVersion, kind: resource.kind,
            subresource: subresource, resetFields: FieldSet(fields: reset)
        ) { [self] object, apiVersion in
            // Another version of the same kind: the object converted, with that version's schema.
            guard
                let other = resources.resources.first(where: {
                    $0.kind == resource.kind && $0.apiVersion == apiVersion && $0.plural == resource.plural
                })
            else { return nil }
            if other.custom != nil {
                // A webhook that fails here fails the write itself, which asks it too.
                let shown = (try? shown([object], as: other))?.first
                return TypedValue(shown ?? object, other.schema)
            }
            return TypedValue(VersionConversion.convert(object, to: other.groupVersionKind), other.schema)
        }
        fieldManagers.withLock { $0[key] = manager }
        return manager
    }

    func timestamp() -> String { Timestamp(seconds: environment.now().seconds).rfc3339 }
}

/// Where a resource's objects live: several API versions of one kind share a collection, in the version
/// that upstream stores.
public struct StorageLocation: Sendable {
    public let collection: CollectionID
    public let group: String
    public let version: String
    /// The resource's own version is not the stored one: objects are converted on the way in and out.
    public let needsConversion: Bool

    public init(_ resource: ResourceInfo) {
        var group = resource.group
        var version = resource.version
        switch (resource.group, resource.plural) {
        case ("events.k8s.io", "events"): (group, version) = ("", "v1")
        case ("autoscaling", "horizontalpodautoscalers"): version = "v2"
        default: if let stored = resource.storageVersion { version = stored }
        }
        self.group = group
        self.version = version
        needsConversion =
            resource.custom?.changesOnRead ?? (group != resource.group || version != resource.version)
        collection = CollectionID(group: group, resource: resource.plural)
    }
}
