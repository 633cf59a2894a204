// Written by catalogue-generator; do not edit.
// swift-format-ignore-file

extension CatalogueText {
    static let schemas0: StaticString = #"""
        T io.k8s.api.core.v1.Binding -
        k - v1 Binding
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f target @io.k8s.api.core.v1.ObjectReference w r - v1.ObjectReference
        T io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta -
        f annotations Ms o - - map[string]string
        f creationTimestamp t o - - v1.Time
        f deletionGracePeriodSeconds l p - - *int64
        f deletionTimestamp t p - - *v1.Time
        f finalizers Ss o m - []string
        f generateName s o - - string
        f generation l o - - int64
        f labels Ms o - - map[string]string
        f managedFields L@io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry o - - []v1.ManagedFieldsEntry
        f name s o - - string
        f namespace s o - - string
        f ownerReferences K{uid}@io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference o m uid []v1.OwnerReference
        f resourceVersion s o - - string
        f selfLink s o - - string
        f uid s o - - types.UID
        T io.k8s.api.core.v1.ObjectReference a
        f apiVersion s o - - string
        f fieldPath s o - - string
        f kind s o - - string
        f name s o - - string
        f namespace s o - - string
        f resourceVersion s o - - string
        f uid s o - - types.UID
        T io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry -
        f apiVersion s o - - string
        f fieldsType s o - - string
        f fieldsV1 * p - - *v1.FieldsV1
        f manager s o - - string
        f operation s o - - v1.ManagedFieldsOperationType
        f subresource s o - - string
        f time t p - - *v1.Time
        T io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference a
        f apiVersion s w r - string
        f blockOwnerDeletion b p - - *bool
        f controller b p - - *bool
        f kind s w r - string
        f name s w r - string
        f uid s w r - types.UID
        T io.k8s.api.core.v1.ComponentStatus -
        k - v1 ComponentStatus
        f apiVersion s o - - string
        f conditions K{type}@io.k8s.api.core.v1.ComponentCondition o m type []v1.ComponentCondition
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        T io.k8s.api.core.v1.ComponentCondition -
        f error s o - - string
        f message s o - - string
        f status s w r - v1.ConditionStatus
        f type s w r - v1.ComponentConditionType
        T io.k8s.api.core.v1.ComponentStatusList -
        k - v1 ComponentStatusList
        f apiVersion s o - - string
        f items N@io.k8s.api.core.v1.ComponentStatus w r - []v1.ComponentStatus
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta -
        f continue s o - - string
        f remainingItemCount l p - - *int64
        f resourceVersion s o - - string
        f selfLink s o - - string
        f shardInfo @io.k8s.apimachinery.pkg.apis.meta.v1.ShardInfo p - - *v1.ShardInfo
        T io.k8s.apimachinery.pkg.apis.meta.v1.ShardInfo -
        f selector s w r - string
        T io.k8s.api.core.v1.ConfigMap -
        k - v1 ConfigMap
        f apiVersion s o - - string
        f binaryData My o - - map[string][]uint8
        f data Ms o - - map[string]string
        f immutable b p - - *bool
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        T io.k8s.api.core.v1.ConfigMapList -
        k - v1 ConfigMapList
        f apiVersion s o - - string
        f items N@io.k8s.api.core.v1.ConfigMap w r - []v1.ConfigMap
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.core.v1.Endpoints -
        k - v1 Endpoints
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f subsets L@io.k8s.api.core.v1.EndpointSubset o - - []v1.EndpointSubset
        T io.k8s.api.core.v1.EndpointSubset -
        f addresses L@io.k8s.api.core.v1.EndpointAddress o - - []v1.EndpointAddress
        f notReadyAddresses L@io.k8s.api.core.v1.EndpointAddress o - - []v1.EndpointAddress
        f ports L@io.k8s.api.core.v1.EndpointPort o - - []v1.EndpointPort
        T io.k8s.api.core.v1.EndpointAddress a
        f hostname s o - - string
        f ip s w r - string
        f nodeName s p - - *string
        f targetRef @io.k8s.api.core.v1.ObjectReference p - - *v1.ObjectReference
        T io.k8s.api.core.v1.EndpointPort a
        f appProtocol s p - - *string
        f name s o - - string
        f port i w r - int32
        f protocol s o - - v1.Protocol
        T io.k8s.api.core.v1.EndpointsList -
        k - v1 EndpointsList
        f apiVersion s o - - string
        f items N@io.k8s.api.core.v1.Endpoints w r - []v1.Endpoints
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.core.v1.Event -
        k - v1 Event
        f action s o - - string
        f apiVersion s o - - string
        f count i o - - int32
        f eventTime u w - - v1.MicroTime
        f firstTimestamp t w - - v1.Time
        f involvedObject @io.k8s.api.core.v1.ObjectReference w r - v1.ObjectReference
        f kind s o - - string
        f lastTimestamp t w - - v1.Time
        f message s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w r - v1.ObjectMeta
        f reason s o - - string
        f related @io.k8s.api.core.v1.ObjectReference p - - *v1.ObjectReference
        f reportingComponent s w - - string
        f reportingInstance s w - - string
        f series @io.k8s.api.core.v1.EventSeries p - - *v1.EventSeries
        f source @io.k8s.api.core.v1.EventSource w - - v1.EventSource
        f type s o - - string
        T io.k8s.api.core.v1.EventSeries -
        f count i o - - int32
        f lastObservedTime u w - - v1.MicroTime
        T io.k8s.api.core.v1.EventSource -
        f component s o - - string
        f host s o - - string
        T io.k8s.api.core.v1.EventList -
        k - v1 EventList
        f apiVersion s o - - string
        f items N@io.k8s.api.core.v1.Event w r - []v1.Event
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.core.v1.LimitRange -
        k - v1 LimitRange
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.core.v1.LimitRangeSpec w - - v1.LimitRangeSpec
        T io.k8s.api.core.v1.LimitRangeSpec -
        f limits L@io.k8s.api.core.v1.LimitRangeItem w r - []v1.LimitRangeItem
        T io.k8s.api.core.v1.LimitRangeItem -
        f default Mq o - - v1.ResourceList
        f defaultRequest Mq o - - v1.ResourceList
        f max Mq o - - v1.ResourceList
        f maxLimitRequestRatio Mq o - - v1.ResourceList
        f min Mq o - - v1.ResourceList
        f type s w r - v1.LimitType
        T io.k8s.api.core.v1.LimitRangeList -
        k - v1 LimitRangeList
        f apiVersion s o - - string
        f items N@io.k8s.api.core.v1.LimitRange w r - []v1.LimitRange
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.core.v1.Namespace -
        k - v1 Namespace
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.core.v1.NamespaceSpec w - - v1.NamespaceSpec
        f status @io.k8s.api.core.v1.NamespaceStatus w - - v1.NamespaceStatus
        T io.k8s.api.core.v1.NamespaceSpec -
        f finalizers Ls o - - []v1.FinalizerName
        T io.k8s.api.core.v1.NamespaceStatus -
        f conditions K{type}@io.k8s.api.core.v1.NamespaceCondition o m type []v1.NamespaceCondition
        f phase s o - - v1.NamespacePhase
        T io.k8s.api.core.v1.NamespaceCondition -
        f lastTransitionTime t w - - v1.Time
        f message s o - - string
        f reason s o - - string
        f status s w r - v1.ConditionStatus
        f type s w r - v1.NamespaceConditionType
        T io.k8s.api.core.v1.NamespaceList -
        k - v1 NamespaceList
        f apiVersion s o - - string
        f items N@io.k8s.api.core.v1.Namespace w r - []v1.Namespace
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.core.v1.Node -
        k - v1 Node
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.core.v1.NodeSpec w - - v1.NodeSpec
        f status @io.k8s.api.core.v1.NodeStatus w - - v1.NodeStatus
        T io.k8s.api.core.v1.NodeSpec -
        f configSource @io.k8s.api.core.v1.NodeConfigSource p - - *v1.NodeConfigSource
        f externalID s o - - string
        f podCIDR s o - - string
        f podCIDRs Ss o m - []string
        f providerID s o - - string
        f taints L@io.k8s.api.core.v1.Taint o - - []v1.Taint
        f unschedulable b o - - bool
        T io.k8s.api.core.v1.NodeStatus -
        f addresses K{type}@io.k8s.api.core.v1.NodeAddress o m type []v1.NodeAddress
        f allocatable Mq o - - v1.ResourceList
        f capacity Mq o - - v1.ResourceList
        f conditions K{type}@io.k8s.api.core.v1.NodeCondition o m type []v1.NodeCondition
        f config @io.k8s.api.core.v1.NodeConfigStatus p - - *v1.NodeConfigStatus
        f daemonEndpoints @io.k8s.api.core.v1.NodeDaemonEndpoints w - - v1.NodeDaemonEndpoints
        f declaredFeatures Ls o - - []string
        f features @io.k8s.api.core.v1.NodeFeatures p - - *v1.NodeFeatures
        f images L@io.k8s.api.core.v1.ContainerImage o - - []v1.ContainerImage
        f nodeInfo @io.k8s.api.core.v1.NodeSystemInfo w - - v1.NodeSystemInfo
        f phase s o - - v1.NodePhase
        f runtimeHandlers L@io.k8s.api.core.v1.NodeRuntimeHandler o - - []v1.NodeRuntimeHandler
        f volumesAttached L@io.k8s.api.core.v1.AttachedVolume o - - []v1.AttachedVolume
        f volumesInUse Ls o - - []v1.UniqueVolumeName
        T io.k8s.api.core.v1.NodeConfigSource -
        f configMap @io.k8s.api.core.v1.ConfigMapNodeConfigSource p - - *v1.ConfigMapNodeConfigSource
        T io.k8s.api.core.v1.Taint -
        f effect s w r - v1.TaintEffect
        f key s w r - string
        f timeAdded t p - - *v1.Time
        f value s o - - string
        T io.k8s.api.core.v1.NodeAddress -
        f address s w r - string
        f type s w r - v1.NodeAddressType
        T io.k8s.api.core.v1.NodeCondition -
        f lastHeartbeatTime t w - - v1.Time
        f lastTransitionTime t w - - v1.Time
        f message s o - - string
        f reason s o - - string
        f status s w r - v1.ConditionStatus
        f type s w r - v1.NodeConditionType
        T io.k8s.api.core.v1.NodeConfigStatus -
        f active @io.k8s.api.core.v1.NodeConfigSource p - - *v1.NodeConfigSource
        f assigned @io.k8s.api.core.v1.NodeConfigSource p - - *v1.NodeConfigSource
        f error s o - - string
        f lastKnownGood @io.k8s.api.core.v1.NodeConfigSource p - - *v1.NodeConfigSource
        T io.k8s.api.core.v1.NodeDaemonEndpoints -
        f kubeletEndpoint @io.k8s.api.core.v1.DaemonEndpoint w - - v1.DaemonEndpoint
        T io.k8s.api.core.v1.NodeFeatures -
        f supplementalGroupsPolicy b p - - *bool
        T io.k8s.api.core.v1.ContainerImage -
        f names Ls w - - []string
        f sizeBytes l o - - int64
        T io.k8s.api.core.v1.NodeSystemInfo -
        f architecture s w r - string
        f bootID s w r - string
        f containerRuntimeVersion s w r - string
        f kernelVersion s w r - string
        f kubeProxyVersion s w r - string
        f kubeletVersion s w r - string
        f machineID s w r - string
        f operatingSystem s w r - string
        f osImage s w r - string
        f swap @io.k8s.api.core.v1.NodeSwapStatus p - - *v1.NodeSwapStatus
        f systemUUID s w r - string
        T io.k8s.api.core.v1.NodeRuntimeHandler -
        f features @io.k8s.api.core.v1.NodeRuntimeHandlerFeatures p - - *v1.NodeRuntimeHandlerFeatures
        f name s w - - string
        T io.k8s.api.core.v1.AttachedVolume -
        f devicePath s w r - string
        f name s w r - v1.UniqueVolumeName
        T io.k8s.api.core.v1.ConfigMapNodeConfigSource -
        f kubeletConfigKey s w r - string
        f name s w r - string
        f namespace s w r - string
        f resourceVersion s o - - string
        f uid s o - - types.UID
        T io.k8s.api.core.v1.DaemonEndpoint -
        f Port i w r - int32
        T io.k8s.api.core.v1.NodeSwapStatus -
        f capacity l p - - *int64
        T io.k8s.api.core.v1.NodeRuntimeHandlerFeatures -
        f recursiveReadOnlyMounts b p - - *bool
        f userNamespaces b p - - *bool
        T io.k8s.api.core.v1.NodeList -
        k - v1 NodeList
        f apiVersion s o - - string
        f items N@io.k8s.api.core.v1.Node w r - []v1.Node
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.core.v1.PersistentVolumeClaim -
        k - v1 PersistentVolumeClaim
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.core.v1.PersistentVolumeClaimSpec w - - v1.PersistentVolumeClaimSpec
        f status @io.k8s.api.core.v1.PersistentVolumeClaimStatus w - - v1.PersistentVolumeClaimStatus
        T io.k8s.api.core.v1.PersistentVolumeClaimSpec -
        f accessModes Ls o - - []v1.PersistentVolumeAccessMode
        f dataSource @io.k8s.api.core.v1.TypedLocalObjectReference p - - *v1.TypedLocalObjectReference
        f dataSourceRef @io.k8s.api.core.v1.TypedObjectReference p - - *v1.TypedObjectReference
        f resources @io.k8s.api.core.v1.VolumeResourceRequirements w - - v1.VolumeResourceRequirements
        f selector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        f storageClassName s p - - *string
        f volumeAttributesClassName s p - - *string
        f volumeMode s p - - *v1.PersistentVolumeMode
        f volumeName s o - - string
        T io.k8s.api.core.v1.PersistentVolumeClaimStatus -
        f accessModes Ls o - - []v1.PersistentVolumeAccessMode
        f allocatedResourceStatuses Ms o - - map[v1.ResourceName]v1.ClaimResourceStatus
        f allocatedResources Mq o - - v1.ResourceList
        f capacity Mq o - - v1.ResourceList
        f conditions K{type}@io.k8s.api.core.v1.PersistentVolumeClaimCondition o m type []v1.PersistentVolumeClaimCondition
        f currentVolumeAttributesClassName s p - - *string
        f modifyVolumeStatus @io.k8s.api.core.v1.ModifyVolumeStatus p - - *v1.ModifyVolumeStatus
        f phase s o - - v1.PersistentVolumeClaimPhase
        T io.k8s.api.core.v1.TypedLocalObjectReference a
        f apiGroup s n - - *string
        f kind s w r - string
        f name s w r - string
        T io.k8s.api.core.v1.TypedObjectReference -
        f apiGroup s n - - *string
        f kind s w r - string
        f name s w r - string
        f namespace s p - - *string
        T io.k8s.api.core.v1.VolumeResourceRequirements -
        f limits Mq o - - v1.ResourceList
        f requests Mq o - - v1.ResourceList
        T io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector a
        f matchExpressions L@io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement o - - []v1.LabelSelectorRequirement
        f matchLabels Ms o - - map[string]string
        T io.k8s.api.core.v1.PersistentVolumeClaimCondition -
        f lastProbeTime t w - - v1.Time
        f lastTransitionTime t w - - v1.Time
        f message s o - - string
        f reason s o - - string
        f status s w r - v1.ConditionStatus
        f type s w r - v1.PersistentVolumeClaimConditionType
        T io.k8s.api.core.v1.ModifyVolumeStatus -
        f status s w r - v1.PersistentVolumeClaimModifyVolumeStatus
        f targetVolumeAttributesClassName s o - - string
        T io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement -
        f key s w r - string
        f operator s w r - v1.LabelSelectorOperator
        f values Ls o - - []string
        T io.k8s.api.core.v1.PersistentVolumeClaimList -
        k - v1 PersistentVolumeClaimList
        f apiVersion s o - - string
        f items N@io.k8s.api.core.v1.PersistentVolumeClaim w r - []v1.PersistentVolumeClaim
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.core.v1.PersistentVolume -
        k - v1 PersistentVolume
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.core.v1.PersistentVolumeSpec w - - v1.PersistentVolumeSpec
        f status @io.k8s.api.core.v1.PersistentVolumeStatus w - - v1.PersistentVolumeStatus
        T io.k8s.api.core.v1.PersistentVolumeSpec -
        f accessModes Ls o - - []v1.PersistentVolumeAccessMode
        f awsElasticBlockStore @io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource p - - *v1.AWSElasticBlockStoreVolumeSource
        f azureDisk @io.k8s.api.core.v1.AzureDiskVolumeSource p - - *v1.AzureDiskVolumeSource
        f azureFile @io.k8s.api.core.v1.AzureFilePersistentVolumeSource p - - *v1.AzureFilePersistentVolumeSource
        f capacity Mq o - - v1.ResourceList
        f cephfs @io.k8s.api.core.v1.CephFSPersistentVolumeSource p - - *v1.CephFSPersistentVolumeSource
        f cinder @io.k8s.api.core.v1.CinderPersistentVolumeSource p - - *v1.CinderPersistentVolumeSource
        f claimRef @io.k8s.api.core.v1.ObjectReference p - - *v1.ObjectReference
        f csi @io.k8s.api.core.v1.CSIPersistentVolumeSource p - - *v1.CSIPersistentVolumeSource
        f fc @io.k8s.api.core.v1.FCVolumeSource p - - *v1.FCVolumeSource
        f flexVolume @io.k8s.api.core.v1.FlexPersistentVolumeSource p - - *v1.FlexPersistentVolumeSource
        f flocker @io.k8s.api.core.v1.FlockerVolumeSource p - - *v1.FlockerVolumeSource
        f gcePersistentDisk @io.k8s.api.core.v1.GCEPersistentDiskVolumeSource p - - *v1.GCEPersistentDiskVolumeSource
        f glusterfs @io.k8s.api.core.v1.GlusterfsPersistentVolumeSource p - - *v1.GlusterfsPersistentVolumeSource
        f hostPath @io.k8s.api.core.v1.HostPathVolumeSource p - - *v1.HostPathVolumeSource
        f iscsi @io.k8s.api.core.v1.ISCSIPersistentVolumeSource p - - *v1.ISCSIPersistentVolumeSource
        f local @io.k8s.api.core.v1.LocalVolumeSource p - - *v1.LocalVolumeSource
        f mountOptions Ls o - - []string
        f nfs @io.k8s.api.core.v1.NFSVolumeSource p - - *v1.NFSVolumeSource
        f nodeAffinity @io.k8s.api.core.v1.VolumeNodeAffinity p - - *v1.VolumeNodeAffinity
        f persistentVolumeReclaimPolicy s o - - v1.PersistentVolumeReclaimPolicy
        f photonPersistentDisk @io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource p - - *v1.PhotonPersistentDiskVolumeSource
        f portworxVolume @io.k8s.api.core.v1.PortworxVolumeSource p - - *v1.PortworxVolumeSource
        f quobyte @io.k8s.api.core.v1.QuobyteVolumeSource p - - *v1.QuobyteVolumeSource
        f rbd @io.k8s.api.core.v1.RBDPersistentVolumeSource p - - *v1.RBDPersistentVolumeSource
        f scaleIO @io.k8s.api.core.v1.ScaleIOPersistentVolumeSource p - - *v1.ScaleIOPersistentVolumeSource
        f storageClassName s o - - string
        f storageos @io.k8s.api.core.v1.StorageOSPersistentVolumeSource p - - *v1.StorageOSPersistentVolumeSource
        f volumeAttributesClassName s p - - *string
        f volumeMode s p - - *v1.PersistentVolumeMode
        f vsphereVolume @io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource p - - *v1.VsphereVirtualDiskVolumeSource
        T io.k8s.api.core.v1.PersistentVolumeStatus -
        f lastPhaseTransitionTime t p - - *v1.Time
        f message s o - - string
        f phase s o - - v1.PersistentVolumePhase
        f reason s o - - string
        T io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource -
        f fsType s o - - string
        f partition i o - - int32
        f readOnly b o - - bool
        f volumeID s w r - string
        T io.k8s.api.core.v1.AzureDiskVolumeSource -
        f cachingMode s p - - *v1.AzureDataDiskCachingMode
        f diskName s w r - string
        f diskURI s w r - string
        f fsType s p - - *string
        f kind s p - - *v1.AzureDataDiskKind
        f readOnly b p - - *bool
        T io.k8s.api.core.v1.AzureFilePersistentVolumeSource -
        f readOnly b o - - bool
        f secretName s w r - string
        f secretNamespace s n - - *string
        f shareName s w r - string
        T io.k8s.api.core.v1.CephFSPersistentVolumeSource -
        f monitors Ls w r - []string
        f path s o - - string
        f readOnly b o - - bool
        f secretFile s o - - string
        f secretRef @io.k8s.api.core.v1.SecretReference p - - *v1.SecretReference
        f user s o - - string
        T io.k8s.api.core.v1.CinderPersistentVolumeSource -
        f fsType s o - - string
        f readOnly b o - - bool
        f secretRef @io.k8s.api.core.v1.SecretReference p - - *v1.SecretReference
        f volumeID s w r - string
        T io.k8s.api.core.v1.CSIPersistentVolumeSource -
        f controllerExpandSecretRef @io.k8s.api.core.v1.SecretReference p - - *v1.SecretReference
        f controllerPublishSecretRef @io.k8s.api.core.v1.SecretReference p - - *v1.SecretReference
        f driver s w r - string
        f fsType s o - - string
        f nodeExpandSecretRef @io.k8s.api.core.v1.SecretReference p - - *v1.SecretReference
        f nodePublishSecretRef @io.k8s.api.core.v1.SecretReference p - - *v1.SecretReference
        f nodeStageSecretRef @io.k8s.api.core.v1.SecretReference p - - *v1.SecretReference
        f readOnly b o - - bool
        f volumeAttributes Ms o - - map[string]string
        f volumeHandle s w r - string
        T io.k8s.api.core.v1.FCVolumeSource -
        f fsType s o - - string
        f lun i p - - *int32
        f readOnly b o - - bool
        f targetWWNs Ls o - - []string
        f wwids Ls o - - []string
        T io.k8s.api.core.v1.FlexPersistentVolumeSource -
        f driver s w r - string
        f fsType s o - - string
        f options Ms o - - map[string]string
        f readOnly b o - - bool
        f secretRef @io.k8s.api.core.v1.SecretReference p - - *v1.SecretReference
        T io.k8s.api.core.v1.FlockerVolumeSource -
        f datasetName s o - - string
        f datasetUUID s o - - string
        T io.k8s.api.core.v1.GCEPersistentDiskVolumeSource -
        f fsType s o - - string
        f partition i o - - int32
        f pdName s w r - string
        f readOnly b o - - bool
        T io.k8s.api.core.v1.GlusterfsPersistentVolumeSource -
        f endpoints s w r - string
        f endpointsNamespace s p - - *string
        f path s w r - string
        f readOnly b o - - bool
        T io.k8s.api.core.v1.HostPathVolumeSource -
        f path s w r - string
        f type s p - - *v1.HostPathType
        T io.k8s.api.core.v1.ISCSIPersistentVolumeSource -
        f chapAuthDiscovery b o - - bool
        f chapAuthSession b o - - bool
        f fsType s o - - string
        f initiatorName s p - - *string
        f iqn s w r - string
        f iscsiInterface s o - - string
        f lun i w r - int32
        f portals Ls o - - []string
        f readOnly b o - - bool
        f secretRef @io.k8s.api.core.v1.SecretReference p - - *v1.SecretReference
        f targetPortal s w r - string
        T io.k8s.api.core.v1.LocalVolumeSource -
        f fsType s p - - *string
        f path s w r - string
        T io.k8s.api.core.v1.NFSVolumeSource -
        f path s w r - string
        f readOnly b o - - bool
        f server s w r - string
        T io.k8s.api.core.v1.VolumeNodeAffinity -
        f required @io.k8s.api.core.v1.NodeSelector p - - *v1.NodeSelector
        T io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource -
        f fsType s o - - string
        f pdID s w r - string
        T io.k8s.api.core.v1.PortworxVolumeSource -
        f fsType s o - - string
        f readOnly b o - - bool
        f volumeID s w r - string
        T io.k8s.api.core.v1.QuobyteVolumeSource -
        f group s o - - string
        f readOnly b o - - bool
        f registry s w r - string
        f tenant s o - - string
        f user s o - - string
        f volume s w r - string
        T io.k8s.api.core.v1.RBDPersistentVolumeSource -
        f fsType s o - - string
        f image s w r - string
        f keyring s o - - string
        f monitors Ls w r - []string
        f pool s o - - string
        f readOnly b o - - bool
        f secretRef @io.k8s.api.core.v1.SecretReference p - - *v1.SecretReference
        f user s o - - string
        T io.k8s.api.core.v1.ScaleIOPersistentVolumeSource -
        f fsType s o - - string
        f gateway s w r - string
        f protectionDomain s o - - string
        f readOnly b o - - bool
        f secretRef @io.k8s.api.core.v1.SecretReference n r - *v1.SecretReference
        f sslEnabled b o - - bool
        f storageMode s o - - string
        f storagePool s o - - string
        f system s w r - string
        f volumeName s o - - string
        T io.k8s.api.core.v1.StorageOSPersistentVolumeSource -
        f fsType s o - - string
        f readOnly b o - - bool
        f secretRef @io.k8s.api.core.v1.ObjectReference p - - *v1.ObjectReference
        f volumeName s o - - string
        f volumeNamespace s o - - string
        T io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource -
        f fsType s o - - string
        f storagePolicyID s o - - string
        f storagePolicyName s o - - string
        f volumePath s w r - string
        T io.k8s.api.core.v1.SecretReference a
        f name s o - - string
        f namespace s o - - string
        T io.k8s.api.core.v1.NodeSelector a
        f nodeSelectorTerms L@io.k8s.api.core.v1.NodeSelectorTerm w r - []v1.NodeSelectorTerm
        T io.k8s.api.core.v1.NodeSelectorTerm a
        f matchExpressions L@io.k8s.api.core.v1.NodeSelectorRequirement o - - []v1.NodeSelectorRequirement
        f matchFields L@io.k8s.api.core.v1.NodeSelectorRequirement o - - []v1.NodeSelectorRequirement
        T io.k8s.api.core.v1.NodeSelectorRequirement -
        f key s w r - string
        f operator s w r - v1.NodeSelectorOperator
        f values Ls o - - []string
        T io.k8s.api.core.v1.PersistentVolumeList -
        k - v1 PersistentVolumeList
        f apiVersion s o - - string
        f items N@io.k8s.api.core.v1.PersistentVolume w r - []v1.PersistentVolume
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.core.v1.Pod -
        k - v1 Pod
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.core.v1.PodSpec w - - v1.PodSpec
        f status @io.k8s.api.core.v1.PodStatus w - - v1.PodStatus
        T io.k8s.api.core.v1.PodSpec -
        f activeDeadlineSeconds l p - - *int64
        f affinity @io.k8s.api.core.v1.Affinity p - - *v1.Affinity
        f automountServiceAccountToken b p - - *bool
        f containers K{name}@io.k8s.api.core.v1.Container w rm name []v1.Container
        f dnsConfig @io.k8s.api.core.v1.PodDNSConfig p - - *v1.PodDNSConfig
        f dnsPolicy s o - - v1.DNSPolicy
        f enableServiceLinks b p - - *bool
        f ephemeralContainers K{name}@io.k8s.api.core.v1.EphemeralContainer o m name []v1.EphemeralContainer
        f hostAliases K{ip}@io.k8s.api.core.v1.HostAlias o m ip []v1.HostAlias
        f hostIPC b o - - bool
        f hostNetwork b o - - bool
        f hostPID b o - - bool
        f hostUsers b p - - *bool
        f hostname s o - - string
        f hostnameOverride s p - - *string
        f imagePullSecrets K{name}@io.k8s.api.core.v1.LocalObjectReference o m name []v1.LocalObjectReference
        f initContainers K{name}@io.k8s.api.core.v1.Container o m name []v1.Container
        f nodeName s o - - string
        f nodeSelector AMs o - - map[string]string
        f os @io.k8s.api.core.v1.PodOS p - - *v1.PodOS
        f overhead Mq o - - v1.ResourceList
        f preemptionPolicy s p - - *v1.PreemptionPolicy
        f priority i p - - *int32
        f priorityClassName s o - - string
        f readinessGates L@io.k8s.api.core.v1.PodReadinessGate o - - []v1.PodReadinessGate
        f resourceClaims K{name}@io.k8s.api.core.v1.PodResourceClaim o mk name []v1.PodResourceClaim
        f resources @io.k8s.api.core.v1.ResourceRequirements p - - *v1.ResourceRequirements
        f restartPolicy s o - - v1.RestartPolicy
        f runtimeClassName s p - - *string
        f schedulerName s o - - string
        f schedulingGates K{name}@io.k8s.api.core.v1.PodSchedulingGate o m name []v1.PodSchedulingGate
        f schedulingGroup @io.k8s.api.core.v1.PodSchedulingGroup p - - *v1.PodSchedulingGroup
        f securityContext @io.k8s.api.core.v1.PodSecurityContext p - - *v1.PodSecurityContext
        f serviceAccount s o - - string
        f serviceAccountName s o - - string
        f setHostnameAsFQDN b p - - *bool
        f shareProcessNamespace b p - - *bool
        f subdomain s o - - string
        f terminationGracePeriodSeconds l p - - *int64
        f tolerations L@io.k8s.api.core.v1.Toleration o - - []v1.Toleration
        f topologySpreadConstraints K{topologyKey,whenUnsatisfiable}@io.k8s.api.core.v1.TopologySpreadConstraint o m topologyKey []v1.TopologySpreadConstraint
        f volumes K{name}@io.k8s.api.core.v1.Volume o mk name []v1.Volume
        T io.k8s.api.core.v1.PodStatus -
        f allocatedResources Mq o - - v1.ResourceList
        f conditions K{type}@io.k8s.api.core.v1.PodCondition o m type []v1.PodCondition
        f containerStatuses L@io.k8s.api.core.v1.ContainerStatus o - - []v1.ContainerStatus
        f ephemeralContainerStatuses L@io.k8s.api.core.v1.ContainerStatus o - - []v1.ContainerStatus
        f extendedResourceClaimStatus @io.k8s.api.core.v1.PodExtendedResourceClaimStatus p - - *v1.PodExtendedResourceClaimStatus
        f hostIP s o - - string
        f hostIPs L@io.k8s.api.core.v1.HostIP o m ip []v1.HostIP
        f initContainerStatuses L@io.k8s.api.core.v1.ContainerStatus o - - []v1.ContainerStatus
        f message s o - - string
        f nodeAllocatableResourceClaimStatuses L@io.k8s.api.core.v1.NodeAllocatableResourceClaimStatus o - - []v1.NodeAllocatableResourceClaimStatus
        f nominatedNodeName s o - - string
        f observedGeneration l o - - int64
        f phase s o - - v1.PodPhase
        f podIP s o - - string
        f podIPs K{ip}@io.k8s.api.core.v1.PodIP o m ip []v1.PodIP
        f qosClass s o - - v1.PodQOSClass
        f reason s o - - string
        f resize s o - - v1.PodResizeStatus
        f resourceClaimStatuses K{name}@io.k8s.api.core.v1.PodResourceClaimStatus o mk name []v1.PodResourceClaimStatus
        f resources @io.k8s.api.core.v1.ResourceRequirements p - - *v1.ResourceRequirements
        f startTime t p - - *v1.Time
        T io.k8s.api.core.v1.Affinity -
        f nodeAffinity @io.k8s.api.core.v1.NodeAffinity p - - *v1.NodeAffinity
        f podAffinity @io.k8s.api.core.v1.PodAffinity p - - *v1.PodAffinity
        f podAntiAffinity @io.k8s.api.core.v1.PodAntiAffinity p - - *v1.PodAntiAffinity
        T io.k8s.api.core.v1.Container -
        f args Ls o - - []string
        f command Ls o - - []string
        f env K{name}@io.k8s.api.core.v1.EnvVar o m name []v1.EnvVar
        f envFrom L@io.k8s.api.core.v1.EnvFromSource o - - []v1.EnvFromSource
        f image s o - - string
        f imagePullPolicy s o - - v1.PullPolicy
        f lifecycle @io.k8s.api.core.v1.Lifecycle p - - *v1.Lifecycle
        f livenessProbe @io.k8s.api.core.v1.Probe p - - *v1.Probe
        f name s w r - string
        f ports K{containerPort,protocol}@io.k8s.api.core.v1.ContainerPort o m containerPort []v1.ContainerPort
        f readinessProbe @io.k8s.api.core.v1.Probe p - - *v1.Probe
        f resizePolicy L@io.k8s.api.core.v1.ContainerResizePolicy o - - []v1.ContainerResizePolicy
        f resources @io.k8s.api.core.v1.ResourceRequirements w - - v1.ResourceRequirements
        f restartPolicy s p - - *v1.ContainerRestartPolicy
        f restartPolicyRules L@io.k8s.api.core.v1.ContainerRestartRule o - - []v1.ContainerRestartRule
        f securityContext @io.k8s.api.core.v1.SecurityContext p - - *v1.SecurityContext
        f startupProbe @io.k8s.api.core.v1.Probe p - - *v1.Probe
        f stdin b o - - bool
        f stdinOnce b o - - bool
        f terminationMessagePath s o - - string
        f terminationMessagePolicy s o - - v1.TerminationMessagePolicy
        f tty b o - - bool
        f volumeDevices K{devicePath}@io.k8s.api.core.v1.VolumeDevice o m devicePath []v1.VolumeDevice
        f volumeMounts K{mountPath}@io.k8s.api.core.v1.VolumeMount o m mountPath []v1.VolumeMount
        f workingDir s o - - string
        T io.k8s.api.core.v1.PodDNSConfig -
        f nameservers Ls o - - []string
        f options L@io.k8s.api.core.v1.PodDNSConfigOption o - - []v1.PodDNSConfigOption
        f searches Ls o - - []string
        T io.k8s.api.core.v1.EphemeralContainer -
        f args Ls o - - []string
        f command Ls o - - []string
        f env K{name}@io.k8s.api.core.v1.EnvVar o m name []v1.EnvVar
        f envFrom L@io.k8s.api.core.v1.EnvFromSource o - - []v1.EnvFromSource
        f image s o - - string
        f imagePullPolicy s o - - v1.PullPolicy
        f lifecycle @io.k8s.api.core.v1.Lifecycle p - - *v1.Lifecycle
        f livenessProbe @io.k8s.api.core.v1.Probe p - - *v1.Probe
        f name s w r - string
        f ports K{containerPort,protocol}@io.k8s.api.core.v1.ContainerPort o m containerPort []v1.ContainerPort
        f readinessProbe @io.k8s.api.core.v1.Probe p - - *v1.Probe
        f resizePolicy L@io.k8s.api.core.v1.ContainerResizePolicy o - - []v1.ContainerResizePolicy
        f resources @io.k8s.api.core.v1.ResourceRequirements w - - v1.ResourceRequirements
        f restartPolicy s p - - *v1.ContainerRestartPolicy
        f restartPolicyRules L@io.k8s.api.core.v1.ContainerRestartRule o - - []v1.ContainerRestartRule
        f securityContext @io.k8s.api.core.v1.SecurityContext p - - *v1.SecurityContext
        f startupProbe @io.k8s.api.core.v1.Probe p - - *v1.Probe
        f stdin b o - - bool
        f stdinOnce b o - - bool
        f targetContainerName s o - - string
        f terminationMessagePath s o - - string
        f terminationMessagePolicy s o - - v1.TerminationMessagePolicy
        f tty b o - - bool
        f volumeDevices K{devicePath}@io.k8s.api.core.v1.VolumeDevice o m devicePath []v1.VolumeDevice
        f volumeMounts K{mountPath}@io.k8s.api.core.v1.VolumeMount o m mountPath []v1.VolumeMount
        f workingDir s o - - string
        T io.k8s.api.core.v1.HostAlias -
        f hostnames Ls o - - []string
        f ip s w r - string
        T io.k8s.api.core.v1.LocalObjectReference a
        f name s o - - string
        T io.k8s.api.core.v1.PodOS -
        f name s w r - v1.OSName
        T io.k8s.api.core.v1.PodReadinessGate -
        f conditionType s w r - v1.PodConditionType
        T io.k8s.api.core.v1.PodResourceClaim -
        f name s w r - string
        f resourceClaimName s p - - *string
        f resourceClaimTemplateName s p - - *string
        T io.k8s.api.core.v1.ResourceRequirements -
        f claims K{name}@io.k8s.api.core.v1.ResourceClaim o - - []v1.ResourceClaim
        f limits Mq o - - v1.ResourceList
        f requests Mq o - - v1.ResourceList
        T io.k8s.api.core.v1.PodSchedulingGate -
        f name s w r - string
        T io.k8s.api.core.v1.PodSchedulingGroup -
        f podGroupName s p - - *string
        T io.k8s.api.core.v1.PodSecurityContext -
        f appArmorProfile @io.k8s.api.core.v1.AppArmorProfile p - - *v1.AppArmorProfile
        f fsGroup l p - - *int64
        f fsGroupChangePolicy s p - - *v1.PodFSGroupChangePolicy
        f runAsGroup l p - - *int64
        f runAsNonRoot b p - - *bool
        f runAsUser l p - - *int64
        f seLinuxChangePolicy s p - - *v1.PodSELinuxChangePolicy
        f seLinuxOptions @io.k8s.api.core.v1.SELinuxOptions p - - *v1.SELinuxOptions
        f seccompProfile @io.k8s.api.core.v1.SeccompProfile p - - *v1.SeccompProfile
        f supplementalGroups Ll o - - []int64
        f supplementalGroupsPolicy s p - - *v1.SupplementalGroupsPolicy
        f sysctls L@io.k8s.api.core.v1.Sysctl o - - []v1.Sysctl
        f windowsOptions @io.k8s.api.core.v1.WindowsSecurityContextOptions p - - *v1.WindowsSecurityContextOptions
        T io.k8s.api.core.v1.Toleration -
        f effect s o - - v1.TaintEffect
        f key s o - - string
        f operator s o - - v1.TolerationOperator
        f tolerationSeconds l p - - *int64
        f value s o - - string
        T io.k8s.api.core.v1.TopologySpreadConstraint -
        f labelSelector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        f matchLabelKeys Ls o - - []string
        f maxSkew i w r - int32
        f minDomains i p - - *int32
        f nodeAffinityPolicy s p - - *v1.NodeInclusionPolicy
        f nodeTaintsPolicy s p - - *v1.NodeInclusionPolicy
        f topologyKey s w r - string
        f whenUnsatisfiable s w r - v1.UnsatisfiableConstraintAction
        T io.k8s.api.core.v1.Volume -
        f awsElasticBlockStore @io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource p - - *v1.AWSElasticBlockStoreVolumeSource
        f azureDisk @io.k8s.api.core.v1.AzureDiskVolumeSource p - - *v1.AzureDiskVolumeSource
        f azureFile @io.k8s.api.core.v1.AzureFileVolumeSource p - - *v1.AzureFileVolumeSource
        f cephfs @io.k8s.api.core.v1.CephFSVolumeSource p - - *v1.CephFSVolumeSource
        f cinder @io.k8s.api.core.v1.CinderVolumeSource p - - *v1.CinderVolumeSource
        f configMap @io.k8s.api.core.v1.ConfigMapVolumeSource p - - *v1.ConfigMapVolumeSource
        f csi @io.k8s.api.core.v1.CSIVolumeSource p - - *v1.CSIVolumeSource
        f downwardAPI @io.k8s.api.core.v1.DownwardAPIVolumeSource p - - *v1.DownwardAPIVolumeSource
        f emptyDir @io.k8s.api.core.v1.EmptyDirVolumeSource p - - *v1.EmptyDirVolumeSource
        f ephemeral @io.k8s.api.core.v1.EphemeralVolumeSource p - - *v1.EphemeralVolumeSource
        f fc @io.k8s.api.core.v1.FCVolumeSource p - - *v1.FCVolumeSource
        f flexVolume @io.k8s.api.core.v1.FlexVolumeSource p - - *v1.FlexVolumeSource
        f flocker @io.k8s.api.core.v1.FlockerVolumeSource p - - *v1.FlockerVolumeSource
        f gcePersistentDisk @io.k8s.api.core.v1.GCEPersistentDiskVolumeSource p - - *v1.GCEPersistentDiskVolumeSource
        f gitRepo @io.k8s.api.core.v1.GitRepoVolumeSource p - - *v1.GitRepoVolumeSource
        f glusterfs @io.k8s.api.core.v1.GlusterfsVolumeSource p - - *v1.GlusterfsVolumeSource
        f hostPath @io.k8s.api.core.v1.HostPathVolumeSource p - - *v1.HostPathVolumeSource
        f image @io.k8s.api.core.v1.ImageVolumeSource p - - *v1.ImageVolumeSource
        f iscsi @io.k8s.api.core.v1.ISCSIVolumeSource p - - *v1.ISCSIVolumeSource
        f name s w r - string
        f nfs @io.k8s.api.core.v1.NFSVolumeSource p - - *v1.NFSVolumeSource
        f persistentVolumeClaim @io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource p - - *v1.PersistentVolumeClaimVolumeSource
        f photonPersistentDisk @io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource p - - *v1.PhotonPersistentDiskVolumeSource
        f portworxVolume @io.k8s.api.core.v1.PortworxVolumeSource p - - *v1.PortworxVolumeSource
        f projected @io.k8s.api.core.v1.ProjectedVolumeSource p - - *v1.ProjectedVolumeSource
        f quobyte @io.k8s.api.core.v1.QuobyteVolumeSource p - - *v1.QuobyteVolumeSource
        f rbd @io.k8s.api.core.v1.RBDVolumeSource p - - *v1.RBDVolumeSource
        f scaleIO @io.k8s.api.core.v1.ScaleIOVolumeSource p - - *v1.ScaleIOVolumeSource
        f secret @io.k8s.api.core.v1.SecretVolumeSource p - - *v1.SecretVolumeSource
        f storageos @io.k8s.api.core.v1.StorageOSVolumeSource p - - *v1.StorageOSVolumeSource
        f vsphereVolume @io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource p - - *v1.VsphereVirtualDiskVolumeSource
        T io.k8s.api.core.v1.PodCondition -
        f lastProbeTime t w - - v1.Time
        f lastTransitionTime t w - - v1.Time
        f message s o - - string
        f observedGeneration l o - - int64
        f reason s o - - string
        f status s w r - v1.ConditionStatus
        f type s w r - v1.PodConditionType
        T io.k8s.api.core.v1.ContainerStatus -
        f allocatedResources Mq o - - v1.ResourceList
        f allocatedResourcesStatus K{name}@io.k8s.api.core.v1.ResourceStatus o m name []v1.ResourceStatus
        f containerID s o - - string
        f image s w r - string
        f imageID s w r - string
        f lastState @io.k8s.api.core.v1.ContainerState w - - v1.ContainerState
        f name s w r - string
        f ready b w r - bool
        f resources @io.k8s.api.core.v1.ResourceRequirements p - - *v1.ResourceRequirements
        f restartCount i w r - int32
        f started b p - - *bool
        f state @io.k8s.api.core.v1.ContainerState w - - v1.ContainerState
        f stopSignal s p - - *v1.Signal
        f user @io.k8s.api.core.v1.ContainerUser p - - *v1.ContainerUser
        f volumeMounts K{mountPath}@io.k8s.api.core.v1.VolumeMountStatus o m mountPath []v1.VolumeMountStatus
        T io.k8s.api.core.v1.PodExtendedResourceClaimStatus -
        f requestMappings L@io.k8s.api.core.v1.ContainerExtendedResourceRequest w r - []v1.ContainerExtendedResourceRequest
        f resourceClaimName s w r - string
        T io.k8s.api.core.v1.HostIP -
        f ip s w r - string
        T io.k8s.api.core.v1.NodeAllocatableResourceClaimStatus -
        f containers Ss o - - []string
        f resourceClaimName s w r - string
        f resources Mq o r - -
        T io.k8s.api.core.v1.PodIP -
        f ip s w r - string
        T io.k8s.api.core.v1.PodResourceClaimStatus -
        f name s w r - string
        f resourceClaimName s p - - *string
        T io.k8s.api.core.v1.NodeAffinity -
        f preferredDuringSchedulingIgnoredDuringExecution L@io.k8s.api.core.v1.PreferredSchedulingTerm o - - []v1.PreferredSchedulingTerm
        f requiredDuringSchedulingIgnoredDuringExecution @io.k8s.api.core.v1.NodeSelector p - - *v1.NodeSelector
        T io.k8s.api.core.v1.PodAffinity -
        f preferredDuringSchedulingIgnoredDuringExecution L@io.k8s.api.core.v1.WeightedPodAffinityTerm o - - []v1.WeightedPodAffinityTerm
        f requiredDuringSchedulingIgnoredDuringExecution L@io.k8s.api.core.v1.PodAffinityTerm o - - []v1.PodAffinityTerm
        T io.k8s.api.core.v1.PodAntiAffinity -
        f preferredDuringSchedulingIgnoredDuringExecution L@io.k8s.api.core.v1.WeightedPodAffinityTerm o - - []v1.WeightedPodAffinityTerm
        f requiredDuringSchedulingIgnoredDuringExecution L@io.k8s.api.core.v1.PodAffinityTerm o - - []v1.PodAffinityTerm
        T io.k8s.api.core.v1.EnvVar -
        f name s w r - string
        f value s o - - string
        f valueFrom @io.k8s.api.core.v1.EnvVarSource p - - *v1.EnvVarSource
        T io.k8s.api.core.v1.EnvFromSource -
        f configMapRef @io.k8s.api.core.v1.ConfigMapEnvSource p - - *v1.ConfigMapEnvSource
        f prefix s o - - string
        f secretRef @io.k8s.api.core.v1.SecretEnvSource p - - *v1.SecretEnvSource
        T io.k8s.api.core.v1.Lifecycle -
        f postStart @io.k8s.api.core.v1.LifecycleHandler p - - *v1.LifecycleHandler
        f preStop @io.k8s.api.core.v1.LifecycleHandler p - - *v1.LifecycleHandler
        f stopSignal s p - - *v1.Signal
        T io.k8s.api.core.v1.Probe -
        f exec @io.k8s.api.core.v1.ExecAction p - - *v1.ExecAction
        f failureThreshold i o - - int32
        f grpc @io.k8s.api.core.v1.GRPCAction p - - *v1.GRPCAction
        f httpGet @io.k8s.api.core.v1.HTTPGetAction p - - *v1.HTTPGetAction
        f initialDelaySeconds i o - - int32
        f periodSeconds i o - - int32
        f successThreshold i o - - int32
        f tcpSocket @io.k8s.api.core.v1.TCPSocketAction p - - *v1.TCPSocketAction
        f terminationGracePeriodSeconds l p - - *int64
        f timeoutSeconds i o - - int32
        T io.k8s.api.core.v1.ContainerPort -
        f containerPort i w r - int32
        f hostIP s o - - string
        f hostPort i o - - int32
        f name s o - - string
        f protocol s o - - v1.Protocol
        T io.k8s.api.core.v1.ContainerResizePolicy -
        f resourceName s w r - v1.ResourceName
        f restartPolicy s w r - v1.ResourceResizeRestartPolicy
        T io.k8s.api.core.v1.ContainerRestartRule -
        f action s o r - v1.ContainerRestartRuleAction
        f exitCodes @io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes p - - *v1.ContainerRestartRuleOnExitCodes
        T io.k8s.api.core.v1.SecurityContext -
        f allowPrivilegeEscalation b p - - *bool
        f appArmorProfile @io.k8s.api.core.v1.AppArmorProfile p - - *v1.AppArmorProfile
        f capabilities @io.k8s.api.core.v1.Capabilities p - - *v1.Capabilities
        f privileged b p - - *bool
        f procMount s p - - *v1.ProcMountType
        f readOnlyRootFilesystem b p - - *bool
        f runAsGroup l p - - *int64
        f runAsNonRoot b p - - *bool
        f runAsUser l p - - *int64
        f seLinuxOptions @io.k8s.api.core.v1.SELinuxOptions p - - *v1.SELinuxOptions
        f seccompProfile @io.k8s.api.core.v1.SeccompProfile p - - *v1.SeccompProfile
        f windowsOptions @io.k8s.api.core.v1.WindowsSecurityContextOptions p - - *v1.WindowsSecurityContextOptions
        T io.k8s.api.core.v1.VolumeDevice -
        f devicePath s w r - string
        f name s w r - string
        T io.k8s.api.core.v1.VolumeMount -
        f mountPath s w r - string
        f mountPropagation s p - - *v1.MountPropagationMode
        f name s w r - string
        f readOnly b o - - bool
        f recursiveReadOnly s p - - *v1.RecursiveReadOnlyMode
        f subPath s o - - string
        f subPathExpr s o - - string
        T io.k8s.api.core.v1.PodDNSConfigOption -
        f name s o - - string
        f value s p - - *string
        T io.k8s.api.core.v1.ResourceClaim -
        f name s w r - string
        f request s o - - string
        T io.k8s.api.core.v1.AppArmorProfile -
        f localhostProfile s p - - *string
        f type s w r - v1.AppArmorProfileType
        T io.k8s.api.core.v1.SELinuxOptions -
        f level s o - - string
        f role s o - - string
        f type s o - - string
        f user s o - - string
        T io.k8s.api.core.v1.SeccompProfile -
        f localhostProfile s p - - *string
        f type s w r - v1.SeccompProfileType
        T io.k8s.api.core.v1.Sysctl -
        f name s w r - string
        f value s w r - string
        T io.k8s.api.core.v1.WindowsSecurityContextOptions -
        f gmsaCredentialSpec s p - - *string
        f gmsaCredentialSpecName s p - - *string
        f hostProcess b p - - *bool
        f runAsUserName s p - - *string
        T io.k8s.api.core.v1.AzureFileVolumeSource -
        f readOnly b o - - bool
        f secretName s w r - string
        f shareName s w r - string
        T io.k8s.api.core.v1.CephFSVolumeSource -
        f monitors Ls w r - []string
        f path s o - - string
        f readOnly b o - - bool
        f secretFile s o - - string
        f secretRef @io.k8s.api.core.v1.LocalObjectReference p - - *v1.LocalObjectReference
        f user s o - - string
        T io.k8s.api.core.v1.CinderVolumeSource -
        f fsType s o - - string
        f readOnly b o - - bool
        f secretRef @io.k8s.api.core.v1.LocalObjectReference p - - *v1.LocalObjectReference
        f volumeID s w r - string
        T io.k8s.api.core.v1.ConfigMapVolumeSource -
        f defaultMode i p - - *int32
        f items L@io.k8s.api.core.v1.KeyToPath o - - []v1.KeyToPath
        f name s o - - string
        f optional b p - - *bool
        T io.k8s.api.core.v1.CSIVolumeSource -
        f driver s w r - string
        f fsType s p - - *string
        f nodePublishSecretRef @io.k8s.api.core.v1.LocalObjectReference p - - *v1.LocalObjectReference
        f readOnly b p - - *bool
        f volumeAttributes Ms o - - map[string]string
        T io.k8s.api.core.v1.DownwardAPIVolumeSource -
        f defaultMode i p - - *int32
        f items L@io.k8s.api.core.v1.DownwardAPIVolumeFile o - - []v1.DownwardAPIVolumeFile
        T io.k8s.api.core.v1.EmptyDirVolumeSource -
        f medium s o - - v1.StorageMedium
        f sizeLimit q p - - *resource.Quantity
        T io.k8s.api.core.v1.EphemeralVolumeSource -
        f volumeClaimTemplate @io.k8s.api.core.v1.PersistentVolumeClaimTemplate p - - *v1.PersistentVolumeClaimTemplate
        T io.k8s.api.core.v1.FlexVolumeSource -
        f driver s w r - string
        f fsType s o - - string
        f options Ms o - - map[string]string
        f readOnly b o - - bool
        f secretRef @io.k8s.api.core.v1.LocalObjectReference p - - *v1.LocalObjectReference
        T io.k8s.api.core.v1.GitRepoVolumeSource -
        f directory s o - - string
        f repository s w r - string
        f revision s o - - string
        T io.k8s.api.core.v1.GlusterfsVolumeSource -
        f endpoints s w r - string
        f path s w r - string
        f readOnly b o - - bool
        T io.k8s.api.core.v1.ImageVolumeSource -
        f pullPolicy s o - - v1.PullPolicy
        f reference s o - - string
        T io.k8s.api.core.v1.ISCSIVolumeSource -
        f chapAuthDiscovery b o - - bool
        f chapAuthSession b o - - bool
        f fsType s o - - string
        f initiatorName s p - - *string
        f iqn s w r - string
        f iscsiInterface s o - - string
        f lun i w r - int32
        f portals Ls o - - []string
        f readOnly b o - - bool
        f secretRef @io.k8s.api.core.v1.LocalObjectReference p - - *v1.LocalObjectReference
        f targetPortal s w r - string
        T io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource -
        f claimName s w r - string
        f readOnly b o - - bool
        T io.k8s.api.core.v1.ProjectedVolumeSource -
        f defaultMode i p - - *int32
        f sources L@io.k8s.api.core.v1.VolumeProjection w - - []v1.VolumeProjection
        T io.k8s.api.core.v1.RBDVolumeSource -
        f fsType s o - - string
        f image s w r - string
        f keyring s o - - string
        f monitors Ls w r - []string
        f pool s o - - string
        f readOnly b o - - bool
        f secretRef @io.k8s.api.core.v1.LocalObjectReference p - - *v1.LocalObjectReference
        f user s o - - string
        T io.k8s.api.core.v1.ScaleIOVolumeSource -
        f fsType s o - - string
        f gateway s w r - string
        f protectionDomain s o - - string
        f readOnly b o - - bool
        f secretRef @io.k8s.api.core.v1.LocalObjectReference n r - *v1.LocalObjectReference
        f sslEnabled b o - - bool
        f storageMode s o - - string
        f storagePool s o - - string
        f system s w r - string
        f volumeName s o - - string
        T io.k8s.api.core.v1.SecretVolumeSource -
        f defaultMode i p - - *int32
        f items L@io.k8s.api.core.v1.KeyToPath o - - []v1.KeyToPath
        f optional b p - - *bool
        f secretName s o - - string
        T io.k8s.api.core.v1.StorageOSVolumeSource -
        f fsType s o - - string
        f readOnly b o - - bool
        f secretRef @io.k8s.api.core.v1.LocalObjectReference p - - *v1.LocalObjectReference
        f volumeName s o - - string
        f volumeNamespace s o - - string
        T io.k8s.api.core.v1.ResourceStatus -
        f name s w r - v1.ResourceName
        f resources K{resourceID}@io.k8s.api.core.v1.ResourceHealth o - - []v1.ResourceHealth
        T io.k8s.api.core.v1.ContainerState -
        f running @io.k8s.api.core.v1.ContainerStateRunning p - - *v1.ContainerStateRunning
        f terminated @io.k8s.api.core.v1.ContainerStateTerminated p - - *v1.ContainerStateTerminated
        f waiting @io.k8s.api.core.v1.ContainerStateWaiting p - - *v1.ContainerStateWaiting
        T io.k8s.api.core.v1.ContainerUser -
        f linux @io.k8s.api.core.v1.LinuxContainerUser p - - *v1.LinuxContainerUser
        T io.k8s.api.core.v1.VolumeMountStatus -
        f mountPath s w r - string
        f name s w r - string
        f readOnly b o - - bool
        f recursiveReadOnly s p - - *v1.RecursiveReadOnlyMode
        f volumeStatus @io.k8s.api.core.v1.VolumeStatus p - - *v1.VolumeStatus
        T io.k8s.api.core.v1.ContainerExtendedResourceRequest -
        f containerName s w r - string
        f requestName s w r - string
        f resourceName s w r - string
        T io.k8s.api.core.v1.PreferredSchedulingTerm -
        f preference @io.k8s.api.core.v1.NodeSelectorTerm w r - v1.NodeSelectorTerm
        f weight i w r - int32
        T io.k8s.api.core.v1.WeightedPodAffinityTerm -
        f podAffinityTerm @io.k8s.api.core.v1.PodAffinityTerm w r - v1.PodAffinityTerm
        f weight i w r - int32
        T io.k8s.api.core.v1.PodAffinityTerm -
        f labelSelector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        f matchLabelKeys Ls o - - []string
        f mismatchLabelKeys Ls o - - []string
        f namespaceSelector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        f namespaces Ls o - - []string
        f topologyKey s w r - string
        T io.k8s.api.core.v1.EnvVarSource -
        f configMapKeyRef @io.k8s.api.core.v1.ConfigMapKeySelector p - - *v1.ConfigMapKeySelector
        f fieldRef @io.k8s.api.core.v1.ObjectFieldSelector p - - *v1.ObjectFieldSelector
        f fileKeyRef @io.k8s.api.core.v1.FileKeySelector p - - *v1.FileKeySelector
        f resourceFieldRef @io.k8s.api.core.v1.ResourceFieldSelector p - - *v1.ResourceFieldSelector
        f secretKeyRef @io.k8s.api.core.v1.SecretKeySelector p - - *v1.SecretKeySelector
        T io.k8s.api.core.v1.ConfigMapEnvSource -
        f name s o - - string
        f optional b p - - *bool
        T io.k8s.api.core.v1.SecretEnvSource -
        f name s o - - string
        f optional b p - - *bool
        T io.k8s.api.core.v1.LifecycleHandler -
        f exec @io.k8s.api.core.v1.ExecAction p - - *v1.ExecAction
        f httpGet @io.k8s.api.core.v1.HTTPGetAction p - - *v1.HTTPGetAction
        f sleep @io.k8s.api.core.v1.SleepAction p - - *v1.SleepAction
        f tcpSocket @io.k8s.api.core.v1.TCPSocketAction p - - *v1.TCPSocketAction
        T io.k8s.api.core.v1.ExecAction -
        f command Ls o - - []string
        T io.k8s.api.core.v1.GRPCAction -
        f port i w r - int32
        f service s n - - *string
        T io.k8s.api.core.v1.HTTPGetAction -
        f host s o - - string
        f httpHeaders L@io.k8s.api.core.v1.HTTPHeader o - - []v1.HTTPHeader
        f path s o - - string
        f port x w r - intstr.IntOrString
        f scheme s o - - v1.URIScheme
        T io.k8s.api.core.v1.TCPSocketAction -
        f host s o - - string
        f port x w r - intstr.IntOrString
        T io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes -
        f operator s o r - v1.ContainerRestartRuleOnExitCodesOperator
        f values Si o - - []int32
        T io.k8s.api.core.v1.Capabilities -
        f add Ls o - - []v1.Capability
        f drop Ls o - - []v1.Capability
        T io.k8s.api.core.v1.KeyToPath -
        f key s w r - string
        f mode i p - - *int32
        f path s w r - string
        T io.k8s.api.core.v1.DownwardAPIVolumeFile -
        f fieldRef @io.k8s.api.core.v1.ObjectFieldSelector p - - *v1.ObjectFieldSelector
        f mode i p - - *int32
        f path s w r - string
        f resourceFieldRef @io.k8s.api.core.v1.ResourceFieldSelector p - - *v1.ResourceFieldSelector
        T io.k8s.api.core.v1.PersistentVolumeClaimTemplate -
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.core.v1.PersistentVolumeClaimSpec w r - v1.PersistentVolumeClaimSpec
        T io.k8s.api.core.v1.VolumeProjection -
        f clusterTrustBundle @io.k8s.api.core.v1.ClusterTrustBundleProjection p - - *v1.ClusterTrustBundleProjection
        f configMap @io.k8s.api.core.v1.ConfigMapProjection p - - *v1.ConfigMapProjection
        f downwardAPI @io.k8s.api.core.v1.DownwardAPIProjection p - - *v1.DownwardAPIProjection
        f podCertificate @io.k8s.api.core.v1.PodCertificateProjection p - - *v1.PodCertificateProjection
        f secret @io.k8s.api.core.v1.SecretProjection p - - *v1.SecretProjection
        f serviceAccountToken @io.k8s.api.core.v1.ServiceAccountTokenProjection p - - *v1.ServiceAccountTokenProjection
        T io.k8s.api.core.v1.ResourceHealth -
        f health s o - - v1.ResourceHealthStatus
        f message s p - - *string
        f resourceID s w r - v1.ResourceID
        T io.k8s.api.core.v1.ContainerStateRunning -
        f startedAt t w - - v1.Time
        T io.k8s.api.core.v1.ContainerStateTerminated -
        f containerID s o - - string
        f exitCode i w r - int32
        f finishedAt t w - - v1.Time
        f message s o - - string
        f reason s o - - string
        f signal i o - - int32
        f startedAt t w - - v1.Time
        T io.k8s.api.core.v1.ContainerStateWaiting -
        f message s o - - string
        f reason s o - - string
        T io.k8s.api.core.v1.LinuxContainerUser -
        f gid l w r - int64
        f supplementalGroups Ll o - - []int64
        f uid l w r - int64
        T io.k8s.api.core.v1.VolumeStatus -
        f image @io.k8s.api.core.v1.ImageVolumeStatus p - - *v1.ImageVolumeStatus
        T io.k8s.api.core.v1.ConfigMapKeySelector a
        f key s w r - string
        f name s o - - string
        f optional b p - - *bool
        T io.k8s.api.core.v1.ObjectFieldSelector a
        f apiVersion s o - - string
        f fieldPath s w r - string
        T io.k8s.api.core.v1.FileKeySelector a
        f key s w r - string
        f optional b p - - *bool
        f path s w r - string
        f volumeName s w r - string
        T io.k8s.api.core.v1.ResourceFieldSelector a
        f containerName s o - - string
        f divisor q w - - resource.Quantity
        f resource s w r - string
        T io.k8s.api.core.v1.SecretKeySelector a
        f key s w r - string
        f name s o - - string
        f optional b p - - *bool
        T io.k8s.api.core.v1.SleepAction -
        f seconds l w r - int64
        T io.k8s.api.core.v1.HTTPHeader -
        f name s w r - string
        f value s w r - string
        T io.k8s.api.core.v1.ClusterTrustBundleProjection -
        f labelSelector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        f name s p - - *string
        f optional b p - - *bool
        f path s w r - string
        f signerName s p - - *string
        T io.k8s.api.core.v1.ConfigMapProjection -
        f items L@io.k8s.api.core.v1.KeyToPath o - - []v1.KeyToPath
        f name s o - - string
        f optional b p - - *bool
        T io.k8s.api.core.v1.DownwardAPIProjection -
        f items L@io.k8s.api.core.v1.DownwardAPIVolumeFile o - - []v1.DownwardAPIVolumeFile
        T io.k8s.api.core.v1.PodCertificateProjection -
        f certificateChainPath s o - - string
        f credentialBundlePath s o - - string
        f keyPath s o - - string
        f keyType s o r - string
        f maxExpirationSeconds i p - - *int32
        f signerName s o r - string
        f userAnnotations Ms o - - map[string]string
        T io.k8s.api.core.v1.SecretProjection -
        f items L@io.k8s.api.core.v1.KeyToPath o - - []v1.KeyToPath
        f name s o - - string
        f optional b p - - *bool
        T io.k8s.api.core.v1.ServiceAccountTokenProjection -
        f audience s o - - string
        f expirationSeconds l p - - *int64
        f path s w r - string
        T io.k8s.api.core.v1.ImageVolumeStatus -
        f imageRef s o r - string
        T io.k8s.api.core.v1.PodList -
        k - v1 PodList
        f apiVersion s o - - string
        f items N@io.k8s.api.core.v1.Pod w r - []v1.Pod
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.policy.v1.Eviction -
        k policy v1 Eviction
        f apiVersion s o - - string
        f deleteOptions @io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions p - - *v1.DeleteOptions
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        T io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions -
        k - v1 DeleteOptions
        f apiVersion s o - - string
        f dryRun Ls o - - []string
        f gracePeriodSeconds l p - - *int64
        f ignoreStoreReadErrorWithClusterBreakingPotential b p - - *bool
        f kind s o - - string
        f orphanDependents b p - - *bool
        f preconditions @io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions p - - *v1.Preconditions
        f propagationPolicy s p - - *v1.DeletionPropagation
        T io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions -
        f resourceVersion s p - - *string
        f uid s p - - *types.UID
        T io.k8s.api.core.v1.PodTemplate -
        k - v1 PodTemplate
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f template @io.k8s.api.core.v1.PodTemplateSpec w - - v1.PodTemplateSpec
        T io.k8s.api.core.v1.PodTemplateSpec -
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.core.v1.PodSpec w - - v1.PodSpec
        T io.k8s.api.core.v1.PodTemplateList -
        k - v1 PodTemplateList
        f apiVersion s o - - string
        f items N@io.k8s.api.core.v1.PodTemplate w r - []v1.PodTemplate
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.core.v1.ReplicationController -
        k - v1 ReplicationController
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.core.v1.ReplicationControllerSpec w - - v1.ReplicationControllerSpec
        f status @io.k8s.api.core.v1.ReplicationControllerStatus w - - v1.ReplicationControllerStatus
        T io.k8s.api.core.v1.ReplicationControllerSpec -
        f minReadySeconds i o - - int32
        f replicas i p - - *int32
        f selector AMs o - - map[string]string
        f template @io.k8s.api.core.v1.PodTemplateSpec p - - *v1.PodTemplateSpec
        """#
}
