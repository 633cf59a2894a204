import KubeAPI
import KubeJSON
import KubeStore

/// The directory that a claim of a pod stands for.
struct ClaimedVolume {
    let objects: any ObjectSource
    let identity: PodIdentity

    /// - Parameters:
    ///   - volume: the pod's own name for it.
    ///   - group: that what is in it is given to.
    func path(_ claim: String, volume: String, group: UInt32?) throws -> String {
        func fault(_ words: String) -> VolumeFailure {
            VolumeFailure("error processing PVC \(identity.namespace)/\(claim): \(words)")
        }
        guard let object = objects.object(.persistentVolumeClaims, identity.namespace, claim) else {
            throw fault(
                "failed to fetch PVC from API server: persistentvolumeclaim \"\(claim)\" not found")
        }
        if object.deletionTimestamp != nil { throw fault("PVC is being deleted") }
        let name = object["spec"]?["volumeName"]?.string ?? ""
        guard object["status"]?["phase"]?.string == "Bound", !name.isEmpty else {
            throw fault("PVC is not bound")
        }
        guard let persistent = objects.object(.persistentVolumes, "", name) else {
            throw fault(
                "failed to fetch PV \(name) from API server: persistentvolume \"\(name)\" not found")
        }
        guard persistent["spec"]?["claimRef"]?["uid"]?.string == object.uid else {
            throw fault("PV \(name) is bound to another claim")
        }
        let spec = persistent["spec"] ?? .null
        try checkNode(spec, name)
        if spec["volumeMode"]?.string == "Block" {
            throw fault("block volumes are not served by this node")
        }
        let path = try directory(spec, name)
        // A claim with contents of its own keeps them as they are where its group is right already.
        if let group { try HostFiles.give(path, toGroup: group) }
        return path
    }

    /// A volume that some nodes have cannot be had on others, whoever put the pod there.
    private func checkNode(_ spec: JSON, _ name: String) throws {
        guard let terms = NodeSelectorTerm.terms(of: spec["nodeAffinity"]?["required"]) else { return }
        let labels = objects.object(.nodes, "", identity.node)?["metadata"]?["labels"]
        if terms.contains(where: { $0.matches(node: identity.node) { labels?[$0]?.string } }) { return }
        throw VolumeFailure(
            "MountVolume.NodeAffinity check failed for volume \"\(name)\" : no matching NodeSelectorTerms",
            isWhole: true)
    }

    private func directory(_ spec: JSON, _ name: String) throws -> String {
        if let source = spec["hostPath"] {
            let isNew = HostFiles.kind(source["path"]?.string ?? "") == nil
            let path = try HostPath.check(source)
            // A new volume is for whoever the pod runs as.
            if isNew { try HostFiles.setMode(path, 0o777) }
            return path
        }
        if let path = spec["local"]?["path"]?.string {
            guard HostFiles.kind(path) == .directory else {
                throw VolumeFailure("path \"\(path)\" does not exist")
            }
            return path
        }
        if let driver = spec["csi"]?["driver"]?.string {
            throw VolumeFailure(
                "kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name "
                    + "\(driver) not found in the list of registered CSI drivers")
        }
        throw VolumeFailure("no volume plugin matched name of PV \(name)")
    }
}
