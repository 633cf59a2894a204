// Written by catalogue-generator; do not edit.
// swift-format-ignore-file

extension CatalogueText {
    static let schemas2: StaticString = #"""
        T io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyList -
        k admissionregistration.k8s.io v1 MutatingAdmissionPolicyList
        f apiVersion s o - - string
        f items N@io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy w r - []v1.MutatingAdmissionPolicy
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding -
        k admissionregistration.k8s.io v1 MutatingAdmissionPolicyBinding
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBindingSpec w - - v1.MutatingAdmissionPolicyBindingSpec
        T io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBindingSpec -
        f matchResources @io.k8s.api.admissionregistration.v1.MatchResources p - - *v1.MatchResources
        f paramRef @io.k8s.api.admissionregistration.v1.ParamRef p - - *v1.ParamRef
        f policyName s o - - string
        T io.k8s.api.admissionregistration.v1.ParamRef a
        f name s o - - string
        f namespace s o - - string
        f parameterNotFoundAction s p - - *v1.ParameterNotFoundActionType
        f selector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        T io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBindingList -
        k admissionregistration.k8s.io v1 MutatingAdmissionPolicyBindingList
        f apiVersion s o - - string
        f items N@io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding w r - []v1.MutatingAdmissionPolicyBinding
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration -
        k admissionregistration.k8s.io v1 MutatingWebhookConfiguration
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f webhooks K{name}@io.k8s.api.admissionregistration.v1.MutatingWebhook o m name []v1.MutatingWebhook
        T io.k8s.api.admissionregistration.v1.MutatingWebhook -
        f admissionReviewVersions Ls w r - []string
        f clientConfig @io.k8s.api.admissionregistration.v1.WebhookClientConfig w r - v1.WebhookClientConfig
        f failurePolicy s p - - *v1.FailurePolicyType
        f matchConditions K{name}@io.k8s.api.admissionregistration.v1.MatchCondition o m name []v1.MatchCondition
        f matchPolicy s p - - *v1.MatchPolicyType
        f name s w r - string
        f namespaceSelector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        f objectSelector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        f reinvocationPolicy s p - - *v1.ReinvocationPolicyType
        f rules L@io.k8s.api.admissionregistration.v1.RuleWithOperations o - - []v1.RuleWithOperations
        f sideEffects s n r - *v1.SideEffectClass
        f timeoutSeconds i p - - *int32
        T io.k8s.api.admissionregistration.v1.WebhookClientConfig -
        f caBundle y o - - []uint8
        f service @io.k8s.api.admissionregistration.v1.ServiceReference p - - *v1.ServiceReference
        f url s p - - *string
        T io.k8s.api.admissionregistration.v1.RuleWithOperations -
        f apiGroups Ls o - - []string
        f apiVersions Ls o - - []string
        f operations Ls o - - []v1.OperationType
        f resources Ls o - - []string
        f scope s p - - *v1.ScopeType
        T io.k8s.api.admissionregistration.v1.ServiceReference -
        f name s w r - string
        f namespace s w r - string
        f path s p - - *string
        f port i p - - *int32
        T io.k8s.api.admissionregistration.v1.MutatingWebhookConfigurationList -
        k admissionregistration.k8s.io v1 MutatingWebhookConfigurationList
        f apiVersion s o - - string
        f items N@io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration w r - []v1.MutatingWebhookConfiguration
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy -
        k admissionregistration.k8s.io v1 ValidatingAdmissionPolicy
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec w - - v1.ValidatingAdmissionPolicySpec
        f status @io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus w - - v1.ValidatingAdmissionPolicyStatus
        T io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec -
        f auditAnnotations L@io.k8s.api.admissionregistration.v1.AuditAnnotation o - - []v1.AuditAnnotation
        f failurePolicy s p - - *v1.FailurePolicyType
        f matchConditions K{name}@io.k8s.api.admissionregistration.v1.MatchCondition o m name []v1.MatchCondition
        f matchConstraints @io.k8s.api.admissionregistration.v1.MatchResources p - - *v1.MatchResources
        f paramKind @io.k8s.api.admissionregistration.v1.ParamKind p - - *v1.ParamKind
        f validations L@io.k8s.api.admissionregistration.v1.Validation o - - []v1.Validation
        f variables K{name}@io.k8s.api.admissionregistration.v1.Variable o m name []v1.Variable
        T io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus -
        f conditions K{type}@io.k8s.apimachinery.pkg.apis.meta.v1.Condition o - - []v1.Condition
        f observedGeneration l o - - int64
        f typeChecking @io.k8s.api.admissionregistration.v1.TypeChecking p - - *v1.TypeChecking
        T io.k8s.api.admissionregistration.v1.AuditAnnotation -
        f key s w r - string
        f valueExpression s w r - string
        T io.k8s.api.admissionregistration.v1.Validation -
        f expression s w r - string
        f message s o - - string
        f messageExpression s o - - string
        f reason s p - - *v1.StatusReason
        T io.k8s.api.admissionregistration.v1.TypeChecking -
        f expressionWarnings L@io.k8s.api.admissionregistration.v1.ExpressionWarning o - - []v1.ExpressionWarning
        T io.k8s.api.admissionregistration.v1.ExpressionWarning -
        f fieldRef s w r - string
        f warning s w r - string
        T io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyList -
        k admissionregistration.k8s.io v1 ValidatingAdmissionPolicyList
        f apiVersion s o - - string
        f items N@io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy w r - []v1.ValidatingAdmissionPolicy
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding -
        k admissionregistration.k8s.io v1 ValidatingAdmissionPolicyBinding
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec w r - v1.ValidatingAdmissionPolicyBindingSpec
        T io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec -
        f matchResources @io.k8s.api.admissionregistration.v1.MatchResources p - - *v1.MatchResources
        f paramRef @io.k8s.api.admissionregistration.v1.ParamRef p - - *v1.ParamRef
        f policyName s o r - string
        f validationActions Ss o r - []v1.ValidationAction
        T io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingList -
        k admissionregistration.k8s.io v1 ValidatingAdmissionPolicyBindingList
        f apiVersion s o - - string
        f items N@io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding w r - []v1.ValidatingAdmissionPolicyBinding
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration -
        k admissionregistration.k8s.io v1 ValidatingWebhookConfiguration
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f webhooks K{name}@io.k8s.api.admissionregistration.v1.ValidatingWebhook o m name []v1.ValidatingWebhook
        T io.k8s.api.admissionregistration.v1.ValidatingWebhook -
        f admissionReviewVersions Ls w r - []string
        f clientConfig @io.k8s.api.admissionregistration.v1.WebhookClientConfig w r - v1.WebhookClientConfig
        f failurePolicy s p - - *v1.FailurePolicyType
        f matchConditions K{name}@io.k8s.api.admissionregistration.v1.MatchCondition o m name []v1.MatchCondition
        f matchPolicy s p - - *v1.MatchPolicyType
        f name s w r - string
        f namespaceSelector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        f objectSelector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector p - - *v1.LabelSelector
        f rules L@io.k8s.api.admissionregistration.v1.RuleWithOperations o - - []v1.RuleWithOperations
        f sideEffects s n r - *v1.SideEffectClass
        f timeoutSeconds i p - - *int32
        T io.k8s.api.admissionregistration.v1.ValidatingWebhookConfigurationList -
        k admissionregistration.k8s.io v1 ValidatingWebhookConfigurationList
        f apiVersion s o - - string
        f items N@io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration w r - []v1.ValidatingWebhookConfiguration
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition -
        k apiextensions.k8s.io v1 CustomResourceDefinition
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec w r - v1.CustomResourceDefinitionSpec
        f status @io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus w - - v1.CustomResourceDefinitionStatus
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec -
        f conversion @io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion p - - *v1.CustomResourceConversion
        f group s w r - string
        f names @io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames w r - v1.CustomResourceDefinitionNames
        f preserveUnknownFields b o - - bool
        f scope s w r - v1.ResourceScope
        f versions L@io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion w r - []v1.CustomResourceDefinitionVersion
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus -
        f acceptedNames @io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames w - - v1.CustomResourceDefinitionNames
        f conditions K{type}@io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition w - - []v1.CustomResourceDefinitionCondition
        f observedGeneration l o - - int64
        f storedVersions Ls w - - []string
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion -
        f strategy s w r - v1.ConversionStrategyType
        f webhook @io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookConversion p - - *v1.WebhookConversion
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames -
        f categories Ls o - - []string
        f kind s w r - string
        f listKind s o - - string
        f plural s w r - string
        f shortNames Ls o - - []string
        f singular s o - - string
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion -
        f additionalPrinterColumns L@io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition o - - []v1.CustomResourceColumnDefinition
        f deprecated b o - - bool
        f deprecationWarning s p - - *string
        f name s w r - string
        f schema @io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation p - - *v1.CustomResourceValidation
        f selectableFields L@io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.SelectableField o - - []v1.SelectableField
        f served b w r - bool
        f storage b w r - bool
        f subresources @io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources p - - *v1.CustomResourceSubresources
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition -
        f lastTransitionTime t w - - v1.Time
        f message s o - - string
        f observedGeneration l o - - int64
        f reason s o - - string
        f status s w r - v1.ConditionStatus
        f type s w r - v1.CustomResourceDefinitionConditionType
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookConversion -
        f clientConfig @io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig p - - *v1.WebhookClientConfig
        f conversionReviewVersions Ls w r - []string
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition -
        f description s o - - string
        f format s o - - string
        f jsonPath s w r - string
        f name s w r - string
        f priority i o - - int32
        f type s w r - string
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation -
        f openAPIV3Schema @io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps p - - *v1.JSONSchemaProps
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.SelectableField -
        f jsonPath s w r - string
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources -
        f scale @io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale p - - *v1.CustomResourceSubresourceScale
        f status @io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus p - - *v1.CustomResourceSubresourceStatus
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig -
        f caBundle y o - - []uint8
        f service @io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference p - - *v1.ServiceReference
        f url s p - - *string
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps -
        f $ref s p - - *string
        f $schema s o - - v1.JSONSchemaURL
        f additionalItems * p - - *v1.JSONSchemaPropsOrBool
        f additionalProperties * p - - *v1.JSONSchemaPropsOrBool
        f allOf L@io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps o - - []v1.JSONSchemaProps
        f anyOf L@io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps o - - []v1.JSONSchemaProps
        f default * p - - *v1.JSON
        f definitions M@io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps o - - v1.JSONSchemaDefinitions
        f dependencies M* o - - v1.JSONSchemaDependencies
        f description s o - - string
        f enum L* o - - []v1.JSON
        f example * p - - *v1.JSON
        f exclusiveMaximum b o - - bool
        f exclusiveMinimum b o - - bool
        f externalDocs @io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation p - - *v1.ExternalDocumentation
        f format s o - - string
        f id s o - - string
        f items * p - - *v1.JSONSchemaPropsOrArray
        f maxItems l p - - *int64
        f maxLength l p - - *int64
        f maxProperties l p - - *int64
        f maximum d p - - *float64
        f minItems l p - - *int64
        f minLength l p - - *int64
        f minProperties l p - - *int64
        f minimum d p - - *float64
        f multipleOf d p - - *float64
        f not @io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps p - - *v1.JSONSchemaProps
        f nullable b o - - bool
        f oneOf L@io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps o - - []v1.JSONSchemaProps
        f pattern s o - - string
        f patternProperties M@io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps o - - map[string]v1.JSONSchemaProps
        f properties M@io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps o - - map[string]v1.JSONSchemaProps
        f required Ls o - - []string
        f title s o - - string
        f type s o - - string
        f uniqueItems b o - - bool
        f x-kubernetes-embedded-resource b o - - bool
        f x-kubernetes-int-or-string b o - - bool
        f x-kubernetes-list-map-keys Ls o - - []string
        f x-kubernetes-list-type s p - - *string
        f x-kubernetes-map-type s p - - *string
        f x-kubernetes-preserve-unknown-fields b p - - *bool
        f x-kubernetes-validations K{rule}@io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule o m rule v1.ValidationRules
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale -
        f labelSelectorPath s p - - *string
        f specReplicasPath s w r - string
        f statusReplicasPath s w r - string
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus -
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference -
        f name s w r - string
        f namespace s w r - string
        f path s p - - *string
        f port i p - - *int32
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation -
        f description s o - - string
        f url s o - - string
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule -
        f fieldPath s o - - string
        f message s o - - string
        f messageExpression s o - - string
        f optionalOldSelf b p - - *bool
        f reason s p - - *v1.FieldValueErrorReason
        f rule s w r - string
        T io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionList -
        k apiextensions.k8s.io v1 CustomResourceDefinitionList
        f apiVersion s o - - string
        f items N@io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition w r - []v1.CustomResourceDefinition
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.scheduling.v1.PriorityClass -
        k scheduling.k8s.io v1 PriorityClass
        f apiVersion s o - - string
        f description s o - - string
        f globalDefault b o - - bool
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f preemptionPolicy s p - - *v1.PreemptionPolicy
        f value i w - - int32
        T io.k8s.api.scheduling.v1.PriorityClassList -
        k scheduling.k8s.io v1 PriorityClassList
        f apiVersion s o - - string
        f items N@io.k8s.api.scheduling.v1.PriorityClass w r - []v1.PriorityClass
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.coordination.v1.Lease -
        k coordination.k8s.io v1 Lease
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.coordination.v1.LeaseSpec w - - v1.LeaseSpec
        T io.k8s.api.coordination.v1.LeaseSpec -
        f acquireTime u p - - *v1.MicroTime
        f holderIdentity s p - - *string
        f leaseDurationSeconds i p - - *int32
        f leaseTransitions i p - - *int32
        f preferredHolder s p - - *string
        f renewTime u p - - *v1.MicroTime
        f strategy s p - - *v1.CoordinatedLeaseStrategy
        T io.k8s.api.coordination.v1.LeaseList -
        k coordination.k8s.io v1 LeaseList
        f apiVersion s o - - string
        f items N@io.k8s.api.coordination.v1.Lease w r - []v1.Lease
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.node.v1.RuntimeClass -
        k node.k8s.io v1 RuntimeClass
        f apiVersion s o - - string
        f handler s w r - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f overhead @io.k8s.api.node.v1.Overhead p - - *v1.Overhead
        f scheduling @io.k8s.api.node.v1.Scheduling p - - *v1.Scheduling
        T io.k8s.api.node.v1.Overhead -
        f podFixed Mq o - - v1.ResourceList
        T io.k8s.api.node.v1.Scheduling -
        f nodeSelector AMs o - - map[string]string
        f tolerations L@io.k8s.api.core.v1.Toleration o - - []v1.Toleration
        T io.k8s.api.node.v1.RuntimeClassList -
        k node.k8s.io v1 RuntimeClassList
        f apiVersion s o - - string
        f items N@io.k8s.api.node.v1.RuntimeClass w r - []v1.RuntimeClass
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.discovery.v1.EndpointSlice -
        k discovery.k8s.io v1 EndpointSlice
        f addressType s w r - v1.AddressType
        f apiVersion s o - - string
        f endpoints L@io.k8s.api.discovery.v1.Endpoint w - - []v1.Endpoint
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f ports L@io.k8s.api.discovery.v1.EndpointPort w - - []v1.EndpointPort
        T io.k8s.api.discovery.v1.Endpoint -
        f addresses Ss w r - []string
        f conditions @io.k8s.api.discovery.v1.EndpointConditions w - - v1.EndpointConditions
        f deprecatedTopology Ms o - - map[string]string
        f hints @io.k8s.api.discovery.v1.EndpointHints p - - *v1.EndpointHints
        f hostname s p - - *string
        f nodeName s p - - *string
        f targetRef @io.k8s.api.core.v1.ObjectReference p - - *v1.ObjectReference
        f zone s p - - *string
        T io.k8s.api.discovery.v1.EndpointPort a
        f appProtocol s p - - *string
        f name s p - - *string
        f port i p - - *int32
        f protocol s p - - *v1.Protocol
        T io.k8s.api.discovery.v1.EndpointConditions -
        f ready b p - - *bool
        f serving b p - - *bool
        f terminating b p - - *bool
        T io.k8s.api.discovery.v1.EndpointHints -
        f forNodes L@io.k8s.api.discovery.v1.ForNode o - - []v1.ForNode
        f forZones L@io.k8s.api.discovery.v1.ForZone o - - []v1.ForZone
        T io.k8s.api.discovery.v1.ForNode -
        f name s w r - string
        T io.k8s.api.discovery.v1.ForZone -
        f name s w r - string
        T io.k8s.api.discovery.v1.EndpointSliceList -
        k discovery.k8s.io v1 EndpointSliceList
        f apiVersion s o - - string
        f items N@io.k8s.api.discovery.v1.EndpointSlice w r - []v1.EndpointSlice
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.resource.v1.DeviceClass -
        k resource.k8s.io v1 DeviceClass
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.resource.v1.DeviceClassSpec w r - v1.DeviceClassSpec
        T io.k8s.api.resource.v1.DeviceClassSpec -
        f config L@io.k8s.api.resource.v1.DeviceClassConfiguration o - - []v1.DeviceClassConfiguration
        f extendedResourceName s p - - *string
        f selectors L@io.k8s.api.resource.v1.DeviceSelector o - - []v1.DeviceSelector
        T io.k8s.api.resource.v1.DeviceClassConfiguration -
        f opaque @io.k8s.api.resource.v1.OpaqueDeviceConfiguration p - - *v1.OpaqueDeviceConfiguration
        T io.k8s.api.resource.v1.DeviceSelector -
        f cel @io.k8s.api.resource.v1.CELDeviceSelector p - - *v1.CELDeviceSelector
        T io.k8s.api.resource.v1.OpaqueDeviceConfiguration -
        f driver s w r - string
        f parameters * w r - runtime.RawExtension
        T io.k8s.api.resource.v1.CELDeviceSelector -
        f expression s w r - string
        T io.k8s.api.resource.v1.DeviceClassList -
        k resource.k8s.io v1 DeviceClassList
        f apiVersion s o - - string
        f items N@io.k8s.api.resource.v1.DeviceClass w r - []v1.DeviceClass
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.resource.v1.ResourceClaim -
        k resource.k8s.io v1 ResourceClaim
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.resource.v1.ResourceClaimSpec w r - v1.ResourceClaimSpec
        f status @io.k8s.api.resource.v1.ResourceClaimStatus w - - v1.ResourceClaimStatus
        T io.k8s.api.resource.v1.ResourceClaimSpec -
        f devices @io.k8s.api.resource.v1.DeviceClaim w - - v1.DeviceClaim
        T io.k8s.api.resource.v1.ResourceClaimStatus -
        f allocation @io.k8s.api.resource.v1.AllocationResult p - - *v1.AllocationResult
        f devices K{driver,device,pool,shareID}@io.k8s.api.resource.v1.AllocatedDeviceStatus o - - []v1.AllocatedDeviceStatus
        f reservedFor K{uid}@io.k8s.api.resource.v1.ResourceClaimConsumerReference o m uid []v1.ResourceClaimConsumerReference
        T io.k8s.api.resource.v1.DeviceClaim -
        f config L@io.k8s.api.resource.v1.DeviceClaimConfiguration o - - []v1.DeviceClaimConfiguration
        f constraints L@io.k8s.api.resource.v1.DeviceConstraint o - - []v1.DeviceConstraint
        f requests L@io.k8s.api.resource.v1.DeviceRequest w - - []v1.DeviceRequest
        T io.k8s.api.resource.v1.AllocationResult -
        f allocationTimestamp t p - - *v1.Time
        f devices @io.k8s.api.resource.v1.DeviceAllocationResult w - - v1.DeviceAllocationResult
        f nodeSelector @io.k8s.api.core.v1.NodeSelector p - - *v1.NodeSelector
        T io.k8s.api.resource.v1.AllocatedDeviceStatus -
        f conditions K{type}@io.k8s.apimachinery.pkg.apis.meta.v1.Condition w - - []v1.Condition
        f data * p - - *runtime.RawExtension
        f device s w r - string
        f driver s w r - string
        f networkData @io.k8s.api.resource.v1.NetworkDeviceData p - - *v1.NetworkDeviceData
        f pool s w r - string
        f shareID s p - - *string
        T io.k8s.api.resource.v1.ResourceClaimConsumerReference -
        f apiGroup s o - - string
        f name s w r - string
        f resource s w r - string
        f uid s w r - types.UID
        T io.k8s.api.resource.v1.DeviceClaimConfiguration -
        f opaque @io.k8s.api.resource.v1.OpaqueDeviceConfiguration p - - *v1.OpaqueDeviceConfiguration
        f requests Ls o - - []string
        T io.k8s.api.resource.v1.DeviceConstraint -
        f distinctAttribute s p - - *v1.FullyQualifiedName
        f matchAttribute s p - - *v1.FullyQualifiedName
        f requests Ls o - - []string
        T io.k8s.api.resource.v1.DeviceRequest -
        f exactly @io.k8s.api.resource.v1.ExactDeviceRequest p - - *v1.ExactDeviceRequest
        f firstAvailable L@io.k8s.api.resource.v1.DeviceSubRequest o - - []v1.DeviceSubRequest
        f name s w r - string
        T io.k8s.api.resource.v1.DeviceAllocationResult -
        f config L@io.k8s.api.resource.v1.DeviceAllocationConfiguration o - - []v1.DeviceAllocationConfiguration
        f results L@io.k8s.api.resource.v1.DeviceRequestAllocationResult o - - []v1.DeviceRequestAllocationResult
        T io.k8s.api.resource.v1.NetworkDeviceData -
        f hardwareAddress s o - - string
        f interfaceName s o - - string
        f ips Ls o - - []string
        T io.k8s.api.resource.v1.ExactDeviceRequest -
        f adminAccess b p - - *bool
        f allocationMode s o - - v1.DeviceAllocationMode
        f capacity @io.k8s.api.resource.v1.CapacityRequirements p - - *v1.CapacityRequirements
        f count l o - - int64
        f deviceClassName s w r - string
        f selectors L@io.k8s.api.resource.v1.DeviceSelector o - - []v1.DeviceSelector
        f tolerations L@io.k8s.api.resource.v1.DeviceToleration o - - []v1.DeviceToleration
        T io.k8s.api.resource.v1.DeviceSubRequest -
        f allocationMode s o - - v1.DeviceAllocationMode
        f capacity @io.k8s.api.resource.v1.CapacityRequirements p - - *v1.CapacityRequirements
        f count l o - - int64
        f deviceClassName s w r - string
        f name s w r - string
        f selectors L@io.k8s.api.resource.v1.DeviceSelector o - - []v1.DeviceSelector
        f tolerations L@io.k8s.api.resource.v1.DeviceToleration o - - []v1.DeviceToleration
        T io.k8s.api.resource.v1.DeviceAllocationConfiguration -
        f opaque @io.k8s.api.resource.v1.OpaqueDeviceConfiguration p - - *v1.OpaqueDeviceConfiguration
        f requests Ls o - - []string
        f source s w r - v1.AllocationConfigSource
        T io.k8s.api.resource.v1.DeviceRequestAllocationResult -
        f adminAccess b p - - *bool
        f bindingConditions Ls o - - []string
        f bindingFailureConditions Ls o - - []string
        f consumedCapacity Mq o - - map[v1.QualifiedName]resource.Quantity
        f device s w r - string
        f driver s w r - string
        f pool s w r - string
        f request s w r - string
        f shareID s p - - *types.UID
        f tolerations L@io.k8s.api.resource.v1.DeviceToleration o - - []v1.DeviceToleration
        T io.k8s.api.resource.v1.CapacityRequirements -
        f requests Mq o - - map[v1.QualifiedName]resource.Quantity
        T io.k8s.api.resource.v1.DeviceToleration -
        f effect s o - - v1.DeviceTaintEffect
        f key s o - - string
        f operator s o - - v1.DeviceTolerationOperator
        f tolerationSeconds l p - - *int64
        f value s o - - string
        T io.k8s.api.resource.v1.ResourceClaimList -
        k resource.k8s.io v1 ResourceClaimList
        f apiVersion s o - - string
        f items N@io.k8s.api.resource.v1.ResourceClaim w r - []v1.ResourceClaim
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.resource.v1.ResourceClaimTemplate -
        k resource.k8s.io v1 ResourceClaimTemplate
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.resource.v1.ResourceClaimTemplateSpec w r - v1.ResourceClaimTemplateSpec
        T io.k8s.api.resource.v1.ResourceClaimTemplateSpec -
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.resource.v1.ResourceClaimSpec w r - v1.ResourceClaimSpec
        T io.k8s.api.resource.v1.ResourceClaimTemplateList -
        k resource.k8s.io v1 ResourceClaimTemplateList
        f apiVersion s o - - string
        f items N@io.k8s.api.resource.v1.ResourceClaimTemplate w r - []v1.ResourceClaimTemplate
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.resource.v1.ResourceSlice -
        k resource.k8s.io v1 ResourceSlice
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.resource.v1.ResourceSliceSpec w r - v1.ResourceSliceSpec
        T io.k8s.api.resource.v1.ResourceSliceSpec -
        f allNodes b p - - *bool
        f devices L@io.k8s.api.resource.v1.Device o - - []v1.Device
        f driver s w r - string
        f nodeName s p - - *string
        f nodeSelector @io.k8s.api.core.v1.NodeSelector p - - *v1.NodeSelector
        f perDeviceNodeSelection b p - - *bool
        f pool @io.k8s.api.resource.v1.ResourcePool w r - v1.ResourcePool
        f sharedCounters L@io.k8s.api.resource.v1.CounterSet o - - []v1.CounterSet
        T io.k8s.api.resource.v1.Device -
        f allNodes b p - - *bool
        f allowMultipleAllocations b p - - *bool
        f attributes M@io.k8s.api.resource.v1.DeviceAttribute o - - map[v1.QualifiedName]v1.DeviceAttribute
        f bindingConditions Ls o - - []string
        f bindingFailureConditions Ls o - - []string
        f bindsToNode b p - - *bool
        f capacity M@io.k8s.api.resource.v1.DeviceCapacity o - - map[v1.QualifiedName]v1.DeviceCapacity
        f consumesCounters L@io.k8s.api.resource.v1.DeviceCounterConsumption o - - []v1.DeviceCounterConsumption
        f name s w r - string
        f nodeAllocatableResourceMappings M@io.k8s.api.resource.v1.NodeAllocatableResourceMapping o - - -
        f nodeName s p - - *string
        f nodeSelector @io.k8s.api.core.v1.NodeSelector p - - *v1.NodeSelector
        f taints L@io.k8s.api.resource.v1.DeviceTaint o - - []v1.DeviceTaint
        T io.k8s.api.resource.v1.ResourcePool -
        f generation l w r - int64
        f name s w r - string
        f resourceSliceCount l w r - int64
        T io.k8s.api.resource.v1.CounterSet -
        f counters M@io.k8s.api.resource.v1.Counter o r - map[string]v1.Counter
        f name s w r - string
        T io.k8s.api.resource.v1.DeviceAttribute -
        f bool b p - - *bool
        f bools Lb o - - []bool
        f int l p - - *int64
        f ints Ll o - - []int64
        f string s p - - *string
        f strings Ls o - - []string
        f version s p - - *string
        f versions Ls o - - []string
        T io.k8s.api.resource.v1.DeviceCapacity -
        f requestPolicy @io.k8s.api.resource.v1.CapacityRequestPolicy p - - *v1.CapacityRequestPolicy
        f value q w r - resource.Quantity
        T io.k8s.api.resource.v1.DeviceCounterConsumption -
        f counterSet s w r - string
        f counters M@io.k8s.api.resource.v1.Counter o r - map[string]v1.Counter
        T io.k8s.api.resource.v1.NodeAllocatableResourceMapping -
        f allocationMultiplier q o - - -
        f capacityKey s o - - -
        T io.k8s.api.resource.v1.DeviceTaint -
        f effect s w r - v1.DeviceTaintEffect
        f key s w r - string
        f timeAdded t p - - *v1.Time
        f value s o - - string
        T io.k8s.api.resource.v1.Counter -
        f value q w r - resource.Quantity
        T io.k8s.api.resource.v1.CapacityRequestPolicy -
        f default q n - - *resource.Quantity
        f validRange @io.k8s.api.resource.v1.CapacityRequestPolicyRange p - - *v1.CapacityRequestPolicyRange
        f validValues Lq o - - []resource.Quantity
        T io.k8s.api.resource.v1.CapacityRequestPolicyRange -
        f max q p - - *resource.Quantity
        f min q p r - *resource.Quantity
        f step q p - - *resource.Quantity
        T io.k8s.api.resource.v1.ResourceSliceList -
        k resource.k8s.io v1 ResourceSliceList
        f apiVersion s o - - string
        f items N@io.k8s.api.resource.v1.ResourceSlice w r - []v1.ResourceSlice
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.flowcontrol.v1.FlowSchema -
        k flowcontrol.apiserver.k8s.io v1 FlowSchema
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.flowcontrol.v1.FlowSchemaSpec w - - v1.FlowSchemaSpec
        f status @io.k8s.api.flowcontrol.v1.FlowSchemaStatus w - - v1.FlowSchemaStatus
        T io.k8s.api.flowcontrol.v1.FlowSchemaSpec -
        f distinguisherMethod @io.k8s.api.flowcontrol.v1.FlowDistinguisherMethod p - - *v1.FlowDistinguisherMethod
        f matchingPrecedence i w - - int32
        f priorityLevelConfiguration @io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationReference w r - v1.PriorityLevelConfigurationReference
        f rules L@io.k8s.api.flowcontrol.v1.PolicyRulesWithSubjects o - - []v1.PolicyRulesWithSubjects
        T io.k8s.api.flowcontrol.v1.FlowSchemaStatus -
        f conditions K{type}@io.k8s.api.flowcontrol.v1.FlowSchemaCondition o m type []v1.FlowSchemaCondition
        T io.k8s.api.flowcontrol.v1.FlowDistinguisherMethod -
        f type s w r - v1.FlowDistinguisherMethodType
        T io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationReference -
        f name s w r - string
        T io.k8s.api.flowcontrol.v1.PolicyRulesWithSubjects -
        f nonResourceRules L@io.k8s.api.flowcontrol.v1.NonResourcePolicyRule o - - []v1.NonResourcePolicyRule
        f resourceRules L@io.k8s.api.flowcontrol.v1.ResourcePolicyRule o - - []v1.ResourcePolicyRule
        f subjects L@io.k8s.api.flowcontrol.v1.Subject w r - []v1.Subject
        T io.k8s.api.flowcontrol.v1.FlowSchemaCondition -
        f lastTransitionTime t w - - v1.Time
        f message s o - - string
        f reason s o - - string
        f status s o - - v1.ConditionStatus
        f type s o - - v1.FlowSchemaConditionType
        T io.k8s.api.flowcontrol.v1.NonResourcePolicyRule -
        f nonResourceURLs Ss w r - []string
        f verbs Ss w r - []string
        T io.k8s.api.flowcontrol.v1.ResourcePolicyRule -
        f apiGroups Ss w r - []string
        f clusterScope b o - - bool
        f namespaces Ss w - - []string
        f resources Ss w r - []string
        f verbs Ss w r - []string
        T io.k8s.api.flowcontrol.v1.Subject -
        f group @io.k8s.api.flowcontrol.v1.GroupSubject p - - *v1.GroupSubject
        f kind s w r - v1.SubjectKind
        f serviceAccount @io.k8s.api.flowcontrol.v1.ServiceAccountSubject p - - *v1.ServiceAccountSubject
        f user @io.k8s.api.flowcontrol.v1.UserSubject p - - *v1.UserSubject
        T io.k8s.api.flowcontrol.v1.GroupSubject -
        f name s w r - string
        T io.k8s.api.flowcontrol.v1.ServiceAccountSubject -
        f name s w r - string
        f namespace s w r - string
        T io.k8s.api.flowcontrol.v1.UserSubject -
        f name s w r - string
        T io.k8s.api.flowcontrol.v1.FlowSchemaList -
        k flowcontrol.apiserver.k8s.io v1 FlowSchemaList
        f apiVersion s o - - string
        f items N@io.k8s.api.flowcontrol.v1.FlowSchema w r - []v1.FlowSchema
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration -
        k flowcontrol.apiserver.k8s.io v1 PriorityLevelConfiguration
        f apiVersion s o - - string
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta w - - v1.ObjectMeta
        f spec @io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec w - - v1.PriorityLevelConfigurationSpec
        f status @io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationStatus w - - v1.PriorityLevelConfigurationStatus
        T io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec -
        f exempt @io.k8s.api.flowcontrol.v1.ExemptPriorityLevelConfiguration p - - *v1.ExemptPriorityLevelConfiguration
        f limited @io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration p - - *v1.LimitedPriorityLevelConfiguration
        f type s w r - v1.PriorityLevelEnablement
        T io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationStatus -
        f conditions K{type}@io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationCondition o m type []v1.PriorityLevelConfigurationCondition
        T io.k8s.api.flowcontrol.v1.ExemptPriorityLevelConfiguration -
        f lendablePercent i p - - *int32
        f nominalConcurrencyShares i p - - *int32
        T io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration -
        f borrowingLimitPercent i p - - *int32
        f lendablePercent i p - - *int32
        f limitResponse @io.k8s.api.flowcontrol.v1.LimitResponse w - - v1.LimitResponse
        f nominalConcurrencyShares i n - - *int32
        T io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationCondition -
        f lastTransitionTime t w - - v1.Time
        f message s o - - string
        f reason s o - - string
        f status s o - - v1.ConditionStatus
        f type s o - - v1.PriorityLevelConfigurationConditionType
        T io.k8s.api.flowcontrol.v1.LimitResponse -
        f queuing @io.k8s.api.flowcontrol.v1.QueuingConfiguration p - - *v1.QueuingConfiguration
        f type s w r - v1.LimitResponseType
        T io.k8s.api.flowcontrol.v1.QueuingConfiguration -
        f handSize i w - - int32
        f queueLengthLimit i w - - int32
        f queues i w - - int32
        T io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationList -
        k flowcontrol.apiserver.k8s.io v1 PriorityLevelConfigurationList
        f apiVersion s o - - string
        f items N@io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration w r - []v1.PriorityLevelConfiguration
        f kind s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        T io.k8s.apimachinery.pkg.apis.meta.v1.Status -
        k - v1 Status
        f apiVersion s o - - string
        f code i o - - int32
        f details @io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails p - - *v1.StatusDetails
        f kind s o - - string
        f message s o - - string
        f metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta w - - v1.ListMeta
        f reason s o - - v1.StatusReason
        f status s o - - string
        T io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails -
        f causes L@io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause o - - []v1.StatusCause
        f group s o - - string
        f kind s o - - string
        f name s o - - string
        f retryAfterSeconds i o - - int32
        f uid s o - - types.UID
        T io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause -
        f field s o - - string
        f message s o - - string
        f reason s o - - v1.CauseType
        T io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup -
        k - v1 APIGroup
        f apiVersion s o - - string
        f kind s o - - string
        f name s w r - string
        f preferredVersion @io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery w - - v1.GroupVersionForDiscovery
        f serverAddressByClientCIDRs L@io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR o - - []v1.ServerAddressByClientCIDR
        f versions L@io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery w r - []v1.GroupVersionForDiscovery
        T io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery -
        f groupVersion s w r - string
        f version s w r - string
        T io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR -
        f clientCIDR s w r - string
        f serverAddress s w r - string
        T io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList -
        k - v1 APIGroupList
        f apiVersion s o - - string
        f groups L@io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup w r - []v1.APIGroup
        f kind s o - - string
        T io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList -
        k - v1 APIResourceList
        f apiVersion s o - - string
        f groupVersion s w r - string
        f kind s o - - string
        f resources L@io.k8s.apimachinery.pkg.apis.meta.v1.APIResource w r - []v1.APIResource
        T io.k8s.apimachinery.pkg.apis.meta.v1.APIResource -
        f categories Ls o - - []string
        f group s o - - string
        f kind s w r - string
        f name s w r - string
        f namespaced b w r - bool
        f shortNames Ls o - - []string
        f singularName s w r - string
        f storageVersionHash s o - - string
        f verbs Ns w r - v1.Verbs
        f version s o - - string
        T io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions -
        k - v1 APIVersions
        f apiVersion s o - - string
        f kind s o - - string
        f serverAddressByClientCIDRs L@io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR w r - []v1.ServerAddressByClientCIDR
        f versions Ls w r - []string
        T io.k8s.apimachinery.pkg.apis.meta.v1.Patch -
        T io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent -
        k - v1 WatchEvent
        f object * w r - runtime.RawExtension
        f type s w r - string
        """#
}
