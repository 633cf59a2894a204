import KubeAPI
import KubeJSON
import Testing

@testable import KubeRegistry

@Suite struct LimitRangerTests {
    private func cluster(_ limits: JSON) throws -> TestCluster {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a")
        try cluster.create(
            "limitranges", in: "a", ["metadata": ["name": "l"], "spec": ["limits": limits]])
        return cluster
    }

    @Test func fillsDefaultsAndSaysSo() throws {
        let cluster = try cluster([
            [
                "type": "Container", "default": ["cpu": "500m", "memory": "1Gi"],
                "defaultRequest": ["cpu": "100m"],
            ]
        ])
        let pod = try cluster.create(
            "pods", in: "a",
            [
                "metadata": ["name": "p"],
                "spec": [
                    "containers": [
                        ["name": "c", "image": "i", "resources": ["limits": ["memory": "2Gi"]]]
                    ],
                    "initContainers": [["name": "s", "image": "i"]],
                ],
            ]
        ).object
        #expect(
            pod.at("spec", "containers")?[0]?["resources"]
                == [
                    "limits": ["memory": "2Gi", "cpu": "500m"], "requests": ["memory": "2Gi", "cpu": "100m"],
                ])
        #expect(
            pod.at("metadata", "annotations", "kubernetes.io/limit-ranger")?.string
                == "LimitRanger plugin set: cpu request for container c; cpu limit for container c; cpu, memory request for init container s; cpu, memory limit for init container s"
        )
    }

    @Test func refusesWhatIsOutOfBounds() throws {
        let cluster = try cluster([
            [
                "type": "Container", "min": ["cpu": "100m"], "max": ["cpu": "1"],
                "maxLimitRequestRatio": ["cpu": "2"],
            ],
            ["type": "Pod", "max": ["memory": "1Gi"]],
        ])
        func refusal(_ requests: JSON, _ limits: JSON) -> String? {
            cluster.refusal {
                try cluster.create(
                    "pods", in: "a",
                    TestCluster.pod("p", resources: ["requests": requests, "limits": limits]))
            }?.message
        }
        let prefix = "pods \"p\" is forbidden: "
        #expect(
            refusal(["cpu": "50m"], ["cpu": "100m", "memory": "1Gi"]) == prefix
                + "minimum cpu usage per Container is 100m, but request is 50m")
        #expect(
            refusal(["cpu": "1"], ["cpu": "2", "memory": "1Gi"]) == prefix
                + "maximum cpu usage per Container is 1, but limit is 2")
        #expect(
            refusal(["cpu": "300m"], ["cpu": "1", "memory": "1Gi"]) == prefix
                + "cpu max limit to request ratio per Container is 2, but provided ratio is 3.333333")
        #expect(
            refusal(["cpu": "500m"], ["cpu": "1", "memory": "2Gi"]) == prefix
                + "maximum memory usage per Pod is 1Gi, but limit is 2Gi")
        #expect(
            refusal(["cpu": "50m"], ["cpu": "50m"]) == prefix
                + "[minimum cpu usage per Container is 100m, but request is 50m, maximum memory usage per Pod is 1Gi.  No limit is specified]"
        )
        #expect(refusal(["cpu": "500m"], ["cpu": "1", "memory": "1Gi"]) == nil)
    }

    @Test func claimsHaveRequestsOnly() throws {
        let cluster = try cluster([
            ["type": "PersistentVolumeClaim", "min": ["storage": "1Gi"], "max": ["storage": "10Gi"]]
        ])
        func refusal(_ size: String) -> String? {
            cluster.refusal {
                try cluster.create(
                    "persistentvolumeclaims", in: "a",
                    [
                        "metadata": ["name": "d"],
                        "spec": [
                            "accessModes": ["ReadWriteOnce"],
                            "resources": ["requests": ["storage": .string(size)]],
                        ],
                    ], dryRun: true)
            }?.message
        }
        let prefix = "persistentvolumeclaims \"d\" is forbidden: "
        #expect(
            refusal("1Mi") == prefix
                + "minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi")
        #expect(
            refusal("11Gi") == prefix
                + "maximum storage usage per PersistentVolumeClaim is 10Gi, but request is 11Gi")
        #expect(refusal("2Gi") == nil)
    }

    @Test func resizesKeepWithinBounds() throws {
        let cluster = try cluster([["type": "Container", "max": ["cpu": "1"]]])
        try cluster.create(
            "pods", in: "a",
            TestCluster.pod("p", resources: ["requests": ["cpu": "500m"], "limits": ["cpu": "1"]]))
        func resize(_ limit: String) throws -> String? {
            var request = try cluster.request("pods", in: "a", name: "p", subresource: "resize")
            let change: JSON = [
                "spec": [
                    "containers": [["name": "c", "resources": ["limits": ["cpu": .string(limit)]]]]
                ]
            ]
            return cluster.refusal { _ = try cluster.registry.patch(&request, .strategic(change)) }?.message
        }
        #expect(
            try resize("2")
                == "pods \"p\" is forbidden: maximum cpu usage per Container is 1, but limit is 2")
        #expect(try resize("900m") == nil)
        // Any other update of the pod is not about its resources.
        try cluster.merge("pods", in: "a", name: "p", ["metadata": ["labels": ["a": "b"]]])
    }
}
