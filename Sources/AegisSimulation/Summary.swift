/// What came of a simulation.
public struct SimulationSummary: Sendable, Equatable {
    /// The cluster at one moment.
    public struct Sample: Sendable, Equatable {
        /// Seconds since the scenario's start.
        public var time: Double
        /// Ready pods of each workload, in the order of `workloads`.
        public var ready: [Int]
        /// Nodes of each group, in the order of `groups`.
        public var nodes: [Int]
        /// Pods without a node, and those that are not Running for another reason.
        public var pending: Int
    }

    /// One roll-out of one workload.
    public struct Release: Sendable, Equatable {
        public var workload: WorkloadName
        public var started: Double
        /// Seconds until all pods were new and available; nil when it did not come to its end.
        public var took: Double?
    }

    /// One node that failed.
    public struct Failure: Sendable, Equatable {
        public var node: String
        public var at: Double
        /// Pods of workloads that were on it.
        public var pods: Int
        /// Seconds until they were gone and every workload had all its pods ready; nil when it never had.
        public var recovered: Double?
    }

    public var workloads: [WorkloadName] = []
    public var groups: [String] = []
    public var samples: [Sample] = []
    public var releases: [Release] = []
    public var failures: [Failure] = []
    /// By group, in the order of `groups`.
    public var nodeHours: [Double] = []
    /// US dollars by group, at the instance types' hourly prices.
    public var cost: [Double] = []
    /// Nodes that were made and taken away.
    public var nodesMade = 0
    public var nodesRemoved = 0

    /// The fewest and the most ready pods of a workload.
    public func readyRange(of workload: WorkloadName) -> ClosedRange<Int>? {
        guard let index = workloads.firstIndex(of: workload) else { return nil }
        return Self.range(samples.map { $0.ready[index] })
    }

    public func nodeRange(of group: String) -> ClosedRange<Int>? {
        guard let index = groups.firstIndex(of: group) else { return nil }
        return Self.range(samples.map { $0.nodes[index] })
    }

    private static func range(_ numbers: [Int]) -> ClosedRange<Int>? {
        guard let least = numbers.min(), let most = numbers.max() else { return nil }
        return least...most
    }
}

/// A simulation as a whole.
public struct SimulationResult: Sendable {
    /// Of the trace, every reconciliation that wrote or failed, with its time, controller, key and writes.
    public var hash: TraceHash
    /// Reconciliations, and the writes they made.
    public var steps: Int
    public var writes: Int
    public var summary: SimulationSummary
    /// The objects that are there at the end, by collection; a check that runs end alike too.
    public var objects: Int
}
