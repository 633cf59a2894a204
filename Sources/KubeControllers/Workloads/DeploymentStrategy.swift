import KubeAPI
import KubeJSON

/// How a Deployment may change its pods, in whole pods (pkg/controller/deployment/util, ResolveFenceposts).
struct DeploymentStrategy {
    let replicas: Int
    let isRolling: Bool
    /// Pods over `replicas`.
    let maxSurge: Int
    /// Pods that may be missing.
    let maxUnavailable: Int

    init(_ deployment: JSON) {
        let spec = deployment["spec"]
        replicas = spec?["replicas"]?.int ?? 1
        let strategy = spec?["strategy"]
        isRolling = strategy?["type"]?.string != "Recreate"
        guard isRolling else {
            (maxSurge, maxUnavailable) = (0, 0)
            return
        }
        let rolling = strategy?["rollingUpdate"]
        let surge = Self.count(rolling?["maxSurge"], of: replicas, roundingUp: true)
        var unavailable = Self.count(rolling?["maxUnavailable"], of: replicas, roundingUp: false)
        // Two percentages that both round to nothing would leave no way on.
        if surge == 0, unavailable == 0 { unavailable = 1 }
        maxSurge = surge
        maxUnavailable = replicas == 0 ? 0 : min(unavailable, replicas)
    }

    var mostReplicas: Int { replicas + maxSurge }
    var leastAvailable: Int { replicas - maxUnavailable }

    /// A number of pods, or a percentage of them.
    static func count(_ value: JSON?, of total: Int, roundingUp: Bool) -> Int {
        if let number = value?.int { return max(0, number) }
        guard let text = value?.string, text.hasSuffix("%"), let percent = Int(text.dropLast()), percent >= 0,
            percent <= 1_000_000
        else { return 0 }
        return (percent * total + (roundingUp ? 99 : 0)) / 100
    }
}
