// Written by catalogue-generator; do not edit.
// swift-format-ignore-file

extension CatalogueText {
    static let resources: StaticString = #"""
        V - v1
        R bindings binding Binding N create - - - - io.k8s.api.core.v1.Binding
        R componentstatuses componentstatus ComponentStatus C get,list cs - - ComponentStatusList io.k8s.api.core.v1.ComponentStatus
        R configmaps configmap ConfigMap N create,delete,deletecollection,get,list,patch,update,watch cm - qFsyl6wFWjQ= ConfigMapList io.k8s.api.core.v1.ConfigMap
        R endpoints endpoints Endpoints N create,delete,deletecollection,get,list,patch,update,watch ep - fWeeMqaN/OA= EndpointsList io.k8s.api.core.v1.Endpoints
        R events event Event N create,delete,deletecollection,get,list,patch,update,watch ev - r2yiGXH7wu8= EventList io.k8s.api.core.v1.Event
        R limitranges limitrange LimitRange N create,delete,deletecollection,get,list,patch,update,watch limits - EBKMFVe6cwo= LimitRangeList io.k8s.api.core.v1.LimitRange
        R namespaces namespace Namespace C create,delete,get,list,patch,update,watch ns - Q3oi5N2YM8M= NamespaceList io.k8s.api.core.v1.Namespace
        r finalize - v1 Namespace update
        r status - v1 Namespace get,patch,update
        R nodes node Node C create,delete,deletecollection,get,list,patch,update,watch no - XwShjMxG9Fs= NodeList io.k8s.api.core.v1.Node
        r proxy - v1 NodeProxyOptions create,delete,get,patch,update
        r status - v1 Node get,patch,update
        R persistentvolumeclaims persistentvolumeclaim PersistentVolumeClaim N create,delete,deletecollection,get,list,patch,update,watch pvc - QWTyNDq0dC4= PersistentVolumeClaimList io.k8s.api.core.v1.PersistentVolumeClaim
        r status - v1 PersistentVolumeClaim get,patch,update
        R persistentvolumes persistentvolume PersistentVolume C create,delete,deletecollection,get,list,patch,update,watch pv - HN/zwEC+JgM= PersistentVolumeList io.k8s.api.core.v1.PersistentVolume
        r status - v1 PersistentVolume get,patch,update
        R pods pod Pod N create,delete,deletecollection,get,list,patch,update,watch po all xPOwRZ+Yhw8= PodList io.k8s.api.core.v1.Pod
        r attach - v1 PodAttachOptions create,get
        r binding - v1 Binding create
        r ephemeralcontainers - v1 Pod get,patch,update
        r eviction policy v1 Eviction create
        r exec - v1 PodExecOptions create,get
        r log - v1 Pod get
        r portforward - v1 PodPortForwardOptions create,get
        r proxy - v1 PodProxyOptions create,delete,get,patch,update
        r resize - v1 Pod get,patch,update
        r status - v1 Pod get,patch,update
        R podtemplates podtemplate PodTemplate N create,delete,deletecollection,get,list,patch,update,watch - - LIXB2x4IFpk= PodTemplateList io.k8s.api.core.v1.PodTemplate
        R replicationcontrollers replicationcontroller ReplicationController N create,delete,deletecollection,get,list,patch,update,watch rc all Jond2If31h0= ReplicationControllerList io.k8s.api.core.v1.ReplicationController
        r scale autoscaling v1 Scale get,patch,update
        r status - v1 ReplicationController get,patch,update
        R resourcequotas resourcequota ResourceQuota N create,delete,deletecollection,get,list,patch,update,watch quota - 8uhSgffRX6w= ResourceQuotaList io.k8s.api.core.v1.ResourceQuota
        r status - v1 ResourceQuota get,patch,update
        R secrets secret Secret N create,delete,deletecollection,get,list,patch,update,watch - - S6u1pOWzb84= SecretList io.k8s.api.core.v1.Secret
        R serviceaccounts serviceaccount ServiceAccount N create,delete,deletecollection,get,list,patch,update,watch sa - pbx9ZvyFpBE= ServiceAccountList io.k8s.api.core.v1.ServiceAccount
        r token authentication.k8s.io v1 TokenRequest create
        R services service Service N create,delete,deletecollection,get,list,patch,update,watch svc all 0/CO1lhkEBI= ServiceList io.k8s.api.core.v1.Service
        r proxy - v1 ServiceProxyOptions create,delete,get,patch,update
        r status - v1 Service get,patch,update
        V apiregistration.k8s.io v1
        R apiservices apiservice APIService C create,delete,deletecollection,get,list,patch,update,watch - api-extensions InPBPD7+PqM= APIServiceList io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService
        r status apiregistration.k8s.io v1 APIService get,patch,update
        V apps v1
        R controllerrevisions controllerrevision ControllerRevision N create,delete,deletecollection,get,list,patch,update,watch - - 85nkx63pcBU= ControllerRevisionList io.k8s.api.apps.v1.ControllerRevision
        R daemonsets daemonset DaemonSet N create,delete,deletecollection,get,list,patch,update,watch ds all dd7pWHUlMKQ= DaemonSetList io.k8s.api.apps.v1.DaemonSet
        r status apps v1 DaemonSet get,patch,update
        R deployments deployment Deployment N create,delete,deletecollection,get,list,patch,update,watch deploy all 8aSe+NMegvE= DeploymentList io.k8s.api.apps.v1.Deployment
        r scale autoscaling v1 Scale get,patch,update
        r status apps v1 Deployment get,patch,update
        R replicasets replicaset ReplicaSet N create,delete,deletecollection,get,list,patch,update,watch rs all P1RzHs8/mWQ= ReplicaSetList io.k8s.api.apps.v1.ReplicaSet
        r scale autoscaling v1 Scale get,patch,update
        r status apps v1 ReplicaSet get,patch,update
        R statefulsets statefulset StatefulSet N create,delete,deletecollection,get,list,patch,update,watch sts all H+vl74LkKdo= StatefulSetList io.k8s.api.apps.v1.StatefulSet
        r scale autoscaling v1 Scale get,patch,update
        r status apps v1 StatefulSet get,patch,update
        V events.k8s.io v1
        R events event Event N create,delete,deletecollection,get,list,patch,update,watch ev - r2yiGXH7wu8= EventList io.k8s.api.events.v1.Event
        V authentication.k8s.io v1
        R selfsubjectreviews selfsubjectreview SelfSubjectReview C create - - - - io.k8s.api.authentication.v1.SelfSubjectReview
        R tokenreviews tokenreview TokenReview C create - - - - io.k8s.api.authentication.v1.TokenReview
        V authorization.k8s.io v1
        R localsubjectaccessreviews localsubjectaccessreview LocalSubjectAccessReview N create - - - - io.k8s.api.authorization.v1.LocalSubjectAccessReview
        R selfsubjectaccessreviews selfsubjectaccessreview SelfSubjectAccessReview C create - - - - io.k8s.api.authorization.v1.SelfSubjectAccessReview
        R selfsubjectrulesreviews selfsubjectrulesreview SelfSubjectRulesReview C create - - - - io.k8s.api.authorization.v1.SelfSubjectRulesReview
        R subjectaccessreviews subjectaccessreview SubjectAccessReview C create - - - - io.k8s.api.authorization.v1.SubjectAccessReview
        V autoscaling v2
        R horizontalpodautoscalers horizontalpodautoscaler HorizontalPodAutoscaler N create,delete,deletecollection,get,list,patch,update,watch hpa all qwQve8ut294= HorizontalPodAutoscalerList io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler
        r status autoscaling v2 HorizontalPodAutoscaler get,patch,update
        V autoscaling v1
        R horizontalpodautoscalers horizontalpodautoscaler HorizontalPodAutoscaler N create,delete,deletecollection,get,list,patch,update,watch hpa all qwQve8ut294= HorizontalPodAutoscalerList io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler
        r status autoscaling v1 HorizontalPodAutoscaler get,patch,update
        V batch v1
        R cronjobs cronjob CronJob N create,delete,deletecollection,get,list,patch,update,watch cj all sd5LIXh4Fjs= CronJobList io.k8s.api.batch.v1.CronJob
        r status batch v1 CronJob get,patch,update
        R jobs job Job N create,delete,deletecollection,get,list,patch,update,watch - all mudhfqk/qZY= JobList io.k8s.api.batch.v1.Job
        r status batch v1 Job get,patch,update
        V certificates.k8s.io v1
        R certificatesigningrequests certificatesigningrequest CertificateSigningRequest C create,delete,deletecollection,get,list,patch,update,watch csr - 95fRKMXA+00= CertificateSigningRequestList io.k8s.api.certificates.v1.CertificateSigningRequest
        r approval certificates.k8s.io v1 CertificateSigningRequest get,patch,update
        r status certificates.k8s.io v1 CertificateSigningRequest get,patch,update
        V networking.k8s.io v1
        R ingressclasses ingressclass IngressClass C create,delete,deletecollection,get,list,patch,update,watch - - l/iqIbDgFyQ= IngressClassList io.k8s.api.networking.v1.IngressClass
        R ingresses ingress Ingress N create,delete,deletecollection,get,list,patch,update,watch ing - 39NQlfNR+bo= IngressList io.k8s.api.networking.v1.Ingress
        r status networking.k8s.io v1 Ingress get,patch,update
        R ipaddresses ipaddress IPAddress C create,delete,deletecollection,get,list,patch,update,watch ip - 3f/plJFChNE= IPAddressList io.k8s.api.networking.v1.IPAddress
        R networkpolicies networkpolicy NetworkPolicy N create,delete,deletecollection,get,list,patch,update,watch netpol - YpfwF18m1G8= NetworkPolicyList io.k8s.api.networking.v1.NetworkPolicy
        R servicecidrs servicecidr ServiceCIDR C create,delete,deletecollection,get,list,patch,update,watch - - gNLvruQhW2g= ServiceCIDRList io.k8s.api.networking.v1.ServiceCIDR
        r status networking.k8s.io v1 ServiceCIDR get,patch,update
        V policy v1
        R poddisruptionbudgets poddisruptionbudget PodDisruptionBudget N create,delete,deletecollection,get,list,patch,update,watch pdb - EVWiDmWqyJw= PodDisruptionBudgetList io.k8s.api.policy.v1.PodDisruptionBudget
        r status policy v1 PodDisruptionBudget get,patch,update
        V rbac.authorization.k8s.io v1
        R clusterrolebindings clusterrolebinding ClusterRoleBinding C create,delete,deletecollection,get,list,patch,update,watch - - 48tpQ8gZHFc= ClusterRoleBindingList io.k8s.api.rbac.v1.ClusterRoleBinding
        R clusterroles clusterrole ClusterRole C create,delete,deletecollection,get,list,patch,update,watch - - bYE5ZWDrJ44= ClusterRoleList io.k8s.api.rbac.v1.ClusterRole
        R rolebindings rolebinding RoleBinding N create,delete,deletecollection,get,list,patch,update,watch - - eGsCzGH6b1g= RoleBindingList io.k8s.api.rbac.v1.RoleBinding
        R roles role Role N create,delete,deletecollection,get,list,patch,update,watch - - 7FuwZcIIItM= RoleList io.k8s.api.rbac.v1.Role
        V storage.k8s.io v1
        R csidrivers csidriver CSIDriver C create,delete,deletecollection,get,list,patch,update,watch - - hL6j/rwBV5w= CSIDriverList io.k8s.api.storage.v1.CSIDriver
        R csinodes csinode CSINode C create,delete,deletecollection,get,list,patch,update,watch - - Pe62DkZtjuo= CSINodeList io.k8s.api.storage.v1.CSINode
        R csistoragecapacities csistoragecapacity CSIStorageCapacity N create,delete,deletecollection,get,list,patch,update,watch - - xeVl+2Ly1kE= CSIStorageCapacityList io.k8s.api.storage.v1.CSIStorageCapacity
        R storageclasses storageclass StorageClass C create,delete,deletecollection,get,list,patch,update,watch sc - K+m6uJwbjGY= StorageClassList io.k8s.api.storage.v1.StorageClass
        R volumeattachments volumeattachment VolumeAttachment C create,delete,deletecollection,get,list,patch,update,watch - - tJx/ezt6UDU= VolumeAttachmentList io.k8s.api.storage.v1.VolumeAttachment
        r status storage.k8s.io v1 VolumeAttachment get,patch,update
        R volumeattributesclasses volumeattributesclass VolumeAttributesClass C create,delete,deletecollection,get,list,patch,update,watch vac - tIjydgKBC5w= VolumeAttributesClassList io.k8s.api.storage.v1.VolumeAttributesClass
        V admissionregistration.k8s.io v1
        R mutatingadmissionpolicies mutatingadmissionpolicy MutatingAdmissionPolicy C create,delete,deletecollection,get,list,patch,update,watch - api-extensions LYmCf+UMVdg= MutatingAdmissionPolicyList io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy
        R mutatingadmissionpolicybindings mutatingadmissionpolicybinding MutatingAdmissionPolicyBinding C create,delete,deletecollection,get,list,patch,update,watch - api-extensions 90V5FRZZ3Zg= MutatingAdmissionPolicyBindingList io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding
        R mutatingwebhookconfigurations mutatingwebhookconfiguration MutatingWebhookConfiguration C create,delete,deletecollection,get,list,patch,update,watch - api-extensions Sqi0GUgDaX0= MutatingWebhookConfigurationList io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration
        R validatingadmissionpolicies validatingadmissionpolicy ValidatingAdmissionPolicy C create,delete,deletecollection,get,list,patch,update,watch - api-extensions 6OxvlMmQ6is= ValidatingAdmissionPolicyList io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy
        r status admissionregistration.k8s.io v1 ValidatingAdmissionPolicy get,patch,update
        R validatingadmissionpolicybindings validatingadmissionpolicybinding ValidatingAdmissionPolicyBinding C create,delete,deletecollection,get,list,patch,update,watch - api-extensions v9715VZqakg= ValidatingAdmissionPolicyBindingList io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding
        R validatingwebhookconfigurations validatingwebhookconfiguration ValidatingWebhookConfiguration C create,delete,deletecollection,get,list,patch,update,watch - api-extensions B0wHjQmsGNk= ValidatingWebhookConfigurationList io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration
        V apiextensions.k8s.io v1
        R customresourcedefinitions customresourcedefinition CustomResourceDefinition C create,delete,deletecollection,get,list,patch,update,watch crd,crds api-extensions jfWCUB31mvA= CustomResourceDefinitionList io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition
        r status apiextensions.k8s.io v1 CustomResourceDefinition get,patch,update
        V scheduling.k8s.io v1
        R priorityclasses priorityclass PriorityClass C create,delete,deletecollection,get,list,patch,update,watch pc - 1QwjyaZjj3Y= PriorityClassList io.k8s.api.scheduling.v1.PriorityClass
        V coordination.k8s.io v1
        R leases lease Lease N create,delete,deletecollection,get,list,patch,update,watch - - gqkMMb/YqFM= LeaseList io.k8s.api.coordination.v1.Lease
        V node.k8s.io v1
        R runtimeclasses runtimeclass RuntimeClass C create,delete,deletecollection,get,list,patch,update,watch - - WQTu1GL3T2Q= RuntimeClassList io.k8s.api.node.v1.RuntimeClass
        V discovery.k8s.io v1
        R endpointslices endpointslice EndpointSlice N create,delete,deletecollection,get,list,patch,update,watch - - qgS0xkrxYAI= EndpointSliceList io.k8s.api.discovery.v1.EndpointSlice
        V resource.k8s.io v1
        R deviceclasses deviceclass DeviceClass C create,delete,deletecollection,get,list,patch,update,watch - - Yk2PTc1Ybxk= DeviceClassList io.k8s.api.resource.v1.DeviceClass
        R resourceclaims resourceclaim ResourceClaim N create,delete,deletecollection,get,list,patch,update,watch - - wgAZaHcZxUg= ResourceClaimList io.k8s.api.resource.v1.ResourceClaim
        r status resource.k8s.io v1 ResourceClaim get,patch,update
        R resourceclaimtemplates resourceclaimtemplate ResourceClaimTemplate N create,delete,deletecollection,get,list,patch,update,watch - - TuzjC49aUfM= ResourceClaimTemplateList io.k8s.api.resource.v1.ResourceClaimTemplate
        R resourceslices resourceslice ResourceSlice C create,delete,deletecollection,get,list,patch,update,watch - - KsC072WgaEY= ResourceSliceList io.k8s.api.resource.v1.ResourceSlice
        V flowcontrol.apiserver.k8s.io v1
        R flowschemas flowschema FlowSchema C create,delete,deletecollection,get,list,patch,update,watch - - GJVAJZSZBIw= FlowSchemaList io.k8s.api.flowcontrol.v1.FlowSchema
        r status flowcontrol.apiserver.k8s.io v1 FlowSchema get,patch,update
        R prioritylevelconfigurations prioritylevelconfiguration PriorityLevelConfiguration C create,delete,deletecollection,get,list,patch,update,watch - - Kir5PVfvNeI= PriorityLevelConfigurationList io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration
        r status flowcontrol.apiserver.k8s.io v1 PriorityLevelConfiguration get,patch,update
        """#
}
