import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry

@testable import KubeControllers

/// A cluster with the controllers of nodes; kubelets and scheduler are done by hand.
final class NodeWorld: Sendable {
    let cluster: VirtualCluster

    init(
        seed: UInt64 = 1,
        controllers: [any Controller] = [
            NodeLifecycleController(), TaintEvictionController(), NodeIPAMController(),
        ]
    ) throws {
        cluster = try VirtualCluster(seed: seed, controllers: [ServiceAccountController()] + controllers)
        cluster.run(for: 1)
    }

    var now: Timestamp { cluster.now }
    func run(_ seconds: Double) { cluster.run(for: seconds) }

    // MARK: Nodes

    func node(_ name: String, ready: String? = "True", zone: String? = nil) throws {
        var labels: JSON = ["kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"]
        if let zone { labels["topology.kubernetes.io/zone"] = .string(zone) }
        try cluster.create("v1", "nodes", ["metadata": ["name": .string(name), "labels": labels]], in: "")
        try cluster.create(
            "coordination.k8s.io/v1", "leases",
            [
                "metadata": ["name": .string(name)],
                "spec": ["holderIdentity": .string(name), "renewTime": .string(now.rfc3339Micro)],
            ], in: "kube-node-lease")
        if let ready { try report(name, ready: ready) }
    }

    /// What a kubelet says of its node.
    func report(_ name: String, ready: String, _ more: [(String, String)] = []) throws {
        let time: JSON = .string(now.rfc3339)
        let conditions: [JSON] = ([("Ready", ready)] + more).map { type, status in
            [
                "type": .string(type), "status": .string(status), "reason": "KubeletSaysSo",
                "lastHeartbeatTime": time, "lastTransitionTime": time,
            ]
        }
        try cluster.patch(
            "v1", "nodes", name, ["status": ["conditions": .array(conditions)]], in: "",
            subresource: "status")
    }

    func renew(_ names: [String]) throws {
        for name in names {
            try cluster.patch(
                "coordination.k8s.io/v1", "leases", name,
                ["spec": ["renewTime": .string(now.rfc3339Micro)]], in: "kube-node-lease")
        }
    }

    /// Lets time pass in which only some nodes renew their leases, every ten seconds.
    func run(_ seconds: Double, renewing names: [String]) throws {
        var left = seconds
        while left > 0 {
            try renew(names)
            run(min(10, left))
            left -= 10
        }
    }

    func get(_ node: String) throws -> JSON { try cluster.get("v1", "nodes", node) ?? .null }

    func condition(_ type: String, of node: String) throws -> JSON? {
        NodeConditions.condition(type, of: try get(node))
    }

    /// `key:effect` of each taint, without the part before the slash.
    func taints(_ node: String) throws -> [String] {
        (try get(node)["spec"]?["taints"]?.array ?? []).map { taint in
            let key = taint["key"]?.string?.split(separator: "/").last.map(String.init) ?? ""
            return "\(key):\(taint["effect"]?.string ?? "")"
        }
    }

    // MARK: Pods

    func pod(_ name: String, on node: String, tolerations: [JSON] = [], ready: Bool = true) throws {
        try cluster.create(
            "v1", "pods",
            [
                "metadata": ["name": .string(name)],
                "spec": [
                    "nodeName": .string(node), "tolerations": .array(tolerations),
                    "containers": [["name": "c", "image": "i"]],
                ],
            ])
        guard ready else { return }
        try cluster.patch(
            "v1", "pods", name,
            [
                "status": [
                    "phase": "Running",
                    "conditions": [
                        ["type": "Ready", "status": "True", "lastTransitionTime": .string(now.rfc3339)]
                    ],
                ]
            ], subresource: "status")
    }

    func getPod(_ name: String) throws -> JSON? { try cluster.get("v1", "pods", name) }

    /// Whether it is there and not on its way out.
    func lives(_ name: String) throws -> Bool {
        guard let pod = try getPod(name) else { return false }
        return pod.deletionTimestamp == nil
    }

    /// `reason: message` of the Events.
    func events(_ reason: String, in namespace: String = "default") throws -> [String] {
        try cluster.list("v1", "events", in: namespace)
            .filter { $0["reason"]?.string == reason }.map { $0["message"]?.string ?? "" }
    }
}
