import Foundation
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Prometheus' `kubernetes_sd_configs` find what there is to scrape. Debian builds Prometheus without them;
/// VictoriaMetrics reads the same configuration and names the same labels.
@Suite(.clients, .serialized)
struct ServiceDiscoveryTests {
    private let shop = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/shop.yaml").path

    /// A running scraper, and what it has discovered.
    private final class Scraper {
        typealias Labels = [String: String]
        let program: Background
        private let port: Int

        init(_ platform: Platform, configuration: String) throws {
            let folder = platform.directory
            let file = folder.appendingPathComponent("scrape.yml")
            try configuration.write(to: file, atomically: true, encoding: .utf8)
            port = try freePort()
            program = try Background(
                platform.programs.tools + "/victoria-metrics",
                [
                    "-promscrape.config=\(file.path)", "-httpListenAddr=127.0.0.1:\(port)",
                    "-storageDataPath=\(folder.path)/measured", "-promscrape.kubernetesSDCheckInterval=1s",
                    "-promscrape.suppressScrapeErrors",
                ], in: folder)
        }

        /// The labels of all targets of a job, before any relabelling.
        func targets(_ job: String) throws -> [Labels] {
            guard
                let url = URL(string: "http://127.0.0.1:\(port)/api/v1/targets?state=active"),
                // It does not answer yet.
                let data = try? Data(contentsOf: url)
            else { return [] }
            let answer = try JSONSerialization.jsonObject(with: data) as? [String: Any]
            let targets = (answer?["data"] as? [String: Any])?["activeTargets"] as? [[String: Any]] ?? []
            return targets.filter { $0["scrapePool"] as? String == job }
                .compactMap { $0["discoveredLabels"] as? Labels }
        }

        /// Waits until a job has this many targets that are wanted.
        func wait(
            _ job: String, _ count: Int, where isWanted: (Labels) -> Bool = { _ in true }
        ) throws -> [Labels] {
            var last: [Labels] = []
            return try poll("\(count) targets of \(job)", within: 40) {
                guard program.isRunning else { throw Failed(description: program.text) }
                last = try targets(job).filter(isWanted)
                return last.count == count ? last : nil
            } or: {
                "\(last)\n\(program.text.suffix(4_000))"
            }
        }
    }

