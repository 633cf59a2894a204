import KubeAPI
import KubeControllers
import KubeEngine
import KubeJSON
import Synchronization

/// What the autoscaler of pods has from the resource metrics API, of the source that this API answers from:
/// both say the same at any time. Nobody serves custom and external metrics.
public struct MeasuredMetrics: MetricsProvider {
    private let source: any MetricsSource
    private let last = LastMeasurement()
    private let others = NoMetrics()

    public init(_ source: any MetricsSource) { self.source = source }

    public func resource(
        _ name: String, container: String?, namespace: String, pods: LabelSelector, _ view: ClusterView,
        now: Timestamp
    ) throws -> [String: PodMetric] {
        let (taken, measured) = last.measurements(in: namespace, source, view, now)
        let usages = measured.filter { pods.matches(labels: $0.pod.labels) }
        var metrics: [String: PodMetric] = [:]
        guard name == "cpu" || name == "memory" else {
            throw ControllerError("no metrics returned from resource metrics API")
        }
        for usage in usages {
            var sum: Int64 = 0
            var isFound = container == nil
            for part in usage.containers where container == nil || part.name == container {
                isFound = true
                sum += name == "cpu" ? part.cpu : part.memory * 1_000
            }
            guard isFound else {
                throw ControllerError(
                    "container \(container ?? "") not present in metrics for pod "
                        + "\(namespace)/\(usage.pod.name)")
            }
            metrics[usage.pod.name] = PodMetric(
                timestamp: taken, window: Double(metricsResolution), value: sum)
        }
        if metrics.isEmpty { throw ControllerError("no metrics returned from resource metrics API") }
        return metrics
    }

    public func custom(
        _ name: String, metric: LabelSelector, namespace: String, pods: LabelSelector, _ view: ClusterView,
        now: Timestamp
    ) throws -> [String: PodMetric] {
        try others.custom(name, metric: metric, namespace: namespace, pods: pods, view, now: now)
    }

    public func object(
        _ name: String, metric: LabelSelector, namespace: String, of object: JSON, _ view: ClusterView,
        now: Timestamp
    ) throws -> Int64 {
        try others.object(name, metric: metric, namespace: namespace, of: object, view, now: now)
    }

    public func external(
        _ name: String, metric: LabelSelector, namespace: String, _ view: ClusterView, now: Timestamp
    ) throws -> [Int64] {
        try others.external(name, metric: metric, namespace: namespace, view, now: now)
    }
}

/// What was measured last: an autoscaler asks for processors and memory one after the other.
private final class LastMeasurement: Sendable {
    private struct Taken: Sendable {
        let namespace: String
        let revision: UInt64
        let time: Timestamp
        let usages: [PodUsage]
    }
    private let last = Mutex<Taken?>(nil)

    /// Of all pods of a namespace.
    func measurements(
        in namespace: String, _ source: any MetricsSource, _ view: ClusterView, _ now: Timestamp
    ) -> (Timestamp, [PodUsage]) {
        let known = last.withLock { $0 }
        if let known, known.namespace == namespace, known.revision == view.revision,
            now >= known.time, now.since(known.time) < Double(metricsResolution)
        {
            return (known.time, known.usages)
        }
        let all = view.pods(in: namespace)
        let (time, usages) = source.measurements(of: all, among: all, at: now)
        last.withLock {
            $0 = Taken(namespace: namespace, revision: view.revision, time: time, usages: usages)
        }
        return (time, usages)
    }
}
