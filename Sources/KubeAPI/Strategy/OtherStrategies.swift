import KubeJSON

extension Strategies {
    /// Strategies of the groups that say how the cluster runs, rather than what runs on it.
    static let others: [GroupKind: Strategy] = [
        GroupKind("admissionregistration.k8s.io", "MutatingAdmissionPolicy"): AdmissionStrategies
            .mutatingPolicy,
        GroupKind("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"): AdmissionStrategies
            .mutatingBinding,
        GroupKind("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): AdmissionStrategies
            .mutatingWebhooks,
        GroupKind("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"): AdmissionStrategies
            .validatingPolicy,
        GroupKind("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"): AdmissionStrategies
            .binding,
        GroupKind("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): AdmissionStrategies
            .validatingWebhooks,
        GroupKind("apiregistration.k8s.io", "APIService"): APIServiceStrategy.apiService,
        GroupKind("certificates.k8s.io", "CertificateSigningRequest"): CertificateStrategies.request,
        GroupKind("resource.k8s.io", "ResourceClaim"): ResourceClaimStrategies.claim,
        GroupKind("resource.k8s.io", "ResourceClaimTemplate"): ResourceClaimStrategies.template,
        // Kinds with a status of which only its split from the spec is known here.
        GroupKind("certificates.k8s.io", "PodCertificateRequest"): CertificateStrategies.split,
        GroupKind("resource.k8s.io", "DeviceTaintRule"): CertificateStrategies.split,
        GroupKind("scheduling.k8s.io", "PodGroup"): CertificateStrategies.split,
        GroupKind("storagemigration.k8s.io", "StorageVersionMigration"): CertificateStrategies.split,
        GroupKind("authentication.k8s.io", "TokenReview"): ReviewStrategies.tokenReview,
        GroupKind("authorization.k8s.io", "LocalSubjectAccessReview"): ReviewStrategies.localSubjectAccess,
        GroupKind("authorization.k8s.io", "SelfSubjectAccessReview"): ReviewStrategies.selfSubjectAccess,
        GroupKind("authorization.k8s.io", "SubjectAccessReview"): ReviewStrategies.subjectAccess,
        GroupKind("coordination.k8s.io", "Lease"): LeaseStrategy.lease,
        GroupKind("discovery.k8s.io", "EndpointSlice"): EndpointSliceStrategy.slice,
        GroupKind("events.k8s.io", "Event"): EventStrategy.event,
        GroupKind("flowcontrol.apiserver.k8s.io", "FlowSchema"): FlowControlStrategies.schema,
        GroupKind("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"): FlowControlStrategies.level,
        GroupKind("node.k8s.io", "RuntimeClass"): RuntimeClassStrategy.runtimeClass,
        GroupKind("storage.k8s.io", "CSIDriver"): CSIStrategies.driver,
        GroupKind("storage.k8s.io", "CSINode"): CSIStrategies.node,
        GroupKind("storage.k8s.io", "CSIStorageCapacity"): StorageGroupStrategies.capacity,
        GroupKind("storage.k8s.io", "StorageClass"): StorageGroupStrategies.storageClass,
        GroupKind("storage.k8s.io", "VolumeAttachment"): StorageGroupStrategies.attachment,
        GroupKind("storage.k8s.io", "VolumeAttributesClass"): StorageGroupStrategies.attributesClass,
    ]
}
