import KubeAPI
import KubeJSON

/// Where a pod's control group is and what it may use as a whole (pkg/kubelet/cm).
struct PodCgroups: Sendable {
    /// Of all nodes of the cluster: `/aegis-…`.
    var root: String

    func node(_ name: String) -> String { "\(root)/\(name)/kubepods" }

    func quality(_ facts: PodFacts) -> String {
        let node = node(facts.identity.node)
        switch facts.quality {
        case "Guaranteed": return node
        case "Burstable": return node + "/burstable"
        default: return node + "/besteffort"
        }
    }

    func pod(_ facts: PodFacts) -> String { quality(facts) + "/pod" + facts.identity.uid }

    /// A pod is limited as a whole where each of its containers is, or its spec says so
    /// (helpers_linux.go: ResourceConfigForPod).
    static func resources(_ facts: PodFacts) -> LinuxResources {
        var limits = PodResourceTotals.total(.limits, of: facts.pod)
        let requests = PodResourceTotals.total(.requests, of: facts.pod)
        let own = ResourceAmounts(facts.spec["resources"]?["limits"])
        let containers = ["containers", "initContainers"].flatMap { facts.spec[$0]?.array ?? [] }
        for name in ["cpu", "memory"] where own[name] == nil {
            let isEveryOne = containers.allSatisfy { container in
                container["resources"]?["limits"]?[name] != nil
            }
            if !isEveryOne { limits[name] = nil }
        }
        return LinuxResources(requests: requests, limits: limits)
    }
}
