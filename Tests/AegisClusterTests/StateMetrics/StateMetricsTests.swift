import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore
import Testing

@testable import AegisCluster

/// What Prometheus is told of the cluster's objects.
struct StateMetricsTests {
    private static let deployment: JSON = [
        "metadata": ["name": "web", "namespace": "demo", "generation": 3],
        "spec": ["replicas": 4],
        "status": ["replicas": 4, "availableReplicas": 3, "observedGeneration": 2],
    ]

    private static func lines(_ kind: StateKind, _ object: JSON) -> [String] {
        kind.lines(of: object).joined().split(separator: "\n").map(String.init)
    }

    @Test func tellsOfDeployments() throws {
        let lines = Self.lines(StateKind.workloads[0], Self.deployment)
        for line in [
            "kube_deployment_spec_replicas{namespace=\"demo\",deployment=\"web\"} 4",
            "kube_deployment_status_replicas_available{namespace=\"demo\",deployment=\"web\"} 3",
            "kube_deployment_status_replicas_unavailable{namespace=\"demo\",deployment=\"web\"} 0",
            "kube_deployment_metadata_generation{namespace=\"demo\",deployment=\"web\"} 3",
            "kube_deployment_status_observed_generation{namespace=\"demo\",deployment=\"web\"} 2",
            "kube_deployment_spec_paused{namespace=\"demo\",deployment=\"web\"} 0",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test func tellsOfPods() throws {
        let pod: JSON = [
            "metadata": ["name": "a", "namespace": "demo", "uid": "u"],
            "spec": [
                "nodeName": "n1",
                "containers": [
                    ["name": "c", "resources": ["requests": ["cpu": "250m", "memory": "1Gi"]]]
                ],
            ],
            "status": [
                "phase": "Running", "conditions": [["type": "Ready", "status": "False"]],
                "containerStatuses": [
                    [
                        "name": "c", "ready": false, "restartCount": 7, "image": "x\"y",
                        "state": ["waiting": ["reason": "CrashLoopBackOff"]],
                        "lastState": ["terminated": ["reason": "OOMKilled"]],
                    ]
                ],
            ],
        ]
        let lines = Self.lines(.pods, pod)
        let own = "namespace=\"demo\",pod=\"a\",uid=\"u\""
        for line in [
            "kube_pod_status_phase{\(own),phase=\"Running\"} 1",
            "kube_pod_status_phase{\(own),phase=\"Pending\"} 0",
            "kube_pod_status_ready{\(own),condition=\"false\"} 1",
            "kube_pod_status_ready{\(own),condition=\"true\"} 0",
            "kube_pod_container_status_restarts_total{\(own),container=\"c\"} 7",
            "kube_pod_container_status_waiting_reason{\(own),container=\"c\",reason=\"CrashLoopBackOff\"} 1",
            "kube_pod_container_status_last_terminated_reason{\(own),container=\"c\",reason=\"OOMKilled\"} 1",
            "kube_pod_container_resource_requests{\(own),container=\"c\",node=\"n1\",resource=\"cpu\",unit=\"core\"} 0.25",
            "kube_pod_container_resource_requests{\(own),container=\"c\",node=\"n1\",resource=\"memory\",unit=\"byte\"} 1073741824",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(
            lines.contains { $0.hasPrefix("kube_pod_container_info{\(own),container=\"c\",image=\"x\\\"y\"") }
        )
    }

    /// Every line belongs to the family whose head came last, each family has one head, and what was deleted is
    /// not told of any more.
    @Test func writesTheExpositionFormat() throws {
        let cluster = try VirtualCluster(seed: 3, controllers: [])
        try cluster.create(
            "apps/v1", "deployments",
            [
                "metadata": ["name": "web"],
                "spec": [
                    "selector": ["matchLabels": ["a": "b"]],
                    "template": [
                        "metadata": ["labels": ["a": "b"]],
                        "spec": ["containers": [["name": "c", "image": "i"]]],
                    ],
                ],
            ])
        let metrics = StateMetrics(cluster.registry.store)
        let text = metrics.text
        #expect(text.contains("kube_deployment_spec_replicas{namespace=\"default\",deployment=\"web\"} 1\n"))
        var current = ""
        var heads: Set<String> = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                current = String(line.split(separator: " ")[2])
                #expect(heads.insert(current).inserted, "\(current) twice")
            } else {
                #expect(line.hasPrefix(current + "{"), "\(line) below \(current)")
            }
        }
        #expect(metrics.text == text)
        try cluster.delete("apps/v1", "deployments", "web", in: "default")
        #expect(!metrics.text.contains("deployment=\"web\""))
    }
}
