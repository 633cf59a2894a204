/// What a controller has done, and what waits for it.
public struct ControllerMetrics: Sendable {
    /// Durations: how many and how long together, in seconds, and how many were at most each bound.
    public struct Durations: Sendable {
        static let bounds = [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10]
        public private(set) var count = 0
        public private(set) var sum = 0.0
        private(set) var buckets = [Int](repeating: 0, count: bounds.count)

        mutating func add(_ seconds: Double) {
            count += 1
            sum += seconds
            for (index, bound) in Self.bounds.enumerated() where seconds <= bound { buckets[index] += 1 }
        }
    }

    public let name: String
    public var depth = 0
    public var adds = 0
    public var retries = 0
    public var writes = 0
    public var failedWrites = 0
    /// Events that nobody could record, so many waited.
    public var droppedEvents = 0
    /// From being due to being looked at.
    public var waited = Durations()
    /// Reconciling and writing.
    public var worked = Durations()

    init(name: String) { self.name = name }

    /// In Prometheus' text format, under the names of client-go's work queues.
    public static func text(_ all: [ControllerMetrics]) -> String {
        var text = ""
        func family(_ name: String, _ type: String, _ value: (ControllerMetrics) -> Int) {
            text += "# TYPE \(name) \(type)\n"
            for metrics in all { text += "\(name){name=\"\(metrics.name)\"} \(value(metrics))\n" }
        }
        func histogram(_ name: String, _ value: (ControllerMetrics) -> Durations) {
            text += "# TYPE \(name) histogram\n"
            for metrics in all {
                let durations = value(metrics)
                let label = "name=\"\(metrics.name)\""
                for (bound, count) in zip(Durations.bounds, durations.buckets) {
                    text += "\(name)_bucket{\(label),le=\"\(bound)\"} \(count)\n"
                }
                text += "\(name)_bucket{\(label),le=\"+Inf\"} \(durations.count)\n"
                text += "\(name)_sum{\(label)} \(durations.sum)\n"
                text += "\(name)_count{\(label)} \(durations.count)\n"
            }
        }
        family("workqueue_depth", "gauge") { $0.depth }
        family("workqueue_adds_total", "counter") { $0.adds }
        family("workqueue_retries_total", "counter") { $0.retries }
        family("aegis_controller_writes_total", "counter") { $0.writes }
        family("aegis_controller_failed_writes_total", "counter") { $0.failedWrites }
        family("aegis_controller_dropped_events_total", "counter") { $0.droppedEvents }
        histogram("workqueue_queue_duration_seconds") { $0.waited }
        histogram("workqueue_work_duration_seconds") { $0.worked }
        return text
    }
}
