import Foundation
import Testing

/// kubectl's commands over every kind, and those that few people know.
@Suite(.clients)
struct KubectlBreadthTests {
    /// The objects of the recordings, as a stream of documents.
    private func objects() throws -> String {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("KubeServerTests/Golden/defaults.json")
        let steps = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [[String: Any]] ?? []
        var documents: [String] = []
        for step in steps {
            guard let request = step["request"] as? [String: Any], request["method"] as? String == "POST",
                let path = request["path"] as? String, var body = request["body"] as? [String: Any],
                var metadata = body["metadata"] as? [String: Any]
            else { continue }
            if path.contains("/namespaces/golden/") { metadata["namespace"] = "golden" }
            body["metadata"] = metadata
            documents.append(
                String(
                    decoding: try JSONSerialization.data(
                        withJSONObject: body, options: [.withoutEscapingSlashes, .sortedKeys]), as: UTF8.self)
            )
        }
        return documents.joined(separator: "\n---\n")
    }

    @Test func describesEveryKind() async throws {
        let cluster = try await Cluster.start(["--in-memory", "--controllers", "none"])
        defer { cluster.stop() }
        let created = try cluster.kubectl("create", "-f", "-", "-o", "name", input: objects())
        let names = created.split(separator: "\n").map(String.init)
        #expect(names.count > 50)
        for name in names {
            let text = try cluster.kubectl("describe", "-n", "golden", name)
            let last = name.split(separator: "/").last ?? ""
            let title = text.split(separator: "\n").first { $0.hasPrefix("Name:") }
            #expect(title?.split(separator: " ").last == last, "\(name): \(text.prefix(300))")
            #expect(!text.contains("%!"), "\(name): \(text)")
        }
    }

    @Test func appliesAndPrunesASet() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        func apply(_ names: [String]) throws -> String {
            let manifest = names.map {
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \($0), namespace: default}\n"
            }.joined(separator: "---\n")
            let outcome = try run(
                "/usr/bin/env",
                [
                    "KUBECTL_APPLYSET=true", cluster.programs.tools + "/kubectl", "--kubeconfig",
                    cluster.kubeconfig, "apply", "-n", "default", "--prune", "--applyset=mine", "-f", "-",
                ], input: manifest)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return outcome.output
        }
        #expect(try apply(["a", "b"]) == "configmap/a created\nconfigmap/b created\n")
        #expect(try apply(["a"]) == "configmap/a unchanged\nconfigmap/b pruned\n")
        #expect(try cluster.refusal("get", "configmap", "b").contains("not found"))
    }

    @Test func editsWithAnEditor() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        try cluster.kubectl("create", "configmap", "e", "--from-literal=a=before")
        let outcome = try run(
            "/usr/bin/env",
            [
                "KUBE_EDITOR=sed -i s/before/after/", cluster.programs.tools + "/kubectl", "--kubeconfig",
                cluster.kubeconfig, "edit", "configmap", "e",
            ])
        #expect(outcome.output == "configmap/e edited\n", "\(outcome.errors)")
        #expect(try cluster.kubectl("get", "configmap", "e", "-o", "jsonpath={.data.a}") == "after")
    }

    /// kubectl validates a List by itself, from the OpenAPI document in protobuf.
    @Test func createsWhatAListHolds() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let map = #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME"},"data":{"a":"b"}}"#
        let maps = ["one", "two"].map { map.replacing("NAME", with: $0) }.joined(separator: ",")
        let list = #"{"apiVersion":"v1","kind":"List","items":["# + maps + "]}"
        try cluster.kubectl("create", "-f", "-", input: list)
        let all = try cluster.kubectl("get", "configmaps", "one", "two", "-o", "json")
        #expect(try cluster.kubectl("apply", "-f", "-", input: all).contains("configmap/two configured"))
        let wrong = list.replacing("\"data\"", with: "\"dta\"")
        #expect(try cluster.refusal("create", "-f", "-", input: wrong).contains("dta"))
    }

    @Test func explainsEveryResource() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let resources = try cluster.kubectl("api-resources", "-o", "name").split(separator: "\n")
        #expect(resources.count > 50)
        // kubectl takes the group of these names for a field of the core group's kind, whatever the server.
        let ambiguous = ["events.events.k8s.io", "nodes.metrics.k8s.io", "pods.metrics.k8s.io"]
        for resource in resources where !ambiguous.contains(String(resource)) {
            let text = try cluster.kubectl("explain", String(resource), "--recursive")
            #expect(text.contains("KIND:") && text.contains("FIELDS:"), "\(resource): \(text)")
        }
    }
}
