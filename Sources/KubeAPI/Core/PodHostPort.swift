import KubeJSON

/// A port of the node that a pod takes for one of its containers.
public struct PodHostPort: Sendable, Hashable {
    /// An address of the node; `0.0.0.0` stands for all.
    public let address: String
    /// `TCP`, `UDP` or `SCTP`.
    public let network: String
    public let port: Int

    public init(address: String, network: String, port: Int) {
        self.address = address
        self.network = network
        self.port = port
    }

    /// Whether one pod with this port and one with the other cannot be on the same node.
    public func conflicts(with other: PodHostPort) -> Bool {
        guard port == other.port, network == other.network else { return false }
        return address == other.address || address == "0.0.0.0" || other.address == "0.0.0.0"
    }

    /// The ports that a pod holds while it runs: those of its containers and of its sidecars.
    public static func all(of spec: JSON?) -> [PodHostPort] {
        var ports: [PodHostPort] = []
        func read(_ container: JSON) {
            for port in container["ports"]?.array ?? [] {
                guard let number = port["hostPort"]?.int, number > 0 else { continue }
                let address = port["hostIP"]?.string ?? ""
                ports.append(
                    PodHostPort(
                        address: address.isEmpty ? "0.0.0.0" : address,
                        network: port["protocol"]?.string ?? "TCP", port: number))
            }
        }
        for container in spec?["containers"]?.array ?? [] { read(container) }
        for container in spec?["initContainers"]?.array ?? []
        where container["restartPolicy"]?.string == "Always" {
            read(container)
        }
        return ports
    }
}
