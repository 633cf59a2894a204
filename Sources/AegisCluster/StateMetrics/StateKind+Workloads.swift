import KubeEngine
import KubeJSON

extension StateKind {
    static let workloads: [StateKind] = [
        StateKind(
            collection: .deployments, label: "deployment",
            families: [
                .created("kube_deployment_created"),
                StateFamily("kube_deployment_spec_replicas", at: "spec", "replicas"),
                StateFamily("kube_deployment_spec_paused") {
                    [StateSample($0["spec"]?["paused"]?.bool ?? false)]
                },
                StateFamily("kube_deployment_metadata_generation", at: "metadata", "generation"),
                StateFamily(
                    "kube_deployment_status_observed_generation", at: "status", "observedGeneration",
                    otherwise: 0),
                StateFamily("kube_deployment_status_replicas", at: "status", "replicas", otherwise: 0),
                StateFamily(
                    "kube_deployment_status_replicas_ready", at: "status", "readyReplicas", otherwise: 0),
                StateFamily(
                    "kube_deployment_status_replicas_available", at: "status", "availableReplicas",
                    otherwise: 0),
                StateFamily(
                    "kube_deployment_status_replicas_unavailable", at: "status", "unavailableReplicas",
                    otherwise: 0),
                StateFamily(
                    "kube_deployment_status_replicas_updated", at: "status", "updatedReplicas", otherwise: 0),
                .conditions("kube_deployment_status_condition"),
            ]),
        StateKind(
            collection: .replicaSets, label: "replicaset",
            families: [
                .created("kube_replicaset_created"),
                StateFamily("kube_replicaset_spec_replicas", at: "spec", "replicas"),
                StateFamily("kube_replicaset_status_replicas", at: "status", "replicas", otherwise: 0),
                StateFamily(
                    "kube_replicaset_status_ready_replicas", at: "status", "readyReplicas", otherwise: 0),
                StateFamily("kube_replicaset_owner") { set in
                    (set["metadata"]?["ownerReferences"]?.array ?? []).map { owner in
                        StateSample(
                            1,
                            [
                                ("owner_kind", owner["kind"]?.string ?? ""),
                                ("owner_name", owner["name"]?.string ?? ""),
                                ("owner_is_controller", owner["controller"]?.bool == true ? "true" : "false"),
                            ])
                    }
                },
            ]),
        StateKind(
            collection: .statefulSets, label: "statefulset",
            families: [
                .created("kube_statefulset_created"),
                StateFamily("kube_statefulset_replicas", at: "spec", "replicas"),
                StateFamily("kube_statefulset_metadata_generation", at: "metadata", "generation"),
                StateFamily(
                    "kube_statefulset_status_observed_generation", at: "status", "observedGeneration",
                    otherwise: 0),
                StateFamily("kube_statefulset_status_replicas", at: "status", "replicas", otherwise: 0),
                StateFamily(
                    "kube_statefulset_status_replicas_ready", at: "status", "readyReplicas", otherwise: 0),
                StateFamily(
                    "kube_statefulset_status_replicas_available", at: "status", "availableReplicas",
                    otherwise: 0),
                StateFamily(
                    "kube_statefulset_status_replicas_current", at: "status", "currentReplicas", otherwise: 0),
                StateFamily(
                    "kube_statefulset_status_replicas_updated", at: "status", "updatedReplicas", otherwise: 0),
            ]),
        StateKind(
            collection: .daemonSets, label: "daemonset",
            families: [
                .created("kube_daemonset_created"),
                StateFamily("kube_daemonset_metadata_generation", at: "metadata", "generation"),
            ]
                + [
                    ("current_number_scheduled", "currentNumberScheduled"),
                    ("desired_number_scheduled", "desiredNumberScheduled"),
                    ("number_available", "numberAvailable"), ("number_misscheduled", "numberMisscheduled"),
                    ("number_ready", "numberReady"), ("number_unavailable", "numberUnavailable"),
                    ("observed_generation", "observedGeneration"),
                    ("updated_number_scheduled", "updatedNumberScheduled"),
                ].map { StateFamily("kube_daemonset_status_\($0.0)", at: "status", $0.1, otherwise: 0) }),
        StateKind(
            collection: .jobs, label: "job_name",
            families: [
                .created("kube_job_created"),
                StateFamily("kube_job_spec_completions", at: "spec", "completions"),
                StateFamily("kube_job_spec_parallelism", at: "spec", "parallelism"),
                StateFamily("kube_job_status_active", at: "status", "active", otherwise: 0),
                StateFamily("kube_job_status_succeeded", at: "status", "succeeded", otherwise: 0),
                StateFamily("kube_job_status_failed", at: "status", "failed", otherwise: 0),
                StateFamily("kube_job_status_start_time") { StateFamily.time($0["status"]?["startTime"]) },
                StateFamily("kube_job_status_completion_time") {
                    StateFamily.time($0["status"]?["completionTime"])
                },
                ended("kube_job_complete", "Complete"), ended("kube_job_failed", "Failed"),
            ]),
        StateKind(
            collection: .cronJobs, label: "cronjob",
            families: [
                .created("kube_cronjob_created"),
                StateFamily("kube_cronjob_spec_suspend") {
                    [StateSample($0["spec"]?["suspend"]?.bool ?? false)]
                },
                StateFamily("kube_cronjob_status_active") {
                    [StateSample(Double($0["status"]?["active"]?.array?.count ?? 0))]
                },
                StateFamily("kube_cronjob_status_last_schedule_time") {
                    StateFamily.time($0["status"]?["lastScheduleTime"])
                },
            ]),
    ]

    /// How a Job ended; absent while it runs.
    private static func ended(_ name: String, _ type: String) -> StateFamily {
        StateFamily(name) { job in
            let own = job["status"]?["conditions"]?.array?.first { $0["type"]?.string == type }
            guard let status = own?["status"]?.string else { return [] }
            return ["True", "False", "Unknown"].map {
                StateSample($0 == status, [("condition", $0.lowercased())])
            }
        }
    }
}
