import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Gives claims their volumes: those that are there, or new ones made by the class's provisioner; and takes
/// volumes back when their claims go (pkg/controller/volume/persistentvolume).
public struct PersistentVolumeBinder: Controller {
    public let name = "persistentvolume-binder-controller"
    public let alias = "persistentvolume-binder"
    public let account = "persistent-volume-binder"

    private static let claimPrefix = "claim:"
    private static let volumePrefix = "volume:"

    let provisioner: DirectoryProvisioner
    var index = VolumeIndex()
    var pods = PodClaims()

    /// - Parameter directory: below which volumes of the class `aegis.dev/directory` are on their node.
    public init(directory: String = DirectoryProvisioner.usualDirectory) {
        provisioner = DirectoryProvisioner(directory: directory)
    }

    // MARK: Events

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .persistentVolumeClaims: return claimKeys(event)
        case .persistentVolumes: return volumeKeys(event)
        case .storageClasses where event.kind != .deleted:
            var keys = index.claims(ofClass: event.object.key)
            let value = event.object.value
            if StorageWords.isDefault.contains(where: { StorageWords.annotation($0, of: value) == "true" }) {
                keys += index.claimsWithoutClass()
            }
            return keys.map { Self.claimPrefix + $0 }
        case .pods where event.kind != .modified:
            return pods.observe(event).filter { index.isPending($0) }.map { Self.claimPrefix + $0 }
        default: return []
        }
    }

    private mutating func claimKeys(_ event: ObjectEvent) -> [String] {
        let key = event.object.key
        let claim = event.object.value
        let isPending =
            event.kind != .deleted
            && StorageWords.annotation(StorageWords.bindCompleted, of: claim) == nil
        index.setPending(isPending ? ClaimSummary(claim) : nil, key: key)
        var keys = event.kind == .deleted ? [] : [Self.claimPrefix + key]
        let referring = index.volumes(ofClaim: key)
        keys += referring.map { Self.volumePrefix + $0 }
        if let volume = claim["spec"]?["volumeName"]?.string, !volume.isEmpty, !referring.contains(volume) {
            keys.append(Self.volumePrefix + volume)
        }
        return keys
    }

    private mutating func volumeKeys(_ event: ObjectEvent) -> [String] {
        let name = event.object.key
        let volume = VolumeSummary(event.object.value)
        index.set(event.kind == .deleted ? nil : volume, name: name)
        var keys = event.kind == .deleted ? [] : [Self.volumePrefix + name]
        if let claim = volume.claim { keys.append(Self.claimPrefix + claim) }
        if let previous = event.previous, let claim = VolumeSummary.claim(of: previous.value),
            claim != volume.claim
        {
            keys.append(Self.claimPrefix + claim)
        }
        if event.kind != .deleted, volume.claim == nil, volume.isAvailable {
            keys += index.claims(matching: volume).map { Self.claimPrefix + $0 }
            keys += index.claims(asking: name).map { Self.claimPrefix + $0 }.filter { !keys.contains($0) }
        }
        return keys
    }

    // MARK: What is done

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        if key.hasPrefix(Self.claimPrefix) {
            let name = String(key.dropFirst(Self.claimPrefix.count))
            guard let claim = view.object(.persistentVolumeClaims, name) else { return .nothing }
            let isBound = StorageWords.annotation(StorageWords.bindCompleted, of: claim) != nil
            return isBound ? syncBound(claim, view) : try syncUnbound(claim, view)
        }
        let name = String(key.dropFirst(Self.volumePrefix.count))
        guard let volume = view.object(.persistentVolumes, name) else { return .nothing }
        return sync(volume: volume, view)
    }
}
