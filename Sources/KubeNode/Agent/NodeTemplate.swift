import KubeAPI
import KubeJSON

/// What is said of a node when it is made.
public struct NodeTemplate: Sendable {
    public var name: String
    public var labels: JSONObject
    /// As in `spec.taints`.
    public var taints: [JSON]
    /// ResourceLists; without an allocatable it is the capacity.
    public var capacity: JSONObject
    public var allocatable: JSONObject?
    public var architecture: String
    /// Of its pods, IPv4; one is chosen where there is none.
    public var podCIDR: String?
    /// Its internal address; one is chosen where there is none.
    public var address: String?
    public var annotations: JSONObject = [:]

    public static let usualCapacity: JSONObject = [
        "cpu": "4", "ephemeral-storage": "100Gi", "memory": "16Gi", "pods": "110",
    ]
    public static let kubeletVersion = "v1.36.2"

    public init(
        name: String, labels: JSONObject = [:], taints: [JSON] = [],
        capacity: JSONObject = NodeTemplate.usualCapacity, allocatable: JSONObject? = nil,
        architecture: String = "amd64", podCIDR: String? = nil, address: String? = nil
    ) {
        self.name = name
        self.labels = labels
        self.taints = taints
        self.capacity = capacity
        self.allocatable = allocatable
        self.architecture = architecture
        self.podCIDR = podCIDR
        self.address = address
    }

    /// The Node object, to be created; its status becomes complete when its agent first looks at it.
    public var object: JSON {
        var labels: JSONObject = [
            "beta.kubernetes.io/arch": .string(architecture), "beta.kubernetes.io/os": "linux",
            "kubernetes.io/arch": .string(architecture), "kubernetes.io/hostname": .string(name),
            "kubernetes.io/os": "linux",
        ]
        for (key, value) in self.labels { labels[key] = value }
        var spec = JSONObject()
        if let podCIDR {
            spec["podCIDR"] = .string(podCIDR)
            spec["podCIDRs"] = [.string(podCIDR)]
        }
        if !taints.isEmpty { spec["taints"] = .array(taints) }
        var status: JSONObject = [
            "capacity": .object(capacity), "allocatable": .object(allocatable ?? capacity),
        ]
        if let address {
            status["addresses"] = [
                ["type": "InternalIP", "address": .string(address)],
                ["type": "Hostname", "address": .string(name)],
            ]
        }
        return [
            "kind": "Node", "apiVersion": "v1",
            "metadata": [
                "name": .string(name), "labels": .object(labels), "annotations": .object(annotations),
            ],
            "spec": .object(spec), "status": .object(status),
        ]
    }
}
