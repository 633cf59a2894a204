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
F 1 namespaceSelector 769 o
F 2 objectSelector 769 o
F 3 resourceRules 16 r
F 4 excludeResourceRules 16 r
F 7 matchPolicy s o
M io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy
F 1 metadata 774 -
F 2 spec 11 -
M io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding
F 1 metadata 774 -
F 2 spec 9 -
M io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBindingList
F 1 metadata 771 -
F 2 items 7 r
M io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBindingSpec
F 1 policyName s -
F 2 paramRef 18 o
F 3 matchResources 5 o
M io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyList
F 1 metadata 771 -
F 2 items 6 r
M io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicySpec
F 1 paramKind 17 o
F 2 matchConstraints 5 o
F 3 variables 34 r
F 4 mutations 15 r
F 5 failurePolicy s o
F 6 matchConditions 4 r
F 7 reinvocationPolicy s -
M io.k8s.api.admissionregistration.v1.MutatingWebhook
F 1 name s -
F 2 clientConfig 35 -
F 3 rules 20 r
F 4 failurePolicy s o
F 9 matchPolicy s o
F 5 namespaceSelector 769 o
F 11 objectSelector 769 o
F 6 sideEffects s o
F 7 timeoutSeconds i o
F 8 admissionReviewVersions s r
F 10 reinvocationPolicy s o
F 12 matchConditions 4 r
M io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration
F 1 metadata 774 -
F 2 webhooks 12 r
M io.k8s.api.admissionregistration.v1.MutatingWebhookConfigurationList
F 1 metadata 771 -
F 2 items 13 r
M io.k8s.api.admissionregistration.v1.Mutation
F 2 patchType s -
F 3 applyConfiguration 0 o
F 4 jsonPatch 3 o
M io.k8s.api.admissionregistration.v1.NamedRuleWithOperations
F 1 resourceNames s r
F 2 ruleWithOperations 20 n
M io.k8s.api.admissionregistration.v1.ParamKind
F 1 apiVersion s -
F 2 kind s -
M io.k8s.api.admissionregistration.v1.ParamRef
F 1 name s -
F 2 namespace s -
F 3 selector 769 o
F 4 parameterNotFoundAction s o
M io.k8s.api.admissionregistration.v1.Rule
F 1 apiGroups s r
F 2 apiVersions s r
F 3 resources s r
F 4 scope s o
M io.k8s.api.admissionregistration.v1.RuleWithOperations
F 1 operations s r
F 2 rule 19 n
M io.k8s.api.admissionregistration.v1.ServiceReference
F 1 namespace s -
F 2 name s -
F 3 path s o
F 4 port i o
M io.k8s.api.admissionregistration.v1.TypeChecking
F 1 expressionWarnings 2 r
M io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy
F 1 metadata 774 -
F 2 spec 28 -
F 3 status 29 -
M io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding
F 1 metadata 774 -
F 2 spec 26 -
M io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingList
F 1 metadata 771 -
F 2 items 24 r
M io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec
F 1 policyName s -
F 2 paramRef 18 o
F 3 matchResources 5 o
F 4 validationActions s r
M io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyList
F 1 metadata 771 -
F 2 items 23 r
M io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec
F 1 paramKind 17 o
F 2 matchConstraints 5 o
F 3 validations 33 r
F 4 failurePolicy s o
F 5 auditAnnotations 1 r
F 6 matchConditions 4 r
F 7 variables 34 r
M io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus
F 1 observedGeneration i -
F 2 typeChecking 22 o
F 3 conditions 762 r
M io.k8s.api.admissionregistration.v1.ValidatingWebhook
F 1 name s -
F 2 clientConfig 35 -
F 3 rules 20 r
F 4 failurePolicy s o
F 9 matchPolicy s o
F 5 namespaceSelector 769 o
F 10 objectSelector 769 o
F 6 sideEffects s o
F 7 timeoutSeconds i o
F 8 admissionReviewVersions s r
F 11 matchConditions 4 r
M io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration
F 1 metadata 774 -
F 2 webhooks 30 r
M io.k8s.api.admissionregistration.v1.ValidatingWebhookConfigurationList
F 1 metadata 771 -
F 2 items 31 r
M io.k8s.api.admissionregistration.v1.Validation
F 1 expression s -
F 2 message s -
F 3 reason s o
F 4 messageExpression s -
M io.k8s.api.admissionregistration.v1.Variable
F 1 name s -
F 2 expression s -
M io.k8s.api.admissionregistration.v1.WebhookClientConfig
F 3 url s o
F 1 service 21 o
F 2 caBundle y o
M io.k8s.api.admissionregistration.v1alpha1.ApplyConfiguration
F 1 expression s -
M io.k8s.api.admissionregistration.v1alpha1.JSONPatch
F 1 expression s -
M io.k8s.api.admissionregistration.v1alpha1.MatchCondition
F 1 name s -
F 2 expression s -
M io.k8s.api.admissionregistration.v1alpha1.MatchResources
F 1 namespaceSelector 769 o
F 2 objectSelector 769 o
F 3 resourceRules 47 r
F 4 excludeResourceRules 47 r
F 7 matchPolicy s o
M io.k8s.api.admissionregistration.v1alpha1.MutatingAdmissionPolicy
F 1 metadata 774 -
F 2 spec 45 -
M io.k8s.api.admissionregistration.v1alpha1.MutatingAdmissionPolicyBinding
F 1 metadata 774 -
F 2 spec 43 -
M io.k8s.api.admissionregistration.v1alpha1.MutatingAdmissionPolicyBindingList
F 1 metadata 771 -
F 2 items 41 r
M io.k8s.api.admissionregistration.v1alpha1.MutatingAdmissionPolicyBindingSpec
F 1 policyName s -
F 2 paramRef 49 o
F 3 matchResources 39 o
M io.k8s.api.admissionregistration.v1alpha1.MutatingAdmissionPolicyList
F 1 metadata 771 -
F 2 items 40 r
M io.k8s.api.admissionregistration.v1alpha1.MutatingAdmissionPolicySpec
F 1 paramKind 48 o
F 2 matchConstraints 39 o
F 3 variables 50 r
F 4 mutations 46 r
F 5 failurePolicy s o
F 6 matchConditions 38 r
F 7 reinvocationPolicy s -
M io.k8s.api.admissionregistration.v1alpha1.Mutation
F 2 patchType s -
F 3 applyConfiguration 36 o
F 4 jsonPatch 37 o
M io.k8s.api.admissionregistration.v1alpha1.NamedRuleWithOperations
F 1 resourceNames s r
F 2 ruleWithOperations 20 n
M io.k8s.api.admissionregistration.v1alpha1.ParamKind
F 1 apiVersion s -
F 2 kind s -
M io.k8s.api.admissionregistration.v1alpha1.ParamRef
F 1 name s -
F 2 namespace s -
F 3 selector 769 o
F 4 parameterNotFoundAction s o
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
F 1 namespaceSelector 769 o
F 2 objectSelector 769 o
F 3 resourceRules 62 r
F 4 excludeResourceRules 62 r
F 7 matchPolicy s o
M io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicy
F 1 metadata 774 -
F 2 spec 60 -
M io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicyBinding
F 1 metadata 774 -
F 2 spec 58 -
M io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicyBindingList
F 1 metadata 771 -
F 2 items 56 r
M io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicyBindingSpec
F 1 policyName s -
F 2 paramRef 64 o
F 3 matchResources 54 o
M io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicyList
F 1 metadata 771 -
F 2 items 55 r
M io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicySpec
F 1 paramKind 63 o
F 2 matchConstraints 54 o
F 3 variables 65 r
F 4 mutations 61 r
F 5 failurePolicy s o
F 6 matchConditions 53 r
F 7 reinvocationPolicy s -
M io.k8s.api.admissionregistration.v1beta1.Mutation
F 2 patchType s -
F 3 applyConfiguration 51 o
F 4 jsonPatch 52 o
M io.k8s.api.admissionregistration.v1beta1.NamedRuleWithOperations
F 1 resourceNames s r
F 2 ruleWithOperations 20 n
M io.k8s.api.admissionregistration.v1beta1.ParamKind
F 1 apiVersion s -
F 2 kind s -
M io.k8s.api.admissionregistration.v1beta1.ParamRef
F 1 name s -
F 2 namespace s -
F 3 selector 769 o
F 4 parameterNotFoundAction s o
M io.k8s.api.admissionregistration.v1beta1.Variable
F 1 name s -
F 2 expression s -
M io.k8s.api.apidiscovery.v2.APIGroupDiscovery
F 1 metadata 774 -
F 2 versions 70 r
M io.k8s.api.apidiscovery.v2.APIGroupDiscoveryList
F 1 metadata 771 -
F 2 items 66 r
M io.k8s.api.apidiscovery.v2.APIResourceDiscovery
F 1 resource s -
F 2 responseKind 768 o
F 3 scope s -
F 4 singularResource s -
F 5 verbs s r
F 6 shortNames s r
F 7 categories s r
F 8 subresources 69 r
M io.k8s.api.apidiscovery.v2.APISubresourceDiscovery
F 1 subresource s -
F 2 responseKind 768 o
F 3 acceptedTypes 768 r
F 4 verbs s r
M io.k8s.api.apidiscovery.v2.APIVersionDiscovery
F 1 version s -
F 2 resources 68 r
F 3 freshness s -
M io.k8s.api.apidiscovery.v2beta1.APIGroupDiscovery
F 1 metadata 774 -
F 2 versions 75 r
M io.k8s.api.apidiscovery.v2beta1.APIGroupDiscoveryList
F 1 metadata 771 -
F 2 items 71 r
M io.k8s.api.apidiscovery.v2beta1.APIResourceDiscovery
F 1 resource s -
F 2 responseKind 768 o
F 3 scope s -
F 4 singularResource s -
F 5 verbs s r
F 6 shortNames s r
F 7 categories s r
F 8 subresources 74 r
M io.k8s.api.apidiscovery.v2beta1.APISubresourceDiscovery
F 1 subresource s -
F 2 responseKind 768 o
F 3 acceptedTypes 768 r
F 4 verbs s r
M io.k8s.api.apidiscovery.v2beta1.APIVersionDiscovery
F 1 version s -
F 2 resources 73 r
F 3 freshness s -
M io.k8s.api.apiserverinternal.v1alpha1.ServerStorageVersion
F 1 apiServerID s -
F 2 encodingVersion s -
F 3 decodableVersions s r
F 4 servedVersions s r
M io.k8s.api.apiserverinternal.v1alpha1.StorageVersion
F 1 metadata 774 -
F 2 spec 80 -
F 3 status 81 -
M io.k8s.api.apiserverinternal.v1alpha1.StorageVersionCondition
F 1 type s -
F 2 status s -
F 3 observedGeneration i -
F 4 lastTransitionTime 785 -
F 5 reason s -
F 6 message s -
M io.k8s.api.apiserverinternal.v1alpha1.StorageVersionList
F 1 metadata 771 -
F 2 items 77 r
M io.k8s.api.apiserverinternal.v1alpha1.StorageVersionSpec
M io.k8s.api.apiserverinternal.v1alpha1.StorageVersionStatus
F 1 storageVersions 76 r
F 2 commonEncodingVersion s o
F 3 conditions 78 r
M io.k8s.api.apps.v1.ControllerRevision
F 1 metadata 774 -
F 2 data 789 -
F 3 revision i -
M io.k8s.api.apps.v1.ControllerRevisionList
F 1 metadata 771 -
F 2 items 82 r
M io.k8s.api.apps.v1.DaemonSet
F 1 metadata 774 -
F 2 spec 87 -
F 3 status 88 -
M io.k8s.api.apps.v1.DaemonSetCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 785 -
F 4 reason s -
F 5 message s -
M io.k8s.api.apps.v1.DaemonSetList
F 1 metadata 771 -
F 2 items 84 r
M io.k8s.api.apps.v1.DaemonSetSpec
F 1 selector 769 o
F 2 template 368 -
F 3 updateStrategy 89 -
F 4 minReadySeconds i -
F 6 revisionHistoryLimit i o
M io.k8s.api.apps.v1.DaemonSetStatus
F 1 currentNumberScheduled i -
F 2 numberMisscheduled i -
F 3 desiredNumberScheduled i -
F 4 numberReady i -
F 5 observedGeneration i -
F 6 updatedNumberScheduled i -
F 7 numberAvailable i -
F 8 numberUnavailable i -
F 9 collisionCount i o
F 10 conditions 85 r
M io.k8s.api.apps.v1.DaemonSetUpdateStrategy
F 1 type s -
F 2 rollingUpdate 101 o
M io.k8s.api.apps.v1.Deployment
F 1 metadata 774 -
F 2 spec 93 -
F 3 status 94 -
M io.k8s.api.apps.v1.DeploymentCondition
F 1 type s -
F 2 status s -
F 6 lastUpdateTime 785 -
F 7 lastTransitionTime 785 -
F 4 reason s -
F 5 message s -
M io.k8s.api.apps.v1.DeploymentList
F 1 metadata 771 -
F 2 items 90 r
M io.k8s.api.apps.v1.DeploymentSpec
F 1 replicas i o
F 2 selector 769 o
F 3 template 368 -
F 4 strategy 95 -
F 5 minReadySeconds i -
F 6 revisionHistoryLimit i o
F 7 paused b -
F 9 progressDeadlineSeconds i o
M io.k8s.api.apps.v1.DeploymentStatus
F 1 observedGeneration i -
F 2 replicas i -
F 3 updatedReplicas i -
F 7 readyReplicas i -
F 4 availableReplicas i -
F 5 unavailableReplicas i -
F 9 terminatingReplicas i o
F 6 conditions 91 r
F 8 collisionCount i o
M io.k8s.api.apps.v1.DeploymentStrategy
F 1 type s -
F 2 rollingUpdate 102 o
M io.k8s.api.apps.v1.ReplicaSet
F 1 metadata 774 -
F 2 spec 99 -
F 3 status 100 -
M io.k8s.api.apps.v1.ReplicaSetCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 785 -
F 4 reason s -
F 5 message s -
M io.k8s.api.apps.v1.ReplicaSetList
F 1 metadata 771 -
F 2 items 96 r
M io.k8s.api.apps.v1.ReplicaSetSpec
F 1 replicas i o
F 4 minReadySeconds i -
F 2 selector 769 o
F 3 template 368 -
M io.k8s.api.apps.v1.ReplicaSetStatus
F 1 replicas i -
F 2 fullyLabeledReplicas i -
F 4 readyReplicas i -
F 5 availableReplicas i -
F 7 terminatingReplicas i o
F 3 observedGeneration i -
F 6 conditions 97 r
M io.k8s.api.apps.v1.RollingUpdateDaemonSet
F 1 maxUnavailable 790 o
F 2 maxSurge 790 o
M io.k8s.api.apps.v1.RollingUpdateDeployment
F 1 maxUnavailable 790 o
F 2 maxSurge 790 o
M io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy
F 1 partition i o
F 2 maxUnavailable 790 o
M io.k8s.api.apps.v1.StatefulSet
F 1 metadata 774 -
F 2 spec 109 -
F 3 status 110 -
M io.k8s.api.apps.v1.StatefulSetCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 785 -
F 4 reason s -
F 5 message s -
M io.k8s.api.apps.v1.StatefulSetList
F 1 metadata 771 -
F 2 items 104 r
M io.k8s.api.apps.v1.StatefulSetOrdinals
F 1 start i -
M io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy
F 1 whenDeleted s -
F 2 whenScaled s -
M io.k8s.api.apps.v1.StatefulSetSpec
F 1 replicas i o
F 2 selector 769 o
F 3 template 368 -
F 4 volumeClaimTemplates 334 r
F 5 serviceName s -
F 6 podManagementPolicy s -
F 7 updateStrategy 111 -
F 8 revisionHistoryLimit i o
F 9 minReadySeconds i -
F 10 persistentVolumeClaimRetentionPolicy 108 o
F 11 ordinals 107 o
M io.k8s.api.apps.v1.StatefulSetStatus
F 1 observedGeneration i -
F 2 replicas i -
F 3 readyReplicas i -
F 4 currentReplicas i -
F 5 updatedReplicas i -
F 6 currentRevision s -
F 7 updateRevision s -
F 9 collisionCount i o
F 10 conditions 105 r
F 11 availableReplicas i -
M io.k8s.api.apps.v1.StatefulSetUpdateStrategy
F 1 type s -
F 2 rollingUpdate 103 o
M io.k8s.api.authentication.v1.BoundObjectReference
F 1 kind s -
F 2 apiVersion s -
F 3 name s -
F 4 uid s -
M io.k8s.api.authentication.v1.ExtraValue
F 1 items s r
M io.k8s.api.authentication.v1.SelfSubjectReview
F 1 metadata 774 -
F 2 status 115 -
M io.k8s.api.authentication.v1.SelfSubjectReviewStatus
F 1 userInfo 122 -
M io.k8s.api.authentication.v1.TokenRequest
F 1 metadata 774 -
F 2 spec 117 -
F 3 status 118 -
M io.k8s.api.authentication.v1.TokenRequestSpec
F 1 audiences s r
F 4 expirationSeconds i o
F 3 boundObjectRef 112 o
M io.k8s.api.authentication.v1.TokenRequestStatus
F 1 token s -
F 2 expirationTimestamp 785 -
M io.k8s.api.authentication.v1.TokenReview
F 1 metadata 774 -
F 2 spec 120 -
F 3 status 121 -
M io.k8s.api.authentication.v1.TokenReviewSpec
F 1 token s -
F 2 audiences s r
M io.k8s.api.authentication.v1.TokenReviewStatus
F 1 authenticated b -
F 2 user 122 -
F 4 audiences s r
F 3 error s -
M io.k8s.api.authentication.v1.UserInfo
F 1 username s -
F 2 uid s -
F 3 groups s r
F 4 extra 113 m
M io.k8s.api.authorization.v1.ExtraValue
F 1 items s r
M io.k8s.api.authorization.v1.FieldSelectorAttributes
F 1 rawSelector s -
F 2 requirements 764 r
M io.k8s.api.authorization.v1.LabelSelectorAttributes
F 1 rawSelector s -
F 2 requirements 770 r
M io.k8s.api.authorization.v1.LocalSubjectAccessReview
F 1 metadata 774 -
F 2 spec 136 -
F 3 status 137 -
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
F 8 fieldSelector 124 o
F 9 labelSelector 125 o
M io.k8s.api.authorization.v1.ResourceRule
F 1 verbs s r
F 2 apiGroups s r
F 3 resources s r
F 4 resourceNames s r
M io.k8s.api.authorization.v1.SelfSubjectAccessReview
F 1 metadata 774 -
F 2 spec 132 -
F 3 status 137 -
M io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec
F 1 resourceAttributes 129 o
F 2 nonResourceAttributes 127 o
M io.k8s.api.authorization.v1.SelfSubjectRulesReview
F 1 metadata 774 -
F 2 spec 134 -
F 3 status 138 -
M io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec
F 1 namespace s -
M io.k8s.api.authorization.v1.SubjectAccessReview
F 1 metadata 774 -
F 2 spec 136 -
F 3 status 137 -
M io.k8s.api.authorization.v1.SubjectAccessReviewSpec
F 1 resourceAttributes 129 o
F 2 nonResourceAttributes 127 o
F 3 user s -
F 4 groups s r
F 5 extra 123 m
F 6 uid s -
M io.k8s.api.authorization.v1.SubjectAccessReviewStatus
F 1 allowed b -
F 4 denied b -
F 2 reason s -
F 3 evaluationError s -
M io.k8s.api.authorization.v1.SubjectRulesReviewStatus
F 1 resourceRules 130 r
F 2 nonResourceRules 128 r
F 3 incomplete b -
F 4 evaluationError s -
M io.k8s.api.autoscaling.v1.CrossVersionObjectReference
F 1 kind s -
F 2 name s -
F 3 apiVersion s -
M io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler
F 1 metadata 774 -
F 2 spec 142 -
F 3 status 143 -
M io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerList
F 1 metadata 771 -
F 2 items 140 r
M io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec
F 1 scaleTargetRef 139 -
F 2 minReplicas i o
F 3 maxReplicas i -
F 4 targetCPUUtilizationPercentage i o
M io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus
F 1 observedGeneration i o
F 2 lastScaleTime 785 o
F 3 currentReplicas i -
F 4 desiredReplicas i -
F 5 currentCPUUtilizationPercentage i o
M io.k8s.api.autoscaling.v1.Scale
F 1 metadata 774 -
F 2 spec 145 -
F 3 status 146 -
M io.k8s.api.autoscaling.v1.ScaleSpec
F 1 replicas i -
M io.k8s.api.autoscaling.v1.ScaleStatus
F 1 replicas i -
F 2 selector s -
M io.k8s.api.autoscaling.v2.ContainerResourceMetricSource
F 1 name s -
F 2 target 163 -
F 3 container s -
M io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus
F 1 name s -
F 2 current 164 -
F 3 container s -
M io.k8s.api.autoscaling.v2.CrossVersionObjectReference
F 1 kind s -
F 2 name s -
F 3 apiVersion s -
M io.k8s.api.autoscaling.v2.ExternalMetricSource
F 1 metric 160 -
F 2 target 163 -
M io.k8s.api.autoscaling.v2.ExternalMetricStatus
F 1 metric 160 -
F 2 current 164 -
M io.k8s.api.autoscaling.v2.HPAScalingPolicy
F 1 type s -
F 2 value i -
F 3 periodSeconds i -
M io.k8s.api.autoscaling.v2.HPAScalingRules
F 3 stabilizationWindowSeconds i o
F 1 selectPolicy s o
F 2 policies 152 r
F 4 tolerance 756 o
M io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler
F 1 metadata 774 -
F 2 spec 158 -
F 3 status 159 -
M io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior
F 1 scaleUp 153 o
F 2 scaleDown 153 o
M io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 785 -
F 4 reason s -
F 5 message s -
M io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerList
F 1 metadata 771 -
F 2 items 154 r
M io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec
F 1 scaleTargetRef 149 -
F 2 minReplicas i o
F 3 maxReplicas i -
F 4 metrics 161 r
F 5 behavior 155 o
M io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus
F 1 observedGeneration i o
F 2 lastScaleTime 785 o
F 3 currentReplicas i -
F 4 desiredReplicas i -
F 5 currentMetrics 162 r
F 6 conditions 156 r
M io.k8s.api.autoscaling.v2.MetricIdentifier
F 1 name s -
F 2 selector 769 o
M io.k8s.api.autoscaling.v2.MetricSpec
F 1 type s -
F 2 object 165 o
F 3 pods 167 o
F 4 resource 169 o
F 7 containerResource 147 o
F 5 external 150 o
M io.k8s.api.autoscaling.v2.MetricStatus
F 1 type s -
F 2 object 166 o
F 3 pods 168 o
F 4 resource 170 o
F 7 containerResource 148 o
F 5 external 151 o
M io.k8s.api.autoscaling.v2.MetricTarget
F 1 type s -
F 2 value 756 o
F 3 averageValue 756 o
F 4 averageUtilization i o
M io.k8s.api.autoscaling.v2.MetricValueStatus
F 1 value 756 o
F 2 averageValue 756 o
F 3 averageUtilization i o
M io.k8s.api.autoscaling.v2.ObjectMetricSource
F 1 describedObject 149 -
F 2 target 163 -
F 3 metric 160 -
M io.k8s.api.autoscaling.v2.ObjectMetricStatus
F 1 metric 160 -
F 2 current 164 -
F 3 describedObject 149 -
M io.k8s.api.autoscaling.v2.PodsMetricSource
F 1 metric 160 -
F 2 target 163 -
M io.k8s.api.autoscaling.v2.PodsMetricStatus
F 1 metric 160 -
F 2 current 164 -
M io.k8s.api.autoscaling.v2.ResourceMetricSource
F 1 name s -
F 2 target 163 -
M io.k8s.api.autoscaling.v2.ResourceMetricStatus
F 1 name s -
F 2 current 164 -
M io.k8s.api.batch.v1.CronJob
F 1 metadata 774 -
F 2 spec 173 -
F 3 status 174 -
M io.k8s.api.batch.v1.CronJobList
F 1 metadata 771 -
F 2 items 171 r
M io.k8s.api.batch.v1.CronJobSpec
F 1 schedule s -
F 8 timeZone s o
F 2 startingDeadlineSeconds i o
F 3 concurrencyPolicy s -
F 4 suspend b o
F 5 jobTemplate 180 -
F 6 successfulJobsHistoryLimit i o
F 7 failedJobsHistoryLimit i o
M io.k8s.api.batch.v1.CronJobStatus
F 1 active 332 r
F 4 lastScheduleTime 785 o
F 5 lastSuccessfulTime 785 o
M io.k8s.api.batch.v1.Job
F 1 metadata 774 -
F 2 spec 178 -
F 3 status 179 -
M io.k8s.api.batch.v1.JobCondition
F 1 type s -
F 2 status s -
F 3 lastProbeTime 785 -
F 4 lastTransitionTime 785 -
F 5 reason s -
F 6 message s -
M io.k8s.api.batch.v1.JobList
F 1 metadata 771 -
F 2 items 175 r
M io.k8s.api.batch.v1.JobSpec
F 1 parallelism i o
F 2 completions i o
F 3 activeDeadlineSeconds i o
F 11 podFailurePolicy 181 o
F 16 successPolicy 185 o
F 7 backoffLimit i o
F 12 backoffLimitPerIndex i o
F 13 maxFailedIndexes i o
F 4 selector 769 o
F 5 manualSelector b o
F 6 template 368 -
F 8 ttlSecondsAfterFinished i o
F 9 completionMode s o
F 10 suspend b o
F 14 podReplacementPolicy s o
F 15 managedBy s o
M io.k8s.api.batch.v1.JobStatus
F 1 conditions 176 r
F 2 startTime 785 o
F 3 completionTime 785 o
F 4 active i -
F 5 succeeded i -
F 6 failed i -
F 11 terminating i o
F 7 completedIndexes s -
F 10 failedIndexes s o
F 8 uncountedTerminatedPods 187 o
F 9 ready i o
M io.k8s.api.batch.v1.JobTemplateSpec
F 1 metadata 774 -
F 2 spec 178 -
M io.k8s.api.batch.v1.PodFailurePolicy
F 1 rules 184 r
M io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement
F 1 containerName s o
F 2 operator s -
F 3 values i r
M io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern
F 1 type s -
F 2 status s -
M io.k8s.api.batch.v1.PodFailurePolicyRule
F 1 action s -
F 2 onExitCodes 182 o
F 3 onPodConditions 183 r
M io.k8s.api.batch.v1.SuccessPolicy
F 1 rules 186 r
M io.k8s.api.batch.v1.SuccessPolicyRule
F 1 succeededIndexes s o
F 2 succeededCount i o
M io.k8s.api.batch.v1.UncountedTerminatedPods
F 1 succeeded s r
F 2 failed s r
M io.k8s.api.certificates.v1.CertificateSigningRequest
F 1 metadata 774 -
F 2 spec 191 -
F 3 status 192 -
M io.k8s.api.certificates.v1.CertificateSigningRequestCondition
F 1 type s -
F 6 status s -
F 2 reason s -
F 3 message s -
F 4 lastUpdateTime 785 -
F 5 lastTransitionTime 785 -
M io.k8s.api.certificates.v1.CertificateSigningRequestList
F 1 metadata 771 -
F 2 items 188 r
M io.k8s.api.certificates.v1.CertificateSigningRequestSpec
F 1 request y o
F 7 signerName s -
F 8 expirationSeconds i o
F 5 usages s r
F 2 username s -
F 3 uid s -
F 4 groups s r
F 6 extra 193 m
M io.k8s.api.certificates.v1.CertificateSigningRequestStatus
F 1 conditions 189 r
F 2 certificate y o
M io.k8s.api.certificates.v1.ExtraValue
F 1 items s r
M io.k8s.api.certificates.v1alpha1.ClusterTrustBundle
F 1 metadata 774 -
F 2 spec 196 -
M io.k8s.api.certificates.v1alpha1.ClusterTrustBundleList
F 1 metadata 771 -
F 2 items 194 r
M io.k8s.api.certificates.v1alpha1.ClusterTrustBundleSpec
F 1 signerName s -
F 2 trustBundle s -
M io.k8s.api.certificates.v1beta1.ClusterTrustBundle
F 1 metadata 774 -
F 2 spec 199 -
M io.k8s.api.certificates.v1beta1.ClusterTrustBundleList
F 1 metadata 771 -
F 2 items 197 r
M io.k8s.api.certificates.v1beta1.ClusterTrustBundleSpec
F 1 signerName s -
F 2 trustBundle s -
M io.k8s.api.certificates.v1beta1.PodCertificateRequest
F 1 metadata 774 -
F 2 spec 202 -
F 3 status 203 -
M io.k8s.api.certificates.v1beta1.PodCertificateRequestList
F 1 metadata 771 -
F 2 items 200 r
M io.k8s.api.certificates.v1beta1.PodCertificateRequestSpec
F 1 signerName s -
F 2 podName s -
F 3 podUID s -
F 4 serviceAccountName s -
F 5 serviceAccountUID s -
F 6 nodeName s -
F 7 nodeUID s -
F 8 maxExpirationSeconds i o
F 9 pkixPublicKey y o
F 10 proofOfPossession y o
F 12 stubPKCS10Request y o
F 11 unverifiedUserAnnotations s m
M io.k8s.api.certificates.v1beta1.PodCertificateRequestStatus
F 1 conditions 762 r
F 2 certificateChain s -
F 4 notBefore 785 o
F 5 beginRefreshAt 785 o
F 6 notAfter 785 o
M io.k8s.api.coordination.v1.Lease
F 1 metadata 774 -
F 2 spec 206 -
M io.k8s.api.coordination.v1.LeaseList
F 1 metadata 771 -
F 2 items 204 r
M io.k8s.api.coordination.v1.LeaseSpec
F 1 holderIdentity s o
F 2 leaseDurationSeconds i o
F 3 acquireTime 773 o
F 4 renewTime 773 o
F 5 leaseTransitions i o
F 6 strategy s o
F 7 preferredHolder s o
M io.k8s.api.coordination.v1alpha2.LeaseCandidate
F 1 metadata 774 -
F 2 spec 209 -
M io.k8s.api.coordination.v1alpha2.LeaseCandidateList
F 1 metadata 771 -
F 2 items 207 r
M io.k8s.api.coordination.v1alpha2.LeaseCandidateSpec
F 1 leaseName s -
F 2 pingTime 773 o
F 3 renewTime 773 o
F 4 binaryVersion s -
F 5 emulationVersion s -
F 6 strategy s -
M io.k8s.api.coordination.v1beta1.LeaseCandidate
F 1 metadata 774 -
F 2 spec 212 -
M io.k8s.api.coordination.v1beta1.LeaseCandidateList
F 1 metadata 771 -
F 2 items 210 r
M io.k8s.api.coordination.v1beta1.LeaseCandidateSpec
F 1 leaseName s -
F 2 pingTime 773 o
F 3 renewTime 773 o
F 4 binaryVersion s -
F 5 emulationVersion s -
F 6 strategy s -
M io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource
F 1 volumeID s -
F 2 fsType s -
F 3 partition i -
F 4 readOnly b -
M io.k8s.api.core.v1.Affinity
F 1 nodeAffinity 314 o
F 2 podAffinity 347 o
F 3 podAntiAffinity 349 o
M io.k8s.api.core.v1.AppArmorProfile
F 1 type s -
F 2 localhostProfile s o
M io.k8s.api.core.v1.AttachedVolume
F 1 name s -
F 2 devicePath s -
M io.k8s.api.core.v1.AzureDiskVolumeSource
F 1 diskName s -
F 2 diskURI s -
F 3 cachingMode s o
F 4 fsType s o
F 5 readOnly b o
F 6 kind s o
M io.k8s.api.core.v1.AzureFilePersistentVolumeSource
F 1 secretName s -
F 2 shareName s -
F 3 readOnly b -
F 4 secretNamespace s o
M io.k8s.api.core.v1.AzureFileVolumeSource
F 1 secretName s -
F 2 shareName s -
F 3 readOnly b -
M io.k8s.api.core.v1.Binding
F 1 metadata 774 -
F 2 target 332 -
M io.k8s.api.core.v1.CSIPersistentVolumeSource
F 1 driver s -
F 2 volumeHandle s -
F 3 readOnly b -
F 4 fsType s -
F 5 volumeAttributes s m
F 6 controllerPublishSecretRef 403 o
F 7 nodeStageSecretRef 403 o
F 8 nodePublishSecretRef 403 o
F 9 controllerExpandSecretRef 403 o
F 10 nodeExpandSecretRef 403 o
M io.k8s.api.core.v1.CSIVolumeSource
F 1 driver s -
F 2 readOnly b o
F 3 fsType s o
F 4 volumeAttributes s m
F 5 nodePublishSecretRef 303 o
M io.k8s.api.core.v1.Capabilities
F 1 add s r
F 2 drop s r
M io.k8s.api.core.v1.CephFSPersistentVolumeSource
F 1 monitors s r
F 2 path s -
F 3 user s -
F 4 secretFile s -
F 5 secretRef 403 o
F 6 readOnly b -
M io.k8s.api.core.v1.CephFSVolumeSource
F 1 monitors s r
F 2 path s -
F 3 user s -
F 4 secretFile s -
F 5 secretRef 303 o
F 6 readOnly b -
M io.k8s.api.core.v1.CinderPersistentVolumeSource
F 1 volumeID s -
F 2 fsType s -
F 3 readOnly b -
F 4 secretRef 403 o
M io.k8s.api.core.v1.CinderVolumeSource
F 1 volumeID s -
F 2 fsType s -
F 3 readOnly b -
F 4 secretRef 303 o
M io.k8s.api.core.v1.ClientIPConfig
F 1 timeoutSeconds i o
M io.k8s.api.core.v1.ClusterTrustBundleProjection
F 1 name s o
F 2 signerName s o
F 3 labelSelector 769 o
F 5 optional b o
F 4 path s -
M io.k8s.api.core.v1.ComponentCondition
F 1 type s -
F 2 status s -
F 3 message s -
F 4 error s -
M io.k8s.api.core.v1.ComponentStatus
F 1 metadata 774 -
F 2 conditions 230 r
M io.k8s.api.core.v1.ComponentStatusList
F 1 metadata 771 -
F 2 items 231 r
M io.k8s.api.core.v1.ConfigMap
F 1 metadata 774 -
F 4 immutable b o
F 2 data s m
F 3 binaryData y m
M io.k8s.api.core.v1.ConfigMapEnvSource
F 1 localObjectReference 303 n
F 2 optional b o
M io.k8s.api.core.v1.ConfigMapKeySelector
F 1 localObjectReference 303 n
F 2 key s -
F 3 optional b o
M io.k8s.api.core.v1.ConfigMapList
F 1 metadata 771 -
F 2 items 233 r
M io.k8s.api.core.v1.ConfigMapNodeConfigSource
F 1 namespace s -
F 2 name s -
F 3 uid s -
F 4 resourceVersion s -
F 5 kubeletConfigKey s -
M io.k8s.api.core.v1.ConfigMapProjection
F 1 localObjectReference 303 n
F 2 items 293 r
F 4 optional b o
M io.k8s.api.core.v1.ConfigMapVolumeSource
F 1 localObjectReference 303 n
F 2 items 293 r
F 3 defaultMode i o
F 4 optional b o
M io.k8s.api.core.v1.Container
F 1 name s -
F 2 image s -
F 3 command s r
F 4 args s r
F 5 workingDir s -
F 6 ports 243 r
F 19 envFrom 263 r
F 7 env 264 r
F 8 resources 390 -
F 23 resizePolicy 244 r
F 24 restartPolicy s o
F 25 restartPolicyRules 245 r
F 9 volumeMounts 429 r
F 21 volumeDevices 428 r
F 10 livenessProbe 372 o
F 11 readinessProbe 372 o
F 22 startupProbe 372 o
F 12 lifecycle 294 o
F 13 terminationMessagePath s -
F 20 terminationMessagePolicy s -
F 14 imagePullPolicy s -
F 15 securityContext 405 o
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
F 2 exitCodes 246 o
M io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes
F 1 operator s -
F 2 values i r
M io.k8s.api.core.v1.ContainerState
F 1 waiting 250 o
F 2 running 248 o
F 3 terminated 249 o
M io.k8s.api.core.v1.ContainerStateRunning
F 1 startedAt 785 -
M io.k8s.api.core.v1.ContainerStateTerminated
F 1 exitCode i -
F 2 signal i -
F 3 reason s -
F 4 message s -
F 5 startedAt 785 -
F 6 finishedAt 785 -
F 7 containerID s -
M io.k8s.api.core.v1.ContainerStateWaiting
F 1 reason s -
F 2 message s -
M io.k8s.api.core.v1.ContainerStatus
F 1 name s -
F 2 state 247 -
F 3 lastState 247 -
F 4 ready b -
F 5 restartCount i -
F 6 image s -
F 7 imageID s -
F 8 containerID s -
F 9 started b o
F 10 allocatedResources 756 m
F 11 resources 390 o
F 12 volumeMounts 430 r
F 13 user 252 o
F 14 allocatedResourcesStatus 391 r
F 15 stopSignal s o
M io.k8s.api.core.v1.ContainerUser
F 1 linux 300 o
M io.k8s.api.core.v1.DaemonEndpoint
F 1 Port i -
M io.k8s.api.core.v1.DownwardAPIProjection
F 1 items 255 r
M io.k8s.api.core.v1.DownwardAPIVolumeFile
F 1 path s -
F 2 fieldRef 331 o
F 3 resourceFieldRef 384 o
F 4 mode i o
M io.k8s.api.core.v1.DownwardAPIVolumeSource
F 1 items 255 r
F 2 defaultMode i o
M io.k8s.api.core.v1.EmptyDirVolumeSource
F 1 medium s -
F 2 sizeLimit 756 o
M io.k8s.api.core.v1.EndpointAddress
F 1 ip s -
F 3 hostname s -
F 4 nodeName s o
F 2 targetRef 332 o
M io.k8s.api.core.v1.EndpointPort
F 1 name s -
F 2 port i -
F 3 protocol s -
F 4 appProtocol s o
M io.k8s.api.core.v1.EndpointSubset
F 1 addresses 258 r
F 2 notReadyAddresses 258 r
F 3 ports 259 r
M io.k8s.api.core.v1.Endpoints
F 1 metadata 774 -
F 2 subsets 260 r
M io.k8s.api.core.v1.EndpointsList
F 1 metadata 771 -
F 2 items 261 r
M io.k8s.api.core.v1.EnvFromSource
F 1 prefix s -
F 2 configMapRef 234 o
F 3 secretRef 399 o
M io.k8s.api.core.v1.EnvVar
F 1 name s -
F 2 value s -
F 3 valueFrom 265 o
M io.k8s.api.core.v1.EnvVarSource
F 1 fieldRef 331 o
F 2 resourceFieldRef 384 o
F 3 configMapKeyRef 235 o
F 4 secretKeyRef 400 o
F 5 fileKeyRef 275 o
M io.k8s.api.core.v1.EphemeralContainer
F 1 ephemeralContainerCommon 267 n
F 2 targetContainerName s -
M io.k8s.api.core.v1.EphemeralContainerCommon
F 1 name s -
F 2 image s -
F 3 command s r
F 4 args s r
F 5 workingDir s -
F 6 ports 243 r
F 19 envFrom 263 r
F 7 env 264 r
F 8 resources 390 -
F 23 resizePolicy 244 r
F 24 restartPolicy s o
F 25 restartPolicyRules 245 r
F 9 volumeMounts 429 r
F 21 volumeDevices 428 r
F 10 livenessProbe 372 o
F 11 readinessProbe 372 o
F 22 startupProbe 372 o
F 12 lifecycle 294 o
F 13 terminationMessagePath s -
F 20 terminationMessagePolicy s -
F 14 imagePullPolicy s -
F 15 securityContext 405 o
F 16 stdin b -
F 17 stdinOnce b -
F 18 tty b -
M io.k8s.api.core.v1.EphemeralVolumeSource
F 1 volumeClaimTemplate 339 o
M io.k8s.api.core.v1.Event
F 1 metadata 774 -
F 2 involvedObject 332 -
F 3 reason s -
F 4 message s -
F 5 source 272 -
F 6 firstTimestamp 785 -
F 7 lastTimestamp 785 -
F 8 count i -
F 9 type s -
F 10 eventTime 773 -
F 11 series 271 o
F 12 action s -
F 13 related 332 o
F 14 reportingComponent s -
F 15 reportingInstance s -
M io.k8s.api.core.v1.EventList
F 1 metadata 771 -
F 2 items 269 r
M io.k8s.api.core.v1.EventSeries
F 1 count i -
F 2 lastObservedTime 773 -
M io.k8s.api.core.v1.EventSource
F 1 component s -
F 2 host s -
M io.k8s.api.core.v1.ExecAction
F 1 command s r
M io.k8s.api.core.v1.FCVolumeSource
F 1 targetWWNs s r
F 2 lun i o
F 3 fsType s -
F 4 readOnly b -
F 5 wwids s r
M io.k8s.api.core.v1.FileKeySelector
F 1 volumeName s -
F 2 path s -
F 3 key s -
F 4 optional b o
M io.k8s.api.core.v1.FlexPersistentVolumeSource
F 1 driver s -
F 2 fsType s -
F 3 secretRef 403 o
F 4 readOnly b -
F 5 options s m
M io.k8s.api.core.v1.FlexVolumeSource
F 1 driver s -
F 2 fsType s -
F 3 secretRef 303 o
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
F 2 service s o
M io.k8s.api.core.v1.GitRepoVolumeSource
F 1 repository s -
F 2 revision s -
F 3 directory s -
M io.k8s.api.core.v1.GlusterfsPersistentVolumeSource
F 1 endpoints s -
F 2 path s -
F 3 readOnly b -
F 4 endpointsNamespace s o
M io.k8s.api.core.v1.GlusterfsVolumeSource
F 1 endpoints s -
F 2 path s -
F 3 readOnly b -
M io.k8s.api.core.v1.HTTPGetAction
F 1 path s -
F 2 port 790 -
F 3 host s -
F 4 scheme s -
F 5 httpHeaders 285 r
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
F 2 type s o
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
F 10 secretRef 403 o
F 12 initiatorName s o
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
F 10 secretRef 303 o
F 12 initiatorName s o
M io.k8s.api.core.v1.ImageVolumeSource
F 1 reference s -
F 2 pullPolicy s -
M io.k8s.api.core.v1.ImageVolumeStatus
F 1 imageRef s -
M io.k8s.api.core.v1.KeyToPath
F 1 key s -
F 2 path s -
F 3 mode i o
M io.k8s.api.core.v1.Lifecycle
F 1 postStart 295 o
F 2 preStop 295 o
F 3 stopSignal s o
M io.k8s.api.core.v1.LifecycleHandler
F 1 exec 273 o
F 2 httpGet 284 o
F 3 tcpSocket 419 o
F 4 sleep 415 o
M io.k8s.api.core.v1.LimitRange
F 1 metadata 774 -
F 2 spec 299 -
M io.k8s.api.core.v1.LimitRangeItem
F 1 type s -
F 2 max 756 m
F 3 min 756 m
F 4 default 756 m
F 5 defaultRequest 756 m
F 6 maxLimitRequestRatio 756 m
M io.k8s.api.core.v1.LimitRangeList
F 1 metadata 771 -
F 2 items 296 r
M io.k8s.api.core.v1.LimitRangeSpec
F 1 limits 297 r
M io.k8s.api.core.v1.LinuxContainerUser
F 1 uid i -
F 2 gid i -
F 3 supplementalGroups i r
M io.k8s.api.core.v1.LoadBalancerIngress
F 1 ip s -
F 2 hostname s -
F 3 ipMode s o
F 4 ports 369 r
M io.k8s.api.core.v1.LoadBalancerStatus
F 1 ingress 301 r
M io.k8s.api.core.v1.LocalObjectReference
F 1 name s -
M io.k8s.api.core.v1.LocalVolumeSource
F 1 path s -
F 2 fsType s o
M io.k8s.api.core.v1.ModifyVolumeStatus
F 1 targetVolumeAttributesClassName s -
F 2 status s -
M io.k8s.api.core.v1.NFSVolumeSource
F 1 server s -
F 2 path s -
F 3 readOnly b -
M io.k8s.api.core.v1.Namespace
F 1 metadata 774 -
F 2 spec 310 -
F 3 status 311 -
M io.k8s.api.core.v1.NamespaceCondition
F 1 type s -
F 2 status s -
F 4 lastTransitionTime 785 -
F 5 reason s -
F 6 message s -
M io.k8s.api.core.v1.NamespaceList
F 1 metadata 771 -
F 2 items 307 r
M io.k8s.api.core.v1.NamespaceSpec
F 1 finalizers s r
M io.k8s.api.core.v1.NamespaceStatus
F 1 phase s -
F 2 conditions 308 r
M io.k8s.api.core.v1.Node
F 1 metadata 774 -
F 2 spec 327 -
F 3 status 328 -
M io.k8s.api.core.v1.NodeAddress
F 1 type s -
F 2 address s -
M io.k8s.api.core.v1.NodeAffinity
F 1 requiredDuringSchedulingIgnoredDuringExecution 324 o
F 2 preferredDuringSchedulingIgnoredDuringExecution 371 r
M io.k8s.api.core.v1.NodeAllocatableResourceClaimStatus
F 1 resourceClaimName s -
F 2 containers s r
F 3 resources 756 m
M io.k8s.api.core.v1.NodeCondition
F 1 type s -
F 2 status s -
F 3 lastHeartbeatTime 785 -
F 4 lastTransitionTime 785 -
F 5 reason s -
F 6 message s -
M io.k8s.api.core.v1.NodeConfigSource
F 2 configMap 237 o
M io.k8s.api.core.v1.NodeConfigStatus
F 1 assigned 317 o
F 2 active 317 o
F 3 lastKnownGood 317 o
F 4 error s -
M io.k8s.api.core.v1.NodeDaemonEndpoints
F 1 kubeletEndpoint 253 -
M io.k8s.api.core.v1.NodeFeatures
F 1 supplementalGroupsPolicy b o
M io.k8s.api.core.v1.NodeList
F 1 metadata 771 -
F 2 items 312 r
M io.k8s.api.core.v1.NodeRuntimeHandler
F 1 name s -
F 2 features 323 o
M io.k8s.api.core.v1.NodeRuntimeHandlerFeatures
F 1 recursiveReadOnlyMounts b o
F 2 userNamespaces b o
M io.k8s.api.core.v1.NodeSelector
F 1 nodeSelectorTerms 326 r
M io.k8s.api.core.v1.NodeSelectorRequirement
F 1 key s -
F 2 operator s -
F 3 values s r
M io.k8s.api.core.v1.NodeSelectorTerm
F 1 matchExpressions 325 r
F 2 matchFields 325 r
M io.k8s.api.core.v1.NodeSpec
F 1 podCIDR s -
F 7 podCIDRs s r
F 3 providerID s -
F 4 unschedulable b -
F 5 taints 420 r
F 6 configSource 317 o
F 2 externalID s -
M io.k8s.api.core.v1.NodeStatus
F 1 capacity 756 m
F 2 allocatable 756 m
F 3 phase s -
F 4 conditions 316 r
F 5 addresses 313 r
F 6 daemonEndpoints 319 -
F 7 nodeInfo 330 -
F 8 images 242 r
F 9 volumesInUse s r
F 10 volumesAttached 216 r
F 11 config 318 o
F 12 runtimeHandlers 322 r
F 13 features 320 o
F 14 declaredFeatures s r
M io.k8s.api.core.v1.NodeSwapStatus
F 1 capacity i o
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
F 11 swap 329 o
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
F 1 metadata 774 -
F 2 spec 343 -
F 3 status 344 -
M io.k8s.api.core.v1.PersistentVolumeClaim
F 1 metadata 774 -
F 2 spec 337 -
F 3 status 338 -
M io.k8s.api.core.v1.PersistentVolumeClaimCondition
F 1 type s -
F 2 status s -
F 3 lastProbeTime 785 -
F 4 lastTransitionTime 785 -
F 5 reason s -
F 6 message s -
M io.k8s.api.core.v1.PersistentVolumeClaimList
F 1 metadata 771 -
F 2 items 334 r
M io.k8s.api.core.v1.PersistentVolumeClaimSpec
F 1 accessModes s r
F 4 selector 769 o
F 2 resources 433 -
F 3 volumeName s -
F 5 storageClassName s o
F 6 volumeMode s o
F 7 dataSource 425 o
F 8 dataSourceRef 426 o
F 9 volumeAttributesClassName s o
M io.k8s.api.core.v1.PersistentVolumeClaimStatus
F 1 phase s -
F 2 accessModes s r
F 3 capacity 756 m
F 4 conditions 335 r
F 5 allocatedResources 756 m
F 7 allocatedResourceStatuses s m
F 8 currentVolumeAttributesClassName s o
F 9 modifyVolumeStatus 305 o
M io.k8s.api.core.v1.PersistentVolumeClaimTemplate
F 1 metadata 774 -
F 2 spec 337 -
M io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource
F 1 claimName s -
F 2 readOnly b -
M io.k8s.api.core.v1.PersistentVolumeList
F 1 metadata 771 -
F 2 items 333 r
M io.k8s.api.core.v1.PersistentVolumeSource
F 1 gcePersistentDisk 279 o
F 2 awsElasticBlockStore 213 o
F 3 hostPath 288 o
F 4 glusterfs 282 o
F 5 nfs 306 o
F 6 rbd 376 o
F 7 iscsi 289 o
F 8 cinder 226 o
F 9 cephfs 224 o
F 10 fc 274 o
F 11 flocker 278 o
F 12 flexVolume 276 o
F 13 azureFile 218 o
F 14 vsphereVolume 436 o
F 15 quobyte 375 o
F 16 azureDisk 217 o
F 17 photonPersistentDisk 345 o
F 18 portworxVolume 370 o
F 19 scaleIO 393 o
F 20 local 304 o
F 21 storageos 416 o
F 22 csi 221 o
M io.k8s.api.core.v1.PersistentVolumeSpec
F 1 capacity 756 m
F 2 persistentVolumeSource 342 n
F 3 accessModes s r
F 4 claimRef 332 o
F 5 persistentVolumeReclaimPolicy s -
F 6 storageClassName s -
F 7 mountOptions s r
F 8 volumeMode s o
F 9 nodeAffinity 431 o
F 10 volumeAttributesClassName s o
M io.k8s.api.core.v1.PersistentVolumeStatus
F 1 phase s -
F 2 message s -
F 3 reason s -
F 4 lastPhaseTransitionTime 785 o
M io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource
F 1 pdID s -
F 2 fsType s -
M io.k8s.api.core.v1.Pod
F 1 metadata 774 -
F 2 spec 364 -
F 3 status 365 -
M io.k8s.api.core.v1.PodAffinity
F 1 requiredDuringSchedulingIgnoredDuringExecution 348 r
F 2 preferredDuringSchedulingIgnoredDuringExecution 437 r
M io.k8s.api.core.v1.PodAffinityTerm
F 1 labelSelector 769 o
F 2 namespaces s r
F 3 topologyKey s -
F 4 namespaceSelector 769 o
F 5 matchLabelKeys s r
F 6 mismatchLabelKeys s r
M io.k8s.api.core.v1.PodAntiAffinity
F 1 requiredDuringSchedulingIgnoredDuringExecution 348 r
F 2 preferredDuringSchedulingIgnoredDuringExecution 437 r
M io.k8s.api.core.v1.PodCertificateProjection
F 1 signerName s -
F 2 keyType s -
F 3 maxExpirationSeconds i o
F 4 credentialBundlePath s -
F 5 keyPath s -
F 6 certificateChainPath s -
F 7 userAnnotations s m
M io.k8s.api.core.v1.PodCondition
F 1 type s -
F 7 observedGeneration i -
F 2 status s -
F 3 lastProbeTime 785 -
F 4 lastTransitionTime 785 -
F 5 reason s -
F 6 message s -
M io.k8s.api.core.v1.PodDNSConfig
F 1 nameservers s r
F 2 searches s r
F 3 options 353 r
M io.k8s.api.core.v1.PodDNSConfigOption
F 1 name s -
F 2 value s o
M io.k8s.api.core.v1.PodExtendedResourceClaimStatus
F 1 requestMappings 241 r
F 2 resourceClaimName s -
M io.k8s.api.core.v1.PodIP
F 1 ip s -
M io.k8s.api.core.v1.PodList
F 1 metadata 771 -
F 2 items 346 r
M io.k8s.api.core.v1.PodOS
F 1 name s -
M io.k8s.api.core.v1.PodReadinessGate
F 1 conditionType s -
M io.k8s.api.core.v1.PodResourceClaim
F 1 name s -
F 3 resourceClaimName s o
F 4 resourceClaimTemplateName s o
M io.k8s.api.core.v1.PodResourceClaimStatus
F 1 name s -
F 2 resourceClaimName s o
M io.k8s.api.core.v1.PodSchedulingGate
F 1 name s -
M io.k8s.api.core.v1.PodSchedulingGroup
F 1 podGroupName s o
M io.k8s.api.core.v1.PodSecurityContext
F 1 seLinuxOptions 392 o
F 8 windowsOptions 438 o
F 2 runAsUser i o
F 6 runAsGroup i o
F 3 runAsNonRoot b o
F 4 supplementalGroups i r
F 12 supplementalGroupsPolicy s o
F 5 fsGroup i o
F 7 sysctls 418 r
F 9 fsGroupChangePolicy s o
F 10 seccompProfile 397 o
F 11 appArmorProfile 215 o
F 13 seLinuxChangePolicy s o
M io.k8s.api.core.v1.PodSpec
F 1 volumes 427 r
F 20 initContainers 240 r
F 2 containers 240 r
F 34 ephemeralContainers 266 r
F 3 restartPolicy s -
F 4 terminationGracePeriodSeconds i o
F 5 activeDeadlineSeconds i o
F 6 dnsPolicy s -
F 7 nodeSelector s m
F 8 serviceAccountName s -
F 9 serviceAccount s -
F 21 automountServiceAccountToken b o
F 10 nodeName s -
F 11 hostNetwork b -
F 12 hostPID b -
F 13 hostIPC b -
F 27 shareProcessNamespace b o
F 14 securityContext 363 o
F 15 imagePullSecrets 303 r
F 16 hostname s -
F 17 subdomain s -
F 18 affinity 214 o
F 19 schedulerName s -
F 22 tolerations 421 r
F 23 hostAliases 286 r
F 24 priorityClassName s -
F 25 priority i o
F 26 dnsConfig 352 o
F 28 readinessGates 358 r
F 29 runtimeClassName s o
F 30 enableServiceLinks b o
F 31 preemptionPolicy s o
F 32 overhead 756 m
F 33 topologySpreadConstraints 424 r
F 35 setHostnameAsFQDN b o
F 36 os 357 o
F 37 hostUsers b o
F 38 schedulingGates 361 r
F 39 resourceClaims 359 r
F 40 resources 390 o
F 41 hostnameOverride s o
F 43 schedulingGroup 362 o
M io.k8s.api.core.v1.PodStatus
F 17 observedGeneration i -
F 1 phase s -
F 2 conditions 351 r
F 3 message s -
F 4 reason s -
F 11 nominatedNodeName s -
F 5 hostIP s -
F 16 hostIPs 287 r
F 6 podIP s -
F 12 podIPs 355 r
F 7 startTime 785 o
F 10 initContainerStatuses 251 r
F 8 containerStatuses 251 r
F 9 qosClass s -
F 13 ephemeralContainerStatuses 251 r
F 14 resize s -
F 15 resourceClaimStatuses 360 r
F 18 extendedResourceClaimStatus 354 o
F 19 allocatedResources 756 m
F 20 resources 390 o
F 21 nodeAllocatableResourceClaimStatuses 315 r
M io.k8s.api.core.v1.PodTemplate
F 1 metadata 774 -
F 2 template 368 -
M io.k8s.api.core.v1.PodTemplateList
F 1 metadata 771 -
F 2 items 366 r
M io.k8s.api.core.v1.PodTemplateSpec
F 1 metadata 774 -
F 2 spec 364 -
M io.k8s.api.core.v1.PortStatus
F 1 port i -
F 2 protocol s -
F 3 error s o
M io.k8s.api.core.v1.PortworxVolumeSource
F 1 volumeID s -
F 2 fsType s -
F 3 readOnly b -
M io.k8s.api.core.v1.PreferredSchedulingTerm
F 1 weight i -
F 2 preference 326 -
M io.k8s.api.core.v1.Probe
F 1 handler 373 n
F 2 initialDelaySeconds i -
F 3 timeoutSeconds i -
F 4 periodSeconds i -
F 5 successThreshold i -
F 6 failureThreshold i -
F 7 terminationGracePeriodSeconds i o
M io.k8s.api.core.v1.ProbeHandler
F 1 exec 273 o
F 2 httpGet 284 o
F 3 tcpSocket 419 o
F 4 grpc 280 o
M io.k8s.api.core.v1.ProjectedVolumeSource
F 1 sources 432 r
F 2 defaultMode i o
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
F 7 secretRef 403 o
F 8 readOnly b -
M io.k8s.api.core.v1.RBDVolumeSource
F 1 monitors s r
F 2 image s -
F 3 fsType s -
F 4 pool s -
F 5 user s -
F 6 keyring s -
F 7 secretRef 303 o
F 8 readOnly b -
M io.k8s.api.core.v1.ReplicationController
F 1 metadata 774 -
F 2 spec 381 -
F 3 status 382 -
M io.k8s.api.core.v1.ReplicationControllerCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 785 -
F 4 reason s -
F 5 message s -
M io.k8s.api.core.v1.ReplicationControllerList
F 1 metadata 771 -
F 2 items 378 r
M io.k8s.api.core.v1.ReplicationControllerSpec
F 1 replicas i o
F 4 minReadySeconds i -
F 2 selector s m
F 3 template 368 o
M io.k8s.api.core.v1.ReplicationControllerStatus
F 1 replicas i -
F 2 fullyLabeledReplicas i -
F 4 readyReplicas i -
F 5 availableReplicas i -
F 3 observedGeneration i -
F 6 conditions 379 r
M io.k8s.api.core.v1.ResourceClaim
F 1 name s -
F 2 request s -
M io.k8s.api.core.v1.ResourceFieldSelector
F 1 containerName s -
F 2 resource s -
F 3 divisor 756 -
M io.k8s.api.core.v1.ResourceHealth
F 1 resourceID s -
F 2 health s -
F 6 message s o
M io.k8s.api.core.v1.ResourceQuota
F 1 metadata 774 -
F 2 spec 388 -
F 3 status 389 -
M io.k8s.api.core.v1.ResourceQuotaList
F 1 metadata 771 -
F 2 items 386 r
M io.k8s.api.core.v1.ResourceQuotaSpec
F 1 hard 756 m
F 2 scopes s r
F 3 scopeSelector 395 o
M io.k8s.api.core.v1.ResourceQuotaStatus
F 1 hard 756 m
F 2 used 756 m
M io.k8s.api.core.v1.ResourceRequirements
F 1 limits 756 m
F 2 requests 756 m
F 3 claims 383 r
M io.k8s.api.core.v1.ResourceStatus
F 1 name s -
F 2 resources 385 r
M io.k8s.api.core.v1.SELinuxOptions
F 1 user s -
F 2 role s -
F 3 type s -
F 4 level s -
M io.k8s.api.core.v1.ScaleIOPersistentVolumeSource
F 1 gateway s -
F 2 system s -
F 3 secretRef 403 o
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
F 3 secretRef 303 o
F 4 sslEnabled b -
F 5 protectionDomain s -
F 6 storagePool s -
F 7 storageMode s -
F 8 volumeName s -
F 9 fsType s -
F 10 readOnly b -
M io.k8s.api.core.v1.ScopeSelector
F 1 matchExpressions 396 r
M io.k8s.api.core.v1.ScopedResourceSelectorRequirement
F 1 scopeName s -
F 2 operator s -
F 3 values s r
M io.k8s.api.core.v1.SeccompProfile
F 1 type s -
F 2 localhostProfile s o
M io.k8s.api.core.v1.Secret
F 1 metadata 774 -
F 5 immutable b o
F 2 data y m
F 4 stringData s m
F 3 type s -
M io.k8s.api.core.v1.SecretEnvSource
F 1 localObjectReference 303 n
F 2 optional b o
M io.k8s.api.core.v1.SecretKeySelector
F 1 localObjectReference 303 n
F 2 key s -
F 3 optional b o
M io.k8s.api.core.v1.SecretList
F 1 metadata 771 -
F 2 items 398 r
M io.k8s.api.core.v1.SecretProjection
F 1 localObjectReference 303 n
F 2 items 293 r
F 4 optional b o
M io.k8s.api.core.v1.SecretReference
F 1 name s -
F 2 namespace s -
M io.k8s.api.core.v1.SecretVolumeSource
F 1 secretName s -
F 2 items 293 r
F 3 defaultMode i o
F 4 optional b o
M io.k8s.api.core.v1.SecurityContext
F 1 capabilities 223 o
F 2 privileged b o
F 3 seLinuxOptions 392 o
F 10 windowsOptions 438 o
F 4 runAsUser i o
F 8 runAsGroup i o
F 5 runAsNonRoot b o
F 6 readOnlyRootFilesystem b o
F 7 allowPrivilegeEscalation b o
F 9 procMount s o
F 11 seccompProfile 397 o
F 12 appArmorProfile 215 o
M io.k8s.api.core.v1.Service
F 1 metadata 774 -
F 2 spec 412 -
F 3 status 413 -
M io.k8s.api.core.v1.ServiceAccount
F 1 metadata 774 -
F 2 secrets 332 r
F 3 imagePullSecrets 303 r
F 4 automountServiceAccountToken b o
M io.k8s.api.core.v1.ServiceAccountList
F 1 metadata 771 -
F 2 items 407 r
M io.k8s.api.core.v1.ServiceAccountTokenProjection
F 1 audience s -
F 2 expirationSeconds i o
F 3 path s -
M io.k8s.api.core.v1.ServiceList
F 1 metadata 771 -
F 2 items 406 r
M io.k8s.api.core.v1.ServicePort
F 1 name s -
F 2 protocol s -
F 6 appProtocol s o
F 3 port i -
F 4 targetPort 790 -
F 5 nodePort i -
M io.k8s.api.core.v1.ServiceSpec
F 1 ports 411 r
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
F 14 sessionAffinityConfig 414 o
F 19 ipFamilies s r
F 17 ipFamilyPolicy s o
F 20 allocateLoadBalancerNodePorts b o
F 21 loadBalancerClass s o
F 22 internalTrafficPolicy s o
F 23 trafficDistribution s o
M io.k8s.api.core.v1.ServiceStatus
F 1 loadBalancer 302 -
F 2 conditions 762 r
M io.k8s.api.core.v1.SessionAffinityConfig
F 1 clientIP 228 o
M io.k8s.api.core.v1.SleepAction
F 1 seconds i -
M io.k8s.api.core.v1.StorageOSPersistentVolumeSource
F 1 volumeName s -
F 2 volumeNamespace s -
F 3 fsType s -
F 4 readOnly b -
F 5 secretRef 332 o
M io.k8s.api.core.v1.StorageOSVolumeSource
F 1 volumeName s -
F 2 volumeNamespace s -
F 3 fsType s -
F 4 readOnly b -
F 5 secretRef 303 o
M io.k8s.api.core.v1.Sysctl
F 1 name s -
F 2 value s -
M io.k8s.api.core.v1.TCPSocketAction
F 1 port 790 -
F 2 host s -
M io.k8s.api.core.v1.Taint
F 1 key s -
F 2 value s -
F 3 effect s -
F 4 timeAdded 785 o
M io.k8s.api.core.v1.Toleration
F 1 key s -
F 2 operator s -
F 3 value s -
F 4 effect s -
F 5 tolerationSeconds i o
M io.k8s.api.core.v1.TopologySelectorLabelRequirement
F 1 key s -
F 2 values s r
M io.k8s.api.core.v1.TopologySelectorTerm
F 1 matchLabelExpressions 422 r
M io.k8s.api.core.v1.TopologySpreadConstraint
F 1 maxSkew i -
F 2 topologyKey s -
F 3 whenUnsatisfiable s -
F 4 labelSelector 769 o
F 5 minDomains i o
F 6 nodeAffinityPolicy s o
F 7 nodeTaintsPolicy s o
F 8 matchLabelKeys s r
M io.k8s.api.core.v1.TypedLocalObjectReference
F 1 apiGroup s o
F 2 kind s -
F 3 name s -
M io.k8s.api.core.v1.TypedObjectReference
F 1 apiGroup s o
F 2 kind s -
F 3 name s -
F 4 namespace s o
M io.k8s.api.core.v1.Volume
F 1 name s -
F 2 volumeSource 434 n
M io.k8s.api.core.v1.VolumeDevice
F 1 name s -
F 2 devicePath s -
M io.k8s.api.core.v1.VolumeMount
F 1 name s -
F 2 readOnly b -
F 7 recursiveReadOnly s o
F 3 mountPath s -
F 4 subPath s -
F 5 mountPropagation s o
F 6 subPathExpr s -
M io.k8s.api.core.v1.VolumeMountStatus
F 1 name s -
F 2 mountPath s -
F 3 readOnly b -
F 4 recursiveReadOnly s o
F 5 volumeStatus 435 o
M io.k8s.api.core.v1.VolumeNodeAffinity
F 1 required 324 o
M io.k8s.api.core.v1.VolumeProjection
F 1 secret 402 o
F 2 downwardAPI 254 o
F 3 configMap 238 o
F 4 serviceAccountToken 409 o
F 5 clusterTrustBundle 229 o
F 6 podCertificate 350 o
M io.k8s.api.core.v1.VolumeResourceRequirements
F 1 limits 756 m
F 2 requests 756 m
M io.k8s.api.core.v1.VolumeSource
F 1 hostPath 288 o
F 2 emptyDir 257 o
F 3 gcePersistentDisk 279 o
F 4 awsElasticBlockStore 213 o
F 5 gitRepo 281 o
F 6 secret 404 o
F 7 nfs 306 o
F 8 iscsi 290 o
F 9 glusterfs 283 o
F 10 persistentVolumeClaim 340 o
F 11 rbd 377 o
F 12 flexVolume 277 o
F 13 cinder 227 o
F 14 cephfs 225 o
F 15 flocker 278 o
F 16 downwardAPI 256 o
F 17 fc 274 o
F 18 azureFile 219 o
F 19 configMap 239 o
F 20 vsphereVolume 436 o
F 21 quobyte 375 o
F 22 azureDisk 217 o
F 23 photonPersistentDisk 345 o
F 26 projected 374 o
F 24 portworxVolume 370 o
F 25 scaleIO 394 o
F 27 storageos 417 o
F 28 csi 222 o
F 29 ephemeral 268 o
F 30 image 291 o
M io.k8s.api.core.v1.VolumeStatus
F 1 image 292 o
M io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource
F 1 volumePath s -
F 2 fsType s -
F 3 storagePolicyName s -
F 4 storagePolicyID s -
M io.k8s.api.core.v1.WeightedPodAffinityTerm
F 1 weight i -
F 2 podAffinityTerm 348 -
M io.k8s.api.core.v1.WindowsSecurityContextOptions
F 1 gmsaCredentialSpecName s o
F 2 gmsaCredentialSpec s o
F 3 runAsUserName s o
F 4 hostProcess b o
M io.k8s.api.discovery.v1.Endpoint
F 1 addresses s r
F 2 conditions 440 -
F 3 hostname s o
F 4 targetRef 332 o
F 5 deprecatedTopology s m
F 6 nodeName s o
F 7 zone s o
F 8 hints 441 o
M io.k8s.api.discovery.v1.EndpointConditions
F 1 ready b o
F 2 serving b o
F 3 terminating b o
M io.k8s.api.discovery.v1.EndpointHints
F 1 forZones 446 r
F 2 forNodes 445 r
M io.k8s.api.discovery.v1.EndpointPort
F 1 name s o
F 2 protocol s o
F 3 port i o
F 4 appProtocol s o
M io.k8s.api.discovery.v1.EndpointSlice
F 1 metadata 774 -
F 4 addressType s -
F 2 endpoints 439 r
F 3 ports 442 r
M io.k8s.api.discovery.v1.EndpointSliceList
F 1 metadata 771 -
F 2 items 443 r
M io.k8s.api.discovery.v1.ForNode
F 1 name s -
M io.k8s.api.discovery.v1.ForZone
F 1 name s -
M io.k8s.api.events.v1.Event
F 1 metadata 774 -
F 2 eventTime 773 -
F 3 series 449 o
F 4 reportingController s -
F 5 reportingInstance s -
F 6 action s -
F 7 reason s -
F 8 regarding 332 -
F 9 related 332 o
F 10 note s -
F 11 type s -
F 12 deprecatedSource 272 -
F 13 deprecatedFirstTimestamp 785 -
F 14 deprecatedLastTimestamp 785 -
F 15 deprecatedCount i -
M io.k8s.api.events.v1.EventList
F 1 metadata 771 -
F 2 items 447 r
M io.k8s.api.events.v1.EventSeries
F 1 count i -
F 2 lastObservedTime 773 -
M io.k8s.api.flowcontrol.v1.ExemptPriorityLevelConfiguration
F 1 nominalConcurrencyShares i o
F 2 lendablePercent i o
M io.k8s.api.flowcontrol.v1.FlowDistinguisherMethod
F 1 type s -
M io.k8s.api.flowcontrol.v1.FlowSchema
F 1 metadata 774 -
F 2 spec 455 -
F 3 status 456 -
M io.k8s.api.flowcontrol.v1.FlowSchemaCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 785 -
F 4 reason s -
F 5 message s -
M io.k8s.api.flowcontrol.v1.FlowSchemaList
F 1 metadata 771 -
F 2 items 452 r
M io.k8s.api.flowcontrol.v1.FlowSchemaSpec
F 1 priorityLevelConfiguration 465 -
F 2 matchingPrecedence i -
F 3 distinguisherMethod 451 o
F 4 rules 461 r
M io.k8s.api.flowcontrol.v1.FlowSchemaStatus
F 1 conditions 453 r
M io.k8s.api.flowcontrol.v1.GroupSubject
F 1 name s -
M io.k8s.api.flowcontrol.v1.LimitResponse
F 1 type s -
F 2 queuing 468 o
M io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration
F 1 nominalConcurrencyShares i o
F 2 limitResponse 458 -
F 3 lendablePercent i o
F 4 borrowingLimitPercent i o
M io.k8s.api.flowcontrol.v1.NonResourcePolicyRule
F 1 verbs s r
F 6 nonResourceURLs s r
M io.k8s.api.flowcontrol.v1.PolicyRulesWithSubjects
F 1 subjects 471 r
F 2 resourceRules 469 r
F 3 nonResourceRules 460 r
M io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration
F 1 metadata 774 -
F 2 spec 466 -
F 3 status 467 -
M io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 785 -
F 4 reason s -
F 5 message s -
M io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationList
F 1 metadata 771 -
F 2 items 462 r
M io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationReference
F 1 name s -
M io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec
F 1 type s -
F 2 limited 459 o
F 3 exempt 450 o
M io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationStatus
F 1 conditions 463 r
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
F 2 user 472 o
F 3 group 457 o
F 4 serviceAccount 470 o
M io.k8s.api.flowcontrol.v1.UserSubject
F 1 name s -
M io.k8s.api.networking.v1.HTTPIngressPath
F 1 path s -
F 3 pathType s o
F 2 backend 480 -
M io.k8s.api.networking.v1.HTTPIngressRuleValue
F 1 paths 473 r
M io.k8s.api.networking.v1.IPAddress
F 1 metadata 774 -
F 2 spec 477 -
M io.k8s.api.networking.v1.IPAddressList
F 1 metadata 771 -
F 2 items 475 r
M io.k8s.api.networking.v1.IPAddressSpec
F 1 parentRef 502 o
M io.k8s.api.networking.v1.IPBlock
F 1 cidr s -
F 2 except s r
M io.k8s.api.networking.v1.Ingress
F 1 metadata 774 -
F 2 spec 492 -
F 3 status 493 -
M io.k8s.api.networking.v1.IngressBackend
F 4 service 491 o
F 3 resource 425 o
M io.k8s.api.networking.v1.IngressClass
F 1 metadata 774 -
F 2 spec 484 -
M io.k8s.api.networking.v1.IngressClassList
F 1 metadata 771 -
F 2 items 481 r
M io.k8s.api.networking.v1.IngressClassParametersReference
F 1 apiGroup s o
F 2 kind s -
F 3 name s -
F 4 scope s o
F 5 namespace s o
M io.k8s.api.networking.v1.IngressClassSpec
F 1 controller s -
F 2 parameters 483 o
M io.k8s.api.networking.v1.IngressList
F 1 metadata 771 -
F 2 items 479 r
M io.k8s.api.networking.v1.IngressLoadBalancerIngress
F 1 ip s -
F 2 hostname s -
F 4 ports 488 r
M io.k8s.api.networking.v1.IngressLoadBalancerStatus
F 1 ingress 486 r
M io.k8s.api.networking.v1.IngressPortStatus
F 1 port i -
F 2 protocol s -
F 3 error s o
M io.k8s.api.networking.v1.IngressRule
F 1 host s -
F 2 ingressRuleValue 490 n
M io.k8s.api.networking.v1.IngressRuleValue
F 1 http 474 o
M io.k8s.api.networking.v1.IngressServiceBackend
F 1 name s -
F 2 port 503 -
M io.k8s.api.networking.v1.IngressSpec
F 4 ingressClassName s o
F 1 defaultBackend 480 o
F 2 tls 494 r
F 3 rules 489 r
M io.k8s.api.networking.v1.IngressStatus
F 1 loadBalancer 487 -
M io.k8s.api.networking.v1.IngressTLS
F 1 hosts s r
F 2 secretName s -
M io.k8s.api.networking.v1.NetworkPolicy
F 1 metadata 774 -
F 2 spec 501 -
M io.k8s.api.networking.v1.NetworkPolicyEgressRule
F 1 ports 500 r
F 2 to 499 r
M io.k8s.api.networking.v1.NetworkPolicyIngressRule
F 1 ports 500 r
F 2 from 499 r
M io.k8s.api.networking.v1.NetworkPolicyList
F 1 metadata 771 -
F 2 items 495 r
M io.k8s.api.networking.v1.NetworkPolicyPeer
F 1 podSelector 769 o
F 2 namespaceSelector 769 o
F 3 ipBlock 478 o
M io.k8s.api.networking.v1.NetworkPolicyPort
F 1 protocol s o
F 2 port 790 o
F 3 endPort i o
M io.k8s.api.networking.v1.NetworkPolicySpec
F 1 podSelector 769 -
F 2 ingress 497 r
F 3 egress 496 r
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
F 1 metadata 774 -
F 2 spec 506 -
F 3 status 507 -
M io.k8s.api.networking.v1.ServiceCIDRList
F 1 metadata 771 -
F 2 items 504 r
M io.k8s.api.networking.v1.ServiceCIDRSpec
F 1 cidrs s r
M io.k8s.api.networking.v1.ServiceCIDRStatus
F 1 conditions 762 r
M io.k8s.api.networking.v1beta1.IPAddress
F 1 metadata 774 -
F 2 spec 510 -
M io.k8s.api.networking.v1beta1.IPAddressList
F 1 metadata 771 -
F 2 items 508 r
M io.k8s.api.networking.v1beta1.IPAddressSpec
F 1 parentRef 511 o
M io.k8s.api.networking.v1beta1.ParentReference
F 1 group s -
F 2 resource s -
F 3 namespace s -
F 4 name s -
M io.k8s.api.networking.v1beta1.ServiceCIDR
F 1 metadata 774 -
F 2 spec 514 -
F 3 status 515 -
M io.k8s.api.networking.v1beta1.ServiceCIDRList
F 1 metadata 771 -
F 2 items 512 r
M io.k8s.api.networking.v1beta1.ServiceCIDRSpec
F 1 cidrs s r
M io.k8s.api.networking.v1beta1.ServiceCIDRStatus
F 1 conditions 762 r
M io.k8s.api.node.v1.Overhead
F 1 podFixed 756 m
M io.k8s.api.node.v1.RuntimeClass
F 1 metadata 774 -
F 2 handler s -
F 3 overhead 516 o
F 4 scheduling 519 o
M io.k8s.api.node.v1.RuntimeClassList
F 1 metadata 771 -
F 2 items 517 r
M io.k8s.api.node.v1.Scheduling
F 1 nodeSelector s m
F 2 tolerations 421 r
M io.k8s.api.policy.v1.Eviction
F 1 metadata 774 -
F 2 deleteOptions 763 o
M io.k8s.api.policy.v1.PodDisruptionBudget
F 1 metadata 774 -
F 2 spec 523 -
F 3 status 524 -
M io.k8s.api.policy.v1.PodDisruptionBudgetList
F 1 metadata 771 -
F 2 items 521 r
M io.k8s.api.policy.v1.PodDisruptionBudgetSpec
F 1 minAvailable 790 o
F 2 selector 769 o
F 3 maxUnavailable 790 o
F 4 unhealthyPodEvictionPolicy s o
M io.k8s.api.policy.v1.PodDisruptionBudgetStatus
F 1 observedGeneration i -
F 2 disruptedPods 785 m
F 3 disruptionsAllowed i -
F 4 currentHealthy i -
F 5 desiredHealthy i -
F 6 expectedPods i -
F 7 conditions 762 r
M io.k8s.api.rbac.v1.AggregationRule
F 1 clusterRoleSelectors 769 r
M io.k8s.api.rbac.v1.ClusterRole
F 1 metadata 774 -
F 2 rules 530 r
F 3 aggregationRule 525 o
M io.k8s.api.rbac.v1.ClusterRoleBinding
F 1 metadata 774 -
F 2 subjects 536 r
F 3 roleRef 535 -
M io.k8s.api.rbac.v1.ClusterRoleBindingList
F 1 metadata 771 -
F 2 items 527 r
M io.k8s.api.rbac.v1.ClusterRoleList
F 1 metadata 771 -
F 2 items 526 r
M io.k8s.api.rbac.v1.PolicyRule
F 1 verbs s r
F 2 apiGroups s r
F 3 resources s r
F 4 resourceNames s r
F 5 nonResourceURLs s r
M io.k8s.api.rbac.v1.Role
F 1 metadata 774 -
F 2 rules 530 r
M io.k8s.api.rbac.v1.RoleBinding
F 1 metadata 774 -
F 2 subjects 536 r
F 3 roleRef 535 -
M io.k8s.api.rbac.v1.RoleBindingList
F 1 metadata 771 -
F 2 items 532 r
M io.k8s.api.rbac.v1.RoleList
F 1 metadata 771 -
F 2 items 531 r
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
F 7 shareID s o
F 4 conditions 762 r
F 5 data 789 o
F 6 networkData 566 o
M io.k8s.api.resource.v1.AllocationResult
F 1 devices 547 -
F 3 nodeSelector 324 o
F 5 allocationTimestamp 785 o
M io.k8s.api.resource.v1.CELDeviceSelector
F 1 expression s -
M io.k8s.api.resource.v1.CapacityRequestPolicy
F 1 default 756 o
F 3 validValues 756 r
F 4 validRange 541 o
M io.k8s.api.resource.v1.CapacityRequestPolicyRange
F 1 min 756 o
F 2 max 756 o
F 3 step 756 o
M io.k8s.api.resource.v1.CapacityRequirements
F 1 requests 756 m
M io.k8s.api.resource.v1.Counter
F 1 value 756 -
M io.k8s.api.resource.v1.CounterSet
F 1 name s -
F 2 counters 543 m
M io.k8s.api.resource.v1.Device
F 1 name s -
F 2 attributes 548 m
F 3 capacity 549 m
F 4 consumesCounters 558 r
F 5 nodeName s o
F 6 nodeSelector 324 o
F 7 allNodes b o
F 8 taints 563 r
F 9 bindsToNode b o
F 10 bindingConditions s r
F 11 bindingFailureConditions s r
F 12 allowMultipleAllocations b o
F 13 nodeAllocatableResourceMappings 567 m
M io.k8s.api.resource.v1.DeviceAllocationConfiguration
F 1 source s -
F 2 requests s r
F 3 deviceConfiguration 556 n
M io.k8s.api.resource.v1.DeviceAllocationResult
F 1 results 560 r
F 2 config 546 r
M io.k8s.api.resource.v1.DeviceAttribute
F 2 int i o
F 3 bool b o
F 4 string s o
F 5 version s o
F 6 ints i r
F 7 bools b r
F 8 strings s r
F 9 versions s r
M io.k8s.api.resource.v1.DeviceCapacity
F 1 value 756 -
F 2 requestPolicy 540 o
M io.k8s.api.resource.v1.DeviceClaim
F 1 requests 559 r
F 2 constraints 557 r
F 3 config 551 r
M io.k8s.api.resource.v1.DeviceClaimConfiguration
F 1 requests s r
F 2 deviceConfiguration 556 n
M io.k8s.api.resource.v1.DeviceClass
F 1 metadata 774 -
F 2 spec 555 -
M io.k8s.api.resource.v1.DeviceClassConfiguration
F 1 deviceConfiguration 556 n
M io.k8s.api.resource.v1.DeviceClassList
F 1 metadata 771 -
F 2 items 552 r
M io.k8s.api.resource.v1.DeviceClassSpec
F 1 selectors 561 r
F 2 config 553 r
F 4 extendedResourceName s o
M io.k8s.api.resource.v1.DeviceConfiguration
F 1 opaque 568 o
M io.k8s.api.resource.v1.DeviceConstraint
F 1 requests s r
F 2 matchAttribute s o
F 3 distinctAttribute s o
M io.k8s.api.resource.v1.DeviceCounterConsumption
F 1 counterSet s -
F 2 counters 543 m
M io.k8s.api.resource.v1.DeviceRequest
F 1 name s -
F 2 exactly 565 o
F 3 firstAvailable 562 r
M io.k8s.api.resource.v1.DeviceRequestAllocationResult
F 1 request s -
F 2 driver s -
F 3 pool s -
F 4 device s -
F 5 adminAccess b o
F 6 tolerations 564 r
F 7 bindingConditions s r
F 8 bindingFailureConditions s r
F 9 shareID s o
F 10 consumedCapacity 756 m
M io.k8s.api.resource.v1.DeviceSelector
F 1 cel 539 o
M io.k8s.api.resource.v1.DeviceSubRequest
F 1 name s -
F 2 deviceClassName s -
F 3 selectors 561 r
F 4 allocationMode s -
F 5 count i -
F 6 tolerations 564 r
F 7 capacity 542 o
M io.k8s.api.resource.v1.DeviceTaint
F 1 key s -
F 2 value s -
F 3 effect s -
F 4 timeAdded 785 o
M io.k8s.api.resource.v1.DeviceToleration
F 1 key s -
F 2 operator s -
F 3 value s -
F 4 effect s -
F 5 tolerationSeconds i o
M io.k8s.api.resource.v1.ExactDeviceRequest
F 1 deviceClassName s -
F 2 selectors 561 r
F 3 allocationMode s -
F 4 count i -
F 5 adminAccess b o
F 6 tolerations 564 r
F 7 capacity 542 o
M io.k8s.api.resource.v1.NetworkDeviceData
F 1 interfaceName s -
F 2 ips s r
F 3 hardwareAddress s -
M io.k8s.api.resource.v1.NodeAllocatableResourceMapping
F 1 capacityKey s o
F 2 allocationMultiplier 756 o
M io.k8s.api.resource.v1.OpaqueDeviceConfiguration
F 1 driver s -
F 2 parameters 789 -
M io.k8s.api.resource.v1.ResourceClaim
F 1 metadata 774 -
F 2 spec 572 -
F 3 status 573 -
M io.k8s.api.resource.v1.ResourceClaimConsumerReference
F 1 apiGroup s -
F 3 resource s -
F 4 name s -
F 5 uid s -
M io.k8s.api.resource.v1.ResourceClaimList
F 1 metadata 771 -
F 2 items 569 r
M io.k8s.api.resource.v1.ResourceClaimSpec
F 1 devices 550 -
M io.k8s.api.resource.v1.ResourceClaimStatus
F 1 allocation 538 o
F 2 reservedFor 570 r
F 4 devices 537 r
M io.k8s.api.resource.v1.ResourceClaimTemplate
F 1 metadata 774 -
F 2 spec 576 -
M io.k8s.api.resource.v1.ResourceClaimTemplateList
F 1 metadata 771 -
F 2 items 574 r
M io.k8s.api.resource.v1.ResourceClaimTemplateSpec
F 1 metadata 774 -
F 2 spec 572 -
M io.k8s.api.resource.v1.ResourcePool
F 1 name s -
F 2 generation i -
F 3 resourceSliceCount i -
M io.k8s.api.resource.v1.ResourceSlice
F 1 metadata 774 -
F 2 spec 580 -
M io.k8s.api.resource.v1.ResourceSliceList
F 1 metadata 771 -
F 2 items 578 r
M io.k8s.api.resource.v1.ResourceSliceSpec
F 1 driver s -
F 2 pool 577 -
F 3 nodeName s o
F 4 nodeSelector 324 o
F 5 allNodes b o
F 6 devices 545 r
F 7 perDeviceNodeSelection b o
F 8 sharedCounters 544 r
M io.k8s.api.resource.v1alpha3.DeviceTaint
F 1 key s -
F 2 value s -
F 3 effect s -
F 4 timeAdded 785 o
M io.k8s.api.resource.v1alpha3.DeviceTaintRule
F 1 metadata 774 -
F 2 spec 584 -
F 3 status 585 -
M io.k8s.api.resource.v1alpha3.DeviceTaintRuleList
F 1 metadata 771 -
F 2 items 582 r
M io.k8s.api.resource.v1alpha3.DeviceTaintRuleSpec
F 1 deviceSelector 586 o
F 2 taint 581 -
M io.k8s.api.resource.v1alpha3.DeviceTaintRuleStatus
F 1 conditions 762 r
M io.k8s.api.resource.v1alpha3.DeviceTaintSelector
F 2 driver s o
F 3 pool s o
F 4 device s o
M io.k8s.api.resource.v1alpha3.PoolStatus
F 1 driver s -
F 2 poolName s -
F 9 generation i -
F 8 resourceSliceCount i o
F 4 totalDevices i o
F 5 allocatedDevices i o
F 6 availableDevices i o
F 7 unavailableDevices i o
F 3 nodeName s o
F 10 validationError s o
M io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequest
F 1 metadata 774 -
F 2 spec 590 -
F 3 status 591 o
M io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequestList
F 1 metadata 771 -
F 2 items 588 r
M io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequestSpec
F 1 driver s -
F 2 poolName s o
F 3 limit i o
M io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequestStatus
F 6 poolCount i o
F 2 pools 587 r
F 3 conditions 762 r
M io.k8s.api.resource.v1beta1.AllocatedDeviceStatus
F 1 driver s -
F 2 pool s -
F 3 device s -
F 7 shareID s o
F 4 conditions 762 r
F 5 data 789 o
F 6 networkData 621 o
M io.k8s.api.resource.v1beta1.AllocationResult
F 1 devices 603 -
F 3 nodeSelector 324 o
F 5 allocationTimestamp 785 o
M io.k8s.api.resource.v1beta1.BasicDevice
F 1 attributes 604 m
F 2 capacity 605 m
F 3 consumesCounters 614 r
F 4 nodeName s o
F 5 nodeSelector 324 o
F 6 allNodes b o
F 7 taints 619 r
F 8 bindsToNode b o
F 9 bindingConditions s r
F 10 bindingFailureConditions s r
F 11 allowMultipleAllocations b o
F 12 nodeAllocatableResourceMappings 622 m
M io.k8s.api.resource.v1beta1.CELDeviceSelector
F 1 expression s -
M io.k8s.api.resource.v1beta1.CapacityRequestPolicy
F 1 default 756 o
F 3 validValues 756 r
F 4 validRange 597 o
M io.k8s.api.resource.v1beta1.CapacityRequestPolicyRange
F 1 min 756 o
F 2 max 756 o
F 3 step 756 o
M io.k8s.api.resource.v1beta1.CapacityRequirements
F 1 requests 756 m
M io.k8s.api.resource.v1beta1.Counter
F 1 value 756 -
M io.k8s.api.resource.v1beta1.CounterSet
F 1 name s -
F 2 counters 599 m
M io.k8s.api.resource.v1beta1.Device
F 1 name s -
F 2 basic 594 o
M io.k8s.api.resource.v1beta1.DeviceAllocationConfiguration
F 1 source s -
F 2 requests s r
F 3 deviceConfiguration 612 n
M io.k8s.api.resource.v1beta1.DeviceAllocationResult
F 1 results 616 r
F 2 config 602 r
M io.k8s.api.resource.v1beta1.DeviceAttribute
F 2 int i o
F 3 bool b o
F 4 string s o
F 5 version s o
F 6 ints i r
F 7 bools b r
F 8 strings s r
F 9 versions s r
M io.k8s.api.resource.v1beta1.DeviceCapacity
F 1 value 756 -
F 2 requestPolicy 596 o
M io.k8s.api.resource.v1beta1.DeviceClaim
F 1 requests 615 r
F 2 constraints 613 r
F 3 config 607 r
M io.k8s.api.resource.v1beta1.DeviceClaimConfiguration
F 1 requests s r
F 2 deviceConfiguration 612 n
M io.k8s.api.resource.v1beta1.DeviceClass
F 1 metadata 774 -
F 2 spec 611 -
M io.k8s.api.resource.v1beta1.DeviceClassConfiguration
F 1 deviceConfiguration 612 n
M io.k8s.api.resource.v1beta1.DeviceClassList
F 1 metadata 771 -
F 2 items 608 r
M io.k8s.api.resource.v1beta1.DeviceClassSpec
F 1 selectors 617 r
F 2 config 609 r
F 4 extendedResourceName s o
M io.k8s.api.resource.v1beta1.DeviceConfiguration
F 1 opaque 623 o
M io.k8s.api.resource.v1beta1.DeviceConstraint
F 1 requests s r
F 2 matchAttribute s o
F 3 distinctAttribute s o
M io.k8s.api.resource.v1beta1.DeviceCounterConsumption
F 1 counterSet s -
F 2 counters 599 m
M io.k8s.api.resource.v1beta1.DeviceRequest
F 1 name s -
F 2 deviceClassName s -
F 3 selectors 617 r
F 4 allocationMode s -
F 5 count i -
F 6 adminAccess b o
F 7 firstAvailable 618 r
F 8 tolerations 620 r
F 9 capacity 598 o
M io.k8s.api.resource.v1beta1.DeviceRequestAllocationResult
F 1 request s -
F 2 driver s -
F 3 pool s -
F 4 device s -
F 5 adminAccess b o
F 6 tolerations 620 r
F 7 bindingConditions s r
F 8 bindingFailureConditions s r
F 9 shareID s o
F 10 consumedCapacity 756 m
M io.k8s.api.resource.v1beta1.DeviceSelector
F 1 cel 595 o
M io.k8s.api.resource.v1beta1.DeviceSubRequest
F 1 name s -
F 2 deviceClassName s -
F 3 selectors 617 r
F 4 allocationMode s -
F 5 count i -
F 7 tolerations 620 r
F 8 capacity 598 o
M io.k8s.api.resource.v1beta1.DeviceTaint
F 1 key s -
F 2 value s -
F 3 effect s -
F 4 timeAdded 785 o
M io.k8s.api.resource.v1beta1.DeviceToleration
F 1 key s -
F 2 operator s -
F 3 value s -
F 4 effect s -
F 5 tolerationSeconds i o
M io.k8s.api.resource.v1beta1.NetworkDeviceData
F 1 interfaceName s -
F 2 ips s r
F 3 hardwareAddress s -
M io.k8s.api.resource.v1beta1.NodeAllocatableResourceMapping
F 1 capacityKey s o
F 2 allocationMultiplier 756 o
M io.k8s.api.resource.v1beta1.OpaqueDeviceConfiguration
F 1 driver s -
F 2 parameters 789 -
M io.k8s.api.resource.v1beta1.ResourceClaim
F 1 metadata 774 -
F 2 spec 627 -
F 3 status 628 -
M io.k8s.api.resource.v1beta1.ResourceClaimConsumerReference
F 1 apiGroup s -
F 3 resource s -
F 4 name s -
F 5 uid s -
M io.k8s.api.resource.v1beta1.ResourceClaimList
F 1 metadata 771 -
F 2 items 624 r
M io.k8s.api.resource.v1beta1.ResourceClaimSpec
F 1 devices 606 -
M io.k8s.api.resource.v1beta1.ResourceClaimStatus
F 1 allocation 593 o
F 2 reservedFor 625 r
F 4 devices 592 r
M io.k8s.api.resource.v1beta1.ResourceClaimTemplate
F 1 metadata 774 -
F 2 spec 631 -
M io.k8s.api.resource.v1beta1.ResourceClaimTemplateList
F 1 metadata 771 -
F 2 items 629 r
M io.k8s.api.resource.v1beta1.ResourceClaimTemplateSpec
F 1 metadata 774 -
F 2 spec 627 -
M io.k8s.api.resource.v1beta1.ResourcePool
F 1 name s -
F 2 generation i -
F 3 resourceSliceCount i -
M io.k8s.api.resource.v1beta1.ResourceSlice
F 1 metadata 774 -
F 2 spec 635 -
M io.k8s.api.resource.v1beta1.ResourceSliceList
F 1 metadata 771 -
F 2 items 633 r
M io.k8s.api.resource.v1beta1.ResourceSliceSpec
F 1 driver s -
F 2 pool 632 -
F 3 nodeName s -
F 4 nodeSelector 324 o
F 5 allNodes b -
F 6 devices 601 r
F 7 perDeviceNodeSelection b o
F 8 sharedCounters 600 r
M io.k8s.api.resource.v1beta2.AllocatedDeviceStatus
F 1 driver s -
F 2 pool s -
F 3 device s -
F 7 shareID s o
F 4 conditions 762 r
F 5 data 789 o
F 6 networkData 670 o
M io.k8s.api.resource.v1beta2.AllocationResult
F 1 devices 646 -
F 3 nodeSelector 324 o
F 5 allocationTimestamp 785 o
M io.k8s.api.resource.v1beta2.CELDeviceSelector
F 1 expression s -
M io.k8s.api.resource.v1beta2.CapacityRequestPolicy
F 1 default 756 o
F 3 validValues 756 r
F 4 validRange 640 o
M io.k8s.api.resource.v1beta2.CapacityRequestPolicyRange
F 1 min 756 o
F 2 max 756 o
F 3 step 756 o
M io.k8s.api.resource.v1beta2.CapacityRequirements
F 1 requests 756 m
M io.k8s.api.resource.v1beta2.Counter
F 1 value 756 -
M io.k8s.api.resource.v1beta2.CounterSet
F 1 name s -
F 2 counters 642 m
M io.k8s.api.resource.v1beta2.Device
F 1 name s -
F 2 attributes 647 m
F 3 capacity 648 m
F 4 consumesCounters 657 r
F 5 nodeName s o
F 6 nodeSelector 324 o
F 7 allNodes b o
F 8 taints 662 r
F 9 bindsToNode b o
F 10 bindingConditions s r
F 11 bindingFailureConditions s r
F 12 allowMultipleAllocations b o
F 13 nodeAllocatableResourceMappings 671 m
M io.k8s.api.resource.v1beta2.DeviceAllocationConfiguration
F 1 source s -
F 2 requests s r
F 3 deviceConfiguration 655 n
M io.k8s.api.resource.v1beta2.DeviceAllocationResult
F 1 results 659 r
F 2 config 645 r
M io.k8s.api.resource.v1beta2.DeviceAttribute
F 2 int i o
F 3 bool b o
F 4 string s o
F 5 version s o
F 6 ints i r
F 7 bools b r
F 8 strings s r
F 9 versions s r
M io.k8s.api.resource.v1beta2.DeviceCapacity
F 1 value 756 -
F 2 requestPolicy 639 o
M io.k8s.api.resource.v1beta2.DeviceClaim
F 1 requests 658 r
F 2 constraints 656 r
F 3 config 650 r
M io.k8s.api.resource.v1beta2.DeviceClaimConfiguration
F 1 requests s r
F 2 deviceConfiguration 655 n
M io.k8s.api.resource.v1beta2.DeviceClass
F 1 metadata 774 -
F 2 spec 654 -
M io.k8s.api.resource.v1beta2.DeviceClassConfiguration
F 1 deviceConfiguration 655 n
M io.k8s.api.resource.v1beta2.DeviceClassList
F 1 metadata 771 -
F 2 items 651 r
M io.k8s.api.resource.v1beta2.DeviceClassSpec
F 1 selectors 660 r
F 2 config 652 r
F 4 extendedResourceName s o
M io.k8s.api.resource.v1beta2.DeviceConfiguration
F 1 opaque 672 o
M io.k8s.api.resource.v1beta2.DeviceConstraint
F 1 requests s r
F 2 matchAttribute s o
F 3 distinctAttribute s o
M io.k8s.api.resource.v1beta2.DeviceCounterConsumption
F 1 counterSet s -
F 2 counters 642 m
M io.k8s.api.resource.v1beta2.DeviceRequest
F 1 name s -
F 2 exactly 669 o
F 3 firstAvailable 661 r
M io.k8s.api.resource.v1beta2.DeviceRequestAllocationResult
F 1 request s -
F 2 driver s -
F 3 pool s -
F 4 device s -
F 5 adminAccess b o
F 6 tolerations 668 r
F 7 bindingConditions s r
F 8 bindingFailureConditions s r
F 9 shareID s o
F 10 consumedCapacity 756 m
M io.k8s.api.resource.v1beta2.DeviceSelector
F 1 cel 638 o
M io.k8s.api.resource.v1beta2.DeviceSubRequest
F 1 name s -
F 2 deviceClassName s -
F 3 selectors 660 r
F 4 allocationMode s -
F 5 count i -
F 6 tolerations 668 r
F 7 capacity 641 o
M io.k8s.api.resource.v1beta2.DeviceTaint
F 1 key s -
F 2 value s -
F 3 effect s -
F 4 timeAdded 785 o
M io.k8s.api.resource.v1beta2.DeviceTaintRule
F 1 metadata 774 -
F 2 spec 665 -
F 3 status 666 -
M io.k8s.api.resource.v1beta2.DeviceTaintRuleList
F 1 metadata 771 -
F 2 items 663 r
M io.k8s.api.resource.v1beta2.DeviceTaintRuleSpec
F 1 deviceSelector 667 o
F 2 taint 662 -
M io.k8s.api.resource.v1beta2.DeviceTaintRuleStatus
F 1 conditions 762 r
M io.k8s.api.resource.v1beta2.DeviceTaintSelector
F 2 driver s o
F 3 pool s o
F 4 device s o
M io.k8s.api.resource.v1beta2.DeviceToleration
F 1 key s -
F 2 operator s -
F 3 value s -
F 4 effect s -
F 5 tolerationSeconds i o
M io.k8s.api.resource.v1beta2.ExactDeviceRequest
F 1 deviceClassName s -
F 2 selectors 660 r
F 3 allocationMode s -
F 4 count i -
F 5 adminAccess b o
F 6 tolerations 668 r
F 7 capacity 641 o
M io.k8s.api.resource.v1beta2.NetworkDeviceData
F 1 interfaceName s -
F 2 ips s r
F 3 hardwareAddress s -
M io.k8s.api.resource.v1beta2.NodeAllocatableResourceMapping
F 1 capacityKey s o
F 2 allocationMultiplier 756 o
M io.k8s.api.resource.v1beta2.OpaqueDeviceConfiguration
F 1 driver s -
F 2 parameters 789 -
M io.k8s.api.resource.v1beta2.ResourceClaim
F 1 metadata 774 -
F 2 spec 676 -
F 3 status 677 -
M io.k8s.api.resource.v1beta2.ResourceClaimConsumerReference
F 1 apiGroup s -
F 3 resource s -
F 4 name s -
F 5 uid s -
M io.k8s.api.resource.v1beta2.ResourceClaimList
F 1 metadata 771 -
F 2 items 673 r
M io.k8s.api.resource.v1beta2.ResourceClaimSpec
F 1 devices 649 -
M io.k8s.api.resource.v1beta2.ResourceClaimStatus
F 1 allocation 637 o
F 2 reservedFor 674 r
F 4 devices 636 r
M io.k8s.api.resource.v1beta2.ResourceClaimTemplate
F 1 metadata 774 -
F 2 spec 680 -
M io.k8s.api.resource.v1beta2.ResourceClaimTemplateList
F 1 metadata 771 -
F 2 items 678 r
M io.k8s.api.resource.v1beta2.ResourceClaimTemplateSpec
F 1 metadata 774 -
F 2 spec 676 -
M io.k8s.api.resource.v1beta2.ResourcePool
F 1 name s -
F 2 generation i -
F 3 resourceSliceCount i -
M io.k8s.api.resource.v1beta2.ResourceSlice
F 1 metadata 774 -
F 2 spec 684 -
M io.k8s.api.resource.v1beta2.ResourceSliceList
F 1 metadata 771 -
F 2 items 682 r
M io.k8s.api.resource.v1beta2.ResourceSliceSpec
F 1 driver s -
F 2 pool 681 -
F 3 nodeName s o
F 4 nodeSelector 324 o
F 5 allNodes b o
F 6 devices 644 r
F 7 perDeviceNodeSelection b o
F 8 sharedCounters 643 r
M io.k8s.api.scheduling.v1.PriorityClass
F 1 metadata 774 -
F 2 value i -
F 3 globalDefault b -
F 4 description s -
F 5 preemptionPolicy s o
M io.k8s.api.scheduling.v1.PriorityClassList
F 1 metadata 771 -
F 2 items 685 r
M io.k8s.api.scheduling.v1alpha2.BasicSchedulingPolicy
M io.k8s.api.scheduling.v1alpha2.GangSchedulingPolicy
F 1 minCount i -
M io.k8s.api.scheduling.v1alpha2.PodGroup
F 1 metadata 774 -
F 2 spec 695 -
F 3 status 696 -
M io.k8s.api.scheduling.v1alpha2.PodGroupList
F 1 metadata 771 -
F 2 items 689 r
M io.k8s.api.scheduling.v1alpha2.PodGroupResourceClaim
F 1 name s -
F 2 resourceClaimName s o
F 3 resourceClaimTemplateName s o
M io.k8s.api.scheduling.v1alpha2.PodGroupResourceClaimStatus
F 1 name s -
F 2 resourceClaimName s o
M io.k8s.api.scheduling.v1alpha2.PodGroupSchedulingConstraints
F 1 topology 699 r
M io.k8s.api.scheduling.v1alpha2.PodGroupSchedulingPolicy
F 1 basic 687 o
F 2 gang 688 o
M io.k8s.api.scheduling.v1alpha2.PodGroupSpec
F 1 podGroupTemplateRef 698 o
F 2 schedulingPolicy 694 -
F 3 schedulingConstraints 693 o
F 4 resourceClaims 691 r
F 5 disruptionMode s o
F 6 priorityClassName s -
F 7 priority i o
M io.k8s.api.scheduling.v1alpha2.PodGroupStatus
F 1 conditions 762 r
F 2 resourceClaimStatuses 692 r
M io.k8s.api.scheduling.v1alpha2.PodGroupTemplate
F 1 name s -
F 2 schedulingPolicy 694 -
F 3 schedulingConstraints 693 o
F 4 resourceClaims 691 r
F 5 disruptionMode s o
F 6 priorityClassName s -
F 7 priority i o
M io.k8s.api.scheduling.v1alpha2.PodGroupTemplateReference
F 1 workload 703 o
M io.k8s.api.scheduling.v1alpha2.TopologyConstraint
F 1 key s -
M io.k8s.api.scheduling.v1alpha2.TypedLocalObjectReference
F 1 apiGroup s -
F 2 kind s -
F 3 name s -
M io.k8s.api.scheduling.v1alpha2.Workload
F 1 metadata 774 -
F 2 spec 704 -
M io.k8s.api.scheduling.v1alpha2.WorkloadList
F 1 metadata 771 -
F 2 items 701 r
M io.k8s.api.scheduling.v1alpha2.WorkloadPodGroupTemplateReference
F 1 workloadName s -
F 2 podGroupTemplateName s -
M io.k8s.api.scheduling.v1alpha2.WorkloadSpec
F 1 controllerRef 700 o
F 2 podGroupTemplates 697 r
M io.k8s.api.storage.v1.CSIDriver
F 1 metadata 774 -
F 2 spec 707 -
M io.k8s.api.storage.v1.CSIDriverList
F 1 metadata 771 -
F 2 items 705 r
M io.k8s.api.storage.v1.CSIDriverSpec
F 1 attachRequired b o
F 2 podInfoOnMount b o
F 3 volumeLifecycleModes s r
F 4 storageCapacity b o
F 5 fsGroupPolicy s o
F 6 tokenRequests 716 r
F 7 requiresRepublish b o
F 8 seLinuxMount b o
F 9 nodeAllocatableUpdatePeriodSeconds i o
F 10 serviceAccountTokenInSecrets b o
F 11 preventPodSchedulingIfMissing b o
M io.k8s.api.storage.v1.CSINode
F 1 metadata 774 -
F 2 spec 711 -
M io.k8s.api.storage.v1.CSINodeDriver
F 1 name s -
F 2 nodeID s -
F 3 topologyKeys s r
F 4 allocatable 725 o
M io.k8s.api.storage.v1.CSINodeList
F 1 metadata 771 -
F 2 items 708 r
M io.k8s.api.storage.v1.CSINodeSpec
F 1 drivers 709 r
M io.k8s.api.storage.v1.CSIStorageCapacity
F 1 metadata 774 -
F 2 nodeTopology 769 o
F 3 storageClassName s -
F 4 capacity 756 o
F 5 maximumVolumeSize 756 o
M io.k8s.api.storage.v1.CSIStorageCapacityList
F 1 metadata 771 -
F 2 items 712 r
M io.k8s.api.storage.v1.StorageClass
F 1 metadata 774 -
F 2 provisioner s -
F 3 parameters s m
F 4 reclaimPolicy s o
F 5 mountOptions s r
F 6 allowVolumeExpansion b o
F 7 volumeBindingMode s o
F 8 allowedTopologies 423 r
M io.k8s.api.storage.v1.StorageClassList
F 1 metadata 771 -
F 2 items 714 r
M io.k8s.api.storage.v1.TokenRequest
F 1 audience s -
F 2 expirationSeconds i o
M io.k8s.api.storage.v1.VolumeAttachment
F 1 metadata 774 -
F 2 spec 720 -
F 3 status 721 -
M io.k8s.api.storage.v1.VolumeAttachmentList
F 1 metadata 771 -
F 2 items 717 r
M io.k8s.api.storage.v1.VolumeAttachmentSource
F 1 persistentVolumeName s o
F 2 inlineVolumeSpec 343 o
M io.k8s.api.storage.v1.VolumeAttachmentSpec
F 1 attacher s -
F 2 source 719 -
F 3 nodeName s -
M io.k8s.api.storage.v1.VolumeAttachmentStatus
F 1 attached b -
F 2 attachmentMetadata s m
F 3 attachError 724 o
F 4 detachError 724 o
M io.k8s.api.storage.v1.VolumeAttributesClass
F 1 metadata 774 -
F 2 driverName s -
F 3 parameters s m
M io.k8s.api.storage.v1.VolumeAttributesClassList
F 1 metadata 771 -
F 2 items 722 r
M io.k8s.api.storage.v1.VolumeError
F 1 time 785 -
F 2 message s -
F 3 errorCode i o
M io.k8s.api.storage.v1.VolumeNodeResources
F 1 count i o
M io.k8s.api.storage.v1beta1.VolumeAttributesClass
F 1 metadata 774 -
F 2 driverName s -
F 3 parameters s m
M io.k8s.api.storage.v1beta1.VolumeAttributesClassList
F 1 metadata 771 -
F 2 items 726 r
M io.k8s.api.storagemigration.v1beta1.StorageVersionMigration
F 1 metadata 774 -
F 2 spec 730 -
F 3 status 731 -
M io.k8s.api.storagemigration.v1beta1.StorageVersionMigrationList
F 1 metadata 771 -
F 2 items 728 r
M io.k8s.api.storagemigration.v1beta1.StorageVersionMigrationSpec
F 1 resource 766 -
M io.k8s.api.storagemigration.v1beta1.StorageVersionMigrationStatus
F 1 conditions 762 r
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
F 2 webhook 755 o
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition
F 1 metadata 774 -
F 2 spec 738 -
F 3 status 739 -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 785 -
F 4 reason s -
F 5 message s -
F 6 observedGeneration i -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionList
F 1 metadata 771 -
F 2 items 734 r
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames
F 1 plural s -
F 2 singular s -
F 3 shortNames s r
F 4 kind s -
F 5 listKind s -
F 6 categories s r
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec
F 1 group s -
F 3 names 737 -
F 4 scope s -
F 7 versions 740 r
F 9 conversion 733 o
F 10 preserveUnknownFields b -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus
F 1 conditions 735 r
F 2 acceptedNames 737 -
F 3 storedVersions s r
F 4 observedGeneration i -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion
F 1 name s -
F 2 served b -
F 3 storage b -
F 7 deprecated b -
F 8 deprecationWarning s o
F 4 schema 744 o
F 5 subresources 743 o
F 6 additionalPrinterColumns 732 r
F 9 selectableFields 751 r
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale
F 1 specReplicasPath s -
F 2 statusReplicasPath s -
F 3 labelSelectorPath s o
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources
F 1 status 742 o
F 2 scale 741 o
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation
F 1 openAPIV3Schema 747 o
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation
F 1 description s -
F 2 url s -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON
F 1 raw y o
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps
F 1 id s -
F 2 $schema s -
F 3 $ref s o
F 4 description s -
F 5 type s -
F 6 format s -
F 7 title s -
F 8 default 746 o
F 9 maximum d o
F 10 exclusiveMaximum b -
F 11 minimum d o
F 12 exclusiveMinimum b -
F 13 maxLength i o
F 14 minLength i o
F 15 pattern s -
F 16 maxItems i o
F 17 minItems i o
F 18 uniqueItems b -
F 19 multipleOf d o
F 20 enum 746 r
F 21 maxProperties i o
F 22 minProperties i o
F 23 required s r
F 24 items 748 o
F 25 allOf 747 r
F 26 oneOf 747 r
F 27 anyOf 747 r
F 28 not 747 o
F 29 properties 747 m
F 30 additionalProperties 749 o
F 31 patternProperties 747 m
F 32 dependencies 750 m
F 33 additionalItems 749 o
F 34 definitions 747 m
F 35 externalDocs 745 o
F 36 example 746 o
F 37 nullable b -
F 38 x-kubernetes-preserve-unknown-fields b o
F 39 x-kubernetes-embedded-resource b -
F 40 x-kubernetes-int-or-string b -
F 41 x-kubernetes-list-map-keys s r
F 42 x-kubernetes-list-type s o
F 43 x-kubernetes-map-type s o
F 44 x-kubernetes-validations 753 r
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray
F 1 schema 747 o
F 2 jSONSchemas 747 r
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool
F 1 allows b -
F 2 schema 747 o
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray
F 1 schema 747 o
F 2 property s r
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.SelectableField
F 1 jsonPath s -
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference
F 1 namespace s -
F 2 name s -
F 3 path s o
F 4 port i o
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule
F 1 rule s -
F 2 message s -
F 3 messageExpression s -
F 4 reason s o
F 5 fieldPath s -
F 6 optionalOldSelf b o
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig
F 3 url s o
F 1 service 752 o
F 2 caBundle y o
M io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookConversion
F 2 clientConfig 754 o
F 3 conversionReviewVersions s r
M io.k8s.apimachinery.pkg.api.resource.Quantity
F 1 string s -
M io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup
F 1 name s -
F 2 versions 767 r
F 3 preferredVersion 767 -
F 4 serverAddressByClientCIDRs 780 r
M io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList
F 1 groups 757 r
M io.k8s.apimachinery.pkg.apis.meta.v1.APIResource
F 1 name s -
F 6 singularName s -
F 2 namespaced b -
F 8 group s -
F 9 version s -
F 3 kind s -
F 4 verbs 786 o
F 5 shortNames s r
F 7 categories s r
F 10 storageVersionHash s -
M io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList
F 1 groupVersion s -
F 2 resources 759 r
M io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions
F 1 versions s r
F 2 serverAddressByClientCIDRs 780 r
M io.k8s.apimachinery.pkg.apis.meta.v1.Condition
F 1 type s -
F 2 status s -
F 3 observedGeneration i -
F 4 lastTransitionTime 785 -
F 5 reason s -
F 6 message s -
M io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions
F 1 gracePeriodSeconds i o
F 2 preconditions 779 o
F 3 orphanDependents b o
F 4 propagationPolicy s o
F 5 dryRun s r
F 6 ignoreStoreReadErrorWithClusterBreakingPotential b o
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
M io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionKind
F 1 group s -
F 2 version s -
F 3 kind s -
M io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector
F 1 matchLabels s m
F 2 matchExpressions 770 r
M io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement
F 1 key s -
F 2 operator s -
F 3 values s r
M io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta
F 1 selfLink s -
F 2 resourceVersion s -
F 3 continue s -
F 4 remainingItemCount i o
F 5 shardInfo 781 o
M io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry
F 1 manager s -
F 2 operation s -
F 3 apiVersion s -
F 4 time 785 o
F 6 fieldsType s -
F 7 fieldsV1 765 o
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
F 8 creationTimestamp 785 -
F 9 deletionTimestamp 785 o
F 10 deletionGracePeriodSeconds i o
F 11 labels s m
F 12 annotations s m
F 13 ownerReferences 775 r
F 14 finalizers s r
F 17 managedFields 772 r
M io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference
F 5 apiVersion s -
F 1 kind s -
F 3 name s -
F 4 uid s -
F 6 controller b o
F 7 blockOwnerDeletion b o
M io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata
F 1 metadata 774 -
M io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadataList
F 1 metadata 771 -
F 2 items 776 r
M io.k8s.apimachinery.pkg.apis.meta.v1.Patch
M io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions
F 1 uid s o
F 2 resourceVersion s o
M io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR
F 1 clientCIDR s -
F 2 serverAddress s -
M io.k8s.apimachinery.pkg.apis.meta.v1.ShardInfo
F 1 selector s -
M io.k8s.apimachinery.pkg.apis.meta.v1.Status
F 1 metadata 771 -
F 2 status s -
F 3 message s -
F 4 reason s -
F 5 details 784 o
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
F 4 causes 783 r
F 5 retryAfterSeconds i -
M io.k8s.apimachinery.pkg.apis.meta.v1.Time
F 1 seconds i -
F 2 nanos i -
M io.k8s.apimachinery.pkg.apis.meta.v1.Verbs
F 1 items s r
M io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent
F 1 type s -
F 2 object 789 -
M io.k8s.apimachinery.pkg.apis.meta.v1beta1.PartialObjectMetadataList
F 2 metadata 771 -
F 1 items 776 r
M io.k8s.apimachinery.pkg.runtime.RawExtension
F 1 raw y o
M io.k8s.apimachinery.pkg.util.intstr.IntOrString
F 1 type i -
F 2 intVal i -
F 3 strVal s -
M io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService
F 1 metadata 774 -
F 2 spec 794 -
F 3 status 795 -
M io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceCondition
F 1 type s -
F 2 status s -
F 3 lastTransitionTime 785 -
F 4 reason s -
F 5 message s -
M io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceList
F 1 metadata 771 -
F 2 items 791 r
M io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec
F 1 service 796 o
F 2 group s -
F 3 version s -
F 4 insecureSkipTLSVerify b -
F 5 caBundle y o
F 7 groupPriorityMinimum i -
F 8 versionPriority i -
M io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus
F 1 conditions 792 r
M io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference
F 1 namespace s -
F 2 name s -
F 3 port i o
"""#
}
