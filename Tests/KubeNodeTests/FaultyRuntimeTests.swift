import KubeEngine
import KubeJSON
import Testing

@testable import KubeNode

/// Agents over a runtime that fails, delays and loses: whatever it did, in the end all is as was asked.
@Suite struct FaultyRuntimeTests {
    @Test func whateverFailsPodsRunInTheEnd() throws {
        let first = UInt64.random(in: 0..<1 << 40)
        var faults = 0
        // The first is one that failed once: a start that failed while its pod was being deleted.
        for seed in [620_536_807_092] + Array(first..<first + 12) {
            let runtime = FaultyRuntime(seed: seed)
            var options = NodeAgents.Options()
            options.seed = seed
            options.nodes = [NodeTemplate(name: "n1"), NodeTemplate(name: "n2")]
            let cluster = try VirtualCluster(
                seed: seed, controllers: [NodeAgents(HollowNode(), runtime, options)],
                report: { Issue.record("seed \(seed): \($0)") })
            try cluster.create("v1", "serviceaccounts", ["metadata": ["name": "default"]])
            for name in ["kube-root-ca.crt", "openshift-service-ca.crt"] {
                try cluster.create(
                    "v1", "configmaps",
                    [
                        "metadata": ["name": .string(name)],
                        "data": ["ca.crt": "PEM", "service-ca.crt": "PEM"],
                    ])
            }
            func run(_ seconds: Double) {
                for _ in 0..<Int(seconds * 2) {
                    cluster.run(for: 0.5)
                    for pod in runtime.advance(to: cluster.now) {
                        cluster.loop.wake("hollow-nodes", "pod/\(pod.namespace)/\(pod.name)")
                    }
                }
                cluster.run(for: 0.5)
            }
            run(1)
            func create(_ number: Int) throws {
                try cluster.create(
                    "v1", "pods",
                    [
                        "metadata": ["name": .string("p\(number)")],
                        "spec": [
                            "nodeName": number % 2 == 0 ? "n1" : "n2", "terminationGracePeriodSeconds": 2,
                            "initContainers": number % 3 == 0
                                ? [["name": "s", "image": "side:1", "restartPolicy": "Always"]] : [],
                            "containers": [
                                ["name": "a", "image": .string("img:\(number % 2)")],
                                ["name": "b", "image": "img:3"],
                            ],
                        ],
                    ])
            }
            for number in 0..<6 { try create(number) }
            run(60)
            // Names that are used again while the machine still has what they were.
            for number in 0..<2 {
                try cluster.delete("v1", "pods", "p\(number)", gracePeriodSeconds: number == 0 ? 0 : 2)
            }
            run(30)
            for number in 0..<2 where try cluster.get("v1", "pods", "p\(number)") == nil {
                try create(number)
            }
            run(60)
            runtime.heal()
            // As long as the longest back-off, and what it takes to start.
            run(340)
            faults += runtime.faults
            #expect(runtime.troubles == [], "seed \(seed)")
            let pods = try cluster.list("v1", "pods")
            #expect(pods.count == 6, "seed \(seed)")
            for pod in pods {
                let ready = pod["status"]?["conditions"]?.array?.first { $0["type"] == "Ready" }
                #expect(
                    ready?["status"] == "True", "seed \(seed): \(pod.name) \(pod["status"] ?? .null)")
                #expect(
                    runtime.sandboxes[pod.uid] == pod["status"]?["podIP"]?.string,
                    "seed \(seed): \(pod.name) has another address than it says")
            }
            for pod in pods { try cluster.delete("v1", "pods", pod.name) }
            run(30)
            #expect(try cluster.list("v1", "pods").isEmpty, "seed \(seed)")
            #expect(runtime.sandboxes.isEmpty, "seed \(seed): \(runtime.sandboxes)")
        }
        #expect(faults > 100, "the runtime was to fail now and then")
    }
}
