import Foundation
import KubeClient
import KubeJSON
import TestServers
import Testing

extension Trait where Self == ConditionTrait {
    /// Tests of the release API run where its program, PostgreSQL and Redis are.
    static var releaseAPI: Self {
        .enabled("AEGIS_API_BINARY is not set, or PostgreSQL or Redis is not installed: run scripts/test") {
            ReleaseReplica.program != nil && PostgresServer.isInstalled && RedisServer.isInstalled
                && Programs.environment != nil
        }
    }
}

/// A replica of the release API.
final class ReleaseReplica: Sendable {
    static let program = ProcessInfo.processInfo.environment["AEGIS_API_BINARY"]

    let process: ServerProcess
    let port: Int
    private let transport: HTTPTransport

    init(_ settings: [String: String], in directory: URL) throws {
        guard let program = Self.program else { throw Failed(description: "no aegis-api") }
        var environment = ["PORT": "0", "HOST": "127.0.0.1", "DRAIN_SECONDS": "0.5", "PATH": "/usr/bin:/bin"]
        environment.merge(settings) { $1 }
        let process = try ServerProcess(
            program, [], environment: environment,
            log: directory.appendingPathComponent("api-\(UUID().uuidString).log"))
        self.process = process
        port = try poll("aegis-api listens", within: 20) {
            if !process.isRunning {
                throw Failed(description: "aegis-api ended: \(process.text.suffix(3_000))")
            }
            for line in process.text.split(separator: "\n") {
                if let value = try? JSONParser.parse(String(line)), value["message"] == "listening" {
                    return value["port"]?.int
                }
            }
            return nil
        }
        transport = try HTTPTransport(try ClientConfiguration(server: "http://127.0.0.1:\(port)"))
    }

    /// What it said, but for the requests.
    var text: String {
        process.text.split(separator: "\n").filter { !$0.contains("\"message\":\"request\"") }
            .joined(separator: "\n")
    }

    struct Answer: Sendable {
        let status: Int
        let body: JSON
        let text: String

        subscript(key: String) -> JSON? { body[key] }
    }

    func ask(
        _ method: TransportRequest.Method, _ target: String, as token: String? = nil, _ body: JSON? = nil,
        key: String? = nil
    ) async throws -> Answer {
        var headers: [(name: String, value: String)] = []
        if let token { headers.append(("Authorization", "Bearer " + token)) }
        if let key { headers.append(("Idempotency-Key", key)) }
        if body != nil { headers.append(("Content-Type", "application/json")) }
        let response = try await transport.send(
            TransportRequest(
                method, target, headers: headers, body: body.map { JSONWriter.bytes($0) }, timeout: 30))
        var bytes: [UInt8] = []
        for try await part in response.body { bytes += part }
        return Answer(
            status: response.status, body: (try? JSONParser.parse(bytes)) ?? .null,
            text: String(decoding: bytes, as: UTF8.self))
    }

    /// Event streams: what comes until it is enough, or time is over.
    /// - Parameter onOpen: called once or twice: when the stream has begun, which misses nothing that happens after, and
    ///   when it has ended.
    func events(
        as token: String, query: String = "", onOpen: @Sendable () -> Void = {},
        until isEnough: @Sendable ([JSON]) -> Bool
    ) async throws -> [JSON] {
        defer { onOpen() }
        let response = try await transport.send(
            TransportRequest(
                .get, "/v1/events" + query, headers: [("Authorization", "Bearer " + token)], timeout: 60))
        guard response.status == 200 else { throw Failed(description: "events: \(response.status)") }
        onOpen()
        var found: [JSON] = []
        var text = ""
        for try await part in response.body {
            text += String(decoding: part, as: UTF8.self)
            while let end = text.range(of: "\n\n") {
                let block = text[..<end.lowerBound]
                for line in block.split(separator: "\n") where line.hasPrefix("data: ") {
                    found.append(try JSONParser.parse(String(line.dropFirst(6))))
                }
                text = String(text[end.upperBound...])
            }
            if isEnough(found) { return found }
        }
        return found
    }

    /// Waits until a release has taken a step.
    func step(_ kind: String, of id: String, as token: String) async throws {
        let steps = try await events(as: token, query: "?after=0&release=\(id)") { events in
            events.contains { $0["kind"]?.string == kind }
        }
        guard steps.contains(where: { $0["kind"]?.string == kind }) else {
            throw Failed(description: "release \(id) took no step \(kind): \(steps)")
        }
    }

