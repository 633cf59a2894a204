import KubeAPI
import KubeEngine
import Synchronization

/// A source of metrics that is there only after the server that answers from it: until then nothing is known.
final class LateMetrics: MetricsSource, Sendable {
    private let source = Mutex<(any MetricsSource)?>(nil)

    func fill(_ source: any MetricsSource) { self.source.withLock { $0 = source } }

    func usage(of pod: PodSummary, sharers: Int, at time: Timestamp) -> [ContainerUsage] {
        source.withLock { $0 }?.usage(of: pod, sharers: sharers, at: time) ?? []
    }
}
