import AegisPlatform
import KubeAPI
import KubeControllers
import KubeEngine
import KubeJSON
import KubeNode
import KubeScheduler
import Testing

@testable import AegisCluster

@Suite struct NodeAutoscalerTests {
    private func cluster(minimum: Int64, maximum: Int64) throws -> VirtualCluster {
        let cluster = try VirtualCluster(
            controllers: Controllers.all(rootCertificate: "PEM") + [
                SchedulerController(seed: 1), NodeGroupController(), NodeAutoscaler(),
                NodeAgents.hollow(),
            ])
        try cluster.create(
            "apiextensions.k8s.io/v1", "customresourcedefinitions", NodeGroup.definition, in: "")
        cluster.run(for: 5)
        try cluster.create(
            "kops.k8s.io/v1alpha2", "instancegroups",
            [
                "apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup",
                "metadata": ["name": "workers"],
                "spec": [
                    "role": "Node", "machineType": "c5.large", "minSize": .integer(minimum),
                    "maxSize": .integer(maximum),
                ],
            ])
        cluster.run(for: 5)
        return cluster
    }

    private func deploy(_ replicas: Int64, _ cluster: VirtualCluster) throws {
        try cluster.create(
            "apps/v1", "deployments",
            [
                "metadata": ["name": "web"],
                "spec": [
                    "replicas": .integer(replicas), "selector": ["matchLabels": ["app": "web"]],
                    "template": [
                        "metadata": ["labels": ["app": "web"]],
                        "spec": [
                            "containers": [
                                ["name": "c", "image": "i", "resources": ["requests": ["cpu": "900m"]]]
                            ]
                        ],
                    ],
                ],
            ])
    }

    private func running(_ cluster: VirtualCluster) throws -> Int {
        try cluster.list("v1", "pods").filter { $0.at("status", "phase")?.string == "Running" }.count
    }

    private func reasons(_ cluster: VirtualCluster) throws -> Set<String> {
        Set(try cluster.list("v1", "events").compactMap { $0["reason"]?.string })
    }

    @Test func growsForPodsThatFitNowhereAndShrinksWhenTheyAreGone() throws {
        let cluster = try cluster(minimum: 1, maximum: 5)
        try deploy(6, cluster)
        cluster.run(for: 120)
        #expect(try running(cluster) == 6)
        #expect(try cluster.list("v1", "nodes", in: nil).count == 3)
        #expect(try reasons(cluster).contains("TriggeredScaleUp"))
        try cluster.patch("apps/v1", "deployments", "web", ["spec": ["replicas": 2]])
        cluster.run(for: 2_400)
        #expect(try cluster.list("v1", "nodes", in: nil).count == 1)
        #expect(try running(cluster) == 2)
    }

    @Test func staysWithinTheMaximum() throws {
        let cluster = try cluster(minimum: 1, maximum: 2)
        try deploy(6, cluster)
        cluster.run(for: 300)
        #expect(try cluster.list("v1", "nodes", in: nil).count == 2)
        #expect(try running(cluster) == 4)
        let events = try cluster.list("v1", "events").filter { $0["reason"]?.string == "NotTriggerScaleUp" }
        #expect(
            events.contains {
                $0["message"]?.string == "pod didn't trigger scale-up: 1 max node group size reached"
            })
    }
}
