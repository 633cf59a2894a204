import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Keeps the pods of StatefulSets: each with a name, a place and claims of its own, made and taken down in
/// order (pkg/controller/statefulset). A key is a set's `namespace/name`.
public struct StatefulSetController: Controller {
    public let name = "statefulset-controller"
    public let alias = "statefulset"
    public let account = "statefulset-controller"
    private static let hashLabel = "controller.kubernetes.io/hash"

    public init() {}

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .statefulSets: return event.kind == .deleted ? [] : [event.object.key]
        case .pods:
            guard let pod = event.pod else { return [] }
            return Self.keys(ofPod: pod, event, view)
        case .persistentVolumeClaims:
            // A claim that is going keeps its pod from being made.
            guard event.kind == .deleted, !view.isEmpty(.statefulSets) else { return [] }
            return Self.keys(ofClaim: event.object, view)
        default: return []
        }
    }

    private static func keys(ofPod pod: PodSummary, _ event: ObjectEvent, _ view: ClusterView) -> [String] {
        var names: [String] = []
        if pod.controllerKind == "StatefulSet", let name = pod.controllerName { names.append(name) }
        if let before = event.previousPod, before.controllerUID != pod.controllerUID,
            before.controllerKind == "StatefulSet", let name = before.controllerName
        {
            names.append(name)
        }
        // One that the set may adopt, or that had taken a name of the set's.
        if pod.controllerUID == nil || event.kind == .deleted, !view.isEmpty(.statefulSets),
            let parent = StatefulIdentity.parse(pod.name)?.parent, names.first.map({ $0 != parent }) ?? true
        {
            names.append(String(parent))
        }
        return names.compactMap { name in
            let key = pod.namespace + "/" + name
            return view.stored(.statefulSets, key) == nil ? nil : key
        }
    }

    /// `template-set-ordinal`, where both names may have dashes.
    private static func keys(ofClaim claim: StoredObject, _ view: ClusterView) -> [String] {
        guard let parent = StatefulIdentity.parse(claim.name)?.parent else { return [] }
        return parent.indices.compactMap { index in
            guard parent[index] == "-" else { return nil }
            let key = claim.namespace + "/" + parent[parent.index(after: index)...]
            return view.stored(.statefulSets, key) == nil ? nil : key
        }
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let set = view.object(.statefulSets, key), let resource = view.resource(of: .statefulSets)
        else { return .nothing }
        let selector = try LabelSelector(object: set.at("spec", "selector"))
        let spec = StatefulSetSpec(set)
        let claim = PodClaim(controller: set, selector: selector, view: view) { pod in
            StatefulIdentity.parse(pod.name).map { $0.parent == spec.name } ?? false
        }
        let kept = RevisionClaim(owner: set, selector: selector, view: view, releases: false)
        guard let history = Self.history(set, kept.revisions, view) else { return .nothing }

        var outcome = Reconciliation(writes: kept.writes + claim.writes + history.writes)
        outcome.writes += Self.truncation(spec, kept.revisions, history, claim.pods)
        var plan = StatefulSetPlan(
            spec: spec, claims: StatefulSetClaims(spec: spec, view: view), pods: claim.pods,
            current: history.current, update: history.update, view: view, now: now)
        if set.deletionTimestamp == nil { plan.make() }
        let status = plan.status(collisions: history.collisions)
        if Self.differs(set["status"], status) {
            var changed = set
            changed["status"] = status
            outcome.writes.append(
                .updateStatus(resource, namespace: spec.namespace, name: spec.name, changed))
        }
        // What the pods are is said even if what they are to be is refused.
        outcome.writes += plan.writes
        outcome.events = plan.events
        outcome.requeueAfter = plan.untilAvailable
        return outcome
    }

    // MARK: Revisions

    private struct History {
        var current: JSON
        var update: JSON
        var collisions: Int64
        var writes: [ControllerWrite] = []
    }

    /// The revision that the pods come from and the one that they go to: an earlier one with the same
    /// template becomes the newest again.
    private static func history(_ set: JSON, _ revisions: [JSON], _ view: ClusterView) -> History? {
        let data = ControllerRevisions.data(of: set.at("spec", "template") ?? [:])
        var collisions = set.at("status", "collisionCount")?.integer ?? 0
        let number = (revisions.last.map(ControllerRevisions.number) ?? 0) + 1
        var writes: [ControllerWrite] = []
        var update: JSON
        if let equal = revisions.last(where: { $0["data"] == data }) {
            update = equal
            if equal.uid != revisions.last?.uid {
                writes.append(ControllerRevisions.renumber(equal, to: number))
                update["revision"] = .integer(number)
            }
        } else {
            if set.deletionTimestamp != nil { return nil }
            while true {
                let hash = ControllerRevisions.hash(data, collisions: collisions)
                let name = ControllerRevisions.name(set.name, hash: hash)
                update = ControllerRevisions.revision(
                    of: set, name: name, data: data, number: number, hashLabel: hashLabel, hash: hash)
                guard let taken = view.object(.controllerRevisions, set.namespace + "/" + name) else {
                    writes.append(ControllerRevisions.create(update))
                    break
                }
                if taken["data"] == data {
                    update = taken
                    break
                }
                collisions += 1
            }
        }
        let currentName = set.at("status", "currentRevision")?.string
        let current = revisions.first { $0.name == currentName } ?? update
        return History(current: current, update: update, collisions: collisions, writes: writes)
    }

    /// Deletes the oldest revisions that nothing needs, down to `revisionHistoryLimit`.
    private static func truncation(
        _ spec: StatefulSetSpec, _ revisions: [JSON], _ history: History, _ pods: [PodSummary]
    ) -> [ControllerWrite] {
        guard spec.historyLimit >= 0, revisions.count > spec.historyLimit else { return [] }
        var live: Set<String> = [history.current.name, history.update.name]
        for pod in pods { live.insert(StatefulIdentity.revision(pod)) }
        let idle = revisions.filter { !live.contains($0.name) }
        return idle.prefix(max(0, idle.count - spec.historyLimit)).map(ControllerRevisions.delete)
    }

    /// As upstream compares them: a count of collisions alone is not worth a write.
    private static func differs(_ old: JSON?, _ new: JSON) -> Bool {
        if (new["observedGeneration"]?.integer ?? 0) > (old?["observedGeneration"]?.integer ?? 0) {
            return true
        }
        for count in [
            "replicas", "currentReplicas", "readyReplicas", "updatedReplicas", "availableReplicas",
        ] where (old?[count]?.integer ?? 0) != (new[count]?.integer ?? 0) { return true }
        for name in ["currentRevision", "updateRevision"]
        where (old?[name]?.string ?? "") != (new[name]?.string ?? "") { return true }
        return false
    }
}
