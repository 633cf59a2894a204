import KubeRegistry
import KubeStore
import Synchronization

/// Controllers in groups, each on a thread of its own. A group sees what another wrote when the store tells
/// of it, as programs apart would; within a group everything is in order.
public final class ControllerLoops: Sendable {
    private let loops = Mutex<[ControllerLoop]>([])
    private let registry: Registry
    private let report: ControllerLoop.Report

    public init(
        _ groups: [[any Controller]], registry: Registry, report: @escaping ControllerLoop.Report = { _ in }
    ) throws(StoreError) {
        self.registry = registry
        self.report = report
        _ = try make(groups)
    }

    private func make(_ groups: [[any Controller]]) throws(StoreError) -> [ControllerLoop] {
        var made: [ControllerLoop] = []
        for group in groups where !group.isEmpty {
            made.append(try ControllerLoop(group, registry: registry, report: report))
        }
        loops.withLock { $0 += made }
        return made
    }

    /// Adds groups to those that run, and runs what they have to do now before it returns.
    public func add(_ groups: [[any Controller]]) throws(StoreError) {
        for loop in try make(groups) { loop.start() }
    }

    /// Runs what is due now before it returns, but for controllers that nobody waits for.
    public func start() {
        for loop in loops.withLock({ $0 }) { loop.start() }
    }

    /// Returns when no controller runs any more.
    public func stop() {
        for loop in loops.withLock({ $0 }) { loop.stop() }
    }

    /// Has a controller look at a key though nothing changed in the store.
    public func wake(_ controller: String, _ key: String) {
        for loop in loops.withLock({ $0 }) { loop.wake(controller, key) }
    }

    public var metricsText: String { ControllerMetrics.text(loops.withLock { $0 }.flatMap(\.metrics)) }
}
