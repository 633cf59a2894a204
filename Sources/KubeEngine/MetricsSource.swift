import KubeAPI
import KubeJSON

/// What one container uses at a moment.
public struct ContainerUsage: Sendable, Equatable {
    public var name: String
    /// Thousandths of a core.
    public var cpu: Int64
    /// Bytes.
    public var memory: Int64
    /// Nanoseconds of processors since it began; nil where nobody counts them.
    public var processorTime: Int64?

    public init(name: String, cpu: Int64, memory: Int64, processorTime: Int64? = nil) {
        self.name = name
        self.cpu = cpu
        self.memory = memory
        self.processorTime = processorTime
    }
}

/// Where the metrics API and autoscalers read what pods and nodes use. Pure: the same pods and time give the
/// same answer, so that all who ask see the same.
public protocol MetricsSource: Sendable {
    /// Of the containers that run; empty for a pod of which nothing is known.
    /// - Parameter sharers: how many pods of the pod's workload are ready, among which its load is divided.
    func usage(of pod: PodSummary, sharers: Int, at time: Timestamp) -> [ContainerUsage]
}

/// What one pod used.
public struct PodUsage: Sendable {
    public let pod: PodSummary
    public let containers: [ContainerUsage]

    public init(pod: PodSummary, containers: [ContainerUsage]) {
        self.pod = pod
        self.containers = containers
    }
}

/// Seconds between two measurements, metrics-server's `--metric-resolution`.
public let metricsResolution: Int64 = 15

extension MetricsSource {
    /// Of a pod that shares its load with nobody.
    public func usage(of pod: PodSummary, at time: Timestamp) -> [ContainerUsage] {
        usage(of: pod, sharers: 1, at: time)
    }

    /// What each of these pods used when it was measured last, pods of which nothing is known left out.
    /// - Parameter neighbours: the pods of the same namespaces, those that are asked for among them.
    public func measurements(
        of pods: [PodSummary], among neighbours: [PodSummary], at time: Timestamp
    ) -> (taken: Timestamp, usages: [PodUsage]) {
        let taken = Timestamp(seconds: time.seconds - time.seconds % metricsResolution)
        let workloads = Workloads(neighbours)
        var usages: [PodUsage] = []
        for pod in pods where !pod.nodeName.isEmpty && !pod.isFinished {
            let containers = usage(of: pod, sharers: max(workloads.readyPods(with: pod), 1), at: taken)
            if !containers.isEmpty { usages.append(PodUsage(pod: pod, containers: containers)) }
        }
        return (taken, usages)
    }
}

/// How many pods of each workload are ready. The pods of all ReplicaSets of a Deployment are one workload:
/// while one takes over from another both get requests.
struct Workloads {
    private var ready: [String: Int] = [:]

    init(_ pods: [PodSummary]) {
        var byController: [String: (first: PodSummary, count: Int)] = [:]
        for pod in pods where pod.isReady && pod.isActive {
            guard let uid = pod.controllerUID else { continue }
            byController[uid, default: (pod, 0)].count += 1
        }
        for (_, entry) in byController {
            ready[Self.key(of: entry.first), default: 0] += entry.count
        }
    }

    func readyPods(with pod: PodSummary) -> Int {
        pod.controllerUID == nil ? 1 : ready[Self.key(of: pod)] ?? 0
    }

    private static func key(of pod: PodSummary) -> String {
        var name = pod.controllerName ?? ""
        var kind = pod.controllerKind ?? ""
        if kind == "ReplicaSet", let hash = pod.labels["pod-template-hash"]?.string,
            name.hasSuffix("-" + hash)
        {
            name = String(name.dropLast(hash.count + 1))
            kind = "Deployment"
        }
        return "\(pod.namespace)/\(kind)/\(name)"
    }
}