    func ready(within seconds: Double = 60) async throws {
        let end = Date().addingTimeInterval(seconds)
        var last: Answer?
        while Date() < end {
            last = try? await ask(.get, "/ready")
            if last?.status == 200 { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Failed(description: "never ready: \(last?.text ?? "")\n\(text.suffix(3_000))")
    }

    /// The release once it has ended.
    func end(of id: String, as token: String, within seconds: Double = 90) async throws -> JSON {
        let end = Date().addingTimeInterval(seconds)
        var last: Answer?
        while Date() < end {
            last = try? await ask(.get, "/v1/releases/" + id, as: token)
            if last?["active"] == false { return last?.body ?? .null }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Failed(description: "release \(id) did not end: \(last?.text ?? "")\n\(text.suffix(3_000))")
    }

    func stop() async {
        process.stop()
        await transport.shutdown()
    }

    /// As a power cut would end it.
    func kill() async {
        process.stop(signal: SIGKILL)
        await transport.shutdown()
    }
}

/// A cluster with hollow nodes and a shop in it, and accounts that may different things.
final class Shop {
    let platform: Platform
    let directory: URL
    /// What the release API itself has: the document's Role, and leave to ask who somebody is.
    let serviceKubeconfig: String
    let deployer: String
    let viewer: String
    let stranger: String

    private static let manifest = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          replicas: 3
          selector: {matchLabels: {app: web}}
          template:
            metadata:
              labels: {app: web}
              annotations: {hollow.aegis.dev/ready-after: "1"}
            spec:
              containers:
              - name: web
                image: "web:1"
                readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: fast, namespace: shop}
        spec:
          selector: {matchLabels: {app: fast}}
          template:
            metadata: {labels: {app: fast}}
            spec:
              containers:
              - {name: one, image: "one:1"}
              - {name: two, image: "two:1"}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: scaled, namespace: shop}
        spec:
          selector: {matchLabels: {app: scaled}}
          template:
            metadata: {labels: {app: scaled}}
            spec:
              containers:
              - {name: scaled, image: "scaled:1", resources: {requests: {cpu: 100m}}}
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: scaled, namespace: shop}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: scaled}
          minReplicas: 1
          maxReplicas: 5
          metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: aegis-role, namespace: shop}
        rules:
        - apiGroups: [""]
          resources: [pods, services, configmaps, secrets]
          verbs: [get, list, watch, create, update, patch, delete]
        - apiGroups: [apps]
          resources: [deployments, replicasets]
          verbs: [get, list, watch, create, update, patch, delete]
        ---
        # Pods of an image whose name begins with "broken" crash soon after they begin.
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingAdmissionPolicy
        metadata: {name: broken}
        spec:
          matchConstraints:
            resourceRules:
            - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
          matchConditions:
          - {name: image, expression: "object.spec.containers.exists(c, c.image.startsWith('broken'))"}
          failurePolicy: Fail
          reinvocationPolicy: Never
          mutations:
          - patchType: ApplyConfiguration
            applyConfiguration:
              expression: 'Object{metadata: Object.metadata{annotations: {"hollow.aegis.dev/exit-after": "0.3,1"}}}'
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingAdmissionPolicyBinding
        metadata: {name: broken}
        spec: {policyName: broken}
        ---
        # Pods of an image whose name begins with "stuck" run and never become ready.
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingAdmissionPolicy
        metadata: {name: stuck}
        spec:
          matchConstraints:
            resourceRules:
            - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
          matchConditions:
          - {name: image, expression: "object.spec.containers.exists(c, c.image.startsWith('stuck'))"}
          failurePolicy: Fail
          reinvocationPolicy: Never
          mutations:
          - patchType: ApplyConfiguration
            applyConfiguration:
              expression: 'Object{metadata: Object.metadata{annotations: {"hollow.aegis.dev/ready-after": "3600"}}}'
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingAdmissionPolicyBinding
        metadata: {name: stuck}
        spec: {policyName: stuck}
        """

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "aegis-shop-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let file = directory.appendingPathComponent("shop.yaml")
        try Self.manifest.write(to: file, atomically: true, encoding: .utf8)
        let platform = try Platform([file.path])
        self.platform = platform
        try platform.wait(for: "everything is ready")
        func account(_ name: String, _ bindings: String...) throws -> String {
            try platform.kubectl("create serviceaccount \(name)", after: ["-n", "shop"])
            for binding in bindings {
                try platform.kubectl(
                    "create rolebinding \(name) \(binding) --serviceaccount=shop:\(name)",
                    after: ["-n", "shop"])
            }
            let token = try platform.kubectl("create token \(name)", after: ["-n", "shop"])
            return token.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        deployer = try account("deployer", "--clusterrole=edit")
        viewer = try account("viewer", "--clusterrole=view")
        stranger = try account("stranger")
        let own = try account("aegis-api", "--role=aegis-role")
        try platform.kubectl(
            "create clusterrolebinding aegis-api --clusterrole=system:auth-delegator --serviceaccount=shop:aegis-api"
        )
        var config = try JSONParser.parse(try platform.kubectl("config view --raw -o json"))
        let name = config["users"]?[0]?["name"] ?? ""
        config["users"] = [["name": name, "user": ["token": .string(own)]]]
        serviceKubeconfig = directory.appendingPathComponent("service.json").path
        try JSONWriter.string(config).write(toFile: serviceKubeconfig, atomically: true, encoding: .utf8)
    }

    func replica(_ settings: [String: String] = [:]) throws -> ReleaseReplica {
        let fixed = [
            "KUBECONFIG": serviceKubeconfig, "NAMESPACE": "shop", "DATA_DIR": directory.path,
            "LEASE_SECONDS": "5",
            "RATE_LIMIT": "0",
        ]
        return try ReleaseReplica(fixed.merging(settings) { $1 }, in: directory)
    }

    func image(_ workload: String) throws -> String {
        try platform.kubectl(
            "get deploy \(workload) -o jsonpath={.spec.template.spec.containers[0].image}",
            after: ["-n", "shop"])
    }

    /// How often the template was changed.
    func revision(_ workload: String) throws -> Int? {
        Int(
            try platform.kubectl(
                "get deploy \(workload) -o jsonpath={.metadata.generation}", after: ["-n", "shop"]))
    }

    func stop() {
        _ = platform.stop()
        try? FileManager.default.removeItem(at: directory)
    }
}
