import KubeAPI
import KubeJSON

/// What tells nodes of one kind from those of another: simulated ones, and those whose pods really run.
public protocol NodeKind: Sendable {
    /// Of the controller, and its account.
    var name: String { get }
    var alias: String { get }
    /// Whether the pods of a node must wait until the cluster has given it their addresses.
    var awaitsPodCIDR: Bool { get }
    /// Whether a node is of this kind.
    func owns(_ node: JSON) -> Bool
    /// Whether the agent of a node says nothing, as that of a machine that lost its power.
    func isSilent(_ node: JSON) -> Bool
    /// The Node to be created.
    func object(_ template: NodeTemplate) -> JSON
    /// The node's own address; nil where any will do.
    /// - Parameter cidr: the addresses of its pods.
    func address(withPods cidr: String) -> String?
    /// What the agent says of the machine.
    func report(of node: JSON) -> NodeReport
    /// Why a pod must end for its node's sake; nil when it need not.
    func eviction(of uid: String) -> String?
}

extension NodeKind {
    public func eviction(of uid: String) -> String? { nil }
}

/// What the agent of a node says of the machine under it.
public struct NodeReport: Sendable {
    /// As in `status.nodeInfo`.
    public var nodeInfo: JSON
    /// As in `status.images`.
    public var images: [JSON]
    /// Why no pod can run there now; nil when all is well.
    public var problem: String?
    /// As in `status.features`; nil where the runtime does not say what it can do.
    public var features: JSON?

    public init(nodeInfo: JSON, images: [JSON] = [], problem: String? = nil, features: JSON? = nil) {
        self.nodeInfo = nodeInfo
        self.images = images
        self.problem = problem
        self.features = features
    }
}
