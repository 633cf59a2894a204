import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// The Service `kube-dns`, as which pods and people know the cluster's DNS, and the EndpointSlice by which it leads
/// to this process.
///
/// The Service has no selector: no pod answers. Somebody who runs a DNS of their own gives it one, and the
/// cluster's endpoints are withdrawn.
public struct ClusterDNSService: Sendable {
    public static let namespace = "kube-system"
    public static let name = "kube-dns"
    static let sliceName = "kube-dns-aegis"
    public static let metricsPort = 9153
    private static let labels: JSON = [
        "k8s-app": "kube-dns", "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS",
    ]

    /// Where pods ask.
    public let address: IPAddress
    /// Where this process answers.
    public let endpoint: IPAddress

    /// - Parameters:
    ///   - services: the range of Services; the tenth address is the DNS's.
    ///   - endpoint: an address of the machine.
    /// - Returns: nil when the range is too small.
    public init?(services: CIDR, endpoint: IPAddress) {
        guard services.address.isIPv4 else { return nil }
        var bytes = Array(services.network.bytes.suffix(4))
        guard let last = bytes.last, last <= 245 else { return nil }
        bytes[bytes.count - 1] = last + 10
        guard let address = IPAddress(bytes: bytes), services.contains(address) else { return nil }
        self.address = address
        self.endpoint = endpoint
    }

    private static func ports(_ number: String) -> JSON {
        let ports: [(String, Int, String)] = [
            ("dns", 53, "UDP"), ("dns-tcp", 53, "TCP"), ("metrics", metricsPort, "TCP"),
        ]
        return .array(
            ports.map { port in
                var object: JSON = ["name": .string(port.0), "protocol": .string(port.2)]
                object[number] = .integer(Int64(port.1))
                return object
            })
    }

    var service: JSON {
        [
            "metadata": [
                "name": .string(Self.name), "namespace": .string(Self.namespace), "labels": Self.labels,
                "annotations": [
                    "prometheus.io/port": .string(String(Self.metricsPort)), "prometheus.io/scrape": "true",
                ],
            ],
            "spec": ["clusterIP": .string(address.description), "ports": Self.ports("port")],
        ]
    }

    /// - Parameter service: the Service that is there.
    func slice(of service: JSON) -> JSON {
        [
            "metadata": [
                "name": .string(Self.sliceName), "namespace": .string(Self.namespace),
                "labels": [
                    "endpointslice.kubernetes.io/managed-by": "aegis.dev",
                    "kubernetes.io/service-name": .string(Self.name), "k8s-app": "kube-dns",
                ],
                "ownerReferences": [
                    [
                        "apiVersion": "v1", "kind": "Service", "name": .string(Self.name),
                        "uid": .string(service.uid), "controller": true, "blockOwnerDeletion": true,
                    ]
                ],
            ],
            "addressType": "IPv4",
            "endpoints": [
                [
                    "addresses": [.string(endpoint.description)],
                    "conditions": ["ready": true, "serving": true, "terminating": false],
                ]
            ],
            "ports": Self.ports("port"),
        ]
    }
}

/// Keeps the Service `kube-dns` and its endpoint there.
public struct ClusterDNSServiceController: Controller {
    public let name = "cluster-dns-controller"
    public let alias = "clusterdns"
    public let account = "coredns"
    private static let key = "\(ClusterDNSService.namespace)/\(ClusterDNSService.name)"
    private static let sliceKey = "\(ClusterDNSService.namespace)/\(ClusterDNSService.sliceName)"
    private let wanted: ClusterDNSService

    public init(_ wanted: ClusterDNSService) { self.wanted = wanted }

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        let isMeant =
            switch event.collection {
            case .namespaces: event.object.key == ClusterDNSService.namespace
            case .services: event.object.key == Self.key
            case .endpointSlices: event.object.key == Self.sliceKey
            default: false
            }
        return isMeant ? [Self.key] : []
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let services = view.resource(of: .services), let slices = view.resource(of: .endpointSlices),
            view.stored(.namespaces, ClusterDNSService.namespace) != nil
        else { return .nothing }
        guard let service = view.object(.services, key) else {
            return writes(
                ControllerWrite(
                    services, namespace: ClusterDNSService.namespace,
                    name: ClusterDNSService.name, .create(wanted.service)))
        }
        if service.deletionTimestamp != nil { return .nothing }
        let slice = view.object(.endpointSlices, Self.sliceKey)
        if let selector = service["spec"]?["selector"]?.object, !selector.isEmpty {
            guard let slice else { return .nothing }
            return writes(
                .delete(
                    (slices.group, slices.version, slices.plural), namespace: ClusterDNSService.namespace,
                    name: ClusterDNSService.sliceName, uid: slice.uid))
        }
        let target = wanted.slice(of: service)
        guard let slice else {
            return writes(
                ControllerWrite(
                    slices, namespace: ClusterDNSService.namespace,
                    name: ClusterDNSService.sliceName, .create(target)))
        }
        // One of a Service that is gone is deleted by the garbage collector, and made again then.
        let differs = ["endpoints", "ports"].filter { slice[$0] != target[$0] }
        guard slice.deletionTimestamp == nil, !differs.isEmpty else { return .nothing }
        var changed = slice
        for field in differs { changed[field] = target[field] }
        return writes(
            ControllerWrite(
                slices, namespace: ClusterDNSService.namespace,
                name: ClusterDNSService.sliceName, .update(changed)))
    }

    private func writes(_ write: ControllerWrite) -> Reconciliation {
        var write = write
        write.existingIsDone = true
        return Reconciliation(writes: [write])
    }
}
