import KubeAPI
import KubeEngine
import KubeJSON

/// How many replicas a metric asks for (pkg/controller/podautoscaler/replica_calculator.go).
struct ReplicaCalculator: Sendable {
    /// How far off its target a metric may be, as a fraction of it.
    struct Tolerance: Sendable {
        var up = 0.1
        var down = 0.1

        func covers(_ ratio: Double) -> Bool { 1 - down <= ratio && ratio <= 1 + up }
    }

    /// What the calculation asks of a pod.
    struct Pod: Sendable {
        enum Readiness: Sendable {
            case ready
            case unready
            case unknown
            /// There is no condition `Ready`.
            case absent
        }

        var name: String
        var phase = PodSummary.Phase.running
        var isTerminating = false
        var readiness = Readiness.ready
        /// When `Ready` last changed.
        var readySince: Timestamp?
        var started: Timestamp?
        /// Of the resource, in thousandths; nil where a container has none.
        var request: Int64?
        /// The container that has none.
        var unrequested = ""
    }

    /// Replicas, and the metric's value now: per pod, or the whole (in thousandths).
    struct Proposal: Equatable, Sendable {
        var replicas: Int
        var value: Int64
        /// Percent of what is requested.
        var utilization: Int?
    }

    var tolerance = Tolerance()
    /// Seconds after its start in which a pod's CPU use counts only while it is ready.
    var cpuInitializationPeriod = 300.0
    /// Seconds after its start in which a pod may become unready without ever having been ready.
    var initialReadinessDelay = 30.0

    /// A share of what pods request.
    /// - Parameters:
    ///   - resource: the resource; CPU has rules of its own for pods that start.
    ///   - target: percent.
    func utilization(
        current: Int, target: Int, resource: String, metrics: [String: PodMetric], pods: [Pod],
        now: Timestamp
    ) throws -> Proposal {
        var metrics = metrics
        guard !pods.isEmpty else { throw Self.noPods }
        let groups = group(pods, metrics, resource, now)
        for name in groups.ignored { metrics.removeValue(forKey: name) }
        var requests: [String: Int64] = [:]
        for pod in pods {
            guard let request = pod.request else {
                throw ControllerError(
                    "missing request for \(resource) in container \(pod.unrequested) of Pod \(pod.name)")
            }
            requests[pod.name] = request
        }
        guard !metrics.isEmpty else { throw Self.noMetrics }
        func usage() throws -> (ratio: Double, percent: Int, mean: Int64) {
            var total: Int64 = 0
            var requested: Int64 = 0
            var count: Int64 = 0
            for (name, metric) in metrics {
                guard let request = requests[name] else { continue }
                total += metric.value
                requested += request
                count += 1
            }
            guard requested != 0 else { throw ControllerError("no metrics returned matched known pods") }
            let percent = Int(total * 100 / requested)
            return (Double(percent) / Double(target), percent, total / count)
        }
        let first = try usage()
        let proposal = { Proposal(replicas: $0, value: first.mean, utilization: first.percent) }
        let rebalances = !groups.ignored.isEmpty && first.ratio > 1
        if !rebalances, groups.missing.isEmpty {
            return proposal(
                tolerance.covers(first.ratio) ? current : Self.ceil(first.ratio * Double(groups.ready)))
        }
        for name in groups.missing where first.ratio != 1 {
            // Whoever cannot be measured does not speak for a change.
            let held = (requests[name] ?? 0) * Int64(max(100, target)) / 100
            metrics[name] = PodMetric(timestamp: now, value: first.ratio < 1 ? held : 0)
        }
        if rebalances { for name in groups.ignored { metrics[name] = PodMetric(timestamp: now, value: 0) } }
        let second = try usage()
        return proposal(settle(current, first.ratio, second.ratio, metrics.count))
    }

