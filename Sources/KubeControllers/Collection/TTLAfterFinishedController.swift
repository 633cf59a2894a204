import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Deletes Jobs `ttlSecondsAfterFinished` after they ended, with all that they own
/// (pkg/controller/ttlafterfinished). A key is a Job's `namespace/name`.
public struct TTLAfterFinishedController: Controller {
    public let name = "ttl-after-finished-controller"
    public let alias = "ttl-after-finished"
    public let account = "ttl-after-finished-controller"

    public init() {}

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        guard event.collection == .jobs, event.kind != .deleted, Self.due(event.object.value) != nil
        else { return [] }
        return [event.object.key]
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let job = view.object(.jobs, key), let due = Self.due(job) else { return .nothing }
        let left = due.since(now)
        if left > 0 { return Reconciliation(requeueAfter: left) }
        return Reconciliation(writes: [
            .delete(
                ("batch", "v1", "jobs"), namespace: job.namespace, name: job.name, uid: job.uid,
                propagation: "Foreground")
        ])
    }

    /// When a Job is to be deleted; nil for one that has not ended, stays, or goes already.
    private static func due(_ job: JSON) -> Timestamp? {
        guard let seconds = job["spec"]?["ttlSecondsAfterFinished"]?.int, job.deletionTimestamp == nil
        else { return nil }
        let end = job["status"]?["conditions"]?.array?.first { condition in
            let type = condition["type"]?.string
            return (type == "Complete" || type == "Failed") && condition["status"]?.string == "True"
        }
        guard let time = end?["lastTransitionTime"]?.string.flatMap({ Timestamp($0) }) else { return nil }
        return time.adding(Double(seconds))
    }
}
