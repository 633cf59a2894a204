import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Which pods name which claims. A pod's volumes never change, so that each pod is read twice in its life.
struct PodClaims: Sendable {
    private var podsByClaim: [String: Set<String>] = [:]

    /// The keys of the claims that a pod names, also those that are made for it.
    static func claims(of pod: PodSummary) -> [String] {
        guard let volumes = pod.value["spec"]?["volumes"]?.array else { return [] }
        var keys: [String] = []
        for volume in volumes {
            if let claim = volume["persistentVolumeClaim"]?["claimName"]?.string {
                keys.append("\(pod.namespace)/\(claim)")
            } else if let ephemeral = volume["ephemeral"], !ephemeral.isNull {
                keys.append("\(pod.namespace)/\(pod.name)-\(volume["name"]?.string ?? "")")
            }
        }
        return keys
    }

    /// Takes an event of a pod in.
    /// - Returns: the claims of a pod that came or went.
    mutating func observe(_ event: ObjectEvent) -> [String] {
        guard let pod = event.pod, event.kind != .modified else { return [] }
        let keys = Self.claims(of: pod)
        for key in keys {
            if event.kind == .deleted {
                podsByClaim[key]?.remove(pod.key)
                if podsByClaim[key]?.isEmpty == true { podsByClaim[key] = nil }
            } else {
                podsByClaim[key, default: []].insert(pod.key)
            }
        }
        return keys
    }

    func isNamed(_ claim: String) -> Bool { podsByClaim[claim] != nil }

    /// The pods that name a claim, in order.
    func pods(naming claim: String, in view: ClusterView) -> [PodSummary] {
        (podsByClaim[claim] ?? []).sorted(by: utf8Less).compactMap { view.pod($0) }
    }
}
