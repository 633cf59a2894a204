import KubeJSON
import Testing

@testable import KubeAPI

@Suite struct TableTests {
    @Test func cellsFitTheirColumns() {
        let kinds =
            [
                "Pod", "PodTemplate", "ConfigMap", "Secret", "Service", "Namespace", "Endpoints", "Event",
                "Node",
                "PersistentVolume", "PersistentVolumeClaim", "ResourceQuota", "ReplicationController",
            ].map { GroupKind("", $0) }
            + ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"].map { GroupKind("apps", $0) }
            + ["Job", "CronJob"].map { GroupKind("batch", $0) }
            + ["Ingress", "IngressClass", "NetworkPolicy"].map { GroupKind("networking.k8s.io", $0) }
        for kind in kinds {
            let cells = TablePrinter.cells(for: ["metadata": ["name": "x"]], kind: kind, now: 0)
            #expect(cells.count == TablePrinter.columns(for: kind).count, "\(kind)")
        }
    }

    @Test func crashingPod() {
        let pod: JSON = [
            "metadata": ["name": "p", "creationTimestamp": "1970-01-01T00:00:00Z"],
            "spec": ["containers": [["name": "c"]]],
            "status": [
                "phase": "Running",
                "containerStatuses": [
                    [
                        "restartCount": 3, "state": ["waiting": ["reason": "CrashLoopBackOff"]],
                        "lastState": ["terminated": ["finishedAt": "1970-01-01T00:05:00Z"]],
                    ]
                ],
            ],
        ]
        let cells = TablePrinter.cells(for: pod, kind: GroupKind("", "Pod"), now: 600)
        #expect(cells.prefix(5) == ["p", "0/1", "CrashLoopBackOff", "3 (5m ago)", "10m"])
    }
}
