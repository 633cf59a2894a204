import KubeAPI

extension Bootstrap {
    /// What the manifests of metrics-server bring along: the APIService, and the role that gives everybody
    /// who may view things the right to read metrics.
    func publishMetricsAPI() throws(APIStatus) {
        try ensure(
            "apiregistration.k8s.io", "v1", "apiservices",
            [
                "metadata": [
                    "name": .string("\(MetricsAPI.version).\(MetricsAPI.group)"),
                    "labels": ["k8s-app": "metrics-server"],
                ],
                "spec": [
                    "group": .string(MetricsAPI.group), "version": .string(MetricsAPI.version),
                    "groupPriorityMinimum": 100, "versionPriority": 100,
                ],
            ])
        try ensure(
            "rbac.authorization.k8s.io", "v1", "clusterroles",
            [
                "metadata": [
                    "name": "system:aggregated-metrics-reader",
                    "labels": [
                        "k8s-app": "metrics-server", "rbac.authorization.k8s.io/aggregate-to-admin": "true",
                        "rbac.authorization.k8s.io/aggregate-to-edit": "true",
                        "rbac.authorization.k8s.io/aggregate-to-view": "true",
                    ],
                ],
                "rules": [
                    [
                        "apiGroups": [.string(MetricsAPI.group)], "resources": ["pods", "nodes"],
                        "verbs": ["get", "list", "watch"],
                    ]
                ],
            ])
    }
}
