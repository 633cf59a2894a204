import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore

/// Keeps the ServiceCIDR `kubernetes` with the block that the server was started with, as kube-apiserver
/// does itself (pkg/controlplane/controller/defaultservicecidr).
public struct DefaultServiceCIDRController: Controller {
    public let name = "kubernetes-service-cidr-controller"
    public let alias = "kubernetes-service-cidr"
    public let account = "kube-apiserver"
    public static let object = "kubernetes"
    private let blocks: [String]
    /// Said once, as long as it is so.
    private var reported = ""

    /// - Parameter range: the server's `--service-cluster-ip-range`.
    public init(range: ServiceRange) { blocks = [range.description] }

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        let isDefault = event.collection == ServiceAddresses.ranges && event.object.key == Self.object
        let isStart = event.collection == .namespaces && event.object.key == "kube-system"
        return isDefault || isStart ? [Self.object] : []
    }

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        guard let resource = view.resource(of: ServiceAddresses.ranges) else { return .nothing }
        guard let range = view.object(ServiceAddresses.ranges, key) else {
            var write = ControllerWrite(
                resource, namespace: "", name: key,
                .create([
                    "metadata": ["name": .string(key)],
                    "spec": ["cidrs": .array(blocks.map { .string($0) })],
                ]))
            write.existingIsDone = true
            return Reconciliation(writes: [write])
        }
        if range.deletionTimestamp != nil { return .nothing }
        let present = (range["spec"]?["cidrs"]?.array ?? []).compactMap(\.string)
        let ready = ServiceBlocks.ready(range)
        guard present == blocks else {
            let (there, wanted) = (present.joined(separator: " "), blocks.joined(separator: " "))
            return say(
                "KubernetesDefaultServiceCIDRInconsistent",
                "The default ServiceCIDR [\(there)] does not match the controller flag configurations "
                    + "[\(wanted)]", of: range)
        }
        switch ready?["status"]?.string {
        case "True":
            reported = ""
            return .nothing
        case "False":
            // Somebody else said so: it is not for this loop to say otherwise.
            return say(
                ready?["reason"]?.string ?? "",
                "Configuration matches, but " + (ready?["message"]?.string ?? ""), of: range)
        default:
            let condition = ServiceBlocks.condition("True", "Kubernetes default Service CIDR is ready", now)
            return Reconciliation(writes: [
                .updateStatus(resource, name: key, ServiceBlocks.setting(condition, range))
            ])
        }
    }

    private mutating func say(_ reason: String, _ message: String, of range: JSON) -> Reconciliation {
        if reported == reason { return .nothing }
        reported = reason
        return Reconciliation(events: [
            RecordedEvent(.warning, reason, message, of: range, component: name)
        ])
    }
}
