import NIOConcurrencyHelpers

/// What the service counts, in Prometheus' text form.
public final class ServiceFigures: Sendable {
    private struct Histogram {
        var counts: [Int]
        var sum = 0.0
        var total = 0
    }

    private struct RouteKey: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    private struct KubernetesKey: Hashable {
        let verb: String
        let code: String
    }

    private struct State {
        var requests: [RouteKey: Int] = [:]
        var durations: [RouteKey: Histogram] = [:]
        var outcomes: [String: Int] = [:]
        var kubernetes: [KubernetesKey: Int] = [:]
        var active = 0
        var streams = 0
        var limited = 0
    }

    static let bounds = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    private let state = NIOLockedValueBox(State())

    public init() {
        state.withLockedValue { state in
            // Outcomes are there from the start, so that a rate over the first failure is not lost.
            for outcome in ReleaseState.allCases where !outcome.isActive {
                state.outcomes[outcome.rawValue] = 0
            }
        }
    }

    /// - Parameter seconds: from the request's head to the answer's.
    func request(route: String, method: String, status: Int, seconds: Double) {
        state.withLockedValue { state in
            state.requests[RouteKey(route: route, method: method, status: status), default: 0] += 1
            let key = RouteKey(route: route, method: method, status: 0)
            var histogram =
                state.durations[key] ?? Histogram(counts: Array(repeating: 0, count: Self.bounds.count))
            if let bucket = Self.bounds.firstIndex(where: { seconds <= $0 }) { histogram.counts[bucket] += 1 }
            histogram.sum += seconds
            histogram.total += 1
            state.durations[key] = histogram
        }
    }

    func finished(_ outcome: ReleaseState) {
        state.withLockedValue { $0.outcomes[outcome.rawValue, default: 0] += 1 }
    }

    func kubernetes(verb: String, code: Int?) {
        let key = KubernetesKey(verb: verb, code: code.map(String.init) ?? "none")
        state.withLockedValue { $0.kubernetes[key, default: 0] += 1 }
    }

    func active(_ count: Int) { state.withLockedValue { $0.active = count } }
    func streams(_ change: Int) { state.withLockedValue { $0.streams += change } }
    func limited() { state.withLockedValue { $0.limited += 1 } }

    /// - Parameter redis: nil when none is configured.
    func text(pool: DatabasePool.Figures, redis: Bool?, isReady: Bool) -> String {
        let state = state.withLockedValue { $0 }
        var text = ""
        func metric(
            _ name: String, _ kind: String, _ help: String, _ samples: [(labels: String, value: String)]
        ) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
            for sample in samples { text += "\(name)\(sample.labels) \(sample.value)\n" }
        }
        func one(_ value: Int) -> [(labels: String, value: String)] { [("", String(value))] }
        metric(
            "http_requests_total", "counter", "Requests answered, by route, method and status.",
            state.requests.map { key, count in
                ("{route=\"\(key.route)\",method=\"\(key.method)\",status=\"\(key.status)\"}", String(count))
            }.sorted { $0.0 < $1.0 })
        text +=
            "# HELP http_request_duration_seconds Time from a request's head to its answer's head.\n"
            + "# TYPE http_request_duration_seconds histogram\n"
        for (key, histogram) in state.durations.sorted(by: {
            ($0.key.route, $0.key.method) < ($1.key.route, $1.key.method)
        }) {
            let labels = "route=\"\(key.route)\",method=\"\(key.method)\""
            var sum = 0
            for (bound, count) in zip(Self.bounds, histogram.counts) {
                sum += count
                text += "http_request_duration_seconds_bucket{\(labels),le=\"\(bound)\"} \(sum)\n"
            }
            text += "http_request_duration_seconds_bucket{\(labels),le=\"+Inf\"} \(histogram.total)\n"
            text += "http_request_duration_seconds_sum{\(labels)} \(histogram.sum)\n"
            text += "http_request_duration_seconds_count{\(labels)} \(histogram.total)\n"
        }
        metric(
            "http_requests_limited_total", "counter", "Requests refused because a caller sent too many.",
            one(state.limited))
        metric(
            "aegis_releases_total", "counter", "Releases that ended, by outcome, of this replica.",
            state.outcomes.sorted { $0.key < $1.key }.map { ("{outcome=\"\($0.key)\"}", String($0.value)) })
        metric("aegis_releases_active", "gauge", "Releases that this replica moves.", one(state.active))
        metric("aegis_event_streams", "gauge", "Clients that follow the events.", one(state.streams))
        metric("aegis_db_pool_size", "gauge", "Connections that there may be.", one(pool.size))
        metric("aegis_db_pool_open", "gauge", "Connections that are open.", one(pool.open))
        metric("aegis_db_pool_busy", "gauge", "Connections that work.", one(pool.busy))
        metric(
            "aegis_db_pool_waiting", "gauge", "Transactions that wait for a connection.", one(pool.waiting))
        metric("aegis_db_pool_connects_total", "counter", "Connections made.", one(pool.made))
        metric(
            "aegis_db_pool_connect_failures_total", "counter", "Connections that could not be made.",
            one(pool.failures))
        metric(
            "aegis_db_pool_timeouts_total", "counter", "Transactions that took too long.", one(pool.timeouts))
        metric(
            "aegis_db_pool_refusals_total", "counter", "Transactions refused because too many waited.",
            one(pool.refusals))
        if let redis { metric("aegis_redis_up", "gauge", "Whether Redis answers.", one(redis ? 1 : 0)) }
        metric("aegis_ready", "gauge", "Whether this replica is ready for requests.", one(isReady ? 1 : 0))
        metric(
            "aegis_kubernetes_requests_total", "counter", "Requests to the Kubernetes API, by verb and code.",
            state.kubernetes.map { key, count in
                ("{verb=\"\(key.verb)\",code=\"\(key.code)\"}", String(count))
            }.sorted { $0.0 < $1.0 })
        return text
    }
}
