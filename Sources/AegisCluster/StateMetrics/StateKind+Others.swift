import KubeEngine
import KubeJSON
import KubeStore

extension StateKind {
    static let services = StateKind(
        collection: .services, label: "service",
        families: [
            .created("kube_service_created"),
            StateFamily("kube_service_info") { service in
                [
                    StateSample(
                        1,
                        [
                            ("cluster_ip", service["spec"]?["clusterIP"]?.string ?? ""),
                            ("external_name", service["spec"]?["externalName"]?.string ?? ""),
                        ])
                ]
            },
            StateFamily("kube_service_spec_type") { service in
                [StateSample(1, [("type", service["spec"]?["type"]?.string ?? "")])]
            },
        ])

    static let autoscalers = StateKind(
        collection: .horizontalPodAutoscalers, label: "horizontalpodautoscaler",
        families: [
            StateFamily("kube_horizontalpodautoscaler_info") { scaler in
                let target = scaler["spec"]?["scaleTargetRef"]
                return [
                    StateSample(
                        1,
                        [
                            ("scaletargetref_kind", target?["kind"]?.string ?? ""),
                            ("scaletargetref_name", target?["name"]?.string ?? ""),
                        ])
                ]
            },
            StateFamily("kube_horizontalpodautoscaler_spec_min_replicas", at: "spec", "minReplicas"),
            StateFamily("kube_horizontalpodautoscaler_spec_max_replicas", at: "spec", "maxReplicas"),
            StateFamily(
                "kube_horizontalpodautoscaler_status_current_replicas", at: "status", "currentReplicas",
                otherwise: 0),
            StateFamily(
                "kube_horizontalpodautoscaler_status_desired_replicas", at: "status", "desiredReplicas",
                otherwise: 0),
            .conditions("kube_horizontalpodautoscaler_status_condition"),
        ])

    static let budgets = StateKind(
        collection: .podDisruptionBudgets, label: "poddisruptionbudget",
        families: [
            StateFamily(
                "kube_poddisruptionbudget_status_current_healthy", at: "status", "currentHealthy",
                otherwise: 0),
            StateFamily(
                "kube_poddisruptionbudget_status_desired_healthy", at: "status", "desiredHealthy",
                otherwise: 0),
            StateFamily(
                "kube_poddisruptionbudget_status_expected_pods", at: "status", "expectedPods", otherwise: 0),
            StateFamily(
                "kube_poddisruptionbudget_status_pod_disruptions_allowed", at: "status", "disruptionsAllowed",
                otherwise: 0),
        ])

    static let claims = StateKind(
        collection: .persistentVolumeClaims, label: "persistentvolumeclaim",
        families: [
            StateFamily("kube_persistentvolumeclaim_info") { claim in
                [
                    StateSample(
                        1,
                        [
                            ("storageclass", claim["spec"]?["storageClassName"]?.string ?? ""),
                            ("volumename", claim["spec"]?["volumeName"]?.string ?? ""),
                        ])
                ]
            },
            .phase("kube_persistentvolumeclaim_status_phase", of: ["Bound", "Lost", "Pending"]),
            bytes("kube_persistentvolumeclaim_resource_requests_storage_bytes") {
                $0["spec"]?["resources"]?["requests"]?["storage"]
            },
        ])

    static let volumes = StateKind(
        collection: .persistentVolumes, label: "persistentvolume",
        families: [
            .phase(
                "kube_persistentvolume_status_phase",
                of: ["Available", "Bound", "Failed", "Pending", "Released"]),
            bytes("kube_persistentvolume_capacity_bytes") { $0["spec"]?["capacity"]?["storage"] },
            StateFamily("kube_persistentvolume_claim_ref") { volume in
                guard let claim = volume["spec"]?["claimRef"] else { return [] }
                return [
                    StateSample(
                        1,
                        [
                            ("claim_namespace", claim["namespace"]?.string ?? ""),
                            ("name", claim["name"]?.string ?? ""),
                        ])
                ]
            },
        ])

    static let quotas = StateKind(
        collection: CollectionID(group: "", resource: "resourcequotas"), label: "resourcequota",
        families: [
            StateFamily("kube_resourcequota") { quota in
                ["hard", "used"].flatMap { type in
                    (quota["status"]?[type]?.object?.sortedKeys ?? []).compactMap { name in
                        guard let quantity = quota["status"]?[type]?[name]?.string.flatMap({ Quantity($0) })
                        else { return nil }
                        return StateSample(
                            Double(quantity.milliValue) / 1_000, [("resource", name), ("type", type)])
                    }
                }
            }
        ])

    private static func bytes(_ name: String, _ find: @escaping @Sendable (JSON) -> JSON?) -> StateFamily {
        StateFamily(name) { object in
            guard let quantity = find(object)?.string.flatMap({ Quantity($0) }) else { return [] }
            return [StateSample(Double(quantity.wholeValue))]
        }
    }
}
