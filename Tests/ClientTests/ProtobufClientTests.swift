import Foundation
import Testing

/// kubectl's typed clients, which are client-go's, ask for protobuf before JSON.
@Suite(.clients)
struct ProtobufClientTests {
    private static let protobuf = "Content-Type: application/vnd.kubernetes.protobuf"

    /// What kubectl prints, and the headers of the answers that it got.
    private func talk(_ cluster: Cluster, _ arguments: String...) throws -> (output: String, headers: String)
    {
        let outcome = try run(
            cluster.programs.tools + "/kubectl",
            ["--kubeconfig", cluster.kubeconfig, "--v=8"] + arguments)
        guard outcome.status == 0 else { throw Failed(description: outcome.output + outcome.errors) }
        let answers = outcome.errors.components(separatedBy: "Response\"").dropFirst()
        return (outcome.output, answers.joined())
    }

    @Test func readsObjectsListsAndReviews() async throws {
        let cluster = try await Cluster.start(["--in-memory", "--controllers", "none"])
        defer { cluster.stop() }
        let created = try talk(
            cluster, "create", "deployment", "web", "--image=nginx:1", "--replicas=3", "--port=8080")
        #expect(created.output == "deployment.apps/web created\n")
        #expect(created.headers.contains(Self.protobuf), "\(created.headers)")
        let described = try talk(cluster, "describe", "deployment", "web")
        #expect(described.headers.contains(Self.protobuf), "\(described.headers)")
        for line in [
            "Image:         nginx:1", "Port:          8080/TCP", "Selector:               app=web",
            "3 desired | 0 updated", "25% max unavailable, 25% max surge",
            "StrategyType:           RollingUpdate",
        ] { #expect(described.output.contains(line), "\(described.output)") }
        #expect(!described.output.contains("1970"))
        let asked = try talk(cluster, "auth", "can-i", "create", "pods")
        #expect(asked.output == "yes\n")
        #expect(asked.headers.contains(Self.protobuf), "\(asked.headers)")
        try cluster.kubectl("create", "serviceaccount", "robot")
        let token = try talk(cluster, "create", "token", "robot")
        #expect(token.output.split(separator: ".").count == 3)
        #expect(try talk(cluster, "auth", "whoami").output.contains("system:masters"))
        #expect(try cluster.refusal("create", "deployment", "web", "--image=x").contains("already exists"))
    }

    @Test func watchesEvents() async throws {
        let cluster = try await Cluster.start(["--in-memory", "--controllers", "none"])
        defer { cluster.stop() }
        func event(_ name: String) throws {
            let text = """
                {"apiVersion":"v1","kind":"Event","metadata":{"name":"NAME","namespace":"default"},"type":"Normal",
                "reason":"Told","message":"of NAME","count":1,"lastTimestamp":"2030-01-02T03:04:05Z",
                "involvedObject":{"apiVersion":"v1","kind":"Pod","name":"p","namespace":"default"}}
                """
            try cluster.kubectl("create", "-f", "-", input: text.replacing("NAME", with: name))
        }
        try event("first")
        let watch = try Background(
            cluster.programs.tools + "/kubectl",
            ["--kubeconfig", cluster.kubeconfig, "--v=8", "events", "--watch"], in: cluster.directory)
        defer { watch.stop() }
        let _: Bool = try poll("the watch has begun") {
            watch.text.contains("watch=true") && watch.text.contains("of first") ? true : nil
        } or: {
            watch.text
        }
        for name in ["second", "third"] {
            try event(name)
            let _: Bool = try poll("\(name) is told") {
                watch.text.contains("of " + name) ? true : nil
            } or: {
                watch.text
            }
        }
        #expect(watch.text.contains(Self.protobuf + ";stream=watch"), "\(watch.text)")
    }
}
