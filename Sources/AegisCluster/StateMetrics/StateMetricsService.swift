import KubeAPI
import KubeNetwork

/// The Service `kube-state-metrics`, as upstream's add-on of that name is found.
enum StateMetricsService {
    static let port = 8080

    /// - Parameter endpoint: where this process answers.
    static func local(at endpoint: IPAddress) -> LocalService {
        LocalService(
            namespace: "kube-system", name: "kube-state-metrics",
            labels: [
                "app.kubernetes.io/component": "exporter", "app.kubernetes.io/name": "kube-state-metrics",
            ],
            clusterIP: "None", endpoint: endpoint, ports: [.init("http-metrics", port, .tcp)])
    }

    static func controller(at endpoint: IPAddress) -> LocalServiceController {
        LocalServiceController(
            local(at: endpoint), name: "state-metrics-controller", alias: "statemetrics",
            account: "kube-state-metrics")
    }

    static func serve(
        _ metrics: StateMetrics, _ volumes: VolumeStats, at endpoint: IPAddress
    ) async throws(HostError) -> StatusServer {
        try await StatusServer(at: DNSEndpoint(endpoint, port: port)) { path in
            switch path {
            case "/metrics":
                StatusServer.Answer(
                    type: "text/plain; version=0.0.4; charset=utf-8", body: metrics.text + volumes.text)
            case "/healthz", "/livez", "/readyz": StatusServer.Answer(body: "ok")
            default: nil
            }
        }
    }
}
