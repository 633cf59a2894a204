import KubeAPI

/// What kube-scheduler's configuration file says; the values of `standard` are upstream's defaults.
public struct SchedulerConfiguration: Sendable {
    /// Pods that name another scheduler are not scheduled here, but count where they run.
    public var schedulerName = "default-scheduler"
    /// How many of the nodes are looked at until enough fit, in percent; 0 adapts to the size of the cluster.
    public var percentageOfNodesToScore = 0
    /// What a required pod affinity term of a placed pod is worth when another pod is scored.
    public var hardPodAffinityWeight: Int64 = 1
    /// The first wait after a failed attempt, in seconds; it doubles with each further one.
    public var podInitialBackoffSeconds: Int64 = 1
    public var podMaxBackoffSeconds: Int64 = 10
    /// After so many seconds an unschedulable pod is tried again whatever has happened.
    public var podMaxInUnschedulablePodsSeconds: Int64 = 300
    /// A pod leaves its backoff early when there is nothing else to do (SchedulerPopFromBackoffQ).
    public var popsFromBackoff = true
    /// At how many nodes preemption is tried: this share of those that might do, and at least so many.
    public var minCandidateNodesPercentage = 10
    public var minCandidateNodesAbsolute = 100
    /// Spreads the pods of Services and workloads that name no constraints of their own.
    public var usesDefaultSpreading = true
    /// Adds what the DynamicResources plugin of v1.36 says to messages about unschedulable pods.
    public var saysResourceClaims = true

    public static let standard = SchedulerConfiguration()

    public init() {}
}

extension Timestamp {
    func adding(seconds more: Int64) -> Timestamp {
        Timestamp(seconds: seconds &+ more, nanoseconds: nanoseconds)
    }
}
