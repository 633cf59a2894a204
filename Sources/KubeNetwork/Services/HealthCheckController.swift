import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Tells which endpoints the nodes have of the Services that have a `healthCheckNodePort`. It writes nothing.
public struct HealthCheckController: Controller {
    public let name = "health-check-controller"
    public let alias = "healthcheck"
    public let account = "kube-proxy"

    private let ports: HealthCheckPorts
    private let isOurs: @Sendable (JSON) -> Bool
    /// The addresses of our nodes, by name.
    private var nodes: [String: IPAddress] = [:]
    /// Services that have a port.
    private var followed: Set<String> = []

    /// - Parameter owns: whether a Node has an address on this machine.
    public init(_ ports: HealthCheckPorts, owns: @escaping @Sendable (_ node: JSON) -> Bool) {
        self.ports = ports
        isOurs = owns
    }

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        let key = event.object.key
        switch event.collection {
        case .services:
            let isFollowed = event.kind != .deleted && Self.port(of: event.object.value) != nil
            let wasFollowed =
                isFollowed ? !followed.insert(key).inserted : followed.remove(key) != nil
            return isFollowed || wasFollowed ? [key] : []
        case .endpointSlices:
            guard !followed.isEmpty else { return [] }
            let service = EndpointSliceRules(event.object.value).service
            return followed.contains(service) ? [service] : []
        case .nodes:
            let address = event.kind == .deleted ? nil : address(of: event.object.value)
            guard nodes[key] != address else { return [] }
            nodes[key] = address
            return followed.sorted(by: utf8Less)
        default: return []
        }
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) -> Reconciliation {
        let parts = key.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return .nothing }
        guard let port = view.object(.services, key).flatMap({ Self.port(of: $0) }) else {
            ports.set(parts[0], parts[1], [:])
            return .nothing
        }
        var ready: [String: Set<IPAddress>] = [:]
        for stored in view.objects(.endpointSlices, in: parts[0]) {
            let slice = EndpointSliceRules(stored.value)
            guard slice.service == key else { continue }
            for endpoint in slice.endpoints where endpoint.isReady {
                ready[endpoint.node, default: []].insert(endpoint.address)
            }
        }
        var checks: [DNSEndpoint: Int] = [:]
        for (node, address) in nodes {
            checks[DNSEndpoint(address, port: port)] = ready[node]?.count ?? 0
        }
        ports.set(parts[0], parts[1], checks)
        return .nothing
    }

    /// - Returns: nil for a Service that wants none.
    static func port(of service: JSON) -> Int? {
        let spec = service["spec"]
        guard spec?["type"]?.string == "LoadBalancer", spec?["externalTrafficPolicy"]?.string == "Local",
            let port = spec?["healthCheckNodePort"]?.int, port > 0
        else { return nil }
        return port
    }

    private func address(of node: JSON) -> IPAddress? {
        guard isOurs(node) else { return nil }
        let listed = node["status"]?["addresses"]?.array ?? []
        return listed.first { $0["type"]?.string == "InternalIP" }?["address"]?.string.flatMap {
            IPAddress($0)
        }
    }
}
