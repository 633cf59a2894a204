/// Strings of more than 15 bytes that Kubernetes objects are full of.
///
/// Shorter ones live inside a String; longer ones cost an allocation and a reference count each, unless
/// they are literals, which cost neither. The parser asks here before it makes one.
struct KnownStrings: Sendable {
    static let shared = KnownStrings(fieldNames + managedFieldNames + otherNames)

    private let strings: [String]
    private let words: [UInt64]
    /// Positions in `strings` plus one by hash; 0 is free, and what collides is in the next place.
    private let slots: [UInt16]
    private let mask: Int

    private init(_ strings: [String]) {
        let words = strings.map { Self.word(of: $0) }
        var capacity = 64
        while capacity < strings.count * 4 { capacity *= 2 }
        var slots = [UInt16](repeating: 0, count: capacity)
        for (position, word) in words.enumerated() {
            var slot = Self.slot(of: word) & (capacity - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = UInt16(position + 1)
        }
        self.strings = strings
        self.words = words
        self.slots = slots
        mask = capacity - 1
    }

    /// The known string of these bytes.
    func string(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        let word = Self.word(of: bytes)
        var slot = Self.slot(of: word) & mask
        while slots[slot] != 0 {
            let position = Int(slots[slot]) - 1
            if words[position] == word {
                let isSame = strings[position].utf8.withContiguousStorageIfAvailable {
                    sameBytes($0, bytes)
                }
                if isSame == true { return strings[position] }
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// A word made of the length and the first and last eight bytes: the same for the same bytes.
    @inline(__always)
    static func word(of bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard let base = UnsafeRawPointer(bytes.baseAddress) else { return 0 }
        let count = bytes.count
        let (first, last): (UInt64, UInt64)
        switch count {
        case 8...:
            first = base.loadUnaligned(as: UInt64.self)
            last = base.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        case 4...:
            first = UInt64(base.loadUnaligned(as: UInt32.self))
            last = UInt64(base.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
        case 1...:
            first = UInt64(bytes[0]) | UInt64(bytes[count / 2]) << 8
            last = UInt64(bytes[count - 1])
        default: return 0
        }
        return (first &* 0x9E37_79B9_7F4A_7C15) ^ (last &+ UInt64(truncatingIfNeeded: count) << 56)
    }

    static func word(of text: String) -> UInt64 {
        var copy = text
        return copy.withUTF8 { word(of: $0) }
    }

    private static func slot(of word: UInt64) -> Int {
        Int(truncatingIfNeeded: (word &* 0xD6E8_FEB8_6659_FD93) >> 40)
    }

    /// Names of fields in Kubernetes v1.36.
    private static let fieldNames: [String] = [
        "activeDeadlineSeconds", "additionalPrinterColumns", "additionalProperties",
        "admissionReviewVersions", "allocateLoadBalancerNodePorts", "allocatedDevices",
        "allocatedResourceStatuses", "allocatedResources", "allocatedResourcesStatus", "allocationMultiplier",
        "allocationTimestamp", "allowMultipleAllocations", "allowPrivilegeEscalation", "allowVolumeExpansion",
        "allowedTopologies", "applyConfiguration", "attachmentMetadata", "auditAnnotations",
        "automountServiceAccountToken", "availableDevices", "availableReplicas", "averageUtilization",
        "awsElasticBlockStore", "backoffLimitPerIndex", "bindingConditions", "bindingFailureConditions",
        "blockOwnerDeletion", "borrowingLimitPercent", "certificateChain", "certificateChainPath",
        "chapAuthDiscovery", "clusterRoleSelectors", "clusterTrustBundle", "commonEncodingVersion",
        "completedIndexes", "concurrencyPolicy", "consumedCapacity", "consumesCounters", "containerResource",
        "containerRuntimeVersion", "containerStatuses", "controllerExpandSecretRef",
        "controllerPublishSecretRef", "conversionReviewVersions", "creationTimestamp", "credentialBundlePath",
        "currentCPUUtilizationPercentage", "currentNumberScheduled", "currentVolumeAttributesClassName",
        "declaredFeatures", "decodableVersions", "deletionGracePeriodSeconds", "deletionTimestamp",
        "deprecatedFirstTimestamp", "deprecatedLastTimestamp", "deprecatedSource", "deprecatedTopology",
        "deprecationWarning", "desiredNumberScheduled", "disruptionsAllowed", "distinctAttribute",
        "distinguisherMethod", "emulationVersion", "enableServiceLinks", "endpointsNamespace",
        "ephemeralContainerStatuses", "ephemeralContainers", "excludeResourceRules", "exclusiveMaximum",
        "exclusiveMinimum", "expirationSeconds", "expirationTimestamp", "expressionWarnings",
        "extendedResourceClaimStatus", "extendedResourceName", "externalTrafficPolicy",
        "failedJobsHistoryLimit", "failureThreshold", "fsGroupChangePolicy", "fullyLabeledReplicas",
        "gcePersistentDisk", "gmsaCredentialSpec", "gmsaCredentialSpecName", "gracePeriodSeconds",
        "groupPriorityMinimum", "healthCheckNodePort", "hostnameOverride",
        "ignoreStoreReadErrorWithClusterBreakingPotential", "imagePullSecrets", "ingressClassName",
        "initContainerStatuses", "initialDelaySeconds", "inlineVolumeSpec", "insecureSkipTLSVerify",
        "internalTrafficPolicy", "kubeProxyVersion", "kubeletConfigKey", "labelSelectorPath",
        "lastHeartbeatTime", "lastObservedTime", "lastPhaseTransitionTime", "lastScheduleTime",
        "lastSuccessfulTime", "lastTransitionTime", "leaseDurationSeconds", "leaseTransitions",
        "loadBalancerClass", "loadBalancerSourceRanges", "localhostProfile", "matchConstraints",
        "matchExpressions", "matchLabelExpressions", "matchingPrecedence", "maxExpirationSeconds",
        "maxFailedIndexes", "maxLimitRequestRatio", "maximumVolumeSize", "messageExpression",
        "minCompatibilityMajor", "minCompatibilityMinor", "mismatchLabelKeys", "modifyVolumeStatus",
        "mountPropagation", "namespaceSelector", "nodeAffinityPolicy", "nodeAllocatableResourceClaimStatuses",
        "nodeAllocatableResourceMappings", "nodeAllocatableUpdatePeriodSeconds", "nodeExpandSecretRef",
        "nodePublishSecretRef", "nodeSelectorTerms", "nodeStageSecretRef", "nodeTaintsPolicy",
        "nominalConcurrencyShares", "nominatedNodeName", "nonResourceAttributes", "nonResourceRules",
        "notReadyAddresses", "numberMisscheduled", "numberUnavailable", "observedGeneration",
        "orphanDependents", "parameterNotFoundAction", "patternProperties", "perDeviceNodeSelection",
        "persistentVolumeClaim", "persistentVolumeClaimRetentionPolicy", "persistentVolumeName",
        "persistentVolumeReclaimPolicy", "photonPersistentDisk", "podFailurePolicy", "podGroupTemplateName",
        "podGroupTemplateRef", "podGroupTemplates", "podManagementPolicy", "podReplacementPolicy",
        "preemptionPolicy", "preferredDuringSchedulingIgnoredDuringExecution", "preferredVersion",
        "preserveUnknownFields", "preventPodSchedulingIfMissing", "priorityClassName",
        "priorityLevelConfiguration", "progressDeadlineSeconds", "proofOfPossession", "propagationPolicy",
        "protectionDomain", "publishNotReadyAddresses", "queueLengthLimit", "readOnlyRootFilesystem",
        "recursiveReadOnly", "recursiveReadOnlyMounts", "reinvocationPolicy", "remainingItemCount",
        "reportingComponent", "reportingController", "reportingInstance",
        "requiredDuringSchedulingIgnoredDuringExecution", "requiresRepublish", "resourceAttributes",
        "resourceClaimName", "resourceClaimStatuses", "resourceClaimTemplateName", "resourceFieldRef",
        "resourceSliceCount", "restartPolicyRules", "retryAfterSeconds", "revisionHistoryLimit",
        "runtimeClassName", "schedulingConstraints", "schedulingPolicy", "seLinuxChangePolicy",
        "selectableFields", "serverAddressByClientCIDRs", "serviceAccountName", "serviceAccountToken",
        "serviceAccountTokenInSecrets", "serviceAccountUID", "sessionAffinityConfig", "setHostnameAsFQDN",
        "shareProcessNamespace", "specReplicasPath", "stabilizationWindowSeconds", "startingDeadlineSeconds",
        "statusReplicasPath", "storageClassName", "storagePolicyName", "storageVersionHash",
        "stubPKCS10Request", "succeededIndexes", "successThreshold", "successfulJobsHistoryLimit",
        "supplementalGroups", "supplementalGroupsPolicy", "targetCPUUtilizationPercentage",
        "targetContainerName", "targetVolumeAttributesClassName", "terminatingReplicas",
        "terminationGracePeriodSeconds", "terminationMessagePath", "terminationMessagePolicy",
        "tolerationSeconds", "topologySpreadConstraints", "trafficDistribution", "ttlSecondsAfterFinished",
        "unavailableDevices", "unavailableReplicas", "uncountedTerminatedPods", "unhealthyPodEvictionPolicy",
        "unverifiedUserAnnotations", "updatedNumberScheduled", "validationActions", "volumeAttributes",
        "volumeAttributesClassName", "volumeBindingMode", "volumeClaimTemplate", "volumeClaimTemplates",
        "volumeLifecycleModes", "whenUnsatisfiable", "x-kubernetes-embedded-resource",
        "x-kubernetes-int-or-string", "x-kubernetes-list-map-keys", "x-kubernetes-list-type",
        "x-kubernetes-map-type", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-validations",
    ]

    /// The same as they are in managed fields.
    private static let managedFieldNames: [String] = [
        "f:activeDeadlineSeconds", "f:additionalItems", "f:additionalPrinterColumns",
        "f:additionalProperties", "f:admissionReviewVersions", "f:aggregationRule",
        "f:allocateLoadBalancerNodePorts", "f:allocatedDevices", "f:allocatedResourceStatuses",
        "f:allocatedResources", "f:allocatedResourcesStatus", "f:allocationMode", "f:allocationMultiplier",
        "f:allocationTimestamp", "f:allowMultipleAllocations", "f:allowPrivilegeEscalation",
        "f:allowVolumeExpansion", "f:allowedTopologies", "f:appArmorProfile", "f:applyConfiguration",
        "f:attachRequired", "f:attachmentMetadata", "f:auditAnnotations", "f:automountServiceAccountToken",
        "f:availableDevices", "f:availableReplicas", "f:averageUtilization", "f:awsElasticBlockStore",
        "f:backoffLimitPerIndex", "f:beginRefreshAt", "f:bindingConditions", "f:bindingFailureConditions",
        "f:blockOwnerDeletion", "f:borrowingLimitPercent", "f:boundObjectRef", "f:certificateChain",
        "f:certificateChainPath", "f:chapAuthDiscovery", "f:chapAuthSession", "f:clusterRoleSelectors",
        "f:clusterTrustBundle", "f:collisionCount", "f:commonEncodingVersion", "f:completedIndexes",
        "f:completionMode", "f:completionTime", "f:concurrencyPolicy", "f:configMapKeyRef",
        "f:consumedCapacity", "f:consumesCounters", "f:containerResource", "f:containerRuntimeVersion",
        "f:containerStatuses", "f:controllerExpandSecretRef", "f:controllerPublishSecretRef",
        "f:conversionReviewVersions", "f:creationTimestamp", "f:credentialBundlePath",
        "f:currentCPUUtilizationPercentage", "f:currentHealthy", "f:currentMetrics",
        "f:currentNumberScheduled", "f:currentReplicas", "f:currentRevision",
        "f:currentVolumeAttributesClassName", "f:daemonEndpoints", "f:declaredFeatures",
        "f:decodableVersions", "f:defaultBackend", "f:defaultRequest", "f:deletionGracePeriodSeconds",
        "f:deletionTimestamp", "f:deprecatedCount", "f:deprecatedFirstTimestamp", "f:deprecatedLastTimestamp",
        "f:deprecatedSource", "f:deprecatedTopology", "f:deprecationWarning", "f:describedObject",
        "f:desiredHealthy", "f:desiredNumberScheduled", "f:desiredReplicas", "f:deviceClassName",
        "f:deviceSelector", "f:disruptionMode", "f:disruptionsAllowed", "f:distinctAttribute",
        "f:distinguisherMethod", "f:emulationMajor", "f:emulationMinor", "f:emulationVersion",
        "f:enableServiceLinks", "f:encodingVersion", "f:endpointsNamespace", "f:ephemeralContainerStatuses",
        "f:ephemeralContainers", "f:evaluationError", "f:excludeResourceRules", "f:exclusiveMaximum",
        "f:exclusiveMinimum", "f:expirationSeconds", "f:expirationTimestamp", "f:expressionWarnings",
        "f:extendedResourceClaimStatus", "f:extendedResourceName", "f:externalTrafficPolicy",
        "f:failedJobsHistoryLimit", "f:failureThreshold", "f:firstAvailable", "f:firstTimestamp",
        "f:fsGroupChangePolicy", "f:fullyLabeledReplicas", "f:gcePersistentDisk", "f:gmsaCredentialSpec",
        "f:gmsaCredentialSpecName", "f:gracePeriodSeconds", "f:groupPriorityMinimum", "f:hardwareAddress",
        "f:healthCheckNodePort", "f:holderIdentity", "f:hostnameOverride",
        "f:ignoreStoreReadErrorWithClusterBreakingPotential", "f:imagePullPolicy", "f:imagePullSecrets",
        "f:ingressClassName", "f:initContainerStatuses", "f:initContainers", "f:initialDelaySeconds",
        "f:inlineVolumeSpec", "f:insecureSkipTLSVerify", "f:internalTrafficPolicy", "f:involvedObject",
        "f:ipFamilyPolicy", "f:iscsiInterface", "f:kubeProxyVersion", "f:kubeletConfigKey",
        "f:kubeletEndpoint", "f:kubeletVersion", "f:labelSelectorPath", "f:lastHeartbeatTime",
        "f:lastObservedTime", "f:lastPhaseTransitionTime", "f:lastScheduleTime", "f:lastSuccessfulTime",
        "f:lastTransitionTime", "f:lastUpdateTime", "f:leaseDurationSeconds", "f:leaseTransitions",
        "f:lendablePercent", "f:loadBalancerClass", "f:loadBalancerIP", "f:loadBalancerSourceRanges",
        "f:localhostProfile", "f:manualSelector", "f:matchAttribute", "f:matchConditions",
        "f:matchConstraints", "f:matchExpressions", "f:matchLabelExpressions", "f:matchLabelKeys",
        "f:matchResources", "f:matchingPrecedence", "f:maxExpirationSeconds", "f:maxFailedIndexes",
        "f:maxLimitRequestRatio", "f:maxUnavailable", "f:maximumVolumeSize", "f:messageExpression",
        "f:minCompatibilityMajor", "f:minCompatibilityMinor", "f:minReadySeconds", "f:mismatchLabelKeys",
        "f:modifyVolumeStatus", "f:mountPropagation", "f:namespaceSelector", "f:nodeAffinityPolicy",
        "f:nodeAllocatableResourceClaimStatuses", "f:nodeAllocatableResourceMappings",
        "f:nodeAllocatableUpdatePeriodSeconds", "f:nodeExpandSecretRef", "f:nodePublishSecretRef",
        "f:nodeSelectorTerms", "f:nodeStageSecretRef", "f:nodeTaintsPolicy", "f:nominalConcurrencyShares",
        "f:nominatedNodeName", "f:nonResourceAttributes", "f:nonResourceRules", "f:nonResourceURLs",
        "f:notReadyAddresses", "f:numberAvailable", "f:numberMisscheduled", "f:numberUnavailable",
        "f:objectSelector", "f:observedGeneration", "f:onPodConditions", "f:openAPIV3Schema",
        "f:operatingSystem", "f:optionalOldSelf", "f:orphanDependents", "f:ownerReferences",
        "f:parameterNotFoundAction", "f:patternProperties", "f:perDeviceNodeSelection",
        "f:persistentVolumeClaim", "f:persistentVolumeClaimRetentionPolicy", "f:persistentVolumeName",
        "f:persistentVolumeReclaimPolicy", "f:photonPersistentDisk", "f:podAffinityTerm", "f:podAntiAffinity",
        "f:podCertificate", "f:podFailurePolicy", "f:podGroupTemplateName", "f:podGroupTemplateRef",
        "f:podGroupTemplates", "f:podInfoOnMount", "f:podManagementPolicy", "f:podReplacementPolicy",
        "f:portworxVolume", "f:preemptionPolicy", "f:preferredDuringSchedulingIgnoredDuringExecution",
        "f:preferredHolder", "f:preferredVersion", "f:preserveUnknownFields",
        "f:preventPodSchedulingIfMissing", "f:priorityClassName", "f:priorityLevelConfiguration",
        "f:progressDeadlineSeconds", "f:proofOfPossession", "f:propagationPolicy", "f:protectionDomain",
        "f:publishNotReadyAddresses", "f:queueLengthLimit", "f:readOnlyRootFilesystem", "f:readinessGates",
        "f:readinessProbe", "f:recursiveReadOnly", "f:recursiveReadOnlyMounts", "f:reinvocationPolicy",
        "f:remainingItemCount", "f:reportingComponent", "f:reportingController", "f:reportingInstance",
        "f:requestMappings", "f:requiredDuringSchedulingIgnoredDuringExecution", "f:requiresRepublish",
        "f:resourceAttributes", "f:resourceClaimName", "f:resourceClaimStatuses",
        "f:resourceClaimTemplateName", "f:resourceClaims", "f:resourceFieldRef", "f:resourceSliceCount",
        "f:resourceVersion", "f:restartPolicyRules", "f:retryAfterSeconds", "f:revisionHistoryLimit",
        "f:runtimeClassName", "f:runtimeHandlers", "f:scaleTargetRef", "f:schedulingConstraints",
        "f:schedulingGates", "f:schedulingGroup", "f:schedulingPolicy", "f:seLinuxChangePolicy",
        "f:seLinuxOptions", "f:seccompProfile", "f:secretNamespace", "f:securityContext",
        "f:selectableFields", "f:servedVersions", "f:serverAddressByClientCIDRs", "f:serviceAccount",
        "f:serviceAccountName", "f:serviceAccountToken", "f:serviceAccountTokenInSecrets",
        "f:serviceAccountUID", "f:sessionAffinity", "f:sessionAffinityConfig", "f:setHostnameAsFQDN",
        "f:shareProcessNamespace", "f:sharedCounters", "f:specReplicasPath", "f:stabilizationWindowSeconds",
        "f:startingDeadlineSeconds", "f:statusReplicasPath", "f:storageCapacity", "f:storageClassName",
        "f:storagePolicyID", "f:storagePolicyName", "f:storageVersionHash", "f:storageVersions",
        "f:storedVersions", "f:stubPKCS10Request", "f:succeededCount", "f:succeededIndexes",
        "f:successThreshold", "f:successfulJobsHistoryLimit", "f:supplementalGroups",
        "f:supplementalGroupsPolicy", "f:targetCPUUtilizationPercentage", "f:targetContainerName",
        "f:targetVolumeAttributesClassName", "f:terminatingReplicas", "f:terminationGracePeriodSeconds",
        "f:terminationMessagePath", "f:terminationMessagePolicy", "f:timeoutSeconds", "f:tolerationSeconds",
        "f:topologySpreadConstraints", "f:trafficDistribution", "f:ttlSecondsAfterFinished",
        "f:unavailableDevices", "f:unavailableReplicas", "f:uncountedTerminatedPods",
        "f:unhealthyPodEvictionPolicy", "f:unverifiedUserAnnotations", "f:updateRevision", "f:updateStrategy",
        "f:updatedNumberScheduled", "f:updatedReplicas", "f:userAnnotations", "f:userNamespaces",
        "f:validationActions", "f:validationError", "f:valueExpression", "f:versionPriority",
        "f:volumeAttributes", "f:volumeAttributesClassName", "f:volumeBindingMode", "f:volumeClaimTemplate",
        "f:volumeClaimTemplates", "f:volumeLifecycleModes", "f:volumeNamespace", "f:volumesAttached",
        "f:whenUnsatisfiable", "f:windowsOptions", "f:x-kubernetes-embedded-resource",
        "f:x-kubernetes-int-or-string", "f:x-kubernetes-list-map-keys", "f:x-kubernetes-list-type",
        "f:x-kubernetes-map-type", "f:x-kubernetes-preserve-unknown-fields", "f:x-kubernetes-validations",
    ]

    /// Labels, groups and values that most objects have.
    private static let otherNames: [String] = [
        "default-scheduler", "/dev/termination-log", "/var/run/secrets/kubernetes.io/serviceaccount",
        "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable", "app.kubernetes.io/name",
        "app.kubernetes.io/instance", "app.kubernetes.io/version", "app.kubernetes.io/component",
        "app.kubernetes.io/part-of", "app.kubernetes.io/managed-by", "f:app.kubernetes.io/name",
        "f:app.kubernetes.io/instance", "f:app.kubernetes.io/version", "f:app.kubernetes.io/component",
        "f:app.kubernetes.io/part-of", "f:app.kubernetes.io/managed-by", "kubernetes.io/metadata.name",
        "f:kubernetes.io/metadata.name", "kubernetes.io/hostname",
        "kubectl.kubernetes.io/last-applied-configuration",
        "f:kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision",
        "f:deployment.kubernetes.io/revision", "rbac.authorization.k8s.io", "rbac.authorization.k8s.io/v1",
        "networking.k8s.io/v1", "apiextensions.k8s.io/v1", "coordination.k8s.io/v1", "discovery.k8s.io/v1",
        "kube-controller-manager", "kube-root-ca.crt", "metadata.namespace", "kubectl-client-side-apply",
        "pod-template-hash", "f:pod-template-hash", "PreemptLowerPriority", "FallbackToLogsOnError",
        "ContainersNotReady", "MinimumReplicasAvailable", "NewReplicaSetAvailable",
        "PodReadyToStartContainers",
    ]
}
