import KubeAPI
import KubeEngine
import KubeJSON

/// What a hollow node is and says of itself.
public struct HollowNode: NodeKind {
    /// On a Node: its agent is a hollow one.
    public static let annotation = "hollow.aegis.dev/node"
    /// On a Node, `true`: its agent has gone silent, as that of a machine that lost its power.
    public static let silent = "hollow.aegis.dev/silent"

    public let name = "hollow-nodes"
    public let alias = "hollownode"
    public let awaitsPodCIDR = false

    public init() {}

    public static func isHollow(_ node: JSON) -> Bool {
        node["metadata"]?["annotations"]?[annotation]?.string == "true"
    }

    public func owns(_ node: JSON) -> Bool { Self.isHollow(node) }

    public func isSilent(_ node: JSON) -> Bool {
        node["metadata"]?["annotations"]?[Self.silent]?.string == "true"
    }

    public func object(_ template: NodeTemplate) -> JSON {
        var template = template
        template.annotations[Self.annotation] = "true"
        return template.object
    }

    public func address(withPods cidr: String) -> String? { nil }

    public func report(of node: JSON) -> NodeReport {
        NodeReport(nodeInfo: Self.nodeInfo(node), features: ["supplementalGroupsPolicy": true])
    }

    private static func nodeInfo(_ node: JSON) -> JSON {
        let hash = SeededHash(0).with(node.name)
        func uuid(_ word: String) -> JSON {
            let digits = Array(hash.with(word).identifier.utf8)
            let cuts = [0, 8, 12, 16, 20, 32]
            let parts = zip(cuts, cuts.dropFirst()).map { String(decoding: digits[$0..<$1], as: UTF8.self) }
            return .string(parts.joined(separator: "-"))
        }
        let architecture = node["metadata"]?["labels"]?["kubernetes.io/arch"] ?? "amd64"
        return [
            "machineID": .string(String(hash.with("machine").identifier.prefix(32))),
            "systemUUID": uuid("system"), "bootID": uuid("boot"), "kernelVersion": "6.12.0-hollow",
            "osImage": "Aegis hollow node", "containerRuntimeVersion": "hollow://1.0.0",
            "kubeletVersion": .string(NodeTemplate.kubeletVersion), "kubeProxyVersion": "",
            "operatingSystem": "linux", "architecture": architecture,
        ]
    }
}

extension NodeAgents {
    /// The agents of all hollow nodes.
    /// - Parameters:
    ///   - model: how containers behave, where their pods' annotations say nothing.
    ///   - metrics: what pods use.
    public static func hollow(
        _ options: Options = Options(), model: HollowModel = .instant,
        metrics: HollowMetrics = HollowMetrics()
    ) -> NodeAgents {
        var options = options
        options.metrics = metrics
        return NodeAgents(
            HollowNode(), HollowRuntime(seed: options.seed, defaults: model), options)
    }
}
