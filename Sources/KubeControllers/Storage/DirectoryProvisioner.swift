import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Makes volumes that are directories of a node. Only the PersistentVolume is made and deleted here: the
/// node's agent makes the directory when a pod uses it (`DirectoryOrCreate`), and whoever cleans up
/// directories finds them by `name` in the annotation of the volumes that are there.
public struct DirectoryProvisioner: Sendable {
    /// As StorageClasses name it.
    public static let name = "aegis.dev/directory"
    public static let usualDirectory = "/var/lib/aegis/volumes"

    let directory: String

    init(directory: String) {
        self.directory =
            directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
    }

    static func volumeName(for claim: JSON) -> String { "pvc-\(claim.uid)" }

    /// Named for people who look for their data.
    private func path(for claim: JSON) -> String {
        "\(directory)/\(claim.namespace)-\(claim.name)-\(claim.uid)"
    }

    /// Why it cannot make what a claim asks for.
    static func fault(_ claim: JSON) -> String? {
        if StorageWords.volumeMode(of: claim) == "Block" {
            return "\(name) does not support block volume provisioning"
        }
        if let selector = claim["spec"]?["selector"], !selector.isNull {
            return "claim Selector is not supported"
        }
        return nil
    }

    /// - Parameter node: the one that the volume is to be on; nil leaves it to whoever uses it first.
    func volume(for claim: JSON, class storageClass: JSON, node: JSON?) -> JSON {
        let volumeName = Self.volumeName(for: claim)
        var spec: JSON = [
            "capacity": ["storage": claim["spec"]?["resources"]?["requests"]?["storage"] ?? "0"],
            "accessModes": claim["spec"]?["accessModes"] ?? [],
            "persistentVolumeReclaimPolicy": storageClass["reclaimPolicy"] ?? "Delete",
            "storageClassName": .string(storageClass.name),
            "volumeMode": .string(StorageWords.volumeMode(of: claim)),
            "claimRef": RecordedEvent.reference(claim),
            "hostPath": ["path": .string(path(for: claim)), "type": "DirectoryOrCreate"],
        ]
        if let options = storageClass["mountOptions"]?.array, !options.isEmpty {
            spec["mountOptions"] = .array(options)
        }
        if let node { spec["nodeAffinity"] = ["required": ["nodeSelectorTerms": [Self.term(node)]]] }
        return [
            "kind": "PersistentVolume", "apiVersion": "v1",
            "metadata": [
                "name": .string(volumeName),
                "annotations": [
                    StorageWords.boundByController: "yes",
                    StorageWords.provisionedBy: .string(Self.name),
                ],
            ],
            "spec": spec,
        ]
    }

    private static func term(_ node: JSON) -> JSON {
        if let host = node["metadata"]?["labels"]?["kubernetes.io/hostname"] {
            return [
                "matchExpressions": [["key": "kubernetes.io/hostname", "operator": "In", "values": [host]]]
            ]
        }
        return [
            "matchFields": [["key": "metadata.name", "operator": "In", "values": [.string(node.name)]]]
        ]
    }
}

extension PersistentVolumeBinder {
    /// Has a volume made for a claim, here or by whoever watches for the annotation.
    func provision(_ claim: JSON, _ wanted: ClaimSummary, _ view: ClusterView) -> Reconciliation {
        guard claim.deletionTimestamp == nil else { return .nothing }
        func failed(_ message: String) -> Reconciliation {
            Reconciliation(
                writes: Self.status(of: claim, phase: "Pending", volume: nil),
                events: [StorageWords.event(.warning, "ProvisioningFailed", message, of: claim)])
        }
        guard let storageClass = view.object(.storageClasses, wanted.className) else {
            return failed("storageclass.storage.k8s.io \"\(wanted.className)\" not found")
        }
        let given = storageClass["provisioner"]?.string ?? ""
        let maker = Self.migrated[given] ?? given
        if maker.hasPrefix("kubernetes.io/") { return failed("no volume plugin matched name: \(maker)") }
        var result = Reconciliation()
        if StorageWords.provisioner.contains(where: { StorageWords.annotation($0, of: claim) != maker }) {
            var annotations: JSONObject = [:]
            for word in StorageWords.provisioner { annotations[word] = .string(maker) }
            result.writes.append(
                StorageWords.patch(
                    "persistentvolumeclaims", claim, versioned: true,
                    ["metadata": ["annotations": .object(annotations)]]))
        }
        guard maker == DirectoryProvisioner.name else {
            // Said once for each version of the claim that still waits.
            if result.writes.isEmpty {
                result.events.append(
                    StorageWords.event(
                        .normal, "ExternalProvisioning",
                        "Waiting for a volume to be created either by the external provisioner '\(maker)' or "
                            + "manually by the system administrator. If volume creation is delayed, please "
                            + "verify that the provisioner is running and correctly registered.", of: claim))
            }
            return result
        }
        if let fault = DirectoryProvisioner.fault(claim) {
            return failed("Failed to provision volume with StorageClass \"\(storageClass.name)\": \(fault)")
        }
        var node: JSON?
        if let name = StorageWords.annotation(StorageWords.selectedNode, of: claim) {
            node = view.object(.nodes, name)
            if node == nil {
                // The node has gone: the scheduler is asked for another.
                var outcome = failed("Failed to get target node: node \"\(name)\" not found")
                outcome.writes.append(
                    StorageWords.patch(
                        "persistentvolumeclaims", claim, versioned: true,
                        ["metadata": ["annotations": [StorageWords.selectedNode: .null]]]))
                return outcome
            }
        }
        let volumeName = DirectoryProvisioner.volumeName(for: claim)
        guard view.stored(.persistentVolumes, volumeName) == nil else { return result }
        var create = ControllerWrite(
            group: "", version: "v1", plural: "persistentvolumes", name: volumeName,
            .create(provisioner.volume(for: claim, class: storageClass, node: node)))
        create.existingIsDone = true
        result.writes.append(
            create.recording(
                StorageWords.event(
                    .normal, "ProvisioningSucceeded",
                    "Successfully provisioned volume \(volumeName) using \(maker)", of: claim),
                orFailure: StorageWords.event(
                    .warning, "ProvisioningFailed",
                    "Error creating provisioned PV object for claim \(wanted.key): {error}. "
                        + "Deleting the volume.", of: claim)))
        return result
    }

    /// The drivers that took over from what was built in once.
    private static let migrated = [
        "kubernetes.io/aws-ebs": "ebs.csi.aws.com", "kubernetes.io/gce-pd": "pd.csi.storage.gke.io",
        "kubernetes.io/azure-disk": "disk.csi.azure.com", "kubernetes.io/azure-file": "file.csi.azure.com",
        "kubernetes.io/cinder": "cinder.csi.openstack.org",
        "kubernetes.io/vsphere-volume": "csi.vsphere.vmware.com",
        "kubernetes.io/portworx-volume": "pxd.portworx.com",
    ]
}
