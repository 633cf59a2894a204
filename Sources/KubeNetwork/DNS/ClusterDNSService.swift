import KubeAPI

/// The Service `kube-dns`, as which pods and people know the cluster's DNS, and the EndpointSlice by which it leads
/// to this process.
///
/// The Service has no selector: no pod answers. Somebody who runs a DNS of their own gives it one, and the
/// cluster's endpoints are withdrawn (`LocalService`).
public struct ClusterDNSService: Sendable {
    public static let namespace = "kube-system"
    public static let name = "kube-dns"
    public static let metricsPort = 9153
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

    public var local: LocalService {
        LocalService(
            namespace: Self.namespace, name: Self.name,
            labels: [
                "k8s-app": "kube-dns", "kubernetes.io/cluster-service": "true",
                "kubernetes.io/name": "CoreDNS",
            ],
            annotations: [
                "prometheus.io/port": .string(String(Self.metricsPort)), "prometheus.io/scrape": "true",
            ],
            clusterIP: address.description, endpoint: endpoint,
            ports: [
                .init("dns", 53, .udp), .init("dns-tcp", 53, .tcp), .init("metrics", Self.metricsPort, .tcp),
            ])
    }
}

extension LocalServiceController {
    /// Keeps the Service `kube-dns` and its endpoint there.
    public init(_ wanted: ClusterDNSService) {
        self.init(wanted.local, name: "cluster-dns-controller", alias: "clusterdns", account: "coredns")
    }
}
