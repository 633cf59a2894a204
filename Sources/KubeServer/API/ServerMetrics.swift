import KubeStore
import NIOConcurrencyHelpers
import NIOCore

/// Request counters and latencies in Prometheus' text format, under upstream's names.
final class ServerMetrics: Sendable {
    private struct Key: Hashable {
        let verb: String
        let group: String
        let version: String
        let resource: String
        let subresource: String
        let scope: String
        let code: Int
    }
    private struct Series {
        var count = 0
        var sum = 0.0
        var buckets = [Int](repeating: 0, count: ServerMetrics.bounds.count)
    }

    static let bounds: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]
    /// One table a loop would be quicker still; one lock is far from what a request costs.
    private let series = NIOLockedValueBox<[Key: Series]>([:])

    /// What else is told with the server's own metrics.
    private let sources = NIOLockedValueBox<[@Sendable () -> String]>([])

    /// - Parameter text: gives whole families in Prometheus' text format, each time it is asked.
    func add(_ text: @escaping @Sendable () -> String) { sources.withLockedValue { $0.append(text) } }

    func count(_ info: RequestInfo, status: Int, seconds: TimeAmount) {
        let scope =
            !info.isResourceRequest
            ? "" : !info.name.isEmpty ? "resource" : info.namespace.isEmpty ? "cluster" : "namespace"
        let key = Key(
            verb: info.verb.uppercased(), group: info.group, version: info.version,
            resource: info.isResourceRequest ? info.resource : "", subresource: info.subresource,
            scope: scope,
            code: status)
        let elapsed = Double(seconds.nanoseconds) / 1e9
        series.withLockedValue { series in
            // Bounded: names that no resource has must not fill the memory.
            if series[key] == nil, series.count >= 4_000 { return }
            series[key, default: Series()].count += 1
            series[key]?.sum += elapsed
            for (index, bound) in Self.bounds.enumerated() where elapsed <= bound {
                series[key]?.buckets[index] += 1
            }
        }
    }

    func text(store: Store, watches: Int) -> String {
        var text = "# TYPE apiserver_request_total counter\n"
        let snapshot = series.withLockedValue { $0 }
        func labels(_ key: Key) -> String {
            "verb=\"\(key.verb)\",group=\"\(key.group)\",version=\"\(key.version)\",resource=\"\(key.resource)\",subresource=\"\(key.subresource)\",scope=\"\(key.scope)\""
        }
        let keys = snapshot.keys.sorted { "\($0)" < "\($1)" }
        for key in keys {
            text +=
                "apiserver_request_total{\(labels(key)),code=\"\(key.code)\"} \(snapshot[key]?.count ?? 0)\n"
        }
        text += "# TYPE apiserver_request_duration_seconds histogram\n"
        for key in keys where key.verb != "WATCH" {
            guard let entry = snapshot[key] else { continue }
            let base = labels(key) + ",code=\"\(key.code)\""
            for (index, bound) in Self.bounds.enumerated() {
                text +=
                    "apiserver_request_duration_seconds_bucket{\(base),le=\"\(bound)\"} \(entry.buckets[index])\n"
            }
            text += "apiserver_request_duration_seconds_bucket{\(base),le=\"+Inf\"} \(entry.count)\n"
            text += "apiserver_request_duration_seconds_sum{\(base)} \(entry.sum)\n"
            text += "apiserver_request_duration_seconds_count{\(base)} \(entry.count)\n"
        }
        text += "# TYPE apiserver_longrunning_requests gauge\n"
        text += "apiserver_longrunning_requests{verb=\"WATCH\"} \(watches)\n"
        text += "# TYPE apiserver_storage_objects gauge\n"
        for (collection, count) in store.counts {
            text += "apiserver_storage_objects{resource=\"\(collection)\"} \(count)\n"
        }
        text += "# TYPE aegis_store_revision gauge\naegis_store_revision \(store.revision)\n"
        for source in sources.withLockedValue({ $0 }) { text += source() }
        return text
    }
}
