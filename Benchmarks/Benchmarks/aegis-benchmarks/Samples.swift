import KubeAPI
import KubeJSON

/// What the benchmarks work on: a pod as the server stores it (5 KB with its managed fields), lists of
/// it, and the ConfigMaps of the server comparison.
enum Samples {
    static let pods = builtin("pods")
    static let configMaps = builtin("configmaps")

    static func builtin(_ plural: String) -> ResourceInfo {
        guard
            let resource = Catalogue.builtin.resources.resources.first(where: {
                $0.group.isEmpty && $0.plural == plural
            })
        else { preconditionFailure("the catalogue has no \(plural)") }
        return resource
    }

    static func pod(_ name: String) -> JSON {
        [
            "kind": "Pod", "apiVersion": "v1",
            "metadata": [
                "name": .string(name), "namespace": "bench", "uid": "6f1f1d4e-3c1a-4c55-9d0c-0d8d1c9f6a11",
                "resourceVersion": "1", "generation": 1, "creationTimestamp": "2026-01-02T03:04:05Z",
                "labels": ["app.kubernetes.io/name": "web", "tier": "front"],
            ],
            "spec": spec,
            "status": ["phase": "Pending", "qosClass": "Burstable"],
        ]
    }

    private static let spec: JSON = [
        "volumes": [["name": "config", "configMap": ["name": "web", "defaultMode": 420]]],
        "containers": [container("web"), container("sidecar")],
        "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
        "serviceAccountName": "default", "serviceAccount": "default", "securityContext": [:],
        "schedulerName": "default-scheduler",
        "tolerations": [
            [
                "key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute",
                "tolerationSeconds": 300,
            ]
        ],
        "priority": 0, "enableServiceLinks": true, "preemptionPolicy": "PreemptLowerPriority",
    ]

    private static func container(_ name: String) -> JSON {
        let probe: JSON = [
            "httpGet": ["path": "/health", "port": 8_000, "scheme": "HTTP"], "initialDelaySeconds": 5,
            "timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3,
        ]
        return [
            "name": .string(name), "image": "registry.example/team/web:1.27",
            "ports": [["name": "http", "containerPort": 8_000, "protocol": "TCP"]],
            "env": [
                ["name": "MODE", "value": "production"],
                ["name": "TOKEN", "valueFrom": ["secretKeyRef": ["name": "web", "key": "token"]]],
            ],
            "resources": [
                "limits": ["cpu": "500m", "memory": "1Gi"], "requests": ["cpu": "250m", "memory": "512Mi"],
            ],
            "volumeMounts": [["name": "config", "readOnly": true, "mountPath": "/etc/web"]],
            "livenessProbe": probe, "readinessProbe": probe,
            "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
            "imagePullPolicy": "IfNotPresent",
        ]
    }

    /// The pod as it is after a create: with the entry that says who owns which field.
    static let owned: JSON = manager.update(
        live: nil, new: pod("web"), manager: "bench", now: "2026-01-02T03:04:05Z")

    static let manager = FieldManager(
        schema: pods.schema, apiVersion: "v1", kind: "Pod", resetFields: FieldSet(fields: [["status"]]))

    static func list(_ count: Int) -> JSON {
        var items: [JSON] = []
        for number in 0..<count {
            var pod = owned
            pod.set(.string("web-\(number)"), at: "metadata", "name")
            items.append(pod)
        }
        return ["kind": "PodList", "apiVersion": "v1", "metadata": [:], "items": .array(items)]
    }

    static func configMap(_ name: String) -> JSON {
        [
            "kind": "ConfigMap", "apiVersion": "v1",
            "metadata": ["name": .string(name), "namespace": "bench", "labels": ["shard": "s1"]],
            "data": ["k": .string(String(repeating: "abcdefghij", count: 80))],
        ]
    }
}
