import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Keeps as many pods of a template as a ReplicaSet or a ReplicationController says
/// (pkg/controller/replicaset, pkg/controller/replication): the two are one controller under two names.
public struct ReplicaSetController: Controller {
    public let name: String
    public let alias: String
    public let account: String
    private let kind: String
    private let collection: CollectionID
    private let component: String
    /// Pods that are made or deleted at once at most.
    private static let burst = 500

    /// The controller of ReplicaSets.
    public init() {
        name = "replicaset-controller"
        alias = "replicaset"
        account = "replicaset-controller"
        kind = "ReplicaSet"
        collection = .replicaSets
        component = "replicaset-controller"
    }

    private init(
        name: String, alias: String, account: String, kind: String, collection: CollectionID,
        component: String
    ) {
        self.name = name
        self.alias = alias
        self.account = account
        self.kind = kind
        self.collection = collection
        self.component = component
    }

    /// The controller of ReplicationControllers.
    public static let ofReplicationControllers = ReplicaSetController(
        name: "replicationcontroller-controller", alias: "replicationcontroller",
        account: "replication-controller", kind: "ReplicationController",
        collection: .replicationControllers, component: "replication-controller")

    // MARK: Keys

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        if event.collection == collection { return event.kind == .deleted ? [] : [event.object.key] }
        guard event.collection == .pods, let pod = event.pod else { return [] }
        let before = event.previousPod
        var keys: [String] = []
        if let before, before.controllerUID != pod.controllerUID, before.controllerKind == kind,
            let name = before.controllerName
        {
            keys.append(pod.namespace + "/" + name)
        }
        if pod.controllerUID != nil {
            guard pod.controllerKind == kind, let name = pod.controllerName else { return keys }
            if event.kind != .modified || matters(from: before, to: pod) {
                keys.append(pod.namespace + "/" + name)
            }
            return keys
        }
        if event.kind == .deleted || !pod.isActive { return keys }
        if let before, before.controllerUID == nil, before.labels == pod.labels { return keys }
        for set in view.objects(collection, in: pod.namespace)
        where selector(of: set.value)?.matches(labels: pod.labels) == true {
            keys.append(set.key)
        }
        return keys
    }

    /// A pod's way from bound to running tells its set nothing.
    private func matters(from before: PodSummary?, to pod: PodSummary) -> Bool {
        guard let before else { return true }
        return before.controllerUID != pod.controllerUID || before.isReady != pod.isReady
            || before.readySince != pod.readySince || before.isFinished != pod.isFinished
            || before.isTerminating != pod.isTerminating || before.labels != pod.labels
    }

    private func selector(of set: JSON) -> LabelSelector? {
        let selector = set["spec"]?["selector"]
        if kind == "ReplicaSet" { return try? LabelSelector(object: selector) }
        guard let labels = selector?.object, !labels.isEmpty else { return nil }
        return try? LabelSelector(exactly: labels)
    }

    // MARK: Reconciliation

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let set = view.object(collection, key), let resource = view.resource(of: collection),
            let selector = selector(of: set)
        else { return .nothing }
        // Pods that ended or are going count no more, and are neither taken nor given.
        let claim = PodClaim(controller: set, selector: selector, view: view, considers: { $0.isActive })
        let changes = set.deletionTimestamp == nil ? manage(set, claim.pods, view, now: now) : []
        let counts = ReplicaCounts(of: set, claim.pods, selector: selector, view: view, now: now)
        let status = counts.status(
            of: set, kind: kind, failure: changes.isEmpty ? nil : Self.failure(view), now: now)

        var writes = claim.writes
        if let status {
            var changed = set
            changed["status"] = status
            // Before pods are made: what could not be done is known from the last time.
            var write = ControllerWrite.updateStatus(
                resource, namespace: set.namespace, name: set.name, changed)
            write.letsOthersGoOn = true
            writes.append(write)
        }
        writes += changes
        return Reconciliation(writes: writes, requeueAfter: counts.untilNextAvailable)
    }

    /// What making or deleting pods failed at last time; not that somebody else was faster.
    private static func failure(_ view: ClusterView) -> String? {
        guard let failure = view.lastFailure, !failure.hasPrefix("Operation cannot be fulfilled") else {
            return nil
        }
        return failure
    }

    private func manage(_ set: JSON, _ pods: [PodSummary], _ view: ClusterView, now: Timestamp)
        -> [ControllerWrite]
    {
        let missing = (set["spec"]?["replicas"]?.int ?? 1) - pods.count
        if missing > 0 {
            // Where a namespace is going, every pod would be refused.
            guard view.isActive(namespace: set.namespace), let template = set["spec"]?["template"] else {
                return []
            }
            let create = PodTemplates.create(PodTemplates.pod(from: template, controlledBy: set))
                .recording(
                    RecordedEvent(
                        .normal, "SuccessfulCreate", "Created pod: {name}", of: set, component: component),
                    orFailure: RecordedEvent(
                        .warning, "FailedCreate", "Error creating: {error}", of: set, component: component))
            return Array(repeating: create, count: min(missing, Self.burst))
        }
        if missing == 0 { return [] }
        let related = missing == -pods.count ? [] : related(to: set, view)
        return PodDeletionOrder.first(min(-missing, Self.burst), of: pods, related: related, now: now).map {
            var write = PodTemplates.delete($0)
                .recording(
                    RecordedEvent(
                        .normal, "SuccessfulDelete", "Deleted pod: \($0.name)", of: set, component: component
                    ),
                    orFailure: RecordedEvent(
                        .warning, "FailedDelete", "Error deleting: {error}", of: set, component: component))
            write.letsOthersGoOn = true
            return write
        }
    }

    /// The pods of all sets of the same owner: a set that nobody controls is not spread.
    private func related(to set: JSON, _ view: ClusterView) -> [PodSummary] {
        guard let owner = set.controllerUID else { return [] }
        var pods: [PodSummary] = []
        for locator in view.dependents(of: owner) where locator.collection == collection {
            guard let sibling = view.object(collection, locator.key), sibling.controllerUID == owner else {
                continue
            }
            pods += view.pods(ofController: sibling.uid)
        }
        return pods
    }
}

extension JSON {
    /// The uid of the owner that controls it.
    var controllerUID: String? {
        ownerReferences.first { $0["controller"]?.bool == true }?["uid"]?.string
    }
}
