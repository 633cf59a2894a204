import KubeAPI
import KubeJSON

/// Nodes whose pods run as containers of this machine. Several of them may share it: each has the capacity that
/// it was registered with.
public struct ContainerNode: NodeKind {
    /// On a Node: its pods run as containers where its agent is.
    public static let annotation = "containers.aegis.dev/node"

    /// What of it changes while it runs.
    public struct Readings: Sendable {
        /// As in `nodeInfo.containerRuntimeVersion`, such as `containerd://1.6.20`.
        public var runtimeVersion: @Sendable () -> String
        /// Why no pod can be run now; nil when one can.
        public var problem: @Sendable () -> String?
        public var images: @Sendable () -> [(names: [String], size: Int64)]
        /// Why a pod must end for its node's sake.
        public var eviction: @Sendable (_ uid: String) -> String?

        public init(
            runtimeVersion: @escaping @Sendable () -> String,
            problem: @escaping @Sendable () -> String? = { nil },
            images: @escaping @Sendable () -> [(names: [String], size: Int64)] = { [] },
            eviction: @escaping @Sendable (_ uid: String) -> String? = { _ in nil }
        ) {
            self.runtimeVersion = runtimeVersion
            self.problem = problem
            self.images = images
            self.eviction = eviction
        }
    }

    public let name = "container-nodes"
    public let alias = "containernode"
    public let awaitsPodCIDR = true
    private let machine: MachineFacts
    private let readings: Readings

    public init(_ machine: MachineFacts, _ readings: Readings) {
        self.machine = machine
        self.readings = readings
    }

    public static func isMarked(_ node: JSON) -> Bool {
        node["metadata"]?["annotations"]?[annotation]?.string == "true"
    }

    public func owns(_ node: JSON) -> Bool { Self.isMarked(node) }
    public func eviction(of uid: String) -> String? { readings.eviction(uid) }
    public func isSilent(_ node: JSON) -> Bool { false }

    public func object(_ template: NodeTemplate) -> JSON {
        var template = template
        template.annotations[Self.annotation] = "true"
        template.architecture = machine.architecture
        template.address = machine.address
        return template.object
    }

    public func report(of node: JSON) -> NodeReport {
        // As many as upstream's kubelet lists.
        let images = readings.images().sorted {
            $0.size != $1.size ? $0.size > $1.size : ($0.names.first ?? "") < ($1.names.first ?? "")
        }.prefix(50)
        return NodeReport(
            nodeInfo: [
                "machineID": .string(machine.machineID), "systemUUID": .string(machine.systemUUID),
                "bootID": .string(machine.bootID), "kernelVersion": .string(machine.kernelVersion),
                "osImage": .string(machine.osImage),
                "containerRuntimeVersion": .string(readings.runtimeVersion()),
                "kubeletVersion": .string(NodeTemplate.kubeletVersion), "kubeProxyVersion": "",
                "operatingSystem": "linux", "architecture": .string(machine.architecture),
            ],
            images: images.map { image in
                ["names": .array(image.names.map { .string($0) }), "sizeBytes": .integer(image.size)]
            },
            problem: readings.problem())
    }
}
