import KubeAPI
import KubeEngine
import KubeJSON

/// What one container uses at a moment.
public struct ContainerUsage: Sendable, Equatable {
    public var name: String
    /// Thousandths of a core.
    public var cpu: Int64
    /// Bytes.
    public var memory: Int64

    public init(name: String, cpu: Int64, memory: Int64) {
        self.name = name
        self.cpu = cpu
        self.memory = memory
    }
}

/// Where the metrics API and autoscalers read what pods and nodes use. Pure: the same view and time give the
/// same answer.
public protocol MetricsSource: Sendable {
    /// Of the containers that run; empty for a pod of which nothing is known.
    func usage(of pod: PodSummary, at time: Timestamp) -> [ContainerUsage]
}

extension MetricsSource {
    /// What the pods of a node use together.
    public func usage(ofNode name: String, in view: ClusterView, at time: Timestamp) -> ContainerUsage {
        var sum = ContainerUsage(name: name, cpu: 0, memory: 0)
        for pod in view.pods(onNode: name) {
            for part in usage(of: pod, at: time) {
                sum.cpu += part.cpu
                sum.memory += part.memory
            }
        }
        return sum
    }
}
