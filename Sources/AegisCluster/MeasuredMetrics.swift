import KubeAPI
import KubeControllers
import KubeEngine
import KubeJSON

/// What the autoscaler of pods has from the resource metrics API, of the source that this API answers from:
/// both say the same at any time. Nobody serves custom and external metrics.
public struct MeasuredMetrics: MetricsProvider {
    private let source: any MetricsSource
    private let others = NoMetrics()

    public init(_ source: any MetricsSource) { self.source = source }

    public func resource(
        _ name: String, container: String?, namespace: String, pods: LabelSelector, _ view: ClusterView,
        now: Timestamp
    ) throws -> [String: PodMetric] {
        let all = view.pods(in: namespace)
        let (taken, usages) = source.measurements(
            of: all.filter { pods.matches(labels: $0.labels) }, among: all, at: now)
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
