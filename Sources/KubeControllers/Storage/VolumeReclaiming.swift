import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// What becomes of a volume.
extension PersistentVolumeBinder {
    func sync(volume: JSON, _ view: ClusterView) -> Reconciliation {
        let summary = VolumeSummary(volume)
        guard let key = summary.claim, !summary.claimUID.isEmpty else {
            return Reconciliation(writes: Self.phase(of: volume, "Available"))
        }
        // One of the same name is not the claim that it was given to.
        let claim = view.object(.persistentVolumeClaims, key).flatMap {
            $0.uid == summary.claimUID ? $0 : nil
        }
        guard let claim else { return release(volume) }
        let name = claim["spec"]?["volumeName"]?.string ?? ""
        if name == volume.name { return Reconciliation(writes: Self.phase(of: volume, "Bound")) }
        if name.isEmpty {
            // The claim's turn completes the binding, unless these two cannot be one.
            guard StorageWords.volumeMode(of: claim) != summary.mode else { return .nothing }
            return Reconciliation(events: [
                StorageWords.event(
                    .warning, "VolumeMismatch",
                    "Cannot bind PersistentVolume to requested PersistentVolumeClaim \"\(claim.name)\" due "
                        + "to incompatible volumeMode.", of: volume),
                StorageWords.event(
                    .warning, "VolumeMismatch",
                    "Cannot bind PersistentVolume \"\(volume.name)\" to requested PersistentVolumeClaim due "
                        + "to incompatible volumeMode.", of: claim),
            ])
        }
        if StorageWords.annotation(StorageWords.provisionedBy, of: volume) != nil,
            volume["spec"]?["persistentVolumeReclaimPolicy"]?.string == "Delete"
        {
            // Made for a claim that found another one meanwhile.
            return release(volume)
        }
        return Reconciliation(writes: Self.unbind(volume))
    }

    /// Its claim has gone: what the policy asks for is done.
    private func release(_ volume: JSON) -> Reconciliation {
        var result = Reconciliation()
        let phase = StorageWords.phase(volume)
        if phase != "Released", phase != "Failed" { result.writes += Self.phase(of: volume, "Released") }
        switch volume["spec"]?["persistentVolumeReclaimPolicy"]?.string {
        case "Retain": break
        case "Delete": result.writes += delete(volume)
        case "Recycle":
            // Scrubbing needs a pod that may write to the volume; there is no such recycler here.
            result.writes += Self.fail(
                volume, "VolumeFailedRecycle", "No recycler plugin found for the volume!")
        default:
            result.writes += Self.fail(
                volume, "VolumeUnknownReclaimPolicy", "Volume has unrecognized PersistentVolumeReclaimPolicy")
        }
        return result
    }

    private func delete(_ volume: JSON) -> [ControllerWrite] {
        if volume.deletionTimestamp != nil { return [] }
        if let maker = StorageWords.annotation(StorageWords.provisionedBy, of: volume) {
            if maker == DirectoryProvisioner.name { return [Self.delete(volume)] }
            // Its maker deletes it, as it does when it sees it released.
            if !maker.hasPrefix("kubernetes.io/") { return [] }
        }
        if let path = volume["spec"]?["hostPath"]?["path"]?.string {
            if path.hasPrefix("/tmp/"), path.utf8.count > 5 { return [Self.delete(volume)] }
            return Self.fail(
                volume, "VolumeFailedDelete",
                "host_path deleter only supports /tmp/.+ but received provided \(path)")
        }
        return Self.fail(
            volume, "VolumeFailedDelete",
            "error getting deleter volume plugin for volume \"\(volume.name)\": "
                + "no deletable volume plugin matched")
    }

    private static func delete(_ volume: JSON) -> ControllerWrite {
        .delete(("", "v1", "persistentvolumes"), namespace: "", name: volume.name, uid: volume.uid)
    }

    private static func fail(_ volume: JSON, _ reason: String, _ message: String) -> [ControllerWrite] {
        phase(
            of: volume, "Failed", message: message,
            event: StorageWords.event(.warning, reason, message, of: volume))
    }

    /// Takes back a binding that its claim does not know of. What a user wished for stays wished for.
    private static func unbind(_ volume: JSON) -> [ControllerWrite] {
        var change: JSON
        if StorageWords.annotation(StorageWords.boundByController, of: volume) != nil {
            change = ["spec": ["claimRef": .null]]
            change.set(.null, at: "metadata", "annotations", StorageWords.boundByController)
        } else {
            change = ["spec": ["claimRef": ["uid": .null]]]
        }
        return [StorageWords.patch("persistentvolumes", volume, versioned: true, change)]
            + phase(of: volume, "Available")
    }
}
