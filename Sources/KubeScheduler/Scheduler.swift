import KubeAPI
import KubeEngine
import KubeJSON

/// kube-scheduler v1.36 as a value: it reads no clock and starts nothing. It is told how the cluster changes
/// and asked, pod by pod, where the next one goes. The same calls with the same seed give the same answers.
///
/// Whoever drives it hands over every change of Nodes, Pods (bound or not) and the kinds of `ClusterObject`,
/// calls `next` while `nextWork` says so, and writes what the decision says: the binding, after its volumes,
/// or the condition, `status.nominatedNodeName` and the deletion of victims; and the events. After `.bind`
/// the pod counts on its node at once: its next `podChanged` confirms that, `bindingFailed` takes it back.
///
/// What is found out about a node is kept for all pods of one shape and looked at again only where something
/// changed, and how placed pods lie to the topology is counted as they come and go, so that a pod costs the
/// same however many are placed.
///
/// A copy is cheap and independent, which is what `simulate` and `fits` build on.
public struct Scheduler: Sendable {
    public let configuration: SchedulerConfiguration
    var generator: SeededGenerator
    /// The latest time that was handed in.
    var clock = Timestamp(seconds: 0)

    var nodes = NodeTable()
    var pods = PodTable()
    var storage = StorageView()
    var namespaces: [String: JSONObject] = [:]
    /// Selectors of Services, by namespace and name.
    var services: [String: [String: JSONObject]] = [:]
    /// Specs of workloads, by kind and key.
    var workloads: [String: JSON] = [:]
    var budgets: [String: DisruptionBudget] = [:]

    // Shapes and classes, by number.
    var shapes: [ShapeSlot?] = []
    var shapeNumbers: [ShapeKey: Int] = [:]
    var freeShapes: [Int] = []
    var classes: [ClassSlot?] = []
    var classNumbers: [ClassKey: Int] = [:]
    var freeClasses: [Int] = []
    var serials = 0
    /// Classes of placed or waiting pods that have affinity terms.
    var termClasses: Set<Int> = []
    var usesNamespaceSelectors = false
    /// Labels that tell pods of a template apart and that some selector names all the same.
    var mentionedKeys: Set<String> = []
    /// Which shapes and classes have caches, the latest used last.
    var cachedShapes: [Int] = []
    var cachedClasses: [Int] = []

    var log = ChangeLog()
    /// Changes when all that is kept about the topology is void.
    var topologyEpoch = 0
    /// Changes with the selectors of Services and workloads.
    var workloadEpoch = 0
    var reasons = ReasonTable()
    let codes: ReasonCodes
    /// The reasons for what `NodeResourcesFit.shortageBits` says, once they were needed.
    var shortageCodes = [Int32](repeating: 0, count: 32)

    var queue = SchedulingQueue()
    /// Pods for which preemption makes room, by node name.
    var nominated: [String: [Int32]] = [:]
    /// Where the next pod starts to look.
    var startIndex = 0
    /// What is to be said about pods with scheduling gates.
    var announcements: [Decision] = []

    struct ShapeSlot: Sendable {
        let entry: ShapeEntry
        var classes = 0
        var cache: ShapeCache?
    }

    struct ClassKey: Hashable, Sendable {
        let shape: Int
        let labels: LabelSet
    }

    /// - Parameter seed: decides between nodes that are equally good.
    public init(configuration: SchedulerConfiguration = .standard, seed: UInt64) {
        self.configuration = configuration
        generator = SeededGenerator(seed: seed)
        codes = ReasonCodes(&reasons)
    }

    /// When `next` should be called again; nil while only a change of the cluster makes work. A time that
    /// has passed means at once.
    public var nextWork: Timestamp? {
        announcements.isEmpty ? nextDue : clock
    }

    /// Decides about one pod off the queue; nil when none is ready.
    public mutating func next(now: Timestamp) -> Decision? {
        clock = max(clock, now)
        if !announcements.isEmpty { return announcements.removeFirst() }
        while let pod = popPod(now: clock) {
            if let decision = schedule(pod) { return decision }
        }
        return nil
    }

    /// How many pods wait, ready or not.
    public var pendingCount: Int {
        pods.records.reduce(0) { $0 + ($1 != nil && $1?.queue.place != QueueState.Place.none ? 1 : 0) }
    }

    /// The binding of a decision could not be written: the pod is taken from its node and tried again after
    /// a backoff.
    public mutating func bindingFailed(_ key: String, now: Timestamp? = nil) {
        if let now { clock = max(clock, now) }
        guard let pod = pods[key], let record = pods.records[pod], record.isAssumed else { return }
        forget(pod)
        pods.records[pod]?.queue.errors += 1
        pods.records[pod]?.queue.timestamp = clock
        enqueueAfterBackoff(pod, isError: true)
        wakeAfterRemoval(of: record)
    }
}

/// The reasons that are always the same.
struct ReasonCodes: Sendable {
    let unschedulable, taint, affinity, notNamed, ports, claimInUse, disk, volumeLimit, zone: Int32
    let spread, spreadLabel, podAffinity, podAntiAffinity, existingAntiAffinity, claims: Int32
    let noVictims, notHelpful: Int32

    init(_ table: inout ReasonTable) {
        unschedulable = table.number(.nodeUnschedulable, NodeUnschedulable.reason, unresolvable: true)
        taint = table.number(.taintToleration, TaintToleration.reason, unresolvable: true)
        affinity = table.number(.nodeAffinity, NodeAffinity.reason, unresolvable: true)
        notNamed = table.number(.nodeAffinity, NodeAffinity.notNamed, unresolvable: true)
        ports = table.number(.nodePorts, NodePorts.reason, unresolvable: false)
        claimInUse = table.number(.volumeRestrictions, VolumeRestrictions.claimInUse, unresolvable: false)
        disk = table.number(.volumeRestrictions, VolumeRestrictions.diskConflict, unresolvable: false)
        volumeLimit = table.number(.nodeVolumeLimits, NodeVolumeLimits.reason, unresolvable: false)
        zone = table.number(.volumeZone, VolumeZone.reason, unresolvable: true)
        spread = table.number(.podTopologySpread, PodTopologySpread.reason, unresolvable: false)
        spreadLabel = table.number(.podTopologySpread, PodTopologySpread.missingLabel, unresolvable: true)
        podAffinity = table.number(.interPodAffinity, InterPodAffinity.affinity, unresolvable: true)
        podAntiAffinity = table.number(.interPodAffinity, InterPodAffinity.antiAffinity, unresolvable: false)
        existingAntiAffinity = table.number(
            .interPodAffinity, InterPodAffinity.existingAntiAffinity, unresolvable: false)
        claims = table.number(.dynamicResources, "cannot allocate all claims", unresolvable: true)
        noVictims = table.number(
            .defaultPreemption, "No preemption victims found for incoming pod", unresolvable: true)
        notHelpful = table.number(
            .defaultPreemption, "Preemption is not helpful for scheduling", unresolvable: true)
    }
}
