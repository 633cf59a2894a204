import KubeJSON

extension Strategies {
    /// Strategies of the core group.
    static let core: [GroupKind: Strategy] = [
        GroupKind("", "Binding"): ClusterStrategies.binding,
        GroupKind("", "ConfigMap"): ConfigStrategies.configMap,
        GroupKind("", "Endpoints"): ClusterStrategies.endpoints,
        GroupKind("", "Event"): ClusterStrategies.event,
        GroupKind("", "LimitRange"): QuotaStrategies.limitRange,
        GroupKind("", "Namespace"): ClusterStrategies.namespace,
        GroupKind("", "Node"): ClusterStrategies.node,
        GroupKind("", "PersistentVolume"): StorageStrategies.volume,
        GroupKind("", "PersistentVolumeClaim"): StorageStrategies.claim,
        GroupKind("", "Pod"): PodStrategies.pod,
        GroupKind("", "PodTemplate"): PodStrategies.template,
        GroupKind("", "ReplicationController"): ReplicationControllerStrategy.controller,
        GroupKind("", "ResourceQuota"): QuotaStrategies.quota,
        GroupKind("", "Secret"): ConfigStrategies.secret,
        GroupKind("", "Service"): ServiceStrategies.service,
        GroupKind("", "ServiceAccount"): ConfigStrategies.serviceAccount,
    ]
}