    /// A mean per pod, in thousandths.
    func average(
        current: Int, target: Int64, resource: String, metrics: [String: PodMetric], pods: [Pod],
        now: Timestamp
    ) throws -> Proposal {
        var metrics = metrics
        guard !pods.isEmpty else { throw Self.noPods }
        let groups = group(pods, metrics, resource, now)
        for name in groups.ignored { metrics.removeValue(forKey: name) }
        guard !metrics.isEmpty else { throw Self.noMetrics }
        func usage() -> (ratio: Double, mean: Int64) {
            let mean = metrics.values.reduce(0) { $0 + $1.value } / Int64(metrics.count)
            return (Double(mean) / Double(target), mean)
        }
        let first = usage()
        let rebalances = !groups.ignored.isEmpty && first.ratio > 1
        if !rebalances, groups.missing.isEmpty {
            return Proposal(
                replicas: tolerance.covers(first.ratio)
                    ? current : Self.ceil(first.ratio * Double(groups.ready)), value: first.mean)
        }
        for name in groups.missing {
            metrics[name] = PodMetric(timestamp: now, value: first.ratio < 1 ? target : 0)
        }
        if rebalances { for name in groups.ignored { metrics[name] = PodMetric(timestamp: now, value: 0) } }
        return Proposal(
            replicas: settle(current, first.ratio, usage().ratio, metrics.count), value: first.mean)
    }

    /// A value of the whole: of an object, or outside of the cluster.
    func value(current: Int, target: Int64, value: Int64, pods: [Pod]) throws -> Proposal {
        let ratio = Double(value) / Double(target)
        if current == 0 { return Proposal(replicas: Self.ceil(ratio), value: value) }
        if tolerance.covers(ratio) { return Proposal(replicas: current, value: value) }
        guard !pods.isEmpty else {
            throw ControllerError("unable to calculate ready pods: \(Self.noPods)")
        }
        let ready = pods.filter { $0.phase == .running && $0.readiness == .ready }.count
        return Proposal(replicas: Self.ceil(ratio * Double(ready)), value: value)
    }

    /// A value of the whole, shared by the replicas that there are.
    func valuePerPod(replicas: Int, target: Int64, value: Int64) -> Proposal {
        let ratio = Double(value) / (Double(target) * Double(replicas))
        return Proposal(
            replicas: tolerance.covers(ratio) ? replicas : Self.ceil(Double(value) / Double(target)),
            value: replicas == 0 ? 0 : Int64((Double(value) / Double(replicas)).rounded(.up)))
    }

    /// With what was put in for missing pods nothing is done when it is little, or would turn the direction.
    private func settle(_ current: Int, _ before: Double, _ after: Double, _ count: Int) -> Int {
        if tolerance.covers(after) || (before < 1 && after > 1) || (before > 1 && after < 1) {
            return current
        }
        let replicas = Self.ceil(after * Double(count))
        return (after < 1 && replicas > current) || (after > 1 && replicas < current) ? current : replicas
    }

    private func group(
        _ pods: [Pod], _ metrics: [String: PodMetric], _ resource: String, _ now: Timestamp
    ) -> (ready: Int, ignored: [String], missing: [String]) {
        var ready = 0
        var ignored: [String] = []
        var missing: [String] = []
        for pod in pods where !pod.isTerminating && pod.phase != .failed {
            if pod.phase == .pending {
                ignored.append(pod.name)
            } else if let metric = metrics[pod.name] {
                if resource == "cpu", isStarting(pod, metric, now) {
                    ignored.append(pod.name)
                } else {
                    ready += 1
                }
            } else {
                missing.append(pod.name)
            }
        }
        return (ready, ignored, missing)
    }

    /// Whether the CPU that a pod uses says nothing of its load yet.
    private func isStarting(_ pod: Pod, _ metric: PodMetric, _ now: Timestamp) -> Bool {
        guard pod.readiness != .absent, let started = pod.started else { return true }
        let since = pod.readySince ?? Timestamp(seconds: 0)
        if started.adding(cpuInitializationPeriod) > now {
            return pod.readiness == .unready || metric.timestamp < since.adding(metric.window)
        }
        return pod.readiness == .unready && started.adding(initialReadinessDelay) > since
    }

    private static let noPods = ControllerError(
        "no pods returned by selector while calculating replica count")
    private static let noMetrics = ControllerError("did not receive metrics for any ready pods")

    static func ceil(_ value: Double) -> Int {
        value.isNaN ? 0 : Int(min(max(value.rounded(.up), 0), Double(Int32.max)))
    }
}
