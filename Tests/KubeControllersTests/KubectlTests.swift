import Foundation
import Testing

/// `aegis serve` and the real kubectl; run where `scripts/test` has said where both are.
@Suite(.enabled(if: Programs.environment != nil), .serialized)
struct KubectlTests {
    @Test func namespaceGoesWithAllItHas() async throws {
        let cluster = try await Cluster.start(port: 17_800)
        defer { cluster.stop() }
        try cluster.kubectl("create", "namespace", "short")
        try cluster.kubectl("-n", "short", "create", "configmap", "a", "--from-literal=x=y")
        try cluster.kubectl("-n", "short", "create", "deployment", "d", "--image=i")
        try cluster.kubectl("-n", "short", "run", "p", "--image=i", "--restart=Never")
        #expect(try cluster.kubectl("-n", "short", "get", "sa", "-o", "name") == "serviceaccount/default\n")
        // kubectl waits until the namespace is gone.
        try cluster.kubectl("delete", "namespace", "short", "--timeout=10s")
        #expect(try cluster.kubectl("get", "namespaces", "-o", "name").contains("short") == false)
    }

    @Test(arguments: [("background", 0), ("foreground", 0), ("orphan", 1)])
    func cascade(_ policy: String, _ left: Int) async throws {
        let cluster = try await Cluster.start(port: 17_801)
        defer { cluster.stop() }
        try cluster.kubectl("create", "deployment", "web", "--image=i", "--replicas=0")
        let uid = try cluster.kubectl("get", "deployment", "web", "-o", "jsonpath={.metadata.uid}")
        try cluster.kubectl(
            "apply", "-f", "-",
            input: """
                apiVersion: apps/v1
                kind: ReplicaSet
                metadata:
                  name: owned
                  ownerReferences:
                  - {apiVersion: apps/v1, kind: Deployment, name: web, uid: \(uid), blockOwnerDeletion: true}
                spec:
                  replicas: 0
                  selector: {matchLabels: {app: owned}}
                  template:
                    metadata: {labels: {app: owned}}
                    spec: {containers: [{name: c, image: i}]}
                """)
        try cluster.kubectl("delete", "deployment", "web", "--cascade=\(policy)", "--timeout=10s")
        var owned = ""
        for _ in 0..<50 {
            owned = try cluster.kubectl("get", "replicasets", "owned", "--ignore-not-found", "-o", "name")
            if owned.isEmpty == (left == 0) { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(owned.isEmpty == (left == 0))
        #expect(
            try cluster.kubectl(
                "get", "replicasets", "-o", "jsonpath={.items[*].metadata.ownerReferences}") == "")
    }
}

private struct Programs {
    let aegis: String
    let kubectl: String

    static var environment: Programs? {
        let variables = ProcessInfo.processInfo.environment
        guard let aegis = variables["AEGIS_BINARY"], let tools = variables["AEGIS_TOOLS"] else { return nil }
        return Programs(aegis: aegis, kubectl: tools + "/kubectl")
    }
}

/// A server of its own with an empty store.
private final class Cluster {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    private let programs: Programs
    private let server: Process
    private let directory: URL

    static func start(port: Int) async throws -> Cluster {
        guard let programs = Programs.environment else { throw Failed(description: "no programs") }
        let cluster = try Cluster(programs, port: port)
        for _ in 0..<200 {
            if (try? cluster.kubectl("get", "--raw", "/readyz")) == "ok" { return cluster }
            try await Task.sleep(for: .milliseconds(50))
        }
        cluster.stop()
        throw Failed(description: "the server did not become ready")
    }

    private init(_ programs: Programs, port: Int) throws {
        self.programs = programs
        directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("aegis-controllers-\(UUID().uuidString)")
        server = Process()
        server.executableURL = URL(fileURLWithPath: programs.aegis)
        server.arguments = ["serve", "--in-memory", "--data-dir", directory.path, "--secure-port", "\(port)"]
        server.standardOutput = FileHandle.nullDevice
        server.standardError = FileHandle.nullDevice
        try server.run()
    }

    func stop() {
        server.terminate()
        server.waitUntilExit()
        try? FileManager.default.removeItem(at: directory)
    }

    @discardableResult
    func kubectl(_ arguments: String..., input: String? = nil) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: programs.kubectl)
        process.arguments =
            ["--kubeconfig", directory.appendingPathComponent("kubeconfig").path] + arguments
        let output = Pipe()
        let errors = Pipe()
        let given = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = given
        try process.run()
        given.fileHandleForWriting.write(Data((input ?? "").utf8))
        try given.fileHandleForWriting.close()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let complaint = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(
                description: "kubectl \(arguments.joined(separator: " ")): "
                    + String(decoding: complaint, as: UTF8.self))
        }
        return String(decoding: text, as: UTF8.self)
    }
}
