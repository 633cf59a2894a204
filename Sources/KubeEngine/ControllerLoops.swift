import KubeRegistry
import KubeStore

/// Controllers in groups, each on a thread of its own. A group sees what another wrote when the store tells
/// of it, as programs apart would; within a group everything is in order.
public final class ControllerLoops: Sendable {
    private let loops: [ControllerLoop]

    public init(
        _ groups: [[any Controller]], registry: Registry, report: @escaping ControllerLoop.Report = { _ in }
    ) throws(StoreError) {
        var loops: [ControllerLoop] = []
        for group in groups where !group.isEmpty {
            loops.append(try ControllerLoop(group, registry: registry, report: report))
        }
        self.loops = loops
    }

    /// Runs what is due now before it returns.
    public func start() {
        for loop in loops { loop.start() }
    }

    /// Returns when no controller runs any more.
    public func stop() {
        for loop in loops { loop.stop() }
    }

    /// Has a controller look at a key though nothing changed in the store.
    public func wake(_ controller: String, _ key: String) {
        for loop in loops { loop.wake(controller, key) }
    }

    public var metricsText: String { ControllerMetrics.text(loops.flatMap(\.metrics)) }
}
