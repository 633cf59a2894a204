import KubeAPI
import KubeJSON

/// A directory that may not grow beyond so much.
struct VolumeLimit: Sendable, Equatable {
    var volume: String
    var directory: String
    var most: Quantity

    /// Nil where there is no limit, or the kernel keeps it.
    init?(_ volume: String, _ directory: String, _ source: JSON) {
        guard source["medium"]?.string != "Memory",
            let most = source["sizeLimit"]?.string.flatMap({ Quantity($0) }), most.sign > 0
        else { return nil }
        self.volume = volume
        self.directory = directory
        self.most = most
    }
}

extension PodVolumes {
    typealias Limit = VolumeLimit

    /// The pods of which a volume has outgrown its limit, and what is said of it (pkg/kubelet/eviction:
    /// emptyDirLimitEviction). It reads whole trees.
    public func outgrown() -> [(pod: PodIdentity, words: String)] {
        var found: [(PodIdentity, String)] = []
        for keeper in keepers.withLock({ Array($0.values) }) {
            for limit in keeper.state.withLock({ $0.limits })
            where HostFiles.usage(limit.directory) > limit.most.wholeValue {
                found.append(
                    (
                        keeper.identity,
                        "Usage of EmptyDir volume \"\(limit.volume)\" exceeds the limit \"\(limit.most)\". "
                    ))
            }
        }
        return found
    }

    /// What a directory and all below it take on its disk, in bytes. It reads the whole tree.
    public static func bytesUsed(below directory: String) -> Int64 { HostFiles.usage(directory) }

    /// A claim of the mode ReadWriteOncePod is one pod's.
    func refuseSharing(_ claim: String, with pod: PodIdentity) throws {
        let object = objects.object(.persistentVolumeClaims, pod.namespace, claim)
        guard object?["spec"]?["accessModes"]?.array?.contains("ReadWriteOncePod") == true else { return }
        let holder = onePodClaims.withLock { claims in
            let key = pod.namespace + "/" + claim
            if claims[key] == nil { claims[key] = pod.uid }
            return claims[key]
        }
        if holder != pod.uid {
            throw VolumeFailure(
                "volume uses the ReadWriteOncePod access mode and is already in use by another pod")
        }
    }

    /// A PersistentVolume is gone from the API: so is its directory, if it was made here and was to go too.
    public func volumeDeleted(_ volume: JSON) {
        let spec = volume["spec"] ?? .null
        let maker = volume["metadata"]?["annotations"]?["pv.kubernetes.io/provisioned-by"]?.string
        guard maker == "aegis.dev/directory", spec["persistentVolumeReclaimPolicy"] == "Delete",
            let path = spec["hostPath"]?["path"]?.string, Self.isBelow(persistent, path)
        else { return }
        HostFiles.remove(path)
    }

    /// Whether a path lies directly below a directory, by its text.
    private static func isBelow(_ root: String, _ path: String) -> Bool {
        guard !root.isEmpty, path.hasPrefix(root + "/") else { return false }
        let rest = path.dropFirst(root.count + 1)
        return !rest.isEmpty && !rest.contains("/") && !rest.hasPrefix(".")
    }
}

extension PodVolumes.Keeper.State {
    mutating func note(_ limit: VolumeLimit?) {
        guard let limit, !limits.contains(limit) else { return }
        limits.append(limit)
    }
}
