import KubeClient
import KubeJSON
import Logging
import NIOConcurrencyHelpers

/// A copy of the namespace's Deployments, ReplicaSets and pods, kept current by watches: reading it costs the
/// API server nothing. It may be some milliseconds behind.
public final class ClusterMirror: Sendable {
    struct Collection {
        var objects: [String: JSON] = [:]
        /// Names by the uid of what controls them.
        var controlled: [String: Set<String>] = [:]
        var isSynced = false
        var failure: ClientError?

        mutating func insert(_ object: JSON) {
            guard let name = object.at("metadata", "name")?.string else { return }
            remove(name)
            objects[name] = object
            if let uid = WorkloadObservation.controller(of: object) {
                controlled[uid, default: []].insert(name)
            }
        }

        mutating func remove(_ name: String) {
            guard let old = objects.removeValue(forKey: name) else { return }
            guard let uid = WorkloadObservation.controller(of: old) else { return }
            controlled[uid]?.remove(name)
            if controlled[uid]?.isEmpty == true { controlled[uid] = nil }
        }

        func controlled(by uid: String) -> [JSON] {
            (controlled[uid] ?? []).sorted(by: utf8Less).compactMap { objects[$0] }
        }
    }

    enum Kind: CaseIterable {
        case deployments, replicaSets, pods

        var resource: Resource {
            switch self {
            case .deployments: .deployments
            case .replicaSets: .replicaSets
            case .pods: .pods
            }
        }
    }

    private struct State {
        var deployments = Collection()
        var replicaSets = Collection()
        var pods = Collection()

        subscript(kind: Kind) -> Collection {
            get {
                switch kind {
                case .deployments: deployments
                case .replicaSets: replicaSets
                case .pods: pods
                }
            }
            _modify {
                switch kind {
                case .deployments: yield &deployments
                case .replicaSets: yield &replicaSets
                case .pods: yield &pods
                }
            }
        }
    }

    public let client: KubeClient
    private let logger: Logger
    private let state = NIOLockedValueBox(State())

    public init(_ client: KubeClient, logger: Logger) {
        self.client = client
        self.logger = logger
    }

    /// Follows all three until the task is cancelled; `changed` is told the name of a Deployment that may look
    /// different now, or nil when all may.
    func run(changed: @escaping @Sendable (String?) async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for kind in Kind.allCases {
                group.addTask { await self.follow(kind, changed) }
            }
        }
    }

    private func follow(_ kind: Kind, _ changed: @Sendable (String?) async -> Void) async {
        while !Task.isCancelled { try? await followOnce(kind, changed) }
    }

    private func followOnce(_ kind: Kind, _ changed: @Sendable (String?) async -> Void) async throws {
        try await client.follow(kind.resource) { change in
            var concerned: [String] = []
            switch change {
            case .replaced(let items):
                state.withLockedValue { state in
                    state[kind] = Collection()
                    state[kind].isSynced = true
                    for item in items { state[kind].insert(Self.slim(item)) }
                }
                await changed(nil)
            case .added(let object), .modified(let object):
                let slim = Self.slim(object)
                concerned = state.withLockedValue { state in
                    state[kind].failure = nil
                    state[kind].insert(slim)
                    return Self.workloads(of: slim, kind, state)
                }
            case .deleted(let object):
                concerned = state.withLockedValue { state in
                    state[kind].failure = nil
                    let names = Self.workloads(of: object, kind, state)
                    state[kind].remove(object.at("metadata", "name")?.string ?? "")
                    return names
                }
            case .bookmark: state.withLockedValue { $0[kind].failure = nil }
            case .disconnected(let error):
                let isFirst = state.withLockedValue { state in
                    defer { state[kind].failure = error }
                    return state[kind].failure == nil
                }
                if isFirst {
                    logger.warning(
                        "the Kubernetes API cannot be followed",
                        metadata: ["resource": "\(kind.resource.name)", "error": "\(error)"])
                }
            }
            for name in concerned { await changed(name) }
        }
    }

    private static func slim(_ object: JSON) -> JSON {
        var object = object
        object.set(nil, at: "metadata", "managedFields")
        return object
    }

    private static func workloads(of object: JSON, _ kind: Kind, _ state: State) -> [String] {
        switch kind {
        case .deployments: return [object.at("metadata", "name")?.string ?? ""]
        case .replicaSets: return [owner(of: object)].compactMap { $0 }
        case .pods:
            guard let set = owner(of: object), let replicaSet = state.replicaSets.objects[set] else {
                return []
            }
            return [owner(of: replicaSet)].compactMap { $0 }
        }
    }

    private static func owner(of object: JSON) -> String? {
        object.at("metadata", "ownerReferences")?.array?.first { $0["controller"]?.bool == true }?["name"]?
            .string
    }

    // MARK: Reading

    /// Why the cluster cannot be followed; nil when it can.
    var trouble: String? {
        state.withLockedValue { state in
            for kind in Kind.allCases {
                if let failure = state[kind].failure { return "\(kind.resource.name): \(failure)" }
                if !state[kind].isSynced { return "\(kind.resource.name) have not been read yet" }
            }
            return nil
        }
    }

    func deployments() -> [JSON] {
        state.withLockedValue { state in
            state.deployments.objects.keys.sorted(by: utf8Less).compactMap { state.deployments.objects[$0] }
        }
    }

    func deployment(_ name: String) -> JSON? { state.withLockedValue { $0.deployments.objects[name] } }

    /// A Deployment with its ReplicaSets and their pods.
    func family(of name: String) -> (deployment: JSON, replicaSets: [JSON], pods: [JSON])? {
        state.withLockedValue { state in
            guard let deployment = state.deployments.objects[name],
                let uid = deployment.at("metadata", "uid")?.string
            else { return nil }
            let sets = state.replicaSets.controlled(by: uid)
            let pods = sets.flatMap { state.pods.controlled(by: $0.at("metadata", "uid")?.string ?? "") }
            return (deployment, sets, pods)
        }
    }

    func observation(of name: String) -> WorkloadObservation? {
        guard let family = family(of: name) else { return nil }
        return WorkloadObservation(
            deployment: family.deployment, replicaSets: family.replicaSets, pods: family.pods)
    }
}
