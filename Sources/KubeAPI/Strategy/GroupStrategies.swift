import KubeJSON

extension Strategies {
    /// Strategies of the kinds outside the core group.
    static let groups: [GroupKind: Strategy] = [
        GroupKind("apps", "ControllerRevision"): AppsStrategies.controllerRevision,
        GroupKind("apps", "DaemonSet"): AppsStrategies.daemonSet,
        GroupKind("apps", "Deployment"): AppsStrategies.deployment,
        GroupKind("apps", "ReplicaSet"): AppsStrategies.replicaSet,
        GroupKind("apps", "StatefulSet"): StatefulSetStrategy.statefulSet,
        GroupKind("autoscaling", "HorizontalPodAutoscaler"): AutoscalerStrategy.autoscaler,
        GroupKind("batch", "CronJob"): BatchStrategies.cronJob,
        GroupKind("batch", "Job"): BatchStrategies.job,
        GroupKind("networking.k8s.io", "IPAddress"): ServiceNetworkStrategies.address,
        GroupKind("networking.k8s.io", "Ingress"): IngressStrategies.ingress,
        GroupKind("networking.k8s.io", "IngressClass"): IngressStrategies.ingressClass,
        GroupKind("networking.k8s.io", "NetworkPolicy"): NetworkPolicyStrategy.policy,
        GroupKind("networking.k8s.io", "ServiceCIDR"): ServiceNetworkStrategies.serviceCIDR,
        GroupKind("policy", "PodDisruptionBudget"): PolicyStrategies.disruptionBudget,
        GroupKind("rbac.authorization.k8s.io", "ClusterRole"): RBACStrategies.clusterRole,
        GroupKind("rbac.authorization.k8s.io", "ClusterRoleBinding"): RBACStrategies.clusterRoleBinding,
        GroupKind("rbac.authorization.k8s.io", "Role"): RBACStrategies.role,
        GroupKind("rbac.authorization.k8s.io", "RoleBinding"): RBACStrategies.roleBinding,
        GroupKind("scheduling.k8s.io", "PriorityClass"): PriorityClassStrategy.priorityClass,
    ]
}

extension Strategy {
    /// The split that most kinds have: clients write spec, controllers write status.
    mutating func splitStatus() {
        prepareForCreate = { Preparing.dropStatus(&$0) }
        prepareForUpdate = { Preparing.keepStatus(&$0, $1) }
        prepareForStatusUpdate = { Preparing.keepSpec(&$0, $1) }
    }
}

extension JSON {
    /// Sets a field that is absent or null; unlike `fill`, an empty text stays.
    mutating func fillAbsent(_ key: String, _ value: JSON) {
        if self[key]?.isNull ?? true { self[key] = value }
    }
}
