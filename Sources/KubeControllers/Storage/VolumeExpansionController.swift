import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Makes volumes bigger whose claims have come to ask for more (pkg/controller/volume/expand). A directory
/// has no size of its own: that it may hold more is all that is to be said.
public struct VolumeExpansionController: Controller {
    public let name = "persistentvolume-expander-controller"
    public let alias = "persistentvolume-expander"
    public let account = "expand-controller"

    public init() {}

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        guard event.collection == .persistentVolumeClaims, event.kind != .deleted,
            StorageWords.phase(event.object.value) == "Bound", Self.wantsMore(event.object.value)
        else { return [] }
        return [event.object.key]
    }

    private static func wantsMore(_ claim: JSON) -> Bool {
        guard let present = claim["status"]?["capacity"]?["storage"]?.string.flatMap({ Quantity($0) })
        else { return false }
        return present < StorageWords.request(of: claim)
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let claim = view.object(.persistentVolumeClaims, key), StorageWords.phase(claim) == "Bound",
            Self.wantsMore(claim),
            let volume = view.object(.persistentVolumes, claim["spec"]?["volumeName"]?.string ?? ""),
            volume["spec"]?["claimRef"]?["uid"]?.string == claim.uid
        else { return .nothing }
        guard StorageWords.annotation(StorageWords.provisionedBy, of: volume) == DirectoryProvisioner.name
        else {
            return Reconciliation(events: [
                RecordedEvent(
                    .normal, "ExternalExpanding", "waiting for an external controller to expand this PVC",
                    of: claim, component: "volume_expand")
            ])
        }
        let request = claim["spec"]?["resources"]?["requests"]?["storage"] ?? .null
        var result = Reconciliation()
        if StorageWords.capacity(of: volume) < StorageWords.request(of: claim) {
            result.writes.append(
                StorageWords.patch(
                    "persistentvolumes", volume, versioned: true, ["spec": ["capacity": ["storage": request]]]
                ))
        }
        result.writes.append(
            StorageWords.patch(
                "persistentvolumeclaims", claim, subresource: "status",
                ["status": ["capacity": ["storage": request]]]
            ).recording(
                RecordedEvent(
                    .normal, "VolumeResizeSuccessful", "ExpandVolume succeeded for volume \(key)", of: claim,
                    component: "volume_expand")))
        return result
    }
}
