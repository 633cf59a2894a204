import KubeAPI
import KubeJSON

/// What the kernel is told of a container's or a pod's resources
/// (pkg/kubelet/cm/helpers_linux.go, kuberuntime_container_linux.go).
struct LinuxResources: Sendable, Equatable {
    /// Relative weight, 1024 a core.
    var cpuShares: Int64 = 2
    /// Microseconds; 0 for no limit.
    var cpuQuota: Int64 = 0
    var cpuPeriod: Int64 = 100_000
    /// Bytes; 0 for no limit.
    var memoryLimit: Int64 = 0

    init(requests: ResourceAmounts, limits: ResourceAmounts) {
        let request = requests["cpu"]?.milliValue
        let limit = limits["cpu"]?.milliValue ?? 0
        cpuShares = Self.shares(milli: request ?? limit)
        cpuQuota = limit > 0 ? max(1_000, limit * cpuPeriod / 1_000) : 0
        memoryLimit = max(0, limits["memory"]?.wholeValue ?? 0)
    }

    static func shares(milli: Int64) -> Int64 { min(max(milli * 1_024 / 1_000, 2), 262_144) }

    /// How soon the kernel ends a process of a container when memory is short (pkg/kubelet/qos/policy.go).
    static func oomScore(_ container: JSON, _ facts: PodFacts) -> Int64 {
        if facts.spec["priorityClassName"]?.string == "system-node-critical" { return -997 }
        switch facts.quality {
        case "Guaranteed": return -997
        case "BestEffort": return 1_000
        default: break
        }
        let request =
            container["resources"]?["requests"]?["memory"]?.string.flatMap { Quantity($0) }?.wholeValue ?? 0
        let capacity = facts.capacity["memory"]?.wholeValue ?? 0
        guard capacity > 0 else { return 999 }
        let score = 1_000 - Int64(1_000 * Double(request) / Double(capacity))
        return min(max(score, 3), 999)
    }

    func message(oomScore: Int64? = nil) -> CRILinuxContainerResources {
        var message = CRILinuxContainerResources()
        message.cpuShares = cpuShares
        message.cpuPeriod = cpuPeriod
        message.cpuQuota = cpuQuota
        message.memoryLimitInBytes = memoryLimit
        if let oomScore { message.oomScoreAdj = oomScore }
        return message
    }
}
