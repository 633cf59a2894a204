import KubeAPI
import KubeJSON
import KubePolicy

/// The pods and namespaces that the table of policy cases is about: as values, and of fixed addresses where network
/// namespaces stand for them.
public enum PolicyWorld {
    public struct Pod: Sendable {
        public var name: String
        public var namespace: String
        public var address: String
        public var labels: JSON
        /// Name, protocol, number.
        public var ports: [(String, String, Int)] = []
    }

    public static let pods: [Pod] = [
        Pod(
            name: "client", namespace: "default", address: "10.244.0.11",
            labels: ["app": "client", "role": "frontend"]),
        Pod(
            name: "web", namespace: "default", address: "10.244.0.12",
            labels: ["app": "web", "role": "server"],
            ports: [("http", "TCP", 8080), ("dns", "UDP", 5353)]),
        Pod(
            name: "api", namespace: "prod", address: "10.244.1.11",
            labels: ["app": "api", "tier": "backend"], ports: [("http", "TCP", 9090)]),
        Pod(
            name: "db", namespace: "prod", address: "10.244.1.12", labels: ["app": "db", "tier": "data"]),
        Pod(name: "tool", namespace: "dev", address: "10.244.2.11", labels: ["app": "client"]),
        // Its labels are those of another namespace's pod.
        Pod(
            name: "twin", namespace: "dev", address: "10.244.2.12",
            labels: ["app": "web", "role": "server"], ports: [("http", "TCP", 7000)]),
    ]
    public static let outside = "203.0.113.10"
    public static let namespaces: [JSON] = [
        ["metadata": ["name": "default"]],
        ["metadata": ["name": "prod", "labels": ["env": "prod", "team": "x"]]],
        ["metadata": ["name": "kube-system"]],
        ["metadata": ["name": "dev", "labels": ["env": "dev", "team": "x"]]],
    ]
    /// Where the machine answers the cluster's DNS.
    public static let resolver = "10.243.255.10"

    public static func evaluator(_ policies: [JSON]) -> NetworkPolicyEvaluator {
        NetworkPolicyEvaluator(
            policies: policies, namespaces: namespaces, pods: podObjects, resolver: IPAddress(resolver))
    }

    public static var podObjects: [JSON] {
        pods.map { pod in
            let ports = pod.ports.map { port -> JSON in
                [
                    "name": .string(port.0), "protocol": .string(port.1),
                    "containerPort": .integer(Int64(port.2)),
                ]
            }
            return [
                "metadata": [
                    "name": .string(pod.name), "namespace": .string(pod.namespace), "labels": pod.labels,
                ],
                "spec": ["containers": [["name": "main", "ports": .array(ports)]]],
                "status": [
                    "phase": "Running", "podIP": .string(pod.address),
                    "podIPs": [["ip": .string(pod.address)]],
                ],
            ]
        }
    }

    public static func party(_ name: String) -> NetworkParty? {
        switch name {
        case "outside": .address(outside)
        case "node": .node
        case "dns": .address(resolver)
        default: pods.first { $0.name == name }.map { .pod("\($0.namespace)/\($0.name)") }
        }
    }
}

/// Policies, and what they let through.
public struct PolicyCase: Sendable {
    public var name: String
    /// Namespace and `spec`, in YAML.
    public var policies: [(String, String)]
    /// `source>target:port+` is let through, `-` is not; `u` before the port for UDP.
    public var expected: String

    public init(_ name: String, _ policies: [(String, String)], _ expected: String) {
        self.name = name
        self.policies = policies
        self.expected = expected
    }

    /// - Parameter change: what is done to each policy's text first.
    public func objects(_ change: (String) -> String = { $0 }) throws -> [JSON] {
        try policies.enumerated().map { index, policy in
            let spec = try YAML.parse(change("{\(policy.1)}")).first?.value ?? .null
            return [
                "metadata": ["name": .string("p\(index)"), "namespace": .string(policy.0)], "spec": spec,
            ]
        }
    }

    public struct Question: Sendable {
        public var source: String
        public var target: String
        public var port: Int
        public var transport: TransportProtocol
        public var isAllowed: Bool
    }

    public var questions: [Question] {
        expected.split(separator: " ").compactMap { word in
            let parts = word.dropLast().split(whereSeparator: { $0 == ">" || $0 == ":" })
            guard parts.count == 3 else { return nil }
            let isUDP = parts[2].hasPrefix("u")
            guard let port = Int(isUDP ? parts[2].dropFirst() : parts[2]) else { return nil }
            return Question(
                source: String(parts[0]), target: String(parts[1]), port: port,
                transport: isUDP ? .udp : .tcp, isAllowed: word.hasSuffix("+"))
        }
    }
}
