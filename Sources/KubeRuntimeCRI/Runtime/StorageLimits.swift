import KubeAPI
import KubeJSON

/// What a pod may keep on its node's disk: what its containers write into their own layers and logs, and its
/// emptyDirs (pkg/kubelet/eviction: podEphemeralStorageLimitEviction and that of containers). Pure.
struct StorageLimits: Sendable {
    private static let resource = "ephemeral-storage"

    /// Of the pod as a whole.
    private let total: Quantity?
    private let containers: [(name: String, most: Quantity)]

    /// Nil where nothing of the pod has a limit.
    init?(_ pod: JSON) {
        containers = (pod["spec"]?["containers"]?.array ?? []).compactMap { container in
            guard
                let most = container["resources"]?["limits"]?[Self.resource]?.string.flatMap({ Quantity($0) })
            else { return nil }
            return (container["name"]?.string ?? "", most)
        }
        total = PodResourceTotals.total(.limits, of: pod)[Self.resource]
        if containers.isEmpty, total == nil { return nil }
    }

    /// Why the pod must go; nil when it may stay.
    /// - Parameters:
    ///   - used: bytes that each container takes.
    ///   - volumes: bytes in emptyDirs.
    func excess(_ used: [String: Int64], volumes: Int64) -> String? {
        if let total, used.values.reduce(volumes, +) > total.wholeValue {
            return "Pod ephemeral local storage usage exceeds the total limit of containers \(total). "
        }
        for (name, most) in containers where used[name, default: 0] > most.wholeValue {
            return "Container \(name) exceeded its local ephemeral storage limit \"\(most)\". "
        }
        return nil
    }

    /// The directory into which each container of a runtime writes, by the container's id, as a `mountinfo` of
    /// the machine tells it: containers' file systems are overlays.
    static func layers(_ mounts: String) -> [String: String] {
        var layers: [String: String] = [:]
        for line in mounts.split(separator: "\n") where line.contains(" overlay ") {
            let words = line.split(separator: " ")
            guard words.count > 6, words[4].hasSuffix("/rootfs"), let options = words.last,
                let upper = options.split(separator: ",").first(where: { $0.hasPrefix("upperdir=") })
            else { continue }
            let parts = words[4].split(separator: "/")
            guard parts.count > 1 else { continue }
            layers[String(parts[parts.count - 2])] = String(upper.dropFirst("upperdir=".count))
        }
        return layers
    }
}
