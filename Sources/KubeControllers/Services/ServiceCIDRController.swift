import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore

/// Says which ServiceCIDRs are ready, and keeps one that is deleted until no address of a Service would be
/// left without any (pkg/controller/servicecidrs).
public struct ServiceCIDRController: Controller {
    public let name = "service-cidr-controller"
    public let alias = "service-cidr"
    public let account = "service-cidrs-controller"
    static let finalizer = "networking.k8s.io/service-cidr-finalizer"
    /// Seconds after a deletion in which an address may yet be given from the block.
    private static let grace = 10.0
    private static let words =
        "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR"

    public init() {}

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case ServiceAddresses.ranges:
            // What comes or goes may cover what is to go.
            let waiting = event.kind == .modified ? [] : Self.waiting(view)
            return [event.object.key] + waiting.filter { $0 != event.object.key }
        case ServiceAddresses.addresses where event.kind != .modified: return Self.waiting(view)
        default: return []
        }
    }

    private static func waiting(_ view: ClusterView) -> [String] {
        view.objects(ServiceAddresses.ranges).filter { $0.value.deletionTimestamp != nil }.map(\.key)
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let range = view.object(ServiceAddresses.ranges, key),
            let resource = view.resource(of: ServiceAddresses.ranges)
        else { return .nothing }
        if let deleted = range.deletionTimestamp { return remove(range, deleted, resource, view, now) }
        var writes: [ControllerWrite] = []
        if !range.finalizers.contains(Self.finalizer) {
            writes.append(finalizers(range.finalizers + [Self.finalizer], of: range, resource))
        }
        let message = "Kubernetes Service CIDR is ready"
        let ready = ServiceBlocks.ready(range)
        if ready?["status"]?.string != "True" || ready?["message"]?.string != message {
            // The finalizer's write came before and has another version.
            var next = ServiceBlocks.setting(ServiceBlocks.condition("True", message, now), range)
            next.setMetadata("resourceVersion", nil)
            writes.append(.updateStatus(resource, name: key, next))
        }
        return Reconciliation(writes: writes)
    }

    private func remove(
        _ range: JSON, _ deleted: String, _ resource: ResourceInfo, _ view: ClusterView, _ now: Timestamp
    ) -> Reconciliation {
        guard range.finalizers.contains(Self.finalizer) else { return .nothing }
        guard mayGo(range, view) else {
            let ready = ServiceBlocks.ready(range)
            if ready?["status"]?.string == "False", ready?["message"]?.string == Self.words {
                return .nothing
            }
            let condition = ServiceBlocks.condition("False", reason: "Terminating", Self.words, now)
            return Reconciliation(writes: [
                .updateStatus(resource, name: range.name, ServiceBlocks.setting(condition, range))
            ])
        }
        let rest = Self.grace - (Timestamp(deleted).map { now.since($0) } ?? Self.grace)
        if rest > 0 { return Reconciliation(requeueAfter: rest) }
        return Reconciliation(writes: [
            finalizers(range.finalizers.filter { $0 != Self.finalizer }, of: range, resource)
        ])
    }

    private func finalizers(_ list: [String], of range: JSON, _ resource: ResourceInfo) -> ControllerWrite {
        ControllerWrite(
            resource, namespace: "", name: range.name,
            .patch([
                "metadata": [
                    "uid": .string(range.uid), "finalizers": .array(list.map { .string($0) }),
                ]
            ]))
    }

    /// Whether other ServiceCIDRs have every address that a Service has of this one.
    private func mayGo(_ range: JSON, _ view: ClusterView) -> Bool {
        let blocks = ServiceBlocks.blocks(range)
        let isCovered = blocks.allSatisfy { block in
            ServiceBlocks.covering(block, in: view).contains { $0 != range.name }
        }
        if isCovered { return true }
        return !view.objects(ServiceAddresses.addresses).contains { stored in
            guard let address = IPAddress(stored.key), blocks.contains(where: { $0.contains(address) }),
                stored.value.at("metadata", "labels", ServiceAddresses.managedByLabel)?.string
                    == ServiceAddresses.manager
            else { return false }
            return ServiceBlocks.holding(address, in: view) == [range.name]
        }
    }
}
