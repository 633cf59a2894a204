import KubeEngine
import KubeJSON

extension StateKind {
    static let nodes = StateKind(
        collection: .nodes, label: "node",
        families: [
            StateFamily("kube_node_info") { node in
                let info = node["status"]?["nodeInfo"]
                let labels = [
                    ("kernel_version", "kernelVersion"), ("os_image", "osImage"),
                    ("container_runtime_version", "containerRuntimeVersion"),
                    ("kubelet_version", "kubeletVersion"),
                ]
                return [StateSample(1, labels.map { ($0.0, info?[$0.1]?.string ?? "") })]
            },
            .created("kube_node_created"),
            .conditions("kube_node_status_condition"),
            StateFamily("kube_node_status_capacity") { StateFamily.resources($0["status"]?["capacity"]) },
            StateFamily("kube_node_status_allocatable") {
                StateFamily.resources($0["status"]?["allocatable"])
            },
            StateFamily("kube_node_spec_unschedulable") {
                [StateSample($0["spec"]?["unschedulable"]?.bool ?? false)]
            },
            StateFamily("kube_node_spec_taint") { node in
                (node["spec"]?["taints"]?.array ?? []).map { taint in
                    StateSample(1, ["key", "value", "effect"].map { ($0, taint[$0]?.string ?? "") })
                }
            },
        ])

    static let namespaces = StateKind(
        collection: .namespaces, label: "namespace",
        families: [
            .created("kube_namespace_created"),
            .phase("kube_namespace_status_phase", of: ["Active", "Terminating"]),
        ])

    static let pods = StateKind(
        collection: .pods, label: "pod",
        families: [
            StateFamily("kube_pod_info") { pod in
                let owner = pod["metadata"]?["ownerReferences"]?.array?.first {
                    $0["controller"]?.bool == true
                }
                return [
                    StateSample(
                        1,
                        [
                            ("host_ip", pod["status"]?["hostIP"]?.string ?? ""),
                            ("pod_ip", pod["status"]?["podIP"]?.string ?? ""),
                            ("node", pod["spec"]?["nodeName"]?.string ?? ""),
                            ("created_by_kind", owner?["kind"]?.string ?? ""),
                            ("created_by_name", owner?["name"]?.string ?? ""),
                            ("priority_class", pod["spec"]?["priorityClassName"]?.string ?? ""),
                            ("host_network", pod["spec"]?["hostNetwork"]?.bool == true ? "true" : "false"),
                        ])
                ]
            },
            .created("kube_pod_created"),
            StateFamily("kube_pod_start_time") { StateFamily.time($0["status"]?["startTime"]) },
            .phase("kube_pod_status_phase", of: ["Pending", "Succeeded", "Failed", "Unknown", "Running"]),
            condition("kube_pod_status_ready", "Ready"),
            condition("kube_pod_status_scheduled", "PodScheduled"),
            StateFamily("kube_pod_container_info") { pod in
                statuses(pod).map { status in
                    StateSample(
                        1,
                        [
                            named(status), ("image", status["image"]?.string ?? ""),
                            ("image_id", status["imageID"]?.string ?? ""),
                            ("container_id", status["containerID"]?.string ?? ""),
                        ])
                }
            },
            StateFamily("kube_pod_container_status_ready") { pod in
                statuses(pod).map { StateSample($0["ready"]?.bool ?? false, [named($0)]) }
            },
            state("running"), state("waiting"), state("terminated"),
            reason("kube_pod_container_status_waiting_reason", "state", "waiting"),
            reason("kube_pod_container_status_terminated_reason", "state", "terminated"),
            reason("kube_pod_container_status_last_terminated_reason", "lastState", "terminated"),
            StateFamily("kube_pod_container_status_restarts_total", .counter) { pod in
                statuses(pod).map { StateSample(Double($0["restartCount"]?.int ?? 0), [named($0)]) }
            },
            resources("kube_pod_container_resource_requests", "requests"),
            resources("kube_pod_container_resource_limits", "limits"),
        ])

    private static func statuses(_ pod: JSON) -> [JSON] { pod["status"]?["containerStatuses"]?.array ?? [] }

    private static func named(_ container: JSON) -> (name: String, value: String) {
        ("container", container["name"]?.string ?? "")
    }

    private static func condition(_ name: String, _ type: String) -> StateFamily {
        StateFamily(name) { pod in
            let own = pod["status"]?["conditions"]?.array?.first { $0["type"]?.string == type }
            guard let status = own?["status"]?.string else { return [] }
            return ["True", "False", "Unknown"].map {
                StateSample($0 == status, [("condition", $0.lowercased())])
            }
        }
    }

    private static func state(_ name: String) -> StateFamily {
        StateFamily("kube_pod_container_status_\(name)") { pod in
            statuses(pod).map { StateSample($0["state"]?[name] != nil, [named($0)]) }
        }
    }

    private static func reason(_ name: String, _ which: String, _ state: String) -> StateFamily {
        StateFamily(name) { pod in
            statuses(pod).compactMap { status in
                guard let reason = status[which]?[state]?["reason"]?.string else { return nil }
                return StateSample(1, [named(status), ("reason", reason)])
            }
        }
    }

    private static func resources(_ name: String, _ list: String) -> StateFamily {
        StateFamily(name) { pod in
            (pod["spec"]?["containers"]?.array ?? []).flatMap { container in
                StateFamily.resources(
                    container["resources"]?[list],
                    [named(container), ("node", pod["spec"]?["nodeName"]?.string ?? "")])
            }
        }
    }
}
