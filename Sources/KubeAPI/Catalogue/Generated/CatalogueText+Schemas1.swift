// Written by catalogue-generator; do not edit.
// swift-format-ignore-file

extension CatalogueText {
    static let schemas1: StaticString = #"""
        T io.k8s.api.core.v1.ReplicationControllerStatus -
        f availableReplicas i o - - int32
        f conditions K{type}@io.k8s.api.core.v1.ReplicationControllerCondition o m type []v1.ReplicationControllerCondition
        f fullyLabeledReplicas i o - - int32
        f observedGeneration l o - - int64
        f readyReplicas i o - - int32
        f replicas i w r - int32
        T io.k8s.api.core.v1.ReplicationControllerCondition -
        f lastTransitionTime t w - - v1.Time
        f message s o - - string
        f reason s o - - string
        f status s w r - v1.ConditionStatus
        f type s w r - v1.ReplicationControllerConditionType
        T io.k8s.api.core.v1.ReplicationControllerList -
        k - v1 ReplicationControllerList
        f apiVersion s o - - string
        f items N@io.k8s.api.core.v1.ReplicationController w r - []v1.ReplicationController
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.autoscaling.v1.Scale -
        k autoscaling v1 Scale
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.autoscaling.v1.ScaleSpec w - - v1.ScaleSpec
        f status @io.k8s.api.autoscaling.v1.ScaleStatus w - - v1.ScaleStatus
        T io.k8s.api.autoscaling.v1.ScaleSpec -
        f replicas i o - - int32
        T io.k8s.api.autoscaling.v1.ScaleStatus -
        f replicas i w r - int32
        f selector s o - - string
        T io.k8s.api.core.v1.ResourceQuota -
        k - v1 ResourceQuota
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.core.v1.ResourceQuotaSpec w - - v1.ResourceQuotaSpec
        f status @io.k8s.api.core.v1.ResourceQuotaStatus w - - v1.ResourceQuotaStatus
        T io.k8s.api.core.v1.ResourceQuotaSpec -
        f hard Mq o - - v1.ResourceList
        f scopeSelector @io.k8s.api.core.v1.ScopeSelector p - - *v1.ScopeSelector
        f scopes Ls o - - []v1.ResourceQuotaScope
        T io.k8s.api.core.v1.ResourceQuotaStatus -
        f hard Mq o - - v1.ResourceList
        f used Mq o - - v1.ResourceList
        T io.k8s.api.core.v1.ScopeSelector a
        f matchExpressions L@io.k8s.api.core.v1.ScopedResourceSelectorRequirement o - - []v1.ScopedResourceSelectorRequirement
        T io.k8s.api.core.v1.ScopedResourceSelectorRequirement -
        f operator s w r - v1.ScopeSelectorOperator
        f scopeName s w r - v1.ResourceQuotaScope
        f values Ls o - - []string
        T io.k8s.api.core.v1.ResourceQuotaList -
        k - v1 ResourceQuotaList
        f apiVersion s o - - string
        f items N@io.k8s.api.core.v1.ResourceQuota w r - []v1.ResourceQuota
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.core.v1.Secret -
        k - v1 Secret
        f apiVersion s o - - string
        f data My o - - map[string][]uint8
        f immutable b p - - *bool
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f stringData Ms o - - map[string]string
        f type s o - - v1.SecretType
        T io.k8s.api.core.v1.SecretList -
        k - v1 SecretList
        f apiVersion s o - - string
        f items N@io.k8s.api.core.v1.Secret w r - []v1.Secret
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.core.v1.ServiceAccount -
        k - v1 ServiceAccount
        f apiVersion s o - - string
        f automountServiceAccountToken b p - - *bool
        f imagePullSecrets L@io.k8s.api.core.v1.LocalObjectReference o - - []v1.LocalObjectReference
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f secrets K{name}@io.k8s.api.core.v1.ObjectReference o m name []v1.ObjectReference
        T io.k8s.api.core.v1.ServiceAccountList -
        k - v1 ServiceAccountList
        f apiVersion s o - - string
        f items N@io.k8s.api.core.v1.ServiceAccount w r - []v1.ServiceAccount
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.authentication.v1.TokenRequest -
        k authentication.k8s.io v1 TokenRequest
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.authentication.v1.TokenRequestSpec w - - v1.TokenRequestSpec
        f status @io.k8s.api.authentication.v1.TokenRequestStatus w - - v1.TokenRequestStatus
        T io.k8s.api.authentication.v1.TokenRequestSpec -
        f audiences Ls w - - []string
        f boundObjectRef @io.k8s.api.authentication.v1.BoundObjectReference n - - *v1.BoundObjectReference
        f expirationSeconds l n - - *int64
        T io.k8s.api.authentication.v1.TokenRequestStatus -
        f expirationTimestamp t w - - v1.Time
        f token s w - - string
        T io.k8s.api.authentication.v1.BoundObjectReference -
        f apiVersion s o - - string
        f kind s o - - string
        f name s o - - string
        f uid s o - - types.UID
        T io.k8s.api.core.v1.Service -
        k - v1 Service
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.core.v1.ServiceSpec w - - v1.ServiceSpec
        f status @io.k8s.api.core.v1.ServiceStatus w - - v1.ServiceStatus
        T io.k8s.api.core.v1.ServiceSpec -
        f allocateLoadBalancerNodePorts b p - - *bool
        f clusterIP s o - - string
        f clusterIPs Ls o - - []string
        f externalIPs Ls o - - []string
        f externalName s o - - string
        f externalTrafficPolicy s o - - v1.ServiceExternalTrafficPolicy
        f healthCheckNodePort i o - - int32
        f internalTrafficPolicy s p - - *v1.ServiceInternalTrafficPolicy
        f ipFamilies Ls o - - []v1.IPFamily
        f ipFamilyPolicy s p - - *v1.IPFamilyPolicy
        f loadBalancerClass s p - - *string
        f loadBalancerIP s o - - string
        f loadBalancerSourceRanges Ls o - - []string
        f ports K{port,protocol}@io.k8s.api.core.v1.ServicePort o m port []v1.ServicePort
        f publishNotReadyAddresses b o - - bool
        f selector AMs o - - map[string]string
        f sessionAffinity s o - - v1.ServiceAffinity
        f sessionAffinityConfig @io.k8s.api.core.v1.SessionAffinityConfig p - - *v1.SessionAffinityConfig
        f trafficDistribution s p - - *string
        f type s o - - v1.ServiceType
        T io.k8s.api.core.v1.ServiceStatus -
        f conditions K{type}@io.k8s.apimachinery.pkg.apis.meta.v1.Condition o m type []v1.Condition
        f loadBalancer @io.k8s.api.core.v1.LoadBalancerStatus w - - v1.LoadBalancerStatus
        T io.k8s.api.core.v1.ServicePort -
        f appProtocol s p - - *string
        f name s o - - string
        f nodePort i o - - int32
        f port i w r - int32
        f protocol s o - - v1.Protocol
        f targetPort x w - - intstr.IntOrString
        T io.k8s.api.core.v1.SessionAffinityConfig -
        f clientIP @io.k8s.api.core.v1.ClientIPConfig p - - *v1.ClientIPConfig
        T io.k8s.apimachinery.pkg.apis.meta.v1.Condition -
        f lastTransitionTime t w r - v1.Time
        f message s w r - string
        f observedGeneration l o - - int64
        f reason s w r - string
        f status s w r - v1.ConditionStatus
        f type s w r - string
        T io.k8s.api.core.v1.LoadBalancerStatus -
        f ingress L@io.k8s.api.core.v1.LoadBalancerIngress o - - []v1.LoadBalancerIngress
        T io.k8s.api.core.v1.ClientIPConfig -
        f timeoutSeconds i p - - *int32
        T io.k8s.api.core.v1.LoadBalancerIngress -
        f hostname s o - - string
        f ip s o - - string
        f ipMode s p - - *v1.LoadBalancerIPMode
        f ports L@io.k8s.api.core.v1.PortStatus o - - []v1.PortStatus
        T io.k8s.api.core.v1.PortStatus -
        f error s p - - *string
        f port i w r - int32
        f protocol s w r - v1.Protocol
        T io.k8s.api.core.v1.ServiceList -
        k - v1 ServiceList
        f apiVersion s o - - string
        f items N@io.k8s.api.core.v1.Service w r - []v1.Service
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService -
        k apiregistration.k8s.io v1 APIService
        f apiVersion s o - - -
        f kind s o - - -
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - metav1.ObjectMeta
        f spec @io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec w - - v1.APIServiceSpec
        f status @io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus w - - v1.APIServiceStatus
        T io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec -
        f caBundle y o - - []uint8
        f group s o - - string
        f groupPriorityMinimum i w r - int32
        f insecureSkipTLSVerify b o - - bool
        f service @io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference p - - *v1.ServiceReference
        f version s o - - string
        f versionPriority i w r - int32
        T io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus -
        f conditions K{type}@io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceCondition o m type []v1.APIServiceCondition
        T io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference -
        f name s o - - string
        f namespace s o - - string
        f port i p - - *int32
        T io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceCondition -
        f lastTransitionTime t w - - metav1.Time
        f message s o - - string
        f reason s o - - string
        f status s w r - v1.ConditionStatus
        f type s w r - v1.APIServiceConditionType
        T io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceList -
        k apiregistration.k8s.io v1 APIServiceList
        f apiVersion s o - - -
        f items N@io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService w r - []v1.APIService
        f kind s o - - -
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - metav1.ListMeta
        T io.k8s.api.apps.v1.ControllerRevision -
        k apps v1 ControllerRevision
        f apiVersion s o - - string
        f data * w - - runtime.RawExtension
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f revision l w r - int64
        T io.k8s.api.apps.v1.ControllerRevisionList -
        k apps v1 ControllerRevisionList
        f apiVersion s o - - string
        f items N@io.k8s.api.apps.v1.ControllerRevision w r - []v1.ControllerRevision
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.apps.v1.DaemonSet -
        k apps v1 DaemonSet
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.apps.v1.DaemonSetSpec w - - v1.DaemonSetSpec
        f status @io.k8s.api.apps.v1.DaemonSetStatus w - - v1.DaemonSetStatus
        T io.k8s.api.apps.v1.DaemonSetSpec -
        f minReadySeconds i o - - int32
        f revisionHistoryLimit i p - - *int32
        f selector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector n r - *v1.LabelSelector
        f template @io.k8s.api.core.v1.PodTemplateSpec w r - v1.PodTemplateSpec
        f updateStrategy @io.k8s.api.apps.v1.DaemonSetUpdateStrategy w - - v1.DaemonSetUpdateStrategy
        T io.k8s.api.apps.v1.DaemonSetStatus -
        f collisionCount i p - - *int32
        f conditions K{type}@io.k8s.api.apps.v1.DaemonSetCondition o m type []v1.DaemonSetCondition
        f currentNumberScheduled i w r - int32
        f desiredNumberScheduled i w r - int32
        f numberAvailable i o - - int32
        f numberMisscheduled i w r - int32
        f numberReady i w r - int32
        f numberUnavailable i o - - int32
        f observedGeneration l o - - int64
        f updatedNumberScheduled i o - - int32
        T io.k8s.api.apps.v1.DaemonSetUpdateStrategy -
        f rollingUpdate @io.k8s.api.apps.v1.RollingUpdateDaemonSet p - - *v1.RollingUpdateDaemonSet
        f type s o - - v1.DaemonSetUpdateStrategyType
        T io.k8s.api.apps.v1.DaemonSetCondition -
        f lastTransitionTime t w - - v1.Time
        f message s o - - string
        f reason s o - - string
        f status s w r - v1.ConditionStatus
        f type s w r - v1.DaemonSetConditionType
        T io.k8s.api.apps.v1.RollingUpdateDaemonSet -
        f maxSurge x p - - *intstr.IntOrString
        f maxUnavailable x p - - *intstr.IntOrString
        T io.k8s.api.apps.v1.DaemonSetList -
        k apps v1 DaemonSetList
        f apiVersion s o - - string
        f items N@io.k8s.api.apps.v1.DaemonSet w r - []v1.DaemonSet
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.apps.v1.Deployment -
        k apps v1 Deployment
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.apps.v1.DeploymentSpec w - - v1.DeploymentSpec
        f status @io.k8s.api.apps.v1.DeploymentStatus w - - v1.DeploymentStatus
        T io.k8s.api.apps.v1.DeploymentSpec -
        f minReadySeconds i o - - int32
        f paused b o - - bool
        f progressDeadlineSeconds i p - - *int32
        f replicas i p - - *int32
        f revisionHistoryLimit i p - - *int32
        f selector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector n r - *v1.LabelSelector
        f strategy @io.k8s.api.apps.v1.DeploymentStrategy w k - v1.DeploymentStrategy
        f template @io.k8s.api.core.v1.PodTemplateSpec w r - v1.PodTemplateSpec
        T io.k8s.api.apps.v1.DeploymentStatus -
        f availableReplicas i o - - int32
        f collisionCount i p - - *int32
        f conditions K{type}@io.k8s.api.apps.v1.DeploymentCondition o m type []v1.DeploymentCondition
        f observedGeneration l o - - int64
        f readyReplicas i o - - int32
        f replicas i o - - int32
        f terminatingReplicas i p - - *int32
        f unavailableReplicas i o - - int32
        f updatedReplicas i o - - int32
        T io.k8s.api.apps.v1.DeploymentStrategy -
        f rollingUpdate @io.k8s.api.apps.v1.RollingUpdateDeployment p - - *v1.RollingUpdateDeployment
        f type s o - - v1.DeploymentStrategyType
        T io.k8s.api.apps.v1.DeploymentCondition -
        f lastTransitionTime t w - - v1.Time
        f lastUpdateTime t w - - v1.Time
        f message s o - - string
        f reason s o - - string
        f status s w r - v1.ConditionStatus
        f type s w r - v1.DeploymentConditionType
        T io.k8s.api.apps.v1.RollingUpdateDeployment -
        f maxSurge x p - - *intstr.IntOrString
        f maxUnavailable x p - - *intstr.IntOrString
        T io.k8s.api.apps.v1.DeploymentList -
        k apps v1 DeploymentList
        f apiVersion s o - - string
        f items N@io.k8s.api.apps.v1.Deployment w r - []v1.Deployment
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.apps.v1.ReplicaSet -
        k apps v1 ReplicaSet
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.apps.v1.ReplicaSetSpec w - - v1.ReplicaSetSpec
        f status @io.k8s.api.apps.v1.ReplicaSetStatus w - - v1.ReplicaSetStatus
        T io.k8s.api.apps.v1.ReplicaSetSpec -
        f minReadySeconds i o - - int32
        f replicas i p - - *int32
        f selector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector n r - *v1.LabelSelector
        f template @io.k8s.api.core.v1.PodTemplateSpec w - - v1.PodTemplateSpec
        T io.k8s.api.apps.v1.ReplicaSetStatus -
        f availableReplicas i o - - int32
        f conditions K{type}@io.k8s.api.apps.v1.ReplicaSetCondition o m type []v1.ReplicaSetCondition
        f fullyLabeledReplicas i o - - int32
        f observedGeneration l o - - int64
        f readyReplicas i o - - int32
        f replicas i w r - int32
        f terminatingReplicas i p - - *int32
        T io.k8s.api.apps.v1.ReplicaSetCondition -
        f lastTransitionTime t w - - v1.Time
        f message s o - - string
        f reason s o - - string
        f status s w r - v1.ConditionStatus
        f type s w r - v1.ReplicaSetConditionType
        T io.k8s.api.apps.v1.ReplicaSetList -
        k apps v1 ReplicaSetList
        f apiVersion s o - - string
        f items N@io.k8s.api.apps.v1.ReplicaSet w r - []v1.ReplicaSet
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.apps.v1.StatefulSet -
        k apps v1 StatefulSet
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.apps.v1.StatefulSetSpec w - - v1.StatefulSetSpec
        f status @io.k8s.api.apps.v1.StatefulSetStatus w - - v1.StatefulSetStatus
        T io.k8s.api.apps.v1.StatefulSetSpec -
        f minReadySeconds i o - - int32
        f ordinals @io.k8s.api.apps.v1.StatefulSetOrdinals p - - *v1.StatefulSetOrdinals
        f persistentVolumeClaimRetentionPolicy @io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy p - - *v1.StatefulSetPersistentVolumeClaimRetentionPolicy
        f podManagementPolicy s o - - v1.PodManagementPolicyType
        f replicas i p - - *int32
        f revisionHistoryLimit i p - - *int32
        f selector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector n r - *v1.LabelSelector
        f serviceName s w - - string
        f template @io.k8s.api.core.v1.PodTemplateSpec w r - v1.PodTemplateSpec
        f updateStrategy @io.k8s.api.apps.v1.StatefulSetUpdateStrategy w - - v1.StatefulSetUpdateStrategy
        f volumeClaimTemplates L@io.k8s.api.core.v1.PersistentVolumeClaim o - - []v1.PersistentVolumeClaim
        T io.k8s.api.apps.v1.StatefulSetStatus -
        f availableReplicas i w - - int32
        f collisionCount i p - - *int32
        f conditions K{type}@io.k8s.api.apps.v1.StatefulSetCondition o m type []v1.StatefulSetCondition
        f currentReplicas i o - - int32
        f currentRevision s o - - string
        f observedGeneration l o - - int64
        f readyReplicas i o - - int32
        f replicas i w r - int32
        f updateRevision s o - - string
        f updatedReplicas i o - - int32
        T io.k8s.api.apps.v1.StatefulSetOrdinals -
        f start i w - - int32
        T io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy -
        f whenDeleted s o - - v1.PersistentVolumeClaimRetentionPolicyType
        f whenScaled s o - - v1.PersistentVolumeClaimRetentionPolicyType
        T io.k8s.api.apps.v1.StatefulSetUpdateStrategy -
        f rollingUpdate @io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy p - - *v1.RollingUpdateStatefulSetStrategy
        f type s o - - v1.StatefulSetUpdateStrategyType
        T io.k8s.api.apps.v1.StatefulSetCondition -
        f lastTransitionTime t w - - v1.Time
        f message s o - - string
        f reason s o - - string
        f status s w r - v1.ConditionStatus
        f type s w r - v1.StatefulSetConditionType
        T io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy -
        f maxUnavailable x p - - *intstr.IntOrString
        f partition i p - - *int32
        T io.k8s.api.apps.v1.StatefulSetList -
        k apps v1 StatefulSetList
        f apiVersion s o - - string
        f items N@io.k8s.api.apps.v1.StatefulSet w r - []v1.StatefulSet
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.events.v1.Event -
        k events.k8s.io v1 Event
        f action s o - - string
        f apiVersion s o - - string
        f deprecatedCount i o - - int32
        f deprecatedFirstTimestamp t w - - v1.Time
        f deprecatedLastTimestamp t w - - v1.Time
        f deprecatedSource @io.k8s.api.core.v1.EventSource w - - v1.EventSource
        f eventTime u w r - v1.MicroTime
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f note s o - - string
        f reason s o - - string
        f regarding @io.k8s.api.core.v1.ObjectReference w - - v1.ObjectReference
        f related @io.k8s.api.core.v1.ObjectReference p - - *v1.ObjectReference
        f reportingController s o - - string
        f reportingInstance s o - - string
        f series @io.k8s.api.events.v1.EventSeries p - - *v1.EventSeries
        f type s o - - string
        T io.k8s.api.events.v1.EventSeries -
        f count i w r - int32
        f lastObservedTime u w r - v1.MicroTime
        T io.k8s.api.events.v1.EventList -
        k events.k8s.io v1 EventList
        f apiVersion s o - - string
        f items N@io.k8s.api.events.v1.Event w r - []v1.Event
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.authentication.v1.SelfSubjectReview -
        k authentication.k8s.io v1 SelfSubjectReview
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f status @io.k8s.api.authentication.v1.SelfSubjectReviewStatus w - - v1.SelfSubjectReviewStatus
        T io.k8s.api.authentication.v1.SelfSubjectReviewStatus -
        f userInfo @io.k8s.api.authentication.v1.UserInfo w - - v1.UserInfo
        T io.k8s.api.authentication.v1.UserInfo -
        f extra MNs o - - map[string]v1.ExtraValue
        f groups Ls o - - []string
        f uid s o - - string
        f username s o - - string
        T io.k8s.api.authentication.v1.TokenReview -
        k authentication.k8s.io v1 TokenReview
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.authentication.v1.TokenReviewSpec w r - v1.TokenReviewSpec
        f status @io.k8s.api.authentication.v1.TokenReviewStatus w - - v1.TokenReviewStatus
        T io.k8s.api.authentication.v1.TokenReviewSpec -
        f audiences Ls o - - []string
        f token s o r - string
        T io.k8s.api.authentication.v1.TokenReviewStatus -
        f audiences Ls o - - []string
        f authenticated b o - - bool
        f error s o - - string
        f user @io.k8s.api.authentication.v1.UserInfo w - - v1.UserInfo
        T io.k8s.api.authorization.v1.LocalSubjectAccessReview -
        k authorization.k8s.io v1 LocalSubjectAccessReview
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.authorization.v1.SubjectAccessReviewSpec w r - v1.SubjectAccessReviewSpec
        f status @io.k8s.api.authorization.v1.SubjectAccessReviewStatus w - - v1.SubjectAccessReviewStatus
        T io.k8s.api.authorization.v1.SubjectAccessReviewSpec -
        f extra MNs o - - map[string]v1.ExtraValue
        f groups Ls o - - []string
        f nonResourceAttributes @io.k8s.api.authorization.v1.NonResourceAttributes p - - *v1.NonResourceAttributes
        f resourceAttributes @io.k8s.api.authorization.v1.ResourceAttributes p - - *v1.ResourceAttributes
        f uid s o - - string
        f user s o - - string
        T io.k8s.api.authorization.v1.SubjectAccessReviewStatus -
        f allowed b w r - bool
        f denied b o - - bool
        f evaluationError s o - - string
        f reason s o - - string
        T io.k8s.api.authorization.v1.NonResourceAttributes -
        f path s o - - string
        f verb s o - - string
        T io.k8s.api.authorization.v1.ResourceAttributes -
        f fieldSelector @io.k8s.api.authorization.v1.FieldSelectorAttributes p - - *v1.FieldSelectorAttributes
        f group s o - - string
        f labelSelector @io.k8s.api.authorization.v1.LabelSelectorAttributes p - - *v1.LabelSelectorAttributes
        f name s o - - string
        f namespace s o - - string
        f resource s o - - string
        f subresource s o - - string
        f verb s o - - string
        f version s o - - string
        T io.k8s.api.authorization.v1.FieldSelectorAttributes -
        f rawSelector s o - - string
        f requirements L@io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement o - - []v1.FieldSelectorRequirement
        T io.k8s.api.authorization.v1.LabelSelectorAttributes -
        f rawSelector s o - - string
        f requirements L@io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement o - - []v1.LabelSelectorRequirement
        T io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement -
        f key s w r - string
        f operator s w r - v1.FieldSelectorOperator
        f values Ls o - - []string
        T io.k8s.api.authorization.v1.SelfSubjectAccessReview -
        k authorization.k8s.io v1 SelfSubjectAccessReview
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec w r - v1.SelfSubjectAccessReviewSpec
        f status @io.k8s.api.authorization.v1.SubjectAccessReviewStatus w - - v1.SubjectAccessReviewStatus
        T io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec -
        f nonResourceAttributes @io.k8s.api.authorization.v1.NonResourceAttributes p - - *v1.NonResourceAttributes
        f resourceAttributes @io.k8s.api.authorization.v1.ResourceAttributes p - - *v1.ResourceAttributes
        T io.k8s.api.authorization.v1.SelfSubjectRulesReview -
        k authorization.k8s.io v1 SelfSubjectRulesReview
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec w r - v1.SelfSubjectRulesReviewSpec
        f status @io.k8s.api.authorization.v1.SubjectRulesReviewStatus w - - v1.SubjectRulesReviewStatus
        T io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec -
        f namespace s o - - string
        T io.k8s.api.authorization.v1.SubjectRulesReviewStatus -
        f evaluationError s o - - string
        f incomplete b w r - bool
        f nonResourceRules L@io.k8s.api.authorization.v1.NonResourceRule w r - []v1.NonResourceRule
        f resourceRules L@io.k8s.api.authorization.v1.ResourceRule w r - []v1.ResourceRule
        T io.k8s.api.authorization.v1.NonResourceRule -
        f nonResourceURLs Ls o - - []string
        f verbs Ls w r - []string
        T io.k8s.api.authorization.v1.ResourceRule -
        f apiGroups Ls o - - []string
        f resourceNames Ls o - - []string
        f resources Ls o - - []string
        f verbs Ls w r - []string
        T io.k8s.api.authorization.v1.SubjectAccessReview -
        k authorization.k8s.io v1 SubjectAccessReview
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.authorization.v1.SubjectAccessReviewSpec w r - v1.SubjectAccessReviewSpec
        f status @io.k8s.api.authorization.v1.SubjectAccessReviewStatus w - - v1.SubjectAccessReviewStatus
        T io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler -
        k autoscaling v2 HorizontalPodAutoscaler
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec w r - v2.HorizontalPodAutoscalerSpec
        f status @io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus w - - v2.HorizontalPodAutoscalerStatus
        T io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec -
        f behavior @io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior p - - *v2.HorizontalPodAutoscalerBehavior
        f maxReplicas i w r - int32
        f metrics L@io.k8s.api.autoscaling.v2.MetricSpec o - - []v2.MetricSpec
        f minReplicas i p - - *int32
        f scaleTargetRef @io.k8s.api.autoscaling.v2.CrossVersionObjectReference w r - v2.CrossVersionObjectReference
        T io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus -
        f conditions K{type}@io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition o m type []v2.HorizontalPodAutoscalerCondition
        f currentMetrics L@io.k8s.api.autoscaling.v2.MetricStatus w - - []v2.MetricStatus
        f currentReplicas i o - - int32
        f desiredReplicas i w r - int32
        f lastScaleTime t p - - *v1.Time
        f observedGeneration l p - - *int64
        T io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior -
        f scaleDown @io.k8s.api.autoscaling.v2.HPAScalingRules p - - *v2.HPAScalingRules
        f scaleUp @io.k8s.api.autoscaling.v2.HPAScalingRules p - - *v2.HPAScalingRules
        T io.k8s.api.autoscaling.v2.MetricSpec -
        f containerResource @io.k8s.api.autoscaling.v2.ContainerResourceMetricSource p - - *v2.ContainerResourceMetricSource
        f external @io.k8s.api.autoscaling.v2.ExternalMetricSource p - - *v2.ExternalMetricSource
        f object @io.k8s.api.autoscaling.v2.ObjectMetricSource p - - *v2.ObjectMetricSource
        f pods @io.k8s.api.autoscaling.v2.PodsMetricSource p - - *v2.PodsMetricSource
        f resource @io.k8s.api.autoscaling.v2.ResourceMetricSource p - - *v2.ResourceMetricSource
        f type s w r - v2.MetricSourceType
        T io.k8s.api.autoscaling.v2.CrossVersionObjectReference -
        f apiVersion s o - - string
        f kind s w r - string
        f name s w r - string
        T io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition -
        f lastTransitionTime t w - - v1.Time
        f message s o - - string
        f reason s o - - string
        f status s w r - v1.ConditionStatus
        f type s w r - v2.HorizontalPodAutoscalerConditionType
        T io.k8s.api.autoscaling.v2.MetricStatus -
        f containerResource @io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus p - - *v2.ContainerResourceMetricStatus
        f external @io.k8s.api.autoscaling.v2.ExternalMetricStatus p - - *v2.ExternalMetricStatus
        f object @io.k8s.api.autoscaling.v2.ObjectMetricStatus p - - *v2.ObjectMetricStatus
        f pods @io.k8s.api.autoscaling.v2.PodsMetricStatus p - - *v2.PodsMetricStatus
        f resource @io.k8s.api.autoscaling.v2.ResourceMetricStatus p - - *v2.ResourceMetricStatus
        f type s w r - v2.MetricSourceType
        T io.k8s.api.autoscaling.v2.HPAScalingRules -
        f policies L@io.k8s.api.autoscaling.v2.HPAScalingPolicy o - - []v2.HPAScalingPolicy
        f selectPolicy s p - - *v2.ScalingPolicySelect
        f stabilizationWindowSeconds i p - - *int32
        f tolerance q p - - *resource.Quantity
        T io.k8s.api.autoscaling.v2.ContainerResourceMetricSource -
        f container s w r - string
        f name s w r - v1.ResourceName
        f target @io.k8s.api.autoscaling.v2.MetricTarget w r - v2.MetricTarget
        T io.k8s.api.autoscaling.v2.ExternalMetricSource -
        f metric @io.k8s.api.autoscaling.v2.MetricIdentifier w r - v2.MetricIdentifier
        f target @io.k8s.api.autoscaling.v2.MetricTarget w r - v2.MetricTarget
        T io.k8s.api.autoscaling.v2.ObjectMetricSource -
        f describedObject @io.k8s.api.autoscaling.v2.CrossVersionObjectReference w r - v2.CrossVersionObjectReference
        f metric @io.k8s.api.autoscaling.v2.MetricIdentifier w r - v2.MetricIdentifier
        f target @io.k8s.api.autoscaling.v2.MetricTarget w r - v2.MetricTarget
        T io.k8s.api.autoscaling.v2.PodsMetricSource -
        f metric @io.k8s.api.autoscaling.v2.MetricIdentifier w r - v2.MetricIdentifier
        f target @io.k8s.api.autoscaling.v2.MetricTarget w r - v2.MetricTarget
        T io.k8s.api.autoscaling.v2.ResourceMetricSource -
        f name s w r - v1.ResourceName
        f target @io.k8s.api.autoscaling.v2.MetricTarget w r - v2.MetricTarget
        T io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus -
        f container s w r - string
        f current @io.k8s.api.autoscaling.v2.MetricValueStatus w r - v2.MetricValueStatus
        f name s w r - v1.ResourceName
        T io.k8s.api.autoscaling.v2.ExternalMetricStatus -
        f current @io.k8s.api.autoscaling.v2.MetricValueStatus w r - v2.MetricValueStatus
        f metric @io.k8s.api.autoscaling.v2.MetricIdentifier w r - v2.MetricIdentifier
        T io.k8s.api.autoscaling.v2.ObjectMetricStatus -
        f current @io.k8s.api.autoscaling.v2.MetricValueStatus w r - v2.MetricValueStatus
        f describedObject @io.k8s.api.autoscaling.v2.CrossVersionObjectReference w r - v2.CrossVersionObjectReference
        f metric @io.k8s.api.autoscaling.v2.MetricIdentifier w r - v2.MetricIdentifier
        T io.k8s.api.autoscaling.v2.PodsMetricStatus -
        f current @io.k8s.api.autoscaling.v2.MetricValueStatus w r - v2.MetricValueStatus
        f metric @io.k8s.api.autoscaling.v2.MetricIdentifier w r - v2.MetricIdentifier
        T io.k8s.api.autoscaling.v2.ResourceMetricStatus -
        f current @io.k8s.api.autoscaling.v2.MetricValueStatus w r - v2.MetricValueStatus
        f name s w r - v1.ResourceName
        T io.k8s.api.autoscaling.v2.HPAScalingPolicy -
        f periodSeconds i w r - int32
        f type s w r - v2.HPAScalingPolicyType
        f value i w r - int32
        T io.k8s.api.autoscaling.v2.MetricTarget -
        f averageUtilization i p - - *int32
        f averageValue q p - - *resource.Quantity
        f type s w r - v2.MetricTargetType
        f value q p - - *resource.Quantity
        T io.k8s.api.autoscaling.v2.MetricIdentifier -
        f name s w r - string
        f selector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        T io.k8s.api.autoscaling.v2.MetricValueStatus -
        f averageUtilization i p - - *int32
        f averageValue q p - - *resource.Quantity
        f value q p - - *resource.Quantity
        T io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerList -
        k autoscaling v2 HorizontalPodAutoscalerList
        f apiVersion s o - - string
        f items N@io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler w r - []v2.HorizontalPodAutoscaler
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler -
        k autoscaling v1 HorizontalPodAutoscaler
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec w r - v1.HorizontalPodAutoscalerSpec
        f status @io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus w - - v1.HorizontalPodAutoscalerStatus
        T io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec -
        f maxReplicas i w r - int32
        f minReplicas i p - - *int32
        f scaleTargetRef @io.k8s.api.autoscaling.v1.CrossVersionObjectReference w r - v1.CrossVersionObjectReference
        f targetCPUUtilizationPercentage i p - - *int32
        T io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus -
        f currentCPUUtilizationPercentage i p - - *int32
        f currentReplicas i w r - int32
        f desiredReplicas i w r - int32
        f lastScaleTime t p - - *v1.Time
        f observedGeneration l p - - *int64
        T io.k8s.api.autoscaling.v1.CrossVersionObjectReference a
        f apiVersion s o - - string
        f kind s w r - string
        f name s w r - string
        T io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerList -
        k autoscaling v1 HorizontalPodAutoscalerList
        f apiVersion s o - - string
        f items N@io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler w r - []v1.HorizontalPodAutoscaler
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.batch.v1.CronJob -
        k batch v1 CronJob
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.batch.v1.CronJobSpec w r - v1.CronJobSpec
        f status @io.k8s.api.batch.v1.CronJobStatus w - - v1.CronJobStatus
        T io.k8s.api.batch.v1.CronJobSpec -
        f concurrencyPolicy s o - - v1.ConcurrencyPolicy
        f failedJobsHistoryLimit i p - - *int32
        f jobTemplate @io.k8s.api.batch.v1.JobTemplateSpec w r - v1.JobTemplateSpec
        f schedule s w r - string
        f startingDeadlineSeconds l p - - *int64
        f successfulJobsHistoryLimit i p - - *int32
        f suspend b p - - *bool
        f timeZone s p - - *string
        T io.k8s.api.batch.v1.CronJobStatus -
        f active L@io.k8s.api.core.v1.ObjectReference o - - []v1.ObjectReference
        f lastScheduleTime t p - - *v1.Time
        f lastSuccessfulTime t p - - *v1.Time
        T io.k8s.api.batch.v1.JobTemplateSpec -
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.batch.v1.JobSpec w - - v1.JobSpec
        T io.k8s.api.batch.v1.JobSpec -
        f activeDeadlineSeconds l p - - *int64
        f backoffLimit i p - - *int32
        f backoffLimitPerIndex i p - - *int32
        f completionMode s p - - *v1.CompletionMode
        f completions i p - - *int32
        f managedBy s p - - *string
        f manualSelector b p - - *bool
        f maxFailedIndexes i p - - *int32
        f parallelism i p - - *int32
        f podFailurePolicy @io.k8s.api.batch.v1.PodFailurePolicy p - - *v1.PodFailurePolicy
        f podReplacementPolicy s p - - *v1.PodReplacementPolicy
        f selector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        f successPolicy @io.k8s.api.batch.v1.SuccessPolicy p - - *v1.SuccessPolicy
        f suspend b p - - *bool
        f template @io.k8s.api.core.v1.PodTemplateSpec w r - v1.PodTemplateSpec
        f ttlSecondsAfterFinished i p - - *int32
        T io.k8s.api.batch.v1.PodFailurePolicy -
        f rules L@io.k8s.api.batch.v1.PodFailurePolicyRule w r - []v1.PodFailurePolicyRule
        T io.k8s.api.batch.v1.SuccessPolicy -
        f rules L@io.k8s.api.batch.v1.SuccessPolicyRule w r - []v1.SuccessPolicyRule
        T io.k8s.api.batch.v1.PodFailurePolicyRule -
        f action s w r - v1.PodFailurePolicyAction
        f onExitCodes @io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement p - - *v1.PodFailurePolicyOnExitCodesRequirement
        f onPodConditions L@io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern o - - []v1.PodFailurePolicyOnPodConditionsPattern
        T io.k8s.api.batch.v1.SuccessPolicyRule -
        f succeededCount i p - - *int32
        f succeededIndexes s p - - *string
        T io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement -
        f containerName s p - - *string
        f operator s w r - v1.PodFailurePolicyOnExitCodesOperator
        f values Si w r - []int32
        T io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern -
        f status s w - - v1.ConditionStatus
        f type s w r - v1.PodConditionType
        T io.k8s.api.batch.v1.CronJobList -
        k batch v1 CronJobList
        f apiVersion s o - - string
        f items N@io.k8s.api.batch.v1.CronJob w r - []v1.CronJob
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.batch.v1.Job -
        k batch v1 Job
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.batch.v1.JobSpec w - - v1.JobSpec
        f status @io.k8s.api.batch.v1.JobStatus w - - v1.JobStatus
        T io.k8s.api.batch.v1.JobStatus -
        f active i o - - int32
        f completedIndexes s o - - string
        f completionTime t p - - *v1.Time
        f conditions L@io.k8s.api.batch.v1.JobCondition o m type []v1.JobCondition
        f failed i o - - int32
        f failedIndexes s p - - *string
        f ready i p - - *int32
        f startTime t p - - *v1.Time
        f succeeded i o - - int32
        f terminating i p - - *int32
        f uncountedTerminatedPods @io.k8s.api.batch.v1.UncountedTerminatedPods p - - *v1.UncountedTerminatedPods
        T io.k8s.api.batch.v1.JobCondition -
        f lastProbeTime t w - - v1.Time
        f lastTransitionTime t w - - v1.Time
        f message s o - - string
        f reason s o - - string
        f status s w r - v1.ConditionStatus
        f type s w r - v1.JobConditionType
        T io.k8s.api.batch.v1.UncountedTerminatedPods -
        f failed Ss o - - []types.UID
        f succeeded Ss o - - []types.UID
        T io.k8s.api.batch.v1.JobList -
        k batch v1 JobList
        f apiVersion s o - - string
        f items N@io.k8s.api.batch.v1.Job w r - []v1.Job
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.certificates.v1.CertificateSigningRequest -
        k certificates.k8s.io v1 CertificateSigningRequest
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.certificates.v1.CertificateSigningRequestSpec w r - v1.CertificateSigningRequestSpec
        f status @io.k8s.api.certificates.v1.CertificateSigningRequestStatus w - - v1.CertificateSigningRequestStatus
        T io.k8s.api.certificates.v1.CertificateSigningRequestSpec -
        f expirationSeconds i p - - *int32
        f extra MNs o - - map[string]v1.ExtraValue
        f groups Ls o - - []string
        f request y w r - []uint8
        f signerName s w r - string
        f uid s o - - string
        f usages Ls o - - []v1.KeyUsage
        f username s o - - string
        T io.k8s.api.certificates.v1.CertificateSigningRequestStatus -
        f certificate y o - - []uint8
        f conditions K{type}@io.k8s.api.certificates.v1.CertificateSigningRequestCondition o - - []v1.CertificateSigningRequestCondition
        T io.k8s.api.certificates.v1.CertificateSigningRequestCondition -
        f lastTransitionTime t w - - v1.Time
        f lastUpdateTime t w - - v1.Time
        f message s o - - string
        f reason s o - - string
        f status s w r - v1.ConditionStatus
        f type s w r - v1.RequestConditionType
        T io.k8s.api.certificates.v1.CertificateSigningRequestList -
        k certificates.k8s.io v1 CertificateSigningRequestList
        f apiVersion s o - - string
        f items N@io.k8s.api.certificates.v1.CertificateSigningRequest w r - []v1.CertificateSigningRequest
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.networking.v1.IngressClass -
        k networking.k8s.io v1 IngressClass
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.networking.v1.IngressClassSpec w - - v1.IngressClassSpec
        T io.k8s.api.networking.v1.IngressClassSpec -
        f controller s o - - string
        f parameters @io.k8s.api.networking.v1.IngressClassParametersReference p - - *v1.IngressClassParametersReference
        T io.k8s.api.networking.v1.IngressClassParametersReference -
        f apiGroup s p - - *string
        f kind s w r - string
        f name s w r - string
        f namespace s p - - *string
        f scope s n - - *string
        T io.k8s.api.networking.v1.IngressClassList -
        k networking.k8s.io v1 IngressClassList
        f apiVersion s o - - string
        f items N@io.k8s.api.networking.v1.IngressClass w r - []v1.IngressClass
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.networking.v1.Ingress -
        k networking.k8s.io v1 Ingress
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.networking.v1.IngressSpec w - - v1.IngressSpec
        f status @io.k8s.api.networking.v1.IngressStatus w - - v1.IngressStatus
        T io.k8s.api.networking.v1.IngressSpec -
        f defaultBackend @io.k8s.api.networking.v1.IngressBackend p - - *v1.IngressBackend
        f ingressClassName s p - - *string
        f rules L@io.k8s.api.networking.v1.IngressRule o - - []v1.IngressRule
        f tls L@io.k8s.api.networking.v1.IngressTLS o - - []v1.IngressTLS
        T io.k8s.api.networking.v1.IngressStatus -
        f loadBalancer @io.k8s.api.networking.v1.IngressLoadBalancerStatus w - - v1.IngressLoadBalancerStatus
        T io.k8s.api.networking.v1.IngressBackend -
        f resource @io.k8s.api.core.v1.TypedLocalObjectReference p - - *v1.TypedLocalObjectReference
        f service @io.k8s.api.networking.v1.IngressServiceBackend p - - *v1.IngressServiceBackend
        T io.k8s.api.networking.v1.IngressRule -
        f host s o - - string
        f http @io.k8s.api.networking.v1.HTTPIngressRuleValue p - - *v1.HTTPIngressRuleValue
        T io.k8s.api.networking.v1.IngressTLS -
        f hosts Ls o - - []string
        f secretName s o - - string
        T io.k8s.api.networking.v1.IngressLoadBalancerStatus -
        f ingress L@io.k8s.api.networking.v1.IngressLoadBalancerIngress o - - []v1.IngressLoadBalancerIngress
        T io.k8s.api.networking.v1.IngressServiceBackend -
        f name s w r - string
        f port @io.k8s.api.networking.v1.ServiceBackendPort w - - v1.ServiceBackendPort
        T io.k8s.api.networking.v1.HTTPIngressRuleValue -
        f paths L@io.k8s.api.networking.v1.HTTPIngressPath w r - []v1.HTTPIngressPath
        T io.k8s.api.networking.v1.IngressLoadBalancerIngress -
        f hostname s o - - string
        f ip s o - - string
        f ports L@io.k8s.api.networking.v1.IngressPortStatus o - - []v1.IngressPortStatus
        T io.k8s.api.networking.v1.ServiceBackendPort a
        f name s o - - string
        f number i o - - int32
        T io.k8s.api.networking.v1.HTTPIngressPath -
        f backend @io.k8s.api.networking.v1.IngressBackend w r - v1.IngressBackend
        f path s o - - string
        f pathType s n r - *v1.PathType
        T io.k8s.api.networking.v1.IngressPortStatus -
        f error s p - - *string
        f port i w r - int32
        f protocol s w r - v1.Protocol
        T io.k8s.api.networking.v1.IngressList -
        k networking.k8s.io v1 IngressList
        f apiVersion s o - - string
        f items N@io.k8s.api.networking.v1.Ingress w r - []v1.Ingress
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.networking.v1.IPAddress -
        k networking.k8s.io v1 IPAddress
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.networking.v1.IPAddressSpec w r - v1.IPAddressSpec
        T io.k8s.api.networking.v1.IPAddressSpec -
        f parentRef @io.k8s.api.networking.v1.ParentReference p r - *v1.ParentReference
        T io.k8s.api.networking.v1.ParentReference -
        f group s o - - string
        f name s o r - string
        f namespace s o - - string
        f resource s o r - string
        T io.k8s.api.networking.v1.IPAddressList -
        k networking.k8s.io v1 IPAddressList
        f apiVersion s o - - string
        f items N@io.k8s.api.networking.v1.IPAddress w r - []v1.IPAddress
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.networking.v1.NetworkPolicy -
        k networking.k8s.io v1 NetworkPolicy
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.networking.v1.NetworkPolicySpec w - - v1.NetworkPolicySpec
        T io.k8s.api.networking.v1.NetworkPolicySpec -
        f egress L@io.k8s.api.networking.v1.NetworkPolicyEgressRule o - - []v1.NetworkPolicyEgressRule
        f ingress L@io.k8s.api.networking.v1.NetworkPolicyIngressRule o - - []v1.NetworkPolicyIngressRule
        f podSelector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector w - - v1.LabelSelector
        f policyTypes Ls o - - []v1.PolicyType
        T io.k8s.api.networking.v1.NetworkPolicyEgressRule -
        f ports L@io.k8s.api.networking.v1.NetworkPolicyPort o - - []v1.NetworkPolicyPort
        f to L@io.k8s.api.networking.v1.NetworkPolicyPeer o - - []v1.NetworkPolicyPeer
        T io.k8s.api.networking.v1.NetworkPolicyIngressRule -
        f from L@io.k8s.api.networking.v1.NetworkPolicyPeer o - - []v1.NetworkPolicyPeer
        f ports L@io.k8s.api.networking.v1.NetworkPolicyPort o - - []v1.NetworkPolicyPort
        T io.k8s.api.networking.v1.NetworkPolicyPort -
        f endPort i p - - *int32
        f port x p - - *intstr.IntOrString
        f protocol s p - - *v1.Protocol
        T io.k8s.api.networking.v1.NetworkPolicyPeer -
        f ipBlock @io.k8s.api.networking.v1.IPBlock p - - *v1.IPBlock
        f namespaceSelector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        f podSelector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        T io.k8s.api.networking.v1.IPBlock -
        f cidr s w r - string
        f except Ls o - - []string
        T io.k8s.api.networking.v1.NetworkPolicyList -
        k networking.k8s.io v1 NetworkPolicyList
        f apiVersion s o - - string
        f items N@io.k8s.api.networking.v1.NetworkPolicy w r - []v1.NetworkPolicy
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.networking.v1.ServiceCIDR -
        k networking.k8s.io v1 ServiceCIDR
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.networking.v1.ServiceCIDRSpec w - - v1.ServiceCIDRSpec
        f status @io.k8s.api.networking.v1.ServiceCIDRStatus w - - v1.ServiceCIDRStatus
        T io.k8s.api.networking.v1.ServiceCIDRSpec -
        f cidrs Ls o - - []string
        T io.k8s.api.networking.v1.ServiceCIDRStatus -
        f conditions K{type}@io.k8s.apimachinery.pkg.apis.meta.v1.Condition o m type []v1.Condition
        T io.k8s.api.networking.v1.ServiceCIDRList -
        k networking.k8s.io v1 ServiceCIDRList
        f apiVersion s o - - string
        f items N@io.k8s.api.networking.v1.ServiceCIDR w r - []v1.ServiceCIDR
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.policy.v1.PodDisruptionBudget -
        k policy v1 PodDisruptionBudget
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.policy.v1.PodDisruptionBudgetSpec w - - v1.PodDisruptionBudgetSpec
        f status @io.k8s.api.policy.v1.PodDisruptionBudgetStatus w - - v1.PodDisruptionBudgetStatus
        T io.k8s.api.policy.v1.PodDisruptionBudgetSpec -
        f maxUnavailable x p - - *intstr.IntOrString
        f minAvailable x p - - *intstr.IntOrString
        f selector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        f unhealthyPodEvictionPolicy s p - - *v1.UnhealthyPodEvictionPolicyType
        T io.k8s.api.policy.v1.PodDisruptionBudgetStatus -
        f conditions K{type}@io.k8s.apimachinery.pkg.apis.meta.v1.Condition o m type []v1.Condition
        f currentHealthy i w - - int32
        f desiredHealthy i w - - int32
        f disruptedPods Mt o - - map[string]v1.Time
        f disruptionsAllowed i w - - int32
        f expectedPods i w - - int32
        f observedGeneration l o - - int64
        T io.k8s.api.policy.v1.PodDisruptionBudgetList -
        k policy v1 PodDisruptionBudgetList
        f apiVersion s o - - string
        f items N@io.k8s.api.policy.v1.PodDisruptionBudget w r - []v1.PodDisruptionBudget
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.rbac.v1.ClusterRoleBinding -
        k rbac.authorization.k8s.io v1 ClusterRoleBinding
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f roleRef @io.k8s.api.rbac.v1.RoleRef w r - v1.RoleRef
        f subjects L@io.k8s.api.rbac.v1.Subject o - - []v1.Subject
        T io.k8s.api.rbac.v1.RoleRef a
        f apiGroup s w - - string
        f kind s w r - string
        f name s w r - string
        T io.k8s.api.rbac.v1.Subject a
        f apiGroup s o - - string
        f kind s w r - string
        f name s w r - string
        f namespace s o - - string
        T io.k8s.api.rbac.v1.ClusterRoleBindingList -
        k rbac.authorization.k8s.io v1 ClusterRoleBindingList
        f apiVersion s o - - string
        f items N@io.k8s.api.rbac.v1.ClusterRoleBinding w r - []v1.ClusterRoleBinding
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.rbac.v1.ClusterRole -
        k rbac.authorization.k8s.io v1 ClusterRole
        f aggregationRule @io.k8s.api.rbac.v1.AggregationRule p - - *v1.AggregationRule
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f rules L@io.k8s.api.rbac.v1.PolicyRule w - - []v1.PolicyRule
        T io.k8s.api.rbac.v1.AggregationRule -
        f clusterRoleSelectors L@io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector o - - []v1.LabelSelector
        T io.k8s.api.rbac.v1.PolicyRule -
        f apiGroups Ls o - - []string
        f nonResourceURLs Ls o - - []string
        f resourceNames Ls o - - []string
        f resources Ls o - - []string
        f verbs Ls w r - []string
        T io.k8s.api.rbac.v1.ClusterRoleList -
        k rbac.authorization.k8s.io v1 ClusterRoleList
        f apiVersion s o - - string
        f items N@io.k8s.api.rbac.v1.ClusterRole w r - []v1.ClusterRole
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.rbac.v1.RoleBinding -
        k rbac.authorization.k8s.io v1 RoleBinding
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f roleRef @io.k8s.api.rbac.v1.RoleRef w r - v1.RoleRef
        f subjects L@io.k8s.api.rbac.v1.Subject o - - []v1.Subject
        T io.k8s.api.rbac.v1.RoleBindingList -
        k rbac.authorization.k8s.io v1 RoleBindingList
        f apiVersion s o - - string
        f items N@io.k8s.api.rbac.v1.RoleBinding w r - []v1.RoleBinding
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.rbac.v1.Role -
        k rbac.authorization.k8s.io v1 Role
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f rules L@io.k8s.api.rbac.v1.PolicyRule w - - []v1.PolicyRule
        T io.k8s.api.rbac.v1.RoleList -
        k rbac.authorization.k8s.io v1 RoleList
        f apiVersion s o - - string
        f items N@io.k8s.api.rbac.v1.Role w r - []v1.Role
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.storage.v1.CSIDriver -
        k storage.k8s.io v1 CSIDriver
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.storage.v1.CSIDriverSpec w r - v1.CSIDriverSpec
        T io.k8s.api.storage.v1.CSIDriverSpec -
        f attachRequired b p - - *bool
        f fsGroupPolicy s p - - *v1.FSGroupPolicy
        f nodeAllocatableUpdatePeriodSeconds l p - - *int64
        f podInfoOnMount b p - - *bool
        f preventPodSchedulingIfMissing b p - - *bool
        f requiresRepublish b p - - *bool
        f seLinuxMount b p - - *bool
        f serviceAccountTokenInSecrets b p - - *bool
        f storageCapacity b p - - *bool
        f tokenRequests L@io.k8s.api.storage.v1.TokenRequest o - - []v1.TokenRequest
        f volumeLifecycleModes Ss o - - []v1.VolumeLifecycleMode
        T io.k8s.api.storage.v1.TokenRequest -
        f audience s w r - string
        f expirationSeconds l p - - *int64
        T io.k8s.api.storage.v1.CSIDriverList -
        k storage.k8s.io v1 CSIDriverList
        f apiVersion s o - - string
        f items N@io.k8s.api.storage.v1.CSIDriver w r - []v1.CSIDriver
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.storage.v1.CSINode -
        k storage.k8s.io v1 CSINode
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.storage.v1.CSINodeSpec w r - v1.CSINodeSpec
        T io.k8s.api.storage.v1.CSINodeSpec -
        f drivers K{name}@io.k8s.api.storage.v1.CSINodeDriver w rm name []v1.CSINodeDriver
        T io.k8s.api.storage.v1.CSINodeDriver -
        f allocatable @io.k8s.api.storage.v1.VolumeNodeResources p - - *v1.VolumeNodeResources
        f name s w r - string
        f nodeID s w r - string
        f topologyKeys Ls w - - []string
        T io.k8s.api.storage.v1.VolumeNodeResources -
        f count i p - - *int32
        T io.k8s.api.storage.v1.CSINodeList -
        k storage.k8s.io v1 CSINodeList
        f apiVersion s o - - string
        f items N@io.k8s.api.storage.v1.CSINode w r - []v1.CSINode
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.storage.v1.CSIStorageCapacity -
        k storage.k8s.io v1 CSIStorageCapacity
        f apiVersion s o - - string
        f capacity q p - - *resource.Quantity
        f kind s o - - string
        f maximumVolumeSize q p - - *resource.Quantity
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f nodeTopology @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        f storageClassName s w r - string
        T io.k8s.api.storage.v1.CSIStorageCapacityList -
        k storage.k8s.io v1 CSIStorageCapacityList
        f apiVersion s o - - string
        f items N@io.k8s.api.storage.v1.CSIStorageCapacity w r - []v1.CSIStorageCapacity
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.storage.v1.StorageClass -
        k storage.k8s.io v1 StorageClass
        f allowVolumeExpansion b p - - *bool
        f allowedTopologies L@io.k8s.api.core.v1.TopologySelectorTerm o - - []v1.TopologySelectorTerm
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f mountOptions Ls o - - []string
        f parameters Ms o - - map[string]string
        f provisioner s w r - string
        f reclaimPolicy s p - - *v1.PersistentVolumeReclaimPolicy
        f volumeBindingMode s p - - *v1.VolumeBindingMode
        T io.k8s.api.core.v1.TopologySelectorTerm a
        f matchLabelExpressions L@io.k8s.api.core.v1.TopologySelectorLabelRequirement o - - []v1.TopologySelectorLabelRequirement
        T io.k8s.api.core.v1.TopologySelectorLabelRequirement -
        f key s w r - string
        f values Ls w r - []string
        T io.k8s.api.storage.v1.StorageClassList -
        k storage.k8s.io v1 StorageClassList
        f apiVersion s o - - string
        f items N@io.k8s.api.storage.v1.StorageClass w r - []v1.StorageClass
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.storage.v1.VolumeAttachment -
        k storage.k8s.io v1 VolumeAttachment
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.storage.v1.VolumeAttachmentSpec w r - v1.VolumeAttachmentSpec
        f status @io.k8s.api.storage.v1.VolumeAttachmentStatus w - - v1.VolumeAttachmentStatus
        T io.k8s.api.storage.v1.VolumeAttachmentSpec -
        f attacher s w r - string
        f nodeName s w r - string
        f source @io.k8s.api.storage.v1.VolumeAttachmentSource w r - v1.VolumeAttachmentSource
        T io.k8s.api.storage.v1.VolumeAttachmentStatus -
        f attachError @io.k8s.api.storage.v1.VolumeError p - - *v1.VolumeError
        f attached b w r - bool
        f attachmentMetadata Ms o - - map[string]string
        f detachError @io.k8s.api.storage.v1.VolumeError p - - *v1.VolumeError
        T io.k8s.api.storage.v1.VolumeAttachmentSource -
        f inlineVolumeSpec @io.k8s.api.core.v1.PersistentVolumeSpec p - - *v1.PersistentVolumeSpec
        f persistentVolumeName s p - - *string
        T io.k8s.api.storage.v1.VolumeError -
        f errorCode i p - - *int32
        f message s o - - string
        f time t w - - v1.Time
        T io.k8s.api.storage.v1.VolumeAttachmentList -
        k storage.k8s.io v1 VolumeAttachmentList
        f apiVersion s o - - string
        f items N@io.k8s.api.storage.v1.VolumeAttachment w r - []v1.VolumeAttachment
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.storage.v1.VolumeAttributesClass -
        k storage.k8s.io v1 VolumeAttributesClass
        f apiVersion s o - - string
        f driverName s w r - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f parameters Ms o - - map[string]string
        T io.k8s.api.storage.v1.VolumeAttributesClassList -
        k storage.k8s.io v1 VolumeAttributesClassList
        f apiVersion s o - - string
        f items N@io.k8s.api.storage.v1.VolumeAttributesClass w r - []v1.VolumeAttributesClass
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy -
        k admissionregistration.k8s.io v1 MutatingAdmissionPolicy
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicySpec w - - v1.MutatingAdmissionPolicySpec
        T io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicySpec -
        f failurePolicy s p - - *v1.FailurePolicyType
        f matchConditions K{name}@io.k8s.api.admissionregistration.v1.MatchCondition o m name []v1.MatchCondition
        f matchConstraints @io.k8s.api.admissionregistration.v1.MatchResources p - - *v1.MatchResources
        f mutations L@io.k8s.api.admissionregistration.v1.Mutation o - - []v1.Mutation
        f paramKind @io.k8s.api.admissionregistration.v1.ParamKind p - - *v1.ParamKind
        f reinvocationPolicy s o - - v1.ReinvocationPolicyType
        f variables L@io.k8s.api.admissionregistration.v1.Variable o - - []v1.Variable
        T io.k8s.api.admissionregistration.v1.MatchCondition -
        f expression s w r - string
        f name s w r - string
        T io.k8s.api.admissionregistration.v1.MatchResources a
        f excludeResourceRules L@io.k8s.api.admissionregistration.v1.NamedRuleWithOperations o - - []v1.NamedRuleWithOperations
        f matchPolicy s p - - *v1.MatchPolicyType
        f namespaceSelector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        f objectSelector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        f resourceRules L@io.k8s.api.admissionregistration.v1.NamedRuleWithOperations o - - []v1.NamedRuleWithOperations
        T io.k8s.api.admissionregistration.v1.Mutation -
        f applyConfiguration @io.k8s.api.admissionregistration.v1.ApplyConfiguration p - - *v1.ApplyConfiguration
        f jsonPatch @io.k8s.api.admissionregistration.v1.JSONPatch p - - *v1.JSONPatch
        f patchType s w r - v1.PatchType
        T io.k8s.api.admissionregistration.v1.ParamKind a
        f apiVersion s o - - string
        f kind s o - - string
        T io.k8s.api.admissionregistration.v1.Variable a
        f expression s w r - string
        f name s w r - string
        T io.k8s.api.admissionregistration.v1.NamedRuleWithOperations a
        f apiGroups Ls o - - []string
        f apiVersions Ls o - - []string
        f operations Ls o - - []v1.OperationType
        f resourceNames Ls o - - []string
        f resources Ls o - - []string
        f scope s p - - *v1.ScopeType
        T io.k8s.api.admissionregistration.v1.ApplyConfiguration -
        f expression s o - - string
        T io.k8s.api.admissionregistration.v1.JSONPatch -
        f expression s o - - string
        """#
}
