import Foundation
import KubeAPI
import KubeEngine
import KubeJSON
import KubeNode
import KubeRegistry

// What it costs that pods become Running: `node-benchmark [PODS] [NODES] [events]`.

func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

let arguments = CommandLine.arguments
let podCount = arguments.count > 1 ? Int(arguments[1]) ?? 10_000 : 10_000
let nodeCount = arguments.count > 2 ? Int(arguments[2]) ?? 1_000 : 1_000

var options = NodeAgents.Options()
options.nodes = (0..<nodeCount).map { NodeTemplate(name: "node-\($0)") }
options.recordsNormalEvents = arguments.contains("events")
let cluster = try VirtualCluster(controllers: [NodeAgents.hollow(options)]) { print($0) }
try cluster.create("v1", "serviceaccounts", ["metadata": ["name": "default"]])
for (name, key) in [("kube-root-ca.crt", "ca.crt"), ("openshift-service-ca.crt", "service-ca.crt")] {
    try cluster.create("v1", "configmaps", ["metadata": ["name": .string(name)], "data": [key: "PEM"]])
}
var start = cpuSeconds()
cluster.run(for: 0)
print("nodes: \(cpuSeconds() - start) s of CPU")
start = cpuSeconds()
for index in 0..<podCount {
    try cluster.create(
        "v1", "pods",
        [
            "metadata": [
                "name": .string("web-\(index)"), "labels": ["app": "web"],
                "ownerReferences": [
                    [
                        "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "u-1",
                        "controller": true, "blockOwnerDeletion": true,
                    ]
                ],
            ],
            "spec": [
                "containers": [
                    [
                        "name": "web", "image": "nginx:1", "ports": [["containerPort": 80]],
                        "resources": ["requests": ["cpu": "100m", "memory": "64Mi"]],
                        "readinessProbe": ["httpGet": ["path": "/", "port": 80]],
                    ]
                ]
            ],
        ])
    var request = try cluster.request("v1", "pods", "default", "web-\(index)")
    request.subresource = "binding"
    _ = try cluster.registry.bind(
        &request, binding: ["target": ["kind": "Node", "name": .string("node-\(index % nodeCount)")]])
}
print("created and bound: \(cpuSeconds() - start) s of CPU")
start = cpuSeconds()
var writes = 0
cluster.run(for: 0) { writes += $0.writes.count }
let spent = cpuSeconds() - start
let running = try cluster.list("v1", "pods").filter { pod in
    pod["status"]?["phase"] == "Running"
        && pod["status"]?["conditions"]?.array?.contains { $0["type"] == "Ready" && $0["status"] == "True" }
            == true
}
print("running and ready: \(running.count) of \(podCount), \(writes) writes, \(spent) s of CPU")
