import KubeAPI
import KubeEngine
import KubeJSON

/// What the node controllers read of a Node, and how its conditions become taints.
enum NodeConditions {
    enum Status: Sendable {
        /// The condition is not there: no kubelet has said anything yet.
        case absent
        case `true`
        case `false`
        case unknown

        init(_ condition: JSON?) {
            switch condition?["status"]?.string {
            case nil: self = .absent
            case "True": self = .true
            case "False": self = .false
            default: self = .unknown
            }
        }
    }

    static let component = "node-controller"
    /// Whose silence means that nothing is known of the node. `NetworkUnavailable` is not the kubelet's.
    static let ofKubelet = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"]

    static func condition(_ type: String, of object: JSON) -> JSON? {
        object["status"]?["conditions"]?.array?.first { $0["type"]?.string == type }
    }

    static func ready(_ node: JSON) -> Status { Status(condition("Ready", of: node)) }

    /// The taint that keeps new pods off a node with such a condition.
    static func taintKey(ofCondition type: String, _ status: String) -> String? {
        switch (type, status) {
        case ("Ready", "False"): NodeTaint.notReady
        case ("Ready", "Unknown"): NodeTaint.unreachable
        case ("MemoryPressure", "True"): NodeTaint.memoryPressure
        case ("DiskPressure", "True"): NodeTaint.diskPressure
        case ("PIDPressure", "True"): NodeTaint.pidPressure
        case ("NetworkUnavailable", "True"): NodeTaint.networkUnavailable
        default: nil
        }
    }

    /// Nodes of one zone fail together; upstream joins region and zone so.
    static func zone(_ node: JSON) -> String {
        let labels = node["metadata"]?["labels"]
        let region =
            labels?["topology.kubernetes.io/region"]?.string
            ?? labels?["failure-domain.beta.kubernetes.io/region"]?.string ?? ""
        let zone =
            labels?["topology.kubernetes.io/zone"]?.string
            ?? labels?["failure-domain.beta.kubernetes.io/zone"]?.string ?? ""
        return region.isEmpty && zone.isEmpty ? "" : "\(region):\u{0}:\(zone)"
    }

    /// An Event about a node, which upstream refers to without a version.
    static func event(
        _ reason: String, _ message: String, node: String, uid: String, component: String = component
    ) -> RecordedEvent {
        RecordedEvent(
            .normal, reason, message,
            of: [
                "kind": "Node", "apiVersion": "v1",
                "metadata": ["name": .string(node), "uid": .string(uid)],
            ], component: component)
    }

    static func statusChange(
        _ status: String, node: String, uid: String, component: String = component
    ) -> RecordedEvent {
        event(status, "Node \(node) status is now: \(status)", node: node, uid: uid, component: component)
    }
}

/// The taints that say what is wrong with a node.
enum NodeTaint {
    static let notReady = "node.kubernetes.io/not-ready"
    static let unreachable = "node.kubernetes.io/unreachable"
    static let memoryPressure = "node.kubernetes.io/memory-pressure"
    static let diskPressure = "node.kubernetes.io/disk-pressure"
    static let pidPressure = "node.kubernetes.io/pid-pressure"
    static let networkUnavailable = "node.kubernetes.io/network-unavailable"
    static let unschedulable = "node.kubernetes.io/unschedulable"
    /// Those that conditions and `spec.unschedulable` decide on.
    static let kept: Set<String> = [
        notReady, unreachable, memoryPressure, diskPressure, pidPressure, networkUnavailable, unschedulable,
    ]

    static func contains(_ taints: [JSON], _ key: String, _ effect: String) -> Bool {
        taints.contains { $0["key"]?.string == key && $0["effect"]?.string == effect }
    }

    static func make(_ key: String, _ effect: String, _ now: Timestamp) -> JSON {
        ["key": .string(key), "effect": .string(effect), "timeAdded": .string(now.rfc3339)]
    }

    /// The taints of a node with those of effect NoSchedule that its conditions call for, and no others of
    /// their kind. What is there already stays where it is.
    static func schedulingTaints(_ node: JSON, _ now: Timestamp) -> [JSON] {
        var wanted: [String] = []
        for condition in node["status"]?["conditions"]?.array ?? [] {
            if let type = condition["type"]?.string, let status = condition["status"]?.string,
                let key = NodeConditions.taintKey(ofCondition: type, status), !wanted.contains(key)
            {
                wanted.append(key)
            }
        }
        if node["spec"]?["unschedulable"]?.bool == true { wanted.append(unschedulable) }
        var taints = (node["spec"]?["taints"]?.array ?? []).filter { taint in
            guard taint["effect"]?.string == "NoSchedule", let key = taint["key"]?.string else { return true }
            return !kept.contains(key) || wanted.contains(key)
        }
        for key in wanted where !contains(taints, key, "NoSchedule") {
            taints.append(make(key, "NoSchedule", now))
        }
        return taints
    }

    /// Replaces the taints of a node, if it is still at the version that they were made from.
    static func write(_ taints: [JSON], _ node: JSON) -> ControllerWrite {
        ControllerWrite(
            group: "", version: "v1", plural: "nodes", name: node.name,
            .patch([
                "metadata": ["uid": .string(node.uid), "resourceVersion": .string(node.resourceVersion)],
                "spec": ["taints": taints.isEmpty ? .null : .array(taints)],
            ]))
    }
}
