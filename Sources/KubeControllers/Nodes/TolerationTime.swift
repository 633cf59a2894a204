import KubeAPI
import KubeJSON

/// How long a pod bears the NoExecute taints of its node.
enum TolerationTime: Equatable, Sendable {
    case forever
    /// 0 when a taint is not tolerated at all.
    case seconds(Int64)

    /// Each taint is borne by the first toleration that matches it; the shortest of these counts.
    init(of tolerations: [Toleration], taints: [Taint]) {
        var least: Int64?
        for taint in taints {
            guard let toleration = tolerations.first(where: { $0.tolerates(taint) }) else {
                self = .seconds(0)
                return
            }
            if let seconds = toleration.seconds { least = min(least ?? seconds, max(0, seconds)) }
        }
        self = least.map { .seconds(max(0, $0)) } ?? .forever
    }
}
