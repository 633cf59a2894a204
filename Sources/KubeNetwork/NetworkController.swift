import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Tells the network of a machine what changes in the cluster: what kube-proxy and the policy part of a network
/// plugin are told. It writes nothing.
public struct NetworkController: Controller {
    public let name = "network-controller"
    public let alias = "network"
    public let account = "kube-proxy"
    private static let policies = CollectionID(group: "networking.k8s.io", resource: "networkpolicies")
    private static let key = "machine"
    private let plane: NetworkPlane
    private let isOurs: @Sendable (JSON) -> Bool

    /// - Parameter owns: whether a Node has an address on this machine: only those are asked at their node ports.
    public init(_ plane: NetworkPlane, owns: @escaping @Sendable (_ node: JSON) -> Bool = { _ in true }) {
        self.plane = plane
        isOurs = owns
    }

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        let key = event.object.key
        let isGone = event.kind == .deleted
        switch event.collection {
        case .pods:
            if !isGone, let pod = event.pod, let before = event.previousPod, Self.isSame(pod, before) {
                return []
            }
            let pod = isGone ? nil : event.object.value
            plane.update { $0.setPod(key, pod) }
        case .services:
            let service = isGone ? nil : event.object.value
            plane.update { $0.setService(key, service) }
        case .endpointSlices:
            let slice = isGone ? nil : event.object.value
            plane.update { $0.setEndpointSlice(key, slice) }
        case .namespaces:
            let namespace = isGone ? nil : event.object.value
            plane.update { $0.setNamespace(key, namespace) }
        case .nodes:
            let node = isGone || !isOurs(event.object.value) ? nil : event.object.value
            plane.update { $0.setNode(key, node) }
        case Self.policies:
            let policy = isGone ? nil : event.object.value
            plane.update { $0.setPolicy(key, policy) }
        default: return []
        }
        return [Self.key]
    }

    /// Whether an event of a pod cannot matter, by what is known without reading the pod: most are a change of a
    /// condition. An address comes with the first readiness or phase, and stays.
    private static func isSame(_ pod: PodSummary, _ before: PodSummary) -> Bool {
        pod.uid == before.uid && pod.phase == before.phase && pod.phase == .running
            && pod.isReady == before.isReady && pod.restarts == before.restarts && pod.labels == before.labels
            && pod.nodeName == before.nodeName && pod.isReady
    }

    /// Every event that the store had is taken in before any key is looked at.
    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) -> Reconciliation {
        plane.flush()
        return .nothing
    }
}
