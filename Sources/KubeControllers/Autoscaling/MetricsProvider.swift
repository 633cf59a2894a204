import KubeAPI
import KubeEngine
import KubeJSON

/// What one pod used, or what a metric says of it.
public struct PodMetric: Sendable, Equatable {
    /// The end of the window that was measured.
    public var timestamp: Timestamp
    /// Seconds.
    public var window: Double
    /// In thousandths.
    public var value: Int64

    public init(timestamp: Timestamp, window: Double = 60, value: Int64) {
        self.timestamp = timestamp
        self.window = window
        self.value = value
    }
}

/// Where the autoscaler has its metrics from: metrics.k8s.io, custom.metrics.k8s.io and
/// external.metrics.k8s.io in upstream's cluster, a model of the load in a simulated one. A failure is thrown
/// as a `ControllerError`, whose words go into Events and conditions.
public protocol MetricsProvider: Sendable {
    /// What pods use of a resource, by pod name; of one of their containers when one is named.
    func resource(
        _ name: String, container: String?, namespace: String, pods: LabelSelector, _ view: ClusterView,
        now: Timestamp
    ) throws -> [String: PodMetric]

    /// A custom metric of pods, by pod name.
    func custom(
        _ name: String, metric: LabelSelector, namespace: String, pods: LabelSelector, _ view: ClusterView,
        now: Timestamp
    ) throws -> [String: PodMetric]

    /// A custom metric of one object (`describedObject`), in thousandths.
    func object(
        _ name: String, metric: LabelSelector, namespace: String, of object: JSON, _ view: ClusterView,
        now: Timestamp
    ) throws -> Int64

    /// The values of an external metric, in thousandths.
    func external(
        _ name: String, metric: LabelSelector, namespace: String, _ view: ClusterView, now: Timestamp
    ) throws -> [Int64]
}

/// A cluster in which nobody serves the metrics APIs.
public struct NoMetrics: MetricsProvider {
    public init() {}

    public func resource(
        _ name: String, container: String?, namespace: String, pods: LabelSelector, _ view: ClusterView,
        now: Timestamp
    ) throws -> [String: PodMetric] {
        throw ControllerError(
            "unable to fetch metrics from resource metrics API: the server could not find the requested "
                + "resource (get pods.metrics.k8s.io)")
    }

    public func custom(
        _ name: String, metric: LabelSelector, namespace: String, pods: LabelSelector, _ view: ClusterView,
        now: Timestamp
    ) throws -> [String: PodMetric] {
        throw ControllerError(
            "unable to fetch metrics from custom metrics API: no custom metrics API "
                + "(custom.metrics.k8s.io) registered")
    }

    public func object(
        _ name: String, metric: LabelSelector, namespace: String, of object: JSON, _ view: ClusterView,
        now: Timestamp
    ) throws -> Int64 {
        throw ControllerError(
            "unable to fetch metrics from custom metrics API: no custom metrics API "
                + "(custom.metrics.k8s.io) registered")
    }

    public func external(
        _ name: String, metric: LabelSelector, namespace: String, _ view: ClusterView, now: Timestamp
    ) throws -> [Int64] {
        throw ControllerError(
            "unable to fetch metrics from external metrics API: the server could not find the requested "
                + "resource (get \(name).external.metrics.k8s.io)")
    }
}
