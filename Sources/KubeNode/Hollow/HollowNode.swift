import KubeAPI
import KubeJSON

/// What is said of a hollow node when it is made.
public struct HollowNodeTemplate: Sendable {
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

    public init(
        name: String, labels: JSONObject = [:], taints: [JSON] = [],
        capacity: JSONObject = HollowNode.usualCapacity, allocatable: JSONObject? = nil,
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
        var annotations = annotations
        annotations[HollowNode.annotation] = "true"
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

/// What a hollow node is and says of itself.
public enum HollowNode {
    /// On a Node: its agent is a hollow one.
    public static let annotation = "hollow.aegis.dev/node"
    /// On a Node, `true`: its agent has gone silent, as that of a machine that lost its power.
    public static let silent = "hollow.aegis.dev/silent"
    public static let kubeletVersion = "v1.36.2"
    public static let usualCapacity: JSONObject = [
        "cpu": "4", "ephemeral-storage": "100Gi", "memory": "16Gi", "pods": "110",
    ]

    public static func isHollow(_ node: JSON) -> Bool {
        node["metadata"]?["annotations"]?[annotation]?.string == "true"
    }

    static func isSilent(_ node: JSON) -> Bool {
        node["metadata"]?["annotations"]?[silent]?.string == "true"
    }

    /// The status that the agent posts.
    static func status(_ node: JSON, address: String, hasMemoryPressure: Bool, now: Timestamp) -> JSON {
        let old = node["status"] ?? .null
        let time = now.rfc3339
        var status = old.object ?? [:]
        func full(_ key: String) -> Bool { old[key]?.object?.isEmpty == false }
        if !full("capacity") { status["capacity"] = .object(usualCapacity) }
        if !full("allocatable") { status["allocatable"] = status["capacity"] }
        if old["addresses"]?.array?.isEmpty ?? true {
            status["addresses"] = [
                ["type": "InternalIP", "address": .string(address)],
                ["type": "Hostname", "address": .string(node.name)],
            ]
        }
        status["daemonEndpoints"] = ["kubeletEndpoint": ["Port": 10_250]]
        let pressure = hasMemoryPressure
        let own: [(String, Bool, String, String)] = [
            (
                "MemoryPressure", pressure,
                pressure ? "KubeletHasInsufficientMemory" : "KubeletHasSufficientMemory",
                pressure
                    ? "kubelet has insufficient memory available" : "kubelet has sufficient memory available"
            ),
            ("DiskPressure", false, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
            ("PIDPressure", false, "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            ("Ready", true, "KubeletReady", "kubelet is posting ready status"),
        ]
        let present = old["conditions"]?.array ?? []
        var conditions = present.filter { condition in
            !own.contains { $0.0 == condition["type"]?.string }
        }
        for (type, isTrue, reason, message) in own {
            let state: JSON = isTrue ? "True" : "False"
            let last = present.first { $0["type"]?.string == type }
            let isSame = last?["status"] == state
            conditions.append([
                "type": .string(type), "status": state, "lastHeartbeatTime": .string(time),
                "lastTransitionTime": isSame
                    ? last?["lastTransitionTime"] ?? .string(time) : .string(time),
                "reason": .string(reason), "message": .string(message),
            ])
        }
        status["conditions"] = .array(conditions)
        let hash = SeededHash(0).with(node.name)
        func uuid(_ word: String) -> JSON {
            let digits = Array(hash.with(word).identifier.utf8)
            let cuts = [0, 8, 12, 16, 20, 32]
            let parts = zip(cuts, cuts.dropFirst()).map { String(decoding: digits[$0..<$1], as: UTF8.self) }
            return .string(parts.joined(separator: "-"))
        }
        let architecture = node["metadata"]?["labels"]?["kubernetes.io/arch"] ?? "amd64"
        status["nodeInfo"] = [
            "machineID": .string(String(hash.with("machine").identifier.prefix(32))),
            "systemUUID": uuid("system"), "bootID": uuid("boot"), "kernelVersion": "6.12.0-hollow",
            "osImage": "Aegis hollow node", "containerRuntimeVersion": "hollow://1.0.0",
            "kubeletVersion": .string(kubeletVersion), "kubeProxyVersion": "",
            "operatingSystem": "linux", "architecture": architecture,
        ]
        return .object(status)
    }

    /// The lease by which the control plane sees that the agent lives.
    static func lease(_ node: JSON, seconds: Int, now: Timestamp) -> JSON {
        [
            "kind": "Lease", "apiVersion": "coordination.k8s.io/v1",
            "metadata": [
                "name": .string(node.name), "namespace": "kube-node-lease",
                "ownerReferences": [
                    [
                        "apiVersion": "v1", "kind": "Node", "name": .string(node.name),
                        "uid": .string(node.uid),
                    ]
                ],
            ],
            "spec": [
                "holderIdentity": .string(node.name), "leaseDurationSeconds": .integer(Int64(seconds)),
                "renewTime": .string(now.rfc3339Micro),
            ],
        ]
    }
}