    @Test(.timeLimit(.minutes(4))) func discoversEveryRole() throws {
        let platform = try Platform([shop])
        defer { _ = platform.stop() }
        try platform.wait(for: "everything is ready")
        // In a cluster it runs as an account that may look and nothing else.
        try platform.kubectl("create serviceaccount prometheus -n shop")
        try platform.kubectl(
            "create clusterrole prometheus --verb=get,list,watch --resource=nodes,pods,services,endpoints,endpointslices.discovery.k8s.io,ingresses.networking.k8s.io"
        )
        try platform.kubectl(
            "create clusterrolebinding prometheus --clusterrole=prometheus --serviceaccount=shop:prometheus")
        let token = platform.directory.appendingPathComponent("token").path
        try platform.kubectl("create token prometheus -n shop").write(
            toFile: token, atomically: true, encoding: .utf8)
        let view = "config view --raw -o jsonpath="
        let address = try platform.kubectl(view + "{.clusters[0].cluster.server}")
        let authority = platform.directory.appendingPathComponent("authority.pem")
        let encoded = try platform.kubectl(view + "{.clusters[0].cluster.certificate-authority-data}")
        try #require(Data(base64Encoded: encoded)).write(to: authority)

        let byToken = """
            api_server: \(address)
                authorization: {credentials_file: \(token)}
                tls_config: {ca_file: \(authority.path)}
            """
        let byFile = "kubeconfig_file: \(platform.kubeconfig)"
        // Nothing listens on hollow pods: what matters is who is found, not what they answer.
        var configuration = "global: {scrape_interval: 1h}\nscrape_configs:\n"
        for (job, role, access) in [
            ("node", "node", byToken), ("pod", "pod", byToken), ("service", "service", byToken),
            ("endpoints", "endpoints", byToken), ("endpointslice", "endpointslice", byToken),
            ("ingress", "ingress", byToken), ("pod-of-shop", "pod", byFile), ("node-by-file", "node", byFile),
        ] {
            configuration +=
                "- job_name: \(job)\n  kubernetes_sd_configs:\n  - role: \(role)\n    \(access)\n"
            if job == "pod-of-shop" {
                configuration += "    namespaces: {names: [shop]}\n    attach_metadata: {node: true}\n"
                configuration += "    selectors: [{role: pod, label: app=web}]\n"
            }
        }
        let scraper = try Scraper(platform, configuration: configuration)
        defer { scraper.program.stop() }
        let meta = "__meta_kubernetes_"

        let nodes = try platform.kubectl("get nodes -o name").split(separator: "\n")
        for job in ["node", "node-by-file"] {
            let found = try scraper.wait(job, nodes.count)
            let names = Set(found.compactMap { $0[meta + "node_name"] })
            #expect(names == Set(nodes.map { String($0.dropFirst(5)) }))
            for node in found {
                let internalAddress = try #require(node[meta + "node_address_InternalIP"])
                #expect(node["__address__"]?.hasPrefix(internalAddress + ":") == true)
                #expect(node[meta + "node_label_kubernetes_io_os"] == "linux")
            }
        }

        let isWeb = { (labels: [String: String]) in labels[meta + "pod_label_app"] == "web" }
        let pods = try scraper.wait("pod", 2, where: isWeb)
        for pod in pods {
            #expect(pod[meta + "namespace"] == "shop")
            #expect(pod[meta + "pod_phase"] == "Running")
            #expect(pod[meta + "pod_ready"] == "true")
            #expect(pod[meta + "pod_controller_kind"] == "ReplicaSet")
            #expect(pod[meta + "pod_container_name"] == "web")
            #expect(pod[meta + "pod_container_port_name"] == "http")
            #expect(pod[meta + "pod_annotation_prometheus_io_scrape"] == "true")
            let address = try #require(pod[meta + "pod_ip"])
            #expect(pod["__address__"] == address + ":8080")
        }
        let names = Set(pods.compactMap { $0[meta + "pod_name"] })
        let attached = try scraper.wait("pod-of-shop", 2)
        #expect(Set(attached.compactMap { $0[meta + "pod_name"] }) == names)
        for pod in attached {
            #expect(pod[meta + "node_name"] == pod[meta + "pod_node_name"])
            #expect(pod[meta + "node_labelpresent_kubernetes_io_hostname"] == "true")
        }

        let isOfShop = { (labels: [String: String]) in labels[meta + "namespace"] == "shop" }
        let service = try #require(try scraper.wait("service", 1, where: isOfShop).first)
        #expect(service["__address__"] == "web.shop.svc:80")
        #expect(service[meta + "service_port_name"] == "http")
        #expect(service[meta + "service_type"] == "ClusterIP")
        #expect(
            try service[meta + "service_cluster_ip"]
                == platform.kubectl("get svc web -n shop -o jsonpath={.spec.clusterIP}"))

        for endpoint in try scraper.wait("endpoints", 2, where: isOfShop) {
            #expect(endpoint[meta + "endpoint_ready"] == "true")
            #expect(endpoint[meta + "endpoint_port_name"] == "http")
            #expect(endpoint[meta + "service_name"] == "web")
            #expect(names.contains(endpoint[meta + "endpoint_address_target_name"] ?? ""))
            #expect(endpoint[meta + "pod_label_app"] == "web")
        }
        for endpoint in try scraper.wait("endpointslice", 2, where: isOfShop) {
            #expect(endpoint[meta + "endpointslice_endpoint_conditions_ready"] == "true")
            #expect(endpoint[meta + "endpointslice_address_type"] == "IPv4")
            #expect(endpoint[meta + "endpointslice_port"] == "8080")
            #expect(names.contains(endpoint[meta + "endpointslice_address_target_name"] ?? ""))
        }
        // The API itself is among the endpoints.
        let api = try scraper.wait("endpoints", 1) { $0[meta + "namespace"] == "default" }
        // The loopback address, where this one listens, can be no endpoint.
        #expect(api.first?["__address__"]?.split(separator: ":").last == address.split(separator: ":").last)
        #expect(api.first?[meta + "endpoint_port_name"] == "https")

        let ingress = try #require(try scraper.wait("ingress", 1).first)
        #expect(ingress[meta + "ingress_name"] == "entrance")
        #expect(ingress[meta + "ingress_host"] == "shop.example.com")
        #expect(ingress[meta + "ingress_path"] == "/goods")
        #expect(ingress[meta + "ingress_scheme"] == "http")

        // It follows what changes.
        try platform.kubectl("scale deploy/web -n shop --replicas=3")
        try platform.kubectl("delete ingress entrance -n shop")
        _ = try scraper.wait("pod", 3, where: isWeb)
        _ = try scraper.wait("endpointslice", 3, where: isOfShop)
        _ = try scraper.wait("ingress", 0)
        let wrong = scraper.program.text.split(separator: "\n").filter { $0.contains("discovery/kubernetes") }
            .filter { $0.contains("\terror\t") || $0.contains("\twarn\t") }
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(scraper.program.stop() == 0)
    }
}
