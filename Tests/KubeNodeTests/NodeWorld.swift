import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeNode

/// A cluster on virtual time with hollow nodes, with the words that these tests are written in.
final class NodeWorld: Sendable {
    let cluster: VirtualCluster

    init(
        seed: UInt64 = 1, nodes: [String] = ["n1"],
        _ change: (inout NodeAgents.Options) -> Void = { _ in },
        report: @escaping ControllerLoop.Report = { Issue.record("\($0)") }
    ) throws {
        var options = NodeAgents.Options()
        options.seed = seed
        options.nodes = nodes.map { NodeTemplate(name: $0) }
        change(&options)
        cluster = try VirtualCluster(
            seed: seed, controllers: [NodeAgents.hollow(options)], report: report)
        try cluster.create("v1", "serviceaccounts", ["metadata": ["name": "default"]])
        // Every pod's token volume holds it.
        for (name, key) in [("kube-root-ca.crt", "ca.crt"), ("openshift-service-ca.crt", "service-ca.crt")] {
            try cluster.create(
                "v1", "configmaps",
                ["metadata": ["name": .string(name)], "data": [key: "PEM"]])
        }
        run(1)
    }

    func run(_ seconds: Double) { cluster.run(for: seconds) }

    /// A pod on a node; what is said of the one container `c` goes into it.
    @discardableResult
    func pod(
        _ name: String, on node: String = "n1", annotations: JSONObject = [:], container: JSONObject = [:],
        spec: JSONObject = [:], metadata: JSONObject = [:]
    ) throws -> JSON {
        var main: JSONObject = ["name": "c", "image": "img:1"]
        for (key, value) in container { main[key] = value }
        var body: JSONObject = ["nodeName": .string(node), "containers": [.object(main)]]
        for (key, value) in spec { body[key] = value }
        var words: JSONObject = ["name": .string(name)]
        if !annotations.isEmpty {
            words["annotations"] = .object(
                JSONObject(annotations.map { ("hollow.aegis.dev/" + $0.key, $0.value) }))
        }
        for (key, value) in metadata { words[key] = value }
        return try cluster.create("v1", "pods", ["metadata": .object(words), "spec": .object(body)])
    }

    func get(_ name: String) throws -> JSON {
        try cluster.get("v1", "pods", name) ?? .null
    }

    func phase(_ name: String) throws -> String? { try get(name)["status"]?["phase"]?.string }

    func condition(_ name: String, _ type: String) throws -> JSON? {
        try get(name)["status"]?["conditions"]?.array?.first { $0["type"]?.string == type }
    }

    func isReady(_ name: String) throws -> Bool {
        try condition(name, "Ready")?["status"]?.string == "True"
    }

    /// The status of a container by its place.
    func container(
        _ name: String, _ index: Int = 0, list: String = "containerStatuses"
    ) throws -> JSON {
        try get(name)["status"]?[list]?[index] ?? .null
    }

    func waiting(_ name: String, _ index: Int = 0) throws -> (reason: String?, message: String?) {
        let words = try container(name, index)["state"]?["waiting"]
        return (words?["reason"]?.string, words?["message"]?.string)
    }

    /// `Type Reason Message` of a pod's Events, in order of their making.
    func events(_ name: String) throws -> [String] {
        try cluster.list("v1", "events").filter { $0["involvedObject"]?["name"]?.string == name }
            .sorted { ($0["metadata"]?["name"]?.string ?? "") < ($1["metadata"]?["name"]?.string ?? "") }
            .map {
                "\($0["type"]?.string ?? "") \($0["reason"]?.string ?? "") \($0["message"]?.string ?? "")"
            }
    }
}
