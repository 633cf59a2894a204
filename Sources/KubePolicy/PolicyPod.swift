import KubeAPI
import KubeJSON

/// What network rules ask of a pod.
public struct PolicyPod: Sendable, Equatable {
    /// `namespace/name`.
    public var key: String
    public var namespace: String
    public var labels: JSONObject
    /// Those that the pod has now; none before its sandbox is there.
    public var addresses: [IPAddress]
    /// It shares its node's network: no policy isolates it and no pod selector of a peer means it.
    public var usesHostNetwork: Bool
    /// It has ended: its address may be another pod's by now.
    public var isFinished: Bool
    public var node: String
    /// Of its node.
    public var hostAddress: IPAddress?
    public var namedPorts: [NamedPort]
    public var hostPorts: [HostPort]

    public init(
        namespace: String, name: String, labels: JSONObject, addresses: [IPAddress] = [],
        usesHostNetwork: Bool = false, isFinished: Bool = false, node: String = "",
        hostAddress: IPAddress? = nil, namedPorts: [NamedPort] = [], hostPorts: [HostPort] = []
    ) {
        key = "\(namespace)/\(name)"
        self.namespace = namespace
        self.labels = labels
        self.addresses = addresses
        self.usesHostNetwork = usesHostNetwork
        self.isFinished = isFinished
        self.node = node
        self.hostAddress = hostAddress
        self.namedPorts = namedPorts
        self.hostPorts = hostPorts
    }

    public init(_ pod: JSON) {
        let spec = pod["spec"]
        let status = pod["status"]
        var addresses = (status?["podIPs"]?.array ?? [])
            .compactMap { $0["ip"]?.string.flatMap { IPAddress($0) } }
        if addresses.isEmpty, let address = status?["podIP"]?.string.flatMap({ IPAddress($0) }) {
            addresses = [address]
        }
        let phase = status?["phase"]?.string
        self.init(
            namespace: pod.namespace, name: pod.name, labels: pod["metadata"]?["labels"]?.object ?? [:],
            addresses: addresses, usesHostNetwork: spec?["hostNetwork"]?.bool ?? false,
            isFinished: phase == "Succeeded" || phase == "Failed",
            node: spec?["nodeName"]?.string ?? "",
            hostAddress: status?["hostIP"]?.string.flatMap { IPAddress($0) })
        // Of init containers only sidecars serve while the pod does.
        let sidecars = (spec?["initContainers"]?.array ?? []).filter {
            $0["restartPolicy"]?.string == "Always"
        }
        for container in (spec?["containers"]?.array ?? []) + sidecars {
            for port in container["ports"]?.array ?? [] {
                guard let number = port["containerPort"]?.int, (1...65_535).contains(number),
                    let transport = TransportProtocol(defaulting: port["protocol"])
                else { continue }
                if let name = port["name"]?.string, !name.isEmpty {
                    namedPorts.append(NamedPort(name: name, transport: transport, port: number))
                }
                if let hostPort = port["hostPort"]?.int, (1...65_535).contains(hostPort) {
                    let address = port["hostIP"]?.string.flatMap { IPAddress($0) }
                    hostPorts.append(
                        HostPort(
                            address: address?.isUnspecified == true ? nil : address, transport: transport,
                            port: hostPort, containerPort: number))
                }
            }
        }
    }

    /// The cluster's DNS as policies see it: what upstream's CoreDNS pods would be, though here it is no pod of the
    /// API. What it is asked is subject to policies like anything else between pods; what it asks others is not.
    /// - Parameter address: the endpoint of the Service `kube-dns`.
    public static func clusterDNS(at address: IPAddress) -> PolicyPod {
        PolicyPod(
            // No pod can have this name.
            namespace: "kube-system", name: "(dns)", labels: ["k8s-app": "kube-dns"], addresses: [address],
            namedPorts: [
                NamedPort(name: "dns", transport: .udp, port: 53),
                NamedPort(name: "dns-tcp", transport: .tcp, port: 53),
                NamedPort(name: "metrics", transport: .tcp, port: 9153),
            ])
    }

    /// Whether policies apply to it: as one that is isolated, and as a peer that selectors mean.
    public var isSubject: Bool { !usesHostNetwork && !isFinished }
}

public struct NamedPort: Sendable, Hashable {
    public var name: String
    public var transport: TransportProtocol
    public var port: Int

    public init(name: String, transport: TransportProtocol, port: Int) {
        self.name = name
        self.transport = transport
        self.port = port
    }
}

/// A port of the node that leads to one of the pod.
public struct HostPort: Sendable, Hashable {
    /// Nil for every address of the node.
    public var address: IPAddress?
    public var transport: TransportProtocol
    public var port: Int
    public var containerPort: Int

    public init(address: IPAddress?, transport: TransportProtocol, port: Int, containerPort: Int) {
        self.address = address
        self.transport = transport
        self.port = port
        self.containerPort = containerPort
    }
}
