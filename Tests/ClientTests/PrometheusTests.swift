import Foundation
import KubeClient
import KubeJSON
import TestServers
import Testing

extension Trait where Self == ConditionTrait {
    static var prometheus: Self {
        .enabled("AEGIS_PROMETHEUS_BINARY is not set, or Prometheus is not installed: run scripts/test") {
            Programs.environment != nil
                && ProcessInfo.processInfo.environment["AEGIS_PROMETHEUS_BINARY"] != nil
                && FileManager.default.isExecutableFile(atPath: PrometheusTests.prometheus)
        }
    }
}

/// Debian's Prometheus, which knows nothing of Kubernetes, with discovery beside it.
@Suite(.prometheus) struct PrometheusTests {
    /// Debian's, unpacked by scripts/bootstrap.
    static let prometheus = (ProcessInfo.processInfo.environment["AEGIS_TOOLS"] ?? "") + "/prometheus"
    static let program = ProcessInfo.processInfo.environment["AEGIS_PROMETHEUS_BINARY"]

    private static let shop = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent(
            "Fixtures/shop.yaml"
        ).path

    @Test(.timeLimit(.minutes(3))) func findsWhatThereIs() async throws {
        let platform = try Platform([Self.shop])
        defer { _ = platform.stop() }
        try platform.wait(for: "everything is ready")
        let folder = platform.directory.appendingPathComponent("prometheus")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let configuration = folder.appendingPathComponent("prometheus.yml")
        func configure(_ roles: [String]) throws {
            var text = "global: {scrape_interval: 1h}\nscrape_configs:\n"
            for role in roles {
                text +=
                    "- job_name: \(role)\n  kubernetes_sd_configs:\n  - role: \(role)\n"
                    + "    kubeconfig_file: ../kubeconfig\n"
                if role == "pod" {
                    text += "    namespaces: {names: [shop]}\n    attach_metadata: {node: true}\n"
                    text += "  relabel_configs:\n"
                    text +=
                        "  - {source_labels: [__meta_kubernetes_pod_label_app], action: keep, regex: web}\n"
                }
            }
            try text.write(to: configuration, atomically: true, encoding: .utf8)
        }
        try configure(["node", "pod", "service", "endpoints"])
        let port = try freePort()
        let server = try ServerProcess(
            try #require(Self.program),
            [
                "--config.file=" + configuration.path, "--web.listen-address=127.0.0.1:\(port)",
                "--storage.tsdb.path=" + folder.appendingPathComponent("data").path,
            ],
            environment: [
                "TMPDIR": folder.path, "PATH": "/usr/bin:/bin", "PROMETHEUS": Self.prometheus,
            ],
            log: folder.appendingPathComponent("log"))
        defer { server.stop() }
        let transport = try HTTPTransport(try ClientConfiguration(server: "http://127.0.0.1:\(port)"))

        func targets(_ job: String) async throws -> [[String: String]] {
            let response = try await transport.send(
                TransportRequest(.get, "/api/v1/targets?state=active", timeout: 10))
            var bytes: [UInt8] = []
            for try await part in response.body { bytes += part }
            let active = try JSONParser.parse(bytes).at("data", "activeTargets")?.array ?? []
            return active.filter { $0.at("labels", "job")?.string == job }.map { target in
                Dictionary(
                    uniqueKeysWithValues: (target["discoveredLabels"]?.object ?? [:]).map {
                        ($0.key, $0.value.string ?? "")
                    })
            }
        }
        func wait(_ job: String, _ words: String, until isRight: ([[String: String]]) -> Bool) async throws
            -> [[String: String]]
        {
            let end = Date().addingTimeInterval(40)
            var last: [[String: String]] = []
            while Date() < end {
                last = (try? await targets(job)) ?? []
                if isRight(last) { return last }
                try await Task.sleep(for: .milliseconds(200))
            }
            throw Failed(
                description: "\(job): \(last.count) targets, not \(words)\n\(server.text.suffix(4_000))")
        }
        func wait(_ job: String, _ count: Int) async throws -> [[String: String]] {
            try await wait(job, "\(count)") { $0.count == count }
        }
        let meta = "__meta_kubernetes_"
        let nodes = try platform.kubectl("get nodes -o name").split(separator: "\n")
        #expect(
            Set(try await wait("node", nodes.count).compactMap { $0[meta + "node_name"] })
                == Set(nodes.map { String($0.dropFirst(5)) }))
        let pods = try await wait("pod", 2)
        for pod in pods {
            #expect(pod[meta + "namespace"] == "shop")
            #expect(pod[meta + "pod_ready"] == "true")
            #expect(pod[meta + "pod_container_port_name"] == "http")
            #expect(pod[meta + "pod_annotation_prometheus_io_scrape"] == "true")
            #expect(pod["__address__"] == (pod[meta + "pod_ip"] ?? "") + ":8080")
            #expect(pod[meta + "node_name"] == pod[meta + "pod_node_name"])
        }
        // What changes is found, and what goes is gone.
        try platform.kubectl("scale deploy/web --replicas=5 -n shop")
        _ = try await wait("pod", 5)
        try platform.kubectl("scale deploy/web --replicas=1 -n shop")
        _ = try await wait("pod", 1)
        // Another configuration, by signal.
        try configure(["node", "endpointslice"])
        kill(server.processIdentifier, SIGHUP)
        _ = try await wait("pod", 0)
        _ = try await wait("endpointslice", "those of the shop") { targets in
            targets.contains { $0[meta + "endpointslice_name"]?.hasPrefix("web-") == true }
        }
        await transport.shutdown()
        #expect(server.stop() == 0)
        #expect(
            !FileManager.default.fileExists(
                atPath: folder.appendingPathComponent("aegis-prometheus-\(server.processIdentifier)").path))
    }
}
