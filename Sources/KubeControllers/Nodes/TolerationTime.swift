import KubeAPI
import KubeJSON

/// How long a pod bears the NoExecute taints of its node.
enum TolerationTime: Equatable, Sendable {
    case forever
    /// 0 when a taint is not tolerated at all.
    case seconds(Int64)

    /// Each taint is borne by the first toleration that matches it; the shortest of these counts.
    init(of tolerations: [JSON], taints: [JSON]) {
        var least: Int64?
        for taint in taints {
            guard let toleration = tolerations.first(where: { Self.matches($0, taint) }) else {
                self = .seconds(0)
                return
            }
            if let seconds = toleration["tolerationSeconds"]?.integer {
                least = min(least ?? seconds, max(0, seconds))
            }
        }
        self = least.map { .seconds(max(0, $0)) } ?? .forever
    }

    private static func matches(_ toleration: JSON, _ taint: JSON) -> Bool {
        let effect = toleration["effect"]?.string ?? ""
        if !effect.isEmpty, effect != taint["effect"]?.string { return false }
        let key = toleration["key"]?.string ?? ""
        if !key.isEmpty, key != taint["key"]?.string { return false }
        switch toleration["operator"]?.string ?? "" {
        case "", "Equal": return (toleration["value"]?.string ?? "") == (taint["value"]?.string ?? "")
        case "Exists": return true
        default: return false
        }
    }
}
