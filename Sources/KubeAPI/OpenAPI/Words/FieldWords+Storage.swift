// swift-format-ignore-file

extension FieldWords {
    static let storage: StaticString = #"""
        # storage.v1.StorageClass
        - A sort of storage that claims can ask for, and how volumes of it are made.
        allowVolumeExpansion Whether claims can be made larger.
        allowedTopologies Where volumes may be made.
        mountOptions Options that volumes are mounted with. They are not checked before.
        parameters Settings of the provisioner.
        provisioner Who makes the volumes.
        reclaimPolicy What becomes of a volume when its claim goes: Delete (the default) or Retain.
        volumeBindingMode Immediate (the default): volumes are made at once. WaitForFirstConsumer: when a pod needs them, where it can run.
        # core.v1.TopologySelectorTerm
        - A place: all of these must hold.
        matchLabelExpressions Conditions on labels.
        # core.v1.TopologySelectorLabelRequirement
        - A condition on a label.
        key Name of the label.
        values Its values; one of them.
        # core.v1.PersistentVolumeClaim
        - Asks for storage that outlives pods.
        spec What is asked for.
        status What was given.
        # core.v1.PersistentVolumeClaimTemplate
        - The claim that is made for a pod.
        spec What it asks for.
        # core.v1.PersistentVolumeClaimSpec
        - What storage is asked for.
        accessModes How it must be possible to mount it: ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod.
        dataSource A snapshot or claim of the namespace that it is filled from.
        dataSourceRef The same for objects of any kind.
        resources How large it must be. It can be made larger where the class allows it.
        selector Labels that the volume must have.
        storageClassName The StorageClass; the cluster's default where it is not given, none where it is "".
        volumeAttributesClassName The VolumeAttributesClass, which can be changed later.
        volumeMode Filesystem (the default), or Block for a raw device.
        volumeName The volume that it is bound to.
        # core.v1.PersistentVolumeClaimStatus
        - What a claim was given.
        accessModes How the volume can be mounted.
        allocatedResourceStatuses How a change of size is going.
        allocatedResources The size that is being gone to.
        capacity The size that it has.
        conditions Whether it is being made larger.
        currentVolumeAttributesClassName The VolumeAttributesClass that it has.
        modifyVolumeStatus How a change of the VolumeAttributesClass is going.
        phase Pending, Bound or Lost.
        # core.v1.ModifyVolumeStatus
        - How a change of the VolumeAttributesClass is going.
        status Pending, InProgress or Infeasible.
        targetVolumeAttributesClassName The class that is being gone to.
        # core.v1.PersistentVolume
        - Storage that claims can be bound to.
        spec What it is.
        status Whether it is bound.
        # core.v1.PersistentVolumeSpec
        - What a volume is: its size, its use, and one source.
        accessModes How it can be mounted.
        capacity How large it is.
        claimRef The claim that it is bound to.
        mountOptions Options that it is mounted with. They are not checked before.
        nodeAffinity Nodes that can reach it.
        persistentVolumeReclaimPolicy What becomes of it when its claim goes: Retain (the default of those made by hand), Delete (of those made for a claim) or Recycle.
        storageClassName The StorageClass that it belongs to; none where empty.
        volumeAttributesClassName The VolumeAttributesClass that it has.
        volumeMode Filesystem (the default), or Block for a raw device.
        local A directory or disk of one node.
        # core.v1.PersistentVolumeStatus
        - Whether a volume is bound.
        lastPhaseTransitionTime When the phase last became another.
        message Details for people.
        phase Pending, Available, Bound, Released or Failed.
        reason Why, in one word for programs.
        # core.v1.VolumeNodeAffinity
        - Nodes that can reach a volume.
        required Labels that they have.
        # core.v1.Volume
        - A volume of a pod: a name and one source.
        name What containers call it; once in the pod.
        configMap Keys of a ConfigMap as files.
        downwardAPI Fields of the pod as files.
        emptyDir A directory that is empty at first and goes with the pod.
        ephemeral A claim that is made for the pod and goes with it.
        image The content of an image, to be read.
        persistentVolumeClaim A claim of the namespace.
        projected Several sources in one directory.
        secret Keys of a Secret as files.
        gitRepo No longer supported.
        # core.v1.Volume core.v1.PersistentVolumeSpec
        awsElasticBlockStore An AWS disk; its CSI driver takes it over.
        azureDisk An Azure disk; its CSI driver takes it over.
        azureFile An Azure file share; its CSI driver takes it over.
        cephfs No longer supported.
        cinder A Cinder disk; its CSI driver takes it over.
        csi A volume of a CSI driver.
        fc A Fibre Channel disk.
        flexVolume A volume of a Flexvolume driver; use CSI.
        flocker No longer supported.
        gcePersistentDisk A GCE disk; its CSI driver takes it over.
        glusterfs No longer supported.
        hostPath A path of the node itself. Dangerous: prefer anything else.
        iscsi An iSCSI disk.
        nfs A directory of an NFS server.
        photonPersistentDisk No longer supported.
        portworxVolume A Portworx volume; its CSI driver takes it over.
        quobyte No longer supported.
        rbd No longer supported.
        scaleIO No longer supported.
        storageos No longer supported.
        vsphereVolume A vSphere disk; its CSI driver takes it over.
        # core.v1.EmptyDirVolumeSource
        - A directory that is empty at first and goes with the pod.
        medium "" for the node's disk (the default), Memory for main memory.
        sizeLimit The most that it may hold. The pod is evicted when there is more.
        # core.v1.HostPathVolumeSource
        - A path of the node itself.
        path The path.
        type What must be there: "" is not checked, DirectoryOrCreate, Directory, FileOrCreate, File, Socket, CharDevice or BlockDevice.
        # core.v1.ConfigMapVolumeSource
        - Keys of a ConfigMap as files.
        # core.v1.SecretVolumeSource
        - Keys of a Secret as files.
        optional With true it may be missing.
        secretName Name of the Secret.
        # core.v1.ConfigMapVolumeSource core.v1.SecretVolumeSource core.v1.DownwardAPIVolumeSource core.v1.ProjectedVolumeSource
        defaultMode Mode of the files; 0644 by default. JSON needs it as a decimal number.
        # core.v1.ConfigMapVolumeSource core.v1.SecretVolumeSource core.v1.ConfigMapProjection core.v1.SecretProjection
        items Keys and their paths; each key under its own name by default.
        # core.v1.KeyToPath
        - A key as a file.
        key The key.
        mode Mode of the file; defaultMode by default.
        path Path of the file in the volume, without .. in it.
        # core.v1.DownwardAPIVolumeSource
        - Fields of the pod as files.
        # core.v1.DownwardAPIVolumeSource core.v1.DownwardAPIProjection
        items The files.
        # core.v1.DownwardAPIVolumeFile
        - A field of the pod as a file.
        fieldRef The field: name, namespace, uid, labels or annotations.
        mode Mode of the file; defaultMode by default.
        path Path of the file in the volume, without .. in it.
        resourceFieldRef A limit or request of a container, instead.
        # core.v1.ProjectedVolumeSource
        - Several sources in one directory.
        sources The sources.
        # core.v1.VolumeProjection
        - A source of a projected volume: exactly one of these.
        clusterTrustBundle Certificates of authorities, in one file.
        configMap Keys of a ConfigMap.
        downwardAPI Fields of the pod.
        podCertificate A key and a certificate made for the pod.
        secret Keys of a Secret.
        serviceAccountToken A token of the pod's service account.
        # core.v1.ConfigMapProjection
        - Keys of a ConfigMap as files.
        # core.v1.SecretProjection
        - Keys of a Secret as files.
        # core.v1.DownwardAPIProjection
        - Fields of the pod as files.
        # core.v1.ServiceAccountTokenProjection
        - A token of the pod's service account, renewed in time.
        audience Whom the token is for; the API server by default.
        expirationSeconds How long it is valid; an hour by default, ten minutes at least.
        path Path of the file in the volume.
        # core.v1.ClusterTrustBundleProjection
        - Certificates of authorities, in one file.
        labelSelector The ClusterTrustBundles of the signer.
        name Name of one ClusterTrustBundle, instead.
        optional With true there may be none.
        path Path of the file in the volume.
        signerName The signer.
        # core.v1.PodCertificateProjection
        - A key and a certificate made for the pod, renewed in time.
        certificateChainPath Path of the file with the certificates.
        credentialBundlePath Path of one file with key and certificates.
        keyPath Path of the file with the key.
        keyType Sort of key, such as ED25519 or ECDSAP256.
        maxExpirationSeconds How long it may be valid at most; a day by default.
        signerName The signer.
        userAnnotations What the signer is told besides.
        # core.v1.PersistentVolumeClaimVolumeSource
        - A claim of the namespace.
        claimName Name of the claim.
        readOnly Forbids writing.
        # core.v1.EphemeralVolumeSource
        - A claim that is made for the pod and goes with it.
        volumeClaimTemplate The claim, which is called POD-VOLUME.
        # core.v1.ImageVolumeSource
        - The content of an image.
        pullPolicy Always, IfNotPresent or Never, as for containers.
        reference Name of the image.
        # core.v1.NFSVolumeSource
        - A directory of an NFS server.
        path The directory.
        readOnly Forbids writing.
        server Name or address of the server.
        # core.v1.LocalVolumeSource
        - A directory or disk of one node.
        fsType File system that a disk is given where it has none.
        path The directory, or the device.
        # core.v1.CSIVolumeSource core.v1.CSIPersistentVolumeSource
        - A volume of a CSI driver.
        controllerExpandSecretRef Secret that the driver gets when the volume is made larger.
        controllerPublishSecretRef Secret that the driver gets when the volume is attached.
        driver Name of the driver.
        fsType File system; what the driver takes by default.
        nodeExpandSecretRef Secret that the driver gets when the node makes the volume larger.
        nodePublishSecretRef Secret that the driver gets when the volume is mounted for a pod.
        nodeStageSecretRef Secret that the driver gets when the volume is made ready on a node.
        readOnly Forbids writing.
        volumeAttributes What else the driver is told.
        volumeHandle What the driver calls the volume.
        # core.v1.ISCSIVolumeSource core.v1.ISCSIPersistentVolumeSource
        - An iSCSI disk.
        chapAuthDiscovery Whether discovery is authenticated with CHAP.
        chapAuthSession Whether sessions are authenticated with CHAP.
        fsType File system of the disk.
        initiatorName Name of the initiator.
        iqn Name of the target.
        iscsiInterface Interface; default by default.
        lun Number of the unit.
        portals Further portals.
        readOnly Forbids writing.
        secretRef Secret for CHAP.
        targetPortal Address and port of the portal.
        # core.v1.FCVolumeSource
        - A Fibre Channel disk.
        fsType File system of the disk.
        lun Number of the unit.
        readOnly Forbids writing.
        targetWWNs Names of the targets, with lun.
        wwids Identities of the disk, instead.
        """#
}
