import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Keeps `status` of quotas true: the limits that count, and what is used. Creating charges a quota as it
/// happens (admission); this gives back what is deleted or finished, and counts for a new quota what was there
/// before it (pkg/controller/resourcequota).
public struct ResourceQuotaController: Controller {
    public let name = "resourcequota-controller"
    public let alias = "resourcequota"
    public let account = "resourcequota-controller"
    private static let quotas = CollectionID(group: "", resource: "resourcequotas")
    private static let pods = CollectionID(group: "", resource: "pods")

    public init() {}

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        if event.collection == Self.quotas { return event.kind == .deleted ? [] : [event.object.key] }
        let namespace = event.object.namespace
        guard !namespace.isEmpty, event.kind == .deleted || Self.hasFinished(event) else { return [] }
        return view.objects(Self.quotas, in: namespace).map { namespace + "/" + $0.name }
    }

    /// A pod that has ended uses nothing any more.
    private static func hasFinished(_ event: ObjectEvent) -> Bool {
        guard event.collection == pods, event.kind == .modified else { return false }
        let phase = event.object.value["status"]?["phase"]
        return phase != event.previous?.value["status"]?["phase"]
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard var quota = view.object(Self.quotas, key) else { return .nothing }
        var countable = Set<GroupResource>()
        for resource in view.resources.resources where resource.isNamespaced {
            // Both groups of Events are one collection.
            if resource.group != "events.k8s.io" { countable.insert(resource.groupResource) }
        }
        let namespace = quota.namespace
        let status = QuotaRules.status(of: quota, resources: countable, now: now.seconds) { kind in
            view.objects(CollectionID(group: kind.group, resource: kind.resource), in: namespace).map(\.value)
        }
        if quota["status"] == status { return .nothing }
        quota["status"] = status
        return Reconciliation(writes: [
            ControllerWrite(
                group: "", version: "v1", plural: "resourcequotas", namespace: namespace, name: quota.name,
                subresource: "status", .update(quota))
        ])
    }
}
