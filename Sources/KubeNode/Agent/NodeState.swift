import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// What one pod asks of one resource: cpu in thousandths, everything else in units.
struct NodeDemand: Sendable, Equatable {
    var name: String
    var amount: Int64
}

extension PodShape {
    var demand: [NodeDemand] {
        requests.names.compactMap { name in
            guard let quantity = requests[name] else { return nil }
            return NodeDemand(
                name: name, amount: name == "cpu" ? quantity.milliValue : quantity.wholeValue)
        }
    }
}

/// What the agent of one node knows of it.
struct NodeState: Sendable {
    let name: String
    var uid: String
    var isSilent: Bool
    var hasPosted = false
    var facts: NodeFacts
    var pool: AddressPool
    /// Whether the cluster gave the node the addresses of its pods.
    var hasPodCIDR: Bool
    var labels: JSONObject
    var taints: [JSON]
    /// As in `status.features`.
    var features: JSON
    var allocatable: [String: Int64]
    var capacity: [String: Int64]
    var used: [String: Int64] = [:]
    var podCount: Int64 = 0
    /// Ports that pods hold, and how many pods each.
    var hostPorts: [PodHostPort: Int] = [:]
    var lastLease: Timestamp?
    var lastStatus: Timestamp?
    var lastLook: Timestamp?
    var hasMemoryPressure = false
    /// Some pod says what memory it uses.
    var watchesMemory = false
    /// Pods that wait until they may have more.
    var deferred: Set<String> = []
    /// Of the last time at which memory was short; the condition stays for five minutes after it.
    var pressureSeen: Timestamp?

    mutating func hold(_ demand: [NodeDemand]) {
        podCount += 1
        for part in demand { used[part.name, default: 0] += part.amount }
    }

    mutating func release(_ demand: [NodeDemand]) {
        podCount -= 1
        for part in demand { used[part.name, default: 0] -= part.amount }
    }

    mutating func hold(_ ports: [PodHostPort]) {
        for port in ports { hostPorts[port, default: 0] += 1 }
    }

    mutating func release(_ ports: [PodHostPort]) {
        for port in ports {
            guard let count = hostPorts[port] else { continue }
            hostPorts[port] = count > 1 ? count - 1 : nil
        }
    }

    /// Why a pod does not get what it asks for now (pkg/kubelet/allocation).
    func refusal(ofResize demand: [NodeDemand]) -> (reason: String, message: String)? {
        for part in demand where part.name == "cpu" || part.name == "memory" {
            let most = allocatable[part.name] ?? 0
            if part.amount > most {
                return (
                    "Infeasible",
                    "Node didn't have enough capacity: \(part.name), requested: \(part.amount), capacity: \(most)"
                )
            }
        }
        for part in demand where part.name == "cpu" || part.name == "memory" {
            let (most, taken) = (allocatable[part.name] ?? 0, used[part.name] ?? 0)
            if taken + part.amount > most {
                return (
                    "Deferred",
                    "Node didn't have enough resource: \(part.name), requested: \(part.amount), "
                        + "used: \(taken), capacity: \(most)"
                )
            }
        }
        return nil
    }

    private func isBestEffort(_ pod: JSON) -> Bool { pod["status"]?["qosClass"]?.string == "BestEffort" }

    private func toleratesPressure(_ pod: JSON) -> Bool {
        let taint: JSON = ["key": "node.kubernetes.io/memory-pressure", "effect": "NoSchedule"]
        return NodeSelection.untolerated(pod, [taint], effect: .noSchedule) == nil
    }

    static func amounts(_ list: JSON?) -> [String: Int64] {
        var amounts: [String: Int64] = [:]
        for (name, value) in list?.object ?? [:] {
            guard let quantity = value.string.flatMap({ Quantity($0) }) else { continue }
            amounts[name] = name == "cpu" ? quantity.milliValue : quantity.wholeValue
        }
        return amounts
    }

    /// Why the node does not take a pod (pkg/kubelet/lifecycle/predicate.go).
    func refusal(of shape: PodShape, _ pod: JSON) -> (reason: String, message: String)? {
        if hasMemoryPressure, isBestEffort(pod), !toleratesPressure(pod), !NodeAgents.isCritical(pod) {
            return ("Evicted", "The node had condition: [MemoryPressure]. ")
        }
        if let refusal = NodeAbilities.refusal(of: pod, features: features) { return refusal }
        if let most = allocatable["pods"], podCount >= most {
            return (
                "OutOfpods",
                "Node didn't have enough resource: pods, requested: 1, used: \(podCount), capacity: \(most)"
            )
        }
        for part in shape.demand where part.amount > 0 {
            // What the node does not know at all is a matter of the whole cluster.
            if allocatable[part.name] == nil, part.name.utf8.contains(UInt8(ascii: "/")) { continue }
            let (most, taken) = (allocatable[part.name] ?? 0, used[part.name] ?? 0)
            if taken + part.amount > most {
                return (
                    "OutOf\(part.name)",
                    "Node didn't have enough resource: \(part.name), requested: \(part.amount), "
                        + "used: \(taken), capacity: \(most)"
                )
            }
        }
        if !NodeSelection.fits(pod, name: name, labels: labels) {
            return (
                "NodeAffinity",
                "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"
            )
        }
        if shape.hostPorts.contains(where: { port in hostPorts.keys.contains { $0.conflicts(with: port) } }) {
            return (
                "NodePorts",
                "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"
            )
        }
        if NodeSelection.untolerated(pod, taints, effect: .noExecute) != nil {
            return (
                "TaintToleration",
                "Predicate TaintToleration failed: node(s) had untolerated taint(s)"
            )
        }
        return nil
    }
}
