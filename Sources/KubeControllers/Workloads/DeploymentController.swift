import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Rolls the template of a Deployment out to its pods, by ReplicaSets of one template each
/// (pkg/controller/deployment).
public struct DeploymentController: Controller {
    public let name = "deployment-controller"
    public let alias = "deployment"
    public let account = "deployment-controller"
    /// The ReplicaSets that nobody controls, by namespace: the few that may be adopted.
    private var orphans: [String: Set<String>] = [:]

    public init() {}

    // MARK: Keys

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .deployments: return event.kind == .deleted ? [] : [event.object.key]
        case .replicaSets: return keys(forSet: event, in: view)
        case .pods where event.kind == .deleted: return keys(forGone: event, in: view)
        default: return []
        }
    }

    private mutating func keys(forSet event: ObjectEvent, in view: ClusterView) -> [String] {
        let set = event.object.value
        let namespace = event.object.namespace
        let owner = Self.controller(of: set)
        let before = event.previous.flatMap { Self.controller(of: $0.value) }
        var keys: [String] = []
        if let before, before != owner { keys.append(contentsOf: Self.key(before, namespace)) }
        let isOrphan = owner == nil && event.kind != .deleted
        if isOrphan {
            orphans[namespace, default: []].insert(event.object.key)
        } else if orphans[namespace]?.remove(event.object.key) != nil, orphans[namespace]?.isEmpty == true {
            orphans.removeValue(forKey: namespace)
        }
        if let owner { return keys + Self.key(owner, namespace) }
        if !isOrphan { return keys }
        let labels = set.at("metadata", "labels")?.object
        if let previous = event.previous, before == nil,
            previous.value.at("metadata", "labels")?.object == labels
        {
            return keys
        }
        for deployment in view.objects(.deployments, in: namespace)
        where Self.selector(of: deployment.value)?.matches(labels: labels) == true {
            keys.append(deployment.key)
        }
        return keys
    }

    /// Recreating waits for the last of the old pods to go.
    private func keys(forGone event: ObjectEvent, in view: ClusterView) -> [String] {
        guard let pod = event.pod, pod.controllerKind == "ReplicaSet", let name = pod.controllerName,
            let set = view.object(.replicaSets, pod.namespace + "/" + name), set.uid == pod.controllerUID,
            let owner = Self.controller(of: set), let key = Self.key(owner, pod.namespace).first,
            view.object(.deployments, key)?.at("spec", "strategy", "type") == "Recreate"
        else { return [] }
        return [key]
    }

    private static func controller(of object: JSON) -> JSON? {
        object.ownerReferences.first { $0["controller"]?.bool == true }
    }

    private static func key(_ owner: JSON, _ namespace: String) -> [String] {
        guard owner["kind"]?.string == "Deployment", let name = owner["name"]?.string else { return [] }
        return [namespace + "/" + name]
    }

    private static func selector(of deployment: JSON) -> LabelSelector? {
        try? LabelSelector(object: deployment["spec"]?["selector"])
    }

    // MARK: Reconciliation

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let deployment = view.object(.deployments, key), let selector = Self.selector(of: deployment)
        else { return .nothing }
        if selector.isEverything { return Self.refuse(deployment) }
        let claim = claim(deployment, selector, view)
        var rollout = Rollout(deployment, sets: claim.sets, now: now)
        rollout.writes = claim.writes
        if deployment.deletionTimestamp != nil {
            rollout.syncRevision()
            rollout.updateCounts()
            return Self.done(rollout)
        }
        rollout.updatePausing()
        if rollout.isPaused {
            rollout.syncRevision()
            rollout.scaleInProportion()
            rollout.cleanUp()
            rollout.updateCounts()
            return Self.done(rollout)
        }
        rollout.syncRevision()
        if rollout.isScaling {
            rollout.scaleInProportion()
            rollout.updateCounts()
            return Self.done(rollout)
        }
        return roll(&rollout, view)
    }

    private func roll(_ rollout: inout Rollout, _ view: ClusterView) -> Reconciliation {
        if !rollout.strategy.isRolling {
            if rollout.scaleDownAllOld() || hasOldPods(rollout, view) {
                let wait = rollout.updateProgress()
                return Self.done(rollout, wait)
            }
        }
        if rollout.new == nil {
            // Where a namespace is going, nothing can be made.
            guard view.isActive(namespace: rollout.deployment.namespace) else { return Self.done(rollout) }
            let namespace = rollout.deployment.namespace
            let failure = Self.failure(view)
            let creation = rollout.create(lastFailure: failure) {
                view.stored(.replicaSets, namespace + "/" + $0) != nil
            }
            if creation == .collision { return Self.done(rollout) }
            // After a failure the status says that; what comes of this try is seen when the set is there.
            if failure != nil { return Reconciliation(writes: rollout.writes) }
            rollout.noteCreated()
            let wait = rollout.updateProgress()
            return Self.done(rollout, wait)
        }
        if rollout.isMadeAfterAll { rollout.noteCreated() }
        var scaled = false
        if rollout.strategy.isRolling {
            scaled = rollout.roll()
        } else {
            scaled = rollout.scaleNew(to: rollout.strategy.replicas)
        }
        if rollout.wasComplete, !(scaled && rollout.strategy.isRolling) { rollout.cleanUp() }
        let wait = rollout.updateProgress()
        return Self.done(rollout, wait)
    }

    private static func done(_ rollout: Rollout, _ requeueAfter: Double? = nil) -> Reconciliation {
        var writes = rollout.writes
        if let write = rollout.statusWrite() { writes.append(write) }
        return Reconciliation(writes: writes, requeueAfter: requeueAfter)
    }

    /// What failed last time; not that somebody else was faster.
    private static func failure(_ view: ClusterView) -> String? {
        view.lastFailure.flatMap { $0.hasPrefix("Operation cannot be fulfilled") ? nil : $0 }
    }

    private func hasOldPods(_ rollout: Rollout, _ view: ClusterView) -> Bool {
        rollout.old.contains { set in
            set.count("replicas") > 0 || view.pods(ofController: set.uid).contains { !$0.isFinished }
        }
    }

    private static func refuse(_ deployment: JSON) -> Reconciliation {
        var rollout = Rollout(deployment, sets: [], now: Timestamp(seconds: 0))
        let event = rollout.event(
            "SelectingAll",
            "This deployment is selecting all pods. A non-empty selector is required.", .warning)
        let generation = deployment.at("metadata", "generation")?.int ?? 0
        if deployment.at("status", "observedGeneration")?.int ?? 0 < generation {
            rollout.deployment.set(.integer(Int64(generation)), at: "status", "observedGeneration")
        }
        var result = done(rollout)
        result.events = [event]
        return result
    }

    /// The sets of a Deployment: those that match its selector and have no controller are adopted, those of
    /// its own that match no longer are let go.
    private func claim(_ deployment: JSON, _ selector: LabelSelector, _ view: ClusterView)
        -> (sets: [RolloutSet], writes: [ControllerWrite])
    {
        let uid = deployment.uid
        let isGoing = deployment.deletionTimestamp != nil
        var sets: [RolloutSet] = []
        var writes: [ControllerWrite] = []
        for locator in view.dependents(of: uid) where locator.collection == .replicaSets {
            guard let set = view.object(.replicaSets, locator.key), set.controllerUID == uid else { continue }
            if selector.matches(set) {
                sets.append(RolloutSet(set))
            } else if !isGoing {
                writes.append(Self.own(set, set.ownerReferences.filter { $0["uid"]?.string != uid }))
            }
        }
        if isGoing { return (sets, writes) }
        for key in (orphans[deployment.namespace] ?? []).sorted(by: utf8Less) {
            guard let set = view.object(.replicaSets, key), set.controllerUID == nil,
                set.deletionTimestamp == nil, selector.matches(set)
            else { continue }
            writes.append(
                Self.own(set, set.ownerReferences + [PodTemplates.ownerReference(to: deployment)]))
            var adopted = RolloutSet(set)
            adopted.isWritten = true
            sets.append(adopted)
        }
        return (sets, writes)
    }

    private static func own(_ set: JSON, _ owners: [JSON]) -> ControllerWrite {
        ControllerWrite(
            group: "apps", version: "v1", plural: "replicasets", namespace: set.namespace, name: set.name,
            .patch([
                "metadata": [
                    "uid": .string(set.uid), "resourceVersion": .string(set.resourceVersion),
                    "ownerReferences": owners.isEmpty ? .null : .array(owners),
                ]
            ]))
    }
}
