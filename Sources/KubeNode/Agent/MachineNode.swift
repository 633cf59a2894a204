import KubeAPI
import KubeJSON

/// What the machine under real nodes is; read once.
public struct MachineFacts: Sendable, Equatable {
    public var machineID: String
    public var bootID: String
    public var kernelVersion: String
    public var osImage: String
    /// `amd64`, `arm64`…
    public var architecture: String
    /// `containerd://1.6.20`.
    public var runtimeVersion: String

    public init(
        machineID: String, bootID: String, kernelVersion: String, osImage: String, architecture: String,
        runtimeVersion: String
    ) {
        self.machineID = machineID
        self.bootID = bootID
        self.kernelVersion = kernelVersion
        self.osImage = osImage
        self.architecture = architecture
        self.runtimeVersion = runtimeVersion
    }
}

/// A node whose pods are containers of this machine. Several share it; each has the capacity of its own
/// instance type.
public struct MachineNode: NodeKind {
    /// On a Node: its agent runs in this process and its pods are containers of this machine.
    public static let annotation = "aegis.dev/containers"

    public let name = "node-agents"
    public let alias = "nodeagent"
    public let awaitsPodCIDR = true

    private let facts: MachineFacts
    private let addresses: MachineAddresses
    private let images: @Sendable () -> [JSON]
    private let problem: @Sendable () -> String?
    private let evictions: @Sendable (_ uid: String) -> String?

    /// - Parameters:
    ///   - images: as in `status.images`.
    ///   - problem: why no container can be started now.
    ///   - evictions: why a pod must end for its node's sake.
    public init(
        _ facts: MachineFacts, addresses: MachineAddresses = MachineAddresses(),
        images: @escaping @Sendable () -> [JSON] = { [] },
        problem: @escaping @Sendable () -> String? = { nil },
        evictions: @escaping @Sendable (_ uid: String) -> String? = { _ in nil }
    ) {
        self.facts = facts
        self.addresses = addresses
        self.images = images
        self.problem = problem
        self.evictions = evictions
    }

    public func owns(_ node: JSON) -> Bool {
        node["metadata"]?["annotations"]?[Self.annotation]?.string == "true"
    }

    public func eviction(of uid: String) -> String? { evictions(uid) }
    public func isSilent(_ node: JSON) -> Bool { false }

    public func object(_ template: NodeTemplate) -> JSON {
        var template = template
        template.architecture = facts.architecture
        template.annotations[Self.annotation] = "true"
        return template.object
    }

    public func address(withPods cidr: String) -> String? { addresses.node(withPods: cidr) }

    public func report(of node: JSON) -> NodeReport {
        NodeReport(
            nodeInfo: [
                "machineID": .string(facts.machineID), "systemUUID": .string(facts.machineID),
                "bootID": .string(facts.bootID), "kernelVersion": .string(facts.kernelVersion),
                "osImage": .string(facts.osImage), "containerRuntimeVersion": .string(facts.runtimeVersion),
                "kubeletVersion": .string(NodeTemplate.kubeletVersion), "kubeProxyVersion": "",
                "operatingSystem": "linux", "architecture": .string(facts.architecture),
            ], images: images(), problem: problem())
    }
}

/// The addresses that a cluster has on its machine. All of them are the machine's own; none is seen outside.
public struct MachineAddresses: Sendable, Equatable {
    /// The second number of the pods' addresses; those of nodes and balancers are the next two below.
    private let second: Int

    /// - Parameter number: of the cluster among those of its machine, from 0: each has ranges of its own, the
    ///   first 10.242 to 10.244. There is room down to 10.0 for 81.
    public init(number: Int = 0) { second = 244 - 3 * min(max(number, 0), 80) }

    /// The addresses of pods, in blocks of a node each.
    public var pods: String { "10.\(second).0.0/16" }
    /// Those of nodes: each has the third number of its pods, and 1 at the end, or 2 where 1 is the API server's.
    public var nodes: String { "10.\(second - 1).0.0/16" }
    /// Where Services of type LoadBalancer are reached.
    public var balancers: String { "10.\(second - 2).0.0/24" }
    /// Where pods and nodes reach the API server.
    public var server: String { "10.\(second - 1).255.1" }
    /// Where they ask for names.
    public var resolver: String { "10.\(second - 1).255.10" }

    func node(withPods cidr: String) -> String? {
        let parts = cidr.split(separator: ".")
        guard parts.count == 4, parts[0] == "10", parts[1] == "\(second)" else { return nil }
        let first = "10.\(second - 1).\(parts[2]).1"
        return first == server ? "10.\(second - 1).\(parts[2]).2" : first
    }
}
