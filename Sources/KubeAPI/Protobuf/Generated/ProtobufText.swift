// Written by scripts/generate-protobuf.py; do not edit.
// swift-format-ignore-file

enum ProtobufText {
    static let messages: StaticString = #"""
M io.k8s.api.admissionregistration.v1.ApplyConfiguration
F 1 expression s -
M io.k8s.api.admissionregistration.v1.AuditAnnotation
F 1 key s -
F 2 valueExpression s -
M io.k8s.api.admissionregistration.v1.ExpressionWarning
F 2 fieldRef s -
F 3 warning s -
M io.k8s.api.admissionregistration.v1.JSONPatch
F 1 expression s -
M io.k8s.api.admissionregistration.v1.MatchCondition
F 1 name s -
F 2 expression s -
M io.k8s.api.admissionregistration.v1.MatchResources
F 1 namespaceSelector 770 -
F 2 objectSelector 770 -
F 3 resourceRules 16 r
F 4 excludeResourceRules 16 r
F 7 matchPolicy s -
M io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy
F 1 metadata 775 -
F 2 spec 11 -
M io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding
F 1 metadata 775 -
F 2 spec 9 -
M io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBindingList
F 1 metadata 772 -
F 2 items 7 r
M io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBindingSpec
F 1 policyName s -
F 2 paramRef 18 -
F 3 matchResources 5 -
M io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyList
F 1 metadata 772 -
F 2 items 6 r
M io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicySpec
F 1 paramKind 17 -
F 2 matchConstraints 5 -
F 3 variables 34 r
F 4 mutations 15 r
F 5 failurePolicy s -
F 6 matchConditions 4 r
F 7 reinvocationPolicy s -
M io.k8s.api.admissionregistration.v1.MutatingWebhook
F 1 name s -
F 2 clientConfig 35 -
F 3 rules 20 r
F 4 failurePolicy s -
F 9 matchPolicy s -
F 5 namespaceSelector 770 -
F 11 objectSelector 770 -
F 6 sideEffects s -
F 7 timeoutSeconds i -
F 8 admissionReviewVersions s r
F 10 reinvocationPolicy s -
F 12 matchConditions 4 r
M io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration
F 1 metadata 775 -
F 2 webhooks 12 r
M io.k8s.api.admissionregistration.v1.MutatingWebhookConfigurationList
F 1 metadata 772 -
F 2 items 13 r
M io.k8s.api.admissionregistration.v1.Mutation
F 2 patchType s -
F 3 applyConfiguration 0 -
F 4 jsonPatch 3 -
M io.k8s.api.admissionregistration.v1.NamedRuleWithOperations
F 1 resourceNames s r
F 2 ruleWithOperations 20 n
M io.k8s.api.admissionregistration.v1.ParamKind
F 1 apiVersion s -
F 2 kind s -
M io.k8s.api.admissionregistration.v1.ParamRef
F 1 name s -
F 2 namespace s -
F 3 selector 770 -
F 4 parameterNotFoundAction s -
M io.k8s.api.admissionregistration.v1.Rule
F 1 apiGroups s r
F 2 apiVersions s r
F 3 resources s r
F 4 scope s -
M io.k8s.api.admissionregistration.v1.RuleWithOperations
F 1 operations s r
F 2 rule 19 n
M io.k8s.api.admissionregistration.v1.ServiceReference
F 1 namespace s -
F 2 name s -
F 3 path s -
F 4 port i -
M io.k8s.api.admissionregistration.v1.TypeChecking
F 1 expressionWarnings 2 r
M io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy
F 1 metadata 775 -
F 2 spec 28 -
F 3 status 29 -
M io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding
F 1 metadata 775 -
F 2 spec 26 -
M io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingList
F 1 metadata 772 -
F 2 items 24 r
M io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec
F 1 policyName s -
F 2 paramRef 18 -
F 3 matchResources 5 -
F 4 validationActions s r
M io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyList
F 1 metadata 772 -
F 2 items 23 r
M io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec
F 1 paramKind 17 -
F 2 matchConstraints 5 -
F 3 validations 33 r
F 4 failurePolicy s -
F 5 auditAnnotations 1 r
F 6 matchConditions 4 r
F 7 variables 34 r
M io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus
F 1 observedGeneration i -
F 2 typeChecking 22 -
F 3 conditions 764 r
M io.k8s.api.admissionregistration.v1.ValidatingWebhook
F 1 name s -
F 2 clientConfig 35 -
F 3 rules 20 r
F 4 failurePolicy s -
F 9 matchPolicy s -
F 5 namespaceSelector 770 -
F 10 objectSelector 770 -
F 6 sideEffects s -
F 7 timeoutSeconds i -
F 8 admissionReviewVersions s r
F 11 matchConditions 4 r
M io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration
F 1 metadata 775 -
F 2 webhooks 30 r
M io.k8s.api.admissionregistration.v1.ValidatingWebhookConfigurationList
F 1 metadata 772 -
F 2 items 31 r
M io.k8s.api.admissionregistration.v1.Validation
F 1 expression s -
F 2 message s -
F 3 reason s -
F 4 messageExpression s -
M io.k8s.api.admissionregistration.v1.Variable
F 1 name s -
F 2 expression s -
M io.k8s.api.admissionregistration.v1.WebhookClientConfig
F 3 url s -
F 1 service 21 -
F 2 caBundle y -
M io.k8s.api.admissionregistration.v1alpha1.ApplyConfiguration
F 1 expression s -
M io.k8s.api.admissionregistration.v1alpha1.JSONPatch
F 1 expression s -
M io.k8s.api.admissionregistration.v1alpha1.MatchCondition
F 1 name s -
F 2 expression s -
M io.k8s.api.admissionregistration.v1alpha1.MatchResources
F 1 namespaceSelector 770 -
F 2 objectSelector 770 -
F 3 resourceRules 47 r
F 4 excludeResourceRules 47 r
F 7 matchPolicy s -
M io.k8s.api.admissionregistration.v1alpha1.MutatingAdmissionPolicy
F 1 metadata 775 -
F 2 spec 45 -
M io.k8s.api.admissionregistration.v1alpha1.MutatingAdmissionPolicyBinding
F 1 metadata 775 -
F 2 spec 43 -
M io.k8s.api.admissionregistration.v1alpha1.MutatingAdmissionPolicyBindingList
F 1 metadata 772 -
F 2 items 41 r
M io.k8s.api.admissionregistration.v1alpha1.MutatingAdmissionPolicyBindingSpec
F 1 policyName s -
F 2 paramRef 49 -
F 3 matchResources 39 -
M io.k8s.api.admissionregistration.v1alpha1.MutatingAdmissionPolicyList
F 1 metadata 772 -
F 2 items 40 r
M io.k8s.api.admissionregistration.v1alpha1.MutatingAdmissionPolicySpec
F 1 paramKind 48 -
F 2 matchConstraints 39 -
F 3 variables 50 r
F 4 mutations 46 r
F 5 failurePolicy s -
F 6 matchConditions 38 r
F 7 reinvocationPolicy s -
M io.k8s.api.admissionregistration.v1alpha1.Mutation
F 2 patchType s -
F 3 applyConfiguration 36 -
F 4 jsonPatch 37 -
M io.k8s.api.admissionregistration.v1alpha1.NamedRuleWithOperations
F 1 resourceNames s r
F 2 ruleWithOperations 20 n
M io.k8s.api.admissionregistration.v1alpha1.ParamKind
F 1 apiVersion s -
F 2 kind s -
M io.k8s.api.admissionregistration.v1alpha1.ParamRef
F 1 name s -
F 2 namespace s -
F 3 selector 770 -
F 4 parameterNotFoundAction s -
M io.k8s.api.admissionregistration.v1alpha1.Variable
F 1 name s -
F 2 expression s -
M io.k8s.api.admissionregistration.v1beta1.ApplyConfiguration
F 1 expression s -
M io.k8s.api.admissionregistration.v1beta1.JSONPatch
F 1 expression s -
M io.k8s.api.admissionregistration.v1beta1.MatchCondition
F 1 name s -
F 2 expression s -
M io.k8s.api.admissionregistration.v1beta1.MatchResources
F 1 namespaceSelector 770 -
F 2 objectSelector 770 -
F 3 resourceRules 62 r
F 4 excludeResourceRules 62 r
F 7 matchPolicy s -
M io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicy
F 1 metadata 775 -
F 2 spec 60 -
M io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicyBinding
F 1 metadata 775 -
F 2 spec 58 -
M io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicyBindingList
F 1 metadata 772 -
F 2 items 56 r
M io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicyBindingSpec
F 1 policyName s -
F 2 paramRef 64 -
F 3 matchResources 54 -
M io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicyList
F 1 metadata 772 -
F 2 items 55 r
M io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicySpec
F 1 paramKind 63 -
F 2 matchConstraints 54 -
F 3 variables 65 r
F 4 mutations 61 r
F 5 failurePolicy s -
F 6 matchConditions 53 r
F 7 reinvocationPolicy s -
M io.k8s.api.admissionregistration.v1beta1.Mutation
F 2 patchType s -
F 3 applyConfiguration 51 -
F 4 jsonPatch 52 -
M io.k8s.api.admissionregistration.v1beta1.NamedRuleWithOperations
F 1 resourceNames s r
F 2 ruleWithOperations 20 n
M io.k8s.api.admissionregistration.v1beta1.ParamKind
F 1 apiVersion s -
F 2 kind s -
M io.k8s.api.admissionregistration.v1beta1.ParamRef
F 1 name s -
F 2 namespace s -
F 3 selector 770 -
F 4 parameterNotFoundAction s -
M io.k8s.api.admissionregistration.v1beta1.Variable
F 1 name s -
F 2 expression s -
M io.k8s.api.apiserverinternal.v1alpha1.ServerStorageVersion
F 1 apiServerID s -
F 2 encodingVersion s -
F 3 decodableVersions s r
F 4 servedVersions s r
M io.k8s.api.apiserverinternal.v1alpha1.StorageVersion
F 1 metadata 775 -
F 2 spec 70 -
F 3 status 71 -
M io.k8s.api.apiserverinternal.v1alpha1.StorageVersionCondition
F 1 type s -
F 2 status s -
F 3 observedGeneration i -
F 4 lastTransitionTime 784 -
F 5 reason s -
F 6 message s -
M io.k8s.api.apiserverinternal.v1alpha1.StorageVersionList
F 1 metadata 772 -
F 2 items 67 r
M io.k8s.api.apiserverinternal.v1alpha1.StorageVersionSpec
M io.k8s.api.apiserverinternal.v1alpha1.StorageVersionStatus
F 1 storageVersions 66 r
F 2 commonEncodingVersion s -
F 3 conditions 68 r
M io.k8s.api.apps.v1.ControllerRevision
F 1 metadata 775 -
F 2 data 787 -
F 3 revision i -
M io.k8s.api.apps.v1.ControllerRevisionList
F 1 metadata 772 -
F 2 items 72 r
M io.k8s.api.apps.v1.DaemonSet
F 1 metadata 775 -
F 2 spec 77 -
F 3 status 78 -
M io.k8s.api.apps.v1.DaemonSetCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 784 -
F 4 reason s -
F 5 message s -
M io.k8s.api.apps.v1.DaemonSetList
F 1 metadata 772 -
F 2 items 74 r
M io.k8s.api.apps.v1.DaemonSetSpec
F 1 selector 770 -
F 2 template 364 -
F 3 updateStrategy 79 -
F 4 minReadySeconds i -
F 6 revisionHistoryLimit i -
M io.k8s.api.apps.v1.DaemonSetStatus
F 1 currentNumberScheduled i -
F 2 numberMisscheduled i -
F 3 desiredNumberScheduled i -
F 4 numberReady i -
F 5 observedGeneration i -
F 6 updatedNumberScheduled i -
F 7 numberAvailable i -
F 8 numberUnavailable i -
F 9 collisionCount i -
F 10 conditions 75 r
M io.k8s.api.apps.v1.DaemonSetUpdateStrategy
F 1 type s -
F 2 rollingUpdate 91 -
M io.k8s.api.apps.v1.Deployment
F 1 metadata 775 -
F 2 spec 83 -
F 3 status 84 -
M io.k8s.api.apps.v1.DeploymentCondition
F 1 type s -
F 2 status s -
F 6 lastUpdateTime 784 -
F 7 lastTransitionTime 784 -
F 4 reason s -
F 5 message s -
M io.k8s.api.apps.v1.DeploymentList
F 1 metadata 772 -
F 2 items 80 r
M io.k8s.api.apps.v1.DeploymentSpec
F 1 replicas i -
F 2 selector 770 -
F 3 template 364 -
F 4 strategy 85 -
F 5 minReadySeconds i -
F 6 revisionHistoryLimit i -
F 7 paused b -
F 9 progressDeadlineSeconds i -
M io.k8s.api.apps.v1.DeploymentStatus
F 1 observedGeneration i -
F 2 replicas i -
F 3 updatedReplicas i -
F 7 readyReplicas i -
F 4 availableReplicas i -
F 5 unavailableReplicas i -
F 9 terminatingReplicas i -
F 6 conditions 81 r
F 8 collisionCount i -
M io.k8s.api.apps.v1.DeploymentStrategy
F 1 type s -
F 2 rollingUpdate 92 -
M io.k8s.api.apps.v1.ReplicaSet
F 1 metadata 775 -
F 2 spec 89 -
F 3 status 90 -
M io.k8s.api.apps.v1.ReplicaSetCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 784 -
F 4 reason s -
F 5 message s -
M io.k8s.api.apps.v1.ReplicaSetList
F 1 metadata 772 -
F 2 items 86 r
M io.k8s.api.apps.v1.ReplicaSetSpec
F 1 replicas i -
F 4 minReadySeconds i -
F 2 selector 770 -
F 3 template 364 -
M io.k8s.api.apps.v1.ReplicaSetStatus
F 1 replicas i -
F 2 fullyLabeledReplicas i -
F 4 readyReplicas i -
F 5 availableReplicas i -
F 7 terminatingReplicas i -
F 3 observedGeneration i -
F 6 conditions 87 r
M io.k8s.api.apps.v1.RollingUpdateDaemonSet
F 1 maxUnavailable 788 -
F 2 maxSurge 788 -
M io.k8s.api.apps.v1.RollingUpdateDeployment
F 1 maxUnavailable 788 -
F 2 maxSurge 788 -
M io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy
F 1 partition i -
F 2 maxUnavailable 788 -
M io.k8s.api.apps.v1.StatefulSet
F 1 metadata 775 -
F 2 spec 99 -
F 3 status 100 -
M io.k8s.api.apps.v1.StatefulSetCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 784 -
F 4 reason s -
F 5 message s -
M io.k8s.api.apps.v1.StatefulSetList
F 1 metadata 772 -
F 2 items 94 r
M io.k8s.api.apps.v1.StatefulSetOrdinals
F 1 start i -
M io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy
F 1 whenDeleted s -
F 2 whenScaled s -
M io.k8s.api.apps.v1.StatefulSetSpec
F 1 replicas i -
F 2 selector 770 -
F 3 template 364 -
F 4 volumeClaimTemplates 330 r
F 5 serviceName s -
F 6 podManagementPolicy s -
F 7 updateStrategy 101 -
F 8 revisionHistoryLimit i -
F 9 minReadySeconds i -
F 10 persistentVolumeClaimRetentionPolicy 98 -
F 11 ordinals 97 -
M io.k8s.api.apps.v1.StatefulSetStatus
F 1 observedGeneration i -
F 2 replicas i -
F 3 readyReplicas i -
F 4 currentReplicas i -
F 5 updatedReplicas i -
F 6 currentRevision s -
F 7 updateRevision s -
F 9 collisionCount i -
F 10 conditions 95 r
F 11 availableReplicas i -
M io.k8s.api.apps.v1.StatefulSetUpdateStrategy
F 1 type s -
F 2 rollingUpdate 93 -
M io.k8s.api.authentication.v1.AttestationValue
F 1 items s r
M io.k8s.api.authentication.v1.BoundObjectReference
F 1 kind s -
F 2 apiVersion s -
F 3 name s -
F 4 uid s -
M io.k8s.api.authentication.v1.ExtraValue
F 1 items s r
M io.k8s.api.authentication.v1.SelfSubjectReview
F 1 metadata 775 -
F 2 status 106 -
M io.k8s.api.authentication.v1.SelfSubjectReviewStatus
F 1 userInfo 113 -
M io.k8s.api.authentication.v1.TokenRequest
F 1 metadata 775 -
F 2 spec 108 -
F 3 status 109 -
M io.k8s.api.authentication.v1.TokenRequestSpec
F 1 audiences s r
F 4 expirationSeconds i -
F 3 boundObjectRef 103 -
F 5 attestations 102 m
M io.k8s.api.authentication.v1.TokenRequestStatus
F 1 token s -
F 2 expirationTimestamp 784 -
M io.k8s.api.authentication.v1.TokenReview
F 1 metadata 775 -
F 2 spec 111 -
F 3 status 112 -
M io.k8s.api.authentication.v1.TokenReviewSpec
F 1 token s -
F 2 audiences s r
M io.k8s.api.authentication.v1.TokenReviewStatus
F 1 authenticated b -
F 2 user 113 -
F 4 audiences s r
F 3 error s -
M io.k8s.api.authentication.v1.UserInfo
F 1 username s -
F 2 uid s -
F 3 groups s r
F 4 extra 104 m
M io.k8s.api.authorization.v1.ExtraValue
F 1 items s r
M io.k8s.api.authorization.v1.FieldSelectorAttributes
F 1 rawSelector s -
F 2 requirements 766 r
M io.k8s.api.authorization.v1.LabelSelectorAttributes
F 1 rawSelector s -
F 2 requirements 771 r
M io.k8s.api.authorization.v1.LocalSubjectAccessReview
F 1 metadata 775 -
F 2 spec 127 -
F 3 status 128 -
M io.k8s.api.authorization.v1.NonResourceAttributes
F 1 path s -
F 2 verb s -
M io.k8s.api.authorization.v1.NonResourceRule
F 1 verbs s r
F 2 nonResourceURLs s r
M io.k8s.api.authorization.v1.ResourceAttributes
F 1 namespace s -
F 2 verb s -
F 3 group s -
F 4 version s -
F 5 resource s -
F 6 subresource s -
F 7 name s -
F 8 fieldSelector 115 -
F 9 labelSelector 116 -
M io.k8s.api.authorization.v1.ResourceRule
F 1 verbs s r
F 2 apiGroups s r
F 3 resources s r
F 4 resourceNames s r
M io.k8s.api.authorization.v1.SelfSubjectAccessReview
F 1 metadata 775 -
F 2 spec 123 -
F 3 status 128 -
M io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec
F 1 resourceAttributes 120 -
F 2 nonResourceAttributes 118 -
M io.k8s.api.authorization.v1.SelfSubjectRulesReview
F 1 metadata 775 -
F 2 spec 125 -
F 3 status 129 -
M io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec
F 1 namespace s -
M io.k8s.api.authorization.v1.SubjectAccessReview
F 1 metadata 775 -
F 2 spec 127 -
F 3 status 128 -
M io.k8s.api.authorization.v1.SubjectAccessReviewSpec
F 1 resourceAttributes 120 -
F 2 nonResourceAttributes 118 -
F 3 user s -
F 4 groups s r
F 5 extra 114 m
F 6 uid s -
M io.k8s.api.authorization.v1.SubjectAccessReviewStatus
F 1 allowed b -
F 4 denied b -
F 2 reason s -
F 3 evaluationError s -
M io.k8s.api.authorization.v1.SubjectRulesReviewStatus
F 1 resourceRules 121 r
F 2 nonResourceRules 119 r
F 3 incomplete b -
F 4 evaluationError s -
M io.k8s.api.autoscaling.v1.CrossVersionObjectReference
F 1 kind s -
F 2 name s -
F 3 apiVersion s -
M io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler
F 1 metadata 775 -
F 2 spec 133 -
F 3 status 134 -
M io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerList
F 1 metadata 772 -
F 2 items 131 r
M io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec
F 1 scaleTargetRef 130 -
F 2 minReplicas i -
F 3 maxReplicas i -
F 4 targetCPUUtilizationPercentage i -
M io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus
F 1 observedGeneration i -
F 2 lastScaleTime 784 -
F 3 currentReplicas i -
F 4 desiredReplicas i -
F 5 currentCPUUtilizationPercentage i -
M io.k8s.api.autoscaling.v1.Scale
F 1 metadata 775 -
F 2 spec 136 -
F 3 status 137 -
M io.k8s.api.autoscaling.v1.ScaleSpec
F 1 replicas i -
M io.k8s.api.autoscaling.v1.ScaleStatus
F 1 replicas i -
F 2 selector s -
M io.k8s.api.autoscaling.v2.ContainerResourceMetricSource
F 1 name s -
F 2 target 154 -
F 3 container s -
M io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus
F 1 name s -
F 2 current 155 -
F 3 container s -
M io.k8s.api.autoscaling.v2.CrossVersionObjectReference
F 1 kind s -
F 2 name s -
F 3 apiVersion s -
M io.k8s.api.autoscaling.v2.ExternalMetricSource
F 1 metric 151 -
F 2 target 154 -
M io.k8s.api.autoscaling.v2.ExternalMetricStatus
F 1 metric 151 -
F 2 current 155 -
M io.k8s.api.autoscaling.v2.HPAScalingPolicy
F 1 type s -
F 2 value i -
F 3 periodSeconds i -
M io.k8s.api.autoscaling.v2.HPAScalingRules
F 3 stabilizationWindowSeconds i -
F 1 selectPolicy s -
F 2 policies 143 r
F 4 tolerance 758 -
M io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler
F 1 metadata 775 -
F 2 spec 149 -
F 3 status 150 -
M io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior
F 1 scaleUp 144 -
F 2 scaleDown 144 -
M io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 784 -
F 4 reason s -
F 5 message s -
F 6 observedGeneration i -
M io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerList
F 1 metadata 772 -
F 2 items 145 r
M io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec
F 1 scaleTargetRef 140 -
F 2 minReplicas i -
F 3 maxReplicas i -
F 4 metrics 152 r
F 5 behavior 146 -
M io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus
F 1 observedGeneration i -
F 2 lastScaleTime 784 -
F 3 currentReplicas i -
F 4 desiredReplicas i -
F 5 currentMetrics 153 r
F 6 conditions 147 r
M io.k8s.api.autoscaling.v2.MetricIdentifier
F 1 name s -
F 2 selector 770 -
M io.k8s.api.autoscaling.v2.MetricSpec
F 1 type s -
F 2 object 156 -
F 3 pods 158 -
F 4 resource 160 -
F 7 containerResource 138 -
F 5 external 141 -
M io.k8s.api.autoscaling.v2.MetricStatus
F 1 type s -
F 2 object 157 -
F 3 pods 159 -
F 4 resource 161 -
F 7 containerResource 139 -
F 5 external 142 -
M io.k8s.api.autoscaling.v2.MetricTarget
F 1 type s -
F 2 value 758 -
F 3 averageValue 758 -
F 4 averageUtilization i -
M io.k8s.api.autoscaling.v2.MetricValueStatus
F 1 value 758 -
F 2 averageValue 758 -
F 3 averageUtilization i -
M io.k8s.api.autoscaling.v2.ObjectMetricSource
F 1 describedObject 140 -
F 2 target 154 -
F 3 metric 151 -
M io.k8s.api.autoscaling.v2.ObjectMetricStatus
F 1 metric 151 -
F 2 current 155 -
F 3 describedObject 140 -
M io.k8s.api.autoscaling.v2.PodsMetricSource
F 1 metric 151 -
F 2 target 154 -
M io.k8s.api.autoscaling.v2.PodsMetricStatus
F 1 metric 151 -
F 2 current 155 -
M io.k8s.api.autoscaling.v2.ResourceMetricSource
F 1 name s -
F 2 target 154 -
M io.k8s.api.autoscaling.v2.ResourceMetricStatus
F 1 name s -
F 2 current 155 -
M io.k8s.api.batch.v1.CronJob
F 1 metadata 775 -
F 2 spec 164 -
F 3 status 165 -
M io.k8s.api.batch.v1.CronJobList
F 1 metadata 772 -
F 2 items 162 r
M io.k8s.api.batch.v1.CronJobSpec
F 1 schedule s -
F 8 timeZone s -
F 2 startingDeadlineSeconds i -
F 3 concurrencyPolicy s -
F 4 suspend b -
F 5 jobTemplate 172 -
F 6 successfulJobsHistoryLimit i -
F 7 failedJobsHistoryLimit i -
M io.k8s.api.batch.v1.CronJobStatus
F 1 active 328 r
F 4 lastScheduleTime 784 -
F 5 lastSuccessfulTime 784 -
M io.k8s.api.batch.v1.Job
F 1 metadata 775 -
F 2 spec 170 -
F 3 status 171 -
M io.k8s.api.batch.v1.JobCondition
F 1 type s -
F 2 status s -
F 3 lastProbeTime 784 -
F 4 lastTransitionTime 784 -
F 5 reason s -
F 6 message s -
M io.k8s.api.batch.v1.JobList
F 1 metadata 772 -
F 2 items 166 r
M io.k8s.api.batch.v1.JobSchedulingConfiguration
F 1 schedulingPolicy 702 -
F 2 schedulingConstraints 701 -
F 3 disruptionMode 698 -
F 4 resourceClaims 700 r
M io.k8s.api.batch.v1.JobSpec
F 1 parallelism i -
F 2 completions i -
F 3 activeDeadlineSeconds i -
F 11 podFailurePolicy 173 -
F 16 successPolicy 177 -
F 7 backoffLimit i -
F 12 backoffLimitPerIndex i -
F 13 maxFailedIndexes i -
F 4 selector 770 -
F 5 manualSelector b -
F 6 template 364 -
F 8 ttlSecondsAfterFinished i -
F 9 completionMode s -
F 10 suspend b -
F 14 podReplacementPolicy s -
F 15 managedBy s -
F 17 scheduling 169 n
M io.k8s.api.batch.v1.JobStatus
F 1 conditions 167 r
F 2 startTime 784 -
F 3 completionTime 784 -
F 4 active i -
F 5 succeeded i -
F 6 failed i -
F 11 terminating i -
F 7 completedIndexes s -
F 10 failedIndexes s -
F 8 uncountedTerminatedPods 179 -
F 9 ready i -
M io.k8s.api.batch.v1.JobTemplateSpec
F 1 metadata 775 -
F 2 spec 170 -
M io.k8s.api.batch.v1.PodFailurePolicy
F 1 rules 176 r
M io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement
F 1 containerName s -
F 2 operator s -
F 3 values i r
M io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern
F 1 type s -
F 2 status s -
M io.k8s.api.batch.v1.PodFailurePolicyRule
F 1 action s -
F 2 onExitCodes 174 -
F 3 onPodConditions 175 r
M io.k8s.api.batch.v1.SuccessPolicy
F 1 rules 178 r
M io.k8s.api.batch.v1.SuccessPolicyRule
F 1 succeededIndexes s -
F 2 succeededCount i -
M io.k8s.api.batch.v1.UncountedTerminatedPods
F 1 succeeded s r
F 2 failed s r
M io.k8s.api.certificates.v1.CertificateSigningRequest
F 1 metadata 775 -
F 2 spec 183 -
F 3 status 184 -
M io.k8s.api.certificates.v1.CertificateSigningRequestCondition
F 1 type s -
F 6 status s -
F 2 reason s -
F 3 message s -
F 4 lastUpdateTime 784 -
F 5 lastTransitionTime 784 -
M io.k8s.api.certificates.v1.CertificateSigningRequestList
F 1 metadata 772 -
F 2 items 180 r
M io.k8s.api.certificates.v1.CertificateSigningRequestSpec
F 1 request y -
F 7 signerName s -
F 8 expirationSeconds i -
F 5 usages s r
F 2 username s -
F 3 uid s -
F 4 groups s r
F 6 extra 185 m
M io.k8s.api.certificates.v1.CertificateSigningRequestStatus
F 1 conditions 181 r
F 2 certificate y -
M io.k8s.api.certificates.v1.ExtraValue
F 1 items s r
M io.k8s.api.certificates.v1alpha1.ClusterTrustBundle
F 1 metadata 775 -
F 2 spec 188 -
M io.k8s.api.certificates.v1alpha1.ClusterTrustBundleList
F 1 metadata 772 -
F 2 items 186 r
M io.k8s.api.certificates.v1alpha1.ClusterTrustBundleSpec
F 1 signerName s -
F 2 trustBundle s -
M io.k8s.api.certificates.v1beta1.ClusterTrustBundle
F 1 metadata 775 -
F 2 spec 191 -
M io.k8s.api.certificates.v1beta1.ClusterTrustBundleList
F 1 metadata 772 -
F 2 items 189 r
M io.k8s.api.certificates.v1beta1.ClusterTrustBundleSpec
F 1 signerName s -
F 2 trustBundle s -
M io.k8s.api.certificates.v1beta1.PodCertificateRequest
F 1 metadata 775 -
F 2 spec 194 -
F 3 status 195 -
M io.k8s.api.certificates.v1beta1.PodCertificateRequestList
F 1 metadata 772 -
F 2 items 192 r
M io.k8s.api.certificates.v1beta1.PodCertificateRequestSpec
F 1 signerName s -
F 2 podName s -
F 3 podUID s -
F 4 serviceAccountName s -
F 5 serviceAccountUID s -
F 6 nodeName s -
F 7 nodeUID s -
F 8 maxExpirationSeconds i -
F 9 pkixPublicKey y -
F 10 proofOfPossession y -
F 12 stubPKCS10Request y -
F 11 unverifiedUserAnnotations s m
M io.k8s.api.certificates.v1beta1.PodCertificateRequestStatus
F 1 conditions 764 r
F 2 certificateChain s -
F 4 notBefore 784 -
F 5 beginRefreshAt 784 -
F 6 notAfter 784 -
M io.k8s.api.coordination.v1.Lease
F 1 metadata 775 -
F 2 spec 198 -
M io.k8s.api.coordination.v1.LeaseList
F 1 metadata 772 -
F 2 items 196 r
M io.k8s.api.coordination.v1.LeaseSpec
F 1 holderIdentity s -
F 2 leaseDurationSeconds i -
F 3 acquireTime 774 -
F 4 renewTime 774 -
F 5 leaseTransitions i -
F 6 strategy s -
F 7 preferredHolder s -
M io.k8s.api.coordination.v1alpha2.LeaseCandidate
F 1 metadata 775 -
F 2 spec 201 -
M io.k8s.api.coordination.v1alpha2.LeaseCandidateList
F 1 metadata 772 -
F 2 items 199 r
M io.k8s.api.coordination.v1alpha2.LeaseCandidateSpec
F 1 leaseName s -
F 2 pingTime 774 -
F 3 renewTime 774 -
F 4 binaryVersion s -
F 5 emulationVersion s -
F 6 strategy s -
M io.k8s.api.coordination.v1beta1.LeaseCandidate
F 1 metadata 775 -
F 2 spec 204 -
M io.k8s.api.coordination.v1beta1.LeaseCandidateList
F 1 metadata 772 -
F 2 items 202 r
M io.k8s.api.coordination.v1beta1.LeaseCandidateSpec
F 1 leaseName s -
F 2 pingTime 774 -
F 3 renewTime 774 -
F 4 binaryVersion s -
F 5 emulationVersion s -
F 6 strategy s -
M io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource
F 1 volumeID s -
F 2 fsType s -
F 3 partition i -
F 4 readOnly b -
M io.k8s.api.core.v1.Affinity
F 1 nodeAffinity 307 -
F 2 podAffinity 343 -
F 3 podAntiAffinity 345 -
M io.k8s.api.core.v1.AppArmorProfile
F 1 type s -
F 2 localhostProfile s -
M io.k8s.api.core.v1.AttachedVolume
F 1 name s -
F 2 devicePath s -
M io.k8s.api.core.v1.AzureDiskVolumeSource
F 1 diskName s -
F 2 diskURI s -
F 3 cachingMode s -
F 4 fsType s -
F 5 readOnly b -
F 6 kind s -
M io.k8s.api.core.v1.AzureFilePersistentVolumeSource
F 1 secretName s -
F 2 shareName s -
F 3 readOnly b -
F 4 secretNamespace s -
M io.k8s.api.core.v1.AzureFileVolumeSource
F 1 secretName s -
F 2 shareName s -
F 3 readOnly b -
M io.k8s.api.core.v1.Binding
F 1 metadata 775 -
F 2 target 328 -
M io.k8s.api.core.v1.CSIPersistentVolumeSource
F 1 driver s -
F 2 volumeHandle s -
F 3 readOnly b -
F 4 fsType s -
F 5 volumeAttributes s m
F 6 controllerPublishSecretRef 400 -
F 7 nodeStageSecretRef 400 -
F 8 nodePublishSecretRef 400 -
F 9 controllerExpandSecretRef 400 -
F 10 nodeExpandSecretRef 400 -
M io.k8s.api.core.v1.CSIVolumeSource
F 1 driver s -
F 2 readOnly b -
F 3 fsType s -
F 4 volumeAttributes s m
F 5 nodePublishSecretRef 296 -
M io.k8s.api.core.v1.Capabilities
F 1 add s r
F 2 drop s r
M io.k8s.api.core.v1.CephFSPersistentVolumeSource
F 1 monitors s r
F 2 path s -
F 3 user s -
F 4 secretFile s -
F 5 secretRef 400 -
F 6 readOnly b -
M io.k8s.api.core.v1.CephFSVolumeSource
F 1 monitors s r
F 2 path s -
F 3 user s -
F 4 secretFile s -
F 5 secretRef 296 -
F 6 readOnly b -
M io.k8s.api.core.v1.CinderPersistentVolumeSource
F 1 volumeID s -
F 2 fsType s -
F 3 readOnly b -
F 4 secretRef 400 -
M io.k8s.api.core.v1.CinderVolumeSource
F 1 volumeID s -
F 2 fsType s -
F 3 readOnly b -
F 4 secretRef 296 -
M io.k8s.api.core.v1.ClientIPConfig
F 1 timeoutSeconds i -
M io.k8s.api.core.v1.ClusterTrustBundleProjection
F 1 name s -
F 2 signerName s -
F 3 labelSelector 770 -
F 5 optional b -
F 4 path s -
F 6 user i -
M io.k8s.api.core.v1.ComponentCondition
F 1 type s -
F 2 status s -
F 3 message s -
F 4 error s -
M io.k8s.api.core.v1.ComponentStatus
F 1 metadata 775 -
F 2 conditions 222 r
M io.k8s.api.core.v1.ComponentStatusList
F 1 metadata 772 -
F 2 items 223 r
M io.k8s.api.core.v1.ConfigMap
F 1 metadata 775 -
F 4 immutable b -
F 2 data s m
F 3 binaryData y m
M io.k8s.api.core.v1.ConfigMapEnvSource
F 1 localObjectReference 296 n
F 2 optional b -
M io.k8s.api.core.v1.ConfigMapKeySelector
F 1 localObjectReference 296 n
F 2 key s -
F 3 optional b -
M io.k8s.api.core.v1.ConfigMapList
F 1 metadata 772 -
F 2 items 225 r
M io.k8s.api.core.v1.ConfigMapNodeConfigSource
F 1 namespace s -
F 2 name s -
F 3 uid s -
F 4 resourceVersion s -
F 5 kubeletConfigKey s -
M io.k8s.api.core.v1.ConfigMapProjection
F 1 localObjectReference 296 n
F 2 items 286 r
F 4 optional b -
M io.k8s.api.core.v1.ConfigMapVolumeSource
F 1 localObjectReference 296 n
F 2 items 286 r
F 3 defaultMode i -
F 4 optional b -
F 5 defaultUser i -
M io.k8s.api.core.v1.Container
F 1 name s -
F 2 image s -
F 3 command s r
F 4 args s r
F 5 workingDir s -
F 6 ports 235 r
F 19 envFrom 255 r
F 7 env 256 r
F 8 resources 387 -
F 23 resizePolicy 236 r
F 24 restartPolicy s -
F 25 restartPolicyRules 237 r
F 9 volumeMounts 428 r
F 21 volumeDevices 425 r
F 10 livenessProbe 369 -
F 11 readinessProbe 369 -
F 22 startupProbe 369 -
F 12 lifecycle 287 -
F 13 terminationMessagePath s -
F 20 terminationMessagePolicy s -
F 14 imagePullPolicy s -
F 15 securityContext 402 -
F 16 stdin b -
F 17 stdinOnce b -
F 18 tty b -
M io.k8s.api.core.v1.ContainerExtendedResourceRequest
F 1 containerName s -
F 2 resourceName s -
F 3 requestName s -
M io.k8s.api.core.v1.ContainerImage
F 1 names s r
F 2 sizeBytes i -
M io.k8s.api.core.v1.ContainerPort
F 1 name s -
F 2 hostPort i -
F 3 containerPort i -
F 4 protocol s -
F 5 hostIP s -
M io.k8s.api.core.v1.ContainerResizePolicy
F 1 resourceName s -
F 2 restartPolicy s -
M io.k8s.api.core.v1.ContainerRestartRule
F 1 action s -
F 2 exitCodes 238 -
M io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes
F 1 operator s -
F 2 values i r
M io.k8s.api.core.v1.ContainerState
F 1 waiting 242 -
F 2 running 240 -
F 3 terminated 241 -
M io.k8s.api.core.v1.ContainerStateRunning
F 1 startedAt 784 -
M io.k8s.api.core.v1.ContainerStateTerminated
F 1 exitCode i -
F 2 signal i -
F 3 reason s -
F 4 message s -
F 5 startedAt 784 -
F 6 finishedAt 784 -
F 7 containerID s -
M io.k8s.api.core.v1.ContainerStateWaiting
F 1 reason s -
F 2 message s -
M io.k8s.api.core.v1.ContainerStatus
F 1 name s -
F 2 state 239 -
F 3 lastState 239 -
F 4 ready b -
F 5 restartCount i -
F 6 image s -
F 7 imageID s -
F 8 containerID s -
F 9 started b -
F 10 allocatedResources 758 m
F 11 resources 387 -
F 12 volumeMounts 429 r
F 13 user 244 -
F 14 allocatedResourcesStatus 388 r
F 15 stopSignal s -
M io.k8s.api.core.v1.ContainerUser
F 1 linux 293 -
M io.k8s.api.core.v1.DaemonEndpoint
F 1 Port i -
M io.k8s.api.core.v1.DownwardAPIProjection
F 1 items 247 r
M io.k8s.api.core.v1.DownwardAPIVolumeFile
F 1 path s -
F 2 fieldRef 327 -
F 3 resourceFieldRef 381 -
F 4 mode i -
F 5 user i -
M io.k8s.api.core.v1.DownwardAPIVolumeSource
F 1 items 247 r
F 2 defaultMode i -
F 3 defaultUser i -
M io.k8s.api.core.v1.EmptyDirVolumeSource
F 1 medium s -
F 2 sizeLimit 758 -
F 3 mode i -
M io.k8s.api.core.v1.EndpointAddress
F 1 ip s -
F 3 hostname s -
F 4 nodeName s -
F 2 targetRef 328 -
M io.k8s.api.core.v1.EndpointPort
F 1 name s -
F 2 port i -
F 3 protocol s -
F 4 appProtocol s -
M io.k8s.api.core.v1.EndpointSubset
F 1 addresses 250 r
F 2 notReadyAddresses 250 r
F 3 ports 251 r
M io.k8s.api.core.v1.Endpoints
F 1 metadata 775 -
F 2 subsets 252 r
M io.k8s.api.core.v1.EndpointsList
F 1 metadata 772 -
F 2 items 253 r
M io.k8s.api.core.v1.EnvFromSource
F 1 prefix s -
F 2 configMapRef 226 -
F 3 secretRef 396 -
M io.k8s.api.core.v1.EnvVar
F 1 name s -
F 2 value s -
F 3 valueFrom 257 -
M io.k8s.api.core.v1.EnvVarSource
F 1 fieldRef 327 -
F 2 resourceFieldRef 381 -
F 3 configMapKeyRef 227 -
F 4 secretKeyRef 397 -
F 5 fileKeyRef 268 -
M io.k8s.api.core.v1.EphemeralContainer
F 1 ephemeralContainerCommon 259 n
F 2 targetContainerName s -
M io.k8s.api.core.v1.EphemeralContainerCommon
F 1 name s -
F 2 image s -
F 3 command s r
F 4 args s r
F 5 workingDir s -
F 6 ports 235 r
F 19 envFrom 255 r
F 7 env 256 r
F 8 resources 387 -
F 23 resizePolicy 236 r
F 24 restartPolicy s -
F 25 restartPolicyRules 237 r
F 9 volumeMounts 428 r
F 21 volumeDevices 425 r
F 10 livenessProbe 369 -
F 11 readinessProbe 369 -
F 22 startupProbe 369 -
F 12 lifecycle 287 -
F 13 terminationMessagePath s -
F 20 terminationMessagePolicy s -
F 14 imagePullPolicy s -
F 15 securityContext 402 -
F 16 stdin b -
F 17 stdinOnce b -
F 18 tty b -
M io.k8s.api.core.v1.EphemeralVolumeSource
F 1 volumeClaimTemplate 335 -
M io.k8s.api.core.v1.Event
F 1 metadata 775 -
F 2 involvedObject 328 -
F 3 reason s -
F 4 message s -
F 5 source 264 -
F 6 firstTimestamp 784 -
F 7 lastTimestamp 784 -
F 8 count i -
F 9 type s -
F 10 eventTime 774 -
F 11 series 263 -
F 12 action s -
F 13 related 328 -
F 14 reportingComponent s -
F 15 reportingInstance s -
M io.k8s.api.core.v1.EventList
F 1 metadata 772 -
F 2 items 261 r
M io.k8s.api.core.v1.EventSeries
F 1 count i -
F 2 lastObservedTime 774 -
M io.k8s.api.core.v1.EventSource
F 1 component s -
F 2 host s -
M io.k8s.api.core.v1.EvictionResponder
F 1 name s -
F 2 priority i -
M io.k8s.api.core.v1.ExecAction
F 1 command s r
M io.k8s.api.core.v1.FCVolumeSource
F 1 targetWWNs s r
F 2 lun i -
F 3 fsType s -
F 4 readOnly b -
F 5 wwids s r
M io.k8s.api.core.v1.FileKeySelector
F 1 volumeName s -
F 2 path s -
F 3 key s -
F 4 optional b -
M io.k8s.api.core.v1.FlexPersistentVolumeSource
F 1 driver s -
F 2 fsType s -
F 3 secretRef 400 -
F 4 readOnly b -
F 5 options s m
M io.k8s.api.core.v1.FlexVolumeSource
F 1 driver s -
F 2 fsType s -
F 3 secretRef 296 -
F 4 readOnly b -
F 5 options s m
M io.k8s.api.core.v1.FlockerVolumeSource
F 1 datasetName s -
F 2 datasetUUID s -
M io.k8s.api.core.v1.GCEPersistentDiskVolumeSource
F 1 pdName s -
F 2 fsType s -
F 3 partition i -
F 4 readOnly b -
M io.k8s.api.core.v1.GRPCAction
F 1 port i -
F 2 service s -
F 3 mode s -
M io.k8s.api.core.v1.GitRepoVolumeSource
F 1 repository s -
F 2 revision s -
F 3 directory s -
M io.k8s.api.core.v1.GlusterfsPersistentVolumeSource
F 1 endpoints s -
F 2 path s -
F 3 readOnly b -
F 4 endpointsNamespace s -
M io.k8s.api.core.v1.GlusterfsVolumeSource
F 1 endpoints s -
F 2 path s -
F 3 readOnly b -
M io.k8s.api.core.v1.HTTPGetAction
F 1 path s -
F 2 port 788 -
F 3 host s -
F 4 scheme s -
F 5 httpHeaders 278 r
F 6 protocol s -
M io.k8s.api.core.v1.HTTPHeader
F 1 name s -
F 2 value s -
M io.k8s.api.core.v1.HostAlias
F 1 ip s -
F 2 hostnames s r
M io.k8s.api.core.v1.HostIP
F 1 ip s -
M io.k8s.api.core.v1.HostPathVolumeSource
F 1 path s -
F 2 type s -
M io.k8s.api.core.v1.ISCSIPersistentVolumeSource
F 1 targetPortal s -
F 2 iqn s -
F 3 lun i -
F 4 iscsiInterface s -
F 5 fsType s -
F 6 readOnly b -
F 7 portals s r
F 8 chapAuthDiscovery b -
F 11 chapAuthSession b -
F 10 secretRef 400 -
F 12 initiatorName s -
M io.k8s.api.core.v1.ISCSIVolumeSource
F 1 targetPortal s -
F 2 iqn s -
F 3 lun i -
F 4 iscsiInterface s -
F 5 fsType s -
F 6 readOnly b -
F 7 portals s r
F 8 chapAuthDiscovery b -
F 11 chapAuthSession b -
F 10 secretRef 296 -
F 12 initiatorName s -
M io.k8s.api.core.v1.ImageVolumeSource
F 1 reference s -
F 2 pullPolicy s -
M io.k8s.api.core.v1.ImageVolumeStatus
F 1 imageRef s -
M io.k8s.api.core.v1.KeyToPath
F 1 key s -
F 2 path s -
F 3 mode i -
F 4 user i -
M io.k8s.api.core.v1.Lifecycle
F 1 postStart 288 -
F 2 preStop 288 -
F 3 stopSignal s -
M io.k8s.api.core.v1.LifecycleHandler
F 1 exec 266 -
F 2 httpGet 277 -
F 3 tcpSocket 416 -
F 4 sleep 412 -
M io.k8s.api.core.v1.LimitRange
F 1 metadata 775 -
F 2 spec 292 -
M io.k8s.api.core.v1.LimitRangeItem
F 1 type s -
F 2 max 758 m
F 3 min 758 m
F 4 default 758 m
F 5 defaultRequest 758 m
F 6 maxLimitRequestRatio 758 m
M io.k8s.api.core.v1.LimitRangeList
F 1 metadata 772 -
F 2 items 289 r
M io.k8s.api.core.v1.LimitRangeSpec
F 1 limits 290 r
M io.k8s.api.core.v1.LinuxContainerUser
F 1 uid i -
F 2 gid i -
F 3 supplementalGroups i r
M io.k8s.api.core.v1.LoadBalancerIngress
F 1 ip s -
F 2 hostname s -
F 3 ipMode s -
F 4 ports 366 r
M io.k8s.api.core.v1.LoadBalancerStatus
F 1 ingress 294 r
M io.k8s.api.core.v1.LocalObjectReference
F 1 name s -
M io.k8s.api.core.v1.LocalVolumeSource
F 1 path s -
F 2 fsType s -
M io.k8s.api.core.v1.ModifyVolumeStatus
F 1 targetVolumeAttributesClassName s -
F 2 status s -
M io.k8s.api.core.v1.NFSVolumeSource
F 1 server s -
F 2 path s -
F 3 readOnly b -
M io.k8s.api.core.v1.Namespace
F 1 metadata 775 -
F 2 spec 303 -
F 3 status 304 -
M io.k8s.api.core.v1.NamespaceCondition
F 1 type s -
F 2 status s -
F 4 lastTransitionTime 784 -
F 5 reason s -
F 6 message s -
M io.k8s.api.core.v1.NamespaceList
F 1 metadata 772 -
F 2 items 300 r
M io.k8s.api.core.v1.NamespaceSpec
F 1 finalizers s r
M io.k8s.api.core.v1.NamespaceStatus
F 1 phase s -
F 2 conditions 301 r
M io.k8s.api.core.v1.Node
F 1 metadata 775 -
F 2 spec 323 -
F 3 status 324 -
M io.k8s.api.core.v1.NodeAddress
F 1 type s -
F 2 address s -
M io.k8s.api.core.v1.NodeAffinity
F 1 requiredDuringSchedulingIgnoredDuringExecution 320 -
F 2 preferredDuringSchedulingIgnoredDuringExecution 368 r
M io.k8s.api.core.v1.NodeAllocatableMappedResources
F 1 name s -
F 2 quantity 758 -
M io.k8s.api.core.v1.NodeAllocatableOverheadResources
F 1 name s -
F 2 perPod 758 -
F 3 perContainer 758 -
M io.k8s.api.core.v1.NodeAllocatableResourceClaimStatus
F 1 resourceClaimName s -
F 2 containers s r
F 4 mapping 308 r
F 5 overhead 309 r
M io.k8s.api.core.v1.NodeCondition
F 1 type s -
F 2 status s -
F 3 lastHeartbeatTime 784 -
F 4 lastTransitionTime 784 -
F 5 reason s -
F 6 message s -
M io.k8s.api.core.v1.NodeConfigSource
F 2 configMap 229 -
M io.k8s.api.core.v1.NodeConfigStatus
F 1 assigned 312 -
F 2 active 312 -
F 3 lastKnownGood 312 -
F 4 error s -
M io.k8s.api.core.v1.NodeDaemonEndpoints
F 1 kubeletEndpoint 245 -
M io.k8s.api.core.v1.NodeFeatures
F 1 supplementalGroupsPolicy b -
M io.k8s.api.core.v1.NodeList
F 1 metadata 772 -
F 2 items 305 r
M io.k8s.api.core.v1.NodePodPreemptionPolicy
F 1 disableResizePreemption s r
M io.k8s.api.core.v1.NodeRuntimeHandler
F 1 name s -
F 2 features 319 -
M io.k8s.api.core.v1.NodeRuntimeHandlerFeatures
F 1 recursiveReadOnlyMounts b -
F 2 userNamespaces b -
M io.k8s.api.core.v1.NodeSelector
F 1 nodeSelectorTerms 322 r
M io.k8s.api.core.v1.NodeSelectorRequirement
F 1 key s -
F 2 operator s -
F 3 values s r
M io.k8s.api.core.v1.NodeSelectorTerm
F 1 matchExpressions 321 r
F 2 matchFields 321 r
M io.k8s.api.core.v1.NodeSpec
F 1 podCIDR s -
F 7 podCIDRs s r
F 3 providerID s -
F 4 unschedulable b -
F 5 taints 417 r
F 6 configSource 312 -
F 2 externalID s -
F 8 podPreemptionPolicy 317 n
M io.k8s.api.core.v1.NodeStatus
F 1 capacity 758 m
F 2 allocatable 758 m
F 3 phase s -
F 4 conditions 311 r
F 5 addresses 306 r
F 6 daemonEndpoints 314 -
F 7 nodeInfo 326 -
F 8 images 234 r
F 9 volumesInUse s r
F 10 volumesAttached 208 r
F 11 config 313 -
F 12 runtimeHandlers 318 r
F 13 features 315 -
F 14 declaredFeatures s r
M io.k8s.api.core.v1.NodeSwapStatus
F 1 capacity i -
M io.k8s.api.core.v1.NodeSystemInfo
F 1 machineID s -
F 2 systemUUID s -
F 3 bootID s -
F 4 kernelVersion s -
F 5 osImage s -
F 6 containerRuntimeVersion s -
F 7 kubeletVersion s -
F 8 kubeProxyVersion s -
F 9 operatingSystem s -
F 10 architecture s -
F 11 swap 325 -
M io.k8s.api.core.v1.ObjectFieldSelector
F 1 apiVersion s -
F 2 fieldPath s -
M io.k8s.api.core.v1.ObjectReference
F 1 kind s -
F 2 namespace s -
F 3 name s -
F 4 uid s -
F 5 apiVersion s -
F 6 resourceVersion s -
F 7 fieldPath s -
M io.k8s.api.core.v1.PersistentVolume
F 1 metadata 775 -
F 2 spec 339 -
F 3 status 340 -
M io.k8s.api.core.v1.PersistentVolumeClaim
F 1 metadata 775 -
F 2 spec 333 -
F 3 status 334 -
M io.k8s.api.core.v1.PersistentVolumeClaimCondition
F 1 type s -
F 2 status s -
F 3 lastProbeTime 784 -
F 4 lastTransitionTime 784 -
F 5 reason s -
F 6 message s -
M io.k8s.api.core.v1.PersistentVolumeClaimList
F 1 metadata 772 -
F 2 items 330 r
M io.k8s.api.core.v1.PersistentVolumeClaimSpec
F 1 accessModes s r
F 4 selector 770 -
F 2 resources 432 -
F 3 volumeName s -
F 5 storageClassName s -
F 6 volumeMode s -
F 7 dataSource 422 -
F 8 dataSourceRef 423 -
F 9 volumeAttributesClassName s -
M io.k8s.api.core.v1.PersistentVolumeClaimStatus
F 1 phase s -
F 2 accessModes s r
F 3 capacity 758 m
F 4 conditions 331 r
F 5 allocatedResources 758 m
F 7 allocatedResourceStatuses s m
F 8 currentVolumeAttributesClassName s -
F 9 modifyVolumeStatus 298 -
F 10 healthStatus 427 n
M io.k8s.api.core.v1.PersistentVolumeClaimTemplate
F 1 metadata 775 -
F 2 spec 333 -
M io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource
F 1 claimName s -
F 2 readOnly b -
M io.k8s.api.core.v1.PersistentVolumeList
F 1 metadata 772 -
F 2 items 329 r
M io.k8s.api.core.v1.PersistentVolumeSource
F 1 gcePersistentDisk 272 -
F 2 awsElasticBlockStore 205 -
F 3 hostPath 281 -
F 4 glusterfs 275 -
F 5 nfs 299 -
F 6 rbd 373 -
F 7 iscsi 282 -
F 8 cinder 218 -
F 9 cephfs 216 -
F 10 fc 267 -
F 11 flocker 271 -
F 12 flexVolume 269 -
F 13 azureFile 210 -
F 14 vsphereVolume 435 -
F 15 quobyte 372 -
F 16 azureDisk 209 -
F 17 photonPersistentDisk 341 -
F 18 portworxVolume 367 -
F 19 scaleIO 390 -
F 20 local 297 -
F 21 storageos 413 -
F 22 csi 213 -
M io.k8s.api.core.v1.PersistentVolumeSpec
F 1 capacity 758 m
F 2 persistentVolumeSource 338 n
F 3 accessModes s r
F 4 claimRef 328 -
F 5 persistentVolumeReclaimPolicy s -
F 6 storageClassName s -
F 7 mountOptions s r
F 8 volumeMode s -
F 9 nodeAffinity 430 -
F 10 volumeAttributesClassName s -
M io.k8s.api.core.v1.PersistentVolumeStatus
F 1 phase s -
F 2 message s -
F 3 reason s -
F 4 lastPhaseTransitionTime 784 -
M io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource
F 1 pdID s -
F 2 fsType s -
M io.k8s.api.core.v1.Pod
F 1 metadata 775 -
F 2 spec 360 -
F 3 status 361 -
M io.k8s.api.core.v1.PodAffinity
F 1 requiredDuringSchedulingIgnoredDuringExecution 344 r
F 2 preferredDuringSchedulingIgnoredDuringExecution 436 r
M io.k8s.api.core.v1.PodAffinityTerm
F 1 labelSelector 770 -
F 2 namespaces s r
F 3 topologyKey s -
F 4 namespaceSelector 770 -
F 5 matchLabelKeys s r
F 6 mismatchLabelKeys s r
M io.k8s.api.core.v1.PodAntiAffinity
F 1 requiredDuringSchedulingIgnoredDuringExecution 344 r
F 2 preferredDuringSchedulingIgnoredDuringExecution 436 r
M io.k8s.api.core.v1.PodCertificateProjection
F 1 signerName s -
F 2 keyType s -
F 3 maxExpirationSeconds i -
F 4 credentialBundlePath s -
F 5 keyPath s -
F 6 certificateChainPath s -
F 7 userAnnotations s m
F 8 user i -
M io.k8s.api.core.v1.PodCondition
F 1 type s -
F 7 observedGeneration i -
F 2 status s -
F 3 lastProbeTime 784 -
F 4 lastTransitionTime 784 -
F 5 reason s -
F 6 message s -
M io.k8s.api.core.v1.PodDNSConfig
F 1 nameservers s r
F 2 searches s r
F 3 options 349 r
M io.k8s.api.core.v1.PodDNSConfigOption
F 1 name s -
F 2 value s -
M io.k8s.api.core.v1.PodExtendedResourceClaimStatus
F 1 requestMappings 233 r
F 2 resourceClaimName s -
M io.k8s.api.core.v1.PodIP
F 1 ip s -
M io.k8s.api.core.v1.PodList
F 1 metadata 772 -
F 2 items 342 r
M io.k8s.api.core.v1.PodOS
F 1 name s -
M io.k8s.api.core.v1.PodReadinessGate
F 1 conditionType s -
M io.k8s.api.core.v1.PodResourceClaim
F 1 name s -
F 3 resourceClaimName s -
F 4 resourceClaimTemplateName s -
M io.k8s.api.core.v1.PodResourceClaimStatus
F 1 name s -
F 2 resourceClaimName s -
M io.k8s.api.core.v1.PodSchedulingGate
F 1 name s -
M io.k8s.api.core.v1.PodSchedulingGroup
F 1 podGroupName s -
M io.k8s.api.core.v1.PodSecurityContext
F 1 seLinuxOptions 389 -
F 8 windowsOptions 437 -
F 2 runAsUser i -
F 6 runAsGroup i -
F 3 runAsNonRoot b -
F 4 supplementalGroups i r
F 12 supplementalGroupsPolicy s -
F 5 fsGroup i -
F 7 sysctls 415 r
F 9 fsGroupChangePolicy s -
F 10 seccompProfile 394 -
F 11 appArmorProfile 207 -
F 13 seLinuxChangePolicy s -
M io.k8s.api.core.v1.PodSpec
F 1 volumes 424 r
F 20 initContainers 232 r
F 2 containers 232 r
F 34 ephemeralContainers 258 r
F 3 restartPolicy s -
F 4 terminationGracePeriodSeconds i -
F 5 activeDeadlineSeconds i -
F 6 dnsPolicy s -
F 7 nodeSelector s m
F 8 serviceAccountName s -
F 9 serviceAccount s -
F 21 automountServiceAccountToken b -
F 10 nodeName s -
F 11 hostNetwork b -
F 12 hostPID b -
F 13 hostIPC b -
F 27 shareProcessNamespace b -
F 14 securityContext 359 -
F 15 imagePullSecrets 296 r
F 16 hostname s -
F 17 subdomain s -
F 18 affinity 206 -
F 19 schedulerName s -
F 22 tolerations 418 r
F 23 hostAliases 279 r
F 24 priorityClassName s -
F 25 priority i -
F 26 dnsConfig 348 -
F 28 readinessGates 354 r
F 29 runtimeClassName s -
F 30 enableServiceLinks b -
F 31 preemptionPolicy s -
F 32 overhead 758 m
F 33 topologySpreadConstraints 421 r
F 35 setHostnameAsFQDN b -
F 36 os 353 -
F 37 hostUsers b -
F 38 schedulingGates 357 r
F 39 resourceClaims 355 r
F 40 resources 387 -
F 41 hostnameOverride s -
F 43 schedulingGroup 358 -
F 44 evictionResponders 265 r
M io.k8s.api.core.v1.PodStatus
F 17 observedGeneration i -
F 1 phase s -
F 2 conditions 347 r
F 3 message s -
F 4 reason s -
F 11 nominatedNodeName s -
F 5 hostIP s -
F 16 hostIPs 280 r
F 6 podIP s -
F 12 podIPs 351 r
F 7 startTime 784 -
F 10 initContainerStatuses 243 r
F 8 containerStatuses 243 r
F 9 qosClass s -
F 13 ephemeralContainerStatuses 243 r
F 14 resize s -
F 15 resourceClaimStatuses 356 r
F 18 extendedResourceClaimStatus 350 -
F 19 allocatedResources 758 m
F 20 resources 387 -
F 21 nodeAllocatableResourceClaimStatuses 310 r
F 22 volumeHealth 365 r
M io.k8s.api.core.v1.PodTemplate
F 1 metadata 775 -
F 2 template 364 -
M io.k8s.api.core.v1.PodTemplateList
F 1 metadata 772 -
F 2 items 362 r
M io.k8s.api.core.v1.PodTemplateSpec
F 1 metadata 775 -
F 2 spec 360 -
M io.k8s.api.core.v1.PodVolumeHealth
F 1 name s -
F 2 healthConditions 426 r
F 3 lastTransitionTime 784 -
M io.k8s.api.core.v1.PortStatus
F 1 port i -
F 2 protocol s -
F 3 error s -
M io.k8s.api.core.v1.PortworxVolumeSource
F 1 volumeID s -
F 2 fsType s -
F 3 readOnly b -
M io.k8s.api.core.v1.PreferredSchedulingTerm
F 1 weight i -
F 2 preference 322 -
M io.k8s.api.core.v1.Probe
F 1 handler 370 n
F 2 initialDelaySeconds i -
F 3 timeoutSeconds i -
F 4 periodSeconds i -
F 5 successThreshold i -
F 6 failureThreshold i -
F 7 terminationGracePeriodSeconds i -
M io.k8s.api.core.v1.ProbeHandler
F 1 exec 266 -
F 2 httpGet 277 -
F 3 tcpSocket 416 -
F 4 grpc 273 -
M io.k8s.api.core.v1.ProjectedVolumeSource
F 1 sources 431 r
F 2 defaultMode i -
F 3 defaultUser i -
M io.k8s.api.core.v1.QuobyteVolumeSource
F 1 registry s -
F 2 volume s -
F 3 readOnly b -
F 4 user s -
F 5 group s -
F 6 tenant s -
M io.k8s.api.core.v1.RBDPersistentVolumeSource
F 1 monitors s r
F 2 image s -
F 3 fsType s -
F 4 pool s -
F 5 user s -
F 6 keyring s -
F 7 secretRef 400 -
F 8 readOnly b -
M io.k8s.api.core.v1.RBDVolumeSource
F 1 monitors s r
F 2 image s -
F 3 fsType s -
F 4 pool s -
F 5 user s -
F 6 keyring s -
F 7 secretRef 296 -
F 8 readOnly b -
M io.k8s.api.core.v1.ReplicationController
F 1 metadata 775 -
F 2 spec 378 -
F 3 status 379 -
M io.k8s.api.core.v1.ReplicationControllerCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 784 -
F 4 reason s -
F 5 message s -
M io.k8s.api.core.v1.ReplicationControllerList
F 1 metadata 772 -
F 2 items 375 r
M io.k8s.api.core.v1.ReplicationControllerSpec
F 1 replicas i -
F 4 minReadySeconds i -
F 2 selector s m
F 3 template 364 -
M io.k8s.api.core.v1.ReplicationControllerStatus
F 1 replicas i -
F 2 fullyLabeledReplicas i -
F 4 readyReplicas i -
F 5 availableReplicas i -
F 3 observedGeneration i -
F 6 conditions 376 r
M io.k8s.api.core.v1.ResourceClaim
F 1 name s -
F 2 request s -
M io.k8s.api.core.v1.ResourceFieldSelector
F 1 containerName s -
F 2 resource s -
F 3 divisor 758 -
M io.k8s.api.core.v1.ResourceHealth
F 1 resourceID s -
F 2 health s -
F 6 message s -
M io.k8s.api.core.v1.ResourceQuota
F 1 metadata 775 -
F 2 spec 385 -
F 3 status 386 -
M io.k8s.api.core.v1.ResourceQuotaList
F 1 metadata 772 -
F 2 items 383 r
M io.k8s.api.core.v1.ResourceQuotaSpec
F 1 hard 758 m
F 2 scopes s r
F 3 scopeSelector 392 -
M io.k8s.api.core.v1.ResourceQuotaStatus
F 1 hard 758 m
F 2 used 758 m
M io.k8s.api.core.v1.ResourceRequirements
F 1 limits 758 m
F 2 requests 758 m
F 3 claims 380 r
M io.k8s.api.core.v1.ResourceStatus
F 1 name s -
F 2 resources 382 r
M io.k8s.api.core.v1.SELinuxOptions
F 1 user s -
F 2 role s -
F 3 type s -
F 4 level s -
M io.k8s.api.core.v1.ScaleIOPersistentVolumeSource
F 1 gateway s -
F 2 system s -
F 3 secretRef 400 -
F 4 sslEnabled b -
F 5 protectionDomain s -
F 6 storagePool s -
F 7 storageMode s -
F 8 volumeName s -
F 9 fsType s -
F 10 readOnly b -
M io.k8s.api.core.v1.ScaleIOVolumeSource
F 1 gateway s -
F 2 system s -
F 3 secretRef 296 -
F 4 sslEnabled b -
F 5 protectionDomain s -
F 6 storagePool s -
F 7 storageMode s -
F 8 volumeName s -
F 9 fsType s -
F 10 readOnly b -
M io.k8s.api.core.v1.ScopeSelector
F 1 matchExpressions 393 r
M io.k8s.api.core.v1.ScopedResourceSelectorRequirement
F 1 scopeName s -
F 2 operator s -
F 3 values s r
M io.k8s.api.core.v1.SeccompProfile
F 1 type s -
F 2 localhostProfile s -
M io.k8s.api.core.v1.Secret
F 1 metadata 775 -
F 5 immutable b -
F 2 data y m
F 4 stringData s m
F 3 type s -
M io.k8s.api.core.v1.SecretEnvSource
F 1 localObjectReference 296 n
F 2 optional b -
M io.k8s.api.core.v1.SecretKeySelector
F 1 localObjectReference 296 n
F 2 key s -
F 3 optional b -
M io.k8s.api.core.v1.SecretList
F 1 metadata 772 -
F 2 items 395 r
M io.k8s.api.core.v1.SecretProjection
F 1 localObjectReference 296 n
F 2 items 286 r
F 4 optional b -
M io.k8s.api.core.v1.SecretReference
F 1 name s -
F 2 namespace s -
M io.k8s.api.core.v1.SecretVolumeSource
F 1 secretName s -
F 2 items 286 r
F 3 defaultMode i -
F 4 optional b -
F 5 defaultUser i -
M io.k8s.api.core.v1.SecurityContext
F 1 capabilities 215 -
F 2 privileged b -
F 3 seLinuxOptions 389 -
F 10 windowsOptions 437 -
F 4 runAsUser i -
F 8 runAsGroup i -
F 5 runAsNonRoot b -
F 6 readOnlyRootFilesystem b -
F 7 allowPrivilegeEscalation b -
F 9 procMount s -
F 11 seccompProfile 394 -
F 12 appArmorProfile 207 -
M io.k8s.api.core.v1.Service
F 1 metadata 775 -
F 2 spec 409 -
F 3 status 410 -
M io.k8s.api.core.v1.ServiceAccount
F 1 metadata 775 -
F 2 secrets 328 r
F 3 imagePullSecrets 296 r
F 4 automountServiceAccountToken b -
M io.k8s.api.core.v1.ServiceAccountList
F 1 metadata 772 -
F 2 items 404 r
M io.k8s.api.core.v1.ServiceAccountTokenProjection
F 1 audience s -
F 2 expirationSeconds i -
F 3 path s -
F 4 user i -
M io.k8s.api.core.v1.ServiceList
F 1 metadata 772 -
F 2 items 403 r
M io.k8s.api.core.v1.ServicePort
F 1 name s -
F 2 protocol s -
F 6 appProtocol s -
F 3 port i -
F 4 targetPort 788 -
F 5 nodePort i -
M io.k8s.api.core.v1.ServiceSpec
F 1 ports 408 r
F 2 selector s m
F 3 clusterIP s -
F 18 clusterIPs s r
F 4 type s -
F 5 externalIPs s r
F 7 sessionAffinity s -
F 8 loadBalancerIP s -
F 9 loadBalancerSourceRanges s r
F 10 externalName s -
F 11 externalTrafficPolicy s -
F 12 healthCheckNodePort i -
F 13 publishNotReadyAddresses b -
F 14 sessionAffinityConfig 411 -
F 19 ipFamilies s r
F 17 ipFamilyPolicy s -
F 20 allocateLoadBalancerNodePorts b -
F 21 loadBalancerClass s -
F 22 internalTrafficPolicy s -
F 23 trafficDistribution s -
M io.k8s.api.core.v1.ServiceStatus
F 1 loadBalancer 295 -
F 2 conditions 764 r
M io.k8s.api.core.v1.SessionAffinityConfig
F 1 clientIP 220 -
M io.k8s.api.core.v1.SleepAction
F 1 seconds i -
M io.k8s.api.core.v1.StorageOSPersistentVolumeSource
F 1 volumeName s -
F 2 volumeNamespace s -
F 3 fsType s -
F 4 readOnly b -
F 5 secretRef 328 -
M io.k8s.api.core.v1.StorageOSVolumeSource
F 1 volumeName s -
F 2 volumeNamespace s -
F 3 fsType s -
F 4 readOnly b -
F 5 secretRef 296 -
M io.k8s.api.core.v1.Sysctl
F 1 name s -
F 2 value s -
M io.k8s.api.core.v1.TCPSocketAction
F 1 port 788 -
F 2 host s -
M io.k8s.api.core.v1.Taint
F 1 key s -
F 2 value s -
F 3 effect s -
F 4 timeAdded 784 -
M io.k8s.api.core.v1.Toleration
F 1 key s -
F 2 operator s -
F 3 value s -
F 4 effect s -
F 5 tolerationSeconds i -
M io.k8s.api.core.v1.TopologySelectorLabelRequirement
F 1 key s -
F 2 values s r
M io.k8s.api.core.v1.TopologySelectorTerm
F 1 matchLabelExpressions 419 r
M io.k8s.api.core.v1.TopologySpreadConstraint
F 1 maxSkew i -
F 2 topologyKey s -
F 3 whenUnsatisfiable s -
F 4 labelSelector 770 -
F 5 minDomains i -
F 6 nodeAffinityPolicy s -
F 7 nodeTaintsPolicy s -
F 8 matchLabelKeys s r
M io.k8s.api.core.v1.TypedLocalObjectReference
F 1 apiGroup s -
F 2 kind s -
F 3 name s -
M io.k8s.api.core.v1.TypedObjectReference
F 1 apiGroup s -
F 2 kind s -
F 3 name s -
F 4 namespace s -
M io.k8s.api.core.v1.Volume
F 1 name s -
F 2 volumeSource 433 n
M io.k8s.api.core.v1.VolumeDevice
F 1 name s -
F 2 devicePath s -
M io.k8s.api.core.v1.VolumeHealthCondition
F 1 status s -
F 2 reason s -
F 3 message s -
M io.k8s.api.core.v1.VolumeHealthStatus
F 1 healthConditions 426 r
F 2 lastTransitionTime 784 -
M io.k8s.api.core.v1.VolumeMount
F 1 name s -
F 2 readOnly b -
F 7 recursiveReadOnly s -
F 3 mountPath s -
F 4 subPath s -
F 5 mountPropagation s -
F 6 subPathExpr s -
F 8 bindMountOptions s r
M io.k8s.api.core.v1.VolumeMountStatus
F 1 name s -
F 2 mountPath s -
F 3 readOnly b -
F 4 recursiveReadOnly s -
F 5 volumeStatus 434 -
M io.k8s.api.core.v1.VolumeNodeAffinity
F 1 required 320 -
M io.k8s.api.core.v1.VolumeProjection
F 1 secret 399 -
F 2 downwardAPI 246 -
F 3 configMap 230 -
F 4 serviceAccountToken 406 -
F 5 clusterTrustBundle 221 -
F 6 podCertificate 346 -
M io.k8s.api.core.v1.VolumeResourceRequirements
F 1 limits 758 m
F 2 requests 758 m
M io.k8s.api.core.v1.VolumeSource
F 1 hostPath 281 -
F 2 emptyDir 249 -
F 3 gcePersistentDisk 272 -
F 4 awsElasticBlockStore 205 -
F 5 gitRepo 274 -
F 6 secret 401 -
F 7 nfs 299 -
F 8 iscsi 283 -
F 9 glusterfs 276 -
F 10 persistentVolumeClaim 336 -
F 11 rbd 374 -
F 12 flexVolume 270 -
F 13 cinder 219 -
F 14 cephfs 217 -
F 15 flocker 271 -
F 16 downwardAPI 248 -
F 17 fc 267 -
F 18 azureFile 211 -
F 19 configMap 231 -
F 20 vsphereVolume 435 -
F 21 quobyte 372 -
F 22 azureDisk 209 -
F 23 photonPersistentDisk 341 -
F 26 projected 371 -
F 24 portworxVolume 367 -
F 25 scaleIO 391 -
F 27 storageos 414 -
F 28 csi 214 -
F 29 ephemeral 260 -
F 30 image 284 -
M io.k8s.api.core.v1.VolumeStatus
F 1 image 285 -
M io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource
F 1 volumePath s -
F 2 fsType s -
F 3 storagePolicyName s -
F 4 storagePolicyID s -
M io.k8s.api.core.v1.WeightedPodAffinityTerm
F 1 weight i -
F 2 podAffinityTerm 344 -
M io.k8s.api.core.v1.WindowsSecurityContextOptions
F 1 gmsaCredentialSpecName s -
F 2 gmsaCredentialSpec s -
F 3 runAsUserName s -
F 4 hostProcess b -
M io.k8s.api.discovery.v1.Endpoint
F 1 addresses s r
F 2 conditions 439 -
F 3 hostname s -
F 4 targetRef 328 -
F 5 deprecatedTopology s m
F 6 nodeName s -
F 7 zone s -
F 8 hints 440 -
M io.k8s.api.discovery.v1.EndpointConditions
F 1 ready b -
F 2 serving b -
F 3 terminating b -
M io.k8s.api.discovery.v1.EndpointHints
F 1 forZones 445 r
F 2 forNodes 444 r
M io.k8s.api.discovery.v1.EndpointPort
F 1 name s -
F 2 protocol s -
F 3 port i -
F 4 appProtocol s -
M io.k8s.api.discovery.v1.EndpointSlice
F 1 metadata 775 -
F 4 addressType s -
F 2 endpoints 438 r
F 3 ports 441 r
M io.k8s.api.discovery.v1.EndpointSliceList
F 1 metadata 772 -
F 2 items 442 r
M io.k8s.api.discovery.v1.ForNode
F 1 name s -
M io.k8s.api.discovery.v1.ForZone
F 1 name s -
M io.k8s.api.events.v1.Event
F 1 metadata 775 -
F 2 eventTime 774 -
F 3 series 448 -
F 4 reportingController s -
F 5 reportingInstance s -
F 6 action s -
F 7 reason s -
F 8 regarding 328 -
F 9 related 328 -
F 10 note s -
F 11 type s -
F 12 deprecatedSource 264 -
F 13 deprecatedFirstTimestamp 784 -
F 14 deprecatedLastTimestamp 784 -
F 15 deprecatedCount i -
M io.k8s.api.events.v1.EventList
F 1 metadata 772 -
F 2 items 446 r
M io.k8s.api.events.v1.EventSeries
F 1 count i -
F 2 lastObservedTime 774 -
M io.k8s.api.flowcontrol.v1.ExemptPriorityLevelConfiguration
F 1 nominalConcurrencyShares i -
F 2 lendablePercent i -
M io.k8s.api.flowcontrol.v1.FlowDistinguisherMethod
F 1 type s -
M io.k8s.api.flowcontrol.v1.FlowSchema
F 1 metadata 775 -
F 2 spec 454 -
F 3 status 455 -
M io.k8s.api.flowcontrol.v1.FlowSchemaCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 784 -
F 4 reason s -
F 5 message s -
M io.k8s.api.flowcontrol.v1.FlowSchemaList
F 1 metadata 772 -
F 2 items 451 r
M io.k8s.api.flowcontrol.v1.FlowSchemaSpec
F 1 priorityLevelConfiguration 464 -
F 2 matchingPrecedence i -
F 3 distinguisherMethod 450 -
F 4 rules 460 r
M io.k8s.api.flowcontrol.v1.FlowSchemaStatus
F 1 conditions 452 r
M io.k8s.api.flowcontrol.v1.GroupSubject
F 1 name s -
M io.k8s.api.flowcontrol.v1.LimitResponse
F 1 type s -
F 2 queuing 467 -
M io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration
F 1 nominalConcurrencyShares i -
F 2 limitResponse 457 -
F 3 lendablePercent i -
F 4 borrowingLimitPercent i -
M io.k8s.api.flowcontrol.v1.NonResourcePolicyRule
F 1 verbs s r
F 6 nonResourceURLs s r
M io.k8s.api.flowcontrol.v1.PolicyRulesWithSubjects
F 1 subjects 470 r
F 2 resourceRules 468 r
F 3 nonResourceRules 459 r
M io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration
F 1 metadata 775 -
F 2 spec 465 -
F 3 status 466 -
M io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 784 -
F 4 reason s -
F 5 message s -
M io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationList
F 1 metadata 772 -
F 2 items 461 r
M io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationReference
F 1 name s -
M io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec
F 1 type s -
F 2 limited 458 -
F 3 exempt 449 -
M io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationStatus
F 1 conditions 462 r
M io.k8s.api.flowcontrol.v1.QueuingConfiguration
F 1 queues i -
F 2 handSize i -
F 3 queueLengthLimit i -
M io.k8s.api.flowcontrol.v1.ResourcePolicyRule
F 1 verbs s r
F 2 apiGroups s r
F 3 resources s r
F 4 clusterScope b -
F 5 namespaces s r
M io.k8s.api.flowcontrol.v1.ServiceAccountSubject
F 1 namespace s -
F 2 name s -
M io.k8s.api.flowcontrol.v1.Subject
F 1 kind s -
F 2 user 471 -
F 3 group 456 -
F 4 serviceAccount 469 -
M io.k8s.api.flowcontrol.v1.UserSubject
F 1 name s -
M io.k8s.api.networking.v1.HTTPIngressPath
F 1 path s -
F 3 pathType s -
F 2 backend 479 -
M io.k8s.api.networking.v1.HTTPIngressRuleValue
F 1 paths 472 r
M io.k8s.api.networking.v1.IPAddress
F 1 metadata 775 -
F 2 spec 476 -
M io.k8s.api.networking.v1.IPAddressList
F 1 metadata 772 -
F 2 items 474 r
M io.k8s.api.networking.v1.IPAddressSpec
F 1 parentRef 501 -
M io.k8s.api.networking.v1.IPBlock
F 1 cidr s -
F 2 except s r
M io.k8s.api.networking.v1.Ingress
F 1 metadata 775 -
F 2 spec 491 -
F 3 status 492 -
M io.k8s.api.networking.v1.IngressBackend
F 4 service 490 -
F 3 resource 422 -
M io.k8s.api.networking.v1.IngressClass
F 1 metadata 775 -
F 2 spec 483 -
M io.k8s.api.networking.v1.IngressClassList
F 1 metadata 772 -
F 2 items 480 r
M io.k8s.api.networking.v1.IngressClassParametersReference
F 1 apiGroup s -
F 2 kind s -
F 3 name s -
F 4 scope s -
F 5 namespace s -
M io.k8s.api.networking.v1.IngressClassSpec
F 1 controller s -
F 2 parameters 482 -
M io.k8s.api.networking.v1.IngressList
F 1 metadata 772 -
F 2 items 478 r
M io.k8s.api.networking.v1.IngressLoadBalancerIngress
F 1 ip s -
F 2 hostname s -
F 4 ports 487 r
M io.k8s.api.networking.v1.IngressLoadBalancerStatus
F 1 ingress 485 r
M io.k8s.api.networking.v1.IngressPortStatus
F 1 port i -
F 2 protocol s -
F 3 error s -
M io.k8s.api.networking.v1.IngressRule
F 1 host s -
F 2 ingressRuleValue 489 n
M io.k8s.api.networking.v1.IngressRuleValue
F 1 http 473 -
M io.k8s.api.networking.v1.IngressServiceBackend
F 1 name s -
F 2 port 502 -
M io.k8s.api.networking.v1.IngressSpec
F 4 ingressClassName s -
F 1 defaultBackend 479 -
F 2 tls 493 r
F 3 rules 488 r
M io.k8s.api.networking.v1.IngressStatus
F 1 loadBalancer 486 -
M io.k8s.api.networking.v1.IngressTLS
F 1 hosts s r
F 2 secretName s -
M io.k8s.api.networking.v1.NetworkPolicy
F 1 metadata 775 -
F 2 spec 500 -
M io.k8s.api.networking.v1.NetworkPolicyEgressRule
F 1 ports 499 r
F 2 to 498 r
M io.k8s.api.networking.v1.NetworkPolicyIngressRule
F 1 ports 499 r
F 2 from 498 r
M io.k8s.api.networking.v1.NetworkPolicyList
F 1 metadata 772 -
F 2 items 494 r
M io.k8s.api.networking.v1.NetworkPolicyPeer
F 1 podSelector 770 -
F 2 namespaceSelector 770 -
F 3 ipBlock 477 -
M io.k8s.api.networking.v1.NetworkPolicyPort
F 1 protocol s -
F 2 port 788 -
F 3 endPort i -
M io.k8s.api.networking.v1.NetworkPolicySpec
F 1 podSelector 770 -
F 2 ingress 496 r
F 3 egress 495 r
F 4 policyTypes s r
M io.k8s.api.networking.v1.ParentReference
F 1 group s -
F 2 resource s -
F 3 namespace s -
F 4 name s -
M io.k8s.api.networking.v1.ServiceBackendPort
F 1 name s -
F 2 number i -
M io.k8s.api.networking.v1.ServiceCIDR
F 1 metadata 775 -
F 2 spec 505 -
F 3 status 506 -
M io.k8s.api.networking.v1.ServiceCIDRList
F 1 metadata 772 -
F 2 items 503 r
M io.k8s.api.networking.v1.ServiceCIDRSpec
F 1 cidrs s r
M io.k8s.api.networking.v1.ServiceCIDRStatus
F 1 conditions 764 r
M io.k8s.api.networking.v1beta1.IPAddress
F 1 metadata 775 -
F 2 spec 509 -
M io.k8s.api.networking.v1beta1.IPAddressList
F 1 metadata 772 -
F 2 items 507 r
M io.k8s.api.networking.v1beta1.IPAddressSpec
F 1 parentRef 510 -
M io.k8s.api.networking.v1beta1.ParentReference
F 1 group s -
F 2 resource s -
F 3 namespace s -
F 4 name s -
M io.k8s.api.networking.v1beta1.ServiceCIDR
F 1 metadata 775 -
F 2 spec 513 -
F 3 status 514 -
M io.k8s.api.networking.v1beta1.ServiceCIDRList
F 1 metadata 772 -
F 2 items 511 r
M io.k8s.api.networking.v1beta1.ServiceCIDRSpec
F 1 cidrs s r
M io.k8s.api.networking.v1beta1.ServiceCIDRStatus
F 1 conditions 764 r
M io.k8s.api.node.v1.Overhead
F 1 podFixed 758 m
M io.k8s.api.node.v1.RuntimeClass
F 1 metadata 775 -
F 2 handler s -
F 3 overhead 515 -
F 4 scheduling 518 -
M io.k8s.api.node.v1.RuntimeClassList
F 1 metadata 772 -
F 2 items 516 r
M io.k8s.api.node.v1.Scheduling
F 1 nodeSelector s m
F 2 tolerations 418 r
M io.k8s.api.policy.v1.Eviction
F 1 metadata 775 -
F 2 deleteOptions 765 -
M io.k8s.api.policy.v1.PodDisruptionBudget
F 1 metadata 775 -
F 2 spec 522 -
F 3 status 523 -
M io.k8s.api.policy.v1.PodDisruptionBudgetList
F 1 metadata 772 -
F 2 items 520 r
M io.k8s.api.policy.v1.PodDisruptionBudgetSpec
F 1 minAvailable 788 -
F 2 selector 770 -
F 3 maxUnavailable 788 -
F 4 unhealthyPodEvictionPolicy s -
M io.k8s.api.policy.v1.PodDisruptionBudgetStatus
F 1 observedGeneration i -
F 2 disruptedPods 784 m
F 3 disruptionsAllowed i -
F 4 currentHealthy i -
F 5 desiredHealthy i -
F 6 expectedPods i -
F 7 conditions 764 r
M io.k8s.api.rbac.v1.AggregationRule
F 1 clusterRoleSelectors 770 r
M io.k8s.api.rbac.v1.ClusterRole
F 1 metadata 775 -
F 2 rules 529 r
F 3 aggregationRule 524 -
M io.k8s.api.rbac.v1.ClusterRoleBinding
F 1 metadata 775 -
F 2 subjects 535 r
F 3 roleRef 534 -
M io.k8s.api.rbac.v1.ClusterRoleBindingList
F 1 metadata 772 -
F 2 items 526 r
M io.k8s.api.rbac.v1.ClusterRoleList
F 1 metadata 772 -
F 2 items 525 r
M io.k8s.api.rbac.v1.PolicyRule
F 1 verbs s r
F 2 apiGroups s r
F 3 resources s r
F 4 resourceNames s r
F 5 nonResourceURLs s r
M io.k8s.api.rbac.v1.Role
F 1 metadata 775 -
F 2 rules 529 r
M io.k8s.api.rbac.v1.RoleBinding
F 1 metadata 775 -
F 2 subjects 535 r
F 3 roleRef 534 -
M io.k8s.api.rbac.v1.RoleBindingList
F 1 metadata 772 -
F 2 items 531 r
M io.k8s.api.rbac.v1.RoleList
F 1 metadata 772 -
F 2 items 530 r
M io.k8s.api.rbac.v1.RoleRef
F 1 apiGroup s -
F 2 kind s -
F 3 name s -
M io.k8s.api.rbac.v1.Subject
F 1 kind s -
F 2 apiGroup s -
F 3 name s -
F 4 namespace s -
M io.k8s.api.resource.v1.AllocatedDeviceStatus
F 1 driver s -
F 2 pool s -
F 3 device s -
F 7 shareID s -
F 4 conditions 764 r
F 5 data 787 -
F 6 networkData 565 -
M io.k8s.api.resource.v1.AllocationResult
F 1 devices 546 -
F 3 nodeSelector 320 -
F 5 allocationTimestamp 784 -
M io.k8s.api.resource.v1.CELDeviceSelector
F 1 expression s -
M io.k8s.api.resource.v1.CapacityRequestPolicy
F 1 default 758 -
F 3 validValues 758 r
F 4 validRange 540 -
M io.k8s.api.resource.v1.CapacityRequestPolicyRange
F 1 min 758 -
F 2 max 758 -
F 3 step 758 -
M io.k8s.api.resource.v1.CapacityRequirements
F 1 requests 758 m
M io.k8s.api.resource.v1.Counter
F 1 value 758 -
M io.k8s.api.resource.v1.CounterSet
F 1 name s -
F 2 counters 542 m
M io.k8s.api.resource.v1.Device
F 1 name s -
F 2 attributes 547 m
F 3 capacity 548 m
F 4 consumesCounters 557 r
F 5 nodeName s -
F 6 nodeSelector 320 -
F 7 allNodes b -
F 8 taints 562 r
F 9 bindsToNode b -
F 10 bindingConditions s r
F 11 bindingFailureConditions s r
F 12 allowMultipleAllocations b -
F 14 nodeAllocatableResources 568 m
M io.k8s.api.resource.v1.DeviceAllocationConfiguration
F 1 source s -
F 2 requests s r
F 3 deviceConfiguration 555 n
M io.k8s.api.resource.v1.DeviceAllocationResult
F 1 results 559 r
F 2 config 545 r
M io.k8s.api.resource.v1.DeviceAttribute
F 2 int i -
F 3 bool b -
F 4 string s -
F 5 version s -
F 6 ints i r
F 7 bools b r
F 8 strings s r
F 9 versions s r
M io.k8s.api.resource.v1.DeviceCapacity
F 1 value 758 -
F 2 requestPolicy 539 -
M io.k8s.api.resource.v1.DeviceClaim
F 1 requests 558 r
F 2 constraints 556 r
F 3 config 550 r
M io.k8s.api.resource.v1.DeviceClaimConfiguration
F 1 requests s r
F 2 deviceConfiguration 555 n
M io.k8s.api.resource.v1.DeviceClass
F 1 metadata 775 -
F 2 spec 554 -
M io.k8s.api.resource.v1.DeviceClassConfiguration
F 1 deviceConfiguration 555 n
M io.k8s.api.resource.v1.DeviceClassList
F 1 metadata 772 -
F 2 items 551 r
M io.k8s.api.resource.v1.DeviceClassSpec
F 1 selectors 560 r
F 2 config 552 r
F 4 extendedResourceName s -
M io.k8s.api.resource.v1.DeviceConfiguration
F 1 opaque 569 -
M io.k8s.api.resource.v1.DeviceConstraint
F 1 requests s r
F 2 matchAttribute s -
F 3 distinctAttribute s -
M io.k8s.api.resource.v1.DeviceCounterConsumption
F 1 counterSet s -
F 2 counters 542 m
M io.k8s.api.resource.v1.DeviceRequest
F 1 name s -
F 2 exactly 564 -
F 3 firstAvailable 561 r
M io.k8s.api.resource.v1.DeviceRequestAllocationResult
F 1 request s -
F 2 driver s -
F 3 pool s -
F 4 device s -
F 5 adminAccess b -
F 6 tolerations 563 r
F 7 bindingConditions s r
F 8 bindingFailureConditions s r
F 9 shareID s -
F 10 consumedCapacity 758 m
F 11 skipNodeOperations s r
M io.k8s.api.resource.v1.DeviceSelector
F 1 cel 538 -
M io.k8s.api.resource.v1.DeviceSubRequest
F 1 name s -
F 2 deviceClassName s -
F 3 selectors 560 r
F 4 allocationMode s -
F 5 count i -
F 6 tolerations 563 r
F 7 capacity 541 -
M io.k8s.api.resource.v1.DeviceTaint
F 1 key s -
F 2 value s -
F 3 effect s -
F 4 timeAdded 784 -
M io.k8s.api.resource.v1.DeviceToleration
F 1 key s -
F 2 operator s -
F 3 value s -
F 4 effect s -
F 5 tolerationSeconds i -
M io.k8s.api.resource.v1.ExactDeviceRequest
F 1 deviceClassName s -
F 2 selectors 560 r
F 3 allocationMode s -
F 4 count i -
F 5 adminAccess b -
F 6 tolerations 563 r
F 7 capacity 541 -
M io.k8s.api.resource.v1.NetworkDeviceData
F 1 interfaceName s -
F 2 ips s r
F 3 hardwareAddress s -
M io.k8s.api.resource.v1.NodeAllocatableMapping
F 1 capacityKey s -
F 2 capacityMultiplier 758 -
F 3 deviceMultiplier 758 -
M io.k8s.api.resource.v1.NodeAllocatableOverhead
F 1 perPod 758 -
F 2 perContainer 758 -
M io.k8s.api.resource.v1.NodeAllocatableResource
F 3 mapping 566 -
F 4 overhead 567 -
M io.k8s.api.resource.v1.OpaqueDeviceConfiguration
F 1 driver s -
F 2 parameters 787 -
M io.k8s.api.resource.v1.ResourceClaim
F 1 metadata 775 -
F 2 spec 573 -
F 3 status 574 -
M io.k8s.api.resource.v1.ResourceClaimConsumerReference
F 1 apiGroup s -
F 3 resource s -
F 4 name s -
F 5 uid s -
M io.k8s.api.resource.v1.ResourceClaimList
F 1 metadata 772 -
F 2 items 570 r
M io.k8s.api.resource.v1.ResourceClaimSpec
F 1 devices 549 -
M io.k8s.api.resource.v1.ResourceClaimStatus
F 1 allocation 537 -
F 2 reservedFor 571 r
F 4 devices 536 r
M io.k8s.api.resource.v1.ResourceClaimTemplate
F 1 metadata 775 -
F 2 spec 577 -
M io.k8s.api.resource.v1.ResourceClaimTemplateList
F 1 metadata 772 -
F 2 items 575 r
M io.k8s.api.resource.v1.ResourceClaimTemplateSpec
F 1 metadata 775 -
F 2 spec 573 -
M io.k8s.api.resource.v1.ResourcePool
F 1 name s -
F 2 generation i -
F 3 resourceSliceCount i -
M io.k8s.api.resource.v1.ResourceSlice
F 1 metadata 775 -
F 2 spec 581 -
M io.k8s.api.resource.v1.ResourceSliceList
F 1 metadata 772 -
F 2 items 579 r
M io.k8s.api.resource.v1.ResourceSliceSpec
F 1 driver s -
F 2 pool 578 -
F 3 nodeName s -
F 4 nodeSelector 320 -
F 5 allNodes b -
F 6 devices 544 r
F 7 perDeviceNodeSelection b -
F 8 sharedCounters 543 r
F 9 partitionTypeAttribute s -
F 10 skipNodeOperations s r
M io.k8s.api.resource.v1alpha3.DeviceTaint
F 1 key s -
F 2 value s -
F 3 effect s -
F 4 timeAdded 784 -
M io.k8s.api.resource.v1alpha3.DeviceTaintRule
F 1 metadata 775 -
F 2 spec 585 -
F 3 status 586 -
M io.k8s.api.resource.v1alpha3.DeviceTaintRuleList
F 1 metadata 772 -
F 2 items 583 r
M io.k8s.api.resource.v1alpha3.DeviceTaintRuleSpec
F 1 deviceSelector 587 -
F 2 taint 582 -
M io.k8s.api.resource.v1alpha3.DeviceTaintRuleStatus
F 1 conditions 764 r
M io.k8s.api.resource.v1alpha3.DeviceTaintSelector
F 2 driver s -
F 3 pool s -
F 4 device s -
M io.k8s.api.resource.v1alpha3.PartitionTypeStatus
F 4 attribute s -
F 1 type s -
F 2 total i -
F 3 allocatable i -
M io.k8s.api.resource.v1alpha3.PoolStatus
F 1 driver s -
F 2 poolName s -
F 9 generation i -
F 8 resourceSliceCount i -
F 4 totalDevices i -
F 5 allocatedDevices i -
F 6 availableDevices i -
F 7 unavailableDevices i -
F 3 nodeName s -
F 10 validationError s -
F 11 partitionSummary 588 r
F 13 shareableSummary 595 n
M io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequest
F 1 metadata 775 -
F 2 spec 592 -
F 3 status 593 -
M io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequestList
F 1 metadata 772 -
F 2 items 590 r
M io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequestSpec
F 1 driver s -
F 2 poolName s -
F 3 limit i -
F 4 defaultPartitionTypeAttribute s -
M io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequestStatus
F 6 poolCount i -
F 2 pools 589 r
F 3 conditions 764 r
M io.k8s.api.resource.v1alpha3.ShareableCapacityStatus
F 1 name s -
F 2 total 758 -
F 3 consumed 758 -
F 4 available 758 -
M io.k8s.api.resource.v1alpha3.ShareableSummaryStatus
F 1 fullyAvailableDevices i -
F 2 partiallyAvailableDevices i -
F 3 capacity 594 r
M io.k8s.api.resource.v1beta1.AllocatedDeviceStatus
F 1 driver s -
F 2 pool s -
F 3 device s -
F 7 shareID s -
F 4 conditions 764 r
F 5 data 787 -
F 6 networkData 625 -
M io.k8s.api.resource.v1beta1.AllocationResult
F 1 devices 607 -
F 3 nodeSelector 320 -
F 5 allocationTimestamp 784 -
M io.k8s.api.resource.v1beta1.BasicDevice
F 1 attributes 608 m
F 2 capacity 609 m
F 3 consumesCounters 618 r
F 4 nodeName s -
F 5 nodeSelector 320 -
F 6 allNodes b -
F 7 taints 623 r
F 8 bindsToNode b -
F 9 bindingConditions s r
F 10 bindingFailureConditions s r
F 11 allowMultipleAllocations b -
F 14 nodeAllocatableResources 628 m
M io.k8s.api.resource.v1beta1.CELDeviceSelector
F 1 expression s -
M io.k8s.api.resource.v1beta1.CapacityRequestPolicy
F 1 default 758 -
F 3 validValues 758 r
F 4 validRange 601 -
M io.k8s.api.resource.v1beta1.CapacityRequestPolicyRange
F 1 min 758 -
F 2 max 758 -
F 3 step 758 -
M io.k8s.api.resource.v1beta1.CapacityRequirements
F 1 requests 758 m
M io.k8s.api.resource.v1beta1.Counter
F 1 value 758 -
M io.k8s.api.resource.v1beta1.CounterSet
F 1 name s -
F 2 counters 603 m
M io.k8s.api.resource.v1beta1.Device
F 1 name s -
F 2 basic 598 -
M io.k8s.api.resource.v1beta1.DeviceAllocationConfiguration
F 1 source s -
F 2 requests s r
F 3 deviceConfiguration 616 n
M io.k8s.api.resource.v1beta1.DeviceAllocationResult
F 1 results 620 r
F 2 config 606 r
M io.k8s.api.resource.v1beta1.DeviceAttribute
F 2 int i -
F 3 bool b -
F 4 string s -
F 5 version s -
F 6 ints i r
F 7 bools b r
F 8 strings s r
F 9 versions s r
M io.k8s.api.resource.v1beta1.DeviceCapacity
F 1 value 758 -
F 2 requestPolicy 600 -
M io.k8s.api.resource.v1beta1.DeviceClaim
F 1 requests 619 r
F 2 constraints 617 r
F 3 config 611 r
M io.k8s.api.resource.v1beta1.DeviceClaimConfiguration
F 1 requests s r
F 2 deviceConfiguration 616 n
M io.k8s.api.resource.v1beta1.DeviceClass
F 1 metadata 775 -
F 2 spec 615 -
M io.k8s.api.resource.v1beta1.DeviceClassConfiguration
F 1 deviceConfiguration 616 n
M io.k8s.api.resource.v1beta1.DeviceClassList
F 1 metadata 772 -
F 2 items 612 r
M io.k8s.api.resource.v1beta1.DeviceClassSpec
F 1 selectors 621 r
F 2 config 613 r
F 4 extendedResourceName s -
M io.k8s.api.resource.v1beta1.DeviceConfiguration
F 1 opaque 629 -
M io.k8s.api.resource.v1beta1.DeviceConstraint
F 1 requests s r
F 2 matchAttribute s -
F 3 distinctAttribute s -
M io.k8s.api.resource.v1beta1.DeviceCounterConsumption
F 1 counterSet s -
F 2 counters 603 m
M io.k8s.api.resource.v1beta1.DeviceRequest
F 1 name s -
F 2 deviceClassName s -
F 3 selectors 621 r
F 4 allocationMode s -
F 5 count i -
F 6 adminAccess b -
F 7 firstAvailable 622 r
F 8 tolerations 624 r
F 9 capacity 602 -
M io.k8s.api.resource.v1beta1.DeviceRequestAllocationResult
F 1 request s -
F 2 driver s -
F 3 pool s -
F 4 device s -
F 5 adminAccess b -
F 6 tolerations 624 r
F 7 bindingConditions s r
F 8 bindingFailureConditions s r
F 9 shareID s -
F 10 consumedCapacity 758 m
F 11 skipNodeOperations s r
M io.k8s.api.resource.v1beta1.DeviceSelector
F 1 cel 599 -
M io.k8s.api.resource.v1beta1.DeviceSubRequest
F 1 name s -
F 2 deviceClassName s -
F 3 selectors 621 r
F 4 allocationMode s -
F 5 count i -
F 7 tolerations 624 r
F 8 capacity 602 -
M io.k8s.api.resource.v1beta1.DeviceTaint
F 1 key s -
F 2 value s -
F 3 effect s -
F 4 timeAdded 784 -
M io.k8s.api.resource.v1beta1.DeviceToleration
F 1 key s -
F 2 operator s -
F 3 value s -
F 4 effect s -
F 5 tolerationSeconds i -
M io.k8s.api.resource.v1beta1.NetworkDeviceData
F 1 interfaceName s -
F 2 ips s r
F 3 hardwareAddress s -
M io.k8s.api.resource.v1beta1.NodeAllocatableMapping
F 1 capacityKey s -
F 2 capacityMultiplier 758 -
F 3 deviceMultiplier 758 -
M io.k8s.api.resource.v1beta1.NodeAllocatableOverhead
F 1 perPod 758 -
F 2 perContainer 758 -
M io.k8s.api.resource.v1beta1.NodeAllocatableResource
F 3 mapping 626 -
F 4 overhead 627 -
M io.k8s.api.resource.v1beta1.OpaqueDeviceConfiguration
F 1 driver s -
F 2 parameters 787 -
M io.k8s.api.resource.v1beta1.ResourceClaim
F 1 metadata 775 -
F 2 spec 633 -
F 3 status 634 -
M io.k8s.api.resource.v1beta1.ResourceClaimConsumerReference
F 1 apiGroup s -
F 3 resource s -
F 4 name s -
F 5 uid s -
M io.k8s.api.resource.v1beta1.ResourceClaimList
F 1 metadata 772 -
F 2 items 630 r
M io.k8s.api.resource.v1beta1.ResourceClaimSpec
F 1 devices 610 -
M io.k8s.api.resource.v1beta1.ResourceClaimStatus
F 1 allocation 597 -
F 2 reservedFor 631 r
F 4 devices 596 r
M io.k8s.api.resource.v1beta1.ResourceClaimTemplate
F 1 metadata 775 -
F 2 spec 637 -
M io.k8s.api.resource.v1beta1.ResourceClaimTemplateList
F 1 metadata 772 -
F 2 items 635 r
M io.k8s.api.resource.v1beta1.ResourceClaimTemplateSpec
F 1 metadata 775 -
F 2 spec 633 -
M io.k8s.api.resource.v1beta1.ResourcePool
F 1 name s -
F 2 generation i -
F 3 resourceSliceCount i -
M io.k8s.api.resource.v1beta1.ResourceSlice
F 1 metadata 775 -
F 2 spec 641 -
M io.k8s.api.resource.v1beta1.ResourceSliceList
F 1 metadata 772 -
F 2 items 639 r
M io.k8s.api.resource.v1beta1.ResourceSliceSpec
F 1 driver s -
F 2 pool 638 -
F 3 nodeName s -
F 4 nodeSelector 320 -
F 5 allNodes b -
F 6 devices 605 r
F 7 perDeviceNodeSelection b -
F 8 sharedCounters 604 r
F 9 partitionTypeAttribute s -
F 10 skipNodeOperations s r
M io.k8s.api.resource.v1beta2.AllocatedDeviceStatus
F 1 driver s -
F 2 pool s -
F 3 device s -
F 7 shareID s -
F 4 conditions 764 r
F 5 data 787 -
F 6 networkData 676 -
M io.k8s.api.resource.v1beta2.AllocationResult
F 1 devices 652 -
F 3 nodeSelector 320 -
F 5 allocationTimestamp 784 -
M io.k8s.api.resource.v1beta2.CELDeviceSelector
F 1 expression s -
M io.k8s.api.resource.v1beta2.CapacityRequestPolicy
F 1 default 758 -
F 3 validValues 758 r
F 4 validRange 646 -
M io.k8s.api.resource.v1beta2.CapacityRequestPolicyRange
F 1 min 758 -
F 2 max 758 -
F 3 step 758 -
M io.k8s.api.resource.v1beta2.CapacityRequirements
F 1 requests 758 m
M io.k8s.api.resource.v1beta2.Counter
F 1 value 758 -
M io.k8s.api.resource.v1beta2.CounterSet
F 1 name s -
F 2 counters 648 m
M io.k8s.api.resource.v1beta2.Device
F 1 name s -
F 2 attributes 653 m
F 3 capacity 654 m
F 4 consumesCounters 663 r
F 5 nodeName s -
F 6 nodeSelector 320 -
F 7 allNodes b -
F 8 taints 668 r
F 9 bindsToNode b -
F 10 bindingConditions s r
F 11 bindingFailureConditions s r
F 12 allowMultipleAllocations b -
F 14 nodeAllocatableResources 679 m
M io.k8s.api.resource.v1beta2.DeviceAllocationConfiguration
F 1 source s -
F 2 requests s r
F 3 deviceConfiguration 661 n
M io.k8s.api.resource.v1beta2.DeviceAllocationResult
F 1 results 665 r
F 2 config 651 r
M io.k8s.api.resource.v1beta2.DeviceAttribute
F 2 int i -
F 3 bool b -
F 4 string s -
F 5 version s -
F 6 ints i r
F 7 bools b r
F 8 strings s r
F 9 versions s r
M io.k8s.api.resource.v1beta2.DeviceCapacity
F 1 value 758 -
F 2 requestPolicy 645 -
M io.k8s.api.resource.v1beta2.DeviceClaim
F 1 requests 664 r
F 2 constraints 662 r
F 3 config 656 r
M io.k8s.api.resource.v1beta2.DeviceClaimConfiguration
F 1 requests s r
F 2 deviceConfiguration 661 n
M io.k8s.api.resource.v1beta2.DeviceClass
F 1 metadata 775 -
F 2 spec 660 -
M io.k8s.api.resource.v1beta2.DeviceClassConfiguration
F 1 deviceConfiguration 661 n
M io.k8s.api.resource.v1beta2.DeviceClassList
F 1 metadata 772 -
F 2 items 657 r
M io.k8s.api.resource.v1beta2.DeviceClassSpec
F 1 selectors 666 r
F 2 config 658 r
F 4 extendedResourceName s -
M io.k8s.api.resource.v1beta2.DeviceConfiguration
F 1 opaque 680 -
M io.k8s.api.resource.v1beta2.DeviceConstraint
F 1 requests s r
F 2 matchAttribute s -
F 3 distinctAttribute s -
M io.k8s.api.resource.v1beta2.DeviceCounterConsumption
F 1 counterSet s -
F 2 counters 648 m
M io.k8s.api.resource.v1beta2.DeviceRequest
F 1 name s -
F 2 exactly 675 -
F 3 firstAvailable 667 r
M io.k8s.api.resource.v1beta2.DeviceRequestAllocationResult
F 1 request s -
F 2 driver s -
F 3 pool s -
F 4 device s -
F 5 adminAccess b -
F 6 tolerations 674 r
F 7 bindingConditions s r
F 8 bindingFailureConditions s r
F 9 shareID s -
F 10 consumedCapacity 758 m
F 11 skipNodeOperations s r
M io.k8s.api.resource.v1beta2.DeviceSelector
F 1 cel 644 -
M io.k8s.api.resource.v1beta2.DeviceSubRequest
F 1 name s -
F 2 deviceClassName s -
F 3 selectors 666 r
F 4 allocationMode s -
F 5 count i -
F 6 tolerations 674 r
F 7 capacity 647 -
M io.k8s.api.resource.v1beta2.DeviceTaint
F 1 key s -
F 2 value s -
F 3 effect s -
F 4 timeAdded 784 -
M io.k8s.api.resource.v1beta2.DeviceTaintRule
F 1 metadata 775 -
F 2 spec 671 -
F 3 status 672 -
M io.k8s.api.resource.v1beta2.DeviceTaintRuleList
F 1 metadata 772 -
F 2 items 669 r
M io.k8s.api.resource.v1beta2.DeviceTaintRuleSpec
F 1 deviceSelector 673 -
F 2 taint 668 -
M io.k8s.api.resource.v1beta2.DeviceTaintRuleStatus
F 1 conditions 764 r
M io.k8s.api.resource.v1beta2.DeviceTaintSelector
F 2 driver s -
F 3 pool s -
F 4 device s -
M io.k8s.api.resource.v1beta2.DeviceToleration
F 1 key s -
F 2 operator s -
F 3 value s -
F 4 effect s -
F 5 tolerationSeconds i -
M io.k8s.api.resource.v1beta2.ExactDeviceRequest
F 1 deviceClassName s -
F 2 selectors 666 r
F 3 allocationMode s -
F 4 count i -
F 5 adminAccess b -
F 6 tolerations 674 r
F 7 capacity 647 -
M io.k8s.api.resource.v1beta2.NetworkDeviceData
F 1 interfaceName s -
F 2 ips s r
F 3 hardwareAddress s -
M io.k8s.api.resource.v1beta2.NodeAllocatableMapping
F 1 capacityKey s -
F 2 capacityMultiplier 758 -
F 3 deviceMultiplier 758 -
M io.k8s.api.resource.v1beta2.NodeAllocatableOverhead
F 1 perPod 758 -
F 2 perContainer 758 -
M io.k8s.api.resource.v1beta2.NodeAllocatableResource
F 3 mapping 677 -
F 4 overhead 678 -
M io.k8s.api.resource.v1beta2.OpaqueDeviceConfiguration
F 1 driver s -
F 2 parameters 787 -
M io.k8s.api.resource.v1beta2.ResourceClaim
F 1 metadata 775 -
F 2 spec 684 -
F 3 status 685 -
M io.k8s.api.resource.v1beta2.ResourceClaimConsumerReference
F 1 apiGroup s -
F 3 resource s -
F 4 name s -
F 5 uid s -
M io.k8s.api.resource.v1beta2.ResourceClaimList
F 1 metadata 772 -
F 2 items 681 r
M io.k8s.api.resource.v1beta2.ResourceClaimSpec
F 1 devices 655 -
M io.k8s.api.resource.v1beta2.ResourceClaimStatus
F 1 allocation 643 -
F 2 reservedFor 682 r
F 4 devices 642 r
M io.k8s.api.resource.v1beta2.ResourceClaimTemplate
F 1 metadata 775 -
F 2 spec 688 -
M io.k8s.api.resource.v1beta2.ResourceClaimTemplateList
F 1 metadata 772 -
F 2 items 686 r
M io.k8s.api.resource.v1beta2.ResourceClaimTemplateSpec
F 1 metadata 775 -
F 2 spec 684 -
M io.k8s.api.resource.v1beta2.ResourcePool
F 1 name s -
F 2 generation i -
F 3 resourceSliceCount i -
M io.k8s.api.resource.v1beta2.ResourceSlice
F 1 metadata 775 -
F 2 spec 692 -
M io.k8s.api.resource.v1beta2.ResourceSliceList
F 1 metadata 772 -
F 2 items 690 r
M io.k8s.api.resource.v1beta2.ResourceSliceSpec
F 1 driver s -
F 2 pool 689 -
F 3 nodeName s -
F 4 nodeSelector 320 -
F 5 allNodes b -
F 6 devices 650 r
F 7 perDeviceNodeSelection b -
F 8 sharedCounters 649 r
F 9 partitionTypeAttribute s -
F 10 skipNodeOperations s r
M io.k8s.api.scheduling.v1.PriorityClass
F 1 metadata 775 -
F 2 value i -
F 3 globalDefault b -
F 4 description s -
F 5 preemptionPolicy s -
M io.k8s.api.scheduling.v1.PriorityClassList
F 1 metadata 772 -
F 2 items 693 r
M io.k8s.api.scheduling.v1alpha3.TopologyConstraint
F 1 key s -
M io.k8s.api.scheduling.v1alpha3.WorkloadPodGroupAllDisruptionMode
M io.k8s.api.scheduling.v1alpha3.WorkloadPodGroupBasicSchedulingPolicy
M io.k8s.api.scheduling.v1alpha3.WorkloadPodGroupDisruptionMode
F 1 single 703 -
F 2 all 696 -
M io.k8s.api.scheduling.v1alpha3.WorkloadPodGroupGangSchedulingPolicy
F 1 minCount i -
M io.k8s.api.scheduling.v1alpha3.WorkloadPodGroupResourceClaim
F 1 name s -
F 2 resourceClaimName s -
F 3 resourceClaimTemplateName s -
M io.k8s.api.scheduling.v1alpha3.WorkloadPodGroupSchedulingConstraints
F 1 topology 695 r
M io.k8s.api.scheduling.v1alpha3.WorkloadPodGroupSchedulingPolicy
F 1 basic 697 -
F 2 gang 699 -
M io.k8s.api.scheduling.v1alpha3.WorkloadPodGroupSingleDisruptionMode
M io.k8s.api.storage.v1.CSIDriver
F 1 metadata 775 -
F 2 spec 706 -
M io.k8s.api.storage.v1.CSIDriverList
F 1 metadata 772 -
F 2 items 704 r
M io.k8s.api.storage.v1.CSIDriverSpec
F 1 attachRequired b -
F 2 podInfoOnMount b -
F 3 volumeLifecycleModes s r
F 4 storageCapacity b -
F 5 fsGroupPolicy s -
F 6 tokenRequests 718 r
F 7 requiresRepublish b -
F 8 seLinuxMount b -
F 9 nodeAllocatableUpdatePeriodSeconds i -
F 10 serviceAccountTokenInSecrets b -
F 11 preventPodSchedulingIfMissing b -
M io.k8s.api.storage.v1.CSINode
F 1 metadata 775 -
F 2 spec 710 -
F 3 status 711 n
M io.k8s.api.storage.v1.CSINodeDriver
F 1 name s -
F 2 nodeID s -
F 3 topologyKeys s r
F 4 allocatable 727 -
M io.k8s.api.storage.v1.CSINodeList
F 1 metadata 772 -
F 2 items 707 r
M io.k8s.api.storage.v1.CSINodeSpec
F 1 drivers 708 r
M io.k8s.api.storage.v1.CSINodeStatus
F 1 storageHealth 716 r
M io.k8s.api.storage.v1.CSIStorageCapacity
F 1 metadata 775 -
F 2 nodeTopology 770 -
F 3 storageClassName s -
F 4 capacity 758 -
F 5 maximumVolumeSize 758 -
M io.k8s.api.storage.v1.CSIStorageCapacityList
F 1 metadata 772 -
F 2 items 712 r
M io.k8s.api.storage.v1.StorageClass
F 1 metadata 775 -
F 2 provisioner s -
F 3 parameters s m
F 4 reclaimPolicy s -
F 5 mountOptions s r
F 6 allowVolumeExpansion b -
F 7 volumeBindingMode s -
F 8 allowedTopologies 420 r
M io.k8s.api.storage.v1.StorageClassList
F 1 metadata 772 -
F 2 items 714 r
M io.k8s.api.storage.v1.StorageHealth
F 1 name s -
F 2 healthConditions 717 r
M io.k8s.api.storage.v1.StorageHealthCondition
F 1 status s -
F 2 reason s -
F 3 message s -
F 4 accessMode s -
F 5 volumeMode s -
F 6 lastTransitionTime 784 -
M io.k8s.api.storage.v1.TokenRequest
F 1 audience s -
F 2 expirationSeconds i -
M io.k8s.api.storage.v1.VolumeAttachment
F 1 metadata 775 -
F 2 spec 722 -
F 3 status 723 -
M io.k8s.api.storage.v1.VolumeAttachmentList
F 1 metadata 772 -
F 2 items 719 r
M io.k8s.api.storage.v1.VolumeAttachmentSource
F 1 persistentVolumeName s -
F 2 inlineVolumeSpec 339 -
M io.k8s.api.storage.v1.VolumeAttachmentSpec
F 1 attacher s -
F 2 source 721 -
F 3 nodeName s -
M io.k8s.api.storage.v1.VolumeAttachmentStatus
F 1 attached b -
F 2 attachmentMetadata s m
F 3 attachError 726 -
F 4 detachError 726 -
M io.k8s.api.storage.v1.VolumeAttributesClass
F 1 metadata 775 -
F 2 driverName s -
F 3 parameters s m
M io.k8s.api.storage.v1.VolumeAttributesClassList
F 1 metadata 772 -
F 2 items 724 r
M io.k8s.api.storage.v1.VolumeError
F 1 time 784 -
F 2 message s -
F 3 errorCode i -
M io.k8s.api.storage.v1.VolumeNodeResources
F 1 count i -
M io.k8s.api.storage.v1beta1.VolumeAttributesClass
F 1 metadata 775 -
F 2 driverName s -
F 3 parameters s m
M io.k8s.api.storage.v1beta1.VolumeAttributesClassList
F 1 metadata 772 -
F 2 items 728 r
M io.k8s.api.storagemigration.v1beta1.StorageVersionMigration
F 1 metadata 775 -
F 2 spec 732 -
F 3 status 733 -
M io.k8s.api.storagemigration.v1beta1.StorageVersionMigrationList
F 1 metadata 772 -
F 2 items 730 r
M io.k8s.api.storagemigration.v1beta1.StorageVersionMigrationSpec
F 1 resource 768 -
M io.k8s.api.storagemigration.v1beta1.StorageVersionMigrationStatus
F 1 conditions 764 r
F 2 resourceVersion s -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition
F 1 name s -
F 2 type s -
F 3 format s -
F 4 description s -
F 5 priority i -
F 6 jsonPath s -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion
F 1 strategy s -
F 2 webhook 757 -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition
F 1 metadata 775 -
F 2 spec 740 -
F 3 status 741 -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 784 -
F 4 reason s -
F 5 message s -
F 6 observedGeneration i -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionList
F 1 metadata 772 -
F 2 items 736 r
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames
F 1 plural s -
F 2 singular s -
F 3 shortNames s r
F 4 kind s -
F 5 listKind s -
F 6 categories s r
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec
F 1 group s -
F 3 names 739 -
F 4 scope s -
F 7 versions 742 r
F 9 conversion 735 -
F 10 preserveUnknownFields b -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus
F 1 conditions 737 r
F 2 acceptedNames 739 -
F 3 storedVersions s r
F 4 observedGeneration i -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion
F 1 name s -
F 2 served b -
F 3 storage b -
F 7 deprecated b -
F 8 deprecationWarning s -
F 4 schema 746 -
F 5 subresources 745 -
F 6 additionalPrinterColumns 734 r
F 9 selectableFields 753 r
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale
F 1 specReplicasPath s -
F 2 statusReplicasPath s -
F 3 labelSelectorPath s -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources
F 1 status 744 -
F 2 scale 743 -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation
F 1 openAPIV3Schema 749 -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation
F 1 description s -
F 2 url s -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON
F 1 raw y -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps
F 1 id s -
F 2 $schema s -
F 3 $ref s -
F 4 description s -
F 5 type s -
F 6 format s -
F 7 title s -
F 8 default 748 -
F 9 maximum d -
F 10 exclusiveMaximum b -
F 11 minimum d -
F 12 exclusiveMinimum b -
F 13 maxLength i -
F 14 minLength i -
F 15 pattern s -
F 16 maxItems i -
F 17 minItems i -
F 18 uniqueItems b -
F 19 multipleOf d -
F 20 enum 748 r
F 21 maxProperties i -
F 22 minProperties i -
F 23 required s r
F 24 items 750 -
F 25 allOf 749 r
F 26 oneOf 749 r
F 27 anyOf 749 r
F 28 not 749 -
F 29 properties 749 m
F 30 additionalProperties 751 -
F 31 patternProperties 749 m
F 32 dependencies 752 m
F 33 additionalItems 751 -
F 34 definitions 749 m
F 35 externalDocs 747 -
F 36 example 748 -
F 37 nullable b -
F 38 x-kubernetes-preserve-unknown-fields b -
F 39 x-kubernetes-embedded-resource b -
F 40 x-kubernetes-int-or-string b -
F 41 x-kubernetes-list-map-keys s r
F 42 x-kubernetes-list-type s -
F 43 x-kubernetes-map-type s -
F 44 x-kubernetes-validations 755 r
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray
F 1 schema 749 -
F 2 jSONSchemas 749 r
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool
F 1 allows b -
F 2 schema 749 -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray
F 1 schema 749 -
F 2 property s r
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.SelectableField
F 1 jsonPath s -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference
F 1 namespace s -
F 2 name s -
F 3 path s -
F 4 port i -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule
F 1 rule s -
F 2 message s -
F 3 messageExpression s -
F 4 reason s -
F 5 fieldPath s -
F 6 optionalOldSelf b -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig
F 3 url s -
F 1 service 754 -
F 2 caBundle y -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookConversion
F 2 clientConfig 756 -
F 3 conversionReviewVersions s r
M io.k8s.apimachinery.pkg.api.resource.Quantity
F 1 string s -
M io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup
F 1 name s -
F 2 versions 769 r
F 3 preferredVersion 769 -
F 4 serverAddressByClientCIDRs 779 r
M io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList
F 1 groups 759 r
M io.k8s.apimachinery.pkg.apis.meta.v1.APIResource
F 1 name s -
F 6 singularName s -
F 2 namespaced b -
F 8 group s -
F 9 version s -
F 3 kind s -
F 4 verbs 785 -
F 5 shortNames s r
F 7 categories s r
F 10 storageVersionHash s -
M io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList
F 1 groupVersion s -
F 2 resources 761 r
M io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions
F 1 versions s r
F 2 serverAddressByClientCIDRs 779 r
M io.k8s.apimachinery.pkg.apis.meta.v1.Condition
F 1 type s -
F 2 status s -
F 3 observedGeneration i -
F 4 lastTransitionTime 784 -
F 5 reason s -
F 6 message s -
M io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions
F 1 gracePeriodSeconds i -
F 2 preconditions 778 -
F 3 orphanDependents b -
F 4 propagationPolicy s -
F 5 dryRun s r
F 6 ignoreStoreReadErrorWithClusterBreakingPotential b -
M io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement
F 1 key s -
F 2 operator s -
F 3 values s r
M io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1
F 1 Raw y -
M io.k8s.apimachinery.pkg.apis.meta.v1.GroupResource
F 1 group s -
F 2 resource s -
M io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery
F 1 groupVersion s -
F 2 version s -
M io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector
F 1 matchLabels s m
F 2 matchExpressions 771 r
M io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement
F 1 key s -
F 2 operator s -
F 3 values s r
M io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta
F 1 selfLink s -
F 2 resourceVersion s -
F 3 continue s -
F 4 remainingItemCount i -
F 5 shardInfo 780 -
M io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry
F 1 manager s -
F 2 operation s -
F 3 apiVersion s -
F 4 time 784 -
F 6 fieldsType s -
F 7 fieldsV1 767 -
F 8 subresource s -
M io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime
F 1 seconds i -
F 2 nanos i -
M io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta
F 1 name s -
F 2 generateName s -
F 3 namespace s -
F 4 selfLink s -
F 5 uid s -
F 6 resourceVersion s -
F 7 generation i -
F 8 creationTimestamp 784 -
F 9 deletionTimestamp 784 -
F 10 deletionGracePeriodSeconds i -
F 11 labels s m
F 12 annotations s m
F 13 ownerReferences 776 r
F 14 finalizers s r
F 17 managedFields 773 r
M io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference
F 5 apiVersion s -
F 1 kind s -
F 3 name s -
F 4 uid s -
F 6 controller b -
F 7 blockOwnerDeletion b -
M io.k8s.apimachinery.pkg.apis.meta.v1.Patch
M io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions
F 1 uid s -
F 2 resourceVersion s -
M io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR
F 1 clientCIDR s -
F 2 serverAddress s -
M io.k8s.apimachinery.pkg.apis.meta.v1.ShardInfo
F 1 selector s -
M io.k8s.apimachinery.pkg.apis.meta.v1.Status
F 1 metadata 772 -
F 2 status s -
F 3 message s -
F 4 reason s -
F 5 details 783 -
F 6 code i -
M io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause
F 1 reason s -
F 2 message s -
F 3 field s -
M io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails
F 1 name s -
F 2 group s -
F 3 kind s -
F 6 uid s -
F 4 causes 782 r
F 5 retryAfterSeconds i -
M io.k8s.apimachinery.pkg.apis.meta.v1.Time
F 1 seconds i -
F 2 nanos i -
M io.k8s.apimachinery.pkg.apis.meta.v1.Verbs
F 1 items s r
M io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent
F 1 type s -
F 2 object 787 -
M io.k8s.apimachinery.pkg.runtime.RawExtension
F 1 raw y -
M io.k8s.apimachinery.pkg.util.intstr.IntOrString
F 1 type i -
F 2 intVal i -
F 3 strVal s -
M io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService
F 1 metadata 775 -
F 2 spec 792 -
F 3 status 793 -
M io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 784 -
F 4 reason s -
F 5 message s -
M io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceList
F 1 metadata 772 -
F 2 items 789 r
M io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec
F 1 service 794 -
F 2 group s -
F 3 version s -
F 4 insecureSkipTLSVerify b -
F 5 caBundle y -
F 7 groupPriorityMinimum i -
F 8 versionPriority i -
M io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus
F 1 conditions 790 r
M io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference
F 1 namespace s -
F 2 name s -
F 3 port i -
"""#
}
