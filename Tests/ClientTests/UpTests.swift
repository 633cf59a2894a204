import Foundation
import Testing

/// `aegis up --nodes hollow` as a person uses it, and kubectl on what it runs.
@Suite(.clients) struct UpTests {
    private static let specification = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent(
            "AegisPlatformTests/Fixtures/AEG-OPS-20250917-1.0.md"
        ).path

    @Test func theSpecificationRunsOnceItsSecretsAreThere() throws {
        let platform = try Platform([Self.specification])
        // What the document leaves out is said, not hidden.
        try platform.wait(for: "secret \"aegis-secrets\" not found")
        let space = ["-n", "aegis-production"]
        func kubectl(_ line: String) throws -> String {
            try platform.kubectl(line, after: space)
        }
        #expect(try kubectl("get nodes -o name").split(separator: "\n").count == 8)
        _ = try kubectl("create secret generic aegis-secrets --from-literal=database-url=postgres://db")
        _ = try kubectl(
            "create secret generic postgres-secret --from-literal=username=u --from-literal=password=p")
        try platform.wait(for: "everything is ready")

        #expect(try kubectl("rollout status deploy/aegis-api").contains("successfully rolled out"))
        #expect(try kubectl("rollout status sts/postgres").contains("roll"))
        _ = try kubectl("set image deploy/aegis-api aegis-api=aegis/api:2")
        #expect(try kubectl("rollout status deploy/aegis-api --timeout=60s").contains("successfully"))
        #expect(try kubectl("rollout history deploy/aegis-api").contains("2 "))
        #expect(try kubectl("rollout undo deploy/aegis-api").contains("rolled back"))
        #expect(try kubectl("rollout status deploy/aegis-api --timeout=60s").contains("successfully"))
        #expect(
            try kubectl("get deploy aegis-api -o jsonpath={.spec.template.spec.containers[0].image}")
                == "aegis/api:latest")
        _ = try kubectl("rollout pause deploy/redis")
        _ = try kubectl("set image deploy/redis redis=redis:8")
        #expect(
            try kubectl("get rs -l app=redis -o name").split(separator: "\n").count == 1,
            "a paused Deployment makes no new ReplicaSet")
        _ = try kubectl("rollout resume deploy/redis")
        #expect(try kubectl("rollout status deploy/redis --timeout=60s").contains("successfully"))
        _ = try kubectl("rollout restart deploy/redis")
        #expect(try kubectl("rollout status deploy/redis --timeout=60s").contains("successfully"))

        _ = try kubectl("scale deploy/aegis-api --replicas=5")
        _ = try kubectl(
            "wait deploy/aegis-api --for=jsonpath={.status.readyReplicas}=5 --timeout=60s")
        let endpoints = try kubectl(
            "get endpointslices -l kubernetes.io/service-name=aegis-api-service -o jsonpath={.items[*].endpoints[*].addresses[0]}"
        )
        #expect(endpoints.split(separator: " ").count == 5)

        // A node that is emptied: its pods go elsewhere.
        let node = try kubectl("get pods -l app=redis -o jsonpath={.items[0].spec.nodeName}")
        _ = try kubectl("drain \(node) --ignore-daemonsets --delete-emptydir-data --force --timeout=60s")
        #expect(try kubectl("get node \(node) -o jsonpath={.spec.unschedulable}") == "true")
        _ = try kubectl("wait deploy/redis --for=condition=Available --timeout=60s")
        #expect(
            try kubectl("get pods -A --field-selector spec.nodeName=\(node),status.phase=Running -o name")
                .isEmpty)
        _ = try kubectl("uncordon \(node)")
        _ = try kubectl("taint nodes \(node) keep=out:NoExecute")
        _ = try kubectl("taint nodes \(node) keep-")

        _ = try kubectl("delete deploy/redis --cascade=orphan")
        #expect(try kubectl("get rs -l app=redis -o name").split(separator: "\n").count >= 1)
        _ = try kubectl("delete deploy/aegis-api --cascade=foreground --timeout=60s")
        #expect(try kubectl("get pods -l app=aegis-api -o name").isEmpty)
        #expect(platform.stop() == 0)
    }

    @Test func aMistakeIsNamedAndNothingIsApplied() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            "aegis-\(UUID().uuidString).yaml")
        try """
        apiVersion: v1
        kind: Namespace
        metadata: {name: there}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: there}
        spec:
          replicas: -1
          selector: {matchLabels: {a: b}}
          template:
            metadata: {labels: {a: c}}
            spec:
              containers:
              - name: c
        """.write(to: file, atomically: true, encoding: .utf8)
        guard let programs = Programs.environment else { throw Failed(description: "no programs") }
        let directory = file.path + ".data"
        defer {
            try? FileManager.default.removeItem(at: file)
            try? FileManager.default.removeItem(atPath: directory)
        }
        let outcome = try run(
            programs.aegis,
            ["up", "--nodes", "hollow", "--data-dir", directory, "--secure-port", "0", file.path])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("\(file.path):9: Deployment there/web: spec.replicas: "))
        #expect(outcome.errors.contains("nothing was applied"))
    }

    @Test func goesOnInTheBackgroundUntilItIsTakenDown() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            "aegis-\(UUID().uuidString).yaml")
        try """
        apiVersion: v1
        kind: Pod
        metadata: {name: one}
        spec:
          containers:
          - {name: c, image: nginx}
        """.write(to: file, atomically: true, encoding: .utf8)
        guard let programs = Programs.environment else { throw Failed(description: "no programs") }
        let directory = file.path + ".data"
        defer { try? FileManager.default.removeItem(at: file) }
        func aegis(_ arguments: String...) throws -> Int32 {
            try run(programs.aegis, arguments + ["--data-dir", directory]).status
        }
        #expect(try aegis("status") == 3)
        let up = try run(
            programs.aegis,
            [
                "up", "--nodes", "hollow", "--data-dir", directory, "--secure-port", "0", "--detach",
                "--timeout", "60", file.path,
            ])
        #expect(up.status == 0, "\(up.output)\(up.errors)")
        #expect(up.output.contains("in the background"))
        #expect(try aegis("status") == 0)
        #expect(try aegis("down", "--purge") == 0)
        #expect(try aegis("status") == 3)
        #expect(!FileManager.default.fileExists(atPath: directory))
    }

    @Test func aSecondUpBringsWhatIsDifferent() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            "aegis-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        func write(replicas: Int, image: String, value: String) throws {
            try """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: \(replicas)
              selector: {matchLabels: {app: web}}
              template:
                metadata:
                  labels: {app: web}
                  annotations: {hollow.aegis.dev/load-cpu: "400m", hollow.aegis.dev/memory: 32Mi}
                spec:
                  containers:
                  - {name: web, image: "\(image)", resources: {requests: {cpu: 100m, memory: 64Mi}}}
            ---
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: web}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
              minReplicas: 1
              maxReplicas: 4
              metrics:
              - type: Resource
                resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {key: "\(value)"}
            ---
            apiVersion: v1
            kind: LimitRange
            metadata: {name: limits}
            spec: {limits: [{type: Container, max: {cpu: 4000m}}]}
            """.write(to: file, atomically: true, encoding: .utf8)
        }
        try write(replicas: 1, image: "web:1", value: "old")
        let platform = try Platform([file.path])
        defer { _ = platform.stop() }
        // Ready is an autoscaler that knows what it scales by.
        try platform.wait(for: "everything is ready")
        try platform.kubectl("wait deploy/web --for=jsonpath={.status.readyReplicas}=4 --timeout=120s")
        func again() throws -> Outcome {
            try run(
                platform.programs.aegis,
                [
                    "up", "--nodes", "hollow", "--data-dir", platform.directory.path, "--timeout", "60",
                    file.path,
                ])
        }
        // 4000m is stored as 4, which is no difference either.
        func versions() throws -> String {
            try platform.kubectl(
                "get cm/settings limitrange/limits -o jsonpath={.items[*].metadata.resourceVersion}")
        }
        // Nothing is different: nothing is written.
        let before = try versions()
        let same = try again()
        #expect(same.status == 0, "\(same.output)\(same.errors)")
        #expect(same.output.contains("everything is ready"))
        #expect(try versions() == before)

        try write(replicas: 2, image: "web:2", value: "new")
        let other = try again()
        #expect(other.status == 0, "\(other.output)\(other.errors)")
        #expect(try platform.kubectl("get cm settings -o jsonpath={.data.key}") == "new")
        #expect(
            try platform.kubectl("get deploy web -o jsonpath={.spec.template.spec.containers[0].image}")
                == "web:2")
        // The autoscaler's number, and not the one where it began.
        #expect(try platform.kubectl("get deploy web -o jsonpath={.spec.replicas}") == "4")

        try write(replicas: 2, image: "", value: "newer")
        let wrong = try again()
        #expect(wrong.status == 1)
        #expect(wrong.errors.contains("containers[0].image: Required value"), "\(wrong.errors)")
        #expect(wrong.errors.contains("nothing was applied"))
        #expect(try platform.kubectl("get cm settings -o jsonpath={.data.key}") == "new")
    }
}
