import KubeClient
import KubeJSON
import Testing

@testable import PrometheusDiscovery

@Suite struct PlanTests {
    private func plan(_ text: String) throws -> DiscoveryPlan {
        try DiscoveryPlan(text, directory: "/etc/prometheus", targets: "/run/t")
    }

    @Test func theDocumentsConfiguration() throws {
        let plan = try plan(
            """
            global:
              scrape_interval: 15s
            scrape_configs:
            - job_name: 'aegis-api'
              kubernetes_sd_configs:
              - role: pod
                namespaces:
                  names:
                  - aegis-production
              relabel_configs:
              - source_labels: [__meta_kubernetes_pod_label_app]
                action: keep
                regex: aegis-api
            """)
        #expect(
            plan.jobs == [DiscoveryJob(role: .pod, namespaces: ["aegis-production"], file: "/run/t/0.json")])
        let job = plan.configuration["scrape_configs"]?[0]
        #expect(job?["kubernetes_sd_configs"] == nil)
        #expect(job?["file_sd_configs"]?[0]?["files"] == ["/run/t/0.json"])
        #expect(job?["relabel_configs"]?[0]?["regex"] == "aegis-api")
        #expect(plan.configuration.at("global", "scrape_interval") == "15s")
    }

    @Test func pathsStayWhereTheyWere() throws {
        let plan = try plan(
            """
            rule_files: [rules.yml, /abs/rules.yml]
            alerting:
              alertmanagers:
              - kubernetes_sd_configs: [{role: service}]
                tls_config: {ca_file: ca.crt}
            scrape_configs:
            - job_name: a
              file_sd_configs: [{files: [more.json]}]
              kubernetes_sd_configs:
              - role: endpointslice
                api_server: https://host:6443
                authorization: {credentials_file: token}
                tls_config: {ca_file: /ca}
                attach_metadata: {node: true}
                namespaces: {own_namespace: true}
                selectors: [{role: pod, label: app=web}, {role: service, field: metadata.name=x}]
              - {role: node, kubeconfig_file: config}
            """)
        #expect(plan.configuration["rule_files"] == ["/etc/prometheus/rules.yml", "/abs/rules.yml"])
        let manager = plan.configuration.at("alerting", "alertmanagers")?[0]
        #expect(manager?.at("tls_config", "ca_file") == "/etc/prometheus/ca.crt")
        #expect(plan.jobs.map(\.role) == [.service, .endpointslice, .node])
        let files = plan.configuration["scrape_configs"]?[0]?["file_sd_configs"]?.array ?? []
        #expect(
            files.compactMap { $0["files"]?[0]?.string } == [
                "/etc/prometheus/more.json", "/run/t/1.json", "/run/t/2.json",
            ])
        let job = plan.jobs[1]
        #expect(job.attachesNode && job.includesOwnNamespace)
        #expect(job.selections[.pod] == Selection(labels: "app=web"))
        #expect(job.selections[.service] == Selection(fields: "metadata.name=x"))
        #expect(job.roles == [.endpointslice, .service, .pod, .node])
        #expect(
            job.access
                == .server(
                    "https://host:6443", tokenFile: "/etc/prometheus/token", token: nil, authorityFile: "/ca",
                    isInsecure: false))
        #expect(plan.jobs[2].access == .kubeconfig("/etc/prometheus/config"))
    }

    @Test func whatIsNotSupportedIsSaid() {
        for wrong in [
            "{role: ingress}", "{role: pod, proxy_url: x}",
            "{role: pod, selectors: [{role: node, label: a}]}",
            "{namespaces: {}}",
        ] {
            #expect(throws: ConfigurationError.self, "\(wrong)") {
                try plan("scrape_configs: [{job_name: a, kubernetes_sd_configs: [\(wrong)]}]")
            }
        }
        #expect(throws: ConfigurationError.self) { try plan("[]") }
        #expect(throws: ConfigurationError.self) { try plan("a: [") }
    }

    @Test func filesHaveEveryLabel() {
        let group = TargetGroup(labels: ["a": "1", "b": "2"], targets: [["__address__": "h:1", "b": "3"]])
        #expect(
            TargetGroup.document([group]) == [["targets": ["h:1"], "labels": ["a": "1", "b": "3"]]])
    }
}
